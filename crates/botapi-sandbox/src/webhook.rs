//! Updates posted to the bot's own server, with Telegram's order, secret and back-off.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::body::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::error::ApiError;
use crate::methods::Answer;
use crate::model::Webhook;
use crate::params::Params;
use crate::schema;
use crate::server::{Shared, perform};
use crate::state::State;

/// How often waiting retries look at the sandbox's clock, in real time.
const LOOK: Duration = Duration::from_millis(20);

/// `setWebhook`, `deleteWebhook`, `getWebhookInfo`.
pub(crate) fn call(shared: &Shared, state: &mut State, bot: i64, method: &str, params: &Params) -> Answer {
    match method {
        "setWebhook" => set(shared, state, bot, params),
        "deleteWebhook" => {
            drop_pending(state, bot, params);
            replace(state, bot, None);
            Ok(json!(true))
        }
        _ => Ok(info(state, bot)),
    }
}

fn drop_pending(state: &mut State, bot: i64, params: &Params) {
    if let Some(data) = state.bots.get_mut(&bot).filter(|_| params.flag("drop_pending_updates")) {
        data.queue.clear();
    }
}

fn replace(state: &mut State, bot: i64, webhook: Option<Webhook>) {
    let Some(data) = state.bots.get_mut(&bot) else { return };
    data.webhook = webhook;
    data.poll += 1;
    data.terminated_by = "terminated by setWebhook request";
    data.wake.notify_waiters();
}

fn set(shared: &Shared, state: &mut State, bot: i64, params: &Params) -> Answer {
    drop_pending(state, bot, params);
    let url = params.text("url").unwrap_or_default().to_owned();
    if url.is_empty() {
        replace(state, bot, None);
        return Ok(json!(true));
    }
    if !url.starts_with("https://") && !url.starts_with("http://") {
        return Err(ApiError::bad("bad webhook: HTTPS url must be provided for webhook"));
    }
    if reqwest::Url::parse(&url).is_err() {
        return Err(ApiError::bad("bad webhook: invalid webhook URL specified"));
    }
    let secret = params.text("secret_token").map(str::to_owned);
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    if secret
        .as_ref()
        .is_some_and(|secret| !secret.bytes().all(allowed) || !(1..=256).contains(&secret.len()))
    {
        return Err(ApiError::bad("secret token contains unallowed characters"));
    }
    if let (Some(names), Some(data)) = (params.array("allowed_updates"), state.bots.get_mut(&bot)) {
        data.allowed = names.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    }
    let max_connections = params.int("max_connections").unwrap_or(40).clamp(1, 100) as usize;
    let serial = shared.webhooks.fetch_add(1, Ordering::SeqCst) + 1;
    replace(state, bot, Some(Webhook { url, secret, max_connections, serial, last_error: None }));
    Ok(json!(true))
}

fn info(state: &State, bot: i64) -> Value {
    let Some(data) = state.bots.get(&bot) else { return Value::Null };
    let mut info =
        json!({ "url": "", "has_custom_certificate": false, "pending_update_count": data.queue.len() });
    if !data.allowed.is_empty() {
        info["allowed_updates"] = json!(data.allowed);
    }
    if let Some(webhook) = &data.webhook {
        info["url"] = json!(webhook.url);
        info["max_connections"] = json!(webhook.max_connections);
        if let Some((date, message)) = &webhook.last_error {
            info["last_error_date"] = json!(date);
            info["last_error_message"] = json!(message);
        }
    }
    info
}

/// Starts the task that posts the updates of the webhook just set.
pub(crate) fn spawn(shared: &Arc<Shared>, bot: i64) {
    let webhook = shared.lock().bots.get(&bot).and_then(|data| data.webhook.clone());
    if let Some(webhook) = webhook {
        tokio::spawn(deliver(Arc::clone(shared), bot, webhook));
    }
}

/// Updates of one lane wait for each other; a lane that failed waits for its next try.
type Lane = (bool, i64);

#[derive(Default)]
struct Progress {
    flying: HashSet<i64>,
    busy: HashSet<Lane>,
    failed: HashMap<Lane, (u32, DateTime<Utc>)>,
}

struct Posted {
    id: i64,
    lane: Lane,
    outcome: Result<Option<Value>, (String, Option<i64>)>,
}

async fn deliver(shared: Arc<Shared>, bot: i64, webhook: Webhook) {
    let mut progress = Progress::default();
    let mut posts: JoinSet<Posted> = JoinSet::new();
    let mut stop = shared.stop.subscribe();
    let wake = match shared.lock().bots.get(&bot) {
        Some(data) => Arc::clone(&data.wake),
        None => return,
    };
    loop {
        let notified = wake.notified();
        tokio::pin!(notified);
        notified.as_mut().enable();
        let Some(due) = due(&mut shared.lock(), bot, &webhook, &mut progress) else { return };
        for (id, lane, body) in due {
            posts.spawn(post(shared.client.clone(), webhook.clone(), id, lane, body));
        }
        tokio::select! {
            () = &mut notified => {}
            Some(Ok(posted)) = posts.join_next(), if !posts.is_empty() => finish(&shared, bot, &webhook, &mut progress, posted),
            () = tokio::time::sleep(LOOK), if !progress.failed.is_empty() => {}
            _ = stop.changed() => return,
        }
    }
}

