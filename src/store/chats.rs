//! Group chats: which unit and tier each is for.

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
