//! A day's units with their figures, loaded once for everything that is said about them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::checkin::DayPolicy;
use crate::domain::figures::Figures;
use crate::domain::message::{Standing, Time};
use crate::engine::Work;
use crate::store::Result;
use crate::store::checkin::days::{self, DayRules, DayState};
use crate::store::checkin::units::{self, UnitDay};

/// A part of the tree on a day.
pub(in crate::engine) struct Board {
    pub day: Arc<DayRules>,
    pub state: DayState,
    /// The highest tier first.
    pub units: Vec<UnitDay>,
    /// With all below, by unit.
    sums: BTreeMap<i64, Figures>,
}

impl Board {
    /// A unit of the board.
    pub fn unit(&self, unit: i64) -> Option<&UnitDay> {
        self.units.iter().find(|known| known.unit == unit)
    }

    /// A unit's figures with all below it.
    pub fn figures(&self, unit: i64) -> Figures {
        self.sums.get(&unit).copied().unwrap_or_default()
    }

    /// How a unit's confirmation stands.
    pub fn standing(&self, unit: &UnitDay) -> Standing {
        if unit.confirmed_at.is_none() {
            let returned = unit.returned_at.is_some();
            return if returned { Standing::Returned } else { Standing::Open };
        }
        // A confirmation that cannot be read any more is none of these figures.
        let same = serde_json::from_str::<Figures>(&unit.confirmed)
            .is_ok_and(|confirmed| confirmed == self.figures(unit.unit));
        if same { Standing::Confirmed } else { Standing::Changed }
    }

    /// The units one tier down.
    pub fn children<'b>(&'b self, unit: &'b UnitDay) -> impl Iterator<Item = &'b UnitDay> {
        self.units.iter().filter(|below| below.tier == unit.tier + 1 && below.path.starts_with(&unit.path))
    }

    /// Whether the unit owes a confirmation: somebody reports there, or somebody was asked.
    pub fn owes(&self, unit: &UnitDay) -> bool {
        let people = self.figures(unit.unit).expected > 0;
        unit.tier > 0 && (people || unit.asked_at.is_some() || unit.confirmed_at.is_some())
    }

    /// Whether nobody has confirmed the unit, though it owes that.
    pub fn unconfirmed(&self, unit: &UnitDay) -> bool {
        self.owes(unit) && unit.confirmed_at.is_none()
    }

    /// Whether those responsible were asked to confirm this unit and have not, or not these figures.
    pub fn waits_for_confirmation(&self, unit: &UnitDay) -> bool {
        unit.asked_at.is_some() && self.standing(unit) != Standing::Confirmed
    }

    /// Whether the day is signed.
    pub fn signed(&self) -> bool {
        self.state.signed_at.is_some()
    }
}

impl Work<'_> {
    /// A unit with all below it on a day; `None` when there is no such day. What this transaction changed is counted.
    pub(in crate::engine) async fn board(&mut self, day: i64, paths: &[String]) -> Result<Option<Board>> {
        let Some(rules) = self.day(day).await? else { return Ok(None) };
        let Some(state) = days::state(&mut self.tx, day).await? else { return Ok(None) };
        self.count_now().await?;
        let mut all: Vec<UnitDay> = Vec::new();
        for path in paths {
            let found = units::below(&mut self.tx, day, path).await?;
            for unit in found {
                // A path may lie below another one.
                if !all.iter().any(|known| known.unit == unit.unit) {
                    all.push(unit);
                }
            }
        }
        let sums = units::with_below(&all);
        Ok(Some(Board { day: rules, state, units: all, sums }))
    }

    /// When the units of a tier are to be confirmed.
    pub(super) fn confirm_due(&self, day: &DayRules, tier: usize) -> Time {
        let policy: &DayPolicy = &day.policy;
        let due = if tier == 1 { policy.college_due } else { policy.class_due };
        self.settings().calendar.instant(day.date, due)
    }

    /// When the day is to be signed.
    pub(super) fn sign_due(&self, day: &DayRules) -> Time {
        self.settings().calendar.instant(day.date, day.policy.sign_by)
    }

    /// When the signed day is to be filed, where it must be.
    pub(super) fn file_due(&self, day: &DayRules) -> Option<Time> {
        day.policy.file_by.map(|by| self.settings().calendar.instant(day.date, by))
    }
}
