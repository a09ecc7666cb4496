//! The people of a day's report: who is missing, and what the others answered.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Places, Wanted};
use crate::args;
use crate::domain::figures::PersonState;
use crate::domain::form::{Answer, Answers, Form};
use crate::domain::report::{AnswerRow, AnswerSheet, Cell, MissingRow};
use crate::store::people::id_list;
use crate::store::seal::Sealer;
use crate::store::{Error, Result, Row, Tx};

/// Somebody who was told of a silence.
#[derive(Debug, Deserialize)]
struct Told {
    person: i64,
}

fn state(row: &Row) -> Result<PersonState> {
    let word: String = row.get("state")?;
    PersonState::from_word(&word).ok_or_else(|| Error::Corrupt(format!("a person's state {word}")))
}

/// The names of these people.
pub(super) async fn names(tx: &mut Tx, mut people: Vec<i64>) -> Result<BTreeMap<i64, String>> {
    people.sort_unstable();
    people.dedup();
    let named = tx
        .all(
            "SELECT p.id, p.name FROM json_each($1) e JOIN people p ON p.id = CAST(e.value->>'id' AS BIGINT)",
            args![id_list(&people)],
            |row| Ok((row.get("id")?, row.get("name")?)),
        )
        .await?;
    Ok(named.into_iter().collect())
}

/// Who has not reported, in the order of the units, as far as their names may be read.
pub(super) async fn missing(
    tx: &mut Tx,
    sealer: &Sealer,
    wanted: &Wanted<'_>,
    places: &Places,
) -> Result<Vec<MissingRow>> {
    let rights = wanted.rights;
    let readable = places.within(|unit| rights.names.holds(unit));
    let open = |phone: Option<String>| phone.map(|sealed| sealer.open_text(&sealed)).transpose();
    let mut rows = tx
        .all(
            "SELECT d.unit, COALESCE(p.code, '') AS code, COALESCE(p.name, '') AS name, d.state, p.phone, d.reminders, \
                    d.escalated_to \
             FROM json_each($2) e CROSS JOIN person_days d LEFT JOIN people p ON p.id = d.person \
             WHERE d.day = $1 AND d.unit = CAST(e.value->>'id' AS BIGINT) AND d.state <> 'reported'",
            args![wanted.day, id_list(&readable)],
            |row| {
                let unit: i64 = row.get("unit")?;
                let (unit_code, unit_name) = places.named(unit);
                let phone: Option<String> = row.get("phone")?;
                let missing = MissingRow {
                    unit_code,
                    unit: unit_name,
                    person_code: row.get("code")?,
                    name: row.get("name")?,
                    state: state(row)?,
                    phone: open(phone.filter(|_| rights.phones.holds(unit)))?,
                    reminders: row.get("reminders")?,
                    escalated_to: Vec::new(),
                };
                Ok((places.rank(unit), told(&row.get::<String>("escalated_to")?)?, missing))
            },
        )
        .await?;
    rows.sort_by(|one, other| (one.0, &one.2.person_code).cmp(&(other.0, &other.2.person_code)));
    let everybody = rows.iter().flat_map(|(_, told, _)| told.iter().copied()).collect();
    let names = names(tx, everybody).await?;
    let named = |told: Vec<i64>| told.iter().filter_map(|person| names.get(person).cloned()).collect();
    Ok(rows.into_iter().map(|(_, told, row)| MissingRow { escalated_to: named(told), ..row }).collect())
}

fn told(json: &str) -> Result<Vec<i64>> {
    if json.is_empty() || json == "[]" {
        return Ok(Vec::new());
    }
    let told: Vec<Told> = serde_json::from_str(json)
        .map_err(|error| Error::Corrupt(format!("person_days.escalated_to: {error}")))?;
    // Somebody may be told more than once, of a person who was not reached and of their unit.
    let mut once: Vec<i64> = Vec::new();
    for Told { person } in told {
        if !once.contains(&person) {
            once.push(person);
        }
    }
    Ok(once)
}

/// What was answered, a column for every question of the day's own form.
pub(super) async fn answers(
    tx: &mut Tx,
    sealer: &Sealer,
    wanted: &Wanted<'_>,
    form: &Form,
    places: &Places,
) -> Result<AnswerSheet> {
    let readable = places.within(|unit| wanted.rights.answers.holds(unit));
    let mut rows = tx
        .all(
            "SELECT d.unit, COALESCE(p.code, '') AS code, COALESCE(p.name, '') AS name, d.state, d.late, d.changed, \
                    d.reported_at, COALESCE(b.name, '') AS by_name, COALESCE(r.answers, '') AS answers, \
                    COALESCE(r.places, '') AS places \
             FROM json_each($2) e CROSS JOIN person_days d \
             LEFT JOIN people p ON p.id = d.person LEFT JOIN people b ON b.id = d.by_person \
             LEFT JOIN reports r ON r.day = d.day AND r.person = d.person AND r.version = d.version \
             WHERE d.day = $1 AND d.unit = CAST(e.value->>'id' AS BIGINT)",
            args![wanted.day, id_list(&readable)],
            |row| {
                let unit: i64 = row.get("unit")?;
                let answers = opened(sealer, &row.get::<String>("answers")?, &row.get::<String>("places")?)?;
                let answer = AnswerRow {
                    unit_code: places.named(unit).0,
                    person_code: row.get("code")?,
                    name: row.get("name")?,
                    state: state(row)?,
                    late: row.get("late")?,
                    reported_at: row.get("reported_at")?,
                    by: row.get("by_name")?,
                    changed: row.get("changed")?,
                    answers: cells(form, &answers, wanted),
                };
                Ok((places.rank(unit), answer))
            },
        )
        .await?;
    rows.sort_by(|one, other| (one.0, &one.1.person_code).cmp(&(other.0, &other.1.person_code)));
    let words = |question: &crate::domain::form::Question| {
        (question.id.clone(), question.ask.of(wanted.locale).to_owned())
    };
    Ok(AnswerSheet {
        questions: form.questions.iter().map(words).collect(),
        rows: rows.into_iter().map(|(_, row)| row).collect(),
    })
}

/// The answers and, kept apart, those that are places; nothing once their time is over.
fn opened(sealer: &Sealer, answers: &str, places: &str) -> Result<Answers> {
    let mut all = Answers::new();
    for sealed in [answers, places].into_iter().filter(|sealed| !sealed.is_empty()) {
        all.extend(sealer.open_json::<Answers>(sealed)?);
    }
    Ok(all)
}

fn cells(form: &Form, answers: &Answers, wanted: &Wanted<'_>) -> Vec<Cell> {
    if answers.is_empty() {
        return Vec::new();
    }
    let cell = |question: &crate::domain::form::Question| {
        let answer: Option<&Answer> = answers.get(&question.id);
        answer.map_or(Cell::Empty, |answer| Cell::of(question, answer, wanted.locale))
    };
    form.questions.iter().map(cell).collect()
}
