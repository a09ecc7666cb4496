//! The methods of the Bot API. Each takes the state and the checked parameters and answers at once; only
//! `getUpdates` waits, in `server`.

mod chats;
mod edit;
mod files;
mod markup;
mod own;
mod send;

use serde_json::{Value, json};

use crate::error::ApiError;
use crate::model::{Message, Peer};
use crate::params::Params;
use crate::state::State;
use crate::text::{Formatted, clean, given, recognise, utf16_len};

/// What a method answers.
pub(crate) type Answer = Result<Value, ApiError>;

/// Carries out a method other than `getUpdates` and the webhook's.
pub(crate) fn call(state: &mut State, bot: i64, method: &str, params: &Params) -> Answer {
    match method {
        "getMe" => own::get_me(state, bot),
        "logOut" | "close" => Ok(Value::Bool(true)),
        "sendMessage" => send::message(state, bot, params),
        "sendPhoto" => send::media(state, bot, params, crate::model::MediaKind::Photo),
        "sendDocument" => send::media(state, bot, params, crate::model::MediaKind::Document),
        "sendMediaGroup" => send::media_group(state, bot, params),
        "sendLocation" => send::location(state, bot, params),
        "sendContact" => send::contact(state, bot, params),
        "copyMessage" => send::copy(state, bot, params),
        "forwardMessage" => send::forward(state, bot, params),
        "sendChatAction" => chats::action(state, bot, params),
        "editMessageText" => edit::text(state, bot, params),
        "editMessageCaption" => edit::caption(state, bot, params),
        "editMessageReplyMarkup" => edit::markup(state, bot, params),
        "deleteMessage" => edit::delete(state, bot, params),
        "deleteMessages" => edit::delete_many(state, bot, params),
        "pinChatMessage" | "unpinChatMessage" | "unpinAllChatMessages" => {
            edit::pin(state, bot, method, params)
        }
        "setMessageReaction" => edit::reaction(state, bot, params),
        "answerCallbackQuery" => own::answer_press(state, bot, params),
        "getChat" => chats::get(state, bot, params),
        "getChatMember" => chats::member(state, bot, params),
        "getChatMemberCount" => chats::member_count(state, bot, params),
        "getChatAdministrators" => chats::administrators(state, bot, params),
        "leaveChat" => chats::leave(state, bot, params),
        "setChatTitle" => chats::title(state, bot, params),
        "banChatMember" => chats::ban(state, bot, params, true),
        "unbanChatMember" => chats::ban(state, bot, params, false),
        "exportChatInviteLink" => chats::invite_link(state, bot, params),
        "createForumTopic" => chats::topic(state, bot, params),
        "getFile" => files::get(state, params),
        _ => own::settings(state, bot, method, params),
    }
}

/// The chat a call names, before any right is looked at.
pub(crate) fn named_chat(state: &State, bot: i64, params: &Params) -> Result<Peer, ApiError> {
    match params.get("chat_id") {
        Some(chat_id) => state.resolve(bot, chat_id),
        None => Err(ApiError::bad("chat_id is empty")),
    }
}

/// Names of the parameters that carry a text and its format.
struct TextFields {
    text: &'static str,
    entities: &'static str,
    most: usize,
    too_long: &'static str,
}

const TEXT: TextFields =
    TextFields { text: "text", entities: "entities", most: 4096, too_long: "message is too long" };
const EDITED_TEXT: TextFields = TextFields { too_long: "MESSAGE_TOO_LONG", ..TEXT };
const CAPTION: TextFields = TextFields {
    text: "caption",
    entities: "caption_entities",
    most: 1024,
    too_long: "message caption is too long",
};

/// Reads a text with its format, cleans it, finds what Telegram finds, checks its length.
fn formatted(state: &State, params: &Params, fields: &TextFields) -> Result<Formatted, ApiError> {
    let source = params.text(fields.text).unwrap_or_default();
    let parsed = match params.text("parse_mode") {
        Some(mode) if mode.eq_ignore_ascii_case("html") => crate::html::parse(source)?,
        Some("") | None => given(source, params.array(fields.entities).unwrap_or_default())?,
        Some(mode) if mode.to_ascii_lowercase().starts_with("markdown") => {
            return Err(ApiError::bad("can't parse entities: the sandbox parses HTML only, not Markdown"));
        }
        Some(_) => return Err(ApiError::bad("unsupported parse_mode")),
    };
    let mut text = clean(&parsed);
    if utf16_len(&text.text) > fields.most {
        return Err(ApiError::bad(fields.too_long));
    }
    mention_people(state, &mut text);
    recognise(&mut text);
    Ok(text)
}

/// Links to `tg://user?id=` become mentions of people the sandbox knows, and plain text otherwise.
fn mention_people(state: &State, text: &mut Formatted) {
    for entity in &mut text.entities {
        let linked = entity.url.as_deref().and_then(|url| url.strip_prefix("tg://user?id="));
        let named = entity.user.as_ref().and_then(|user| user["id"].as_i64());
        let Some(id) = linked.map(|id| id.parse().unwrap_or(0)).or(named) else { continue };
        entity.url = None;
        entity.kind =
            if state.accounts.contains_key(&id) { "text_mention".to_owned() } else { String::new() };
        entity.user = Some(state.user_json(id));
    }
    text.entities.retain(|entity| !entity.kind.is_empty());
}

/// A message that exists in the chat.
fn existing<'a>(
    state: &'a State,
    peer: Peer,
    id: Option<i64>,
    missing: &str,
) -> Result<&'a Message, ApiError> {
    let id = id.ok_or_else(|| ApiError::bad("message identifier is not specified"))?;
    let found = state.chat(peer).and_then(|chat| chat.message(id));
    found.ok_or_else(|| ApiError::bad(missing))
}

/// The answer `true`.
fn done() -> Answer {
    Ok(json!(true))
}
