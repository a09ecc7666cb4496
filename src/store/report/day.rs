//! A day's report read from the database: one statement for each sheet, however many people it covers (D2–D5).

mod acts;
mod people;

use std::collections::BTreeMap;

use crate::args;
use crate::domain::figures::{Figures, SignedUnit};
use crate::domain::message::{Locale, Number, Time};
use crate::domain::report::{DayReport, DirectiveRow, ReportRights, UnitRow};
use crate::domain::split::title;
use crate::store::checkin::days;
use crate::store::checkin::units::{self, UnitDay};
use crate::store::people::path_end;
use crate::store::seal::Sealer;
use crate::store::{Error, Result, Tx};

/// Which report is wanted, and for whom.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// `days.id`.
    pub day: i64,
    /// The unit reported on, with all below it.
    pub unit: i64,
    /// The school's name.
    pub school: &'a str,
    /// The tiers' configured keys, by position.
    pub tiers: &'a [String],
    /// The language of questions and choices.
    pub locale: Locale,
    pub rights: &'a ReportRights,
    /// When the local day begins and when the next one does.
    pub span: (Time, Time),
}

/// A unit of the day, where it stands in the report.
struct Place {
    unit: UnitDay,
    /// Codes from the report's own unit down: the order of the rows.
    codes: Vec<String>,
}

/// The units of a report, from the top, each followed by those below it.
struct Places {
    all: Vec<Place>,
    ranks: BTreeMap<i64, usize>,
    /// The path of the report's own unit on that day.
    path: String,
}

impl Places {
    fn of(units: Vec<UnitDay>, path: String) -> Places {
        let codes: BTreeMap<i64, String> = units.iter().map(|unit| (unit.unit, unit.code.clone())).collect();
        let way = |unit: &UnitDay| -> Vec<String> {
            let ids = unit.path.split('/').filter_map(|part| part.parse::<i64>().ok());
            ids.filter_map(|id| codes.get(&id).cloned()).collect()
        };
        let mut all: Vec<Place> = units.into_iter().map(|unit| Place { codes: way(&unit), unit }).collect();
        all.sort_by(|one, other| one.codes.cmp(&other.codes));
        let ranks = all.iter().enumerate().map(|(rank, place)| (place.unit.unit, rank)).collect();
        Places { all, ranks, path }
    }

    fn rank(&self, unit: i64) -> usize {
        self.ranks.get(&unit).copied().unwrap_or(usize::MAX)
    }

    /// Code and name of a unit.
    fn named(&self, unit: i64) -> (String, String) {
        let place = self.ranks.get(&unit).and_then(|rank| self.all.get(*rank));
        place.map(|place| (place.unit.code.clone(), place.unit.name.clone())).unwrap_or_default()
    }

    /// Those of the report's units for which a right holds.
    fn within(&self, holds: impl Fn(i64) -> bool) -> Vec<i64> {
        self.all.iter().map(|place| place.unit.unit).filter(|unit| holds(*unit)).collect()
    }
}

/// The report of a day; `None` when there was no check-in on it, or the unit had no part in it.
///
/// # Errors
/// When the database refuses, or the key does not fit.
pub async fn day(tx: &mut Tx, sealer: &Sealer, wanted: &Wanted<'_>) -> Result<Option<DayReport>> {
    let (Some(rules), Some(state)) = (days::rules(tx, wanted.day).await?, days::state(tx, wanted.day).await?)
    else {
        return Ok(None);
    };
    let Some(path) = path_on(tx, wanted.day, wanted.unit).await? else { return Ok(None) };
    let places = Places::of(units::below(tx, wanted.day, &path).await?, path);
    let signed = signed(&state.signed)?;
    let answers = match wanted.rights.answers.is_nowhere() {
        true => None,
        false => Some(people::answers(tx, sealer, wanted, &rules.form, &places).await?),
    };
    Ok(Some(DayReport {
        date: rules.date,
        school: wanted.school.to_owned(),
        units: unit_rows(tx, wanted, &places, &signed).await?,
        missing: people::missing(tx, sealer, wanted, &places).await?,
        answers,
        directives: directives(tx, wanted, &places.path).await?,
        signoff: acts::of_day(tx, sealer, wanted, &state, &places).await?,
    }))
}

