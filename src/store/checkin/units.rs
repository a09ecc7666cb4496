//! Figures of units: each row counts a unit's own people; sums over a subtree are made here.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use crate::args;
use crate::domain::figures::Figures;
use crate::domain::message::Time;
use crate::store::people::path_end;
use crate::store::{Result, Row, Tx};

/// A unit on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitDay {
    pub unit: i64,
    pub code: String,
    pub name: String,
    pub tier: usize,
    pub path: String,
    /// Of the unit's own people.
    pub own: Figures,
    pub confirmed_at: Option<Time>,
    pub confirmed_by: Option<i64>,
    /// JSON [`Figures`] with all below, as confirmed; empty when not.
    pub confirmed: String,
    pub asked_at: Option<Time>,
    pub asked_again: bool,
    pub returned_at: Option<Time>,
    pub returned_why: String,
    pub held_by: Option<i64>,
    pub held_until: Option<Time>,
}

fn figures(row: &Row) -> Result<Figures> {
    Ok(Figures {
        expected: row.get("expected")?,
        reported: row.get("reported")?,
        missing: row.get("missing")?,
        excused: row.get("excused")?,
        unreachable: row.get("unreachable")?,
        late: row.get("late")?,
        changed: row.get("changed")?,
        watch: row.get("watch")?,
        urgent: row.get("urgent")?,
    })
}

fn unit_day(row: &Row) -> Result<UnitDay> {
    Ok(UnitDay {
        unit: row.get("unit")?,
        code: row.get("code")?,
        name: row.get("name")?,
        tier: row.get("tier")?,
        path: row.get("path")?,
        own: figures(row)?,
        confirmed_at: row.get("confirmed_at")?,
        confirmed_by: row.get("confirmed_by")?,
        confirmed: row.get("confirmed")?,
        asked_at: row.get("asked_at")?,
        asked_again: row.get("asked_again")?,
        returned_at: row.get("returned_at")?,
        returned_why: row.get("returned_why")?,
        held_by: row.get("held_by")?,
        held_until: row.get("held_until")?,
    })
}

/// Units that have responsible persons or people of their own; those there stay.
macro_rules! make {
    ($which:literal) => {
        concat!(
            "INSERT INTO unit_days (day, unit, tier, path) SELECT CAST($1 AS BIGINT), u.id, u.tier, u.path FROM units u \
             WHERE (u.removed_at IS NULL OR EXISTS (SELECT 1 FROM person_days d WHERE d.day = $1 AND d.unit = u.id)) ",
            $which,
            " ON CONFLICT (day, unit) DO NOTHING RETURNING unit"
        )
    };
}

/// Makes the rows of all units.
///
/// # Errors
/// When the database refuses.
pub async fn everywhere(tx: &mut Tx, day: i64) -> Result<()> {
    tx.execute(make!(""), args![day]).await.map(drop)
}

/// Makes the rows of the next so many units, in the order of their ids, and counts their people; returns how many units
/// there still were.
///
/// # Errors
/// When the database refuses.
pub async fn next(tx: &mut Tx, day: i64, most: usize) -> Result<usize> {
    let sql = make!(
        "AND u.id > (SELECT COALESCE(MAX(d.unit), 0) FROM unit_days d WHERE d.day = $1) ORDER BY u.id LIMIT $2"
    );
    let made: Vec<i64> = tx.all(sql, args![day, most], |row| row.get("unit")).await?;
    recount(tx, made.iter().map(|unit| (day, *unit))).await?;
    Ok(made.len())
}

