//! Lines of cells become rows of units or people by their headings.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Reading;
use crate::documents::cells::unguard;
use crate::domain::roster::{Column, PersonRow, Place, Problem, Table, UnitRow, nearest, plain};

/// A cell as its file has it.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Text, still with the file's apostrophes and spaces.
    Text(String),
    /// A value that lost its meaning, with the reason and the mend.
    Broken(&'static str),
}

impl Cell {
    fn is_blank(&self) -> bool {
        matches!(self, Cell::Text(text) if plain(text).is_empty())
    }
}

/// A line of a file or row of a sheet, counted from 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub number: u32,
    pub cells: Vec<Cell>,
}

/// Which of the two tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Units,
    People,
}

impl Kind {
    /// What a sheet's or file's name says.
    pub fn of_name(name: &str) -> Option<Kind> {
        let name = name.to_lowercase();
        let says = |words: [&str; 2]| words.iter().any(|word| name.contains(word));
        match (says(["units", "单位"]), says(["people", "人员"])) {
            (true, false) => Some(Kind::Units),
            (false, true) => Some(Kind::People),
            _ => None,
        }
    }

    fn columns(self) -> &'static [Column] {
        match self {
            Kind::Units => &Column::UNITS,
            Kind::People => &Column::PEOPLE,
        }
    }

    fn needed(self) -> &'static [Column] {
        &self.columns()[..4]
    }

    fn headings(self) -> String {
        self.columns().iter().map(|column| column.heading()).collect::<Vec<_>>().join(", ")
    }

    fn word(self) -> &'static str {
        match self {
            Kind::Units => "units",
            Kind::People => "people",
        }
    }
}

/// The column under a heading, English or Chinese, however its spaces and capitals are written.
pub fn column(heading: &str) -> Option<Column> {
    let heading = plain(heading).to_lowercase().replace([' ', '_', '-'], "");
    Some(match heading.as_str() {
        "code" | "编号" | "学号" | "工号" | "学号/工号" | "编号/学号/工号" => Column::Code,
        "name" | "名称" | "姓名" | "名称/姓名" => Column::Name,
        "kind" | "类型" => Column::Kind,
        "parent" | "上级" | "上级单位" => Column::Parent,
        "role" | "角色" => Column::Role,
        "unit" | "单位" => Column::Unit,
        "phone" | "电话" | "手机" | "手机号" | "联系电话" => Column::Phone,
        "answersfor" | "代表学生" => Column::AnswersFor,
        "follows" | "联系对象" => Column::Follows,
        "signs" | "签发" => Column::Signs,
        "telegramid" => Column::TelegramId,
        "locale" | "语言" => Column::Locale,
        _ => return None,
    })
}

/// Which table these headings are, if they tell; a heading that only one of them has decides.
pub fn kind_of(headings: &Line) -> Option<Kind> {
    let known: Vec<Column> = headings
        .cells
        .iter()
        .filter_map(|cell| if let Cell::Text(text) = cell { column(unguard(text)) } else { None })
        .collect();
    let only = |columns: &[Column]| known.iter().filter(|column| columns[2..].contains(column)).count();
    match (only(&Column::UNITS), only(&Column::PEOPLE)) {
        (units, people) if units > people => Some(Kind::Units),
        (units, people) if people > units => Some(Kind::People),
        _ => None,
    }
}

/// How many headings of a line are known; to find a file's separator.
pub fn known_headings(cells: &[Cell]) -> usize {
    cells.iter().filter(|cell| matches!(cell, Cell::Text(text) if column(unguard(text)).is_some())).count()
}

/// Where each column stands in a line.
struct Shape {
    at: BTreeMap<Column, usize>,
}

/// Adds the rows of a table to what was read. The first line that is not blank holds the headings; blank
/// lines are left out.
pub fn add(file: &str, sheet: Option<&str>, lines: Vec<Line>, reading: &mut Reading) {
    let mut table = Table { file: file.to_owned(), sheet: sheet.map(str::to_owned), ..Table::default() };
    let mut lines = lines.into_iter().filter(|line| !line.cells.iter().all(Cell::is_blank));
    let Some(headings) = lines.next() else {
        let reason = "there is nothing in it; the first line holds the headings, see `roster template`";
        reading.problems.push(Problem::of_table(&table, 0, reason));
        return;
    };
    let kind = kind_of(&headings).or_else(|| Kind::of_name(sheet.unwrap_or(file)));
    let Some(kind) = kind else {
        let reason = "the headings tell neither units (code,name,kind,parent) nor people \
                      (code,name,role,unit,…); write them in the first line";
        reading.problems.push(Problem::of_table(&table, headings.number, reason));
        return;
    };
    let Some(shape) = shape(kind, &headings, &mut table, &mut reading.problems) else { return };
    let table = Arc::new(table);
    let rows: Vec<Line> = lines.collect();
    if rows.is_empty() {
        let reason = format!("there are headings but no {}; add a line for each", kind.word());
        reading.problems.push(Problem::of_table(&table, headings.number, reason));
    }
    rows.iter().for_each(|line| shape.check(line, &table, &mut reading.problems));
    match kind {
        Kind::Units => {
            let units = rows.iter().map(|line| shape.unit(line, &table));
            reading.units.get_or_insert_default().extend(units);
        }
        Kind::People => {
            let people = rows.iter().map(|line| shape.person(line, &table));
            reading.people.get_or_insert_default().extend(people);
        }
    }
}

