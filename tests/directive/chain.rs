//! The way down: issued, acknowledged, relayed, tier by tier (B1, B2).

use crate::on_both;
use crate::world::{Plan, World};

/// Every chat of the usual school but the guardians'.
const ALL: [&str; 7] = ["u", "cs", "math", "cs1", "cs2", "m1", "m2"];

on_both! {
    async fn a_directive_travels_through_four_tiers(db) {
        let school = World::four_tiers(&db).await;
        let sent = school.leader().issues("未经通知不得返校").to_guardians().await;
        assert!(sent.confirmation.is_some(), "the whole school is confirmed a second time");
        assert_eq!(sent.number(), "2026年第1号");

        let secretary = school.secretary("cs");
        secretary.sees_in("u", "未经通知不得返校");
        assert_eq!(school.top().card().count(), "0/2");
        school.college("cs").is_quiet();
        secretary.acknowledges("u").await;
        assert_eq!(school.top().card().count(), "1/2");
        secretary.is_told("自动传达到下一级");
        school.restarts().await;

        school.passes("2m").await;
        assert_eq!(school.college("cs").card().count(), "0/2");
        secretary.is_told("已于");
        school.college("math").is_quiet();
        school.counselor("cs1").acknowledges("cs").await;
        school.counselor("cs1").is_told("自动传达到下一级");
        school.passes("1m").await;
        school.class("cs1").is_quiet();
        school.passes("1m").await;
        assert_eq!(school.class("cs1").card().count(), "0/3");
        assert_eq!(school.guardians("cs1").card().count(), "0/2");
        school.class("cs2").is_quiet();

        school.student("cs1", 1).acknowledges("cs1").await;
        assert_eq!(school.class("cs1").card().count(), "1/3");
        school.restarts().await;
        school.student("cs1", 2).acknowledges("cs1").await;
        school.student("cs1", 3).acknowledges("cs1").await;
        assert_eq!(school.class("cs1").card().count(), "3/3");
        school.person("g-father").taps_ack("cs1/guardians");
        school.settles().await;
        school.person("g-father").hears("已代张一、李一确认");
        assert_eq!(school.guardians("cs1").card().count(), "1/2");
        school.ends().await;
    }

    async fn a_crash_between_press_and_answer_loses_neither(db) {
        let school = World::four_tiers(&db).await;
        school.leader().issues("开学准备").to_students().await;
        school.secretary("cs").taps_ack("u");
        school.only_takes().await;
        school.restarts().await;
        school.settles().await;
        school.secretary("cs").hears("已收到");
        school.secretary("cs").is_told("自动传达到下一级");
        assert_eq!(school.top().card().count(), "1/2");
        school.restarts().await;
        school.passes("2m").await;
        assert_eq!(school.college("cs").card().count(), "0/2");
        assert_eq!((school.college("cs").cards(), school.top().cards()), (1, 1), "nothing was said twice");
        school.ends().await;
    }

    async fn it_can_be_relayed_at_once(db) {
        let school = World::four_tiers(&db).await;
        school.leader().issues("开学准备").to_students().await;
        let secretary = school.secretary("cs");
        secretary.acknowledges("u").await;
        secretary.presses("立即传达").await;
        secretary.hears("正在传达到下一级");
        assert_eq!(school.college("cs").card().count(), "0/2");
        secretary.is_told("已于");
        school.passes("3m").await;
        assert_eq!(school.college("cs").cards(), 1, "the time for a note changes nothing any more");
        school.ends().await;
    }

    async fn a_note_goes_down_with_it(db) {
        let school = World::four_tiers(&db).await;
        school.leader().issues("开学准备").to_students().await;
        let secretary = school.secretary("cs");
        secretary.acknowledges("u").await;
        secretary.presses("补充说明后传达").await;
        secretary.hears("请在私聊中输入");
        secretary.is_told("补充说明");
        school.passes("4m").await;
        school.college("cs").is_quiet();
        school.restarts().await;
        secretary.writes("请各班今晚开班会 <7点>").await;
        secretary.is_told("已于");
        let card = school.college("cs").card();
        assert!(card.text().contains("计算机学院补充：请各班今晚开班会 <7点>"), "{}", card.text());
        let counselor = school.counselor("cs1");
        counselor.acknowledges("cs").await;
        counselor.is_told("自动传达到下一级");
        counselor.presses("relay").await;
        counselor.hears("正在传达到下一级");
        assert!(school.class("cs1").card().text().contains("请各班今晚开班会"), "the note goes all the way");
        school.ends().await;
    }

    async fn a_note_that_is_never_typed_holds_nothing_up(db) {
        let school = World::four_tiers(&db).await;
        school.leader().issues("开学准备").to_students().await;
        let secretary = school.secretary("cs");
        secretary.acknowledges("u").await;
        secretary.presses("note").await;
        secretary.hears("请在私聊中输入");
        secretary.is_told("补充说明");
        school.passes("8m").await;
        assert_eq!(school.college("cs").card().count(), "0/2");
        secretary.is_told("已于");
        school.ends().await;
    }

    async fn urgent_goes_to_all_tiers_at_once(db) {
        let school = World::four_tiers(&db).await;
        let sent = school.leader().issues("立即清点在校人数").urgent().to_students().await;
        assert!(sent.confirmation.is_some_and(|words| words.contains("紧急")));
        assert_eq!(school.counts(&ALL), ["0/2", "0/2", "0/1", "0/3", "0/3", "0/3", "0/3"]);
        assert!(school.class("m2").card().text().contains("【紧急通知】"));
        school.restarts().await;
        school.student("m2", 2).acknowledges("m2").await;
        assert_eq!(school.class("m2").card().count(), "1/3");
        school.ends().await;
    }

    async fn manual_waits_for_the_button(db) {
        let plan = Plan::four_tiers().config("directive.normal.relay = \"manual\"");
        let school = plan.opens(&db).await;
        school.leader().issues("开学准备").to_counselors().await;
        school.secretary("math").acknowledges("u").await;
        school.secretary("math").is_told("请尽快传达到下一级");
        school.passes("10m").await;
        school.restarts().await;
        school.college("math").is_quiet();
        school.secretary("math").presses("relay").await;
        school.secretary("math").hears("正在传达到下一级");
        assert_eq!(school.college("math").card().count(), "0/1");
        assert_eq!(school.top().card().count(), "1/2");
        school.ends().await;
    }

    async fn what_is_only_to_be_known_asks_nobody(db) {
        let school = World::four_tiers(&db).await;
        school.office().issues("图书馆今日闭馆").for_information().to_students().await;
        for key in ALL {
            let card = school.chat(key).card();
            assert!(card.text().contains("知悉即可"), "{}", card.text());
            assert!(card.message.buttons.is_empty());
        }
        school.restarts().await;
        school.passes("8h").await;
        school.are_quiet(&ALL);
        school.ends().await;
    }

    async fn a_class_of_two_is_relayed_by_its_counselor_together(db) {
        let school = World::four_tiers(&db).await;
        school.leader().issues("开学准备").to_students().await;
        school.secretary("math").acknowledges("u").await;
        school.secretary("math").is_told("传达");
        school.secretary("math").presses("relay").await;
        school.secretary("math").hears("正在传达到下一级");
        assert_eq!(school.college("math").card().count(), "0/1");
        let both = school.counselor("m1");
        both.acknowledges("math").await;
        let duty = both.is_told("自动传达到下一级");
        assert!(duty.text.contains("数学1班、数学2班"), "{}", duty.text);
        both.presses("relay").await;
        both.hears("正在传达到下一级");
        assert_eq!(school.counts(&["u", "m1", "m2"]), ["1/2", "0/3", "0/3"]);
        school.are_quiet(&["cs", "cs1", "cs2"]);
        school.ends().await;
    }

    async fn after_an_outage_everything_due_happens_once(db) {
        let school = World::four_tiers(&db).await;
        school.leader().issues("开学准备").to_counselors().await;
        school.secretary("cs").acknowledges("u").await;
        school.secretary("cs").is_told("自动传达到下一级");
        let card = school.top().card().message;
        school.stops().await;
        school.secretary("math").account().replies(card.chat_id, card.id, "收到");
        school.comes_back_after("14m").await;
        school.settles().await;
        assert_eq!(school.top().card().count(), "2/2");
        school.secretary("math").is_told("自动传达到下一级");
        assert_eq!(school.college("cs").card().count(), "0/2");
        school.stops().await;
        school.comes_back_after("65m").await;
        school.settles().await;
        assert_eq!((school.college("cs").cards(), school.college("math").cards()), (1, 1));
        school.college("math").card();
        school.college("cs").shows("【提醒】");
        assert_eq!(school.college("cs").messages().len(), 2, "the card and one reminder");
        school.top().is_quiet();
        school.ends().await;
    }

    async fn a_card_that_may_have_arrived_comes_again_and_says_so(db) {
        use botapi_sandbox::{Effect, Fault};
        let school = World::four_tiers(&db).await;
        let chat = school.class("cs1").id();
        school.sandbox.fault(Fault::sends(Effect::ResetAfter).chats(&[chat]).first(1));
        school.counselor("cs1").issues("明天交表").to_students().await;
        school.restarts().await;
        school.settles().await;
        let cards = school.class("cs1").messages();
        assert_eq!(cards.len(), 2);
        assert!(!cards[0].text.contains("重发") && cards[1].text.contains("重发"), "{}", cards[1].text);
        school.student("cs1", 1).taps_on(&cards[0], "ack");
        school.student("cs1", 2).taps_on(&cards[1], "ack");
        school.settles().await;
        assert_eq!(school.all_hear("已收到"), 2);
        assert_eq!(school.class("cs1").card().count(), "2/3");
        cards.iter().for_each(|card| school.read(card));
        school.ends().await;
    }
}
