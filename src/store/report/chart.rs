//! What the digest's chart is drawn from: how completion rose over a day, and how the last days went (D6).

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};

use crate::args;
use crate::domain::checkin::day_id;
use crate::domain::figures::Figures;
use crate::domain::message::Time;
use crate::domain::report::Series;
use crate::store::checkin::units::UnitDay;
use crate::store::people::path_end;
use crate::store::{Result, Tx};

/// How finely the day is drawn, in milliseconds.
const BUCKET: i64 = 10 * 60 * 1000;
/// How many days are shown.
const DAYS: u64 = 14;

/// How completion rose in each of the units of a tier, from the opening until now. `units` are those of the report with
/// all below; what is above the tier (the school's own staff) has no line of its own.
///
/// # Errors
/// When the database refuses.
pub async fn series(
    tx: &mut Tx,
    day: i64,
    (units, tier): (&[UnitDay], usize),
    (opened_at, until): (Time, Time),
) -> Result<Vec<Series>> {
    let reported = tx
        .all(
            "SELECT unit, reported_at / 600000 AS bucket, COUNT(*) AS people FROM person_days \
             WHERE day = $1 AND state = 'reported' AND reported_at IS NOT NULL GROUP BY unit, reported_at / 600000",
            args![day],
            |row| Ok((row.get::<i64>("unit")?, row.get::<i64>("bucket")?, row.get::<u32>("people")?)),
        )
        .await?;
    let mut lines: Vec<(&UnitDay, Figures, BTreeMap<i64, u32>)> = units
        .iter()
        .filter(|unit| unit.tier == tier)
        .map(|unit| (unit, Figures::default(), BTreeMap::new()))
        .collect();
    let paths: BTreeMap<i64, &str> = units.iter().map(|unit| (unit.unit, unit.path.as_str())).collect();
    let line_of = |path: &str, line: &UnitDay| path.starts_with(&line.path);
    for unit in units {
        if let Some(line) = lines.iter_mut().find(|line| line_of(&unit.path, line.0)) {
            line.1 += unit.own;
        }
    }
    for (unit, bucket, people) in reported {
        let Some(path) = paths.get(&unit) else { continue };
        if let Some(line) = lines.iter_mut().find(|line| line_of(path, line.0)) {
            *line.2.entry(bucket).or_insert(0) += people;
        }
    }
    let drawn = lines.into_iter().filter(|(_, figures, _)| figures.owing() > 0);
    Ok(drawn
        .map(|(unit, figures, buckets)| line(unit, figures.owing(), &buckets, (opened_at, until)))
        .collect())
}

/// A point where the share begins to rise and one where it has risen; where nothing happens there are none.
fn line(
    unit: &UnitDay,
    owing: u32,
    buckets: &BTreeMap<i64, u32>,
    (opened_at, until): (Time, Time),
) -> Series {
    let share = |people: u32| f64::from(people) / f64::from(owing.max(1));
    let at = |bucket: i64| {
        Time::from_timestamp_millis(bucket * BUCKET).unwrap_or(opened_at).clamp(opened_at, until)
    };
    let mut points = vec![(opened_at, 0.0)];
    let mut sum = 0;
    for (bucket, people) in buckets {
        let begins = at(*bucket);
        if points.last().is_some_and(|(last, _)| *last < begins) {
            points.push((begins, share(sum)));
        }
        sum += people;
        points.push((at(bucket + 1), share(sum)));
    }
    if points.last().is_some_and(|(last, _)| *last < until) {
        points.push((until, share(sum)));
    }
    Series { name: unit.name.clone(), points }
}

/// Completion of a unit with all below on the last days up to this one, the oldest first.
///
/// # Errors
/// When the database refuses.
pub async fn last_days(tx: &mut Tx, path: &str, date: NaiveDate) -> Result<Vec<(NaiveDate, Option<f64>)>> {
    let dates: Vec<NaiveDate> =
        (0..DAYS).rev().filter_map(|back| date.checked_sub_days(Days::new(back))).collect();
    let first = dates.first().copied().unwrap_or(date);
    let shares: BTreeMap<i64, Option<f64>> = totals(tx, path, (day_id(first), day_id(date)))
        .await?
        .into_iter()
        .map(|(day, figures)| (day, figures.completion()))
        .collect();
    Ok(dates.into_iter().map(|date| (date, shares.get(&day_id(date)).copied().flatten())).collect())
}

/// The figures of a unit with all below, day by day, as far as there were check-ins.
///
/// # Errors
/// When the database refuses.
pub async fn totals(tx: &mut Tx, path: &str, (first, last): (i64, i64)) -> Result<Vec<(i64, Figures)>> {
    tx.all(
        "SELECT day, CAST(SUM(expected) AS BIGINT) AS expected, CAST(SUM(reported) AS BIGINT) AS reported, \
                CAST(SUM(missing) AS BIGINT) AS missing, CAST(SUM(excused) AS BIGINT) AS excused, \
                CAST(SUM(unreachable) AS BIGINT) AS unreachable \
         FROM unit_days WHERE day >= $1 AND day <= $2 AND path >= $3 AND path < $4 GROUP BY day ORDER BY day",
        args![first, last, path, path_end(path)],
        |row| {
            let figures = Figures {
                expected: row.get("expected")?,
                reported: row.get("reported")?,
                missing: row.get("missing")?,
                excused: row.get("excused")?,
                unreachable: row.get("unreachable")?,
                ..Figures::default()
            };
            Ok((row.get("day")?, figures))
        },
    )
    .await
}
