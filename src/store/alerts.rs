//! Alerts: one per person and day, with the record of everything that happened to it. Reasons and words are sealed.

use chrono::TimeDelta;

use crate::args;
use crate::domain::alert::{Alert, Entry, Event, Outcome};
use crate::domain::message::Time;
use crate::domain::person::UnitRef;
use crate::store::people::{id_list, path_end};
use crate::store::seal::Sealer;
use crate::store::{Error, Result, Row, Tx, ids};

/// Which alert it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlertId {
    pub id: i64,
    pub day: i64,
    pub person: i64,
    /// Where the person belongs to.
    pub unit: i64,
}

/// An alert that nobody has cleared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenAlert {
    pub id: i64,
    pub day: i64,
    pub person: i64,
    pub unit: i64,
    pub unit_name: String,
    pub opened_at: Time,
    pub taken_by: Option<i64>,
}

/// What became of the alerts of a day (D6).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// All of that day.
    pub alerts: u32,
    /// Not cleared yet.
    pub open: u32,
    /// Cleared as entered wrongly.
    pub mistaken: u32,
}

fn alert_id(row: &Row) -> Result<AlertId> {
    Ok(AlertId {
        id: row.get("id")?,
        day: row.get("day")?,
        person: row.get("person")?,
        unit: row.get("unit")?,
    })
}

/// The alert about a person on a day, if there is one; nobody else changes it until the transaction ends.
///
/// # Errors
/// When the database refuses.
pub async fn find(tx: &mut Tx, day: i64, person: i64) -> Result<Option<AlertId>> {
    let sql = tx.pick(
        "SELECT id, day, person, unit FROM alerts WHERE day = $1 AND person = $2",
        "SELECT id, day, person, unit FROM alerts WHERE day = $1 AND person = $2 FOR UPDATE",
    );
    tx.maybe(sql, args![day, person], alert_id).await
}

/// The alert with this id; nobody else changes it until the transaction ends.
///
/// # Errors
/// When the database refuses.
pub async fn get(tx: &mut Tx, id: i64) -> Result<Option<AlertId>> {
    let sql = tx.pick(
        "SELECT id, day, person, unit FROM alerts WHERE id = $1",
        "SELECT id, day, person, unit FROM alerts WHERE id = $1 FOR UPDATE",
    );
    tx.maybe(sql, args![id], alert_id).await
}

/// The alert about a person on a day, made if there is none.
///
/// # Errors
/// When the database refuses.
pub async fn find_or_make(
    tx: &mut Tx,
    sealer: &Sealer,
    key: (i64, i64),
    unit: i64,
    now: Time,
) -> Result<AlertId> {
    let (day, person) = key;
    tx.execute(
        "INSERT INTO alerts (id, day, person, unit, opened_at, updated_at, reasons) VALUES ($1, $2, $3, $4, $5, $5, $6) \
         ON CONFLICT (day, person) DO NOTHING",
        args![ids::grow(now), day, person, unit, now, sealer.seal_text("[]")],
    )
    .await?;
    let made = find(tx, day, person).await?;
    made.ok_or_else(|| Error::Corrupt(format!("no alert of day {day} after it was made")))
}

/// Everything that happened to an alert, in order; of what may not be kept any longer, that it happened.
///
/// # Errors
/// When the database refuses or the key does not fit.
pub async fn record(tx: &mut Tx, sealer: &Sealer, id: i64) -> Result<Vec<Entry>> {
    tx.all(
        "SELECT e.at, e.person, e.tier, e.kind, e.detail, a.outcome, a.within FROM alert_events e \
         JOIN alerts a ON a.id = e.alert WHERE e.alert = $1 ORDER BY e.seq",
        args![id],
        |row| {
            let (at, person, tier) = (row.get("at")?, row.get("person")?, row.get("tier")?);
            Ok(Entry { at, person, tier, event: event(row, sealer)? })
        },
    )
    .await
}

