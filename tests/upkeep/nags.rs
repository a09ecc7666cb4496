//! Reminders and reports upward that are neither sent nor explained, and days on which nothing is sent, are seen within a
//! minute and stand in the digest (R23).

use botapi_sandbox::{Effect, Fault};
use tierline::args;
use tierline::domain::message::OperatorNote;

use crate::on_both;
use crate::world::Plan;

on_both! {
    async fn a_reminder_that_nobody_explains_is_seen_within_a_minute(db) {
        let school = Plan::four_tiers().in_the_morning().opens(&db).await;
        school.passes_until("08:30").await;
        school.overlooks("");
        assert_eq!(school.nags().await, OperatorNote::default(), "whatever was due was sent or is explained");
        school.rewrites("UPDATE timers SET note = NULL WHERE kind = 'day' AND step = 100 AND version = 1", args![]).await;
        school.passes("1m").await;
        assert_eq!(school.nags().await.unexplained, 1);
        school.rewrites("UPDATE timers SET state = 'failed' WHERE kind = 'day' AND step = 0 AND version = 1", args![]).await;
        school.restarts().await;
        school.passes("1m").await;
        assert_eq!(school.nags().await.unexplained, 2);
        school.office().writes("/digest").await;
        school.office().is_told("有 2 次提醒既未发出也没有说明");
        school.secretary("cs").writes("/digest").await;
        let college = school.secretary("cs").is_told("【每日简报】");
        assert!(!college.text.contains("既未发出"), "it is for those who read the school's: {}", college.text);
        // The charts.
        school.overlooks("");
        school.ends().await;
    }

    async fn a_day_on_which_nothing_goes_out_is_seen(db) {
        let plan = Plan::four_tiers().in_the_morning().config("[checkin]\nprompt = \"group\"\nremind = []\nescalate = []");
        let school = plan.opens(&db).await;
        let fault = school.sandbox.fault(Fault::sends(Effect::Status(502)));
        school.elapses("15m").await;
        assert!(!school.nags().await.silent, "what is on its way may still arrive");
        school.elapses("10m").await;
        assert_eq!(school.nags().await, OperatorNote { silent: true, unexplained: 0 });
        school.restarts().await;
        school.sandbox.remove_fault(fault);
        school.passes("5m").await;
        assert_eq!(school.nags().await, OperatorNote::default());
        for class in ["cs1", "cs2", "m1", "m2"] {
            school.class(class).shows("今日打卡");
        }
        school.person("staff").form();
        school.ends().await;
    }
}
