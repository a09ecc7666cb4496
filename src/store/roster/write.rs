use std::collections::HashMap;

use serde_json::{Value as Json, json};

use super::ids_by_code;
use crate::args;
use crate::domain::message::Time;
use crate::domain::roster::{Counts, Follows, Person, Roster, phone_digits};
use crate::store::seal::Sealer;
use crate::store::{Result, Tx, ids};

/// Rows per statement: far below what PostgreSQL takes in one JSON value, far above what a call costs.
const CHUNK: usize = 20_000;

/// The id of every code, old and new.
pub struct Ids {
    pub units: HashMap<String, i64>,
    pub people: HashMap<String, i64>,
}

impl Ids {
    /// Reads the known ids and gives new ones to new codes.
    pub async fn reserve(tx: &mut Tx, roster: &Roster, now: Time) -> Result<Ids> {
        let mut units = ids_by_code(tx, "SELECT code, id FROM units").await?;
        let mut people = ids_by_code(tx, "SELECT code, id FROM people").await?;
        give(&mut units, roster.units.keys(), now);
        give(&mut people, roster.people.keys(), now);
        Ok(Ids { units, people })
    }

    fn of_units(&self, codes: &[String]) -> Vec<i64> {
        codes.iter().filter_map(|code| self.units.get(code).copied()).collect()
    }

    /// The ids of these people.
    pub fn of_people<'a>(&self, codes: impl IntoIterator<Item = &'a String>) -> Vec<i64> {
        codes.into_iter().filter_map(|code| self.people.get(code).copied()).collect()
    }
}

fn give<'a>(known: &mut HashMap<String, i64>, codes: impl Iterator<Item = &'a String>, now: Time) {
    let fresh: Vec<&String> = codes.filter(|code| !known.contains_key(*code)).collect();
    let count = i64::try_from(fresh.len()).unwrap_or(i64::MAX);
    if count > 0 {
        let first = ids::reserve(now, count);
        known.extend((first..).zip(fresh).map(|(id, code)| (code.clone(), id)));
    }
}

/// Runs a statement over all rows, a chunk at a time; `$1` is the JSON array, `$2` is `now`.
async fn in_chunks(tx: &mut Tx, sql: &'static str, rows: &[Json], now: Option<Time>) -> Result<()> {
    for chunk in rows.chunks(CHUNK) {
        let mut args = args![Json::from(chunk.to_vec()).to_string()];
        args.extend(now.map(Into::into));
        tx.execute(sql, args).await?;
    }
    Ok(())
}

fn json_ids(ids: Vec<i64>) -> Vec<Json> {
    ids.into_iter().map(Json::from).collect()
}

/// Writes every unit, since a new parent high up changes the paths of all below, and marks the removed.
pub async fn units(tx: &mut Tx, roster: &Roster, counts: &Counts, ids: &Ids, now: Time) -> Result<()> {
    if *counts == Counts::default() {
        return Ok(());
    }
    let mut paths: HashMap<&str, String> = HashMap::new();
    let mut rows = Vec::with_capacity(roster.units.len());
    for unit in roster.units_from_the_root() {
        let id = ids.units[&unit.code];
        let above = unit.parent.as_deref().and_then(|parent| paths.get(parent)).map_or("/", String::as_str);
        let path = format!("{above}{id}/");
        let parent = unit.parent.as_ref().and_then(|parent| ids.units.get(parent));
        rows.push(json!({
            "id": id, "code": unit.code, "name": unit.name, "tier": unit.tier, "parent": parent, "path": path,
        }));
        paths.insert(&unit.code, path);
    }
    in_chunks(
        tx,
        "INSERT INTO units (id, code, name, tier, parent, path) \
         SELECT CAST(value->>'id' AS BIGINT), value->>'code', value->>'name', CAST(value->>'tier' AS BIGINT), \
                CAST(value->>'parent' AS BIGINT), value->>'path' FROM json_each($1) WHERE true \
         ON CONFLICT (code) DO UPDATE SET name = excluded.name, tier = excluded.tier, \
                parent = excluded.parent, path = excluded.path, removed_at = NULL",
        &rows,
        None,
    )
    .await?;
    in_chunks(
        tx,
        "UPDATE units SET removed_at = $2 WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each($1))",
        &json_ids(ids.of_units(&counts.removed)),
        Some(now),
    )
    .await
}

