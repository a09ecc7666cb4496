//! `demo --once`: a directive's whole way, as fast as the machine can, on a clock of its own.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;

use super::artefacts;
use super::cast::Cast;
use super::record::{Chronicle, describe};
use super::stage::{Setting, Stage};
use super::{DemoError, Options, Scratch, Size, TIMEZONE, cast, morning, open};
use crate::app::App;
use crate::clock::{Clock, ManualClock, SharedClock};
use crate::loops::courier::{Courier, Step};
use crate::loops::intake::{Polled, Poller};
use crate::loops::timers::Timers;

/// How much of the school's time is played: one day, until shortly before the next one opens.
const PLAYED: Duration = Duration::from_secs(23 * 3600 + 50 * 60);
/// When the leader sends the directive, after the play begins: when the morning's question has gone out.
const DIRECTIVE_AFTER: TimeDelta = TimeDelta::minutes(40);
/// More steps without the clock moving than any real day has.
const STUCK: usize = 1_000_000;

/// Plays the directive and writes what became of it; returns what is printed.
///
/// # Errors
/// When something of it fails; of the artefacts only what was seen in the chats is written then.
pub async fn play(options: &Options) -> Result<String, DemoError> {
    let scratch = if options.keep { Scratch::kept(options.out.join("service"))? } else { Scratch::new()? };
    crate::telemetry::start_metrics();
    let start = morning();
    let clock = Arc::new(ManualClock::new(start));
    let shared: SharedClock = clock.clone();
    let chats = options.out.join("chats.jsonl");
    std::fs::create_dir_all(&options.out).map_err(DemoError::file(&options.out))?;
    let chronicle = Chronicle::begin(&chats, TIMEZONE).map_err(DemoError::file(&chats))?;
    let setting = Setting {
        size: Size::of(options.students),
        locale: options.locale,
        seed: options.seed,
        listen: "127.0.0.1:0".to_owned(),
        header: None,
        chronicle: Some(chronicle.clone()),
    };
    let stage = Stage::set(&setting, shared.clone()).await?;
    let (app, past) = open(&stage, &scratch, options, shared).await?;
    let mut cast = cast(&stage, &app, options);
    let student = stage.account(first_student(&stage));
    student.blocks(&stage.bot);
    cast.stays_silent(student.id());
    let text = app.texts.word(options.locale, "demo-directive");
    cast.issue(stage.account("leader").id(), &text, 3, start + DIRECTIVE_AFTER);
    app.engine.prepare_days().await?;
    let mut troupe = Troupe::new(&app, cast, clock);
    troupe.play().await?;
    let summary = artefacts::write(&app, options).await?;
    describe(&stage, &past, &app.engine.settings, &options.out.join("school"))?;
    chronicle.finish().map_err(DemoError::file(&chats))?;
    Ok(summary)
}

/// Somebody blocks the bot: the last student of the roster.
fn first_student(stage: &Stage) -> &str {
    let student = |code: &&String| stage.roster.people[*code].is(crate::domain::roster::Role::Student);
    stage.roster.people.keys().rev().find(student).map_or("leader", String::as_str)
}

/// The service's loops, driven by hand, and the people.
struct Troupe {
    poller: Poller,
    courier: Courier,
    timers: Timers,
    cast: Cast,
    clock: Arc<ManualClock>,
    engine: crate::engine::Engine,
}

impl Troupe {
    fn new(app: &App, cast: Cast, clock: Arc<ManualClock>) -> Self {
        let bot = &app.bots[0];
        Troupe {
            poller: app.poller(bot),
            courier: app.courier(bot),
            timers: app.timers(),
            cast,
            clock,
            engine: app.engine.clone(),
        }
    }

    async fn play(&mut self) -> Result<(), DemoError> {
        let end = self.clock.start() + PLAYED;
        for _ in 0..STUCK {
            let Some(pause) = self.work().await? else { continue };
            if self.clock.now() >= end {
                return Ok(());
            }
            self.clock.advance(pause);
        }
        Err(DemoError::Stuck(format!("it is {} and nothing moves", self.clock.now())))
    }

    /// Does what can be done now; `None` when there may be more at once, otherwise how long nothing will.
    async fn work(&mut self) -> Result<Option<Duration>, DemoError> {
        let now = self.clock.now();
        let acted = self.cast.act(now);
        let polled = self.poller.step(Duration::ZERO).await?;
        let next_timer = self.timers.step().await?;
        let step = self.courier.step().await?;
        self.cast.watch(now);
        let Step::Idle { until } = step else { return Ok(None) };
        if acted > 0 || matches!(polled, Polled::Took(_)) {
            return Ok(None);
        }
        if self.engine.has_waiting().await? {
            return Ok(Some(until.saturating_sub(self.clock.elapsed()).max(Duration::from_millis(1))));
        }
        let next = [next_timer, self.cast.next()].into_iter().flatten().min();
        let pause = next.map_or(Duration::from_secs(600), |at| (at - now).to_std().unwrap_or_default());
        // In small hops: a service that polled nothing for two minutes thinks of an outage.
        Ok(Some(pause.clamp(Duration::from_millis(1), Duration::from_secs(90))))
    }
}
