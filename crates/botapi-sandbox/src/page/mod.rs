//! What the page in the browser needs: the page itself, the chats, events as they happen, and acting as a person.

mod act;
mod commands;
mod directory;
mod events;
mod web;

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::extract::{Query, State as Extract};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::handle::shown;
use crate::model::{Chat, ChatKind, MediaKind, Peer};
use crate::server::Shared;
use crate::state::State;

pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .merge(web::routes())
        .route("/sandbox/state", get(state))
        .route("/sandbox/status", get(status))
        .route("/sandbox/people", get(directory::people))
        .route("/sandbox/chats", get(directory::chats))
        .route("/sandbox/commands", get(commands::commands))
        .route("/sandbox/events", get(events::stream))
        .route("/sandbox/act", post(act::act))
        .route("/sandbox/upload", post(act::upload))
        .route("/sandbox/file", get(file))
}

/// Which chats, and how much of them.
#[derive(Deserialize)]
struct Wanted {
    /// One chat only; in private the person's id.
    chat: Option<i64>,
    /// Only the chats of this person: the private ones and the groups they are in.
    person: Option<i64>,
    /// Every chat, not only the featured ones.
    #[serde(default)]
    all: bool,
    /// The most chats (40 by default).
    chats: Option<usize>,
    /// The most messages of each chat (40 by default).
    messages: Option<usize>,
}

/// `GET /sandbox/state`: title, status, chats (featured ones first, in their order) with their newest messages, and
/// the accounts that can act in them.
async fn state(Extract(shared): Extract<Arc<Shared>>, Query(wanted): Query<Wanted>) -> Json<Value> {
    let status = shared.page.status.as_ref().map(|status| status());
    let state = shared.lock();
    let peers = chosen(&shared, &state, &wanted);
    let chats = peers.iter().filter_map(|peer| state.chat(*peer));
    let listed: Vec<Value> =
        chats.clone().map(|chat| chat_json(&state, chat, wanted.messages.unwrap_or(40))).collect();
    let people: BTreeSet<i64> = chats.flat_map(people_of).collect();
    let visible = people.into_iter().filter(|id| !is_hidden(&shared, *id));
    Json(json!({
        "title": shared.page.title,
        "now": state.now(),
        "status": status,
        "last_event": state.events.back().map_or(0, |event| event.id),
        "bots": state.bots.keys().map(|id| state.user_json(*id)).collect::<Vec<_>>(),
        "accounts": visible.map(|id| account_json(&state, id)).collect::<Vec<_>>(),
        "chats": listed,
        "total_chats": state.chats.len(),
        "total_accounts": state.accounts.len(),
    }))
}

fn is_hidden(shared: &Shared, account: i64) -> bool {
    shared.page.hidden.as_ref().is_some_and(|hidden| hidden(account))
}

fn chosen(shared: &Shared, state: &State, wanted: &Wanted) -> Vec<Peer> {
    if let Some(chat) = wanted.chat {
        return crate::handle::peers_of(state, chat);
    }
    if let Some(person) = wanted.person {
        return chats_of(state, person, wanted.chats.unwrap_or(40));
    }
    let mut peers: Vec<Peer> =
        state.featured.iter().flat_map(|id| crate::handle::peers_of(state, *id)).collect();
    if peers.is_empty() || wanted.all {
        let featured: BTreeSet<Peer> = peers.iter().copied().collect();
        let shows = |chat: &&Chat| match chat.peer {
            Peer::Private { user, .. } => !is_hidden(shared, user),
            Peer::Group(_) => chat.migrated_to.is_none(),
        };
        let mut rest: Vec<&Chat> =
            state.chats.values().filter(shows).filter(|chat| !featured.contains(&chat.peer)).collect();
        rest.sort_by_key(|chat| (std::cmp::Reverse(chat.touched), chat.peer));
        peers.extend(rest.iter().map(|chat| chat.peer));
    }
    peers.truncate(wanted.chats.unwrap_or(40));
    peers
}

/// The person's private chats, then the groups they are in, the liveliest first.
fn chats_of(state: &State, person: i64, most: usize) -> Vec<Peer> {
    let mut groups: Vec<&Chat> = state
        .chats
        .values()
        .filter(|chat| chat.kind != ChatKind::Private && chat.migrated_to.is_none())
        .filter(|chat| chat.status(person).is_in())
        .collect();
    groups.sort_by_key(|chat| (std::cmp::Reverse(chat.touched), chat.peer));
    let mut peers = crate::handle::peers_of(state, person);
    peers.extend(groups.into_iter().map(|chat| chat.peer));
    peers.truncate(most);
    peers
}

/// `GET /sandbox/status`: what the embedding program says now.
async fn status(Extract(shared): Extract<Arc<Shared>>) -> Json<Value> {
    let status = shared.page.status.as_ref().map(|status| status());
    let state = shared.lock();
    let last = state.events.back().map_or(0, |event| event.id);
    Json(json!({ "now": state.now(), "status": status, "last_event": last }))
}

fn people_of(chat: &Chat) -> Vec<i64> {
    match chat.peer {
        Peer::Private { user, .. } => vec![user],
        Peer::Group(_) => {
            chat.members.iter().filter(|(_, status)| status.is_in()).map(|(id, _)| *id).collect()
        }
    }
}

fn account_json(state: &State, id: i64) -> Value {
    let mut account = state.user_json(id);
    if let Some(data) = state.accounts.get(&id) {
        account["about"] = json!(data.about);
        account["deleted"] = json!(data.deleted);
        account["has_phone"] = json!(data.phone.is_some());
    }
    account
}

fn chat_json(state: &State, chat: &Chat, messages: usize) -> Value {
    let (bot, title) = match chat.peer {
        Peer::Private { bot, user } => (Some(bot), state.user_json(user)["first_name"].clone()),
        Peer::Group(_) => (None, json!(chat.title)),
    };
    let skip = chat.messages.len().saturating_sub(messages);
    let newest = chat.messages.iter().skip(skip).filter(|message| !message.deleted);
    let admins = chat.members.iter().filter(|(_, status)| status.is_admin()).map(|(id, _)| *id);
    json!({
        "id": chat.peer.chat_id(),
        "bot": bot,
        "kind": chat.kind.name(),
        "title": title,
        "members": people_of(chat),
        "admins": admins.collect::<Vec<_>>(),
        "started": chat.started,
        "blocked": chat.blocked,
        "is_private": chat.kind == ChatKind::Private,
        "pinned": chat.pinned,
        "message_count": chat.messages.len(),
        "messages": newest.map(|message| shown(state, chat.peer, message)).collect::<Vec<_>>(),
    })
}

#[derive(Deserialize)]
struct FileId {
    id: String,
}

/// `GET /sandbox/file?id=…`: a photo to be shown, or a document to be saved. Nothing of it runs in the page.
async fn file(Extract(shared): Extract<Arc<Shared>>, Query(wanted): Query<FileId>) -> Response {
    let state = shared.lock();
    let Some(file) = state.files.get(&wanted.id) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let (mime, way) = match file.kind {
        MediaKind::Photo => (file.mime.as_str(), "inline"),
        MediaKind::Document => ("application/octet-stream", "attachment"),
    };
    let headers = [
        (header::CONTENT_TYPE, mime),
        (header::CONTENT_DISPOSITION, way),
        (header::CONTENT_SECURITY_POLICY, "sandbox"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    let headers = headers.map(|(name, value)| (name, value.to_owned()));
    (headers, file.bytes.clone()).into_response()
}
