//! Several bots of one service: the ways to a chat, moving what waits from one bot to another, and bots that cannot send.

use serde_json::{Value as Json, json};

use super::people::id_list;
use super::{Result, Tx};
use crate::args;
use crate::domain::fleet::BotTrouble;
use crate::domain::message::Time;

/// A chat (or an account) can be written to through this bot, too.
///
/// # Errors
/// When the database refuses.
pub async fn open_way(tx: &mut Tx, chat: i64, bot: i64, now: Time) -> Result<()> {
    tx.execute(
        "INSERT INTO ways (chat, bot, since) VALUES ($1, $2, $3) ON CONFLICT (chat, bot) DO NOTHING",
        args![chat, bot, now],
    )
    .await
    .map(drop)
}

/// A chat can no longer be written to through this bot.
///
/// # Errors
/// When the database refuses.
pub async fn close_way(tx: &mut Tx, chat: i64, bot: i64) -> Result<()> {
    tx.execute("DELETE FROM ways WHERE chat = $1 AND bot = $2", args![chat, bot]).await.map(drop)
}

/// The bots through which a chat can be written to, the newest way first; empty where it was never more than one.
///
/// # Errors
/// When the database refuses.
pub async fn ways(tx: &mut Tx, chat: i64) -> Result<Vec<i64>> {
    tx.all("SELECT bot FROM ways WHERE chat = $1 ORDER BY since DESC, bot", args![chat], |row| row.get("bot"))
        .await
}

/// An account is served by this bot from now on.
///
/// # Errors
/// When the database refuses.
pub async fn serve_accounts(tx: &mut Tx, accounts: &[i64], bot: i64) -> Result<u64> {
    tx.execute(
        "UPDATE accounts SET bot = $2 WHERE bot <> $2 \
         AND account IN (SELECT CAST(value->>'id' AS BIGINT) FROM json_each($1))",
        args![id_list(accounts), bot],
    )
    .await
}

/// A group is served by this bot from now on.
///
/// # Errors
/// When the database refuses.
pub async fn serve_chat(tx: &mut Tx, chat: i64, bot: i64) -> Result<()> {
    tx.execute("UPDATE chats SET bot = $2 WHERE chat = $1", args![chat, bot]).await.map(drop)
}

/// What waits for a chat at one bot waits at another from now on. Edits stay: only who sent a message can change it.
///
/// # Errors
/// When the database refuses.
pub async fn carry(tx: &mut Tx, chat: i64, from: i64, to: i64, now: Time) -> Result<()> {
    tx.execute(
        "UPDATE outbox SET bot = $3, not_before = $4 WHERE chat = $1 AND bot = $2 AND state = 'queued' \
         AND op IN ('send', 'file', 'directory', 'own_data', 'workbook', 'chart')",
        args![chat, from, to, now],
    )
    .await?;
    tx.execute(
        "UPDATE messages SET bot = $3 WHERE chat = $1 AND bot = $2 AND tg_id IS NULL",
        args![chat, from, to],
    )
    .await
    .map(drop)
}

/// The call that `owner` has under way into a chat was refused for good, and waits at another bot now. There is one at a
/// time, because the order within a chat is kept.
///
/// # Errors
/// When the database refuses.
pub async fn turn_aside(
    tx: &mut Tx,
    owner: &str,
    chat: i64,
    (from, to): (i64, i64),
    now: Time,
) -> Result<()> {
    tx.execute(
        "UPDATE outbox SET bot = $4, state = 'queued', not_before = $5 \
         WHERE chat = $1 AND bot = $2 AND state = 'flight' AND flight_by = $3 \
           AND op IN ('send', 'file', 'directory', 'own_data', 'workbook', 'chart')",
        args![chat, from, owner, to, now],
    )
    .await
    .map(drop)
}

/// What waits at a bot that cannot send waits at another of these bots from now on, where there is a way; returns how
/// many calls were moved.
///
/// # Errors
/// When the database refuses.
pub async fn detour(tx: &mut Tx, from: i64, through: &[i64], now: Time) -> Result<usize> {
    let moved: Vec<(Option<i64>, i64)> = tx
        .all(
            "UPDATE outbox SET not_before = $3, bot = (SELECT w.bot FROM ways w WHERE w.chat = outbox.chat \
                AND w.bot IN (SELECT CAST(value->>'id' AS BIGINT) FROM json_each($2)) \
                ORDER BY w.since DESC, w.bot LIMIT 1) \
             WHERE bot = $1 AND state = 'queued' AND op IN ('send', 'file', 'directory', 'own_data', 'workbook', 'chart') \
               AND EXISTS (SELECT 1 FROM ways w WHERE w.chat = outbox.chat \
                   AND w.bot IN (SELECT CAST(value->>'id' AS BIGINT) FROM json_each($2))) \
             RETURNING message, bot",
            args![from, id_list(through), now],
            |row| Ok((row.get("message")?, row.get("bot")?)),
        )
        .await?;
    let messages = moved.iter().filter_map(|(message, bot)| Some(json!({"id": (*message)?, "bot": bot})));
    tx.execute(
        "UPDATE messages SET bot = CAST(j.value->>'bot' AS BIGINT) FROM json_each($1) AS j \
         WHERE messages.id = CAST(j.value->>'id' AS BIGINT) AND messages.tg_id IS NULL",
        args![Json::from_iter(messages).to_string()],
    )
    .await?;
    Ok(moved.len())
}

