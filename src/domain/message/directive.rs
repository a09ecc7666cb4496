use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Counted, TierName, Time};

/// A directive's number: `2026年第12号`, `No. 12/2026`. 0 while it is a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Number {
    /// The local year it was issued in.
    pub year: i32,
    /// Counted from 1 in every year.
    pub number: i64,
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.year)
    }
}

/// Composing a directive, and changing one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compose {
    /// `/directive` without a text.
    AskText,
    /// The preview with its buttons.
    Preview(Box<Preview>),
    /// Which units: a tap goes from addressed to copy to left out.
    ChooseUnits { draft: i64, rows: Vec<UnitChoice>, page: usize, pages: usize },
    /// Until when: a tap, or typed.
    ChooseDue { draft: i64, hours: Vec<u32> },
    /// Asks for a document or photo.
    AskAttachment,
    /// Asks for the reference (文号).
    AskReference,
    /// To the whole school, or urgent to all: a second confirmation with `send` and `cancel`.
    ConfirmWhole { draft: i64, chats: u32, people: u32, urgent: bool },
    /// Urgent to the whole school: it waits for one of these, who were asked. Nobody: nobody can be asked.
    AwaitSecond { draft: i64, names: Vec<String> },
    /// Asks a second person to say yes with `send` or no with `cancel` (S17).
    AskSecond(Box<SecondAsked>),
    /// The second person said no: nothing was sent.
    SecondDeclined { name: String },
    /// Sent: stands where the preview stood.
    Sent { number: Number },
    /// Cancelled: stands where the preview stood.
    Cancelled,
    /// Asks for a note to be added when relaying.
    AskNote { number: Number, unit: String },
    /// Asks what was done, as text or photo.
    AskDone { number: Number, unit: String },
    /// Asks why it is sent back.
    AskReturnReason { number: Number, unit: String },
    /// Asks for the new text of a sent directive.
    AskNewText { number: Number },
    /// The new text, to be sent with `send` or left with `cancel`.
    PreviewEdit { directive: i64, number: Number, text: String },
    /// Withdraw really? `withdraw` with an argument, or `cancel`.
    ConfirmWithdraw { directive: i64, number: Number, title: String },
    /// The directive was changed, and asked anew in so many chats.
    Edited { number: Number, chats: u32 },
    /// The directive was withdrawn.
    Withdrawn { number: Number },
    /// One line in the group where `/directive` was given: the preview is in the private chat.
    PreviewInPrivate,
}

/// What a second person is asked to say yes to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SecondAsked {
    /// directives.id of the draft.
    pub draft: i64,
    /// Who wants to send it.
    pub by: String,
    /// The whole text.
    pub text: String,
    /// How many documents and photos go with it; they are shown before.
    pub attachments: usize,
    /// How many chats and people it will go to.
    pub chats: u32,
    pub people: u32,
}

/// A unit in the choice of units.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnitChoice {
    /// units.id, the button's argument.
    pub unit: i64,
    /// Its name.
    pub name: String,
    /// Addressed, copied to for information, or neither.
    pub state: Addressed,
}

/// How a unit is addressed (B5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Addressed {
    /// 主送.
    Yes,
    /// 抄送: informed, owes no answer.
    Copy,
    /// Left out.
    No,
}

/// What will be sent, to whom, and what can still be changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    /// directives.id of the draft.
    pub draft: i64,
    /// The issuing unit's name.
    pub from: String,
    /// The whole text.
    pub text: String,
    /// How many documents and photos go with it.
    pub attachments: usize,
    /// 文号, may be empty.
    pub reference: String,
    /// Urgent or normal.
    pub urgent: bool,
    /// Whether an answer is needed; otherwise 知悉即可.
    pub answer: bool,
    /// What `to` offers, in order: the tier at which each ends.
    pub depths: Vec<TierName>,
    /// The chosen one, as index into `depths`.
    pub depth: Option<usize>,
    /// Addressed units of all there are below, and copies; 0 of 0 for a class.
    pub addressed: u32,
    pub units: u32,
    pub copies: u32,
    /// Own due in hours from arrival; `None`: the usual ones.
    pub due_hours: Option<u32>,
    /// How many chats and people it will go to at the chosen depth.
    pub chats: u32,
    pub people: u32,
}

