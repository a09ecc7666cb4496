//! What sending and asking told about accounts and chats: who can be reached, who is a member.

use super::{Result, Tx};
use crate::args;
use crate::domain::gone::GoneKind;
use crate::domain::message::Time;

/// An account cannot be written to until it returns by `/start` or by unblocking (R15).
///
/// # Errors
/// When the database refuses.
pub async fn account_gone(tx: &mut Tx, bot: i64, account: i64, kind: GoneKind, now: Time) -> Result<()> {
    let (blocked, deleted) = match kind {
        GoneKind::Blocked => (Some(now), false),
        GoneKind::Deactivated => (Some(now), true),
        _ => (None, false),
    };
    tx.execute(
        "INSERT INTO accounts (account, bot, blocked_at, gone) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (account) DO UPDATE SET blocked_at = COALESCE(accounts.blocked_at, excluded.blocked_at), \
            gone = CASE WHEN excluded.gone = 1 THEN 1 ELSE accounts.gone END, \
            started_at = CASE WHEN excluded.blocked_at IS NULL THEN NULL ELSE accounts.started_at END",
        args![account, bot, blocked, deleted],
    )
    .await
    .map(drop)
}

/// The bot is no longer in a group; returns whether that is news.
///
/// # Errors
/// When the database refuses.
pub async fn group_gone(tx: &mut Tx, chat: i64, now: Time) -> Result<bool> {
    let sql = "UPDATE chats SET removed_at = $2 WHERE chat = $1 AND removed_at IS NULL AND moved_to IS NULL";
    Ok(tx.execute(sql, args![chat, now]).await? > 0)
}

/// Whether an account is in a chat, as Telegram answered.
///
/// # Errors
/// When the database refuses.
pub async fn member(tx: &mut Tx, chat: i64, account: i64, inside: bool, now: Time) -> Result<()> {
    tx.execute(
        "INSERT INTO chat_members (chat, account, inside, seen_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (chat, account) DO UPDATE SET inside = excluded.inside, seen_at = excluded.seen_at",
        args![chat, account, inside, now],
    )
    .await
    .map(drop)
}

/// How many members a chat has and whether the bot is an administrator there, as Telegram answered.
///
/// # Errors
/// When the database refuses.
pub async fn chat(tx: &mut Tx, chat: i64, members: i64, admin: bool) -> Result<()> {
    let sql = "UPDATE chats SET members = $2, sees_all = $3 WHERE chat = $1";
    tx.execute(sql, args![chat, members, admin]).await.map(drop)
}
