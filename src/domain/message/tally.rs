//! The figures of a day as people read, confirm and sign them (D1–D4).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Mention, Time};
use crate::domain::figures::Figures;

/// What is said about a day's figures, their confirmation and signing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tally {
    /// No day was opened yet, or not the one that was asked for.
    NoDay,
    /// The figures of all one's units, with `confirm` (C2).
    Confirm(Box<Confirm>),
    /// To who is responsible one tier up: units that have not confirmed in time (B3, D4).
    Unconfirmed(Box<Unconfirmed>),
    /// The page of who signs or reviews: `sign`, `reject`, `filed` (D3).
    SignOff(Box<SignOff>),
    /// To which unit is the day sent back? Each with `reject`; a college opens its classes.
    /// `above`: the college whose classes are shown.
    ChooseReturn { date: NaiveDate, above: Option<i64>, units: Vec<ReturnRow>, page: usize, pages: usize },
    /// Why is it sent back to this unit?
    AskReturnReason { unit: String },
    /// It was sent back; who was told.
    SentBack { unit: String, told: Vec<String> },
    /// The day is incomplete: why is it signed all the same?
    AskSignReason { missing: u32, unconfirmed: u32 },
    /// With which authority was it filed?
    AskFiled,
    /// To who sent a unit's figures back: they were confirmed anew.
    Reconfirmed { date: NaiveDate, unit: String, by: String, figures: Figures },
    /// A numbered supplement to the signed day, to who signed and to those responsible from the class upward; `name`: whose
    /// report it is, for those of the own class.
    Supplemented { date: NaiveDate, supplement: Supplement, name: Option<String> },
}

/// Why figures are shown to be confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    /// By command, or at the hour.
    Usual,
    /// The due is near.
    Again,
    /// The figures are others than those confirmed.
    Changed,
    /// Who signs sent them back.
    Returned,
}

/// `/confirm`: the figures of all one's units.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Confirm {
    pub date: NaiveDate,
    pub asked: Asked,
    pub rows: Vec<ConfirmRow>,
    /// So many are missing before the deadline: a second press takes it all the same.
    pub insist: Option<u32>,
    /// The day is signed: nothing is confirmed any more.
    pub signed: bool,
}

impl Confirm {
    /// Whether something is left to be confirmed.
    pub fn open(&self) -> bool {
        !self.signed && self.rows.iter().any(|row| row.state.open())
    }
}

/// A unit to be confirmed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConfirmRow {
    pub unit: i64,
    pub name: String,
    pub figures: Figures,
    pub due: Time,
    /// Names of those for whom a rule holds, where the reader may see them.
    pub watch: Vec<Watched>,
    /// Names of units below that have not confirmed.
    pub waiting: Vec<String>,
    pub state: ConfirmState,
}

/// How a unit's confirmation stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConfirmState {
    /// Not confirmed.
    Open,
    /// Confirmed with these very figures.
    Done { at: Time, by: String },
    /// Confirmed, but the figures changed since.
    Changed { at: Time },
    /// Sent back by who signs.
    Returned { by: String, why: String },
}

impl ConfirmState {
    /// Whether the unit is still to be confirmed.
    pub fn open(&self) -> bool {
        !matches!(self, ConfirmState::Done { .. })
    }
}

/// Units that have not confirmed in time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Unconfirmed {
    pub date: NaiveDate,
    pub due: Time,
    pub rows: Vec<UnconfirmedRow>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnconfirmedRow {
    pub name: String,
    pub missing: u32,
    /// Who is responsible there.
    pub who: Vec<UnconfirmedWho>,
}

/// Somebody responsible for a unit that has not confirmed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnconfirmedWho {
    pub name: String,
    pub phone: Option<String>,
    /// The bot cannot write to them.
    pub unreachable: bool,
}

/// The page of a day's sign-off, as its reader may act on it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SignOff {
    /// days.id.
    pub day: i64,
    pub date: NaiveDate,
    pub figures: Figures,
    /// Colleges, and how many of them have confirmed.
    pub units: u32,
    pub confirmed: u32,
    /// Colleges that are not in order.
    pub rows: Vec<SignRow>,
    /// People about whom there is an urgent alert.
    pub urgent: u32,
    pub stage: Stage,
    pub supplements: Vec<Supplement>,
    /// Earlier days that are not signed: days.id, the argument of `open`.
    pub earlier: Vec<(i64, NaiveDate)>,
}

/// A college that is not in order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SignRow {
    pub name: String,
    pub missing: u32,
    pub unreachable: u32,
    /// `None` for the school itself, which confirms by signing.
    pub confirmation: Option<Standing>,
}

/// Somebody whose report is to be watched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watched {
    pub name: String,
    /// How many kilometres away from the last place the new one is, where nothing else changed (C6).
    pub far_km: Option<u32>,
}

/// How a unit's confirmation stands, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    Open,
    Confirmed,
    Changed,
    Returned,
}

/// How far the day is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// A leader must review it first; `may`: the reader.
    Review { late: Option<Late>, may: bool },
    /// To be signed; `may`: by the reader.
    Sign { reviewed: Option<Done>, late: Option<Late>, may: bool },
    /// Signed, and so locked.
    Signed { signed: Done, why: String, filing: Filing },
}

/// Somebody did it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Done {
    pub by: String,
    pub at: Time,
}

/// The due has passed; who should have signed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Late {
    pub due: Time,
    pub signers: Vec<String>,
}

/// Whether the signed figures are recorded as filed with the authority.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Filing {
    /// Not yet. `last`: the authority of the last time; `may`: the reader may record it.
    Open { due: Option<Time>, last: Option<String>, may: bool },
    /// Filed.
    Filed { to: String, done: Done },
}

/// A report after the day was signed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Supplement {
    pub number: i64,
    /// Where the person is counted; the name goes no further up (F4).
    pub unit: String,
    pub at: Time,
    pub why: String,
}

/// A unit to which the day may be sent back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReturnRow {
    /// units.id, the argument of `reject` and `open`.
    pub unit: i64,
    pub name: String,
    /// It has units below it.
    pub parent: bool,
}

/// The short answers to presses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TallyToast {
    /// So many units were confirmed.
    Confirmed { units: u32 },
    /// It was confirmed before.
    AlreadyConfirmed { by: String, at: Time },
    /// So many are missing and there is time yet: press again to confirm all the same.
    StillMissing { missing: u32 },
    /// The figures are others than those shown: look again.
    FiguresChanged,
    /// The day is signed: its figures are locked.
    Signed { by: String, at: Time },
    /// A leader must review the day first.
    NeedsReview,
    /// Reviewed; it can be signed now.
    Reviewed,
    /// Signed now.
    SignedNow,
    /// Recorded as filed.
    Filed,
}

/// How a day stands in `/status`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StatusDay {
    pub date: NaiveDate,
    pub figures: Figures,
    /// A class chat: only who is expected, has reported and is missing.
    pub brief: bool,
    /// Names of the missing, where they may be read and are few enough.
    pub missing: Vec<Mention>,
    /// Units directly below, in private.
    pub rows: Vec<StatusUnit>,
    /// The unit above, where it can be gone back to: units.id.
    pub back: Option<i64>,
    /// Confirmed at this time.
    pub confirmed_at: Option<Time>,
}

/// A unit below in `/status`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StatusUnit {
    /// units.id, the argument of `open`.
    pub unit: i64,
    pub name: String,
    pub figures: Figures,
    pub confirmed: bool,
}
