//! What the bot waits for from an account in private: at most one thing. Kept sealed.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::seal::Sealer;
use super::{Result, Tx};
use crate::args;
use crate::domain::message::Time;

/// What is waited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialogue {
    pub account: i64,
    /// people.id, 0 for somebody who is not bound yet.
    pub person: i64,
    pub kind: String,
    /// The draft, leg, person … it is about.
    pub subject: i64,
    /// When it was asked.
    pub updated_at: Time,
    body: String,
}

impl Dialogue {
    /// What was kept with it.
    ///
    /// # Errors
    /// When the key does not fit.
    pub fn body<T: DeserializeOwned>(&self, sealer: &Sealer) -> Result<T> {
        Ok(sealer.open_json(&self.body)?)
    }
}

/// What is waited for from this account.
///
/// # Errors
/// When the database refuses.
pub async fn get(tx: &mut Tx, account: i64) -> Result<Option<Dialogue>> {
    tx.maybe(
        "SELECT account, person, kind, subject, body, updated_at FROM dialogues WHERE account = $1",
        args![account],
        |row| {
            Ok(Dialogue {
                account: row.get("account")?,
                person: row.get("person")?,
                kind: row.get("kind")?,
                subject: row.get("subject")?,
                body: row.get("body")?,
                updated_at: row.get("updated_at")?,
            })
        },
    )
    .await
}

/// Waits for something from an account, instead of whatever was waited for before.
///
/// # Errors
/// When the database refuses.
pub async fn set<T: Serialize + Sync>(
    tx: &mut Tx,
    sealer: &Sealer,
    (account, person): (i64, i64),
    (kind, subject): (&str, i64),
    body: &T,
    now: Time,
) -> Result<()> {
    tx.execute(
        "INSERT INTO dialogues (account, person, kind, subject, body, updated_at) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (account) DO UPDATE SET person = excluded.person, kind = excluded.kind, \
             subject = excluded.subject, body = excluded.body, updated_at = excluded.updated_at",
        args![account, person, kind, subject, sealer.seal_json(body), now],
    )
    .await?;
    Ok(())
}

/// Waits for nothing any more.
///
/// # Errors
/// When the database refuses.
pub async fn clear(tx: &mut Tx, account: i64) -> Result<()> {
    tx.execute("DELETE FROM dialogues WHERE account = $1", args![account]).await?;
    Ok(())
}