/// Finds the columns; unknown, repeated and missing headings are faults, and then there is no shape.
fn shape(kind: Kind, headings: &Line, table: &mut Table, problems: &mut Vec<Problem>) -> Option<Shape> {
    let mut at = BTreeMap::new();
    let mut faults = Vec::new();
    let mut meant = Vec::new();
    for (position, cell) in headings.cells.iter().enumerate().filter(|(_, cell)| !cell.is_blank()) {
        let heading = match cell {
            Cell::Text(text) => plain(unguard(text)),
            Cell::Broken(_) => String::new(),
        };
        match column(&heading).filter(|column| kind.columns().contains(column)) {
            Some(column) if at.contains_key(&column) => {
                let reason = format!("the heading \"{heading}\" stands twice; remove one of the columns");
                faults.push(reason);
            }
            Some(column) => {
                at.insert(column, position);
                table.headings.insert(column, heading);
            }
            None => {
                let near = nearest(&heading, kind.columns().iter().map(|column| column.heading()));
                faults.push(unknown_heading(kind, &heading, near));
                meant.extend(near);
            }
        }
    }
    if at.is_empty() {
        faults = vec![format!("the first line must hold the headings: {}", kind.headings())];
    } else {
        // A slip in a heading is one fault, not an unknown heading and a missing one.
        let there = |column: &Column| at.contains_key(column) || meant.contains(&column.heading());
        let missing = kind.needed().iter().filter(|column| !there(column));
        faults.extend(missing.map(|column| missing_heading(kind, *column)));
    }
    if faults.is_empty() {
        return Some(Shape { at });
    }
    problems.extend(faults.into_iter().map(|reason| Problem::of_table(table, headings.number, reason)));
    None
}

fn unknown_heading(kind: Kind, heading: &str, near: Option<&str>) -> String {
    match near {
        Some(near) => format!("unknown heading \"{heading}\"; is \"{near}\" meant?"),
        None => format!("unknown heading \"{heading}\"; {} have {}", kind.word(), kind.headings()),
    }
}

fn missing_heading(kind: Kind, column: Column) -> String {
    format!("the heading \"{}\" is missing; {} need {}", column.heading(), kind.word(), kind.headings())
}

impl Shape {
    /// Reports cells that lost their meaning and cells without a heading.
    fn check(&self, line: &Line, table: &Arc<Table>, problems: &mut Vec<Problem>) {
        let place = Place { table: table.clone(), line: line.number };
        for (column, position) in &self.at {
            if let Some(Cell::Broken(reason)) = line.cells.get(*position) {
                problems.push(place.problem(*column, *reason));
            }
        }
        let headed = |position: usize| self.at.values().any(|at| *at == position);
        let stray = line.cells.iter().enumerate().find(|(at, cell)| !headed(*at) && !cell.is_blank());
        if stray.is_some() {
            let reason = "there is a cell without a heading above it; put a cell that holds the separator \
                          into quotes, or remove the cell";
            problems.push(Problem::of_table(table, line.number, reason));
        }
    }

    fn text(&self, line: &Line, column: Column) -> String {
        let cell = self.at.get(&column).and_then(|position| line.cells.get(*position));
        match cell {
            Some(Cell::Text(text)) => unguard(text).to_owned(),
            Some(Cell::Broken(_)) | None => String::new(),
        }
    }

    fn unit(&self, line: &Line, table: &Arc<Table>) -> UnitRow {
        UnitRow {
            place: Place { table: table.clone(), line: line.number },
            code: self.text(line, Column::Code),
            name: self.text(line, Column::Name),
            kind: self.text(line, Column::Kind),
            parent: self.text(line, Column::Parent),
        }
    }

    fn person(&self, line: &Line, table: &Arc<Table>) -> PersonRow {
        PersonRow {
            place: Place { table: table.clone(), line: line.number },
            code: self.text(line, Column::Code),
            name: self.text(line, Column::Name),
            role: self.text(line, Column::Role),
            unit: self.text(line, Column::Unit),
            phone: self.text(line, Column::Phone),
            answers_for: self.text(line, Column::AnswersFor),
            follows: self.text(line, Column::Follows),
            signs: self.text(line, Column::Signs),
            telegram_id: self.text(line, Column::TelegramId),
            locale: self.text(line, Column::Locale),
        }
    }
}
