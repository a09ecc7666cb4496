//! Legs: a directive at one unit and tier of chat.

use std::collections::BTreeMap;

use serde_json::json;

use super::{Error, Result, Row, Tx, ids, people};
use crate::args;
use crate::domain::directive::{LegState, PlannedLeg};
use crate::domain::message::Time;

/// A leg as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Leg {
    pub id: i64,
    pub directive: i64,
    pub unit: i64,
    pub tier: usize,
    pub parent: Option<i64>,
    pub informed: bool,
    pub state: LegState,
    pub chat: Option<i64>,
    pub arrived_at: Option<Time>,
    pub due_at: Option<Time>,
    pub relay_at: Option<Time>,
    pub relayed_by: Option<i64>,
    pub note: String,
    pub must: u32,
    pub acked: u32,
    pub late: u32,
    pub done_state: String,
    pub done_by: Option<i64>,
    pub done_at: Option<Time>,
    pub done_text: String,
    pub done_media: String,
    pub judged_by: Option<i64>,
    pub judged_why: String,
}

impl Leg {
    /// How many are still missing.
    pub fn missing(&self) -> u32 {
        self.must.saturating_sub(self.acked)
    }
}

fn leg(row: &Row) -> Result<Leg> {
    let state: String = row.get("state")?;
    Ok(Leg {
        id: row.get("id")?,
        directive: row.get("directive")?,
        unit: row.get("unit")?,
        tier: row.get("tier")?,
        parent: row.get("parent")?,
        informed: row.get("informed")?,
        state: LegState::from_word(&state).ok_or_else(|| Error::Corrupt(format!("leg state {state}")))?,
        chat: row.get("chat")?,
        arrived_at: row.get("arrived_at")?,
        due_at: row.get("due_at")?,
        relay_at: row.get("relay_at")?,
        relayed_by: row.get("relayed_by")?,
        note: row.get("note")?,
        must: row.get("must")?,
        acked: row.get("acked")?,
        late: row.get("late")?,
        done_state: row.get("done_state")?,
        done_by: row.get("done_by")?,
        done_at: row.get("done_at")?,
        done_text: row.get("done_text")?,
        done_media: row.get("done_media")?,
        judged_by: row.get("judged_by")?,
        judged_why: row.get("judged_why")?,
    })
}

/// Makes all legs of a directive in one statement.
///
/// # Errors
/// When the database refuses.
pub async fn insert(tx: &mut Tx, directive: i64, planned: &[PlannedLeg], now: Time) -> Result<()> {
    let first = ids::reserve(now, i64::try_from(planned.len()).unwrap_or(i64::MAX));
    let id_of = |unit: i64, tier: usize| {
        let place = planned.iter().position(|leg| leg.unit == unit && leg.tier == tier);
        place.and_then(|place| i64::try_from(place).ok()).map(|place| first + place)
    };
    let rows: Vec<_> = (first..)
        .zip(planned)
        .map(|(id, leg)| {
            json!({"id": id, "unit": leg.unit, "tier": leg.tier, "informed": i64::from(leg.informed),
                   "parent": leg.parent.and_then(|(unit, tier)| id_of(unit, tier)), "state": leg.state.word()})
        })
        .collect();
    tx.execute(
        "INSERT INTO legs (id, directive, unit, tier, parent, informed, state) \
         SELECT CAST(value->>'id' AS BIGINT), CAST($1 AS BIGINT), CAST(value->>'unit' AS BIGINT), \
                CAST(value->>'tier' AS BIGINT), CAST(value->>'parent' AS BIGINT), \
                CAST(value->>'informed' AS BIGINT), value->>'state' FROM json_each($2)",
        args![directive, serde_json::Value::from(rows).to_string()],
    )
    .await?;
    Ok(())
}

/// The leg with this id.
///
/// # Errors
/// When the database refuses.
pub async fn get(tx: &mut Tx, id: i64) -> Result<Option<Leg>> {
    tx.maybe("SELECT * FROM legs WHERE id = $1", args![id], leg).await
}

