//! When the next day opens: each slot once per local day, whatever the clocks do (R13).

use std::collections::BTreeSet;

use chrono::{Days, NaiveTime, TimeDelta};

use super::{day_id, is_checkin_day};
use crate::domain::calendar::{Calendar, Cron};
use crate::domain::message::Time;

/// How many local days ahead are searched for one that opens.
const SEARCHED_DAYS: u32 = 800;

/// A day that is to open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// The number that names it.
    pub day: i64,
    /// When.
    pub at: Time,
}

/// The next day to open. Of a local date only the first slot of `open` counts; when it has passed, the day opens at once
/// while its deadline lies ahead (a late start) and is left out after that. Days in `there` are open already, so that a
/// clock that was set back opens nothing twice. `follows` is `checkin.calendar`.
#[must_use]
pub fn next_opening(
    open: &Cron,
    deadline: NaiveTime,
    follows: bool,
    calendar: &Calendar,
    now: Time,
    there: &BTreeSet<i64>,
) -> Option<Opening> {
    let second = TimeDelta::seconds(1);
    let mut after = calendar.instant(calendar.date(now), NaiveTime::MIN) - second;
    for _ in 0..SEARCHED_DAYS {
        let slot = calendar.next_cron(open, after)?;
        let date = calendar.date(slot);
        let day = day_id(date);
        let wanted = !there.contains(&day) && is_checkin_day(calendar, follows, date);
        if wanted && slot > now {
            return Some(Opening { day, at: slot });
        }
        if wanted && calendar.instant(date, deadline) > now {
            return Some(Opening { day, at: now });
        }
        after = calendar.instant(date + Days::new(1), NaiveTime::MIN) - second;
    }
    None
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;
    use proptest::prelude::*;

    use super::*;

    fn cron(text: &str) -> Cron {
        text.parse().expect("a schedule")
    }

    fn time(text: &str) -> NaiveTime {
        NaiveTime::parse_from_str(text, "%H:%M").expect("a time")
    }

    fn at(text: &str) -> Time {
        text.parse().expect("a moment")
    }

    fn shanghai() -> Calendar {
        Calendar::plain(chrono_tz::Asia::Shanghai)
    }

    fn next(calendar: &Calendar, now: &str, there: &[i64]) -> Opening {
        let there = there.iter().copied().collect();
        next_opening(&cron("0 0 7 * * *"), time("09:00"), true, calendar, at(now), &there)
            .expect("some day opens")
    }

    #[test]
    fn a_start_between_opening_and_deadline_opens_at_once() {
        let early = Opening { day: 20_261_123, at: at("2026-11-22T23:00:00Z") };
        assert_eq!(next(&shanghai(), "2026-11-22T22:59:59Z", &[]), early);
        let late = next(&shanghai(), "2026-11-23T00:59:59Z", &[]);
        assert_eq!(late, Opening { day: 20_261_123, at: at("2026-11-23T00:59:59Z") });
        let tomorrow = Opening { day: 20_261_124, at: at("2026-11-23T23:00:00Z") };
        assert_eq!(next(&shanghai(), "2026-11-23T01:00:00Z", &[]), tomorrow, "the deadline has passed");
        assert_eq!(next(&shanghai(), "2026-11-22T23:30:00Z", &[20_261_123]), tomorrow, "it is open");
    }

    #[test]
    fn a_clock_set_back_opens_nothing_twice() {
        let there = [20_261_122, 20_261_123];
        assert_eq!(next(&shanghai(), "2026-11-21T20:00:00Z", &there).day, 20_261_124);
    }

    #[test]
    fn free_days_are_left_out_and_working_saturdays_are_not() {
        let saturday = chrono::NaiveDate::from_ymd_opt(2026, 11, 28).expect("a date");
        let weekend = vec![chrono::Weekday::Sat, chrono::Weekday::Sun];
        let calendar = Calendar { weekend, ..shanghai() };
        assert_eq!(next(&calendar, "2026-11-27T12:00:00Z", &[]).day, 20_261_130);
        let working = Calendar { workdays: vec![saturday], ..calendar.clone() };
        assert_eq!(next(&working, "2026-11-27T12:00:00Z", &[]).day, 20_261_128);
        let every = next_opening(
            &cron("0 0 7 * * *"),
            time("09:00"),
            false,
            &calendar,
            at("2026-11-27T12:00:00Z"),
            &BTreeSet::new(),
        );
        assert_eq!(every.map(|opening| opening.day), Some(20_261_128));
        assert_eq!(next(&shanghai(), "2028-02-28T12:00:00Z", &[]).day, 20_280_229, "a leap day is a day");
    }

    /// Opens day after day for two years, as the timers do.
    fn two_years(zone: Tz, slot: &str) -> Vec<i64> {
        let calendar = Calendar::plain(zone);
        let mut there = BTreeSet::new();
        let mut now = at("2026-01-01T00:00:00Z");
        let end = at("2028-01-01T00:00:00Z");
        let mut opened = Vec::new();
        loop {
            let opening =
                next_opening(&cron(slot), time("23:59"), true, &calendar, now, &there).expect("opens");
            now = opening.at.max(now);
            if now >= end {
                return opened;
            }
            there.insert(opening.day);
            opened.push(opening.day);
        }
    }

    #[test]
    fn every_zone_opens_each_local_day_once() {
        let zones: [Tz; 6] = [
            chrono_tz::Europe::Berlin,
            chrono_tz::America::Chicago,
            chrono_tz::Australia::Lord_Howe,
            chrono_tz::Asia::Tehran,
            chrono_tz::Pacific::Kiritimati,
            chrono_tz::America::Havana,
        ];
        for zone in zones {
            for slot in ["0 0 0 * * *", "0 30 1 * * *", "0 30 2 * * *", "0 0 7 * * *"] {
                let opened = two_years(zone, slot);
                assert!((729..=731).contains(&opened.len()), "{zone} {slot}: {}", opened.len());
                assert!(opened.windows(2).all(|pair| pair[0] < pair[1]), "{zone} {slot}");
            }
        }
    }

    proptest! {
        #[test]
        fn what_opens_is_never_open_already_and_never_in_the_past(
            minutes in 0_i64..2_000_000, hour in 0_u32..24, minute in 0_u32..60, back in 0_u64..4,
        ) {
            let calendar = Calendar::plain(chrono_tz::America::Chicago);
            let now = at("2026-01-01T00:00:00Z") + TimeDelta::minutes(minutes);
            let today = calendar.date(now);
            let there: BTreeSet<i64> = (0..back).map(|days| day_id(today - Days::new(days))).collect();
            let slot = cron(&format!("0 {minute} {hour} * * *"));
            let found = next_opening(&slot, time("23:00"), true, &calendar, now, &there).expect("opens");
            prop_assert!(found.at >= now);
            prop_assert!(!there.contains(&found.day));
            prop_assert!(found.at - now <= TimeDelta::hours(50));
        }
    }
}
