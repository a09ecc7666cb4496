//! Putting work into the outbox. What the courier does with it is in `store::courier`.

use std::borrow::{Borrow, Cow};
use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::people::id_list;
use super::seal::Sealer;
use super::{Result, Tx, ids, messages};
use crate::args;
use crate::domain::message::{Letter, Repeat, Time};
use crate::domain::outgoing::{Op, Outgoing};

fn word(repeat: Repeat) -> &'static str {
    match repeat {
        Repeat::Again => "again",
        Repeat::Marked => "marked",
        Repeat::Never => "never",
    }
}

/// Queues calls in this order. An edit replaces whatever of the same message still waits, so that 45
/// presses in a second make one edit.
///
/// # Errors
/// When the database refuses.
pub async fn enqueue(tx: &mut Tx, sealer: &Sealer, calls: &[Outgoing], now: Time) -> Result<()> {
    let mut newest: BTreeMap<i64, (&Letter, i64)> = BTreeMap::new();
    for call in calls {
        if let (Op::Edit { letter }, Some(message)) = (&call.op, call.message) {
            let class = newest.get(&message).map_or(i64::MAX, |(_, class)| *class);
            newest.insert(message, (letter, class.min(call.class as i64)));
        }
    }
    messages::set_letters(tx, sealer, newest.iter().map(|(message, (letter, _))| (*message, *letter)))
        .await?;
    let replaced = replace_waiting(tx, sealer, &newest).await?;
    let mut fresh = Vec::with_capacity(calls.len());
    for call in calls {
        match (&call.op, call.message) {
            // Only the newest text of a message is shown, where the first of its edits stands.
            (Op::Edit { .. }, Some(message)) if !replaced.contains(&message) => {
                if let Some((letter, _)) = newest.remove(&message) {
                    let op = Op::Edit { letter: letter.clone() };
                    fresh.push(Cow::Owned(Outgoing { op, ..call.clone() }));
                }
            }
            (Op::Edit { .. }, Some(_)) => {}
            _ => fresh.push(Cow::Borrowed(call)),
        }
    }
    insert(tx, sealer, &fresh, now).await
}

/// Queues a call again whose row was lost: it may have arrived before, and says so.
///
/// # Errors
/// When the database refuses.
pub async fn enqueue_repeat(tx: &mut Tx, sealer: &Sealer, call: Outgoing, now: Time) -> Result<()> {
    let message = call.message;
    insert(tx, sealer, &[call], now).await?;
    tx.execute("UPDATE outbox SET repeated = 1 WHERE message = $1 AND state = 'queued'", args![message])
        .await
        .map(drop)
}

/// Puts what these messages show now into the calls of theirs that wait; returns the messages that had one.
async fn replace_waiting(
    tx: &mut Tx,
    sealer: &Sealer,
    newest: &BTreeMap<i64, (&Letter, i64)>,
) -> Result<BTreeSet<i64>> {
    if newest.is_empty() {
        return Ok(BTreeSet::new());
    }
    let ids: Vec<i64> = newest.keys().copied().collect();
    let waiting = tx
        .all(
            "SELECT o.id, o.message, o.op, o.body FROM json_each($1) e JOIN outbox o \
               ON o.message = CAST(e.value->>'id' AS BIGINT) AND o.op IN ('send', 'edit') AND o.state = 'queued' \
             ORDER BY o.id",
            args![id_list(&ids)],
            |row| {
                let (op, body): (String, String) = (row.get("op")?, row.get("body")?);
                Ok((row.get::<i64>("id")?, row.get::<i64>("message")?, op, body))
            },
        )
        .await?;
    let (mut rows, mut replaced) = (Vec::new(), BTreeSet::new());
    for (id, message, op, body) in waiting {
        let Some((letter, class)) = newest.get(&message).filter(|_| replaced.insert(message)) else {
            continue;
        };
        let letter = Letter::clone(letter);
        let op = match (op.as_str(), sealer.open_json(&body)?) {
            ("send", Op::Send { reply_to, quiet, .. }) => Op::Send { letter, reply_to, quiet },
            _ => Op::Edit { letter },
        };
        rows.push(json!({"id": id, "body": sealer.seal_json(&op), "class": class}));
    }
    if !rows.is_empty() {
        tx.execute(
            "UPDATE outbox SET body = j.value->>'body', \
                    class = CASE WHEN class < CAST(j.value->>'class' AS BIGINT) THEN class \
                            ELSE CAST(j.value->>'class' AS BIGINT) END \
             FROM json_each($1) AS j WHERE outbox.id = CAST(j.value->>'id' AS BIGINT)",
            args![serde_json::Value::from(rows).to_string()],
        )
        .await?;
    }
    Ok(replaced)
}

/// Whether anything waits to be sent, or is on its way.
///
/// # Errors
/// When the database refuses.
pub async fn has_waiting(tx: &mut Tx) -> Result<bool> {
    let found = tx
        .maybe("SELECT id FROM outbox WHERE state IN ('queued', 'flight') LIMIT 1", args![], |row| {
            row.get::<i64>("id")
        })
        .await?;
    Ok(found.is_some())
}

async fn insert(tx: &mut Tx, sealer: &Sealer, calls: &[impl Borrow<Outgoing>], now: Time) -> Result<()> {
    if calls.is_empty() {
        return Ok(());
    }
    let first = ids::reserve(now, i64::try_from(calls.len()).unwrap_or(i64::MAX));
    let rows: Vec<_> = (first..)
        .zip(calls.iter().map(Borrow::borrow))
        .map(|(id, call): (i64, &Outgoing)| {
            json!({
                "id": id, "bot": call.bot, "chat": call.chat, "class": call.class as i64, "op": call.op.word(),
                "message": call.message, "body": sealer.seal_json(&call.op), "repeat": word(call.repeat),
                "stale": call.stale_at.timestamp_millis(),
            })
        })
        .collect();
    tx.execute(
        "INSERT INTO outbox (id, bot, chat, class, op, message, body, repeat, state, not_before, stale_at) \
         SELECT CAST(value->>'id' AS BIGINT), CAST(value->>'bot' AS BIGINT), CAST(value->>'chat' AS BIGINT), \
                CAST(value->>'class' AS BIGINT), value->>'op', CAST(value->>'message' AS BIGINT), value->>'body', \
                value->>'repeat', 'queued', CAST($2 AS BIGINT), CAST(value->>'stale' AS BIGINT) \
         FROM json_each($1)",
        args![serde_json::Value::from(rows).to_string(), now],
    )
    .await?;
    Ok(())
}
