//! How many people a directive goes to, and how many of them cannot be reached.

use super::people::id_list;
use super::{Result, Tx};
use crate::args;

/// Those who are to acknowledge in these units: secretaries of colleges, counselors, students, and (at
/// depth 3) a household for every student with a guardian.
///
/// # Errors
/// When the database refuses.
pub async fn audience(tx: &mut Tx, units: &[i64], depth: usize) -> Result<u32> {
    let people: i64 = tx
        .one(
            "SELECT COUNT(DISTINCT r.person) AS n FROM json_each($1) e \
             JOIN roles r ON r.unit = CAST(e.value->>'id' AS BIGINT) \
             JOIN people p ON p.id = r.person AND p.removed_at IS NULL \
             JOIN units u ON u.id = r.unit \
             WHERE (r.role = 'secretary' AND u.tier = 1) OR (r.role = 'counselor' AND u.tier = 2) \
                OR (r.role = 'student' AND u.tier = 2 AND $2 >= 2)",
            args![id_list(units), depth],
            |row| row.get("n"),
        )
        .await?;
    let households: i64 = if depth < 3 {
        0
    } else {
        tx.one(
            "SELECT COUNT(DISTINCT r.person) AS n FROM json_each($1) e \
             JOIN roles r ON r.unit = CAST(e.value->>'id' AS BIGINT) AND r.role = 'student' \
             JOIN people p ON p.id = r.person AND p.removed_at IS NULL \
             JOIN answers_for f ON f.student = r.person \
             WHERE EXISTS (SELECT 1 FROM roles g WHERE g.person = f.person AND g.role = 'guardian')",
            args![id_list(units)],
            |row| row.get("n"),
        )
        .await?
    };
    Ok(u32::try_from(people + households).unwrap_or(u32::MAX))
}

/// People of these units (which have no chat) that cannot be asked in private either.
///
/// # Errors
/// When the database refuses.
pub async fn unreachable(tx: &mut Tx, units: &[i64], depth: usize) -> Result<u32> {
    tx.one(
        "SELECT COUNT(DISTINCT r.person) AS n FROM json_each($1) e \
         JOIN roles r ON r.unit = CAST(e.value->>'id' AS BIGINT) \
         JOIN people p ON p.id = r.person AND p.removed_at IS NULL \
         LEFT JOIN bindings b ON b.person = p.id LEFT JOIN accounts a ON a.account = b.account \
         WHERE ((r.role = 'student' AND $2 >= 2) OR r.role IN ('secretary', 'counselor')) \
           AND (a.started_at IS NULL OR a.blocked_at IS NOT NULL OR a.gone = 1)",
        args![id_list(units), depth],
        |row| row.get("n"),
    )
    .await
}
