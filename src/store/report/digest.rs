//! The numbers of the digest that no other view has (D6): one statement each.

use std::collections::BTreeMap;

use crate::args;
use crate::domain::message::{Number, Time};
use crate::domain::split::title;
use crate::store::people::{id_list, path_end};
use crate::store::{Result, Tx};

/// More than this nobody counts through.
const MOST: usize = 1000;

/// A directive that is overdue somewhere below a unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Overdue {
    pub number: Number,
    pub title: String,
    /// In how many units.
    pub units: u32,
    /// How many are missing there.
    pub missing: u32,
}

/// Directives with an overdue leg at this path or below, the oldest due first.
///
/// # Errors
/// When the database refuses.
pub async fn overdue(tx: &mut Tx, path: &str, now: Time) -> Result<Vec<Overdue>> {
    tx.all(
        "SELECT d.year, d.number, SUBSTR(d.text, 1, 200) AS head, COUNT(DISTINCT l.unit) AS places, \
                CAST(SUM(l.must - l.acked) AS BIGINT) AS missing \
         FROM units u JOIN legs l ON l.unit = u.id AND l.state = 'arrived' AND l.acked < l.must AND l.informed = 0 \
         JOIN directives d ON d.id = l.directive AND d.state = 'sent' \
         WHERE u.path >= $1 AND u.path < $2 AND l.due_at < $3 \
         GROUP BY d.id, d.year, d.number, d.text ORDER BY MIN(l.due_at), d.id LIMIT $4",
        args![path, path_end(path), now, MOST],
        |row| {
            let year: i64 = row.get("year")?;
            Ok(Overdue {
                number: Number { year: i32::try_from(year).unwrap_or_default(), number: row.get("number")? },
                title: title(&row.get::<String>("head")?),
                units: row.get("places")?,
                missing: row.get("missing")?,
            })
        },
    )
    .await
}

/// Per tier of chat, the median of the minutes from the arrival of a directive to its acknowledgement, of those that
/// were sent in this span.
///
/// # Errors
/// When the database refuses.
pub async fn medians(tx: &mut Tx, path: &str, (from, to): (Time, Time)) -> Result<Vec<(usize, u32)>> {
    let rows = tx
        .all(
            "SELECT l.tier, (r.acked_at - l.arrived_at) / 60000 AS minutes, COUNT(*) AS people \
             FROM directives d JOIN legs l ON l.directive = d.id AND l.arrived_at IS NOT NULL \
             JOIN units u ON u.id = l.unit AND u.path >= $1 AND u.path < $2 \
             JOIN receipts r ON r.leg = l.id AND r.revision = d.revision AND r.acked_at IS NOT NULL \
             WHERE d.state = 'sent' AND d.issued_at >= $3 AND d.issued_at < $4 \
             GROUP BY l.tier, (r.acked_at - l.arrived_at) / 60000 ORDER BY 1, 2",
            args![path, path_end(path), from, to],
            |row| Ok((row.get::<usize>("tier")?, row.get::<u32>("minutes")?, row.get::<u32>("people")?)),
        )
        .await?;
    let mut tiers: BTreeMap<usize, Vec<(u32, u32)>> = BTreeMap::new();
    for (tier, minutes, people) in rows {
        tiers.entry(tier).or_default().push((minutes, people));
    }
    Ok(tiers.into_iter().filter_map(|(tier, counts)| Some((tier, median(&counts)?))).collect())
}

/// The middle of values that are counted in order; of two middles the lower one.
fn median(counts: &[(u32, u32)]) -> Option<u32> {
    let all: u64 = counts.iter().map(|(_, people)| u64::from(*people)).sum();
    let mut below = 0;
    for (value, people) in counts {
        below += u64::from(*people);
        if below * 2 >= all {
            return Some(*value);
        }
    }
    None
}

/// The newest day before another one.
///
/// # Errors
/// When the database refuses.
pub async fn day_before(tx: &mut Tx, day: i64) -> Result<Option<i64>> {
    let sql = "SELECT id FROM days WHERE id < $1 ORDER BY id DESC LIMIT 1";
    tx.maybe(sql, args![day], |row| row.get("id")).await
}

/// Which of these accounts the bot has not seen in a chat.
///
/// # Errors
/// When the database refuses.
pub async fn not_in(tx: &mut Tx, chat: i64, accounts: &[i64]) -> Result<Vec<i64>> {
    tx.all(
        "SELECT CAST(e.value->>'id' AS BIGINT) AS account FROM json_each($1) e WHERE NOT EXISTS ( \
             SELECT 1 FROM chat_members m WHERE m.chat = $2 AND m.inside = 1 \
                AND m.account = CAST(e.value->>'id' AS BIGINT))",
        args![id_list(accounts), chat],
        |row| row.get("account"),
    )
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_is_the_middle() {
        assert_eq!(median(&[]), None);
        assert_eq!(median(&[(3, 1)]), Some(3));
        assert_eq!(median(&[(1, 2), (5, 2)]), Some(1));
        assert_eq!(median(&[(1, 2), (5, 3)]), Some(5));
        assert_eq!(median(&[(0, 1), (2, 1), (90, 1)]), Some(2));
    }
}