/// Where a unit stood on a day.
async fn path_on(tx: &mut Tx, day: i64, unit: i64) -> Result<Option<String>> {
    let sql = "SELECT path FROM unit_days WHERE day = $1 AND unit = $2";
    tx.maybe(sql, args![day, unit], |row| row.get("path")).await
}

fn signed(json: &str) -> Result<BTreeMap<i64, Figures>> {
    if json.is_empty() {
        return Ok(BTreeMap::new());
    }
    let corrupt = |error: serde_json::Error| Error::Corrupt(format!("days.signed: {error}"));
    let units: Vec<SignedUnit> = serde_json::from_str(json).map_err(corrupt)?;
    Ok(units.into_iter().map(|unit| (unit.unit, unit.figures)).collect())
}

/// The figures that were signed, else those of now.
async fn unit_rows(
    tx: &mut Tx,
    wanted: &Wanted<'_>,
    places: &Places,
    signed: &BTreeMap<i64, Figures>,
) -> Result<Vec<UnitRow>> {
    let units: Vec<UnitDay> = places.all.iter().map(|place| place.unit.clone()).collect();
    let sums = units::with_below(&units);
    let confirmed: Vec<i64> = units.iter().filter_map(|unit| unit.confirmed_by).collect();
    let names = people::names(tx, confirmed).await?;
    let row = |place: &Place| {
        let unit = &place.unit;
        let figures = signed.get(&unit.unit).or_else(|| sums.get(&unit.unit)).copied().unwrap_or_default();
        let depth = place.codes.len().saturating_sub(1);
        UnitRow {
            code: unit.code.clone(),
            unit: unit.name.clone(),
            tier: unit.tier,
            tier_key: wanted.tiers.get(unit.tier).cloned().unwrap_or_default(),
            depth: u8::try_from(depth).unwrap_or(u8::MAX),
            figures,
            confirmed_by: unit.confirmed_by.and_then(|by| names.get(&by).cloned()),
            confirmed_at: unit.confirmed_at,
        }
    };
    Ok(places.all.iter().map(row).collect())
}

/// Directives that went out that day, or for which something came in that day or is still missing; unit by unit.
async fn directives(tx: &mut Tx, wanted: &Wanted<'_>, path: &str) -> Result<Vec<DirectiveRow>> {
    tx.all(
        "SELECT d.year, d.number, SUBSTR(d.text, 1, 200) AS head, d.issued_at, l.tier, u.name AS unit, l.must, l.acked, \
                l.late, l.arrived_at, CASE WHEN l.done_state IN ('reported', 'accepted') THEN l.done_at END AS done_at \
         FROM directives d JOIN legs l ON l.directive = d.id JOIN units u ON u.id = l.unit \
         WHERE d.state IN ('sent', 'withdrawn') AND d.issued_at < $4 AND (d.ended_at IS NULL OR d.ended_at >= $3) \
           AND u.path >= $1 AND u.path < $2 AND l.informed = 0 AND l.state <> 'end' \
           AND (l.arrived_at IS NULL OR l.arrived_at < $4) \
           AND (d.issued_at >= $3 OR l.acked < l.must \
                OR EXISTS (SELECT 1 FROM receipts r WHERE r.leg = l.id AND r.acked_at >= $3)) \
         ORDER BY d.year, d.number, l.tier, u.path",
        args![path, path_end(path), wanted.span.0, wanted.span.1],
        |row| {
            let tier: usize = row.get("tier")?;
            let year: i64 = row.get("year")?;
            Ok(DirectiveRow {
                number: Number { year: i32::try_from(year).unwrap_or_default(), number: row.get("number")? },
                title: title(&row.get::<String>("head")?),
                issued_at: row.get("issued_at")?,
                tier,
                tier_key: wanted.tiers.get(tier).cloned().unwrap_or_default(),
                unit: row.get("unit")?,
                must_ack: row.get("must")?,
                acked: row.get("acked")?,
                late: row.get("late")?,
                relayed_at: row.get("arrived_at")?,
                done_at: row.get("done_at")?,
            })
        },
    )
    .await
}
