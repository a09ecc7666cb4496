//! Faults on demand: which calls fail, and how.

use std::collections::HashSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use rand::RngExt;
use rand::rngs::StdRng;

use crate::handle::Bot;

/// How widely a 429 freezes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The chat of the call that met it.
    Chat,
    /// Every call of the bot that the rule's methods match.
    All,
}

/// What happens to a call that a rule matches.
#[derive(Clone, Debug)]
pub enum Effect {
    /// An error with Telegram's JSON (500 Internal Server Error, 502 Bad Gateway, 504 Gateway Timeout); nothing is done.
    Status(u16),
    /// 200 with half a JSON object; nothing is done.
    BrokenJson,
    /// A page of HTML with this status, as a proxy sends; nothing is done.
    Html(u16),
    /// The call is carried out and answered after this real time.
    Delay(Duration),
    /// 429, and the scope stays frozen for `retry_after` seconds of the sandbox's clock.
    TooManyRequests {
        /// Seconds.
        retry_after: i64,
        /// How widely.
        scope: Scope,
    },
    /// The connection is closed without an answer; nothing is done.
    ResetBefore,
    /// The call takes effect, then the connection is closed without an answer.
    ResetAfter,
    /// The call takes effect and is never answered.
    SilenceAfter,
    /// 401, as after the token was revoked.
    Unauthorized,
}

/// A rule: which calls, how often, what happens.
#[derive(Clone, Debug)]
pub struct Fault {
    methods: HashSet<String>,
    chats: HashSet<i64>,
    bots: HashSet<i64>,
    probability: f64,
    remaining: Option<u64>,
    skip: u64,
    from: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
    pub(crate) effect: Effect,
}

/// Sends and edits: what Telegram's limits count.
pub const COUNTED: [&str; 11] = [
    "sendMessage",
    "sendPhoto",
    "sendDocument",
    "sendMediaGroup",
    "sendLocation",
    "sendContact",
    "copyMessage",
    "forwardMessage",
    "editMessageText",
    "editMessageCaption",
    "editMessageReplyMarkup",
];

impl Fault {
    /// On calls of these methods; on every method if none is named.
    pub fn on(methods: &[&str], effect: Effect) -> Self {
        Self {
            methods: methods.iter().map(|name| name.to_ascii_lowercase()).collect(),
            chats: HashSet::new(),
            bots: HashSet::new(),
            probability: 1.0,
            remaining: None,
            skip: 0,
            from: None,
            until: None,
            effect,
        }
    }

    /// On every method.
    pub fn any(effect: Effect) -> Self {
        Self::on(&[], effect)
    }

    /// On sends and edits.
    pub fn sends(effect: Effect) -> Self {
        Self::on(&COUNTED, effect)
    }

    /// Only calls that name one of these chats.
    pub fn chats(mut self, chats: &[i64]) -> Self {
        self.chats.extend(chats);
        self
    }

    /// Only calls of this bot.
    pub fn bot(mut self, bot: &Bot) -> Self {
        self.bots.insert(bot.id());
        self
    }

    /// Only this share of the matching calls, drawn from the sandbox's seed.
    pub fn probability(mut self, share: f64) -> Self {
        self.probability = share;
        self
    }

    /// Only the first `n` matching calls.
    pub fn first(mut self, n: u64) -> Self {
        self.remaining = Some(n);
        self
    }

    /// Lets the first `n` matching calls pass.
    pub fn skip(mut self, n: u64) -> Self {
        self.skip = n;
        self
    }

    /// Only from `from` (included) to `until` (excluded), on the sandbox's clock.
    pub fn between(mut self, from: DateTime<Utc>, until: DateTime<Utc>) -> Self {
        self.from = Some(from);
        self.until = Some(until);
        self
    }

    fn names(&self, method: &str) -> bool {
        self.methods.is_empty() || self.methods.contains(method)
    }

    fn matches(&self, bot: i64, method: &str, chat: Option<i64>, now: DateTime<Utc>) -> bool {
        self.names(method)
            && (self.bots.is_empty() || self.bots.contains(&bot))
            && (self.chats.is_empty() || chat.is_some_and(|chat| self.chats.contains(&chat)))
            && self.from.is_none_or(|from| now >= from)
            && self.until.is_none_or(|until| now < until)
            && self.remaining != Some(0)
    }
}

/// Names a rule, to take it away again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FaultId(pub(crate) u64);

struct Freeze {
    rule: Fault,
    bot: i64,
    chat: Option<i64>,
    until: DateTime<Utc>,
}

/// The rules and what they froze.
#[derive(Default)]
pub(crate) struct Faults {
    rules: Vec<(FaultId, Fault)>,
    freezes: Vec<Freeze>,
    next: u64,
}

impl Faults {
    pub fn add(&mut self, rule: Fault) -> FaultId {
        self.next += 1;
        self.rules.push((FaultId(self.next), rule));
        FaultId(self.next)
    }

    pub fn remove(&mut self, id: FaultId) {
        self.rules.retain(|(known, _)| *known != id);
    }

    pub fn clear(&mut self) {
        self.rules.clear();
        self.freezes.clear();
    }

    /// The effect on this call, if any. `method` in lower case.
    pub fn plan(
        &mut self,
        rng: &mut StdRng,
        bot: i64,
        method: &str,
        chat: Option<i64>,
        now: DateTime<Utc>,
    ) -> Option<Effect> {
        if self.rules.is_empty() && self.freezes.is_empty() {
            return None;
        }
        if let Some(seconds) = self.frozen(bot, method, chat, now) {
            return Some(Effect::TooManyRequests { retry_after: seconds, scope: Scope::Chat });
        }
        let rule = self.draw(rng, (bot, method), chat, now)?;
        if let Effect::TooManyRequests { retry_after, scope } = &rule.effect {
            self.freezes.push(Freeze {
                bot,
                chat: chat.filter(|_| *scope == Scope::Chat),
                until: now + TimeDelta::seconds(*retry_after),
                rule: rule.clone(),
            });
        }
        Some(rule.effect)
    }

    fn draw(
        &mut self,
        rng: &mut StdRng,
        (bot, method): (i64, &str),
        chat: Option<i64>,
        now: DateTime<Utc>,
    ) -> Option<Fault> {
        for (_, rule) in &mut self.rules {
            if !rule.matches(bot, method, chat, now) {
                continue;
            }
            if rule.skip > 0 {
                rule.skip -= 1;
                continue;
            }
            if rule.probability < 1.0 && !rng.random_bool(rule.probability.max(0.0)) {
                continue;
            }
            rule.remaining = rule.remaining.map(|n| n - 1);
            return Some(rule.clone());
        }
        None
    }

    /// Seconds left of a freeze that covers this call.
    fn frozen(&mut self, bot: i64, method: &str, chat: Option<i64>, now: DateTime<Utc>) -> Option<i64> {
        self.freezes.retain(|freeze| freeze.until > now);
        let covering = self.freezes.iter().filter(|freeze| {
            freeze.bot == bot && freeze.rule.names(method) && (freeze.chat.is_none() || freeze.chat == chat)
        });
        covering.map(|freeze| ((freeze.until - now).num_milliseconds() + 999) / 1000).max()
    }
}
