//! Everything that is kept about one person, read for that person.

use super::people::name;
use super::reading::number;
use super::seal::Sealer;
use super::{Result, Row, Tx};
use crate::args;
use crate::domain::checkin::{PersonState, date_of};
use crate::domain::message::{Locale, Time};
use crate::domain::report::{Cell, OwnAlertLine, OwnData, OwnDay, OwnReceiptLine, OwnReportLine, Sight};
use crate::domain::roster::Role;
use crate::domain::split::title;
use crate::store::checkin::{days, reports};

/// How many acknowledgements, days and looks are listed.
const LISTED: i64 = 100;

/// All about a person; `None` when there is none with this id.
///
/// # Errors
/// When the database refuses, or the key does not fit.
pub async fn about(tx: &mut Tx, sealer: &Sealer, person: i64, locale: Locale) -> Result<Option<OwnData>> {
    let read = |row: &Row| {
        let (phone, account): (Option<String>, Option<i64>) = (row.get("phone")?, row.get("account")?);
        let bound: Option<Time> = row.get("bound_at")?;
        Ok((row.get::<String>("code")?, row.get::<String>("name")?, phone, account.zip(bound)))
    };
    let found = tx
        .maybe(
            "SELECT p.code, p.name, p.phone, b.account, b.bound_at FROM people p \
             LEFT JOIN bindings b ON b.person = p.id WHERE p.id = $1",
            args![person],
            read,
        )
        .await?;
    let Some((code, name, phone, account)) = found else { return Ok(None) };
    let (receipts, receipts_total) = receipts(tx, person).await?;
    Ok(Some(OwnData {
        code,
        name,
        phone: phone.as_deref().map(|sealed| sealer.open_text(sealed)).transpose()?,
        roles: roles(tx, person).await?,
        answers_for: children(tx, person).await?,
        contacts: contacts(tx, person).await?,
        account,
        verified: verified(tx, person).await?,
        receipts,
        receipts_total,
        days: own_days(tx, sealer, person, locale).await?,
        alerts: alerts(tx, person).await?,
        reminders: reminders(tx, person).await?,
        seen: seen(tx, person).await?,
    }))
}

async fn roles(tx: &mut Tx, person: i64) -> Result<Vec<(Role, String)>> {
    let rows = tx
        .all(
            "SELECT r.role, u.name FROM roles r JOIN units u ON u.id = r.unit WHERE r.person = $1 ORDER BY u.tier, u.code",
            args![person],
            |row| Ok((row.get::<String>("role")?, row.get("name")?)),
        )
        .await?;
    Ok(rows.into_iter().filter_map(|(role, unit)| Some((Role::from_word(&role)?, unit))).collect())
}

async fn children(tx: &mut Tx, person: i64) -> Result<Vec<String>> {
    tx.all(
        "SELECT p.name FROM answers_for a JOIN people p ON p.id = a.student WHERE a.person = $1 ORDER BY p.code",
        args![person],
        |row| row.get("name"),
    )
    .await
}

async fn contacts(tx: &mut Tx, person: i64) -> Result<Vec<String>> {
    tx.all(
        "SELECT p.name FROM people p WHERE p.removed_at IS NULL AND p.id IN \
             (SELECT person FROM answers_for WHERE student = $1 UNION SELECT person FROM follows WHERE student = $1) \
         ORDER BY p.code",
        args![person],
        |row| row.get("name"),
    )
    .await
}

async fn verified(tx: &mut Tx, person: i64) -> Result<Option<(Time, String)>> {
    tx.maybe(
        "SELECT c.verified_at, p.name FROM contacts c JOIN people p ON p.id = c.verified_by WHERE c.person = $1",
        args![person],
        |row| Ok((row.get("verified_at")?, row.get("name")?)),
    )
    .await
}