/// Calls that wait at bots which are none of these any more.
///
/// # Errors
/// When the database refuses.
pub async fn orphaned(tx: &mut Tx, bots: &[i64]) -> Result<Vec<i64>> {
    tx.all(
        "SELECT DISTINCT bot FROM outbox WHERE state = 'queued' \
         AND bot NOT IN (SELECT CAST(value->>'id' AS BIGINT) FROM json_each($1))",
        args![id_list(bots)],
        |row| row.get("bot"),
    )
    .await
}

/// A bot that cannot send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failing {
    pub bot: i64,
    pub why: BotTrouble,
    /// How long Telegram asks to wait, if that is why.
    pub until: Option<Time>,
}

/// The bots that cannot send at present.
///
/// # Errors
/// When the database refuses.
pub async fn failing(tx: &mut Tx) -> Result<Vec<Failing>> {
    tx.all("SELECT bot, why, until FROM failing_bots", args![], |row| {
        let why = BotTrouble::from_word(&row.get::<String>("why")?).unwrap_or(BotTrouble::Refused);
        Ok(Failing { bot: row.get("bot")?, why, until: row.get("until")? })
    })
    .await
}

/// A bot cannot send; `false` when that was known.
///
/// # Errors
/// When the database refuses.
pub async fn fails(tx: &mut Tx, failing: Failing, now: Time) -> Result<bool> {
    let noted = tx
        .execute(
            "INSERT INTO failing_bots (bot, since, why, until) VALUES ($1, $2, $3, $4) ON CONFLICT (bot) DO NOTHING",
            args![failing.bot, now, failing.why.word(), failing.until],
        )
        .await?;
    Ok(noted == 1)
}

/// A bot sends again; `false` when nobody knew that it did not.
///
/// # Errors
/// When the database refuses.
pub async fn works(tx: &mut Tx, bot: i64) -> Result<bool> {
    Ok(tx.execute("DELETE FROM failing_bots WHERE bot = $1", args![bot]).await? == 1)
}

/// Who cannot be reached without a bot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stranded {
    /// The units right below the school (or the school) with chats that only this bot writes to, by code.
    pub units: Vec<String>,
    /// How many such chats there are.
    pub chats: u32,
    /// How many people are written to in private by this bot alone.
    pub people: u32,
}

/// Who is written to by one bot and by none of the others that work.
///
/// # Errors
/// When the database refuses.
pub async fn stranded(tx: &mut Tx, bot: i64, through: &[i64]) -> Result<Stranded> {
    let through = id_list(through);
    let chats: Vec<String> = tx
        .all(
            "SELECT t.name FROM chats c JOIN units u ON u.id = c.unit \
             JOIN units t ON (t.tier = 1 AND substr(u.path, 1, length(t.path)) = t.path) OR (u.tier = 0 AND t.id = u.id) \
             WHERE c.bot = $1 AND c.removed_at IS NULL AND c.moved_to IS NULL AND NOT EXISTS (SELECT 1 FROM ways w \
                 WHERE w.chat = c.chat AND w.bot IN (SELECT CAST(value->>'id' AS BIGINT) FROM json_each($2))) \
             ORDER BY t.tier, t.code",
            args![bot, &through],
            |row| row.get("name"),
        )
        .await?;
    let people = tx
        .one(
            "SELECT COUNT(*) AS n FROM accounts a JOIN bindings b ON b.account = a.account \
             WHERE a.bot = $1 AND a.started_at IS NOT NULL AND a.blocked_at IS NULL AND NOT EXISTS (SELECT 1 FROM ways w \
                 WHERE w.chat = a.account AND w.bot IN (SELECT CAST(value->>'id' AS BIGINT) FROM json_each($2)))",
            args![bot, &through],
            |row| row.get("n"),
        )
        .await?;
    let total = u32::try_from(chats.len()).unwrap_or(u32::MAX);
    let mut units = chats;
    units.dedup();
    Ok(Stranded { units, chats: total, people })
}

/// A chat or an account that more than one bot can write to, with the unit it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    pub chat: i64,
    /// The bot that serves it.
    pub bot: i64,
    /// The path of its unit; of an account, of the first unit of its people.
    pub path: String,
}

/// All bound chats and accounts with more than one way, each once.
///
/// # Errors
/// When the database refuses.
pub async fn with_a_choice(tx: &mut Tx) -> Result<Vec<Open>> {
    let mut found = tx
        .all(
            "SELECT c.chat, c.bot, u.path FROM chats c JOIN units u ON u.id = c.unit \
             WHERE c.removed_at IS NULL AND c.moved_to IS NULL AND c.chat IN (SELECT chat FROM ways) \
             UNION ALL \
             SELECT DISTINCT a.account, a.bot, u.path FROM accounts a JOIN bindings b ON b.account = a.account \
             JOIN roles r ON r.person = b.person JOIN units u ON u.id = r.unit \
             WHERE a.account IN (SELECT chat FROM ways)",
            args![],
            |row| Ok(Open { chat: row.get("chat")?, bot: row.get("bot")?, path: row.get("path")? }),
        )
        .await?;
    // A person of several units belongs to the highest.
    found.sort_by_key(|open| (open.chat, open.path.matches('/').count(), open.path.clone()));
    let mut seen = std::collections::HashSet::new();
    found.retain(|open| seen.insert(open.chat));
    Ok(found)
}

/// The codes of the units on a path, the deepest first.
///
/// # Errors
/// When the database refuses.
pub async fn way_up(tx: &mut Tx, path: &str) -> Result<Vec<String>> {
    let ids: Vec<i64> = path.split('/').filter_map(|id| id.parse().ok()).collect();
    tx.all(
        "SELECT u.code FROM json_each($1) e JOIN units u ON u.id = CAST(e.value->>'id' AS BIGINT) ORDER BY u.tier DESC",
        args![id_list(&ids)],
        |row| row.get("code"),
    )
    .await
}
