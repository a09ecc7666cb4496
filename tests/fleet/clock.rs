//! The machine's clock is set while leases and schedules are alive (R12): nothing is fired twice, nothing is left out,
//! and never do two processes send.

use chrono::TimeDelta;
use tierline::args;

use crate::on_both;
use crate::world::{Plan, World};

/// How often each of these reached a person.
async fn fired(school: &World, kind: &'static str) -> Vec<String> {
    let sql = "SELECT t.kind || ' ' || t.subject || ' ' || t.version || ' ' || t.step AS x FROM timers t \
               WHERE t.kind = $1 AND t.state = 'done' ORDER BY t.kind, t.subject, t.version, t.step";
    school.asks(sql, args![kind]).await
}

/// The same timer fired twice would have left a second row or a second message.
fn each_once(mut fired: Vec<String>) {
    let all = fired.len();
    fired.dedup();
    assert_eq!(fired.len(), all, "{fired:?}");
}

on_both! {
    async fn an_hour_forward_fires_each_step_once(db) {
        let school = Plan::four_tiers().config("[school]\nquiet_hours = \"\"").opens(&db).await;
        school.counselor("cs1").issues("明天交表").to_students().await;
        school.class("cs1").card();
        school.sets_the_clock(TimeDelta::hours(4));
        school.elapses("60s").await;
        school.class("cs1").shows("提醒");
        assert_eq!(school.class("cs1").messages().iter().filter(|m| m.text.contains("提醒")).count(), 1);
        school.restarts().await;
        school.elapses("60s").await;
        assert_eq!(school.class("cs1").messages().iter().filter(|m| m.text.contains("提醒")).count(), 1);
        each_once(fired(&school, "step").await);
        school.ends().await;
    }

    async fn an_hour_back_holds_nothing_up_and_repeats_nothing(db) {
        let school = Plan::four_tiers().config("[school]\nquiet_hours = \"\"").opens(&db).await;
        school.counselor("cs1").issues("第一件").to_students().await;
        school.class("cs1").card();
        school.passes("181m").await;
        school.class("cs1").shows("提醒");
        // What waits at the very moment is sent all the same.
        school.leader().account().writes_to(&school.bot, "/help");
        school.only_takes().await;
        school.sets_the_clock(TimeDelta::hours(-1));
        school.elapses("60s").await;
        school.leader().is_told("/track");
        school.counselor("cs2").issues("第二件").to_students().await;
        school.class("cs2").card();
        school.restarts().await;
        school.passes("62m").await;
        let reminders = |key| school.class(key).messages().iter().filter(|m| m.text.contains("提醒")).count();
        assert_eq!((reminders("cs1"), reminders("cs2")), (1, 0), "the slot that was served is not served again");
        each_once(fired(&school, "step").await);
        school.ends().await;
    }

    async fn a_day_forward_opens_the_day_once(db) {
        let school = Plan::four_tiers().in_the_morning().opens(&db).await;
        school.passes("11m").await;
        let days = school.count("SELECT COUNT(*) AS x FROM days").await;
        assert_eq!(days, 1);
        school.sets_the_clock(TimeDelta::days(1));
        school.elapses("60s").await;
        school.restarts().await;
        school.elapses("60s").await;
        assert_eq!(school.count("SELECT COUNT(*) AS x FROM days").await, 2);
        each_once(fired(&school, "open").await);
        school.sets_the_clock(TimeDelta::days(-1));
        school.elapses("60s").await;
        school.restarts().await;
        assert_eq!(school.count("SELECT COUNT(*) AS x FROM days").await, 2, "going back opens nothing");
        each_once(fired(&school, "open").await);
        school.overlooks("");
        school.ends().await;
    }
}