fn event(row: &Row, sealer: &Sealer) -> Result<Event> {
    let (kind, detail): (String, String) = (row.get("kind")?, row.get("detail")?);
    if !detail.is_empty() {
        return Ok(sealer.open_json(&detail)?);
    }
    let within = TimeDelta::seconds(row.get::<Option<i64>>("within")?.unwrap_or_default());
    let outcome = Outcome::from_word(&row.get::<String>("outcome")?);
    let left = Event::forgotten(&kind, within, outcome);
    left.ok_or_else(|| Error::Corrupt(format!("an event of an alert of kind {kind}")))
}

/// Adds the `seq`th line to the record, from 0, and keeps how the alert stands after it.
///
/// # Errors
/// When the database refuses.
pub async fn add(
    tx: &mut Tx,
    sealer: &Sealer,
    id: i64,
    seq: usize,
    entry: &Entry,
    alert: &Alert,
) -> Result<()> {
    let tier = entry.tier.and_then(|tier| i64::try_from(tier).ok());
    tx.execute(
        "INSERT INTO alert_events (alert, seq, at, kind, person, tier, detail) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        args![id, seq, entry.at, entry.event.word(), entry.person, tier, sealer.seal_json(&entry.event)],
    )
    .await?;
    keep(tx, sealer, id, alert).await
}

async fn keep(tx: &mut Tx, sealer: &Sealer, id: i64, alert: &Alert) -> Result<()> {
    let (taken_by, taken_at) = alert.taken.map_or((None, None), |(person, at)| (Some(person), Some(at)));
    let cleared = alert.cleared.as_ref();
    let why = cleared.map_or(String::new(), |(_, _, _, why)| sealer.seal_text(why));
    tx.execute(
        "UPDATE alerts SET opened_at = $2, updated_at = $3, reasons = $4, within = $5, taken_at = $6, taken_by = $7, \
                cleared_at = $8, cleared_by = $9, outcome = $10, why = $11 WHERE id = $1",
        args![
            id,
            alert.opened_at,
            alert.updated_at,
            sealer.seal_json(&alert.reasons),
            alert.clock.map(|clock| clock.within.num_seconds()),
            taken_at,
            taken_by,
            cleared.map(|(_, at, _, _)| *at),
            cleared.map(|(person, _, _, _)| *person),
            cleared.map_or("", |(_, _, outcome, _)| outcome.word()),
            why
        ],
    )
    .await?;
    Ok(())
}

fn open_alert(row: &Row) -> Result<OpenAlert> {
    Ok(OpenAlert {
        id: row.get("id")?,
        day: row.get("day")?,
        person: row.get("person")?,
        unit: row.get("unit")?,
        unit_name: row.get("name")?,
        opened_at: row.get("opened_at")?,
        taken_by: row.get("taken_by")?,
    })
}

/// The open alerts of a unit and below it, the oldest first.
///
/// # Errors
/// When the database refuses.
pub async fn open_below(tx: &mut Tx, path: &str) -> Result<Vec<OpenAlert>> {
    tx.all(
        "SELECT a.id, a.day, a.person, a.unit, u.name, a.opened_at, a.taken_by FROM alerts a JOIN units u ON u.id = a.unit \
         WHERE a.cleared_at IS NULL AND u.path >= $1 AND u.path < $2 ORDER BY a.opened_at, a.id",
        args![path, path_end(path)],
        open_alert,
    )
    .await
}

/// The open alerts about whom these people follow.
///
/// # Errors
/// When the database refuses.
pub async fn open_followed(tx: &mut Tx, followers: &[i64]) -> Result<Vec<OpenAlert>> {
    tx.all(
        "SELECT a.id, a.day, a.person, a.unit, u.name, a.opened_at, a.taken_by FROM alerts a JOIN units u ON u.id = a.unit \
         WHERE a.cleared_at IS NULL AND EXISTS (SELECT 1 FROM json_each($1) e \
             JOIN follows f ON f.person = CAST(e.value->>'id' AS BIGINT) LEFT JOIN units v ON v.id = f.unit \
             WHERE (f.student > 0 AND f.student = a.person) OR (f.unit > 0 AND substr(u.path, 1, length(v.path)) = v.path)) \
         ORDER BY a.opened_at, a.id",
        args![id_list(followers)],
        open_alert,
    )
    .await
}

