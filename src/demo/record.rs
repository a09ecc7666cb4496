//! What an outsider needs to add up a played day: what was seen in the chats, as the sandbox tells it, and the made-up
//! school. Nothing here comes from the service's own database.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use botapi_sandbox::Sight;
use chrono::SecondsFormat;
use chrono_tz::Tz;

use super::history::PastUnit;
use super::{DemoError, Stage};
use crate::documents::roster;
use crate::engine::Settings;

/// The chats as they went, a line of JSON for each thing that happened. Clones write the same file.
#[derive(Debug, Clone)]
pub struct Chronicle(Arc<Mutex<Pages>>);

#[derive(Debug)]
struct Pages {
    file: BufWriter<File>,
    timezone: Tz,
    /// The first line that could not be written.
    failed: Option<io::Error>,
}

impl Chronicle {
    /// Begins a file; its times are those of this zone.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn begin(path: &Path, timezone: Tz) -> io::Result<Chronicle> {
        let file = BufWriter::new(File::create(path)?);
        Ok(Chronicle(Arc::new(Mutex::new(Pages { file, timezone, failed: None }))))
    }

    /// What the sandbox tells of everything.
    pub fn onlooker(&self) -> impl FnMut(&Sight) + Send + use<> {
        let pages = Arc::clone(&self.0);
        move |sight| pages.lock().unwrap_or_else(PoisonError::into_inner).write(sight)
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// When this or an earlier line could not be written.
    pub fn finish(&self) -> io::Result<()> {
        let mut pages = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match pages.failed.take() {
            Some(error) => Err(error),
            None => pages.file.flush(),
        }
    }
}

impl Pages {
    fn write(&mut self, sight: &Sight) {
        if self.failed.is_none() {
            self.failed = self.line(sight).err();
        }
    }

    fn line(&mut self, sight: &Sight) -> io::Result<()> {
        let mut line = serde_json::to_value(sight)?;
        let at = sight.at.with_timezone(&self.timezone);
        line["at"] = at.to_rfc3339_opts(SecondsFormat::Millis, false).into();
        serde_json::to_writer(&mut self.file, &line)?;
        self.file.write_all(b"\n")
    }
}

/// Writes the school into a folder: the roster's two tables, `chats.csv` (which chat is whose) and `past.csv` (how the
/// made-up days before went).
///
/// # Errors
/// When a file cannot be written.
pub fn describe(
    stage: &Stage,
    past: &[PastUnit],
    settings: &Settings,
    folder: &Path,
) -> Result<(), DemoError> {
    let unwritten = |error: &dyn std::fmt::Display| DemoError::Stuck(error.to_string());
    roster::export(&stage.roster, &settings.tiers, folder).map_err(|error| unwritten(&error))?;
    let mut chats: Vec<[String; 3]> = stage
        .groups
        .iter()
        .map(|((unit, tier), group)| {
            [group.id().to_string(), unit.clone(), settings.tier_key(*tier).to_owned()]
        })
        .collect();
    chats.sort_by(|one, other| (&one[1], &one[2]).cmp(&(&other[1], &other[2])));
    table(&folder.join("chats.csv"), ["chat_id", "unit", "tier"], &chats)
        .map_err(|error| unwritten(&error))?;
    let past: Vec<[String; 4]> = past
        .iter()
        .map(|row| {
            [row.date.to_string(), row.unit.clone(), row.expected.to_string(), row.reported.to_string()]
        })
        .collect();
    let heads = ["date", "unit", "expected", "reported"];
    table(&folder.join("past.csv"), heads, &past).map_err(|error| unwritten(&error))
}

fn table<const N: usize>(path: &Path, heads: [&str; N], rows: &[[String; N]]) -> csv::Result<()> {
    let mut writer = csv::Writer::from_path(path)?;
    writer.write_record(heads)?;
    for row in rows {
        writer.write_record(row)?;
    }
    Ok(writer.flush()?)
}
