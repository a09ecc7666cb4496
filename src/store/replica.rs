//! A copy of the data that follows the primary (`database.read_url`), for figures. What it shows is never needed for an
//! act, so it may fail and lag: then the primary is read.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use sqlx::postgres::PgPool;

use super::backend::{READ_ONLY, Result, Tx};

/// How long it may take to begin, or to show figures.
pub const PATIENCE: Duration = Duration::from_secs(2);
/// How often it is passed over after a failure before it is tried again.
const RESTS: u32 = 30;
/// How far it may be behind, in milliseconds.
const MOST_LAG: i64 = 15_000;
/// Grows every two seconds while the service runs (`store::leases`): the difference tells the lag.
const PULSE: &str = "SELECT COALESCE(MAX(until), 0) FROM leases";

/// The replica of a PostgreSQL. Cheap to clone.
#[derive(Clone)]
pub struct Replica {
    pool: PgPool,
    /// How often it will still be passed over.
    rests: Arc<AtomicU32>,
    /// That it failed was logged, and that it works again was not yet.
    told: Arc<AtomicBool>,
}

impl Replica {
    pub(super) fn new(pool: PgPool) -> Self {
        Self { pool, rests: Arc::default(), told: Arc::default() }
    }

    pub(super) async fn close(&self) {
        self.pool.close().await;
    }

    /// A transaction that reads; `None` while it fails or is too far behind.
    pub(super) async fn begin(&self, primary: &PgPool) -> Option<Tx> {
        let rests = |left: u32| left.checked_sub(1);
        if self.rests.fetch_update(Ordering::Relaxed, Ordering::Relaxed, rests).is_ok() {
            return None;
        }
        match self.fresh(primary).await {
            Ok((tx, lag)) if lag <= MOST_LAG => {
                if self.told.swap(false, Ordering::Relaxed) {
                    tracing::info!("figures are read at database.read_url again");
                }
                Some(tx)
            }
            Ok((_, lag)) => {
                self.rest(&format!("it is {} s behind", lag / 1000));
                None
            }
            Err(error) => {
                self.rest(&error.to_string());
                None
            }
        }
    }

    /// A transaction with how far its moment is behind.
    async fn fresh(&self, primary: &PgPool) -> Result<(Tx, i64)> {
        let mut tx = self.pool.begin_with(READ_ONLY).await?;
        let shown: i64 = sqlx::query_scalar(PULSE).fetch_one(&mut *tx).await?;
        let newest: i64 = sqlx::query_scalar(PULSE).fetch_one(primary).await?;
        Ok((Tx::Postgres(tx), newest - shown))
    }

    /// It failed: it is left alone for a while.
    pub(super) fn rest(&self, why: &str) {
        if !self.told.swap(true, Ordering::Relaxed) {
            tracing::warn!(why, "database.read_url cannot be used: figures are read from the primary");
        }
        self.rests.store(RESTS, Ordering::Relaxed);
    }
}
