//! What the courier does with the outbox: which rows are next, marking them in flight, finishing them.

use std::collections::{HashMap, HashSet};

use serde_json::{Value as Json, json};

use super::{Result, Row, Tx};
use crate::args;
use crate::domain::message::Time;

/// The first waiting row of a chat in a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    pub id: i64,
    pub chat: i64,
    pub not_before: Time,
}

/// A row that was marked in flight.
#[derive(Debug, Clone)]
pub struct Marked {
    pub id: i64,
    pub chat: i64,
    /// `domain::message::Class` as a number.
    pub class: i64,
    /// `messages.id` of what it sends or edits.
    pub message: Option<i64>,
    /// Sealed `domain::outgoing::Op`.
    pub body: String,
    /// `again`, `marked` or `never`.
    pub repeat: String,
    pub stale_at: Time,
    /// How often it was tried, this time included.
    pub attempts: u32,
    /// An earlier try may have arrived.
    pub repeated: bool,
}

/// How a row in flight ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// It was done; `sent` is Telegram's id of a new message.
    Done { sent: Option<i64> },
    /// It will not be tried again.
    Failed { error: String },
    /// Its time was over before it was tried.
    Stale,
    /// It is tried again from then on.
    Again { not_before: Time, repeated: bool, error: String },
}

/// A row with its end.
#[derive(Debug, Clone)]
pub struct Ended {
    pub id: i64,
    pub message: Option<i64>,
    pub end: End,
}

/// Where a message of ours is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent {
    pub chat: i64,
    /// Telegram's id.
    pub id: i64,
    /// The bot that sent it: others may know the message by another id.
    pub bot: i64,
}

/// A send of the last minute: what the limits have to remember across a restart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recent {
    pub chat: i64,
    /// When it was known to be over; when it was begun, if nobody knows.
    pub at: Time,
}

fn ids(ids: impl IntoIterator<Item = i64>) -> String {
    Json::from_iter(ids.into_iter().map(|id| json!({"id": id}))).to_string()
}

/// The first waiting row of each chat above `after` in a class, by chat, at most `limit`: one look into the index
/// per chat, however many rows wait.
///
/// # Errors
/// When the database refuses.
pub async fn heads(tx: &mut Tx, bot: i64, class: i64, after: i64, limit: i64) -> Result<Vec<Head>> {
    tx.all(
        "WITH RECURSIVE heads (chat, n) AS ( \
            SELECT first.chat, 1 FROM (SELECT chat FROM outbox WHERE bot = $1 AND state = 'queued' AND class = $2 \
                AND chat > $3 AND chat <> 0 ORDER BY chat LIMIT 1) AS first \
            UNION ALL \
            SELECT (SELECT o.chat FROM outbox o WHERE o.bot = $1 AND o.state = 'queued' AND o.class = $2 \
                AND o.chat > heads.chat AND o.chat <> 0 ORDER BY o.chat LIMIT 1), n + 1 \
            FROM heads WHERE heads.chat IS NOT NULL AND n < $4) \
         SELECT o.id, o.chat, o.not_before FROM heads JOIN outbox o ON o.id = (SELECT h.id FROM outbox h \
            WHERE h.bot = $1 AND h.state = 'queued' AND h.class = $2 AND h.chat = heads.chat ORDER BY h.id LIMIT 1) \
         WHERE heads.chat IS NOT NULL ORDER BY o.chat",
        args![bot, class, after, limit],
        |row| Ok(Head { id: row.get("id")?, chat: row.get("chat")?, not_before: row.get("not_before")? }),
    )
    .await
}

/// Answers to presses that wait, the oldest first. They belong to no chat and no limit counts them.
///
/// # Errors
/// When the database refuses.
pub async fn answers(tx: &mut Tx, bot: i64, now: Time, limit: i64) -> Result<Vec<i64>> {
    tx.all(
        "SELECT id FROM outbox WHERE bot = $1 AND state = 'queued' AND class = 0 AND chat = 0 AND not_before <= $2 \
         ORDER BY id LIMIT $3",
        args![bot, now, limit],
        |row| row.get("id"),
    )
    .await
}

