//! A small school in a database, directives on their way through it, and people who ask about them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use tierline::args;
use tierline::clock::{Clock, ManualClock};
use tierline::config::Config;
use tierline::domain::callback;
use tierline::domain::directive::{Directive, Fixed, State, plan_legs};
use tierline::domain::incoming::{ChatKind, Incoming, Place, Sender, Written};
use tierline::domain::message::{Letter, Locale, Message, Number, Time, Toast, Verb};
use tierline::domain::outgoing::Op;
use tierline::domain::person::UnitRef;
use tierline::domain::roster::Tiers;
use tierline::engine::{BotInfo, Engine, Settings, Update};
use tierline::store::legs::{self, Arrival};
use tierline::store::receipts::{self, Ack};
use tierline::store::seal::Sealer;
use tierline::store::{Value, directives, people};

use crate::world::db::TestDb;

pub const BOT: i64 = 77;

/// The account of a person.
pub fn account(person: i64) -> i64 {
    person + 1_000_000
}

pub struct School {
    pub engine: Engine,
    pub clock: Arc<ManualClock>,
    pub units: BTreeMap<i64, UnitRef>,
    updates: AtomicI64,
    seen: std::sync::Mutex<BTreeMap<i64, Letter>>,
}

/// A message as it stands in a chat.
#[derive(Debug, Clone)]
pub struct Said {
    pub id: i64,
    pub chat: i64,
    pub message: Message,
}

impl School {
    /// Nobody and nothing yet.
    pub fn empty(db: &TestDb) -> Self {
        let start: Time = "2026-11-23T01:00:00Z".parse().expect("a time");
        let clock = Arc::new(ManualClock::new(start));
        let config = Config::default();
        let settings = Settings {
            school: "Model University".to_owned(),
            locale: Locale::En,
            calendar: config.calendar.clone(),
            tiers: Tiers::default(),
            tier_words: Vec::new(),
            ..tierline::app::settings(&config).expect("the defaults")
        };
        let engine = Engine::new(db.db.clone(), Sealer::with_key([7; 32]), settings, clock.clone());
        engine.set_bots(vec![BotInfo {
            name: "main".to_owned(),
            id: BOT,
            username: "tierline_bot".to_owned(),
            units: Vec::new(),
        }]);
        Self {
            engine,
            clock,
            units: BTreeMap::new(),
            updates: AtomicI64::new(1),
            seen: std::sync::Mutex::default(),
        }
    }

    /// Colleges 10 and 20, classes 11, 12 and 21. Counselor 113 has both classes of college 10; students 1101 and
    /// 1201 are siblings with guardian 501.
    pub async fn usual(db: &TestDb) -> Self {
        let mut school = Self::empty(db);
        for (id, parent) in
            [(1, None), (10, Some(1)), (20, Some(1)), (11, Some(10)), (12, Some(10)), (21, Some(20))]
        {
            school.unit(id, parent).await;
        }
        for (person, role, unit) in [
            (100, "leader", 1),
            (101, "office", 1),
            (102, "leader", 10),
            (103, "auditor", 1),
            (110, "secretary", 10),
            (120, "secretary", 20),
            (111, "counselor", 11),
            (112, "counselor", 12),
            (113, "counselor", 11),
            (113, "counselor", 12),
            (121, "counselor", 21),
            (1101, "student", 11),
            (1102, "student", 11),
            (1103, "student", 11),
            (1201, "student", 12),
            (1202, "student", 12),
            (2101, "student", 21),
            (501, "guardian", 11),
            (502, "guardian", 21),
        ] {
            school.person(person, role, unit).await;
        }
        for (guardian, student) in [(501, 1101), (501, 1201), (502, 2101)] {
            school
                .run(
                    "INSERT INTO answers_for (person, student) VALUES ($1, $2)",
                    args![guardian as i64, student as i64],
                )
                .await;
        }
        school
    }

    pub async fn run(&self, sql: &'static str, values: Vec<Value>) {
        let mut tx = self.engine.db.begin().await.expect("begins");
        tx.execute(sql, values).await.expect("the database does it");
        tx.commit().await.expect("commits");
    }

    pub async fn unit(&mut self, id: i64, parent: Option<i64>) {
        let above = parent.map(|parent| self.units[&parent].clone());
        let path = format!("{}{id}/", above.as_ref().map_or("/", |above| above.path.as_str()));
        let tier = above.map_or(0, |above| above.tier + 1);
        let unit = UnitRef { id, code: format!("u{id:05}"), name: format!("unit {id}"), tier, parent, path };
        self.run(
            "INSERT INTO units (id, code, name, tier, parent, path) VALUES ($1, $2, $3, $4, $5, $6)",
            args![unit.id, &unit.code, &unit.name, unit.tier, unit.parent, &unit.path],
        )
        .await;
        self.units.insert(id, unit);
    }

