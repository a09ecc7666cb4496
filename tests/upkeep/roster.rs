//! The roster changes while a directive runs.

use tierline::args;
use tierline::domain::roster::Role;

use crate::on_both;
use crate::world::{Plan, World};

on_both! {
    async fn who_leaves_is_waited_for_no_more(db) {
        let school = World::four_tiers(&db).await;
        school.counselor("cs1").issues("明天交表").to_students().await;
        school.student("cs1", 1).acknowledges("cs1").await;
        school.student("cs1", 2).acknowledges("cs1").await;
        assert_eq!(school.class("cs1").card().count(), "2/3");
        school.imports(&db, |roster| {
            roster.people.remove("cs13");
            roster.people.remove("cs12");
            roster.people.retain(|code, _| code != "g-cs13" && code != "g-cs12");
        }).await;
        school.restarts().await;
        school.passes("1s").await;
        assert_eq!(school.class("cs1").card().count(), "2/2", "who had acknowledged stays");
        assert_eq!(school.count("SELECT COUNT(*) AS x FROM legs WHERE state = 'arrived' AND acked < must").await, 0);
        school.passes("7h").await;
        school.class("cs1").is_quiet();
        school.ends().await;
    }

    async fn who_moves_is_asked_where_they_are_now_unless_they_answered(db) {
        let school = World::four_tiers(&db).await;
        school.secretary("cs").issues("学院通知").urgent().to_students().await;
        school.student("cs1", 1).acknowledges("cs1").await;
        assert_eq!(school.counts(&["cs", "cs1", "cs2"]), ["0/2", "1/3", "0/3"]);
        school.imports(&db, |roster| {
            for code in ["cs11", "cs12"] {
                let person = roster.people.get_mut(code).expect("a student");
                person.duties.clear();
                person.duties.insert((Role::Student, "cs2".to_owned()), false);
            }
        }).await;
        school.passes("1s").await;
        assert_eq!(school.counts(&["cs1", "cs2"]), ["1/2", "0/4"], "an answer given is not asked again");
        school.student("cs1", 2).taps_ack("cs1");
        school.settles().await;
        school.student("cs1", 2).hears("已收到");
        assert_eq!(school.counts(&["cs1", "cs2"]), ["1/2", "1/4"]);
        school.ends().await;
    }

    async fn who_comes_is_asked_in_private_where_there_is_no_chat(db) {
        let school = Plan::four_tiers().without_chat("m2").opens(&db).await;
        school.secretary("math").issues("明天交表").urgent().to_students().await;
        school.counts(&["math", "m1"]);
        for n in 1..=3 {
            school.student("m2", n).is_told("明天交表");
        }
        school.imports(&db, |roster| {
            let person = roster.people.get_mut("m11").expect("a student");
            person.duties.clear();
            person.duties.insert((Role::Student, "m2".to_owned()), false);
        }).await;
        school.passes("1s").await;
        assert_eq!(school.chat("m1").card().count(), "0/2");
        school.student("m1", 1).is_told("明天交表");
        school.student("m1", 1).presses("ack").await;
        school.student("m1", 1).hears("已收到");
        for n in 1..=3 {
            school.student("m2", n).is_left_alone();
        }
        let counts = "SELECT must * 10 + acked AS x FROM legs WHERE tier = 2 ORDER BY must";
        assert_eq!(school.asks::<i64>(counts, args![]).await, [20, 41]);
        school.ends().await;
    }

    async fn whose_time_is_over_asks_nobody_new(db) {
        let school = World::four_tiers(&db).await;
        school.counselor("cs1").issues("立即报平安").urgent().to_students().await;
        for n in 1..=3 {
            school.student("cs1", n).acknowledges("cs1").await;
        }
        school.passes("2h").await;
        school.imports(&db, |roster| {
            let person = roster.people.get_mut("cs21").expect("a student");
            person.duties.clear();
            person.duties.insert((Role::Student, "cs1".to_owned()), false);
        }).await;
        school.passes("2h").await;
        assert_eq!(school.class("cs1").card().count(), "3/3");
        school.ends().await;
    }
}