/// Writes the people who are new or changed with all that belongs to them, and takes out the removed.
pub async fn people(
    tx: &mut Tx,
    sealer: &Sealer,
    roster: &Roster,
    counts: &Counts,
    ids: &Ids,
    now: Time,
) -> Result<()> {
    let written: Vec<&Person> =
        counts.added.iter().chain(&counts.changed).filter_map(|code| roster.people.get(code)).collect();
    let rows: Vec<Json> = written.iter().map(|person| person_row(person, sealer, ids)).collect();
    in_chunks(
        tx,
        "INSERT INTO people (id, code, name, phone, phone_hash, locale, telegram_id) \
         SELECT CAST(value->>'id' AS BIGINT), value->>'code', value->>'name', value->>'phone', \
                value->>'phone_hash', value->>'locale', CAST(value->>'telegram_id' AS BIGINT) \
         FROM json_each($1) WHERE true \
         ON CONFLICT (code) DO UPDATE SET name = excluded.name, phone = excluded.phone, \
                phone_hash = excluded.phone_hash, locale = excluded.locale, \
                telegram_id = COALESCE(excluded.telegram_id, people.telegram_id), removed_at = NULL",
        &rows,
        None,
    )
    .await?;
    let touched = json_ids(ids.of_people(counts.changed.iter().chain(&counts.removed)));
    forget_links(tx, &touched).await?;
    links(tx, &written, ids).await?;
    remove(tx, &json_ids(ids.of_people(&counts.removed)), now).await
}

fn person_row(person: &Person, sealer: &Sealer, ids: &Ids) -> Json {
    let known = !person.phone.is_empty();
    json!({
        "id": ids.people[&person.code],
        "code": person.code,
        "name": person.name,
        "phone": known.then(|| sealer.seal_text(&person.phone)),
        "phone_hash": known.then(|| sealer.keyed_hash(&phone_digits(&person.phone))),
        "locale": person.locale,
        "telegram_id": person.telegram_id,
    })
}

/// Roles, students and assignments of changed and removed people go; [`links`] writes the new ones.
async fn forget_links(tx: &mut Tx, people: &[Json]) -> Result<()> {
    for sql in [
        "DELETE FROM roles WHERE person IN (SELECT CAST(value AS BIGINT) FROM json_each($1))",
        "DELETE FROM answers_for WHERE person IN (SELECT CAST(value AS BIGINT) FROM json_each($1))",
        "DELETE FROM follows WHERE person IN (SELECT CAST(value AS BIGINT) FROM json_each($1))",
    ] {
        in_chunks(tx, sql, people, None).await?;
    }
    Ok(())
}

async fn links(tx: &mut Tx, people: &[&Person], ids: &Ids) -> Result<()> {
    let (mut roles, mut answers_for, mut follows) = (Vec::new(), Vec::new(), Vec::new());
    for person in people {
        let id = ids.people[&person.code];
        roles.extend(person.duties.iter().map(|((role, unit), signs)| {
            json!({"person": id, "unit": ids.units[unit], "role": role.word(), "signs": i64::from(*signs)})
        }));
        let students = person.answers_for.iter();
        answers_for.extend(students.map(|student| json!({"person": id, "student": ids.people[student]})));
        follows.extend(person.follows.iter().map(|followed| match followed {
            Follows::Student(student) => json!({"person": id, "student": ids.people[student], "unit": 0}),
            Follows::Unit(unit) => json!({"person": id, "student": 0, "unit": ids.units[unit]}),
        }));
    }
    in_chunks(
        tx,
        "INSERT INTO roles (person, unit, role, signs) \
         SELECT CAST(value->>'person' AS BIGINT), CAST(value->>'unit' AS BIGINT), value->>'role', \
                CAST(value->>'signs' AS BIGINT) FROM json_each($1)",
        &roles,
        None,
    )
    .await?;
    in_chunks(
        tx,
        "INSERT INTO answers_for (person, student) \
         SELECT CAST(value->>'person' AS BIGINT), CAST(value->>'student' AS BIGINT) FROM json_each($1)",
        &answers_for,
        None,
    )
    .await?;
    in_chunks(
        tx,
        "INSERT INTO follows (person, student, unit) \
         SELECT CAST(value->>'person' AS BIGINT), CAST(value->>'student' AS BIGINT), \
                CAST(value->>'unit' AS BIGINT) FROM json_each($1)",
        &follows,
        None,
    )
    .await
}

/// What is left of a removed person is the id, code and name that receipts and the audit refer to.
async fn remove(tx: &mut Tx, people: &[Json], now: Time) -> Result<()> {
    in_chunks(
        tx,
        "UPDATE people SET removed_at = $2, phone = NULL, phone_hash = NULL, telegram_id = NULL \
         WHERE id IN (SELECT CAST(value AS BIGINT) FROM json_each($1))",
        people,
        Some(now),
    )
    .await?;
    in_chunks(
        tx,
        "UPDATE invites SET voided_at = $2 WHERE voided_at IS NULL AND used_at IS NULL \
         AND person IN (SELECT CAST(value AS BIGINT) FROM json_each($1))",
        people,
        Some(now),
    )
    .await?;
    for sql in [
        "DELETE FROM bindings WHERE person IN (SELECT CAST(value AS BIGINT) FROM json_each($1))",
        "DELETE FROM contacts WHERE person IN (SELECT CAST(value AS BIGINT) FROM json_each($1))",
    ] {
        in_chunks(tx, sql, people, None).await?;
    }
    Ok(())
}
