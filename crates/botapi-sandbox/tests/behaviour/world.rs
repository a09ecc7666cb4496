//! A sandbox with one bot, a client and a clock that tests move.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use botapi_sandbox::{Bot, Builder, Limits, Sandbox};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

pub struct World {
    pub sandbox: Sandbox,
    pub bot: Bot,
    pub client: reqwest::Client,
    now: Arc<AtomicI64>,
}

/// A refusal: code, words, parameters.
#[derive(Debug, PartialEq)]
pub struct Refusal {
    pub code: i64,
    pub words: String,
    pub parameters: Value,
}

impl World {
    /// Without limits.
    pub async fn new() -> Self {
        Self::with(|builder| builder.limits(Limits::off())).await
    }

    pub async fn with(settings: impl FnOnce(Builder) -> Builder) -> Self {
        let now = Arc::new(AtomicI64::new(1_767_000_000_000));
        let clock = Arc::clone(&now);
        let builder = Sandbox::builder()
            .clock(move || DateTime::from_timestamp_millis(clock.load(Ordering::SeqCst)).expect("a time"))
            .seed(7);
        let sandbox = settings(builder).start().await.expect("a free port");
        let bot = sandbox.add_bot("relay_bot", "Relay");
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        Self { sandbox, bot, client, now }
    }

    pub fn passes(&self, time: TimeDelta) {
        self.now.fetch_add(time.num_milliseconds(), Ordering::SeqCst);
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.sandbox.now()
    }

    pub fn url(&self, method: &str) -> String {
        format!("{}/bot{}/{method}", self.sandbox.api_url(), self.bot.token())
    }

    pub async fn call(&self, method: &str, params: Value) -> Result<Value, Refusal> {
        let response = self.client.post(self.url(method)).json(&params).send().await.expect("an answer");
        let status = response.status().as_u16();
        let body: Value = response.json().await.expect("JSON");
        if body["ok"] == true {
            assert_eq!(status, 200);
            return Ok(body["result"].clone());
        }
        assert_eq!(body["error_code"], status);
        Err(Refusal {
            code: body["error_code"].as_i64().expect("a code"),
            words: body["description"].as_str().expect("words").to_owned(),
            parameters: body["parameters"].clone(),
        })
    }

    pub async fn ok(&self, method: &str, params: Value) -> Value {
        self.call(method, params).await.unwrap_or_else(|refusal| panic!("{method} was refused: {refusal:?}"))
    }

    pub async fn refused(&self, method: &str, params: Value) -> String {
        match self.call(method, params).await {
            Ok(result) => panic!("{method} was accepted: {result}"),
            Err(refusal) => refusal.words,
        }
    }

    /// Sends a text and returns the message's id.
    pub async fn send(&self, chat_id: i64, text: &str) -> i64 {
        self.ok("sendMessage", json!({ "chat_id": chat_id, "text": text })).await["message_id"]
            .as_i64()
            .expect("an id")
    }

    /// All waiting updates, confirmed.
    pub async fn updates(&self) -> Vec<Value> {
        let mut all = Vec::new();
        let mut offset = 0;
        loop {
            let batch = self.ok("getUpdates", json!({ "offset": offset })).await;
            let batch = batch.as_array().expect("a list").clone();
            let Some(last) = batch.iter().filter_map(|update| update["update_id"].as_i64()).max() else {
                return all;
            };
            offset = last + 1;
            all.extend(batch);
        }
    }

    /// Names the kinds of the waiting updates and confirms them.
    pub async fn kinds(&self) -> Vec<String> {
        let kind = |update: &Value| {
            let mut names = update.as_object().expect("an object").keys().filter(|key| *key != "update_id");
            names.next().expect("a kind").clone()
        };
        self.updates().await.iter().map(kind).collect()
    }

    /// Switches on the kinds that only come on request.
    pub async fn asks_for_all_kinds(&self) {
        let kinds = json!([
            "message",
            "edited_message",
            "channel_post",
            "callback_query",
            "my_chat_member",
            "chat_member",
            "message_reaction"
        ]);
        self.ok("getUpdates", json!({ "allowed_updates": kinds })).await;
    }
}
