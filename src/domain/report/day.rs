//! A day of check-ins as its workbook shows it (section 6 of the manual; D2–D5).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::figures::{Figures, PersonState};
use crate::domain::form::{Answer, Question};
use crate::domain::message::{Locale, Number, Time};

/// All that the workbook of one day says. What its reader may not see is not in it.
#[derive(Debug, Clone, PartialEq)]
pub struct DayReport {
    /// The local date.
    pub date: NaiveDate,
    /// The school's name.
    pub school: String,
    /// The unit reported on, with all below it, from the top.
    pub units: Vec<UnitRow>,
    /// Who has not reported, by unit.
    pub missing: Vec<MissingRow>,
    /// What was answered; `None` for a reader who may not see it.
    pub answers: Option<AnswerSheet>,
    /// Directives that went out that day.
    pub directives: Vec<DirectiveRow>,
    /// What became of the figures after they were confirmed, in its order (D3).
    pub signoff: Vec<SignRow>,
}

/// One unit's row; the figures are of everybody in it and below it.
#[derive(Debug, Clone, PartialEq)]
pub struct UnitRow {
    pub code: String,
    pub unit: String,
    /// Position of the unit's tier, 0 for the school.
    pub tier: usize,
    /// The tier's configured key, such as `college`.
    pub tier_key: String,
    /// How far below the report's own unit, 0 for itself.
    pub depth: u8,
    pub figures: Figures,
    pub confirmed_by: Option<String>,
    pub confirmed_at: Option<Time>,
}

/// One person who has not reported, and what was done about it.
#[derive(Debug, Clone, PartialEq)]
pub struct MissingRow {
    pub unit_code: String,
    pub unit: String,
    pub person_code: String,
    pub name: String,
    pub state: PersonState,
    /// `None` where there is none, or for a reader who may not see it.
    pub phone: Option<String>,
    /// How often they were reminded.
    pub reminders: u32,
    /// The names of those who were told.
    pub escalated_to: Vec<String>,
}

/// The answers of a day.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AnswerSheet {
    /// Each question's id and words, in the form's order.
    pub questions: Vec<(String, String)>,
    pub rows: Vec<AnswerRow>,
}

/// What one person reported.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerRow {
    pub unit_code: String,
    pub person_code: String,
    pub name: String,
    pub state: PersonState,
    /// Reported after the deadline.
    pub late: bool,
    pub reported_at: Option<Time>,
    /// The name of who reported; empty while nobody has.
    pub by: String,
    /// Differs from the last valid report.
    pub changed: bool,
    /// One for each question of the sheet; missing ones are empty.
    pub answers: Vec<Cell>,
}

/// One answer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub enum Cell {
    /// Not asked, not answered, or no longer kept.
    #[default]
    Empty,
    /// One of the choices.
    Choice(ChoiceWords),
    /// Several of the choices, or none.
    Choices(Vec<ChoiceWords>),
    YesNo(bool),
    Number(f64),
    Text(String),
    /// A position in degrees.
    Place {
        latitude: f64,
        longitude: f64,
    },
    /// A photo, which stays in the chat.
    Photo,
}

impl Cell {
    /// What was answered to a question, with its words in this language.
    pub fn of(question: &Question, answer: &Answer, locale: Locale) -> Cell {
        let choice = |id: &String| {
            let words = question.choice(id).map_or(id.as_str(), |choice| choice.words.of(locale));
            ChoiceWords { id: id.clone(), words: words.to_owned() }
        };
        match answer {
            Answer::Choice(id) => Cell::Choice(choice(id)),
            Answer::Multi(ids) => Cell::Choices(ids.iter().map(choice).collect()),
            Answer::YesNo(yes) => Cell::YesNo(*yes),
            Answer::Number(number) => Cell::Number(*number),
            Answer::Text(text) => Cell::Text(text.clone()),
            Answer::Location { lat, lon } => Cell::Place { latitude: *lat, longitude: *lon },
            Answer::Photo { .. } => Cell::Photo,
            Answer::Skipped => Cell::Empty,
        }
    }
}

/// A choice of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChoiceWords {
    pub id: String,
    /// In the workbook's language.
    pub words: String,
}

/// One directive in one unit.
#[derive(Debug, Clone, PartialEq)]
pub struct DirectiveRow {
    pub number: Number,
    pub title: String,
    pub issued_at: Time,
    /// Position of the tier of the chat it reached.
    pub tier: usize,
    /// The tier's configured key.
    pub tier_key: String,
    pub unit: String,
    pub must_ack: u32,
    pub acked: u32,
    pub late: u32,
    pub relayed_at: Option<Time>,
    pub done_at: Option<Time>,
}

/// One act about a whole day's figures.
#[derive(Debug, Clone, PartialEq)]
pub struct SignRow {
    pub act: SignAct,
    /// The name of who did it.
    pub by: String,
    pub at: Time,
    /// The authority it was filed with, or the unit it went back to; empty otherwise.
    pub to: String,
    /// The reason given, where one is needed.
    pub reason: String,
}

/// What was done with a day's figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignAct {
    /// Reviewed by a leader before it was signed.
    Reviewed,
    /// Sent back to a unit.
    Rejected,
    /// Signed: from here on the figures are locked.
    Signed,
    /// A correction after it was signed, counted from 1 for each day.
    Supplement(u32),
    /// Recorded as filed with an authority.
    Filed,
}
