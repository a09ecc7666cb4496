//! Use cases: load, decide, save, in one transaction. One file per use case; nothing here talks to
//! Telegram: what is to be said goes into the outbox.

mod ahead;
pub mod auditor;
mod binding;
mod checkin;
mod dialogue;
mod directive;
mod dispatch;
mod members;
mod outcome;
mod paper;
mod press;
mod privacy;
mod reading;
pub mod settings;
mod work;

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, RwLock};

use chrono::TimeDelta;
use sha2::{Digest, Sha256};
use tokio::sync::watch;

use crate::clock::SharedClock;
use crate::domain::incoming::Incoming;
use crate::domain::message::Time;
use crate::store::checkin::days::DayRules;
use crate::store::seal::{Sealer, hex};
use crate::store::{Db, Result, inbox, timers};

pub use outcome::Learnt;
pub use settings::Settings;
use work::Guard;
pub use work::Work;

/// A bot of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BotInfo {
    /// Telegram's user id of the bot.
    pub id: i64,
    /// Without the @.
    pub username: String,
    /// Codes of the units it serves; empty: all.
    pub units: Vec<String>,
}

/// An update as it arrived.
#[derive(Debug, Clone)]
pub struct Update {
    pub bot: i64,
    pub id: i64,
    /// `message`, `callback_query` …
    pub kind: String,
    /// The raw JSON; kept sealed when handling fails.
    pub raw: Vec<u8>,
    /// `None`: its shape is broken.
    pub incoming: Option<Incoming>,
}

/// What became of a batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Taken {
    /// Handled for the first time.
    pub fresh: usize,
    /// Known before.
    pub repeats: usize,
    /// Failed, and kept to be tried again.
    pub failed: usize,
}

/// Turns raw JSON back into an update when it is tried again.
pub type Parse = fn(&serde_json::Value) -> Option<Incoming>;

/// The use cases over one database. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    pub db: Db,
    pub sealer: Sealer,
    pub settings: Arc<Settings>,
    pub clock: SharedClock,
    bots: Arc<RwLock<Vec<BotInfo>>>,
    wake: Arc<watch::Sender<u64>>,
    /// What days run by: it never changes once a day is open, so it may be kept.
    days: Arc<RwLock<BTreeMap<i64, Arc<DayRules>>>>,
}

/// How many updates or timers share a transaction.
const BATCH: usize = 256;

impl Engine {
    /// An engine over an open database.
    pub fn new(db: Db, sealer: Sealer, settings: Settings, clock: SharedClock) -> Self {
        Self {
            db,
            sealer,
            settings: Arc::new(settings),
            clock,
            bots: Arc::default(),
            wake: Arc::new(watch::Sender::new(0)),
            days: Arc::default(),
        }
    }

    /// Tells which bots there are, once their names are known.
    pub fn set_bots(&self, bots: Vec<BotInfo>) {
        *self.bots.write().unwrap_or_else(std::sync::PoisonError::into_inner) = bots;
    }

    /// The bots there are.
    pub fn bots(&self) -> Vec<BotInfo> {
        self.bots.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// Changes after every commit that queued something to send or set a timer. A loop subscribes before
    /// it looks for work, so that no change between looking and waiting is missed.
    pub fn wake(&self) -> watch::Receiver<u64> {
        self.wake.subscribe()
    }

    /// The moment it is.
    pub fn now(&self) -> Time {
        self.clock.now()
    }

    /// Begins a transaction with everything a use case needs.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn begin(&self) -> Result<Work<'_>> {
        Ok(Work::new(self, self.db.begin().await?, self.now()))
    }

    /// Takes a batch of updates of one bot: when this returns `Ok`, they and their effects are durable
    /// and may be confirmed to Telegram. A repeat changes nothing; an update that fails is kept, sealed,
    /// and does not stop the others.
    ///
    /// # Errors
    /// When the database cannot be reached or another process was in the way: nothing was taken.
    pub async fn take(&self, updates: &[Update]) -> Result<Taken> {
        let mut taken = Taken::default();
        for batch in updates.chunks(BATCH) {
            let now = self.take_batch(batch).await?;
            taken.fresh += now.fresh;
            taken.repeats += now.repeats;
            taken.failed += now.failed;
        }
        Ok(taken)
    }

    /// Takes a batch at once; when one of it fails, all of it again with each behind a savepoint.
    async fn take_batch(&self, batch: &[Update]) -> Result<Taken> {
        match self.take_together(batch, Guard::Whole).await {
            Err(error) if !error.is_passing() => {
                tracing::debug!(%error, "an update of a batch failed: each is taken by itself");
                self.take_together(batch, Guard::Each).await
            }
            other => other,
        }
    }

    async fn take_together(&self, batch: &[Update], guard: Guard) -> Result<Taken> {
        let Some(first) = batch.first() else { return Ok(Taken::default()) };
        let mut work = self.begin().await?;
        let receipts: Vec<_> = batch
            .iter()
            .map(|update| inbox::Receipt {
                update_id: update.id,
                kind: &update.kind,
                hash: hex(&Sha256::digest(&update.raw)),
            })
            .collect();
        let now = work.now;
        let mut fresh: HashSet<i64> =
            inbox::note(&mut work.tx, first.bot, &receipts, now).await?.into_iter().collect();
        let mut taken = Taken { repeats: batch.len() - fresh.len(), ..Taken::default() };
        if guard == Guard::Whole {
            work.read_ahead(batch).await?;
        }
        for update in batch {
            // One batch may hold the same update twice.
            if fresh.remove(&update.id) {
                let handled = work.input(update, guard).await?;
                taken.fresh += usize::from(handled);
                taken.failed += usize::from(!handled);
            }
        }
        work.finish().await?;
        Ok(taken)
    }

    /// Tries failed updates again that are due for it; returns how many succeeded.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn retry_failed(&self, parse: Parse) -> Result<usize> {
        let mut work = self.begin().await?;
        let now = work.now;
        let due = inbox::due(&mut work.tx, &self.sealer, now, 64).await?;
        let mut done = 0;
        for failed in due {
            let incoming = serde_json::from_slice(&failed.payload).ok().and_then(|raw| parse(&raw));
            let (bot, id, kind, raw) = (failed.bot, failed.update_id, failed.kind, failed.payload);
            if work.input(&Update { bot, id, kind, raw, incoming }, Guard::Each).await? {
                inbox::done(&mut work.tx, bot, id).await?;
                done += 1;
            }
        }
        work.finish().await?;
        Ok(done)
    }

    /// Fires timers that are due, a batch in one transaction; returns how many. Call until it is 0.
    ///
    /// # Errors
    /// When the database cannot be reached or another process was in the way: nothing was fired.
    pub async fn fire_timers(&self) -> Result<usize> {
        let mut work = self.begin().await?;
        let now = work.now;
        let due = timers::claim(&mut work.tx, now, 128).await?;
        for timer in &due {
            work.timer(timer).await?;
        }
        work.finish().await?;
        Ok(due.len())
    }

    /// Whether anything waits to be sent, or is on its way.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn has_waiting(&self) -> Result<bool> {
        crate::store::outbox::has_waiting(&mut self.db.read().await?).await
    }

    /// When the next timer is due.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn next_timer(&self) -> Result<Option<Time>> {
        timers::next(&mut self.db.read().await?).await
    }
}

/// How long after a failure an input or timer is tried again.
const RETRY: TimeDelta = TimeDelta::seconds(30);
