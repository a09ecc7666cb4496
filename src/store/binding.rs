//! Accounts and whom they are bound to; links, guesses, and claims that somebody must decide.

use super::{Result, Row, Tx};
use crate::args;
use crate::domain::message::{Locale, Time};
use crate::domain::person::UnitRef;

/// Somebody of the roster whom an account says to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// people.id
    pub person: i64,
    pub code: String,
    pub name: String,
    /// Sealed.
    pub phone: Option<String>,
    /// The account bound at present.
    pub account: Option<i64>,
}

fn candidate(row: &Row) -> Result<Candidate> {
    Ok(Candidate {
        person: row.get("id")?,
        code: row.get("code")?,
        name: row.get("name")?,
        phone: row.get("phone")?,
        account: row.get("account")?,
    })
}

/// The person with this code; within a unit and all below it when one is given (guardians belong to their
/// students' units too).
///
/// # Errors
/// When the database refuses.
pub async fn by_code(tx: &mut Tx, code: &str, within: Option<&UnitRef>) -> Result<Option<Candidate>> {
    let path = within.map_or("", |unit| unit.path.as_str());
    tx.maybe(
        "SELECT p.id, p.code, p.name, p.phone, b.account FROM people p LEFT JOIN bindings b ON b.person = p.id \
         WHERE p.code = $1 AND p.removed_at IS NULL AND EXISTS ( \
             SELECT 1 FROM roles r JOIN units u ON u.id = r.unit \
             WHERE substr(u.path, 1, length($2)) = $2 AND (r.person = p.id OR r.person IN \
                 (SELECT f.student FROM answers_for f WHERE f.person = p.id)))",
        args![code, path],
        candidate,
    )
    .await
}

/// The person with this id.
///
/// # Errors
/// When the database refuses.
pub async fn by_id(tx: &mut Tx, person: i64) -> Result<Option<Candidate>> {
    tx.maybe(
        "SELECT p.id, p.code, p.name, p.phone, b.account FROM people p LEFT JOIN bindings b ON b.person = p.id \
         WHERE p.id = $1 AND p.removed_at IS NULL",
        args![person],
        candidate,
    )
    .await
}

/// An account as the bot knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The bot that reaches it.
    pub bot: i64,
    /// It can be written to.
    pub reachable: bool,
    /// The command menu that was last set.
    pub menu: Option<String>,
}

/// What is known of an account.
///
/// # Errors
/// When the database refuses.
pub async fn account(tx: &mut Tx, account: i64) -> Result<Option<Account>> {
    tx.maybe(
        "SELECT bot, menu, CAST(CASE WHEN started_at IS NOT NULL AND blocked_at IS NULL AND gone = 0 THEN 1 ELSE 0 END AS BIGINT) \
             AS reachable FROM accounts WHERE account = $1",
        args![account],
        |row| Ok(Account { bot: row.get("bot")?, reachable: row.get("reachable")?, menu: row.get("menu")? }),
    )
    .await
}

/// Holds an account until the transaction ends: two processes must not bind it at the same time.
///
/// # Errors
/// When the database refuses.
pub async fn hold_account(tx: &mut Tx, account: i64) -> Result<()> {
    let sql = tx.pick(
        "SELECT account FROM accounts WHERE account = $1",
        "SELECT account FROM accounts WHERE account = $1 FOR UPDATE",
    );
    tx.maybe(sql, args![account], |row| row.get::<i64>("account")).await.map(drop)
}

/// The command menu that was set for an account.
///
/// # Errors
/// When the database refuses.
pub async fn set_menu(tx: &mut Tx, account: i64, menu: &str) -> Result<()> {
    tx.execute("UPDATE accounts SET menu = $2 WHERE account = $1", args![account, menu]).await.map(drop)
}

/// The language an account chose.
///
/// # Errors
/// When the database refuses.
pub async fn set_locale(tx: &mut Tx, account: i64, locale: Locale) -> Result<()> {
    tx.execute("UPDATE accounts SET locale = $2 WHERE account = $1", args![account, locale.tag()])
        .await
        .map(drop)
}

/// Whether somebody not bound gets the polite answer now: once a minute. Notes that they do.
///
/// # Errors
/// When the database refuses.
pub async fn may_refuse(tx: &mut Tx, account: i64, now: Time) -> Result<bool> {
    let before = now - chrono::TimeDelta::minutes(1);
    let told = tx
        .execute(
            "UPDATE accounts SET refused_at = $2 WHERE account = $1 AND (refused_at IS NULL OR refused_at <= $3)",
            args![account, now, before],
        )
        .await?;
    Ok(told == 1)
}

/// The account a person is bound to.
///
/// # Errors
/// When the database refuses.
pub async fn account_of(tx: &mut Tx, person: i64) -> Result<Option<i64>> {
    tx.maybe("SELECT account FROM bindings WHERE person = $1", args![person], |row| row.get("account")).await
}

/// The name of somebody else behind an account who holds a role that this person holds too.
///
/// # Errors
/// When the database refuses.
pub async fn role_twin(tx: &mut Tx, person: i64, account: i64) -> Result<Option<String>> {
    tx.maybe(
        "SELECT p.name FROM bindings b JOIN people p ON p.id = b.person AND p.removed_at IS NULL \
         JOIN roles theirs ON theirs.person = b.person JOIN roles mine ON mine.role = theirs.role \
         WHERE b.account = $2 AND b.person <> $1 AND mine.person = $1 LIMIT 1",
        args![person, account],
        |row| row.get("name"),
    )
    .await
}

