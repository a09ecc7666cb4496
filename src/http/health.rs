//! Whether the service is ready: the database answers, and so has the Bot API a short while ago. Of several bots one
//! suffices: those that fail are named, and the others serve on.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::clock::SharedClock;
use crate::store::Db;

/// An answer of the Bot API older than this says nothing about now. Longer than a long poll.
const RECENT: Duration = Duration::from_secs(120);
/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// What is known of one bot's Bot API.
#[derive(Default)]
struct Answers {
    /// When it last answered, on the clock's `elapsed`.
    last: Option<Duration>,
    /// Why the calls after it failed.
    failure: Option<String>,
}

/// The state that `/readyz` tells. Whoever calls the Bot API notes here how it went.
pub struct Health {
    db: Db,
    clock: SharedClock,
    bots: Mutex<BTreeMap<String, Answers>>,
}

impl Health {
    /// Watches the database and the named bots.
    pub fn new<'a>(db: Db, clock: SharedClock, bots: impl IntoIterator<Item = &'a str>) -> Self {
        let bots = bots.into_iter().map(|name| (name.to_owned(), Answers::default())).collect();
        Self { db, clock, bots: Mutex::new(bots) }
    }

    /// Notes that the Bot API just answered for the bot of this name.
    pub fn answered(&self, bot: &str) {
        let now = self.clock.elapsed();
        self.note(bot, |answers| *answers = Answers { last: Some(now), failure: None });
    }

    /// Notes that a call for the bot of this name failed. `reason` is shown to the operator and holds no token.
    pub fn failed(&self, bot: &str, reason: impl Into<String>) {
        let reason = reason.into();
        self.note(bot, |answers| answers.failure = Some(reason));
    }

    /// Notes that the Bot API does not accept the token of the bot of this name: not ready from now on.
    pub fn refused(&self, bot: &str, reason: impl Into<String>) {
        let failure = Some(reason.into());
        self.note(bot, |answers| *answers = Answers { last: None, failure });
    }

    /// Whether nothing was heard of the bot's Bot API for this long.
    pub fn is_silent(&self, bot: &str, time: Duration) -> bool {
        let now = self.clock.elapsed();
        let bots = self.bots.lock().unwrap_or_else(PoisonError::into_inner);
        let last = bots.get(bot).and_then(|answers| answers.last);
        last.is_none_or(|last| now.saturating_sub(last) >= time)
    }

    fn note(&self, bot: &str, change: impl FnOnce(&mut Answers)) {
        let mut bots = self.bots.lock().unwrap_or_else(PoisonError::into_inner);
        change(bots.entry(bot.to_owned()).or_default());
    }

    /// Whether the service is ready.
    ///
    /// # Errors
    /// The reason why it is not, in words for the operator.
    pub async fn check(&self) -> Result<(), String> {
        let failing = self.failing();
        if failing.len() == self.count() {
            return Err(failing.join("; "));
        }
        tokio::select! {
            answer = self.ping() => answer,
            () = self.clock.sleep(PATIENCE) => Err("the database does not answer in time".to_owned()),
        }
    }

    async fn ping(&self) -> Result<(), String> {
        let failed = |error| format!("the database does not answer: {error}");
        self.db.read().await.map_err(failed)?.ping().await.map_err(failed)
    }

    fn count(&self) -> usize {
        self.bots.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// The bots for which the Bot API does not answer, each with the reason, in words for the operator.
    pub fn failing(&self) -> Vec<String> {
        let now = self.clock.elapsed();
        let bots = self.bots.lock().unwrap_or_else(PoisonError::into_inner);
        let is_recent =
            |answers: &Answers| answers.last.is_some_and(|last| now.saturating_sub(last) <= RECENT);
        let failing = bots.iter().filter(|(_, answers)| !is_recent(answers));
        let words = failing.map(|(name, answers)| {
            let reason =
                answers.failure.as_deref().unwrap_or("it has not answered yet or not for two minutes");
            format!("the Bot API does not answer for the bot {name}: {reason}")
        });
        words.collect()
    }
}
