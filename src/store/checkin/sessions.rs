//! Forms that are being filled in: one for each account, day and person it is about. Kept sealed, so that a restart
//! loses nothing.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::args;
use crate::domain::message::Time;
use crate::store::seal::Sealer;
use crate::store::{Result, Row, Tx};

/// A form being filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Open {
    pub account: i64,
    pub day: i64,
    /// Whom it is about.
    pub person: i64,
    /// `messages.id` of where it is shown.
    pub message: i64,
    pub updated_at: Time,
    body: String,
}

impl Open {
    /// What was kept.
    ///
    /// # Errors
    /// When the key does not fit.
    pub fn body<T: DeserializeOwned>(&self, sealer: &Sealer) -> Result<T> {
        Ok(sealer.open_json(&self.body)?)
    }
}

fn open(row: &Row) -> Result<Open> {
    Ok(Open {
        account: row.get("account")?,
        day: row.get("day")?,
        person: row.get("person")?,
        message: row.get("message")?,
        updated_at: row.get("updated_at")?,
        body: row.get("body")?,
    })
}

/// The forms of a day that an account is filling in, the one last touched first.
///
/// # Errors
/// When the database refuses.
pub async fn of_account(tx: &mut Tx, account: i64, day: i64) -> Result<Vec<Open>> {
    tx.all(
        "SELECT account, day, person, message, body, updated_at FROM sessions WHERE account = $1 AND day = $2 \
         ORDER BY updated_at DESC, person",
        args![account, day],
        open,
    )
    .await
}

/// Keeps a form as it stands. Forms of earlier days are forgotten: they cannot be submitted any more.
///
/// # Errors
/// When the database refuses.
pub async fn save<T: Serialize + Sync>(
    tx: &mut Tx,
    sealer: &Sealer,
    (account, day, person): (i64, i64, i64),
    message: i64,
    body: &T,
    now: Time,
) -> Result<()> {
    tx.execute("DELETE FROM sessions WHERE account = $1 AND day < $2", args![account, day]).await?;
    tx.execute(
        "INSERT INTO sessions (account, day, person, message, body, updated_at) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (account, day, person) DO UPDATE SET message = excluded.message, body = excluded.body, \
             updated_at = excluded.updated_at",
        args![account, day, person, message, sealer.seal_json(body), now],
    )
    .await?;
    Ok(())
}

/// The forms of an account on a day are shown in this message from now on.
///
/// # Errors
/// When the database refuses.
pub async fn moved(tx: &mut Tx, account: i64, day: i64, from: i64, to: i64) -> Result<()> {
    tx.execute(
        "UPDATE sessions SET message = $4 WHERE account = $1 AND day = $2 AND message = $3",
        args![account, day, from, to],
    )
    .await?;
    Ok(())
}

/// A report about this person came in: whoever else was filling it in need not go on.
///
/// # Errors
/// When the database refuses.
pub async fn remove(tx: &mut Tx, day: i64, person: i64) -> Result<()> {
    tx.execute("DELETE FROM sessions WHERE day = $1 AND person = $2", args![day, person]).await?;
    Ok(())
}

/// An account leaves a form.
///
/// # Errors
/// When the database refuses.
pub async fn leave(tx: &mut Tx, account: i64, day: i64, person: i64) -> Result<()> {
    tx.execute(
        "DELETE FROM sessions WHERE account = $1 AND day = $2 AND person = $3",
        args![account, day, person],
    )
    .await?;
    Ok(())
}

/// The accounts that are filling in a form of a day through this bot, from the first one after `after`.
///
/// # Errors
/// When the database refuses.
pub async fn accounts(tx: &mut Tx, bot: i64, day: i64, after: i64, limit: usize) -> Result<Vec<i64>> {
    tx.all(
        "SELECT DISTINCT s.account FROM sessions s JOIN messages m ON m.id = s.message AND m.bot = $1 \
         WHERE s.day = $2 AND s.account > $3 ORDER BY s.account LIMIT $4",
        args![bot, day, after, limit],
        |row| row.get("account"),
    )
    .await
}
