//! The figures of a day: what a unit owes, what came in, and that the two add up (D2).

use std::iter::Sum;
use std::ops::{Add, AddAssign};

use serde::{Deserialize, Serialize};

use super::message::Time;

/// Where one expected person stands on a day. Everyone expected is in exactly one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonState {
    /// Has reported: in time or late, themself, by proxy or by phone.
    Reported,
    /// Has not answered.
    Missing,
    /// Excused for the day.
    Excused,
    /// Somebody tried and could not reach them; nothing was reported.
    Unreachable,
}

impl PersonState {
    /// All states.
    pub const ALL: [PersonState; 4] =
        [PersonState::Reported, PersonState::Missing, PersonState::Excused, PersonState::Unreachable];

    /// The stable word of files and programs.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            PersonState::Reported => "reported",
            PersonState::Missing => "missing",
            PersonState::Excused => "excused",
            PersonState::Unreachable => "unreachable",
        }
    }

    /// The state of a word; `None` for no state's.
    #[must_use]
    pub fn from_word(word: &str) -> Option<PersonState> {
        PersonState::ALL.into_iter().find(|state| state.word() == word)
    }
}

/// A day's figures of one unit with all below it, in people. Figures of units side by side may be added.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    /// Who must report.
    pub expected: u32,
    /// Who has, late ones, proxies and those taken by phone included.
    pub reported: u32,
    /// Who has not.
    pub missing: u32,
    /// Who is excused for the day.
    pub excused: u32,
    /// Who could not be reached.
    pub unreachable: u32,
    /// Of the reported: after the deadline.
    pub late: u32,
    /// Of the reported: whose answers differ from their last valid ones.
    pub changed: u32,
    /// People for whom a rule of level `watch` holds.
    pub watch: u32,
    /// People for whom a rule of level `urgent` holds.
    pub urgent: u32,
}

impl Figures {
    /// The figures of one expected person, of whom nothing more is said than the state.
    #[must_use]
    pub fn of(state: PersonState) -> Figures {
        let count = |of: PersonState| u32::from(of == state);
        Figures {
            expected: 1,
            reported: count(PersonState::Reported),
            missing: count(PersonState::Missing),
            excused: count(PersonState::Excused),
            unreachable: count(PersonState::Unreachable),
            ..Figures::default()
        }
    }

    /// Whether expected = reported + missing + excused + unreachable, and no part is larger than its whole.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        let parts = [self.reported, self.missing, self.excused, self.unreachable];
        let sum: u64 = parts.into_iter().map(u64::from).sum();
        sum == u64::from(self.expected) && self.late <= self.reported && self.changed <= self.reported
    }

    /// How many people owe a report: all expected but the excused.
    #[must_use]
    pub fn owing(&self) -> u32 {
        self.expected.saturating_sub(self.excused)
    }

    /// Which share of those who owe a report has given it, 0 to 1; `None` where nobody owes one.
    #[must_use]
    pub fn completion(&self) -> Option<f64> {
        (self.owing() > 0).then(|| f64::from(self.reported) / f64::from(self.owing()))
    }
}

/// One unit of a signed day. The list of all of them, by tier and code, is what is signed and hashed (D3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedUnit {
    /// units.id.
    pub unit: i64,
    pub code: String,
    pub tier: usize,
    /// With all below.
    pub figures: Figures,
    /// people.id of who confirmed, and when.
    pub confirmed_by: Option<i64>,
    pub confirmed_at: Option<Time>,
}

impl Figures {
    /// Whether somebody who judged `other` has to look again: more is missing, noted or alarming than they saw.
    #[must_use]
    pub fn worse_than(&self, other: &Figures) -> bool {
        self.expected != other.expected
            || self.missing > other.missing
            || self.excused > other.excused
            || self.unreachable > other.unreachable
            || self.watch > other.watch
            || self.urgent > other.urgent
    }
}

impl Add for Figures {
    type Output = Figures;

    fn add(self, other: Figures) -> Figures {
        Figures {
            expected: self.expected + other.expected,
            reported: self.reported + other.reported,
            missing: self.missing + other.missing,
            excused: self.excused + other.excused,
            unreachable: self.unreachable + other.unreachable,
            late: self.late + other.late,
            changed: self.changed + other.changed,
            watch: self.watch + other.watch,
            urgent: self.urgent + other.urgent,
        }
    }
}

impl AddAssign for Figures {
    fn add_assign(&mut self, other: Figures) {
        *self = *self + other;
    }
}

impl Sum for Figures {
    fn sum<I: Iterator<Item = Figures>>(all: I) -> Figures {
        all.fold(Figures::default(), Add::add)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn person() -> impl Strategy<Value = Figures> {
        (0..4_usize, 0..2_u32, 0..2_u32, 0..2_u32, 0..2_u32).prop_map(
            |(state, late, changed, watch, urgent)| {
                let one = Figures::of(PersonState::ALL[state]);
                Figures { late: late * one.reported, changed: changed * one.reported, watch, urgent, ..one }
            },
        )
    }

    proptest! {
        #[test]
        fn figures_add_up_however_people_are_put_into_units(people in prop::collection::vec(person(), 0..60), cut in 0..60_usize) {
            let (first, second) = people.split_at(cut.min(people.len()));
            let units = [first, second].map(|unit| unit.iter().copied().sum::<Figures>());
            let whole: Figures = people.iter().rev().copied().sum();
            prop_assert!(units.iter().all(Figures::adds_up) && whole.adds_up());
            prop_assert_eq!(units[0] + units[1], whole);
            prop_assert_eq!(usize::try_from(whole.expected).ok(), Some(people.len()));
            prop_assert!(whole.completion().is_none_or(|share| (0.0..=1.0).contains(&share)));
        }
    }

    #[test]
    fn a_wrong_sum_does_not_add_up() {
        let right = Figures { expected: 3, reported: 2, missing: 1, late: 2, ..Figures::default() };
        assert!(right.adds_up());
        assert!(!Figures { missing: 0, ..right }.adds_up());
        assert!(!Figures { late: 3, ..right }.adds_up());
    }

    #[test]
    fn who_is_excused_owes_nothing() {
        let figures = Figures { expected: 4, reported: 3, excused: 1, ..Figures::default() };
        assert_eq!(figures.completion(), Some(1.0));
        assert_eq!(Figures::of(PersonState::Excused).completion(), None);
    }

    #[test]
    fn every_state_has_its_word() {
        for state in PersonState::ALL {
            assert_eq!(PersonState::from_word(state.word()), Some(state));
        }
        assert_eq!(PersonState::from_word("ill"), None);
    }
}
