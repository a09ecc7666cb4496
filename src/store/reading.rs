//! What is read of directives without changing them: one statement per view, however many people it covers.

mod due;
mod missing;
mod open;
mod today;
mod way;

pub use due::{Due, due};
pub use missing::{Missing, missing, to_remind};
pub use open::{College, Open, open_at, open_below, open_by_college, shared_guardians};
pub use today::{Admission, Duty, admissions, duties, relays, reviews};
pub use way::{Heard, Line, WayLeg, by_number, heard, lines, visible, way};

use chrono::TimeDelta;
use serde_json::json;

use super::people::path_end;
use super::{Error, Result, Row, Tx};
use crate::args;
use crate::domain::message::{Number, Time};
use crate::domain::person::UnitRef;

pub(super) fn number(row: &Row) -> Result<Number> {
    let year: i64 = row.get("year")?;
    let year = i32::try_from(year).map_err(|_| Error::Corrupt(format!("year {year}")))?;
    Ok(Number { year, number: row.get("number")? })
}

fn unit(row: &Row) -> Result<UnitRef> {
    Ok(UnitRef {
        id: row.get("unit")?,
        code: row.get("unit_code")?,
        name: row.get("unit_name")?,
        tier: row.get("unit_tier")?,
        parent: row.get("unit_parent")?,
        path: row.get("unit_path")?,
    })
}

/// Units and all below them, as a list for `json_each`.
fn ranges(units: &[UnitRef]) -> String {
    let ranges: Vec<_> =
        units.iter().map(|unit| json!({"low": unit.path, "high": path_end(&unit.path)})).collect();
    serde_json::Value::from(ranges).to_string()
}

/// Claims the right to remind a unit's missing: `None` when it is given, otherwise when they were reminded.
/// Of two who ask at once one gets it.
///
/// # Errors
/// When the database refuses.
pub async fn claim_reminder(tx: &mut Tx, unit: i64, pause: TimeDelta, now: Time) -> Result<Option<Time>> {
    let name = format!("reminded:{unit}");
    let claimed = tx
        .execute(
            "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value \
             WHERE CAST(settings.value AS BIGINT) <= $3",
            args![&name, now.timestamp_millis().to_string(), now - pause],
        )
        .await?;
    if claimed == 1 {
        return Ok(None);
    }
    tx.one("SELECT CAST(value AS BIGINT) AS at FROM settings WHERE name = $1", args![&name], |row| {
        row.get("at")
    })
    .await
    .map(Some)
}