/// A directive where it is read and acknowledged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// legs.id.
    pub leg: i64,
    pub number: Number,
    /// The issuing unit's name.
    pub from: String,
    /// The whole text, or empty when its parts were sent before.
    pub text: String,
    /// Begin of the text, for a card whose parts were sent before.
    pub title: String,
    /// How many parts went before.
    pub parts: usize,
    /// How many documents and photos went before.
    pub attachments: usize,
    pub reference: String,
    pub urgent: bool,
    /// Must be acknowledged here: carries `ack`. Otherwise 知悉即可, or a copy.
    pub answer: bool,
    /// 抄送: others owe the answer, these readers only know of it (B5).
    #[serde(default)]
    pub copy: bool,
    /// 1, or more after changes.
    pub revision: u32,
    /// Notes added on the way down: who, what.
    pub notes: Vec<(String, String)>,
    /// When the answer is due here.
    pub due: Option<Time>,
    pub counted: Counted,
    pub acked: u32,
    pub must: u32,
    pub withdrawn: bool,
    /// A newer text was sent: this one is only kept.
    #[serde(default)]
    pub outdated: bool,
    /// In private: the reader's own state, with the children it is acknowledged for.
    pub own: Option<OwnReceipt>,
}

/// One's own receipt on a card in private.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OwnReceipt {
    /// Since when it is acknowledged.
    pub acked_at: Option<Time>,
    /// The children a guardian answers for here.
    pub children: Vec<String>,
}

/// One thing that is due to a person; its `ack` has the place in the list as argument.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReminderItem {
    pub leg: i64,
    pub number: Number,
    pub title: String,
    /// The unit in whose chat it is due.
    pub unit: String,
    pub due: Option<Time>,
    pub urgent: bool,
    /// The children a guardian answers for.
    pub children: Vec<String>,
    /// Acknowledged since it was listed: shown with a tick, without its button.
    #[serde(default)]
    pub acked: bool,
}

/// Who is missing, for those who may see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MissingRow {
    /// receipts.subject: the argument of `phone` and `unreach`.
    pub subject: i64,
    pub name: String,
    /// Only in private, only to the responsible.
    pub phone: Option<String>,
    /// The bot cannot reach this person in private.
    pub unreachable: bool,
    /// Tried by phone without success.
    pub unreached: bool,
    /// Acknowledged since, and how: shown with a tick.
    pub acked: bool,
}

/// Tells those responsible who is silent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Escalation {
    pub leg: i64,
    pub number: Number,
    pub title: String,
    pub unit: String,
    pub urgent: bool,
    pub due: Option<Time>,
    pub counted: Counted,
    pub acked: u32,
    pub must: u32,
    /// 1: to those responsible for the unit; 2: one tier higher.
    pub level: u32,
    /// One page of who is missing, each with `phone` and `unreach`.
    pub missing: Vec<MissingRow>,
    pub page: usize,
    pub pages: usize,
}

/// How far the relay to one unit is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RelayState {
    /// Nothing goes further down from here.
    Nothing,
    /// Goes down by itself at this time: `relay` now, or `note` first.
    At(Time),
    /// Waits for the button.
    Waiting,
    /// Went down at this time.
    Relayed(Time),
}

/// Where "carried out" stands (B6).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DutyState {
    /// Not yet reported: `done`.
    Open,
    /// Reported, not judged.
    Reported { at: Time },
    /// Accepted.
    Accepted { by: String },
    /// Sent back: `done` again.
    Returned { by: String, why: String },
}

/// To the one responsible for a unit: pass it on, carry it out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Duty {
    /// legs.id of the unit's leg.
    pub leg: i64,
    pub number: Number,
    pub title: String,
    pub unit: String,
    pub relay: RelayState,
    /// `None`: no answer is needed, so nothing is to be carried out.
    pub done: Option<DutyState>,
}

/// To who reviews what a unit reports as carried out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Review {
    pub leg: i64,
    pub number: Number,
    pub title: String,
    pub unit: String,
    pub by: String,
    pub text: String,
    /// A photo was sent before this message.
    pub media: bool,
    pub state: DutyState,
}

/// Something the sender should know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// These units have no chat: their people are asked in private.
    NoChat { units: Vec<String>, total: u32 },
    /// So many people cannot be asked in private: not bound or blocked.
    Unreachable { people: u32 },
    /// The bot was removed from these units' chats.
    Removed { units: Vec<String>, total: u32 },
}

/// To the sender after sending.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SentReport {
    pub directive: i64,
    pub number: Number,
    pub title: String,
    pub chats: u32,
    pub people: u32,
    pub urgent: bool,
    pub troubles: Vec<Trouble>,
}
