//! Everything that puts a new message into a chat.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::{Answer, CAPTION, TEXT, TextFields, existing, files, formatted, markup, named_chat};
use crate::error::ApiError;
use crate::model::*;
use crate::params::Params;
use crate::state::State;

/// Where a message goes, with what it hangs on.
struct Target {
    peer: Peer,
    draft: Draft,
}

fn target(state: &State, bot: i64, params: &Params) -> Result<Target, ApiError> {
    let peer = named_chat(state, bot, params)?;
    state.may_write(bot, peer)?;
    let chat = state.chat(peer).ok_or_else(|| ApiError::bad("chat not found"))?;
    let mut draft = Draft { markup: markup::read(params, peer)?, ..Draft::default() };
    if chat.kind == ChatKind::Channel {
        draft.sender_chat = Some(peer.chat_id());
    } else {
        draft.from = Some(bot);
    }
    draft.reply_to = reply_target(chat, params)?;
    draft.thread = thread(chat, params)?;
    Ok(Target { peer, draft })
}

fn reply_target(chat: &Chat, params: &Params) -> Result<Option<i64>, ApiError> {
    let Some(reply) = params.get("reply_parameters") else { return Ok(None) };
    let id = reply["message_id"].as_i64().unwrap_or(0);
    let here =
        reply.get("chat_id").and_then(Value::as_i64).is_none_or(|chat_id| chat_id == chat.peer.chat_id());
    if here && chat.message(id).is_some() {
        return Ok(Some(id));
    }
    match reply["allow_sending_without_reply"].as_bool() {
        Some(true) => Ok(None),
        _ => Err(ApiError::bad("message to be replied not found")),
    }
}

fn thread(chat: &Chat, params: &Params) -> Result<Option<i64>, ApiError> {
    let Some(thread) = params.int("message_thread_id") else { return Ok(None) };
    let is_topic = |message: &Message| message.content.fields.contains_key("forum_topic_created");
    if chat.forum && chat.message(thread).is_some_and(is_topic) {
        return Ok(Some(thread));
    }
    Err(ApiError::bad("message thread not found"))
}

/// Counts the message against the limits and posts it.
fn post(state: &mut State, bot: i64, target: Target, content: Content) -> Answer {
    state.admit(bot, target.peer, 1)?;
    let draft = Draft { content: Arc::new(content), ..target.draft };
    let id = state.post(target.peer, draft);
    Ok(state.sent_json(target.peer, id))
}

pub(super) fn message(state: &mut State, bot: i64, params: &Params) -> Answer {
    let target = target(state, bot, params)?;
    let text = formatted(state, params, &TEXT)?;
    if text.text.is_empty() {
        return Err(ApiError::bad("message text is empty"));
    }
    post(state, bot, target, Content { text: text.text, entities: text.entities, ..Content::default() })
}

pub(super) fn media(state: &mut State, bot: i64, params: &Params, kind: MediaKind) -> Answer {
    let target = target(state, bot, params)?;
    let caption = formatted(state, params, &CAPTION)?;
    let name = if kind == MediaKind::Photo { "photo" } else { "document" };
    let given = params.text(name).unwrap_or_default();
    let source = files::find(state, params, given, kind)?;
    state.admit(bot, target.peer, 1)?;
    let media = Some(Media { kind, file: source.keep(state, kind) });
    let content = Content { text: caption.text, entities: caption.entities, media, ..Content::default() };
    let id = state.post(target.peer, Draft { content: Arc::new(content), ..target.draft });
    Ok(state.sent_json(target.peer, id))
}

pub(super) fn media_group(state: &mut State, bot: i64, params: &Params) -> Answer {
    let target = target(state, bot, params)?;
    let items = params.array("media").unwrap_or_default();
    if items.is_empty() || items.len() > 10 {
        return Err(ApiError::bad("Too much messages to send as an album"));
    }
    let mut prepared = Vec::with_capacity(items.len());
    for item in items {
        let kind = match item["type"].as_str() {
            Some("photo") => MediaKind::Photo,
            Some("document") => MediaKind::Document,
            _ => return Err(ApiError::bad("the sandbox sends albums of photos or documents only")),
        };
        let source = files::find(state, params, item["media"].as_str().unwrap_or_default(), kind)?;
        let own = Params::from_map(item.as_object().cloned().unwrap_or_default());
        prepared.push((kind, source, formatted(state, &own, &CAPTION)?));
    }
    state.admit(bot, target.peer, prepared.len())?;
    let group: Arc<str> = state.fresh_id().to_string().into();
    let mut sent = Vec::with_capacity(prepared.len());
    for (kind, source, caption) in prepared {
        let media = Some(Media { kind, file: source.keep(state, kind) });
        let content = Content { text: caption.text, entities: caption.entities, media, ..Content::default() };
        let draft = Draft {
            content: Arc::new(content),
            media_group: Some(Arc::clone(&group)),
            ..target.draft.clone()
        };
        let id = state.post(target.peer, draft);
        sent.push(state.sent_json(target.peer, id));
    }
    Ok(Value::Array(sent))
}

