//! The SQLite file is locked (R8), or its disk is full (R9).

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use chrono::TimeDelta;

use super::Report;
use crate::day::{Day, Script, slowness};
use crate::place::Kind;
use crate::process::{WITHIN, until};
use crate::{Outcome, Setup, ensure};

/// R8: another process keeps the file locked for 30 s; nothing is confirmed meanwhile.
pub async fn locked(setup: &Setup) -> Outcome<Report> {
    let mut day = Day::begins(setup, Script::scene(Kind::Sqlite).by_webhook()).await?;
    let pressed = day.has_asked_everybody(setup).await?;
    // BEGIN IMMEDIATE: in WAL mode that is what BEGIN EXCLUSIVE does.
    let lock = day.db.begin().await?;
    let sandbox = day.stage.sandbox.clone();
    let before = sandbox.confirmed_updates(&day.stage.bot).len();
    day.town.people().hesitate = false;
    tokio::time::sleep(Duration::from_secs(30)).await;
    let meanwhile = sandbox.confirmed_updates(&day.stage.bot).len() - before;
    ensure!(meanwhile == 0, "{meanwhile} updates were answered 200 while nothing could be committed");
    let waiting = sandbox.pending_updates(&day.stage.bot);
    ensure!(waiting > 15, "only {waiting} updates waited");
    drop(lock);
    let back = until("all is taken", WITHIN, async || {
        let acked = day.counts("SELECT COUNT(*) AS n FROM receipts WHERE acked_at IS NOT NULL").await?;
        Ok(acked >= pressed)
    });
    let back = back.await?;
    let told = ["waits for the database", "updates are not taken: Telegram brings them again"];
    ensure!(
        told.iter().any(|words| day.place.told(words) > 0),
        "the operator was not told: {}",
        day.last_lines()
    );
    let sum = day.ends().await?;
    ensure!(sum.repeats == 0, "{} repeats", sum.repeats);
    let did = format!(
        "locked for 30 s: {waiting} updates waited, none was answered 200; all taken {} ms after it",
        back.as_millis()
    );
    Ok(Report::of(did, sum))
}

/// R9: the disk is full for a minute and a half of the morning.
pub async fn full(setup: &Setup) -> Outcome<Report> {
    let disk = match Disk::new(16) {
        Ok(disk) => disk,
        Err(error) => return Ok(Report::skipped(format!("no small disk can be mounted here: {error}"))),
    };
    let script = Script::lasting(Kind::SqliteIn(disk.folder.path().to_owned()), 60.0);
    let day = Day::begins(setup, script).await?;
    day.passes_until(TimeDelta::seconds(90)).await;
    let filler = disk.is_filled()?;
    let told = until("the operator is told", WITHIN, async || Ok(day.place.told("disk is full") > 0));
    told.await?;
    day.clock.sleep(Duration::from_secs(90)).await;
    std::fs::remove_file(filler)?;
    let sandbox = day.stage.sandbox.clone();
    let before = sandbox.confirmed_updates(&day.stage.bot).len();
    let back = until("updates are taken again", WITHIN, async || {
        Ok(sandbox.confirmed_updates(&day.stage.bot).len() > before)
    });
    let back = back.await.map_err(|error| format!("{error}: {}", day.last_lines()))?;
    ensure!(back < Duration::from_secs(5).mul_f64(slowness()), "updates were taken again after {back:?}");
    let sum = day.ends().await?;
    let did =
        format!("the disk full for 90 s; updates taken again {} ms after it was freed", back.as_millis());
    Ok(Report::of(did, sum))
}

/// A small disk in memory, mounted on a folder of its own.
struct Disk {
    folder: tempfile::TempDir,
}

impl Disk {
    fn new(mib: u32) -> Outcome<Self> {
        let folder = tempfile::tempdir()?;
        let size = format!("size={mib}m");
        does("mount", &["-t", "tmpfs", "-o", &size, "tmpfs", &folder.path().to_string_lossy()])?;
        Ok(Self { folder })
    }

    /// Leaves no room.
    fn is_filled(&self) -> Outcome<PathBuf> {
        let path = self.folder.path().join("filler");
        let mut file = std::fs::File::create(&path)?;
        for size in [65_536, 4096, 512] {
            while file.write_all(&vec![1; size]).is_ok() {}
        }
        Ok(path)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // At worst the folder stays behind until the machine restarts.
        let _ = unmount(self.folder.path());
    }
}

fn unmount(folder: &Path) -> Outcome<()> {
    does("umount", &["--lazy", &folder.to_string_lossy()])
}

fn does(program: &str, arguments: &[&str]) -> Outcome<()> {
    let output = Command::new(program).args(arguments).output()?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).trim().into()) }
}
