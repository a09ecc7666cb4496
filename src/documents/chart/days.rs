//! The lower half: the last days, one bar each.

use chrono::{Datelike, NaiveDate};

use crate::documents::Words;
use crate::domain::report::ChartData;

use super::canvas::{Anchor, Canvas, Ink, Style};
use super::layout::{DAYS, HEADING_SIZE, MARGIN, SMALL, WIDTH};
use super::{DARK, GREY, PALE, tenths, weekday};

const MOST_DAYS: usize = 14;
const TODAY: Ink = Ink(0x00, 0x72, 0xB2);
const BEFORE: Ink = Ink(0x8F, 0xC1, 0xE0);

/// Draws the lower half.
pub fn draw(canvas: &mut Canvas, words: &Words<'_>, data: &ChartData) {
    let days = &data.days[data.days.len().saturating_sub(MOST_DAYS)..];
    let heading = words.say_with("chart-days", &[("days", days.len().to_string())]);
    canvas.fitted(
        &heading,
        (MARGIN, DAYS.top - 64.0),
        WIDTH - 2.0 * MARGIN,
        Style::new(HEADING_SIZE, DARK).bold(),
    );
    canvas.line(&[(DAYS.left, DAYS.bottom), (DAYS.right, DAYS.bottom)], 2.0, PALE);
    let count = u8::try_from(days.len()).unwrap_or(u8::MAX);
    let slot = DAYS.width() / f32::from(count.max(1));
    for (index, (date, share)) in (0_u8..).zip(days) {
        let middle = DAYS.left + slot * (f32::from(index) + 0.5);
        bar(canvas, (middle, slot), *share, *date == data.date);
        foot(canvas, words, middle, *date, index == 0, *date == data.date);
    }
}

/// A day's bar with its figure; a stroke where there was no check-in.
fn bar(canvas: &mut Canvas, (middle, slot): (f32, f32), share: Option<f64>, today: bool) {
    let style = |ink| Style::new(SMALL, ink).anchor(Anchor::Middle);
    let Some(share) = share.filter(|share| share.is_finite()) else {
        canvas.text("—", (middle, DAYS.bottom - 12.0), style(GREY));
        return;
    };
    let (top, width) = (DAYS.y(share), (slot * 0.66).min(64.0));
    let ink = if today { TODAY } else { BEFORE };
    canvas.rect((middle - width / 2.0, top), (width, DAYS.bottom - top), ink);
    let figure = if share >= 1.0 { "100".to_owned() } else { format!("{:.1}", tenths(share)) };
    let style = if today { style(DARK).bold() } else { style(DARK) };
    canvas.text(&figure, (middle, top - 10.0), style);
}

/// The date below a bar: the month where one begins.
fn foot(canvas: &mut Canvas, words: &Words<'_>, middle: f32, date: NaiveDate, first: bool, today: bool) {
    let style = if today { Style::new(SMALL, DARK).bold() } else { Style::new(SMALL, GREY) };
    let style = style.anchor(Anchor::Middle);
    let day = if first || date.day() == 1 {
        format!("{}/{}", date.month(), date.day())
    } else {
        date.day().to_string()
    };
    canvas.text(&day, (middle, DAYS.bottom + 38.0), style);
    canvas.text(&weekday(words, date), (middle, DAYS.bottom + 76.0), style);
}
