//! Local days and hours of a school: what "tomorrow at half past seven" is in UTC, when it is quiet,
//! which days count.
//!
//! The rule for hours that the clocks skip or repeat: a local time that does not exist is the first
//! moment after the gap; a local time that exists twice is the first of the two. Schedules are
//! evaluated on local dates, so each slot comes once per local day (R13).

use std::fmt;
use std::str::FromStr;

use chrono::{
    DateTime, Datelike, Days, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc,
    Weekday,
};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// Further than any real offset from UTC, in hours.
const BEYOND_ANY_OFFSET: i64 = 15;
/// How many days ahead are searched for one that counts.
const SEARCHED_DAYS: u32 = 400;

/// A span of the local day, possibly over midnight; the end does not belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietHours {
    /// When it begins.
    pub start: NaiveTime,
    /// When it ends: on the next day if it is not after `start`.
    pub end: NaiveTime,
}

/// A range of dates, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateRange {
    /// The first day.
    pub first: NaiveDate,
    /// The last day.
    pub last: NaiveDate,
}

impl DateRange {
    /// Whether `date` lies in the range.
    #[must_use]
    pub fn contains(&self, date: NaiveDate) -> bool {
        (self.first..=self.last).contains(&date)
    }
}

/// A cron expression with seconds, to be read on local dates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cron(cron::Schedule);

impl Cron {
    /// The expression as it was written.
    #[must_use]
    pub fn expression(&self) -> &str {
        self.0.source()
    }
}

impl FromStr for Cron {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let fields: Vec<&str> = text.split_whitespace().collect();
        if !text.starts_with('@') && !(6..=7).contains(&fields.len()) {
            return Err(format!("a cron expression has six fields, seconds first, not {}", fields.len()));
        }
        if fields.get(5).is_some_and(|days| names_no_weekdays(days)) {
            return Err("weekdays are written by name, such as Mon-Fri".to_owned());
        }
        cron::Schedule::from_str(text).map(Self).map_err(|error| error.to_string())
    }
}

/// Numbers of weekdays mean another day in every program; a step such as `*/2` likewise.
fn names_no_weekdays(days: &str) -> bool {
    days.contains(|character: char| character.is_ascii_digit())
}

impl TryFrom<String> for Cron {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Cron> for String {
    fn from(cron: Cron) -> Self {
        cron.expression().to_owned()
    }
}

impl fmt::Display for Cron {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self.expression())
    }
}

/// The calendar of a school.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    /// The time zone of all local times.
    pub timezone: Tz,
    /// When reminders and escalations wait.
    pub quiet: Option<QuietHours>,
    /// Weekdays that do not count.
    pub weekend: Vec<Weekday>,
    /// Further days that do not count.
    pub holidays: Vec<DateRange>,
    /// Days that count although they are a weekend or a holiday.
    pub workdays: Vec<NaiveDate>,
}

impl Calendar {
    /// A calendar of `timezone` where every day counts and no hour is quiet.
    #[must_use]
    pub fn plain(timezone: Tz) -> Self {
        Self { timezone, quiet: None, weekend: Vec::new(), holidays: Vec::new(), workdays: Vec::new() }
    }

    /// What the clock on the wall shows at `instant`.
    #[must_use]
    pub fn local(&self, instant: DateTime<Utc>) -> NaiveDateTime {
        instant.with_timezone(&self.timezone).naive_local()
    }

    /// The local date at `instant`.
    #[must_use]
    pub fn date(&self, instant: DateTime<Utc>) -> NaiveDate {
        self.local(instant).date()
    }

    /// When a local day begins, and when the next one does.
    #[must_use]
    pub fn span(&self, date: NaiveDate) -> (DateTime<Utc>, DateTime<Utc>) {
        let midnight = |date| self.instant(date, NaiveTime::MIN);
        (midnight(date), midnight(date + Days::new(1)))
    }

