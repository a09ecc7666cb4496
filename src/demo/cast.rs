//! The demo's people: quick, slow and silent ones. They see only what their chats show and press what they find
//! there, as people do.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

use botapi_sandbox::{Event, Sandbox, ShownMessage};
use chrono::TimeDelta;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tokio::sync::broadcast;

use crate::domain::callback;
use crate::domain::message::{Time, Verb};
use crate::domain::roster::Role;

/// How somebody answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Temper {
    /// Within a minute or so.
    Quick,
    /// Within the hour, or after being reminded.
    Slow,
    /// Not by themselves, not when reminded.
    Silent,
}

/// Somebody of the demo.
#[derive(Debug, Clone)]
pub struct Player {
    pub account: i64,
    pub role: Role,
    pub temper: Temper,
}

/// Something a player will do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Deed {
    /// Presses the button of this verb, the `nth` of several.
    Press { chat: i64, message: i64, verb: &'static str, nth: usize },
    /// Writes to the bot.
    Write { text: String },
}

/// All players, and what they are about to do.
pub struct Cast {
    sandbox: Sandbox,
    bot: i64,
    players: HashMap<i64, Player>,
    /// Who must acknowledge in a group.
    groups: HashMap<i64, Vec<i64>>,
    /// Whom a visitor plays: they do nothing by themselves.
    left_alone: HashSet<i64>,
    /// Who is composing a directive, and which depth they choose.
    composing: HashMap<i64, usize>,
    events: broadcast::Receiver<Event>,
    seen: HashSet<(i64, i64, &'static str)>,
    diary: BinaryHeap<Reverse<(Time, u64, i64, Deed)>>,
    count: u64,
    rng: StdRng,
    report: String,
}

impl Cast {
    /// A cast that watches from now on.
    pub fn new(sandbox: &Sandbox, bot: i64, seed: u64, report: String) -> Self {
        Cast {
            sandbox: sandbox.clone(),
            bot,
            players: HashMap::new(),
            groups: HashMap::new(),
            left_alone: HashSet::new(),
            composing: HashMap::new(),
            events: sandbox.events(),
            seen: HashSet::new(),
            diary: BinaryHeap::new(),
            count: 0,
            rng: StdRng::seed_from_u64(seed),
            report,
        }
    }

    /// Somebody joins the cast.
    pub fn add(&mut self, player: Player) {
        self.players.insert(player.account, player);
    }

    /// Who is to acknowledge in a group.
    pub fn assign(&mut self, group: i64, accounts: Vec<i64>) {
        self.groups.insert(group, accounts);
    }

    /// A visitor plays this person.
    pub fn leave_alone(&mut self, account: i64) {
        self.left_alone.insert(account);
    }

    /// Somebody issues a directive at `at`, to the depth of the `nth` button.
    pub fn issue(&mut self, account: i64, text: &str, nth: usize, at: Time) {
        self.composing.insert(account, nth);
        self.note(at, account, Deed::Write { text: format!("/directive {text}") });
    }

    /// A temper by lot: most answer at once, some late, a few never.
    pub fn temper(&mut self) -> Temper {
        match self.rng.random_range(0..100) {
            0..70 => Temper::Quick,
            70..92 => Temper::Slow,
            _ => Temper::Silent,
        }
    }

    /// Looks at what happened since the last look, and makes plans.
    pub fn watch(&mut self, now: Time) {
        loop {
            match self.events.try_recv() {
                Ok(event) if event.kind == "message" || event.kind == "edit" => self.notice(&event, now),
                Ok(_) => {}
                // Too much happened at once: what was missed is noticed by its reminder.
                Err(broadcast::error::TryRecvError::Lagged(_)) => {}
                Err(_) => return,
            }
        }
    }

    fn notice(&mut self, event: &Event, now: Time) {
        let Some(message) = event.message_id.and_then(|id| self.shown(event.chat_id, id)) else { return };
        if message.from != Some(self.bot) {
            return;
        }
        if has(&message, Verb::To) {
            self.compose(&message, now);
        }
        for verb in [Verb::Ack, Verb::Relay, Verb::Phone, Verb::Done, Verb::Accept] {
            if has(&message, verb) && self.seen.insert((message.chat_id, message.id, verb.word())) {
                self.plan(&message, verb, now);
            }
        }
    }

