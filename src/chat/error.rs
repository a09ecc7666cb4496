//! How a call fails, told apart by what may be done next (invariant 4).

pub use crate::domain::gone::GoneKind;

/// A call that failed. Never shows the bot's token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// 429: nothing into the frozen scope for so many seconds.
    #[error("too many requests: retry after {seconds} s")]
    RetryAfter {
        /// Seconds, at least 1.
        seconds: u64,
    },
    /// The chat cannot be written to.
    #[error("the chat is gone: {}", .0.word())]
    Gone(GoneKind),
    /// The group became the supergroup with this id.
    #[error("the group became a supergroup")]
    Migrated {
        /// The new chat id.
        to: i64,
    },
    /// The request itself is wrong: trying again would not help.
    #[error("refused: {description}")]
    Refused {
        /// Telegram's words.
        description: String,
    },
    /// An edit that changes nothing: as good as done.
    #[error("the message is not modified")]
    NotModified,
    /// The message to edit is no longer there: nothing is left to do.
    #[error("the message is gone")]
    MessageGone,
    /// A press was answered too late: harmless.
    #[error("the query is too old")]
    TooOld,
    /// The token is wrong or was revoked.
    #[error("the bot's token is not accepted")]
    Unauthorized,
    /// Somebody else polls with this token, or a webhook is set.
    #[error("{description}")]
    Conflict {
        /// Telegram's words.
        description: String,
    },
    /// Nobody knows whether it took effect: time-out, reset, 504, an answer that cannot be read.
    #[error("nobody knows whether it arrived: {0}")]
    Unclear(String),
    /// It failed before the request was written: nothing happened.
    #[error("not connected: {0}")]
    Before(String),
    /// 5xx other than 504: nothing happened.
    #[error("the server failed with status {status}")]
    Server {
        /// The HTTP status.
        status: u16,
    },
}

impl SendError {
    /// The word of metrics and of the outbox's `error` column.
    pub fn word(&self) -> &'static str {
        match self {
            SendError::RetryAfter { .. } => "retry_after",
            SendError::Gone(kind) => kind.word(),
            SendError::Migrated { .. } => "migrated",
            SendError::Refused { .. } => "refused",
            SendError::NotModified => "not_modified",
            SendError::MessageGone => "message_gone",
            SendError::TooOld => "too_old",
            SendError::Unauthorized => "unauthorized",
            SendError::Conflict { .. } => "conflict",
            SendError::Unclear(_) => "unclear",
            SendError::Before(_) => "not_connected",
            SendError::Server { .. } => "server",
        }
    }
}
