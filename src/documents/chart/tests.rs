use std::collections::HashSet;

use chrono::{Days, TimeDelta, TimeZone, Utc};
use chrono_tz::Asia::Shanghai;
use tiny_skia::Pixmap;

use super::*;
use crate::domain::calendar::Calendar;
use crate::domain::message::{Locale, Time};
use crate::domain::report::{Figures, Series};
use crate::text::Texts;

/// Okabe and Ito's colours, from the lowest unit to the highest.
const COLOURS: [(u8, u8, u8); 8] = [
    (213, 94, 0),
    (0, 114, 178),
    (0, 158, 115),
    (204, 121, 167),
    (230, 159, 0),
    (86, 180, 233),
    (0, 0, 0),
    (240, 228, 66),
];
const BAND: (u8, u8, u8) = (0xD4, 0xD4, 0xD4);
const TODAY: (u8, u8, u8) = (0x00, 0x72, 0xB2);
const BEFORE: (u8, u8, u8) = (0x8F, 0xC1, 0xE0);

fn at(hour: u32, minute: u32) -> Time {
    let local = Shanghai.with_ymd_and_hms(2026, 11, 22, hour, minute, 0).single();
    local.expect("the clock shows every time once").with_timezone(&Utc)
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).expect("a date")
}

/// A unit of which every ten minutes more have reported, up to its share.
fn series(name: &str, share: f64) -> Series {
    let points = (0..=27).map(|step| {
        (
            at(7, 0) + TimeDelta::minutes(10 * step),
            share * (f64::from(i32::try_from(step).unwrap_or(0)) / 27.0).sqrt(),
        )
    });
    Series { name: name.to_owned(), points: points.collect() }
}

fn data(units: u32) -> ChartData {
    let day = |ago: u64| today() - Days::new(ago);
    let share = |ago: u64| if matches!(ago, 7 | 8) { None } else { Some(if ago == 3 { 0.5 } else { 0.95 }) };
    ChartData {
        school: "示范大学".to_owned(),
        date: today(),
        at: at(11, 30),
        opened_at: Some(at(7, 0)),
        deadline: Some(at(9, 0)),
        figures: Figures { expected: 45, reported: 40, missing: 4, excused: 1, ..Figures::default() },
        tier: 1,
        colleges: (0..units)
            .map(|unit| series(&format!("第{unit}学院"), 1.0 - f64::from(unit) * 0.03))
            .collect(),
        days: (0..14).rev().map(|ago| (day(ago), share(ago))).collect(),
    }
}

fn drawn(locale: Locale, data: &ChartData) -> Pixmap {
    let (texts, calendar) = (Texts::new(), Calendar::plain(Shanghai));
    let tiers = (0..4).map(|tier| texts.word(locale, &format!("tier-{tier}"))).collect();
    let words = Words { texts: &texts, locale, calendar: &calendar, tiers };
    Pixmap::decode_png(&png(&words, data).expect("it can be drawn")).expect("it is a PNG")
}

/// How many pixels have exactly this colour, of those with `x` in a range.
fn pixels(picture: &Pixmap, (red, green, blue): (u8, u8, u8), columns: std::ops::Range<usize>) -> usize {
    let width = usize::try_from(picture.width()).expect("a width");
    let here = picture.pixels().iter().enumerate().filter(|(index, _)| columns.contains(&(index % width)));
    here.filter(|(_, pixel)| (pixel.red(), pixel.green(), pixel.blue()) == (red, green, blue)).count()
}

fn everywhere(picture: &Pixmap, colour: (u8, u8, u8)) -> usize {
    pixels(picture, colour, 0..usize::MAX)
}

#[test]
fn every_unit_has_a_line_in_its_colour() {
    for locale in Locale::ALL {
        let picture = drawn(locale, &data(8));
        assert_eq!((picture.width(), picture.height()), (1080, 1560));
        for colour in COLOURS {
            assert!(everywhere(&picture, colour) > 500, "{colour:?} in {}", locale.tag());
        }
        assert_eq!(everywhere(&picture, BAND), 0);
    }
    assert_ne!(drawn(Locale::ZhCn, &data(8)).data(), drawn(Locale::En, &data(8)).data());
}

#[test]
fn of_many_units_the_lowest_have_lines_and_the_others_a_band() {
    let picture = drawn(Locale::ZhCn, &data(20));
    assert!(everywhere(&picture, BAND) > 3000);
    assert!(COLOURS.into_iter().all(|colour| everywhere(&picture, colour) > 400));
    let three = drawn(Locale::ZhCn, &data(3));
    let missing = [COLOURS[3], COLOURS[4], COLOURS[5], COLOURS[7]];
    assert!(missing.into_iter().all(|colour| everywhere(&three, colour) == 0));
}

#[test]
fn a_day_without_a_check_in_is_a_gap() {
    let picture = drawn(Locale::ZhCn, &data(0));
    let slot = |index: usize| (54 + index * 69 + index / 2)..(54 + (index + 1) * 69 + index / 2);
    for index in 0..13 {
        let ink = pixels(&picture, BEFORE, slot(index));
        assert_eq!(ink > 1000, !matches!(index, 5 | 6), "{ink} pixels on day {index}");
    }
    assert!(pixels(&picture, TODAY, slot(13)) > 1000);
    let (low, usual) = (pixels(&picture, BEFORE, slot(10)), pixels(&picture, BEFORE, slot(9)));
    assert!(low * 10 < usual * 6, "half as many is half as high: {low} and {usual}");
}

#[test]
fn odd_data_is_drawn_all_the_same() {
    let mut odd = data(4);
    odd.colleges[0].points = vec![];
    odd.colleges[1].points = vec![(at(8, 0), f64::NAN), (at(8, 10), 7.0)];
    odd.colleges[2] = series(&"很长的名字😷𠮷".repeat(40), -1.0);
    odd.colleges[3].points = vec![(at(6, 0), 0.1), (at(23, 0), 0.2)];
    odd.school = "\u{0}=示范\n大学😷".repeat(30);
    odd.days = vec![(today(), Some(f64::INFINITY))];
    odd.figures = Figures::default();
    odd.deadline = None;
    odd.opened_at = None;
    let empty = ChartData { colleges: vec![], days: vec![], ..odd.clone() };
    let inks = |data: &ChartData| {
        let picture = drawn(Locale::En, data);
        picture
            .pixels()
            .iter()
            .map(|pixel| (pixel.red(), pixel.green(), pixel.blue()))
            .collect::<HashSet<_>>()
            .len()
    };
    assert!(inks(&odd) > inks(&empty) && inks(&empty) > 2);
}

#[test]
fn nobody_is_shown_as_complete_who_is_not() {
    let shown: Vec<String> = [0.0, 0.97, 0.29, 0.9996, 0.99999, 1.0].map(percent).into();
    assert_eq!(shown, ["0.0%", "97.0%", "29.0%", "99.9%", "99.9%", "100%"]);
    assert_eq!([0, 999, 1000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
}
