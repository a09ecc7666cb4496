//! Binding of people and chats, told as stories through the engine, on both databases.

mod groups;
mod join;
mod links;
mod members;
mod moves;
mod shell;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use tierline::app;
use tierline::args;
use tierline::clock::{Clock, ManualClock};
use tierline::config::Config;
use tierline::documents::roster::read;
use tierline::domain::callback;
use tierline::domain::incoming::{ChatKind, Contact, Incoming, Place, Sender, Written};
use tierline::domain::message::{Binding, Message, Toast, Verb};
use tierline::domain::outgoing::Op;
use tierline::domain::roster::Tiers;
use tierline::engine::{BotInfo, Engine, Update};
use tierline::store::roster::{Outcome, replace};
use tierline::store::seal::Sealer;
use tierline::store::{Db, chat_codes, invites, people};

use crate::world::db::TestDb;

/// The bot's account.
pub const BOT: i64 = 7;

const UNITS: &str = "code,name,kind,parent\nu,示范大学,school,\ncs,计算机学院,college,u\nma,数学学院,college,u\n\
                     c1,1班,class,cs\nc2,2班,class,cs\n";
const PEOPLE: &str = "code,name,role,unit,phone,answers_for,telegram_id\n\
                      l,李校长,leader,u,13800000001,,\n\
                      s,赵书记,secretary,cs,13800000002,,\n\
                      m,钱书记,secretary,ma,13800000003,,\n\
                      k,孙老师,counselor,c1,13800000004,,\n\
                      k2,周老师,counselor,c2,13800000005,,\n\
                      1,张一,student,c1,138 0000 0011,,\n\
                      2,张二,student,c1,13800000012,,\n\
                      3,张三,student,c2,,,\n\
                      g,张父,guardian,c1,13800000021,1,\n";

/// Something the bot queued.
#[derive(Debug, Clone)]
pub struct Said {
    pub chat: i64,
    /// `messages.id`, the opaque part of its buttons.
    pub message: i64,
    pub op: Op,
}

impl Said {
    /// What a new or changed message says.
    pub fn words(&self) -> Option<&Message> {
        match &self.op {
            Op::Send { letter, .. } | Op::Edit { letter } => Some(&letter.message),
            _ => None,
        }
    }
}

/// A school with its bot, a clock that the test moves, and nobody bound.
pub struct Town {
    pub db: Db,
    test: TestDb,
    pub engine: Engine,
    pub clock: Arc<ManualClock>,
    pub sealer: Sealer,
    next: AtomicI64,
}

impl Town {
    pub async fn new(test: TestDb) -> Self {
        let clock = Arc::new(ManualClock::new("2026-09-07T01:00:00Z".parse().expect("a time")));
        let sealer = Sealer::with_key([7; 32]);
        let engine = engine(&test.db, &sealer, &clock);
        let db = test.db.clone();
        let town = Town { db, test, engine, clock, sealer, next: AtomicI64::new(1) };
        town.imports(PEOPLE).await;
        town
    }

    pub async fn imports(&self, people: &str) {
        let files = [("units.csv", UNITS), ("people.csv", people)].map(|(name, text)| {
            let path: PathBuf = self.test.folder().join(name);
            std::fs::write(&path, text).expect("written");
            path
        });
        let roster = read(&files, &Tiers::default()).expect("a sound roster").roster;
        let mut tx = self.db.begin().await.expect("begins");
        let outcome = replace(&mut tx, &self.sealer, &roster, &|_| BOT, self.clock.now()).await;
        assert!(matches!(outcome.expect("imported"), Outcome::Replaced(_)));
        tx.commit().await.expect("commits");
    }

    /// The process dies and another one goes on with the same database.
    pub fn restarts(&mut self) {
        self.engine = engine(&self.db, &self.sealer, &self.clock);
    }

