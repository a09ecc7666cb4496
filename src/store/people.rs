//! Who is who: units, people, accounts and bindings, as the engine reads them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::seal::Sealer;
use super::{Error, Result, Row, Tx};
use crate::args;
use crate::domain::message::{Locale, Reach, Time};
use crate::domain::person::{Actor, Person, Post, UnitRef};
use crate::domain::roster::Role;

fn unit(row: &Row) -> Result<UnitRef> {
    Ok(UnitRef {
        id: row.get("id")?,
        code: row.get("code")?,
        name: row.get("name")?,
        tier: row.get("tier")?,
        parent: row.get("parent")?,
        path: row.get("path")?,
    })
}

/// The unit with this id.
///
/// # Errors
/// When the database refuses.
pub async fn unit_by_id(tx: &mut Tx, id: i64) -> Result<Option<UnitRef>> {
    tx.maybe(
        "SELECT id, code, name, tier, parent, path FROM units WHERE id = $1 AND removed_at IS NULL",
        args![id],
        unit,
    )
    .await
}

/// The unit with this id, which something in the database points to.
///
/// # Errors
/// When it is not there.
pub async fn unit_known(tx: &mut Tx, id: i64) -> Result<UnitRef> {
    let found = tx
        .maybe("SELECT id, code, name, tier, parent, path FROM units WHERE id = $1", args![id], unit)
        .await?;
    found.ok_or_else(|| Error::Corrupt(format!("unit {id} is named but not there")))
}

/// The unit with this code.
///
/// # Errors
/// When the database refuses.
pub async fn unit_by_code(tx: &mut Tx, code: &str) -> Result<Option<UnitRef>> {
    tx.maybe(
        "SELECT id, code, name, tier, parent, path FROM units WHERE code = $1 AND removed_at IS NULL",
        args![code],
        unit,
    )
    .await
}

/// The root of the roster.
///
/// # Errors
/// When the database refuses.
pub async fn root(tx: &mut Tx) -> Result<Option<UnitRef>> {
    tx.maybe(
        "SELECT id, code, name, tier, parent, path FROM units WHERE tier = 0 AND removed_at IS NULL",
        args![],
        unit,
    )
    .await
}

/// A unit and all below it down to a tier, the highest first.
///
/// # Errors
/// When the database refuses.
pub async fn subtree(tx: &mut Tx, above: &UnitRef, deepest: usize) -> Result<Vec<UnitRef>> {
    tx.all(
        "SELECT id, code, name, tier, parent, path FROM units \
         WHERE path >= $1 AND path < $2 AND tier <= $3 AND removed_at IS NULL ORDER BY tier, code",
        args![&above.path, path_end(&above.path), deepest],
        unit,
    )
    .await
}

/// The first text that is greater than every path below `path`: '0' follows '/'.
pub fn path_end(path: &str) -> String {
    format!("{}0", path.trim_end_matches('/'))
}

/// The people behind an account, with their posts; `None` when nobody is bound to it.
///
/// # Errors
/// When the database refuses.
pub async fn actor(tx: &mut Tx, account: i64, school: Locale) -> Result<Option<Actor>> {
    Ok(actors(tx, &[account], school).await?.remove(&account))
}

/// The people behind accounts, those to which anybody is bound.
///
/// # Errors
/// When the database refuses.
pub async fn actors(tx: &mut Tx, accounts: &[i64], school: Locale) -> Result<BTreeMap<i64, Actor>> {
    let rows = tx
        .all(
            "SELECT b.account, p.id AS person, p.code AS person_code, p.name AS person_name, p.locale, a.locale AS own, \
                    a.bot, \
                    r.role, r.signs, u.id, u.code, u.name, u.tier, u.parent, u.path \
             FROM json_each($1) e JOIN bindings b ON b.account = CAST(e.value->>'id' AS BIGINT) \
             JOIN people p ON p.id = b.person AND p.removed_at IS NULL \
             JOIN roles r ON r.person = p.id JOIN units u ON u.id = r.unit \
             LEFT JOIN accounts a ON a.account = b.account \
             ORDER BY b.account, u.tier, u.code, p.code",
            args![id_list(accounts)],
            |row| {
                let own: Option<String> = row.get("own")?;
                let bot = row.get::<Option<i64>>("bot")?.unwrap_or(0);
                Ok(((row.get::<i64>("account")?, bot), person(row)?, own, post(row)?))
            },
        )
        .await?;
    let mut actors: BTreeMap<i64, Actor> = BTreeMap::new();
    let mut own: BTreeMap<i64, Locale> = BTreeMap::new();
    for ((account, bot), person, choice, post) in rows {
        let actor = actors.entry(account).or_insert_with(|| Actor {
            account,
            bot,
            people: Vec::new(),
            posts: Vec::new(),
            locale: school,
        });
        if let Some(choice) = choice.as_deref().and_then(Locale::from_tag) {
            own.insert(account, choice);
        }
        if !actor.is(person.id) {
            actor.people.push(person);
        }
        actor.posts.push(post);
    }
    for actor in actors.values_mut() {
        let chosen = own.get(&actor.account).copied();
        let theirs = chosen.or_else(|| actor.people.iter().find_map(|person| person.locale));
        actor.locale = theirs.unwrap_or(school);
    }
    Ok(actors)
}

