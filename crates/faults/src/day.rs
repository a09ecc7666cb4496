//! A school day in a faster time: a stage in the sandbox, a database, the real program, and people.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use botapi_sandbox::Limits;
use chrono::TimeDelta;
use rand::SeedableRng;
use rand::rngs::StdRng;
use tierline::app::settings;
use tierline::clock::{PACE, Pace, SharedClock, SystemClock};
use tierline::config::Config;
use tierline::demo::{Reporter, Setting, Size, Stage};
use tierline::domain::message::{Locale, Time};
use tierline::store::Db;
use tierline::store::seal::Sealer;

use crate::people::{People, Town};
use crate::place::{Kind, Place};
use crate::process::{Program, Running, WITHIN, now, until};
use crate::{Outcome, Setup};

/// The day that is played.
pub const DATE: &str = "2026-11-23";
/// How long a morning is, from the start of the program until after the digest.
pub const MORNING: TimeDelta = TimeDelta::seconds(1000);

/// 07:00 in Shanghai, when the check-in opens.
pub fn seven() -> Time {
    "2026-11-22T23:00:00Z".parse().unwrap_or_default()
}

/// What kind of day it is.
pub struct Script {
    pub kind: Kind,
    /// How many times faster than the machine's its clock runs.
    pub speed: f64,
    pub webhook: bool,
    /// What people do is planned; otherwise the row plans it.
    pub planned: bool,
    /// Where the Bot API is said to be, if not where it is.
    pub api_url: Option<String>,
    pub students: usize,
}

impl Script {
    /// A usual morning that takes so many seconds, longer on a machine that has much else to do.
    pub fn lasting(kind: Kind, seconds: f64) -> Self {
        let speed = MORNING.num_seconds() as f64 / (seconds * slowness());
        Self { kind, speed, webhook: false, planned: true, api_url: None, students: 32 }
    }

    /// A scene in the machine's own time.
    pub fn scene(kind: Kind) -> Self {
        Self { kind, speed: 1.0, webhook: false, planned: false, api_url: None, students: 32 }
    }

    /// Updates come by webhook.
    pub fn by_webhook(self) -> Self {
        Self { webhook: true, ..self }
    }
}

/// A day that is being played.
pub struct Day {
    pub stage: Stage,
    pub place: Place,
    pub clock: SharedClock,
    pub db: Db,
    pub service: Running,
    pub town: Town,
    pub rng: StdRng,
    pub script: Script,
    pub program: Program,
    address: String,
    environment: Vec<(String, String)>,
}

impl Day {
    /// Sets the stage and starts the program.
    ///
    /// # Errors
    /// When something of it cannot be had.
    #[allow(clippy::disallowed_methods)] // The pace begins at the machine's time.
    pub async fn begins(setup: &Setup, script: Script) -> Outcome<Self> {
        let place = Place::new(&script.kind).await?;
        let shown = seven() - TimeDelta::seconds(80);
        let pace = Pace { at: chrono::Utc::now(), shown, speed: script.speed };
        let clock: SharedClock = Arc::new(SystemClock::paced(pace));
        let stage = set_stage(setup, &script, clock.clone()).await?;
        let address = free_address()?;
        write_config(&place, &stage, &address, &script)?;
        let db = place.database().await?;
        let sealer = Sealer::open(&place.folder().join("tierline.key"))?;
        stage.enrol(&db, &sealer, &["school", "college", "class", "guardians"], &clock).await?;
        let mut people = People::new(&stage, &clock, script.speed, reporter(&place)?);
        if script.planned {
            people.plan_morning(&stage, setup.seed, seven());
        }
        let environment = vec![(PACE.to_owned(), pace.to_string())];
        let program = setup.program.clone();
        let service = program.run(&place.config(), &place.log_file(), &environment)?;
        let (town, rng) = (Town::lives(people), StdRng::seed_from_u64(setup.seed));
        Ok(Self { stage, place, clock, db, service, town, rng, script, program, address, environment })
    }

