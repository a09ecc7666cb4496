//! The list of who has not reported, as one of those responsible sees it: with names and phones one tier down, as counts
//! further below (F4).

use std::collections::{BTreeMap, BTreeSet};

use super::group::EVERYWHERE;
use crate::domain::authority::charges;
use crate::domain::checkin::PersonState;
use crate::domain::directive::MEMBERS;
use crate::domain::figures::Figures;
use crate::domain::message::{
    Class, DayMessage, Message, MissingList, MissingUnit, NobodyBelow, Refusal, SilentRow, Time, Toast,
    TodayItem,
};
use crate::domain::person::{Actor, UnitRef};
use crate::engine::Work;
use crate::engine::press::Press;
use crate::engine::work::Manner;
use crate::store::checkin::days::DayRules;
use crate::store::checkin::silent::{self, Silent, way_up};
use crate::store::checkin::units::{self, UnitDay};
use crate::store::{Result, messages, people};

/// People on one page: each has three buttons.
const PAGE: usize = 6;
/// Units on one message.
const ROWS: usize = 20;

/// What one reader is told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Scope {
    /// The tier of the reader's post.
    pub tier: usize,
    pub units: Vec<i64>,
    pub because: Option<NobodyBelow>,
    /// The unit that is looked into.
    pub inside: Option<i64>,
    pub page: usize,
}

impl Scope {
    /// The scope of a list that is shown.
    pub fn of(list: &MissingList) -> Self {
        Self {
            tier: list.tier,
            units: list.units.clone(),
            because: list.because,
            inside: list.inside,
            page: list.page,
        }
    }
}

/// All units of a day, with and without what is below them.
pub(super) struct Board {
    pub all: Vec<UnitDay>,
    pub sums: BTreeMap<i64, Figures>,
}

/// How many have neither reported nor been excused.
pub(super) fn open(figures: &Figures) -> u32 {
    figures.missing + figures.unreachable
}

impl Board {
    pub fn get(&self, unit: i64) -> Option<&UnitDay> {
        self.all.iter().find(|known| known.unit == unit)
    }

    /// Units directly below this one.
    fn children<'b>(&'b self, unit: &'b UnitDay) -> impl Iterator<Item = &'b UnitDay> {
        self.all.iter().filter(move |below| {
            below.path.len() > unit.path.len()
                && below.path.starts_with(&unit.path)
                && way_up(&below.path).iter().rev().nth(1) == Some(&unit.unit)
        })
    }

    /// Whoever is on this unit or one above it up to below `tier`: with when that ends.
    pub fn held(&self, unit: &UnitDay, tier: usize, now: Time) -> Option<&UnitDay> {
        let held = |above: i64| {
            self.get(above)
                .filter(|above| above.tier > tier && above.held_until.is_some_and(|until| until > now))
        };
        way_up(&unit.path).into_iter().find_map(held)
    }
}

