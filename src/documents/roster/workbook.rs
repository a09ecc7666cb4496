//! XLSX: sheets `units` and `people` (单位, 人员), or any sheets with their headings.

use std::io::Cursor;

use calamine::{Data, Range, Reader, Xlsx};

use super::Reading;
use super::table::{self, Cell, Kind, Line};
use crate::domain::roster::{Problem, Table};

const DATE: &str = "Excel keeps this as a date; format the column as text and type it again";
const ROUNDED: &str =
    "Excel keeps this as a number and has lost its last digits; format the column as text and type it again";
const ERROR: &str = "the cell holds a spreadsheet error; type the value itself";

/// Excel keeps fifteen digits of a number.
const EXACT: f64 = 1e15;

/// Reads the two tables of a workbook. Sheets that are neither by name nor by headings are left alone.
pub fn read(file: &str, bytes: Vec<u8>, reading: &mut Reading) {
    let place = Table { file: file.to_owned(), ..Table::default() };
    let mut workbook = match Xlsx::new(Cursor::new(bytes)) {
        Ok(workbook) => workbook,
        Err(error) => {
            let reason = format!("cannot be read as a workbook ({error}); save it as Excel workbook (.xlsx)");
            reading.problems.push(Problem::of_table(&place, 0, reason));
            return;
        }
    };
    let mut found = 0;
    for name in workbook.sheet_names() {
        match workbook.worksheet_range(&name) {
            Ok(range) => {
                let lines = lines(&range);
                if is_table(&name, &lines) {
                    found += 1;
                    table::add(file, Some(&name), lines, reading);
                }
            }
            Err(error) => {
                let reason = format!("the sheet {name} cannot be read ({error}); save the workbook again");
                reading.problems.push(Problem::of_table(&place, 0, reason));
            }
        }
    }
    if found == 0 {
        let reason = "no sheet is called units or people (单位, 人员); see `roster template`";
        reading.problems.push(Problem::of_table(&place, 0, reason));
    }
}

fn is_table(name: &str, lines: &[Line]) -> bool {
    let headings = lines.iter().find(|line| table::known_headings(&line.cells) > 0);
    Kind::of_name(name).is_some() || headings.is_some_and(|line| table::kind_of(line).is_some())
}

fn lines(range: &Range<Data>) -> Vec<Line> {
    let first = range.start().map_or(1, |(row, _)| row + 1);
    let line = |(number, row): (u32, &[Data])| Line { number, cells: row.iter().map(cell).collect() };
    (first..).zip(range.rows()).map(line).collect()
}

fn cell(data: &Data) -> Cell {
    match data {
        Data::Empty => Cell::Text(String::new()),
        Data::String(text) => Cell::Text(text.clone()),
        Data::Int(number) => Cell::Text(number.to_string()),
        Data::Float(number) if number.abs() >= EXACT => Cell::Broken(ROUNDED),
        // Rust writes 20260101.0 as 20260101, never with an exponent.
        Data::Float(number) => Cell::Text(number.to_string()),
        Data::Bool(yes) => Cell::Text(if *yes { "yes" } else { "no" }.to_owned()),
        Data::DateTime(_) | Data::DateTimeIso(_) | Data::DurationIso(_) => Cell::Broken(DATE),
        Data::Error(_) => Cell::Broken(ERROR),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_look() {
        assert_eq!(cell(&Data::Float(20_260_101.0)), Cell::Text("20260101".to_owned()));
        assert_eq!(cell(&Data::Float(13_800_138_000.0)), Cell::Text("13800138000".to_owned()));
        assert_eq!(cell(&Data::Float(1.101_082_000_123_45e17)), Cell::Broken(ROUNDED));
        assert_eq!(cell(&Data::DateTimeIso("2026-01-01".to_owned())), Cell::Broken(DATE));
        assert_eq!(cell(&Data::Bool(true)), Cell::Text("yes".to_owned()));
    }
}