    /// Starts the program again, after it ended.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn starts(&mut self) -> Outcome<()> {
        self.starts_in(&[])
    }

    /// Starts the program again, in an environment with more in it.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn starts_in(&mut self, more: &[(&str, &str)]) -> Outcome<()> {
        let mut environment = self.environment.clone();
        environment.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self.service = self.program.run(&self.place.config(), &self.place.log_file(), &environment)?;
        Ok(())
    }

    /// Points the configuration to where the Bot API is.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finds_the_way(&mut self) -> Outcome<()> {
        self.script.api_url = None;
        write_config(&self.place, &self.stage, &self.address, &self.script)
    }

    /// What `/readyz` says: nothing when nobody answers.
    pub async fn readiness(&self) -> Option<(bool, String)> {
        let request = reqwest::Client::builder()
            .no_proxy()
            .build()
            .ok()?
            .get(format!("http://{}/readyz", self.address));
        let answer = request.timeout(Duration::from_secs(5)).send().await.ok()?;
        let is_ready = answer.status().is_success();
        Some((is_ready, answer.text().await.unwrap_or_default()))
    }

    /// Waits until the program is ready; returns how long that took.
    ///
    /// # Errors
    /// When it does not become so.
    pub async fn is_ready(&mut self) -> Outcome<Duration> {
        let begun = now();
        while !self.readiness().await.is_some_and(|(is_ready, _)| is_ready) {
            if let Some(status) = self.service.has_ended()? {
                return Err(format!("the program ended with {status}: {}", self.last_lines()).into());
            }
            if begun.elapsed() > WITHIN {
                return Err(format!("the program is never ready: {}", self.last_lines()).into());
            }
            tokio::time::sleep(crate::process::LOOK).await;
        }
        Ok(begun.elapsed())
    }

    /// Waits until the day's clock shows so much after seven.
    pub async fn passes_until(&self, after_seven: TimeDelta) {
        let left = seven() + after_seven - self.clock.now();
        self.clock.sleep(left.to_std().unwrap_or_default()).await;
    }

    /// Waits until everybody has done their errands, everything was taken and sent, and the morning is over.
    ///
    /// # Errors
    /// When it never comes to rest.
    pub async fn comes_to_rest(&mut self) -> Outcome<()> {
        if self.script.planned {
            self.passes_until(MORNING - TimeDelta::seconds(80)).await;
        }
        let rested = until("the day comes to rest", WITHIN, async || {
            self.people_see_where_they_stand().await?;
            let undone = self.town.undone()?;
            let taken = self.stage.sandbox.pending_updates(&self.stage.bot) == 0;
            Ok(taken && undone.is_empty() && self.left().await? == 0)
        });
        let Err(error) = rested.await.map(drop) else { return Ok(()) };
        let mut undone = self.town.undone()?;
        undone.truncate(5);
        let (left, waiting) = (self.left().await?, self.stage.sandbox.pending_updates(&self.stage.bot));
        Err(format!(
            "{error}: {waiting} updates and {left} messages wait; undone: {undone:?}; {}",
            self.last_lines()
        )
        .into())
    }

    /// Whoever pressed twice and got no answer in time sees by the counts that it was taken, and leaves it at that: it is
    /// not confirmed, but must not be lost either.
    async fn people_see_where_they_stand(&self) -> Outcome<()> {
        let acked = self.acknowledged().await?;
        self.town.people().see(&acked);
        Ok(())
    }

    /// Who has acknowledged which directive.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn acknowledged(&self) -> Outcome<BTreeSet<(String, String)>> {
        let sql = "SELECT d.text, p.code FROM receipts r JOIN directives d ON d.id = r.directive \
                   JOIN people p ON p.id = r.by_person WHERE r.acked_at IS NOT NULL";
        let mut tx = self.db.read().await?;
        let acked = tx.all(sql, tierline::args![], |row| Ok((row.get("text")?, row.get("code")?))).await?;
        Ok(acked.into_iter().collect())
    }

    /// How many messages wait or are under way.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn left(&self) -> Outcome<i64> {
        self.counts("SELECT COUNT(*) AS n FROM outbox WHERE state IN ('queued', 'flight')").await
    }

    /// A number that a statement gives as `n`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn counts(&self, sql: &'static str) -> Outcome<i64> {
        let mut tx = self.db.read().await?;
        Ok(tx.one(sql, tierline::args![], |row| row.get("n")).await?)
    }

    /// The end of the log.
    pub fn last_lines(&self) -> String {
        let log = self.place.log();
        let lines: Vec<&str> = log.lines().rev().filter(|line| !line.contains("slow")).take(8).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }
}

