//! Who was seen in which chat, who should be there, and whose contact was verified (A3, A4).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::json;

use super::seal::Sealer;
use super::{Error, Result, Tx};
use crate::args;
use crate::domain::message::Time;
use crate::domain::person::UnitRef;
use crate::domain::roster::Role;
use crate::store::people::{id_list, path_end};

/// Somebody who is in a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub account: i64,
    /// The name the account showed; empty when it was never told.
    pub name: String,
    pub seen_at: Time,
    /// Joined since the responsible was told of newcomers.
    pub news: bool,
}

/// Whether accounts were seen in chats, and when last: by (chat, account).
///
/// # Errors
/// When the database refuses.
pub async fn last_seen(tx: &mut Tx, keys: &[(i64, i64)]) -> Result<HashMap<(i64, i64), (bool, Time)>> {
    let rows: Vec<_> = keys.iter().map(|(chat, account)| json!({"chat": chat, "account": account})).collect();
    let seen = tx
        .all(
            "SELECT m.chat, m.account, m.inside, m.seen_at FROM json_each($1) e JOIN chat_members m \
               ON m.chat = CAST(e.value->>'chat' AS BIGINT) AND m.account = CAST(e.value->>'account' AS BIGINT)",
            args![serde_json::Value::from(rows).to_string()],
            |row| Ok(((row.get("chat")?, row.get("account")?), (row.get("inside")?, row.get("seen_at")?))),
        )
        .await?;
    Ok(seen.into_iter().collect())
}

/// An account that is in a chat.
#[derive(Debug, Clone)]
pub struct Inside {
    pub chat: i64,
    pub account: i64,
    /// What it is called; empty when nobody knows.
    pub name: String,
    /// It joined just now, and that may be worth telling.
    pub news: bool,
}

/// Accounts are in chats, each of them once.
///
/// # Errors
/// When the database refuses.
pub async fn inside(tx: &mut Tx, sealer: &Sealer, all: &[Inside], now: Time) -> Result<()> {
    let rows: Vec<_> = all
        .iter()
        .map(|inside| {
            let name = (!inside.name.is_empty()).then(|| sealer.seal_text(&inside.name));
            json!({"chat": inside.chat, "account": inside.account, "name": name, "news": i64::from(inside.news)})
        })
        .collect();
    tx.execute(
        "INSERT INTO chat_members (chat, account, inside, name, seen_at, news) \
         SELECT CAST(value->>'chat' AS BIGINT), CAST(value->>'account' AS BIGINT), 1, value->>'name', \
                CAST($2 AS BIGINT), CAST(value->>'news' AS BIGINT) FROM json_each($1) WHERE true \
         ON CONFLICT (chat, account) DO UPDATE SET \
             news = CASE WHEN chat_members.inside = 0 THEN excluded.news ELSE chat_members.news END, \
             inside = 1, name = COALESCE(excluded.name, chat_members.name), seen_at = excluded.seen_at",
        args![serde_json::Value::from(rows).to_string(), now],
    )
    .await
    .map(drop)
}

/// An account is not, or no more, in a chat. What it was called is forgotten.
///
/// # Errors
/// When the database refuses.
pub async fn outside(tx: &mut Tx, chat: i64, account: i64, now: Time) -> Result<()> {
    tx.execute(
        "INSERT INTO chat_members (chat, account, inside, seen_at) VALUES ($1, $2, 0, $3) \
         ON CONFLICT (chat, account) DO UPDATE SET inside = 0, name = NULL, news = 0, seen_at = excluded.seen_at \
         WHERE chat_members.inside = 1",
        args![chat, account, now],
    )
    .await
    .map(drop)
}

/// Who is in a chat, as far as the bot knows.
///
/// # Errors
/// When the database refuses or the key does not fit.
pub async fn present(tx: &mut Tx, sealer: &Sealer, chat: i64) -> Result<Vec<Member>> {
    tx.all(
        "SELECT account, name, seen_at, news FROM chat_members WHERE chat = $1 AND inside = 1 \
         ORDER BY seen_at DESC, account",
        args![chat],
        |row| {
            let name: Option<String> = row.get("name")?;
            Ok(Member {
                account: row.get("account")?,
                name: name.map(|sealed| sealer.open_text(&sealed)).transpose()?.unwrap_or_default(),
                seen_at: row.get("seen_at")?,
                news: row.get("news")?,
            })
        },
    )
    .await
}

