//! What waits for those responsible for units: relays, reports, reviews, admissions.

use super::{number, unit};
use crate::args;
use crate::domain::message::{Number, Time};
use crate::domain::person::UnitRef;
use crate::store::people::id_list;
use crate::store::{Result, Row, Tx};

/// More than this does not fit one message.
const MOST: usize = 30;

/// Something to be done about a unit's leg.
#[derive(Debug, Clone, PartialEq)]
pub struct Duty {
    pub directive: i64,
    pub leg: i64,
    pub number: Number,
    /// The begin of the text.
    pub head: String,
    pub unit: UnitRef,
    /// When it goes down by itself.
    pub relay_at: Option<Time>,
}

fn duty(row: &Row) -> Result<Duty> {
    Ok(Duty {
        directive: row.get("directive")?,
        leg: row.get("leg")?,
        number: number(row)?,
        head: row.get("head")?,
        unit: unit(row)?,
        relay_at: row.get("relay_at")?,
    })
}

macro_rules! duties {
    ($units:literal, $($where:expr),+) => {
        concat!(
            "SELECT d.id AS directive, d.year, d.number, SUBSTR(d.text, 1, 200) AS head, l.id AS leg, l.relay_at, \
             u.id AS unit, u.code AS unit_code, u.name AS unit_name, u.tier AS unit_tier, u.parent AS unit_parent, \
             u.path AS unit_path \
             FROM json_each($1) e JOIN units u ON ",
            $units,
            " = CAST(e.value->>'id' AS BIGINT) AND u.removed_at IS NULL \
             JOIN legs l ON l.unit = u.id AND l.tier = u.tier AND l.informed = 0 \
             JOIN directives d ON d.id = l.directive AND d.state = 'sent' \
             JOIN legs up ON up.id = l.parent AND up.state = 'arrived' WHERE ",
            $($where,)+
            " ORDER BY COALESCE(l.relay_at, l.due_at, up.due_at, d.issued_at), l.id LIMIT $2"
        )
    };
}

/// The unit has acknowledged where it was asked: itself, or one of its counselors.
macro_rules! heard {
    () => {
        "EXISTS (SELECT 1 FROM receipts r WHERE r.leg = up.id AND r.revision = d.revision AND r.acked_at IS NOT NULL \
         AND ((r.kind = 'unit' AND r.subject = u.id) OR (r.kind = 'person' AND r.subject IN (\
              SELECT c.person FROM roles c WHERE c.unit = u.id AND c.role = 'counselor'))))"
    };
}

/// What these units have acknowledged, or need not acknowledge, and is not yet relayed to them: it waits for
/// a time (`relay_at`) or for the button.
///
/// # Errors
/// When the database refuses.
pub async fn relays(tx: &mut Tx, units: &[i64]) -> Result<Vec<Duty>> {
    tx.all(
        duties!("u.id", "l.state = 'waiting' AND (l.relay_at IS NOT NULL OR d.answer = 0 OR ", heard!(), ")"),
        args![id_list(units), MOST],
        duty,
    )
    .await
}

/// What these units have acknowledged and not yet reported as carried out, or must report again.
///
/// # Errors
/// When the database refuses.
pub async fn duties(tx: &mut Tx, units: &[i64]) -> Result<Vec<Duty>> {
    tx.all(
        duties!(
            "u.id",
            "l.state IN ('arrived', 'end') AND d.answer = 1 AND l.done_state IN ('', 'returned') AND ",
            heard!()
        ),
        args![id_list(units), MOST],
        duty,
    )
    .await
}

/// What units directly below these have reported as carried out and nobody has judged.
///
/// # Errors
/// When the database refuses.
pub async fn reviews(tx: &mut Tx, units: &[i64]) -> Result<Vec<Duty>> {
    tx.all(duties!("u.parent", "l.done_state = 'reported'"), args![id_list(units), MOST], duty).await
}

/// Somebody asks to be admitted as a person of the roster.
#[derive(Debug, Clone, PartialEq)]
pub struct Admission {
    pub id: i64,
    /// Who the account says it is.
    pub claimed: i64,
    /// The roster's name.
    pub person: String,
    /// What the account calls itself.
    pub shown_name: String,
}

/// Open admissions on which those responsible for these units, or for the units above, decide: of people of the units,
/// and of those responsible directly below. Nobody's own claim is among them when they ask for it.
///
/// # Errors
/// When the database refuses.
pub async fn admissions(tx: &mut Tx, units: &[i64], own: &[i64]) -> Result<Vec<Admission>> {
    tx.all(
        "SELECT a.id, a.asked_at, a.shown_name, p.id AS claimed, p.name AS person \
         FROM (SELECT * FROM admissions WHERE decided_at IS NULL ORDER BY asked_at LIMIT 1000) a \
         JOIN people p ON p.id = a.person AND p.removed_at IS NULL \
         JOIN roles r ON r.person = p.id JOIN units u ON u.id = r.unit AND u.removed_at IS NULL \
         JOIN units up ON up.id = COALESCE(CASE WHEN (u.tier = 0 AND r.role IN ('leader', 'office')) \
             OR (u.tier = 1 AND r.role = 'secretary') OR (u.tier = 2 AND r.role = 'counselor') OR u.tier > 2 \
             THEN u.parent END, u.id) \
         WHERE EXISTS (SELECT 1 FROM json_each($1) e WHERE CAST(e.value->>'id' AS BIGINT) IN (up.id, up.parent)) \
           AND a.person NOT IN (SELECT CAST(value->>'id' AS BIGINT) FROM json_each($2)) \
         GROUP BY a.id, a.asked_at, a.shown_name, p.id, p.name ORDER BY a.asked_at, a.id LIMIT $3",
        args![id_list(units), id_list(own), MOST],
        |row| {
            Ok(Admission {
                id: row.get("id")?,
                claimed: row.get("claimed")?,
                person: row.get("person")?,
                shown_name: row.get("shown_name")?,
            })
        },
    )
    .await
}
