//! The courier: the one place from which anything is sent (invariants 2–4). It takes waiting rows of the outbox in the
//! order of their classes, fair between chats, marks them in flight, makes the calls inside Telegram's limits, and
//! finishes them by what came back.

mod call;
mod landing;
mod limiter;
mod pace;
mod paper;
mod pick;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::watch;
use tokio::task::{Id, JoinSet};

use self::call::{Answer, Call, Flight};
pub use self::landing::announce_metrics;
pub use self::limiter::Limits;
use self::limiter::{Limiter, Micros, Ready};
use self::paper::Desk;
use self::pick::Picker;
use super::lease::Lease;
use crate::chat::{Chat, SendError};
use crate::domain::fleet::BotTrouble;
use crate::domain::message::Time;
use crate::domain::outgoing::Op;
use crate::engine::Engine;
use crate::fault;
use crate::store::courier::{self as store, End, Ended, Marked};
use crate::store::fleet::Failing;
use crate::store::{Result, Tx, leases};
use crate::text::{Context, Texts};

/// Counted calls under way at once, at most.
const MOST_FLIGHTS: usize = 16;
/// Answers to presses under way at once, at most.
const MOST_ANSWERS: usize = 64;
/// How often the outbox is looked into when nothing wakes the courier: other processes queue, too.
const LOOK_AGAIN: Duration = Duration::from_millis(250);
/// A clock that is this far behind was set back.
const SET_BACK: TimeDelta = TimeDelta::seconds(2);
/// When a row that cannot be read is looked at again.
const UNREADABLE_AGAIN: TimeDelta = TimeDelta::seconds(30);
/// How often all classes are looked into while some are busy: another process may have queued something urgent.
const LOOK_WIDER: Duration = Duration::from_millis(50);
/// How often rows whose time is over are ended together.
const STALE_EVERY: Duration = Duration::from_secs(10);
/// A bot that Telegram asks to wait for longer than this cannot send.
const LONG_WAIT: Micros = 300 * limiter::SECOND;
/// How often what waits for a bot that cannot send is looked through for another way.
const DETOUR_EVERY: Duration = Duration::from_secs(5);
/// After so many calls in a row that found no server, the bot waits.
const OUTAGE: u32 = 5;

/// Couriers of this process so far: one that is started again judges what the one before it left in flight.
static COURIERS: AtomicU64 = AtomicU64::new(0);

/// What a step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// So many calls were finished; there may be more to do at once.
    Sent(usize),
    /// Nothing can be done before `until` (of `clock.elapsed()`), unless something is queued.
    Idle { until: Duration },
}

/// The ways of all bots of the service, by account.
pub type Fleet = Arc<HashMap<i64, Arc<dyn Chat>>>;

/// What a courier is made of.
pub struct Parts {
    /// The bot's account.
    pub bot: i64,
    /// Its username.
    pub username: String,
    /// The way to its chats.
    pub chat: Arc<dyn Chat>,
    /// The ways of all bots, by account: what one was shown it fetches for the others.
    pub fleet: Fleet,
    /// How messages become words.
    pub texts: Arc<Texts>,
    /// What may be sent.
    pub limits: Limits,
    /// The right to send for this bot.
    pub lease: Lease,
    /// This process, as leases name it; rows in flight add which courier of it.
    pub owner: String,
}

/// The sender of one bot.
pub struct Courier {
    parts: Parts,
    /// Who rows in flight belong to.
    tag: String,
    engine: Engine,
    limiter: Limiter,
    picker: Picker,
    calls: JoinSet<std::result::Result<Answer, SendError>>,
    flights: HashMap<Id, Flight>,
    wake: watch::Receiver<u64>,
    is_sender: bool,
    looked_at: Option<Duration>,
    stale_at: Duration,
    not_connected: u32,
    /// Calls in a row for which the token was not accepted.
    unauthorized: u32,
    /// The clocks as they were last looked at.
    looked_up: Option<(Time, Duration)>,
    /// Why the bot cannot send, where it cannot.
    trouble: Option<BotTrouble>,
    /// When that was told to the engine last.
    told_at: Option<Duration>,
}

impl Courier {
    /// A courier that has sent nothing yet.
    pub fn new(engine: Engine, parts: Parts) -> Self {
        Self {
            tag: format!("{}/{}", parts.owner, COURIERS.fetch_add(1, Ordering::Relaxed)),
            limiter: Limiter::new(parts.limits),
            picker: Picker::new(parts.bot),
            wake: engine.wake(),
            calls: JoinSet::new(),
            flights: HashMap::new(),
            is_sender: false,
            looked_at: None,
            stale_at: Duration::ZERO,
            not_connected: 0,
            unauthorized: 0,
            looked_up: None,
            trouble: None,
            told_at: None,
            parts,
            engine,
        }
    }

