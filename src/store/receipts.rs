//! Receipts: one row per who must acknowledge, made when the directive is sent, so that nobody is forgotten.

use serde_json::json;

use super::legs::Leg;
use super::people::id_list;
use super::{Result, Tx};
use crate::args;
use crate::domain::message::{Counted, Time};

/// The kind of a receipt's subject.
pub fn kind(counted: Counted) -> &'static str {
    match counted {
        Counted::Colleges | Counted::Classes => "unit",
        Counted::Counselors | Counted::Students => "person",
        Counted::Households => "household",
    }
}

const UNITS: &str = "INSERT INTO receipts (leg, revision, subject, kind, directive) \
     SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), c.unit, 'unit', c.directive FROM legs c \
     WHERE c.parent = $1 AND c.informed = 0 AND c.tier < 3 ON CONFLICT (leg, revision, subject) DO NOTHING";
const COUNSELORS: &str = "INSERT INTO receipts (leg, revision, subject, kind, directive) \
     SELECT DISTINCT CAST($1 AS BIGINT), CAST($2 AS BIGINT), r.person, 'person', c.directive FROM legs c \
     JOIN roles r ON r.unit = c.unit AND r.role = 'counselor' \
     JOIN people p ON p.id = r.person AND p.removed_at IS NULL \
     WHERE c.parent = $1 AND c.informed = 0 AND c.tier = 2 ON CONFLICT (leg, revision, subject) DO NOTHING";
const STUDENTS: &str = "INSERT INTO receipts (leg, revision, subject, kind, directive) \
     SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), r.person, 'person', l.directive FROM legs l \
     JOIN roles r ON r.unit = l.unit AND r.role = 'student' \
     JOIN people p ON p.id = r.person AND p.removed_at IS NULL \
     WHERE l.id = $1 ON CONFLICT (leg, revision, subject) DO NOTHING";
const HOUSEHOLDS: &str = "INSERT INTO receipts (leg, revision, subject, kind, directive) \
     SELECT DISTINCT CAST($1 AS BIGINT), CAST($2 AS BIGINT), r.person, 'household', l.directive FROM legs l \
     JOIN units own ON own.id = l.unit \
     JOIN units u ON u.tier = 2 AND u.removed_at IS NULL AND (u.id = own.id OR u.parent = own.id) \
     JOIN roles r ON r.unit = u.id AND r.role = 'student' \
     JOIN people p ON p.id = r.person AND p.removed_at IS NULL \
     WHERE l.id = $1 \
       AND (u.id = own.id OR (NOT EXISTS (SELECT 1 FROM legs o WHERE o.directive = l.directive AND o.unit = u.id AND o.tier = 3) \
            AND EXISTS (SELECT 1 FROM legs o WHERE o.directive = l.directive AND o.unit = u.id AND o.tier = 2))) \
       AND EXISTS (SELECT 1 FROM answers_for f JOIN people g ON g.id = f.person AND g.removed_at IS NULL \
                   WHERE f.student = r.person AND EXISTS (SELECT 1 FROM roles q WHERE q.person = g.id AND q.role = 'guardian')) \
     ON CONFLICT (leg, revision, subject) DO NOTHING";

/// Open receipts of who left the roster, or the leg's unit: nobody waits for them any more.
const GONE: &str = "DELETE FROM receipts WHERE leg = $1 AND revision = $2 AND acked_at IS NULL AND NOT EXISTS (\
       SELECT 1 FROM people p JOIN roles r ON r.person = p.id JOIN legs l ON l.id = receipts.leg \
       JOIN units u ON u.id = r.unit AND u.removed_at IS NULL \
       WHERE receipts.kind <> 'unit' AND p.id = receipts.subject AND p.removed_at IS NULL AND (\
             (receipts.kind = 'person' AND l.tier = 2 AND r.role = 'student' AND r.unit = l.unit) \
          OR (receipts.kind = 'person' AND l.tier < 2 AND r.role = 'counselor' AND EXISTS (\
                 SELECT 1 FROM legs c WHERE c.parent = l.id AND c.unit = r.unit AND c.informed = 0 AND c.tier = 2)) \
          OR (receipts.kind = 'household' AND r.role = 'student' AND (r.unit = l.unit OR u.parent = l.unit) AND EXISTS (\
                 SELECT 1 FROM answers_for f JOIN people g ON g.id = f.person AND g.removed_at IS NULL \
                 JOIN roles q ON q.person = g.id AND q.role = 'guardian' WHERE f.student = p.id))) \
       UNION ALL \
       SELECT 1 FROM units s WHERE receipts.kind = 'unit' AND s.id = receipts.subject AND s.removed_at IS NULL)";
