//! What papers are made from: a directive's receipts and legs, a day's figures and answers, the chart.

mod chart;
mod day;
mod extent;
mod order;
mod own;

pub use super::figures::{Figures, PersonState};
use super::message::Time;
pub use chart::{ChartData, Series};
pub use day::{
    AnswerRow, AnswerSheet, Cell, ChoiceWords, DayReport, DirectiveRow, MissingRow, SignAct, SignRow, UnitRow,
};
pub use extent::{Extent, ReportRights};
pub use order::WorkbookOrder;
pub use own::{OwnAlertLine, OwnData, OwnDay, OwnReceiptLine, OwnReportLine, Sight};

/// One receipt of a directive, with everything that is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct ReceiptRow {
    /// Tier position of the chat.
    pub tier: usize,
    pub unit: String,
    /// unit, person, household.
    pub kind: String,
    pub code: String,
    pub name: String,
    pub arrived_at: Option<Time>,
    pub due_at: Option<Time>,
    pub acked_at: Option<Time>,
    pub by: String,
    /// button, reply, reaction, word, phone; empty while missing.
    pub way: String,
    pub recorded_by: String,
    pub late: bool,
    pub reminders: u32,
    pub escalated_at: Option<Time>,
    pub escalated_to: Vec<String>,
    pub unreached_at: Option<Time>,
}

/// One leg of a directive.
#[derive(Debug, Clone, PartialEq)]
pub struct LegRow {
    pub tier: usize,
    pub unit: String,
    pub state: String,
    pub in_private: bool,
    pub arrived_at: Option<Time>,
    pub relay_how: String,
    pub relayed_by: String,
    pub must: u32,
    pub acked: u32,
    pub late: u32,
    pub done_state: String,
    pub done_text: String,
}
