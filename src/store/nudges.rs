//! How many reminders a person had on a local day.

use std::collections::{BTreeMap, BTreeSet};

use super::people::id_list;
use super::{Result, Tx};
use crate::args;
use crate::domain::message::Time;

/// The counts of these people on a day; who had none is left out.
///
/// # Errors
/// When the database refuses.
pub async fn counts(tx: &mut Tx, people: &[i64], day: &str) -> Result<BTreeMap<i64, i64>> {
    let rows = tx
        .all(
            "SELECT n.person, n.count FROM json_each($1) e JOIN nudges n ON n.person = CAST(e.value->>'id' AS BIGINT) \
             WHERE n.day = $2",
            args![id_list(people), day],
            |row| Ok((row.get("person")?, row.get("count")?)),
        )
        .await?;
    Ok(rows.into_iter().collect())
}

/// Those of these people who had a reminder after `since`.
///
/// # Errors
/// When the database refuses.
pub async fn lately(tx: &mut Tx, people: &[i64], since: Time) -> Result<BTreeSet<i64>> {
    let rows = tx
        .all(
            "SELECT DISTINCT n.person FROM json_each($1) e JOIN nudges n ON n.person = CAST(e.value->>'id' AS BIGINT) \
             WHERE n.last_at > $2",
            args![id_list(people), since],
            |row| row.get("person"),
        )
        .await?;
    Ok(rows.into_iter().collect())
}

/// One more for each of these people.
///
/// # Errors
/// When the database refuses.
pub async fn add(tx: &mut Tx, people: &[i64], day: &str, now: Time) -> Result<()> {
    tx.execute(
        "INSERT INTO nudges (person, day, count, last_at) \
         SELECT CAST(value->>'id' AS BIGINT), $2, 1, CAST($3 AS BIGINT) FROM json_each($1) WHERE true \
         ON CONFLICT (person, day) DO UPDATE SET count = nudges.count + 1, last_at = excluded.last_at",
        args![id_list(people), day, now],
    )
    .await?;
    Ok(())
}