/// The responsible was told of newcomers.
///
/// # Errors
/// When the database refuses.
pub async fn told_of_strangers(tx: &mut Tx, chat: i64, now: Time) -> Result<()> {
    tx.execute("UPDATE chat_members SET news = 0 WHERE chat = $1 AND news = 1", args![chat]).await?;
    tx.execute("UPDATE chats SET strangers_told_at = $2 WHERE chat = $1", args![chat, now]).await.map(drop)
}

/// When the responsible was last told of newcomers.
///
/// # Errors
/// When the database refuses.
pub async fn strangers_told_at(tx: &mut Tx, chat: i64) -> Result<Time> {
    let told = tx.maybe("SELECT strangers_told_at AS told FROM chats WHERE chat = $1", args![chat], |row| {
        row.get("told")
    });
    Ok(told.await?.unwrap_or_default())
}

/// Somebody of the roster behind an account that is in a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    pub account: i64,
    pub person: i64,
    pub role: Role,
    /// The path of the role's unit.
    pub path: String,
}

/// The people behind the accounts that are in a chat, a row for each of their roles.
///
/// # Errors
/// When the database refuses.
pub async fn known(tx: &mut Tx, chat: i64) -> Result<Vec<Known>> {
    tx.all(
        "SELECT m.account, p.id, r.role, u.path FROM chat_members m JOIN bindings b ON b.account = m.account \
         JOIN people p ON p.id = b.person AND p.removed_at IS NULL JOIN roles r ON r.person = p.id \
         JOIN units u ON u.id = r.unit WHERE m.chat = $1 AND m.inside = 1",
        args![chat],
        |row| {
            let role: String = row.get("role")?;
            Ok(Known {
                account: row.get("account")?,
                person: row.get("id")?,
                role: Role::from_word(&role).ok_or_else(|| Error::Corrupt(format!("role {role}")))?,
                path: row.get("path")?,
            })
        },
    )
    .await
}

/// Who should be in the chat of a unit at a tier position (3: guardians), in the order of their codes.
///
/// # Errors
/// When the database refuses.
pub async fn expected(tx: &mut Tx, unit: &UnitRef, position: usize) -> Result<Vec<i64>> {
    let (sql, args) = match position {
        0 | 1 => (
            "SELECT p.id FROM people p WHERE p.removed_at IS NULL AND p.id IN ( \
                 SELECT r.person FROM roles r JOIN units u ON u.id = r.unit AND u.removed_at IS NULL \
                 WHERE (u.parent = $1 AND r.role = CASE WHEN CAST($2 AS BIGINT) = 0 THEN 'secretary' ELSE 'counselor' END) \
                    OR (r.unit = $1 AND r.role IN ('leader', 'office', 'secretary'))) ORDER BY p.code",
            args![unit.id, position],
        ),
        2 => (
            "SELECT p.id FROM people p WHERE p.removed_at IS NULL AND p.id IN ( \
                 SELECT r.person FROM roles r WHERE r.unit = $1 AND r.role IN ('student', 'counselor')) ORDER BY p.code",
            args![unit.id],
        ),
        _ => (
            "SELECT p.id FROM people p WHERE p.removed_at IS NULL AND (p.id IN ( \
                 SELECT r.person FROM roles r WHERE r.unit = $1 AND r.role IN ('counselor', 'secretary')) \
             OR p.id IN (SELECT f.person FROM units u JOIN roles s ON s.unit = u.id AND s.role = 'student' \
                 JOIN answers_for f ON f.student = s.person \
                 JOIN roles g ON g.person = f.person AND g.role = 'guardian' \
                 WHERE u.path >= $2 AND u.path < $3 AND u.removed_at IS NULL)) ORDER BY p.code",
            args![unit.id, &unit.path, path_end(&unit.path)],
        ),
    };
    tx.all(sql, args, |row| row.get("id")).await
}

