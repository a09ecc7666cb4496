//! The hours of the digest: each slot of each expression is one timer, so that it comes at most once.

use chrono::Timelike;

use crate::domain::checkin::day_id;
use crate::engine::Work;
use crate::store::Result;
use crate::store::timers::{self, NewTimer};

impl Work<'_> {
    /// Sets the next slot of every expression of `report.digest`, in place of those of an older configuration. A timer's
    /// subject is its local day, its version the second of that day, its step the expression.
    pub(in crate::engine) async fn prepare_digests(&mut self) -> Result<()> {
        let (settings, now) = (self.settings(), self.now);
        let calendar = &settings.calendar;
        let slot = |(step, cron)| {
            let due_at = calendar.next_cron(cron, now)?;
            let local = calendar.local(due_at);
            let version = i64::from(local.num_seconds_from_midnight());
            Some(NewTimer { kind: "digest", subject: day_id(local.date()), version, step, due_at })
        };
        let wanted: Vec<NewTimer> = (0..).zip(&settings.checkin.digest).filter_map(slot).collect();
        timers::set_those(&mut self.tx, "digest", &wanted, now).await
    }
}
