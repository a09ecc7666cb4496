//! One-time binding links: only the hash of a token is kept (section 4, Binding).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use rand::RngExt;
use serde_json::{Value as Json, json};

use super::seal::hash;
use super::{Result, Tx};
use crate::args;
use crate::domain::message::Time;

/// How long a link is valid.
pub const VALID: TimeDelta = TimeDelta::days(14);

/// Random bytes of a token: 160 bits, 27 characters of base64url.
const TOKEN_BYTES: usize = 20;

/// Somebody who has no account yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unbound {
    /// people.id
    pub person: i64,
    /// The person's code.
    pub code: String,
    /// The person's name.
    pub name: String,
    /// The code of the first of their units, by tier and code.
    pub unit: String,
}

/// A new link's secret; it is shown once and cannot be found again.
#[derive(Clone)]
pub struct Invitation {
    /// people.id
    pub person: i64,
    /// What follows `?start=`.
    pub token: String,
    /// Until when it binds.
    pub expires_at: Time,
}

/// The people of a unit and all below it, or of the whole school, who are not bound; by unit and code.
///
/// # Errors
/// When the database refuses.
pub async fn unbound(tx: &mut Tx, unit: Option<&str>) -> Result<Vec<Unbound>> {
    let rows = tx
        .all(
            "SELECT p.id, p.code, p.name, u.code AS unit FROM roles r \
             JOIN people p ON p.id = r.person JOIN units u ON u.id = r.unit \
             LEFT JOIN bindings b ON b.person = p.id \
             WHERE p.removed_at IS NULL AND b.person IS NULL AND (CAST($1 AS TEXT) IS NULL OR EXISTS ( \
                 SELECT 1 FROM units top WHERE top.code = $1 AND substr(u.path, 1, length(top.path)) = top.path)) \
             ORDER BY u.tier, u.code, p.code, r.role",
            args![unit],
            |row| {
                Ok(Unbound {
                    person: row.get("id")?,
                    code: row.get("code")?,
                    name: row.get("name")?,
                    unit: row.get("unit")?,
                })
            },
        )
        .await?;
    let mut seen = std::collections::HashSet::new();
    Ok(rows.into_iter().filter(|row| seen.insert(row.person)).collect())
}

/// Makes a new link for each of these people and voids their earlier ones. `made_by` is the person who asked,
/// `None` for the shell.
///
/// # Errors
/// When the database refuses.
pub async fn issue(tx: &mut Tx, people: &[i64], made_by: Option<i64>, now: Time) -> Result<Vec<Invitation>> {
    let expires_at = now + VALID;
    let made: Vec<Invitation> =
        people.iter().map(|person| Invitation { person: *person, token: token(), expires_at }).collect();
    let rows = made.iter().map(|made| json!({"person": made.person, "hash": hash(&made.token)}));
    let rows = Json::from(rows.collect::<Vec<_>>()).to_string();
    tx.execute(
        "UPDATE invites SET voided_at = $2 WHERE voided_at IS NULL AND used_at IS NULL \
         AND person IN (SELECT CAST(value->>'person' AS BIGINT) FROM json_each($1))",
        args![&rows, now],
    )
    .await?;
    tx.execute(
        "INSERT INTO invites (token_hash, person, expires_at, made_by) \
         SELECT value->>'hash', CAST(value->>'person' AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS BIGINT) \
         FROM json_each($1)",
        args![&rows, expires_at, made_by],
    )
    .await?;
    Ok(made)
}

/// The username that a bot had when Telegram was last asked, without `@`.
///
/// # Errors
/// When the database refuses.
pub async fn known_username(tx: &mut Tx, bot: i64) -> Result<Option<String>> {
    let sql = "SELECT value FROM settings WHERE name = $1";
    tx.maybe(sql, args![username_of(bot)], |row| row.get("value")).await
}

/// Keeps a bot's username for when Telegram cannot be asked.
///
/// # Errors
/// When the database refuses.
pub async fn keep_username(tx: &mut Tx, bot: i64, username: &str) -> Result<()> {
    tx.execute(
        "INSERT INTO settings (name, value) VALUES ($1, $2) \
         ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        args![username_of(bot), username],
    )
    .await
    .map(drop)
}

fn username_of(bot: i64) -> String {
    format!("bot:{bot}:username")
}

fn token() -> String {
    let bytes: [u8; TOKEN_BYTES] = rand::rng().random();
    URL_SAFE_NO_PAD.encode(bytes)
}