impl Work<'_> {
    pub(super) async fn overall(&mut self, day: i64) -> Result<Board> {
        let all = units::below(&mut self.tx, day, EVERYWHERE).await?;
        let sums = units::with_below(&all);
        Ok(Board { all, sums })
    }

    /// What somebody with this scope sees now.
    pub(super) async fn missing_list(
        &mut self,
        day: &DayRules,
        board: &Board,
        scope: &Scope,
    ) -> Result<MissingList> {
        let tops: Vec<&UnitDay> = match scope.inside {
            Some(inside) => board.get(inside).into_iter().collect(),
            None => scope.units.iter().filter_map(|unit| board.get(*unit)).collect(),
        };
        let total: Figures = tops.iter().map(|top| board.sums[&top.unit]).sum();
        let (rows, more) = self.rows(board, &tops, scope).await?;
        let named = if scope.inside.is_some() { Vec::new() } else { named_units(board, &tops) };
        let silent = silent::silent(&mut self.tx, day.id, &named).await?;
        let pages = silent.len().div_ceil(PAGE).max(1);
        let page = scope.page.min(pages - 1);
        let shown: Vec<Silent> = silent.into_iter().skip(page * PAGE).take(PAGE).collect();
        let held = |top: &&&UnitDay| top.held_until.is_some_and(|until| until > self.now);
        let free = scope.tier > 0 && !tops.iter().any(|top| held(&top));
        Ok(MissingList {
            day: day.id,
            date: day.date,
            deadline: day.deadline_at,
            tier: scope.tier,
            units: scope.units.clone(),
            because: scope.because,
            inside: scope.inside,
            rows,
            more,
            missing: total.missing,
            unreachable: total.unreachable,
            people: self.silent_rows(&shown).await?,
            page,
            pages,
            free,
        })
    }

    /// A line for each class or college where somebody is missing; those told of a few classes see each of them.
    async fn rows(
        &mut self,
        board: &Board,
        tops: &[&UnitDay],
        scope: &Scope,
    ) -> Result<(Vec<MissingUnit>, u32)> {
        let mut lines: Vec<(&UnitDay, Figures, bool)> = Vec::new();
        for top in tops {
            if top.tier == MEMBERS {
                lines.push((top, top.own, false));
                continue;
            }
            lines.push((top, top.own, false));
            lines.extend(board.children(top).map(|below| {
                let opens = scope.tier == 0 && below.tier < MEMBERS;
                (below, board.sums[&below.unit], opens)
            }));
        }
        lines.retain(|(unit, figures, _)| open(figures) > 0 || (unit.tier == MEMBERS && tops.len() > 1));
        let more = lines.len().saturating_sub(ROWS);
        lines.truncate(ROWS);
        let holders: BTreeSet<i64> = lines.iter().filter_map(|(unit, ..)| unit.held_by).collect();
        let names = people::names(&mut self.tx, &holders.into_iter().collect::<Vec<_>>()).await?;
        let now = self.now;
        let row = |(unit, figures, opens): (&UnitDay, Figures, bool)| {
            let holder = unit.held_by.and_then(|by| names.get(&by).cloned());
            MissingUnit {
                unit: unit.unit,
                name: unit.name.clone(),
                opens,
                expected: figures.expected,
                reported: figures.reported,
                missing: figures.missing,
                unreachable: figures.unreachable,
                held: holder.zip(unit.held_until.filter(|until| *until > now)),
            }
        };
        Ok((lines.into_iter().map(row).collect(), u32::try_from(more).unwrap_or(u32::MAX)))
    }

    async fn silent_rows(&mut self, shown: &[Silent]) -> Result<Vec<SilentRow>> {
        let ids: Vec<i64> = shown.iter().map(|silent| silent.person).collect();
        let names = people::names(&mut self.tx, &ids).await?;
        let locale = self.school_locale();
        let who = people::addressees(&mut self.tx, &ids, locale).await?;
        let mut rows = Vec::with_capacity(shown.len());
        for silent in shown {
            let known = who.iter().find(|who| who.person == silent.person);
            let phone = match known {
                Some(known) => known.open_phone(&self.engine.sealer)?,
                None => None,
            };
            rows.push(SilentRow {
                person: silent.person,
                name: names.get(&silent.person).cloned().unwrap_or_default(),
                phone,
                unreachable: known.is_none_or(|known| !known.reachable),
                unreached: silent.state == PersonState::Unreachable,
            });
        }
        Ok(rows)
    }

    /// How many are silent in the units this actor is responsible for, once the deadline has passed.
    pub(in crate::engine) async fn silent_items(&mut self, actor: &Actor) -> Result<Vec<TodayItem>> {
        let Some(day) = self.day_of_today().await?.filter(|day| day.deadline_at <= self.now) else {
            return Ok(Vec::new());
        };
        let mut items = Vec::new();
        for unit in charged(actor) {
            let missing = open(&units::total(&mut self.tx, day.id, &unit.path).await?);
            if missing > 0 {
                items.push(TodayItem::Silent { unit: unit.name.clone(), missing });
            }
        }
        Ok(items)
    }

    /// The list of who is silent, opened from `/today`: a message of its own.
    pub(in crate::engine) async fn open_missing(&mut self, press: &Press<'_>) -> Result<Toast> {
        let Some(day) = self.day_of_today().await? else { return Ok(Toast::Outdated) };
        let units = charged(press.actor);
        let Some(first) = units.first() else { return Ok(Toast::Refused(Refusal::NoRight)) };
        let board = self.overall(day.id).await?;
        let (tier, units) = (first.tier, units.iter().map(|unit| unit.id).collect());
        let scope = Scope { tier, units, because: None, inside: None, page: 0 };
        let list = self.missing_list(&day, &board, &scope).await?;
        let owner = first_responsible(press.actor).unwrap_or_else(|| press.actor.first().id);
        let slot = format!("missing:{}:{owner}", day.id);
        let manner = Manner::answer().about(slot, "missing", day.id).owned_by(owner);
        let to = self.private(press.actor);
        self.say(to, manner, Message::Day(Box::new(DayMessage::Missing(list))));
        Ok(Toast::Quiet)
    }

    /// Shows every list of a day, on which one of these units stands, as it is now.
    pub(in crate::engine) async fn refresh_missing(&mut self, touched: &BTreeSet<(i64, i64)>) -> Result<()> {
        let days: BTreeSet<i64> = touched.iter().map(|(day, _)| *day).collect();
        for day in days {
            if !messages::any_about(&mut self.tx, "missing", day).await? {
                continue;
            }
            let Some(rules) = self.day(day).await? else { continue };
            let board = self.overall(day).await?;
            let units = touched.iter().filter(|(of, _)| *of == day).filter_map(|(_, unit)| board.get(*unit));
            let above: BTreeSet<i64> = units.flat_map(|unit| way_up(&unit.path)).collect();
            let above: Vec<i64> = above.into_iter().collect();
            let told = silent::responsible(&mut self.tx, &above).await?;
            let owners: Vec<i64> = told.into_iter().map(|(_, person)| person).collect();
            let sealer = &self.engine.sealer;
            for shown in messages::owned_about(&mut self.tx, sealer, "missing", day, &owners).await? {
                let Message::Day(message) = &shown.letter.message else { continue };
                let DayMessage::Missing(old) = &**message else { continue };
                let fresh = self.missing_list(&rules, &board, &Scope::of(old)).await?;
                if fresh != *old {
                    self.show(&shown, Class::Count, Message::Day(Box::new(DayMessage::Missing(fresh))));
                }
            }
        }
        Ok(())
    }
}

