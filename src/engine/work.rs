//! One transaction and what is to be said when it commits.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use serde_json::Value as Json;

use super::ahead::Ahead;
use super::{Engine, RETRY, Settings, Update, checkin, members};
use crate::domain::directive::Attachment;
use crate::domain::message::{Class, Letter, Locale, Message, Reader, Repeat, Time, Toast};
use crate::domain::outgoing::{Op, Outgoing};
use crate::domain::person::Actor;
use crate::store::checkin::units;
use crate::store::messages::NewMessage;
use crate::store::people::Addressee;
use crate::store::timers::{NewTimer, Timer};
use crate::store::{Result, Tx, audit, ids, inbox, messages, outbox, timers};

/// What an input or timer brings about beside rows of its own.
#[derive(Default)]
struct Effects {
    messages: Vec<NewMessage>,
    calls: Vec<Outgoing>,
    timers: Vec<NewTimer>,
    audit: Vec<audit::NewEntry>,
    /// Legs whose counts changed: one edit each at the end, however many presses there were.
    touched: BTreeSet<i64>,
    /// (day, unit): the people there stand otherwise than before; counted once at the end.
    recounts: BTreeSet<(i64, i64)>,
    /// Those of them that were counted: what shows who is missing there follows at the end.
    counted: BTreeSet<(i64, i64)>,
    /// People to be reminded in private, one message each at the end; `true`: urgent, not counted.
    nudges: BTreeMap<i64, bool>,
}

/// What is undone when an input fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Guard {
    /// The whole transaction: nearly always nothing fails, and savepoints cost two statements each.
    Whole,
    /// That input alone.
    Each,
}

/// How much of the effects was there before an input, to return to when it fails.
pub(super) struct Mark {
    messages: usize,
    calls: usize,
    timers: usize,
    audit: usize,
    touched: BTreeSet<i64>,
    recounts: BTreeSet<(i64, i64)>,
    nudges: BTreeMap<i64, bool>,
}

/// Where something is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct To {
    pub bot: i64,
    pub chat: i64,
    pub reader: Reader,
    pub locale: Locale,
}

/// How something is said.
#[derive(Debug, Clone, PartialEq)]
pub struct Manner {
    pub class: Class,
    pub repeat: Repeat,
    /// What is shown there: finds the message again.
    pub slot: String,
    pub kind: &'static str,
    pub subject: i64,
    /// The person whose presses alone it obeys; 0: whoever may.
    pub owner: i64,
    /// After this it is not sent any more.
    pub fresh_for: TimeDelta,
    /// How long its buttons mean something.
    pub lives: TimeDelta,
    /// `messages.id` of the message it replies to.
    pub reply_to: Option<i64>,
    /// Nobody's telephone rings for it.
    pub quiet: bool,
}

impl Manner {
    /// An answer to a person: first class, stale after ten minutes.
    pub fn answer() -> Self {
        Self {
            class: Class::Answer,
            repeat: Repeat::Marked,
            slot: String::new(),
            kind: "answer",
            subject: 0,
            owner: 0,
            fresh_for: TimeDelta::minutes(10),
            lives: TimeDelta::days(7),
            reply_to: None,
            quiet: false,
        }
    }

    /// Something about a directive that must arrive, in its class.
    pub fn directive(urgent: bool, slot: String, kind: &'static str, subject: i64) -> Self {
        Self {
            class: if urgent { Class::Urgent } else { Class::Directive },
            repeat: Repeat::Marked,
            slot,
            kind,
            subject,
            owner: 0,
            fresh_for: TimeDelta::days(2),
            lives: TimeDelta::days(90),
            reply_to: None,
            quiet: false,
        }
    }

    /// A reminder or notice: the next one mends it.
    pub fn reminder(slot: String, kind: &'static str, subject: i64) -> Self {
        Self {
            class: Class::Reminder,
            repeat: Repeat::Never,
            slot,
            kind,
            subject,
            owner: 0,
            fresh_for: TimeDelta::hours(2),
            lives: TimeDelta::days(30),
            reply_to: None,
            quiet: false,
        }
    }

    /// The same, but obeying one person only.
    pub fn owned_by(self, person: i64) -> Self {
        Self { owner: person, ..self }
    }

