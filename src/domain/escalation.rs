//! What happens, and when, while a chat has not acknowledged a directive (B1, B3).

pub mod forecast;

use chrono::{DateTime, TimeDelta, Utc};

use super::policy::{Action, At, DirectivePolicy, Step};

/// One thing that will happen if nobody answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Planned {
    /// When it is due, before quiet hours and calendar are applied.
    pub at: DateTime<Utc>,
    /// The index of the step in the policy.
    pub step: usize,
    /// Which time of the step it is, from 1.
    pub repetition: u32,
    /// What happens.
    pub action: Action,
    /// For `Escalate`: 1 tells those responsible for the chat's own unit, 2 one tier higher, and so
    /// on; 0 for everything else.
    pub level: u32,
}

/// How many repetitions of one step a timer's number has room for.
pub const REPETITIONS: i64 = 1000;

impl Planned {
    /// The number of its timer: the step and which time of it.
    #[must_use]
    pub fn timer_step(&self) -> i64 {
        i64::try_from(self.step).unwrap_or(0) * REPETITIONS + i64::from(self.repetition)
    }
}

/// When a directive that arrived at `arrived` in a chat of the tier at `position` is due.
#[must_use]
pub fn due_at(policy: &DirectivePolicy, position: usize, arrived: DateTime<Utc>) -> DateTime<Utc> {
    arrived + policy.due(position)
}

/// Everything that will happen in a chat of the tier at `position` (0 is the school), in the order
/// of time.
#[must_use]
pub fn plan(policy: &DirectivePolicy, position: usize, arrived: DateTime<Utc>) -> Vec<Planned> {
    plan_within(&policy.steps, policy.due(position), arrived)
}

/// The same for a directive whose sender chose another time `due`.
#[must_use]
pub fn plan_within(steps: &[Step], due: TimeDelta, arrived: DateTime<Utc>) -> Vec<Planned> {
    let mut level = 0;
    let mut planned = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        let own_level = if step.action == Action::Escalate {
            level += 1;
            level
        } else {
            0
        };
        let first = arrived + offset(step.at, due);
        planned.extend((0..step.times.max(1)).map(|repeat| Planned {
            at: first + step.every.unwrap_or_default() * i32::try_from(repeat).unwrap_or(i32::MAX),
            step: index,
            repetition: repeat + 1,
            action: step.action,
            level: own_level,
        }));
    }
    planned.sort_by_key(|planned| (planned.at, planned.step, planned.repetition));
    planned
}

/// How long after arrival `at` is, when the directive is due `due` after it. Shares are rounded to
/// whole seconds.
#[must_use]
pub fn offset(at: At, due: TimeDelta) -> TimeDelta {
    match at {
        At::After(duration) => duration,
        At::Share(share) => {
            // Shares and dues are bounded by the configuration: the product is far below 2^53.
            #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss)]
            let seconds = (due.num_seconds() as f64 * share).round() as i64;
            TimeDelta::try_seconds(seconds).unwrap_or(due)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::policy::Relay;
    use chrono::TimeZone;
    use proptest::prelude::*;

    fn step(share: f64, action: Action, every_minutes: Option<i64>, times: u32) -> Step {
        Step { at: At::Share(share), action, every: every_minutes.map(TimeDelta::minutes), times }
    }

    fn normal() -> DirectivePolicy {
        DirectivePolicy {
            relay: Relay::OnAck,
            due: [30, 120, 360, 1440].map(TimeDelta::minutes).to_vec(),
            steps: vec![
                step(0.5, Action::RemindGroup, None, 1),
                step(0.8, Action::RemindPrivate, Some(30), 2),
                step(1.0, Action::Escalate, None, 1),
                step(1.2, Action::RelayAnyway, None, 1),
            ],
        }
    }

    fn urgent() -> DirectivePolicy {
        DirectivePolicy {
            relay: Relay::Auto,
            due: [10, 20, 60, 120].map(TimeDelta::minutes).to_vec(),
            steps: vec![
                step(0.3, Action::RemindPrivate, Some(5), 3),
                step(1.0, Action::Escalate, None, 1),
                step(1.5, Action::Escalate, None, 1),
            ],
        }
    }

    fn morning() -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 11, 23, 1, 0, 0).single().expect("UTC has every hour once")
    }

    fn minutes(planned: &[Planned]) -> Vec<(i64, Action, u32, u32)> {
        planned
            .iter()
            .map(|p| {
                let after = (p.at - morning()).num_minutes();
                (after, p.action, p.repetition, p.level)
            })
            .collect()
    }

    #[test]
    fn a_normal_directive_in_a_college_chat() {
        assert_eq!(
            minutes(&plan(&normal(), 1, morning())),
            [
                (60, Action::RemindGroup, 1, 0),
                (96, Action::RemindPrivate, 1, 0),
                (120, Action::Escalate, 1, 1),
                (126, Action::RemindPrivate, 2, 0),
                (144, Action::RelayAnyway, 1, 0),
            ]
        );
    }

    #[test]
    fn an_urgent_directive_escalates_a_second_time_one_tier_higher() {
        assert_eq!(
            minutes(&plan(&urgent(), 0, morning())),
            [
                (3, Action::RemindPrivate, 1, 0),
                (8, Action::RemindPrivate, 2, 0),
                (10, Action::Escalate, 1, 1),
                (13, Action::RemindPrivate, 3, 0),
                (15, Action::Escalate, 1, 2),
            ]
        );
    }

    #[test]
    fn a_fixed_time_does_not_depend_on_the_due_time() {
        let steps =
            [Step { at: At::After(TimeDelta::minutes(7)), action: Action::Escalate, every: None, times: 1 }];
        for due in [TimeDelta::minutes(1), TimeDelta::days(3)] {
            let planned = plan_within(&steps, due, morning());
            assert_eq!(minutes(&planned), [(7, Action::Escalate, 1, 1)]);
        }
    }

    #[test]
    fn the_due_time_goes_by_the_tier() {
        let due = due_at(&normal(), 2, morning());
        assert_eq!(due - morning(), TimeDelta::hours(6));
    }

    proptest! {
        #[test]
        fn a_plan_is_sorted_complete_and_never_before_arrival(
            due in 1_i64..10_000,
            shares in proptest::collection::vec((0.0_f64..3.0, 1_u32..5, 1_i64..90), 0..6),
        ) {
            let steps: Vec<Step> = shares
                .iter()
                .map(|&(share, times, every)| step(share, Action::Escalate, Some(every), times))
                .collect();
            let planned = plan_within(&steps, TimeDelta::minutes(due), morning());
            let expected: u32 = steps.iter().map(|step| step.times).sum();
            prop_assert_eq!(planned.len(), expected as usize);
            prop_assert!(planned.is_sorted_by_key(|planned| planned.at));
            prop_assert!(planned.iter().all(|planned| planned.at >= morning()));
            prop_assert!(planned.iter().all(|p| p.level as usize == p.step + 1));
        }
    }
}
