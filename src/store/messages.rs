//! What the bot shows where. A message's id is the opaque part of its buttons (S4).

use std::collections::BTreeSet;

use serde_json::json;

use super::people::id_list;
use super::seal::Sealer;
use super::{Result, Row, Tx};
use crate::args;
use crate::domain::message::{Letter, Time};

/// A message that is about to be sent.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// Random; nobody can guess it.
    pub id: i64,
    pub bot: i64,
    pub chat: i64,
    /// What is shown there; with the chat it finds the message again.
    pub slot: String,
    /// The kind of thing it is about.
    pub kind: &'static str,
    /// Its id.
    pub subject: i64,
    /// The person whose presses alone it obeys; 0: whoever may.
    pub owner: i64,
    pub letter: Letter,
    pub expires_at: Time,
}

impl NewMessage {
    /// The message as it will be kept.
    pub fn shown(&self, now: Time) -> Shown {
        Shown {
            id: self.id,
            bot: self.bot,
            chat: self.chat,
            tg_id: None,
            slot: self.slot.clone(),
            kind: self.kind.to_owned(),
            subject: self.subject,
            owner: self.owner,
            letter: self.letter.clone(),
            made_at: now,
            expires_at: self.expires_at,
            live: true,
        }
    }
}

/// A message as it is kept.
#[derive(Debug, Clone)]
pub struct Shown {
    pub id: i64,
    pub bot: i64,
    pub chat: i64,
    /// Telegram's id, once it was sent.
    pub tg_id: Option<i64>,
    pub slot: String,
    pub kind: String,
    pub subject: i64,
    pub owner: i64,
    pub letter: Letter,
    /// When it was first said.
    pub made_at: Time,
    pub expires_at: Time,
    /// Whether its buttons still mean something.
    pub live: bool,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, bot, chat, tg_id, slot, kind, subject, owner, body, made_at, expires_at, live FROM messages ",
            $rest
        )
    };
}

fn shown(row: &Row, sealer: &Sealer) -> Result<Shown> {
    Ok(Shown {
        id: row.get("id")?,
        bot: row.get("bot")?,
        chat: row.get("chat")?,
        tg_id: row.get("tg_id")?,
        slot: row.get("slot")?,
        kind: row.get("kind")?,
        subject: row.get("subject")?,
        owner: row.get("owner")?,
        letter: sealer.open_json(&row.get::<String>("body")?)?,
        made_at: row.get("made_at")?,
        expires_at: row.get("expires_at")?,
        live: row.get("live")?,
    })
}

/// Keeps new messages, all in one statement.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &mut Tx, sealer: &Sealer, messages: &[NewMessage], now: Time) -> Result<()> {
    if messages.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = messages
        .iter()
        .map(|m| {
            json!({
                "id": m.id, "bot": m.bot, "chat": m.chat, "slot": m.slot, "kind": m.kind, "subject": m.subject,
                "owner": m.owner, "body": sealer.seal_json(&m.letter), "locale": m.letter.locale.tag(),
                "expires": m.expires_at.timestamp_millis(),
            })
        })
        .collect();
    tx.execute(
        "INSERT INTO messages (id, bot, chat, slot, kind, subject, owner, body, locale, made_at, expires_at) \
         SELECT CAST(value->>'id' AS BIGINT), CAST(value->>'bot' AS BIGINT), CAST(value->>'chat' AS BIGINT), \
                value->>'slot', value->>'kind', CAST(value->>'subject' AS BIGINT), CAST(value->>'owner' AS BIGINT), \
                value->>'body', value->>'locale', CAST($2 AS BIGINT), CAST(value->>'expires' AS BIGINT) \
         FROM json_each($1)",
        args![serde_json::Value::from(rows).to_string(), now],
    )
    .await?;
    Ok(())
}

/// The message with this id.
///
/// # Errors
/// When the database refuses or the key does not fit.
pub async fn by_id(tx: &mut Tx, sealer: &Sealer, id: i64) -> Result<Option<Shown>> {
    tx.maybe(select!("WHERE id = $1"), args![id], |row| shown(row, sealer)).await
}

