//! Where sealed values are, and how they are sealed anew with another key (S13). A new table with a sealed column is
//! added to [`SEALED`] and nowhere else.

use std::collections::BTreeMap;

use serde_json::json;

use super::seal::{Sealer, key_of, marks_of};
use super::{Result, Tx};
use crate::args;
use crate::domain::roster::phone_digits;

/// A column of sealed texts with the statements that walk and change it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sealed {
    pub table: &'static str,
    pub column: &'static str,
    /// Values whose first two characters are none of `$1`, at most `$2`, without the first `$3`.
    page: &'static str,
    /// Puts new values into the place of old ones that are still there.
    change: &'static str,
    /// How many values begin with each two characters.
    count: &'static str,
}

macro_rules! sealed {
    ($table:literal ($one:literal) $($rest:tt)+) => { sealed!($table ($one, $one, $one) $($rest)+) };
    ($table:literal ($one:literal, $two:literal) $($rest:tt)+) => { sealed!($table ($one, $two, $two) $($rest)+) };
    ($table:literal ($one:literal, $two:literal, $three:literal) $column:literal) => {
        sealed!($table ($one, $two, $three) $column also "")
    };
    ($table:literal ($one:literal, $two:literal, $three:literal) $column:literal also $more:literal) => {
        Sealed {
            table: $table,
            column: $column,
            page: concat!(
                "SELECT ", $one, " AS one, ", $two, " AS two, ", $three, " AS three, ", $column, " AS sealed FROM ",
                $table, " WHERE LENGTH(", $column, ") > 2 AND SUBSTR(", $column, ", 1, 2) NOT IN \
                 (SELECT value->>'mark' FROM json_each($1)) ORDER BY 1, 2, 3 LIMIT $2 OFFSET $3"
            ),
            change: concat!(
                "UPDATE ", $table, " SET ", $column, " = j.value->>'new'", $more, " FROM json_each($1) AS j WHERE ",
                $table, ".", $one, " = CAST(j.value->>'one' AS BIGINT) AND ", $table, ".", $two,
                " = CAST(j.value->>'two' AS BIGINT) AND ", $table, ".", $three,
                " = CAST(j.value->>'three' AS BIGINT) AND ", $table, ".", $column, " = j.value->>'old'"
            ),
            count: concat!(
                "SELECT SUBSTR(", $column, ", 1, 2) AS mark, COUNT(*) AS n FROM ", $table,
                " WHERE LENGTH(", $column, ") > 2 GROUP BY 1"
            ),
        }
    };
}

/// Every column that holds sealed texts: table, key of one to three numbers, column.
pub const SEALED: &[Sealed] = &[
    sealed!("people"("id") "phone" also ", phone_hash = j.value->>'hash'"),
    sealed!("messages"("id") "body"),
    sealed!("outbox"("id") "body"),
    sealed!("inbox"("bot", "update_id") "payload"),
    sealed!("dialogues"("account") "body"),
    sealed!("chat_members"("chat", "account") "name"),
    sealed!("person_days"("day", "person") "noted_why"),
    sealed!("reports"("day", "person", "version") "answers"),
    sealed!("reports"("day", "person", "version") "places"),
    sealed!("reports"("day", "person", "version") "why"),
    sealed!("sessions"("account", "day", "person") "body"),
    sealed!("alerts"("id") "reasons"),
    sealed!("alerts"("id") "why"),
    sealed!("alert_events"("alert", "seq") "detail"),
];

/// A sealed value of a row.
#[derive(Debug, Clone)]
pub struct Old {
    one: i64,
    two: i64,
    three: i64,
    sealed: String,
}

fn marks(id: u8) -> String {
    let marks = marks_of(id).into_iter().map(|mark| json!({ "mark": mark }));
    serde_json::Value::from_iter(marks).to_string()
}

/// Values of a column that were not sealed with the key `current`: at most `limit` after the first `skip`.
///
/// # Errors
/// When the database refuses.
pub async fn not_sealed_with(
    tx: &mut Tx,
    of: &Sealed,
    current: u8,
    (limit, skip): (usize, usize),
) -> Result<Vec<Old>> {
    tx.all(of.page, args![marks(current), limit, skip], |row| {
        Ok(Old {
            one: row.get("one")?,
            two: row.get("two")?,
            three: row.get("three")?,
            sealed: row.get("sealed")?,
        })
    })
    .await
}

