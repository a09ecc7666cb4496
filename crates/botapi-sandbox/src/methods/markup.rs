//! Keyboards: what may be in them and where.

use std::sync::Arc;

use serde_json::Value;

use crate::error::ApiError;
use crate::model::Peer;
use crate::params::Params;

/// Reads and checks `reply_markup`. An inline keyboard without buttons counts as none.
pub(super) fn read(params: &Params, peer: Peer) -> Result<Option<Arc<Value>>, ApiError> {
    let Some(markup) = params.get("reply_markup") else { return Ok(None) };
    if let Some(rows) = markup.get("inline_keyboard").and_then(Value::as_array) {
        let buttons: Vec<&Value> = rows.iter().filter_map(Value::as_array).flatten().collect();
        buttons.iter().try_for_each(|button| inline_button(button))?;
        if buttons.len() > 100 {
            return Err(ApiError::bad("reply markup is too long"));
        }
        return Ok((!buttons.is_empty()).then(|| Arc::new(markup.clone())));
    }
    if let Some(rows) = markup.get("keyboard").and_then(Value::as_array) {
        let private = matches!(peer, Peer::Private { .. });
        let buttons = rows.iter().filter_map(Value::as_array).flatten();
        buttons.filter(|_| !private).try_for_each(private_only)?;
    }
    Ok(Some(Arc::new(markup.clone())))
}

const KINDS: [&str; 10] = [
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
];

fn inline_button(button: &Value) -> Result<(), ApiError> {
    let cannot = |why: &str| Err(ApiError::bad(format!("can't parse inline keyboard button: {why}")));
    if button["text"].as_str().is_none_or(|text| text.trim().is_empty()) {
        return cannot("Field \"text\" must be non-empty");
    }
    if KINDS.iter().all(|kind| button.get(*kind).is_none()) {
        return cannot("Text buttons are unallowed in the inline keyboard");
    }
    if let Some(data) = button.get("callback_data").and_then(Value::as_str)
        && !(1..=64).contains(&data.len())
    {
        return Err(ApiError::bad("BUTTON_DATA_INVALID"));
    }
    if let Some(url) = button.get("url").and_then(Value::as_str)
        && !is_link(url)
    {
        return Err(ApiError::bad("BUTTON_URL_INVALID"));
    }
    Ok(())
}

fn is_link(url: &str) -> bool {
    let rest = ["https://", "http://", "tg://"].iter().find_map(|scheme| url.strip_prefix(scheme));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
}

fn private_only(button: &Value) -> Result<(), ApiError> {
    let asks = |name: &str| button.get(name).and_then(Value::as_bool).unwrap_or(false);
    if asks("request_contact") {
        return Err(ApiError::bad("phone number can be requested in private chats only"));
    }
    if asks("request_location") {
        return Err(ApiError::bad("location can be requested in private chats only"));
    }
    Ok(())
}
