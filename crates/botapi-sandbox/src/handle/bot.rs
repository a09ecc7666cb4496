//! Bots, their updates, limits and faults.

use axum::body::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::Sandbox;
use crate::faults::{Fault, FaultId};
use crate::limits::{Limiter, Limits};
use crate::model::{AccountData, BotData, Scramble};

/// A bot and its token.
#[derive(Clone, Debug)]
pub struct Bot {
    sandbox: Sandbox,
    id: i64,
    token: String,
    username: String,
}

impl Bot {
    /// The bot's account.
    pub fn id(&self) -> i64 {
        self.id
    }

    /// What its calls carry in their path.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// Without `@`.
    pub fn username(&self) -> &str {
        &self.username
    }

    /// `can_read_all_group_messages`: switches privacy mode off.
    pub fn reads_all(&self, on: bool) -> &Self {
        self.sandbox.change(|state| {
            if let Some(data) = state.bots.get_mut(&self.id) {
                data.reads_all = on;
            }
        });
        self
    }

    /// Gives out the next updates repeatedly and in random order; `None` ends it.
    pub fn scramble(&self, scramble: Option<Scramble>) {
        self.sandbox.change(|state| {
            if let Some(data) = state.bots.get_mut(&self.id) {
                data.scramble = scramble;
            }
        });
    }

    /// Numbers the next updates from here, as Telegram may after a week without any.
    pub fn next_update_id(&self, id: i64) {
        self.sandbox.change(|state| {
            if let Some(data) = state.bots.get_mut(&self.id) {
                data.next_update = id;
            }
        });
    }

    /// A link that starts the bot in private with this payload.
    pub fn start_link(&self, payload: &str) -> String {
        format!("https://t.me/{}?start={payload}", self.username)
    }
}

impl Sandbox {
    /// Registers a bot. Its username must not be taken.
    #[track_caller]
    pub fn add_bot(&self, username: &str, name: &str) -> Bot {
        let id = self.act(|state| {
            let id = 5_000_000_000 + state.fresh_id();
            let token = format!("{id}:sandbox-{username}");
            state.add_account(AccountData {
                id,
                is_bot: true,
                first_name: name.to_owned(),
                last_name: None,
                username: Some(username.to_owned()),
                language: None,
                phone: None,
                about: None,
                deleted: false,
            })?;
            state.tokens.insert(token.clone(), id);
            state.bots.insert(id, new_bot(token));
            Ok(id)
        });
        self.bot(id)
    }

    /// A bot registered before.
    #[track_caller]
    pub fn bot(&self, id: i64) -> Bot {
        let (token, username) = self.look(|state| {
            let token = state.bots.get(&id).map(|data| data.token.clone());
            let username = state.accounts.get(&id).and_then(|account| account.username.clone());
            (token, username)
        });
        let Some(token) = token else { panic!("there is no bot {id}") };
        Bot { sandbox: self.clone(), id, token, username: username.unwrap_or_default() }
    }

    /// Registers a token of one's own choice for a bot, as after revoking the old one.
    pub fn replace_token(&self, bot: &Bot, token: &str) -> Bot {
        self.change(|state| {
            state.tokens.retain(|_, id| *id != bot.id());
            state.tokens.insert(token.to_owned(), bot.id());
            if let Some(data) = state.bots.get_mut(&bot.id()) {
                data.token = token.to_owned();
            }
        });
        self.bot(bot.id())
    }

    /// Changes the limits from now on.
    pub fn set_limits(&self, limits: Limits) {
        self.change(|state| state.limits = limits);
    }

    /// Changes how long after a press the bot can answer it.
    pub fn set_answer_within(&self, time: TimeDelta) {
        self.change(|state| state.answer_within = time);
    }

    /// Adds a fault; the first rule that matches a call and is drawn decides.
    pub fn fault(&self, rule: Fault) -> FaultId {
        self.change(|state| state.faults.add(rule))
    }

    /// Takes one fault away; what it froze thaws when its time is over.
    pub fn remove_fault(&self, id: FaultId) {
        self.change(|state| state.faults.remove(id));
    }

    /// Takes all faults and freezes away.
    pub fn clear_faults(&self) {
        self.change(|state| state.faults.clear());
    }

    /// Refuses this share of new connections: for that share of the time nobody listens, with 1 at all. While it is above
    /// 0 every answer closes its connection, so that each call meets it; no call that came in is broken off.
    pub fn refuse_connections(&self, share: f64) {
        self.shared().refusals.set(share);
    }

    /// Queues an update of any shape; `update_id` is set unless given. Returns its id.
    #[track_caller]
    pub fn inject_update(&self, bot: &Bot, update: Value) -> i64 {
        let Value::Object(mut update) = update else { panic!("an update is an object") };
        self.change(|state| {
            let next = state.bots.get(&bot.id()).map_or(1, |data| data.next_update);
            let id = update.get("update_id").and_then(Value::as_i64).unwrap_or(next);
            update.entry("update_id").or_insert_with(|| id.into());
            let kind = update.keys().find(|key| *key != "update_id").cloned().unwrap_or_default();
            let chat = update.get(&kind).and_then(|body| body["chat"]["id"].as_i64()).unwrap_or_default();
            let body = Bytes::from(Value::Object(update).to_string());
            state.enqueue(bot.id(), id, &kind, (false, chat), body, false);
            id
        })
    }

    /// Queues bytes that may be no JSON at all. They are given out once, in place of an update.
    pub fn inject_bytes(&self, bot: &Bot, bytes: impl Into<Vec<u8>>) {
        let body = Bytes::from(bytes.into());
        self.change(|state| {
            let id = state.bots.get(&bot.id()).map_or(1, |data| data.next_update);
            state.enqueue(bot.id(), id, "raw", (false, -id), body, true);
        });
    }

    /// Updates that wait for the bot.
    pub fn pending_updates(&self, bot: &Bot) -> usize {
        self.change(|state| {
            let now = state.now();
            state.bots.get_mut(&bot.id()).map_or(0, |data| {
                data.prune(now);
                data.queue.len()
            })
        })
    }

    /// Numbers of the updates that the bot confirmed, by a higher offset or an answer 2xx: it has heard of them, and they
    /// are not given out again.
    pub fn confirmed_updates(&self, bot: &Bot) -> Vec<i64> {
        self.look(|state| state.bots.get(&bot.id()).map_or_else(Vec::new, |data| data.confirmed.clone()))
    }

    /// Kinds of the waiting updates, in order.
    pub fn pending_kinds(&self, bot: &Bot) -> Vec<String> {
        self.look(|state| {
            state
                .bots
                .get(&bot.id())
                .map_or_else(Vec::new, |data| data.queue.iter().map(|p| p.kind.clone()).collect())
        })
    }

    /// The URL set by `setWebhook`, if one is.
    pub fn webhook(&self, bot: &Bot) -> Option<String> {
        self.look(|state| state.bots.get(&bot.id())?.webhook.as_ref().map(|webhook| webhook.url.clone()))
    }
}

fn new_bot(token: String) -> BotData {
    BotData {
        token,
        reads_all: false,
        queue: std::collections::VecDeque::new(),
        next_update: 100_000_001,
        allowed: Vec::new(),
        wake: std::sync::Arc::default(),
        poll: 0,
        terminated_by: "",
        last_poll: None,
        webhook: None,
        scramble: None,
        limiter: Limiter::default(),
        confirmed: Vec::new(),
        settings: std::collections::HashMap::new(),
        next_expiry: DateTime::<Utc>::MAX_UTC,
    }
}