    /// A person with a post, bound to an account that started the bot.
    pub async fn person(&self, id: i64, role: &'static str, unit: i64) {
        self.run(
            "INSERT INTO people (id, code, name) VALUES ($1, $2, $3) ON CONFLICT (id) DO NOTHING",
            args![id, format!("p{id:06}"), name(id)],
        )
        .await;
        self.run("INSERT INTO roles (person, unit, role) VALUES ($1, $2, $3)", args![id, unit, role]).await;
        self.run(
            "INSERT INTO bindings (person, account, bound_at, how) VALUES ($1, $2, 0, 'link') ON CONFLICT (person) DO NOTHING",
            args![id, account(id)],
        )
        .await;
        self.run(
            "INSERT INTO accounts (account, bot, started_at) VALUES ($1, $2, 0) ON CONFLICT (account) DO NOTHING",
            args![account(id), BOT],
        )
        .await;
    }

    pub async fn chat(&self, chat: i64, unit: i64, tier: &'static str) {
        self.run(
            "INSERT INTO chats (chat, bot, unit, tier, title, seen_at, bound_at) VALUES ($1, $2, $3, $4, '', 0, 0)",
            args![chat, BOT, unit, tier],
        )
        .await;
    }

    /// A directive that was sent: all its legs wait, with everybody who must acknowledge on them.
    pub async fn issue(&self, number: i64, origin: i64, issuer: i64, depth: usize) -> Sent<'_> {
        let origin = &self.units[&origin];
        let rules = &self.engine.settings.rules;
        let directive = Directive {
            id: 9_000 + number,
            number: Number { year: 2026, number },
            issuer,
            origin: origin.id,
            origin_tier: origin.tier,
            text: format!("directive {number}\nof some importance"),
            reference: String::new(),
            urgent: false,
            answer: true,
            depth: Some(depth),
            due_hours: None,
            attachments: Vec::new(),
            units: Vec::new(),
            copies: Vec::new(),
            fixed: Some(Fixed {
                policy: rules.normal.clone(),
                counselors: rules.counselors,
                relay_delay: rules.relay_delay,
            }),
            revision: 1,
            state: State::Sent,
            issued_at: Some(self.engine.now()),
        };
        let now = self.engine.now();
        let mut tx = self.engine.db.begin().await.expect("begins");
        directives::save(&mut tx, &directive, now).await.expect("saves");
        let below = people::subtree(&mut tx, origin, 2).await.expect("units");
        let guardians_chat = |_| false;
        let planned = plan_legs(&directive, origin, &below, guardians_chat);
        legs::insert(&mut tx, directive.id, &planned, now).await.expect("legs");
        for leg in legs::of_directive(&mut tx, directive.id).await.expect("legs") {
            receipts::expect(&mut tx, leg.id, directive.counted(leg.tier), 1).await.expect("receipts");
        }
        tx.commit().await.expect("commits");
        Sent { school: self, directive }
    }

    async fn take(&self, incoming: Incoming) {
        let id = self.updates.fetch_add(1, Ordering::Relaxed);
        let raw = id.to_string().into_bytes();
        let update = Update { bot: BOT, id, kind: "message".to_owned(), raw, incoming: Some(incoming) };
        let taken = self.engine.take(&[update]).await.expect("taken");
        assert_eq!((taken.fresh, taken.failed), (1, 0), "{:?}", self.errors().await);
    }

    async fn errors(&self) -> Vec<String> {
        let mut tx = self.engine.db.read().await.expect("reads");
        tx.all("SELECT COALESCE(error, '') AS error FROM inbox WHERE state <> 'done'", args![], |row| {
            row.get("error")
        })
        .await
        .expect("the inbox")
    }

    /// A person writes in private; returns what is said anew, to whomever.
    pub async fn writes(&self, person: i64, text: &str) -> Vec<Said> {
        let place = Place { chat: account(person), kind: ChatKind::Private, title: String::new() };
        self.writes_in(person, place, text).await
    }

    /// A person writes in a group.
    pub async fn writes_in_group(&self, person: i64, chat: i64, text: &str) -> Vec<Said> {
        self.writes_in(person, Place { chat, kind: ChatKind::Supergroup, title: String::new() }, text).await
    }

    async fn writes_in(&self, person: i64, place: Place, text: &str) -> Vec<Said> {
        self.take(Incoming::Written(Box::new(Written {
            place,
            message: 1,
            sender: Some(Sender { account: account(person), name: String::new(), is_bot: false }),
            text: text.to_owned(),
            media: None,
            file: None,
            reply_to: None,
            reply_text: String::new(),
            reply_handle: None,
            reply_media: None,
            reply_file: None,
            contact: None,
            location: None,
            forwarded: false,
            edited: false,
        })))
        .await;
        self.news().await
    }

    /// A person presses a button of a message in their private chat.
    pub async fn presses(&self, person: i64, on: &Said, verb: Verb, arg: Option<i64>) -> (Toast, Vec<Said>) {
        let callback = format!("cb{}", self.updates.load(Ordering::Relaxed));
        self.take(Incoming::Pressed {
            callback: callback.clone(),
            sender: Sender { account: account(person), name: String::new(), is_bot: false },
            place: Some(Place { chat: on.chat, kind: ChatKind::Private, title: String::new() }),
            message: 1,
            data: callback::data(verb, on.id, arg),
        })
        .await;
        (self.toast(&callback).await, self.news().await)
    }

    async fn toast(&self, callback: &str) -> Toast {
        let mut tx = self.engine.db.read().await.expect("reads");
        let bodies: Vec<String> = tx
            .all("SELECT body FROM outbox WHERE op = 'answer' ORDER BY id DESC", args![], |row| {
                row.get("body")
            })
            .await
            .expect("the outbox");
        let ops = bodies.iter().map(|body| self.engine.sealer.open_json::<Op>(body).expect("an op"));
        let answer = ops.into_iter().find_map(|op| match op {
            Op::Answer { callback: answered, toast, .. } if answered == callback => Some(toast),
            _ => None,
        });
        answer.expect("every press is answered")
    }

    /// What is shown anew, or otherwise than before, since the last look.
    pub async fn news(&self) -> Vec<Said> {
        let mut tx = self.engine.db.read().await.expect("reads");
        let rows: Vec<(i64, i64, String)> = tx
            .all("SELECT id, chat, body FROM messages ORDER BY chat, made_at, id", args![], |row| {
                Ok((row.get("id")?, row.get("chat")?, row.get("body")?))
            })
            .await
            .expect("messages");
        let mut seen = self.seen.lock().expect("nobody panicked");
        let mut news = Vec::new();
        for (id, chat, body) in rows {
            let letter: Letter = self.engine.sealer.open_json(&body).expect("a letter");
            if seen.get(&id) != Some(&letter) {
                news.push(Said { id, chat, message: letter.message.clone() });
                seen.insert(id, letter);
            }
        }
        news
    }

    pub fn passes(&self, minutes: u64) {
        self.clock.advance(Duration::from_secs(60 * minutes));
    }

    /// Acts of the audit, the newest last.
    pub async fn audited(&self) -> Vec<String> {
        let mut tx = self.engine.db.read().await.expect("reads");
        tx.all("SELECT act FROM audit ORDER BY seq", args![], |row| row.get("act")).await.expect("the audit")
    }
}