/// How many times longer than alone things take here now, at most five: who waits for a processor, per processor.
pub fn slowness() -> f64 {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load: f64 = load.split(' ').next().and_then(|load| load.parse().ok()).unwrap_or(1.0);
    let processors = std::thread::available_parallelism().map_or(1.0, |count| count.get() as f64);
    (load / processors).clamp(1.0, 5.0)
}

async fn set_stage(setup: &Setup, script: &Script, clock: SharedClock) -> Outcome<Stage> {
    let setting = Setting {
        size: Size::of(script.students),
        locale: Locale::ZhCn,
        seed: setup.seed,
        listen: "127.0.0.1:0".to_owned(),
        header: None,
        chronicle: None,
    };
    let stage = Stage::set(&setting, clock).await?;
    if script.speed > 1.0 {
        // In a faster time a few milliseconds are seconds: limits and late answers are judged where time stands still.
        stage.sandbox.set_limits(Limits::off());
        stage.sandbox.set_answer_within(TimeDelta::seconds(100));
    }
    Ok(stage)
}

fn free_address() -> Outcome<String> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}

/// A morning in a quarter of an hour: everything that happens on a day happens, sooner.
const RULES: &str = r#"
[school]
timezone = "Asia/Shanghai"
locale = "zh-CN"
quiet_hours = ""
[directive.normal]
relay = "auto"
due = { school = "2m", college = "3m", class = "5m", guardians = "8m" }
[checkin]
open = "0 0 7 * * *"
deadline = "07:08"
private_after = "2m"
remind = ["07:04", "07:06"]
escalate = [{ at = "07:08", to = "class" }, { at = "07:09", to = "college" }, { at = "07:10", to = "school" }]
hold = "1m"
[report]
class_due = "07:11"
college_due = "07:12"
sign_by = "07:13"
digest = ["0 14 7 * * *"]
"#;

fn write_config(place: &Place, stage: &Stage, listen: &str, script: &Script) -> Outcome<()> {
    let folder = place.folder();
    std::fs::write(folder.join("form.toml"), include_str!("../form.toml"))?;
    let updates = if script.webhook { "webhook" } else { "polling" };
    let api = script.api_url.clone().unwrap_or_else(|| stage.sandbox.api_url());
    let rules = RULES.replace("[checkin]\n", &format!("[checkin]\nform = {:?}\n", folder.join("form.toml")));
    let text = format!(
        "[database]\nurl = {:?}\n[http]\nlisten = {listen:?}\n[privacy]\nkey_file = {:?}\n\
         [telegram]\ntoken = {:?}\napi_url = {api:?}\nupdates = {updates:?}\n\
         webhook_url = \"http://{listen}/telegram/webhook\"\nwebhook_secret = \"a-fixed-secret\"\n{rules}",
        place.url,
        folder.join("tierline.key"),
        stage.bot.token(),
    );
    Ok(std::fs::write(place.config(), text)?)
}

/// Knows the form as people do.
fn reporter(place: &Place) -> Outcome<Reporter> {
    let config = Config::load(Some(&place.config()), std::iter::empty())
        .map_err(|problems| format!("the day's configuration: {problems}"))?;
    Ok(Reporter { form: settings(&config)?.checkin.form, locale: Locale::ZhCn, city: "示例市".to_owned() })
}