/// These legs.
///
/// # Errors
/// When the database refuses.
pub async fn many(tx: &mut Tx, ids: &[i64]) -> Result<Vec<Leg>> {
    tx.all(
        "SELECT l.* FROM json_each($1) e JOIN legs l ON l.id = CAST(e.value->>'id' AS BIGINT) ORDER BY l.id",
        args![people::id_list(ids)],
        leg,
    )
    .await
}

/// All legs of a directive, the highest tier first.
///
/// # Errors
/// When the database refuses.
pub async fn of_directive(tx: &mut Tx, directive: i64) -> Result<Vec<Leg>> {
    tx.all("SELECT * FROM legs WHERE directive = $1 ORDER BY tier, id", args![directive], leg).await
}

/// The legs that are relayed from this one.
///
/// # Errors
/// When the database refuses.
pub async fn children(tx: &mut Tx, parent: i64) -> Result<Vec<Leg>> {
    tx.all("SELECT * FROM legs WHERE parent = $1 ORDER BY id", args![parent], leg).await
}

/// Open legs whose directive arrived in this chat.
///
/// # Errors
/// When the database refuses.
pub async fn open_in_chat(tx: &mut Tx, chat: i64) -> Result<Vec<Leg>> {
    tx.all(
        "SELECT l.* FROM legs l JOIN directives d ON d.id = l.directive AND d.state = 'sent' \
         WHERE l.chat = $1 AND l.state = 'arrived' AND l.acked < l.must ORDER BY l.id",
        args![chat],
        leg,
    )
    .await
}

/// The next legs after `after` that a changed roster may concern: those that still wait for somebody, for a relay, or
/// for their due.
///
/// # Errors
/// When the database refuses.
pub async fn running(tx: &mut Tx, after: i64, now: Time, limit: i64) -> Result<Vec<Leg>> {
    tx.all(
        "SELECT l.* FROM legs l JOIN directives d ON d.id = l.directive AND d.state = 'sent' AND d.answer = 1 \
         WHERE l.id > $1 AND l.informed = 0 \
           AND (l.state = 'waiting' OR (l.state = 'arrived' AND (l.acked < l.must OR l.due_at > $2))) \
         ORDER BY l.id LIMIT $3",
        args![after, now, limit],
        leg,
    )
    .await
}

/// How a leg came down.
#[derive(Debug, Clone, Copy)]
pub struct Arrival {
    pub chat: Option<i64>,
    pub due_at: Time,
    pub by: Option<i64>,
    /// issued, ack, button, auto, anyway.
    pub how: &'static str,
}

/// A leg arrives; `false` when it had arrived before.
///
/// # Errors
/// When the database refuses.
pub async fn arrive(tx: &mut Tx, id: i64, arrival: Arrival, now: Time) -> Result<bool> {
    let rows = tx
        .execute(
            "UPDATE legs SET state = 'arrived', arrived_at = $2, chat = $3, due_at = $4, relayed_by = $5, relay_how = $6 \
             WHERE id = $1 AND state = 'waiting'",
            args![id, now, arrival.chat, arrival.due_at, arrival.by, arrival.how],
        )
        .await?;
    Ok(rows == 1)
}

/// The chat of a leg is another one, or none any more.
///
/// # Errors
/// When the database refuses.
pub async fn set_chat(tx: &mut Tx, id: i64, chat: Option<i64>) -> Result<()> {
    tx.execute("UPDATE legs SET chat = $2 WHERE id = $1", args![id, chat]).await?;
    Ok(())
}

/// The answer is due at another time: the directive was changed.
///
/// # Errors
/// When the database refuses.
pub async fn set_due(tx: &mut Tx, id: i64, due_at: Time) -> Result<()> {
    tx.execute("UPDATE legs SET due_at = $2 WHERE id = $1", args![id, due_at]).await?;
    Ok(())
}

