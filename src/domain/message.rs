//! What the bot says, without the words: `text` turns a [`Message`] into a locale's sentences and
//! buttons. A message is kept as it is in the outbox, so its parts are plain and serialisable.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

mod alert;
mod binding;
mod day;
mod directive;
mod form;
mod paper;
mod privacy;
mod reading;
mod tally;
mod toast;
mod verb;

pub use alert::{
    AlertCard, AlertHead, AlertMessage, AlertReport, Subject, TierMeasure, TimeLine, ToldLine, Urgent,
};
pub use binding::{Binding, Refusal, StrangerRow};
pub use day::{
    CheckinDue, DayMessage, Excuse, ExcuseAsked, GroupPrompt, MissingList, MissingUnit, NobodyBelow,
    SilentRow, Unreached,
};
pub use directive::{
    Addressed, Card, Compose, Duty, DutyState, Escalation, MissingRow, Number, OwnReceipt, Preview,
    RelayState, ReminderItem, Review, SecondAsked, SentReport, Trouble, UnitChoice,
};
pub use form::{
    AnswerWords, AnsweredRow, AskedQuestion, FormDone, FormMessage, FormNote, FormPage, FormRow, FormStage,
    FormSummary, LastReport, number_of, tagged, untagged,
};
pub use paper::{ConfirmedTier, Digest, Lagging, OperatorNote, OverdueLine, Paper, Signing};
pub use privacy::Privacy;
pub use reading::{
    DirectiveLine, PendingRow, Reach, Status, StatusDirective, TierLine, TodayItem, Track, TrackRow,
};
pub use tally::{
    Asked, Confirm, ConfirmRow, ConfirmState, Done, Filing, Late, ReturnRow, SignOff, SignRow, Stage,
    Standing, StatusDay, StatusUnit, Supplement, Tally, TallyToast, Unconfirmed, UnconfirmedRow,
    UnconfirmedWho, Watched,
};
pub use toast::Toast;
pub use verb::Verb;

/// A moment in UTC; local time exists in `calendar` and `text`.
pub type Time = DateTime<Utc>;

/// The order in which waiting messages are sent, the first first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// What answers a person directly: a press, a command, the next question.
    Answer = 0,
    /// Urgent directives, and escalations and alerts.
    Urgent = 1,
    /// Other directives.
    Directive = 2,
    /// Reminders and other notices.
    Reminder = 3,
    /// Mass prompts.
    Prompt = 4,
    /// Edits of live counts.
    Count = 5,
    /// Digests, menus and enquiries that nobody waits for.
    Digest = 6,
}

impl Class {
    /// All classes, the most urgent first.
    pub const ALL: [Class; 7] = [
        Class::Answer,
        Class::Urgent,
        Class::Directive,
        Class::Reminder,
        Class::Prompt,
        Class::Count,
        Class::Digest,
    ];

    /// The word of metrics and logs.
    pub fn word(self) -> &'static str {
        match self {
            Class::Answer => "answer",
            Class::Urgent => "urgent",
            Class::Directive => "directive",
            Class::Reminder => "reminder",
            Class::Prompt => "prompt",
            Class::Count => "count",
            Class::Digest => "digest",
        }
    }
}

/// What happens to a message when nobody knows whether it arrived (time-out, reset, crash).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Repeat {
    /// Sent again: it does no harm twice (edits, answers to presses).
    Again,
    /// Sent again, and says that it is a repeat (directives, escalations, confirmations, open questions).
    Marked,
    /// Not sent again; the next reminder mends it (prompts, reminders, digests).
    Never,
}

/// Who reads: it decides between 你 and 您.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reader {
    /// A group chat.
    Group,
    /// A student.
    Student,
    /// Anyone else in private.
    Adult,
}

/// The languages the bot speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Locale {
    /// Simplified Chinese.
    #[serde(rename = "zh-CN")]
    ZhCn,
    /// English.
    #[serde(rename = "en")]
    En,
}

impl Locale {
    /// All languages, the first one first.
    pub const ALL: [Locale; 2] = [Locale::ZhCn, Locale::En];

    /// The tag of configuration and roster.
    pub fn tag(self) -> &'static str {
        match self {
            Locale::ZhCn => "zh-CN",
            Locale::En => "en",
        }
    }

    /// The language of a tag; `None` for one the bot does not speak.
    pub fn from_tag(tag: &str) -> Option<Locale> {
        match tag.to_lowercase().replace('_', "-").as_str() {
            "zh-cn" | "zh" | "zh-hans" | "zh-hans-cn" => Some(Locale::ZhCn),
            "en" | "en-gb" | "en-us" => Some(Locale::En),
            _ => None,
        }
    }
}

