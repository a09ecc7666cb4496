//! What the legs of a directive add up to: pure, so that it can be tried by example.

use std::collections::BTreeSet;

use crate::domain::directive::{Directive, LegState, State};
use crate::domain::message::{Counted, RelayState, TierLine, Time, TrackRow};
use crate::store::reading::{Heard, WayLeg};

/// Where the part that one may see begins.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Top {
    /// At one leg: what is relayed from it are the rows.
    Leg(Box<WayLeg>),
    /// At several: they are the rows.
    Several,
}

/// Where the visible legs begin: at those whose parent is not visible. Copies hang on nothing and begin nothing,
/// unless there is nothing else.
pub(super) fn top(legs: &[WayLeg]) -> Top {
    let ids: BTreeSet<i64> = legs.iter().map(|leg| leg.id).collect();
    let begins = |leg: &&WayLeg| !leg.informed && leg.parent.is_none_or(|parent| !ids.contains(&parent));
    let mut begin = legs.iter().filter(begins);
    match (begin.next(), begin.next()) {
        (Some(one), None) => Top::Leg(Box::new(one.clone())),
        _ => Top::Several,
    }
}

/// The legs to list: those relayed from the top (and copies, which nobody relays), or the tops themselves.
pub(super) fn rows(legs: &[WayLeg], top: &Top) -> Vec<WayLeg> {
    let ids: BTreeSet<i64> = legs.iter().map(|leg| leg.id).collect();
    let listed = |leg: &&WayLeg| match top {
        Top::Leg(one) => leg.parent == Some(one.id) || (leg.informed && one.parent.is_none()),
        Top::Several => leg.parent.is_none_or(|parent| !ids.contains(&parent)),
    };
    legs.iter().filter(listed).cloned().collect()
}

/// A leg and all that is relayed from it, near or far. Parents stand before their children.
pub(super) fn below(legs: &[WayLeg], leg: i64) -> Vec<WayLeg> {
    let mut ids = BTreeSet::from([leg]);
    let mut found = Vec::new();
    for one in legs {
        if ids.contains(&one.id) || one.parent.is_some_and(|parent| ids.contains(&parent)) {
            ids.insert(one.id);
            found.push(one.clone());
        }
    }
    found
}

/// A line per tier that answers. Where every counselor answers, the college tier counts classes: one whose
/// counselor has acknowledged is reached.
pub(super) fn tiers(directive: &Directive, legs: &[WayLeg], heard: &[Heard]) -> Vec<TierLine> {
    (0..4).filter_map(|tier| tier_line(directive, legs, heard, tier)).collect()
}

fn tier_line(directive: &Directive, legs: &[WayLeg], heard: &[Heard], tier: usize) -> Option<TierLine> {
    let here: Vec<&WayLeg> =
        legs.iter().filter(|leg| leg.tier == tier && !leg.informed && leg.state != LegState::End).collect();
    if here.is_empty() {
        return None;
    }
    let sum = |of: fn(&WayLeg) -> u32| here.iter().map(|leg| of(leg)).sum();
    let mut line = TierLine {
        counted: directive.counted(tier),
        acked: sum(|leg| leg.acked),
        must: sum(|leg| leg.must),
        late: sum(|leg| leg.late),
        arrived: count(here.iter().filter(|leg| leg.arrived_at.is_some()).count()),
        legs: count(here.len()),
    };
    if line.counted == Counted::Counselors && directive.answer {
        let of_these = || heard.iter().filter(|heard| here.iter().any(|leg| leg.id == heard.leg));
        line.counted = Counted::Classes;
        line.must = of_these().map(|heard| heard.classes).sum();
        line.acked = of_these().map(|heard| heard.heard).sum();
    }
    Some(line)
}

fn count(many: usize) -> u32 {
    u32::try_from(many).unwrap_or(u32::MAX)
}

/// One leg as a row; `relayed_by` is the name of who relayed it.
pub(super) fn row(directive: &Directive, leg: &WayLeg, relayed_by: Option<String>, now: Time) -> TrackRow {
    let missing = leg.acked < leg.must;
    TrackRow {
        leg: leg.id,
        unit: leg.unit.name.clone(),
        acked: leg.acked,
        must: leg.must,
        late: leg.late,
        overdue: directive.state == State::Sent && missing && leg.due_at.is_some_and(|due| due < now),
        relay: relay(leg),
        relayed_by: relayed_by.filter(|_| leg.arrived_at.is_some()),
        done: matches!(leg.done_state.as_str(), "reported" | "accepted"),
    }
}

