//! The form of a check-in (contract 5). Interim: the form helper's version replaces this file.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::message::Locale;
use super::policy::seconds;

/// Words in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    pub zh: String,
    pub en: String,
}

impl Words {
    /// The words of a language.
    pub fn of(&self, locale: Locale) -> &str {
        match locale {
            Locale::ZhCn => &self.zh,
            Locale::En => &self.en,
        }
    }
}

/// A form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Form {
    pub id: String,
    pub title: Words,
    pub same: Option<Words>,
    pub declaration: Option<Words>,
    pub questions: Vec<Question>,
    pub rules: Vec<Rule>,
}

/// What kind of answer a question takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Choice,
    Multi,
    YesNo,
    Number,
    Text,
    Location,
    Photo,
}

/// One of several answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub id: String,
    pub words: Words,
}

/// A question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Question {
    pub id: String,
    pub kind: Kind,
    pub ask: Words,
    pub when: Option<String>,
    pub daily: bool,
    pub choices: Vec<Choice>,
    pub min: Option<f64>,
    pub max: Option<f64>,
    pub max_length: Option<usize>,
}

/// How grave it is when a rule holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    Watch,
    Urgent,
}

/// What is judged of the answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    pub level: Level,
    pub when: String,
    #[serde(with = "seconds::option", default)]
    pub report_within: Option<TimeDelta>,
    pub why: Words,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    Choice(String),
    Multi(BTreeSet<String>),
    YesNo(bool),
    Number(f64),
    Text(String),
    Location { lat: f64, lon: f64 },
    Photo { chat: i64, message: i64 },
}

/// Answers by question id.
pub type Answers = BTreeMap<String, Answer>;

impl Form {
    /// The rules that hold, the gravest first.
    pub fn fires(&self, _answers: &Answers) -> Vec<&Rule> {
        Vec::new()
    }

    /// Whether an answer differs from the last valid one; a number, place or photo never counts as a change.
    pub fn changed(&self, last: Option<&Answers>, new: &Answers) -> bool {
        let counts = |answer: &Answer| {
            matches!(answer, Answer::Choice(_) | Answer::Multi(_) | Answer::YesNo(_) | Answer::Text(_))
        };
        let kept = |all: &Answers| -> Answers {
            all.iter()
                .filter(|(_, answer)| counts(answer))
                .map(|(id, answer)| (id.clone(), answer.clone()))
                .collect()
        };
        last.is_some_and(|last| kept(last) != kept(new))
    }
}
