//! Who cannot act, and what cannot be read: anonymous admins, channels, bots, topics, broken updates (S5, R16).

use botapi_sandbox::{AccountSpec, Effect, Fault};
use serde_json::json;

use crate::on_both;
use crate::world::{Plan, World};

on_both! {
    async fn anonymous_admins_channels_and_bots_cannot_act(db) {
        let school = World::four_tiers(&db).await;
        school.counselor("cs1").issues("明天交表").to_students().await;
        let group = school.class("cs1").group();
        let student = school.student("cs1", 1).account();
        group.promote(&student);
        student.writes_as_anonymous(&group, "收到");
        student.writes_as_anonymous(&group, "/status");
        let channel = school.sandbox.channel("学生会", &[&student]);
        student.writes_as_channel(&group, &channel, "收到");
        let other_bot = school.sandbox.account_with(AccountSpec {
            name: "Echo".to_owned(),
            username: Some("echo_bot".to_owned()),
            is_bot: true,
            ..AccountSpec::default()
        });
        group.fill(&[&other_bot]);
        other_bot.writes(group.id(), "收到");
        school.restarts().await;
        school.settles().await;
        assert_eq!(school.class("cs1").card().count(), "0/3");
        school.class("cs1").shows("请关闭匿名身份");
        assert_eq!(school.receipts().await, Vec::<String>::new());
        school.ends().await;
    }

    async fn in_a_topic_of_a_forum_the_word_counts(db) {
        let school = World::four_tiers(&db).await;
        let (counselor, student) = (school.counselor("cs1"), school.student("cs1", 1));
        let forum = school.sandbox.forum("计算机1班论坛", &[&counselor.account(), &student.account()]);
        forum.add_bot(&school.bot, &counselor.account());
        forum.promote(&school.bot);
        school.settles().await;
        school.binds(&forum, "cs1", "class").await;
        counselor.issues("明天交表").to_students().await;
        school.set_group("cs1", forum.clone());
        let topic = forum.open_topic("闲聊", &counselor.account());
        student.account().writes_in_topic(&forum, topic, "收到");
        school.restarts().await;
        school.settles().await;
        assert_eq!(school.class("cs1").card().count(), "1/3");
        school.ends().await;
    }

    async fn repeated_and_shuffled_updates_give_the_same(db) {
        let school = World::four_tiers(&db).await;
        school.counselor("cs1").issues("明天交表").to_students().await;
        school.bot.scramble(Some(botapi_sandbox::Scramble { most_repeats: 3, shuffle: true }));
        let chat = school.class("cs1").card().message;
        for n in 1..=3 {
            let student = school.student("cs1", n);
            student.account().writes(chat.chat_id, "收到");
            student.account().replies(chat.chat_id, chat.id, "收到，谢谢老师");
            student.account().reacts(chat.chat_id, chat.id, Some("👍"));
            student.taps_ack("cs1");
        }
        school.only_takes().await;
        school.restarts().await;
        school.settles().await;
        for n in 1..=3 {
            assert_eq!(school.toasts(school.student("cs1", n).code()).len(), 1);
        }
        school.bot.scramble(None);
        assert_eq!(school.class("cs1").card().count(), "3/3");
        assert_eq!(school.receipts().await.len(), 3);
        assert_eq!(school.class("cs1").cards(), 1);
        school.ends().await;
    }

    async fn broken_updates_stop_only_themselves(db) {
        let school = World::four_tiers(&db).await;
        school.counselor("cs1").issues("明天交表").to_students().await;
        let bot = &school.bot;
        for update in [
            json!({ "message": null }),
            json!({ "message": { "message_id": "x", "chat": {} } }),
            json!({ "message": { "message_id": 7, "date": 0, "chat": { "id": 1e300, "type": "private" } } }),
            json!({ "callback_query": { "id": 5, "from": null } }),
            json!({ "brand_new_kind": { "a": [1, 2, 3] } }),
            json!({ "channel_post": { "message_id": 1, "date": 0, "chat": { "id": -1001, "type": "channel" }, "text": "收到" } }),
            json!({ "poll": { "id": "9" } }),
            json!({ "message": { "message_id": 8, "date": 0, "chat": { "id": 5, "type": "private" }, "text": "收".repeat(65_536) } }),
            json!({}),
        ] {
            school.sandbox.inject_update(bot, update);
        }
        school.student("cs1", 1).taps_ack("cs1");
        school.sandbox.inject_bytes(bot, "{\"update_id\":");
        school.student("cs1", 2).account().writes(school.class("cs1").id(), "收到");
        school.only_takes().await;
        school.restarts().await;
        school.settles().await;
        school.student("cs1", 1).hears("已收到");
        assert_eq!(school.class("cs1").card().count(), "2/3");
        school.passes("5m").await;
        assert_eq!(school.sandbox.pending_updates(bot), 0, "nothing is given out for ever");
        let kept = school.asks::<Option<String>>("SELECT payload AS x FROM inbox WHERE state = 'done'", vec![]).await;
        assert!(kept.iter().all(Option::is_none), "what was handled is erased");
        school.ends().await;
    }

    async fn ten_thousand_broken_updates_disturb_nobody(db) {
        let school = World::four_tiers(&db).await;
        school.counselor("cs1").issues("明天交表").to_students().await;
        let card = school.class("cs1").card().message;
        for n in 0..10_000_usize {
            let bot = &school.bot;
            match n % 5 {
                0 => drop(school.sandbox.inject_update(bot, json!({ "message": { "chat": card.chat_id, "text": [n] } }))),
                1 => drop(school.sandbox.inject_update(bot, json!({ format!("kind_{n}"): { "n": n } }))),
                2 => drop(school.sandbox.inject_update(bot, json!({ "message": { "message_id": n, "from": null } }))),
                3 => drop(school.sandbox.inject_update(bot, json!({ "callback_query": { "id": "1", "from": { "id": 1e308 } } }))),
                _ => drop(school.sandbox.inject_update(bot, json!({ "channel_post": { "text": "收".repeat(n % 100) } }))),
            }
            if n % 1000 == 500 {
                school.sandbox.inject_update(bot, json!({ "message": { "text": "x".repeat(65_536) } }));
            }
            if n == 5000 {
                school.sandbox.inject_bytes(bot, "{\"update_id\":1,\"message\":{");
            }
            if n % 4000 == 1999 {
                school.student("cs1", n / 4000 + 1).taps_ack("cs1");
            }
        }
        school.only_takes().await;
        school.restarts().await;
        school.settles().await;
        assert_eq!(school.sandbox.pending_updates(&school.bot), 0, "none is given out for ever");
        assert_eq!(school.all_hear("已收到"), 3);
        assert_eq!(school.class("cs1").card().count(), "3/3");
        let content = "SELECT COUNT(*) AS x FROM inbox WHERE state <> 'failed' AND payload IS NOT NULL";
        assert_eq!(school.count(content).await, 0, "set aside by hash and kind, not by content");
        school.ends().await;
    }

    async fn a_card_of_unknown_outcome_is_known_by_its_buttons(db) {
        let school = World::four_tiers(&db).await;
        let class = school.class("cs1");
        school.sandbox.fault(Fault::sends(Effect::ResetAfter).chats(&[class.id()]).first(1));
        school.counselor("cs1").issues("明天交表").to_students().await;
        school.passes("1m").await;
        let copies = class.messages();
        assert!(copies.len() == 2 && copies[1].text.contains("重发"), "{copies:?}");
        school.restarts().await;
        let first = school.student("cs1", 1);
        first.replies_to_part(&copies[0]).await;
        school.read(&copies[0]);
        school.student("cs1", 2).taps_on(&copies[0], "ack");
        school.settles().await;
        school.student("cs1", 2).hears("已收到");
        assert_eq!(class.card().count(), "2/3");
        school.sandbox.fault(Fault::sends(Effect::ResetAfter).chats(&[class.id()]).first(1));
        school.passes("181m").await;
        let reminder = class.shows("【提醒】");
        school.student("cs1", 3).replies_to_part(&reminder).await;
        assert_eq!(school.receipts().await, ["cs11 reply", "cs12 button", "cs13 reply"]);
        assert_eq!(class.card().count(), "3/3");
        school.ends().await;
    }

    async fn both_copies_of_a_private_card_count(db) {
        let school = Plan::four_tiers().without_chat("cs1").opens(&db).await;
        let student = school.student("cs1", 2);
        school.sandbox.fault(Fault::sends(Effect::ResetAfter).chats(&[student.id()]).first(1));
        school.counselor("cs1").issues("明天交表").to_students().await;
        school.passes("1m").await;
        let copies = student.unread();
        assert!(copies.len() == 2 && copies[1].text.contains("重发"), "{copies:?}");
        student.taps_on(&copies[0], "ack");
        school.settles().await;
        student.hears("已收到");
        assert_eq!(school.receipts().await, ["cs12 button"]);
        school.overlooks("明天交表");
        school.ends().await;
    }
}