    /// The same, about something, found again by a slot.
    pub fn about(self, slot: String, kind: &'static str, subject: i64) -> Self {
        Self { slot, kind, subject, ..self }
    }
}

/// One transaction with the moment it happens at and everything it brings about.
pub struct Work<'e> {
    pub engine: &'e Engine,
    pub tx: Tx,
    pub now: Time,
    /// The bot whose update is handled; for timers the first bot.
    pub bot: i64,
    /// The account that talks with this bot in private: it is answered there. 0: nobody.
    pub(super) talks_with: i64,
    pub(super) ahead: Ahead,
    effects: Effects,
    /// Chats that flood: what the input at hand brings about happens, but is not answered there (S11).
    muted: BTreeSet<i64>,
}

/// So many answers may wait for one chat; what is written there beyond that gets none.
const MOST_WAITING: usize = 20;

impl<'e> Work<'e> {
    pub(super) fn new(engine: &'e Engine, tx: Tx, now: Time) -> Self {
        let bot = engine.bots().first().map_or(0, |bot| bot.id);
        Self {
            engine,
            tx,
            now,
            bot,
            talks_with: 0,
            ahead: Ahead::default(),
            effects: Effects::default(),
            muted: BTreeSet::new(),
        }
    }

    /// The configuration.
    pub fn settings(&self) -> &'e Settings {
        &self.engine.settings
    }

    /// The language of groups.
    pub fn school_locale(&self) -> Locale {
        self.settings().locale
    }

    /// Handles one update; `false` when it failed and was kept, which takes a savepoint.
    pub(super) async fn input(&mut self, update: &Update, guard: Guard) -> Result<bool> {
        (self.bot, self.talks_with) = (update.bot, 0);
        self.muted.clear();
        let Some(incoming) = &update.incoming else {
            inbox::set_aside(&mut self.tx, update.bot, update.id, "broken shape").await?;
            return Ok(true);
        };
        if guard == Guard::Whole {
            self.before(incoming).await?;
            return self.dispatch(incoming).await.map(|()| true);
        }
        let mark = self.mark();
        self.tx.savepoint().await?;
        match self.dispatch(incoming).await {
            Ok(()) => self.tx.keep().await.map(|()| true),
            Err(error) if error.is_passing() => Err(error),
            Err(error) => {
                self.tx.undo().await?;
                self.return_to(mark);
                tracing::error!(kind = update.kind, update = update.id, %error, "an update failed and is kept");
                let (key, retry) = ((update.bot, update.id), self.now + RETRY);
                let sealer = &self.engine.sealer;
                inbox::failed(&mut self.tx, sealer, key, &update.raw, &error.to_string(), retry).await?;
                Ok(false)
            }
        }
    }

    /// Fires one timer behind a savepoint.
    pub(super) async fn timer(&mut self, timer: &Timer) -> Result<()> {
        let mark = self.mark();
        self.tx.savepoint().await?;
        let fired = match timer.kind.as_str() {
            members::LEAVE | members::STRANGERS => self.fire_members(timer).await,
            "open" | "day" | "held" | "remind" => self.fire_checkin(timer).await,
            "digest" => self.fire_digest(timer).await,
            checkin::alert::TIMER => self.fire_alert(timer).await,
            _ => self.fire(timer).await,
        };
        match fired {
            Ok(()) => self.tx.keep().await,
            Err(error) if error.is_passing() => Err(error),
            Err(error) => {
                self.tx.undo().await?;
                self.return_to(mark);
                tracing::error!(kind = timer.kind, timer = timer.id, %error, "a timer failed");
                timers::fail(&mut self.tx, timer.id, self.now + RETRY, &error.to_string()).await
            }
        }
    }

    pub(super) fn mark(&self) -> Mark {
        let effects = &self.effects;
        Mark {
            messages: effects.messages.len(),
            calls: effects.calls.len(),
            timers: effects.timers.len(),
            audit: effects.audit.len(),
            touched: effects.touched.clone(),
            recounts: effects.recounts.clone(),
            nudges: effects.nudges.clone(),
        }
    }

    /// Whether anything was said since then.
    pub(super) fn said_since(&self, mark: &Mark) -> bool {
        self.effects.calls.len() > mark.calls
    }

    pub(super) fn return_to(&mut self, mark: Mark) {
        self.effects.messages.truncate(mark.messages);
        self.effects.calls.truncate(mark.calls);
        self.effects.timers.truncate(mark.timers);
        self.effects.audit.truncate(mark.audit);
        self.effects.touched = mark.touched;
        self.effects.recounts = mark.recounts;
        self.effects.nudges = mark.nudges;
    }

    /// Stops answering in a chat for the input at hand when too many answers wait for it already.
    pub(super) async fn mute_flood(&mut self, chat: i64) -> Result<()> {
        let is_answer = |call: &&Outgoing| call.chat == chat && call.class == Class::Answer;
        let mut waiting = self.effects.calls.iter().filter(is_answer).count();
        if waiting < MOST_WAITING {
            waiting += outbox::waiting_answers(&mut self.tx, chat, MOST_WAITING).await?;
        }
        if waiting >= MOST_WAITING {
            metrics::counter!("tierline_floods_muted_total").increment(1);
            self.muted.insert(chat);
        }
        Ok(())
    }

    fn queue(&mut self, call: Outgoing) -> bool {
        let is_muted = call.class == Class::Answer && self.muted.contains(&call.chat);
        if !is_muted {
            self.effects.calls.push(call);
        }
        !is_muted
    }

    /// Says something in a new message; returns its id.
    pub fn say(&mut self, to: To, manner: Manner, message: Message) -> i64 {
        let letter = Letter { reader: to.reader, locale: to.locale, message };
        let op = Op::Send { letter: letter.clone(), reply_to: manner.reply_to, quiet: manner.quiet };
        self.post(to, manner, letter, op)
    }

    /// The newest message that this very transaction says and for which this holds: the database has it not yet.
    pub(super) fn said(&self, holds: impl Fn(&NewMessage) -> bool) -> Option<messages::Shown> {
        let said = self.effects.messages.iter().rev().find(|said| holds(said));
        said.map(|said| said.shown(self.now))
    }

    /// Copies somebody's document or photo into a chat, in order with what is said there.
    pub fn copy(&mut self, to: To, manner: Manner, what: &Attachment) {
        let letter = Letter { reader: to.reader, locale: to.locale, message: Message::Attachment };
        self.post(to, manner, letter, Op::Copy(what.clone()));
    }

    /// Queues a call that makes a new message; returns the message's id.
    fn post(&mut self, to: To, manner: Manner, letter: Letter, op: Op) -> i64 {
        let id = ids::random();
        let queued = self.queue(Outgoing {
            bot: to.bot,
            chat: to.chat,
            class: manner.class,
            repeat: manner.repeat,
            message: Some(id),
            op,
            stale_at: self.now + manner.fresh_for,
        });
        if !queued {
            return id;
        }
        self.effects.messages.push(NewMessage {
            id,
            bot: to.bot,
            chat: to.chat,
            slot: manner.slot,
            kind: manner.kind,
            subject: manner.subject,
            owner: manner.owner,
            letter,
            expires_at: self.now + manner.lives,
        });
        id
    }

    /// Shows something else in a message that was sent, or is waiting to be.
    pub fn show(&mut self, shown: &messages::Shown, class: Class, message: Message) {
        let letter = Letter { message, ..shown.letter.clone() };
        // A message of this very transaction is not in the database yet: it is changed where it waits.
        if let Some(waiting) = self.effects.messages.iter_mut().find(|waiting| waiting.id == shown.id) {
            waiting.letter = letter.clone();
        }
        for call in self.effects.calls.iter_mut().filter(|call| call.message == Some(shown.id)) {
            if let Op::Send { letter: waiting, .. } = &mut call.op {
                *waiting = letter;
                return;
            }
        }
        self.effects.calls.push(Outgoing {
            bot: shown.bot,
            chat: shown.chat,
            class,
            repeat: Repeat::Again,
            message: Some(shown.id),
            op: Op::Edit { letter },
            stale_at: self.now + TimeDelta::hours(6),
        });
    }

    /// Answers a press.
    pub fn answer(&mut self, callback: &str, toast: Toast, reader: Reader, locale: Locale) {
        let op = Op::Answer { callback: callback.to_owned(), toast, reader, locale };
        self.call(0, Class::Answer, op, TimeDelta::seconds(20));
    }

    /// Queues a call that shows nothing of its own (menu, enquiry, leaving a chat, a file).
    pub fn call(&mut self, chat: i64, class: Class, op: Op, fresh_for: TimeDelta) {
        let stale_at = self.now + fresh_for;
        let repeat = if matches!(op, Op::File { .. } | Op::Directory { .. } | Op::OwnData { .. }) {
            Repeat::Marked
        } else {
            Repeat::Again
        };
        self.queue(Outgoing { bot: self.bot, chat, class, repeat, message: None, op, stale_at });
    }

    /// Queues a paper that is made when it is sent.
    pub fn send_paper(&mut self, to: To, (class, repeat): (Class, Repeat), op: Op, fresh_for: TimeDelta) {
        let stale_at = self.now + fresh_for;
        let (bot, chat) = (to.bot, to.chat);
        self.queue(Outgoing { bot, chat, class, repeat, message: None, op, stale_at });
    }

    /// Sets a timer.
    pub fn set_timer(&mut self, kind: &'static str, subject: i64, version: i64, step: i64, due_at: Time) {
        self.effects.timers.push(NewTimer { kind, subject, version, step, due_at });
    }

    /// Records an act of an actor.
    pub fn record(&mut self, actor: Option<&Actor>, act: &str, subject: String, detail: Json) {
        let (person, account) = actor.map_or((0, 0), |actor| (actor.first().id, actor.account));
        self.effects.audit.push(audit::NewEntry {
            actor: person,
            account,
            act: act.to_owned(),
            subject,
            detail,
        });
    }

    /// The counts of a leg changed.
    pub fn touch(&mut self, leg: i64) {
        self.effects.touched.insert(leg);
    }

    /// Somebody of this unit stands otherwise than before on this day: its figures are counted anew.
    pub fn recount(&mut self, day: i64, unit: i64) {
        self.effects.recounts.insert((day, unit));
    }

    /// Counts at once what stands otherwise than before: figures are about to be read in this very transaction.
    pub(super) async fn count_now(&mut self) -> Result<()> {
        let recounts = std::mem::take(&mut self.effects.recounts);
        self.effects.counted.extend(&recounts);
        units::recount(&mut self.tx, recounts).await
    }

    /// A person is to be reminded in private of all that is due.
    pub fn nudge(&mut self, person: i64, urgent: bool) {
        *self.effects.nudges.entry(person).or_default() |= urgent;
    }

    /// Commits, after the counts that changed and the reminders were put into words.
    pub(super) async fn finish(mut self) -> Result<()> {
        self.muted.clear();
        self.keep_put_off().await?;
        self.count_now().await?;
        let counted = std::mem::take(&mut self.effects.counted);
        self.refresh_missing(&counted).await?;
        let nudges = std::mem::take(&mut self.effects.nudges);
        self.send_nudges(nudges).await?;
        let touched = std::mem::take(&mut self.effects.touched);
        self.refresh(touched).await?;
        let Effects { messages, calls, timers, audit, .. } = std::mem::take(&mut self.effects);
        let (engine, now) = (self.engine, self.now);
        messages::insert(&mut self.tx, &engine.sealer, &messages, now).await?;
        outbox::enqueue(&mut self.tx, &engine.sealer, &calls, now).await?;
        timers::set(&mut self.tx, &timers, now).await?;
        audit::append(&mut self.tx, &audit, now).await?;
        self.tx.commit().await?;
        if !(calls.is_empty() && timers.is_empty()) {
            engine.wake.send_modify(|count| *count += 1);
        }
        Ok(())
    }

    /// Where to answer an actor in private: by the bot they talk with, else by the one that serves them.
    pub fn private(&self, actor: &Actor) -> To {
        let here = self.talks_with == actor.account;
        let bot = if here { self.bot } else { self.through(actor.bot) };
        To { bot, chat: actor.account, reader: actor.reader(), locale: actor.locale }
    }

    /// Where to write to somebody in private; `None` when the bot cannot.
    pub fn addressee(&self, who: &Addressee) -> Option<To> {
        let chat = who.account.filter(|_| who.reachable)?;
        let reader = if who.student { Reader::Student } else { Reader::Adult };
        Some(To { bot: self.through(who.bot), chat, reader, locale: who.locale })
    }
}