fn marked(row: &Row) -> Result<Marked> {
    Ok(Marked {
        id: row.get("id")?,
        chat: row.get("chat")?,
        class: row.get("class")?,
        message: row.get("message")?,
        body: row.get::<Option<String>>("body")?.unwrap_or_default(),
        repeat: row.get("repeat")?,
        stale_at: row.get("stale_at")?,
        attempts: row.get("attempts")?,
        repeated: row.get("repeated")?,
    })
}

/// Marks rows in flight, those that still wait; returns them in the order asked for. `||` keeps SQLite to the rows' own
/// key, here and below: by their state it would go through all that wait.
///
/// # Errors
/// When the database refuses.
pub async fn mark(tx: &mut Tx, owner: &str, rows: &[i64], now: Time) -> Result<Vec<Marked>> {
    let mut marked = tx
        .all(
            "UPDATE outbox SET state = 'flight', flight_at = $2, flight_by = $3, attempts = attempts + 1 \
             WHERE state || '' = 'queued' AND id IN (SELECT CAST(value->>'id' AS BIGINT) FROM json_each($1)) \
             RETURNING id, chat, class, message, body, repeat, stale_at, attempts, repeated",
            args![ids(rows.iter().copied()), now, owner],
            marked,
        )
        .await?;
    let order: HashMap<i64, usize> = rows.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    marked.sort_by_key(|row| order.get(&row.id).copied());
    Ok(marked)
}

/// Where messages are: their chat and Telegram's id, of those that were sent.
///
/// # Errors
/// When the database refuses.
pub async fn sent_as(tx: &mut Tx, messages: impl IntoIterator<Item = i64>) -> Result<HashMap<i64, Sent>> {
    let list = ids(messages);
    if list == "[]" {
        return Ok(HashMap::new());
    }
    let rows = tx
        .all(
            "SELECT id, chat, tg_id, bot FROM messages \
             WHERE tg_id IS NOT NULL AND id IN (SELECT CAST(value->>'id' AS BIGINT) FROM json_each($1))",
            args![list],
            |row| {
                Ok((
                    row.get("id")?,
                    Sent { chat: row.get("chat")?, id: row.get("tg_id")?, bot: row.get("bot")? },
                ))
            },
        )
        .await?;
    Ok(rows.into_iter().collect())
}

/// Which of these chats cannot be written to at the moment (R15).
///
/// # Errors
/// When the database refuses.
pub async fn unreachable(tx: &mut Tx, chats: impl IntoIterator<Item = i64>) -> Result<HashSet<i64>> {
    let rows = tx
        .all(
            "SELECT account AS chat FROM accounts WHERE (blocked_at IS NOT NULL OR gone = 1) \
                AND account IN (SELECT CAST(value->>'id' AS BIGINT) FROM json_each($1)) \
             UNION SELECT chat FROM chats WHERE removed_at IS NOT NULL \
                AND chat IN (SELECT CAST(value->>'id' AS BIGINT) FROM json_each($1))",
            args![ids(chats)],
            |row| row.get("chat"),
        )
        .await?;
    Ok(rows.into_iter().collect())
}

/// Puts the text of a waiting edit into the waiting send of the same message, if there is one; the edit is done
/// then.
///
/// # Errors
/// When the database refuses.
pub async fn waiting_send(tx: &mut Tx, message: i64) -> Result<Option<(i64, String)>> {
    tx.maybe(
        "SELECT id, body FROM outbox WHERE message = $1 AND op = 'send' AND state = 'queued'",
        args![message],
        |row| Ok((row.get("id")?, row.get("body")?)),
    )
    .await
}

