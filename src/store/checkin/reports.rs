//! What people reported: every version, sealed; locations apart, as they are kept for a shorter time.

use chrono::NaiveDate;

use crate::args;
use crate::domain::checkin::Way;
use crate::domain::form::{Answer, Answers};
use crate::domain::message::Time;
use crate::store::people::id_list;
use crate::store::seal::Sealer;
use crate::store::{Error, Result, Row, Tx};

/// A report to be kept.
#[derive(Debug, Clone, PartialEq)]
pub struct NewReport {
    pub day: i64,
    pub person: i64,
    pub version: i64,
    pub answers: Answers,
    pub by_person: i64,
    pub way: Way,
    /// By `same`.
    pub same: bool,
    pub late: bool,
    pub changed: bool,
    pub level: u32,
    /// Its number when it supplements a signed day, else 0.
    pub supplement: i64,
    /// The reason of a supplement.
    pub why: String,
}

/// A report that was kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    pub day: i64,
    pub person: i64,
    pub version: i64,
    /// `None` when the time to keep them is over.
    pub answers: Option<Answers>,
    pub at: Time,
    pub by_person: i64,
    pub way: Way,
    pub same: bool,
    pub late: bool,
    pub changed: bool,
    pub level: u32,
    pub supplement: i64,
    pub why: String,
}

/// Who reported what was too late for a signed day's figures; the answers are those of the report's version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Supplemented {
    pub person: i64,
    pub version: i64,
    pub at: Time,
    pub by_person: i64,
    pub way: Way,
    /// The supplement's number.
    pub number: i64,
}

macro_rules! columns {
    ($rest:literal) => {
        concat!(
            "SELECT day, person, version, answers, places, at, by_person, way, same, late, changed, level, supplement, why \
             FROM reports ",
            $rest
        )
    };
}

fn report(row: &Row, sealer: &Sealer) -> Result<Report> {
    let (answers, places): (String, String) = (row.get("answers")?, row.get("places")?);
    let (way, why): (String, String) = (row.get("way")?, row.get("why")?);
    let mut all: Option<Answers> = (!answers.is_empty()).then(|| sealer.open_json(&answers)).transpose()?;
    if let Some(all) = all.as_mut().filter(|_| !places.is_empty()) {
        all.extend(sealer.open_json::<Answers>(&places)?);
    }
    Ok(Report {
        day: row.get("day")?,
        person: row.get("person")?,
        version: row.get("version")?,
        answers: all,
        at: row.get("at")?,
        by_person: row.get("by_person")?,
        way: Way::from_word(&way).ok_or_else(|| Error::Corrupt(format!("a report's way {way}")))?,
        same: row.get("same")?,
        late: row.get("late")?,
        changed: row.get("changed")?,
        level: row.get("level")?,
        supplement: row.get("supplement")?,
        why: if why.is_empty() { why } else { sealer.open_text(&why)? },
    })
}

/// Keeps a report.
///
/// # Errors
/// When the database refuses, also when this version is there already.
pub async fn keep(tx: &mut Tx, sealer: &Sealer, new: &NewReport, now: Time) -> Result<()> {
    let is_place = |answer: &Answer| matches!(answer, Answer::Location { .. });
    let (places, answers): (Answers, Answers) =
        new.answers.clone().into_iter().partition(|(_, answer)| is_place(answer));
    let places = if places.is_empty() { String::new() } else { sealer.seal_json(&places) };
    let why = if new.why.is_empty() { String::new() } else { sealer.seal_text(&new.why) };
    tx.execute(
        "INSERT INTO reports (day, person, version, answers, places, at, by_person, way, same, late, changed, level, \
                              supplement, why) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        args![
            new.day,
            new.person,
            new.version,
            sealer.seal_json(&answers),
            places,
            now,
            new.by_person,
            new.way.word(),
            new.same,
            new.late,
            new.changed,
            new.level,
            new.supplement,
            why
        ],
    )
    .await?;
    Ok(())
}

/// The last valid report of a person before a day: what `same` repeats and changes are measured by.
///
/// # Errors
/// When the database refuses.
pub async fn last_before(tx: &mut Tx, sealer: &Sealer, day: i64, person: i64) -> Result<Option<Report>> {
    tx.maybe(
        columns!(
            "WHERE person = $1 AND day < $2 AND answers <> '' AND supplement = 0 ORDER BY day DESC, version DESC LIMIT 1"
        ),
        args![person, day],
        |row| report(row, sealer),
    )
    .await
}

