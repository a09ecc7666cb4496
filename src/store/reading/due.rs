//! Who still owes an acknowledgement, and where.

use super::number;
use crate::args;
use crate::domain::message::{Number, Time};
use crate::store::people::id_list;
use crate::store::{Result, Tx};

/// An acknowledgement that a person owes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    pub person: i64,
    /// The student a guardian answers for; `None` when it is owed for oneself or one's unit.
    pub child: Option<i64>,
    pub directive: i64,
    pub leg: i64,
    pub number: Number,
    /// The begin of the text.
    pub head: String,
    /// The unit in whose chat it is due.
    pub unit: String,
    pub due: Option<Time>,
    pub urgent: bool,
}

/// What these people owe: as themselves, as the responsible for a unit, as guardians of their children.
/// Ordered by person, then the oldest due first.
///
/// # Errors
/// When the database refuses.
pub async fn due(tx: &mut Tx, people: &[i64]) -> Result<Vec<Due>> {
    tx.all(
        "WITH asked AS (SELECT CAST(value->>'id' AS BIGINT) AS person FROM json_each($1)) \
         SELECT q.person, q.child, d.id AS directive, l.id AS leg, d.year, d.number, SUBSTR(d.text, 1, 200) AS head, \
                u.name AS unit, l.due_at, d.urgent \
         FROM (SELECT e.person, CAST(NULL AS BIGINT) AS child, r.leg, r.directive, r.revision FROM asked e \
                 JOIN receipts r ON r.subject = e.person AND r.kind = 'person' AND r.acked_at IS NULL \
               UNION ALL \
               SELECT DISTINCT e.person, f.student, r.leg, r.directive, r.revision FROM asked e \
                 JOIN answers_for f ON f.person = e.person \
                 JOIN receipts r ON r.subject = f.student AND r.kind = 'household' AND r.acked_at IS NULL \
                 WHERE EXISTS (SELECT 1 FROM roles g WHERE g.person = e.person AND g.role = 'guardian') \
               UNION ALL \
               SELECT DISTINCT e.person, CAST(NULL AS BIGINT), r.leg, r.directive, r.revision FROM asked e \
                 JOIN roles o ON o.person = e.person AND o.role IN ('secretary', 'counselor') \
                 JOIN units s ON s.id = o.unit AND s.removed_at IS NULL \
                  AND o.role = CASE s.tier WHEN 1 THEN 'secretary' WHEN 2 THEN 'counselor' END \
                 JOIN receipts r ON r.subject = o.unit AND r.kind = 'unit' AND r.acked_at IS NULL) q \
         JOIN directives d ON d.id = q.directive AND d.revision = q.revision AND d.state = 'sent' \
         JOIN legs l ON l.id = q.leg AND l.state = 'arrived' AND l.informed = 0 \
         JOIN units u ON u.id = l.unit \
         ORDER BY q.person, CASE WHEN l.due_at IS NULL THEN 1 ELSE 0 END, l.due_at, d.id, l.id, q.child",
        args![id_list(people)],
        |row| {
            Ok(Due {
                person: row.get("person")?,
                child: row.get("child")?,
                directive: row.get("directive")?,
                leg: row.get("leg")?,
                number: number(row)?,
                head: row.get("head")?,
                unit: row.get("unit")?,
                due: row.get("due_at")?,
                urgent: row.get("urgent")?,
            })
        },
    )
    .await
}
