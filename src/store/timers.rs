//! Timers are rows: a restart is a tick with more due.

use serde_json::json;

use super::{Result, Row, Tx, ids};
use crate::args;
use crate::domain::message::Time;

/// What makes a timer the same: kind, subject, version, step.
pub type TimerKey = (String, i64, i64, i64);

/// A timer to be set. The same (kind, subject, version, step) is set once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTimer {
    pub kind: &'static str,
    pub subject: i64,
    /// The subject's policy version: a new one makes the old timers void.
    pub version: i64,
    pub step: i64,
    pub due_at: Time,
}

/// A timer that is due and was claimed.
#[derive(Debug, Clone)]
pub struct Timer {
    pub id: i64,
    pub kind: String,
    pub subject: i64,
    pub version: i64,
    pub step: i64,
    pub due_at: Time,
    pub attempts: u32,
}

fn timer(row: &Row) -> Result<Timer> {
    Ok(Timer {
        id: row.get("id")?,
        kind: row.get("kind")?,
        subject: row.get("subject")?,
        version: row.get("version")?,
        step: row.get("step")?,
        due_at: row.get("due_at")?,
        attempts: row.get("attempts")?,
    })
}

/// Sets timers; one that was set before stays as it is.
///
/// # Errors
/// When the database refuses.
pub async fn set(tx: &mut Tx, timers: &[NewTimer], now: Time) -> Result<()> {
    if timers.is_empty() {
        return Ok(());
    }
    let first = ids::reserve(now, i64::try_from(timers.len()).unwrap_or(i64::MAX));
    let rows: Vec<_> = (first..)
        .zip(timers)
        .map(|(id, t)| {
            json!({"id": id, "kind": t.kind, "subject": t.subject, "version": t.version, "step": t.step,
                   "due": t.due_at.timestamp_millis()})
        })
        .collect();
    insert(tx, rows).await
}

async fn insert(tx: &mut Tx, rows: Vec<serde_json::Value>) -> Result<()> {
    tx.execute(
        "INSERT INTO timers (id, kind, subject, version, step, due_at, state) \
         SELECT CAST(value->>'id' AS BIGINT), value->>'kind', CAST(value->>'subject' AS BIGINT), \
                CAST(value->>'version' AS BIGINT), CAST(value->>'step' AS BIGINT), \
                CAST(value->>'due' AS BIGINT), 'waiting' \
         FROM json_each($1) WHERE true ON CONFLICT (kind, subject, version, step) DO NOTHING",
        args![serde_json::Value::from(rows).to_string()],
    )
    .await?;
    Ok(())
}

/// Sets the one waiting timer of its kind: others of the kind that still wait are void, its own moment is corrected when it
/// was set before and has not fired.
///
/// # Errors
/// When the database refuses.
pub async fn set_only(tx: &mut Tx, timer: &NewTimer, now: Time) -> Result<()> {
    tx.execute(
        "UPDATE timers SET state = 'void', note = 'another moment was set' \
         WHERE kind = $1 AND state = 'waiting' AND NOT (subject = $2 AND version = $3 AND step = $4)",
        args![timer.kind, timer.subject, timer.version, timer.step],
    )
    .await?;
    tx.execute(
        "INSERT INTO timers (id, kind, subject, version, step, due_at, state) \
         VALUES ($1, $2, $3, $4, $5, $6, 'waiting') \
         ON CONFLICT (kind, subject, version, step) DO UPDATE SET due_at = excluded.due_at, state = 'waiting' \
         WHERE timers.state = 'void' OR (timers.state = 'waiting' AND timers.due_at <> excluded.due_at)",
        args![ids::grow(now), timer.kind, timer.subject, timer.version, timer.step, timer.due_at],
    )
    .await?;
    Ok(())
}

/// Sets timers again that were deleted by hand.
///
/// # Errors
/// When the database refuses.
pub async fn set_again(tx: &mut Tx, timers: &[(TimerKey, Time)], now: Time) -> Result<()> {
    if timers.is_empty() {
        return Ok(());
    }
    let first = ids::reserve(now, i64::try_from(timers.len()).unwrap_or(i64::MAX));
    let row = |(id, timer): (i64, &(TimerKey, Time))| {
        let ((kind, subject, version, step), due) = timer;
        json!({"id": id, "kind": kind, "subject": subject, "version": version, "step": step,
               "due": due.timestamp_millis()})
    };
    insert(tx, (first..).zip(timers).map(row).collect()).await
}

