//! The audit: who did, saw and changed what. Append-only, each entry's hash covers the one before it (F1, S16).

use serde_json::{Value as Json, json};
use thiserror::Error;

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

/// Where a chain is not what was written.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Broken {
    /// An entry is not there, or not where it was.
    #[error("entry {0} is missing")]
    Missing(i64),
    /// An entry is not what was written.
    #[error("entry {0} is not what was written")]
    Changed(i64),
    /// The chain ends too early, or its last entry is another.
    #[error("the chain ends at entry {at}; {written} were written")]
    CutShort { at: i64, written: i64 },
}

/// A chain as far as it was followed.
#[derive(Debug, Default)]
struct Chain {
    seq: i64,
    hash: String,
}

impl Chain {
    /// The next entry: it must follow the one before.
    fn follow(&mut self, entry: &Entry) -> Result<(), Broken> {
        let seq = self.seq + 1;
        if entry.seq != seq {
            return Err(Broken::Missing(seq));
        }
        if entry.prev != self.hash || entry.hash != entry.expected_hash() {
            return Err(Broken::Changed(seq));
        }
        (self.seq, self.hash) = (seq, entry.hash.clone());
        Ok(())
    }

    /// The chain ends here: this must be its head.
    fn end(&self, (written, hash): &(i64, String)) -> Result<i64, Broken> {
        let whole = self.seq == *written && self.hash == *hash;
        if whole { Ok(self.seq) } else { Err(Broken::CutShort { at: self.seq, written: *written }) }
    }
}

/// Entries read at once.
const PAGE: i64 = 2000;

/// Follows the whole chain: how many entries it has, or the first that is not what was written (S16).
///
/// # Errors
/// When the database refuses.
pub async fn verify(tx: &mut Tx) -> Result<Result<i64, Broken>> {
    let head = head(tx).await?;
    let mut chain = Chain::default();
    loop {
        let entries = after(tx, chain.seq, PAGE).await?;
        if entries.is_empty() {
            return Ok(chain.end(&head));
        }
        for entry in &entries {
            if let Err(broken) = chain.follow(entry) {
                return Ok(Err(broken));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(count: i64) -> Vec<Entry> {
        let mut prev = String::new();
        (1..=count)
            .map(|seq| {
                let mut entry = Entry {
                    seq,
                    at: Time::UNIX_EPOCH + chrono::TimeDelta::seconds(seq),
                    actor: seq % 3,
                    account: 0,
                    act: "directive.ack".to_owned(),
                    subject: format!("directive:{seq}"),
                    detail: "{}".to_owned(),
                    prev: prev.clone(),
                    hash: String::new(),
                };
                entry.hash = entry.expected_hash();
                prev = entry.hash.clone();
                entry
            })
            .collect()
    }

    fn verified(entries: &[Entry], head: &(i64, String)) -> Result<i64, Broken> {
        let mut chain = Chain::default();
        entries.iter().try_for_each(|entry| chain.follow(entry))?;
        chain.end(head)
    }

    fn change(entry: &mut Entry, field: usize) {
        match field {
            0 => entry.at += chrono::TimeDelta::milliseconds(1),
            1 => entry.actor += 1,
            2 => entry.account += 1,
            3 => entry.act.push('x'),
            4 => entry.subject.push('0'),
            5 => entry.detail = "{\"n\":1}".to_owned(),
            6 => entry.prev = "0".repeat(64),
            _ => entry.hash = "0".repeat(64),
        }
    }

    proptest! {
        #[test]
        fn any_single_change_is_found(count in 1_i64..30, at in 0_usize..30, kind in 0_usize..11, again in any::<bool>()) {
            let mut entries = written(count);
            let head = (count, entries.last().expect("one at least").hash.clone());
            prop_assert_eq!(verified(&entries, &head), Ok(count));
            let at = at % entries.len();
            match kind {
                8 => drop(entries.remove(at)),
                9 if entries.len() > 1 => entries.swap(at, (at + 1) % usize::try_from(count).expect("small")),
                10 => entries.insert(at, entries[at].clone()),
                field => {
                    change(&mut entries[at], field);
                    if again && field < 7 {
                        // Whoever changes an entry may also compute its hash anew: the next one does not fit then.
                        entries[at].hash = entries[at].expected_hash();
                    }
                }
            }
            prop_assert!(verified(&entries, &head).is_err());
        }
    }
}
