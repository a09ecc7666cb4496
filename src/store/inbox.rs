//! Updates that were received: unique for 48 hours, their payload kept (sealed) only while it failed.

use serde_json::json;

use super::seal::Sealer;
use super::{Result, Tx};
use crate::args;
use crate::domain::message::Time;

/// An update to be noted as received.
#[derive(Debug, Clone)]
pub struct Receipt<'a> {
    pub update_id: i64,
    pub kind: &'a str,
    pub hash: String,
}

/// An update whose handling failed.
#[derive(Debug, Clone)]
pub struct Failed {
    pub bot: i64,
    pub update_id: i64,
    pub kind: String,
    pub attempts: u32,
    pub payload: Vec<u8>,
}

/// How often a failing update is tried before it is set aside.
const TRIES: i64 = 5;

/// Notes updates as received; returns the ids of those that are new. A repeat changes nothing.
///
/// # Errors
/// When the database refuses.
pub async fn note(tx: &mut Tx, bot: i64, updates: &[Receipt<'_>], now: Time) -> Result<Vec<i64>> {
    let rows: Vec<_> =
        updates.iter().map(|u| json!({"id": u.update_id, "kind": u.kind, "hash": u.hash})).collect();
    tx.all(
        "INSERT INTO inbox (bot, update_id, kind, hash, received_at, state) \
         SELECT CAST($1 AS BIGINT), CAST(value->>'id' AS BIGINT), value->>'kind', value->>'hash', \
                CAST($3 AS BIGINT), 'done' FROM json_each($2) WHERE true \
         ON CONFLICT (bot, update_id) DO NOTHING RETURNING update_id",
        args![bot, serde_json::Value::from(rows).to_string(), now],
        |row| row.get("update_id"),
    )
    .await
}

/// Keeps an update that failed, to be tried again; after some tries it is set aside for the operator.
///
/// # Errors
/// When the database refuses.
pub async fn failed(
    tx: &mut Tx,
    sealer: &Sealer,
    (bot, update_id): (i64, i64),
    payload: &[u8],
    error: &str,
    retry_at: Time,
) -> Result<()> {
    let text = String::from_utf8_lossy(payload);
    tx.execute(
        "UPDATE inbox SET attempts = attempts + 1, retry_at = $3, payload = $4, error = $5, \
                state = CASE WHEN attempts + 1 >= $6 THEN 'aside' ELSE 'failed' END \
         WHERE bot = $1 AND update_id = $2",
        args![bot, update_id, retry_at, sealer.seal_text(&text), error, TRIES],
    )
    .await?;
    Ok(())
}

/// Sets an update of broken shape aside, by hash and kind, without its content.
///
/// # Errors
/// When the database refuses.
pub async fn set_aside(tx: &mut Tx, bot: i64, update_id: i64, error: &str) -> Result<()> {
    tx.execute(
        "UPDATE inbox SET state = 'aside', error = $3 WHERE bot = $1 AND update_id = $2",
        args![bot, update_id, error],
    )
    .await?;
    Ok(())
}

/// A failed update was handled after all: its payload is erased.
///
/// # Errors
/// When the database refuses.
pub async fn done(tx: &mut Tx, bot: i64, update_id: i64) -> Result<()> {
    tx.execute(
        "UPDATE inbox SET state = 'done', payload = NULL, error = NULL WHERE bot = $1 AND update_id = $2",
        args![bot, update_id],
    )
    .await?;
    Ok(())
}

/// Failed updates that are due to be tried again.
///
/// # Errors
/// When the database refuses or the key does not fit.
pub async fn due(tx: &mut Tx, sealer: &Sealer, now: Time, limit: i64) -> Result<Vec<Failed>> {
    tx.all(
        "SELECT bot, update_id, kind, attempts, payload FROM inbox \
         WHERE state = 'failed' AND retry_at <= $1 ORDER BY retry_at LIMIT $2",
        args![now, limit],
        |row| {
            let sealed: Option<String> = row.get("payload")?;
            Ok(Failed {
                bot: row.get("bot")?,
                update_id: row.get("update_id")?,
                kind: row.get("kind")?,
                attempts: row.get("attempts")?,
                payload: sealer.open_text(&sealed.unwrap_or_default())?.into_bytes(),
            })
        },
    )
    .await
}

/// Where polling goes on: the offset that confirms all before it.
///
/// # Errors
/// When the database refuses.
pub async fn move_offset(tx: &mut Tx, bot: i64, next: i64, now: Time) -> Result<()> {
    tx.execute(
        "INSERT INTO offsets (bot, next, polled_at) VALUES ($1, $2, $3) \
         ON CONFLICT (bot) DO UPDATE SET next = excluded.next, polled_at = excluded.polled_at",
        args![bot, next, now],
    )
    .await?;
    Ok(())
}

/// The offset to poll with, and when it was last polled.
///
/// # Errors
/// When the database refuses.
pub async fn offset(tx: &mut Tx, bot: i64) -> Result<Option<(i64, Time)>> {
    tx.maybe("SELECT next, polled_at FROM offsets WHERE bot = $1", args![bot], |row| {
        Ok((row.get("next")?, row.get("polled_at")?))
    })
    .await
}