    /// Chooses the depth, sends, and confirms a second time where that is asked.
    fn compose(&mut self, message: &ShownMessage, now: Time) {
        let (account, id) = (message.chat_id, message.id);
        let Some(nth) = self.composing.remove(&account) else { return };
        let press = |verb: Verb, nth| Deed::Press { chat: account, message: id, verb: verb.word(), nth };
        self.note(now + TimeDelta::seconds(4), account, press(Verb::To, nth));
        self.note(now + TimeDelta::seconds(9), account, press(Verb::Send, 0));
        self.note(now + TimeDelta::seconds(15), account, press(Verb::Send, 0));
    }

    fn shown(&self, chat: i64, id: i64) -> Option<ShownMessage> {
        self.sandbox.message(chat, id)
    }

    fn plan(&mut self, message: &ShownMessage, verb: Verb, now: Time) {
        let chat = message.chat_id;
        let reminded = verb == Verb::Ack && !self.groups.contains_key(&chat);
        let readers = self.groups.get(&chat).cloned().unwrap_or_else(|| vec![chat]);
        for account in readers {
            let Some(player) = self.players.get(&account).filter(|_| !self.left_alone.contains(&account))
            else {
                continue;
            };
            let (temper, role) = (player.temper, player.role);
            let Some(delay) = self.delay(temper, verb, reminded) else { continue };
            let (deed, at) =
                (Deed::Press { chat, message: message.id, verb: verb.word(), nth: 0 }, now + delay);
            self.note(at, account, deed);
            if verb == Verb::Done && role != Role::Counselor {
                let text = self.report.clone();
                self.note(at + TimeDelta::seconds(40), account, Deed::Write { text });
            }
        }
    }

    /// How long somebody takes; `None`: never.
    fn delay(&mut self, temper: Temper, verb: Verb, reminded: bool) -> Option<TimeDelta> {
        let mut within = |from: i64, to: i64| Some(TimeDelta::seconds(self.rng.random_range(from..to)));
        match (verb, temper) {
            (Verb::Ack, Temper::Quick) => within(5, 240),
            (Verb::Ack, Temper::Slow) if reminded => within(60, 600),
            (Verb::Ack, Temper::Slow) => within(1200, 14_400),
            (_, Temper::Silent) => None,
            (Verb::Relay, Temper::Quick) => within(15, 45),
            (Verb::Relay, Temper::Slow) => None,
            (Verb::Phone, _) => within(180, 900),
            (Verb::Done, _) => within(3600, 7200),
            _ => within(60, 600),
        }
    }

    fn note(&mut self, at: Time, account: i64, deed: Deed) {
        self.count += 1;
        self.diary.push(Reverse((at, self.count, account, deed)));
    }

    /// When somebody acts next.
    pub fn next(&self) -> Option<Time> {
        self.diary.peek().map(|Reverse((at, ..))| *at)
    }

    /// Lets everybody act whose time has come; returns how many did.
    pub fn act(&mut self, now: Time) -> usize {
        let mut acted = 0;
        while self.next().is_some_and(|at| at <= now) {
            let Some(Reverse((_, _, account, deed))) = self.diary.pop() else { break };
            acted += usize::from(self.perform(account, &deed));
        }
        acted
    }

    fn perform(&self, account: i64, deed: &Deed) -> bool {
        let person = self.sandbox.account_by_id(account);
        match deed {
            Deed::Write { text } => {
                person.writes(self.bot, text);
                true
            }
            Deed::Press { chat, message, verb, nth } => {
                // The button may be gone by now: done before, or the message changed.
                let data = self.shown(*chat, *message).and_then(|message| data_of(&message, verb, *nth));
                let Some(data) = data else { return false };
                person.presses_data(*chat, *message, &data);
                true
            }
        }
    }
}

/// The data of the `nth` button of a verb.
fn data_of(message: &ShownMessage, verb: &str, nth: usize) -> Option<String> {
    let all = message.buttons.iter().flatten().filter_map(|button| button.data.as_ref());
    let mut fit = all.filter(|data| callback::parse(data).is_some_and(|(found, ..)| found.word() == verb));
    fit.nth(nth).cloned()
}

fn has(message: &ShownMessage, verb: Verb) -> bool {
    data_of(message, verb.word(), 0).is_some()
}