/// The messages with these ids.
///
/// # Errors
/// When the database refuses or the key does not fit.
pub async fn by_ids(tx: &mut Tx, sealer: &Sealer, ids: &[i64]) -> Result<Vec<Shown>> {
    tx.all(
        select!("WHERE id IN (SELECT CAST(value->>'id' AS BIGINT) FROM json_each($1))"),
        args![id_list(ids)],
        |row| shown(row, sealer),
    )
    .await
}

/// The message that a bot knows by this id in this chat. In a supergroup all bots know it by the same id, elsewhere each
/// counts for itself.
///
/// # Errors
/// When the database refuses or the key does not fit.
pub async fn by_place(
    tx: &mut Tx,
    sealer: &Sealer,
    bot: i64,
    chat: i64,
    tg_id: i64,
) -> Result<Option<Shown>> {
    tx.maybe(
        select!("WHERE chat = $1 AND tg_id = $2 AND (bot = $3 OR chat <= -1000000000000)"),
        args![chat, tg_id, bot],
        |row| shown(row, sealer),
    )
    .await
}

/// The live messages of a slot, in whichever chats, the newest first.
///
/// # Errors
/// When the database refuses or the key does not fit.
pub async fn by_slot(tx: &mut Tx, sealer: &Sealer, slot: &str) -> Result<Vec<Shown>> {
    tx.all(select!("WHERE slot = $1 AND live = 1 ORDER BY made_at DESC, id DESC"), args![slot], |row| {
        shown(row, sealer)
    })
    .await
}

/// The live messages of these slots, in whichever chats, the newest first.
///
/// # Errors
/// When the database refuses or the key does not fit.
pub async fn by_slots(tx: &mut Tx, sealer: &Sealer, slots: &[String]) -> Result<Vec<Shown>> {
    let slots: Vec<_> = slots.iter().map(|slot| json!({ "slot": slot })).collect();
    tx.all(
        select!(
            "WHERE live = 1 AND slot IN (SELECT value->>'slot' FROM json_each($1)) ORDER BY made_at DESC, id DESC"
        ),
        args![serde_json::Value::from(slots).to_string()],
        |row| shown(row, sealer),
    )
    .await
}

/// Which of these slots have live messages.
///
/// # Errors
/// When the database refuses.
pub async fn taken_slots(tx: &mut Tx, slots: &[String]) -> Result<BTreeSet<String>> {
    let rows: Vec<_> = slots.iter().map(|slot| json!({ "slot": slot })).collect();
    let taken = tx
        .all(
            "SELECT DISTINCT m.slot FROM json_each($1) e JOIN messages m ON m.slot = e.value->>'slot' AND m.live = 1",
            args![serde_json::Value::from(rows).to_string()],
            |row| row.get("slot"),
        )
        .await?;
    Ok(taken.into_iter().collect())
}

/// Whether something else was said in the chat after this message. What only helps to answer it (kind `aside`) does not
/// count.
///
/// # Errors
/// When the database refuses.
pub async fn is_followed(tx: &mut Tx, shown: &Shown) -> Result<bool> {
    let later = tx
        .maybe(
            "SELECT id FROM messages WHERE chat = $1 AND made_at > $2 AND id <> $3 AND kind <> 'aside' LIMIT 1",
            args![shown.chat, shown.made_at, shown.id],
            |row| row.get::<i64>("id"),
        )
        .await?;
    Ok(later.is_some())
}

/// The live messages of a kind about something, the oldest first.
///
/// # Errors
/// When the database refuses or the key does not fit.
pub async fn about(tx: &mut Tx, sealer: &Sealer, kind: &str, subject: i64) -> Result<Vec<Shown>> {
    tx.all(
        select!("WHERE kind = $1 AND subject = $2 AND live = 1 ORDER BY id"),
        args![kind, subject],
        |row| shown(row, sealer),
    )
    .await
}

