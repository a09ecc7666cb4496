//! The Rust handle: starting a sandbox, and acting and looking through it.

mod account;
mod bot;
mod group;
mod reading;

pub use account::{Account, AccountSpec};
pub use bot::Bot;
pub use group::{Group, InGroup};
pub use reading::{Button, PressId, ShownMedia, ShownMessage};

pub(crate) use account::tap;
pub(crate) use reading::{peers_of, shown};

use std::net::SocketAddr;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex};

use axum::serve::Listener;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use tokio::sync::watch;

use crate::connection::{CuttingListener, Link, Refusals};
use crate::limits::Limits;
use crate::server::{PageOptions, Shared, router};
use crate::sights::{Onlooker, Sight};
use crate::state::{Clock, State};

/// Why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is not free or not allowed.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address asked for.
        address: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The client that posts to webhooks could not be built.
    #[error("cannot build the client for webhooks: {0}")]
    Client(#[from] reqwest::Error),
}

/// Settings of a sandbox that is about to start.
pub struct Builder {
    clock: Clock,
    limits: Limits,
    seed: u64,
    address: String,
    calls: usize,
    answer_within: TimeDelta,
    page: PageOptions,
    onlooker: Option<Onlooker>,
}

impl Builder {
    /// The clock of limits, expiry and dates; the system's by default.
    pub fn clock(mut self, clock: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Limits on sends and edits; Telegram's by default.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Seed of everything random (faults, shuffling).
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Address to listen on; `127.0.0.1:0` (any free port) by default.
    pub fn listen(mut self, address: impl Into<String>) -> Self {
        self.address = address.into();
        self
    }

    /// How many calls are kept for [`Sandbox::calls`]; 1,000,000 by default, 0 for none.
    pub fn keep_calls(mut self, most: usize) -> Self {
        self.calls = most;
        self
    }

    /// How long after a press the bot can answer it; 15 s by default.
    pub fn answer_within(mut self, time: TimeDelta) -> Self {
        self.answer_within = time;
        self
    }

    /// Title of the page.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.page.title = title.into();
        self
    }

    /// Accounts (by id) the page does not list.
    pub fn hidden(mut self, hidden: impl Fn(i64) -> bool + Send + Sync + 'static) -> Self {
        self.page.hidden = Some(Box::new(hidden));
        self
    }

    /// Extra JSON for the page's header, asked for every second; the README lists what the page shows of it.
    pub fn status(mut self, status: Arc<dyn Fn() -> Value + Send + Sync>) -> Self {
        self.page.status = Some(status);
        self
    }

    /// Tells `onlooker` of everything that people see and do, in order, as it happens: messages, edits, presses, answers.
    /// It is called while the sandbox waits for it, so it must not call the sandbox.
    pub fn onlooker(mut self, onlooker: impl FnMut(&Sight) + Send + 'static) -> Self {
        self.onlooker = Some(Box::new(onlooker));
        self
    }

    /// Listens and serves until the last handle is dropped.
    pub async fn start(self) -> Result<Sandbox, StartError> {
        let failed = |source| StartError::Listen { address: self.address.clone(), source };
        let mut found = tokio::net::lookup_host(&self.address).await.map_err(failed)?;
        let address = found.next().ok_or_else(|| failed(std::io::ErrorKind::AddrNotAvailable.into()))?;
        let refusals = Arc::new(Refusals::default());
        let listener = CuttingListener::bind(address, Arc::clone(&refusals), self.seed).map_err(failed)?;
        let address = Listener::local_addr(&listener).map_err(failed)?;
        let mut state = State::new(self.clock, self.seed, self.limits);
        state.kept_calls = self.calls;
        state.answer_within = self.answer_within;
        state.onlooker = self.onlooker;
        let client =
            reqwest::Client::builder().timeout(std::time::Duration::from_secs(60)).no_proxy().build()?;
        let shared = Arc::new(Shared {
            state: Mutex::new(state),
            changed: watch::Sender::new(0),
            stop: watch::Sender::new(false),
            refusals,
            client,
            page: self.page,
            webhooks: AtomicU64::new(0),
        });
        let service = router(Arc::clone(&shared)).into_make_service_with_connect_info::<Link>();
        let mut stop = shared.stop.subscribe();
        tokio::spawn(async move {
            let stopped = async move { while stop.changed().await.is_ok_and(|()| !*stop.borrow()) {} };
            if let Err(error) = axum::serve(listener, service).with_graceful_shutdown(stopped).await {
                tracing::error!(%error, "the sandbox stopped serving");
            }
        });
        Ok(Sandbox(Arc::new(Running { shared, address })))
    }
}

struct Running {
    shared: Arc<Shared>,
    address: SocketAddr,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.shared.stop.send_replace(true);
    }
}

/// A running sandbox. Clones, accounts, bots and groups are handles to the same one; it stops with the last.
#[derive(Clone)]
pub struct Sandbox(Arc<Running>);

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sandbox({})", self.0.address)
    }
}

impl Sandbox {
    /// Settings to start with.
    pub fn builder() -> Builder {
        Builder {
            clock: Arc::new(crate::clock::system),
            limits: Limits::default(),
            seed: 0,
            address: "127.0.0.1:0".to_owned(),
            calls: 1_000_000,
            answer_within: TimeDelta::seconds(15),
            page: PageOptions { title: "Bot API sandbox".to_owned(), ..PageOptions::default() },
            onlooker: None,
        }
    }

    /// Where bots send their calls, without a slash at the end.
    pub fn api_url(&self) -> String {
        format!("http://{}", self.0.address)
    }

    /// The page that shows all chats.
    pub fn page_url(&self) -> String {
        format!("http://{}/", self.0.address)
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.0.address
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.0.shared
    }

    pub(crate) fn change<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        self.0.shared.change(act)
    }

    /// Carries out an act and panics with its refusal: the test itself is wrong then.
    #[track_caller]
    pub(crate) fn act<T>(&self, act: impl FnOnce(&mut State) -> Result<T, String>) -> T {
        match self.change(act) {
            Ok(value) => value,
            Err(refusal) => panic!("{refusal}"),
        }
    }

    pub(crate) fn look<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.0.shared.lock())
    }

    /// Stops serving: connections end, polls return, webhooks fall silent.
    pub fn stop(&self) {
        self.0.shared.stop.send_replace(true);
    }
}