/// Counts these units' own people anew, from the rows of the people: figures cannot drift.
///
/// # Errors
/// When the database refuses.
pub async fn recount(tx: &mut Tx, units: impl IntoIterator<Item = (i64, i64)>) -> Result<()> {
    let units: BTreeSet<(i64, i64)> = units.into_iter().collect();
    let list: Vec<_> = units.into_iter().map(|(day, unit)| json!({"day": day, "unit": unit})).collect();
    if list.is_empty() {
        return Ok(());
    }
    let list = serde_json::Value::from(list).to_string();
    // Locked first: the count then sees what another process committed before.
    let lock = tx.pick(
        "",
        "SELECT u.unit FROM unit_days u JOIN json_each($1) e ON u.day = CAST(e.value->>'day' AS BIGINT) \
             AND u.unit = CAST(e.value->>'unit' AS BIGINT) ORDER BY u.day, u.unit FOR UPDATE OF u",
    );
    if !lock.is_empty() {
        tx.all(lock, args![&list], |row| row.get::<i64>("unit")).await?;
    }
    tx.execute(
        "UPDATE unit_days SET expected = c.expected, reported = c.reported, missing = c.missing, excused = c.excused, \
                unreachable = c.unreachable, late = c.late, changed = c.changed, watch = c.watch, urgent = c.urgent \
         FROM (SELECT CAST(e.value->>'day' AS BIGINT) AS day, CAST(e.value->>'unit' AS BIGINT) AS unit, \
                 COUNT(p.person) AS expected, \
                 CAST(SUM(CASE WHEN p.state = 'reported' THEN 1 ELSE 0 END) AS BIGINT) AS reported, \
                 CAST(SUM(CASE WHEN p.state = 'missing' THEN 1 ELSE 0 END) AS BIGINT) AS missing, \
                 CAST(SUM(CASE WHEN p.state = 'excused' THEN 1 ELSE 0 END) AS BIGINT) AS excused, \
                 CAST(SUM(CASE WHEN p.state = 'unreachable' THEN 1 ELSE 0 END) AS BIGINT) AS unreachable, \
                 CAST(SUM(CASE WHEN p.state = 'reported' THEN p.late ELSE 0 END) AS BIGINT) AS late, \
                 CAST(SUM(CASE WHEN p.state = 'reported' THEN p.changed ELSE 0 END) AS BIGINT) AS changed, \
                 CAST(SUM(CASE WHEN p.state = 'reported' AND p.level = 1 THEN 1 ELSE 0 END) AS BIGINT) AS watch, \
                 CAST(SUM(CASE WHEN p.state = 'reported' AND p.level = 2 THEN 1 ELSE 0 END) AS BIGINT) AS urgent \
               FROM json_each($1) e LEFT JOIN person_days p \
                 ON p.day = CAST(e.value->>'day' AS BIGINT) AND p.unit = CAST(e.value->>'unit' AS BIGINT) \
               GROUP BY 1, 2) c \
         WHERE unit_days.day = c.day AND unit_days.unit = c.unit",
        args![list],
    )
    .await?;
    Ok(())
}

/// Counts all units of a day in one pass: when it opens.
///
/// # Errors
/// When the database refuses.
pub async fn count_all(tx: &mut Tx, day: i64) -> Result<()> {
    let units =
        tx.all("SELECT unit FROM unit_days WHERE day = $1", args![day], |row| row.get("unit")).await?;
    recount(tx, units.into_iter().map(|unit: i64| (day, unit))).await
}

/// A unit and all below it, on a day, the highest tier first.
///
/// # Errors
/// When the database refuses.
pub async fn below(tx: &mut Tx, day: i64, path: &str) -> Result<Vec<UnitDay>> {
    tx.all(
        "SELECT d.unit, u.code, u.name, d.tier, d.path, d.expected, d.reported, d.missing, d.excused, d.unreachable, \
                d.late, d.changed, d.watch, d.urgent, d.confirmed_at, d.confirmed_by, d.confirmed, d.asked_at, \
                d.asked_again, d.returned_at, d.returned_why, d.held_by, d.held_until \
         FROM unit_days d JOIN units u ON u.id = d.unit \
         WHERE d.day = $1 AND d.path >= $2 AND d.path < $3 ORDER BY d.tier, u.code",
        args![day, path, path_end(path)],
        unit_day,
    )
    .await
}

/// The figures of a unit with all below it.
///
/// # Errors
/// When the database refuses.
pub async fn total(tx: &mut Tx, day: i64, path: &str) -> Result<Figures> {
    tx.one(
        "SELECT CAST(COALESCE(SUM(expected), 0) AS BIGINT) AS expected, \
                CAST(COALESCE(SUM(reported), 0) AS BIGINT) AS reported, \
                CAST(COALESCE(SUM(missing), 0) AS BIGINT) AS missing, \
                CAST(COALESCE(SUM(excused), 0) AS BIGINT) AS excused, \
                CAST(COALESCE(SUM(unreachable), 0) AS BIGINT) AS unreachable, \
                CAST(COALESCE(SUM(late), 0) AS BIGINT) AS late, \
                CAST(COALESCE(SUM(changed), 0) AS BIGINT) AS changed, \
                CAST(COALESCE(SUM(watch), 0) AS BIGINT) AS watch, \
                CAST(COALESCE(SUM(urgent), 0) AS BIGINT) AS urgent \
         FROM unit_days WHERE day = $1 AND path >= $2 AND path < $3",
        args![day, path, path_end(path)],
        figures,
    )
    .await
}

/// The figures of every unit of a list with all below it; the list is that of [`below`].
pub fn with_below(units: &[UnitDay]) -> BTreeMap<i64, Figures> {
    let mut sums: BTreeMap<i64, Figures> = units.iter().map(|unit| (unit.unit, Figures::default())).collect();
    for unit in units {
        // A path names all units above: '/1/7/'.
        for above in unit.path.split('/').filter_map(|part| part.parse::<i64>().ok()) {
            if let Some(sum) = sums.get_mut(&above) {
                *sum += unit.own;
            }
        }
    }
    sums
}
