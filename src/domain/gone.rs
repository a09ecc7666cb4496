//! Why a chat can no longer be written to.

/// What sending told about a chat (R15).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GoneKind {
    /// The person blocked the bot.
    Blocked,
    /// The account was deleted.
    Deactivated,
    /// The bot was removed from the group.
    Kicked,
    /// The bot is not in the group.
    NotMember,
    /// There is no such chat, or none any more.
    ChatNotFound,
    /// The person never pressed Start.
    NeverStarted,
}

impl GoneKind {
    /// The word of the outbox's `error` column and of metrics.
    pub fn word(self) -> &'static str {
        match self {
            GoneKind::Blocked => "blocked",
            GoneKind::Deactivated => "deactivated",
            GoneKind::Kicked => "kicked",
            GoneKind::NotMember => "not_member",
            GoneKind::ChatNotFound => "chat_not_found",
            GoneKind::NeverStarted => "never_started",
        }
    }
}
