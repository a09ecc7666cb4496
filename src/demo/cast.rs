//! The demo's people: quick, slow and silent ones. They see only what their chats show and press what they find
//! there, as people do.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

use botapi_sandbox::{Event, Sandbox, ShownMessage};
use chrono::TimeDelta;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tokio::sync::broadcast;

use super::reporter::{Condition, Reply, Reporter};
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
    /// Presses the button with this data, while it is there.
    PressData { chat: i64, message: i64, data: String },
    /// Writes to the bot.
    Write { text: String },
    /// Opens the form by the link of the class group.
    OpenForm { link: String },
}

/// What the people of the demo type where the bot asks for words.
#[derive(Debug, Clone, Default)]
pub struct Phrases {
    /// What was done about a directive.
    pub report: String,
    /// Why a day is signed although somebody is missing.
    pub sign_reason: String,
    /// To whom the figures are filed.
    pub authority: String,
    /// How an alert ended.
    pub clear_reason: String,
    /// Why somebody is excused.
    pub excuse: String,
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
    reporter: Reporter,
    phrases: Phrases,
    /// Who is not as yesterday.
    conditions: HashMap<i64, Condition>,
    /// Who waits for a phone call before they report.
    waiting: HashSet<i64>,
    /// Who phones nobody: what they leave is told upward.
    busy: HashSet<i64>,
    /// The buttons of silent people that were pressed, or will be.
    called: HashSet<String>,
    /// The verb somebody pressed last: a question that follows is about it.
    pressed: HashMap<i64, &'static str>,
    /// What was shown where when it was last looked at.
    read: HashMap<(i64, i64), String>,
}

impl Cast {
    /// A cast that watches from now on.
    pub fn new(sandbox: &Sandbox, bot: i64, seed: u64, reporter: Reporter, phrases: Phrases) -> Self {
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
            reporter,
            phrases,
            conditions: HashMap::new(),
            waiting: HashSet::new(),
            busy: HashSet::new(),
            called: HashSet::new(),
            pressed: HashMap::new(),
            read: HashMap::new(),
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

    /// Somebody is not as yesterday, and says so soon.
    pub fn becomes(&mut self, account: i64, condition: Condition) {
        self.conditions.insert(account, condition);
        if let Some(player) = self.players.get_mut(&account) {
            player.temper = Temper::Quick;
        }
    }

    /// Somebody does not report by themselves today.
    pub fn stays_silent(&mut self, account: i64) {
        self.waiting.insert(account);
    }

    /// Somebody has no time to phone today.
    pub fn is_busy(&mut self, account: i64) {
        self.busy.insert(account);
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
        self.check_in(&message, now);
        self.answer_in_words(&message, now);
        for verb in DUTIES {
            // Whom to phone about a check-in is gone through one by one.
            if verb == Verb::Phone && has(&message, Verb::Excuse) {
                continue;
            }
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
                let text = self.phrases.report.clone();
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
            (Verb::Take, _) => within(40, 200),
            (Verb::Confirm, _) => within(60, 400),
            (Verb::Sign | Verb::Filed, _) => within(120, 500),
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

    fn perform(&mut self, account: i64, deed: &Deed) -> bool {
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
                self.pressed.insert(account, verb);
                person.presses_data(*chat, *message, &data);
                true
            }
            Deed::PressData { chat, message, data } => {
                let shown = self.shown(*chat, *message);
                let there = shown.is_some_and(|shown| {
                    shown.buttons.iter().flatten().any(|button| button.data.as_ref() == Some(data))
                });
                if there {
                    person.presses_data(*chat, *message, data);
                }
                there
            }
            Deed::OpenForm { link } => {
                person.opens_link(link);
                true
            }
        }
    }
}

impl Cast {
    /// The link in a class group, or a form that waits for an answer.
    fn check_in(&mut self, message: &ShownMessage, now: Time) {
        let before = self.read.insert((message.chat_id, message.id), look_of(message));
        if before.as_deref() == Some(look_of(message).as_str()) {
            return;
        }
        if let Some(link) = link_to_form(message).filter(|_| before.is_none()) {
            for account in self.groups.get(&message.chat_id).cloned().unwrap_or_default() {
                self.plan_report(account, Deed::OpenForm { link: link.clone() }, now);
            }
        } else if self.players.contains_key(&message.chat_id) && !self.left_alone.contains(&message.chat_id) {
            self.fill_in(message, before.is_some(), now);
        }
    }