/// Open receipts of who has acknowledged the same directive in another chat of the tier, before moving here. `+ 0` keeps
/// SQLite to the receipts of a subject: by the revision it would go through all of a directive.
const ANSWERED_ELSEWHERE: &str = "DELETE FROM receipts WHERE leg = $1 AND revision = $2 AND acked_at IS NULL \
     AND EXISTS (SELECT 1 FROM receipts e JOIN legs there ON there.id = e.leg JOIN legs here ON here.id = receipts.leg \
                 WHERE e.subject = receipts.subject AND e.kind = receipts.kind AND e.directive = receipts.directive \
                   AND e.revision + 0 = receipts.revision AND e.acked_at IS NOT NULL AND there.tier = here.tier)";

/// Makes the rows of who must acknowledge on a leg, by today's roster, and counts them. Rows that exist
/// stay; of people who left the roster or the unit only those who had acknowledged stay.
///
/// # Errors
/// When the database refuses.
pub async fn expect(tx: &mut Tx, leg: i64, counted: Counted, revision: i64) -> Result<()> {
    let sql = match counted {
        Counted::Colleges | Counted::Classes => UNITS,
        Counted::Counselors => COUNSELORS,
        Counted::Students => STUDENTS,
        Counted::Households => HOUSEHOLDS,
    };
    tx.execute(sql, args![leg, revision]).await?;
    tx.execute(ANSWERED_ELSEWHERE, args![leg, revision]).await?;
    release(tx, leg, revision).await
}

/// Nobody waits any more for who left the roster or the unit without having acknowledged; counts the leg anew.
///
/// # Errors
/// When the database refuses.
pub async fn release(tx: &mut Tx, leg: i64, revision: i64) -> Result<()> {
    tx.execute(GONE, args![leg, revision]).await?;
    recount(tx, leg, revision).await
}

/// Counts a leg anew from its receipts.
///
/// # Errors
/// When the database refuses.
pub async fn recount(tx: &mut Tx, leg: i64, revision: i64) -> Result<()> {
    tx.execute(
        "UPDATE legs SET must = (SELECT COUNT(*) FROM receipts r WHERE r.leg = $1 AND r.revision = $2), \
                acked = (SELECT COUNT(r.acked_at) FROM receipts r WHERE r.leg = $1 AND r.revision = $2), \
                late = (SELECT COUNT(*) FROM receipts r WHERE r.leg = $1 AND r.revision = $2 AND r.late = 1) \
         WHERE id = $1",
        args![leg, revision],
    )
    .await?;
    Ok(())
}

/// An acknowledgement.
#[derive(Debug, Clone, Copy)]
pub struct Ack<'a> {
    pub directive: i64,
    pub revision: i64,
    /// Only legs of this tier.
    pub tier: usize,
    pub kind: &'a str,
    pub subjects: &'a [i64],
    /// Who acknowledged.
    pub by: i64,
    /// button, reply, reaction, word, phone.
    pub way: &'a str,
    /// Who noted it, when by phone.
    pub recorded_by: Option<i64>,
}

/// Acknowledges whatever of this is still open: (leg, subject, late). Once per receipt, whoever comes twice.
///
/// # Errors
/// When the database refuses.
pub async fn ack(tx: &mut Tx, ack: Ack<'_>, now: Time) -> Result<Vec<(i64, i64, bool)>> {
    tx.all(
        "UPDATE receipts SET acked_at = $1, by_person = $2, way = $3, recorded_by = $4, \
                late = (SELECT CASE WHEN l.due_at < $1 THEN 1 ELSE 0 END FROM legs l WHERE l.id = receipts.leg) \
         WHERE directive = $5 AND revision = $6 AND kind = $7 AND acked_at IS NULL \
           AND subject IN (SELECT CAST(value->>'id' AS BIGINT) FROM json_each($8)) \
           AND leg IN (SELECT l.id FROM legs l WHERE l.directive = $5 AND l.tier = $9) \
         RETURNING leg, subject, COALESCE(late, 0) AS late",
        args![
            now, ack.by, ack.way, ack.recorded_by, ack.directive, ack.revision, ack.kind, id_list(ack.subjects),
            ack.tier
        ],
        |row| Ok((row.get("leg")?, row.get("subject")?, row.get::<Option<i64>>("late")?.unwrap_or(0) != 0)),
    )
    .await
}

