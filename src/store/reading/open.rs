//! Legs that arrived and are not yet acknowledged by all.

use super::{number, ranges, unit};
use crate::args;
use crate::domain::message::{Number, Time};
use crate::domain::person::UnitRef;
use crate::store::people::id_list;
use crate::store::{Result, Row, Tx};

/// More lines than this nobody pages through.
const MOST: usize = 1000;

/// An open leg.
#[derive(Debug, Clone, PartialEq)]
pub struct Open {
    pub directive: i64,
    pub number: Number,
    /// The begin of the text.
    pub head: String,
    pub urgent: bool,
    pub revision: i64,
    pub leg: i64,
    pub unit: UnitRef,
    /// The tier of the chat.
    pub tier: usize,
    /// Its chat; `None`: its people were asked in private.
    pub chat: Option<i64>,
    pub due: Option<Time>,
    pub must: u32,
    pub acked: u32,
}

impl Open {
    /// How many are missing.
    pub fn missing(&self) -> u32 {
        self.must.saturating_sub(self.acked)
    }
}

fn open(row: &Row) -> Result<Open> {
    Ok(Open {
        directive: row.get("directive")?,
        number: number(row)?,
        head: row.get("head")?,
        urgent: row.get("urgent")?,
        revision: row.get("revision")?,
        leg: row.get("leg")?,
        unit: unit(row)?,
        tier: row.get("tier")?,
        chat: row.get("chat")?,
        due: row.get("due_at")?,
        must: row.get("must")?,
        acked: row.get("acked")?,
    })
}

macro_rules! select_open {
    ($from:literal, $where:literal) => {
        concat!(
            "SELECT d.id AS directive, d.year, d.number, SUBSTR(d.text, 1, 200) AS head, d.urgent, d.revision, \
             l.id AS leg, l.tier, l.chat, l.due_at, l.must, l.acked, u.id AS unit, u.code AS unit_code, \
             u.name AS unit_name, u.tier AS unit_tier, u.parent AS unit_parent, u.path AS unit_path ",
            $from,
            " JOIN legs l ON l.unit = u.id AND l.state = 'arrived' AND l.acked < l.must AND l.informed = 0 \
             JOIN directives d ON d.id = l.directive AND d.state = 'sent' ",
            $where,
            " ORDER BY CASE WHEN l.due_at IS NULL THEN 1 ELSE 0 END, l.due_at, l.id LIMIT $2"
        )
    };
}

/// The open legs of these units and all below, the oldest due first. No unit may lie within another.
///
/// # Errors
/// When the database refuses.
pub async fn open_below(tx: &mut Tx, units: &[UnitRef]) -> Result<Vec<Open>> {
    tx.all(
        select_open!(
            "FROM json_each($1) s JOIN units u ON u.path >= s.value->>'low' AND u.path < s.value->>'high'",
            ""
        ),
        args![ranges(units), MOST],
        open,
    )
    .await
}

/// The open legs of one unit, the oldest due first.
///
/// # Errors
/// When the database refuses.
pub async fn open_at(tx: &mut Tx, unit: i64) -> Result<Vec<Open>> {
    tx.all(select_open!("FROM units u", "WHERE u.id = $1"), args![unit, MOST], open).await
}

/// One college of a directive, with all that is open in it.
#[derive(Debug, Clone, PartialEq)]
pub struct College {
    pub number: Number,
    /// The begin of the text.
    pub head: String,
    /// The college's own leg, or the first open one where it has none.
    pub leg: i64,
    pub unit: UnitRef,
    /// The oldest due of what is open.
    pub due: Option<Time>,
    /// The college itself, its counselors, students and households.
    pub missing: u32,
}