    /// Presses or types what is true. Whoever has begun goes on at once.
    fn fill_in(&mut self, message: &ShownMessage, begun: bool, now: Time) {
        let account = message.chat_id;
        if has(message, Verb::Excuse) && has(message, Verb::Unreach) {
            return self.phone_around(message, now);
        }
        if has(message, Verb::Excuse) && !has(message, Verb::Phone) {
            let text = self.phrases.excuse.clone();
            return self.note(now + TimeDelta::seconds(20), account, Deed::Write { text });
        }
        let condition = self.conditions.get(&account).copied().unwrap_or_default();
        let Some(reply) = self.reporter.reply(message, condition) else { return };
        let deed = match reply {
            Reply::Press(data) => Deed::PressData { chat: account, message: message.id, data },
            Reply::Type(text) => Deed::Write { text },
        };
        let leads = self.players.get(&account).is_some_and(|player| player.role != Role::Student);
        if begun || leads {
            let at = now + TimeDelta::seconds(self.rng.random_range(2..9));
            self.note(at, account, deed);
        } else {
            self.plan_report(account, deed, now);
        }
    }

    /// A counselor phones the silent one by one; the last but one is excused, the last is not reached.
    fn phone_around(&mut self, message: &ShownMessage, now: Time) {
        if self.busy.contains(&message.chat_id) {
            return;
        }
        let more = |than: usize| data_of(message, Verb::Phone.word(), than).is_some();
        let verb = match (more(2), more(1)) {
            (true, _) => Verb::Phone,
            (false, true) => Verb::Excuse,
            (false, false) => Verb::Unreach,
        };
        let (chat, message, data) = (message.chat_id, message.id, data_of(message, verb.word(), 0));
        let Some(data) = data.filter(|data| self.called.insert(data.clone())) else { return };
        let at = now + TimeDelta::seconds(self.rng.random_range(40..120));
        self.note(at, chat, Deed::PressData { chat, message, data });
    }

    /// When somebody who was asked begins to answer, if at all.
    fn plan_report(&mut self, account: i64, deed: Deed, now: Time) {
        if self.left_alone.contains(&account) || self.waiting.contains(&account) {
            return;
        }
        let Some(player) = self.players.get(&account) else { return };
        let range = match (player.temper, &deed) {
            (Temper::Quick, Deed::OpenForm { .. }) => 20..2400,
            (Temper::Slow, Deed::OpenForm { .. }) | (Temper::Silent, _) => return,
            (Temper::Quick, _) => 5..120,
            (Temper::Slow, _) => 300..2400,
        };
        let at = now + TimeDelta::seconds(self.rng.random_range(range));
        self.note(at, account, deed);
    }

    /// The bot asks for words: about what was pressed last.
    fn answer_in_words(&mut self, message: &ShownMessage, now: Time) {
        let account = message.chat_id;
        let asks = message.buttons.is_empty() && message.text.contains("/cancel");
        if !asks || self.left_alone.contains(&account) || !self.players.contains_key(&account) {
            return;
        }
        let Some(verb) = self.pressed.remove(&account) else { return };
        let text = match Verb::from_word(verb) {
            Some(Verb::Sign) => self.phrases.sign_reason.clone(),
            Some(Verb::Filed) => self.phrases.authority.clone(),
            Some(Verb::Clear) => self.phrases.clear_reason.clone(),
            _ => return,
        };
        self.note(now + TimeDelta::seconds(30), account, Deed::Write { text });
    }
}

/// What the people do about what they are shown, once for each message.
const DUTIES: [Verb; 9] = [
    Verb::Ack,
    Verb::Relay,
    Verb::Phone,
    Verb::Done,
    Verb::Accept,
    Verb::Take,
    Verb::Confirm,
    Verb::Sign,
    Verb::Filed,
];

/// What can be seen of a message.
fn look_of(message: &ShownMessage) -> String {
    let data = message.buttons.iter().flatten().filter_map(|button| button.data.as_deref());
    let labels = message.buttons.iter().flatten().map(|button| button.label.as_str());
    format!("{}\n{}\n{}", message.text, data.collect::<String>(), labels.collect::<String>())
}

fn link_to_form(message: &ShownMessage) -> Option<String> {
    let mut urls = message.buttons.iter().flatten().filter_map(|button| button.url.as_ref());
    urls.find(|url| url.ends_with("start=checkin")).cloned()
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
