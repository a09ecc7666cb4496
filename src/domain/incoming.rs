//! What reaches the bot, reduced to what is needed. `chat::telegram` makes it from raw updates.

use serde::{Deserialize, Serialize};

/// A Telegram account that did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sender {
    /// Telegram's user id; who acts is this and nothing else (S5).
    pub account: i64,
    /// First and last name as the account shows them.
    pub name: String,
    /// Other bots are never heard.
    pub is_bot: bool,
}

/// What kind of chat it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChatKind {
    /// One person and the bot.
    Private,
    /// A basic group.
    Group,
    /// A supergroup, also with forum topics.
    Supergroup,
    /// A channel: the bot never acts there.
    Channel,
}

/// The chat in which something happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Telegram's chat id; in private the account's id.
    pub chat: i64,
    /// Its kind.
    pub kind: ChatKind,
    /// Its title, empty in private.
    pub title: String,
}

impl Place {
    /// Whether this is the private chat with one person.
    pub fn is_private(&self) -> bool {
        self.kind == ChatKind::Private
    }

    /// Whether this is a group of either kind.
    pub fn is_group(&self) -> bool {
        matches!(self.kind, ChatKind::Group | ChatKind::Supergroup)
    }
}

/// What a message carries besides words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Media {
    /// A document, also a video or an audio file sent as one.
    Document,
    /// A photo.
    Photo,
    /// Anything else that can be copied (video, voice, audio, animation).
    Other,
    /// Sticker, poll, game and whatever cannot carry a directive.
    Unfit,
}

/// What a bot fetches a file by: no other bot can.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRef {
    /// Telegram's id of it, for the bot that was shown it.
    pub id: String,
    /// What it is called.
    pub name: String,
}

/// A contact that was shared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The phone number as Telegram gives it.
    pub phone: String,
    /// Whose contact it is; the sender's own only if it is the sender's account.
    pub account: Option<i64>,
}

/// A message somebody wrote.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Written {
    pub place: Place,
    /// Telegram's message id.
    pub message: i64,
    /// `None`: a channel or an anonymous admin wrote, nobody who can act.
    pub sender: Option<Sender>,
    /// Text or caption, as written; empty when there is none.
    pub text: String,
    pub media: Option<Media>,
    /// By what the media are fetched.
    #[serde(default)]
    pub file: Option<FileRef>,
    /// The message it replies to.
    pub reply_to: Option<i64>,
    /// Text of the message it replies to, for a directive given as a reply.
    pub reply_text: String,
    /// Media of the message it replies to.
    pub reply_media: Option<Media>,
    /// By what these are fetched.
    #[serde(default)]
    pub reply_file: Option<FileRef>,
    /// The bot that wrote the message it replies to, and the handle in that message's buttons.
    pub reply_handle: Option<(i64, i64)>,
    pub contact: Option<Contact>,
    /// Latitude and longitude in degrees.
    pub location: Option<(f64, f64)>,
    /// It was forwarded: its words are somebody else's.
    #[serde(default)]
    pub forwarded: bool,
    /// The same message was changed by its author.
    pub edited: bool,
}

impl Written {
    /// A message of words alone.
    pub fn words(place: Place, message: i64, sender: Sender, text: &str) -> Self {
        Self {
            place,
            message,
            sender: Some(sender),
            text: text.to_owned(),
            media: None,
            file: None,
            reply_to: None,
            reply_text: String::new(),
            reply_media: None,
            reply_file: None,
            reply_handle: None,
            contact: None,
            location: None,
            forwarded: false,
            edited: false,
        }
    }
}

/// An update, reduced.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Incoming {
    /// A message or a changed one.
    Written(Box<Written>),
    /// A button was pressed.
    Pressed {
        /// What the answer must name.
        callback: String,
        sender: Sender,
        /// Absent when the message is too old for Telegram to name it.
        place: Option<Place>,
        message: i64,
        data: String,
    },
    /// A reaction was set or taken back.
    Reacted { place: Place, message: i64, sender: Option<Sender>, thumbs_up: bool },
    /// The bot's own state in a chat changed (in private: blocked, unblocked).
    OwnState {
        place: Place,
        sender: Sender,
        /// It can write there.
        inside: bool,
        /// It is an administrator there.
        admin: bool,
    },
    /// Somebody's state in a chat changed, or a service message said so.
    MemberState { place: Place, member: Sender, inside: bool },
    /// A group became a supergroup.
    Migrated { from: i64, to: i64 },
    /// A kind that means nothing to the bot.
    Ignored,
}
