//! What a digest says and its chart shows, read in a handful of statements.

use std::collections::BTreeMap;

use chrono::NaiveTime;

use crate::domain::directive::{GUARDIANS, MEMBERS};
use crate::domain::figures::Figures;
use crate::domain::message::{
    ConfirmedTier, Counted, Digest, Lagging, OperatorNote, OverdueLine, Signing, Time,
};
use crate::domain::person::UnitRef;
use crate::domain::report::ChartData;
use crate::engine::Settings;
use crate::store::checkin::days::{self, DayRules, DayState};
use crate::store::checkin::units::{self, UnitDay};
use crate::store::report::{chart, digest};
use crate::store::{Result, Tx, alerts, nags, people};

/// How many lagging units, and units that have not confirmed, are named.
const UNITS: usize = 5;
/// How many overdue directives are named.
const DIRECTIVES: usize = 3;

/// A digest with its chart, of one moment.
pub(super) struct Drawn {
    pub digest: Digest,
    pub chart: ChartData,
}

/// The units of a day with their sums.
struct Board {
    units: Vec<UnitDay>,
    sums: BTreeMap<i64, Figures>,
}

impl Board {
    fn sum(&self, unit: i64) -> Figures {
        self.sums.get(&unit).copied().unwrap_or_default()
    }
}

/// The digest of a unit's day as it stands now; `None` when there was no check-in on it.
pub(super) async fn draw(
    tx: &mut Tx,
    settings: &Settings,
    unit: &UnitRef,
    day: i64,
    now: Time,
) -> Result<Option<Drawn>> {
    let (Some(rules), Some(state)) = (days::rules(tx, day).await?, days::state(tx, day).await?) else {
        return Ok(None);
    };
    let units = units::below(tx, day, &unit.path).await?;
    let board = Board { sums: units::with_below(&units), units };
    let digest = words(tx, settings, (unit, &rules, &state), &board, now).await?;
    let chart = picture(tx, settings, (unit, &rules), &board, now).await?;
    Ok(Some(Drawn { digest, chart }))
}

async fn words(
    tx: &mut Tx,
    settings: &Settings,
    (unit, rules, state): (&UnitRef, &DayRules, &DayState),
    board: &Board,
    now: Time,
) -> Result<Digest> {
    let span = settings.calendar.span(rules.date);
    let tier = (unit.tier + 1).min(MEMBERS);
    let (lagging, lagging_total) = lagging(board, tier);
    let before = match digest::day_before(tx, rules.id).await? {
        Some(before) => Some(units::total(tx, before, &unit.path).await?).filter(|sum| sum.expected > 0),
        None => None,
    };
    let tally = alerts::tally(tx, rules.id, &unit.path).await?;
    let overdue = digest::overdue(tx, &unit.path, now).await?;
    let medians = digest::medians(tx, &unit.path, span).await?;
    let line = |line: &digest::Overdue| OverdueLine {
        number: line.number,
        title: line.title.clone(),
        units: line.units,
        missing: line.missing,
    };
    let whole = unit.tier == 0;
    Ok(Digest {
        unit: if whole { settings.school.clone() } else { unit.name.clone() },
        date: rules.date,
        at: now,
        figures: board.sum(unit.id),
        tier: settings.tier_name(tier),
        lagging,
        lagging_total,
        before,
        alerts: tally.alerts,
        open_alerts: tally.open,
        mistaken_alerts: tally.mistaken,
        confirmed: confirmed(settings, rules, unit, board, now),
        signing: if whole { Some(signing(tx, state).await?) } else { None },
        overdue: overdue.iter().take(DIRECTIVES).map(line).collect(),
        overdue_total: u32::try_from(overdue.len()).unwrap_or(u32::MAX),
        medians: medians.into_iter().map(|(tier, minutes)| (counted(tier), minutes)).collect(),
        operator: if whole { nags::judged(tx, span, now).await? } else { OperatorNote::default() },
    })
}

/// Who answers in a chat of this tier.
fn counted(tier: usize) -> Counted {
    match tier {
        0 => Counted::Colleges,
        1 => Counted::Counselors,
        GUARDIANS => Counted::Households,
        _ => Counted::Students,
    }
}

/// Units of a tier where people are missing or could not be reached, the worst first.
fn lagging(board: &Board, tier: usize) -> (Vec<Lagging>, u32) {
    let row = |unit: &UnitDay| {
        let figures = board.sum(unit.unit);
        let missing = figures.missing + figures.unreachable;
        Lagging { unit: unit.name.clone(), missing, owing: figures.owing() }
    };
    let here = board.units.iter().filter(|unit| unit.tier == tier);
    let mut rows: Vec<Lagging> = here.map(row).filter(|row| row.missing > 0).collect();
    rows.sort_by(|one, other| other.missing.cmp(&one.missing).then_with(|| one.unit.cmp(&other.unit)));
    let total = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    rows.truncate(UNITS);
    (rows, total)
}

/// Per tier how many units have confirmed; those that were to by now and have not are named.
fn confirmed(
    settings: &Settings,
    rules: &DayRules,
    unit: &UnitRef,
    board: &Board,
    now: Time,
) -> Vec<ConfirmedTier> {
    let due = |time: NaiveTime| settings.calendar.instant(rules.date, time) <= now;
    let tiers = [(1, rules.policy.college_due), (MEMBERS, rules.policy.class_due)];
    let line = |(tier, time): (usize, NaiveTime)| {
        let owing: Vec<&UnitDay> =
            board.units.iter().filter(|row| row.tier == tier && board.sum(row.unit).expected > 0).collect();
        let open: Vec<&&UnitDay> = owing.iter().filter(|row| row.confirmed_at.is_none()).collect();
        let waiting = open.iter().take(if due(time) { UNITS } else { 0 });
        ConfirmedTier {
            tier: settings.tier_name(tier),
            confirmed: u32::try_from(owing.len() - open.len()).unwrap_or(u32::MAX),
            of: u32::try_from(owing.len()).unwrap_or(u32::MAX),
            waiting: waiting.map(|row| row.name.clone()).collect(),
        }
    };
    tiers.into_iter().filter(|(tier, _)| *tier >= unit.tier).map(line).filter(|line| line.of > 0).collect()
}

async fn signing(tx: &mut Tx, state: &DayState) -> Result<Signing> {
    let (Some(by), Some(at)) = (state.signed_by, state.signed_at) else { return Ok(Signing::Open) };
    let filed = state.filed_at.map(|_| state.filed_to.clone());
    Ok(Signing::Signed { by: people::name(tx, by).await?, at, filed })
}

async fn picture(
    tx: &mut Tx,
    settings: &Settings,
    (unit, rules): (&UnitRef, &DayRules),
    board: &Board,
    now: Time,
) -> Result<ChartData> {
    let tier = (unit.tier + 1).min(MEMBERS);
    let (_, midnight) = settings.calendar.span(rules.date);
    let until = now.min(midnight).max(rules.opened_at);
    let span = (rules.opened_at, until);
    Ok(ChartData {
        school: if unit.tier == 0 { settings.school.clone() } else { unit.name.clone() },
        date: rules.date,
        at: until,
        opened_at: Some(rules.opened_at),
        deadline: Some(rules.deadline_at),
        figures: board.sum(unit.id),
        tier,
        colleges: chart::series(tx, rules.id, (&board.units, tier), span).await?,
        days: chart::last_days(tx, &unit.path, rules.date).await?,
    })
}
