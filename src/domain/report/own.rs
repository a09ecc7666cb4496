//! Everything that is kept about a person, for that person (F4, S15).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Cell;
use crate::domain::checkin::{PersonState, Way};
use crate::domain::message::{Number, Time};
use crate::domain::roster::Role;

/// What is kept about one person. An account may stand for several.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OwnData {
    pub code: String,
    pub name: String,
    pub phone: Option<String>,
    /// Roles with the names of their units.
    pub roles: Vec<(Role, String)>,
    /// Names of the students this person answers for.
    pub answers_for: Vec<String>,
    /// Names of those who answer for this person, or follow them.
    pub contacts: Vec<String>,
    /// The Telegram account and since when it is bound.
    pub account: Option<(i64, Time)>,
    /// When somebody verified the phone number, and who.
    pub verified: Option<(Time, String)>,
    /// The newest acknowledgements, and how many there are in all.
    pub receipts: Vec<OwnReceiptLine>,
    pub receipts_total: u32,
    /// Days on which this person was expected to report, the newest first.
    pub days: Vec<OwnDay>,
    pub alerts: Vec<OwnAlertLine>,
    /// Reminders in all.
    pub reminders: u32,
    /// Who looked at data of this person or changed it, the newest first.
    pub seen: Vec<Sight>,
}

/// One acknowledgement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OwnReceiptLine {
    pub number: Number,
    pub title: String,
    pub acked_at: Time,
}

/// One day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OwnDay {
    pub date: NaiveDate,
    pub state: PersonState,
    pub reports: Vec<OwnReportLine>,
}

/// One version of a report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OwnReportLine {
    pub at: Time,
    /// Who reported.
    pub by: String,
    pub way: Way,
    pub late: bool,
    /// Its number when it supplements a signed day, else 0.
    pub supplement: i64,
    /// The question's words and the answer; empty once they were deleted.
    pub answers: Vec<(String, Cell)>,
}

/// One alert about this person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OwnAlertLine {
    pub opened_at: Time,
    pub cleared_at: Option<Time>,
}

/// Somebody looked at this person's data, or changed it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sight {
    pub at: Time,
    /// The name; empty: the program itself.
    pub by: String,
    /// The audit's word for the act.
    pub act: String,
}
