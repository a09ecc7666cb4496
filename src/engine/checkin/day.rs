//! What happens on a day, step by step: asking, reminding, reporting upward, confirming, signing.

use crate::domain::checkin::{DayStep, plan};
use crate::domain::message::Time;
use crate::engine::Work;
use crate::store::checkin::days::{self, DayRules};
use crate::store::timers::{self, Timer};
use crate::store::{Error, Result};

impl Work<'_> {
    /// Fires a timer of the check-in.
    pub(in crate::engine) async fn fire_checkin(&mut self, timer: &Timer) -> Result<()> {
        match timer.kind.as_str() {
            "open" => self.fire_open(timer).await,
            "day" => self.fire_day(timer).await,
            "held" => self.fire_held(timer).await,
            "remind" => self.fire_remind(timer).await,
            other => Err(Error::Corrupt(format!("a timer of kind {other}"))),
        }
    }

    /// Fires a step of a day. A step that presses people waits for the end of quiet hours, and is judged again then.
    pub(in crate::engine) async fn fire_day(&mut self, timer: &Timer) -> Result<()> {
        let now = self.now;
        let Some(day) = self.day(timer.subject).await? else {
            return timers::finish(&mut self.tx, timer.id, "no such day", now).await;
        };
        let Some(what) = self.step_of(&day, timer.step) else {
            return timers::finish(&mut self.tx, timer.id, "no such step", now).await;
        };
        let open = self.open_for_pressing();
        if what.presses() && open > now {
            return timers::hold(&mut self.tx, timer.id, open, "held for quiet hours or a free day").await;
        }
        let note = if days::newest(&mut self.tx).await? == Some(day.id) || !what.presses() {
            self.step(&day, what, timer).await?
        } else {
            "the next day is open".to_owned()
        };
        timers::finish(&mut self.tx, timer.id, &note, now).await
    }

    pub(super) fn step_of(&self, day: &DayRules, step: i64) -> Option<DayStep> {
        let all = plan(&day.policy, day.date, day.opened_at, &self.settings().calendar);
        all.into_iter().find(|planned| planned.step == step).map(|planned| planned.what)
    }

    /// What a step does; the note says what that was.
    async fn step(&mut self, day: &DayRules, what: DayStep, timer: &Timer) -> Result<String> {
        match what {
            DayStep::AskGroups => self.ask_in_groups(day, timer).await,
            DayStep::AskPrivate => self.ask_private(day, timer).await,
            DayStep::Remind => self.remind_day(day, timer).await,
            DayStep::Escalate { to } => {
                self.refresh_group_prompts(day).await?;
                self.escalate_day(day, to, timer, None).await
            }
            DayStep::AskConfirm { .. }
            | DayStep::RemindConfirm { .. }
            | DayStep::EscalateConfirm { .. }
            | DayStep::AskSign
            | DayStep::EscalateSign
            | DayStep::EscalateFile => self.confirm_step(day, what).await,
        }
    }

    /// From when on people may be pressed: not in quiet hours, and on a free day only when check-ins are held every day.
    pub(super) fn open_for_pressing(&self) -> Time {
        let settings = self.settings();
        if settings.checkin.calendar {
            return settings.calendar.open_from(self.now);
        }
        settings.calendar.quiet_until(self.now).unwrap_or(self.now)
    }
}
