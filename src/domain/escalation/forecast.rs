//! What a directive will do if nobody answers: when it arrives where, who is reminded, to whom it goes up.

use std::collections::BTreeMap;

use super::Planned;
use crate::domain::calendar::Calendar;
use crate::domain::directive::{Directive, GUARDIANS, LegState, MEMBERS, PlannedLeg};
use crate::domain::message::Time;
use crate::domain::policy::{Action, Relay};

/// One thing that will happen on a leg.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forecast {
    /// When, with quiet hours and free days applied.
    pub at: Time,
    /// The index of the leg.
    pub leg: usize,
    /// What.
    pub event: Event,
}

/// What happens on a leg.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// It comes down.
    Arrives,
    /// A step of the policy.
    Step(Planned),
    /// Its time is over.
    Due,
}

/// Everything that happens from `now` on, in the order of time, when a directive is issued and nobody answers. Legs
/// that it never reaches have no events.
#[must_use]
pub fn forecast(directive: &Directive, legs: &[PlannedLeg], calendar: &Calendar, now: Time) -> Vec<Forecast> {
    let mut arrivals: BTreeMap<(i64, usize), Time> = BTreeMap::new();
    let mut events = Vec::new();
    for (index, leg) in legs.iter().enumerate().filter(|(_, leg)| leg.state != LegState::End) {
        let Some(arrived) = arrival(directive, legs, leg, &arrivals, calendar, now) else { continue };
        arrivals.insert((leg.unit, leg.tier), arrived);
        let event = |at, event| Forecast { at, leg: index, event };
        events.push(event(arrived, Event::Arrives));
        if leg.informed || !directive.answer {
            continue;
        }
        events.push(event(arrived + directive.due(leg.tier), Event::Due));
        let steps = steps(directive, leg.tier, arrived);
        events.extend(
            steps.into_iter().map(|step| event(held(directive, calendar, step.at), Event::Step(step))),
        );
    }
    events.sort_by_key(|event| event.at);
    events
}

fn steps(directive: &Directive, tier: usize, arrived: Time) -> Vec<Planned> {
    let steps = directive.fixed.as_ref().map(|fixed| fixed.policy.steps.as_slice()).unwrap_or_default();
    super::plan_within(steps, directive.due(tier), arrived)
}

/// Urgent ones do not wait for quiet hours and free days.
fn held(directive: &Directive, calendar: &Calendar, at: Time) -> Time {
    if directive.urgent { at } else { calendar.open_from(at) }
}

