//! Updates posted to a server of the test's own.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::world::World;

/// Time enough in real life.
const SOON: Duration = Duration::from_secs(20);

#[derive(Clone, Default)]
struct Hook {
    seen: Arc<Mutex<Vec<Value>>>,
    secrets: Arc<Mutex<Vec<String>>>,
    answers: Arc<Mutex<Vec<(StatusCode, String)>>>,
    changed: Arc<tokio::sync::Notify>,
}

async fn take(State(hook): State<Hook>, headers: HeaderMap, body: Bytes) -> Response {
    let update = serde_json::from_slice(&body).unwrap_or_else(|_| json!({ "broken": body.len() }));
    hook.seen.lock().unwrap().push(update);
    let secret =
        headers.get("X-Telegram-Bot-Api-Secret-Token").map(|value| value.to_str().unwrap().to_owned());
    hook.secrets.lock().unwrap().extend(secret);
    let answer = hook.answers.lock().unwrap().pop();
    hook.changed.notify_one();
    match answer {
        Some((status, body)) => (status, body).into_response(),
        None => StatusCode::OK.into_response(),
    }
}

impl Hook {
    async fn start() -> (Self, String) {
        let hook = Self::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
        let app = Router::new().fallback(take).with_state(hook.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        (hook, url)
    }

    fn answers(&self, status: u16, times: usize) {
        let answer = (StatusCode::from_u16(status).unwrap(), String::new());
        self.answers.lock().unwrap().extend(std::iter::repeat_n(answer, times));
    }

    async fn has_seen(&self, count: usize) -> Vec<Value> {
        let waiting = async {
            while self.seen.lock().unwrap().len() < count {
                self.changed.notified().await;
            }
        };
        tokio::time::timeout(SOON, waiting).await.expect("the updates came");
        self.seen.lock().unwrap().clone()
    }
}

fn texts(seen: &[Value]) -> Vec<&str> {
    seen.iter().filter_map(|update| update["message"]["text"].as_str()).collect()
}

#[tokio::test]
async fn updates_come_in_order_with_the_secret() {
    let world = World::new().await;
    let ada = world.sandbox.account("Ada");
    let (hook, url) = Hook::start().await;
    ada.writes_to(&world.bot, "before");
    world.ok("setWebhook", json!({ "url": url, "secret_token": "s-1", "max_connections": 4 })).await;
    for n in 0..20 {
        ada.writes_to(&world.bot, &n.to_string());
    }
    let seen = hook.has_seen(21).await;
    let expected: Vec<String> =
        std::iter::once("before".to_owned()).chain((0..20).map(|n| n.to_string())).collect();
    assert_eq!(texts(&seen), expected);
    assert!(hook.secrets.lock().unwrap().iter().all(|secret| secret == "s-1"));
    assert_eq!(hook.secrets.lock().unwrap().len(), 21);
    let conflict = world.refused("getUpdates", json!({})).await;
    assert!(
        conflict.starts_with("Conflict: can't use getUpdates method while webhook is active"),
        "{conflict}"
    );
    let info = world.ok("getWebhookInfo", json!({})).await;
    assert_eq!((info["url"].as_str(), info["max_connections"].as_i64()), (Some(url.as_str()), Some(4)));
    world.ok("deleteWebhook", json!({})).await;
    ada.writes_to(&world.bot, "after");
    assert_eq!(world.updates().await[0]["message"]["text"], "after");
}

#[tokio::test]
async fn a_failure_is_tried_at_once_then_after_two_and_four_seconds() {
    let world = World::new().await;
    let ada = world.sandbox.account("Ada");
    let (hook, url) = Hook::start().await;
    hook.answers(500, 3);
    world.ok("setWebhook", json!({ "url": url })).await;
    ada.writes_to(&world.bot, "first");
    ada.writes_to(&world.bot, "second");
    hook.has_seen(2).await;
    let mut seconds = 0;
    while hook.seen.lock().unwrap().len() < 5 {
        world.passes(TimeDelta::seconds(1));
        seconds += 1;
        // Whether the retry came already or needs another second is only known by waiting a little for it.
        drop(tokio::time::timeout(Duration::from_millis(30), hook.changed.notified()).await);
        assert!(seconds < 600, "the retries stopped");
    }
    assert!(seconds >= 6, "tried again after {seconds} s");
    assert_eq!(texts(&hook.has_seen(5).await), ["first", "first", "first", "first", "second"]);
    let info = world.ok("getWebhookInfo", json!({})).await;
    assert_eq!(info["last_error_message"], "Wrong response from the webhook: 500 Internal Server Error");
    let empty =
        world.sandbox.wait_for(SOON, |sandbox| (sandbox.pending_updates(&world.bot) == 0).then_some(()));
    assert!(empty.await.is_some());
}

#[tokio::test]
async fn an_answer_may_carry_a_method_and_bytes_may_be_broken() {
    let world = World::new().await;
    let ada = world.sandbox.account("Ada");
    let (hook, url) = Hook::start().await;
    let reply = json!({ "method": "sendMessage", "chat_id": ada.id(), "text": "at once" }).to_string();
    hook.answers.lock().unwrap().push((StatusCode::OK, reply));
    world.ok("setWebhook", json!({ "url": url })).await;
    ada.writes_to(&world.bot, "hello");
    let answered = world.sandbox.wait_for(SOON, |sandbox| sandbox.messages(ada.id()).get(1).cloned()).await;
    assert_eq!(answered.expect("answered").text, "at once");
    world.sandbox.inject_bytes(&world.bot, "{\"update");
    assert_eq!(hook.has_seen(2).await[1], json!({ "broken": 8 }));
}

#[tokio::test]
async fn presses_may_overtake_texts_when_scrambled() {
    let world = World::new().await;
    let ada = world.sandbox.account("Ada");
    let (hook, url) = Hook::start().await;
    world.bot.scramble(Some(botapi_sandbox::Scramble { most_repeats: 2, shuffle: true }));
    for n in 0..30 {
        ada.writes_to(&world.bot, &n.to_string());
    }
    world.ok("setWebhook", json!({ "url": url, "max_connections": 1 })).await;
    world.sandbox.wait_for(SOON, |sandbox| (sandbox.pending_updates(&world.bot) == 0).then_some(())).await;
    let seen = hook.has_seen(30).await;
    let mut distinct: Vec<i64> = seen.iter().filter_map(|update| update["update_id"].as_i64()).collect();
    assert!(distinct.len() > 30 && distinct.windows(2).any(|pair| pair[0] > pair[1]));
    distinct.sort_unstable();
    distinct.dedup();
    assert_eq!(distinct.len(), 30);
}
