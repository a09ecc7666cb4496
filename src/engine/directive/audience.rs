//! To how many chats and people a directive goes at its depth, and whom it cannot reach.

use std::collections::BTreeSet;

use crate::domain::directive::{Directive, GUARDIANS, LegState, MEMBERS, PlannedLeg, plan_legs};
use crate::domain::message::Trouble;
use crate::domain::person::UnitRef;
use crate::engine::Work;
use crate::store::{Result, chats, people, reach};

/// How many unit names are listed before the rest is only counted.
const NAMED: usize = 5;

/// Where a directive will go.
pub(super) struct Audience {
    pub legs: Vec<PlannedLeg>,
    pub chats: u32,
    pub people: u32,
    pub troubles: Vec<Trouble>,
}

impl Work<'_> {
    /// Plans the legs of a directive by today's roster and chats.
    pub(super) async fn audience(&mut self, directive: &Directive) -> Result<Audience> {
        let origin = people::unit_known(&mut self.tx, directive.origin).await?;
        let mut below = people::subtree(&mut self.tx, &origin, MEMBERS).await?;
        below.retain(|unit| unit.id != origin.id);
        let guardians = self.settings().tier_key(GUARDIANS).to_owned();
        let bound = chats::bound(&mut self.tx).await?;
        let with_guardians: BTreeSet<i64> = bound
            .iter()
            .filter(|chat| chat.tier.as_deref() == Some(&guardians) && !chat.removed)
            .filter_map(|chat| chat.unit)
            .collect();
        let legs = plan_legs(directive, &origin, &below, |unit| with_guardians.contains(&unit));
        let reached: Vec<&PlannedLeg> = legs.iter().filter(|leg| leg.state == LegState::Waiting).collect();
        let place = |leg: &PlannedLeg| {
            let tier = self.settings().tier_key(leg.tier);
            bound.iter().find(|chat| chat.unit == Some(leg.unit) && chat.tier.as_deref() == Some(tier))
        };
        let without: Vec<&PlannedLeg> =
            reached.iter().copied().filter(|leg| place(leg).is_none_or(|chat| chat.removed)).collect();
        let removed: BTreeSet<i64> =
            without.iter().filter(|leg| place(leg).is_some()).map(|leg| leg.unit).collect();
        let all = || std::iter::once(&origin).chain(&below);
        let chats = u32::try_from(reached.len() - without.len()).unwrap_or(u32::MAX);
        let mut troubles = Vec::new();
        let silent: BTreeSet<i64> =
            without.iter().map(|leg| leg.unit).filter(|unit| !removed.contains(unit)).collect();
        if !silent.is_empty() {
            let (units, total) = named(all(), &silent);
            troubles.push(Trouble::NoChat { units, total });
        }
        if !removed.is_empty() {
            let (units, total) = named(all(), &removed);
            troubles.push(Trouble::Removed { units, total });
        }
        let depth = directive.depth.unwrap_or(origin.tier);
        let people = self.how_many(&legs).await?;
        let in_private: Vec<i64> = without.iter().map(|leg| leg.unit).collect();
        let unreachable = reach::unreachable(&mut self.tx, &in_private, depth).await?;
        if unreachable > 0 {
            troubles.push(Trouble::Unreachable { people: unreachable });
        }
        Ok(Audience { legs, chats, people, troubles })
    }
}

impl Work<'_> {
    /// How many are to acknowledge, or to know.
    async fn how_many(&mut self, legs: &[PlannedLeg]) -> Result<u32> {
        let units = |holds: &dyn Fn(&PlannedLeg) -> bool| -> Vec<i64> {
            legs.iter().filter(|leg| holds(leg)).map(|leg| leg.unit).collect()
        };
        // Who is responsible for a unit acknowledges one tier up, also where nothing goes further down.
        let responsible = units(&|leg| leg.tier < GUARDIANS && leg.parent.is_some() && !leg.informed);
        let classes = units(&|leg| leg.tier == MEMBERS && leg.state == LegState::Waiting && !leg.informed);
        let with_guardians = legs.iter().any(|leg| leg.tier == GUARDIANS);
        reach::audience(&mut self.tx, &responsible, &classes, with_guardians).await
    }
}

fn named<'u>(all: impl Iterator<Item = &'u UnitRef>, which: &BTreeSet<i64>) -> (Vec<String>, u32) {
    let names =
        all.filter(|unit| which.contains(&unit.id)).take(NAMED).map(|unit| unit.name.clone()).collect();
    (names, u32::try_from(which.len()).unwrap_or(u32::MAX))
}
