//! Asking and reminding in private: whoever can answer for somebody missing, a batch of people in one transaction, so that
//! answers are not held up.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use super::group::EVERYWHERE;
use crate::domain::message::{CheckinDue, Class, Toast};
use crate::engine::Work;
use crate::engine::press::Press;
use crate::store::checkin::asking::{self, Ask, Whom};
use crate::store::checkin::days::DayRules;
use crate::store::checkin::{expected, units};
use crate::store::timers::{self, Timer};
use crate::store::{Result, nudges, people};

/// About how many people are asked in one transaction.
const BATCH: usize = 250;
/// Whoever had a reminder so short a time ago saw the check-in listed there.
const A_MOMENT: TimeDelta = TimeDelta::minutes(10);

/// Where a step that goes on in batches has come to: the last account of the batch before. The first firing has the
/// version that a day's timers have.
pub(super) fn cursor(timer: &Timer) -> i64 {
    if timer.version > 1 { timer.version } else { 0 }
}

impl Work<'_> {
    /// The next batch of a step is done right after this one.
    pub(super) fn go_on(&mut self, timer: &Timer, after: i64) {
        let now = self.now;
        self.set_timer("day", timer.subject, after, timer.step, now);
    }

    /// Asks in the groups, and in private at once whoever no group asks: staff, classes without a chat, proxies, and
    /// guardians of those who cannot answer themselves.
    pub(super) async fn ask_in_groups(&mut self, day: &DayRules, timer: &Timer) -> Result<String> {
        let mut note = String::new();
        if cursor(timer) == 0 {
            note = self.ask_groups(day).await?;
        }
        let places = self.asked_chats(day).await?;
        let classes = |guardians: bool| -> Vec<i64> {
            places
                .iter()
                .filter(|place| place.guardians == guardians)
                .flat_map(|place| place.classes.clone())
                .collect()
        };
        let asked = self.ask_batch(day, timer, &classes(false), &classes(true)).await?;
        Ok(format!("{note}; {asked}"))
    }

    /// Asks everyone who is missing and was not asked in private yet.
    pub(super) async fn ask_private(&mut self, day: &DayRules, timer: &Timer) -> Result<String> {
        if cursor(timer) == 0 {
            self.refresh_group_prompts(day).await?;
        }
        self.ask_batch(day, timer, &[], &[]).await
    }

    async fn ask_batch(
        &mut self,
        day: &DayRules,
        timer: &Timer,
        classes: &[i64],
        guarded: &[i64],
    ) -> Result<String> {
        let whom = Whom {
            day: day.id,
            reports: day.policy.guardian_reports,
            path: EVERYWHERE,
            fresh: true,
            classes,
            guarded,
        };
        let asks = asking::to_ask(&mut self.tx, whom, cursor(timer), BATCH).await?;
        if let Some(last) = asks.last() {
            self.go_on(timer, last.account);
        }
        let note = format!("asked for {} people in private", asks.len());
        self.prompt_for(day, asks).await?;
        Ok(note)
    }

    /// One prompt for each account, for all it answers for.
    async fn prompt_for(&mut self, day: &DayRules, asks: Vec<Ask>) -> Result<()> {
        let mut about: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for ask in &asks {
            about.entry(ask.asker).or_default().push(ask.subject);
        }
        let askers: Vec<i64> = about.keys().copied().collect();
        let (locale, now) = (self.school_locale(), self.now);
        let addressees = people::addressees(&mut self.tx, &askers, locale).await?;
        let asked: Vec<_> = addressees
            .into_iter()
            .filter_map(|who| about.remove(&who.person).map(|subjects| (who, subjects)))
            .collect();
        self.prompt_all(day, &asked, Class::Prompt).await?;
        let subjects: Vec<i64> = asks.iter().map(|ask| ask.subject).collect();
        expected::prompted(&mut self.tx, day.id, &subjects, now).await
    }

    /// Reminds everyone who can answer for somebody missing, of all that is due to them. After the deadline it is left to
    /// the reports upward.
    pub(super) async fn remind_day(&mut self, day: &DayRules, timer: &Timer) -> Result<String> {
        if self.now >= day.deadline_at {
            return Ok("the deadline has passed".to_owned());
        }
        if cursor(timer) == 0 {
            self.refresh_group_prompts(day).await?;
        }
        let asks = self.nudge_batch(day, EVERYWHERE, cursor(timer)).await?;
        if let Some(last) = asks.last() {
            self.go_on(timer, last.account);
        }
        Ok(format!("reminded of {} people", asks.len()))
    }

    /// Has a batch of those who answer for the missing of a subtree reminded at the end of this transaction.
    async fn nudge_batch(&mut self, day: &DayRules, path: &str, after: i64) -> Result<Vec<Ask>> {
        let whom = Whom {
            day: day.id,
            reports: day.policy.guardian_reports,
            path,
            fresh: false,
            classes: &[],
            guarded: &[],
        };
        let asks = asking::to_ask(&mut self.tx, whom, after, BATCH).await?;
        let mut accounts = BTreeSet::new();
        let first_of_account = asks.iter().filter(|ask| accounts.insert(ask.account));
        let people: Vec<i64> = first_of_account.map(|ask| ask.asker).collect();
        let lately = nudges::lately(&mut self.tx, &people, self.now - A_MOMENT).await?;
        for person in people.into_iter().filter(|person| !lately.contains(person)) {
            self.nudge(person, false);
        }
        Ok(asks)
    }

    /// `/remind` for the check-in: everyone missing in a unit and below is reminded, batch by batch. Returns how many people
    /// can be asked.
    pub(in crate::engine) async fn remind_checkin(&mut self, unit: i64, path: &str) -> Result<u32> {
        let Some(day) = self.day_of_today().await? else { return Ok(0) };
        let whom = Whom {
            day: day.id,
            reports: day.policy.guardian_reports,
            path,
            fresh: false,
            classes: &[],
            guarded: &[],
        };
        let all = asking::to_ask(&mut self.tx, whom, 0, 1_000_000).await?;
        let accounts: BTreeSet<i64> = all.iter().map(|ask| ask.account).collect();
        if !accounts.is_empty() {
            let now = self.now;
            self.set_timer("remind", unit, 1, now.timestamp_millis(), now);
        }
        Ok(u32::try_from(accounts.len()).unwrap_or(u32::MAX))
    }

    /// Whether anybody in a unit or below is missing today.
    pub(in crate::engine) async fn owes_checkin(&mut self, path: &str) -> Result<bool> {
        let Some(day) = self.day_of_today().await? else { return Ok(false) };
        Ok(units::total(&mut self.tx, day.id, path).await?.missing > 0)
    }

    /// A batch of `/remind`.
    pub(super) async fn fire_remind(&mut self, timer: &Timer) -> Result<()> {
        let now = self.now;
        let unit = people::unit_known(&mut self.tx, timer.subject).await?;
        let mut note = "no day is open".to_owned();
        if let Some(day) = self.day_of_today().await? {
            let asks = self.nudge_batch(&day, &unit.path, cursor(timer)).await?;
            if let Some(last) = asks.last() {
                self.set_timer("remind", timer.subject, last.account, timer.step, now);
            }
            note = format!("reminded of {} people", asks.len());
        }
        timers::finish(&mut self.tx, timer.id, &note, now).await
    }

    /// The day that is open, as long as it is its date.
    pub(in crate::engine) async fn day_of_today(&mut self) -> Result<Option<std::sync::Arc<DayRules>>> {
        let day = self.current_day().await?;
        let today = self.settings().calendar.date(self.now);
        Ok(day.filter(|day| day.date == today))
    }

    /// 去打卡 in a reminder or in `/today`: as the command does.
    pub(in crate::engine) async fn press_checkin_due(&mut self, press: &Press<'_>) -> Result<Toast> {
        self.checkin(press.actor).await?;
        Ok(Toast::Quiet)
    }

    /// The check-ins that are due to these people today, for themselves and for others, with the people they are about.
    pub(in crate::engine) async fn checkins_due(
        &mut self,
        people: &[i64],
    ) -> Result<BTreeMap<i64, (CheckinDue, Vec<i64>)>> {
        let Some(day) = self.day_of_today().await? else { return Ok(BTreeMap::new()) };
        let asks = asking::asked_of(&mut self.tx, day.id, day.policy.guardian_reports, people).await?;
        let others: Vec<i64> =
            asks.iter().filter(|ask| ask.asker != ask.subject).map(|ask| ask.subject).collect();
        let names = people::names(&mut self.tx, &others).await?;
        let mut due: BTreeMap<i64, (CheckinDue, Vec<i64>)> = BTreeMap::new();
        for ask in asks {
            let (deadline, others) = (day.deadline_at, Vec::new());
            let none = CheckinDue { day: day.id, deadline, own: false, others, done: false };
            let (item, subjects) = due.entry(ask.asker).or_insert((none, Vec::new()));
            subjects.push(ask.subject);
            item.own |= ask.asker == ask.subject;
            item.others.extend(names.get(&ask.subject).filter(|_| ask.asker != ask.subject).cloned());
        }
        Ok(due)
    }
}
