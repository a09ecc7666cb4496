//! Finding people and chats among many.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State as Extract};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{account_json, chat_json, is_hidden};
use crate::model::{AccountData, Chat, ChatKind, Peer};
use crate::server::Shared;
use crate::state::{CHANNEL_FORWARDER, State};

/// What is looked for.
#[derive(Deserialize)]
pub(super) struct Search {
    /// Part of a name, in any case; everything if empty.
    #[serde(default)]
    find: String,
    /// The most results (60 by default).
    limit: Option<usize>,
}

/// `GET /sandbox/people?find=…`: people by name, username, description or the title of a group they are in.
pub(super) async fn people(
    Extract(shared): Extract<Arc<Shared>>,
    Query(search): Query<Search>,
) -> Json<Value> {
    let state = shared.lock();
    let find = search.find.trim().to_lowercase();
    let in_groups: BTreeSet<i64> = groups(&state)
        .filter(|chat| !find.is_empty() && holds(&chat.title, &find))
        .flat_map(|chat| chat.members.keys().copied())
        .collect();
    let mut found: Vec<(bool, &AccountData)> = state
        .accounts
        .values()
        .filter(|account| !account.is_bot && !account.deleted && account.id != CHANNEL_FORWARDER)
        .filter(|account| !is_hidden(&shared, account.id))
        .map(|account| (named(account, &find), account))
        .filter(|(named, account)| *named || in_groups.contains(&account.id))
        .collect();
    found.sort_by_key(|(named, account)| (Reverse(*named), account.id));
    let listed =
        found.iter().take(search.limit.unwrap_or(60)).map(|(_, account)| person_json(&state, account.id));
    Json(json!({ "people": listed.collect::<Vec<_>>(), "total": found.len() }))
}

/// `GET /sandbox/chats?find=…`: chats by title or the person's name, the liveliest first.
pub(super) async fn chats(
    Extract(shared): Extract<Arc<Shared>>,
    Query(search): Query<Search>,
) -> Json<Value> {
    let state = shared.lock();
    let find = search.find.trim().to_lowercase();
    let shows = |chat: &&Chat| match chat.peer {
        Peer::Private { user, .. } => {
            !is_hidden(&shared, user)
                && state.accounts.get(&user).is_some_and(|account| named(account, &find))
        }
        Peer::Group(_) => chat.migrated_to.is_none() && holds(&chat.title, &find),
    };
    let mut found: Vec<&Chat> = state.chats.values().filter(shows).collect();
    found.sort_by_key(|chat| (chat.kind == ChatKind::Private, Reverse(chat.touched), chat.peer));
    let listed = found.iter().take(search.limit.unwrap_or(60)).map(|chat| chat_json(&state, chat, 0));
    Json(json!({ "chats": listed.collect::<Vec<_>>(), "total": found.len() }))
}

fn groups(state: &State) -> impl Iterator<Item = &Chat> {
    state.chats.values().filter(|chat| chat.kind != ChatKind::Private && chat.migrated_to.is_none())
}

fn holds(text: &str, find: &str) -> bool {
    text.to_lowercase().contains(find)
}

fn named(account: &AccountData, find: &str) -> bool {
    let more = [&account.last_name, &account.username, &account.about];
    holds(&account.first_name, find) || more.into_iter().flatten().any(|text| holds(text, find))
}

fn person_json(state: &State, id: i64) -> Value {
    let mut person = account_json(state, id);
    let mut titles: Vec<(Peer, &str)> = groups(state)
        .filter(|chat| chat.status(id).is_in())
        .map(|chat| (chat.peer, chat.title.as_str()))
        .collect();
    titles.sort_unstable();
    person["groups"] = json!(titles.into_iter().take(3).map(|(_, title)| title).collect::<Vec<_>>());
    person
}
