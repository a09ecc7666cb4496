//! How many people a directive goes to, and how many of them cannot be reached.

use super::people::id_list;
use super::{Result, Tx};
use crate::args;

/// Those who are to acknowledge: the secretaries and counselors of the units `responsible`, the students of
/// `classes`, and with guardians a household for every student who has one.
///
/// # Errors
/// When the database refuses.
pub async fn audience(
    tx: &mut Tx,
    responsible: &[i64],
    classes: &[i64],
    with_guardians: bool,
) -> Result<u32> {
    let people: i64 = tx
        .one(
            "SELECT COUNT(DISTINCT r.person) AS n FROM json_each($1) e \
             JOIN roles r ON r.unit = CAST(e.value->>'id' AS BIGINT) \
             JOIN people p ON p.id = r.person AND p.removed_at IS NULL \
             JOIN units u ON u.id = r.unit \
             WHERE (r.role = 'secretary' AND u.tier = 1) OR (r.role = 'counselor' AND u.tier = 2)",
            args![id_list(responsible)],
            |row| row.get("n"),
        )
        .await?;
    let (students, households): (i64, i64) = tx
        .one(
            "SELECT COUNT(*) AS students, COUNT(g.student) AS households FROM ( \
                 SELECT DISTINCT r.person FROM json_each($1) e \
                 JOIN roles r ON r.unit = CAST(e.value->>'id' AS BIGINT) AND r.role = 'student' \
                 JOIN people p ON p.id = r.person AND p.removed_at IS NULL) s \
             LEFT JOIN (SELECT DISTINCT f.student FROM answers_for f \
                 JOIN people q ON q.id = f.person AND q.removed_at IS NULL \
                 JOIN roles o ON o.person = f.person AND o.role = 'guardian') g ON g.student = s.person",
            args![id_list(classes)],
            |row| Ok((row.get("students")?, row.get("households")?)),
        )
        .await?;
    let households = if with_guardians { households } else { 0 };
    Ok(u32::try_from(people + students + households).unwrap_or(u32::MAX))
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
