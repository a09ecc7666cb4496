//! The running service, driven by hand: taking updates over HTTP, firing timers, sending.

use std::sync::Arc;
use std::time::Duration;

use botapi_sandbox::Bot;
use tierline::app;
use tierline::args;
use tierline::chat::telegram::{TelegramChat, TelegramOptions, update};
use tierline::chat::{Chat, Poll};
use tierline::clock::SharedClock;
use tierline::config::{Config, Secret};
use tierline::engine::{BotInfo, Engine, Update};
use tierline::loops::courier::{Courier, Limits, Parts, Step};
use tierline::loops::lease::{Lease, lock_path};
use tierline::store::Db;
use tierline::store::seal::Sealer;
use tierline::text::Texts;

/// What an app is built from; the same before and after a restart.
pub struct Recipe {
    pub api_url: String,
    pub bot: Bot,
    pub clock: SharedClock,
    pub database: String,
    pub config: Config,
    pub key: [u8; 32],
}

/// One run of the service: nothing of it survives a restart but what is in the database.
pub struct App {
    pub engine: Engine,
    chat: Arc<TelegramChat>,
    courier: Courier,
    bot: i64,
    offset: i64,
}

impl App {
    /// Builds it anew; `run` counts the starts.
    pub async fn start(recipe: &Recipe, run: u32) -> Self {
        let db = Db::open(&recipe.database).await.expect("the database opens");
        let settings = app::settings(&recipe.config).expect("tiers");
        let engine = Engine::new(db, Sealer::with_key(recipe.key), settings, recipe.clock.clone());
        let (id, username) = (recipe.bot.id(), recipe.bot.username().to_owned());
        engine.set_bots(vec![BotInfo { id, username: username.clone(), units: Vec::new() }]);
        let api = recipe.api_url.parse().expect("an address");
        let options = TelegramOptions { call: Duration::from_secs(5), ..TelegramOptions::default() };
        let chat = Arc::new(TelegramChat::new(&api, &Secret::new(recipe.bot.token()), options).expect("a client"));
        let owner = format!("run-{run}");
        let lock = lock_path(&recipe.database, "sender", id);
        let lease = Lease::new(&format!("sender:{id}"), &owner, &engine.db, lock, engine.clock.clone());
        let limits = recipe.config.telegram.limits;
        let limits = Limits {
            per_second: limits.per_second,
            per_chat_per_second: limits.per_chat_per_second,
            per_group_per_minute: limits.per_group_per_minute,
        };
        let texts = Arc::new(Texts::new());
        let parts = Parts { bot: id, username, chat: chat.clone(), texts, limits, lease, owner };
        let courier = Courier::new(engine.clone(), parts);
        Self { engine, chat, courier, bot: id, offset: 0 }
    }

    /// Takes all updates that wait.
    pub async fn takes(&mut self) {
        loop {
            let poll = Poll { offset: self.offset, limit: 100, timeout: Duration::ZERO };
            let raw = self.chat.updates(poll).await.expect("getUpdates");
            if raw.is_empty() {
                return;
            }
            let mut updates = Vec::new();
            for raw in raw {
                let parsed = update::parse(&raw);
                let Some(id) = parsed.update_id else { continue };
                self.offset = self.offset.max(id + 1);
                updates.push(Update { bot: self.bot, id, kind: parsed.kind, raw, incoming: parsed.incoming });
            }
            self.engine.take(&updates).await.expect("takes");
        }
    }

    /// Fires what is due.
    pub async fn fires(&mut self) {
        while self.engine.fire_timers().await.expect("timers") > 0 {}
    }

    /// Sends what can be sent now; returns when it could send more, in the clock's elapsed time.
    pub async fn sends(&mut self) -> Duration {
        loop {
            if let Step::Idle { until } = self.courier.step().await.expect("the courier steps") {
                return until;
            }
        }
    }

    /// Takes, fires and sends until nothing more can be done at this moment; then as [`App::sends`].
    pub async fn turn(&mut self) -> Duration {
        self.takes().await;
        self.fires().await;
        self.sends().await
    }

    /// Whether anything waits to be sent.
    pub async fn has_mail(&self) -> bool {
        let mut tx = self.engine.db.read().await.expect("reads");
        let sql = "SELECT COUNT(*) AS n FROM outbox WHERE state IN ('queued', 'flight')";
        let waiting: i64 = tx.one(sql, args![], |row| row.get("n")).await.expect("counts");
        waiting > 0
    }

    /// How long until the next timer, if there is one.
    pub async fn next_timer(&self) -> Option<Duration> {
        let due = self.engine.next_timer().await.expect("timers")?;
        Some((due - self.engine.now()).to_std().unwrap_or_default())
    }
}
