//! What the sandbox keeps: accounts, bots, chats, messages, files.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use axum::body::Bytes;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use tokio::sync::Notify;

use crate::limits::Limiter;
use crate::text::Entity;

/// Where messages are: the private chat of a person with a bot, or a group, supergroup or channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Peer {
    Private { bot: i64, user: i64 },
    Group(i64),
}

impl Peer {
    /// The id a bot knows the chat by.
    pub fn chat_id(self) -> i64 {
        match self {
            Self::Private { user, .. } => user,
            Self::Group(id) => id,
        }
    }
}

/// An account of a person or a bot.
#[derive(Clone, Debug)]
pub(crate) struct AccountData {
    pub id: i64,
    pub is_bot: bool,
    pub first_name: String,
    pub last_name: Option<String>,
    pub username: Option<String>,
    pub language: Option<String>,
    pub phone: Option<String>,
    pub about: Option<String>,
    pub deleted: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChatKind {
    Private,
    Group,
    Supergroup,
    Channel,
}

impl ChatKind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Group => "group",
            Self::Supergroup => "supergroup",
            Self::Channel => "channel",
        }
    }
}

/// Standing of an account in a chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Created the chat.
    Creator,
    /// Administrator.
    Administrator,
    /// Ordinary member.
    Member,
    /// Was never in it, or left.
    Left,
    /// Was removed; in a private chat: the person blocked the bot.
    Kicked,
}

impl Status {
    /// The word the Bot API uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Creator => "creator",
            Self::Administrator => "administrator",
            Self::Member => "member",
            Self::Left => "left",
            Self::Kicked => "kicked",
        }
    }

    /// Whether the account is in the chat.
    pub fn is_in(self) -> bool {
        matches!(self, Self::Creator | Self::Administrator | Self::Member)
    }

    /// Whether the account may administer the chat.
    pub fn is_admin(self) -> bool {
        matches!(self, Self::Creator | Self::Administrator)
    }
}

#[derive(Debug)]
pub(crate) struct Chat {
    pub peer: Peer,
    pub kind: ChatKind,
    pub title: String,
    pub username: Option<String>,
    pub forum: bool,
    pub members: BTreeMap<i64, Status>,
    pub messages: Vec<Message>,
    pub migrated_to: Option<i64>,
    pub pinned: Vec<i64>,
    /// Private chats only: the person pressed Start.
    pub started: bool,
    /// Private chats only: the person blocked the bot.
    pub blocked: bool,
    /// The group was deleted by its owner.
    pub gone: bool,
    /// Order of the last activity, for the page.
    pub touched: u64,
}

impl Chat {
    pub fn status(&self, account: i64) -> Status {
        self.members.get(&account).copied().unwrap_or(Status::Left)
    }

    /// A message that exists and was not deleted.
    pub fn message(&self, id: i64) -> Option<&Message> {
        self.any_message(id).filter(|message| !message.deleted)
    }

    pub fn any_message(&self, id: i64) -> Option<&Message> {
        usize::try_from(id).ok().and_then(|id| id.checked_sub(1)).and_then(|at| self.messages.get(at))
    }

    pub fn message_mut(&mut self, id: i64) -> Option<&mut Message> {
        let at = usize::try_from(id).ok()?.checked_sub(1)?;
        self.messages.get_mut(at).filter(|message| !message.deleted)
    }
}

