//! The school's people: each has errands and does them as people do, by what their chats show; whoever hears nothing
//! tries again. What somebody does in the end depends on the seed alone, so every day comes to the same figures.

use std::collections::{BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use botapi_sandbox::{Account, Bot, PressId, Sandbox, ShownMessage};
use chrono::TimeDelta;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tierline::clock::SharedClock;
use tierline::demo::{Condition, Reply, Reporter, Stage};
use tierline::domain::callback;
use tierline::domain::message::{Time, Verb};
use tierline::domain::roster::{Person, Role};

/// How often people look at their chats.
const GLANCE: Duration = Duration::from_millis(40);
/// After so long without an answer somebody tries again, in the day's time …
const PATIENCE: TimeDelta = TimeDelta::seconds(40);
/// … and in the machine's, which may be slow; each time twice as long.
const LEAST_PATIENCE: Duration = Duration::from_secs(3);
/// How many messages of a private chat somebody looks back over.
const BACK: usize = 12;
/// Who runs a fever on every day.
const FEVERISH: &str = "cs0103";

/// What somebody is about.
#[derive(Debug, Clone)]
enum Kind {
    /// Sends a directive, to the depth of the nth button.
    Issue { words: String, depth: usize },
    /// Acknowledges it in a group.
    Receive { words: String, group: i64, replies: bool },
    /// Answers the day's form.
    Report { by_link: bool, group: i64 },
}

/// Something that somebody does.
pub struct Errand {
    /// Who, as the roster calls them.
    pub code: String,
    kind: Kind,
    account: i64,
    from: Time,
    /// How many messages the person had when it began: earlier ones are about something else.
    since: Option<usize>,
    acted: Option<Time>,
    /// How often it was tried without an answer.
    tries: u32,
    press: Option<PressId>,
    done: bool,
    /// The person saw an answer.
    confirmed: bool,
}

impl Errand {
    fn acts(&mut self, now: Time) {
        self.acted = Some(now);
        self.tries += 1;
    }

    /// What was acknowledged, if that is what it was about.
    pub fn received(&self) -> Option<&str> {
        match &self.kind {
            Kind::Receive { words, .. } => Some(words),
            _ => None,
        }
    }

    /// Whether it is done.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// Whether the person saw an answer.
    pub fn is_confirmed(&self) -> bool {
        self.done && self.confirmed
    }

    /// Whether it was a report.
    pub fn is_report(&self) -> bool {
        matches!(self.kind, Kind::Report { .. })
    }
}

/// A directive of a day.
struct Directive {
    words: String,
    by: String,
    depth: usize,
    /// Below which unit.
    unit: String,
    at: Time,
}

/// The people of a stage.
pub struct People {
    sandbox: Sandbox,
    bot: Bot,
    clock: SharedClock,
    reporter: Reporter,
    feverish: i64,
    chatter: (i64, i64, Time),
    patience: TimeDelta,
    /// Nobody acknowledges anything yet.
    pub hesitate: bool,
    pub errands: Vec<Errand>,
}

/// Where a person's chance lies, whatever else happens on the day.
fn chances(seed: u64, code: &str, what: &str) -> StdRng {
    let mut hasher = DefaultHasher::new();
    (seed, code, what).hash(&mut hasher);
    StdRng::seed_from_u64(hasher.finish())
}

fn within(rng: &mut StdRng, from: i64, to: i64) -> TimeDelta {
    TimeDelta::seconds(rng.random_range(from..to))
}

impl People {
    /// People without errands.
    pub fn new(stage: &Stage, clock: &SharedClock, speed: f64, reporter: Reporter) -> Self {
        let school = stage.groups[&("school".to_owned(), 0)].id();
        let least = TimeDelta::from_std(LEAST_PATIENCE.mul_f64(speed)).unwrap_or(PATIENCE);
        Self {
            sandbox: stage.sandbox.clone(),
            bot: stage.bot.clone(),
            clock: clock.clone(),
            reporter,
            feverish: stage.account(FEVERISH).id(),
            chatter: (stage.account("office").id(), school, clock.now()),
            patience: PATIENCE.max(least),
            hesitate: false,
            errands: Vec::new(),
        }
    }

    /// A whole morning: directives of the school, of each college and class, and the check-in at `opens`.
    pub fn plan_morning(&mut self, stage: &Stage, seed: u64, opens: Time) {
        let minutes = TimeDelta::minutes;
        self.plan_directive(stage, seed, opens - TimeDelta::seconds(30));
        for unit in stage.roster.units.values().filter(|unit| unit.tier > 0) {
            let (by, depth, at) = match unit.tier {
                1 => (format!("{}-sec", unit.code), 1, opens + minutes(2)),
                _ => (format!("{}-c", unit.code), 0, opens + minutes(4)),
            };
            let words = format!("{}的同学请看通知{}", unit.name, unit.code);
            self.directive(stage, seed, Directive { words, by, depth, unit: unit.code.clone(), at });
        }
        for person in stage.roster.people.values() {
            let Some(class) = class_of(person, Role::Student) else { continue };
            let mut rng = chances(seed, &person.code, "report");
            if rng.random_range(0..100) < 85 || person.code == FEVERISH {
                let group = stage.groups[&(class, 2)].id();
                let kind = Kind::Report { by_link: rng.random_bool(0.5), group };
                let at = opens + within(&mut rng, 10, 360);
                self.errand(stage, &person.code, kind, at);
            }
        }
    }

    /// One directive of the leader to everybody.
    pub fn plan_directive(&mut self, stage: &Stage, seed: u64, at: Time) {
        self.plan_saying(stage, seed, DIRECTIVE, at);
    }

    /// The same in other words.
    pub fn plan_saying(&mut self, stage: &Stage, seed: u64, words: &str, at: Time) {
        let (words, by, unit) = (words.to_owned(), "leader".to_owned(), "school".to_owned());
        self.directive(stage, seed, Directive { words, by, depth: 3, unit, at });
    }

    fn directive(&mut self, stage: &Stage, seed: u64, directive: Directive) {
        let Directive { words, by, depth, unit, at } = directive;
        self.errand(stage, &by, Kind::Issue { words: words.clone(), depth }, at);
        let tier = stage.roster.units[&unit].tier;
        for person in stage.roster.people.values() {
            let Some((key, share)) = answers_in(stage, person, &unit, tier, depth) else { continue };
            let mut rng = chances(seed, &person.code, &words);
            if rng.random_range(0..100) >= share {
                continue;
            }
            let group = stage.groups[&key].id();
            let replies = rng.random_bool(0.15);
            let after = within(&mut rng, 15, 240);
            self.errand(
                stage,
                &person.code,
                Kind::Receive { words: words.clone(), group, replies },
                at + after,
            );
        }
    }

    fn errand(&mut self, stage: &Stage, code: &str, kind: Kind, from: Time) {
        let account = stage.account(code).id();
        let (code, since, acted, press) = (code.to_owned(), None, None, None);
        self.errands.push(Errand {
            code,
            kind,
            account,
            from,
            since,
            acted,
            tries: 0,
            press,
            done: false,
            confirmed: true,
        });
    }

    /// Lets everybody look at their chats once, and do what there is to do.
    pub fn step(&mut self) {
        let now = self.clock.now();
        self.chats(now);
        let mut errands = std::mem::take(&mut self.errands);
        let mut cards = HashMap::new();
        for errand in errands.iter_mut().filter(|errand| !errand.done && errand.from <= now) {
            match &errand.kind {
                Kind::Issue { words, depth } => {
                    let (words, depth) = (words.clone(), *depth);
                    self.issues(errand, &words, depth, now);
                }
                Kind::Receive { .. } if self.hesitate => {}
                Kind::Receive { words, group, replies } => {
                    let (words, group, replies) = (words.clone(), *group, *replies);
                    let card = cards
                        .entry((group, words.clone()))
                        .or_insert_with(|| self.card(group, &words))
                        .clone();
                    self.receives(errand, &words, (group, card), replies, now);
                }
                Kind::Report { by_link, group } => {
                    let link = by_link.then_some(*group);
                    self.reports(errand, link, now);
                }
            }
        }
        self.errands = errands;
    }

    /// Whoever tried twice looks whether it counts all the same.
    pub fn see(&mut self, acked: &BTreeSet<(String, String)>) {
        for errand in self.errands.iter_mut().filter(|errand| !errand.done && errand.tries > 1) {
            let words = errand.received().unwrap_or_default().to_owned();
            if acked.contains(&(words, errand.code.clone())) {
                (errand.done, errand.confirmed) = (true, false);
            }
        }
    }

    /// Groups are never quite silent, and a bot that hears nothing for minutes thinks of an outage.
    fn chats(&mut self, now: Time) {
        let (account, group, last) = self.chatter;
        if now - last >= TimeDelta::seconds(30) {
            self.chatter.2 = now;
            self.sandbox.account_by_id(account).writes(group, "早上好");
        }
    }

    /// The newest message with the directive's button.
    fn card(&self, chat: i64, words: &str) -> Option<ShownMessage> {
        let messages = self.sandbox.messages(chat).into_iter().rev();
        messages
            .filter(|message| message.from == Some(self.bot.id()) && !message.deleted)
            .find(|message| message.text.contains(words) && data_of(message, Verb::Ack, 0).is_some())
    }

    fn receives(
        &self,
        errand: &mut Errand,
        words: &str,
        (group, card): (i64, Option<ShownMessage>),
        replies: bool,
        now: Time,
    ) {
        if errand.press.is_some_and(|press| self.sandbox.press_answer(press).is_some()) {
            errand.done = true;
            return;
        }
        if !self.may_act(errand, now) {
            return;
        }
        let person = self.sandbox.account_by_id(errand.account);
        match card {
            Some(card) if replies => {
                person.replies(group, card.id, "收到");
                (errand.done, errand.confirmed) = (true, false);
            }
            Some(card) => press(errand, &person, &card, Verb::Ack, 0, now),
            // Somebody deleted it: what waits for a person stands in private.
            None if now - errand.from > TimeDelta::minutes(3) => match self.card(errand.account, words) {
                Some(card) => press(errand, &person, &card, Verb::Ack, 0, now),
                None => self.asks(errand, &person, "/today", now),
            },
            None => {}
        }
    }

    fn asks(&self, errand: &mut Errand, person: &Account, command: &str, now: Time) {
        errand.acts(now);
        person.writes_to(&self.bot, command);
    }

    fn issues(&self, errand: &mut Errand, words: &str, depth: usize, now: Time) {
        let since = *errand.since.get_or_insert_with(|| self.sandbox.message_count(errand.account));
        let mut messages = self.own(errand.account);
        messages.retain(|message| usize::try_from(message.id).is_ok_and(|id| id > since));
        if messages.iter().any(|message| message.text.contains("已发送")) {
            errand.done = true;
            return;
        }
        if !self.may_act(errand, now) && !self.has_changed(errand) {
            return;
        }
        let person = self.sandbox.account_by_id(errand.account);
        let preview = messages
            .iter()
            .find(|message| data_of(message, Verb::Send, 0).is_some() || has(message, Verb::To));
        match preview {
            None => self.asks(errand, &person, &format!("/directive {words}"), now),
            Some(preview) if has(preview, Verb::To) && !is_chosen(preview) => {
                press(errand, &person, preview, Verb::To, depth, now);
            }
            Some(preview) => press(errand, &person, preview, Verb::Send, 0, now),
        }
    }

    fn reports(&self, errand: &mut Errand, link: Option<i64>, now: Time) {
        let messages = self.own(errand.account);
        let form = messages.iter().find_map(|message| {
            let ill = errand.account == self.feverish;
            let condition = if ill { Condition::Feverish } else { Condition::Well };
            let done = data_of(message, Verb::Change, 0).is_some() && !has(message, Verb::Submit);
            if done {
                Some(None)
            } else {
                self.reporter.reply(message, condition).map(|reply| Some((message, reply)))
            }
        });
        if let Some(None) = form {
            errand.done = true;
            return;
        }
        if !self.may_act(errand, now) && !self.has_changed(errand) {
            return;
        }
        let person = self.sandbox.account_by_id(errand.account);
        match form.flatten() {
            Some((message, Reply::Press(data))) => {
                errand.acts(now);
                errand.press = Some(person.presses_data(message.chat_id, message.id, &data));
            }
            Some((_, Reply::Type(text))) => {
                errand.press = None;
                self.asks(errand, &person, &text, now);
            }
            None => match link.and_then(|group| self.prompt(group)) {
                Some(link) => {
                    errand.acts(now);
                    person.opens_link(&link);
                }
                None => self.asks(errand, &person, "/checkin", now),
            },
        }
    }

    /// Not done yet, or waited for long enough.
    fn may_act(&self, errand: &Errand, now: Time) -> bool {
        let doubled = 1 << errand.tries.saturating_sub(1).min(5);
        errand.acted.is_none_or(|at| now - at >= self.patience * doubled)
    }

    /// Whether the last press was answered: then the message shows what is next, or soon will.
    fn has_changed(&self, errand: &mut Errand) -> bool {
        let answered = errand.press.is_some_and(|press| self.sandbox.press_answer(press).is_some());
        let changed = answered && errand.acted.is_none_or(|at| self.clock.now() - at > self.patience / 10);
        if changed {
            errand.tries = 0;
        }
        changed
    }

    /// The link under the question in a class's group.
    fn prompt(&self, group: i64) -> Option<String> {
        let messages = self.sandbox.messages(group).into_iter().rev();
        let links = messages.flat_map(|message| message.buttons.into_iter().flatten());
        links.filter_map(|button| button.url).find(|url| url.ends_with("start=checkin"))
    }

    /// What the bot wrote to somebody last, the newest first.
    fn own(&self, account: i64) -> Vec<ShownMessage> {
        let after = i64::try_from(self.sandbox.message_count(account).saturating_sub(BACK)).unwrap_or(0);
        let messages = self.sandbox.messages_after(account, after).into_iter().rev();
        messages.filter(|message| message.from == Some(self.bot.id()) && !message.deleted).collect()
    }
}

/// What the leader's directive says.
pub const DIRECTIVE: &str = "请全体师生今晚回复";

/// In which group somebody answers for a directive below `unit`, and how many of a hundred do.
fn answers_in(
    stage: &Stage,
    person: &Person,
    unit: &str,
    tier: usize,
    depth: usize,
) -> Option<((String, usize), u32)> {
    let below = |code: &str| {
        let mut at = Some(code.to_owned());
        while let Some(code) = at {
            if code == unit {
                return true;
            }
            at = stage.roster.units[&code].parent.clone();
        }
        false
    };
    let parent = |code: &str| stage.roster.units[code].parent.clone().unwrap_or_default();
    // The groups below a sender, the nearest first.
    let reach = tier + depth;
    for (role, code) in person.duties.keys() {
        let (group, share) = match role {
            Role::Secretary if tier == 0 => ((parent(code), 0), 100),
            Role::Counselor if tier <= 1 => ((parent(code), 1), 100),
            Role::Student => ((code.clone(), 2), 80),
            Role::Guardian if reach >= 3 => ((code.clone(), 3), 60),
            _ => continue,
        };
        if below(code) {
            return Some((group, share));
        }
    }
    None
}

fn class_of(person: &Person, role: Role) -> Option<String> {
    person.duties.keys().find(|(held, _)| *held == role).map(|(_, unit)| unit.clone())
}

fn press(errand: &mut Errand, person: &Account, message: &ShownMessage, verb: Verb, nth: usize, now: Time) {
    let Some(data) = data_of(message, verb, nth) else { return };
    errand.acts(now);
    errand.press = Some(person.presses_data(message.chat_id, message.id, &data));
}

/// The data of the `nth` button of a verb.
fn data_of(message: &ShownMessage, verb: Verb, nth: usize) -> Option<String> {
    let all = message.buttons.iter().flatten().filter_map(|button| button.data.as_ref());
    all.filter(|data| callback::parse(data).is_some_and(|(found, ..)| found == verb)).nth(nth).cloned()
}

fn has(message: &ShownMessage, verb: Verb) -> bool {
    data_of(message, verb, 0).is_some()
}

/// One of the depths is marked.
fn is_chosen(message: &ShownMessage) -> bool {
    message.buttons.iter().flatten().any(|button| button.label.starts_with('●'))
}

/// The people in a task of their own, until they are dropped.
pub struct Town {
    people: Arc<Mutex<People>>,
    task: tokio::task::JoinHandle<()>,
}

impl Town {
    /// Lets them live.
    pub fn lives(people: People) -> Self {
        let people = Arc::new(Mutex::new(people));
        let shared = people.clone();
        let task = tokio::spawn(async move {
            loop {
                lock(&shared).step();
                tokio::time::sleep(GLANCE).await;
            }
        });
        Self { people, task }
    }

    /// Looks at them, or gives them more to do.
    pub fn people(&self) -> MutexGuard<'_, People> {
        lock(&self.people)
    }

    /// Errands that are not done, the first few in words.
    ///
    /// # Errors
    /// When people could not go on.
    pub fn undone(&self) -> crate::Outcome<Vec<String>> {
        if self.task.is_finished() {
            return Err("the people's task broke off".into());
        }
        let people = self.people();
        let undone = people.errands.iter().filter(|errand| !errand.done);
        Ok(undone.map(|errand| format!("{} {:?}", errand.code, errand.kind)).collect())
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn lock(people: &Mutex<People>) -> MutexGuard<'_, People> {
    people.lock().unwrap_or_else(PoisonError::into_inner)
}
