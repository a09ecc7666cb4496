//! What concerns the bot itself: who it is, its commands and names, its answers to presses.

use serde_json::{Value, json};

use super::{Answer, done};
use crate::error::ApiError;
use crate::model::PressAnswer;
use crate::params::Params;
use crate::state::State;

pub(super) fn get_me(state: &State, bot: i64) -> Answer {
    let mut me = state.user_json(bot);
    let reads_all = state.bots.get(&bot).is_some_and(|data| data.reads_all);
    me["can_join_groups"] = json!(true);
    me["can_read_all_group_messages"] = json!(reads_all);
    for ability in ["supports_inline_queries", "can_connect_to_business", "has_main_web_app"] {
        me[ability] = json!(false);
    }
    Ok(me)
}

pub(super) fn answer_press(state: &mut State, bot: i64, params: &Params) -> Answer {
    let too_old = || ApiError::bad("query is too old and response timeout expired or query ID is invalid");
    let (now, within) = (state.now(), state.answer_within);
    let id: u64 = params.text("callback_query_id").and_then(|id| id.parse().ok()).ok_or_else(too_old)?;
    let text = params.text("text").filter(|text| !text.is_empty()).map(str::to_owned);
    if text.as_ref().is_some_and(|text| text.chars().count() > 200) {
        return Err(ApiError::bad("MESSAGE_TOO_LONG"));
    }
    let press = state.presses.get_mut(&id).filter(|press| press.bot == bot).ok_or_else(too_old)?;
    if press.answer.is_some() || now - press.at > within {
        return Err(too_old());
    }
    let url = params.text("url").map(str::to_owned);
    let answer = PressAnswer { text, show_alert: params.flag("show_alert"), url, at: now };
    press.answer = Some(answer.clone());
    let press = press.clone();
    state.emit_answer(id, &press, &answer);
    done()
}

/// `set…`, `get…` and `delete…` of commands, names, descriptions and the menu button.
pub(super) fn settings(state: &mut State, bot: i64, method: &str, params: &Params) -> Answer {
    let language = params.text("language_code").unwrap_or_default().to_owned();
    match method {
        "setMyCommands" => set_commands(state, bot, params, language),
        "getMyCommands" => {
            Ok(setting(state, bot, "commands", scope_key(params), language).unwrap_or_else(|| json!([])))
        }
        "deleteMyCommands" => {
            let key = ("commands", scope_key(params), language);
            if let Some(data) = state.bots.get_mut(&bot) {
                data.settings.remove(&key);
            }
            done()
        }
        "setChatMenuButton" => {
            let button = params.get("menu_button").cloned().unwrap_or_else(|| json!({ "type": "default" }));
            keep(state, bot, ("menu", chat_key(params), String::new()), button)
        }
        "getChatMenuButton" => {
            let found = setting(state, bot, "menu", chat_key(params), String::new());
            Ok(found.unwrap_or_else(|| json!({ "type": "default" })))
        }
        _ => named_setting(state, bot, method, params, language),
    }
}

/// Methods with the parameter they set, its most characters, and whether they set.
const NAMED: [(&str, &str, usize, bool); 6] = [
    ("setMyName", "name", 64, true),
    ("getMyName", "name", 64, false),
    ("setMyDescription", "description", 512, true),
    ("getMyDescription", "description", 512, false),
    ("setMyShortDescription", "short_description", 120, true),
    ("getMyShortDescription", "short_description", 120, false),
];

fn named_setting(state: &mut State, bot: i64, method: &str, params: &Params, language: String) -> Answer {
    let Some((_, name, most, sets)) = NAMED.iter().find(|(known, ..)| *known == method) else {
        return Err(ApiError::not_found());
    };
    if *sets {
        let value = params.text(name).unwrap_or_default();
        if value.chars().count() > *most {
            return Err(ApiError::bad(format!("{name} is too long")));
        }
        return keep(state, bot, (name, String::new(), language), json!(value));
    }
    let own =
        (*name == "name").then(|| state.accounts.get(&bot).map(|a| a.first_name.clone()).unwrap_or_default());
    let value =
        setting(state, bot, name, String::new(), language).unwrap_or_else(|| json!(own.unwrap_or_default()));
    Ok(json!({ *name: value }))
}

fn keep(state: &mut State, bot: i64, key: (&'static str, String, String), value: Value) -> Answer {
    if let Some(data) = state.bots.get_mut(&bot) {
        data.settings.insert(key, value);
    }
    done()
}

fn setting(state: &State, bot: i64, what: &'static str, scope: String, language: String) -> Option<Value> {
    state.bots.get(&bot)?.settings.get(&(what, scope, language)).cloned()
}

fn chat_key(params: &Params) -> String {
    params.int("chat_id").map(|id| id.to_string()).unwrap_or_default()
}

/// `default`, `chat -5`, `chat_member -5 7`, …
fn scope_key(params: &Params) -> String {
    let Some(scope) = params.get("scope") else { return "default".to_owned() };
    let kind = scope["type"].as_str().unwrap_or("default");
    ["chat_id", "user_id"].iter().filter_map(|name| scope.get(*name)).fold(kind.to_owned(), |key, id| {
        format!("{key} {}", id.as_str().map_or_else(|| id.to_string(), str::to_owned))
    })
}

fn set_commands(state: &mut State, bot: i64, params: &Params, language: String) -> Answer {
    let commands = params.array("commands").unwrap_or_default();
    if commands.len() > 100 {
        return Err(ApiError::bad("BOT_COMMANDS_TOO_MUCH"));
    }
    for command in commands {
        let name = command["command"].as_str().unwrap_or_default().trim_start_matches('/');
        let fits = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if !fits || !(1..=32).contains(&name.len()) {
            return Err(ApiError::bad("BOT_COMMAND_INVALID"));
        }
        let description = command["description"].as_str().unwrap_or_default().trim().chars().count();
        if !(1..=256).contains(&description) {
            return Err(ApiError::bad("BOT_COMMAND_DESCRIPTION_INVALID"));
        }
    }
    if !(language.is_empty() || language.len() == 2 && language.bytes().all(|b| b.is_ascii_lowercase())) {
        return Err(ApiError::bad("invalid language code specified"));
    }
    keep(state, bot, ("commands", scope_key(params), language), Value::from(commands.to_vec()))
}