/// What can be posted now; `None` once the webhook was replaced.
fn due(
    state: &mut State,
    bot: i64,
    webhook: &Webhook,
    progress: &mut Progress,
) -> Option<Vec<(i64, Lane, Bytes)>> {
    let now = state.now();
    let data = state.bots.get_mut(&bot)?;
    if data.webhook.as_ref().map(|current| current.serial) != Some(webhook.serial) {
        return None;
    }
    data.prune(now);
    let scramble = data.scramble;
    let mut order: Vec<usize> = Vec::new();
    if scramble.is_some_and(|scramble| scramble.shuffle) {
        order.extend(0..data.queue.len());
        crate::updates::shuffle(&mut order, &mut state.rng);
    }
    let mut due = Vec::new();
    for n in 0..data.queue.len() {
        let at = order.get(n).copied().unwrap_or(n);
        if progress.flying.len() >= webhook.max_connections {
            break;
        }
        let pending = &data.queue[at];
        let lane = pending.lane;
        let waits = progress.failed.get(&lane).is_some_and(|(_, next)| *next > now);
        if progress.flying.contains(&pending.id)
            || waits
            || (progress.busy.contains(&lane) && scramble.is_none())
        {
            continue;
        }
        progress.flying.insert(pending.id);
        progress.busy.insert(lane);
        due.push((pending.id, lane, pending.body.clone()));
    }
    Some(due)
}

async fn post(client: reqwest::Client, webhook: Webhook, id: i64, lane: Lane, body: Bytes) -> Posted {
    let mut request = client.post(&webhook.url).header("Content-Type", "application/json").body(body);
    if let Some(secret) = &webhook.secret {
        request = request.header("X-Telegram-Bot-Api-Secret-Token", secret);
    }
    let outcome = match request.send().await {
        Err(error) => Err((error.to_string(), None)),
        Ok(response) if response.status().is_success() => {
            let body = response.bytes().await.unwrap_or_default();
            Ok(serde_json::from_slice::<Value>(&body).ok().filter(|value| value["method"].is_string()))
        }
        Ok(response) => {
            let retry = response.headers().get("Retry-After").and_then(|value| value.to_str().ok());
            let retry = retry.and_then(|value| value.parse().ok());
            let status = response.status();
            let words = status.canonical_reason().unwrap_or_default();
            Err((format!("Wrong response from the webhook: {} {words}", status.as_u16()), retry))
        }
    };
    Posted { id, lane, outcome }
}

/// Seconds until the next try: at once, then 2, 4, 8 … 60.
fn back_off(failures: u32) -> i64 {
    if failures <= 1 { 0 } else { (1_i64 << (failures - 1).min(6)).min(60) }
}

fn finish(shared: &Arc<Shared>, bot: i64, webhook: &Webhook, progress: &mut Progress, posted: Posted) {
    progress.flying.remove(&posted.id);
    progress.busy.remove(&posted.lane);
    match posted.outcome {
        Ok(reply) => {
            progress.failed.remove(&posted.lane);
            shared.change(|state| delivered(state, bot, posted.id));
            if let Some(reply) = reply {
                reply_call(shared, bot, reply);
            }
        }
        Err((words, retry_after)) => {
            let mut state = shared.lock();
            let now = state.now();
            let failures = progress.failed.get(&posted.lane).map_or(1, |(failures, _)| failures + 1);
            let wait = retry_after.unwrap_or_else(|| back_off(failures)).max(back_off(failures));
            progress.failed.insert(posted.lane, (failures, now + TimeDelta::seconds(wait)));
            let current = state.bots.get_mut(&bot).and_then(|data| data.webhook.as_mut());
            if let Some(current) = current.filter(|current| current.serial == webhook.serial) {
                current.last_error = Some((now.timestamp(), words));
            }
        }
    }
}

fn delivered(state: &mut State, bot: i64, id: i64) {
    let Some(data) = state.bots.get_mut(&bot) else { return };
    let Some(at) = data.queue.iter().position(|pending| pending.id == id) else { return };
    if data.queue[at].repeats > 0 {
        data.queue[at].repeats -= 1;
    } else {
        data.queue.remove(at);
        data.confirmed.push(id);
    }
}

/// A method given in the answer to an update is carried out; its outcome stays unknown to the bot.
fn reply_call(shared: &Arc<Shared>, bot: i64, reply: Value) {
    let Value::Object(mut map) = reply else { return };
    let Some(Value::String(name)) = map.remove("method") else { return };
    let Some(method) = schema::method(&name) else {
        shared.lock().violation(&name, "the sandbox does not know this method");
        return;
    };
    let mut params = Params::from_map(map);
    match params.fit(method) {
        Ok(()) => drop(perform(shared, bot, method, params)),
        Err(problem) => shared.lock().violation(method.name, problem.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::back_off;

    #[test]
    fn the_first_retry_is_at_once_then_it_doubles_to_a_minute() {
        assert_eq!((1..9).map(back_off).collect::<Vec<_>>(), [0, 2, 4, 8, 16, 32, 60, 60]);
    }
}
