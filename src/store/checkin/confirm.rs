//! The confirmation of units' figures: who is asked, who confirmed what, what was sent back (C2, D3).

use serde_json::json;

use crate::args;
use crate::domain::message::Time;
use crate::store::people::{id_list, responsible_roles};
use crate::store::{Result, Tx};

/// Those responsible for the units of a tier on a day: (unit, person), in the order of the units.
///
/// # Errors
/// When the database refuses.
pub async fn in_charge(tx: &mut Tx, day: i64, tier: usize) -> Result<Vec<(i64, i64)>> {
    let roles: Vec<_> = responsible_roles(tier).iter().map(|role| json!({"role": role.word()})).collect();
    tx.all(
        "SELECT DISTINCT d.path, r.unit, r.person FROM unit_days d JOIN roles r ON r.unit = d.unit \
         JOIN people p ON p.id = r.person AND p.removed_at IS NULL \
         JOIN units u ON u.id = d.unit AND u.removed_at IS NULL \
         WHERE d.day = $1 AND d.tier = $2 AND r.role IN (SELECT value->>'role' FROM json_each($3)) \
         ORDER BY d.path, r.person",
        args![day, tier, serde_json::Value::from(roles).to_string()],
        |row| Ok((row.get("unit")?, row.get("person")?)),
    )
    .await
}

/// A unit's figures are confirmed, unless somebody else was quicker: `before` is the confirmation that was read.
///
/// # Errors
/// When the database refuses.
pub async fn confirm(
    tx: &mut Tx,
    (day, unit): (i64, i64),
    by: i64,
    (before, figures): (&str, &str),
    now: Time,
) -> Result<bool> {
    let confirmed = tx
        .execute(
            "UPDATE unit_days SET confirmed_at = $4, confirmed_by = $3, confirmed = $5 \
             WHERE day = $1 AND unit = $2 AND confirmed = $6",
            args![day, unit, by, now, figures, before],
        )
        .await?;
    Ok(confirmed > 0)
}

/// The responsible of these units were asked to confirm; `again`: because the figures changed.
///
/// # Errors
/// When the database refuses.
pub async fn asked(tx: &mut Tx, day: i64, units: &[i64], again: bool, now: Time) -> Result<()> {
    tx.execute(
        "UPDATE unit_days SET asked_at = COALESCE(asked_at, $3), \
                asked_again = CASE WHEN $4 = 1 THEN 1 ELSE asked_again END \
         WHERE day = $1 AND unit IN (SELECT CAST(value->>'id' AS BIGINT) FROM json_each($2))",
        args![day, id_list(units), now, again],
    )
    .await?;
    Ok(())
}

/// A unit's confirmation is undone by who signs, with a reason.
///
/// # Errors
/// When the database refuses.
pub async fn send_back(
    tx: &mut Tx,
    (day, unit): (i64, i64),
    (by, why): (i64, &str),
    now: Time,
) -> Result<bool> {
    let returned = tx
        .execute(
            "UPDATE unit_days SET confirmed_at = NULL, confirmed_by = NULL, confirmed = '', returned_at = $4, \
                    returned_by = $3, returned_why = $5 WHERE day = $1 AND unit = $2",
            args![day, unit, by, now, why],
        )
        .await?;
    Ok(returned > 0)
}

/// Who sent this unit's figures back.
///
/// # Errors
/// When the database refuses.
pub async fn returned_by(tx: &mut Tx, day: i64, unit: i64) -> Result<Option<i64>> {
    let by = tx
        .maybe("SELECT returned_by FROM unit_days WHERE day = $1 AND unit = $2", args![day, unit], |row| {
            row.get::<Option<i64>>("returned_by")
        })
        .await?;
    Ok(by.flatten())
}

/// People of these very units for whom a rule holds: (unit, person).
///
/// # Errors
/// When the database refuses.
pub async fn watched(tx: &mut Tx, day: i64, units: &[i64]) -> Result<Vec<(i64, i64)>> {
    tx.all(
        "SELECT d.unit, d.person FROM json_each($2) e CROSS JOIN person_days d JOIN people p ON p.id = d.person \
         WHERE d.day = $1 AND d.unit = CAST(e.value->>'id' AS BIGINT) AND d.state = 'reported' AND d.level > 0 \
         ORDER BY d.unit, p.code",
        args![day, id_list(units)],
        |row| Ok((row.get("unit")?, row.get("person")?)),
    )
    .await
}

/// The missing among a unit's own people, in the order of their codes: `most` of them.
///
/// # Errors
/// When the database refuses.
pub async fn own_missing(tx: &mut Tx, day: i64, unit: i64, most: usize) -> Result<Vec<i64>> {
    tx.all(
        "SELECT d.person FROM person_days d JOIN people p ON p.id = d.person \
         WHERE d.day = $1 AND d.unit = $2 AND d.state = 'missing' ORDER BY p.code LIMIT $3",
        args![day, unit, most],
        |row| row.get("person"),
    )
    .await
}
