use super::*;
use proptest::prelude::*;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a real date")
}

fn time(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).expect("a real time")
}

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant in RFC 3339")
}

fn zone(name: &str) -> Calendar {
    Calendar::plain(name.parse().expect("a known zone"))
}

fn night() -> Calendar {
    Calendar { quiet: Some(QuietHours { start: time(22, 30), end: time(6, 30) }), ..zone("Asia/Shanghai") }
}

fn cron(text: &str) -> Cron {
    text.parse().expect("a good expression")
}

#[test]
fn an_hour_that_does_not_exist_is_the_first_moment_after_the_gap() {
    let cases = [
        ("Europe/Berlin", day(2026, 3, 29), time(2, 30), "2026-03-29T01:00:00Z"),
        ("America/Chicago", day(2026, 3, 8), time(2, 30), "2026-03-08T08:00:00Z"),
        ("Australia/Lord_Howe", day(2026, 10, 4), time(2, 15), "2026-10-03T15:30:00Z"),
        ("Asia/Tehran", day(2021, 3, 22), time(0, 0), "2021-03-21T20:30:00Z"),
        ("Pacific/Apia", day(2011, 12, 30), time(9, 0), "2011-12-30T10:00:00Z"),
    ];
    for (name, date, at, expected) in cases {
        assert_eq!(zone(name).instant(date, at), utc(expected), "{name}");
    }
}

#[test]
fn an_hour_that_comes_twice_is_the_first_of_the_two() {
    let cases = [
        ("Europe/Berlin", day(2026, 10, 25), time(2, 30), "2026-10-25T00:30:00Z"),
        ("America/Chicago", day(2026, 11, 1), time(1, 30), "2026-11-01T06:30:00Z"),
        ("Australia/Lord_Howe", day(2026, 4, 5), time(1, 45), "2026-04-04T14:45:00Z"),
    ];
    for (name, date, at, expected) in cases {
        assert_eq!(zone(name).instant(date, at), utc(expected), "{name}");
    }
}

#[test]
fn the_local_date_is_the_school_s_not_greenwich_s() {
    let kiritimati = zone("Pacific/Kiritimati");
    assert_eq!(kiritimati.date(utc("2026-11-22T10:00:00Z")), day(2026, 11, 23));
    assert_eq!(kiritimati.format_local(utc("2026-11-22T10:05:00Z")), "2026-11-23 00:05");
}

#[test]
fn quiet_hours_reach_over_midnight() {
    let calendar = night();
    let cases = [
        ("2026-11-22T14:29:59Z", None),
        ("2026-11-22T14:30:00Z", Some("2026-11-22T22:30:00Z")),
        ("2026-11-22T17:00:00Z", Some("2026-11-22T22:30:00Z")),
        ("2026-11-22T22:29:59Z", Some("2026-11-22T22:30:00Z")),
        ("2026-11-22T22:30:00Z", None),
    ];
    for (now, until) in cases {
        assert_eq!(calendar.quiet_until(utc(now)), until.map(utc), "{now}");
    }
}

#[test]
fn quiet_hours_within_a_day() {
    let calendar =
        Calendar { quiet: Some(QuietHours { start: time(12, 0), end: time(14, 0) }), ..zone("UTC") };
    assert_eq!(calendar.quiet_until(utc("2026-11-22T13:00:00Z")), Some(utc("2026-11-22T14:00:00Z")));
    assert_eq!(calendar.quiet_until(utc("2026-11-22T11:59:00Z")), None);
    assert_eq!(calendar.quiet_until(utc("2026-11-22T23:00:00Z")), None);
}

#[test]
fn quiet_hours_that_end_in_a_repeated_hour_end_once() {
    let calendar = Calendar {
        quiet: Some(QuietHours { start: time(22, 0), end: time(2, 30) }),
        ..zone("Europe/Berlin")
    };
    assert_eq!(calendar.quiet_until(utc("2026-10-25T00:15:00Z")), Some(utc("2026-10-25T00:30:00Z")));
    assert_eq!(calendar.quiet_until(utc("2026-10-25T01:15:00Z")), None);
}

#[test]
fn school_days_follow_weekend_holidays_and_workdays() {
    let calendar = Calendar {
        weekend: vec![Weekday::Sat, Weekday::Sun],
        holidays: vec![DateRange { first: day(2026, 10, 1), last: day(2026, 10, 7) }],
        workdays: vec![day(2026, 10, 10)],
        ..zone("Asia/Shanghai")
    };
    assert!(calendar.is_school_day(day(2026, 9, 30)));
    assert!(!calendar.is_school_day(day(2026, 10, 1)));
    assert!(!calendar.is_school_day(day(2026, 10, 7)));
    assert!(calendar.is_school_day(day(2026, 10, 8)));
    assert!(calendar.is_school_day(day(2026, 10, 10)), "a made-up Saturday");
    assert!(!calendar.is_school_day(day(2026, 10, 11)));
}

#[test]
fn reminders_wait_for_the_next_school_day_after_its_quiet_hours() {
    let calendar = Calendar { weekend: vec![Weekday::Sat, Weekday::Sun], ..night() };
    let friday_noon = utc("2026-11-20T04:00:00Z");
    assert_eq!(calendar.open_from(friday_noon), friday_noon);
    let friday_night = utc("2026-11-20T15:00:00Z");
    assert_eq!(calendar.open_from(friday_night), utc("2026-11-22T22:30:00Z"));
}

