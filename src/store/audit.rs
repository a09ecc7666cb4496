//! The audit: who did, saw and changed what. Append-only, each entry's hash covers the one before it (F1, S16).

use serde_json::{Value as Json, json};

use super::seal::hash;
use super::{Result, Row, Tx};
use crate::args;
use crate::domain::message::Time;

/// Something to be recorded. No names and no answers: ids and codes of acts only.
#[derive(Debug, Clone)]
pub struct NewEntry {
    /// people.id, 0 for the program itself.
    pub actor: i64,
    pub account: i64,
    /// What was done: `directive.send`, `refused.track`.
    pub act: String,
    /// What it was done to: `directive:12`.
    pub subject: String,
    pub detail: Json,
}

/// An entry as it is kept.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Entry {
    pub seq: i64,
    pub at: Time,
    pub actor: i64,
    pub account: i64,
    pub act: String,
    pub subject: String,
    pub detail: String,
    pub prev: String,
    pub hash: String,
}

impl Entry {
    /// The hash that this entry must have.
    pub fn expected_hash(&self) -> String {
        let at = self.at.timestamp_millis();
        hash(
            &json!([self.prev, self.seq, at, self.actor, self.account, self.act, self.subject, self.detail])
                .to_string(),
        )
    }
}

fn entry(row: &Row) -> Result<Entry> {
    Ok(Entry {
        seq: row.get("seq")?,
        at: row.get("at")?,
        actor: row.get("actor")?,
        account: row.get("account")?,
        act: row.get("act")?,
        subject: row.get("subject")?,
        detail: row.get("detail")?,
        prev: row.get("prev")?,
        hash: row.get("hash")?,
    })
}

/// Appends entries to the chain. Processes wait for one another here, so it is the last act of a transaction.
///
/// # Errors
/// When the database refuses.
pub async fn append(tx: &mut Tx, entries: &[NewEntry], now: Time) -> Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    let sql = tx.pick(
        "SELECT seq, hash FROM audit_head WHERE id = 1",
        "SELECT seq, hash FROM audit_head WHERE id = 1 FOR UPDATE",
    );
    let (mut seq, mut prev): (i64, String) =
        tx.one(sql, args![], |row| Ok((row.get("seq")?, row.get("hash")?))).await?;
    // The database keeps milliseconds; the hash must cover what is kept.
    let at = Time::from_timestamp_millis(now.timestamp_millis()).unwrap_or(now);
    let mut rows = Vec::with_capacity(entries.len());
    for new in entries {
        seq += 1;
        let mut next = Entry {
            seq,
            at,
            actor: new.actor,
            account: new.account,
            act: new.act.clone(),
            subject: new.subject.clone(),
            detail: new.detail.to_string(),
            prev,
            hash: String::new(),
        };
        next.hash = next.expected_hash();
        prev = next.hash.clone();
        rows.push(json!({"seq": seq, "actor": next.actor, "account": next.account, "act": next.act,
            "subject": next.subject, "detail": next.detail, "prev": next.prev, "hash": next.hash}));
    }
    tx.execute(
        "INSERT INTO audit (seq, at, actor, account, act, subject, detail, prev, hash) \
         SELECT CAST(value->>'seq' AS BIGINT), CAST($2 AS BIGINT), CAST(value->>'actor' AS BIGINT), \
                CAST(value->>'account' AS BIGINT), value->>'act', value->>'subject', value->>'detail', \
                value->>'prev', value->>'hash' FROM json_each($1)",
        args![Json::from(rows).to_string(), now],
    )
    .await?;
    tx.execute("UPDATE audit_head SET seq = $1, hash = $2 WHERE id = 1", args![seq, prev]).await?;
    Ok(())
}

/// Up to `limit` entries after `seq`, in order.
///
/// # Errors
/// When the database refuses.
pub async fn after(tx: &mut Tx, seq: i64, limit: i64) -> Result<Vec<Entry>> {
    tx.all("SELECT * FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2", args![seq, limit], entry).await
}

/// The last entry's number and hash, kept apart from the entries: a chain cut short is found too.
///
/// # Errors
/// When the database refuses.
pub async fn head(tx: &mut Tx) -> Result<(i64, String)> {
    tx.one("SELECT seq, hash FROM audit_head WHERE id = 1", args![], |row| {
        Ok((row.get("seq")?, row.get("hash")?))
    })
    .await
}
