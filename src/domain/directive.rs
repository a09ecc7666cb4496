//! A directive and the legs of its way (B1–B6): which chats it goes to, from where, and how deep.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::incoming::FileRef;
use super::message::{Addressed, Counted, Number, Time};
use super::person::UnitRef;
use super::policy::{Counselors, DirectivePolicy, Relay, seconds};

/// The position of the tier with members, and of the guardians' tier.
pub const MEMBERS: usize = 2;
/// See [`MEMBERS`].
pub const GUARDIANS: usize = 3;

/// Stands in `Directive::units` when every unit was left out: no unit has this id.
pub const NOBODY: i64 = 0;

/// Where a directive is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Being composed.
    Draft,
    /// On its way.
    Sent,
    /// Taken back after it was sent.
    Withdrawn,
    /// Never sent.
    Cancelled,
}

impl State {
    /// The word of the database.
    pub fn word(self) -> &'static str {
        match self {
            State::Draft => "draft",
            State::Sent => "sent",
            State::Withdrawn => "withdrawn",
            State::Cancelled => "cancelled",
        }
    }

    /// The state of a word.
    pub fn from_word(word: &str) -> Option<State> {
        [State::Draft, State::Sent, State::Withdrawn, State::Cancelled].into_iter().find(|s| s.word() == word)
    }
}

/// A document or photo that travels with a directive: copied from where it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    pub from_chat: i64,
    pub message: i64,
    /// The bot that was shown it, which alone can copy it; 0: whichever sends.
    #[serde(default)]
    pub bot: i64,
    /// By what that bot fetches it for the others.
    #[serde(default)]
    pub file: Option<FileRef>,
}

/// The rules a directive was sent under; they stay when the configuration changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fixed {
    pub policy: DirectivePolicy,
    pub counselors: Counselors,
    #[serde(with = "seconds")]
    pub relay_delay: TimeDelta,
}

/// A directive.
#[derive(Debug, Clone, PartialEq)]
pub struct Directive {
    pub id: i64,
    pub number: Number,
    /// people.id.
    pub issuer: i64,
    /// The unit it is issued in, and that unit's tier.
    pub origin: i64,
    pub origin_tier: usize,
    pub text: String,
    /// 文号.
    pub reference: String,
    pub urgent: bool,
    /// Whether an answer is needed; otherwise 知悉即可.
    pub answer: bool,
    /// The deepest tier of chats; `None` while not chosen.
    pub depth: Option<usize>,
    /// Own due in hours, counted from arrival in each chat.
    pub due_hours: Option<u32>,
    pub attachments: Vec<Attachment>,
    /// Units directly below that are addressed; empty: all.
    pub units: Vec<i64>,
    /// Units directly below that are only informed (抄送).
    pub copies: Vec<i64>,
    pub fixed: Option<Fixed>,
    pub revision: i64,
    pub state: State,
    pub issued_at: Option<Time>,
}

impl Directive {
    /// How a unit directly below is addressed.
    pub fn addresses(&self, child: i64) -> Addressed {
        if self.copies.contains(&child) {
            Addressed::Copy
        } else if self.units.is_empty() || self.units.contains(&child) {
            Addressed::Yes
        } else {
            Addressed::No
        }
    }

    /// How long a chat of this tier has to acknowledge.
    pub fn due(&self, tier: usize) -> TimeDelta {
        match (self.due_hours, &self.fixed) {
            (Some(hours), _) => TimeDelta::hours(i64::from(hours)),
            (None, Some(fixed)) => fixed.policy.due(tier),
            (None, None) => TimeDelta::zero(),
        }
    }

    /// Whether it waits at each tier until somebody passes it on.
    pub fn waits_for_relay(&self) -> bool {
        let auto = self.fixed.as_ref().is_some_and(|fixed| fixed.policy.relay == Relay::Auto);
        // What needs no answer is acknowledged by nobody, so nobody's acknowledgement can bring it down.
        self.answer && !auto
    }

    /// Who must acknowledge in a chat of this tier.
    pub fn counted(&self, tier: usize) -> Counted {
        let one_per_class =
            self.fixed.as_ref().is_some_and(|fixed| fixed.counselors == Counselors::OnePerClass);
        match tier {
            0 => Counted::Colleges,
            1 if one_per_class => Counted::Classes,
            1 => Counted::Counselors,
            MEMBERS => Counted::Students,
            _ => Counted::Households,
        }
    }
}

