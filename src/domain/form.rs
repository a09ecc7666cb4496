//! A form of the daily check-in (C3): its questions, its rules, and what a person answers. A day keeps the form it
//! opened with as JSON, and reads it back.

mod answer;
mod check;
mod condition;
mod far;
mod flow;
mod literals;
mod session;
mod trial;
mod typed;
mod typing;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::message::Locale;
use super::policy::seconds;
pub use answer::{Answer, Answers, number_text};
pub use check::Fault;
pub use condition::{Condition, ConditionError};
pub use session::{Input, Scope, Session, Stage, Step, choice_of_button, press_of_choice};
pub use typed::AnswerFault;

/// The most choices of one question: Telegram shows at most 100 buttons, and some are needed to go on and back.
pub const MOST_CHOICES: usize = 90;
/// The most questions of a form: the summary has a button for each.
pub const MOST_QUESTIONS: usize = 60;
/// The longest text a person may type, in characters, where the question names no `max_length`.
pub const USUAL_LENGTH: usize = 200;
/// The greatest `far_km`: nothing on earth is farther away.
pub const FARTHEST_KM: f64 = 20_000.0;
/// The longest `max_length`: an answer and its question must fit into one message of Telegram.
pub const LONGEST_TEXT: usize = 3000;

/// A text of the form in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// Simplified Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Words {
    /// The text in this language.
    pub fn of(&self, locale: Locale) -> &str {
        match locale {
            Locale::ZhCn => &self.zh,
            Locale::En => &self.en,
        }
    }
}

/// What kind of answer a question takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// One of the choices.
    Choice,
    /// Any of the choices.
    Multi,
    /// Yes or no.
    YesNo,
    /// A typed number, kept with two decimals.
    Number,
    /// A typed text.
    Text,
    /// A place, sent by Telegram's own button.
    Location,
    /// A photo.
    Photo,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Kind; 7] =
        [Kind::Choice, Kind::Multi, Kind::YesNo, Kind::Number, Kind::Text, Kind::Location, Kind::Photo];

    /// The word of the form's file.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Choice => "choice",
            Kind::Multi => "multi",
            Kind::YesNo => "yes_no",
            Kind::Number => "number",
            Kind::Text => "text",
            Kind::Location => "location",
            Kind::Photo => "photo",
        }
    }

    /// The kind of a word.
    pub fn from_word(word: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// One of the answers to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What conditions and the workbook call it.
    pub id: String,
    /// The label of its button.
    pub words: Words,
}

/// A question of the form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// What conditions and the workbook call it.
    pub id: String,
    pub kind: Kind,
    /// The question as it is asked.
    pub ask: Words,
    /// When it is asked; nothing for always. Names earlier questions only.
    pub when: Option<Condition>,
    /// Whether it is asked anew after `same`.
    pub daily: bool,
    /// Whether it may be left out, by `next`.
    pub optional: bool,
    /// For [`Kind::Choice`] and [`Kind::Multi`], in their order.
    pub choices: Vec<Choice>,
    /// For [`Kind::Multi`]: the id of the choice that excludes all others, such as 无异常. Pressing it is the whole
    /// answer.
    pub none: Option<String>,
    /// For [`Kind::Number`]: the least value; for [`Kind::Multi`]: how many must be chosen at least.
    pub min: Option<f64>,
    /// For [`Kind::Number`]: the greatest value.
    pub max: Option<f64>,
    /// For [`Kind::Text`]: in characters.
    pub max_length: usize,
    /// For [`Kind::Location`]: from how many kilometres away from the last place on whoever reads the answers is to look
    /// (C6).
    #[serde(default)]
    pub far_km: Option<f64>,
}

impl Question {
    /// The choice of this id.
    pub fn choice(&self, id: &str) -> Option<&Choice> {
        self.choices.iter().find(|choice| choice.id == id)
    }

    /// Whether the choice of this id excludes all others.
    pub fn is_none(&self, choice: &str) -> bool {
        self.none.as_deref() == Some(choice)
    }

    /// How many choices of a multi-choice must be made at least.
    pub fn least_chosen(&self) -> usize {
        // `min` of a multi-choice is a small whole number: checked when the form is read.
        let min = self.min.unwrap_or_default().max(0.0) as usize;
        min.max(usize::from(self.none.is_some()))
    }
}

/// How much a rule matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Seen in the figures and the digest.
    Watch,
    /// Opens an alert the moment the report is submitted (C7).
    Urgent,
}

/// What a report is judged by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    pub level: Level,
    pub when: Condition,
    /// The clock of an alert: within this time the authorities are told (C8).
    #[serde(with = "seconds::option")]
    pub report_within: Option<TimeDelta>,
    /// What the alert says was reported.
    pub why: Words,
}

/// A form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Form {
    pub id: String,
    pub title: Words,
    /// What one states by `same`; without it there is no such button.
    pub same: Option<Words>,
    /// Shown with `submit` and `same`.
    pub declaration: Option<Words>,
    /// In the order they are asked; at least one.
    pub questions: Vec<Question>,
    pub rules: Vec<Rule>,
}

impl Form {
    /// The question of this id.
    pub fn question(&self, id: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.id == id)
    }

    /// Where the question of this id stands in the form, from 0: what buttons carry.
    pub fn position(&self, id: &str) -> Option<usize> {
        self.questions.iter().position(|question| question.id == id)
    }
}

#[cfg(test)]
mod tests;