/// Seals values anew; one that was changed meanwhile stays as it is. Returns how many could not be opened: they stay,
/// too.
///
/// # Errors
/// When the database refuses.
pub async fn seal_anew(tx: &mut Tx, sealer: &Sealer, of: &Sealed, values: &[Old]) -> Result<usize> {
    let mut rows = Vec::with_capacity(values.len());
    for old in values {
        let Ok(plain) = sealer.open_text(&old.sealed) else { continue };
        let hash = (of.table == "people").then(|| sealer.keyed_hash(&phone_digits(&plain)));
        rows.push(json!({
            "one": old.one, "two": old.two, "three": old.three, "old": old.sealed, "new": sealer.seal_text(&plain), "hash": hash,
        }));
    }
    let unopened = values.len() - rows.len();
    tx.execute(of.change, args![serde_json::Value::from(rows).to_string()]).await?;
    Ok(unopened)
}

/// A verified number's hash follows the number's key: what was verified stays verified.
///
/// # Errors
/// When the database refuses or a phone cannot be opened.
pub async fn keep_verified(tx: &mut Tx, sealer: &Sealer) -> Result<()> {
    let differing = tx
        .all(
            "SELECT p.id, p.phone, c.phone_hash AS verified FROM contacts c \
             JOIN people p ON p.id = c.person AND p.phone IS NOT NULL AND p.phone_hash <> c.phone_hash",
            args![],
            |row| Ok((row.get::<i64>("id")?, row.get::<String>("phone")?, row.get::<String>("verified")?)),
        )
        .await?;
    for (person, phone, verified) in differing {
        let digits = phone_digits(&sealer.open_text(&phone)?);
        if sealer.is_hash_of(&verified, &digits) {
            let hash = sealer.keyed_hash(&digits);
            tx.execute("UPDATE contacts SET phone_hash = $2 WHERE person = $1", args![person, &hash]).await?;
            tx.execute("UPDATE people SET phone_hash = $2 WHERE id = $1", args![person, hash]).await?;
        }
    }
    Ok(())
}

/// How many values each key has sealed.
///
/// # Errors
/// When the database refuses.
pub async fn by_key(tx: &mut Tx) -> Result<BTreeMap<u8, i64>> {
    let mut counts = BTreeMap::new();
    for of in SEALED {
        let found =
            tx.all(of.count, args![], |row| Ok((row.get::<String>("mark")?, row.get::<i64>("n")?))).await?;
        for (mark, n) in found {
            // Two characters hold the whole id; the rest only fills up.
            if let Some(id) = key_of(&format!("{mark}AA")) {
                *counts.entry(id).or_default() += n;
            }
        }
    }
    Ok(counts)
}

/// No key has this id before 254 changes of keys.
const NO_KEY: u8 = u8::MAX;

/// How many of some sealed values a key file opens, and how many not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sample {
    pub opened: usize,
    pub failed: usize,
}

/// Tries the first sealed value of each column.
///
/// # Errors
/// When the database refuses.
pub async fn sample(tx: &mut Tx, sealer: &Sealer) -> Result<Sample> {
    let mut sample = Sample::default();
    for of in SEALED {
        for old in not_sealed_with(tx, of, NO_KEY, (1, 0)).await? {
            match sealer.open_text(&old.sealed) {
                Ok(_) => sample.opened += 1,
                Err(_) => sample.failed += 1,
            }
        }
    }
    Ok(sample)
}

const UNUSED: &str = "keys:unused_since";

/// Since when (milliseconds) no value needed an older key; `None` while one does.
///
/// # Errors
/// When the database refuses.
pub async fn unused_since(tx: &mut Tx) -> Result<Option<i64>> {
    tx.maybe("SELECT CAST(value AS BIGINT) AS at FROM settings WHERE name = $1", args![UNUSED], |row| {
        row.get("at")
    })
    .await
}

/// Notes since when no value needs an older key; `None` forgets it.
///
/// # Errors
/// When the database refuses.
pub async fn note_unused(tx: &mut Tx, since: Option<i64>) -> Result<()> {
    match since {
        Some(at) => tx.execute(
            "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
            args![UNUSED, at.to_string()],
        ),
        None => tx.execute("DELETE FROM settings WHERE name = $1", args![UNUSED]),
    }
    .await
    .map(drop)
}
