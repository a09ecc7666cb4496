//! Who is expected to report on a day, and how they stand: one row per person, made before anybody answers.

use crate::args;
use crate::domain::checkin::{PersonState, Way};
use crate::domain::message::Time;
use crate::store::people::{id_list, path_end};
use crate::store::seal::Sealer;
use crate::store::{Error, Result, Row, Tx};

/// How a person stands on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonDay {
    pub day: i64,
    pub person: i64,
    /// Where the person is counted.
    pub unit: i64,
    pub state: PersonState,
    pub late: bool,
    pub changed: bool,
    /// 0 nothing, 1 watch, 2 urgent.
    pub level: u32,
    /// Of the valid report; 0: none.
    pub version: i64,
    pub reported_at: Option<Time>,
    pub by_person: Option<i64>,
    pub way: Option<Way>,
    pub prompted_at: Option<Time>,
    pub reminders: u32,
    pub reminded_at: Option<Time>,
    pub escalated_at: Option<Time>,
}

/// The columns of a [`PersonDay`].
macro_rules! columns {
    ($from:literal) => {
        concat!(
            "SELECT d.day, d.person, d.unit, d.state, d.late, d.changed, d.level, d.version, d.reported_at, d.by_person, \
             d.way, d.prompted_at, d.reminders, d.reminded_at, d.escalated_at FROM ",
            $from
        )
    };
}

fn person_day(row: &Row) -> Result<PersonDay> {
    let (state, way): (String, Option<String>) = (row.get("state")?, row.get("way")?);
    Ok(PersonDay {
        day: row.get("day")?,
        person: row.get("person")?,
        unit: row.get("unit")?,
        state: PersonState::from_word(&state)
            .ok_or_else(|| Error::Corrupt(format!("a person's state {state}")))?,
        late: row.get("late")?,
        changed: row.get("changed")?,
        level: row.get("level")?,
        version: row.get("version")?,
        reported_at: row.get("reported_at")?,
        by_person: row.get("by_person")?,
        way: way.as_deref().and_then(Way::from_word),
        prompted_at: row.get("prompted_at")?,
        reminders: row.get("reminders")?,
        reminded_at: row.get("reminded_at")?,
        escalated_at: row.get("escalated_at")?,
    })
}

/// Everyone with a student or staff row, once: in their class, else where they are staff.
macro_rules! expect {
    ($which:literal) => {
        concat!(
            "INSERT INTO person_days (day, person, unit) SELECT CAST($1 AS BIGINT), x.person, x.unit FROM ( \
                 SELECT r.person, COALESCE(MIN(CASE WHEN r.role = 'student' THEN r.unit END), MIN(r.unit)) AS unit \
                 FROM roles r JOIN people p ON p.id = r.person AND p.removed_at IS NULL \
                 JOIN units u ON u.id = r.unit AND u.removed_at IS NULL \
                 WHERE r.role IN ('student', 'staff') ",
            $which,
            ") x WHERE true ON CONFLICT (day, person) DO NOTHING"
        )
    };
}

/// Expects everyone with a student or staff row. Whoever is expected already stays where they are. Returns how many are
/// new.
///
/// # Errors
/// When the database refuses.
pub async fn everyone(tx: &mut Tx, day: i64) -> Result<u64> {
    tx.execute(expect!("GROUP BY r.person"), args![day]).await
}

/// Expects the next so many of them, in the order of their ids; returns how many there still were.
///
/// # Errors
/// When the database refuses.
pub async fn next(tx: &mut Tx, day: i64, most: u64) -> Result<u64> {
    tx.execute(
        expect!(
            "AND r.person > (SELECT COALESCE(MAX(d.person), 0) FROM person_days d WHERE d.day = $1) \
             GROUP BY r.person ORDER BY r.person LIMIT $2"
        ),
        args![day, i64::try_from(most).unwrap_or(i64::MAX)],
    )
    .await
}

/// How a person stands; `None` when they are not expected on that day.
///
/// # Errors
/// When the database refuses.
pub async fn get(tx: &mut Tx, day: i64, person: i64) -> Result<Option<PersonDay>> {
    tx.maybe(columns!("person_days d WHERE d.day = $1 AND d.person = $2"), args![day, person], person_day)
        .await
}

