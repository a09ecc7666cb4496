//! What can be asked of a chat service, and what can go wrong with it. `telegram` is the one there is.

mod error;
pub mod telegram;

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

pub use error::{GoneKind, SendError};

use crate::text::Rendered;

/// A call that is under way.
pub type Calling<'a, T> = Pin<Box<dyn Future<Output = Result<T, SendError>> + Send + 'a>>;

/// Who the bot is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Me {
    /// Its account.
    pub id: i64,
    /// Its username, without `@`.
    pub username: String,
}

/// An account's state in a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberState {
    /// First and last name as the account shows them.
    pub name: String,
    /// It is in the chat.
    pub inside: bool,
}

/// What the bot learns about a chat by asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatState {
    /// How many members it has, bots included.
    pub members: i64,
    /// The bot is an administrator: it sees all messages and reactions.
    pub admin: bool,
}

/// One command of a menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuLine {
    /// Without the slash.
    pub command: String,
    /// What it does, in the reader's language.
    pub description: String,
}

/// How a message is posted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Posting {
    /// Telegram's id of the message it replies to.
    pub reply_to: Option<i64>,
    /// Nobody's telephone rings for it.
    pub quiet: bool,
}

/// Which updates a poll wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Poll {
    /// The first update that is not yet confirmed.
    pub offset: i64,
    /// At most this many, 1 to 100.
    pub limit: u8,
    /// How long Telegram may wait for one.
    pub timeout: Duration,
}

/// A bot's way to its chats: one bot, one token. Every method says in its error whether it may have taken effect.
pub trait Chat: Send + Sync {
    /// Sends a message; returns its id. A reply to a message that is gone is sent without the reply.
    fn send<'a>(&'a self, chat: i64, words: &'a Rendered, how: Posting) -> Calling<'a, i64>;
    /// Replaces a message's words and buttons.
    fn edit<'a>(&'a self, chat: i64, message: i64, words: &'a Rendered) -> Calling<'a, ()>;
    /// Answers a press with a toast; `alert` makes it a window that must be closed.
    fn answer<'a>(&'a self, callback: &'a str, text: &'a str, alert: bool) -> Calling<'a, ()>;
    /// Copies a message without naming its author; returns the copy's id.
    fn copy<'a>(&'a self, from_chat: i64, message: i64, to_chat: i64) -> Calling<'a, i64>;
    /// Fetches a file that this bot was shown, by Telegram's id of it; 20 MB at most.
    fn fetch<'a>(&'a self, file: &'a str) -> Calling<'a, Vec<u8>>;
    /// Sends a file of our own; returns the message's id.
    fn file<'a>(&'a self, chat: i64, name: &'a str, bytes: &'a [u8]) -> Calling<'a, i64>;
    /// Sends a picture of our own (PNG), for which nobody's telephone rings; returns the message's id.
    fn photo<'a>(&'a self, chat: i64, png: &'a [u8]) -> Calling<'a, i64>;
    /// Sets the command menu of one chat; an empty menu takes it away.
    fn set_menu<'a>(&'a self, chat: i64, menu: &'a [MenuLine]) -> Calling<'a, ()>;
    /// Asks whether an account is in a chat.
    fn ask_member(&self, chat: i64, account: i64) -> Calling<'_, MemberState>;
    /// Asks how many members a chat has and what the bot may see there.
    fn ask_chat(&self, chat: i64) -> Calling<'_, ChatState>;
    /// Leaves a chat.
    fn leave(&self, chat: i64) -> Calling<'_, ()>;
    /// Asks for updates; each as the raw JSON it came in.
    fn updates(&self, poll: Poll) -> Calling<'_, Vec<Vec<u8>>>;
    /// Asks who the bot is.
    fn me(&self) -> Calling<'_, Me>;
    /// Tells Telegram where to bring updates.
    fn set_webhook<'a>(&'a self, url: &'a url::Url, secret: &'a str) -> Calling<'a, ()>;
    /// Takes the webhook away so that updates can be polled; what waits there stays.
    fn delete_webhook(&self) -> Calling<'_, ()>;
}
