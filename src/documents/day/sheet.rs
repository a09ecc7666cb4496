//! A table on a sheet: its headings stay in view and filter, its columns are as wide as their words, and no text of
//! it can become a formula (S10).

use std::borrow::Cow;

use chrono::NaiveDate;
use rust_xlsxwriter::{Color, Format, FormatAlign, Worksheet, XlsxError};

use crate::documents::PAPER_A4;
use crate::documents::cells::guard_text_cell;
use crate::domain::calendar::Calendar;
use crate::domain::message::Time;
use crate::domain::split::clip;

/// How many UTF-16 units a cell holds.
const LONGEST_TEXT: usize = 32_767;
const NARROWEST: usize = 6;
const WIDEST: usize = 48;
/// A longer heading goes over several lines, so that a long question does not make a wide column of short answers.
const WIDEST_HEAD: usize = 20;
/// A line of a heading, in points.
const LINE: u32 = 15;
/// A moment as it is shown, with the gap after it: `2026-11-22 09:00`.
const WIDTH_OF_A_MOMENT: usize = 17;
const WIDTH_OF_A_DATE: usize = 11;
/// The arrow of the filter.
const WIDTH_OF_THE_FILTER: usize = 3;
const DEEPEST: u8 = 4;

/// A column's heading.
pub struct Head(String);

impl Head {
    pub fn new(text: &str) -> Self {
        Head(clip(text, LONGEST_TEXT))
    }
}

/// What stands in a cell.
pub enum Value<'a> {
    Empty,
    Text(Cow<'a, str>),
    /// A text set in by its depth.
    Indented(&'a str, u8),
    Count(u32),
    /// A count that is marked unless it is 0.
    Alarm(u32),
    Number(f64),
    At(Time),
    Date(NaiveDate),
}

impl<'a> Value<'a> {
    pub fn text(text: impl Into<Cow<'a, str>>) -> Self {
        let text = text.into();
        if text.is_empty() { Value::Empty } else { Value::Text(text) }
    }

    pub fn at(at: Option<Time>) -> Self {
        at.map_or(Value::Empty, Value::At)
    }
}

impl<'a> From<&'a String> for Value<'a> {
    fn from(text: &'a String) -> Self {
        Value::text(text.as_str())
    }
}

/// The formats of a workbook.
pub struct Painter {
    head: Format,
    text: Format,
    indented: Vec<Format>,
    count: Format,
    alarm: Format,
    number: Format,
    moment: Format,
    date: Format,
}

impl Painter {
    pub fn new() -> Self {
        let text = Format::new().set_num_format("@");
        let indented = (0..=DEEPEST).map(|depth| text.clone().set_indent(depth)).collect();
        // A gap keeps a number apart from the text in the next column.
        let right = Format::new().set_align(FormatAlign::Right).set_indent(1);
        let count = right.clone().set_num_format("#,##0");
        Painter {
            head: text
                .clone()
                .set_bold()
                .set_background_color(Color::RGB(0x00DC_E6F1))
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter)
                .set_text_wrap(),
            text,
            indented,
            alarm: count.clone().set_bold().set_font_color(Color::RGB(0x00B4_3C00)),
            count,
            moment: right.clone().set_num_format("yyyy-mm-dd hh:mm"),
            date: right.clone().set_num_format("yyyy-mm-dd"),
            number: right,
        }
    }

    /// Fills an empty sheet.
    ///
    /// # Errors
    /// When the rows do not fit.
    pub fn table<'a>(
        &self,
        sheet: &mut Worksheet,
        calendar: &Calendar,
        heads: Vec<Head>,
        rows: impl Iterator<Item = Vec<Value<'a>>>,
    ) -> Result<(), XlsxError> {
        let head_widths: Vec<usize> = heads.iter().map(|head| width(&head.0) + WIDTH_OF_THE_FILTER).collect();
        let mut widths: Vec<usize> = head_widths.iter().map(|width| *width.min(&WIDEST_HEAD)).collect();
        for (column, head) in (0_u16..).zip(&heads) {
            sheet.write_string_with_format(0, column, guard_text_cell(&head.0), &self.head)?;
        }
        let mut line = 0;
        for row in rows {
            line += 1;
            for ((column, value), widest) in (0_u16..).zip(&row).zip(&mut widths) {
                let width = self.cell(sheet, calendar, (line, column), value)?;
                *widest = width.max(*widest);
            }
        }
        for (column, width) in (0_u16..).zip(&widths) {
            let width = u32::try_from(width.clamp(&NARROWEST, &WIDEST) + 1).unwrap_or(u32::MAX);
            sheet.set_column_width(column, width)?;
        }
        let lines = head_widths.iter().zip(&widths).map(|(head, width)| lines(*head, *width)).max();
        sheet.set_row_height(0, LINE * lines.unwrap_or(1))?;
        let last = u16::try_from(heads.len().saturating_sub(1)).unwrap_or(u16::MAX);
        sheet.set_freeze_panes(1, 0)?.autofilter(0, 0, line, last)?;
        sheet.set_landscape().set_paper_size(PAPER_A4).set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
        Ok(())
    }

    /// Writes one cell; returns how wide it is.
    fn cell(
        &self,
        sheet: &mut Worksheet,
        calendar: &Calendar,
        (line, column): (u32, u16),
        value: &Value<'_>,
    ) -> Result<usize, XlsxError> {
        let mut text = |text: &str, format: &Format| {
            let text = clip(&guard_text_cell(text), LONGEST_TEXT);
            let width = width(&text);
            sheet.write_string_with_format(line, column, text, format).map(|_| width)
        };
        match value {
            Value::Empty => return Ok(0),
            Value::Text(words) => return text(words, &self.text),
            Value::Indented(words, depth) => {
                let depth = (*depth).min(DEEPEST);
                return Ok(text(words, &self.indented[usize::from(depth)])? + 2 * usize::from(depth));
            }
            // A spreadsheet has no such number.
            Value::Number(number) if !number.is_finite() => return text(&number.to_string(), &self.text),
            Value::Count(count) => sheet.write_number_with_format(line, column, *count, &self.count)?,
            Value::Alarm(0) => sheet.write_number_with_format(line, column, 0, &self.count)?,
            Value::Alarm(count) => sheet.write_number_with_format(line, column, *count, &self.alarm)?,
            Value::Number(number) => sheet.write_number_with_format(line, column, *number, &self.number)?,
            Value::At(at) => {
                sheet.write_datetime_with_format(line, column, calendar.local(*at), &self.moment)?;
                return Ok(WIDTH_OF_A_MOMENT);
            }
            Value::Date(date) => {
                sheet.write_datetime_with_format(line, column, date, &self.date)?;
                return Ok(WIDTH_OF_A_DATE);
            }
        };
        Ok(NARROWEST)
    }
}

/// Over how many lines a heading goes. Lines break between words, so they are not quite full.
fn lines(head: usize, width: usize) -> u32 {
    if head <= width { 1 } else { u32::try_from((head * 5 / 4).div_ceil(width)).unwrap_or(1) }
}

/// How wide a text is, in digits: a hanzi is as wide as two.
fn width(text: &str) -> usize {
    let line = text.lines().next().unwrap_or_default();
    line.chars().take(WIDEST).map(|c| if c >= '\u{1100}' { 2 } else { 1 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hanzi_is_as_wide_as_two_digits() {
        assert_eq!(width("应报 45"), 7);
        assert_eq!(width("first\nsecond line"), 5);
        assert_eq!(width(""), 0);
    }
}