#[test]
fn each_slot_comes_once_a_local_day_in_odd_zones() {
    let zones = [
        "Europe/Berlin",
        "America/Chicago",
        "Australia/Lord_Howe",
        "Asia/Tehran",
        "Pacific/Kiritimati",
        "Asia/Beirut",
    ];
    for name in zones {
        for expression in ["0 0 0 * * *", "0 30 1 * * *", "0 30 2 * * *"] {
            let calendar = zone(name);
            let mut now = calendar.instant(day(2020, 12, 31), time(12, 0));
            let mut date = day(2020, 12, 31);
            for _ in 0..800 {
                now = calendar.next_cron(&cron(expression), now).expect("there is always a next day");
                date = date.succ_opt().expect("not the end of time");
                assert_eq!(calendar.date(now), date, "{name} {expression}");
            }
        }
    }
}

#[test]
fn slots_of_a_skipped_hour_come_together_and_of_a_repeated_one_the_first_time() {
    let berlin = zone("Europe/Berlin");
    let every_ten = cron("0 */10 * * * *");
    assert_eq!(berlin.next_cron(&every_ten, utc("2026-03-29T00:50:00Z")), Some(utc("2026-03-29T01:00:00Z")));
    assert_eq!(berlin.next_cron(&every_ten, utc("2026-03-29T01:00:00Z")), Some(utc("2026-03-29T01:10:00Z")));
    assert_eq!(
        berlin.next_cron(&every_ten, utc("2026-10-25T00:50:00Z")),
        Some(utc("2026-10-25T02:00:00Z")),
        "the second pass of 02:00–02:59 has no slots"
    );
}

#[test]
fn a_day_that_was_left_out_has_no_slots() {
    let apia = zone("Pacific/Apia");
    let slot = apia.next_cron(&cron("0 0 9 * * *"), apia.instant(day(2011, 12, 29), time(10, 0)));
    assert_eq!(slot.map(|at| apia.format_local(at)), Some("2011-12-31 09:00".to_owned()));
}

#[test]
fn expressions_are_refused_with_a_reason() {
    for (text, part) in [
        ("0 7 * * *", "six fields"),
        ("0 0 7 * * 1-5", "by name"),
        ("0 0 25 * * *", ""),
        ("soon", "six fields"),
    ] {
        let reason = text.parse::<Cron>().expect_err(text);
        assert!(reason.contains(part) && !reason.is_empty(), "{text}: {reason}");
    }
    assert_eq!(cron("0 30 11 * * Mon-Fri").to_string(), "0 30 11 * * Mon-Fri");
}

#[test]
fn a_stored_calendar_reads_back_the_same() {
    let stored = serde_json::to_string(&night()).expect("plain data is written");
    let back: Calendar = serde_json::from_str(&stored).expect("what was written");
    assert_eq!(back, night());
    let expression = cron("0 0 7 * * *");
    let stored = serde_json::to_string(&expression).expect("plain data is written");
    assert_eq!(serde_json::from_str::<Cron>(&stored).expect("what was written"), expression);
}

fn any_zone() -> impl Strategy<Value = Calendar> {
    prop::sample::select(vec![
        "Europe/Berlin",
        "America/Chicago",
        "Australia/Lord_Howe",
        "Asia/Tehran",
        "Pacific/Kiritimati",
        "Asia/Shanghai",
        "America/St_Johns",
    ])
    .prop_map(zone)
}

proptest! {
    #[test]
    fn a_local_time_never_comes_before_the_one_asked_for(
        calendar in any_zone(), days in 0_u64..8000, seconds in 0_u32..86_400,
    ) {
        let date = day(2010, 1, 1) + Days::new(days);
        let at = NaiveTime::from_num_seconds_from_midnight_opt(seconds, 0)
            .expect("less than a day");
        let instant = calendar.instant(date, at);
        prop_assert!(calendar.local(instant) >= date.and_time(at));
        let earlier = calendar.local(instant - TimeDelta::seconds(1));
        prop_assert!(earlier < date.and_time(at));
    }

    #[test]
    fn when_quiet_hours_end_it_is_no_longer_quiet(
        calendar in any_zone(), start in 0_u32..1440, length in 1_u32..1439, now in 0_i64..900_000_000,
    ) {
        let end = (start + length) % 1440;
        let calendar = Calendar {
            quiet: Some(QuietHours {
                start: time(start / 60, start % 60),
                end: time(end / 60, end % 60),
            }),
            ..calendar
        };
        let now = at_second(1_300_000_000 + now);
        if let Some(until) = calendar.quiet_until(now) {
            prop_assert!(until > now);
            prop_assert!(until - now <= TimeDelta::hours(26));
            prop_assert!(calendar.quiet_until(until).is_none_or(|later| later > until));
        }
    }

    #[test]
    fn slots_follow_one_another(
        calendar in any_zone(), hour in 0_u32..24, minute in 0_u32..60, start in 0_i64..400_000_000,
    ) {
        let daily = cron(&format!("0 {minute} {hour} * * *"));
        let start = at_second(1_300_000_000 + start);
        let first = calendar.next_cron(&daily, start).expect("daily");
        let second = calendar.next_cron(&daily, first).expect("daily");
        prop_assert!(first > start);
        prop_assert_eq!(calendar.date(second), calendar.date(first) + Days::new(1));
    }
}
