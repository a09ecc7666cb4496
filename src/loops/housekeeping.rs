//! Once a minute: deletes what nobody needs any more, and looks for what hangs.

mod rotation;

use std::time::Duration;

use chrono::TimeDelta;
use metrics::{counter, gauge};
use tokio::sync::watch;

use crate::domain::message::{Class, OperatorNote};
use crate::engine::Engine;
use crate::engine::auditor::Memory;
use crate::store::checkin::reports;
use crate::store::housekeeping::{self as store, Hanging};
use crate::store::{Result, Tx, courier, nags};

/// How often.
pub const EVERY: Duration = Duration::from_secs(60);
/// How long an update's number is remembered (invariant 1), and an ended call.
const KEPT: TimeDelta = TimeDelta::hours(48);
/// How long an update that was set aside waits for the operator.
const ASIDE_KEPT: TimeDelta = TimeDelta::days(30);
/// How long after they ended messages and links are still known: a late press is told that it is out of date.
const EXPIRED_KEPT: TimeDelta = TimeDelta::days(7);
/// Timers this late and calls this long in flight hang.
const HANGS: TimeDelta = TimeDelta::seconds(60);

/// Cleans up and keeps watch.
pub struct Housekeeping {
    engine: Engine,
    told: Hanging,
    memory: Memory,
}

impl Housekeeping {
    /// The housekeeping of a database.
    pub fn new(engine: Engine) -> Self {
        Self { engine, told: Hanging::default(), memory: Memory::default() }
    }

    /// One round; returns what hangs.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn step(&mut self) -> Result<Hanging> {
        // Before anything is cleaned up: what ended long ago must still be there.
        let lost = self.audit().await?;
        self.clean().await?;
        self.engine.tend_fleet().await?;
        rotation::step(&self.engine).await?;
        let hanging = self.watch().await?;
        Ok(Hanging { lost, ..hanging })
    }

    async fn audit(&mut self) -> Result<i64> {
        let missing = self.engine.mend_missing(&mut self.memory).await?;
        for missing in &missing {
            tracing::error!("{missing}. Nobody but the program may delete there: find out who did");
            counter!("tierline_audit_alarms").increment(1);
        }
        Ok(i64::try_from(missing.len()).unwrap_or(i64::MAX))
    }

    async fn clean(&self) -> Result<()> {
        let now = self.engine.now();
        let mut tx = self.engine.db.begin().await?;
        store::updates(&mut tx, now - KEPT, now - ASIDE_KEPT).await?;
        store::calls(&mut tx, now - KEPT).await?;
        store::messages(&mut tx, now - EXPIRED_KEPT).await?;
        store::expired(&mut tx, now - EXPIRED_KEPT).await?;
        self.forget(&mut tx).await?;
        tx.commit().await
    }

    /// Answers, places and reasons are kept as long as configured; figures stay (F4).
    async fn forget(&self, tx: &mut Tx) -> Result<()> {
        let (now, settings) = (self.engine.now(), &self.engine.settings);
        let before = |kept: TimeDelta| settings.calendar.date(now - kept);
        let (answers, places) =
            (before(settings.checkin.answers_kept), before(settings.checkin.locations_kept));
        let forgotten = reports::forget(tx, answers, places).await?;
        store::reasons(tx, answers).await?;
        if forgotten > 0 {
            tracing::info!(reports = forgotten, "answers or places were deleted: their time is over");
        }
        Ok(())
    }

    async fn watch(&mut self) -> Result<Hanging> {
        let now = self.engine.now();
        let mut tx = self.engine.db.read().await?;
        let nags = self.judge_nags(&mut tx).await?;
        let hanging = Hanging { nags, ..store::hanging(&mut tx, now, now - HANGS).await? };
        let depth = courier::depth(&mut tx).await?;
        for class in Class::ALL {
            let waiting =
                depth.iter().find(|(found, _)| *found == class as i64).map_or(0, |(_, waiting)| *waiting);
            gauge!("tierline_outbox_depth", "class" => class.word()).set(waiting as f64);
        }
        let late = hanging.overdue_since.map_or(TimeDelta::zero(), |due| now - due);
        gauge!("tierline_timers_overdue_seconds").set(late.num_seconds() as f64);
        gauge!("tierline_timers_failed").set(hanging.failed_timers as f64);
        gauge!("tierline_calls_stuck").set(hanging.stuck as f64);
        gauge!("tierline_updates_aside").set(hanging.aside as f64);
        if late > HANGS {
            tracing::error!(timers = hanging.overdue, seconds = late.num_seconds(), "timers are overdue");
        }
        if hanging.stuck > self.told.stuck {
            tracing::error!(calls = hanging.stuck, "calls hang in flight");
        }
        if hanging.failed_timers > self.told.failed_timers {
            tracing::error!(timers = hanging.failed_timers, "timers failed and were given up");
        }
        if hanging.aside > self.told.aside {
            tracing::warn!(updates = hanging.aside, "updates were set aside: see `inbox` in the database");
        }
        self.told = hanging;
        Ok(hanging)
    }

    /// Whether today's reminders and reports upward were sent or explained, and whether anything went out at all.
    async fn judge_nags(&self, tx: &mut Tx) -> Result<OperatorNote> {
        let now = self.engine.now();
        let calendar = &self.engine.settings.calendar;
        let today = nags::judged(tx, calendar.span(calendar.date(now)), now).await?;
        gauge!("tierline_nags_unexplained").set(f64::from(today.unexplained));
        gauge!("tierline_nothing_sent_today").set(f64::from(u8::from(today.silent)));
        if today.unexplained > self.told.nags.unexplained {
            tracing::error!(
                unexplained = today.unexplained,
                "reminders or reports upward were neither sent nor explained: see `tierline audit nags`"
            );
        }
        if today.silent && !self.told.nags.silent {
            tracing::error!("nothing was sent today, although something was to be");
        }
        Ok(today)
    }

    /// Runs until `stop` says so.
    ///
    /// # Errors
    /// When the database cannot be reached: whoever runs it starts it again.
    pub async fn run(&mut self, stop: &mut watch::Receiver<bool>) -> Result<()> {
        while !*stop.borrow_and_update() {
            self.step().await?;
            tokio::select! {
                () = self.engine.clock.sleep(EVERY) => {}
                _ = stop.changed() => {}
            }
        }
        Ok(())
    }
}
