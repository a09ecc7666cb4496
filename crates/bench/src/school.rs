//! A made-up school with its engine and database, and what is measured on it.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use tierline::app::settings;
use tierline::clock::{ManualClock, SharedClock};
use tierline::config::Config;
use tierline::demo;
use tierline::domain::checkin::{Way, day_id};
use tierline::domain::form::{Answer, Answers};
use tierline::domain::incoming::{ChatKind, Incoming, Place, Sender, Written};
use tierline::domain::message::{Locale, Time};
use tierline::domain::roster::{Role, Roster};
use tierline::engine::{BotInfo, Engine, Update};
use tierline::store::checkin::expected::{self, Reported};
use tierline::store::checkin::reports::{self, NewReport};
use tierline::store::checkin::units;
use tierline::store::seal::Sealer;
use tierline::store::{Db, chats, people, roster};

/// The bot of the benchmark.
const BOT: i64 = 1;
/// How often a command is given; the median counts.
const ROUNDS: usize = 15;

type Failure = Box<dyn Error>;

/// A school and its engine; nothing is sent.
pub struct School {
    engine: Engine,
    clock: Arc<ManualClock>,
    roster: Roster,
    updates: AtomicI64,
    /// Holds the database file as long as the school lives.
    _folder: tempfile::TempDir,
}

impl School {
    /// Imports the roster and binds everybody and every group.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn build(students: usize, database: Option<&str>) -> Result<Self, Failure> {
        let folder = tempfile::tempdir()?;
        let file = format!("sqlite://{}", folder.path().join("bench.db").display());
        let db = Db::open(database.unwrap_or(&file)).await?;
        let config = Config::default();
        // A minute before seven on a Monday in Shanghai: the day opens at seven.
        let clock = Arc::new(ManualClock::new("2026-11-22T22:59:00Z".parse::<Time>()?));
        let shared: SharedClock = clock.clone();
        let engine = Engine::new(db, Sealer::with_key([5; 32]), settings(&config)?, shared);
        engine.set_bots(vec![BotInfo {
            name: "main".to_owned(),
            id: BOT,
            username: "bench_bot".to_owned(),
            units: Vec::new(),
        }]);
        let roster = demo::roster(students, Locale::ZhCn);
        let school = Self { engine, clock, roster, updates: AtomicI64::new(1), _folder: folder };
        school.enrol().await?;
        school.engine.prepare_days().await?;
        Ok(school)
    }

    async fn enrol(&self) -> Result<(), Failure> {
        let now = self.engine.now();
        let mut tx = self.engine.db.begin().await?;
        let outcome = roster::replace(&mut tx, &self.engine.sealer, &self.roster, &|_| BOT, now).await?;
        if !matches!(outcome, roster::Outcome::Replaced(_)) {
            return Err(format!("the roster does not fit: {outcome:?}").into());
        }
        for person in self.roster.people.values() {
            if let Some(account) = person.telegram_id {
                people::started(&mut tx, account, BOT, now).await?;
            }
        }
        let tiers = ["school", "college", "class"];
        for (chat, unit) in (1..).zip(self.roster.units.values()) {
            let found = people::unit_by_code(&mut tx, &unit.code).await?.ok_or("a unit is missing")?;
            chats::bind(&mut tx, (-chat, BOT), found.id, tiers[unit.tier], None, now).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Seconds from the moment of opening until every question to a group is queued.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn opens(&self) -> Result<f64, Failure> {
        self.clock.advance(Duration::from_secs(60));
        self.fires().await
    }

    /// Seconds to ask in private everybody who has not answered: nobody has.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn asks_in_private(&self) -> Result<f64, Failure> {
        self.clock.advance(Duration::from_secs(45 * 60));
        self.fires().await
    }

    async fn fires(&self) -> Result<f64, Failure> {
        let begun = now();
        while self.engine.fire_timers().await? > 0 {}
        Ok(begun.elapsed().as_secs_f64())
    }

    /// Nineteen of twenty report that they are well, some of them late.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn reports(&self) -> Result<(), Failure> {
        let at = self.engine.now();
        let day = day_id(self.engine.settings.calendar.date(at));
        let mut tx = self.engine.db.begin().await?;
        for (place, person) in (0..).zip(expected::missing_below(&mut tx, day, "/").await?) {
            if place % 20 == 0 {
                continue;
            }
            let person = person.person;
            let new = NewReport {
                day,
                person,
                version: 1,
                answers: well(),
                by_person: person,
                way: Way::Own,
                same: false,
                late: place % 50 == 0,
                changed: place % 30 == 0,
                level: 0,
                supplement: 0,
                why: String::new(),
            };
            reports::keep(&mut tx, &self.engine.sealer, &new, at).await?;
            let reported = Reported {
                version: 1,
                late: new.late,
                changed: new.changed,
                level: 0,
                by_person: person,
                way: Way::Own,
                at,
            };
            expected::report(&mut tx, day, person, &reported).await?;
        }
        units::count_all(&mut tx, day).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Seconds that a command of somebody takes until its answer is committed: the median of some rounds.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn command(&self, role: Role, text: &str) -> Result<f64, Failure> {
        let holds = |person: &&tierline::domain::roster::Person| person.is(role);
        let account = self.roster.people.values().find(holds).and_then(|person| person.telegram_id);
        let account = account.ok_or("nobody holds the role")?;
        let mut took = Vec::with_capacity(ROUNDS);
        for _ in 0..ROUNDS {
            let update = self.written(account, text);
            let begun = now();
            let taken = self.engine.take(&[update]).await?;
            took.push(begun.elapsed().as_secs_f64());
            if taken.fresh != 1 {
                return Err(format!("{text} was not taken: {taken:?}").into());
            }
        }
        took.sort_by(f64::total_cmp);
        Ok(took[ROUNDS / 2])
    }

    fn written(&self, account: i64, text: &str) -> Update {
        let id = self.updates.fetch_add(1, Ordering::Relaxed);
        let sender = Sender { account, name: "bench".to_owned(), is_bot: false };
        let written = Written {
            place: Place { chat: account, kind: ChatKind::Private, title: String::new() },
            message: id,
            sender: Some(sender),
            text: text.to_owned(),
            media: None,
            file: None,
            reply_to: None,
            reply_text: String::new(),
            reply_media: None,
            reply_file: None,
            contact: None,
            location: None,
            forwarded: false,
            reply_handle: None,
            edited: false,
        };
        let incoming = Some(Incoming::Written(Box::new(written)));
        Update { bot: BOT, id, kind: "message".to_owned(), raw: Vec::new(), incoming }
    }
}

/// What somebody says who is well.
fn well() -> Answers {
    let choice = |id: &str| Answer::Choice(id.to_owned());
    BTreeMap::from([
        ("place".to_owned(), choice("campus")),
        ("moved".to_owned(), Answer::YesNo(false)),
        ("symptoms".to_owned(), Answer::Multi(["none".to_owned()].into())),
        ("temperature".to_owned(), Answer::Number(36.5)),
        ("contacts".to_owned(), choice("well")),
        ("travel".to_owned(), Answer::YesNo(false)),
        ("group".to_owned(), choice("none")),
    ])
}

/// The machine's own time: what is measured is the machine.
#[allow(clippy::disallowed_methods)]
fn now() -> Instant {
    Instant::now()
}
