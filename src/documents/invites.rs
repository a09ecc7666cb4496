//! Binding links as a file to hand out: CSV, or a workbook when its name ends in `.xlsx`.

use std::io;
use std::path::Path;

use rust_xlsxwriter::{Format, Workbook, XlsxError};

use super::cells::{guard, guard_text_cell};
use super::write_private;

/// The headings of the contract.
const HEADINGS: [&str; 5] = ["code", "name", "unit", "link", "expires_at"];

/// One person's link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The person's code.
    pub code: String,
    /// The person's name.
    pub name: String,
    /// Their unit's code.
    pub unit: String,
    /// What they open.
    pub link: String,
    /// Until when, in the school's time.
    pub expires_at: String,
}

impl Link {
    fn cells(&self) -> [&str; 5] {
        [&self.code, &self.name, &self.unit, &self.link, &self.expires_at]
    }
}

/// Writes the links; only the file's owner may read them.
///
/// # Errors
/// When the file cannot be written.
pub fn write(links: &[Link], to: &Path) -> io::Result<()> {
    let workbook = to.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xlsx"));
    let bytes = if workbook {
        workbook_bytes(links).map_err(io::Error::other)?
    } else {
        csv_bytes(links).map_err(io::Error::other)?
    };
    write_private(to, &bytes)
}

fn csv_bytes(links: &[Link]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADINGS)?;
    for link in links {
        writer.write_record(link.cells().map(guard))?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

fn workbook_bytes(links: &[Link]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let text = Format::new().set_num_format("@");
    let sheet = workbook.add_worksheet();
    for (column, heading) in (0..).zip(HEADINGS) {
        sheet.set_column_width(column, if heading == "link" { 60 } else { 18 })?;
        sheet.write_string_with_format(0, column, heading, &text)?;
    }
    for (row, link) in (1..).zip(links) {
        for (column, cell) in (0..).zip(link.cells()) {
            sheet.write_string_with_format(row, column, guard_text_cell(cell), &text)?;
        }
    }
    workbook.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_written_for_their_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("new/links.csv");
        let link = Link {
            code: "1".to_owned(),
            name: "=张,一".to_owned(),
            unit: "c1".to_owned(),
            link: "https://t.me/b?start=x".to_owned(),
            expires_at: "2026-12-06T08:00:00+08:00".to_owned(),
        };
        write(std::slice::from_ref(&link), &file).expect("written");
        let text = std::fs::read_to_string(&file).expect("there");
        let row = "1,\"'=张,一\",c1,https://t.me/b?start=x,2026-12-06T08:00:00+08:00";
        assert_eq!(text, format!("code,name,unit,link,expires_at\n{row}\n"));
        let mode = std::fs::metadata(&file).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let workbook = folder.path().join("links.xlsx");
        write(&[link], &workbook).expect("written");
        assert!(std::fs::read(&workbook).expect("there").starts_with(b"PK"));
    }
}
