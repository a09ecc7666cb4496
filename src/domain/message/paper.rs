//! The digest, and workbooks that are asked for (D6).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Counted, Number, Time};
use crate::domain::figures::Figures;
use crate::domain::message::TierName;

/// What is said about papers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Paper {
    /// The day in ten seconds: counts and names of units only, so that it may stand in a group.
    Digest(Box<Digest>),
    /// An export holds answers with names: it is confirmed a second time (S17).
    ConfirmExport {
        day: i64,
        date: NaiveDate,
        unit: String,
        unit_id: i64,
        /// Whose answers it would hold.
        people: u32,
    },
    /// The workbook is on its way.
    Exporting { date: NaiveDate, unit: String },
    /// There was no check-in that day; `None`: there never was one.
    NoDay { date: Option<NaiveDate> },
    /// What followed `/export` is no date.
    BadDate,
}

/// A unit's day as it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Digest {
    pub unit: String,
    pub date: NaiveDate,
    /// When the figures were taken.
    pub at: Time,
    pub figures: Figures,
    /// Of which tier the units are that are listed as lagging.
    pub tier: TierName,
    /// The units in which most are missing, the worst first; and in how many anybody is.
    pub lagging: Vec<Lagging>,
    pub lagging_total: u32,
    /// The last day before, for comparison.
    pub before: Option<Figures>,
    /// Alerts of the day; those nobody has closed; and those that were found to be entered wrongly.
    pub alerts: u32,
    pub open_alerts: u32,
    pub mistaken_alerts: u32,
    /// Confirmations of figures, tier by tier.
    pub confirmed: Vec<ConfirmedTier>,
    /// Who signed the day, for the school's digest.
    pub signing: Option<Signing>,
    /// Overdue directives, the oldest first; and how many there are.
    pub overdue: Vec<OverdueLine>,
    pub overdue_total: u32,
    /// Median minutes from arrival to acknowledgement.
    pub medians: Vec<(Counted, u32)>,
    pub operator: OperatorNote,
}

/// A unit where people are missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lagging {
    pub unit: String,
    pub missing: u32,
    pub owing: u32,
}

/// How many units of a tier have confirmed their figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConfirmedTier {
    pub tier: TierName,
    pub confirmed: u32,
    pub of: u32,
    /// Units that have not although they were to by now: the first of them.
    pub waiting: Vec<String>,
}

/// Whether the day was signed, and filed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signing {
    /// Nobody has signed it.
    Open,
    /// Signed and locked; `filed`: with which authority.
    Signed { by: String, at: Time, filed: Option<String> },
}

/// A directive that is overdue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OverdueLine {
    pub number: Number,
    pub title: String,
    /// In how many units.
    pub units: u32,
    pub missing: u32,
}

/// What whoever runs the service must look at (R23).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorNote {
    /// Reminders that were due and neither went out nor are explained.
    pub unexplained: u32,
    /// Nothing went out today although something was to.
    pub silent: bool,
}
