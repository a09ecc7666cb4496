//! What the words and times of a paper depend on.

use crate::domain::calendar::Calendar;
use crate::domain::message::{Locale, TierName};
use crate::text::Texts;

/// The language, the clock and the tiers of a paper.
pub struct Words<'a> {
    pub texts: &'a Texts,
    pub locale: Locale,
    pub calendar: &'a Calendar,
    /// The tiers' names by position.
    pub tiers: Vec<String>,
}

/// The usual words of the tiers, by position.
const TIERS: [&str; 4] = ["tier-0", "tier-1", "tier-2", "tier-3"];

impl<'a> Words<'a> {
    /// The words of a school that calls its tiers as configured, or as usual.
    pub fn of(texts: &'a Texts, locale: Locale, calendar: &'a Calendar, own: &[TierName]) -> Words<'a> {
        let own = |position: usize| {
            own.iter().find(|name| name.position == position).and_then(|name| match locale {
                Locale::ZhCn => name.zh.clone(),
                Locale::En => name.en.clone(),
            })
        };
        let tiers = TIERS.iter().enumerate();
        let tiers = tiers
            .map(|(position, usual)| own(position).unwrap_or_else(|| texts.word(locale, usual)))
            .collect();
        Words { texts, locale, calendar, tiers }
    }

    pub(super) fn say(&self, id: &str) -> String {
        self.texts.word(self.locale, id)
    }

    pub(super) fn say_with(&self, id: &str, values: &[(&'static str, String)]) -> String {
        self.texts.phrase(self.locale, id, values)
    }

    pub(super) fn tier(&self, position: usize) -> String {
        self.tiers.get(position).cloned().unwrap_or_default()
    }
}
