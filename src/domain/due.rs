//! A due as people type it: hours, days, or a time of day.

use chrono::{Days, NaiveTime, TimeDelta};

use super::calendar::Calendar;
use super::message::Time;

/// Hours offered as buttons.
pub const CHOICES: [u32; 6] = [1, 2, 4, 8, 24, 48];
/// The longest due: 30 days.
pub const LONGEST_HOURS: u32 = 30 * 24;

/// Whole hours from `now` (rounded up) for `3`, `3h`, `3小时`, `2天`, `2d`, or `18:00` (the next one);
/// `None` for anything else, or beyond 30 days.
pub fn parse(text: &str, calendar: &Calendar, now: Time) -> Option<u32> {
    let text: String =
        text.trim().to_lowercase().chars().map(half_width).filter(|c| !c.is_whitespace()).collect();
    let hours = match time_of_day(&text) {
        Some(time) => hours_until(time, calendar, now)?,
        None => counted(&text)?,
    };
    (1..=LONGEST_HOURS).contains(&hours).then_some(hours)
}

fn half_width(c: char) -> char {
    match c {
        '０'..='９' => char::from(b'0' + u8::try_from(c as u32 - '０' as u32).unwrap_or(0)),
        '：' => ':',
        other => other,
    }
}

fn counted(text: &str) -> Option<u32> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let number: u32 = number.parse().ok()?;
    match unit {
        "" | "h" | "hour" | "hours" | "小时" | "个小时" => Some(number),
        "d" | "day" | "days" | "天" | "日" => number.checked_mul(24),
        _ => None,
    }
}

fn time_of_day(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text, "%H:%M").ok()
}

fn hours_until(time: NaiveTime, calendar: &Calendar, now: Time) -> Option<u32> {
    let today = calendar.date(now);
    let first = calendar.instant(today, time);
    let at = if first > now { first } else { calendar.instant(today + Days::new(1), time) };
    let minutes = (at - now + TimeDelta::seconds(59)).num_minutes();
    u32::try_from((minutes + 59) / 60).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_days_and_times_are_understood() {
        let calendar = Calendar::plain(chrono_tz::Asia::Shanghai);
        let now = "2026-11-22T02:30:00Z".parse().expect("a time"); // 10:30 in Shanghai
        let read = |text| parse(text, &calendar, now);
        assert_eq!(read("3"), Some(3));
        assert_eq!(read(" ３ 小时"), Some(3));
        assert_eq!(read("2天"), Some(48));
        assert_eq!(read("12:00"), Some(2));
        assert_eq!(read("１０：００"), Some(24));
        for wrong in ["0", "-1", "31天", "明天", "25:00", "", "99999999999"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
