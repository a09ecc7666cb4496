//! Who has not acknowledged on a leg.

use crate::args;
use crate::store::people::id_list;
use crate::store::{Result, Tx};

/// Somebody, or a unit, that has not acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// receipts.subject.
    pub subject: i64,
    /// The unit's name, when it is a unit that is missing.
    pub unit: Option<String>,
}

/// One page of who is missing on a leg, by code; with `classes` only students of these classes.
///
/// # Errors
/// When the database refuses.
pub async fn missing(
    tx: &mut Tx,
    leg: i64,
    revision: i64,
    classes: Option<&[i64]>,
    (limit, offset): (usize, usize),
) -> Result<Vec<Missing>> {
    tx.all(
        "SELECT r.subject, u.name AS unit FROM receipts r \
         LEFT JOIN people p ON p.id = r.subject AND r.kind <> 'unit' \
         LEFT JOIN units u ON u.id = r.subject AND r.kind = 'unit' \
         WHERE r.leg = $1 AND r.revision = $2 AND r.acked_at IS NULL \
           AND ($3 = 0 OR EXISTS (SELECT 1 FROM json_each($4) c JOIN roles o ON o.unit = CAST(c.value->>'id' AS BIGINT) \
                                  AND o.role = 'student' AND o.person = r.subject)) \
         ORDER BY COALESCE(p.code, u.code) LIMIT $5 OFFSET $6",
        args![leg, revision, classes.is_some(), id_list(classes.unwrap_or_default()), limit, offset],
        |row| Ok(Missing { subject: row.get("subject")?, unit: row.get("unit")? }),
    )
    .await
}

/// Whom to remind of these legs, each person once: the missing themselves, guardians of missing households, those
/// responsible for missing units; `urgent` when one of the directives is. (person, urgent)
///
/// # Errors
/// When the database refuses.
pub async fn to_remind(tx: &mut Tx, legs: &[i64]) -> Result<Vec<(i64, bool)>> {
    tx.all(
        "WITH owed AS (SELECT r.subject, r.kind, d.urgent FROM json_each($1) e \
             JOIN legs l ON l.id = CAST(e.value->>'id' AS BIGINT) \
             JOIN directives d ON d.id = l.directive AND d.state = 'sent' \
             JOIN receipts r ON r.leg = l.id AND r.revision = d.revision AND r.acked_at IS NULL) \
         SELECT q.person, CAST(MAX(q.urgent) AS BIGINT) AS urgent FROM (\
             SELECT o.subject AS person, o.urgent FROM owed o WHERE o.kind = 'person' \
             UNION ALL SELECT f.person, o.urgent FROM owed o JOIN answers_for f ON f.student = o.subject \
                 WHERE o.kind = 'household' \
                   AND EXISTS (SELECT 1 FROM roles g WHERE g.person = f.person AND g.role = 'guardian') \
             UNION ALL SELECT h.person, o.urgent FROM owed o JOIN units u ON u.id = o.subject \
                 JOIN roles h ON h.unit = u.id AND h.role = CASE u.tier WHEN 1 THEN 'secretary' WHEN 2 THEN 'counselor' END \
                 WHERE o.kind = 'unit') q \
         JOIN people p ON p.id = q.person AND p.removed_at IS NULL GROUP BY q.person ORDER BY q.person",
        args![id_list(legs)],
        |row| Ok((row.get("person")?, row.get("urgent")?)),
    )
    .await
}