/// How many of these people are in a chat.
///
/// # Errors
/// When the database refuses.
pub async fn count_seen(tx: &mut Tx, chat: i64, people: &[i64]) -> Result<u32> {
    tx.one(
        "SELECT COUNT(*) AS seen FROM json_each($2) e JOIN bindings b ON b.person = CAST(e.value->>'id' AS BIGINT) \
         JOIN chat_members m ON m.account = b.account AND m.chat = $1 AND m.inside = 1",
        args![chat, id_list(people)],
        |row| row.get("seen"),
    )
    .await
}

/// Why somebody cannot be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Out {
    /// No account.
    Unbound,
    /// An account that never pressed Start.
    NeverStarted,
    /// An account that blocked the bot or is gone.
    Blocked,
}

/// Whom of these people the bot can reach, and whom it cannot, and why (`None`: it can).
///
/// # Errors
/// When the database refuses.
pub async fn reach(tx: &mut Tx, people: &[i64]) -> Result<Vec<(i64, Option<Out>)>> {
    tx.all(
        "SELECT p.id, CAST(CASE WHEN b.account IS NULL THEN 1 WHEN a.started_at IS NULL THEN 2 \
                           WHEN a.blocked_at IS NOT NULL OR a.gone = 1 THEN 3 ELSE 0 END AS BIGINT) AS reach \
         FROM json_each($1) e JOIN people p ON p.id = CAST(e.value->>'id' AS BIGINT) \
         LEFT JOIN bindings b ON b.person = p.id LEFT JOIN accounts a ON a.account = b.account ORDER BY p.code",
        args![id_list(people)],
        |row| {
            let out = match row.get::<i64>("reach")? {
                1 => Some(Out::Unbound),
                2 => Some(Out::NeverStarted),
                3 => Some(Out::Blocked),
                _ => None,
            };
            Ok((row.get("id")?, out))
        },
    )
    .await
}

/// Whose contact, of these people, was verified with the number they have now.
///
/// # Errors
/// When the database refuses.
pub async fn verified(tx: &mut Tx, people: &[i64]) -> Result<BTreeSet<i64>> {
    let ids: Vec<i64> = tx
        .all(
            "SELECT p.id FROM json_each($1) e JOIN people p ON p.id = CAST(e.value->>'id' AS BIGINT) \
             JOIN contacts c ON c.person = p.id AND COALESCE(c.phone_hash, '') = COALESCE(p.phone_hash, '')",
            args![id_list(people)],
            |row| row.get("id"),
        )
        .await?;
    Ok(ids.into_iter().collect())
}

/// A contact was verified.
///
/// # Errors
/// When the database refuses.
pub async fn verify(tx: &mut Tx, person: i64, by: i64, now: Time) -> Result<()> {
    tx.execute(
        "INSERT INTO contacts (person, verified_at, verified_by, phone_hash) \
         SELECT p.id, CAST($2 AS BIGINT), CAST($3 AS BIGINT), p.phone_hash FROM people p WHERE p.id = $1 \
         ON CONFLICT (person) DO UPDATE SET verified_at = excluded.verified_at, \
             verified_by = excluded.verified_by, phone_hash = excluded.phone_hash",
        args![person, now, by],
    )
    .await
    .map(drop)
}

/// The names of the students that each of these people answers for.
///
/// # Errors
/// When the database refuses.
pub async fn children_of(tx: &mut Tx, people: &[i64]) -> Result<BTreeMap<i64, Vec<String>>> {
    let rows: Vec<(i64, String)> = tx
        .all(
            "SELECT f.person, s.name FROM json_each($1) e \
             JOIN answers_for f ON f.person = CAST(e.value->>'id' AS BIGINT) \
             JOIN people s ON s.id = f.student AND s.removed_at IS NULL ORDER BY s.code",
            args![id_list(people)],
            |row| Ok((row.get("person")?, row.get("name")?)),
        )
        .await?;
    let mut children: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for (person, name) in rows {
        children.entry(person).or_default().push(name);
    }
    Ok(children)
}
