//! Deleting what nobody needs any more, and looking for what hangs.

use chrono::NaiveDate;

use super::{Result, Tx};
use crate::args;
use crate::domain::checkin::day_id;
use crate::domain::message::{OperatorNote, Time};

/// How many rows one pass deletes from a table, so that it holds up nobody.
const MOST: i64 = 5000;

/// Deletes handled updates received before `handled` and those set aside before `aside`; returns how many.
///
/// # Errors
/// When the database refuses.
pub async fn updates(tx: &mut Tx, handled: Time, aside: Time) -> Result<u64> {
    tx.execute(
        "DELETE FROM inbox WHERE (bot, update_id) IN (SELECT bot, update_id FROM inbox \
            WHERE received_at < $1 AND (state = 'done' OR received_at < $2) ORDER BY received_at LIMIT $3)",
        args![handled, aside, MOST],
    )
    .await
}

/// Deletes rows of the outbox that ended before `before`; returns how many.
///
/// # Errors
/// When the database refuses.
pub async fn calls(tx: &mut Tx, before: Time) -> Result<u64> {
    tx.execute(
        "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox \
            WHERE state IN ('done', 'failed', 'stale') AND done_at < $1 LIMIT $2)",
        args![before, MOST],
    )
    .await
}

/// Deletes messages whose buttons have meant nothing since `before`; returns how many.
///
/// # Errors
/// When the database refuses.
pub async fn messages(tx: &mut Tx, before: Time) -> Result<u64> {
    tx.execute(
        "DELETE FROM messages WHERE id IN (SELECT id FROM messages WHERE expires_at < $1 LIMIT $2)",
        args![before, MOST],
    )
    .await
}

/// Deletes links and codes that expired before `before`, and timers that ended before it.
///
/// # Errors
/// When the database refuses.
pub async fn expired(tx: &mut Tx, before: Time) -> Result<u64> {
    let invites = tx.execute("DELETE FROM invites WHERE expires_at < $1", args![before]).await?;
    let codes = tx.execute("DELETE FROM chat_codes WHERE expires_at < $1", args![before]).await?;
    let attempts = tx.execute("DELETE FROM attempts WHERE last_at < $1", args![before]).await?;
    Ok(invites + codes + attempts)
}

/// Forgets reasons of alerts and excuses of days before `day`, and forms and timers of them.
///
/// # Errors
/// When the database refuses.
pub async fn reasons(tx: &mut Tx, day: NaiveDate) -> Result<()> {
    let before = day_id(day);
    for sql in [
        "UPDATE alert_events SET detail = '' WHERE detail <> '' AND alert IN (SELECT id FROM alerts WHERE day < $1)",
        "UPDATE alerts SET reasons = '', why = '' WHERE day < $1 AND (reasons <> '' OR why <> '')",
        "UPDATE person_days SET noted_why = NULL WHERE day < $1 AND noted_why IS NOT NULL",
        "DELETE FROM sessions WHERE day < $1",
        "DELETE FROM messages WHERE kind = 'form' AND subject < $1",
        "DELETE FROM timers WHERE kind = 'day' AND state IN ('done', 'void') AND subject < $1",
    ] {
        tx.execute(sql, args![before]).await?;
    }
    Ok(())
}

/// What hangs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Hanging {
    /// When the oldest timer that has not fired was due.
    pub overdue_since: Option<Time>,
    /// Timers that are due.
    pub overdue: i64,
    /// Timers that failed too often.
    pub failed_timers: i64,
    /// Calls in flight for too long.
    pub stuck: i64,
    /// Updates set aside for the operator.
    pub aside: i64,
    /// Rows that somebody deleted by hand since the last look (R23).
    pub lost: i64,
    /// Whether all that was due today went out (R23).
    pub nags: OperatorNote,
}

/// Looks for timers due before `now`, and calls in flight since before `since`.
///
/// # Errors
/// When the database refuses.
pub async fn hanging(tx: &mut Tx, now: Time, since: Time) -> Result<Hanging> {
    tx.one(
        "SELECT (SELECT MIN(due_at) FROM timers WHERE state = 'waiting' AND due_at <= $1) AS oldest, \
                (SELECT COUNT(*) FROM timers WHERE state = 'waiting' AND due_at <= $1) AS overdue, \
                (SELECT COUNT(*) FROM timers WHERE state = 'failed') AS failed, \
                (SELECT COUNT(*) FROM outbox WHERE state = 'flight' AND flight_at < $2) AS stuck, \
                (SELECT COUNT(*) FROM inbox WHERE state = 'aside') AS aside",
        args![now, since],
        |row| {
            Ok(Hanging {
                overdue_since: row.get("oldest")?,
                overdue: row.get("overdue")?,
                failed_timers: row.get("failed")?,
                stuck: row.get("stuck")?,
                aside: row.get("aside")?,
                lost: 0,
                nags: OperatorNote::default(),
            })
        },
    )
    .await
}