/// What became of the alerts of a day in a unit and below it.
///
/// # Errors
/// When the database refuses.
pub async fn tally(tx: &mut Tx, day: i64, path: &str) -> Result<Tally> {
    tx.one(
        "SELECT COUNT(*) AS alerts, \
                CAST(COALESCE(SUM(CASE WHEN a.cleared_at IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT) AS open, \
                CAST(COALESCE(SUM(CASE WHEN a.outcome = $4 THEN 1 ELSE 0 END), 0) AS BIGINT) AS mistaken \
         FROM alerts a JOIN units u ON u.id = a.unit WHERE a.day = $1 AND u.path >= $2 AND u.path < $3",
        args![day, path, path_end(path), Outcome::Mistaken.word()],
        |row| {
            Ok(Tally { alerts: row.get("alerts")?, open: row.get("open")?, mistaken: row.get("mistaken")? })
        },
    )
    .await
}

/// Whoever follows this person, or a unit that the person belongs to (A5, E1).
///
/// # Errors
/// When the database refuses.
pub async fn followers(tx: &mut Tx, person: i64, unit: &UnitRef) -> Result<Vec<i64>> {
    let above: Vec<i64> = unit.path.split('/').filter_map(|part| part.parse().ok()).collect();
    tx.all(
        "SELECT DISTINCT f.person FROM follows f JOIN people p ON p.id = f.person AND p.removed_at IS NULL \
         WHERE (f.student > 0 AND f.student = $1) \
            OR (f.unit > 0 AND f.unit IN (SELECT CAST(value->>'id' AS BIGINT) FROM json_each($2))) ORDER BY f.person",
        args![person, id_list(&above)],
        |row| row.get("person"),
    )
    .await
}

/// Where a person belongs to: the class of a student, else the lowest unit of a post of their own.
///
/// # Errors
/// When the database refuses.
pub async fn home(tx: &mut Tx, person: i64) -> Result<Option<i64>> {
    tx.maybe(
        "SELECT r.unit FROM roles r JOIN units u ON u.id = r.unit AND u.removed_at IS NULL \
         WHERE r.person = $1 AND r.role NOT IN ('guardian', 'proxy') \
         ORDER BY CASE WHEN r.role = 'student' THEN 0 ELSE 1 END, u.tier DESC, u.id LIMIT 1",
        args![person],
        |row| row.get("unit"),
    )
    .await
}

/// Whom these people answer for, as guardian or proxy.
///
/// # Errors
/// When the database refuses.
pub async fn answered_for(tx: &mut Tx, people: &[i64]) -> Result<Vec<i64>> {
    tx.all(
        "SELECT DISTINCT f.student, p.code FROM json_each($1) e \
         JOIN answers_for f ON f.person = CAST(e.value->>'id' AS BIGINT) \
         JOIN people p ON p.id = f.student AND p.removed_at IS NULL ORDER BY p.code",
        args![id_list(people)],
        |row| row.get("student"),
    )
    .await
}

/// The students of these units, in the order of their codes.
///
/// # Errors
/// When the database refuses.
pub async fn students(tx: &mut Tx, units: &[i64]) -> Result<Vec<i64>> {
    tx.all(
        "SELECT DISTINCT r.person, p.code FROM json_each($1) e JOIN roles r ON r.unit = CAST(e.value->>'id' AS BIGINT) \
             AND r.role = 'student' JOIN people p ON p.id = r.person AND p.removed_at IS NULL ORDER BY p.code",
        args![id_list(units)],
        |row| row.get("person"),
    )
    .await
}

/// Whose report of a day is to be watched, though not urgent, among a unit's own people.
///
/// # Errors
/// When the database refuses.
pub async fn watched(tx: &mut Tx, day: i64, unit: i64) -> Result<Vec<i64>> {
    tx.all(
        "SELECT d.person, p.code FROM person_days d JOIN people p ON p.id = d.person \
         WHERE d.day = $1 AND d.unit = $2 AND d.state = 'reported' AND d.level = 1 ORDER BY p.code",
        args![day, unit],
        |row| row.get("person"),
    )
    .await
}
