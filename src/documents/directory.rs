//! The contacts of a unit as a workbook to carry along (A4).

use rust_xlsxwriter::{Format, Workbook, XlsxError};

use super::cells::guard_text_cell;
use crate::domain::message::Locale;
use crate::domain::outgoing::ContactRow;

const CHINESE: [&str; 6] = ["编号", "姓名", "电话", "代表学生", "已核实", "机器人可联系"];
const ENGLISH: [&str; 6] = ["code", "name", "phone", "answers_for", "verified", "reachable"];

/// What the file is called.
pub fn file_name(unit: &str, locale: Locale) -> String {
    let unit: String = unit.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    match locale {
        Locale::ZhCn => format!("{unit}通讯录.xlsx"),
        Locale::En => format!("{unit}-contacts.xlsx"),
    }
}

/// The workbook. Every cell is text: no number loses its zeros, no cell is a formula (S10).
///
/// # Errors
/// When the rows do not fit into a workbook.
pub fn workbook(rows: &[ContactRow], locale: Locale) -> Result<Vec<u8>, XlsxError> {
    let (headings, yes) = match locale {
        Locale::ZhCn => (CHINESE, "是"),
        Locale::En => (ENGLISH, "yes"),
    };
    let mut workbook = Workbook::new();
    let text = Format::new().set_num_format("@");
    let bold = Format::new().set_num_format("@").set_bold();
    let sheet = workbook.add_worksheet();
    sheet.set_freeze_panes(1, 0)?;
    for (column, heading) in (0..).zip(headings) {
        sheet.set_column_width(column, 18)?;
        sheet.write_string_with_format(0, column, heading, &bold)?;
    }
    for (line, row) in (1..).zip(rows) {
        for (column, cell) in (0..).zip(cells(row, yes)).filter(|(_, cell)| !cell.is_empty()) {
            sheet.write_string_with_format(line, column, guard_text_cell(&cell), &text)?;
        }
    }
    workbook.save_to_buffer()
}

fn cells(row: &ContactRow, yes: &str) -> [String; 6] {
    let mark = |is: bool| if is { yes.to_owned() } else { String::new() };
    [
        row.code.clone(),
        row.name.clone(),
        row.phone.clone().unwrap_or_default(),
        row.answers_for.join("、"),
        mark(row.verified),
        mark(row.reachable),
    ]
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader, Xlsx};

    use super::*;

    #[test]
    fn a_directory_is_all_text() {
        let row = ContactRow {
            code: "007".to_owned(),
            name: "=张一".to_owned(),
            phone: Some("+8613800000000".to_owned()),
            answers_for: vec!["张二".to_owned(), "张三".to_owned()],
            verified: true,
            reachable: false,
        };
        let bytes = workbook(&[row], Locale::ZhCn).expect("written");
        let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).expect("a workbook");
        let sheet = book.worksheet_range_at(0).expect("a sheet").expect("cells");
        let rows: Vec<Vec<Data>> = sheet.rows().map(<[Data]>::to_vec).collect();
        assert_eq!(rows[0], CHINESE.map(|heading| Data::String(heading.to_owned())));
        let text = |cell: &str| Data::String(cell.to_owned());
        let expected =
            [text("007"), text("=张一"), text("+8613800000000"), text("张二、张三"), text("是"), Data::Empty];
        assert_eq!(rows[1], expected);
    }

    #[test]
    fn a_file_name_holds_no_path() {
        assert_eq!(file_name("../1班", Locale::ZhCn), "---1班通讯录.xlsx");
    }
}