/// Whose receipt of which text of a directive is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Owed {
    pub directive: i64,
    pub revision: i64,
    /// A person.
    pub subject: i64,
}

/// A person's receipt as it stands.
#[derive(Debug, Clone)]
pub struct Standing {
    pub owed: Owed,
    pub leg: i64,
    /// When it would be late.
    pub due_at: Option<Time>,
    /// When it was acknowledged, and by whom.
    pub acked: Option<(Time, Option<i64>)>,
}

/// The receipts of these people on legs of this tier. Nobody else changes them before this transaction has ended.
///
/// # Errors
/// When the database refuses.
pub async fn standing(tx: &mut Tx, owed: &[Owed], tier: usize) -> Result<Vec<Standing>> {
    let rows: Vec<_> = owed
        .iter()
        .map(|owed| json!({"directive": owed.directive, "revision": owed.revision, "subject": owed.subject}))
        .collect();
    let sql = tx.pick(
        "SELECT r.directive, r.revision, r.subject, r.leg, r.acked_at, r.by_person, l.due_at FROM json_each($1) e \
         JOIN receipts r ON r.subject = CAST(e.value->>'subject' AS BIGINT) AND r.kind = 'person' \
           AND r.directive = CAST(e.value->>'directive' AS BIGINT) AND r.revision = CAST(e.value->>'revision' AS BIGINT) \
         JOIN legs l ON l.id = r.leg AND l.tier = $2 ORDER BY r.leg, r.subject",
        "SELECT r.directive, r.revision, r.subject, r.leg, r.acked_at, r.by_person, l.due_at FROM json_each($1) e \
         JOIN receipts r ON r.subject = CAST(e.value->>'subject' AS BIGINT) AND r.kind = 'person' \
           AND r.directive = CAST(e.value->>'directive' AS BIGINT) AND r.revision = CAST(e.value->>'revision' AS BIGINT) \
         JOIN legs l ON l.id = r.leg AND l.tier = $2 ORDER BY r.leg, r.subject FOR UPDATE OF r",
    );
    tx.all(sql, args![serde_json::Value::from(rows).to_string(), tier], |row| {
        let (directive, revision) = (row.get("directive")?, row.get("revision")?);
        let (at, by): (Option<Time>, Option<i64>) = (row.get("acked_at")?, row.get("by_person")?);
        Ok(Standing {
            owed: Owed { directive, revision, subject: row.get("subject")? },
            leg: row.get("leg")?,
            due_at: row.get("due_at")?,
            acked: at.map(|at| (at, by)),
        })
    })
    .await
}

/// A receipt that was given.
#[derive(Debug, Clone)]
pub struct Given {
    pub leg: i64,
    pub revision: i64,
    pub subject: i64,
    /// Who acknowledged.
    pub by: i64,
    pub way: String,
    pub late: bool,
}

/// Keeps receipts whose [`standing`] was open.
///
/// # Errors
/// When the database refuses.
pub async fn keep(tx: &mut Tx, given: &[Given], now: Time) -> Result<()> {
    let rows: Vec<_> = given
        .iter()
        .map(|given| {
            json!({"leg": given.leg, "revision": given.revision, "subject": given.subject, "by": given.by,
                   "way": given.way, "late": i64::from(given.late)})
        })
        .collect();
    tx.execute(
        "UPDATE receipts SET acked_at = $2, by_person = CAST(j.value->>'by' AS BIGINT), way = j.value->>'way', \
                late = CAST(j.value->>'late' AS BIGINT) FROM json_each($1) AS j \
         WHERE receipts.leg = CAST(j.value->>'leg' AS BIGINT) \
           AND receipts.revision = CAST(j.value->>'revision' AS BIGINT) \
           AND receipts.subject = CAST(j.value->>'subject' AS BIGINT)",
        args![serde_json::Value::from(rows).to_string(), now],
    )
    .await
    .map(drop)
}

