//! The digest's chart: how completion rose over the day, and how the last days went (D6). One picture for a phone,
//! read in ten seconds: a large figure, the units that lag by name, the days before.

mod canvas;
mod curves;
mod days;
mod font;
mod labels;
mod layout;

use chrono::{Datelike, NaiveDate};

use crate::documents::Words;
use crate::domain::report::ChartData;

use canvas::{Canvas, Ink, Style};
use layout::{FIGURES_SIZE, HEADLINE, HEIGHT, MARGIN, WIDTH};

const DARK: Ink = Ink(0x22, 0x22, 0x22);
const GREY: Ink = Ink(0x66, 0x66, 0x66);
const PALE: Ink = Ink(0xDD, 0xDD, 0xDD);

/// Why a chart could not be drawn.
#[derive(Debug, thiserror::Error)]
#[error("the chart cannot be drawn: {0}")]
pub struct ChartError(String);

/// The chart as a PNG, 1080 pixels wide.
///
/// # Errors
/// When the picture cannot be encoded.
pub fn png(words: &Words<'_>, data: &ChartData) -> Result<Vec<u8>, ChartError> {
    let mut canvas = Canvas::new(WIDTH, HEIGHT)?;
    headline(&mut canvas, words, data);
    curves::draw(&mut canvas, words, data);
    days::draw(&mut canvas, words, data);
    canvas.png()
}

fn headline(canvas: &mut Canvas, words: &Words<'_>, data: &ChartData) {
    let room = WIDTH - 2.0 * MARGIN;
    let title = words.say_with("chart-title", &[("school", data.school.clone())]);
    canvas.fitted(&title, (MARGIN, 92.0), room, Style::new(46.0, DARK).bold());
    let time = words.calendar.local(data.at).format("%H:%M").to_string();
    let taken = words.say_with("chart-at", &[("day", day(words, data.date)), ("time", time)]);
    canvas.fitted(&taken, (MARGIN, 146.0), room, Style::new(32.0, GREY));

    let share = data.figures.completion().map_or_else(|| "—".to_owned(), percent);
    let left = MARGIN + canvas.text(&share, (MARGIN, HEADLINE), Style::new(112.0, DARK).bold()) + 44.0;
    let figures = &data.figures;
    let above = [("book-expected", figures.expected), ("book-reported", figures.reported)];
    let below = [
        ("book-missing", figures.missing),
        ("book-excused", figures.excused),
        ("book-unreachable", figures.unreachable),
    ];
    let style = Style::new(FIGURES_SIZE, DARK);
    canvas.fitted(&counts(words, &above), (left, HEADLINE - 52.0), WIDTH - MARGIN - left, style);
    canvas.fitted(&counts(words, &below), (left, HEADLINE), WIDTH - MARGIN - left, style);
}

/// `应报 20,000   实报 19,700`; of the exceptions only those there are.
fn counts(words: &Words<'_>, figures: &[(&str, u32)]) -> String {
    let always = ["book-expected", "book-reported", "book-missing"];
    let shown = figures.iter().filter(|(id, count)| *count > 0 || always.contains(id));
    let shown = shown.map(|(id, count)| format!("{} {}", words.say(id), grouped(*count)));
    shown.collect::<Vec<_>>().join("   ")
}

fn grouped(count: u32) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A share in percent, rounded down: who is not complete is never shown as complete.
fn percent(share: f64) -> String {
    if share >= 1.0 { "100%".to_owned() } else { format!("{:.1}%", tenths(share)) }
}

/// Percent with one decimal, rounded down; a little is added for what floating point takes away.
fn tenths(share: f64) -> f64 {
    (share.clamp(0.0, 1.0) * 1000.0 + 1e-6).floor() / 10.0
}

fn day(words: &Words<'_>, date: NaiveDate) -> String {
    let month = words.say(&format!("monthname-{}", date.month()));
    let values = [("month", month), ("day", date.day().to_string()), ("weekday", weekday(words, date))];
    words.say_with("chart-day", &values)
}

fn weekday(words: &Words<'_>, date: NaiveDate) -> String {
    words.say(&format!("weekday-{}", date.weekday().number_from_monday()))
}

#[cfg(test)]
mod tests;
