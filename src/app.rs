//! The composition root: what is built from what, which loops run, how they stop. Tests and the demo build the same
//! app with a clock of their own and drive its loops by hand.

mod heartbeat;
mod manager;
mod running;
mod settings;

use std::sync::Arc;

use tokio::net::TcpListener;

use crate::chat::telegram::{TelegramChat, TelegramOptions};
use crate::chat::{Chat, SendError};
use crate::clock::SharedClock;
use crate::config::{Config, Updates};
use crate::domain::fleet::BotTrouble;
use crate::domain::roster::TiersError;
use crate::engine::{BotInfo, Engine};
use crate::http::health::Health;
use crate::loops::courier::{Courier, Limits, Parts};
use crate::loops::housekeeping::Housekeeping;
use crate::loops::intake::{Poller, PollerParts};
use crate::loops::lease::{Lease, lock_path};
use crate::loops::timers::Timers;
use crate::store::Db;
use crate::store::fleet::Failing;
use crate::store::seal::Sealer;
use crate::text::Texts;

pub use settings::{day_policy, settings};

/// Why the service cannot start, for the operator.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// No bot is configured.
    #[error("no bot has a token: set TELEGRAM_BOT_TOKEN, telegram.token or telegram.token_file")]
    NoBot,
    /// A token does not look like one.
    #[error("the token of the bot {0} is not as @BotFather gave it")]
    Token(String),
    /// Two tokens of one bot.
    #[error("the bots {0} and {1} have tokens of the same account")]
    SameBot(String, String),
    /// The tiers are wrong.
    #[error(transparent)]
    Tiers(#[from] TiersError),
    /// The address to listen on cannot be used.
    #[error("http.listen = \"{address}\": {error}")]
    Listen {
        /// As configured.
        address: String,
        /// Why not.
        error: std::io::Error,
    },
}

/// One bot of the service.
#[derive(Clone)]
pub struct AppBot {
    /// What the operator calls it.
    pub name: String,
    /// Its account.
    pub id: i64,
    /// The units it serves; empty: all.
    pub units: Vec<String>,
    /// The way to its chats.
    pub chat: Arc<dyn Chat>,
}

impl AppBot {
    /// As the engine knows it before it was asked.
    fn unmet(&self) -> BotInfo {
        BotInfo { name: self.name.clone(), id: self.id, username: String::new(), units: self.units.clone() }
    }
}

/// Everything the service is made of.
pub struct App {
    /// What it was built from.
    pub config: Config,
    /// The use cases, with database and clock.
    pub engine: Engine,
    /// The bots, in the configuration's order.
    pub bots: Vec<AppBot>,
    /// The words.
    pub texts: Arc<Texts>,
    /// What `/readyz` tells.
    pub health: Arc<Health>,
    /// This process, as leases and calls in flight name it.
    pub owner: String,
    listener: Option<TcpListener>,
}

impl App {
    /// Builds the service; nothing runs and nothing was asked of Telegram yet. `owner` names this process: unique among
    /// those that run at a time.
    ///
    /// # Errors
    /// When no bot is configured, or a token is none.
    pub fn build(
        config: Config,
        db: Db,
        sealer: Sealer,
        clock: SharedClock,
        owner: String,
    ) -> Result<Self, BuildError> {
        let bots = bots(&config)?;
        let engine = Engine::new(db.clone(), sealer, settings(&config)?, clock.clone());
        engine.set_bots(bots.iter().map(AppBot::unmet).collect());
        let health = Arc::new(Health::new(db, clock, bots.iter().map(|bot| bot.name.as_str())));
        Ok(Self { config, engine, bots, texts: Arc::new(Texts::new()), health, owner, listener: None })
    }

    /// Listens on `http.listen`, so that a wrong address is told before anything runs; returns the address.
    ///
    /// # Errors
    /// When the address cannot be used.
    pub async fn listen(&mut self) -> Result<std::net::SocketAddr, BuildError> {
        let address = self.config.http.listen.clone();
        let failed = |error| BuildError::Listen { address: address.clone(), error };
        let listener = TcpListener::bind(&address).await.map_err(failed)?;
        let bound = listener.local_addr().map_err(failed)?;
        self.listener = Some(listener);
        Ok(bound)
    }

    /// Asks every bot who it is and tells the engine.
    ///
    /// # Errors
    /// When a bot's API does not answer, or does not accept its token.
    pub async fn connect(&self) -> Result<(), SendError> {
        for bot in &self.bots {
            self.meet(bot).await?;
        }
        Ok(())
    }

