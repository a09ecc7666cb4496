//! A bot with a sandbox, a database, a clock and a courier, but no school: what is to be sent is put into the outbox by
//! the test.

use std::sync::Arc;
use std::time::Duration;

use botapi_sandbox::{Account, Bot, Call, Limits as ServerLimits, Sandbox};
use chrono::{DateTime, TimeDelta, Utc};
use tierline::app;
use tierline::chat::telegram::{TelegramChat, TelegramOptions};
use tierline::clock::{Clock, ManualClock};
use tierline::config::{Config, Secret};
use tierline::domain::message::{Class, Letter, Locale, Message, Number, Reader, Repeat};
use tierline::domain::outgoing::{Op, Outgoing};
use tierline::engine::{BotInfo, Engine};
use tierline::loops::courier::{Courier, Limits, Parts, Step};
use tierline::loops::lease::{Lease, lock_path};
use tierline::store::messages::NewMessage;
use tierline::store::seal::Sealer;
use tierline::store::{Db, ids, messages, outbox};
use tierline::text::Texts;

use crate::world::db::TestDb;

/// Monday morning.
pub fn monday() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_395_600, 0).expect("a moment")
}

pub struct Post {
    pub test_db: TestDb,
    pub sandbox: Sandbox,
    pub bot: Bot,
    pub clock: Arc<ManualClock>,
    pub engine: Engine,
    pub courier: Courier,
    pub limits: Limits,
}

impl Post {
    pub async fn new(test_db: &TestDb, server: ServerLimits) -> Self {
        Self::with_limits(
            test_db,
            server,
            Limits { per_second: 30, per_chat_per_second: 1, per_group_per_minute: 20 },
        )
        .await
    }

    pub async fn with_limits(test_db: &TestDb, server: ServerLimits, limits: Limits) -> Self {
        let clock = Arc::new(ManualClock::new(monday()));
        let shown = clock.clone();
        let sandbox =
            Sandbox::builder().clock(move || shown.now()).limits(server).start().await.expect("starts");
        let bot = sandbox.add_bot("tierline_bot", "Tierline");
        let engine = engine(test_db.db.clone(), clock.clone(), &bot);
        let courier = courier(test_db, &engine, &sandbox.api_url(), &bot, limits, "first");
        Self { test_db: test_db.clone(), sandbox, bot, clock, engine, courier, limits }
    }

    /// The sender of another process on the same database.
    pub fn another(&self, owner: &str) -> Courier {
        courier(&self.test_db, &self.engine, &self.sandbox.api_url(), &self.bot, self.limits, owner)
    }

    /// The sender of another bot.
    pub fn of_bot(&self, bot: &Bot, owner: &str) -> Courier {
        courier(&self.test_db, &self.engine, &self.sandbox.api_url(), bot, self.limits, owner)
    }

    /// The sender of a process that finds no server.
    pub fn lost(&self, owner: &str) -> Courier {
        courier(&self.test_db, &self.engine, "http://127.0.0.1:9", &self.bot, self.limits, owner)
    }

    /// People who pressed Start.
    pub fn people(&self, count: usize) -> Vec<Account> {
        (0..count)
            .map(|n| {
                let person = self.sandbox.account(&format!("P{n}"));
                person.starts(&self.bot, None);
                person
            })
            .collect()
    }

    /// A group with the bot in it.
    pub fn group(&self, title: &str) -> botapi_sandbox::Group {
        let founder = self.sandbox.account("Founder");
        let group = self.sandbox.group(title, &[&founder]);
        group.add_bot(&self.bot, &founder);
        group
    }

    /// Queues a message; returns `messages.id`.
    pub async fn queue(&self, chat: i64, class: Class, repeat: Repeat, text: &str) -> i64 {
        self.queue_many(&[(chat, text)], class, repeat).await[0]
    }

    pub async fn queue_many(&self, what: &[(i64, &str)], class: Class, repeat: Repeat) -> Vec<i64> {
        self.queue_by(&self.bot, what, class, repeat).await
    }

    /// Queues messages of one of several bots.
    pub async fn queue_by(&self, bot: &Bot, what: &[(i64, &str)], class: Class, repeat: Repeat) -> Vec<i64> {
        let now = self.clock.now();
        let sealer = &self.engine.sealer;
        let new: Vec<NewMessage> =
            what.iter().map(|(chat, text)| message(bot.id(), *chat, text, now)).collect();
        let calls: Vec<Outgoing> = new
            .iter()
            .map(|new| Outgoing {
                bot: new.bot,
                chat: new.chat,
                class,
                repeat,
                message: Some(new.id),
                op: Op::Send { letter: new.letter.clone(), reply_to: None, quiet: false },
                stale_at: now + TimeDelta::hours(6),
            })
            .collect();
        let mut tx = self.engine.db.begin().await.expect("begins");
        messages::insert(&mut tx, sealer, &new, now).await.expect("inserts");
        outbox::enqueue(&mut tx, sealer, &calls, now).await.expect("queues");
        tx.commit().await.expect("commits");
        new.into_iter().map(|new| new.id).collect()
    }

