//! What the words and times of a paper depend on.

use crate::domain::calendar::Calendar;
use crate::domain::message::Locale;
use crate::text::Texts;

/// The language, the clock and the tiers of a paper.
pub struct Words<'a> {
    pub texts: &'a Texts,
    pub locale: Locale,
    pub calendar: &'a Calendar,
    /// The tiers' names by position.
    pub tiers: Vec<String>,
}

impl Words<'_> {
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