/// What a message says, shared between copies.
#[derive(Debug, Default)]
pub(crate) struct Content {
    /// The text, or the caption of media.
    pub text: String,
    pub entities: Vec<Entity>,
    pub media: Option<Media>,
    /// Fields of contacts, locations and service messages, as the Bot API shows them.
    pub fields: Map<String, Value>,
    pub service: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MediaKind {
    Photo,
    Document,
}

#[derive(Clone, Debug)]
pub(crate) struct Media {
    pub kind: MediaKind,
    pub file: Arc<FileData>,
}

#[derive(Debug)]
pub(crate) struct FileData {
    pub id: String,
    pub kind: MediaKind,
    pub name: String,
    pub mime: String,
    pub bytes: Bytes,
}

#[derive(Clone, Debug)]
pub(crate) struct Message {
    pub id: i64,
    pub date: i64,
    pub edit_date: Option<i64>,
    pub edits: u32,
    pub from: Option<i64>,
    pub sender_chat: Option<i64>,
    pub thread: Option<i64>,
    pub automatic_forward: bool,
    pub content: Arc<Content>,
    pub reply_to: Option<i64>,
    pub origin: Option<Arc<Value>>,
    /// The markup the message was sent with; for edited messages the newest.
    pub markup: Option<Arc<Value>>,
    pub media_group: Option<Arc<str>>,
    pub deleted: bool,
    pub reactions: Vec<(i64, String)>,
}

impl Message {
    /// The inline keyboard, if the markup is one.
    pub fn inline_keyboard(&self) -> Option<&Vec<Value>> {
        self.markup.as_ref()?.get("inline_keyboard")?.as_array()
    }
}

/// What is to be posted.
#[derive(Clone, Default)]
pub(crate) struct Draft {
    pub from: Option<i64>,
    pub sender_chat: Option<i64>,
    pub thread: Option<i64>,
    pub automatic_forward: bool,
    pub content: Arc<Content>,
    pub reply_to: Option<i64>,
    pub origin: Option<Arc<Value>>,
    pub markup: Option<Arc<Value>>,
    pub media_group: Option<Arc<str>>,
}

/// An update that waits for its bot.
#[derive(Debug)]
pub(crate) struct Pending {
    pub id: i64,
    pub kind: String,
    /// Order is kept among updates of the same lane: a chat's messages, a person's presses.
    pub lane: (bool, i64),
    pub body: Bytes,
    pub expires: DateTime<Utc>,
    /// Broken bytes: given out once.
    pub raw: bool,
    /// How many more times it will be given out after it was confirmed.
    pub repeats: u32,
    pub given: bool,
}

/// Where and how updates are posted.
#[derive(Clone, Debug)]
pub(crate) struct Webhook {
    pub url: String,
    pub secret: Option<String>,
    pub max_connections: usize,
    pub serial: u64,
    pub last_error: Option<(i64, String)>,
}

/// How the next updates are mixed up.
#[derive(Clone, Copy, Debug)]
pub struct Scramble {
    /// Every update is given out between once and this many times.
    pub most_repeats: u32,
    /// Whether the updates of one batch come in random order.
    pub shuffle: bool,
}

pub(crate) struct BotData {
    pub token: String,
    pub reads_all: bool,
    pub queue: VecDeque<Pending>,
    pub next_update: i64,
    pub allowed: Vec<String>,
    pub wake: Arc<Notify>,
    /// Grows with every poll and webhook change; a waiting poll that sees it grown was terminated.
    pub poll: u64,
    pub terminated_by: &'static str,
    pub last_poll: Option<(i64, DateTime<Utc>)>,
    pub webhook: Option<Webhook>,
    pub scramble: Option<Scramble>,
    pub limiter: Limiter,
    /// Commands, names and descriptions by (what, scope, language).
    pub settings: HashMap<(&'static str, String, String), Value>,
    /// When the first of the waiting updates expires.
    pub next_expiry: DateTime<Utc>,
    /// Numbers of the updates that are not given out again because the bot confirmed them.
    pub confirmed: Vec<i64>,
}

/// A press of an inline button.
#[derive(Clone, Debug)]
pub(crate) struct Press {
    pub peer: Peer,
    pub person: i64,
    pub message: i64,
    pub bot: i64,
    pub at: DateTime<Utc>,
    pub answer: Option<PressAnswer>,
}

/// What the person saw after a press.
#[derive(Clone, Debug, PartialEq)]
pub struct PressAnswer {
    /// The words shown, if any.
    pub text: Option<String>,
    /// `true`: as an alert that must be closed.
    pub show_alert: bool,
    /// A link opened instead.
    pub url: Option<String>,
    /// When the bot answered, on the sandbox's clock.
    pub at: DateTime<Utc>,
}
