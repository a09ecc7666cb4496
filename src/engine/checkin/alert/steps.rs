//! What happens to an alert while nothing is done: nobody takes it, no authority is told, the next morning comes.

use chrono::{Days, NaiveTime, TimeDelta};

use super::{Case, TIMER, Told};
use crate::domain::alert::{Alert, Event, UNTAKEN};
use crate::domain::checkin::day_id;
use crate::domain::message::{AlertHead, Time};
use crate::engine::Work;
use crate::store::timers::{self, Timer};
use crate::store::{Result, alerts, people};

/// The first step of the clocks; each clock has two: half of its time, and all of it.
const CLOCKS: i64 = 10;
/// From here on a step is the date of a morning.
const MORNINGS: i64 = 10_000_000;

impl Work<'_> {
    /// Sets the timers of an alert that was raised.
    pub(super) fn watch_over(&mut self, case: &Case) {
        let Some(alert) = &case.alert else { return };
        let (id, round) = (case.id.id, i64::from(alert.round));
        for (step, after) in (0..).zip(UNTAKEN) {
            self.set_timer(TIMER, id, round, step, alert.opened_at + after);
        }
        self.ask_in_the_morning(id, round);
    }

    fn ask_in_the_morning(&mut self, id: i64, round: i64) {
        let morning = self.next_morning();
        let step = day_id(self.settings().calendar.date(morning));
        self.set_timer(TIMER, id, round, step, morning);
    }

    /// When people are asked on the day after this one.
    fn next_morning(&self) -> Time {
        let (calendar, checkin) = (&self.settings().calendar, &self.settings().checkin);
        let tomorrow = calendar.instant(calendar.date(self.now) + Days::new(1), NaiveTime::MIN);
        calendar.next_cron(&checkin.open, tomorrow).unwrap_or(tomorrow + TimeDelta::hours(8))
    }

    /// From now on an authority must be told within this time (C8).
    pub(super) async fn start_clock(&mut self, case: &mut Case, within: TimeDelta) -> Result<()> {
        if !self.happens(case, (0, None), Event::Clock { within }).await? {
            return Ok(());
        }
        let alert = case.known()?;
        let Some(clock) = alert.clock else { return Ok(()) };
        let (id, round, first) = (case.id.id, i64::from(alert.round), CLOCKS + 2 * i64::from(clock.number));
        self.set_timer(TIMER, id, round, first, clock.half());
        self.set_timer(TIMER, id, round, first + 1, clock.due());
        Ok(())
    }

    /// Fires a timer of an alert.
    pub(in crate::engine) async fn fire_alert(&mut self, timer: &Timer) -> Result<()> {
        let now = self.now;
        let id = alerts::get(&mut self.tx, timer.subject).await?;
        let Some(id) = id else { return timers::finish(&mut self.tx, timer.id, "no such alert", now).await };
        let mut case = self.alert_case(id).await?;
        let alive = |alert: &Alert| alert.is_open() && i64::from(alert.round) == timer.version;
        let Some(alert) = case.alert.clone().filter(alive) else {
            return timers::finish(&mut self.tx, timer.id, "cleared before", now).await;
        };
        let released = self.settings().calendar.open_from(now);
        if timer.step >= MORNINGS && released > now {
            return timers::hold(&mut self.tx, timer.id, released, "held for quiet hours or a free day")
                .await;
        }
        let note = match timer.step {
            step if step >= MORNINGS => self.ask_to_follow_up(&mut case, &alert).await?,
            step if step >= CLOCKS => self.clock_step(&mut case, &alert, step - CLOCKS).await?,
            step => self.bring_up(&mut case, &alert, step).await?,
        };
        timers::finish(&mut self.tx, timer.id, &note, now).await
    }

    /// Nobody is on it: first the leaders are told, then everyone again.
    async fn bring_up(&mut self, case: &mut Case, alert: &Alert, step: i64) -> Result<String> {
        let now = self.now;
        let place = usize::try_from(step).unwrap_or_default();
        // After an outage the last of several that are due says it all.
        if UNTAKEN.get(place + 1).is_some_and(|after| alert.opened_at + *after <= now) {
            return Ok("a later step is due as well".to_owned());
        }
        let time = u32::try_from(place).unwrap_or_default() + 1;
        if !self.happens(case, (0, None), Event::Escalated { time }).await? {
            return Ok("taken before".to_owned());
        }
        let mut people = self.alert_leaders(&case.id).await?;
        if place > 0 {
            let others = self.alert_audience(&case.id).await?;
            people.extend(others);
            people = super::to_be_told(people, &case.id);
        }
        let minutes = u32::try_from((now - alert.opened_at).num_minutes()).unwrap_or_default();
        self.inform_of_alert(case, &people, AlertHead::Untaken { minutes }).await?;
        Ok(format!("told {} people", people.len()))
    }

    /// Half of the time to tell an authority is over, or all of it.
    async fn clock_step(&mut self, case: &mut Case, alert: &Alert, step: i64) -> Result<String> {
        let running = alert.running().filter(|clock| i64::from(clock.number) == step / 2);
        let Some(clock) = running else { return Ok("told before".to_owned()) };
        if step % 2 == 0 {
            if clock.due() <= self.now {
                return Ok("the whole time is over".to_owned());
            }
            let people = self.on_it(case, alert).await?;
            self.inform_of_alert(case, &people, AlertHead::Half).await?;
            return Ok(format!("reminded {} people", people.len()));
        }
        self.happens(case, (0, None), Event::Overdue).await?;
        let mut people = self.on_it(case, alert).await?;
        people.extend(self.alert_audience(&case.id).await?);
        people.extend(self.alert_leaders(&case.id).await?);
        let people = super::to_be_told(people, &case.id);
        self.inform_of_alert(case, &people, AlertHead::Overdue).await?;
        Ok(format!("told {} people", people.len()))
    }

    /// The next morning: whoever is on it is asked how it goes on.
    async fn ask_to_follow_up(&mut self, case: &mut Case, alert: &Alert) -> Result<String> {
        let people = self.on_it(case, alert).await?;
        self.inform_of_alert(case, &people, AlertHead::FollowUp).await?;
        self.ask_in_the_morning(case.id.id, i64::from(alert.round));
        Ok(format!("asked {} people", people.len()))
    }

    /// Whoever has taken it; where nobody has, or they cannot be reached, all who were told at once.
    async fn on_it(&mut self, case: &Case, alert: &Alert) -> Result<Vec<Told>> {
        let locale = self.school_locale();
        if let Some((person, _)) = alert.taken {
            let tier = alert.informed.get(&person).and_then(|(_, tier)| *tier);
            let found = people::addressees(&mut self.tx, &[person], locale).await?;
            let found = super::to_be_told(found.into_iter().map(|who| (who, tier)).collect(), &case.id);
            if !found.is_empty() {
                return Ok(found);
            }
        }
        self.alert_audience(&case.id).await
    }
}
