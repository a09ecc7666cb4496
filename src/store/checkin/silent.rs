//! Who is told upward of whom, and who is on it.

use serde_json::json;

use crate::args;
use crate::domain::checkin::PersonState;
use crate::domain::message::Time;
use crate::store::people::id_list;
use crate::store::{Error, Result, Tx};

/// Those responsible for these units: (unit, person).
///
/// # Errors
/// When the database refuses.
pub async fn responsible(tx: &mut Tx, units: &[i64]) -> Result<Vec<(i64, i64)>> {
    tx.all(
        "SELECT DISTINCT r.unit, r.person, p.code FROM json_each($1) e \
         JOIN units u ON u.id = CAST(e.value->>'id' AS BIGINT) JOIN roles r ON r.unit = u.id \
         JOIN people p ON p.id = r.person AND p.removed_at IS NULL \
         WHERE (u.tier = 0 AND r.role IN ('leader', 'office')) OR (u.tier = 1 AND r.role = 'secretary') \
            OR (u.tier = 2 AND r.role = 'counselor') ORDER BY r.unit, p.code",
        args![id_list(units)],
        |row| Ok((row.get("unit")?, row.get("person")?)),
    )
    .await
}

/// Who may sign the day: (name, code).
///
/// # Errors
/// When the database refuses.
pub async fn signers(tx: &mut Tx) -> Result<Vec<(String, String)>> {
    tx.all(
        "SELECT DISTINCT p.name, p.code FROM roles r JOIN people p ON p.id = r.person AND p.removed_at IS NULL \
         JOIN units u ON u.id = r.unit AND u.tier = 0 WHERE r.signs = 1 ORDER BY p.code",
        args![],
        |row| Ok((row.get("name")?, row.get("code")?)),
    )
    .await
}

/// Somebody who has not reported and is not excused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silent {
    pub person: i64,
    pub unit: i64,
    /// Missing, or unreachable.
    pub state: PersonState,
}

/// Who is missing or was not reached in these units themselves, unit by unit.
///
/// # Errors
/// When the database refuses.
pub async fn silent(tx: &mut Tx, day: i64, units: &[i64]) -> Result<Vec<Silent>> {
    tx.all(
        "SELECT d.person, d.unit, d.state FROM json_each($2) e \
         JOIN unit_days u ON u.day = $1 AND u.unit = CAST(e.value->>'id' AS BIGINT) \
         JOIN person_days d ON d.day = $1 AND d.unit = u.unit AND d.state IN ('missing', 'unreachable') \
         JOIN people p ON p.id = d.person ORDER BY u.path, p.code",
        args![day, id_list(units)],
        |row| {
            let state: String = row.get("state")?;
            Ok(Silent {
                person: row.get("person")?,
                unit: row.get("unit")?,
                state: PersonState::from_word(&state)
                    .ok_or_else(|| Error::Corrupt(format!("a person's state {state}")))?,
            })
        },
    )
    .await
}

/// Notes who was told of the silence of these people, beside those who knew before.
macro_rules! told {
    ($whom:literal) => {
        concat!(
            "UPDATE person_days SET escalated_at = $3, \
                    escalated_to = CASE WHEN escalated_to IN ('', '[]') THEN $4 \
                        ELSE RTRIM(escalated_to, ']') || ',' || LTRIM($4, '[') END \
             WHERE day = $1 AND state IN ('missing', 'unreachable') AND ",
            $whom
        )
    };
}

fn told_list(told: &[(i64, usize)]) -> String {
    let told: Vec<_> = told.iter().map(|(person, tier)| json!({"person": person, "tier": tier})).collect();
    serde_json::Value::from(told).to_string()
}

/// Everybody who is missing or was not reached in these units was reported to these people (person, tier).
///
/// # Errors
/// When the database refuses.
pub async fn escalated(tx: &mut Tx, day: i64, units: &[i64], told: &[(i64, usize)], now: Time) -> Result<()> {
    if told.is_empty() {
        return Ok(());
    }
    let sql = told!("unit IN (SELECT CAST(value->>'id' AS BIGINT) FROM json_each($2))");
    tx.execute(sql, args![day, id_list(units), now, told_list(told)]).await?;
    Ok(())
}

/// That one person was not reached was reported to these people (person, tier).
///
/// # Errors
/// When the database refuses.
pub async fn escalated_one(
    tx: &mut Tx,
    day: i64,
    person: i64,
    told: &[(i64, usize)],
    now: Time,
) -> Result<()> {
    if told.is_empty() {
        return Ok(());
    }
    tx.execute(told!("person = $2"), args![day, person, now, told_list(told)]).await?;
    Ok(())
}

/// Somebody is on it: these units' next report upward waits. Returns those that nobody was on.
///
/// # Errors
/// When the database refuses.
pub async fn take(tx: &mut Tx, day: i64, units: &[i64], by: i64, until: Time, now: Time) -> Result<Vec<i64>> {
    tx.all(
        "UPDATE unit_days SET held_by = $3, held_until = $4 WHERE day = $1 \
         AND unit IN (SELECT CAST(value->>'id' AS BIGINT) FROM json_each($2)) \
         AND (held_until IS NULL OR held_until <= $5) RETURNING unit",
        args![day, id_list(units), by, until, now],
        |row| row.get("unit"),
    )
    .await
}

/// The units on the way from the root down to this one, itself included: the ids of its path.
pub fn way_up(path: &str) -> Vec<i64> {
    path.split('/').filter_map(|part| part.parse().ok()).collect()
}