    /// `instant` as local time in the form `2026-11-22 09:00`.
    #[must_use]
    pub fn format_local(&self, instant: DateTime<Utc>) -> String {
        self.local(instant).format("%Y-%m-%d %H:%M").to_string()
    }

    /// The instant of a local date and time. A time that the clocks skip is the first moment after
    /// the gap, one that comes twice is the first of the two (R13).
    #[must_use]
    pub fn instant(&self, date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
        let local = date.and_time(time);
        match self.timezone.from_local_datetime(&local) {
            MappedLocalTime::Single(instant) | MappedLocalTime::Ambiguous(instant, _) => {
                instant.with_timezone(&Utc)
            }
            MappedLocalTime::None => self.end_of_gap(local),
        }
    }

    /// The first whole second whose local time is `local` or later, by halving a span that holds
    /// the gap whatever the offset is.
    fn end_of_gap(&self, local: NaiveDateTime) -> DateTime<Utc> {
        let around = TimeDelta::hours(BEYOND_ANY_OFFSET);
        let mut before = (local - around).and_utc().timestamp();
        let mut after = (local + around).and_utc().timestamp();
        while after - before > 1 {
            let middle = before + (after - before) / 2;
            if self.local(at_second(middle)) < local {
                before = middle;
            } else {
                after = middle;
            }
        }
        at_second(after)
    }

    /// When the quiet hours around `now` end; nothing outside them.
    #[must_use]
    pub fn quiet_until(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let quiet = self.quiet?;
        let today = self.date(now);
        let nights = if quiet.end > quiet.start { 0 } else { 1 };
        [today.pred_opt(), Some(today)].into_iter().flatten().find_map(|first| {
            let last = first.checked_add_days(Days::new(nights))?;
            let start = self.instant(first, quiet.start);
            let end = self.instant(last, quiet.end);
            (start <= now && now < end).then_some(end)
        })
    }

    /// Whether check-ins, reminders and escalations happen on `date`.
    #[must_use]
    pub fn is_school_day(&self, date: NaiveDate) -> bool {
        self.workdays.contains(&date)
            || !(self.weekend.contains(&date.weekday())
                || self.holidays.iter().any(|range| range.contains(date)))
    }

    /// The first instant from `now` on at which a reminder or escalation may go out: neither in
    /// quiet hours nor on a day that does not count. It is `now` when it may go out at once.
    #[must_use]
    pub fn open_from(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let mut moment = now;
        for _ in 0..SEARCHED_DAYS {
            let date = self.date(moment);
            if !self.is_school_day(date) {
                moment = self.instant(date + Days::new(1), NaiveTime::MIN);
            } else if let Some(end) = self.quiet_until(moment) {
                moment = end;
            } else {
                return moment;
            }
        }
        moment
    }

    /// The next slot of `cron` strictly after `after`. The expression is read on local dates: each
    /// slot comes once per local day; slots in a skipped hour come together at the end of the gap,
    /// slots in an hour that comes twice come the first time; those of a skipped day do not come
    /// (R13). Nothing when the expression has no further slot.
    #[must_use]
    pub fn next_cron(&self, cron: &Cron, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        // The expression knows no zone: it is asked for wall-clock times as if they were UTC.
        let wall = self.local(after) - TimeDelta::seconds(1);
        cron.0
            .after(&wall.and_utc())
            .map(|slot| slot.naive_utc())
            .filter(|slot| self.has_day(slot.date()))
            .map(|slot| self.instant(slot.date(), slot.time()))
            .find(|instant| *instant > after)
    }

    /// Whether the local date exists: some islands have crossed the date line.
    fn has_day(&self, date: NaiveDate) -> bool {
        self.date(self.instant(date, NaiveTime::MIN)) == date
    }
}

fn at_second(timestamp: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(timestamp, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

#[cfg(test)]
#[path = "calendar/tests.rs"]
mod tests;
