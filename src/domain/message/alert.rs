use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::{TierName, Time};
use crate::domain::alert::{Authority, Event, Kind, Outcome, Reason};
use crate::domain::form::Words;
use crate::domain::policy::seconds;

/// What is said of an alert, in private to those who handle it (C7, C8).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertMessage {
    /// The alert with what can be done about it: `take`, `told`, `note`, `clear`.
    Card(Box<AlertCard>),
    /// To whom was it reported? `told` with an index, or typed.
    AskTold { alert: i64, name: String },
    /// It was noted to whom it was reported.
    ToldNoted { name: String, to: Authority },
    /// What did the check find? `clear` with an index.
    AskClear { alert: i64, name: String },
    /// Why it is cleared: typed.
    AskWhy { alert: i64, name: String, outcome: Outcome },
    /// How it goes on: typed.
    AskNote { alert: i64, name: String },
    /// It was noted how it goes on.
    NoteNoted { name: String },
    /// It is cleared: to everyone who knew, with who knew when.
    Final(Box<AlertReport>),
}

/// Why the card is sent just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertHead {
    /// It was raised.
    New,
    /// A later report says more.
    Updated,
    /// Nobody has taken it for so many minutes.
    Untaken { minutes: u32 },
    /// Half of the time to tell an authority is over.
    Half,
    /// All of it is over.
    Overdue,
    /// The next morning: how does it go on?
    FollowUp,
    /// Asked for.
    Opened,
}

/// An alert as it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AlertCard {
    /// alerts.id.
    pub alert: i64,
    pub head: AlertHead,
    /// The person's name.
    pub name: String,
    /// Class and college, or wherever the person belongs to.
    pub units: Vec<String>,
    pub phone: Option<String>,
    /// Guardians with their phones.
    pub guardians: Vec<(String, Option<String>)>,
    pub reasons: Vec<Reason>,
    pub opened_at: Time,
    /// The last report does not say it any more.
    pub corrected: bool,
    /// Until when an authority must be told, while nobody was.
    pub due: Option<Time>,
    /// Who is on it, since when.
    pub taken: Option<(String, Time)>,
    pub told: Vec<ToldLine>,
    /// How it goes on: by whom, when.
    pub note: Option<(String, Time, String)>,
    /// By whom it was cleared, when, with which outcome and why.
    pub cleared: Option<(String, Time, Outcome, String)>,
}

/// A report to an authority.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToldLine {
    pub at: Time,
    pub who: String,
    pub to: Authority,
    /// How long it took.
    #[serde(with = "seconds")]
    pub after: TimeDelta,
    /// After the time was over.
    pub late: bool,
}

/// The final report on an alert.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AlertReport {
    pub name: String,
    pub units: Vec<String>,
    pub reasons: Vec<Reason>,
    pub outcome: Outcome,
    pub why: String,
    /// What happened, in order.
    pub lines: Vec<TimeLine>,
    /// What each tier knew and did.
    pub tiers: Vec<TierMeasure>,
}

/// A line of the final report.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TimeLine {
    pub at: Time,
    /// Who did it, or who was informed; empty: the program.
    pub who: Vec<String>,
    pub event: Event,
}

/// What a tier knew and did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TierMeasure {
    /// `None`: whoever holds no post in the chain.
    pub tier: Option<TierName>,
    pub informed_at: Option<Time>,
    pub told: Option<ToldLine>,
}

/// Somebody about whom a report is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    pub person: i64,
    pub name: String,
    /// It is the reporter.
    pub own: bool,
}

/// `/urgent`, step by step, in one message (C7).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgent {
    /// About whom? `open` with people.id.
    Who { subjects: Vec<Subject>, page: usize, pages: usize, words: String },
    /// What happened? `ans` with an index.
    What { subject: Subject, words: String },
    /// Some words to it, typed, or `next`.
    Words { subject: Subject, kind: Kind },
    /// To be sent: `submit`.
    Ready { subject: Subject, kind: Kind, words: String },
    /// It was sent: who was informed, and where help is (E6).
    Sent { subject: Subject, informed: Vec<String>, help: Words },
    /// Given up.
    Cancelled,
    /// There is nobody about whom this person could report.
    Nobody,
}
