use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Time;

/// What is said around the day of a check-in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayMessage {
    /// The question in a class's or guardians' chat.
    Group(GroupPrompt),
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
