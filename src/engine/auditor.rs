//! Looks for rows that somebody deleted by hand, tells the operator, and makes them anew where that is safe (R23).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono::TimeDelta;
use serde_json::json;

use super::{Engine, Work};
use crate::domain::message::{Class, Repeat, Time};
use crate::domain::outgoing::{Op, Outgoing};
use crate::store::auditor::{self as store, Call, Expecting, Unfinished, Unsent};
use crate::store::timers::{self, NewTimer, TimerKey};
use crate::store::{Result, Tx, directives, messages, outbox};

/// Ended calls are kept for longer: a message made since must have one.
const LOOKS_BACK: TimeDelta = TimeDelta::hours(47);
/// What was seen longer ago says nothing: meanwhile it may have ended and been cleaned up.
const REMEMBERS: TimeDelta = TimeDelta::hours(24);
/// How long a directive that is sent again is still worth sending.
const FRESH_FOR: TimeDelta = TimeDelta::days(2);
/// Steps come at most so long after the due; what is over long since needs no timer.
const AFTER_DUE: TimeDelta = TimeDelta::days(3);
/// Messages that must arrive. Reminders are not made anew: the next one mends it.
const MUST_ARRIVE: [&str; 7] = ["card", "part", "escalation", "duty", "review", "notice", "alert"];

/// Something that is missing in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// A timer that had not fired; it is set again.
    Timer { key: TimerKey, due_at: Time },
    /// The call that sends a message.
    Send { message: i64, kind: String, chat: i64, mended: bool },
    /// Another call.
    Call { op: String, chat: i64, mended: bool },
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fate = |mended: &bool| if *mended { "it is queued again" } else { "it is not made again" };
        match self {
            Self::Timer { key: (kind, subject, _, step), due_at } => write!(
                f,
                "a timer is missing: {kind} {step} of {subject}, due {}; it is set again",
                due_at.format("%Y-%m-%d %H:%M:%S UTC")
            ),
            Self::Send { message, kind, chat, mended } => write!(
                f,
                "a row of the outbox is missing: the {kind} {message} for chat {chat} was not sent; {}",
                fate(mended)
            ),
            Self::Call { op, chat, mended } => {
                write!(f, "a row of the outbox is missing: {op} for chat {chat}; {}", fate(mended))
            }
        }
    }
}

/// What the auditor saw when it looked last.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    seen: Option<(Time, Unfinished)>,
}

/// What is missing, and what of it can be made anew.
#[derive(Default)]
struct Found {
    timers: Vec<(TimerKey, Time)>,
    unsent: Vec<Unsent>,
    calls: Vec<Call>,
}

impl Found {
    fn is_empty(&self) -> bool {
        self.timers.is_empty() && self.unsent.is_empty() && self.calls.is_empty()
    }
}

impl Engine {
    /// Compares what is there with what must be there: a call for every unsent message, the timers of every open leg,
    /// and whatever was unfinished a minute ago. Returns what was missing; it is made anew where that is safe.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn mend_missing(&self, memory: &mut Memory) -> Result<Vec<Missing>> {
        let now = self.now();
        let before = memory.seen.take().filter(|(at, _)| now - *at < REMEMBERS).map(|(_, seen)| seen);
        let before = before.unwrap_or_default();
        let mut tx = self.db.read().await?;
        let found = self.look(&mut tx, &before, now).await?;
        drop(tx);
        let missing = if found.is_empty() { Vec::new() } else { self.mend(&before).await? };
        let mut tx = self.db.read().await?;
        memory.seen = Some((now, store::unfinished(&mut tx).await?));
        Ok(missing)
    }

    async fn look(&self, tx: &mut Tx, before: &Unfinished, now: Time) -> Result<Found> {
        let unsent = store::unsent(tx, &self.sealer, now - LOOKS_BACK).await?;
        let mut timers = missing_of_legs(tx, now).await?;
        timers.extend(missing_since(tx, before).await?);
        let ids: Vec<i64> = before.calls.keys().copied().collect();
        let there = store::calls_there(tx, &ids).await?;
        let told: BTreeSet<i64> = unsent.iter().map(|unsent| unsent.id).collect();
        let gone = before.calls.iter().filter(|(id, _)| !there.contains(id)).map(|(_, call)| call);
        let mut calls = Vec::new();
        for call in gone.filter(|call| call.message.is_none_or(|message| !told.contains(&message))) {
            if !store::was_erased(tx, call).await? {
                calls.push(call.clone());
            }
        }
        Ok(Found { timers: timers.into_iter().collect(), calls, unsent })
    }

    /// Looks once more when nobody else does, and makes anew what is missing.
    async fn mend(&self, before: &Unfinished) -> Result<Vec<Missing>> {
        let mut work = self.begin().await?;
        store::wait_for_turn(&mut work.tx).await?;
        let now = work.now;
        let found = self.look(&mut work.tx, before, now).await?;
        let missing = work.make_anew(found).await?;
        for missing in &missing {
            work.record(None, "auditor.missing", String::new(), json!({ "what": missing.to_string() }));
        }
        work.finish().await?;
        Ok(missing)
    }
}

