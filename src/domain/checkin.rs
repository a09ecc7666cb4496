//! The check-in of a day: what it runs by, what happens when, and how a person stands (C1–C5).

use chrono::{Datelike, NaiveDate, NaiveTime, TimeDelta};
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
pub use super::figures::PersonState;
use super::message::Time;
use super::policy::seconds;
pub use opening::{Opening, next_opening};

mod opening;

/// How people are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prompt {
    /// Each in private.
    Private,
    /// In the class group.
    Group,
    /// In the class group, and in private who has not answered after `private_after`.
    GroupThenPrivate,
}

/// For whom a guardian reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuardianReports {
    /// For nobody.
    Never,
    /// For a student who is not bound.
    Unbound,
    /// For every student (C5).
    Always,
}

/// A time of day at which the missing are reported upward (B3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upward {
    /// When.
    pub at: NaiveTime,
    /// The position of the tier whose responsible persons are told.
    pub to: usize,
}

/// What a day runs by. It is fixed when the day opens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DayPolicy {
    /// Until when a report is in time (C1).
    pub deadline: NaiveTime,
    /// How people are asked.
    pub prompt: Prompt,
    /// When the group did not suffice.
    #[serde(with = "seconds")]
    pub private_after: TimeDelta,
    /// Private reminders.
    pub remind: Vec<NaiveTime>,
    /// Reports upward.
    pub escalate: Vec<Upward>,
    /// How long "I am on it" holds the next report upward.
    #[serde(with = "seconds")]
    pub hold: TimeDelta,
    /// For whom guardians report.
    pub guardian_reports: GuardianReports,
    /// When a class's figures are confirmed (D1).
    pub class_due: NaiveTime,
    /// When a college's figures are confirmed.
    pub college_due: NaiveTime,
    /// When the day is signed (D3).
    pub sign_by: NaiveTime,
    /// When it is filed with the authority, if it must be.
    pub file_by: Option<NaiveTime>,
}

/// In whose name a report was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// By oneself.
    Own,
    /// By a guardian (C5).
    Guardian,
    /// By a named proxy (C5).
    Proxy,
    /// By a counselor who has phoned.
    Phone,
}

impl Way {
    /// The word of the database.
    pub fn word(self) -> &'static str {
        match self {
            Way::Own => "self",
            Way::Guardian => "guardian",
            Way::Proxy => "proxy",
            Way::Phone => "phone",
        }
    }

    /// The way of a word.
    pub fn from_word(word: &str) -> Option<Way> {
        [Way::Own, Way::Guardian, Way::Proxy, Way::Phone].into_iter().find(|way| way.word() == word)
    }
}

/// Something that happens at a set moment of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayStep {
    /// Class groups are asked; in private at once whoever no group reaches.
    AskGroups,
    /// Whoever is missing is asked in private.
    AskPrivate,
    /// Whoever is missing is reminded in private.
    Remind,
    /// Whoever is missing is reported to those responsible at this tier.
    Escalate { to: usize },
    /// Those responsible for the units of this tier are asked for their figures.
    AskConfirm { tier: usize },
    /// Those who have not confirmed, or whose figures changed since, are asked once more.
    RemindConfirm { tier: usize },
    /// Units of this tier without a confirmation are reported one tier up.
    EscalateConfirm { tier: usize },
    /// Whoever signs is asked to.
    AskSign,
    /// The day is not signed: the leaders are told (D4).
    EscalateSign,
    /// The signed figures are not recorded as filed.
    EscalateFile,
}

impl DayStep {
    /// Whether it presses people, so that it waits for the end of quiet hours and is judged again; asking does not.
    pub fn presses(self) -> bool {
        match self {
            DayStep::AskGroups | DayStep::AskPrivate | DayStep::AskConfirm { .. } | DayStep::AskSign => false,
            DayStep::Remind
            | DayStep::Escalate { .. }
            | DayStep::RemindConfirm { .. }
            | DayStep::EscalateConfirm { .. }
            | DayStep::EscalateSign
            | DayStep::EscalateFile => true,
        }
    }
}

/// A step with its moment. `step` is unique in the day and stays the same in every plan of the same policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlannedStep {
    pub step: i64,
    pub what: DayStep,
    pub at: Time,
}

/// How long before a due whoever has not confirmed is asked once more.
const BEFORE_DUE: TimeDelta = TimeDelta::minutes(10);