    /// Whether it may send: it holds the lease.
    pub fn is_sender(&self) -> bool {
        self.is_sender
    }

    /// Does what can be done now: finishes calls, starts new ones, waits for the first to come back.
    ///
    /// # Errors
    /// When the database cannot be reached; calls that came back meanwhile are judged as unclear by the next owner.
    pub async fn step(&mut self) -> Result<Step> {
        if !self.parts.lease.hold().await? {
            self.is_sender = false;
            return Ok(Step::Idle { until: self.engine.clock.elapsed() + Duration::from_secs(1) });
        }
        if !self.is_sender {
            self.take_over().await?;
            if !self.is_sender {
                return Ok(Step::Idle { until: self.engine.clock.elapsed() + LOOK_AGAIN });
            }
        }
        // A closed channel means that the engine is gone, and with it whoever could queue anything.
        if self.wake.has_changed().unwrap_or(false) {
            self.wake.mark_unchanged();
            self.picker.look_everywhere();
        }
        self.tell_trouble().await?;
        self.mind_the_clock().await?;
        let skipped = self.launch().await?;
        if self.calls.is_empty() {
            let until = self.next_look();
            return Ok(if skipped > 0 { Step::Sent(skipped) } else { Step::Idle { until } });
        }
        self.land(skipped).await
    }

    /// Runs until `stop` says so, then finishes what is in hand.
    ///
    /// # Errors
    /// When the database cannot be reached: whoever runs it starts it again.
    pub async fn run(&mut self, stop: &mut watch::Receiver<bool>) -> Result<()> {
        while !*stop.borrow_and_update() {
            let clock = self.engine.clock.clone();
            let until = match self.step().await {
                Ok(Step::Sent(_)) => continue,
                Ok(Step::Idle { until }) => until,
                // Calls under way are kept: dropping them would make their outcome unclear.
                Err(error) if error.is_passing() => {
                    tracing::warn!(%error, "sending waits for the database");
                    clock.elapsed() + LOOK_AGAIN
                }
                Err(error) => return Err(error),
            };
            let wait = until.saturating_sub(clock.elapsed()).min(LOOK_AGAIN);
            tokio::select! {
                () = clock.sleep(wait) => {}
                _ = self.wake.changed() => {}
                _ = stop.changed() => {}
            }
        }
        self.finish_in_hand().await
    }

