//! The running service, driven by hand: taking updates over HTTP, firing timers, sending.

use std::time::Duration;

use tierline::app::App;
use tierline::args;
use tierline::clock::SharedClock;
use tierline::config::Config;
use tierline::domain::message::OperatorNote;
use tierline::engine::Engine;
use tierline::loops::courier::{Courier, Step};
use tierline::loops::housekeeping::{self, Housekeeping};
use tierline::loops::intake::{Polled, Poller};
use tierline::loops::timers::Timers;
use tierline::store::Db;
use tierline::store::seal::Sealer;

/// What a run of the service is built from; the same before and after a restart.
#[derive(Clone)]
pub struct Recipe {
    pub clock: SharedClock,
    pub config: Config,
    pub key_file: std::path::PathBuf,
    /// Check-ins are opened.
    pub days: bool,
    /// The schema that the program knows; `None`: the newest.
    pub schema: Option<i64>,
}

/// One run of the service: nothing of it survives a restart but what is in the database.
pub struct Service {
    pub engine: Engine,
    pollers: Vec<Poller>,
    timers: Timers,
    couriers: Vec<Courier>,
    housekeeping: Housekeeping,
    cleaned_at: Duration,
    /// What the auditor missed in this run.
    pub alarms: i64,
    /// Whether all that was due today went out, when it was last looked.
    pub nags: OperatorNote,
}

impl Service {
    /// Builds it anew; `run` counts the starts.
    pub async fn start(recipe: &Recipe, run: u32) -> Self {
        let (url, read_url) = (&recipe.config.database.url, &recipe.config.database.read_url);
        let db = match recipe.schema {
            Some(schema) => Db::open_at(url.reveal(), schema).await,
            None => Db::open_with_reads(url.reveal(), read_url.as_ref().map_or("", |url| url.reveal())).await,
        };
        let db = db.expect("the database opens");
        let sealer = Sealer::open(&recipe.key_file).expect("the key file");
        let (config, clock) = (recipe.config.clone(), recipe.clock.clone());
        let app = App::build(config, db, sealer, clock, format!("run-{run}")).expect("the app is built");
        for bot in &app.bots {
            // A bot that cannot be met does not stop the others.
            let met = app.meet(bot).await;
            assert!(met.is_ok() || app.bots.len() > 1, "{met:?}");
        }
        if recipe.days {
            app.engine.prepare_days().await.expect("the next day is set");
        }
        Self {
            pollers: app.bots.iter().map(|bot| app.poller(bot)).collect(),
            timers: app.timers(),
            couriers: app.bots.iter().map(|bot| app.courier(bot)).collect(),
            housekeeping: app.housekeeping(),
            cleaned_at: app.engine.clock.elapsed(),
            engine: app.engine,
            alarms: 0,
            nags: OperatorNote::default(),
        }
    }

    /// Takes all updates that wait, if this run may poll.
    pub async fn takes(&mut self) {
        for poller in &mut self.pollers {
            while let Polled::Took(_) = poller.step(Duration::ZERO).await.expect("polls") {}
        }
    }

    /// Takes, fires and sends until nothing more can be done at this moment; returns when it could send more, in the
    /// clock's elapsed time.
    pub async fn turn(&mut self) -> Duration {
        self.takes().await;
        self.timers.step().await.expect("timers fire");
        let now = self.engine.clock.elapsed();
        if now >= self.cleaned_at + housekeeping::EVERY {
            self.cleaned_at = now;
            let found = self.housekeeping.step().await.expect("cleans up");
            self.alarms += found.lost;
            self.nags = found.nags;
        }
        let mut first = Duration::MAX;
        for courier in &mut self.couriers {
            loop {
                if let Step::Idle { until } = courier.step().await.expect("the courier steps") {
                    first = first.min(until);
                    break;
                }
            }
        }
        first
    }

    /// Whether anything waits to be sent by a bot that can send.
    pub async fn has_mail(&self) -> bool {
        let mut tx = self.engine.db.read().await.expect("reads");
        let several = "SELECT COUNT(*) AS n FROM outbox WHERE state IN ('queued', 'flight') \
                   AND bot NOT IN (SELECT bot FROM failing_bots)";
        let one = "SELECT COUNT(*) AS n FROM outbox WHERE state IN ('queued', 'flight')";
        let sql = if self.couriers.len() > 1 { several } else { one };
        let waiting: i64 = tx.one(sql, args![], |row| row.get("n")).await.expect("counts");
        waiting > 0
    }

    /// How long until the next timer, if there is one.
    pub async fn next_timer(&self) -> Option<Duration> {
        let due = self.engine.next_timer().await.expect("timers")?;
        Some((due - self.engine.now()).to_std().unwrap_or_default())
    }
}