/// Binds a person to an account, in place of another one when `moves`. Open links of the person are void
/// from now on. `false`: somebody else was quicker and the person has an account.
///
/// # Errors
/// When the database refuses.
pub async fn bind(
    tx: &mut Tx,
    (person, account): (i64, i64),
    how: &str,
    moves: bool,
    now: Time,
) -> Result<bool> {
    let sql = if moves {
        "INSERT INTO bindings (person, account, bound_at, how) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (person) DO UPDATE SET account = excluded.account, bound_at = excluded.bound_at, how = excluded.how"
    } else {
        "INSERT INTO bindings (person, account, bound_at, how) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (person) DO NOTHING"
    };
    if tx.execute(sql, args![person, account, now, how]).await? == 0 {
        return Ok(false);
    }
    tx.execute(
        "UPDATE invites SET voided_at = $2 WHERE person = $1 AND used_at IS NULL AND voided_at IS NULL",
        args![person, now],
    )
    .await?;
    tx.execute("DELETE FROM attempts WHERE account = $1", args![account]).await?;
    Ok(true)
}

/// Ends what an account was asked on behalf of a person it is bound to no more.
///
/// # Errors
/// When the database refuses.
pub async fn forget_dialogue(tx: &mut Tx, account: i64, person: i64) -> Result<()> {
    tx.execute("DELETE FROM dialogues WHERE account = $1 AND person = $2", args![account, person])
        .await
        .map(drop)
}

/// A binding link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    pub person: i64,
    pub expires_at: Time,
    pub used: bool,
    /// A newer one took its place, or it was seen in a group.
    pub void: bool,
    /// Somebody responsible made it for this one person: it may move the binding to another account.
    pub moves: bool,
}

/// The link whose token has this hash. Whoever else tries it at the same moment waits here, so that all but
/// one find it used.
///
/// # Errors
/// When the database refuses.
pub async fn invite(tx: &mut Tx, token_hash: &str) -> Result<Option<Invite>> {
    let sql = tx.pick(
        "SELECT i.person, i.expires_at, i.used_at, i.voided_at, i.made_by FROM invites i \
         JOIN people p ON p.id = i.person AND p.removed_at IS NULL WHERE i.token_hash = $1",
        "SELECT i.person, i.expires_at, i.used_at, i.voided_at, i.made_by FROM invites i \
         JOIN people p ON p.id = i.person AND p.removed_at IS NULL WHERE i.token_hash = $1 FOR UPDATE OF i",
    );
    tx.maybe(sql, args![token_hash], |row| {
        Ok(Invite {
            person: row.get("person")?,
            expires_at: row.get("expires_at")?,
            used: row.get::<Option<i64>>("used_at")?.is_some(),
            void: row.get::<Option<i64>>("voided_at")?.is_some(),
            moves: row.get::<Option<i64>>("made_by")?.is_some(),
        })
    })
    .await
}

/// Uses a link up; `false` when somebody else was quicker. This one statement decides a race.
///
/// # Errors
/// When the database refuses.
pub async fn use_invite(tx: &mut Tx, token_hash: &str, now: Time) -> Result<bool> {
    let used = tx
        .execute(
            "UPDATE invites SET used_at = $2 \
             WHERE token_hash = $1 AND used_at IS NULL AND voided_at IS NULL AND expires_at > $2",
            args![token_hash, now],
        )
        .await?;
    Ok(used == 1)
}

/// Makes a link void; its person when it was good until now.
///
/// # Errors
/// When the database refuses.
pub async fn burn_invite(tx: &mut Tx, token_hash: &str, now: Time) -> Result<Option<i64>> {
    tx.maybe(
        "UPDATE invites SET voided_at = $2 \
         WHERE token_hash = $1 AND used_at IS NULL AND voided_at IS NULL AND expires_at > $2 RETURNING person",
        args![token_hash, now],
        |row| row.get("person"),
    )
    .await
}

/// Wrong tries of an account at one kind of secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempts {
    pub failed: u32,
    pub last_at: Time,
    /// It was told to wait since then.
    pub told: bool,
}

/// The wrong tries of an account.
///
/// # Errors
/// When the database refuses.
pub async fn attempts(tx: &mut Tx, account: i64, what: &str) -> Result<Option<Attempts>> {
    tx.maybe(
        "SELECT failed, last_at, told_at FROM attempts WHERE account = $1 AND what = $2",
        args![account, what],
        |row| {
            let last_at: i64 = row.get("last_at")?;
            Ok(Attempts {
                failed: row.get("failed")?,
                last_at: row.get("last_at")?,
                told: row.get::<i64>("told_at")? >= last_at,
            })
        },
    )
    .await
}

/// One more wrong try.
///
/// # Errors
/// When the database refuses.
pub async fn failed(tx: &mut Tx, account: i64, what: &str, now: Time) -> Result<()> {
    tx.execute(
        "INSERT INTO attempts (account, what, failed, last_at) VALUES ($1, $2, 1, $3) \
         ON CONFLICT (account, what) DO UPDATE SET failed = attempts.failed + 1, last_at = excluded.last_at",
        args![account, what, now],
    )
    .await
    .map(drop)
}

/// The account was told to wait.
///
/// # Errors
/// When the database refuses.
pub async fn told_to_wait(tx: &mut Tx, account: i64, what: &str, now: Time) -> Result<()> {
    tx.execute("UPDATE attempts SET told_at = $3 WHERE account = $1 AND what = $2", args![account, what, now])
        .await
        .map(drop)
}

/// Wrong tries count no more.
///
/// # Errors
/// When the database refuses.
pub async fn forgive(tx: &mut Tx, account: i64, what: &str) -> Result<()> {
    tx.execute("DELETE FROM attempts WHERE account = $1 AND what = $2", args![account, what]).await.map(drop)
}
