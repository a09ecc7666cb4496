//! Files for people: the roster's CSV and XLSX, binding links, a directive's receipts, the day's workbook and chart.

pub mod cells;
pub mod chart;
pub mod day;
pub mod directory;
#[cfg(test)]
mod hostile;
pub mod invites;
pub mod own;
pub mod receipts;
pub mod roster;
mod words;

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::{fs, io};

pub use words::Words;

/// A4 as workbooks call it.
const PAPER_A4: u8 = 9;

/// Writes a file with phones, answers, accounts or links: only its owner may read it. Its folder is made when missing.
///
/// # Errors
/// When it cannot be written.
pub fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(bytes)
}