/// Everything that will happen on a day if nobody answers, in order. What lay before the day opened: questions are
/// asked at once, reminders are left out, and what is owed upward comes at once.
pub fn plan(policy: &DayPolicy, date: NaiveDate, opened_at: Time, calendar: &Calendar) -> Vec<PlannedStep> {
    let local = |time: NaiveTime| calendar.instant(date, time);
    let mut steps = Vec::new();
    let mut add = |step: i64, what: DayStep, at: Time| {
        let missed = matches!(what, DayStep::Remind | DayStep::RemindConfirm { .. }) && at < opened_at;
        if !missed {
            steps.push(PlannedStep { step, what, at: at.max(opened_at) });
        }
    };
    if policy.prompt != Prompt::Private {
        add(1, DayStep::AskGroups, opened_at);
    }
    match policy.prompt {
        Prompt::Private => add(0, DayStep::AskPrivate, opened_at),
        Prompt::GroupThenPrivate => add(0, DayStep::AskPrivate, opened_at + policy.private_after),
        Prompt::Group => {}
    }
    for (step, at) in (100..).zip(&policy.remind) {
        add(step, DayStep::Remind, local(*at));
    }
    for (step, up) in (200..).zip(&policy.escalate) {
        add(step, DayStep::Escalate { to: up.to }, local(up.at));
    }
    let asked = [(2, policy.deadline, policy.class_due), (1, policy.class_due, policy.college_due)];
    for (step, (tier, from, due)) in (300..).step_by(10).zip(asked) {
        add(step, DayStep::AskConfirm { tier }, local(from));
        let again = local(due) - BEFORE_DUE;
        if again > local(from) {
            add(step + 1, DayStep::RemindConfirm { tier }, again);
        }
        add(step + 2, DayStep::EscalateConfirm { tier }, local(due));
    }
    add(400, DayStep::AskSign, local(policy.college_due));
    add(401, DayStep::EscalateSign, local(policy.sign_by));
    if let Some(by) = policy.file_by {
        add(402, DayStep::EscalateFile, local(by));
    }
    steps.sort_by_key(|planned| (planned.at, planned.step));
    steps
}

/// A local date as the number that names its day: 20261122.
pub fn day_id(date: NaiveDate) -> i64 {
    i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day())
}

/// The local date of a day's number; `None` for a number that is no date.
pub fn date_of(day: i64) -> Option<NaiveDate> {
    let part = |number: i64| u32::try_from(number).ok();
    NaiveDate::from_ymd_opt(i32::try_from(day / 10_000).ok()?, part(day / 100 % 100)?, part(day % 100)?)
}

