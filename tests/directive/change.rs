//! Correcting before and after it was sent, and taking back.

use crate::on_both;
use crate::world::{Plan, World};

on_both! {
    async fn before_it_is_sent_what_is_typed_is_added(db) {
        let school = World::four_tiers(&db).await;
        let counselor = school.counselor("cs1");
        counselor.writes("/directive 第一行").await;
        counselor.is_told("第一行");
        school.restarts().await;
        counselor.writes("第二行").await;
        assert!(counselor.is_told("第一行\n第二行").text.contains("【预览】"));
        counselor.presses("urgent").await;
        assert!(counselor.is_told("第一行\n第二行").text.contains("紧急"));
        counselor.presses("urgent").await;
        counselor.presses_nth("to", 0).await;
        counselor.presses("send").await;
        counselor.is_told("已发送");
        counselor.is_told("已发出");
        school.overlooks("已取消，未发送");
        assert!(school.class("cs1").card().text().contains("第一行\n第二行"));
        school.ends().await;
    }

    async fn after_it_was_sent_it_is_asked_anew_and_the_old_receipts_stay(db) {
        let school = World::four_tiers(&db).await;
        let counselor = school.counselor("cs1");
        counselor.issues("明天三点开会").to_students().await;
        school.student("cs1", 1).acknowledges("cs1").await;
        let old = school.class("cs1").card().message;
        counselor.presses("edit").await;
        counselor.hears("请在私聊中输入");
        counselor.is_told("更正后的全文");
        school.restarts().await;
        counselor.writes("明天四点开会").await;
        counselor.is_told("【更正预览】");
        counselor.presses("send").await;
        counselor.is_told("已更正，将在 1 个群重新确认");
        let new = school.class("cs1").card();
        assert_eq!(new.count(), "0/3");
        assert!(new.text().contains("明天四点开会") && new.text().contains("第2版"), "{}", new.text());
        let old_now = school.sandbox.message(old.chat_id, old.id).expect("it stands");
        assert!(old_now.text.contains("本通知已有更正") && old_now.buttons.is_empty(), "{}", old_now.text);
        let press = school.student("cs1", 2).account().presses_data(old.chat_id, old.id, old.buttons[0][0].data.as_deref().expect("data"));
        school.note_press("cs12", press);
        school.settles().await;
        school.student("cs1", 2).hears("已过时");
        school.student("cs1", 1).acknowledges("cs1").await;
        assert_eq!(school.class("cs1").card().count(), "1/3");
        assert_eq!(school.count("SELECT COUNT(acked_at) AS x FROM receipts WHERE revision = 1").await, 1);
        assert_eq!(school.count("SELECT COUNT(*) AS x FROM revisions").await, 2);
        school.passes("181m").await;
        assert!(school.class("cs1").shows("【提醒】").text.contains("1/3"));
        school.ends().await;
    }

    async fn what_has_not_gone_down_yet_goes_down_corrected(db) {
        let school = World::four_tiers(&db).await;
        let secretary = school.secretary("cs");
        secretary.issues("旧的内容").to_students().await;
        school.counselor("cs1").acknowledges("cs").await;
        school.counselor("cs1").is_told("传达");
        secretary.presses("edit").await;
        secretary.hears("请在私聊中输入");
        secretary.is_told("更正后的全文");
        secretary.writes("新的内容").await;
        secretary.is_told("【更正预览】");
        secretary.presses("send").await;
        school.restarts().await;
        secretary.is_told("已更正");
        school.passes("3m").await;
        assert_eq!(school.college("cs").card().count(), "0/2");
        let card = school.class("cs1").card();
        assert!(card.text().contains("新的内容") && !card.text().contains("旧的内容"), "{}", card.text());
        school.overlooks("旧的内容");
        school.ends().await;
    }

    async fn withdrawn_everywhere(db) {
        let school = World::four_tiers(&db).await;
        let secretary = school.secretary("cs");
        secretary.issues("发错了的通知").urgent().to_students().await;
        school.student("cs1", 1).acknowledges("cs1").await;
        secretary.presses("withdraw").await;
        secretary.is_told("确定撤回");
        school.restarts().await;
        secretary.presses("确认撤回").await;
        secretary.hears("已撤回");
        secretary.is_told("已撤回");
        for key in ["cs", "cs1", "cs2"] {
            school.chat(key).shows("”已撤回，无需");
            let card = school.chat(key).card();
            assert!(card.text().contains("【已撤回】") && card.message.buttons.is_empty(), "{}", card.text());
        }
        school.student("cs1", 2).replies_to_directive("cs1", "收到").await;
        school.passes("3h").await;
        school.are_quiet(&["cs", "cs1", "cs2"]);
        school.student("cs1", 2).is_left_alone();
        assert_eq!(school.receipts().await, ["cs11 button"]);
        school.ends().await;
    }

    async fn nobody_else_can_change_or_withdraw_it(db) {
        let school = World::four_tiers(&db).await;
        let sent = school.secretary("cs").issues("学院通知").to_counselors().await;
        school.college("cs").card();
        let other = school.counselor("cs1");
        other.writes("/help").await;
        other.is_told("/today");
        school.restarts().await;
        for verb in ["edit:", "withdraw:"] {
            let data = sent.report.buttons.iter().flatten().filter_map(|button| button.data.as_deref());
            let data = data.into_iter().find(|data| data.starts_with(verb)).expect("the button");
            let press = other.account().presses_data(other.id(), 1, data);
            school.note_press(other.code(), press);
            school.settles().await;
            other.hears("已过时");
        }
        assert_eq!(school.college("cs").card().count(), "0/2");
        school.ends().await;
    }

    async fn an_old_reminder_or_card_acknowledges_no_new_text(db) {
        let school = World::four_tiers(&db).await;
        let counselor = school.counselor("cs1");
        counselor.issues("明天三点开会").to_students().await;
        school.passes("289m").await;
        let old = school.class("cs1").card().message;
        let in_group = school.class("cs1").shows("【提醒】");
        for n in 1..=3 {
            school.student("cs1", n).is_reminded();
        }
        counselor.presses("edit").await;
        counselor.hears("请在私聊中输入");
        counselor.is_told("更正后的全文");
        counselor.writes("明天四点开会").await;
        counselor.is_told("【更正预览】");
        counselor.presses("send").await;
        school.restarts().await;
        counselor.is_told("已更正");
        school.student("cs1", 1).presses("ack").await;
        school.student("cs1", 1).hears("已过时");
        school.student("cs1", 2).taps_on(&in_group, "ack");
        school.settles().await;
        school.student("cs1", 2).hears("已过时");
        school.student("cs1", 3).account().replies(old.chat_id, old.id, "收到");
        school.student("cs1", 3).account().reacts(old.chat_id, old.id, Some("👍"));
        school.settles().await;
        assert_eq!(school.class("cs1").card().count(), "0/3");
        school.student("cs1", 3).writes_in("cs1", "收到").await;
        assert_eq!(school.class("cs1").card().count(), "1/3");
        school.ends().await;
    }

    async fn further_groups_and_private_cards_hear_of_both(db) {
        let school = Plan::four_tiers().without_chat("cs2").opens(&db).await;
        let cadres = school.sandbox.group("学生干部", &[&school.student("cs1", 1).account()]);
        cadres.add_bot(&school.bot, &school.student("cs1", 1).account());
        school.settles().await;
        school.binds(&cadres, "cs1", "group").await;
        school.set_group("cadres", cadres);
        let secretary = school.secretary("cs");
        secretary.issues("三点开会").urgent().to_students().await;
        assert!(school.chat("cadres").card().text().contains("知悉即可"));
        school.student("cs2", 1).is_told("三点开会");
        secretary.presses("edit").await;
        secretary.hears("请在私聊中输入");
        secretary.is_told("更正后的全文");
        secretary.writes("四点开会").await;
        secretary.is_told("【更正预览】");
        secretary.presses("send").await;
        school.restarts().await;
        secretary.is_told("已更正");
        for key in ["cs", "cs1", "cadres"] {
            assert!(school.chat(key).card().text().contains("四点开会"));
        }
        school.student("cs2", 1).is_told("四点开会");
        school.student("cs2", 1).presses("ack").await;
        school.student("cs2", 1).hears("已收到");
        secretary.presses("withdraw").await;
        secretary.is_told("确定撤回");
        secretary.presses("确认撤回").await;
        secretary.hears("已撤回");
        secretary.is_told("已撤回");
        for key in ["cs", "cs1", "cadres"] {
            school.chat(key).shows("”已撤回，无需");
            school.chat(key).card();
        }
        for n in 1..=3 {
            school.student("cs2", n).is_told("”已撤回，无需");
        }
        school.overlooks("开会");
        school.ends().await;
    }
}