/// The name of a person: nowhere part of another word.
pub fn name(person: i64) -> String {
    format!("<{person}>")
}

/// A directive on its way.
pub struct Sent<'s> {
    pub school: &'s School,
    pub directive: Directive,
}

impl Sent<'_> {
    pub async fn leg(&self, unit: i64, tier: usize) -> legs::Leg {
        let mut tx = self.school.engine.db.read().await.expect("reads");
        let all = legs::of_directive(&mut tx, self.directive.id).await.expect("legs");
        let found = all.into_iter().find(|leg| leg.unit == unit && leg.tier == tier);
        found.expect("there is such a leg")
    }

    /// It arrives at a unit's chat (or in private), relayed by somebody, or by the program.
    pub async fn arrives(&self, unit: i64, tier: usize, chat: Option<i64>, by: Option<i64>) -> &Self {
        let leg = self.leg(unit, tier).await.id;
        let now = self.school.clock.now();
        let arrival = Arrival { chat, due_at: now + self.directive.due(tier), by, how: "button" };
        let mut tx = self.school.engine.db.begin().await.expect("begins");
        assert!(legs::arrive(&mut tx, leg, arrival, now).await.expect("arrives"));
        tx.commit().await.expect("commits");
        self
    }

    /// Subjects acknowledge at a tier.
    pub async fn acked(&self, tier: usize, subjects: &[i64]) -> &Self {
        let now = self.school.clock.now();
        let mut tx = self.school.engine.db.begin().await.expect("begins");
        let ack = Ack {
            directive: self.directive.id,
            revision: 1,
            tier,
            kind: receipts::kind(self.directive.counted(tier)),
            subjects,
            by: subjects[0],
            way: "button",
            recorded_by: None,
        };
        for (leg, _, late) in receipts::ack(&mut tx, ack, now).await.expect("acks") {
            legs::count(&mut tx, leg, 1, usize::from(late)).await.expect("counts");
        }
        tx.commit().await.expect("commits");
        self
    }
}
