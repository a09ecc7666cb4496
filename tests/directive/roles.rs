//! Several posts, several people of a post, other shapes of the chain (A5, B1).

use crate::on_both;
use crate::world::{Plan, World};

on_both! {
    async fn one_secretary_suffices_and_the_other_is_told_who_was_first(db) {
        let school = Plan::four_tiers().with_second_secretary("cs").opens(&db).await;
        school.leader().issues("开学准备").to_counselors().await;
        assert_eq!(school.top().card().count(), "0/2");
        school.person("sec2-cs").acknowledges("u").await;
        school.person("sec2-cs").is_told("自动传达到下一级");
        school.restarts().await;
        school.secretary("cs").taps_ack("u");
        school.settles().await;
        school.secretary("cs").hears("冯书记已处理过了");
        assert_eq!(school.top().card().count(), "1/2");
        school.passes("2m").await;
        assert_eq!(school.college("cs").card().count(), "0/2");
        school.ends().await;
    }

    async fn of_each_class_one_counselor_where_it_is_so_configured(db) {
        let plan = Plan::four_tiers().config("directive.counselors = \"one_per_class\"");
        let school = plan.opens(&db).await;
        school.secretary("math").issues("学院通知").to_students().await;
        assert_eq!(school.college("math").card().count(), "0/2");
        school.restarts().await;
        school.counselor("m1").acknowledges("math").await;
        school.counselor("m1").is_told("数学1班、数学2班");
        assert_eq!(school.college("math").card().count(), "2/2");
        school.passes("2m").await;
        assert_eq!(school.counts(&["m1", "m2"]), ["0/3", "0/3"]);
        school.ends().await;
    }

    async fn three_tiers_without_guardians(db) {
        let plan = Plan::big(1, 2, 3).config("roster.tiers = [\"school\", \"college\", \"class\"]");
        let school = plan.opens(&db).await;
        school.leader().writes("/directive 开学准备").await;
        let labels: Vec<String> =
            school.leader().is_told("【预览】").buttons[0..2].iter().flatten().map(|button| button.label.clone()).collect();
        assert!(labels.iter().all(|label| !label.contains("家长")), "{labels:?}");
        school.leader().presses("cancel").await;
        school.leader().issues("开学准备").urgent().to_students().await;
        school.restarts().await;
        assert_eq!(school.counts(&["u", "c1", "c1-1", "c1-2"]), ["0/1", "0/2", "0/3", "0/3"]);
        school.student("c1-1", 1).acknowledges("c1-1").await;
        school.ends().await;
    }

    async fn guardians_without_any_chat_are_asked_in_private(db) {
        let school = Plan::four_tiers().without_chat("cs1/guardians").opens(&db).await;
        school.counselor("cs1").issues("家长签字").to_guardians().await;
        school.class("cs1").card();
        let father = school.person("g-father");
        assert!(father.is_told("家长签字").text.contains("代张一确认"), "{}", father.all());
        school.person("g-mother").is_told("代张一确认");
        school.person("g-cs12").is_told("代张二确认");
        school.restarts().await;
        father.presses("ack").await;
        father.hears("已代张一确认");
        assert!(father.is_told("家长签字").text.contains("✅ 已代张一确认"));
        school.person("g-mother").presses("ack").await;
        school.person("g-mother").hears("张父已代孩子确认");
        school.passes("22h").await;
        school.class("cs1").shows("【提醒】");
        assert!(school.person("g-cs12").is_reminded().text.contains("张二家长，您好"));
        school.person("g-mother").is_left_alone();
        school.overlooks("【提醒】");
        school.overlooks("【催报】");
        school.ends().await;
    }

    async fn who_never_started_still_relays_by_the_group(db) {
        let school = Plan::four_tiers().never_started("sec-cs").opens(&db).await;
        school.leader().issues("开学准备").to_counselors().await;
        school.secretary("cs").acknowledges("u").await;
        school.restarts().await;
        school.passes("2m").await;
        assert_eq!(school.counts(&["u", "cs"]), ["1/2", "0/2"]);
        school.secretary("cs").is_left_alone();
        school.ends().await;
    }

    async fn a_double_tap_on_send_sends_once(db) {
        let school = World::four_tiers(&db).await;
        let counselor = school.counselor("cs1");
        counselor.writes("/directive 明天交表").await;
        counselor.presses_nth("to", 0).await;
        let preview = counselor.is_told("【预览】");
        counselor.taps_on(&preview, "send");
        counselor.taps_on(&preview, "send");
        school.only_takes().await;
        school.restarts().await;
        school.settles().await;
        counselor.hears("已过时");
        counselor.is_told("已发送");
        counselor.is_told("已发出");
        assert_eq!((school.class("cs1").cards(), school.class("cs1").card().count()), (1, "0/3".to_owned()));
        school.ends().await;
    }

    async fn a_reply_to_a_reminder_acknowledges(db) {
        let school = World::four_tiers(&db).await;
        school.counselor("cs1").issues("明天交表").to_students().await;
        school.passes("181m").await;
        school.restarts().await;
        let reminder = school.class("cs1").shows("【提醒】");
        school.student("cs1", 2).replies_to_part(&reminder).await;
        school.student("cs1", 3).account().reacts(reminder.chat_id, reminder.id, Some("👍"));
        school.settles().await;
        assert_eq!(school.class("cs1").card().count(), "2/3");
        assert_eq!(school.receipts().await, ["cs12 reply", "cs13 reaction"]);
        school.ends().await;
    }

    async fn a_bot_that_is_back_in_the_group_serves_it_again(db) {
        let school = World::four_tiers(&db).await;
        school.class("cs1").removes_the_bot().await;
        school.counselor("cs1").is_told("机器人已被移出");
        let group = school.class("cs1").group();
        group.add_bot(&school.bot, &school.class("cs1").founder());
        group.promote(&school.bot);
        school.restarts().await;
        school.settles().await;
        school.counselor("cs1").issues("明天交表").to_students().await;
        assert_eq!(school.class("cs1").card().count(), "0/3");
        school.student("cs1", 1).writes_in("cs1", "收到").await;
        assert_eq!(school.class("cs1").card().count(), "1/3");
        school.ends().await;
    }

    async fn a_counselor_who_is_a_guardian_too_answers_as_both(db) {
        let school = Plan::four_tiers().also_guardian("k2", "cs11", "cs1").opens(&db).await;
        school.secretary("cs").issues("家长会").urgent().to_guardians().await;
        school.counselor("cs2").acknowledges("cs").await;
        school.counselor("cs2").is_told("已落实");
        school.restarts().await;
        school.counselor("cs2").taps_ack("cs1/guardians");
        school.settles().await;
        school.counselor("cs2").hears("已代张一确认");
        assert_eq!(school.counts(&["cs", "cs1/guardians"]), ["1/2", "1/2"]);
        school.counts(&["cs1", "cs2", "cs2/guardians"]);
        school.ends().await;
    }

    async fn a_school_speaks_english(db) {
        let school = Plan::four_tiers().config("school.locale = \"en\"").opens(&db).await;
        let counselor = school.counselor("cs1");
        counselor.writes("/directive Bring the form").await;
        counselor.presses_nth("to", 0).await;
        counselor.presses("send").await;
        counselor.unread().iter().for_each(|message| school.read(message));
        school.restarts().await;
        let card = school.class("cs1").shows("Bring the form");
        assert!(card.text.contains("0/3") && !card.text.contains('收'), "{}", card.text);
        school.student("cs1", 1).taps_on(&card, "ack");
        school.settles().await;
        assert!(!school.toasts("cs11").concat().contains('收'));
        school.student("cs1", 2).writes_in("cs1", "Received, thanks").await;
        assert!(school.class("cs1").shows("Bring the form").text.contains("2/3"));
        school.ends().await;
    }

    async fn ones_own_language_wins_in_private(db) {
        let mut plan = Plan::four_tiers();
        plan.person_mut("cs12").locale = Some("en".to_owned());
        let school = plan.opens(&db).await;
        school.counselor("cs1").issues("立即报平安").urgent().to_students().await;
        school.restarts().await;
        school.passes("19m").await;
        school.student("cs1", 1).is_reminded();
        school.student("cs1", 3).is_reminded();
        let reminder = school.student("cs1", 2).is_told("立即报平安");
        assert!(!reminder.text.contains("提醒"), "{}", reminder.text);
        school.student("cs1", 2).presses("ack").await;
        assert!(!school.toasts("cs12").concat().contains("收到"));
        assert_eq!(school.class("cs1").card().count(), "1/3");
        school.ends().await;
    }
}
