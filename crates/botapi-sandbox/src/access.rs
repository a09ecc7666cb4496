//! What a bot may do where, in Telegram's words.

use serde_json::Value;

use crate::error::ApiError;
use crate::model::*;
use crate::state::State;

impl State {
    /// Counts `n` sends or edits into a chat, or refuses them with 429.
    pub fn admit(&mut self, bot: i64, peer: Peer, n: usize) -> Result<(), ApiError> {
        let now = self.now().timestamp_millis();
        let Some(data) = self.bots.get_mut(&bot) else { return Err(ApiError::unauthorized()) };
        data.limiter.admit(&self.limits, peer, n, now).map_err(ApiError::too_many)
    }

    /// Which chat a bot means by `chat_id`: a number, a number as text, or `@name`.
    pub fn resolve(&self, bot: i64, chat_id: &Value) -> Result<Peer, ApiError> {
        let not_found = || ApiError::bad("chat not found");
        let id = match chat_id {
            Value::String(text) => match text.strip_prefix('@') {
                Some(name) => *self.names.get(&name.to_lowercase()).ok_or_else(not_found)?,
                None if text.is_empty() => return Err(ApiError::bad("chat_id is empty")),
                None => text.parse().map_err(|_| not_found())?,
            },
            other => other.as_i64().ok_or_else(not_found)?,
        };
        let known =
            if id > 0 { self.accounts.contains_key(&id) } else { self.chats.contains_key(&Peer::Group(id)) };
        match (known, id > 0) {
            (false, _) => Err(not_found()),
            (true, true) => Ok(Peer::Private { bot, user: id }),
            (true, false) => Ok(Peer::Group(id)),
        }
    }

    /// Whether the bot may act in the chat, with Telegram's words if not.
    pub fn may_write(&self, bot: i64, peer: Peer) -> Result<(), ApiError> {
        match peer {
            Peer::Private { user, .. } => self.may_write_to(user, peer),
            Peer::Group(_) => {
                let chat = self.chat(peer).ok_or_else(|| ApiError::bad("chat not found"))?;
                self.is_in_group(bot, chat)?;
                if chat.kind == ChatKind::Channel && !chat.status(bot).is_admin() {
                    return Err(ApiError::bad("need administrator rights in the channel chat"));
                }
                Ok(())
            }
        }
    }

    fn may_write_to(&self, user: i64, peer: Peer) -> Result<(), ApiError> {
        let account = self.accounts.get(&user).ok_or_else(|| ApiError::bad("chat not found"))?;
        if account.deleted {
            return Err(ApiError::forbidden("user is deactivated"));
        }
        if account.is_bot {
            return Err(ApiError::forbidden("bot can't send messages to bots"));
        }
        match self.chat(peer) {
            Some(chat) if chat.blocked => Err(ApiError::forbidden("bot was blocked by the user")),
            Some(chat) if chat.started => Ok(()),
            _ => Err(ApiError::forbidden("bot can't initiate conversation with a user")),
        }
    }

    pub fn is_in_group(&self, bot: i64, chat: &Chat) -> Result<(), ApiError> {
        if let Some(to) = chat.migrated_to {
            return Err(ApiError::migrated(to));
        }
        let kind = chat.kind.name();
        if chat.gone {
            return Err(ApiError::forbidden(format!("the {kind} chat was deleted")));
        }
        match chat.status(bot) {
            Status::Kicked => Err(ApiError::forbidden(format!("bot was kicked from the {kind} chat"))),
            Status::Left => Err(ApiError::forbidden(format!("bot is not a member of the {kind} chat"))),
            _ => Ok(()),
        }
    }
}
