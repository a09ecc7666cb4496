//! What papers are made from: a directive receipt by receipt, a day person by person.

pub mod chart;
pub mod day;
pub mod digest;

use super::people::id_list;
use super::{Error, Result, Tx};
use crate::args;
use crate::domain::report::{LegRow, ReceiptRow};

/// All receipts of a directive's newest text, the highest tier first.
///
/// # Errors
/// When the database refuses.
pub async fn receipts(tx: &mut Tx, directive: i64) -> Result<Vec<ReceiptRow>> {
    let rows = tx
        .all(
            "SELECT l.tier, u.name AS unit, r.kind, COALESCE(p.code, s.code, '') AS code, \
                    COALESCE(p.name, s.name, '') AS name, l.arrived_at, l.due_at, r.acked_at, \
                    COALESCE(b.name, '') AS by_name, COALESCE(r.way, '') AS way, COALESCE(n.name, '') AS recorded, \
                    r.late, r.reminders, r.escalated_at, r.escalated_to, r.unreached_at \
             FROM receipts r JOIN legs l ON l.id = r.leg JOIN directives d ON d.id = r.directive \
             JOIN units u ON u.id = l.unit \
             LEFT JOIN people p ON p.id = r.subject AND r.kind <> 'unit' \
             LEFT JOIN units s ON s.id = r.subject AND r.kind = 'unit' \
             LEFT JOIN people b ON b.id = r.by_person LEFT JOIN people n ON n.id = r.recorded_by \
             WHERE r.directive = $1 AND r.revision = d.revision ORDER BY l.tier, u.code, code",
            args![directive],
            |row| {
                let escalated: String = row.get("escalated_to")?;
                let receipt = ReceiptRow {
                    tier: row.get("tier")?,
                    unit: row.get("unit")?,
                    kind: row.get("kind")?,
                    code: row.get("code")?,
                    name: row.get("name")?,
                    arrived_at: row.get("arrived_at")?,
                    due_at: row.get("due_at")?,
                    acked_at: row.get("acked_at")?,
                    by: row.get("by_name")?,
                    way: row.get("way")?,
                    recorded_by: row.get("recorded")?,
                    late: row.get("late")?,
                    reminders: row.get("reminders")?,
                    escalated_at: row.get("escalated_at")?,
                    escalated_to: vec![],
                    unreached_at: row.get("unreached_at")?,
                };
                Ok((receipt, told(&escalated)?))
            },
        )
        .await?;
    let everybody: Vec<i64> = rows.iter().flat_map(|(_, told)| told.iter().copied()).collect();
    let names = names(tx, &everybody).await?;
    let named = |ids: Vec<i64>| {
        ids.iter()
            .filter_map(|id| names.iter().find(|(known, _)| known == id))
            .map(|(_, name)| name.clone())
            .collect()
    };
    Ok(rows.into_iter().map(|(row, told)| ReceiptRow { escalated_to: named(told), ..row }).collect())
}

fn told(json: &str) -> Result<Vec<i64>> {
    if json.is_empty() {
        return Ok(vec![]);
    }
    serde_json::from_str(json).map_err(|error| Error::Corrupt(format!("receipts.escalated_to: {error}")))
}

async fn names(tx: &mut Tx, people: &[i64]) -> Result<Vec<(i64, String)>> {
    let mut people = people.to_vec();
    people.sort_unstable();
    people.dedup();
    tx.all(
        "SELECT p.id, p.name FROM json_each($1) e JOIN people p ON p.id = CAST(e.value->>'id' AS BIGINT)",
        args![id_list(&people)],
        |row| Ok((row.get("id")?, row.get("name")?)),
    )
    .await
}

/// All legs of a directive that reach somebody, the highest tier first.
///
/// # Errors
/// When the database refuses.
pub async fn legs(tx: &mut Tx, directive: i64) -> Result<Vec<LegRow>> {
    tx.all(
        "SELECT l.tier, u.name AS unit, l.state, CASE WHEN l.chat IS NULL THEN 1 ELSE 0 END AS in_private, l.arrived_at, \
                COALESCE(l.relay_how, '') AS relay_how, COALESCE(p.name, '') AS relayed_by, l.must, l.acked, l.late, \
                l.done_state, l.done_text \
         FROM legs l JOIN units u ON u.id = l.unit LEFT JOIN people p ON p.id = l.relayed_by \
         WHERE l.directive = $1 AND l.state <> 'end' ORDER BY l.tier, u.code",
        args![directive],
        |row| {
            Ok(LegRow {
                tier: row.get("tier")?,
                unit: row.get("unit")?,
                state: row.get("state")?,
                in_private: row.get("in_private")?,
                arrived_at: row.get("arrived_at")?,
                relay_how: row.get("relay_how")?,
                relayed_by: row.get("relayed_by")?,
                must: row.get("must")?,
                acked: row.get("acked")?,
                late: row.get("late")?,
                done_state: row.get("done_state")?,
                done_text: row.get("done_text")?,
            })
        },
    )
    .await
}

/// Directives that were sent, the oldest first.
///
/// # Errors
/// When the database refuses.
pub async fn sent(tx: &mut Tx) -> Result<Vec<i64>> {
    tx.all(
        "SELECT id FROM directives WHERE state IN ('sent', 'withdrawn') ORDER BY issued_at, id",
        args![],
        |row| row.get("id"),
    )
    .await
}
