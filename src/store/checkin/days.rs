//! Days: what they run by, and what became of them as a whole.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::args;
use crate::domain::checkin::{DayPolicy, date_of};
use crate::domain::form::Form;
use crate::domain::message::Time;
use crate::store::{Error, Result, Tx};

/// What a day runs by: never changes once it is open (invariant 10).
#[derive(Debug, Clone)]
pub struct DayRules {
    /// The date as a number: 20261122.
    pub id: i64,
    pub date: NaiveDate,
    pub form: Form,
    pub policy: DayPolicy,
    pub opened_at: Time,
    pub deadline_at: Time,
}

/// What became of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayState {
    pub id: i64,
    pub reviewed_at: Option<Time>,
    pub reviewed_by: Option<i64>,
    /// From then on the day is locked.
    pub signed_at: Option<Time>,
    pub signed_by: Option<i64>,
    pub signed_why: String,
    /// JSON: the figures that were signed; empty before.
    pub signed: String,
    pub filed_at: Option<Time>,
    pub filed_by: Option<i64>,
    pub filed_to: String,
    /// The last number given to a supplement.
    pub supplements: i64,
}

/// Opens a day; `false` when it is open already.
///
/// # Errors
/// When the database refuses.
pub async fn open(tx: &mut Tx, rules: &DayRules) -> Result<bool> {
    let json = |error: serde_json::Error| Error::Corrupt(format!("a day's rules: {error}"));
    let form = serde_json::to_string(&rules.form).map_err(json)?;
    let policy = serde_json::to_string(&rules.policy).map_err(json)?;
    let made = tx
        .execute(
            "INSERT INTO days (id, form, policy, opened_at, deadline_at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (id) DO NOTHING",
            args![rules.id, form, policy, rules.opened_at, rules.deadline_at],
        )
        .await?;
    Ok(made > 0)
}

/// What a day runs by.
///
/// # Errors
/// When the database refuses or what it holds cannot be read.
pub async fn rules(tx: &mut Tx, day: i64) -> Result<Option<DayRules>> {
    let Some(date) = date_of(day) else { return Ok(None) };
    let corrupt = |error: serde_json::Error| Error::Corrupt(format!("the rules of day {day}: {error}"));
    tx.maybe("SELECT form, policy, opened_at, deadline_at FROM days WHERE id = $1", args![day], |row| {
        let (form, policy): (String, String) = (row.get("form")?, row.get("policy")?);
        Ok(DayRules {
            id: day,
            date,
            form: serde_json::from_str(&form).map_err(corrupt)?,
            policy: serde_json::from_str(&policy).map_err(corrupt)?,
            opened_at: row.get("opened_at")?,
            deadline_at: row.get("deadline_at")?,
        })
    })
    .await
}

/// The day that opened last: reports count for it until the next one opens.
///
/// # Errors
/// When the database refuses.
pub async fn newest(tx: &mut Tx) -> Result<Option<i64>> {
    tx.maybe("SELECT id FROM days ORDER BY id DESC LIMIT 1", args![], |row| row.get("id")).await
}

/// The days from this one on that are open, or were.
///
/// # Errors
/// When the database refuses.
pub async fn there_from(tx: &mut Tx, day: i64) -> Result<BTreeSet<i64>> {
    let days = tx.all("SELECT id FROM days WHERE id >= $1", args![day], |row| row.get("id")).await?;
    Ok(days.into_iter().collect())
}

/// What became of a day.
///
/// # Errors
/// When the database refuses.
pub async fn state(tx: &mut Tx, day: i64) -> Result<Option<DayState>> {
    tx.maybe(
        "SELECT id, reviewed_at, reviewed_by, signed_at, signed_by, signed_why, signed, filed_at, filed_by, filed_to, \
                supplements FROM days WHERE id = $1",
        args![day],
        |row| {
            Ok(DayState {
                id: row.get("id")?,
                reviewed_at: row.get("reviewed_at")?,
                reviewed_by: row.get("reviewed_by")?,
                signed_at: row.get("signed_at")?,
                signed_by: row.get("signed_by")?,
                signed_why: row.get("signed_why")?,
                signed: row.get("signed")?,
                filed_at: row.get("filed_at")?,
                filed_by: row.get("filed_by")?,
                filed_to: row.get("filed_to")?,
                supplements: row.get("supplements")?,
            })
        },
    )
    .await
}

/// The next number for a supplement to a signed day.
///
/// # Errors
/// When the database refuses or there is no such day.
pub async fn number_supplement(tx: &mut Tx, day: i64) -> Result<i64> {
    tx.one(
        "UPDATE days SET supplements = supplements + 1 WHERE id = $1 RETURNING supplements",
        args![day],
        |row| row.get("supplements"),
    )
    .await
}