/// Receipts of these subjects that were acknowledged: (subject, when, by whom).
///
/// # Errors
/// When the database refuses.
pub async fn acked(tx: &mut Tx, ack: &Ack<'_>) -> Result<Vec<(i64, Time, Option<i64>)>> {
    tx.all(
        "SELECT r.subject, r.acked_at, r.by_person FROM receipts r JOIN legs l ON l.id = r.leg \
         WHERE r.directive = $1 AND r.revision = $2 AND r.kind = $3 AND r.acked_at IS NOT NULL AND l.tier = $5 \
           AND r.subject IN (SELECT CAST(value->>'id' AS BIGINT) FROM json_each($4)) ORDER BY r.acked_at",
        args![ack.directive, ack.revision, ack.kind, id_list(ack.subjects), ack.tier],
        |row| Ok((row.get("subject")?, row.get("acked_at")?, row.get("by_person")?)),
    )
    .await
}

/// Who is missing on a leg, or was tried.
#[derive(Debug, Clone)]
pub struct Missing {
    pub subject: i64,
    pub acked: bool,
    pub unreached: bool,
}

/// The receipts of a leg that are open, and those acknowledged since they were escalated or by phone.
///
/// # Errors
/// When the database refuses.
pub async fn missing(tx: &mut Tx, leg: i64, revision: i64, with_settled: bool) -> Result<Vec<Missing>> {
    tx.all(
        "SELECT r.subject, r.acked_at, r.unreached_at FROM receipts r LEFT JOIN people p ON p.id = r.subject \
         LEFT JOIN units u ON u.id = r.subject WHERE r.leg = $1 AND r.revision = $2 \
           AND (r.acked_at IS NULL OR ($3 = 1 AND r.escalated_at IS NOT NULL)) \
         ORDER BY COALESCE(p.code, u.code)",
        args![leg, revision, with_settled],
        |row| {
            Ok(Missing {
                subject: row.get("subject")?,
                acked: row.get::<Option<i64>>("acked_at")?.is_some(),
                unreached: row.get::<Option<i64>>("unreached_at")?.is_some(),
            })
        },
    )
    .await
}

/// Notes that the missing of a leg were told upward.
///
/// # Errors
/// When the database refuses.
pub async fn escalated(tx: &mut Tx, leg: i64, revision: i64, to: &[i64], now: Time) -> Result<()> {
    tx.execute(
        "UPDATE receipts SET escalated_at = $3, escalated_to = $4 WHERE leg = $1 AND revision = $2 AND acked_at IS NULL",
        args![leg, revision, now, json!(to).to_string()],
    )
    .await?;
    Ok(())
}

/// Notes a try by phone that failed; `false` when there is no such open receipt.
///
/// # Errors
/// When the database refuses.
pub async fn unreached(
    tx: &mut Tx,
    leg: i64,
    revision: i64,
    subject: i64,
    by: i64,
    now: Time,
) -> Result<bool> {
    let rows = tx
        .execute(
            "UPDATE receipts SET unreached_at = $4, unreached_by = $5 \
             WHERE leg = $1 AND revision = $2 AND subject = $3 AND acked_at IS NULL",
            args![leg, revision, subject, now, by],
        )
        .await?;
    Ok(rows == 1)
}

/// Notes that people were reminded of these legs: (leg, person who was reminded).
///
/// # Errors
/// When the database refuses.
pub async fn reminded(tx: &mut Tx, leg: &Leg, revision: i64, subjects: &[i64], now: Time) -> Result<()> {
    tx.execute(
        "UPDATE receipts SET reminders = reminders + 1, reminded_at = $3 WHERE leg = $1 AND revision = $2 \
         AND acked_at IS NULL AND subject IN (SELECT CAST(value->>'id' AS BIGINT) FROM json_each($4))",
        args![leg.id, revision, now, id_list(subjects)],
    )
    .await?;
    Ok(())
}

/// The subjects of a leg that are still open.
///
/// # Errors
/// When the database refuses.
pub async fn open_subjects(tx: &mut Tx, leg: i64, revision: i64) -> Result<Vec<i64>> {
    tx.all(
        "SELECT subject FROM receipts WHERE leg = $1 AND revision = $2 AND acked_at IS NULL ORDER BY subject",
        args![leg, revision],
        |row| row.get("subject"),
    )
    .await
}
