//! Writing the roster: the same format back, so that an import of it changes nothing.

use std::path::Path;

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::WriteError;
use super::made_up;
use crate::documents::cells::{guard, guard_text_cell};
use crate::documents::write_private;
use crate::domain::roster::{Column, Follows, Person, Roster, Tiers, Unit};

/// In which language the headings stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Headings {
    /// As in the manual: `code`, `name`, …
    English,
    /// 编号, 名称, …
    Chinese,
}

/// A table ready to be written.
struct Sheet {
    name: &'static str,
    headings: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

/// Writes the roster into a workbook (`FILE.xlsx`), or as `units.csv` and `people.csv` into a folder.
///
/// # Errors
/// When the file cannot be written, or the name is neither.
pub fn export(roster: &Roster, tiers: &Tiers, to: &Path) -> Result<(), WriteError> {
    let sheets = sheets(roster, tiers, Headings::English);
    let extension = to.extension().map(|extension| extension.to_string_lossy().to_lowercase());
    match extension.as_deref() {
        Some("xlsx") if !to.is_dir() => write_workbook(&sheets, to),
        Some("csv" | "xls" | "ods") => Err(WriteError::Kind(to.display().to_string())),
        _ => write_folder(&sheets, to),
    }
}

/// Writes empty tables with their headings into a folder: `units.csv`, `people.csv` and `roster.xlsx`.
///
/// # Errors
/// When they cannot be written.
pub fn template(folder: &Path) -> Result<(), WriteError> {
    let sheets = sheets(&Roster::default(), &Tiers::default(), Headings::English);
    write_folder(&sheets, folder)?;
    write_workbook(&sheets, &folder.join("roster.xlsx"))
}

/// Writes a small made-up school into the workbook `example.xlsx`, to look at beside the empty tables.
///
/// # Errors
/// When it cannot be written.
pub fn example(tiers: &Tiers, headings: Headings, folder: &Path) -> Result<(), WriteError> {
    let roster = made_up::school(tiers, headings == Headings::Chinese);
    write_workbook(&sheets(&roster, tiers, headings), &folder.join("example.xlsx"))
}

fn heading(column: Column, table: &[Column], headings: Headings) -> &'static str {
    if headings == Headings::English {
        return column.heading();
    }
    let of_units = table.contains(&Column::Kind);
    match column {
        Column::Code if of_units => "编号",
        Column::Code => "学号/工号",
        Column::Name if of_units => "名称",
        Column::Name => "姓名",
        Column::Kind => "类型",
        Column::Parent => "上级",
        Column::Role => "角色",
        Column::Unit => "单位",
        Column::Phone => "电话",
        Column::AnswersFor => "代表学生",
        Column::Follows => "联系对象",
        Column::Signs => "签发",
        Column::TelegramId => "Telegram ID",
        Column::Locale => "语言",
    }
}

fn sheets(roster: &Roster, tiers: &Tiers, headings: Headings) -> [Sheet; 2] {
    let row = |columns: &'static [Column]| columns.iter().map(|c| heading(*c, columns, headings)).collect();
    let names = if headings == Headings::English { ["units", "people"] } else { ["单位", "人员"] };
    let units = roster.units_from_the_root();
    let units = units.into_iter().map(|unit| unit_row(unit, tiers)).collect();
    let people = roster.people.values().flat_map(person_rows).collect();
    [
        Sheet { name: names[0], headings: row(&Column::UNITS), rows: units },
        Sheet { name: names[1], headings: row(&Column::PEOPLE), rows: people },
    ]
}

fn unit_row(unit: &Unit, tiers: &Tiers) -> Vec<String> {
    let kind = tiers.name(unit.tier).unwrap_or_default().to_owned();
    vec![unit.code.clone(), unit.name.clone(), kind, unit.parent.clone().unwrap_or_default()]
}

/// A row per role and unit; what belongs to the person stands in each, so that rows can be sorted.
fn person_rows(person: &Person) -> impl Iterator<Item = Vec<String>> {
    let answers_for = join(person.answers_for.iter().map(String::as_str));
    let follows = join(person.follows.iter().map(Follows::code));
    let only = |keep: bool, text: &str| if keep { text.to_owned() } else { String::new() };
    person.duties.iter().map(move |((role, unit), signs)| {
        vec![
            person.code.clone(),
            person.name.clone(),
            role.word().to_owned(),
            unit.clone(),
            person.phone.clone(),
            only(role.answers_for_students(), &answers_for),
            only(role.follows_others(), &follows),
            only(*signs, "yes"),
            person.telegram_id.map(|id| id.to_string()).unwrap_or_default(),
            person.locale.clone().unwrap_or_default(),
        ]
    })
}

fn join<'a>(codes: impl Iterator<Item = &'a str>) -> String {
    codes.collect::<Vec<_>>().join(";")
}

fn write_folder(sheets: &[Sheet; 2], folder: &Path) -> Result<(), WriteError> {
    for (sheet, name) in sheets.iter().zip(["units.csv", "people.csv"]) {
        let path = folder.join(name);
        let bytes = csv_bytes(sheet).map_err(|error| WriteError::file(&path, error))?;
        write_private(&path, &bytes).map_err(|error| WriteError::file(&path, error))?;
    }
    Ok(())
}

/// UTF-8 with a BOM and Windows line ends: what Excel opens by a double click.
fn csv_bytes(sheet: &Sheet) -> Result<Vec<u8>, csv::Error> {
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(b"\xEF\xBB\xBF".to_vec());
    writer.write_record(&sheet.headings)?;
    for row in &sheet.rows {
        writer.write_record(row.iter().map(|cell| guard(cell)))?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

fn write_workbook(sheets: &[Sheet; 2], to: &Path) -> Result<(), WriteError> {
    let mut workbook = Workbook::new();
    for sheet in sheets {
        fill(workbook.add_worksheet(), sheet).map_err(|error| WriteError::file(to, error))?;
    }
    let bytes = workbook.save_to_buffer().map_err(|error| WriteError::file(to, error))?;
    write_private(to, &bytes).map_err(|error| WriteError::file(to, error))
}

/// All columns are text: what is typed later keeps its leading zeros, and no cell is a formula.
fn fill(worksheet: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    let text = Format::new().set_num_format("@");
    let bold = Format::new().set_num_format("@").set_bold();
    worksheet.set_name(sheet.name)?;
    worksheet.set_freeze_panes(1, 0)?;
    for (column, heading) in (0..).zip(&sheet.headings) {
        worksheet.set_column_format(column, &text)?;
        worksheet.set_column_width(column, 16)?;
        worksheet.write_string_with_format(0, column, *heading, &bold)?;
    }
    for (line, row) in (1..).zip(&sheet.rows) {
        for (column, cell) in (0..).zip(row).filter(|(_, cell)| !cell.is_empty()) {
            worksheet.write_string_with_format(line, column, guard_text_cell(cell), &text)?;
        }
    }
    Ok(())
}
