use serde::{Deserialize, Serialize};

use super::{Counted, Mention, Number, RelayState, Time, Watched};

/// How many of a unit the bot can reach in private.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// On the roster with an account of their own to be bound.
    pub expected: u32,
    /// Bound to an account.
    pub bound: u32,
    /// Bound, but never pressed Start.
    pub never_started: u32,
    /// Bound, but blocked the bot or left Telegram.
    pub blocked: u32,
}

impl Reach {
    /// Bound and not blocked.
    pub fn reachable(self) -> u32 {
        self.bound.saturating_sub(self.never_started + self.blocked)
    }
}

/// One directive in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DirectiveLine {
    /// directives.id, the argument of `open`.
    pub directive: i64,
    pub number: Number,
    pub title: String,
    pub urgent: bool,
    pub withdrawn: bool,
    pub acked: u32,
    pub must: u32,
}

/// One tier of a directive: `colleges 20/20`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TierLine {
    pub counted: Counted,
    pub acked: u32,
    pub must: u32,
    pub late: u32,
    /// In how many of its chats or units it has arrived, of how many.
    pub arrived: u32,
    pub legs: u32,
}

/// One unit of a directive, to drill down.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrackRow {
    /// legs.id, the argument of `open`.
    pub leg: i64,
    pub unit: String,
    pub acked: u32,
    pub must: u32,
    pub late: u32,
    pub overdue: bool,
    pub relay: RelayState,
    /// Who relayed it; `None`: the program, or nobody yet.
    pub relayed_by: Option<String>,
    pub done: bool,
}

/// `/track`: one directive, tier by tier.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Track {
    pub directive: i64,
    /// 0, or the leg that is looked at.
    pub leg: i64,
    pub number: Number,
    pub title: String,
    /// Name of the unit looked at; `None` at the top.
    pub unit: Option<String>,
    pub issued_at: Time,
    pub revision: u32,
    pub withdrawn: bool,
    pub tiers: Vec<TierLine>,
    pub rows: Vec<TrackRow>,
    /// At the bottom: names of who has not acknowledged, as far as the reader may see them.
    pub missing: Vec<String>,
    pub page: usize,
    pub pages: usize,
    /// The reader may change and withdraw it.
    pub own: bool,
    /// A leg shown where something is missing of which the reader may remind: `remind`.
    #[serde(default)]
    pub remind: Option<i64>,
}

/// One line of `/pending`, oldest due first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PendingRow {
    /// legs.id, the argument of `open`.
    pub leg: i64,
    pub number: Number,
    pub title: String,
    pub unit: String,
    pub due: Option<Time>,
    pub overdue: bool,
    pub missing: u32,
    /// Names, where the reader may see them; otherwise empty.
    pub names: Vec<String>,
}

/// One open directive in `/status`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StatusDirective {
    pub number: Number,
    pub title: String,
    pub due: Option<Time>,
    pub overdue: bool,
    pub counted: Counted,
    pub acked: u32,
    pub must: u32,
    /// Names, when few enough for where they are shown; otherwise empty, the number says it.
    pub missing: Vec<Mention>,
}

/// `/status`: how a unit stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Status {
    pub unit: String,
    pub reach: Reach,
    pub directives: Vec<StatusDirective>,
    /// More open directives than are shown.
    pub more: u32,
    /// In private: the reader may remind the missing: `remind`.
    #[serde(default)]
    pub remind: bool,
    /// How the day of check-ins stands; nothing before the first one.
    #[serde(default)]
    pub day: Option<super::StatusDay>,
}

/// Something that waits for a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TodayItem {
    /// To be acknowledged: `ack`.
    Ack(super::ReminderItem),
    /// To be relayed: `relay`, `note`.
    Relay { leg: i64, number: Number, title: String, unit: String, relay: RelayState },
    /// Acknowledged, to be carried out: `done`.
    Done { leg: i64, number: Number, title: String, unit: String },
    /// To be reviewed: `accept`, `return`.
    Review { leg: i64, number: Number, title: String, unit: String },
    /// A check-in to be filled in: `fill`.
    Checkin(super::CheckinDue),
    /// So many have not reported in a unit of the reader's: `open`.
    Silent { unit: String, missing: u32 },
    /// Somebody asks to be admitted: `admit`, `deny`.
    Admission { admission: i64, person: String, shown_name: String },
    /// An alert that nobody is on, or the reader is: `open`.
    Alert { alert: i64, name: String, unit: String, taken: bool },
    /// Figures of these units to be confirmed, or the day to be reviewed or signed: `open`.
    Figures { date: chrono::NaiveDate, units: Vec<String>, sign: bool },
    /// Whose report is to be watched, though not urgent.
    Watch { unit: String, people: Vec<Watched> },
}
