//! A made-up school in a database: imported, bound, with what everybody reported yesterday.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::{Days, NaiveDate, TimeDelta, Timelike};
use tierline::app::settings;
use tierline::clock::{ManualClock, SharedClock};
use tierline::config::Config;
use tierline::demo;
use tierline::domain::checkin::{Way, day_id};
use tierline::domain::form::{Answer, Answers};
use tierline::domain::message::Locale;
use tierline::domain::roster::{Role, Roster};
use tierline::engine::{BotInfo, Engine};
use tierline::store::checkin::days::{self, DayRules};
use tierline::store::checkin::expected::{self, Reported};
use tierline::store::checkin::reports::{self, NewReport};
use tierline::store::checkin::units;
use tierline::store::seal::Sealer;
use tierline::store::{Db, Tx, chats, people, roster};

use crate::Failure;
use crate::database::Database;
use crate::moment::wall;
use crate::sandbox::Hello;
use crate::service::{Manner, Place, settings as words};

/// A school and what it is measured by.
pub struct School {
    /// Units and people.
    pub roster: Roster,
    /// The bot's account.
    pub bot: i64,
    /// Chats by the unit's code.
    pub groups: BTreeMap<String, i64>,
    folder: std::path::PathBuf,
    /// A time zone in which it is about noon: a day that is to open at six is open then.
    pub timezone: String,
}

impl School {
    /// A school of so many students; `telegram` tells its bot and chats, without one they are made up.
    pub fn new(students: usize, folder: &Path, telegram: Option<&Hello>) -> Self {
        let roster = demo::roster(students, Locale::ZhCn);
        let made_up = || (1..).zip(roster.units.keys()).map(|(chat, code)| (code.clone(), -chat)).collect();
        let groups = telegram.map_or_else(made_up, |telegram| telegram.groups.clone());
        let bot = telegram.map_or(1, |telegram| telegram.bot);
        // The signs of these zones are turned round: Etc/GMT-3 is three hours ahead.
        let hour = i64::from(wall().hour());
        Self { roster, bot, groups, folder: folder.to_owned(), timezone: format!("Etc/GMT{:+}", hour - 12) }
    }

    /// Where a service works on a database of this school.
    pub fn place(&self, database: &Database) -> Place {
        Place { database: database.url.clone(), folder: self.folder.clone(), timezone: self.timezone.clone() }
    }

    /// The use cases on a database of this school, with a clock that shows a minute before today opens.
    ///
    /// # Errors
    /// When the database cannot be opened.
    pub async fn engine(&self, database: &Database) -> Result<(Engine, Arc<ManualClock>), Failure> {
        let manner = Manner { webhook: false, prompt: Some("group_then_private"), per_second: None };
        let text = words(&self.place(database), manner, None, "127.0.0.1:0");
        let config = Config::from_text("bench", &text, std::iter::empty())
            .map_err(|problems| format!("the settings are wrong: {problems:?}"))?;
        let db = Db::open(&database.url).await?;
        let sealer = Sealer::open(&self.folder.join("bench.key"))?;
        let settings = settings(&config)?;
        let today = settings.calendar.date(wall());
        let before = today.and_hms_opt(5, 59, 0).ok_or("no such hour")?.time();
        let clock = Arc::new(ManualClock::new(settings.calendar.instant(today, before)));
        let shared: SharedClock = clock.clone();
        let engine = Engine::new(db, sealer, settings, shared);
        let known = BotInfo { id: self.bot, username: "bench_bot".to_owned(), units: Vec::new() };
        engine.set_bots(vec![known]);
        Ok((engine, clock))
    }

