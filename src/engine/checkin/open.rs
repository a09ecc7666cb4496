//! A day opens: every expected person has a row before anybody answers (invariant 9), and everything that will happen
//! until it is signed is set as timers.

use chrono::TimeDelta;
use serde_json::json;

use super::group::EVERYWHERE;
use crate::domain::checkin::{Opening, date_of, day_id, next_opening, plan};
use crate::engine::{Engine, Work};
use crate::store::checkin::days::{self, DayRules};
use crate::store::checkin::{expected, units};
use crate::store::timers::{self, NewTimer, Timer};
use crate::store::{Result, people};

/// How often it is looked whether a roster has come, while a day waits for one.
const WITHOUT_ROSTER: TimeDelta = TimeDelta::minutes(1);
/// How many people, and units, are written down in one transaction.
const PEOPLE: u64 = 4_000;
const UNITS: usize = 250;
/// Timers of a day and of its opening have one policy version: what a day runs by never changes.
const VERSION: i64 = 1;

impl Engine {
    /// Sets the timer that opens the next day, by the configuration as it is now: at every start. A start between the
    /// opening and the deadline opens today at once.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn prepare_days(&self) -> Result<()> {
        let mut work = self.begin().await?;
        work.prepare_next_day().await?;
        work.prepare_digests().await?;
        work.finish().await
    }
}

impl Work<'_> {
    /// Sets the timer of the next opening, in place of any that waits.
    pub(in crate::engine) async fn prepare_next_day(&mut self) -> Result<()> {
        let Some(next) = self.next_opening().await? else { return Ok(()) };
        let timer = NewTimer { kind: "open", subject: next.day, version: VERSION, step: 0, due_at: next.at };
        let now = self.now;
        timers::set_only(&mut self.tx, &timer, now).await
    }

    /// When the next day opens, by the configuration as it is now; `None` when none ever does.
    pub(in crate::engine) async fn next_opening(&mut self) -> Result<Option<Opening>> {
        let settings = self.settings();
        let (rules, calendar) = (&settings.checkin, &settings.calendar);
        let there = days::there_from(&mut self.tx, day_id(calendar.date(self.now))).await?;
        Ok(next_opening(&rules.open, rules.policy.deadline, rules.calendar, calendar, self.now, &there))
    }

    /// The moment has come to open a day. Whatever became of that, the next opening is set.
    pub(in crate::engine) async fn fire_open(&mut self, timer: &Timer) -> Result<()> {
        let now = self.now;
        if people::root(&mut self.tx).await?.is_none() && self.is_still_time(timer.subject) {
            let later = now + WITHOUT_ROSTER;
            return timers::hold(&mut self.tx, timer.id, later, "there is no roster yet").await;
        }
        let Some(note) = self.open_day(timer.subject).await? else {
            return timers::hold(&mut self.tx, timer.id, now, "it is being opened, batch by batch").await;
        };
        timers::finish(&mut self.tx, timer.id, &note, now).await?;
        self.prepare_next_day().await
    }

    /// Whether the deadline of a day, by the configuration as it is now, lies ahead.
    fn is_still_time(&self, day: i64) -> bool {
        let settings = self.settings();
        let deadline = |date| settings.calendar.instant(date, settings.checkin.policy.deadline);
        date_of(day).is_some_and(|date| deadline(date) > self.now)
    }

    /// Opens a day by the configuration as it is now, which it keeps until its end (invariant 10). `None`: there is more
    /// to be done first. A large school is written down in batches, so that updates are taken meanwhile; nobody sees the
    /// day before everybody's row is there.
    async fn open_day(&mut self, day: i64) -> Result<Option<String>> {
        let said = |why: &str| Ok(Some(why.to_owned()));
        let Some(date) = date_of(day) else { return said("no date") };
        let settings = self.settings();
        let (rules, calendar, now) = (&settings.checkin, &settings.calendar, self.now);
        if calendar.date(now) != date {
            return said("its day is over");
        }
        let rules = DayRules {
            id: day,
            date,
            form: rules.form.clone(),
            policy: rules.policy.clone(),
            opened_at: now,
            deadline_at: calendar.instant(date, rules.policy.deadline),
        };
        if people::root(&mut self.tx).await?.is_none() || days::state(&mut self.tx, day).await?.is_some() {
            return said("nobody to ask, or open already");
        }
        if expected::next(&mut self.tx, day, PEOPLE).await? == PEOPLE
            || units::next(&mut self.tx, day, UNITS).await? == UNITS
        {
            return Ok(None);
        }
        if !days::open(&mut self.tx, &rules).await? {
            return said("open already");
        }
        let expected = units::total(&mut self.tx, day, EVERYWHERE).await?.expected;
        for planned in plan(&rules.policy, date, now, calendar) {
            self.set_timer("day", day, VERSION, planned.step, planned.at);
        }
        self.record(None, "day.open", format!("day:{day}"), json!({ "expected": expected }));
        Ok(Some(format!("opened for {expected} people")))
    }
}
