//! What a person answers.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Kind, Question};
use crate::domain::roster::tidy;

/// An answer. It is kept by ids and values, never by words of a language.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// The id of the choice.
    Choice(String),
    /// The ids of the choices.
    Multi(BTreeSet<String>),
    YesNo(bool),
    /// With at most two decimals.
    Number(f64),
    Text(String),
    /// In degrees.
    Location {
        lat: f64,
        lon: f64,
    },
    /// Where the photo is: the chat it was sent in, and its message.
    Photo {
        chat: i64,
        message: i64,
    },
    /// An optional question was left out.
    Skipped,
}

/// The answers of one report by the ids of their questions.
pub type Answers = BTreeMap<String, Answer>;

impl Answer {
    /// A place in degrees, to the metre: no more is needed (F4), and so many digits survive being kept as JSON.
    pub fn place(lat: f64, lon: f64) -> Answer {
        let metre = |degrees: f64| (degrees * 1e5).round() / 1e5;
        Answer::Location { lat: metre(lat), lon: metre(lon) }
    }

    /// The answer by its ids, for the workbook: several choices joined by `;`, nothing for a skipped question and
    /// for a photo `photo`.
    pub fn cell(&self) -> String {
        match self {
            Answer::Choice(id) => id.clone(),
            Answer::Multi(ids) => ids.iter().map(String::as_str).collect::<Vec<_>>().join(";"),
            Answer::YesNo(yes) => (if *yes { "yes" } else { "no" }).to_owned(),
            Answer::Number(number) => number_text(*number),
            Answer::Text(text) => text.clone(),
            Answer::Location { lat, lon } => format!("{lat:.5},{lon:.5}"),
            Answer::Photo { .. } => "photo".to_owned(),
            Answer::Skipped => String::new(),
        }
    }
}

/// A number with at most two decimals and none too many: `36.5`, `37`.
pub fn number_text(number: f64) -> String {
    let text = format!("{number:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

impl Question {
    /// Whether this could be the answer to the question as it stands now.
    pub fn accepts(&self, answer: &Answer) -> bool {
        match (self.kind, answer) {
            (_, Answer::Skipped) => self.optional,
            (Kind::Choice, Answer::Choice(id)) => self.choice(id).is_some(),
            (Kind::Multi, Answer::Multi(ids)) => self.accepts_all(ids),
            (Kind::YesNo, Answer::YesNo(_)) | (Kind::Photo, Answer::Photo { .. }) => true,
            (Kind::Number, Answer::Number(number)) => self.is_in_range(*number),
            (Kind::Text, Answer::Text(text)) => {
                !text.is_empty() && tidy(text) == *text && text.chars().count() <= self.max_length
            }
            (Kind::Location, Answer::Location { lat, lon }) => lat.abs() <= 90.0 && lon.abs() <= 180.0,
            _ => false,
        }
    }

    fn accepts_all(&self, ids: &BTreeSet<String>) -> bool {
        let excludes = ids.len() > 1 && ids.iter().any(|id| self.is_none(id));
        ids.len() >= self.least_chosen() && !excludes && ids.iter().all(|id| self.choice(id).is_some())
    }

    /// Whether the number lies between `min` and `max`.
    pub fn is_in_range(&self, number: f64) -> bool {
        number.is_finite()
            && self.min.is_none_or(|min| number >= min)
            && self.max.is_none_or(|max| number <= max)
    }
}