/// How these people stand, those expected.
///
/// # Errors
/// When the database refuses.
pub async fn many(tx: &mut Tx, day: i64, people: &[i64]) -> Result<Vec<PersonDay>> {
    tx.all(
        columns!(
            "json_each($2) e CROSS JOIN person_days d WHERE d.day = $1 AND d.person = CAST(e.value->>'id' AS BIGINT) \
             ORDER BY d.person"
        ),
        args![day, id_list(people)],
        person_day,
    )
    .await
}

/// How those stand who are counted in a unit itself.
///
/// # Errors
/// When the database refuses.
pub async fn of_unit(tx: &mut Tx, day: i64, unit: i64) -> Result<Vec<PersonDay>> {
    tx.all(
        columns!(
            "person_days d JOIN people p ON p.id = d.person WHERE d.day = $1 AND d.unit = $2 ORDER BY p.code"
        ),
        args![day, unit],
        person_day,
    )
    .await
}

/// Whoever is missing in a unit or below it, class by class.
///
/// # Errors
/// When the database refuses.
pub async fn missing_below(tx: &mut Tx, day: i64, path: &str) -> Result<Vec<PersonDay>> {
    tx.all(
        columns!(
            "unit_days u JOIN person_days d ON d.day = u.day AND d.unit = u.unit AND d.state = 'missing' \
             JOIN people p ON p.id = d.person \
             WHERE u.day = $1 AND u.path >= $2 AND u.path < $3 AND u.missing > 0 ORDER BY u.path, p.code"
        ),
        args![day, path, path_end(path)],
        person_day,
    )
    .await
}

/// What a valid report does to a person's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    pub version: i64,
    pub late: bool,
    pub changed: bool,
    pub level: u32,
    pub by_person: i64,
    pub way: Way,
    pub at: Time,
}

/// A report is valid: the person counts as reported. The time of the first report stays.
///
/// # Errors
/// When the database refuses.
pub async fn report(tx: &mut Tx, day: i64, person: i64, report: &Reported) -> Result<()> {
    tx.execute(
        "UPDATE person_days SET state = 'reported', version = $3, late = $4, changed = $5, level = $6, by_person = $7, \
                way = $8, reported_at = COALESCE(reported_at, $9) WHERE day = $1 AND person = $2",
        args![
            day,
            person,
            report.version,
            report.late,
            report.changed,
            report.level,
            report.by_person,
            report.way.word(),
            report.at
        ],
    )
    .await?;
    Ok(())
}

/// Somebody noted that a missing person is excused or was not reached; `false` when the person is not missing (or
/// unreachable) any more, or the day is signed.
///
/// # Errors
/// When the database refuses.
pub async fn note(
    tx: &mut Tx,
    sealer: &Sealer,
    (day, person): (i64, i64),
    state: PersonState,
    (by, why): (i64, &str),
    now: Time,
) -> Result<bool> {
    if super::sign::is_signed(tx, day).await? {
        return Ok(false);
    }
    let noted = tx
        .execute(
            "UPDATE person_days SET state = $3, noted_at = $4, noted_by = $5, noted_why = $6 \
             WHERE day = $1 AND person = $2 AND state IN ('missing', 'unreachable') AND state <> $3",
            args![day, person, state.word(), now, by, sealer.seal_text(why)],
        )
        .await?;
    Ok(noted > 0)
}

/// These people were asked in private.
///
/// # Errors
/// When the database refuses.
pub async fn prompted(tx: &mut Tx, day: i64, people: &[i64], now: Time) -> Result<()> {
    tx.execute(
        "UPDATE person_days SET prompted_at = $3 WHERE day = $1 \
         AND person IN (SELECT CAST(value->>'id' AS BIGINT) FROM json_each($2))",
        args![day, id_list(people), now],
    )
    .await?;
    Ok(())
}

/// These people were reminded.
///
/// # Errors
/// When the database refuses.
pub async fn reminded(tx: &mut Tx, day: i64, people: &[i64], now: Time) -> Result<()> {
    tx.execute(
        "UPDATE person_days SET reminders = reminders + 1, reminded_at = $3 WHERE day = $1 AND state = 'missing' \
         AND person IN (SELECT CAST(value->>'id' AS BIGINT) FROM json_each($2))",
        args![day, id_list(people), now],
    )
    .await?;
    Ok(())
}
