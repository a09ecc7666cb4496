//! The contacts of a unit as a workbook to carry along (A4).

use rust_xlsxwriter::{Format, Workbook, XlsxError};

use super::Words;
use super::cells::guard_text_cell;
use crate::domain::outgoing::ContactRow;

/// The words of the headings.
const HEADS: [&str; 6] =
    ["sheet-code", "book-name", "book-phone", "own-answers-for", "directory-verified", "directory-reachable"];

/// What the file is called.
pub fn file_name(unit: &str, words: &Words<'_>) -> String {
    let unit: String = unit.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    words.say_with("directory-file-name", &[("unit", unit)])
}

/// The workbook. Every cell is text: no number loses its zeros, no cell is a formula (S10).
///
/// # Errors
/// When the rows do not fit into a workbook.
pub fn workbook(rows: &[ContactRow], words: &Words<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let text = Format::new().set_num_format("@");
    let bold = Format::new().set_num_format("@").set_bold();
    let sheet = workbook.add_worksheet();
    sheet.set_freeze_panes(1, 0)?;
    for (column, heading) in (0..).zip(HEADS) {
        sheet.set_column_width(column, 18)?;
        sheet.write_string_with_format(0, column, words.say(heading), &bold)?;
    }
    for (line, row) in (1..).zip(rows) {
        for (column, cell) in (0..).zip(cells(row, words)).filter(|(_, cell)| !cell.is_empty()) {
            sheet.write_string_with_format(line, column, guard_text_cell(&cell), &text)?;
        }
    }
    workbook.save_to_buffer()
}

fn cells(row: &ContactRow, words: &Words<'_>) -> [String; 6] {
    let mark = |is: bool| if is { words.say("sheet-yes") } else { String::new() };
    [
        row.code.clone(),
        row.name.clone(),
        row.phone.clone().unwrap_or_default(),
        row.answers_for.join(&words.say("join")),
        mark(row.verified),
        mark(row.reachable),
    ]
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader, Xlsx};

    use super::*;
    use crate::domain::calendar::Calendar;
    use crate::domain::message::Locale;
    use crate::text::Texts;

    fn in_words<T>(locale: Locale, say: impl FnOnce(&Words<'_>) -> T) -> T {
        let (texts, calendar) = (Texts::new(), Calendar::plain(chrono_tz::Asia::Shanghai));
        say(&Words { texts: &texts, locale, calendar: &calendar, tiers: Vec::new() })
    }

    fn text(cell: &str) -> Data {
        Data::String(cell.to_owned())
    }

    fn written(row: &ContactRow, locale: Locale) -> [Vec<Data>; 2] {
        let bytes = in_words(locale, |words| workbook(std::slice::from_ref(row), words).expect("written"));
        let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).expect("a workbook");
        let name = book.sheet_names()[0].clone();
        assert!(book.worksheet_formula(&name).expect("a sheet").is_empty(), "a cell is a formula");
        let sheet = book.worksheet_range(&name).expect("cells");
        let rows: Vec<Vec<Data>> = sheet.rows().map(<[Data]>::to_vec).collect();
        rows.try_into().expect("headings and one row")
    }

    #[test]
    fn a_directory_is_all_text_in_the_readers_language() {
        let mut row = ContactRow {
            code: "007".to_owned(),
            name: "=张一".to_owned(),
            phone: Some("+8613800000000".to_owned()),
            answers_for: vec!["张二".to_owned(), "张三".to_owned()],
            verified: true,
            reachable: false,
        };
        let [heads, cells] = written(&row, Locale::ZhCn);
        assert_eq!(heads, ["编号", "姓名", "电话", "代表学生", "已核实", "机器人可联系"].map(text));
        let expected =
            [text("007"), text("=张一"), text("+8613800000000"), text("张二、张三"), text("是"), Data::Empty];
        assert_eq!(cells, expected);
        for hostile in ["+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1"] {
            hostile.clone_into(&mut row.name);
            let [heads, cells] = written(&row, Locale::En);
            assert_eq!(heads, ["Code", "Name", "Phone", "Answers for", "Verified", "Reachable"].map(text));
            assert_eq!(
                (&cells[1], &cells[3], &cells[4]),
                (&text(hostile), &text("张二, 张三"), &text("yes"))
            );
        }
    }

    #[test]
    fn a_file_name_holds_no_path() {
        assert_eq!(in_words(Locale::ZhCn, |words| file_name("../1班", words)), "---1班通讯录.xlsx");
        assert_eq!(in_words(Locale::En, |words| file_name("../1", words)), "---1-contacts.xlsx");
    }
}