    /// Waits for the calls under way and gives the lease back: nothing is left in flight.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn finish_in_hand(&mut self) -> Result<()> {
        while !self.calls.is_empty() {
            self.land(0).await?;
        }
        self.is_sender = false;
        self.parts.lease.release().await
    }

    /// Becomes the sender: what a dead process left in flight is judged, what it sent lately is remembered.
    async fn take_over(&mut self) -> Result<()> {
        let now = self.engine.now();
        let mut tx = self.engine.db.begin().await?;
        // A process that stood still since it took the lease would judge what its successor has in flight.
        if !self.holds_lease(&mut tx).await? {
            return Ok(());
        }
        let recent = store::recent(&mut tx, self.parts.bot, now - TimeDelta::seconds(61)).await?;
        store::set_back(&mut tx, self.parts.bot, now, Time::MAX_UTC).await?;
        let left = store::judge_left(&mut tx, self.parts.bot, &self.tag, now).await?;
        tx.commit().await?;
        if left > 0 {
            tracing::warn!(left, "calls of a process that died are judged as unclear");
        }
        self.limiter = Limiter::new(self.parts.limits);
        let here = self.micros();
        for sent in recent {
            let age = (now - sent.at).num_microseconds().unwrap_or(Micros::MAX).max(0);
            self.limiter.remember(sent.chat, here.saturating_sub(age));
        }
        let known = self.engine.trouble_of(self.parts.bot).await?;
        self.trouble = known.map(|known| known.why);
        if let Some(until) = known.and_then(|known| known.until) {
            let left = (until - now).num_microseconds().unwrap_or_default();
            self.limiter.pause(here.saturating_add(left));
        }
        self.is_sender = true;
        Ok(())
    }

    /// Whether the lease is held, proved in this transaction: nobody takes it over before the transaction ends.
    async fn holds_lease(&self, tx: &mut Tx) -> Result<bool> {
        let lease = &self.parts.lease;
        Ok(!lease.is_row() || leases::holds(tx, lease.name(), &self.parts.owner).await?)
    }

    /// Says that the bot cannot send, and from time to time again: what is queued meanwhile goes through other bots.
    async fn tell_trouble(&mut self) -> Result<()> {
        let now = self.engine.clock.elapsed();
        match self.trouble {
            Some(_) if self.told_at.is_some_and(|at| now < at + DETOUR_EVERY) => return Ok(()),
            None if self.told_at.is_none() => return Ok(()),
            Some(BotTrouble::Frozen) if self.limiter.frozen_until() <= self.micros() => self.trouble = None,
            Some(BotTrouble::Refused) if self.parts.chat.me().await.is_ok() => self.trouble = None,
            _ => {}
        }
        if let Some(why) = self.trouble {
            self.told_at = Some(now);
            let left = || TimeDelta::microseconds(self.limiter.frozen_until() - self.micros());
            let until = (why == BotTrouble::Frozen).then(|| self.engine.now() + left());
            return self.engine.bot_fails(Failing { bot: self.parts.bot, why, until }).await;
        }
        self.told_at = None;
        self.engine.bot_works(self.parts.bot).await
    }

    /// When somebody set the clock back, what waits for a moment by the old one would wait for as long again (R12).
    async fn mind_the_clock(&mut self) -> Result<()> {
        let (wall, elapsed) = (self.engine.now(), self.engine.clock.elapsed());
        let before = self.looked_up.replace((wall, elapsed));
        let Some((was_wall, was_elapsed)) = before else { return Ok(()) };
        let passed = TimeDelta::from_std(elapsed.saturating_sub(was_elapsed)).unwrap_or_default();
        if was_wall + passed - wall < SET_BACK {
            return Ok(());
        }
        tracing::warn!("the clock was set back: what waits is not held up by that");
        let mut tx = self.engine.db.begin().await?;
        store::set_back(&mut tx, self.parts.bot, wall, wall + TimeDelta::seconds(60)).await?;
        tx.commit().await?;
        self.picker.look_everywhere();
        Ok(())
    }

    fn micros(&self) -> Micros {
        Micros::try_from(self.engine.clock.elapsed().as_micros()).unwrap_or(Micros::MAX)
    }

    /// When to look again although nothing woke the courier.
    fn next_look(&self) -> Duration {
        let now = self.engine.clock.elapsed();
        let at = |micros: Micros| Duration::from_micros(u64::try_from(micros).unwrap_or(0));
        let slot = match self.limiter.bot_ready(self.micros()) {
            _ if self.flying() >= MOST_FLIGHTS => return now + LOOK_AGAIN,
            Ready::AfterCall => return now + LOOK_AGAIN,
            Ready::At(slot) => at(slot),
            Ready::Now => now,
        };
        let ready = match self.picker.next_ready() {
            _ if self.picker.has_more() => now,
            Some(ready) => at(ready),
            None => now + LOOK_AGAIN,
        };
        ready.max(slot).max(now + Duration::from_millis(1))
    }

    /// Calls under way that are no answers to presses.
    fn flying(&self) -> usize {
        self.flights.values().filter(|flight| flight.row.chat != 0).count()
    }

    /// Starts what may start. Returns how many rows ended without a call.
    async fn launch(&mut self) -> Result<usize> {
        let now = self.engine.clock.elapsed();
        let rows = self.pick().await?;
        let is_stale_turn = now >= self.stale_at;
        if rows.is_empty() && !is_stale_turn {
            return Ok(0);
        }
        let wall = self.engine.now();
        let mut tx = self.engine.db.begin().await?;
        if !self.holds_lease(&mut tx).await? {
            self.is_sender = false;
            return Ok(0);
        }
        let mut ended = 0;
        if is_stale_turn {
            self.stale_at = now + STALE_EVERY;
            ended += usize::try_from(store::drop_stale(&mut tx, self.parts.bot, wall).await?).unwrap_or(0);
        }
        let marked = store::mark(&mut tx, &self.tag, &rows, wall).await?;
        let (calls, uncalled) = self.prepare(&mut tx, marked, wall).await?;
        ended += uncalled.len();
        store::finish(&mut tx, &self.tag, &uncalled, wall).await?;
        tx.commit().await?;
        fault::passing("after_claim");
        let mut held_back = Vec::new();
        for (row, counts, call) in calls {
            if let Some(row) = self.start(row, counts, call) {
                let end = End::Again { not_before: wall, repeated: false, error: "lease".to_owned() };
                held_back.push(Ended { id: row.id, message: None, end });
            }
        }
        if !held_back.is_empty() {
            self.engine.settle(self.parts.bot, &self.tag, &held_back, &[]).await?;
        }
        Ok(ended)
    }

    /// The rows that may start now, without marking them.
    async fn pick(&mut self) -> Result<Vec<i64>> {
        let now = self.micros();
        if self.limiter.uncounted_ready(now) != Ready::Now {
            return Ok(Vec::new());
        }
        let others = self.flying();
        let answers = self.flights.len() - others;
        let wall = self.engine.now();
        let mut tx = self.engine.db.read().await?;
        let room = i64::try_from(MOST_ANSWERS.saturating_sub(answers)).unwrap_or(0);
        let mut rows = store::answers(&mut tx, self.parts.bot, wall, room).await?;
        if self.looked_at.is_none_or(|at| self.engine.clock.elapsed() >= at + LOOK_WIDER) {
            self.looked_at = Some(self.engine.clock.elapsed());
            self.picker.look_everywhere();
        }
        let room = MOST_FLIGHTS.saturating_sub(others).min(self.limiter.slots(now));
        rows.extend(self.picker.pick(&mut tx, &self.limiter, room, now, wall).await?);
        Ok(rows)
    }

    /// Turns marked rows into calls; those that need none are ended.
    async fn prepare(
        &self,
        tx: &mut Tx,
        marked: Vec<Marked>,
        now: Time,
    ) -> Result<(Vec<(Marked, bool, Call)>, Vec<Ended>)> {
        let (mut calls, mut ended, mut opened) = (Vec::new(), Vec::new(), Vec::new());
        for row in marked {
            match self.engine.sealer.open_json::<Op>(&row.body) {
                _ if row.stale_at <= now => ended.push(Ended { id: row.id, message: None, end: End::Stale }),
                Ok(op) => opened.push((row, op)),
                Err(error) => {
                    // A newer version may have written it: its process sends it when this one is replaced.
                    tracing::error!(row = row.id, %error, "a row of the outbox cannot be read by this version");
                    let not_before = now + UNREADABLE_AGAIN;
                    let end = End::Again { not_before, repeated: false, error: "unreadable".to_owned() };
                    ended.push(Ended { id: row.id, message: None, end });
                }
            }
        }
        let gone = store::unreachable(tx, opened.iter().map(|(row, _)| row.chat)).await?;
        let named = opened.iter().flat_map(|(row, op)| {
            let reply_to = if let Op::Send { reply_to, .. } = op { *reply_to } else { None };
            [row.message, reply_to].into_iter().flatten()
        });
        let sent = store::sent_as(tx, named).await?;
        for (row, op) in opened {
            if gone.contains(&row.chat) && op.counts() {
                let end = End::Failed { error: "unreachable".to_owned() };
                ended.push(Ended { id: row.id, message: row.message, end });
                continue;
            }
            let sent_as = |message| sent.get(&message).copied();
            let context = Context {
                handle: row.message.unwrap_or_default(),
                repeat: row.repeated,
                calendar: &self.engine.settings.calendar,
                now,
                bot_username: &self.parts.username,
            };
            match call::prepare((self.parts.bot, &row), &op, sent_as, &self.parts.texts, &context) {
                Ok(call) => calls.push((row, op.counts(), call)),
                Err(call::NoCall::NeverSent) if self.merge(tx, &row, &op).await? => {
                    ended.push(Ended { id: row.id, message: None, end: End::Done { sent: None } });
                }
                Err(reason) => ended.push(call::uncalled(&row, reason)),
            }
        }
        Ok((calls, ended))
    }

    /// Puts an edit into the send of the same message that waits again; `false` when there is none.
    async fn merge(&self, tx: &mut Tx, row: &Marked, op: &Op) -> Result<bool> {
        let (Some(message), Op::Edit { letter }) = (row.message, op) else { return Ok(false) };
        let Some((id, body)) = store::waiting_send(tx, message).await? else { return Ok(false) };
        let Op::Send { reply_to, quiet, .. } = self.engine.sealer.open_json(&body)? else { return Ok(false) };
        let merged = Op::Send { letter: letter.clone(), reply_to, quiet };
        store::set_body(tx, id, &self.engine.sealer.seal_json(&merged)).await?;
        Ok(true)
    }

    /// Makes a call; gives the row back when the lease is no longer trusted. It is trusted until a second before others
    /// may take it: a process that was stopped in between sends nothing.
    fn start(&mut self, row: Marked, counts: bool, call: Call) -> Option<Marked> {
        if !self.parts.lease.is_trusted() {
            self.is_sender = false;
            return Some(row);
        }
        let started = self.micros();
        if row.chat != 0 {
            self.limiter.start(row.chat, counts, started);
        }
        let desk = Desk {
            engine: self.engine.clone(),
            texts: self.parts.texts.clone(),
            fleet: self.parts.fleet.clone(),
        };
        let task = self.calls.spawn(call::make(self.parts.chat.clone(), desk, row.chat, call));
        self.flights.insert(task.id(), Flight { row, counts, started });
        None
    }
}
