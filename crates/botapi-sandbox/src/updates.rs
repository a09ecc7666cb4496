//! The queue of updates of each bot: filtering, expiry, confirmation, batches.

use axum::body::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use rand::RngExt;
use serde_json::Value;

use crate::model::*;
use crate::state::State;

/// Beyond this many waiting updates new ones are dropped.
const MOST_PENDING: usize = 100_000;

/// Kinds that only come when named in `allowed_updates`.
const ON_REQUEST: [&str; 3] = ["chat_member", "message_reaction", "message_reaction_count"];

impl State {
    /// Queues an update unless the bot did not ask for its kind. The body is the object under the kind's name.
    pub fn push_update(&mut self, bot: i64, kind: &str, lane: (bool, i64), body: &Value) {
        let Some(data) = self.bots.get(&bot) else { return };
        if !wants(&data.allowed, kind) {
            return;
        }
        let id = data.next_update;
        let bytes = Bytes::from(format!("{{\"update_id\":{id},\"{kind}\":{body}}}"));
        self.enqueue(bot, id, kind, lane, bytes, false);
    }

    pub(crate) fn enqueue(
        &mut self,
        bot: i64,
        id: i64,
        kind: &str,
        lane: (bool, i64),
        body: Bytes,
        raw: bool,
    ) {
        let now = self.now();
        let expires = now + lifetime(kind);
        let repeats = match self.bots.get(&bot).and_then(|data| data.scramble) {
            Some(scramble) if scramble.most_repeats > 1 => self.rng.random_range(0..scramble.most_repeats),
            _ => 0,
        };
        let Some(data) = self.bots.get_mut(&bot) else { return };
        data.next_update = data.next_update.max(id + 1);
        data.prune(now);
        if data.queue.len() >= MOST_PENDING {
            tracing::warn!(bot, "an update is dropped: too many are waiting");
            return;
        }
        data.next_expiry = data.next_expiry.min(expires);
        data.queue.push_back(Pending {
            id,
            kind: kind.to_owned(),
            lane,
            body,
            expires,
            raw,
            repeats,
            given: false,
        });
        data.wake.notify_waiters();
    }

    /// Confirms everything before `offset` and takes the next batch, as `getUpdates` does.
    pub fn batch(&mut self, bot: i64, offset: i64, limit: usize) -> Vec<Bytes> {
        let now = self.now();
        let Some(data) = self.bots.get_mut(&bot) else { return Vec::new() };
        data.prune(now);
        data.confirm(offset);
        let again = data
            .last_poll
            .is_some_and(|(last, at)| last == offset && now - at < TimeDelta::milliseconds(500));
        let limit = if again { 1 } else { limit };
        let mut bodies = Vec::new();
        for pending in data.queue.iter_mut().take(limit) {
            pending.given = true;
            bodies.push(pending.body.clone());
        }
        data.last_poll = (!bodies.is_empty()).then_some((offset, now));
        data.queue.retain(|pending| !(pending.raw && pending.given));
        if data.scramble.is_some_and(|scramble| scramble.shuffle) {
            shuffle(&mut bodies, &mut self.rng);
        }
        bodies
    }
}

pub(crate) fn shuffle<T>(items: &mut [T], rng: &mut rand::rngs::StdRng) {
    for at in (1..items.len()).rev() {
        items.swap(at, rng.random_range(0..=at));
    }
}

fn wants(allowed: &[String], kind: &str) -> bool {
    if allowed.is_empty() { !ON_REQUEST.contains(&kind) } else { allowed.iter().any(|name| name == kind) }
}

fn lifetime(kind: &str) -> TimeDelta {
    if kind == "callback_query" { TimeDelta::seconds(150) } else { TimeDelta::hours(24) }
}

impl BotData {
    /// Drops what expired.
    pub fn prune(&mut self, now: DateTime<Utc>) {
        if now < self.next_expiry {
            return;
        }
        self.queue.retain(|pending| pending.expires > now);
        self.next_expiry =
            self.queue.iter().map(|pending| pending.expires).min().unwrap_or(DateTime::<Utc>::MAX_UTC);
    }

    /// Forgets what lies before the offset; a negative one keeps that many from the end.
    fn confirm(&mut self, offset: i64) {
        if offset < 0 {
            let keep = usize::try_from(offset.unsigned_abs()).unwrap_or(usize::MAX);
            let gone = self.queue.len().saturating_sub(keep);
            self.queue.drain(..gone);
            return;
        }
        for pending in self.queue.iter_mut().filter(|pending| pending.id < offset && pending.given) {
            pending.given = false;
            pending.repeats = pending.repeats.wrapping_sub(1);
        }
        let plain = self.scramble.is_none();
        let stays = |pending: &Pending| pending.id >= offset || (!plain && pending.repeats < u32::MAX);
        self.confirmed.extend(self.queue.iter().filter(|pending| !stays(pending)).map(|pending| pending.id));
        self.queue.retain(stays);
    }
}