/// What is open in these schools, added up per directive and college, the oldest due first. `CROSS JOIN`
/// and `+` keep SQLite to the order written: from units to their open legs to the receipts of a leg, by its key.
///
/// # Errors
/// When the database refuses.
pub async fn open_by_college(tx: &mut Tx, units: &[UnitRef]) -> Result<Vec<College>> {
    tx.all(
        "WITH open AS (\
             SELECT l.directive, CASE u.tier WHEN 1 THEN u.id ELSE u.parent END AS college, l.must - l.acked AS missing, \
                    l.due_at, l.id AS leg \
             FROM json_each($1) s CROSS JOIN units u CROSS JOIN legs l \
             WHERE u.path >= s.value->>'low' AND u.path < s.value->>'high' AND u.tier > 0 \
               AND l.unit = u.id AND l.state = 'arrived' AND l.acked < l.must AND l.informed = 0 \
             UNION ALL \
             SELECT l.directive, r.subject, 1, l.due_at, l.id \
             FROM json_each($1) s CROSS JOIN units u CROSS JOIN legs l CROSS JOIN directives f CROSS JOIN receipts r \
             WHERE u.path >= s.value->>'low' AND u.path < s.value->>'high' AND u.tier = 0 \
               AND l.unit = u.id AND l.state = 'arrived' AND l.acked < l.must AND l.informed = 0 \
               AND f.id = l.directive AND r.leg = l.id AND r.revision = f.revision AND r.kind = 'unit' \
               AND +r.acked_at IS NULL), \
         summed AS (SELECT directive, college, MIN(leg) AS leg, MIN(due_at) AS due_at, SUM(missing) AS missing \
                    FROM open GROUP BY directive, college) \
         SELECT d.year, d.number, SUBSTR(d.text, 1, 200) AS head, COALESCE(own.id, o.leg) AS leg, \
                c.id AS unit, c.code AS unit_code, c.name AS unit_name, c.tier AS unit_tier, c.parent AS unit_parent, \
                c.path AS unit_path, o.due_at, CAST(o.missing AS BIGINT) AS missing \
         FROM summed o JOIN directives d ON d.id = o.directive AND d.state = 'sent' \
         JOIN units c ON c.id = o.college \
         LEFT JOIN legs own ON own.directive = d.id AND own.unit = c.id AND own.tier = 1 \
         ORDER BY CASE WHEN o.due_at IS NULL THEN 1 ELSE 0 END, o.due_at, d.id, c.code LIMIT $2",
        args![ranges(units), MOST],
        |row| {
            Ok(College {
                number: number(row)?,
                head: row.get("head")?,
                leg: row.get("leg")?,
                unit: unit(row)?,
                due: row.get("due_at")?,
                missing: row.get("missing")?,
            })
        },
    )
    .await
}

/// For classes whose guardians share their college's chat: what is open there for each class's own students.
/// `leg` is the class's own leg, `must` the number that is missing; (the row, the guardians' leg).
///
/// # Errors
/// When the database refuses.
pub async fn shared_guardians(tx: &mut Tx, classes: &[i64]) -> Result<Vec<(Open, i64)>> {
    tx.all(
        "SELECT d.id AS directive, d.year, d.number, SUBSTR(d.text, 1, 200) AS head, d.urgent, d.revision, \
                COALESCE(own.id, l.id) AS leg, l.id AS shared, l.tier, l.chat, l.due_at, COUNT(r.subject) AS must, \
                CAST(0 AS BIGINT) AS acked, u.id AS unit, u.code AS unit_code, u.name AS unit_name, u.tier AS unit_tier, \
                u.parent AS unit_parent, u.path AS unit_path \
         FROM json_each($1) e JOIN units u ON u.id = CAST(e.value->>'id' AS BIGINT) AND u.tier = 2 \
         JOIN legs l ON l.unit = u.parent AND l.tier = 3 AND l.state = 'arrived' AND l.acked < l.must AND l.informed = 0 \
         JOIN directives d ON d.id = l.directive AND d.state = 'sent' \
         JOIN roles o ON o.unit = u.id AND o.role = 'student' \
         JOIN receipts r ON r.leg = l.id AND r.revision = d.revision AND r.subject = o.person AND r.acked_at IS NULL \
         LEFT JOIN legs own ON own.directive = d.id AND own.unit = u.id AND own.tier = 2 \
         GROUP BY d.id, l.id, u.id, own.id ORDER BY d.id, u.code",
        args![id_list(classes)],
        |row| Ok((open(row)?, row.get("shared")?)),
    )
    .await
}
