//! `GET /sandbox/commands`: the menu of commands a person sees in a chat.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, State as Extract};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::model::Peer;
use crate::server::Shared;
use crate::state::State;

/// Whose menu.
#[derive(Deserialize)]
pub(super) struct Menu {
    bot: i64,
    /// A group's id, or the person's.
    chat: i64,
    person: i64,
}

/// The commands of the narrowest scope that has any, in the person's language if there are such.
pub(super) async fn commands(Extract(shared): Extract<Arc<Shared>>, Query(menu): Query<Menu>) -> Json<Value> {
    let state = shared.lock();
    let language = state.accounts.get(&menu.person).and_then(|account| account.language.as_deref());
    let language = language.unwrap_or_default().split('-').next().unwrap_or_default().to_owned();
    let found = scopes(&state, &menu).into_iter().find_map(|scope| {
        let bot = state.bots.get(&menu.bot)?;
        let set = |language: &str| bot.settings.get(&("commands", scope.clone(), language.to_owned()));
        set(&language).or_else(|| set("")).cloned()
    });
    Json(json!({ "commands": found.unwrap_or_else(|| json!([])) }))
}

/// Scopes from the narrowest to the widest, in the order the Bot API documents.
fn scopes(state: &State, menu: &Menu) -> Vec<String> {
    let chat = menu.chat;
    if chat > 0 {
        return vec![format!("chat {chat}"), "all_private_chats".to_owned(), "default".to_owned()];
    }
    let admin = state.chat(Peer::Group(chat)).is_some_and(|chat| chat.status(menu.person).is_admin());
    let mut scopes = vec![format!("chat_member {chat} {}", menu.person)];
    scopes.extend(admin.then(|| format!("chat_administrators {chat}")));
    scopes.push(format!("chat {chat}"));
    scopes.extend(admin.then(|| "all_chat_administrators".to_owned()));
    scopes.extend(["all_group_chats".to_owned(), "default".to_owned()]);
    scopes
}
