//! What the courier is asked to do: one row of the outbox.

use serde::{Deserialize, Serialize};

use super::directive::Attachment;
use super::message::{Class, Letter, Locale, Reader, Repeat, Time, Toast};
use super::report::{ChartData, OwnData, WorkbookOrder};
use super::roster::Role;

/// One call to be made. Kept sealed in the outbox.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// A new message; the outbox row names the `messages` row it fills.
    Send {
        letter: Letter,
        /// `messages.id` of the message it replies to, if that was sent.
        reply_to: Option<i64>,
        /// Nobody's telephone rings for it: it shows what was told before.
        #[serde(default)]
        quiet: bool,
    },
    /// New content for a message that was sent; only the newest of a message is sent.
    Edit { letter: Letter },
    /// The answer to a press.
    Answer { callback: String, toast: Toast, reader: Reader, locale: Locale },
    /// Copies somebody's message (a document, a photo) without naming its author.
    Copy(Attachment),
    /// A file of our own.
    File {
        name: String,
        #[serde(with = "base64_bytes")]
        bytes: Vec<u8>,
    },
    /// A unit's contacts as a workbook (A4): the courier writes it when it is sent.
    Directory { unit: String, rows: Vec<ContactRow>, locale: Locale },
    /// All that is kept about a person, for that person (F4): the courier writes the file when it is sent.
    OwnData { data: Box<OwnData>, locale: Locale },
    /// A day's workbook, written from the database when it is sent: the row holds nobody's answers.
    Workbook(Box<WorkbookOrder>),
    /// The digest's chart, drawn when it is sent (D6).
    Chart { data: Box<ChartData>, locale: Locale },
    /// The command menu of a private chat, by the person's roles; of a group for `None`.
    Menu { roles: Option<Vec<Role>>, locale: Locale },
    /// Asks whether an account is in the chat.
    AskMember { account: i64 },
    /// Asks how many members the chat has, and what the bot may see there.
    AskChat,
    /// Leaves the chat.
    Leave,
}

impl Op {
    /// The word of the outbox's column and of metrics.
    pub fn word(&self) -> &'static str {
        match self {
            Op::Send { .. } => "send",
            Op::Edit { .. } => "edit",
            Op::Answer { .. } => "answer",
            Op::Copy(_) => "copy",
            Op::File { .. } => "file",
            Op::Directory { .. } => "directory",
            Op::OwnData { .. } => "own_data",
            Op::Workbook(_) => "workbook",
            Op::Chart { .. } => "chart",
            Op::Menu { .. } => "menu",
            Op::AskMember { .. } => "ask_member",
            Op::AskChat => "ask_chat",
            Op::Leave => "leave",
        }
    }

    /// Whether Telegram counts it against the limits of the chat and the bot.
    pub fn counts(&self) -> bool {
        matches!(
            self,
            Op::Send { .. }
                | Op::Edit { .. }
                | Op::Copy(_)
                | Op::File { .. }
                | Op::Directory { .. }
                | Op::OwnData { .. }
                | Op::Workbook(_)
                | Op::Chart { .. }
        )
    }
}

/// Somebody's contact in a directory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactRow {
    pub code: String,
    pub name: String,
    pub phone: Option<String>,
    /// Names of the students this person answers for.
    pub answers_for: Vec<String>,
    /// Verified by the responsible with this number.
    pub verified: bool,
    /// The bot can write to them.
    pub reachable: bool,
}

/// A row to be put into the outbox.
#[derive(Debug, Clone, PartialEq)]
pub struct Outgoing {
    /// Through which bot.
    pub bot: i64,
    /// To which chat; 0 for what belongs to no chat (answers to presses).
    pub chat: i64,
    pub class: Class,
    pub repeat: Repeat,
    /// `messages.id`, for send and edit.
    pub message: Option<i64>,
    pub op: Op,
    /// After this it is not sent any more.
    pub stale_at: Time,
}

mod base64_bytes {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&STANDARD.encode(bytes))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        STANDARD.decode(String::deserialize(from)?).map_err(D::Error::custom)
    }
}