async fn receipts(tx: &mut Tx, person: i64) -> Result<(Vec<OwnReceiptLine>, u32)> {
    let lines = tx
        .all(
            "SELECT d.year, d.number, SUBSTR(d.text, 1, 200) AS head, r.acked_at FROM receipts r \
             JOIN directives d ON d.id = r.directive WHERE r.by_person = $1 AND r.acked_at IS NOT NULL \
             ORDER BY r.acked_at DESC, d.id LIMIT $2",
            args![person, LISTED],
            |row| {
                let head: String = row.get("head")?;
                Ok(OwnReceiptLine {
                    number: number(row)?,
                    title: title(&head),
                    acked_at: row.get("acked_at")?,
                })
            },
        )
        .await?;
    let total = tx
        .one(
            "SELECT COUNT(*) AS n FROM receipts WHERE by_person = $1 AND acked_at IS NOT NULL",
            args![person],
            |row| row.get("n"),
        )
        .await?;
    Ok((lines, total))
}

async fn own_days(tx: &mut Tx, sealer: &Sealer, person: i64, locale: Locale) -> Result<Vec<OwnDay>> {
    let rows = tx
        .all(
            "SELECT day, state FROM person_days WHERE person = $1 ORDER BY day DESC LIMIT $2",
            args![person, LISTED],
            |row| Ok((row.get::<i64>("day")?, row.get::<String>("state")?)),
        )
        .await?;
    let mut all = Vec::with_capacity(rows.len());
    for (day, state) in rows {
        let (Some(date), Some(state)) = (date_of(day), PersonState::from_word(&state)) else { continue };
        let reports = own_reports(tx, sealer, (day, person), locale).await?;
        all.push(OwnDay { date, state, reports });
    }
    Ok(all)
}

async fn own_reports(
    tx: &mut Tx,
    sealer: &Sealer,
    (day, person): (i64, i64),
    locale: Locale,
) -> Result<Vec<OwnReportLine>> {
    let history = reports::history(tx, sealer, day, person).await?;
    if history.is_empty() {
        return Ok(Vec::new());
    }
    let Some(rules) = days::rules(tx, day).await? else { return Ok(Vec::new()) };
    let mut lines = Vec::with_capacity(history.len());
    for report in history {
        let answers = report.answers.unwrap_or_default();
        let pairs = rules.form.pairs(&answers).into_iter();
        let spoken = pairs.map(|(question, answer)| {
            (question.ask.of(locale).to_owned(), Cell::of(question, answer, locale))
        });
        lines.push(OwnReportLine {
            at: report.at,
            by: name(tx, report.by_person).await?,
            way: report.way,
            late: report.late,
            supplement: report.supplement,
            answers: spoken.collect(),
        });
    }
    Ok(lines)
}

async fn alerts(tx: &mut Tx, person: i64) -> Result<Vec<OwnAlertLine>> {
    tx.all(
        "SELECT opened_at, cleared_at FROM alerts WHERE person = $1 ORDER BY opened_at DESC LIMIT $2",
        args![person, LISTED],
        |row| Ok(OwnAlertLine { opened_at: row.get("opened_at")?, cleared_at: row.get("cleared_at")? }),
    )
    .await
}

async fn reminders(tx: &mut Tx, person: i64) -> Result<u32> {
    tx.one(
        "SELECT CAST(COALESCE(SUM(count), 0) AS BIGINT) AS n FROM nudges WHERE person = $1",
        args![person],
        |row| row.get("n"),
    )
    .await
}

/// Subjects of audit entries name people at their end: 'person:7', 'day:20261122/person:7'.
async fn seen(tx: &mut Tx, person: i64) -> Result<Vec<Sight>> {
    tx.all(
        "SELECT a.at, a.act, COALESCE(p.name, '') AS name FROM audit a LEFT JOIN people p ON p.id = a.actor \
         WHERE (a.subject = $1 OR a.subject LIKE $2) AND a.actor <> $3 ORDER BY a.seq DESC LIMIT $4",
        args![format!("person:{person}"), format!("%/person:{person}"), person, LISTED],
        |row| Ok(Sight { at: row.get("at")?, by: row.get("name")?, act: row.get("act")? }),
    )
    .await
}
