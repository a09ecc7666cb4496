use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Time;
use crate::domain::form::{AnswerFault, Kind, Words};

/// What is said around the form of the check-in (C1–C5): one message that goes from stage to stage.
// [`super::Message`] holds it in a box.
#[allow(clippy::large_enum_variant)]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormMessage {
    /// The form at one of its stages.
    Page(FormPage),
    /// No day is open; when the next one opens.
    NoDay { next: Option<Time> },
    /// The reader is not expected to report, neither for themselves nor for others.
    NotExpected,
    /// Telegram's own button for the location.
    AskLocation,
}

/// The form at one of its stages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FormPage {
    /// `days.id`.
    pub day: i64,
    /// What the form is called.
    pub title: String,
    pub date: NaiveDate,
    pub deadline: Time,
    /// When the next day opens, where this one is not today's any more.
    pub next: Option<Time>,
    /// Filled in for this person, who was phoned.
    pub phone: Option<i64>,
    pub stage: FormStage,
}

/// A stage of the form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormStage {
    /// For whom the reader reports, and how each of them stands.
    Overview {
        rows: Vec<FormRow>,
        /// What one states by `same`.
        same: Option<String>,
        /// Shown with `same`.
        declaration: Option<String>,
    },
    /// A question is asked.
    Asking(Box<AskedQuestion>),
    /// Everything is answered: `change` an answer, `submit`.
    Summary(FormSummary),
    /// The day is signed: the reason of the supplement is to be typed.
    Reason {
        person: i64,
        /// `None`: the reader.
        name: Option<String>,
        note: Option<FormNote>,
    },
    /// The form goes on in a newer message.
    Below,
    /// The day is over.
    Over,
}

/// Somebody the reader reports for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FormRow {
    /// people.id, the argument of `same`, `fill` and `change`.
    pub person: i64,
    /// `None`: the reader.
    pub name: Option<String>,
    /// The last report, where the reader may see it.
    pub last: Option<LastReport>,
    /// `same` is offered.
    pub same: bool,
    /// A responsible person has excused them today.
    pub excused: bool,
    /// How today's report stands; `None`: there is none.
    pub done: Option<FormDone>,
}

/// A report of an earlier day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LastReport {
    pub date: NaiveDate,
    pub answers: Vec<AnsweredRow>,
}

/// Today's report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FormDone {
    pub at: Time,
    /// Who reported; `None`: the reader.
    pub by: Option<String>,
    /// By phone.
    pub phone: bool,
    pub late: bool,
    /// It was corrected since.
    pub corrected: bool,
    /// The number of the supplement that was just made.
    pub supplement: Option<i64>,
    /// Who was told at once because of what it says.
    pub informed: Vec<String>,
    /// Where help is, with `informed` (E6).
    #[serde(default)]
    pub help: Option<Words>,
    /// `change` is offered.
    pub change: bool,
}

/// A question with its answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AnsweredRow {
    /// Its position in the form: with the tag, the argument of `change`.
    pub question: usize,
    /// The question as it was asked.
    pub ask: String,
    pub answer: AnswerWords,
}

/// An answer as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerWords {
    /// Labels of choices.
    Labels(Vec<String>),
    /// A number or a text.
    Plain(String),
    YesNo(bool),
    Location,
    Photo,
    Skipped,
}

/// A question that is asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AskedQuestion {
    /// Whom it is about.
    pub person: i64,
    /// `None`: the reader.
    pub name: Option<String>,
    /// Marks the buttons of this very dialogue, see [`tagged`].
    pub tag: i64,
    /// Which question of how many, from 1.
    pub at: usize,
    pub of: usize,
    /// Its position in the form.
    pub question: usize,
    pub kind: Kind,
    pub ask: String,
    /// Labels, and which of them are marked.
    pub choices: Vec<(String, bool)>,
    /// It may be left out.
    pub optional: bool,
    /// There is a question to go back to.
    pub back: bool,
    pub min: Option<f64>,
    pub max: Option<f64>,
    pub max_length: usize,
    /// Why what was typed is no answer.
    pub note: Option<FormNote>,
}

/// All answers before they are submitted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FormSummary {
    /// Whom it is about.
    pub person: i64,
    /// `None`: the reader.
    pub name: Option<String>,
    pub tag: i64,
    pub answers: Vec<AnsweredRow>,
    pub declaration: Option<String>,
    /// It corrects a report that counts already.
    pub correction: bool,
    pub note: Option<FormNote>,
}

/// Why what a person sent was not taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormNote {
    /// It does not answer the question.
    Fault(AnswerFault),
    /// It was forwarded: somebody else's words.
    Forwarded,
    /// Everything is answered already: submit, or change an answer.
    Submit,
}

/// What a button of a dialogue carries: the tag tells it from the buttons of another dialogue in the same message.
pub fn tagged(tag: i64, number: i64) -> i64 {
    tag.saturating_mul(TAGGED).saturating_add(number)
}

/// The number of [`tagged`], if it is of this tag.
pub fn untagged(tag: i64, argument: i64) -> Option<i64> {
    (argument.div_euclid(TAGGED) == tag).then(|| number_of(argument))
}

/// The number of [`tagged`], whatever its tag.
pub fn number_of(argument: i64) -> i64 {
    argument.rem_euclid(TAGGED)
}

/// More than any number of a choice, `press_of_choice`.
const TAGGED: i64 = 100_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::form::{MOST_CHOICES, MOST_QUESTIONS, press_of_choice};

    #[test]
    fn a_number_keeps_to_its_dialogue() {
        let most = press_of_choice(MOST_QUESTIONS, MOST_CHOICES);
        for tag in [0, 7, 1 << 30] {
            assert_eq!(untagged(tag, tagged(tag, most)), Some(most));
            assert_eq!(untagged(tag + 1, tagged(tag, most)), None);
        }
        assert_eq!(untagged(7, -1), None);
    }
}