/// Gives a waiting row another body.
///
/// # Errors
/// When the database refuses.
pub async fn set_body(tx: &mut Tx, id: i64, sealed: &str) -> Result<()> {
    tx.execute("UPDATE outbox SET body = $2 WHERE id = $1 AND state = 'queued'", args![id, sealed])
        .await
        .map(drop)
}

/// Ends rows that `owner` has in flight. A row that is no longer so (another process took over) stays as it is; but
/// the id of a message that was sent is kept in any case, so that it is not sent twice.
///
/// # Errors
/// When the database refuses.
pub async fn finish(tx: &mut Tx, owner: &str, ended: &[Ended], now: Time) -> Result<()> {
    let (mut over, mut again, mut sent) = (Vec::new(), Vec::new(), Vec::new());
    for Ended { id, message, end } in ended {
        match end {
            End::Done { sent: tg } => {
                over.push(json!({"id": id, "state": "done", "error": null}));
                if let (Some(message), Some(tg)) = (message, tg) {
                    sent.push(json!({"id": message, "tg": tg}));
                }
            }
            End::Failed { error } => over.push(json!({"id": id, "state": "failed", "error": error})),
            End::Stale => over.push(json!({"id": id, "state": "stale", "error": null})),
            End::Again { not_before, repeated, error } => again.push(json!({
                "id": id, "at": not_before.timestamp_millis(), "repeated": i64::from(*repeated), "error": error,
            })),
        }
    }
    note_sent(tx, sent, now).await?;
    end_rows(tx, owner, over, now).await?;
    queue_again(tx, owner, again, now).await
}

async fn note_sent(tx: &mut Tx, sent: Vec<Json>, now: Time) -> Result<()> {
    if sent.is_empty() {
        return Ok(());
    }
    tx.execute(
        "UPDATE messages SET tg_id = CAST(j.value->>'tg' AS BIGINT), sent_at = $2 FROM json_each($1) AS j \
         WHERE messages.id = CAST(j.value->>'id' AS BIGINT) AND messages.tg_id IS NULL",
        args![Json::from(sent).to_string(), now],
    )
    .await
    .map(drop)
}

async fn end_rows(tx: &mut Tx, owner: &str, rows: Vec<Json>, now: Time) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    tx.execute(
        "UPDATE outbox SET state = j.value->>'state', error = j.value->>'error', done_at = $2, body = NULL \
         FROM json_each($1) AS j \
         WHERE outbox.id = CAST(j.value->>'id' AS BIGINT) AND outbox.state || '' = 'flight' AND outbox.flight_by = $3",
        args![Json::from(rows).to_string(), now, owner],
    )
    .await
    .map(drop)
}

/// Rows that wait again; an edit whose message has a newer one waiting is done with.
async fn queue_again(tx: &mut Tx, owner: &str, rows: Vec<Json>, now: Time) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let rows = Json::from(rows).to_string();
    tx.execute(
        "UPDATE outbox SET state = 'done', error = 'superseded', done_at = $2, body = NULL FROM json_each($1) AS j \
         WHERE outbox.id = CAST(j.value->>'id' AS BIGINT) AND outbox.state || '' = 'flight' AND outbox.flight_by = $3 \
           AND outbox.op = 'edit' AND EXISTS (SELECT 1 FROM outbox newer WHERE newer.message = outbox.message \
               AND newer.op = 'edit' AND newer.state = 'queued' AND newer.id > outbox.id)",
        args![&rows, now, owner],
    )
    .await?;
    tx.execute(
        "UPDATE outbox SET state = 'queued', not_before = CAST(j.value->>'at' AS BIGINT), error = j.value->>'error', \
            repeated = CASE WHEN CAST(j.value->>'repeated' AS BIGINT) = 1 THEN 1 ELSE outbox.repeated END \
         FROM json_each($1) AS j \
         WHERE outbox.id = CAST(j.value->>'id' AS BIGINT) AND outbox.state || '' = 'flight' AND outbox.flight_by = $2",
        args![rows, owner],
    )
    .await
    .map(drop)
}

