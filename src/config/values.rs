//! The small languages of single values: durations, times of day, shares, ranges of dates.

use chrono::{NaiveDate, NaiveTime, TimeDelta, Weekday};

use crate::domain::calendar::{DateRange, QuietHours};

/// What a value should look like, for the reader of an error.
pub type Expected = &'static str;

const DURATION: Expected = "a duration such as \"30s\", \"15m\", \"2h\" or \"90d\"";
const TIME: Expected = "a time of day such as \"09:00\" or \"09:00:30\"";
const SHARE: Expected = "a share of the due time such as \"50%\", at most \"1000%\"";
const QUIET: Expected = "a span such as \"22:30-06:30\", or \"\" for none";
const RANGE: Expected = "a date such as \"2026-10-01\" or a range such as \"2026-10-01..2026-10-07\"";
const DATE: Expected = "a date such as \"2026-10-10\"";
const WEEKDAY: Expected = "a weekday: \"mon\", \"tue\", \"wed\", \"thu\", \"fri\", \"sat\" or \"sun\"";

/// Longer durations are mistakes: ten years, in seconds.
const LONGEST: i64 = 10 * 366 * 86_400;

/// Reads `30s`, `15m`, `2h`, `90d` and sums of them such as `1h30m`.
pub fn duration(text: &str) -> Result<TimeDelta, Expected> {
    let mut total = 0_i64;
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(DURATION);
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or(DURATION)?;
        let (number, tail) = rest.split_at(digits);
        let unit = match tail.chars().next() {
            Some('s') => 1,
            Some('m') => 60,
            Some('h') => 3600,
            Some('d') => 86_400,
            _ => return Err(DURATION),
        };
        let number: i64 = number.parse().map_err(|_| DURATION)?;
        total = number
            .checked_mul(unit)
            .and_then(|part| total.checked_add(part))
            .filter(|total| *total <= LONGEST)
            .ok_or("a duration of at most ten years")?;
        rest = &tail[1..];
    }
    Ok(TimeDelta::seconds(total))
}

/// Reads `HH:MM` or `HH:MM:SS`.
pub fn time(text: &str) -> Result<NaiveTime, Expected> {
    let text = text.trim();
    NaiveTime::parse_from_str(text, "%H:%M")
        .or_else(|_| NaiveTime::parse_from_str(text, "%H:%M:%S"))
        .map_err(|_| TIME)
}

/// Reads `50%` as 0.5.
pub fn share(text: &str) -> Result<f64, Expected> {
    let number = text.trim().strip_suffix('%').ok_or(SHARE)?;
    let percent: f64 = number.trim().parse().map_err(|_| SHARE)?;
    if (0.0..=1000.0).contains(&percent) { Ok(percent / 100.0) } else { Err(SHARE) }
}

/// Reads `22:30-06:30`; an empty text is none.
pub fn quiet_hours(text: &str) -> Result<Option<QuietHours>, Expected> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let (start, end) = text.split_once('-').ok_or(QUIET)?;
    let start = time(start).map_err(|_| QUIET)?;
    let end = time(end).map_err(|_| QUIET)?;
    if start == end {
        return Err("two different times, or \"\" for none");
    }
    Ok(Some(QuietHours { start, end }))
}

/// Reads `2026-10-10`.
pub fn date(text: &str) -> Result<NaiveDate, Expected> {
    NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").map_err(|_| DATE)
}

/// Reads `2026-10-01` or `2026-10-01..2026-10-07`.
pub fn date_range(text: &str) -> Result<DateRange, Expected> {
    let (first, last) = text.split_once("..").unwrap_or((text, text));
    let first = date(first).map_err(|_| RANGE)?;
    let last = date(last).map_err(|_| RANGE)?;
    if last < first {
        return Err("a range whose end is not before its beginning");
    }
    Ok(DateRange { first, last })
}

/// Reads a weekday by its English name, short or long.
pub fn weekday(text: &str) -> Result<Weekday, Expected> {
    text.trim().parse().map_err(|_| WEEKDAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        assert_eq!(duration("30s"), Ok(TimeDelta::seconds(30)));
        assert_eq!(duration("15m"), Ok(TimeDelta::minutes(15)));
        assert_eq!(duration("2h"), Ok(TimeDelta::hours(2)));
        assert_eq!(duration("90d"), Ok(TimeDelta::days(90)));
        assert_eq!(duration("1h30m"), Ok(TimeDelta::minutes(90)));
        assert_eq!(duration("0s"), Ok(TimeDelta::zero()));
        for wrong in ["", "30", "m", "-5m", "1.5h", "5 min", "9999999999d", "5分"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn times_of_day() {
        assert_eq!(time("09:00"), Ok(NaiveTime::from_hms_opt(9, 0, 0).expect("real")));
        assert_eq!(time("23:59:30"), Ok(NaiveTime::from_hms_opt(23, 59, 30).expect("real")));
        for wrong in ["", "9", "24:00", "09:60", "9am", "09:00:00:00"] {
            assert!(time(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn shares() {
        assert_eq!(share("50%"), Ok(0.5));
        assert_eq!(share("120 %"), Ok(1.2));
        for wrong in ["", "50", "-1%", "1001%", "NaN%", "half"] {
            assert!(share(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn spans_and_dates() {
        assert_eq!(quiet_hours(""), Ok(None));
        let night = quiet_hours("22:30-06:30").expect("good").expect("some");
        assert_eq!((night.start.to_string(), night.end.to_string()), ("22:30:00".into(), "06:30:00".into()));
        assert!(quiet_hours("22:30").is_err());
        assert!(quiet_hours("09:00-09:00").is_err());
        let week = date_range("2026-10-01..2026-10-07").expect("good");
        assert_eq!((week.last - week.first).num_days(), 6);
        assert!(date_range("2026-10-07..2026-10-01").is_err());
        assert!(date_range("2026-02-30").is_err());
        assert_eq!(weekday("sat"), Ok(Weekday::Sat));
        assert!(weekday("6").is_err());
    }
}
