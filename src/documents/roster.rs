//! The roster as files: two CSV files or one workbook, read and written (section 3 of the manual; A1–A5).

mod csv_file;
mod made_up;
mod table;
mod workbook;
mod write;

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use crate::domain::roster::{PersonRow, Place, Problem, Roster, Table, Tiers, UnitRow, plain, validate};

pub use write::{Headings, example, export, template};

/// Why a roster could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The file or folder cannot be written.
    #[error("cannot write {path}: {reason}")]
    File {
        /// Where.
        path: String,
        /// What the system says.
        reason: String,
    },
    /// The name ends neither in `.xlsx` nor names a folder.
    #[error("{0}: name a workbook that ends in .xlsx, or a folder for units.csv and people.csv")]
    Kind(String),
}

impl WriteError {
    fn file(path: &Path, reason: impl ToString) -> Self {
        WriteError::File { path: path.display().to_string(), reason: reason.to_string() }
    }
}

/// What was read from all files. A table that could not be read at all is `None`, its faults are in
/// `problems`.
#[derive(Default)]
struct Reading {
    units: Option<Vec<UnitRow>>,
    people: Option<Vec<PersonRow>>,
    problems: Vec<Problem>,
}

/// A sound roster with the places that a later check, against the accounts already bound, may need.
#[derive(Debug)]
pub struct Read {
    /// The roster.
    pub roster: Roster,
    /// Where each person's `telegram_id` stands, by their code.
    pub accounts: HashMap<String, Place>,
}

/// Reads the whole roster from CSV files, workbooks or folders of them. Which table is which is known by
/// its headings.
///
/// # Errors
/// Every fault of every file, with its place.
pub fn read(paths: &[PathBuf], tiers: &Tiers) -> Result<Read, Vec<Problem>> {
    let mut reading = Reading::default();
    for path in paths {
        reading.path(path);
    }
    reading.missing_tables(paths);
    let Reading { units, people, mut problems } = reading;
    // Without units every person's unit would be unknown: that is said once, above.
    let people = if units.is_some() { people.unwrap_or_default() } else { Vec::new() };
    match validate(&units.unwrap_or_default(), &people, tiers) {
        Ok(roster) if problems.is_empty() => Ok(Read { roster, accounts: accounts(&people) }),
        Ok(_) => Err(problems),
        Err(found) => {
            // A cell that could not be read is empty for the rules: that is not said as well.
            let cell = |problem: &Problem| {
                (problem.file.clone(), problem.sheet.clone(), problem.line, problem.column.clone())
            };
            let told: HashSet<_> = problems.iter().map(cell).collect();
            problems.extend(found.into_iter().filter(|problem| !told.contains(&cell(problem))));
            Err(problems)
        }
    }
}

fn accounts(people: &[PersonRow]) -> HashMap<String, Place> {
    let named = people.iter().filter(|row| !plain(&row.telegram_id).is_empty());
    named.map(|row| (plain(&row.code), row.place.clone())).collect()
}

impl Reading {
    fn path(&mut self, path: &Path) {
        if path.is_dir() {
            match tables_of_folder(path) {
                Ok(files) if files.is_empty() => {
                    self.fault(path, "the folder holds neither units.csv and people.csv nor roster.xlsx");
                }
                Ok(files) => files.iter().for_each(|file| self.file(file)),
                Err(error) => self.fault(path, format!("cannot be read: {error}")),
            }
        } else {
            self.file(path);
        }
    }

    fn file(&mut self, path: &Path) {
        let name = path.display().to_string();
        match fs::read(path) {
            Err(error) => self.fault(path, format!("cannot be read: {error}")),
            Ok(bytes) if bytes.is_empty() => self.fault(path, "the file is empty; see `roster template`"),
            Ok(bytes) if bytes.starts_with(b"PK") => workbook::read(&name, bytes, self),
            Ok(bytes) if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) => {
                self.fault(path, "this is an old or protected Excel file; save it as Excel workbook (.xlsx) without a password");
            }
            Ok(bytes) => csv_file::read(&name, &bytes, self),
        }
    }

    fn fault(&mut self, path: &Path, reason: impl Into<String>) {
        let table = Table { file: path.display().to_string(), ..Table::default() };
        self.problems.push(Problem::of_table(&table, 0, reason));
    }

    /// The import replaces the whole roster, so both tables are needed.
    fn missing_tables(&mut self, paths: &[PathBuf]) {
        if !self.problems.is_empty() {
            return;
        }
        let Some(path) = paths.first() else { return };
        if self.units.is_none() {
            self.fault(
                path,
                "no table of units was given; the whole roster is imported at once: units and people",
            );
        }
        if self.people.is_none() {
            self.fault(
                path,
                "no table of people was given; the whole roster is imported at once: units and people",
            );
        }
    }
}

/// The files that `roster export` and `roster template` write into a folder.
fn tables_of_folder(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if matches!(path.file_name().and_then(OsStr::to_str), Some("units.csv" | "people.csv")) {
            files.push(path);
        }
    }
    files.sort();
    let workbook = folder.join("roster.xlsx");
    if files.is_empty() && workbook.is_file() {
        files.push(workbook);
    }
    Ok(files)
}

#[cfg(test)]
mod tests;