    /// Queues any call.
    pub async fn call(&self, chat: i64, class: Class, message: Option<i64>, op: Op) {
        let now = self.clock.now();
        let stale_at = now + TimeDelta::hours(6);
        let call = Outgoing { bot: self.bot.id(), chat, class, repeat: Repeat::Again, message, op, stale_at };
        let mut tx = self.engine.db.begin().await.expect("begins");
        outbox::enqueue(&mut tx, &self.engine.sealer, &[call], now).await.expect("queues");
        tx.commit().await.expect("commits");
    }

    /// Lets time pass and sends what may be sent.
    pub async fn passes(&mut self, time: Duration) {
        let until = self.clock.elapsed() + time;
        loop {
            match self.courier.step().await.expect("a step") {
                Step::Sent(_) => {}
                Step::Idle { until: next } if next < until => self.clock.advance(next - self.clock.elapsed()),
                Step::Idle { .. } => break,
            }
        }
        self.clock.advance(until.saturating_sub(self.clock.elapsed()));
    }

    /// The state and error of each row, the oldest first.
    pub async fn rows(&self) -> Vec<(String, Option<String>)> {
        let mut tx = self.engine.db.read().await.expect("reads");
        tx.all("SELECT state, error FROM outbox ORDER BY id", tierline::args![], |row| {
            Ok((row.get("state")?, row.get("error")?))
        })
        .await
        .expect("rows")
    }

    pub async fn count(&self, state: &str) -> usize {
        self.rows().await.iter().filter(|(found, _)| found == state).count()
    }

    /// What reached chats as a send or an edit.
    pub fn sends(&self) -> Vec<Call> {
        let counted = |call: &Call| {
            let method = call.method.to_ascii_lowercase();
            method.starts_with("send") || method.starts_with("edit") || method.starts_with("copy")
        };
        self.sandbox.calls().into_iter().filter(counted).collect()
    }

    pub fn texts(&self, chat: i64) -> Vec<String> {
        let shown = self.sandbox.messages(chat).into_iter();
        shown.filter(|message| message.from == Some(self.bot.id())).map(|message| message.text).collect()
    }
}

pub fn engine(db: Db, clock: Arc<ManualClock>, bot: &Bot) -> Engine {
    let settings = app::settings(&Config::default()).expect("the defaults");
    let engine = Engine::new(db, Sealer::with_key([5; 32]), settings, clock);
    engine.set_bots(vec![BotInfo {
        name: "main".to_owned(),
        id: bot.id(),
        username: bot.username().to_owned(),
        units: Vec::new(),
    }]);
    engine
}

pub fn courier(
    test_db: &TestDb,
    engine: &Engine,
    api: &str,
    bot: &Bot,
    limits: Limits,
    owner: &str,
) -> Courier {
    let api = api.parse().expect("an address");
    let options = TelegramOptions { call: Duration::from_secs(2), ..TelegramOptions::default() };
    let chat = TelegramChat::new(&api, &Secret::new(bot.token()), options).expect("a client");
    let lock = lock_path(&test_db.url, "sender", bot.id());
    let lease = Lease::new(&format!("sender:{}", bot.id()), owner, &engine.db, lock, engine.clock.clone());
    let parts = Parts {
        fleet: std::sync::Arc::default(),
        bot: bot.id(),
        username: bot.username().to_owned(),
        chat: Arc::new(chat),
        texts: Arc::new(Texts::new()),
        limits,
        lease,
        owner: owner.to_owned(),
    };
    Courier::new(engine.clone(), parts)
}

pub fn letter(text: &str) -> Letter {
    let number = Number { year: 2026, number: 12 };
    let message = Message::Part { number, part: 1, parts: 2, text: text.to_owned() };
    Letter { reader: Reader::Adult, locale: Locale::En, message }
}

fn message(bot: i64, chat: i64, text: &str, now: DateTime<Utc>) -> NewMessage {
    NewMessage {
        id: ids::random(),
        bot,
        chat,
        slot: format!("test:{text}"),
        kind: "test",
        subject: 0,
        owner: 0,
        letter: letter(text),
        expires_at: now + TimeDelta::days(1),
    }
}
