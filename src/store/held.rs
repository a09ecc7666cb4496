//! Messages held for the operator: what waited in a copy that was restored may have been sent long ago (R21).

use super::seal::Sealer;
use super::{Result, Tx, messages};
use crate::args;
use crate::domain::message::Time;
use crate::domain::outgoing::Op;

/// Waiting messages of one class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Held for the operator; otherwise they are sent in their turn.
    pub held: bool,
    /// `domain::message::Class` as a number.
    pub class: i64,
    pub count: i64,
    /// When the first of them is too old to be sent.
    pub first_stale_at: Time,
}

/// What became of held messages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Released {
    /// They are sent, and say that they may be repeats.
    pub queued: u64,
    /// Too old, or of a kind that the next one mends.
    pub dropped: u64,
}

/// When this database was copied, if it is a copy that was not run yet.
///
/// # Errors
/// When the database refuses.
pub async fn copied_at(tx: &mut Tx) -> Result<Option<Time>> {
    tx.maybe("SELECT CAST(value AS BIGINT) AS at FROM settings WHERE name = 'copied_at'", args![], |row| {
        row.get("at")
    })
    .await
}

/// Holds what waits in a copy that is run for the first time; returns when it was copied.
///
/// # Errors
/// When the database refuses.
pub async fn hold_copy(tx: &mut Tx, now: Time) -> Result<Option<Time>> {
    let copied_at = copied_at(tx).await?;
    if copied_at.is_some() {
        hold(tx, now).await?;
        tx.execute("DELETE FROM settings WHERE name = 'copied_at'", args![]).await?;
    }
    Ok(copied_at)
}

/// Holds every message that waits or was under way; answers to presses are too old to be held. Edits and enquiries go on:
/// done twice they change nothing. Returns how many are held now.
///
/// # Errors
/// When the database refuses.
pub async fn hold(tx: &mut Tx, now: Time) -> Result<i64> {
    tx.execute(
        "UPDATE outbox SET state = 'failed', error = 'restored', done_at = $1, body = NULL \
         WHERE state IN ('queued', 'flight') AND op = 'answer'",
        args![now],
    )
    .await?;
    tx.execute(
        "UPDATE outbox SET state = 'held' WHERE state IN ('queued', 'flight') \
            AND op IN ('send', 'copy', 'file', 'directory', 'own_data', 'workbook', 'chart')",
        args![],
    )
    .await?;
    count(tx).await
}

/// How many messages are held.
///
/// # Errors
/// When the database refuses.
pub async fn count(tx: &mut Tx) -> Result<i64> {
    tx.one("SELECT COUNT(*) AS n FROM outbox WHERE state = 'held'", args![], |row| row.get("n")).await
}

/// What waits, by class; the held ones first.
///
/// # Errors
/// When the database refuses.
pub async fn waiting(tx: &mut Tx) -> Result<Vec<Waiting>> {
    tx.all(
        "SELECT CAST(CASE WHEN state = 'held' THEN 1 ELSE 0 END AS BIGINT) AS held, class, COUNT(*) AS n, MIN(stale_at) AS stale_at \
         FROM outbox WHERE state IN ('queued', 'flight', 'held') GROUP BY 1, 2 ORDER BY 1 DESC, 2",
        args![],
        |row| {
            Ok(Waiting {
                held: row.get("held")?,
                class: row.get("class")?,
                count: row.get("n")?,
                first_stale_at: row.get("stale_at")?,
            })
        },
    )
    .await
}

/// Queues what is held, with the words that its message has by now. Nobody knows whether it was sent from the original:
/// so it says that it may be a repeat, and prompts, reminders and digests are dropped.
///
/// # Errors
/// When the database refuses or the key does not fit.
pub async fn release(tx: &mut Tx, sealer: &Sealer, now: Time) -> Result<Released> {
    let dropped = tx
        .execute(
            "UPDATE outbox SET state = 'failed', error = 'restored', done_at = $1, body = NULL \
             WHERE state = 'held' AND (repeat = 'never' OR stale_at <= $1)",
            args![now],
        )
        .await?;
    renew(tx, sealer).await?;
    let queued = tx
        .execute(
            "UPDATE outbox SET state = 'queued', not_before = $1, flight_at = NULL, flight_by = NULL, \
                repeated = CASE WHEN repeat = 'marked' THEN 1 ELSE repeated END WHERE state = 'held'",
            args![now],
        )
        .await?;
    Ok(Released { queued, dropped })
}

/// Edits that came while a send was held found nothing to edit: their words go into the send.
async fn renew(tx: &mut Tx, sealer: &Sealer) -> Result<()> {
    let sends = tx
        .all(
            "SELECT id, message, body FROM outbox WHERE state = 'held' AND op = 'send' AND message IS NOT NULL",
            args![],
            |row| Ok((row.get::<i64>("id")?, row.get::<i64>("message")?, row.get::<String>("body")?)),
        )
        .await?;
    for (id, message, body) in sends {
        let Op::Send { reply_to, quiet, .. } = sealer.open_json(&body)? else { continue };
        let Some(shown) = messages::by_id(tx, sealer, message).await? else { continue };
        let op = Op::Send { letter: shown.letter, reply_to, quiet };
        tx.execute("UPDATE outbox SET body = $2 WHERE id = $1", args![id, sealer.seal_json(&op)]).await?;
    }
    Ok(())
}

/// Forgets what is held; returns how many there were.
///
/// # Errors
/// When the database refuses.
pub async fn forget(tx: &mut Tx, now: Time) -> Result<u64> {
    tx.execute(
        "UPDATE outbox SET state = 'failed', error = 'restored', done_at = $1, body = NULL WHERE state = 'held'",
        args![now],
    )
    .await
}