/// The units an actor is responsible for, without those inside another of them.
fn charged(actor: &Actor) -> Vec<UnitRef> {
    let mut units: Vec<UnitRef> = charges(actor).into_iter().map(|post| post.unit.clone()).collect();
    units.dedup_by_key(|unit| unit.id);
    let inside = |unit: &UnitRef| units.iter().any(|other| other.id != unit.id && unit.within(other));
    units.iter().filter(|unit| !inside(unit)).cloned().collect()
}

fn first_responsible(actor: &Actor) -> Option<i64> {
    charges(actor).first().map(|post| post.person)
}

/// Units whose people a reader may see by name: the own ones, and those one tier down (F4).
fn named_units(board: &Board, tops: &[&UnitDay]) -> Vec<i64> {
    let mut named = Vec::new();
    for top in tops {
        named.push(top.unit);
        named.extend(board.children(top).map(|below| below.unit));
    }
    named
}

/// A unit of a day as rights are judged by.
pub(super) fn unit_ref(unit: &UnitDay) -> UnitRef {
    UnitRef {
        id: unit.unit,
        code: unit.code.clone(),
        name: unit.name.clone(),
        tier: unit.tier,
        parent: way_up(&unit.path).into_iter().rev().nth(1),
        path: unit.path.clone(),
    }
}