/// The live reminders in these private chats since a moment, the newest first.
///
/// # Errors
/// When the database refuses or the key does not fit.
pub async fn reminders(tx: &mut Tx, sealer: &Sealer, accounts: &[i64], since: Time) -> Result<Vec<Shown>> {
    tx.all(
        select!(
            "WHERE chat IN (SELECT CAST(value->>'id' AS BIGINT) FROM json_each($1)) AND kind = 'reminder' AND live = 1 \
             AND made_at >= $2 ORDER BY made_at DESC, id DESC"
        ),
        args![id_list(accounts), since],
        |row| shown(row, sealer),
    )
    .await
}

/// Whether there are live messages of a kind about something.
///
/// # Errors
/// When the database refuses.
pub async fn any_about(tx: &mut Tx, kind: &str, subject: i64) -> Result<bool> {
    let found = tx
        .maybe(
            "SELECT id FROM messages WHERE kind = $1 AND subject = $2 AND live = 1 LIMIT 1",
            args![kind, subject],
            |row| row.get::<i64>("id"),
        )
        .await?;
    Ok(found.is_some())
}

/// The live messages of a kind about something that belong to these people.
///
/// # Errors
/// When the database refuses or the key does not fit.
pub async fn owned_about(
    tx: &mut Tx,
    sealer: &Sealer,
    kind: &str,
    subject: i64,
    owners: &[i64],
) -> Result<Vec<Shown>> {
    tx.all(
        select!(
            "WHERE kind = $1 AND subject = $2 AND live = 1 \
             AND owner IN (SELECT CAST(value->>'id' AS BIGINT) FROM json_each($3)) ORDER BY id"
        ),
        args![kind, subject, id_list(owners)],
        |row| shown(row, sealer),
    )
    .await
}

/// The live cards of a leg: the one in its group, in further groups, and people's own in private.
///
/// # Errors
/// When the database refuses or the key does not fit.
pub async fn cards_of(tx: &mut Tx, sealer: &Sealer, leg: i64) -> Result<Vec<Shown>> {
    tx.all(select!("WHERE kind = 'card' AND subject = $1 AND live = 1 ORDER BY id"), args![leg], |row| {
        shown(row, sealer)
    })
    .await
}

/// Keeps what messages show from now on.
///
/// # Errors
/// When the database refuses.
pub async fn set_letters<'l>(
    tx: &mut Tx,
    sealer: &Sealer,
    letters: impl Iterator<Item = (i64, &'l Letter)>,
) -> Result<()> {
    let rows: Vec<_> =
        letters.map(|(id, letter)| json!({"id": id, "body": sealer.seal_json(letter)})).collect();
    if rows.is_empty() {
        return Ok(());
    }
    tx.execute(
        "UPDATE messages SET body = j.value->>'body' FROM json_each($1) AS j \
         WHERE messages.id = CAST(j.value->>'id' AS BIGINT)",
        args![serde_json::Value::from(rows).to_string()],
    )
    .await?;
    Ok(())
}

/// A card stayed behind in a group that moved: another one is the card of its slot now, its buttons still count.
///
/// # Errors
/// When the database refuses.
pub async fn leave_behind(tx: &mut Tx, id: i64) -> Result<()> {
    tx.execute("UPDATE messages SET slot = slot || ':behind', kind = 'behind' WHERE id = $1", args![id])
        .await
        .map(drop)
}

/// A message whose sending had an unclear outcome was seen in its chat.
///
/// # Errors
/// When the database refuses.
pub async fn found(tx: &mut Tx, id: i64, tg_id: i64, now: Time) -> Result<()> {
    tx.execute(
        "UPDATE messages SET tg_id = $2, sent_at = $3 WHERE id = $1 AND tg_id IS NULL",
        args![id, tg_id, now],
    )
    .await
    .map(drop)
}

/// A message that was never sent and never will be is of no use to anybody.
///
/// # Errors
/// When the database refuses.
pub async fn forget(tx: &mut Tx, id: i64) -> Result<()> {
    tx.execute("DELETE FROM messages WHERE id = $1 AND tg_id IS NULL", args![id]).await.map(drop)
}

/// A message is out of date: its buttons say so.
///
/// # Errors
/// When the database refuses.
pub async fn retire(tx: &mut Tx, id: i64) -> Result<()> {
    tx.execute("UPDATE messages SET live = 0 WHERE id = $1", args![id]).await?;
    Ok(())
}
