//! Updates by long polling.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::watch;

use super::{read, take};
use crate::chat::{Chat, Poll, SendError};
use crate::domain::message::Time;
use crate::engine::{Engine, Taken, Update};
use crate::loops::lease::Lease;
use crate::store::{Result, inbox};

/// How long Telegram may wait for an update.
const LONG_POLL: Duration = Duration::from_secs(50);
/// The most updates of one poll.
const MOST: u8 = 100;
/// Presses live 150 s at the server: after a longer outage some may be lost without a trace (R18).
const GAP: TimeDelta = TimeDelta::seconds(120);
/// How often it is noted that polling works.
const NOTE_EVERY: Duration = Duration::from_secs(20);
/// After a week without updates the numbers start anywhere: the old offset means nothing then.
const NUMBERS_LIVE: TimeDelta = TimeDelta::days(6);
/// The longest pause after failures.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Hears how each poll went: `None` for well.
pub type Report = Arc<dyn Fn(Option<&SendError>) + Send + Sync>;

/// What a poller is made of.
pub struct PollerParts {
    /// The bot's account.
    pub bot: i64,
    /// The way to Telegram.
    pub chat: Arc<dyn Chat>,
    /// The right to poll for this bot.
    pub lease: Lease,
    /// Told how each poll went: `None` for well, otherwise why not.
    pub report: Report,
}

/// The poller of one bot.
pub struct Poller {
    parts: PollerParts,
    engine: Engine,
    offset: i64,
    limit: u8,
    failures: u32,
    /// When a poll last succeeded: clocks that are set make no outage.
    answered_at: Option<Duration>,
    /// When an update last came, by the wall.
    updated_at: Option<Time>,
    noted_at: Option<Duration>,
    /// One line for a conflict, not one for every try.
    told_conflict: bool,
}

/// What a step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Polled {
    /// Updates were taken.
    Took(Taken),
    /// There were none.
    Nothing,
    /// It failed, or another process polls: not again before so much time has passed.
    Wait(Duration),
}

impl Poller {
    /// A poller that asks for whatever is not confirmed.
    pub fn new(engine: Engine, parts: PollerParts) -> Self {
        Self {
            parts,
            engine,
            offset: 0,
            limit: MOST,
            failures: 0,
            answered_at: None,
            updated_at: None,
            noted_at: None,
            told_conflict: false,
        }
    }

    /// Polls once, waiting at the server for at most `timeout`, and takes what comes.
    ///
    /// # Errors
    /// When the database cannot be reached: nothing was taken, and the next poll brings the same again.
    pub async fn step(&mut self, timeout: Duration) -> Result<Polled> {
        if !self.parts.lease.hold().await? {
            return Ok(Polled::Wait(Duration::from_secs(1)));
        }
        let answer = self.ask(timeout).await;
        self.receive(answer).await
    }

    /// Runs until `stop` says so. A poll that waits is broken off; updates in hand are taken first.
    ///
    /// # Errors
    /// When the database cannot be reached: whoever runs it starts it again.
    pub async fn run(&mut self, stop: &mut watch::Receiver<bool>) -> Result<()> {
        while !*stop.borrow_and_update() {
            let polled = if self.parts.lease.hold().await? {
                let answer = tokio::select! {
                    answer = self.ask(LONG_POLL) => answer,
                    _ = stop.changed() => continue,
                };
                self.receive(answer).await?
            } else {
                Polled::Wait(Duration::from_secs(1))
            };
            if let Polled::Wait(time) = polled {
                tokio::select! {
                    () = self.engine.clock.sleep(time) => {}
                    _ = stop.changed() => {}
                }
            }
        }
        self.parts.lease.release().await
    }

    async fn ask(&self, timeout: Duration) -> std::result::Result<Vec<Vec<u8>>, SendError> {
        // A lease is renewed between polls: on PostgreSQL none may last as long as the lease.
        let timeout = if self.parts.lease.is_row() { timeout.min(Duration::from_secs(3)) } else { timeout };
        self.parts.chat.updates(Poll { offset: self.offset, limit: self.limit, timeout }).await
    }

