//! Reviewing, signing, sending back and filing a day; what supplements it afterwards (D3).

use std::collections::BTreeMap;

use crate::args;
use crate::domain::checkin::PersonState;
use crate::domain::figures::Figures;
use crate::domain::message::Time;
use crate::store::seal::Sealer;
use crate::store::{Error, Result, Tx};

/// Holds a day until the transaction ends, so that nobody signs it meanwhile; whether it is signed.
///
/// # Errors
/// When the database refuses.
pub async fn is_signed(tx: &mut Tx, day: i64) -> Result<bool> {
    let sql = tx.pick(
        "SELECT signed_at FROM days WHERE id = $1",
        "SELECT signed_at FROM days WHERE id = $1 FOR SHARE",
    );
    let at = tx.maybe(sql, args![day], |row| row.get::<Option<Time>>("signed_at")).await?;
    Ok(at.flatten().is_some())
}

/// Holds a day against reports, notes and other signers until the transaction ends.
///
/// # Errors
/// When the database refuses.
pub async fn hold(tx: &mut Tx, day: i64) -> Result<()> {
    let sql = tx.pick("SELECT id FROM days WHERE id = $1", "SELECT id FROM days WHERE id = $1 FOR UPDATE");
    tx.maybe(sql, args![day], |row| row.get::<i64>("id")).await.map(drop)
}

/// Counts a day's people unit by unit from their own rows, apart from what `unit_days` says.
///
/// # Errors
/// When the database refuses.
pub async fn count_rows(tx: &mut Tx, day: i64) -> Result<BTreeMap<i64, Figures>> {
    let rows = tx
        .all(
            "SELECT unit, state, late, changed, level, COUNT(*) AS people FROM person_days WHERE day = $1 \
             GROUP BY unit, state, late, changed, level",
            args![day],
            |row| {
                let word: String = row.get("state")?;
                let state = PersonState::from_word(&word)
                    .ok_or_else(|| Error::Corrupt(format!("a person's state {word}")))?;
                let flags = (row.get("late")?, row.get("changed")?, row.get("level")?);
                Ok((row.get("unit")?, of(state, flags, row.get("people")?)))
            },
        )
        .await?;
    let mut counted: BTreeMap<i64, Figures> = BTreeMap::new();
    for (unit, figures) in rows {
        *counted.entry(unit).or_default() += figures;
    }
    Ok(counted)
}

fn of(state: PersonState, (late, changed, level): (bool, bool, u32), people: u32) -> Figures {
    let all = |holds: bool| if holds { people } else { 0 };
    let reported = state == PersonState::Reported;
    Figures {
        expected: people,
        reported: all(reported),
        missing: all(state == PersonState::Missing),
        excused: all(state == PersonState::Excused),
        unreachable: all(state == PersonState::Unreachable),
        late: all(reported && late),
        changed: all(reported && changed),
        watch: all(reported && level == 1),
        urgent: all(reported && level == 2),
    }
}

/// What is urgent on a day: how many people, and since when the latest of it is known.
///
/// # Errors
/// When the database refuses.
pub async fn urgent(tx: &mut Tx, day: i64) -> Result<(u32, Option<Time>)> {
    tx.one(
        "SELECT COUNT(DISTINCT x.person) AS people, MAX(x.at) AS latest FROM ( \
             SELECT d.person, COALESCE(r.at, d.reported_at) AS at FROM person_days d LEFT JOIN reports r \
                 ON r.day = d.day AND r.person = d.person AND r.version = d.version \
             WHERE d.day = $1 AND d.state = 'reported' AND d.level = 2 \
             UNION ALL SELECT a.person, a.opened_at AS at FROM alerts a WHERE a.day = $1 AND a.cleared_at IS NULL) x",
        args![day],
        |row| Ok((row.get("people")?, row.get("latest")?)),
    )
    .await
}

/// A leader has reviewed the day.
///
/// # Errors
/// When the database refuses.
pub async fn review(tx: &mut Tx, day: i64, by: i64, now: Time) -> Result<bool> {
    let done = tx
        .execute(
            "UPDATE days SET reviewed_at = $3, reviewed_by = $2 WHERE id = $1 AND signed_at IS NULL",
            args![day, by, now],
        )
        .await?;
    Ok(done > 0)
}

