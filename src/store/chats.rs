//! Group chats: which unit and tier each is for.

use super::people::id_list;
use super::{Result, Row, Tx};
use crate::args;
use crate::domain::incoming::{ChatKind, Place};
use crate::domain::message::Time;

/// A chat the bot is, or was, in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chat {
    pub chat: i64,
    pub bot: i64,
    /// `None`: not bound.
    pub unit: Option<i64>,
    /// A tier's name, or `group`.
    pub tier: Option<String>,
    pub title: String,
    /// The bot was removed from it.
    pub removed: bool,
    /// The bot is an administrator and sees all messages.
    pub sees_all: bool,
    pub members: Option<i64>,
}

/// The word of a further group, in place of a tier's name.
pub const FURTHER: &str = "group";

fn chat(row: &Row) -> Result<Chat> {
    Ok(Chat {
        chat: row.get("chat")?,
        bot: row.get("bot")?,
        unit: row.get("unit")?,
        tier: row.get("tier")?,
        title: row.get("title")?,
        removed: row.get::<Option<i64>>("removed_at")?.is_some(),
        sees_all: row.get("sees_all")?,
        members: row.get("members")?,
    })
}

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT chat, bot, unit, tier, title, removed_at, sees_all, members FROM chats ", $rest)
    };
}

/// The chat with this id, following a move to a supergroup.
///
/// # Errors
/// When the database refuses.
pub async fn get(tx: &mut Tx, id: i64) -> Result<Option<Chat>> {
    tx.maybe(
        select!(
            "WHERE chat = COALESCE((SELECT m.moved_to FROM chats m WHERE m.chat = $1 AND m.moved_to IS NOT NULL), $1)"
        ),
        args![id],
        chat,
    )
    .await
}

/// Those of these chats that were not moved.
///
/// # Errors
/// When the database refuses.
pub async fn many(tx: &mut Tx, ids: &[i64]) -> Result<Vec<Chat>> {
    tx.all(
        select!(
            "WHERE moved_to IS NULL AND chat IN (SELECT CAST(value->>'id' AS BIGINT) FROM json_each($1))"
        ),
        args![id_list(ids)],
        chat,
    )
    .await
}

/// The chat bound to a unit and tier that can be written to.
///
/// # Errors
/// When the database refuses.
pub async fn of_unit(tx: &mut Tx, unit: i64, tier: &str) -> Result<Option<Chat>> {
    tx.maybe(
        select!(
            "WHERE unit = $1 AND tier = $2 AND removed_at IS NULL AND moved_to IS NULL ORDER BY bound_at DESC"
        ),
        args![unit, tier],
        chat,
    )
    .await
}

/// The further groups of a unit.
///
/// # Errors
/// When the database refuses.
pub async fn further(tx: &mut Tx, unit: i64) -> Result<Vec<Chat>> {
    tx.all(
        select!(
            "WHERE unit = $1 AND tier = 'group' AND removed_at IS NULL AND moved_to IS NULL ORDER BY chat"
        ),
        args![unit],
        chat,
    )
    .await
}

/// Notes that something was seen in a chat; keeps its title and kind.
///
/// # Errors
/// When the database refuses.
pub async fn seen(tx: &mut Tx, bot: i64, place: &Place, now: Time) -> Result<()> {
    let kind = if place.kind == ChatKind::Supergroup { "supergroup" } else { "group" };
    tx.execute(
        "INSERT INTO chats (chat, bot, title, kind, seen_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (chat) DO UPDATE SET title = excluded.title, kind = excluded.kind, seen_at = excluded.seen_at \
         WHERE chats.title <> excluded.title OR chats.kind <> excluded.kind",
        args![place.chat, bot, &place.title, kind, now],
    )
    .await?;
    Ok(())
}

/// Every chat that is bound, by unit.
///
/// # Errors
/// When the database refuses.
pub async fn bound(tx: &mut Tx) -> Result<Vec<Chat>> {
    tx.all(select!("WHERE unit IS NOT NULL AND moved_to IS NULL ORDER BY unit, tier, chat"), args![], chat)
        .await
}

/// The row of exactly this id: no move is followed.
///
/// # Errors
/// When the database refuses.
pub async fn exactly(tx: &mut Tx, id: i64) -> Result<Option<(Chat, Option<i64>)>> {
    tx.maybe(
        "SELECT chat, bot, unit, tier, title, removed_at, sees_all, members, moved_to FROM chats WHERE chat = $1",
        args![id],
        |row| Ok((chat(row)?, row.get("moved_to")?)),
    )
    .await
}

/// Every chat of a unit, whatever its tier, also those the bot was removed from.
///
/// # Errors
/// When the database refuses.
pub async fn all_of_unit(tx: &mut Tx, unit: i64) -> Result<Vec<Chat>> {
    tx.all(select!("WHERE unit = $1 AND moved_to IS NULL ORDER BY tier, chat"), args![unit], chat).await
}

/// The bot is in a chat, as an administrator or not.
///
/// # Errors
/// When the database refuses.
pub async fn entered(tx: &mut Tx, bot: i64, place: &Place, admin: bool, now: Time) -> Result<()> {
    seen(tx, bot, place, now).await?;
    tx.execute(
        "UPDATE chats SET bot = $2, sees_all = $3, removed_at = NULL, seen_at = $4 WHERE chat = $1",
        args![place.chat, bot, admin, now],
    )
    .await
    .map(drop)
}

/// The bot was removed from a chat; `false` when that was known.
///
/// # Errors
/// When the database refuses.
pub async fn removed(tx: &mut Tx, id: i64, now: Time) -> Result<bool> {
    let marked = tx
        .execute(
            "UPDATE chats SET removed_at = $2, sees_all = 0 WHERE chat = $1 AND removed_at IS NULL",
            args![id, now],
        )
        .await?;
    Ok(marked == 1)
}

/// What Telegram says of a chat: how many members it has, and whether the bot sees all messages.
///
/// # Errors
/// When the database refuses.
pub async fn asked(tx: &mut Tx, id: i64, members: Option<i64>, admin: bool) -> Result<()> {
    tx.execute(
        "UPDATE chats SET members = COALESCE($2, members), sees_all = $3, removed_at = NULL WHERE chat = $1",
        args![id, members, admin],
    )
    .await
    .map(drop)
}

/// Binds a chat to a unit and tier; `by` is the person who did, `None` from the shell.
///
/// # Errors
/// When the database refuses.
pub async fn bind(
    tx: &mut Tx,
    (id, bot): (i64, i64),
    unit: i64,
    tier: &str,
    by: Option<i64>,
    now: Time,
) -> Result<()> {
    tx.execute(
        "INSERT INTO chats (chat, bot, unit, tier, bound_at, bound_by, seen_at) VALUES ($1, $2, $3, $4, $5, $6, $5) \
         ON CONFLICT (chat) DO UPDATE SET unit = excluded.unit, tier = excluded.tier, \
             bound_at = excluded.bound_at, bound_by = excluded.bound_by",
        args![id, bot, unit, tier, now, by],
    )
    .await
    .map(drop)
}

/// A chat serves no unit any more.
///
/// # Errors
/// When the database refuses.
pub async fn unbind(tx: &mut Tx, id: i64) -> Result<()> {
    tx.execute("UPDATE chats SET unit = NULL, tier = NULL, bound_at = NULL WHERE chat = $1", args![id])
        .await
        .map(drop)
}