    async fn receive(&mut self, answer: std::result::Result<Vec<Vec<u8>>, SendError>) -> Result<Polled> {
        match answer {
            Ok(raws) => {
                (self.parts.report)(None);
                if std::mem::take(&mut self.failures) > 0 {
                    tracing::info!("updates are polled again");
                }
                self.told_conflict = false;
                let was = self.answered_at;
                let polled = self.take(raws).await?;
                self.note(was).await?;
                Ok(polled)
            }
            Err(error) => {
                (self.parts.report)(Some(&error));
                Ok(Polled::Wait(self.failed(&error).await))
            }
        }
    }

    async fn take(&mut self, raws: Vec<Vec<u8>>) -> Result<Polled> {
        let now = self.engine.now();
        if raws.is_empty() {
            if self.updated_at.is_some_and(|at| now - at > NUMBERS_LIVE) {
                self.offset = 0;
            }
            return Ok(Polled::Nothing);
        }
        let arrived = self.engine.clock.elapsed();
        let updates: Vec<Update> = raws.into_iter().map(|raw| read(self.parts.bot, raw)).collect();
        let taken = take(&self.engine, &updates, updates.iter().map(|_| arrived)).await?;
        if let Some(last) = updates.iter().map(|update| update.id).filter(|id| *id >= 0).max() {
            self.offset = last + 1;
        }
        self.limit = MOST;
        self.updated_at = Some(now);
        Ok(Polled::Took(taken))
    }

    /// Notes that polling works; after an outage says so first. `was` is when it worked last, in this process.
    async fn note(&mut self, was: Option<Duration>) -> Result<()> {
        let (now, elapsed) = (self.engine.now(), self.engine.clock.elapsed());
        self.answered_at = Some(elapsed);
        let was = was.map(|was| now - TimeDelta::from_std(elapsed.saturating_sub(was)).unwrap_or_default());
        let is_due = self.noted_at.is_none_or(|at| elapsed >= at + NOTE_EVERY);
        let gap_in_process = was.is_some_and(|was| now - was > GAP);
        if !is_due && !gap_in_process {
            return Ok(());
        }
        let mut tx = self.engine.db.begin().await?;
        let before = match was {
            Some(was) => Some(was),
            None => inbox::offset(&mut tx, self.parts.bot).await?.map(|(_, polled_at)| polled_at),
        };
        inbox::move_offset(&mut tx, self.parts.bot, self.offset, now).await?;
        tx.commit().await?;
        self.noted_at = Some(elapsed);
        match before {
            Some(before) if now - before > GAP => self.engine.after_gap(self.parts.bot, before).await,
            _ => Ok(()),
        }
    }

    async fn failed(&mut self, error: &SendError) -> Duration {
        self.failures = self.failures.saturating_add(1);
        let pause = Duration::from_millis(500 << self.failures.min(6)).min(LONGEST_PAUSE);
        match error {
            SendError::Conflict { description } if description.contains("webhook") => {
                tracing::info!(
                    "a webhook is set for this bot: it is taken away, because updates = \"polling\""
                );
                match self.parts.chat.delete_webhook().await {
                    Ok(()) => Duration::ZERO,
                    Err(error) => {
                        tracing::warn!(%error, "the webhook cannot be taken away");
                        pause
                    }
                }
            }
            SendError::Conflict { .. } => {
                if !self.told_conflict {
                    tracing::error!(
                        "another program polls with this bot's token: stop it, or give this one a token of its own"
                    );
                    self.told_conflict = true;
                }
                Duration::from_secs(5)
            }
            SendError::RetryAfter { seconds } => Duration::from_secs(*seconds),
            // One update that cannot be read spoils the answer: asked for one by one, it shows.
            SendError::Unclear(why) if why.contains("cannot be read") && self.limit > 1 => {
                self.limit = 1;
                Duration::ZERO
            }
            error => {
                // Told less and less often: an outage may last for hours.
                if self.failures.is_power_of_two() {
                    let bot = self.engine.name_of_bot(self.parts.bot);
                    tracing::warn!(bot, %error, tries = self.failures, "updates cannot be polled");
                }
                pause
            }
        }
    }
}
