//! Claims to be somebody of the roster, which the responsible decides.

use super::{Result, Row, Tx};
use crate::args;
use crate::domain::message::Time;

/// Somebody says to be a person; the responsible decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admission {
    pub id: i64,
    pub person: i64,
    pub account: i64,
    pub shown_name: String,
    /// The person had another account when this was asked.
    pub rebinding: bool,
    pub decided: bool,
    pub decided_by: Option<i64>,
}

macro_rules! admissions {
    ($rest:literal) => {
        concat!(
            "SELECT id, person, account, shown_name, rebinding, decided_at, decided_by FROM admissions ",
            $rest
        )
    };
}

fn admission(row: &Row) -> Result<Admission> {
    Ok(Admission {
        id: row.get("id")?,
        person: row.get("person")?,
        account: row.get("account")?,
        shown_name: row.get("shown_name")?,
        rebinding: row.get("rebinding")?,
        decided: row.get::<Option<i64>>("decided_at")?.is_some(),
        decided_by: row.get("decided_by")?,
    })
}

/// The claim with this id.
///
/// # Errors
/// When the database refuses.
pub async fn by_id(tx: &mut Tx, id: i64) -> Result<Option<Admission>> {
    tx.maybe(admissions!("WHERE id = $1"), args![id], admission).await
}

/// The claim of this account to be this person that nobody has decided.
///
/// # Errors
/// When the database refuses.
pub async fn open(tx: &mut Tx, person: i64, account: i64) -> Result<Option<Admission>> {
    tx.maybe(
        admissions!("WHERE person = $1 AND account = $2 AND decided_at IS NULL ORDER BY asked_at DESC"),
        args![person, account],
        admission,
    )
    .await
}

/// How many claims an account has made since then.
///
/// # Errors
/// When the database refuses.
pub async fn claims_since(tx: &mut Tx, account: i64, since: Time) -> Result<i64> {
    tx.one(
        "SELECT COUNT(*) AS claims FROM admissions WHERE account = $1 AND asked_at > $2",
        args![account, since],
        |row| row.get("claims"),
    )
    .await
}

/// Keeps a claim.
///
/// # Errors
/// When the database refuses.
pub async fn ask(tx: &mut Tx, claim: &Admission, bot: i64, now: Time) -> Result<()> {
    tx.execute(
        "INSERT INTO admissions (id, person, account, bot, shown_name, asked_at, rebinding) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![claim.id, claim.person, claim.account, bot, &claim.shown_name, now, claim.rebinding],
    )
    .await
    .map(drop)
}

/// Decides a claim; `false` when somebody else was quicker.
///
/// # Errors
/// When the database refuses.
pub async fn decide(tx: &mut Tx, id: i64, by: i64, admitted: bool, now: Time) -> Result<bool> {
    let decided = tx
        .execute(
            "UPDATE admissions SET decided_at = $2, decided_by = $3, admitted = $4 \
             WHERE id = $1 AND decided_at IS NULL",
            args![id, now, by, admitted],
        )
        .await?;
    Ok(decided == 1)
}
