//! Whom to ask for those who are missing: themselves, a proxy, or their guardians (C5), whoever of these can be reached.

use crate::args;
use crate::domain::checkin::GuardianReports;
use crate::store::people::{id_list, path_end};
use crate::store::{Result, Row, Tx};

/// Somebody to be asked for somebody's report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ask {
    /// The account that is asked.
    pub account: i64,
    /// The person behind it, by whose right.
    pub asker: i64,
    /// Whom the report is about.
    pub subject: i64,
}

/// Whom to ask.
#[derive(Debug, Clone, Copy)]
pub struct Whom<'a> {
    pub day: i64,
    pub reports: GuardianReports,
    /// Only in this unit and below.
    pub path: &'a str,
    /// Only who was not asked in private before.
    pub fresh: bool,
    /// Classes whose own people a group asks.
    pub classes: &'a [i64],
    /// Classes whose guardians a group asks.
    pub guarded: &'a [i64],
}

fn word(reports: GuardianReports) -> &'static str {
    match reports {
        GuardianReports::Never => "never",
        GuardianReports::Unbound => "unbound",
        GuardianReports::Always => "always",
    }
}

fn ask(row: &Row) -> Result<Ask> {
    Ok(Ask { account: row.get("account")?, asker: row.get("asker")?, subject: row.get("subject")? })
}

/// A named proxy comes first, then guardians where they report, then the person; of these only who can be reached.
macro_rules! asks {
    ($missing:literal, $tail:literal) => {
        concat!(
            "WITH missing AS (", $missing, "), \
             bound AS (SELECT b.person, b.account FROM bindings b JOIN accounts a ON a.account = b.account \
                 WHERE a.started_at IS NOT NULL AND a.blocked_at IS NULL AND a.gone = 0), \
             guarded AS (SELECT f.student, f.person FROM answers_for f \
                 JOIN people p ON p.id = f.person AND p.removed_at IS NULL \
                 WHERE EXISTS (SELECT 1 FROM roles r WHERE r.person = f.person AND r.role = 'guardian')), \
             candidates AS ( \
                 SELECT m.person AS subject, f.person AS asker, 0 AS place, 0 AS covered FROM missing m \
                     JOIN answers_for f ON f.student = m.person JOIN people p ON p.id = f.person AND p.removed_at IS NULL \
                     WHERE EXISTS (SELECT 1 FROM roles r WHERE r.person = f.person AND r.role = 'proxy') \
                 UNION ALL \
                 SELECT m.person, g.person, 1, CASE WHEN m.unit IN (SELECT CAST(value->>'id' AS BIGINT) FROM json_each($4)) \
                         THEN 1 ELSE 0 END \
                     FROM missing m JOIN guarded g ON g.student = m.person \
                     WHERE $2 = 'always' OR ($2 = 'unbound' \
                         AND NOT EXISTS (SELECT 1 FROM bindings b WHERE b.person = m.person)) \
                 UNION ALL \
                 SELECT m.person, m.person, 2, CASE WHEN m.unit IN (SELECT CAST(value->>'id' AS BIGINT) FROM json_each($3)) \
                         THEN 1 ELSE 0 END \
                     FROM missing m \
                     WHERE $2 <> 'always' OR NOT EXISTS (SELECT 1 FROM guarded g WHERE g.student = m.person)), \
             placed AS (SELECT c.subject, c.asker, c.covered, c.place, b.account, \
                     MIN(c.place) OVER (PARTITION BY c.subject) AS best \
                 FROM candidates c JOIN bound b ON b.person = c.asker) \
             SELECT account, asker, subject FROM placed WHERE place = best AND covered = 0 ",
            $tail
        )
    };
}

/// Who is to be asked for whom, account by account, from the first account after `after`; about `limit` rows, no account
/// is torn apart.
///
/// # Errors
/// When the database refuses.
pub async fn to_ask(tx: &mut Tx, whom: Whom<'_>, after: i64, limit: usize) -> Result<Vec<Ask>> {
    let mut asks = tx
        .all(
            asks!(
                "SELECT d.person, d.unit FROM person_days d JOIN unit_days u ON u.day = d.day AND u.unit = d.unit \
                 WHERE d.day = $1 AND d.state = 'missing' AND u.path >= $5 AND u.path < $6 \
                   AND ($7 = 0 OR d.prompted_at IS NULL)",
                "AND account > $8 ORDER BY account, asker, subject LIMIT $9"
            ),
            args![
                whom.day,
                word(whom.reports),
                id_list(whom.classes),
                id_list(whom.guarded),
                whom.path,
                path_end(whom.path),
                whom.fresh,
                after,
                limit
            ],
            ask,
        )
        .await?;
    if asks.len() == limit
        && let (Some(first), Some(last)) = (asks.first().copied(), asks.last().copied())
        && first.account != last.account
    {
        asks.retain(|ask| ask.account != last.account);
    }
    Ok(asks)
}

/// What these people are to be asked: for themselves and for others. Whoever has supplemented a signed day owes nothing
/// more, although its rows stay as they are.
///
/// # Errors
/// When the database refuses.
pub async fn asked_of(tx: &mut Tx, day: i64, reports: GuardianReports, people: &[i64]) -> Result<Vec<Ask>> {
    tx.all(
        asks!(
            "SELECT d.person, d.unit FROM person_days d WHERE d.day = $1 AND d.state = 'missing' \
             AND NOT EXISTS (SELECT 1 FROM reports r WHERE r.day = d.day AND r.person = d.person) AND d.person IN ( \
                 SELECT CAST(value->>'id' AS BIGINT) FROM json_each($5) \
                 UNION SELECT f.student FROM json_each($5) e \
                     JOIN answers_for f ON f.person = CAST(e.value->>'id' AS BIGINT))",
            "AND asker IN (SELECT CAST(value->>'id' AS BIGINT) FROM json_each($5)) ORDER BY asker, subject"
        ),
        args![day, word(reports), id_list(&[]), id_list(&[]), id_list(people)],
        ask,
    )
    .await
}
