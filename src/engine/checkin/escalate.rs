//! Whoever stays silent is told upward: to those responsible, tier by tier, in one private message each over all their
//! units (B3, D4).

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use super::ask::cursor;
use super::missing::{Board, Scope, open};
use crate::domain::checkin::DayStep;
use crate::domain::message::{Class, DayMessage, Message, NobodyBelow, Repeat};
use crate::engine::Work;
use crate::engine::work::Manner;
use crate::store::checkin::days::{self, DayRules};
use crate::store::checkin::silent::{self, way_up};
use crate::store::checkin::units::UnitDay;
use crate::store::people::{self, Addressee};
use crate::store::timers::{self, Timer};
use crate::store::{Result, messages};

/// How many people are told in one transaction.
const BATCH: usize = 200;

/// Somebody to be told, and of what.
struct Told {
    who: Addressee,
    /// The tier by which they are told.
    tier: usize,
    units: Vec<i64>,
    because: Option<NobodyBelow>,
}

/// A unit of the tier that is told, with its parts where somebody is silent.
struct Top<'b> {
    unit: &'b UnitDay,
    parts: Vec<i64>,
}

fn slot(day: i64, person: i64) -> String {
    format!("missing:{day}:{person}")
}

impl Work<'_> {
    /// Tells those responsible at tier `to`. `only`: a unit that was held until now; the rest was told before.
    pub(super) async fn escalate_day(
        &mut self,
        day: &DayRules,
        to: usize,
        timer: &Timer,
        only: Option<i64>,
    ) -> Result<String> {
        let board = self.overall(day.id).await?;
        let tops = self.tops(&board, to, timer, only);
        let told = self.recipients(&board, &tops).await?;
        let after = if only.is_some() { 0 } else { cursor(timer) };
        if after == 0 {
            self.note_told(day, &tops, &told).await?;
        }
        let batch: Vec<(i64, Told)> =
            told.into_iter().filter(|(account, _)| *account > after).take(BATCH).collect();
        if let Some((last, _)) = batch.last().filter(|_| batch.len() == BATCH && only.is_none()) {
            self.go_on(timer, *last);
        }
        let count = batch.len();
        for (_, told) in batch {
            self.tell_missing(day, &board, told).await?;
        }
        Ok(format!("told {count} people of {} units", tops.len()))
    }

    /// The units of the tier below which somebody is silent and nobody is on it. Those held come when that ends.
    fn tops<'b>(&mut self, board: &'b Board, to: usize, timer: &Timer, only: Option<i64>) -> Vec<Top<'b>> {
        let now = self.now;
        let mut tops = Vec::new();
        let mut held = BTreeMap::new();
        for unit in board.all.iter().filter(|unit| unit.tier == to) {
            let mut parts = Vec::new();
            for part in
                board.all.iter().filter(|part| part.path.starts_with(&unit.path) && open(&part.own) > 0)
            {
                if only.is_some_and(|only| !way_up(&part.path).contains(&only)) {
                    continue;
                }
                match board.held(part, to, now).filter(|_| only.is_none()) {
                    Some(holder) => {
                        held.insert(holder.unit, holder.held_until.unwrap_or(now));
                    }
                    None => parts.push(part.unit),
                }
            }
            if !parts.is_empty() {
                tops.push(Top { unit, parts });
            }
        }
        for (unit, until) in held {
            // The day is the version: a hold belongs to one step of one day.
            let day = timer.subject;
            self.set_timer("held", unit, day, timer.step, until);
        }
        tops
    }

    /// Who is told, by account: those responsible, or where nobody can be reached, those one tier up.
    async fn recipients(&mut self, board: &Board, tops: &[Top<'_>]) -> Result<BTreeMap<i64, Told>> {
        let ids: BTreeSet<i64> = tops.iter().flat_map(|top| way_up(&top.unit.path)).collect();
        let posts = silent::responsible(&mut self.tx, &ids.into_iter().collect::<Vec<_>>()).await?;
        let people: BTreeSet<i64> = posts.iter().map(|(_, person)| *person).collect();
        let locale = self.school_locale();
        let all = people::addressees(&mut self.tx, &people.into_iter().collect::<Vec<_>>(), locale).await?;
        let known: BTreeMap<i64, &Addressee> = all.iter().map(|who| (who.person, who)).collect();
        let mut told: BTreeMap<i64, Told> = BTreeMap::new();
        for top in tops {
            let mut because = None;
            for above in way_up(&top.unit.path).into_iter().rev() {
                let here: Vec<&Addressee> = posts
                    .iter()
                    .filter(|(unit, _)| *unit == above)
                    .filter_map(|(_, person)| known.get(person).copied())
                    .collect();
                let reachable = here.iter().filter(|who| who.reachable);
                let Some(tier) = board.get(above).map(|unit| unit.tier) else { continue };
                for (who, account) in reachable.filter_map(|who| Some((*who, who.account?))) {
                    let entry = told.entry(account).or_insert_with(|| Told {
                        who: who.clone(),
                        tier,
                        units: Vec::new(),
                        because,
                    });
                    entry.units.push(top.unit.unit);
                    entry.because = entry.because.and(because);
                }
                if here.iter().any(|who| who.reachable) {
                    break;
                }
                because = Some(if here.is_empty() { NobodyBelow::Vacant } else { NobodyBelow::Unreachable });
            }
        }
        Ok(told)
    }

    async fn note_told(
        &mut self,
        day: &DayRules,
        tops: &[Top<'_>],
        told: &BTreeMap<i64, Told>,
    ) -> Result<()> {
        let now = self.now;
        for top in tops {
            let who: Vec<(i64, usize)> = told
                .values()
                .filter(|told| told.units.contains(&top.unit.unit))
                .map(|told| (told.who.person, told.tier))
                .collect();
            silent::escalated(&mut self.tx, day.id, &top.parts, &who, now).await?;
        }
        Ok(())
    }

    /// One message over all units of a person; the one of before is out of date.
    async fn tell_missing(&mut self, day: &DayRules, board: &Board, told: Told) -> Result<()> {
        let Some(to) = self.addressee(&told.who) else { return Ok(()) };
        let slot = slot(day.id, told.who.person);
        let sealer = &self.engine.sealer;
        let mut units: BTreeSet<i64> = told.units.into_iter().collect();
        let mut because = told.because;
        for old in messages::by_slot(&mut self.tx, sealer, &slot).await? {
            if let Message::Day(message) = &old.letter.message
                && let DayMessage::Missing(list) = &**message
            {
                units.extend(&list.units);
                because = because.and(list.because);
            }
            messages::retire(&mut self.tx, old.id).await?;
        }
        // A unit within another one that is told is told with it.
        let inside = |unit: &i64| {
            let above = board.get(*unit).map(|unit| way_up(&unit.path)).unwrap_or_default();
            above.iter().any(|above| above != unit && units.contains(above))
        };
        let units: Vec<i64> = units.iter().copied().filter(|unit| !inside(unit)).collect();
        let scope = Scope { tier: told.tier, units, because, inside: None, page: 0 };
        let list = self.missing_list(day, board, &scope).await?;
        let manner = Manner {
            class: Class::Urgent,
            repeat: Repeat::Marked,
            fresh_for: TimeDelta::hours(6),
            lives: TimeDelta::days(2),
            ..Manner::reminder(slot, "missing", day.id)
        };
        self.say(to, manner.owned_by(told.who.person), Message::Day(Box::new(DayMessage::Missing(list))));
        Ok(())
    }

    /// The time of somebody who was on it is over: the step comes for that unit now, judged again.
    pub(super) async fn fire_held(&mut self, timer: &Timer) -> Result<()> {
        let now = self.now;
        let Some(day) = self.day(timer.version).await? else {
            return timers::finish(&mut self.tx, timer.id, "no such day", now).await;
        };
        let open = self.open_for_pressing();
        if open > now {
            return timers::hold(&mut self.tx, timer.id, open, "held for quiet hours or a free day").await;
        }
        let current = days::newest(&mut self.tx).await? == Some(day.id);
        let note = match self.step_of(&day, timer.step) {
            Some(DayStep::Escalate { to }) if current => {
                self.escalate_day(&day, to, timer, Some(timer.subject)).await?
            }
            _ => "the next day is open".to_owned(),
        };
        timers::finish(&mut self.tx, timer.id, &note, now).await
    }
}
