//! A group became a supergroup: one chat under a new id (R14). Done again, or in the other order, nothing
//! more happens.

use super::{Result, Tx};
use crate::args;
use crate::domain::message::Time;

/// Moves a chat to its new id: its binding, members, what waits to be sent, and where directives stand.
/// Messages that were sent stay under the old id, because Telegram keeps them there: their buttons still
/// count, but they can be edited no more; the engine posts open cards anew.
///
/// # Errors
/// When the database refuses.
pub async fn migrate(tx: &mut Tx, from: i64, to: i64, now: Time) -> Result<()> {
    move_chat(tx, from, to, now).await?;
    move_waiting(tx, from, to, now).await?;
    for sql in [
        "UPDATE legs SET chat = $2 WHERE chat = $1",
        "INSERT INTO chat_members (chat, account, inside, name, seen_at, news) \
         SELECT CAST($2 AS BIGINT), account, inside, name, seen_at, news FROM chat_members WHERE chat = $1 \
         ON CONFLICT (chat, account) DO NOTHING",
        "INSERT INTO ways (chat, bot, since) SELECT CAST($2 AS BIGINT), bot, since FROM ways WHERE chat = $1 \
         ON CONFLICT (chat, bot) DO NOTHING",
    ] {
        tx.execute(sql, args![from, to]).await?;
    }
    for sql in ["DELETE FROM chat_members WHERE chat = $1", "DELETE FROM ways WHERE chat = $1"] {
        tx.execute(sql, args![from]).await?;
    }
    Ok(())
}

async fn move_chat(tx: &mut Tx, from: i64, to: i64, now: Time) -> Result<()> {
    // The new id may have been met before: then it only lacks the binding.
    tx.execute(
        "INSERT INTO chats (chat, bot, unit, tier, title, kind, bound_at, bound_by, seen_at, sees_all, members) \
         SELECT CAST($2 AS BIGINT), bot, unit, tier, title, 'supergroup', bound_at, bound_by, CAST($3 AS BIGINT), \
                sees_all, members FROM chats WHERE chat = $1 AND moved_to IS NULL \
         ON CONFLICT (chat) DO UPDATE SET kind = 'supergroup', \
             unit = COALESCE(chats.unit, excluded.unit), tier = COALESCE(chats.tier, excluded.tier), \
             bound_at = COALESCE(chats.bound_at, excluded.bound_at), \
             bound_by = COALESCE(chats.bound_by, excluded.bound_by)",
        args![from, to, now],
    )
    .await?;
    tx.execute(
        "UPDATE chats SET moved_to = $2, unit = NULL, tier = NULL WHERE chat = $1 AND moved_to IS NULL",
        args![from, to],
    )
    .await
    .map(drop)
}

async fn move_waiting(tx: &mut Tx, from: i64, to: i64, now: Time) -> Result<()> {
    tx.execute(
        "UPDATE outbox SET state = 'stale', done_at = $2, error = 'the group moved', body = NULL \
         WHERE chat = $1 AND state = 'queued' AND op = 'edit' \
         AND message IN (SELECT id FROM messages WHERE chat = $1 AND tg_id IS NOT NULL)",
        args![from, now],
    )
    .await?;
    for sql in [
        "UPDATE outbox SET chat = $2 WHERE chat = $1 AND state IN ('queued', 'held', 'flight')",
        "UPDATE messages SET chat = $2 WHERE chat = $1 AND tg_id IS NULL",
    ] {
        tx.execute(sql, args![from, to]).await?;
    }
    Ok(())
}
