use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// A column of the two tables, by its English heading.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// `code`
    Code,
    /// `name`
    Name,
    /// `kind` of a unit
    Kind,
    /// `parent` of a unit
    Parent,
    /// `role` of a person
    Role,
    /// `unit` of a person
    Unit,
    /// `phone` of a person
    Phone,
    /// `answers_for`: student codes
    AnswersFor,
    /// `follows`: student or unit codes
    Follows,
    /// `signs`: yes or no
    Signs,
    /// `telegram_id` of a person
    TelegramId,
    /// `locale` of a person
    Locale,
}

impl Column {
    /// The columns of `units`, in the order of the contract.
    pub const UNITS: [Column; 4] = [Column::Code, Column::Name, Column::Kind, Column::Parent];
    /// The columns of `people`, in the order of the contract.
    pub const PEOPLE: [Column; 10] = [
        Column::Code,
        Column::Name,
        Column::Role,
        Column::Unit,
        Column::Phone,
        Column::AnswersFor,
        Column::Follows,
        Column::Signs,
        Column::TelegramId,
        Column::Locale,
    ];

    /// The English heading.
    pub fn heading(self) -> &'static str {
        match self {
            Column::Code => "code",
            Column::Name => "name",
            Column::Kind => "kind",
            Column::Parent => "parent",
            Column::Role => "role",
            Column::Unit => "unit",
            Column::Phone => "phone",
            Column::AnswersFor => "answers_for",
            Column::Follows => "follows",
            Column::Signs => "signs",
            Column::TelegramId => "telegram_id",
            Column::Locale => "locale",
        }
    }
}

/// Where rows came from: a file, or a sheet of one, with the headings as they stand there.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The file as the operator named it.
    pub file: String,
    /// The sheet, for a workbook.
    pub sheet: Option<String>,
    /// Headings as written, where they differ from the English ones.
    pub headings: BTreeMap<Column, String>,
}

impl Table {
    /// What the operator finds above that column.
    pub fn heading(&self, column: Column) -> &str {
        self.headings.get(&column).map_or(column.heading(), String::as_str)
    }
}

/// The place of a row: its table and line, 1 being the headings'.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The table the row stands in.
    pub table: Arc<Table>,
    /// Line of the file or row of the sheet, from 1.
    pub line: u32,
}

impl Place {
    /// A problem with one cell of this row.
    pub fn problem(&self, column: Column, reason: impl Into<String>) -> Problem {
        Problem {
            file: self.table.file.clone(),
            sheet: self.table.sheet.clone(),
            line: self.line,
            column: Some(self.table.heading(column).to_owned()),
            reason: reason.into(),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.table.file, self.line)?;
        self.table.sheet.as_ref().map_or(Ok(()), |sheet| write!(f, " (sheet {sheet})"))
    }
}

/// A row of `units` as it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are the contract's columns")]
pub struct UnitRow {
    pub place: Place,
    pub code: String,
    pub name: String,
    pub kind: String,
    pub parent: String,
}

/// A row of `people` as it was read; cells of columns that are not there are empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are the contract's columns")]
pub struct PersonRow {
    pub place: Place,
    pub code: String,
    pub name: String,
    pub role: String,
    pub unit: String,
    pub phone: String,
    pub answers_for: String,
    pub follows: String,
    pub signs: String,
    pub telegram_id: String,
    pub locale: String,
}

/// A fault of the roster's files, in plain words and with how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file as the operator named it.
    pub file: String,
    /// The sheet, for a workbook.
    pub sheet: Option<String>,
    /// Line of the file, from 1; 0 when the fault has no line.
    pub line: u32,
    /// The column by its heading, when the fault is of one.
    pub column: Option<String>,
    /// What is wrong and how to mend it.
    pub reason: String,
}

impl Problem {
    /// A problem with a whole file or sheet.
    pub fn of_table(table: &Table, line: u32, reason: impl Into<String>) -> Problem {
        Problem {
            file: table.file.clone(),
            sheet: table.sheet.clone(),
            line,
            column: None,
            reason: reason.into(),
        }
    }

    pub(super) fn order(&self) -> (&str, Option<&str>, u32) {
        (&self.file, self.sheet.as_deref(), self.line)
    }
}

impl fmt::Display for Problem {
    /// `FILE:LINE: column NAME: reason`, with the sheet's name before the column for a workbook.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        if let Some(sheet) = &self.sheet {
            write!(f, ": sheet {sheet}")?;
        }
        if let Some(column) = &self.column {
            write!(f, ": column {column}")?;
        }
        write!(f, ": {}", self.reason)
    }
}

impl std::error::Error for Problem {}
