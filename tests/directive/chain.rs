//! The way down: issued, acknowledged, relayed, tier by tier (B1, B2).

use crate::on_both;
use crate::world::World;

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
        secretary.is_told("自动向下传达");
        school.restarts().await;

        school.passes("2m").await;
        assert_eq!(school.college("cs").card().count(), "0/2");
        secretary.is_told("已于");
        school.college("math").is_quiet();
        school.counselor("cs1").acknowledges("cs").await;
        school.counselor("cs1").is_told("自动向下传达");
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
}
