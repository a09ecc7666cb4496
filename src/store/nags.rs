//! Reminders and reports upward that were due: sent, or why not (F2, R23).

use super::{Result, Row, Tx};
use crate::args;
use crate::domain::message::{OperatorNote, Time};

/// Kinds of timers that remind somebody or report somebody's silence upward.
macro_rules! nagging {
    () => {
        "('step', 'day', 'hold', 'alert', 'digest')"
    };
}

/// Something that was due at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nag {
    /// `step` of a directive's leg, `day` of a check-in, `alert`, `digest` …
    pub kind: String,
    /// The leg, day, alert … it is about.
    pub subject: i64,
    pub step: i64,
    pub due_at: Time,
    pub fired_at: Option<Time>,
    /// waiting, done, void, failed.
    pub state: String,
    /// What it did, or why nothing; empty while it waits.
    pub note: String,
}

impl Nag {
    /// Whether it was sent or is explained: `now` decides whether what waits is late.
    pub fn is_explained(&self, now: Time) -> bool {
        match self.state.as_str() {
            "waiting" => self.due_at > now - GRACE,
            "done" | "void" => !self.note.is_empty(),
            _ => false,
        }
    }
}

/// How long after its moment a timer may still wait: what is due at once fires in turn.
const GRACE: chrono::TimeDelta = chrono::TimeDelta::seconds(60);
/// How long after its moment a message may still be on its way.
const ON_ITS_WAY: chrono::TimeDelta = chrono::TimeDelta::minutes(10);

fn nag(row: &Row) -> Result<Nag> {
    Ok(Nag {
        kind: row.get("kind")?,
        subject: row.get("subject")?,
        step: row.get("step")?,
        due_at: row.get("due_at")?,
        fired_at: row.get("fired_at")?,
        state: row.get("state")?,
        note: row.get::<Option<String>>("note")?.unwrap_or_default(),
    })
}

/// All that was due from one moment to before another, in order.
///
/// # Errors
/// When the database refuses.
pub async fn between(tx: &mut Tx, from: Time, to: Time) -> Result<Vec<Nag>> {
    tx.all(
        concat!(
            "SELECT kind, subject, step, due_at, fired_at, state, note FROM timers WHERE kind IN ",
            nagging!(),
            " AND due_at >= $1 AND due_at < $2 ORDER BY due_at, kind, subject, step"
        ),
        args![from, to],
        nag,
    )
    .await
}

/// Whether all that was due from one moment to before another went out (R23).
///
/// # Errors
/// When the database refuses.
pub async fn judged(tx: &mut Tx, (from, to): (Time, Time), now: Time) -> Result<OperatorNote> {
    Ok(OperatorNote {
        unexplained: unexplained(tx, from, to, now).await?,
        silent: silent(tx, from, to.min(now - ON_ITS_WAY)).await?,
    })
}

/// How many of these were due by `now` and are neither sent nor explained, as [`Nag::is_explained`] judges them.
///
/// # Errors
/// When the database refuses.
pub async fn unexplained(tx: &mut Tx, from: Time, to: Time, now: Time) -> Result<u32> {
    tx.one(
        concat!(
            "SELECT COUNT(*) AS n FROM timers WHERE kind IN ",
            nagging!(),
            " AND due_at >= $1 AND due_at < $2 AND due_at <= $3 AND (state <> 'waiting' OR due_at <= $4) \
             AND NOT (state IN ('done', 'void') AND COALESCE(note, '') <> '')"
        ),
        args![from, to, now, now - GRACE],
        |row| row.get("n"),
    )
    .await
}

/// Whether nothing was sent since `from` although something was to be sent before `before`: an alarm by itself.
///
/// # Errors
/// When the database refuses.
pub async fn silent(tx: &mut Tx, from: Time, before: Time) -> Result<bool> {
    tx.one(
        "SELECT CAST(CASE WHEN EXISTS (SELECT 1 FROM messages WHERE tg_id IS NULL AND made_at >= $1 AND made_at < $2) \
             AND NOT EXISTS (SELECT 1 FROM outbox WHERE op IN ('send', 'edit', 'file', 'workbook', 'chart') \
                 AND state = 'done' AND done_at >= $1) THEN 1 ELSE 0 END AS BIGINT) AS silent",
        args![from, before],
        |row| row.get("silent"),
    )
    .await
}
