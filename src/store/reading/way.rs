//! Directives one may see, and the legs of one.

use super::{number, ranges, unit};
use crate::args;
use crate::domain::directive::LegState;
use crate::domain::message::{Number, Time};
use crate::domain::person::UnitRef;
use crate::store::people::id_list;
use crate::store::{Error, Result, Row, Tx};

/// The directive with this number that was sent.
///
/// # Errors
/// When the database refuses.
pub async fn by_number(tx: &mut Tx, number: Number) -> Result<Option<i64>> {
    tx.maybe(
        "SELECT id FROM directives WHERE year = $1 AND number = $2 AND state IN ('sent', 'withdrawn')",
        args![number.year, number.number],
        |row| row.get("id"),
    )
    .await
}

/// The newest directives that were issued by one of these people or went to one of these units or below.
///
/// # Errors
/// When the database refuses.
pub async fn visible(tx: &mut Tx, people: &[i64], units: &[UnitRef], most: usize) -> Result<Vec<i64>> {
    tx.all(
        "SELECT d.id FROM directives d WHERE d.state IN ('sent', 'withdrawn') AND d.number > 0 \
           AND (d.issuer IN (SELECT CAST(value->>'id' AS BIGINT) FROM json_each($1)) \
                OR EXISTS (SELECT 1 FROM json_each($2) s JOIN units u ON u.path >= s.value->>'low' AND u.path < s.value->>'high' \
                           JOIN legs l ON l.directive = d.id AND l.unit = u.id)) \
         ORDER BY d.year DESC, d.number DESC LIMIT $3",
        args![id_list(people), ranges(units), most],
        |row| row.get("id"),
    )
    .await
}

/// One directive in a list, with the counts of the part one may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub directive: i64,
    pub number: Number,
    /// The begin of the text.
    pub head: String,
    pub urgent: bool,
    pub withdrawn: bool,
    pub acked: u32,
    pub must: u32,
}

/// These directives, the newest first; counted is what these people issued, and else what is within these units.
///
/// # Errors
/// When the database refuses.
pub async fn lines(tx: &mut Tx, directives: &[i64], people: &[i64], units: &[UnitRef]) -> Result<Vec<Line>> {
    tx.all(
        "SELECT d.id, d.year, d.number, SUBSTR(d.text, 1, 200) AS head, d.urgent, \
                CAST(CASE WHEN d.state = 'withdrawn' THEN 1 ELSE 0 END AS BIGINT) AS withdrawn, \
                CAST(COALESCE(SUM(l.acked), 0) AS BIGINT) AS acked, CAST(COALESCE(SUM(l.must), 0) AS BIGINT) AS must \
         FROM json_each($1) e JOIN directives d ON d.id = CAST(e.value->>'id' AS BIGINT) \
         JOIN legs l ON l.directive = d.id JOIN units u ON u.id = l.unit \
         WHERE d.issuer IN (SELECT CAST(value->>'id' AS BIGINT) FROM json_each($2)) \
            OR EXISTS (SELECT 1 FROM json_each($3) s WHERE u.path >= s.value->>'low' AND u.path < s.value->>'high') \
         GROUP BY d.id ORDER BY d.year DESC, d.number DESC",
        args![id_list(directives), id_list(people), ranges(units)],
        |row| {
            Ok(Line {
                directive: row.get("id")?,
                number: number(row)?,
                head: row.get("head")?,
                urgent: row.get("urgent")?,
                withdrawn: row.get("withdrawn")?,
                acked: row.get("acked")?,
                must: row.get("must")?,
            })
        },
    )
    .await
}

/// A leg with its unit.
#[derive(Debug, Clone, PartialEq)]
pub struct WayLeg {
    pub id: i64,
    pub unit: UnitRef,
    /// The tier of the chat; 3 for guardians, whose unit is a class or a college.
    pub tier: usize,
    pub parent: Option<i64>,
    pub informed: bool,
    pub state: LegState,
    pub arrived_at: Option<Time>,
    pub due_at: Option<Time>,
    pub relay_at: Option<Time>,
    pub relayed_by: Option<i64>,
    pub must: u32,
    pub acked: u32,
    pub late: u32,
    /// '' | reported | accepted | returned.
    pub done_state: String,
}

fn way_leg(row: &Row) -> Result<WayLeg> {
    let state: String = row.get("state")?;
    Ok(WayLeg {
        id: row.get("leg")?,
        unit: unit(row)?,
        tier: row.get("tier")?,
        parent: row.get("from_leg")?,
        informed: row.get("informed")?,
        state: LegState::from_word(&state).ok_or_else(|| Error::Corrupt(format!("leg state {state}")))?,
        arrived_at: row.get("arrived_at")?,
        due_at: row.get("due_at")?,
        relay_at: row.get("relay_at")?,
        relayed_by: row.get("relayed_by")?,
        must: row.get("must")?,
        acked: row.get("acked")?,
        late: row.get("late")?,
        done_state: row.get("done_state")?,
    })
}

/// All legs of a directive, the highest tier first, then by unit code.
///
/// # Errors
/// When the database refuses.
pub async fn way(tx: &mut Tx, directive: i64) -> Result<Vec<WayLeg>> {
    tx.all(
        "SELECT l.id AS leg, l.tier, l.parent AS from_leg, l.informed, l.state, l.arrived_at, l.due_at, l.relay_at, \
                l.relayed_by, l.must, l.acked, l.late, l.done_state, u.id AS unit, u.code AS unit_code, \
                u.name AS unit_name, u.tier AS unit_tier, u.parent AS unit_parent, u.path AS unit_path \
         FROM legs l JOIN units u ON u.id = l.unit WHERE l.directive = $1 ORDER BY l.tier, u.code",
        args![directive],
        way_leg,
    )
    .await
}

/// In how many classes of a college leg a counselor has acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heard {
    pub leg: i64,
    pub classes: u32,
    pub heard: u32,
}

/// Per college leg: its classes, and those of which at least one counselor has acknowledged.
///
/// # Errors
/// When the database refuses.
pub async fn heard(tx: &mut Tx, directive: i64, revision: i64) -> Result<Vec<Heard>> {
    tx.all(
        "SELECT c.id AS leg, COUNT(DISTINCT k.unit) AS classes, \
                COUNT(DISTINCT CASE WHEN r.acked_at IS NOT NULL THEN k.unit END) AS heard \
         FROM legs c JOIN legs k ON k.parent = c.id AND k.tier = 2 AND k.informed = 0 \
         LEFT JOIN roles o ON o.unit = k.unit AND o.role = 'counselor' \
         LEFT JOIN receipts r ON r.leg = c.id AND r.revision = $2 AND r.subject = o.person AND r.kind = 'person' \
         WHERE c.directive = $1 AND c.tier = 1 AND c.informed = 0 GROUP BY c.id",
        args![directive, revision],
        |row| Ok(Heard { leg: row.get("leg")?, classes: row.get("classes")?, heard: row.get("heard")? }),
    )
    .await
}
