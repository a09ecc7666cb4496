//! Who still owes an acknowledgement, and where.

use std::collections::{BTreeMap, BTreeSet};

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
    let owed = owed(tx, people).await?;
    // What is the same for all of a chat is read once: twenty thousand students owe in four hundred chats.
    let legs: BTreeSet<i64> = owed.iter().map(|owed| owed.leg).collect();
    let about = about(tx, &legs.into_iter().collect::<Vec<_>>()).await?;
    let mut due: Vec<Due> = owed
        .into_iter()
        .filter_map(|owed| {
            about.get(&owed.leg).map(|leg| Due { person: owed.person, child: owed.child, ..leg.clone() })
        })
        .collect();
    due.sort_by_key(|due| (due.person, due.due.is_none(), due.due, due.directive, due.leg, due.child));
    Ok(due)
}

struct Owed {
    person: i64,
    child: Option<i64>,
    leg: i64,
}

/// `CROSS JOIN` keeps SQLite to the order written, from the people to what they owe: with another one every guardian
/// costs a walk through all households.
async fn owed(tx: &mut Tx, people: &[i64]) -> Result<Vec<Owed>> {
    tx.all(
        "WITH asked AS (SELECT CAST(value->>'id' AS BIGINT) AS person FROM json_each($1)) \
         SELECT q.person, q.child, q.leg \
         FROM (SELECT e.person, CAST(NULL AS BIGINT) AS child, r.leg, r.directive, r.revision \
                 FROM asked e CROSS JOIN receipts r \
                 WHERE r.subject = e.person AND r.kind = 'person' AND r.acked_at IS NULL \
               UNION ALL \
               SELECT DISTINCT e.person, f.student, r.leg, r.directive, r.revision \
                 FROM asked e CROSS JOIN answers_for f CROSS JOIN receipts r \
                 WHERE f.person = e.person AND r.subject = f.student AND r.kind = 'household' AND r.acked_at IS NULL \
                   AND EXISTS (SELECT 1 FROM roles g WHERE g.person = e.person AND g.role = 'guardian') \
               UNION ALL \
               SELECT DISTINCT e.person, CAST(NULL AS BIGINT), r.leg, r.directive, r.revision \
                 FROM asked e CROSS JOIN roles o CROSS JOIN units s CROSS JOIN receipts r \
                 WHERE o.person = e.person AND o.role IN ('secretary', 'counselor') \
                   AND s.id = o.unit AND s.removed_at IS NULL \
                   AND o.role = CASE s.tier WHEN 1 THEN 'secretary' WHEN 2 THEN 'counselor' END \
                   AND r.subject = o.unit AND r.kind = 'unit' AND r.acked_at IS NULL) q \
         JOIN directives d ON d.id = q.directive AND d.revision = q.revision AND d.state = 'sent' \
         JOIN legs l ON l.id = q.leg AND l.state = 'arrived' AND l.informed = 0",
        args![id_list(people)],
        |row| Ok(Owed { person: row.get("person")?, child: row.get("child")?, leg: row.get("leg")? }),
    )
    .await
}

/// What is owed on each of these legs, by nobody yet.
async fn about(tx: &mut Tx, legs: &[i64]) -> Result<BTreeMap<i64, Due>> {
    let found = tx
        .all(
            "SELECT d.id AS directive, l.id AS leg, d.year, d.number, SUBSTR(d.text, 1, 200) AS head, u.name AS unit, \
                    l.due_at, d.urgent \
             FROM json_each($1) e JOIN legs l ON l.id = CAST(e.value->>'id' AS BIGINT) \
             JOIN directives d ON d.id = l.directive JOIN units u ON u.id = l.unit",
            args![id_list(legs)],
            |row| {
                Ok(Due {
                    person: 0,
                    child: None,
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
        .await?;
    Ok(found.into_iter().map(|due| (due.leg, due)).collect())
}