fn relay(leg: &WayLeg) -> RelayState {
    match (leg.state, leg.arrived_at, leg.relay_at) {
        (_, Some(at), _) => RelayState::Relayed(at),
        (LegState::Waiting, None, Some(at)) => RelayState::At(at),
        (LegState::Waiting, None, None) => RelayState::Waiting,
        _ => RelayState::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::message::Number;
    use crate::domain::person::UnitRef;

    fn leg(id: i64, tier: usize, parent: Option<i64>, acked: u32, must: u32) -> WayLeg {
        let unit = UnitRef {
            id,
            code: id.to_string(),
            name: format!("unit {id}"),
            tier: tier.min(2),
            parent: None,
            path: format!("/{id}/"),
        };
        WayLeg {
            id,
            unit,
            tier,
            parent,
            informed: false,
            state: LegState::Arrived,
            arrived_at: Some(Time::UNIX_EPOCH),
            due_at: None,
            relay_at: None,
            relayed_by: None,
            must,
            acked,
            late: 0,
            done_state: String::new(),
        }
    }

    fn directive() -> Directive {
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
            depth: Some(2),
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

    /// School 1, colleges 10 and 20, classes 11, 12 and 21.
    fn legs() -> Vec<WayLeg> {
        vec![
            leg(1, 0, None, 1, 2),
            leg(10, 1, Some(1), 3, 4),
            leg(20, 1, Some(1), 0, 2),
            leg(11, 2, Some(10), 40, 45),
            leg(12, 2, Some(10), 45, 45),
            leg(21, 2, Some(20), 0, 30),
        ]
    }

    #[test]
    fn tiers_add_up_and_colleges_count_their_classes() {
        let heard = [Heard { leg: 10, classes: 2, heard: 2 }, Heard { leg: 20, classes: 1, heard: 0 }];
        let lines = tiers(&directive(), &legs(), &heard);
        let shape: Vec<_> = lines.iter().map(|line| (line.counted, line.acked, line.must)).collect();
        assert_eq!(
            shape,
            [(Counted::Colleges, 1, 2), (Counted::Classes, 2, 3), (Counted::Students, 85, 120)]
        );
    }

    #[test]
    fn a_part_begins_where_its_parent_is_not_seen() {
        let all = legs();
        let ids = |rows: Vec<WayLeg>| rows.iter().map(|leg| leg.id).collect::<Vec<_>>();
        assert!(matches!(top(&all), Top::Leg(leg) if leg.id == 1));
        let college: Vec<_> = all.iter().filter(|leg| [10, 11, 12].contains(&leg.id)).cloned().collect();
        let begin = top(&college);
        assert_eq!(ids(rows(&college, &begin)), [11, 12]);
        let classes: Vec<_> = all.iter().filter(|leg| leg.tier == 2).cloned().collect();
        assert_eq!(top(&classes), Top::Several);
        assert_eq!(ids(rows(&classes, &Top::Several)), [11, 12, 21]);
        assert_eq!(ids(below(&all, 10)), [10, 11, 12]);
        assert_eq!(ids(below(&all, 21)), [21]);
    }

    #[test]
    fn copies_are_listed_and_counted_nowhere() {
        let mut all = legs();
        all.push(WayLeg { informed: true, ..leg(30, 1, None, 0, 0) });
        let begin = top(&all);
        assert_eq!(rows(&all, &begin).last().map(|leg| leg.id), Some(30));
        let colleges =
            tiers(&directive(), &all, &[]).into_iter().find(|line| line.counted == Counted::Classes);
        assert_eq!(colleges.map(|line| line.legs), Some(2));
    }

    #[test]
    fn a_row_is_overdue_only_while_somebody_is_missing() {
        let now = Time::UNIX_EPOCH + chrono::TimeDelta::hours(1);
        let late = WayLeg { due_at: Some(Time::UNIX_EPOCH), ..leg(11, 2, None, 1, 2) };
        assert!(row(&directive(), &late, None, now).overdue);
        assert!(!row(&directive(), &WayLeg { acked: 2, ..late.clone() }, None, now).overdue);
        let withdrawn = Directive { state: State::Withdrawn, ..directive() };
        assert!(!row(&withdrawn, &late, None, now).overdue);
        let end = WayLeg { state: LegState::End, arrived_at: None, ..late };
        assert_eq!(row(&directive(), &end, None, now).relay, RelayState::Nothing);
    }
}
