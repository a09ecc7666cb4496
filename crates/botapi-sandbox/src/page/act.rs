//! `POST /sandbox/act`: the page acts as a person.

use std::sync::Arc;

use axum::Json;
use axum::extract::State as Extract;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::acts::{Act, Author, written};
use crate::handle::tap;
use crate::model::{Content, Media, MediaKind, Peer};
use crate::server::Shared;
use crate::state::State;

/// Who does what, where.
#[derive(Debug, Deserialize)]
pub(super) struct Wish {
    #[serde(rename = "as")]
    person: i64,
    #[serde(rename = "do")]
    what: String,
    /// A group's id, a bot's id, or the person's own.
    chat: Option<i64>,
    message: Option<i64>,
    /// Words, an emoji, a caption, the payload of a start, a link.
    text: Option<String>,
    /// A button's label or its data.
    data: Option<String>,
    /// Name of a document.
    name: Option<String>,
    /// Content of a document.
    content: Option<String>,
}

/// `{"ok":true,"result":…}`, or 400 with `{"ok":false,"error":…}` in words.
pub(super) async fn act(Extract(shared): Extract<Arc<Shared>>, Json(wish): Json<Wish>) -> Response {
    match shared.change(|state| carry_out(state, &wish)) {
        Ok(result) => Json(json!({ "ok": true, "result": result })).into_response(),
        Err(error) => (StatusCode::BAD_REQUEST, Json(json!({ "ok": false, "error": error }))).into_response(),
    }
}

fn carry_out(state: &mut State, wish: &Wish) -> Act<Value> {
    if !state.accounts.contains_key(&wish.person) {
        return Err(format!("there is no account {}", wish.person));
    }
    let person = wish.person;
    let text = wish.text.as_deref().unwrap_or_default();
    let peer = state.peer_for(person, wish.chat.unwrap_or(person))?;
    let message = || wish.message.ok_or_else(|| "say which message".to_owned());
    match wish.what.as_str() {
        "write" => state.write(person, peer, text).map(Value::from),
        "reply" => {
            state.say(peer, Author::Person(person), written(text)?, Some(message()?), None).map(Value::from)
        }
        "edit" => state.rewrite(person, peer, message()?, text).map(Value::from),
        "press" => {
            let data = wish.data.as_deref().unwrap_or_default();
            state.press(person, peer, message()?, data).map(|press| json!(press))
        }
        "tap" => tap(state, person, peer, wish.data.as_deref().unwrap_or(text)).map(Value::from),
        "react" => state.react(person, peer, message()?, wish.text.as_deref()).map(Value::from),
        "open" => state.open_link(person, text, wish.chat.filter(|id| *id < 0)).map(Value::from),
        "document" => document(state, peer, wish).map(Value::from),
        "start" => state.start(person, bot_of(peer)?, wish.text.as_deref()).map(Value::from),
        "contact" => state.share_contact(person, bot_of(peer)?, person).map(Value::from),
        "block" | "unblock" => {
            state.set_blocked(bot_of(peer)?, person, wish.what == "block");
            Ok(json!(true))
        }
        "join" => {
            state.add_member(group_of(peer)?, person, person);
            Ok(json!(true))
        }
        "leave" => {
            state.remove_member(group_of(peer)?, person, person);
            Ok(json!(true))
        }
        other => Err(format!("nobody can \"{other}\"")),
    }
}

fn bot_of(peer: Peer) -> Act<i64> {
    match peer {
        Peer::Private { bot, .. } => Ok(bot),
        Peer::Group(id) => Err(format!("{id} is a group; this is done in private")),
    }
}

fn group_of(peer: Peer) -> Act<Peer> {
    match peer {
        Peer::Group(_) => Ok(peer),
        Peer::Private { .. } => Err("this is done in a group".to_owned()),
    }
}

fn document(state: &mut State, peer: Peer, wish: &Wish) -> Act<i64> {
    let name = wish.name.as_deref().unwrap_or("document.txt");
    let bytes = wish.content.clone().unwrap_or_default().into_bytes();
    let file = state.store_file(MediaKind::Document, name, "text/plain", bytes.into());
    let media = Some(Media { kind: MediaKind::Document, file });
    let caption = match wish.text.as_deref() {
        Some(text) if !text.trim().is_empty() => written(text)?,
        _ => Content::default(),
    };
    state.say(peer, Author::Person(wish.person), Content { media, ..caption }, wish.message, None)
}