/// Sets the waiting timers of a kind: others of it that would still have waited are void. What is due already stays, so that a
/// moment that passed while nothing ran comes late instead of never.
///
/// # Errors
/// When the database refuses.
pub async fn set_those(tx: &mut Tx, kind: &'static str, wanted: &[NewTimer], now: Time) -> Result<()> {
    let keys: Vec<_> =
        wanted.iter().map(|t| json!({"subject": t.subject, "version": t.version, "step": t.step})).collect();
    tx.execute(
        "UPDATE timers SET state = 'void', note = 'another moment was set' \
         WHERE kind = $1 AND state = 'waiting' AND due_at > $2 AND NOT EXISTS (SELECT 1 FROM json_each($3) e \
             WHERE CAST(e.value->>'subject' AS BIGINT) = timers.subject \
               AND CAST(e.value->>'version' AS BIGINT) = timers.version AND CAST(e.value->>'step' AS BIGINT) = timers.step)",
        args![kind, now, serde_json::Value::from(keys).to_string()],
    )
    .await?;
    for timer in wanted {
        tx.execute(
            "INSERT INTO timers (id, kind, subject, version, step, due_at, state) \
             VALUES ($1, $2, $3, $4, $5, $6, 'waiting') ON CONFLICT (kind, subject, version, step) \
             DO UPDATE SET due_at = excluded.due_at, state = 'waiting' WHERE timers.state = 'void'",
            args![ids::grow(now), timer.kind, timer.subject, timer.version, timer.step, timer.due_at],
        )
        .await?;
    }
    Ok(())
}

/// Claims timers that are due, the oldest first. The transaction that fires them finishes them too, so a
/// process that dies leaves them due.
///
/// # Errors
/// When the database refuses.
pub async fn claim(tx: &mut Tx, now: Time, limit: i64) -> Result<Vec<Timer>> {
    let sql = tx.pick(
        "SELECT id, kind, subject, version, step, due_at, attempts FROM timers \
         WHERE state = 'waiting' AND due_at <= $1 ORDER BY due_at, id LIMIT $2",
        "SELECT id, kind, subject, version, step, due_at, attempts FROM timers \
         WHERE state = 'waiting' AND due_at <= $1 ORDER BY due_at, id LIMIT $2 FOR UPDATE SKIP LOCKED",
    );
    tx.all(sql, args![now, limit], timer).await
}

/// A timer has fired; `note` says what it did, or why nothing was left to do.
///
/// # Errors
/// When the database refuses.
pub async fn finish(tx: &mut Tx, id: i64, note: &str, now: Time) -> Result<()> {
    tx.execute(
        "UPDATE timers SET state = 'done', fired_at = $2, note = $3 WHERE id = $1",
        args![id, now, note],
    )
    .await?;
    Ok(())
}

/// A timer is held (quiet hours) or tried again: it is judged anew at `due_at`.
///
/// # Errors
/// When the database refuses.
pub async fn hold(tx: &mut Tx, id: i64, due_at: Time, note: &str) -> Result<()> {
    tx.execute("UPDATE timers SET due_at = $2, note = $3 WHERE id = $1", args![id, due_at, note]).await?;
    Ok(())
}

/// A timer failed: tried again at `due_at`, or given up after some tries.
///
/// # Errors
/// When the database refuses.
pub async fn fail(tx: &mut Tx, id: i64, due_at: Time, error: &str) -> Result<()> {
    tx.execute(
        "UPDATE timers SET attempts = attempts + 1, due_at = $2, note = $3, \
                state = CASE WHEN attempts + 1 >= 5 THEN 'failed' ELSE state END WHERE id = $1",
        args![id, due_at, error],
    )
    .await?;
    Ok(())
}

/// When the next timer is due.
///
/// # Errors
/// When the database refuses.
pub async fn next(tx: &mut Tx) -> Result<Option<Time>> {
    tx.maybe("SELECT due_at FROM timers WHERE state = 'waiting' ORDER BY due_at LIMIT 1", args![], |row| {
        row.get("due_at")
    })
    .await
}
