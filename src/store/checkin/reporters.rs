//! Who may report for whom (C5): each for oneself, a named proxy for those it answers for, guardians as the day's policy
//! says.

use crate::args;
use crate::domain::checkin::{GuardianReports, Way};
use crate::store::people::id_list;
use crate::store::{Result, Tx};

/// Somebody with somebody they may report for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reporter {
    /// Who reports.
    pub by: i64,
    /// Whom the report is about.
    pub person: i64,
    pub way: Way,
}

fn word(reports: GuardianReports) -> &'static str {
    match reports {
        GuardianReports::Never => "never",
        GuardianReports::Unbound => "unbound",
        GuardianReports::Always => "always",
    }
}

/// For whom these people may report on a day, of those who are expected: for oneself first, then by code.
///
/// # Errors
/// When the database refuses.
pub async fn of(tx: &mut Tx, day: i64, reports: GuardianReports, people: &[i64]) -> Result<Vec<Reporter>> {
    let rows: Vec<(i64, i64, i64)> = tx
        .all(
            "WITH asked AS (SELECT CAST(value->>'id' AS BIGINT) AS id FROM json_each($3)), \
             may AS (SELECT a.id AS by_person, a.id AS person, 0 AS place FROM asked a \
                 UNION ALL SELECT a.id, f.student, 1 FROM asked a JOIN answers_for f ON f.person = a.id \
                     WHERE EXISTS (SELECT 1 FROM roles r WHERE r.person = a.id AND r.role = 'proxy') \
                 UNION ALL SELECT a.id, f.student, 2 FROM asked a JOIN answers_for f ON f.person = a.id \
                     WHERE EXISTS (SELECT 1 FROM roles r WHERE r.person = a.id AND r.role = 'guardian') \
                       AND ($2 = 'always' OR ($2 = 'unbound' \
                            AND NOT EXISTS (SELECT 1 FROM bindings b WHERE b.person = f.student)))) \
             SELECT m.by_person, m.person, CAST(MIN(m.place) AS BIGINT) AS place FROM may m \
             JOIN person_days d ON d.day = $1 AND d.person = m.person JOIN people p ON p.id = m.person \
             GROUP BY m.by_person, m.person, p.code ORDER BY 3, p.code, m.by_person",
            args![day, word(reports), id_list(people)],
            |row| Ok((row.get("by_person")?, row.get("person")?, row.get("place")?)),
        )
        .await?;
    let reporter = |(by, person, place)| {
        let way = [Way::Own, Way::Proxy, Way::Guardian].into_iter().zip(0_i64..).find(|(_, at)| *at == place);
        Reporter { by, person, way: way.map_or(Way::Guardian, |(way, _)| way) }
    };
    Ok(rows.into_iter().map(reporter).collect())
}

/// The accounts of whoever could be asked about this person: their own, and of those who answer for them.
///
/// # Errors
/// When the database refuses.
pub async fn accounts(tx: &mut Tx, person: i64) -> Result<Vec<i64>> {
    tx.all(
        "SELECT DISTINCT b.account FROM bindings b WHERE b.person = $1 \
         OR b.person IN (SELECT f.person FROM answers_for f WHERE f.student = $1) ORDER BY b.account",
        args![person],
        |row| row.get("account"),
    )
    .await
}
