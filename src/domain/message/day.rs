use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Time;

/// What is said around the day of a check-in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayMessage {
    /// The question in a class's or guardians' chat.
    Group(GroupPrompt),
    /// Who has not reported, to those responsible, with one-tap actions (B3).
    Missing(MissingList),
    /// Somebody was not reached by phone: told upward at once.
    Unreached(Unreached),
    /// Why is this person excused? A tap, or typed.
    Excuse(ExcuseAsked),
}

/// The question in a group, with a link to the form in private.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupPrompt {
    /// `days.id`.
    pub day: i64,
    /// What the form is called.
    pub title: String,
    pub date: NaiveDate,
    pub deadline: Time,
    /// The unit's name, and its id.
    pub unit: String,
    pub unit_id: i64,
    /// Guardians read it: they report for their children (C5).
    pub guardians: bool,
    /// Who owes a report.
    pub expected: u32,
    pub reported: u32,
    /// When these were counted; `None`: nobody could report yet.
    pub as_of: Option<Time>,
}

/// Why somebody is told of a unit that is not theirs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NobodyBelow {
    /// Nobody on the roster is responsible for it.
    Vacant,
    /// Those responsible cannot be reached in private.
    Unreachable,
}

/// Who has not reported, over all units of one reader.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MissingList {
    pub day: i64,
    pub date: NaiveDate,
    pub deadline: Time,
    /// The tier of the reader's post.
    pub tier: usize,
    /// The units the reader is told of.
    pub units: Vec<i64>,
    /// Told because nobody below could be.
    pub because: Option<NobodyBelow>,
    /// The unit that is looked into, if one is.
    pub inside: Option<i64>,
    /// Unit by unit, those where somebody is missing.
    pub rows: Vec<MissingUnit>,
    /// How many units more there are than rows.
    pub more: u32,
    /// Of all the units: what is missing, and not reached.
    pub missing: u32,
    pub unreachable: u32,
    /// One page of names, where the reader may see them.
    pub people: Vec<SilentRow>,
    pub page: usize,
    pub pages: usize,
    /// `take` is still to be pressed.
    pub free: bool,
}

/// A unit where somebody has not reported.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MissingUnit {
    pub unit: i64,
    pub name: String,
    /// `open` looks into it.
    pub opens: bool,
    pub expected: u32,
    pub reported: u32,
    pub missing: u32,
    pub unreachable: u32,
    /// Who is on it, until when.
    pub held: Option<(String, Time)>,
}

/// Somebody who has not reported; the id is the argument of `phone`, `unreach` and `excuse`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SilentRow {
    pub person: i64,
    pub name: String,
    pub phone: Option<String>,
    /// The bot cannot reach this person in private.
    pub unreachable: bool,
    /// Tried by phone without success.
    pub unreached: bool,
}

/// Somebody who was phoned and not reached.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Unreached {
    pub day: i64,
    pub person: i64,
    pub name: String,
    pub unit: String,
    pub phone: Option<String>,
    /// Name and number of each guardian.
    pub guardians: Vec<(String, Option<String>)>,
    /// Who tried, and when.
    pub by: String,
    pub at: Time,
    /// Has reported, or was excused, since.
    pub settled: bool,
}

/// The reasons that are offered for excusing somebody; others are typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Excuse {
    /// 请假.
    Leave,
    /// 就医.
    Ill,
}

impl Excuse {
    /// All, in the buttons' order.
    pub const ALL: [Excuse; 2] = [Excuse::Leave, Excuse::Ill];

    /// The word of the database.
    pub fn word(self) -> &'static str {
        match self {
            Excuse::Leave => "leave",
            Excuse::Ill => "ill",
        }
    }
}

/// The question why somebody is excused.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExcuseAsked {
    pub day: i64,
    pub person: i64,
    pub name: String,
    /// Excused, for this reason: a word of [`Excuse`], or as it was typed.
    pub given: Option<String>,
    /// Has reported meanwhile: nothing is to be excused.
    pub settled: bool,
}

/// A check-in that is due, in a reminder or in `/today`: `fill`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CheckinDue {
    pub day: i64,
    pub deadline: Time,
    /// It is due for the reader.
    pub own: bool,
    /// It is due for these others.
    pub others: Vec<String>,
    /// Nothing of it is due any more.
    pub done: bool,
}