    pub async fn takes(&self, incoming: Incoming) {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let raw = format!("{id}").into_bytes();
        let update = Update { bot: BOT, id, kind: "test".to_owned(), raw, incoming: Some(incoming) };
        let taken = self.engine.take(&[update]).await.expect("taken");
        assert_eq!(taken.failed, 0, "an update failed: {}", self.last_error().await);
    }

    async fn last_error(&self) -> String {
        let mut tx = self.db.read().await.expect("reads");
        let sql = "SELECT error FROM inbox WHERE error IS NOT NULL ORDER BY update_id DESC LIMIT 1";
        let error = tx.maybe(sql, args![], |row| row.get::<String>("error")).await.expect("reads");
        error.unwrap_or_default()
    }

    /// Somebody writes in private.
    pub async fn tells(&self, account: i64, text: &str) {
        self.takes(Incoming::Written(Box::new(written(private(account), account, text)))).await;
    }

    /// Somebody writes in a group.
    pub async fn writes(&self, account: i64, chat: i64, text: &str) {
        self.takes(Incoming::Written(Box::new(written(group(chat), account, text)))).await;
    }

    /// Somebody shares the contact of `owner`.
    pub async fn shares(&self, account: i64, phone: &str, owner: Option<i64>) {
        let mut written = written(private(account), account, "");
        written.contact = Some(Contact { phone: phone.to_owned(), account: owner });
        self.takes(Incoming::Written(Box::new(written))).await;
    }

    /// Somebody presses a button in private; what the bot answers.
    pub async fn presses(&self, account: i64, message: i64, verb: Verb, arg: Option<i64>) -> Toast {
        let callback = format!("cb{}", self.next.load(Ordering::Relaxed));
        self.takes(Incoming::Pressed {
            callback: callback.clone(),
            sender: sender(account),
            place: Some(private(account)),
            message: 1,
            data: callback::data(verb, message, arg),
        })
        .await;
        let answers = self.rows(false).await;
        let answer = answers.into_iter().find_map(|said| match said.op {
            Op::Answer { callback: to, toast, .. } if to == callback => Some(toast),
            _ => None,
        });
        answer.expect("every press is answered")
    }

    pub async fn bot_is(&self, place: Place, inside: bool, admin: bool) {
        self.takes(Incoming::OwnState { place, sender: sender(999), inside, admin }).await;
    }

    pub async fn member_is(&self, account: i64, chat: i64, inside: bool) {
        self.takes(Incoming::MemberState { place: group(chat), member: sender(account), inside }).await;
    }

    pub async fn passes(&self, minutes: u64) {
        self.clock.advance(Duration::from_secs(60 * minutes));
        while self.engine.fire_timers().await.expect("fires") > 0 {}
    }

    /// Everything queued; with `taken` it is looked at only once.
    async fn rows(&self, taken: bool) -> Vec<Said> {
        let mut tx = self.db.begin().await.expect("begins");
        let rows: Vec<(i64, Option<i64>, String)> = tx
            .all(
                "SELECT chat, message, body FROM outbox WHERE state = 'queued' ORDER BY id",
                args![],
                |row| Ok((row.get("chat")?, row.get("message")?, row.get("body")?)),
            )
            .await
            .expect("reads");
        if taken {
            tx.execute("UPDATE outbox SET state = 'done' WHERE state = 'queued'", args![])
                .await
                .expect("done");
        }
        tx.commit().await.expect("commits");
        let open = |body: &str| self.sealer.open_json(body).expect("opens");
        rows.into_iter()
            .map(|(chat, message, body)| Said { chat, message: message.unwrap_or(0), op: open(&body) })
            .collect()
    }

    /// Everything said and asked since the last look.
    pub async fn hears(&self) -> Vec<Said> {
        self.rows(true).await
    }

    /// The one thing said since the last look, and where.
    pub async fn only(&self) -> (i64, Binding) {
        let said = self.said().await;
        assert_eq!(said.len(), 1, "{said:#?}");
        said.into_iter().next().expect("one")
    }