fn person(row: &Row) -> Result<Person> {
    Ok(Person {
        id: row.get("person")?,
        code: row.get("person_code")?,
        name: row.get("person_name")?,
        locale: row.get::<Option<String>>("locale")?.as_deref().and_then(Locale::from_tag),
    })
}

fn post(row: &Row) -> Result<Post> {
    Ok(Post { person: row.get("person")?, role: role(row)?, unit: unit(row)?, signs: row.get("signs")? })
}

fn role(row: &Row) -> Result<Role> {
    let word: String = row.get("role")?;
    Role::from_word(&word).ok_or_else(|| Error::Corrupt(format!("role {word}")))
}

/// Somebody the bot may have to write to, and how.
#[derive(Debug, Clone)]
pub struct Addressee {
    pub person: i64,
    pub code: String,
    pub name: String,
    /// The bound account.
    pub account: Option<i64>,
    /// The account can be written to: bound, started, not blocked.
    pub reachable: bool,
    /// The bot that reaches it, 0 when unknown.
    pub bot: i64,
    pub locale: Locale,
    /// Spoken to as a student.
    pub student: bool,
    /// Sealed.
    pub phone: Option<String>,
}

impl Addressee {
    /// The phone number, opened.
    ///
    /// # Errors
    /// When the key does not fit.
    pub fn open_phone(&self, sealer: &Sealer) -> Result<Option<String>> {
        Ok(self.phone.as_deref().map(|sealed| sealer.open_text(sealed)).transpose()?)
    }
}

macro_rules! addressees {
    ($from:literal) => {
        concat!(
            "SELECT p.id AS person, p.code, p.name, p.phone, p.locale, a.locale AS own, b.account, a.bot, \
             CAST(CASE WHEN a.started_at IS NOT NULL AND a.blocked_at IS NULL AND a.gone = 0 THEN 1 ELSE 0 END AS BIGINT) AS reachable, \
             CAST(CASE WHEN EXISTS (SELECT 1 FROM roles s WHERE s.person = p.id AND s.role = 'student') \
              AND NOT EXISTS (SELECT 1 FROM roles s WHERE s.person = p.id AND s.role <> 'student') THEN 1 ELSE 0 END AS BIGINT) AS student ",
            $from,
            " LEFT JOIN bindings b ON b.person = p.id LEFT JOIN accounts a ON a.account = b.account "
        )
    };
    ($from:literal, $where:literal) => {
        concat!(addressees!($from), $where)
    };
}

fn addressee(row: &Row, school: Locale) -> Result<Addressee> {
    let tag = |name| Ok::<_, Error>(row.get::<Option<String>>(name)?.as_deref().and_then(Locale::from_tag));
    Ok(Addressee {
        person: row.get("person")?,
        code: row.get("code")?,
        name: row.get("name")?,
        account: row.get("account")?,
        reachable: row.get("reachable")?,
        bot: row.get::<Option<i64>>("bot")?.unwrap_or(0),
        locale: tag("own")?.or(tag("locale")?).unwrap_or(school),
        student: row.get("student")?,
        phone: row.get("phone")?,
    })
}