/// Judges the rows that a dead process left in flight: nobody knows whether they arrived. Returns how many there
/// were. `owner` is who asks; its own rows are left alone.
///
/// # Errors
/// When the database refuses.
pub async fn judge_left(tx: &mut Tx, bot: i64, owner: &str, now: Time) -> Result<u64> {
    let left = tx
        .execute(
            "UPDATE outbox SET state = 'failed', error = 'unclear', done_at = $3, body = NULL \
             WHERE bot = $1 AND state = 'flight' AND flight_by <> $2 AND repeat = 'never'",
            args![bot, owner, now],
        )
        .await?;
    let again = tx
        .execute(
            "UPDATE outbox SET state = 'queued', error = 'unclear', not_before = $3, \
                repeated = CASE WHEN repeat = 'marked' THEN 1 ELSE repeated END \
             WHERE bot = $1 AND state = 'flight' AND flight_by <> $2",
            args![bot, owner, now],
        )
        .await?;
    Ok(left + again)
}

/// No waiting row is held up because the clock was set back: what was not tried yet may be sent `now`, the rest not
/// after `latest`.
///
/// # Errors
/// When the database refuses.
pub async fn set_back(tx: &mut Tx, bot: i64, now: Time, latest: Time) -> Result<()> {
    tx.execute(
        "UPDATE outbox SET not_before = CASE WHEN attempts = 0 THEN $2 ELSE $3 END \
         WHERE bot = $1 AND state = 'queued' \
           AND ((attempts = 0 AND not_before > $2) OR (attempts > 0 AND not_before > $3))",
        args![bot, now, latest],
    )
    .await
    .map(drop)
}

/// Counted sends of the last minute, also those of which nobody knows whether they arrived.
///
/// # Errors
/// When the database refuses.
pub async fn recent(tx: &mut Tx, bot: i64, since: Time) -> Result<Vec<Recent>> {
    tx.all(
        "SELECT chat, COALESCE(done_at, flight_at) AS at FROM outbox \
         WHERE bot = $1 AND state IN ('done', 'failed', 'flight', 'queued') AND flight_at >= $2 \
           AND op IN ('send', 'edit', 'copy', 'file', 'directory', 'own_data', 'workbook', 'chart') ORDER BY 2",
        args![bot, since],
        |row| Ok(Recent { chat: row.get("chat")?, at: row.get("at")? }),
    )
    .await
}

/// Ends waiting rows whose time is over; returns how many.
///
/// # Errors
/// When the database refuses.
pub async fn drop_stale(tx: &mut Tx, bot: i64, now: Time) -> Result<u64> {
    tx.execute(
        "UPDATE outbox SET state = 'stale', done_at = $2, body = NULL \
         WHERE bot = $1 AND state = 'queued' AND stale_at <= $2",
        args![bot, now],
    )
    .await
}

/// Ends all that waits for a chat that is gone (R15); returns how many.
///
/// # Errors
/// When the database refuses.
pub async fn drop_chat(tx: &mut Tx, bot: i64, chat: i64, error: &str, now: Time) -> Result<u64> {
    tx.execute(
        "UPDATE outbox SET state = 'failed', error = $3, done_at = $4, body = NULL \
         WHERE chat = $2 AND state = 'queued' AND bot = $1",
        args![bot, chat, error, now],
    )
    .await
}

/// How many rows wait, by class.
///
/// # Errors
/// When the database refuses.
pub async fn depth(tx: &mut Tx) -> Result<Vec<(i64, i64)>> {
    tx.all(
        "SELECT class, COUNT(*) AS waiting FROM outbox WHERE state = 'queued' GROUP BY class",
        args![],
        |row| Ok((row.get("class")?, row.get("waiting")?)),
    )
    .await
}