/// Whether a day is one for check-ins: `follows` is `checkin.calendar`.
pub fn is_checkin_day(calendar: &Calendar, follows: bool, date: NaiveDate) -> bool {
    !follows || calendar.is_school_day(date)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn time(text: &str) -> NaiveTime {
        NaiveTime::parse_from_str(text, "%H:%M").expect("a time")
    }

    fn policy() -> DayPolicy {
        DayPolicy {
            deadline: time("09:00"),
            prompt: Prompt::GroupThenPrivate,
            private_after: TimeDelta::minutes(45),
            remind: vec![time("08:20"), time("08:45")],
            escalate: vec![Upward { at: time("09:00"), to: 2 }, Upward { at: time("09:20"), to: 1 }],
            hold: TimeDelta::minutes(20),
            guardian_reports: GuardianReports::Never,
            class_due: time("09:30"),
            college_due: time("10:00"),
            sign_by: time("11:00"),
            file_by: None,
        }
    }

    fn planned(opened: &str) -> Vec<(String, DayStep)> {
        let calendar = Calendar::plain(chrono_tz::Asia::Shanghai);
        let date = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a date");
        plan(&policy(), date, calendar.instant(date, time(opened)), &calendar)
            .into_iter()
            .map(|planned| (calendar.local(planned.at).format("%H:%M").to_string(), planned.what))
            .collect()
    }

    #[test]
    fn a_day_runs_by_its_policy() {
        let expected = [
            ("07:00", DayStep::AskGroups),
            ("07:45", DayStep::AskPrivate),
            ("08:20", DayStep::Remind),
            ("08:45", DayStep::Remind),
            ("09:00", DayStep::Escalate { to: 2 }),
            ("09:00", DayStep::AskConfirm { tier: 2 }),
            ("09:20", DayStep::Escalate { to: 1 }),
            ("09:20", DayStep::RemindConfirm { tier: 2 }),
            ("09:30", DayStep::EscalateConfirm { tier: 2 }),
            ("09:30", DayStep::AskConfirm { tier: 1 }),
            ("09:50", DayStep::RemindConfirm { tier: 1 }),
            ("10:00", DayStep::EscalateConfirm { tier: 1 }),
            ("10:00", DayStep::AskSign),
            ("11:00", DayStep::EscalateSign),
        ];
        assert_eq!(planned("07:00"), expected.map(|(at, what)| (at.to_owned(), what)));
    }

    #[test]
    fn a_late_start_asks_at_once_and_reminds_of_nothing_past() {
        let late = planned("08:30");
        assert_eq!(late[0], ("08:30".to_owned(), DayStep::AskGroups));
        assert_eq!(late[1], ("08:45".to_owned(), DayStep::Remind));
        assert_eq!(late.iter().filter(|(_, what)| *what == DayStep::Remind).count(), 1);
        assert!(late.contains(&("09:15".to_owned(), DayStep::AskPrivate)));
        let very_late = planned("09:10");
        assert_eq!(very_late[0].0, "09:10");
        assert!(very_late.iter().all(|(_, what)| *what != DayStep::Remind));
    }

    /// Local times in the hours that clocks skip or repeat (R13).
    fn nightly() -> DayPolicy {
        DayPolicy {
            deadline: time("02:30"),
            prompt: Prompt::Private,
            remind: vec![time("01:30"), time("02:00"), time("02:15")],
            escalate: vec![Upward { at: time("02:30"), to: 2 }, Upward { at: time("02:45"), to: 1 }],
            class_due: time("02:40"),
            college_due: time("03:00"),
            sign_by: time("03:30"),
            ..policy()
        }
    }

    proptest! {
        #[test]
        fn in_every_zone_each_step_of_a_day_comes_once_and_in_order(
            zone in prop::sample::select(vec![
                chrono_tz::Europe::Berlin,
                chrono_tz::America::Chicago,
                chrono_tz::Australia::Lord_Howe,
                chrono_tz::Asia::Tehran,
                chrono_tz::Pacific::Kiritimati,
            ]),
            days in 0_u64..4000,
            opens in prop::sample::select(vec!["00:00", "01:30", "02:30"]),
        ) {
            let calendar = Calendar::plain(zone);
            let date = NaiveDate::from_ymd_opt(2018, 1, 1).expect("a date") + chrono::Days::new(days);
            let opened = calendar.instant(date, time(opens));
            let steps = plan(&nightly(), date, opened, &calendar);
            let mut numbers: Vec<i64> = steps.iter().map(|planned| planned.step).collect();
            numbers.sort_unstable();
            numbers.dedup();
            prop_assert_eq!(numbers.len(), steps.len());
            prop_assert!(steps.windows(2).all(|two| two[0].at <= two[1].at));
            prop_assert!(steps.iter().all(|planned| planned.at >= opened));
            prop_assert!(steps.iter().all(|planned| calendar.date(planned.at) == date), "on its own local date");
            let reminders = steps.iter().filter(|planned| planned.what == DayStep::Remind).count();
            let still_due = nightly().remind.iter().filter(|at| calendar.instant(date, **at) >= opened).count();
            prop_assert_eq!(reminders, still_due);
            let upward = steps.iter().filter(|planned| matches!(planned.what, DayStep::Escalate { .. })).count();
            prop_assert_eq!(upward, 2);
        }
    }

    #[test]
    fn steps_are_unique_and_days_read_back() {
        let calendar = Calendar::plain(chrono_tz::Asia::Shanghai);
        let date = NaiveDate::from_ymd_opt(2028, 2, 29).expect("a leap day");
        let steps = plan(&policy(), date, calendar.instant(date, time("07:00")), &calendar);
        let mut numbers: Vec<i64> = steps.iter().map(|planned| planned.step).collect();
        numbers.sort_unstable();
        numbers.dedup();
        assert_eq!(numbers.len(), steps.len());
        assert_eq!(day_id(date), 20_280_229);
        assert_eq!(date_of(20_280_229), Some(date));
        assert_eq!(date_of(20_270_229), None);
        assert_eq!(date_of(-1), None);
    }
}