/// When a leg comes down although nobody answered above it; nothing if it stays up.
fn arrival(
    directive: &Directive,
    legs: &[PlannedLeg],
    leg: &PlannedLeg,
    arrivals: &BTreeMap<(i64, usize), Time>,
    calendar: &Calendar,
    now: Time,
) -> Option<Time> {
    let Some((unit, tier)) = leg.parent else { return Some(now) };
    let above = arrivals.get(&(unit, tier)).copied();
    if leg.tier == GUARDIANS && tier == MEMBERS {
        return above;
    }
    if leg.tier == GUARDIANS {
        // A college's guardians get it with its last class.
        let classes = legs.iter().filter(|other| other.tier == MEMBERS && other.parent == leg.parent);
        let reached: Option<Vec<Time>> =
            classes.map(|class| arrivals.get(&(class.unit, class.tier)).copied()).collect();
        return reached?.into_iter().max();
    }
    if directive.fixed.as_ref().is_some_and(|fixed| fixed.policy.relay == Relay::Auto) {
        return above;
    }
    let relayed =
        steps(directive, tier, above?).into_iter().find(|step| step.action == Action::RelayAnyway)?;
    Some(held(directive, calendar, relayed.at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::calendar::QuietHours;
    use crate::domain::directive::{Fixed, State};
    use crate::domain::message::Number;
    use crate::domain::policy::{At, Counselors, DirectivePolicy, Step};
    use chrono::{NaiveTime, TimeDelta};

    fn directive(urgent: bool, relay: Relay, actions: &[(f64, Action)]) -> Directive {
        let step =
            |&(share, action): &(f64, Action)| Step { at: At::Share(share), action, every: None, times: 1 };
        let policy = DirectivePolicy {
            relay,
            due: [30, 120, 360, 1440].map(TimeDelta::minutes).to_vec(),
            steps: actions.iter().map(step).collect(),
        };
        let fixed = Fixed { policy, counselors: Counselors::All, relay_delay: TimeDelta::minutes(2) };
        Directive {
            id: 1,
            number: Number { year: 2026, number: 1 },
            issuer: 1,
            origin: 1,
            origin_tier: 0,
            text: String::new(),
            reference: String::new(),
            urgent,
            answer: true,
            depth: Some(GUARDIANS),
            due_hours: None,
            attachments: vec![],
            units: vec![],
            copies: vec![],
            fixed: Some(fixed),
            revision: 1,
            state: State::Sent,
            issued_at: None,
        }
    }

    fn leg(unit: i64, tier: usize, parent: Option<(i64, usize)>) -> PlannedLeg {
        PlannedLeg { unit, tier, parent, informed: false, state: LegState::Waiting }
    }

    fn legs() -> Vec<PlannedLeg> {
        vec![leg(1, 0, None), leg(10, 1, Some((1, 0))), leg(11, 2, Some((10, 1))), leg(10, 3, Some((10, 1)))]
    }

    fn shanghai() -> Calendar {
        let at = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).expect("a real time");
        let quiet = QuietHours { start: at(22, 30), end: at(6, 30) };
        Calendar { quiet: Some(quiet), ..Calendar::plain(chrono_tz::Asia::Shanghai) }
    }

    fn local(events: &[Forecast], wanted: Event, leg: usize) -> Vec<String> {
        let same = |event: &&Forecast| event.event == wanted && event.leg == leg;
        events.iter().filter(same).map(|event| shanghai().format_local(event.at)).collect()
    }

    fn nine() -> Time {
        "2026-11-23T01:00:00Z".parse().expect("an instant")
    }

    #[test]
    fn nobody_answers_and_it_goes_down_anyway() {
        let directive =
            directive(false, Relay::OnAck, &[(1.0, Action::Escalate), (1.2, Action::RelayAnyway)]);
        let events = forecast(&directive, &legs(), &shanghai(), nine());
        assert_eq!(local(&events, Event::Arrives, 0), ["2026-11-23 09:00"]);
        assert_eq!(local(&events, Event::Due, 0), ["2026-11-23 09:30"]);
        assert_eq!(local(&events, Event::Arrives, 1), ["2026-11-23 09:36"]);
        assert_eq!(local(&events, Event::Arrives, 2), ["2026-11-23 12:00"]);
        assert_eq!(local(&events, Event::Arrives, 3), ["2026-11-23 12:00"], "with the last class");
        assert!(events.is_sorted_by_key(|event| event.at));
    }

    #[test]
    fn without_that_step_it_stays_at_the_top() {
        let directive = directive(false, Relay::OnAck, &[(1.0, Action::Escalate)]);
        let events = forecast(&directive, &legs(), &shanghai(), nine());
        assert!(events.iter().all(|event| event.leg == 0), "{events:?}");
    }

    #[test]
    fn quiet_hours_hold_what_is_not_urgent() {
        let evening = "2026-11-23T14:15:00Z".parse().expect("an instant");
        let steps = [(1.0, Action::Escalate)];
        let escalated = |urgent| {
            let events =
                forecast(&directive(urgent, Relay::Auto, &steps), &legs()[..1], &shanghai(), evening);
            let is_step = |event: &&Forecast| matches!(event.event, Event::Step(_));
            events.iter().find(is_step).map(|event| shanghai().format_local(event.at))
        };
        assert_eq!(escalated(false).as_deref(), Some("2026-11-24 06:30"));
        assert_eq!(escalated(true).as_deref(), Some("2026-11-23 22:45"));
    }

    #[test]
    fn relayed_by_itself_it_is_everywhere_at_once() {
        let events = forecast(&directive(true, Relay::Auto, &[]), &legs(), &shanghai(), nine());
        for leg in 0..4 {
            assert_eq!(local(&events, Event::Arrives, leg), ["2026-11-23 09:00"]);
        }
    }
}
