//! What the use cases need of the configuration.

use chrono::TimeDelta;

use crate::domain::calendar::{Calendar, Cron};
use crate::domain::checkin::DayPolicy;
use crate::domain::form::{Form, Words};
use crate::domain::message::{Locale, TierName};
use crate::domain::policy::DirectiveRules;
use crate::domain::roster::Tiers;

/// The configuration as the engine sees it.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `school.name`.
    pub school: String,
    /// `school.locale`: groups, and people without a choice of their own.
    pub locale: Locale,
    pub calendar: Calendar,
    pub tiers: Tiers,
    /// Own words for tiers, by position.
    pub tier_words: Vec<TierName>,
    pub rules: DirectiveRules,
    pub checkin: CheckinRules,
    /// `help.text`: where help is, for somebody about whom there is an alert (E6).
    pub help: Words,
}

/// `[checkin]`, `[report]` and `[privacy]` as the engine sees them.
#[derive(Debug, Clone)]
pub struct CheckinRules {
    /// When a day opens.
    pub open: Cron,
    /// Days without school are left out.
    pub calendar: bool,
    /// The form of a day that opens now.
    pub form: Form,
    /// What a day that opens now will run by.
    pub policy: DayPolicy,
    /// When the digest goes out (D6).
    pub digest: Vec<Cron>,
    /// How long answers are kept (F4).
    pub answers_kept: TimeDelta,
    /// How long locations are kept.
    pub locations_kept: TimeDelta,
}

impl Settings {
    /// How the tier at this position is called in words.
    pub fn tier_name(&self, position: usize) -> TierName {
        let own = self.tier_words.iter().find(|name| name.position == position);
        own.cloned().unwrap_or(TierName { position, zh: None, en: None })
    }

    /// The configured name of a tier, as chats are bound with.
    pub fn tier_key(&self, position: usize) -> &str {
        self.tiers.name(position).unwrap_or("guardians")
    }

    /// The tiers' configured names, by position, guardians last.
    pub fn tier_keys(&self) -> Vec<String> {
        (0..4).map(|position| self.tier_key(position).to_owned()).collect()
    }
}
