//! The policies that a directive runs by. A running directive keeps the policy it started with, so
//! everything here can be stored and read back.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// A duration that is stored as whole seconds.
pub mod seconds {
    use chrono::TimeDelta;
    use serde::{Deserialize, Deserializer, Serializer};

    /// Writes the whole seconds of `value`.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(value: &TimeDelta, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_i64(value.num_seconds())
    }

    /// Reads whole seconds.
    ///
    /// # Errors
    /// When it is no number, or too large for a duration.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<TimeDelta, D::Error> {
        checked(i64::deserialize(from)?)
    }

    pub(super) fn checked<E: serde::de::Error>(seconds: i64) -> Result<TimeDelta, E> {
        TimeDelta::try_seconds(seconds).ok_or_else(|| E::custom("too many seconds for a duration"))
    }

    /// The same for a duration that may be absent.
    pub mod option {
        use super::{Deserialize, Deserializer, Serializer, TimeDelta, checked};

        /// Writes the whole seconds of `value`, or nothing.
        ///
        /// # Errors
        /// Those of the serializer.
        pub fn serialize<S>(value: &Option<TimeDelta>, to: S) -> Result<S::Ok, S::Error>
        where
            S: Serializer,
        {
            match value {
                Some(duration) => to.serialize_some(&duration.num_seconds()),
                None => to.serialize_none(),
            }
        }

        /// Reads whole seconds, or nothing.
        ///
        /// # Errors
        /// When it is no number, or too large for a duration.
        pub fn deserialize<'de, D>(from: D) -> Result<Option<TimeDelta>, D::Error>
        where
            D: Deserializer<'de>,
        {
            Option::<i64>::deserialize(from)?.map(checked).transpose()
        }
    }
}

/// A list of durations, each stored as whole seconds.
mod seconds_list {
    use chrono::TimeDelta;
    use serde::{Deserialize, Deserializer, Serializer};

    pub fn serialize<S: Serializer>(value: &[TimeDelta], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(value.iter().map(TimeDelta::num_seconds))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<TimeDelta>, D::Error> {
        Vec::<i64>::deserialize(from)?.into_iter().map(super::seconds::checked).collect()
    }
}

/// When a directive goes down one tier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relay {
    /// After the responsible person has acknowledged, and the time for a note has passed (B1).
    OnAck,
    /// To all tiers at once.
    Auto,
    /// When the responsible person presses the relay button.
    Manual,
}

/// Who of a college chat must acknowledge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counselors {
    /// Every counselor (B1).
    All,
    /// One counselor for each class.
    OnePerClass,
}

/// The moment of a step, counted from the directive's arrival in a chat.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum At {
    /// A share of the time until it is due: 0.5 is half of it, 1.2 a fifth past it.
    Share(f64),
    /// A fixed time.
    After(#[serde(with = "seconds")] TimeDelta),
}

/// What a step does (B3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Reminds in the group: by name when few are missing, otherwise by number.
    RemindGroup,
    /// Reminds each missing person in private.
    RemindPrivate,
    /// Tells those responsible; a second step of this kind tells one tier higher.
    Escalate,
    /// Relays to the tier below although nobody acknowledged.
    RelayAnyway,
}

/// One step of a directive's policy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// When it happens first.
    pub at: At,
    /// What happens.
    pub action: Action,
    /// The time between repetitions; present when `times` is more than one.
    #[serde(with = "seconds::option", default)]
    pub every: Option<TimeDelta>,
    /// How often in all, the first included; at least 1.
    pub times: u32,
}

/// How a directive of one urgency runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DirectivePolicy {
    /// When it goes down.
    pub relay: Relay,
    /// The time to acknowledge, from arrival in a chat, by the tier's position: school first.
    #[serde(with = "seconds_list")]
    pub due: Vec<TimeDelta>,
    /// What happens while answers are missing.
    pub steps: Vec<Step>,
}

impl DirectivePolicy {
    /// The time that a chat of the tier at `position` (0 is the school) has to acknowledge. A tier
    /// beyond the last one has the last one's time.
    #[must_use]
    pub fn due(&self, position: usize) -> TimeDelta {
        self.due.get(position).or(self.due.last()).copied().unwrap_or_default()
    }
}

/// Whether and when names are shown in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupNames {
    /// Whether a group may see names at all.
    pub shown: bool,
    /// How many may be missing for their names to be shown; above it the number is shown.
    pub up_to: u32,
}

impl GroupNames {
    /// Whether the names of `missing` people may stand in a group.
    #[must_use]
    pub fn allow(&self, missing: usize) -> bool {
        self.shown && u32::try_from(missing).is_ok_and(|missing| missing <= self.up_to)
    }
}

/// Everything of `[directive]`, with what of `[reminders]` and `[roster]` directives run by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DirectiveRules {
    /// Words that acknowledge at the start of a message, in lower case.
    pub ack_words: Vec<String>,
    /// Who of a college chat must acknowledge.
    pub counselors: Counselors,
    /// The time for a note between the responsible person's acknowledgement and the relay.
    #[serde(with = "seconds")]
    pub relay_delay: TimeDelta,
    /// An urgent directive to the whole school needs a second person's yes (S17).
    #[serde(default)]
    pub second_person: bool,
    /// The policy of a normal directive.
    pub normal: DirectivePolicy,
    /// The policy of an urgent directive.
    pub urgent: DirectivePolicy,
    /// How many reminders a person gets a day in private, urgent ones excepted.
    pub private_per_day: u32,
    /// When a group sees names.
    pub group_names: GroupNames,
}

impl DirectiveRules {
    /// The policy of a directive that is `urgent` or not.
    #[must_use]
    pub fn policy(&self, urgent: bool) -> &DirectivePolicy {
        if urgent { &self.urgent } else { &self.normal }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_policy_reads_back_the_same() {
        let policy = DirectivePolicy {
            relay: Relay::OnAck,
            due: vec![TimeDelta::minutes(30), TimeDelta::hours(2)],
            steps: vec![Step {
                at: At::After(TimeDelta::seconds(90)),
                action: Action::RemindPrivate,
                every: Some(TimeDelta::minutes(5)),
                times: 3,
            }],
        };
        let stored = serde_json::to_string(&policy).expect("plain data is written");
        assert!(stored.contains(r#""due":[1800,7200]"#), "{stored}");
        let back: DirectivePolicy = serde_json::from_str(&stored).expect("what was written");
        assert_eq!(back, policy);
    }

    #[test]
    fn a_tier_without_a_due_of_its_own_has_the_last_one() {
        let policy = DirectivePolicy {
            relay: Relay::Auto,
            due: vec![TimeDelta::minutes(30), TimeDelta::hours(2)],
            steps: Vec::new(),
        };
        assert_eq!(policy.due(0), TimeDelta::minutes(30));
        assert_eq!(policy.due(3), TimeDelta::hours(2));
    }

    #[test]
    fn names_are_shown_only_when_few_are_missing() {
        let names = GroupNames { shown: true, up_to: 5 };
        assert!(names.allow(5));
        assert!(!names.allow(6));
        assert!(!GroupNames { shown: false, up_to: 5 }.allow(1));
    }
}
