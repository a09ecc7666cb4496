//! `POST /sandbox/act`: the page acts as a person.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, State as Extract};
use axum::http::{HeaderMap, StatusCode, header};
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
    answer(shared.change(|state| carry_out(state, &wish)))
}

fn answer(done: Act<Value>) -> Response {
    match done {
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
    say_with(state, wish.person, peer, Media { kind: MediaKind::Document, file }, &wish.text, wish.message)
}

fn say_with(
    state: &mut State,
    person: i64,
    peer: Peer,
    media: Media,
    caption: &Option<String>,
    reply: Option<i64>,
) -> Act<i64> {
    let caption = match caption.as_deref() {
        Some(text) if !text.trim().is_empty() => written(text)?,
        _ => Content::default(),
    };
    let content = Content { media: Some(media), ..caption };
    state.say(peer, Author::Person(person), content, reply, None)
}

/// Who sends which file where; the bytes are the body.
#[derive(Debug, Deserialize)]
pub(super) struct Upload {
    #[serde(rename = "as")]
    person: i64,
    /// As in an act.
    chat: Option<i64>,
    /// Name of the file.
    name: String,
    /// Type of the file; `image/jpeg`, `image/png` and `image/webp` are sent as photos.
    mime: String,
    caption: Option<String>,
    /// The message it replies to.
    message: Option<i64>,
}

/// `POST /sandbox/upload?as=…&name=…&mime=…`: a person sends a file. The body is `application/octet-stream`, which
/// no other site can post here unasked.
pub(super) async fn upload(
    Extract(shared): Extract<Arc<Shared>>,
    Query(upload): Query<Upload>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if headers.get(header::CONTENT_TYPE).is_none_or(|kind| kind != "application/octet-stream") {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    answer(shared.change(|state| send_file(state, &upload, body)).map(Value::from))
}

fn send_file(state: &mut State, upload: &Upload, body: Bytes) -> Act<i64> {
    if !state.accounts.contains_key(&upload.person) {
        return Err(format!("there is no account {}", upload.person));
    }
    if body.is_empty() {
        return Err("an empty file cannot be sent".to_owned());
    }
    let peer = state.peer_for(upload.person, upload.chat.unwrap_or(upload.person))?;
    let kind = match upload.mime.as_str() {
        "image/jpeg" | "image/png" | "image/webp" => MediaKind::Photo,
        _ => MediaKind::Document,
    };
    let file = state.store_file(kind, &upload.name, &upload.mime, body);
    say_with(state, upload.person, peer, Media { kind, file }, &upload.caption, upload.message)
}
