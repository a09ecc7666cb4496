//! What changes messages that exist: edits, deletions, pins, reactions.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Answer, CAPTION, EDITED_TEXT, done, existing, formatted, markup as keyboards, named_chat};
use crate::error::ApiError;
use crate::model::*;
use crate::params::Params;
use crate::state::State;

const NOT_MODIFIED: &str = "message is not modified: specified new message content and reply markup are exactly the \
                            same as a current content and reply markup of the message";

/// The message of an edit: it exists, the bot wrote it and may still write there.
fn own_message<'a>(state: &'a State, bot: i64, params: &Params) -> Result<(Peer, &'a Message), ApiError> {
    if params.get("inline_message_id").is_some() {
        return Err(ApiError::bad("MESSAGE_ID_INVALID"));
    }
    let peer = named_chat(state, bot, params)?;
    state.may_write(bot, peer)?;
    let message = existing(state, peer, params.int("message_id"), "message to edit not found")?;
    let by_bot =
        message.from == Some(bot) || (message.from.is_none() && message.sender_chat == Some(peer.chat_id()));
    if !by_bot || message.origin.is_some() || message.content.service {
        return Err(ApiError::bad("message can't be edited"));
    }
    Ok((peer, message))
}

/// Refuses what changes nothing, counts the edit, makes it.
fn revise(
    state: &mut State,
    bot: i64,
    peer: Peer,
    id: i64,
    content: Arc<Content>,
    markup: Option<Arc<Value>>,
) -> Answer {
    let old = existing(state, peer, Some(id), "message to edit not found")?;
    let same_text = old.content.text == content.text && old.content.entities == content.entities;
    let old_markup = old.markup.as_ref().filter(|_| old.inline_keyboard().is_some());
    if same_text && old_markup == markup.as_ref() {
        return Err(ApiError::bad(NOT_MODIFIED));
    }
    state.admit(bot, peer, 1)?;
    state.revise(peer, id, content, markup);
    Ok(state.sent_json(peer, id))
}

pub(super) fn text(state: &mut State, bot: i64, params: &Params) -> Answer {
    let (peer, message) = own_message(state, bot, params)?;
    if message.content.media.is_some() {
        return Err(ApiError::bad("there is no text in the message to edit"));
    }
    let id = message.id;
    let text = formatted(state, params, &EDITED_TEXT)?;
    if text.text.is_empty() {
        return Err(ApiError::bad("message text is empty"));
    }
    let markup = keyboards::read(params, peer)?;
    let content = Content { text: text.text, entities: text.entities, ..Content::default() };
    revise(state, bot, peer, id, Arc::new(content), markup)
}

pub(super) fn caption(state: &mut State, bot: i64, params: &Params) -> Answer {
    let (peer, message) = own_message(state, bot, params)?;
    let (id, media) = (message.id, message.content.media.clone());
    if media.is_none() {
        return Err(ApiError::bad("there is no caption in the message to edit"));
    }
    let caption = formatted(state, params, &CAPTION)?;
    let markup = keyboards::read(params, peer)?;
    let content = Content { text: caption.text, entities: caption.entities, media, ..Content::default() };
    revise(state, bot, peer, id, Arc::new(content), markup)
}

pub(super) fn markup(state: &mut State, bot: i64, params: &Params) -> Answer {
    let (peer, message) = own_message(state, bot, params)?;
    let (id, content) = (message.id, Arc::clone(&message.content));
    let markup = keyboards::read(params, peer)?;
    revise(state, bot, peer, id, content, markup)
}

/// In a group: in it at all; in private: nothing is needed.
fn in_chat(state: &State, bot: i64, peer: Peer) -> Result<(), ApiError> {
    match (peer, state.chat(peer)) {
        (Peer::Group(_), Some(chat)) => state.is_in_group(bot, chat),
        (_, Some(_)) => Ok(()),
        (_, None) => Err(ApiError::bad("chat not found")),
    }
}

fn may_delete(state: &State, bot: i64, peer: Peer, message: &Message) -> bool {
    let admin = state.chat(peer).is_some_and(|chat| chat.status(bot).is_admin());
    let young = state.now().timestamp() - message.date < 48 * 3600;
    let private = matches!(peer, Peer::Private { .. });
    admin || (young && (private || message.from == Some(bot)))
}

pub(super) fn delete(state: &mut State, bot: i64, params: &Params) -> Answer {
    let peer = named_chat(state, bot, params)?;
    in_chat(state, bot, peer)?;
    let message = existing(state, peer, params.int("message_id"), "message to delete not found")?;
    if !may_delete(state, bot, peer, message) {
        return Err(ApiError::bad("message can't be deleted"));
    }
    let id = message.id;
    state.delete(peer, id);
    done()
}

pub(super) fn delete_many(state: &mut State, bot: i64, params: &Params) -> Answer {
    let peer = named_chat(state, bot, params)?;
    in_chat(state, bot, peer)?;
    let ids: Vec<i64> =
        params.array("message_ids").unwrap_or_default().iter().filter_map(Value::as_i64).collect();
    for id in ids {
        let found = state.chat(peer).and_then(|chat| chat.message(id));
        if found.is_some_and(|message| may_delete(state, bot, peer, message)) {
            state.delete(peer, id);
        }
    }
    done()
}

pub(super) fn pin(state: &mut State, bot: i64, method: &str, params: &Params) -> Answer {
    let peer = named_chat(state, bot, params)?;
    in_chat(state, bot, peer)?;
    let allowed = match peer {
        Peer::Private { .. } => true,
        Peer::Group(_) => state.chat(peer).is_some_and(|chat| chat.status(bot).is_admin()),
    };
    if !allowed {
        return Err(ApiError::bad("not enough rights to manage pinned messages in the chat"));
    }
    let id = params.int("message_id");
    if method == "pinChatMessage" {
        let id = existing(state, peer, id, "message to pin not found")?.id;
        let Some(chat) = state.chats.get_mut(&peer) else { return done() };
        chat.pinned.retain(|pinned| *pinned != id);
        chat.pinned.push(id);
        state.emit("chat", peer, Some(id));
        let pinned =
            state.chat(peer).and_then(|chat| chat.message(id)).map(|m| state.message_json(peer, m, false));
        state.post_service(peer, bot, json!({ "pinned_message": pinned }));
        return done();
    }
    let Some(chat) = state.chats.get_mut(&peer) else { return done() };
    match id {
        Some(id) => chat.pinned.retain(|pinned| *pinned != id),
        None if method == "unpinChatMessage" => drop(chat.pinned.pop()),
        None => chat.pinned.clear(),
    }
    state.emit("chat", peer, id);
    done()
}

pub(super) fn reaction(state: &mut State, bot: i64, params: &Params) -> Answer {
    let peer = named_chat(state, bot, params)?;
    state.may_write(bot, peer)?;
    let id = existing(state, peer, params.int("message_id"), "message to react not found")?.id;
    let emoji = params.array("reaction").unwrap_or_default().iter().find_map(|r| r["emoji"].as_str());
    if emoji.is_some_and(|emoji| !crate::acts::is_reaction(emoji)) {
        return Err(ApiError::bad("REACTION_INVALID"));
    }
    state.set_reaction(peer, id, bot, emoji);
    done()
}