/// The timers that open legs must have and have not.
async fn missing_of_legs(tx: &mut Tx, now: Time) -> Result<BTreeMap<TimerKey, Time>> {
    let legs = store::expecting(tx, now - AFTER_DUE).await?;
    let ids: Vec<i64> = legs.iter().map(|leg| leg.leg).collect();
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let there = store::timers_there(tx, &["step", "relay"], &ids).await?;
    let mut by_directive: BTreeMap<i64, Vec<Expecting>> = BTreeMap::new();
    for leg in legs {
        by_directive.entry(leg.directive).or_default().push(leg);
    }
    let mut missing = BTreeMap::new();
    for (directive, legs) in by_directive {
        let directive = directives::known(tx, directive).await?;
        let timers = legs.iter().flat_map(|leg| store::timers_of(&directive, leg));
        let keys = timers.map(|timer| (key(&timer), timer.due_at));
        missing.extend(keys.filter(|(key, _)| !there.contains(key)));
    }
    Ok(missing)
}

/// The timers that were seen a minute ago and are gone altogether.
async fn missing_since(tx: &mut Tx, before: &Unfinished) -> Result<BTreeMap<TimerKey, Time>> {
    let kinds: BTreeSet<&str> = before.timers.keys().map(|(kind, ..)| kind.as_str()).collect();
    let subjects: BTreeSet<i64> = before.timers.keys().map(|(_, subject, ..)| *subject).collect();
    let (kinds, subjects): (Vec<_>, Vec<_>) = (kinds.into_iter().collect(), subjects.into_iter().collect());
    let there = store::timers_there(tx, &kinds, &subjects).await?;
    let gone = before.timers.iter().filter(|(key, _)| !there.contains(*key));
    Ok(gone.map(|(key, due)| (key.clone(), *due)).collect())
}

fn key(timer: &NewTimer) -> TimerKey {
    (timer.kind.to_owned(), timer.subject, timer.version, timer.step)
}

impl Work<'_> {
    async fn make_anew(&mut self, found: Found) -> Result<Vec<Missing>> {
        let now = self.now;
        timers::set_again(&mut self.tx, &found.timers, now).await?;
        let mut missing: Vec<Missing> =
            found.timers.into_iter().map(|(key, due_at)| Missing::Timer { key, due_at }).collect();
        for unsent in found.unsent {
            let (message, kind, chat) = (unsent.id, unsent.kind.clone(), unsent.chat);
            let mended = self.send_anew(unsent).await?;
            missing.push(Missing::Send { message, kind, chat, mended });
        }
        for call in found.calls {
            let mended = self.edit_anew(&call).await?;
            missing.push(Missing::Call { op: call.op, chat: call.chat, mended });
        }
        Ok(missing)
    }

    /// Nobody knows whether it was under way when its row was deleted: it says that it may be a repeat.
    async fn send_anew(&mut self, unsent: Unsent) -> Result<bool> {
        let copied = unsent.letter.message == crate::domain::message::Message::Attachment;
        let stale_at = unsent.made_at + FRESH_FOR;
        if copied || stale_at <= self.now || !MUST_ARRIVE.contains(&unsent.kind.as_str()) {
            // It would be found again every minute.
            messages::forget(&mut self.tx, unsent.id).await?;
            return Ok(false);
        }
        let call = Outgoing {
            bot: unsent.bot,
            chat: unsent.chat,
            class: Class::Directive,
            repeat: Repeat::Marked,
            message: Some(unsent.id),
            op: Op::Send { letter: unsent.letter, reply_to: None, quiet: false },
            stale_at,
        };
        let now = self.now;
        outbox::enqueue_repeat(&mut self.tx, &self.engine.sealer, call, now).await?;
        Ok(true)
    }

    /// An edit shows what the message is to show now.
    async fn edit_anew(&mut self, call: &Call) -> Result<bool> {
        let Some(message) = call.message.filter(|_| call.op == "edit") else { return Ok(false) };
        let sealer = &self.engine.sealer;
        let Some(shown) = messages::by_id(&mut self.tx, sealer, message).await? else { return Ok(false) };
        let message = shown.letter.message.clone();
        self.show(&shown, Class::Count, message);
        Ok(true)
    }
}
