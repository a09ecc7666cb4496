//! Presses that grant nothing: outsiders, other colleges, old messages, forged data (S4).

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::on_both;
use crate::world::World;

on_both! {
    async fn an_outsider_and_another_college_are_told_so(db) {
        let school = World::four_tiers(&db).await;
        school.counselor("cs1").issues("明天交表").to_students().await;
        let outsider = school.stranger("路人");
        let other = school.student("m1", 1);
        school.class("cs1").group().fill(&[&outsider.account(), &other.account()]);
        for (person, words) in [(&outsider, "账号尚未绑定"), (&other, "不需要"), (&school.counselor("cs1"), "不需要")] {
            person.taps_ack("cs1");
            school.settles().await;
            person.hears(words);
        }
        outsider.account().writes(school.class("cs1").id(), "收到");
        other.replies_to_directive("cs1", "收到").await;
        school.restarts().await;
        assert_eq!(school.class("cs1").card().count(), "0/3");
        assert_eq!(school.receipts().await, Vec::<String>::new());
        school.ends().await;
    }

    async fn data_of_another_chat_means_nothing(db) {
        let school = World::four_tiers(&db).await;
        school.counselor("cs1").issues("一班的事").to_students().await;
        school.counselor("cs2").issues("二班的事").to_students().await;
        let stolen = school.class("cs1").card().message.buttons[0][0].data.clone().expect("data");
        let card = school.class("cs2").card().message;
        let student = school.student("cs2", 1);
        school.class("cs2").group().fill(&[&school.student("cs1", 1).account()]);
        for person in [&student, &school.student("cs1", 1)] {
            let press = person.account().presses_data(card.chat_id, card.id, &stolen);
            school.note_press(person.code(), press);
            school.settles().await;
            person.hears("已过时");
        }
        school.restarts().await;
        assert_eq!(school.counts(&["cs1", "cs2"]), ["0/3", "0/3"]);
        assert_eq!(school.count("SELECT COUNT(*) AS x FROM audit WHERE act = 'press.elsewhere'").await, 2);
        school.ends().await;
    }

    async fn a_preview_obeys_only_its_author(db) {
        let school = World::four_tiers(&db).await;
        let secretary = school.secretary("cs");
        secretary.writes("/directive 学院通知").await;
        let preview = secretary.is_told("【预览】");
        let data = preview.buttons.iter().flatten().find_map(|button| {
            button.data.clone().filter(|data| data.starts_with("send:"))
        });
        let thief = school.student("cs1", 1);
        thief.writes("你好").await;
        thief.is_told("没有看懂");
        let press = thief.account().presses_data(thief.id(), 1, &data.expect("a send button"));
        school.note_press(thief.code(), press);
        school.settles().await;
        thief.hears("已过时");
        school.restarts().await;
        school.college("cs").is_quiet();
        school.ends().await;
    }

    async fn a_thousand_forgeries_change_nothing(db) {
        let school = World::four_tiers(&db).await;
        school.counselor("cs1").issues("明天交表").to_students().await;
        let card = school.class("cs1").card().message;
        let own = card.buttons[0][0].data.clone().expect("data");
        let (verb, handle) = own.split_once(':').expect("a verb");
        let words = prop_oneof![
            "[a-z]{1,8}:[0-9A-Za-z]{1,11}(\\.-?[0-9]{1,19})?",
            "\\PC{1,20}",
            Just(format!("{verb}:{handle}0")),
            Just(format!("send:{handle}")),
            Just(format!("phone:{handle}.1")),
            Just(format!("admit:{handle}")),
            "(ack|send|relay|phone|withdraw|accept|edit):[0-9A-Za-z]{1,11}",
        ];
        let mut runner = TestRunner::deterministic();
        let people = [school.student("cs1", 1), school.student("m1", 1), school.stranger("路人")];
        school.class("cs1").group().fill(&[&people[1].account(), &people[2].account()]);
        let before = school.count("SELECT COUNT(*) AS x FROM receipts").await;
        for n in 0..1000 {
            let data = words.new_tree(&mut runner).expect("data").current();
            let data: String = data.chars().take(16).collect();
            let data = if data == own || data.is_empty() { "ack".to_owned() } else { data };
            let person = &people[n % 3];
            let press = person.account().presses_data(card.chat_id, card.id, &data);
            school.note_press(person.code(), press);
            if n % 100 == 99 {
                school.settles().await;
            }
        }
        for person in &people {
            assert!(!school.toasts(person.code()).is_empty());
        }
        school.restarts().await;
        assert_eq!(school.class("cs1").card().count(), "0/3");
        assert_eq!(school.count("SELECT COUNT(*) AS x FROM receipts").await, before);
        assert_eq!(school.count("SELECT COUNT(*) AS x FROM directives").await, 1);
        school.ends().await;
    }
}
