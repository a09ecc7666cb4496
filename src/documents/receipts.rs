//! A directive's receipts as a workbook: per tier and person who received, when, after how many reminders, by which
//! way, and who was told of the silence (B1–B4).

use rust_xlsxwriter::{Color, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::PAPER_A4;
pub use super::words::Words;
use crate::domain::message::Time;
use crate::domain::report::{LegRow, ReceiptRow};

/// What a sheet's heading is and how wide its column.
type Head = (&'static str, f64);

const RECEIPTS: [Head; 14] = [
    ("sheet-tier", 10.0),
    ("sheet-unit", 18.0),
    ("sheet-code", 14.0),
    ("sheet-name", 16.0),
    ("sheet-arrived", 17.0),
    ("sheet-due", 17.0),
    ("sheet-acked", 17.0),
    ("sheet-by", 16.0),
    ("sheet-way", 10.0),
    ("sheet-late", 8.0),
    ("sheet-reminders", 8.0),
    ("sheet-escalated-at", 17.0),
    ("sheet-escalated-to", 24.0),
    ("sheet-noted-by", 14.0),
];
const LEGS: [Head; 10] = [
    ("sheet-tier", 10.0),
    ("sheet-unit", 18.0),
    ("sheet-place", 10.0),
    ("sheet-arrived", 17.0),
    ("sheet-relay", 16.0),
    ("sheet-relayed-by", 14.0),
    ("sheet-must", 8.0),
    ("sheet-reported", 8.0),
    ("sheet-late", 8.0),
    ("sheet-done", 30.0),
];

/// The workbook of one directive.
///
/// # Errors
/// When a cell cannot be written.
pub fn workbook(words: &Words<'_>, receipts: &[ReceiptRow], legs: &[LegRow]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    write_receipts(book.add_worksheet(), words, receipts)?;
    write_legs(book.add_worksheet(), words, legs)?;
    book.save_to_buffer()
}

fn begin(
    sheet: &mut Worksheet,
    words: &Words<'_>,
    name: &str,
    heads: &[Head],
    rows: usize,
) -> Result<(), XlsxError> {
    let bold =
        Format::new().set_bold().set_background_color(Color::RGB(0x00DC_E6F1)).set_align(FormatAlign::Center);
    sheet.set_name(words.say(name))?;
    for (column, (id, width)) in (0u16..).zip(heads) {
        sheet.write_string_with_format(0, column, words.say(id), &bold)?;
        sheet.set_column_width(column, *width)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    let last = (u32::try_from(rows).unwrap_or(u32::MAX), u16::try_from(heads.len() - 1).unwrap_or(0));
    sheet.autofilter(0, 0, last.0, last.1)?;
    sheet.set_landscape().set_paper_size(PAPER_A4).set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    Ok(())
}

fn write_receipts(sheet: &mut Worksheet, words: &Words<'_>, rows: &[ReceiptRow]) -> Result<(), XlsxError> {
    begin(sheet, words, "sheet-receipts", &RECEIPTS, rows.len())?;
    for (line, row) in (1u32..).zip(rows) {
        let way = if row.way.is_empty() { "way-none".to_owned() } else { format!("way-{}", row.way) };
        let late = if row.late { words.say("sheet-yes") } else { String::new() };
        let texts = [
            (0, words.tier(row.tier)),
            (1, row.unit.clone()),
            (2, row.code.clone()),
            (3, row.name.clone()),
            (7, row.by.clone()),
            (8, words.say(&way)),
            (9, late),
            (12, row.escalated_to.join(&words.say("join"))),
            (13, row.recorded_by.clone()),
        ];
        for (column, text) in texts {
            sheet.write_string(line, column, text)?;
        }
        sheet.write_number(line, 10, f64::from(row.reminders))?;
        let times = [(4, row.arrived_at), (5, row.due_at), (6, row.acked_at), (11, row.escalated_at)];
        for (column, at) in times {
            time(sheet, words, (line, column), at)?;
        }
    }
    Ok(())
}

fn write_legs(sheet: &mut Worksheet, words: &Words<'_>, rows: &[LegRow]) -> Result<(), XlsxError> {
    begin(sheet, words, "sheet-legs", &LEGS, rows.len())?;
    for (line, row) in (1u32..).zip(rows) {
        let place = if row.in_private { "place-private" } else { "place-group" };
        let how = if row.relay_how.is_empty() {
            "relay-none".to_owned()
        } else {
            format!("relay-{}", row.relay_how)
        };
        let done = match row.done_state.as_str() {
            "" => String::new(),
            state => {
                let label = words.say(&format!("done-{state}"));
                format!("{}{}", words.say_with("list-label", &[("label", label)]), row.done_text)
            }
        };
        let texts = [
            (0, words.tier(row.tier)),
            (1, row.unit.clone()),
            (2, words.say(place)),
            (4, words.say(&how)),
            (5, row.relayed_by.clone()),
            (9, done),
        ];
        for (column, text) in texts {
            sheet.write_string(line, column, text)?;
        }
        for (column, number) in [(6, row.must), (7, row.acked), (8, row.late)] {
            sheet.write_number(line, column, f64::from(number))?;
        }
        time(sheet, words, (line, 3), row.arrived_at)?;
    }
    Ok(())
}

/// A local date and time as Excel knows them.
fn time(
    sheet: &mut Worksheet,
    words: &Words<'_>,
    (line, column): (u32, u16),
    at: Option<Time>,
) -> Result<(), XlsxError> {
    let Some(at) = at else { return Ok(()) };
    let format = Format::new().set_num_format("yyyy-mm-dd hh:mm").set_align(FormatAlign::Left);
    sheet.write_datetime_with_format(line, column, words.calendar.local(at), &format)?;
    Ok(())
}
