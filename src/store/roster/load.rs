use std::collections::HashMap;

use crate::args;
use crate::domain::roster::{Follows, Person, Role, Roster, Unit};
use crate::store::seal::Sealer;
use crate::store::{Error, Result, Row, Tx};

/// The roster as it is kept, without what was removed. `telegram_id` is as it was last imported.
///
/// # Errors
/// When the database refuses or the key does not fit.
pub async fn load(tx: &mut Tx, sealer: &Sealer) -> Result<Roster> {
    let mut roster = Roster::default();
    for unit in units(tx).await? {
        roster.units.insert(unit.code.clone(), unit);
    }
    let mut people: HashMap<i64, Person> = people(tx, sealer).await?.into_iter().collect();
    duties(tx, &mut people).await?;
    answers_for(tx, &mut people).await?;
    follows(tx, &mut people).await?;
    roster.people = people.into_values().map(|person| (person.code.clone(), person)).collect();
    Ok(roster)
}

/// The roster with `telegram_id` as the account that is bound now, so that another installation which
/// imports it needs no new binding.
///
/// # Errors
/// When the database refuses or the key does not fit.
pub async fn load_with_accounts(tx: &mut Tx, sealer: &Sealer) -> Result<Roster> {
    let mut roster = load(tx, sealer).await?;
    let bound = bound_accounts(tx).await?;
    for person in roster.people.values_mut() {
        person.telegram_id = bound.get(&person.code).copied();
    }
    Ok(roster)
}

/// The bound account of each person's code.
pub(super) async fn bound_accounts(tx: &mut Tx) -> Result<HashMap<String, i64>> {
    let sql = "SELECT p.code, b.account FROM bindings b JOIN people p ON p.id = b.person \
               WHERE p.removed_at IS NULL";
    let rows = tx.all(sql, args![], |row| Ok((row.get("code")?, row.get("account")?))).await?;
    Ok(rows.into_iter().collect())
}

/// The units that are not removed, in no order.
///
/// # Errors
/// When the database refuses.
pub async fn units(tx: &mut Tx) -> Result<Vec<Unit>> {
    tx.all(
        "SELECT u.code, u.name, u.tier, p.code AS parent FROM units u LEFT JOIN units p ON p.id = u.parent \
         WHERE u.removed_at IS NULL",
        args![],
        |row| {
            Ok(Unit {
                code: row.get("code")?,
                name: row.get("name")?,
                tier: row.get("tier")?,
                parent: row.get("parent")?,
            })
        },
    )
    .await
}

async fn people(tx: &mut Tx, sealer: &Sealer) -> Result<Vec<(i64, Person)>> {
    let read = |row: &Row| {
        let sealed: Option<String> = row.get("phone")?;
        let phone = sealed.map(|sealed| sealer.open_text(&sealed)).transpose()?;
        let person = Person {
            code: row.get("code")?,
            name: row.get("name")?,
            phone: phone.unwrap_or_default(),
            locale: row.get("locale")?,
            telegram_id: row.get("telegram_id")?,
            ..Person::default()
        };
        Ok((row.get("id")?, person))
    };
    let sql = "SELECT id, code, name, phone, locale, telegram_id FROM people WHERE removed_at IS NULL";
    tx.all(sql, args![], read).await
}

async fn duties(tx: &mut Tx, people: &mut HashMap<i64, Person>) -> Result<()> {
    let read = |row: &Row| {
        let word: String = row.get("role")?;
        let role = Role::from_word(&word).ok_or_else(|| Error::Corrupt(format!("the role {word:?}")))?;
        Ok((row.get::<i64>("person")?, (role, row.get("code")?), row.get("signs")?))
    };
    let sql = "SELECT r.person, r.role, r.signs, u.code FROM roles r JOIN units u ON u.id = r.unit";
    for (id, duty, signs) in tx.all(sql, args![], read).await? {
        if let Some(person) = people.get_mut(&id) {
            person.duties.insert(duty, signs);
        }
    }
    Ok(())
}

async fn answers_for(tx: &mut Tx, people: &mut HashMap<i64, Person>) -> Result<()> {
    let sql = "SELECT a.person, s.code FROM answers_for a JOIN people s ON s.id = a.student";
    let read = |row: &Row| Ok((row.get::<i64>("person")?, row.get("code")?));
    for (id, student) in tx.all(sql, args![], read).await? {
        if let Some(person) = people.get_mut(&id) {
            person.answers_for.insert(student);
        }
    }
    Ok(())
}

async fn follows(tx: &mut Tx, people: &mut HashMap<i64, Person>) -> Result<()> {
    let sql = "SELECT f.person, s.code AS student, u.code AS unit FROM follows f \
               LEFT JOIN people s ON s.id = f.student LEFT JOIN units u ON u.id = f.unit";
    let read = |row: &Row| {
        let student: Option<String> = row.get("student")?;
        let unit: Option<String> = row.get("unit")?;
        let followed = student.map(Follows::Student).or(unit.map(Follows::Unit));
        Ok((row.get::<i64>("person")?, followed))
    };
    for (id, followed) in tx.all(sql, args![], read).await? {
        if let Some(person) = people.get_mut(&id) {
            person.follows.extend(followed);
        }
    }
    Ok(())
}