/// A message that is one object: a contact, a location.
fn object(state: &mut State, bot: i64, params: &Params, name: &str, fields: &[&str]) -> Answer {
    let target = target(state, bot, params)?;
    let present = fields.iter().filter_map(|field| Some(((*field).to_owned(), params.get(field)?.clone())));
    let object: Map<String, Value> = present.collect();
    let content =
        Content { fields: Map::from_iter([(name.to_owned(), object.into())]), ..Content::default() };
    post(state, bot, target, content)
}

pub(super) fn location(state: &mut State, bot: i64, params: &Params) -> Answer {
    object(state, bot, params, "location", &["latitude", "longitude", "horizontal_accuracy"])
}

pub(super) fn contact(state: &mut State, bot: i64, params: &Params) -> Answer {
    object(state, bot, params, "contact", &["phone_number", "first_name", "last_name", "vcard"])
}

/// The message to copy or forward, with the chat it is in.
fn source<'a>(
    state: &'a State,
    bot: i64,
    params: &Params,
    missing: &str,
) -> Result<(Peer, &'a Message), ApiError> {
    let from = params.get("from_chat_id").ok_or_else(|| ApiError::bad("chat_id is empty"))?;
    let peer = state.resolve(bot, from)?;
    if let (Peer::Group(_), Some(chat)) = (peer, state.chat(peer)) {
        state.is_in_group(bot, chat)?;
    }
    let message = existing(state, peer, params.int("message_id"), missing)?;
    if message.content.service {
        return Err(ApiError::bad(missing));
    }
    Ok((peer, message))
}

pub(super) fn copy(state: &mut State, bot: i64, params: &Params) -> Answer {
    let target = target(state, bot, params)?;
    let (_, message) = source(state, bot, params, "message to copy not found")?;
    let mut content = Arc::clone(&message.content);
    if content.media.is_some() && params.get("caption").is_some() {
        let media = content.media.clone();
        let caption = formatted(state, params, &TextFields { ..CAPTION })?;
        content =
            Arc::new(Content { text: caption.text, entities: caption.entities, media, ..Content::default() });
    }
    state.admit(bot, target.peer, 1)?;
    let id = state.post(target.peer, Draft { content, ..target.draft });
    Ok(json!({ "message_id": id }))
}

pub(super) fn forward(state: &mut State, bot: i64, params: &Params) -> Answer {
    let target = target(state, bot, params)?;
    let (peer, message) = source(state, bot, params, "message to forward not found")?;
    let draft = Draft {
        content: Arc::clone(&message.content),
        origin: Some(state.origin_of(peer, message)),
        ..target.draft
    };
    state.admit(bot, target.peer, 1)?;
    let id = state.post(target.peer, draft);
    Ok(state.sent_json(target.peer, id))
}

impl State {
    /// The `forward_origin` of a forwarded message: the first author stays.
    pub fn origin_of(&self, peer: Peer, message: &Message) -> Arc<Value> {
        if let Some(origin) = &message.origin {
            return Arc::clone(origin);
        }
        let date = message.date;
        let in_channel = self.chat(peer).is_some_and(|chat| chat.kind == ChatKind::Channel);
        Arc::new(match (message.sender_chat, message.from) {
            (Some(_), _) if in_channel => json!({
                "type": "channel", "date": date, "chat": self.chat_json(peer), "message_id": message.id
            }),
            (Some(sender), _) => json!({
                "type": "chat", "date": date, "sender_chat": self.chat_json(Peer::Group(sender))
            }),
            (None, from) => json!({
                "type": "user", "date": date, "sender_user": self.user_json(from.unwrap_or_default())
            }),
        })
    }
}