/// The last valid report of a person before a day that holds a place.
///
/// # Errors
/// When the database refuses.
pub async fn last_with_place(tx: &mut Tx, sealer: &Sealer, day: i64, person: i64) -> Result<Option<Report>> {
    tx.maybe(
        columns!(
            "WHERE person = $1 AND day < $2 AND places <> '' AND supplement = 0 ORDER BY day DESC, version DESC LIMIT 1"
        ),
        args![person, day],
        |row| report(row, sealer),
    )
    .await
}

/// The last valid reports before a day of many people at once, of those who ever reported.
///
/// # Errors
/// When the database refuses.
pub async fn last_of_many(tx: &mut Tx, sealer: &Sealer, day: i64, people: &[i64]) -> Result<Vec<Report>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    tx.all(
        "SELECT r.day, r.person, r.version, r.answers, r.places, r.at, r.by_person, r.way, r.same, r.late, r.changed, \
                r.level, r.supplement, r.why \
         FROM json_each($2) e JOIN reports r ON r.person = CAST(e.value->>'id' AS BIGINT) \
          AND r.day = (SELECT MAX(d.day) FROM reports d WHERE d.person = CAST(e.value->>'id' AS BIGINT) AND d.day < $1 \
                       AND d.answers <> '' AND d.supplement = 0) \
          AND r.version = (SELECT MAX(v.version) FROM reports v WHERE v.person = r.person AND v.day = r.day \
                           AND v.answers <> '' AND v.supplement = 0)",
        args![day, id_list(people)],
        |row| report(row, sealer),
    )
    .await
}

/// The last supplements to a signed day of these people, of those who made any.
///
/// # Errors
/// When the database refuses.
pub async fn supplements(tx: &mut Tx, day: i64, people: &[i64]) -> Result<Vec<Supplemented>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    tx.all(
        "SELECT r.person, r.version, r.at, r.by_person, r.way, r.supplement \
         FROM json_each($2) e JOIN reports r ON r.day = $1 AND r.person = CAST(e.value->>'id' AS BIGINT) \
         WHERE r.supplement > 0 AND NOT EXISTS ( \
             SELECT 1 FROM reports v WHERE v.day = r.day AND v.person = r.person AND v.version > r.version)",
        args![day, id_list(people)],
        |row| {
            let way: String = row.get("way")?;
            Ok(Supplemented {
                person: row.get("person")?,
                version: row.get("version")?,
                at: row.get("at")?,
                by_person: row.get("by_person")?,
                way: Way::from_word(&way).ok_or_else(|| Error::Corrupt(format!("a report's way {way}")))?,
                number: row.get("supplement")?,
            })
        },
    )
    .await
}

/// A version of a person's report.
///
/// # Errors
/// When the database refuses.
pub async fn get(
    tx: &mut Tx,
    sealer: &Sealer,
    day: i64,
    person: i64,
    version: i64,
) -> Result<Option<Report>> {
    tx.maybe(
        columns!("WHERE day = $1 AND person = $2 AND version = $3"),
        args![day, person, version],
        |row| report(row, sealer),
    )
    .await
}

/// All versions of a person's report of a day, the first first: its history.
///
/// # Errors
/// When the database refuses.
pub async fn history(tx: &mut Tx, sealer: &Sealer, day: i64, person: i64) -> Result<Vec<Report>> {
    tx.all(columns!("WHERE day = $1 AND person = $2 ORDER BY version"), args![day, person], |row| {
        report(row, sealer)
    })
    .await
}

/// The number of the next version; 1 for a first report.
///
/// # Errors
/// When the database refuses.
pub async fn next_version(tx: &mut Tx, day: i64, person: i64) -> Result<i64> {
    tx.one(
        "SELECT COALESCE(MAX(version), 0) + 1 AS next FROM reports WHERE day = $1 AND person = $2",
        args![day, person],
        |row| row.get("next"),
    )
    .await
}

/// Forgets answers given before one day and locations given before another; figures stay (F4). Returns how many
/// reports lost something.
///
/// # Errors
/// When the database refuses.
pub async fn forget(tx: &mut Tx, answers_before: NaiveDate, places_before: NaiveDate) -> Result<u64> {
    let (answers, places) =
        (crate::domain::checkin::day_id(answers_before), crate::domain::checkin::day_id(places_before));
    let places =
        tx.execute("UPDATE reports SET places = '' WHERE day < $1 AND places <> ''", args![places]).await?;
    let answers = tx
        .execute(
            "UPDATE reports SET answers = '', places = '', why = '' WHERE day < $1 AND answers <> ''",
            args![answers],
        )
        .await?;
    Ok(places + answers)
}
