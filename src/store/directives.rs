//! Directives and their texts.

use super::{Error, Result, Row, Tx, people};
use crate::args;
use crate::domain::directive::{Directive, Fixed, State};
use crate::domain::message::{Number, Time};

fn list<T: serde::de::DeserializeOwned>(row: &Row, name: &str) -> Result<T> {
    serde_json::from_str(&row.get::<String>(name)?)
        .map_err(|e| Error::Corrupt(format!("directives.{name}: {e}")))
}

fn directive(row: &Row) -> Result<Directive> {
    let state: String = row.get("state")?;
    let fixed: String = row.get("policy")?;
    let due: String = row.get("due")?;
    Ok(Directive {
        id: row.get("id")?,
        number: Number {
            year: i32::try_from(row.get::<i64>("year")?).unwrap_or_default(),
            number: row.get("number")?,
        },
        issuer: row.get("issuer")?,
        origin: row.get("origin")?,
        origin_tier: row.get("origin_tier")?,
        text: row.get("text")?,
        reference: row.get("reference")?,
        urgent: row.get("urgent")?,
        answer: row.get("answer")?,
        depth: usize::try_from(row.get::<i64>("depth")?).ok(),
        due_hours: due.parse().ok(),
        attachments: list(row, "attachments")?,
        units: list(row, "units")?,
        copies: list(row, "copies")?,
        fixed: if fixed.is_empty() { None } else { list::<Option<Fixed>>(row, "policy")? },
        revision: row.get("revision")?,
        state: State::from_word(&state).ok_or_else(|| Error::Corrupt(format!("directive state {state}")))?,
        issued_at: row.get("issued_at")?,
    })
}

/// The directive with this id.
///
/// # Errors
/// When the database refuses.
pub async fn get(tx: &mut Tx, id: i64) -> Result<Option<Directive>> {
    tx.maybe("SELECT * FROM directives WHERE id = $1", args![id], directive).await
}

/// The directive with this id, which something in the database points to.
///
/// # Errors
/// When it is not there.
pub async fn known(tx: &mut Tx, id: i64) -> Result<Directive> {
    get(tx, id).await?.ok_or_else(|| Error::Corrupt(format!("directive {id} is named but not there")))
}

/// These directives.
///
/// # Errors
/// When the database refuses.
pub async fn many(tx: &mut Tx, ids: &[i64]) -> Result<Vec<Directive>> {
    tx.all(
        "SELECT * FROM directives WHERE id IN (SELECT CAST(value->>'id' AS BIGINT) FROM json_each($1))",
        args![people::id_list(ids)],
        directive,
    )
    .await
}

/// Open drafts of a person.
///
/// # Errors
/// When the database refuses.
pub async fn drafts(tx: &mut Tx, issuer: i64) -> Result<Vec<Directive>> {
    tx.all(
        "SELECT * FROM directives WHERE issuer = $1 AND state = 'draft' ORDER BY id",
        args![issuer],
        directive,
    )
    .await
}

fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("our own types serialise")
}

/// Keeps a directive, new or changed.
///
/// # Errors
/// When the database refuses.
pub async fn save(tx: &mut Tx, d: &Directive, now: Time) -> Result<()> {
    let depth = d.depth.map_or(-1, |depth| i64::try_from(depth).unwrap_or(-1));
    let due = d.due_hours.map(|hours| hours.to_string()).unwrap_or_default();
    let fixed = d.fixed.as_ref().map(json).unwrap_or_default();
    tx.execute(
        "INSERT INTO directives (id, year, number, issuer, issuer_role, origin, origin_tier, text, reference, urgent, \
             answer, depth, due, attachments, units, copies, policy, revision, state, made_at, issued_at) \
         VALUES ($1, $2, $3, $4, '', $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20) \
         ON CONFLICT (id) DO UPDATE SET year = excluded.year, number = excluded.number, origin = excluded.origin, \
             text = excluded.text, reference = excluded.reference, urgent = excluded.urgent, answer = excluded.answer, \
             depth = excluded.depth, due = excluded.due, attachments = excluded.attachments, units = excluded.units, \
             copies = excluded.copies, policy = excluded.policy, revision = excluded.revision, \
             state = excluded.state, issued_at = excluded.issued_at, \
             ended_at = CASE WHEN excluded.state IN ('withdrawn', 'cancelled') THEN excluded.made_at ELSE NULL END",
        args![
            d.id, d.number.year, d.number.number, d.issuer, d.origin, d.origin_tier, &d.text, &d.reference, d.urgent,
            d.answer, depth, due, json(&d.attachments), json(&d.units), json(&d.copies), fixed, d.revision,
            d.state.word(), now, d.issued_at
        ],
    )
    .await?;
    Ok(())
}

/// The next number of a year. Two processes never get the same one.
///
/// # Errors
/// When the database refuses.
pub async fn next_number(tx: &mut Tx, year: i32) -> Result<Number> {
    let number: String = tx
        .one(
            "INSERT INTO settings (name, value) VALUES ($1, '1') ON CONFLICT (name) DO UPDATE \
             SET value = CAST(CAST(settings.value AS BIGINT) + 1 AS TEXT) RETURNING value",
            args![format!("number:{year}")],
            |row| row.get("value"),
        )
        .await?;
    let number = number.parse().map_err(|_| Error::Corrupt(format!("settings number:{year}")))?;
    Ok(Number { year, number })
}

/// When the present text of a directive was sent; `None` for a draft.
///
/// # Errors
/// When the database refuses.
pub async fn worded_at(tx: &mut Tx, d: &Directive) -> Result<Option<Time>> {
    tx.maybe(
        "SELECT at FROM revisions WHERE directive = $1 AND revision = $2",
        args![d.id, d.revision],
        |row| row.get("at"),
    )
    .await
}

/// Keeps a text that was sent.
///
/// # Errors
/// When the database refuses.
pub async fn keep_text(tx: &mut Tx, d: &Directive, by: i64, now: Time) -> Result<()> {
    tx.execute(
        "INSERT INTO revisions (directive, revision, text, by_person, at) VALUES ($1, $2, $3, $4, $5)",
        args![d.id, d.revision, &d.text, by, now],
    )
    .await?;
    Ok(())
}
