//! The day's workbook, and a unit's ledger over a range of days (section 6 of the manual; D2, D5).
//!
//! It is made in memory: a temporary file would hold health answers unsealed, and the service may run where no file
//! can be written.

mod columns;
mod rows;
mod sheet;

use chrono::NaiveDate;
use rust_xlsxwriter::{DocProperties, Workbook, XlsxError};

use crate::documents::Words;
use crate::domain::message::Time;
use crate::domain::report::DayReport;
use crate::domain::split::clip;

use columns::{ANSWERS, Column, DIRECTIVES, MISSING, SIGNOFF, SUMMARY};
use rows::Speaker;
use sheet::{Head, Painter, Value};

/// Rows below the headings that fit on a sheet.
const MOST_ROWS: usize = 1_048_575;
/// What Excel takes for a title or a comment, in UTF-16 units.
const LONGEST_PROPERTY: usize = 255;

/// Which words stand in headings, sheet names and states.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Headings {
    /// Those of the school's language.
    Words,
    /// The keys of the manual, for programs.
    Keys,
}

/// What a workbook is made with.
pub struct Book<'a> {
    pub words: &'a Words<'a>,
    pub headings: Headings,
    /// Begins every row with its date: for a range of days.
    pub dated: bool,
    /// When it is made: its properties say so.
    pub made_at: Time,
}

/// Why a workbook could not be made.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// A sheet is full.
    #[error(
        "{rows} rows do not fit on one sheet, which holds {MOST_ROWS}; choose fewer days or a smaller unit"
    )]
    TooLong {
        /// How many there were to write.
        rows: usize,
    },
    /// The workbook cannot be written.
    #[error("the workbook cannot be written: {0}")]
    Workbook(#[from] XlsxError),
}

/// What the file of a unit's day is called.
pub fn file_name(unit: &str, date: NaiveDate) -> String {
    let unit: String = unit.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    format!("{unit}-{date}.xlsx")
}

/// The workbook of these days, which are in their order.
///
/// # Errors
/// When it does not fit into a workbook.
pub fn workbook(book: &Book<'_>, days: &[DayReport]) -> Result<Vec<u8>, BookError> {
    let speaker = Speaker { words: book.words, headings: book.headings };
    let mut maker =
        Maker { book, days, speaker: &speaker, painter: Painter::new(), workbook: Workbook::new() };
    maker.describe()?;
    maker.sheet("summary", &SUMMARY, |day| day.units.iter().map(|row| speaker.unit(row)))?;
    maker.sheet("missing", &MISSING, |day| day.missing.iter().map(|row| speaker.missing(row)))?;
    maker.answers()?;
    maker.sheet("directives", &DIRECTIVES, |day| day.directives.iter().map(|row| speaker.directive(row)))?;
    let acts = days.iter().any(|day| !day.signoff.is_empty());
    if book.headings == Headings::Words && acts {
        maker.sheet("signoff", &SIGNOFF, |day| day.signoff.iter().map(|row| speaker.act(row)))?;
    }
    Ok(maker.workbook.save_to_buffer()?)
}

struct Maker<'a> {
    book: &'a Book<'a>,
    days: &'a [DayReport],
    speaker: &'a Speaker<'a>,
    painter: Painter,
    workbook: Workbook,
}

impl<'a> Maker<'a> {
    /// What the file says of itself: the school, the days, and who signed them.
    fn describe(&mut self) -> Result<(), BookError> {
        let (first, last) = (self.days.first(), self.days.last());
        let span = match (first, last) {
            (Some(first), Some(last)) if first.date != last.date => format!("{}..{}", first.date, last.date),
            (Some(first), _) => first.date.to_string(),
            _ => String::new(),
        };
        let school = first.map(|day| day.school.as_str()).unwrap_or_default();
        let acts: Vec<_> = self.days.iter().flat_map(|day| &day.signoff).collect();
        let acts: Vec<_> = acts.into_iter().map(|act| self.speaker.remark(act)).collect();
        let properties = DocProperties::new()
            .set_title(clip(&format!("{school} {span}"), LONGEST_PROPERTY))
            .set_comment(clip(&acts.join("\n"), LONGEST_PROPERTY))
            .set_creation_datetime(&self.book.words.calendar.local(self.book.made_at));
        self.workbook.set_properties(&properties);
        Ok(())
    }

    fn sheet<R>(
        &mut self,
        key: &str,
        columns: &[Column],
        rows: impl Fn(&'a DayReport) -> R,
    ) -> Result<(), BookError>
    where
        R: ExactSizeIterator<Item = Vec<Value<'a>>>,
    {
        let heads = columns.iter().map(|column| self.speaker.head(column)).collect();
        self.write(key, heads, rows)
    }

    /// A column for every question that any of the days asked, in the order they were first asked.
    fn answers(&mut self) -> Result<(), BookError> {
        if self.days.iter().all(|day| day.answers.is_none()) {
            return Ok(());
        }
        let questions = rows::questions(self.days);
        let mut heads: Vec<Head> = ANSWERS.iter().map(|column| self.speaker.head(column)).collect();
        heads.extend(questions.iter().map(|(id, words)| match self.book.headings {
            Headings::Words => Head::new(words),
            Headings::Keys => Head::new(id),
        }));
        let speaker = self.speaker;
        self.write("answers", heads, |day| {
            let places = rows::places(day, &questions);
            let rows = day.answers.as_ref().map(|sheet| sheet.rows.as_slice()).unwrap_or_default();
            rows.iter().map(move |row| speaker.answer(row, &places))
        })
    }

    fn write<R>(
        &mut self,
        key: &str,
        mut heads: Vec<Head>,
        rows: impl Fn(&'a DayReport) -> R,
    ) -> Result<(), BookError>
    where
        R: ExactSizeIterator<Item = Vec<Value<'a>>>,
    {
        let count: usize = self.days.iter().map(|day| rows(day).len()).sum();
        if count > MOST_ROWS {
            return Err(BookError::TooLong { rows: count });
        }
        if self.book.dated {
            heads.insert(0, self.speaker.head(&columns::DATE));
        }
        let dated = self.book.dated;
        let all = self.days.iter().flat_map(|day| {
            rows(day).map(move |mut row| {
                if dated {
                    row.insert(0, Value::Date(day.date));
                }
                row
            })
        });
        let sheet = self.workbook.add_worksheet();
        sheet.set_name(self.speaker.sheet_name(key))?;
        self.painter.table(sheet, self.book.words.calendar, heads, all)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