    /// Imports the roster, binds everybody and every chat, and lets all but one of twenty have reported yesterday.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn fill(&self, database: &Database) -> Result<(), Failure> {
        let (engine, _) = self.engine(database).await?;
        let now = engine.now();
        let mut tx = engine.db.begin().await?;
        let bot = self.bot;
        let outcome = roster::replace(&mut tx, &engine.sealer, &self.roster, &|_| bot, now).await?;
        if !matches!(outcome, roster::Outcome::Replaced(_)) {
            return Err(format!("the roster does not fit: {outcome:?}").into());
        }
        for person in self.roster.people.values() {
            if let Some(account) = person.telegram_id {
                people::started(&mut tx, account, bot, now).await?;
            }
        }
        let tiers = ["school", "college", "class"];
        for (code, chat) in &self.groups {
            let unit = people::unit_by_code(&mut tx, code).await?.ok_or("a unit is missing")?;
            chats::bind(&mut tx, (*chat, bot), unit.id, tiers[unit.tier], None, now).await?;
            chats::asked(&mut tx, *chat, None, true).await?;
        }
        let yesterday = engine.settings.calendar.date(now) - Days::new(1);
        live_through(&engine, &mut tx, yesterday).await?;
        tx.commit().await?;
        engine.db.close().await;
        Ok(())
    }

    /// The account of somebody who holds a role.
    ///
    /// # Errors
    /// When nobody does.
    pub fn account(&self, role: Role) -> Result<i64, Failure> {
        let holder = self.roster.people.values().find(|person| person.is(role));
        Ok(holder.and_then(|person| person.telegram_id).ok_or("nobody holds the role")?)
    }

    /// Each student's account with the chat of the class.
    pub fn students(&self) -> Vec<(i64, i64)> {
        let students = self.roster.people.values().filter(|person| person.is(Role::Student));
        let seat = |person: &tierline::domain::roster::Person| {
            let (_, unit) = person.duties.keys().next()?;
            Some((person.telegram_id?, *self.groups.get(unit)?))
        };
        students.filter_map(seat).collect()
    }

    /// How many chats belong to classes.
    pub fn classes(&self) -> usize {
        self.roster.units.values().filter(|unit| unit.tier == 2).count()
    }
}

/// A day as if it had been lived through.
async fn live_through(engine: &Engine, tx: &mut Tx, date: NaiveDate) -> Result<(), Failure> {
    let checkin = &engine.settings.checkin;
    let deadline_at = engine.settings.calendar.instant(date, checkin.policy.deadline);
    let opened_at = deadline_at - TimeDelta::hours(2);
    let (form, policy) = (checkin.form.clone(), checkin.policy.clone());
    let rules = DayRules { id: day_id(date), date, form, policy, opened_at, deadline_at };
    days::open(tx, &rules).await?;
    expected::everyone(tx, rules.id).await?;
    units::everywhere(tx, rules.id).await?;
    units::count_all(tx, rules.id).await?;
    report_all(engine, tx, rules.id, 20).await
}

/// All but one of `silent` who are missing report that they are well; some of them late.
///
/// # Errors
/// When the database refuses.
pub async fn report_all(engine: &Engine, tx: &mut Tx, day: i64, silent: usize) -> Result<(), Failure> {
    let at = engine.now();
    for (place, row) in (0..).zip(expected::missing_below(tx, day, "/").await?) {
        if place % silent == 0 {
            continue;
        }
        let (person, late, changed) = (row.person, place % 50 == 0, place % 30 == 0);
        let new = NewReport {
            day,
            person,
            version: 1,
            answers: well(),
            by_person: person,
            way: Way::Own,
            same: false,
            late,
            changed,
            level: 0,
            supplement: 0,
            why: String::new(),
        };
        reports::keep(tx, &engine.sealer, &new, at).await?;
        let reported = Reported { version: 1, late, changed, level: 0, by_person: person, way: Way::Own, at };
        expected::report(tx, day, person, &reported).await?;
    }
    Ok(units::count_all(tx, day).await?)
}

/// Moves a clock and fires what is due then; seconds that took.
///
/// # Errors
/// When the database refuses.
pub async fn passes(engine: &Engine, clock: &ManualClock, time: Duration) -> Result<f64, Failure> {
    clock.advance(time);
    let begun = crate::moment::now();
    while engine.fire_timers().await? > 0 {}
    Ok(begun.elapsed().as_secs_f64())
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
