//! Guardians: one per student, one press for all of one's children, in every class (B2).

use crate::on_both;
use crate::world::World;

on_both! {
    async fn one_press_counts_for_both_children(db) {
        let school = World::four_tiers(&db).await;
        school.secretary("cs").issues("家长会通知").urgent().to_guardians().await;
        assert_eq!(school.counts(&["cs", "cs1", "cs2"]), ["0/2", "0/3", "0/3"]);
        assert_eq!(school.counts(&["cs1/guardians", "cs2/guardians"]), ["0/2", "0/2"]);
        let (father, mother) = (school.person("g-father"), school.person("g-mother"));
        father.taps_ack("cs2/guardians");
        school.only_takes().await;
        school.restarts().await;
        school.settles().await;
        father.hears("已代张一、李一确认");
        assert_eq!(school.counts(&["cs1/guardians", "cs2/guardians"]), ["1/2", "1/2"]);
        mother.taps_ack("cs1/guardians");
        school.settles().await;
        mother.hears("张父已代孩子确认");
        father.taps_ack("cs1/guardians");
        school.settles().await;
        father.hears("无需重复");
        school.person("g-cs12").taps_ack("cs1/guardians");
        school.settles().await;
        school.person("g-cs12").hears("已代张二确认");
        assert_eq!(school.counts(&["cs1/guardians", "cs2/guardians"]), ["2/2", "1/2"]);
        school.ends().await;
    }

    async fn the_second_guardian_may_be_the_first_to_answer(db) {
        let school = World::four_tiers(&db).await;
        school.secretary("cs").issues("家长会通知").urgent().to_guardians().await;
        school.counts(&["cs", "cs1", "cs2", "cs2/guardians"]);
        let (father, mother) = (school.person("g-father"), school.person("g-mother"));
        mother.taps_ack("cs1/guardians");
        school.settles().await;
        mother.hears("已代张一确认");
        school.restarts().await;
        father.replies_to_directive("cs1/guardians", "收到").await;
        assert_eq!(school.counts(&["cs1/guardians", "cs2/guardians"]), ["1/2", "1/2"]);
        assert_eq!(school.receipts().await, ["g-father reply", "g-mother button"]);
        school.student("cs1", 1).taps_ack("cs1");
        school.settles().await;
        school.student("cs1", 1).hears("已收到");
        assert_eq!(school.class("cs1").card().count(), "1/3");
        school.ends().await;
    }

    async fn a_guardians_chat_of_a_college_comes_with_its_last_class(db) {
        let school = World::four_tiers(&db).await;
        let secretary = school.secretary("math");
        secretary.issues("家长会通知").to_guardians().await;
        assert_eq!(school.college("math").card().count(), "0/1");
        school.guardians("math").is_quiet();
        school.restarts().await;
        school.counselor("m1").acknowledges("math").await;
        school.counselor("m1").is_told("传达");
        school.passes("2m").await;
        assert_eq!(school.counts(&["math", "m1", "m2", "math/guardians"]), ["1/1", "0/3", "0/3", "0/2"]);
        school.person("g-m21").taps_ack("math/guardians");
        school.settles().await;
        school.person("g-m21").hears("已代刘一确认");
        assert_eq!(school.guardians("math").card().count(), "1/2");
        school.ends().await;
    }
}