    /// Asks a bot who it is and tells the engine.
    ///
    /// # Errors
    /// When its API does not answer, or does not accept its token; with several bots the others are told of that.
    pub async fn meet(&self, bot: &AppBot) -> Result<(), SendError> {
        let met = bot.chat.me().await;
        match &met {
            Ok(me) => {
                self.health.answered(&bot.name);
                self.engine.know_bot(bot.id, &me.username);
            }
            Err(error) => note_failure(&self.health, &bot.name, error),
        }
        let noted = match &met {
            Ok(_) => self.engine.bot_is_back(bot.id).await,
            Err(SendError::Unauthorized) => {
                let refused = Failing { bot: bot.id, why: BotTrouble::Refused, until: None };
                self.engine.bot_fails(refused).await
            }
            Err(_) => Ok(()),
        };
        if let Err(error) = noted {
            tracing::warn!(bot = bot.name, %error, "how the bot fares cannot be noted");
        }
        met.map(drop)
    }

    /// The sender of a bot. Its username is known after [`App::meet`].
    pub fn courier(&self, bot: &AppBot) -> Courier {
        let limits = self.config.telegram.limits;
        let known = self.engine.bots().into_iter().find(|known| known.id == bot.id);
        Courier::new(
            self.engine.clone(),
            Parts {
                bot: bot.id,
                username: known.map(|known| known.username).unwrap_or_default(),
                chat: bot.chat.clone(),
                fleet: Arc::new(self.bots.iter().map(|bot| (bot.id, bot.chat.clone())).collect()),
                texts: self.texts.clone(),
                limits: Limits {
                    per_second: limits.per_second,
                    per_chat_per_second: limits.per_chat_per_second,
                    per_group_per_minute: limits.per_group_per_minute,
                },
                lease: self.lease("sender", bot.id),
                owner: self.owner.clone(),
            },
        )
    }

    /// What polls the updates of a bot.
    pub fn poller(&self, bot: &AppBot) -> Poller {
        let (health, name) = (self.health.clone(), bot.name.clone());
        let report = move |failure: Option<&SendError>| match failure {
            None => health.answered(&name),
            Some(error) => note_failure(&health, &name, error),
        };
        let parts = PollerParts {
            bot: bot.id,
            chat: bot.chat.clone(),
            lease: self.lease("poller", bot.id),
            report: Arc::new(report),
        };
        Poller::new(self.engine.clone(), parts)
    }

    /// What fires timers.
    pub fn timers(&self) -> Timers {
        Timers::new(self.engine.clone())
    }

    /// What cleans up and keeps watch.
    pub fn housekeeping(&self) -> Housekeeping {
        Housekeeping::new(self.engine.clone())
    }

    /// Where Telegram brings a bot's updates: with several bots the address says whose they are.
    pub fn webhook_url(&self, bot: &AppBot) -> Option<url::Url> {
        let Updates::Webhook { url, .. } = &self.config.telegram.updates else { return None };
        let mut url = url.clone();
        if self.bots.len() > 1 {
            url.query_pairs_mut().append_pair("bot", &bot.id.to_string());
        }
        Some(url)
    }

    fn lease(&self, what: &str, bot: i64) -> Lease {
        let lock = lock_path(self.config.database.url.reveal(), what, bot);
        Lease::new(&format!("{what}:{bot}"), &self.owner, &self.engine.db, lock, self.engine.clock.clone())
    }
}

fn bots(config: &Config) -> Result<Vec<AppBot>, BuildError> {
    let mut bots: Vec<AppBot> = Vec::new();
    for bot in &config.telegram.bots {
        let chat = TelegramChat::new(&config.telegram.api_url, &bot.token, TelegramOptions::default());
        let chat = chat.map_err(|_| BuildError::Token(bot.name.clone()))?;
        let id = chat.id();
        if let Some(other) = bots.iter().find(|other| other.id == id) {
            return Err(BuildError::SameBot(other.name.clone(), bot.name.clone()));
        }
        bots.push(AppBot { name: bot.name.clone(), id, units: bot.units.clone(), chat: Arc::new(chat) });
    }
    if bots.is_empty() { Err(BuildError::NoBot) } else { Ok(bots) }
}

/// Notes why a call of a bot failed. A token that is not accepted does not come right by itself: what was answered
/// before says nothing any more.
fn note_failure(health: &Health, bot: &str, error: &SendError) {
    match error {
        SendError::Unauthorized => health.refused(bot, error.to_string()),
        _ => health.failed(bot, error.to_string()),
    }
}

/// A name for this process that no other has.
pub fn fresh_owner() -> String {
    format!("{}-{:08x}", std::process::id(), rand::random::<u32>())
}