/// The day is signed with these figures, unless it was before.
///
/// # Errors
/// When the database refuses.
pub async fn sign(tx: &mut Tx, day: i64, (by, why): (i64, &str), figures: &str, now: Time) -> Result<bool> {
    let done = tx
        .execute(
            "UPDATE days SET signed_at = $5, signed_by = $2, signed_why = $3, signed = $4 \
             WHERE id = $1 AND signed_at IS NULL",
            args![day, by, why, figures, now],
        )
        .await?;
    Ok(done > 0)
}

/// The signed day is recorded as filed with an authority, unless it was before.
///
/// # Errors
/// When the database refuses.
pub async fn file(tx: &mut Tx, day: i64, (by, to): (i64, &str), now: Time) -> Result<bool> {
    let done = tx
        .execute(
            "UPDATE days SET filed_at = $4, filed_by = $2, filed_to = $3 \
             WHERE id = $1 AND signed_at IS NOT NULL AND filed_at IS NULL",
            args![day, by, to, now],
        )
        .await?;
    Ok(done > 0)
}

/// The authority with which a day was filed last.
///
/// # Errors
/// When the database refuses.
pub async fn last_authority(tx: &mut Tx) -> Result<Option<String>> {
    tx.maybe("SELECT filed_to FROM days WHERE filed_to <> '' ORDER BY id DESC LIMIT 1", args![], |row| {
        row.get("filed_to")
    })
    .await
}

/// Notes an act of review, signing, sending back or filing in the day's history.
///
/// # Errors
/// When the database refuses.
pub async fn note(
    tx: &mut Tx,
    day: i64,
    act: &str,
    (person, unit): (i64, Option<i64>),
    why: &str,
    now: Time,
) -> Result<()> {
    tx.execute(
        "INSERT INTO signs (day, seq, at, act, person, unit, why) \
         SELECT CAST($1 AS BIGINT), COALESCE(MAX(seq), 0) + 1, CAST($6 AS BIGINT), $2, CAST($3 AS BIGINT), \
                CAST($4 AS BIGINT), $5 FROM signs WHERE day = $1",
        args![day, act, person, unit, why, now],
    )
    .await?;
    Ok(())
}

/// Those who may sign: `signs` in the roster at the school.
///
/// # Errors
/// When the database refuses.
pub async fn signers(tx: &mut Tx) -> Result<Vec<i64>> {
    tx.all(
        "SELECT DISTINCT r.person FROM roles r JOIN units u ON u.id = r.unit AND u.tier = 0 AND u.removed_at IS NULL \
         JOIN people p ON p.id = r.person AND p.removed_at IS NULL \
         WHERE r.signs = 1 AND r.role NOT IN ('student', 'guardian', 'proxy') ORDER BY r.person",
        args![],
        |row| row.get("person"),
    )
    .await
}

/// Days before this one that nobody signed, the newest first: at most `most`.
///
/// # Errors
/// When the database refuses.
pub async fn unsigned_before(tx: &mut Tx, day: i64, most: usize) -> Result<Vec<i64>> {
    tx.all(
        "SELECT id FROM days WHERE id < $1 AND signed_at IS NULL ORDER BY id DESC LIMIT $2",
        args![day, most],
        |row| row.get("id"),
    )
    .await
}

/// A report after the day was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supplement {
    pub number: i64,
    pub unit: i64,
    pub at: Time,
    pub why: String,
}

/// The supplements of a day, in order.
///
/// # Errors
/// When the database refuses or the key does not fit.
pub async fn supplements(tx: &mut Tx, sealer: &Sealer, day: i64) -> Result<Vec<Supplement>> {
    tx.all(
        "SELECT r.supplement, d.unit, r.at, r.why FROM reports r \
         JOIN person_days d ON d.day = r.day AND d.person = r.person \
         WHERE r.day = $1 AND r.supplement > 0 ORDER BY r.supplement",
        args![day],
        |row| {
            let why: String = row.get("why")?;
            Ok(Supplement {
                number: row.get("supplement")?,
                unit: row.get("unit")?,
                at: row.get("at")?,
                why: if why.is_empty() { why } else { sealer.open_text(&why)? },
            })
        },
    )
    .await
}