/// Where a leg stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LegState {
    /// Not yet relayed to it.
    Waiting,
    /// Arrived in its chat, or with its people in private.
    Arrived,
    /// Taken back.
    Withdrawn,
    /// Below the chosen depth: nothing goes there; the unit only reports what it carried out.
    End,
}

impl LegState {
    /// The word of the database.
    pub fn word(self) -> &'static str {
        match self {
            LegState::Waiting => "waiting",
            LegState::Arrived => "arrived",
            LegState::Withdrawn => "withdrawn",
            LegState::End => "end",
        }
    }

    /// The state of a word.
    pub fn from_word(word: &str) -> Option<LegState> {
        [LegState::Waiting, LegState::Arrived, LegState::Withdrawn, LegState::End]
            .into_iter()
            .find(|state| state.word() == word)
    }
}

/// A leg that a directive will have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedLeg {
    pub unit: i64,
    /// The tier of the chat.
    pub tier: usize,
    /// Unit and tier of the leg it is relayed from.
    pub parent: Option<(i64, usize)>,
    pub informed: bool,
    pub state: LegState,
}

/// All legs of a directive, the highest tier first. `below` are the units below the origin down to the
/// classes, with or without the origin itself; `guardians_chat` tells which units have a guardians' chat of their own.
///
/// A class without a guardians' chat is served by its college's, where there is one; otherwise its
/// guardians are asked in private.
pub fn plan_legs(
    directive: &Directive,
    origin: &UnitRef,
    below: &[UnitRef],
    guardians_chat: impl Fn(i64) -> bool,
) -> Vec<PlannedLeg> {
    let depth = directive.depth.unwrap_or(origin.tier);
    let mut legs = vec![PlannedLeg {
        unit: origin.id,
        tier: origin.tier,
        parent: None,
        informed: false,
        state: LegState::Waiting,
    }];
    for unit in below.iter().filter(|unit| unit.tier > origin.tier && unit.tier <= MEMBERS) {
        legs.extend(unit_leg(directive, origin, unit, depth));
    }
    if depth >= GUARDIANS {
        legs.extend(guardian_legs(directive, origin, below, guardians_chat));
    }
    legs
}

fn unit_leg(directive: &Directive, origin: &UnitRef, unit: &UnitRef, depth: usize) -> Option<PlannedLeg> {
    let direct = unit.parent == Some(origin.id);
    let state = if unit.tier <= depth { LegState::Waiting } else { LegState::End };
    match directive.addresses(child_above(origin, unit)?) {
        Addressed::No => None,
        Addressed::Copy if direct => {
            let state = LegState::Waiting;
            Some(PlannedLeg { unit: unit.id, tier: unit.tier, parent: None, informed: true, state })
        }
        Addressed::Copy => None,
        // One tier below the depth a unit reports; below that there is nothing.
        Addressed::Yes if unit.tier > depth + 1 => None,
        Addressed::Yes => {
            let parent = unit.parent.map(|parent| (parent, unit.tier - 1));
            Some(PlannedLeg { unit: unit.id, tier: unit.tier, parent, informed: false, state })
        }
    }
}

/// The unit directly below `origin` on the way to `unit`.
pub fn child_above(origin: &UnitRef, unit: &UnitRef) -> Option<i64> {
    unit.path.strip_prefix(&origin.path)?.split('/').next()?.parse().ok()
}

fn guardian_legs(
    directive: &Directive,
    origin: &UnitRef,
    below: &[UnitRef],
    guardians_chat: impl Fn(i64) -> bool,
) -> Vec<PlannedLeg> {
    let leg = |unit: i64, parent: (i64, usize)| PlannedLeg {
        unit,
        tier: GUARDIANS,
        parent: Some(parent),
        informed: false,
        state: LegState::Waiting,
    };
    let addressed = |unit: &&UnitRef| {
        unit.id == origin.id
            || child_above(origin, unit).is_some_and(|child| directive.addresses(child) == Addressed::Yes)
    };
    let below = || below.iter().filter(|unit| unit.id != origin.id);
    let all = || std::iter::once(origin).chain(below()).filter(addressed);
    let mut legs = Vec::new();
    let mut colleges = Vec::new();
    for class in all().filter(|unit| unit.tier == MEMBERS) {
        let college = class.parent.filter(|college| guardians_chat(*college));
        match college {
            Some(college) if !guardians_chat(class.id) => colleges.push(college),
            _ => legs.push(leg(class.id, (class.id, MEMBERS))),
        }
    }
    colleges.sort_unstable();
    colleges.dedup();
    for college in colleges {
        // Issued in one class, it reaches the college's guardians from that class.
        let parent = if origin.tier == MEMBERS { (origin.id, MEMBERS) } else { (college, MEMBERS - 1) };
        legs.push(leg(college, parent));
    }
    legs
}

