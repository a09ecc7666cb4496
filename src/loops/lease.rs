//! Holding what only one process may hold: sending, or polling, with one bot's token (invariant 3).

use std::fs::{File, TryLockError};
use std::path::PathBuf;
use std::time::Duration;

use crate::clock::SharedClock;
use crate::store::leases::{self, Standing};
use crate::store::{Db, Error, Result};

/// How long a lease lives without renewal.
pub const TTL: Duration = Duration::from_secs(8);
/// How long before that its holder stops trusting it.
const MARGIN: Duration = Duration::from_secs(1);
/// How often it is renewed.
const RENEW: Duration = Duration::from_secs(2);

/// A right that one process holds at a time: on SQLite a lock of the operating system, gone with its process; on
/// PostgreSQL a row that others take over when it was not renewed for [`TTL`].
pub struct Lease {
    name: String,
    owner: String,
    clock: SharedClock,
    kind: Kind,
}

enum Kind {
    Lock { path: PathBuf, held: Option<File> },
    Row { db: Db, taken_at: Option<Duration>, watched: Option<(Standing, Duration)> },
}

impl Lease {
    /// The lease `name` for this process, called `owner`. `lock` is the folder and beginning of the lock file's name
    /// on SQLite; `None` on PostgreSQL.
    pub fn new(name: &str, owner: &str, db: &Db, lock: Option<PathBuf>, clock: SharedClock) -> Self {
        let kind = match lock {
            Some(path) => Kind::Lock { path, held: None },
            None => Kind::Row { db: db.clone(), taken_at: None, watched: None },
        };
        Self { name: name.to_owned(), owner: owner.to_owned(), clock, kind }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is held by a row, and so must be proved in the transactions that rely on it.
    pub fn is_row(&self) -> bool {
        matches!(self.kind, Kind::Row { .. })
    }

    /// Whether this process may act on it at this moment. To be asked right before acting.
    pub fn is_trusted(&self) -> bool {
        match &self.kind {
            Kind::Lock { held, .. } => held.is_some(),
            Kind::Row { taken_at, .. } => {
                taken_at.is_some_and(|taken| self.clock.elapsed() < taken + TTL - MARGIN)
            }
        }
    }

    /// Takes or renews it where that is possible; whether it is held now.
    ///
    /// # Errors
    /// When the lock file or the database cannot be used.
    pub async fn hold(&mut self) -> Result<bool> {
        let now = self.clock.elapsed();
        match &mut self.kind {
            Kind::Lock { path, held } => {
                if held.is_none() {
                    *held = lock(path)?;
                }
                Ok(held.is_some())
            }
            Kind::Row { taken_at: Some(taken), .. } if now < *taken + RENEW => Ok(true),
            Kind::Row { .. } => self.hold_row(now).await,
        }
    }

    async fn hold_row(&mut self, now: Duration) -> Result<bool> {
        let Kind::Row { db, taken_at, watched } = &mut self.kind else { return Ok(false) };
        let mut tx = db.begin().await?;
        let seen = leases::look(&mut tx, &self.name).await?;
        let may_take = match &seen {
            None => true,
            Some(standing) if standing.owner == self.owner => true,
            Some(standing) => match watched {
                Some((known, since)) if known == standing => now >= *since + TTL,
                _ => {
                    *watched = Some((standing.clone(), now));
                    false
                }
            },
        };
        let was_mine = seen.as_ref().is_some_and(|standing| standing.owner == self.owner);
        let until = self.clock.now().timestamp_millis();
        let taken =
            may_take && leases::take(&mut tx, &self.name, &self.owner, seen.as_ref(), until).await?.is_some();
        tx.commit().await?;
        if taken {
            if !was_mine {
                tracing::info!(lease = self.name, "this process holds the lease now");
            }
            *watched = None;
        }
        // Counted from before the transaction: others watch it from its commit at the earliest.
        *taken_at = taken.then_some(now);
        Ok(taken)
    }

    /// Gives it back.
    ///
    /// # Errors
    /// When the database cannot be reached; it then ends by itself.
    pub async fn release(&mut self) -> Result<()> {
        match &mut self.kind {
            Kind::Lock { held, .. } => *held = None,
            Kind::Row { db, taken_at, .. } => {
                if taken_at.take().is_some() {
                    let mut tx = db.begin().await?;
                    leases::release(&mut tx, &self.name, &self.owner).await?;
                    tx.commit().await?;
                }
            }
        }
        Ok(())
    }
}

/// Locks the file; `None` when another process has it.
///
/// # Errors
/// When it cannot be made or locked.
pub fn lock(path: &PathBuf) -> Result<Option<File>> {
    let failed = |error: std::io::Error| Error::Url(format!("cannot lock {}: {error}", path.display()));
    let file = File::options().write(true).create(true).truncate(false).open(path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

/// Where the lock of a SQLite database is: beside its file. `None` for PostgreSQL and for databases in memory.
pub fn lock_path(database_url: &str, what: &str, bot: i64) -> Option<PathBuf> {
    let file = database_url.strip_prefix("sqlite:")?.trim_start_matches("//").split('?').next()?;
    (!file.is_empty() && !file.starts_with(":memory:"))
        .then(|| PathBuf::from(format!("{file}.{what}-{bot}.lock")))
}

#[cfg(test)]
mod tests {
    use super::lock_path;

    #[test]
    fn the_lock_lies_beside_the_file() {
        let path = lock_path("sqlite:///var/t/tierline.db?mode=rwc", "sender", 7).expect("a file");
        assert_eq!(path.to_string_lossy(), "/var/t/tierline.db.sender-7.lock");
        assert_eq!(lock_path("postgres://localhost/t", "sender", 7), None);
    }
}
