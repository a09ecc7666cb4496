//! What the digest's chart shows (D6).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::domain::figures::Figures;
use crate::domain::message::Time;

/// Completion over one day and over the days before it. Shares are of those who owe a report, 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChartData {
    /// The name of the school, or of the unit the chart is about.
    pub school: String,
    /// The local date.
    pub date: NaiveDate,
    /// When the figures were taken.
    pub at: Time,
    /// When the day opened.
    pub opened_at: Option<Time>,
    /// Until when people were to report.
    pub deadline: Option<Time>,
    /// Everybody's figures at that time.
    pub figures: Figures,
    /// Position of the tier the lines stand for: 1 for colleges, 2 for classes.
    pub tier: usize,
    /// A line for each unit in which anybody owes a report.
    pub colleges: Vec<Series>,
    /// Completion of the last days, the oldest first; `None` for a day without a check-in.
    pub days: Vec<(NaiveDate, Option<f64>)>,
}

/// How one unit's completion rose over the day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Series {
    pub name: String,
    /// Moments in their order, with the share that had reported by then.
    pub points: Vec<(Time, f64)>,
}