/// A message with what its words depend on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Letter {
    /// Who reads it.
    pub reader: Reader,
    /// In which language.
    pub locale: Locale,
    /// What it says.
    pub message: Message,
}

/// A person mentioned in a group: the name links to the account, which notifies its owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    /// The roster's name, made distinct where two share it.
    pub name: String,
    /// The account; `None` for who is not bound.
    pub account: Option<i64>,
}

/// Who of a chat must acknowledge: the unit of `31/45`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    /// School chat: one of each college suffices.
    Colleges,
    /// College chat: every counselor.
    Counselors,
    /// College chat: one counselor of each class.
    Classes,
    /// Class chat.
    Students,
    /// Guardians' chat: one guardian for each student.
    Households,
}

/// A tier's name in words of both languages, from the configuration; empty: the usual word of its position.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TierName {
    /// Position in the configured tiers.
    pub position: usize,
    /// Own word in Chinese.
    pub zh: Option<String>,
    /// Own word in English.
    pub en: Option<String>,
}

/// Everything the bot can say in a message. One variant, one situation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Message {
    /// Binding of people and chats, help, language, refusals.
    Binding(Binding),
    /// A command or act that is not allowed, or cannot be done, and why.
    Refused(Refusal),
    /// Composing, editing and withdrawing a directive.
    Compose(Compose),
    /// A directive where it is to be acknowledged.
    Card(Box<Card>),
    /// One piece of a text too long for one message: `part` of `parts`, the card follows.
    Part { number: Number, part: usize, parts: usize, text: String },
    /// A reminder in a group: by mention when few are missing, otherwise the number. Carries `ack`.
    RemindGroup {
        leg: i64,
        number: Number,
        title: String,
        due: Option<Time>,
        counted: Counted,
        acked: u32,
        must: u32,
        missing: u32,
        mentions: Vec<Mention>,
    },
    /// All that is due to a person: directives, each with its `ack`, and a check-in with `fill` (B3).
    Reminder {
        items: Vec<ReminderItem>,
        #[serde(default)]
        checkin: Option<CheckinDue>,
    },
    /// Who has not acknowledged, to those responsible, with one-tap actions (B3, B4).
    Escalation(Box<Escalation>),
    /// To who is responsible for a unit below: relay it, carry it out (B1, B6).
    Duty(Box<Duty>),
    /// To who reviews what was carried out: `accept`, `return` (B6).
    Review(Box<Review>),
    /// The directive was withdrawn: told in private to who had acknowledged there.
    Withdrawn { number: Number, title: String },
    /// To the sender: what was sent, to how many, what could not be reached.
    Sent(Box<SentReport>),
    /// Somebody's document or photo, copied: it stands for itself and has no words of ours.
    Attachment,
    /// `/track`.
    Track(Box<Track>),
    /// Several directives to choose one to track.
    TrackList { lines: Vec<DirectiveLine>, page: usize, pages: usize },
    /// `/pending`.
    Pending {
        unit: String,
        rows: Vec<PendingRow>,
        page: usize,
        pages: usize,
        /// The reader may remind the missing of the units' own chats: `remind`.
        #[serde(default)]
        remind: bool,
    },
    /// `/status`.
    Status(Box<Status>),
    /// Figures to be confirmed and signed (D1–D4).
    Tally(Tally),
    /// `/today`.
    Today { items: Vec<TodayItem> },
    /// `/remind` was done: how many were reminded in private and how many groups.
    Reminded { people: u32, groups: u32 },
    /// More than one directive is open for this person: which one does 收到 mean? Each with its `ack`.
    WhichDirective { items: Vec<ReminderItem> },
    /// Acknowledged by reply, word or reaction in private: said once.
    Acknowledged { numbers: Vec<Number> },
    /// An alert, to those who handle it (C7, C8).
    Alert(AlertMessage),
    /// `/urgent` (C7).
    Urgent(Urgent),
    /// One line in a group: the answer went to the private chat.
    AnsweredInPrivate,
    /// The day of a check-in: asking in groups, who is missing.
    Day(Box<DayMessage>),
    /// `/privacy` and `/mydata`.
    Privacy(Privacy),
    /// The form of the check-in in private.
    Form(Box<FormMessage>),
    /// The digest, and workbooks that are asked for.
    Paper(Paper),
    /// A text that is none of the bot's business, in private: what one may do here.
    NotUnderstood,
}