/// These people, in the order of their codes.
///
/// # Errors
/// When the database refuses.
pub async fn addressees(tx: &mut Tx, people: &[i64], school: Locale) -> Result<Vec<Addressee>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    tx.all(
        addressees!(
            "FROM json_each($1) e JOIN people p ON p.id = CAST(e.value->>'id' AS BIGINT)",
            "WHERE p.removed_at IS NULL ORDER BY p.code"
        ),
        args![id_list(people)],
        |row| addressee(row, school),
    )
    .await
}

/// Those who hold one of these roles in a unit.
///
/// # Errors
/// When the database refuses.
pub async fn holders(tx: &mut Tx, unit: i64, roles: &[Role], school: Locale) -> Result<Vec<Addressee>> {
    let words: Vec<_> = roles.iter().map(|role| json!({"role": role.word()})).collect();
    tx.all(
        addressees!(
            "FROM people p",
            "WHERE p.removed_at IS NULL AND p.id IN (SELECT r.person FROM roles r WHERE r.unit = $1 \
             AND r.role IN (SELECT value->>'role' FROM json_each($2))) ORDER BY p.code"
        ),
        args![unit, serde_json::Value::from(words).to_string()],
        |row| addressee(row, school),
    )
    .await
}

/// The roles that make their holders responsible for a unit of this tier.
pub fn responsible_roles(tier: usize) -> &'static [Role] {
    match tier {
        0 => &[Role::Leader, Role::Office],
        1 => &[Role::Secretary],
        2 => &[Role::Counselor],
        _ => &[],
    }
}

/// Those responsible for a unit.
///
/// # Errors
/// When the database refuses.
pub async fn responsible(tx: &mut Tx, unit: &UnitRef, school: Locale) -> Result<Vec<Addressee>> {
    holders(tx, unit.id, responsible_roles(unit.tier), school).await
}

/// Guardians of these students: (student, guardian).
///
/// # Errors
/// When the database refuses.
pub async fn guardians(tx: &mut Tx, students: &[i64]) -> Result<Vec<(i64, i64)>> {
    tx.all(
        "SELECT f.student, f.person FROM json_each($1) e \
         JOIN answers_for f ON f.student = CAST(e.value->>'id' AS BIGINT) \
         JOIN people p ON p.id = f.person AND p.removed_at IS NULL \
         WHERE EXISTS (SELECT 1 FROM roles r WHERE r.person = f.person AND r.role = 'guardian') ORDER BY p.code",
        args![id_list(students)],
        |row| Ok((row.get("student")?, row.get("person")?)),
    )
    .await
}

/// The students these guardians answer for.
///
/// # Errors
/// When the database refuses.
pub async fn children(tx: &mut Tx, guardians: &[i64]) -> Result<Vec<i64>> {
    tx.all(
        "SELECT DISTINCT f.student FROM json_each($1) e \
         JOIN answers_for f ON f.person = CAST(e.value->>'id' AS BIGINT) \
         WHERE EXISTS (SELECT 1 FROM roles r WHERE r.person = f.person AND r.role = 'guardian')",
        args![id_list(guardians)],
        |row| row.get("student"),
    )
    .await
}

/// Names to show for these people; where two of one unit share a name, the last two digits of the code follow.
///
/// # Errors
/// When the database refuses.
pub async fn names(tx: &mut Tx, people: &[i64]) -> Result<BTreeMap<i64, String>> {
    let rows: Vec<(i64, String, String, i64)> = tx
        .all(
            "SELECT p.id, p.name, p.code, CAST(CASE WHEN EXISTS (SELECT 1 FROM roles m JOIN roles o ON o.unit = m.unit \
                     AND o.role = m.role AND o.person <> m.person JOIN people q ON q.id = o.person AND q.name = p.name \
                     AND q.removed_at IS NULL WHERE m.person = p.id) THEN 1 ELSE 0 END AS BIGINT) AS shared \
             FROM json_each($1) e JOIN people p ON p.id = CAST(e.value->>'id' AS BIGINT)",
            args![id_list(people)],
            |row| Ok((row.get("id")?, row.get("name")?, row.get("code")?, row.get("shared")?)),
        )
        .await?;
    Ok(rows.into_iter().map(|(id, name, code, shared)| (id, distinct(&name, &code, shared != 0))).collect())
}

fn distinct(name: &str, code: &str, shared: bool) -> String {
    if !shared {
        return name.to_owned();
    }
    let tail: Vec<char> = code.chars().rev().take(2).collect();
    format!("{name}{}", tail.into_iter().rev().collect::<String>())
}