    /// What was said about binding since the last look.
    pub async fn said(&self) -> Vec<(i64, Binding)> {
        let heard = self.hears().await;
        let bindings = heard.iter().filter_map(|said| match said.words() {
            Some(Message::Binding(binding)) => Some((said.chat, binding.clone())),
            _ => None,
        });
        bindings.collect()
    }

    /// A link as the shell makes it.
    pub async fn link(&self, code: &str) -> String {
        let person = self.person(code).await;
        let mut tx = self.db.begin().await.expect("begins");
        let made = invites::issue(&mut tx, &[person], None, self.clock.now()).await.expect("made");
        tx.commit().await.expect("commits");
        made[0].token.clone()
    }

    /// Binds somebody to an account, by a link.
    pub async fn binds(&self, code: &str, account: i64) {
        let token = self.link(code).await;
        self.tells(account, &format!("/start {token}")).await;
        assert_eq!(self.account(code).await, Some(account));
        self.hears().await;
    }

    /// A code for a chat, as the shell makes it.
    pub async fn code(&self, unit: &str, tier: &str) -> String {
        let mut tx = self.db.begin().await.expect("begins");
        let unit = people::unit_by_code(&mut tx, unit).await.expect("reads").expect("known");
        let code = chat_codes::issue(&mut tx, unit.id, tier, self.clock.now()).await.expect("made");
        tx.commit().await.expect("commits");
        code
    }

    /// Binds a chat from the shell.
    pub async fn chat_serves(&self, chat: i64, unit: &str, tier: &str) {
        self.bot_is(group(chat), true, false).await;
        let mut tx = self.db.read().await.expect("reads");
        let unit = people::unit_by_code(&mut tx, unit).await.expect("reads").expect("known");
        drop(tx);
        self.engine.bind_chat(chat, &unit, tier).await.expect("bound");
        self.hears().await;
    }

    pub async fn person(&self, code: &str) -> i64 {
        self.number("SELECT id AS x FROM people WHERE code = $1", code).await.expect("on the roster")
    }

    pub async fn account(&self, code: &str) -> Option<i64> {
        let sql = "SELECT b.account AS x FROM bindings b JOIN people p ON p.id = b.person WHERE p.code = $1";
        self.number(sql, code).await
    }

    /// The unit a chat serves, by its code's id.
    pub async fn unit_of(&self, chat: i64) -> Option<String> {
        let mut tx = self.db.read().await.expect("reads");
        let sql = "SELECT u.code FROM chats c JOIN units u ON u.id = c.unit WHERE c.chat = $1 AND c.moved_to IS NULL";
        tx.maybe(sql, args![chat], |row| row.get("code")).await.expect("reads")
    }

    pub async fn number(&self, sql: &'static str, argument: &str) -> Option<i64> {
        let mut tx = self.db.read().await.expect("reads");
        tx.maybe(sql, args![argument], |row| row.get("x")).await.expect("reads")
    }

    /// How often this was recorded.
    pub async fn audited(&self, act: &str) -> i64 {
        self.number("SELECT COUNT(*) AS x FROM audit WHERE act = $1", act).await.expect("a count")
    }
}

fn engine(db: &Db, sealer: &Sealer, clock: &Arc<ManualClock>) -> Engine {
    let settings = app::settings(&Config::default()).expect("the usual tiers");
    let engine = Engine::new(db.clone(), sealer.clone(), settings, clock.clone());
    engine.set_bots(vec![BotInfo {
        name: "main".to_owned(),
        id: BOT,
        username: "tierline_bot".to_owned(),
        units: Vec::new(),
    }]);
    engine
}

pub fn sender(account: i64) -> Sender {
    Sender { account, name: format!("account {account}"), is_bot: false }
}

pub fn private(account: i64) -> Place {
    Place { chat: account, kind: ChatKind::Private, title: String::new() }
}

pub fn group(chat: i64) -> Place {
    Place { chat, kind: ChatKind::Group, title: format!("group {chat}") }
}

pub fn written(place: Place, account: i64, text: &str) -> Written {
    Written {
        place,
        message: 1,
        sender: Some(sender(account)),
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
    }
}