/// How deep a sender of this tier may go: the tier at which each choice ends, in the order of the buttons.
pub fn depths(origin_tier: usize, tiers: usize) -> Vec<usize> {
    (origin_tier..tiers.max(MEMBERS + 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(id: i64, tier: usize, parent: Option<i64>, path: &str) -> UnitRef {
        UnitRef { id, code: id.to_string(), name: id.to_string(), tier, parent, path: path.to_owned() }
    }

    fn school() -> (UnitRef, Vec<UnitRef>) {
        let below = vec![
            unit(10, 1, Some(1), "/1/10/"),
            unit(20, 1, Some(1), "/1/20/"),
            unit(11, 2, Some(10), "/1/10/11/"),
            unit(12, 2, Some(10), "/1/10/12/"),
            unit(21, 2, Some(20), "/1/20/21/"),
        ];
        (unit(1, 0, None, "/1/"), below)
    }

    fn directive(depth: usize) -> Directive {
        Directive {
            id: 1,
            number: Number { year: 2026, number: 1 },
            issuer: 1,
            origin: 1,
            origin_tier: 0,
            text: "x".into(),
            reference: String::new(),
            urgent: false,
            answer: true,
            depth: Some(depth),
            due_hours: None,
            attachments: vec![],
            units: vec![],
            copies: vec![],
            fixed: None,
            revision: 1,
            state: State::Sent,
            issued_at: None,
        }
    }

    fn shape(legs: &[PlannedLeg]) -> Vec<(i64, usize, LegState)> {
        legs.iter().map(|leg| (leg.unit, leg.tier, leg.state)).collect()
    }

    #[test]
    fn depth_ends_the_way_and_one_tier_below_only_reports() {
        let (origin, below) = school();
        let legs = plan_legs(&directive(0), &origin, &below, |_| false);
        let (waiting, end) = (LegState::Waiting, LegState::End);
        assert_eq!(shape(&legs), [(1, 0, waiting), (10, 1, end), (20, 1, end)]);
        let legs = plan_legs(&directive(2), &origin, &below, |_| false);
        assert_eq!(legs.len(), 6);
        assert!(legs.iter().all(|leg| leg.state == waiting));
    }

    #[test]
    fn guardians_hang_on_the_class_or_on_a_college_with_one_chat() {
        let (origin, below) = school();
        let legs = plan_legs(&directive(3), &origin, &below, |unit| unit == 10 || unit == 12);
        let guardians: Vec<_> = legs.iter().filter(|leg| leg.tier == GUARDIANS).collect();
        let found: Vec<_> = guardians.iter().map(|leg| (leg.unit, leg.parent)).collect();
        assert_eq!(found, [(12, Some((12, 2))), (21, Some((21, 2))), (10, Some((10, 1)))]);
    }

    #[test]
    fn copies_are_informed_and_nothing_goes_below_them() {
        let (origin, below) = school();
        let mut directive = directive(2);
        directive.copies = vec![20];
        let legs = plan_legs(&directive, &origin, &below, |_| false);
        assert!(legs.iter().any(|leg| leg.unit == 20 && leg.informed && leg.parent.is_none()));
        assert!(!legs.iter().any(|leg| leg.unit == 21));
        directive.copies.clear();
        directive.units = vec![10];
        let legs = plan_legs(&directive, &origin, &below, |_| false);
        assert!(!legs.iter().any(|leg| leg.unit == 20 || leg.unit == 21));
    }

    #[test]
    fn a_sender_sees_the_depths_below() {
        assert_eq!(depths(0, 4), [0, 1, 2, 3]);
        assert_eq!(depths(1, 4), [1, 2, 3]);
        assert_eq!(depths(2, 3), [2]);
    }
}