/// The name to show for one person; empty when there is no such person.
///
/// # Errors
/// When the database refuses.
pub async fn name(tx: &mut Tx, person: i64) -> Result<String> {
    Ok(names(tx, &[person]).await?.remove(&person).unwrap_or_default())
}

/// How many people of a unit and below the bot can reach in private. Each person counts once.
///
/// # Errors
/// When the database refuses.
pub async fn reach(tx: &mut Tx, unit: &UnitRef) -> Result<Reach> {
    tx.one(
        "SELECT COUNT(*) AS expected, COUNT(b.account) AS bound, \
                CAST(COALESCE(SUM(CASE WHEN b.account IS NOT NULL AND a.started_at IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT) AS never_started, \
                CAST(COALESCE(SUM(CASE WHEN a.started_at IS NOT NULL AND (a.blocked_at IS NOT NULL OR a.gone = 1) THEN 1 ELSE 0 END), 0) AS BIGINT) AS blocked \
         FROM people p LEFT JOIN bindings b ON b.person = p.id LEFT JOIN accounts a ON a.account = b.account \
         WHERE p.removed_at IS NULL AND p.id IN (SELECT r.person FROM roles r JOIN units u ON u.id = r.unit \
               WHERE u.path >= $1 AND u.path < $2 AND u.removed_at IS NULL)",
        args![&unit.path, path_end(&unit.path)],
        |row| {
            Ok(Reach {
                expected: row.get("expected")?,
                bound: row.get("bound")?,
                never_started: row.get("never_started")?,
                blocked: row.get("blocked")?,
            })
        },
    )
    .await
}

/// A JSON list of ids, for `json_each`.
pub fn id_list(ids: &[i64]) -> String {
    serde_json::Value::from(ids.iter().map(|id| json!({"id": id})).collect::<Vec<_>>()).to_string()
}

/// An account wrote in private or pressed Start: it can be written to (again).
///
/// # Errors
/// When the database refuses.
pub async fn started(tx: &mut Tx, account: i64, bot: i64, now: Time) -> Result<()> {
    tx.execute(
        "INSERT INTO accounts (account, bot, started_at) VALUES ($1, $2, $3) \
         ON CONFLICT (account) DO UPDATE SET started_at = COALESCE(accounts.started_at, excluded.started_at), \
             bot = excluded.bot, blocked_at = NULL, gone = 0 \
         WHERE accounts.started_at IS NULL OR accounts.blocked_at IS NOT NULL OR accounts.gone = 1 OR accounts.bot <> excluded.bot",
        args![account, bot, now],
    )
    .await?;
    Ok(())
}

/// Which of these accounts are known to be reached through this bot: [`started`] would change nothing.
///
/// # Errors
/// When the database refuses.
pub async fn known_started(tx: &mut Tx, accounts: &[i64], bot: i64) -> Result<BTreeSet<i64>> {
    let known = tx
        .all(
            "SELECT a.account FROM json_each($1) e JOIN accounts a ON a.account = CAST(e.value->>'id' AS BIGINT) \
             WHERE a.bot = $2 AND a.started_at IS NOT NULL AND a.blocked_at IS NULL AND a.gone = 0",
            args![id_list(accounts), bot],
            |row| row.get("account"),
        )
        .await?;
    Ok(known.into_iter().collect())
}

/// An account cannot be written to: it blocked the bot, or is gone for good.
///
/// # Errors
/// When the database refuses.
pub async fn blocked(tx: &mut Tx, account: i64, gone: bool, now: Time) -> Result<()> {
    tx.execute(
        "UPDATE accounts SET blocked_at = $2, gone = CASE WHEN $3 = 1 THEN 1 ELSE gone END WHERE account = $1",
        args![account, now, gone],
    )
    .await?;
    Ok(())
}

/// The roles of one person, the highest tier first.
///
/// # Errors
/// When the database refuses.
pub async fn posts_of(tx: &mut Tx, person: i64) -> Result<Vec<Post>> {
    tx.all(
        "SELECT r.person, r.role, r.signs, u.id, u.code, u.name, u.tier, u.parent, u.path \
         FROM roles r JOIN units u ON u.id = r.unit WHERE r.person = $1 ORDER BY u.tier, u.code, r.role",
        args![person],
        post,
    )
    .await
}