/// A waiting leg will come down by itself at `at`; `false` when that was decided before.
///
/// # Errors
/// When the database refuses.
pub async fn plan_relay(tx: &mut Tx, id: i64, at: Time, by: i64) -> Result<bool> {
    let rows = tx
        .execute(
            "UPDATE legs SET relay_at = $2, relayed_by = $3 WHERE id = $1 AND state = 'waiting' AND relay_at IS NULL",
            args![id, at, by],
        )
        .await?;
    Ok(rows == 1)
}

/// A note is added to what goes down this leg.
///
/// # Errors
/// When the database refuses.
pub async fn set_note(tx: &mut Tx, id: i64, note: &str) -> Result<()> {
    tx.execute("UPDATE legs SET note = $2 WHERE id = $1 AND state = 'waiting'", args![id, note]).await?;
    Ok(())
}

/// Adds acknowledgements to the counts of legs: (acked, late) by leg.
///
/// # Errors
/// When the database refuses.
pub async fn count(tx: &mut Tx, counts: &BTreeMap<i64, (usize, usize)>) -> Result<()> {
    let row = |(id, (acked, late)): (&i64, &(usize, usize))| json!({"id": id, "acked": acked, "late": late});
    let rows: Vec<_> = counts.iter().map(row).collect();
    tx.execute(
        "UPDATE legs SET acked = acked + CAST(j.value->>'acked' AS BIGINT), late = late + CAST(j.value->>'late' AS BIGINT) \
         FROM json_each($1) AS j WHERE legs.id = CAST(j.value->>'id' AS BIGINT)",
        args![serde_json::Value::from(rows).to_string()],
    )
    .await
    .map(drop)
}

/// A unit reports that it carried the directive out.
///
/// # Errors
/// When the database refuses.
pub async fn report_done(tx: &mut Tx, id: i64, by: i64, text: &str, media: &str, now: Time) -> Result<bool> {
    let rows = tx
        .execute(
            "UPDATE legs SET done_state = 'reported', done_by = $2, done_at = $3, done_text = $4, done_media = $5, \
                    judged_by = NULL, judged_at = NULL, judged_why = '' WHERE id = $1 AND done_state <> 'accepted'",
            args![id, by, now, text, media],
        )
        .await?;
    Ok(rows == 1)
}

/// What a unit reported is accepted or sent back; `false` when it was judged before.
///
/// # Errors
/// When the database refuses.
pub async fn judge(tx: &mut Tx, id: i64, accepted: bool, by: i64, why: &str, now: Time) -> Result<bool> {
    let state = if accepted { "accepted" } else { "returned" };
    let rows = tx
        .execute(
            "UPDATE legs SET done_state = $2, judged_by = $3, judged_at = $4, judged_why = $5 \
             WHERE id = $1 AND done_state = 'reported'",
            args![id, state, by, now, why],
        )
        .await?;
    Ok(rows == 1)
}

/// A directive is withdrawn: nothing more goes down.
///
/// # Errors
/// When the database refuses.
pub async fn withdraw(tx: &mut Tx, directive: i64) -> Result<()> {
    tx.execute(
        "UPDATE legs SET state = 'withdrawn' WHERE directive = $1 AND state IN ('waiting', 'end')",
        args![directive],
    )
    .await?;
    Ok(())
}

/// The notes on the way down to a leg, the highest first: (unit's name, note).
///
/// # Errors
/// When the database refuses.
pub async fn notes(tx: &mut Tx, id: i64) -> Result<Vec<(String, String)>> {
    tx.all(
        "WITH RECURSIVE way(id, parent, unit, tier, note) AS (\
             SELECT id, parent, unit, tier, note FROM legs WHERE id = $1 \
             UNION ALL SELECT l.id, l.parent, l.unit, l.tier, l.note FROM legs l JOIN way w ON l.id = w.parent) \
         SELECT u.name, w.note FROM way w JOIN units u ON u.id = w.unit WHERE w.note <> '' ORDER BY w.tier",
        args![id],
        |row| Ok((row.get("name")?, row.get("note")?)),
    )
    .await
}
