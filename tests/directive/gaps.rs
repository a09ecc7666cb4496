//! Where the chain has a gap: no chat, no binding, a bot removed, a group that moved, somebody who blocked the bot
//! (R14, R15). The sender is told.

use crate::on_both;
use crate::world::{Plan, World};

on_both! {
    async fn a_class_without_a_chat_gets_it_in_private(db) {
        let school = Plan::four_tiers().without_chat("m2").opens(&db).await;
        let sent = school.secretary("math").issues("学院通知").urgent().to_students().await;
        assert!(sent.report.text.contains("尚未绑定群") && sent.report.text.contains("数学2班"), "{}", sent.report.text);
        assert_eq!(school.counts(&["math", "m1"]), ["0/1", "0/3"]);
        school.restarts().await;
        let student = school.student("m2", 1);
        student.is_told("学院通知");
        student.presses("ack").await;
        student.hears("已收到");
        assert!(student.is_told("学院通知").text.contains("✅ 已收到"));
        school.student("m2", 2).is_told("学院通知");
        school.student("m2", 3).is_told("学院通知");
        assert_eq!(school.receipts().await, ["m21 button"]);
        school.ends().await;
    }

    async fn a_college_without_a_chat_is_still_relayed(db) {
        let school = Plan::four_tiers().without_chat("cs").opens(&db).await;
        school.leader().issues("开学准备").to_students().await;
        school.secretary("cs").acknowledges("u").await;
        school.secretary("cs").is_told("传达");
        school.restarts().await;
        school.passes("2m").await;
        school.counselor("cs2").is_told("开学准备");
        school.counselor("cs1").is_told("开学准备");
        school.counselor("cs1").presses("ack").await;
        school.counselor("cs1").hears("已收到");
        school.counselor("cs1").is_told("自动传达到下一级");
        school.passes("2m").await;
        assert_eq!(school.counts(&["u", "cs1"]), ["1/2", "0/3"]);
        school.ends().await;
    }

    async fn who_is_not_bound_stays_missing_and_is_named(db) {
        let school = Plan::four_tiers().unbound("cs13").never_started("cs12").opens(&db).await;
        school.counselor("cs1").issues("立即报平安").urgent().to_students().await;
        let press = school.student("cs1", 3);
        press.taps_ack("cs1");
        school.settles().await;
        press.hears("尚未绑定");
        school.student("cs1", 1).acknowledges("cs1").await;
        school.restarts().await;
        school.passes("61m").await;
        let told = school.counselor("cs1").is_told("【紧急催报】");
        assert_eq!(told.text.matches("私聊送不到").count(), 2, "{}", told.text);
        assert!(told.text.contains("张二") && told.text.contains("张三"), "{}", told.text);
        school.student("cs1", 2).is_left_alone();
        school.student("cs1", 2).acknowledges("cs1").await;
        assert_eq!(school.class("cs1").card().count(), "2/3");
        school.ends().await;
    }

    async fn a_bot_removed_in_mid_directive_goes_on_in_private(db) {
        let school = World::four_tiers(&db).await;
        school.secretary("cs").issues("学院通知").urgent().to_students().await;
        school.student("cs1", 1).acknowledges("cs1").await;
        school.counts(&["cs", "cs1", "cs2"]);
        school.class("cs1").group().remove_bot(&school.bot, &school.class("cs1").founder());
        school.only_takes().await;
        school.restarts().await;
        school.settles().await;
        school.counselor("cs1").is_told("机器人已被移出");
        school.student("cs1", 1).is_left_alone();
        for n in [2, 3] {
            school.student("cs1", n).is_told("学院通知");
        }
        school.student("cs1", 2).presses("ack").await;
        school.student("cs1", 2).hears("已收到");
        assert_eq!(school.receipts().await, ["cs11 button", "cs12 button"]);
        let sent = school.secretary("cs").issues("第二件").to_students().await;
        assert!(sent.report.text.contains("移出") && sent.report.text.contains("计算机1班"), "{}", sent.report.text);
        school.college("cs").card();
        school.ends().await;
    }

    async fn a_removal_that_is_only_seen_by_the_error_is_the_same(db) {
        let school = World::four_tiers(&db).await;
        school.class("cs1").group().deletes();
        school.counselor("cs1").issues("明天交表").to_students().await;
        school.restarts().await;
        school.settles().await;
        for n in 1..=3 {
            school.student("cs1", n).is_told("明天交表");
        }
        school.counselor("cs1").is_told("机器人已被移出");
        school.ends().await;
    }

    async fn a_group_that_moves_keeps_its_binding_and_its_directive(db) {
        let school = World::four_tiers(&db).await;
        school.counselor("cs1").issues("明天交表").to_students().await;
        school.student("cs1", 1).acknowledges("cs1").await;
        let old = school.class("cs1").card().message;
        school.class("cs1").becomes_a_supergroup().await;
        school.restarts().await;
        let press = school.student("cs1", 2).account().presses_data(school.class("cs1").id(), old.id, old.buttons[0][0].data.as_deref().expect("data"));
        school.note_press("cs12", press);
        school.settles().await;
        school.student("cs1", 2).hears("已收到");
        assert_eq!(school.receipts().await, ["cs11 button", "cs12 button"]);
        assert_eq!((school.class("cs1").card().count(), school.class("cs1").cards()), ("2/3".to_owned(), 1));
        school.passes("181m").await;
        let reminder = school.class("cs1").shows("【提醒】");
        assert!(reminder.text.contains("张三") && reminder.text.contains("2/3"), "{}", reminder.text);
        school.student("cs1", 3).taps_on(&reminder, "ack");
        school.settles().await;
        school.student("cs1", 3).hears("已收到");
        school.counselor("cs1").issues("下一件").to_students().await;
        assert_eq!(school.class("cs1").card_with("下一件").count(), "0/3");
        school.group("cs1").announce_upgrade();
        school.settles().await;
        school.ends().await;
    }

    async fn open_cards_follow_a_group_that_moves_once_and_quietly(db) {
        let school = World::four_tiers(&db).await;
        let counselor = school.counselor("cs1");
        counselor.issues("已经办完").to_students().await;
        for n in 1..=3 {
            school.student("cs1", n).acknowledges("cs1").await;
        }
        counselor.issues("明天交表").to_students().await;
        school.student("cs1", 1).acknowledges("cs1").await;
        let old = school.class("cs1").card().message;
        let group = school.class("cs1").group();
        school.sandbox.forget_calls();
        // The bot hears of it by the error of a send, and from both sides afterwards, twice.
        school.class("cs1").becomes_a_supergroup_silently();
        counselor.writes("/remind").await;
        school.restarts().await;
        for _ in 0..2 {
            group.announce_upgrade();
            school.settles().await;
        }
        let here = school.class("cs1");
        assert_eq!((here.cards(), here.card_with("明天交表").count()), (1, "1/3".to_owned()));
        let calls = school.sandbox.calls();
        let posts = calls.iter().filter(|call| call.ok && call.chat_id == Some(here.id()));
        let quiet: Vec<bool> = posts
            .filter(|call| call.params["text"].as_str().is_some_and(|text| text.contains("【通知】")))
            .map(|call| call.params["disable_notification"] == true)
            .collect();
        assert_eq!(quiet, [true]);
        let data = old.buttons[0][0].data.as_deref().expect("data");
        let press = school.student("cs1", 2).account().presses_data(old.chat_id, old.id, data);
        school.note_press("cs12", press);
        school.settles().await;
        school.student("cs1", 2).hears("已收到");
        assert_eq!(here.card().count(), "2/3");
        school.student("cs1", 3).acknowledges("cs1").await;
        assert_eq!(here.card().count(), "3/3");
        school.overlooks("【提醒】");
        counselor.is_told("已提醒");
        school.ends().await;
    }

    async fn a_move_that_is_first_seen_by_the_error(db) {
        let school = World::four_tiers(&db).await;
        let old = school.class("cs1").group();
        school.class("cs1").becomes_a_supergroup_silently();
        school.counselor("cs1").issues("明天交表").to_students().await;
        school.restarts().await;
        school.settles().await;
        assert_eq!(school.class("cs1").card().count(), "0/3");
        old.announce_upgrade();
        school.settles().await;
        old.announce_upgrade();
        school.settles().await;
        school.student("cs1", 1).acknowledges("cs1").await;
        assert_eq!(school.class("cs1").card().count(), "1/3");
        assert_eq!(school.class("cs1").cards(), 1);
        school.ends().await;
    }

    async fn who_blocked_the_bot_is_tried_once_and_comes_back_by_start(db) {
        let school = World::four_tiers(&db).await;
        let student = school.student("cs1", 2);
        student.account().blocks(&school.bot);
        school.only_takes().await;
        school.restarts().await;
        school.counselor("cs1").issues("立即报平安").urgent().to_students().await;
        school.sandbox.forget_calls();
        school.passes("20m").await;
        let calls = school.sandbox.calls().iter().filter(|call| call.chat_id == Some(student.id())).count();
        assert_eq!(calls, 0, "known to have blocked: no attempt");
        student.starts_again().await;
        school.overlooks("【提醒】");
        student.unread().iter().for_each(|message| school.read(message));
        school.restarts().await;
        school.passes("10m").await;
        assert!(student.can_read("【提醒】"), "{}", student.all());
        school.overlooks("【提醒】");
        school.class("cs1").card();
        school.ends().await;
    }

    async fn a_block_that_was_never_heard_of_costs_one_attempt(db) {
        let school = Plan::four_tiers().without_chat("cs1").opens(&db).await;
        let student = school.student("cs1", 2);
        student.account().deletes_account();
        school.sandbox.forget_calls();
        school.counselor("cs1").issues("立即报平安").urgent().to_students().await;
        school.student("cs1", 1).is_told("立即报平安");
        school.student("cs1", 3).is_told("立即报平安");
        school.restarts().await;
        school.passes("40m").await;
        let calls = school.sandbox.calls().iter().filter(|call| call.chat_id == Some(student.id())).count();
        assert_eq!(calls, 1);
        school.passes("25m").await;
        assert!(school.counselor("cs1").is_told("【紧急催报】").text.contains("私聊送不到"));
        school.overlooks("【提醒】");
        school.ends().await;
    }
}
