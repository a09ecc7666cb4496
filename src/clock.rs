//! The only place that asks the machine for the time. Everything else is given `now`.
#![allow(clippy::disallowed_methods)]

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

/// A future that ends at a moment of a clock.
pub type Sleep<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// Tells the time and wakes at a time.
pub trait Clock: Send + Sync {
    /// The moment it is, as the world outside counts it. May jump when the machine's clock is set.
    fn now(&self) -> DateTime<Utc>;
    /// Time passed since the clock was made. Never goes back; for rates and leases within a process.
    fn elapsed(&self) -> Duration;
    /// Ends when this much time of this clock has passed.
    fn sleep(&self, time: Duration) -> Sleep<'_>;
}

/// A clock shared by all parts of a process.
pub type SharedClock = Arc<dyn Clock>;

/// The machine's own clock, possibly running faster (demo).
pub struct SystemClock {
    started: Instant,
    base: DateTime<Utc>,
    speed: f64,
}

impl SystemClock {
    /// The machine's clock as it is.
    pub fn new() -> Self {
        Self::faster(Utc::now(), 1.0)
    }

    /// A clock that starts at `base` and runs `speed` times as fast as the machine's.
    pub fn faster(base: DateTime<Utc>, speed: f64) -> Self {
        Self { started: Instant::now(), base, speed }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        if self.speed == 1.0 {
            return Utc::now();
        }
        self.base + TimeDelta::from_std(self.elapsed()).unwrap_or(TimeDelta::MAX)
    }

    fn elapsed(&self) -> Duration {
        self.started.elapsed().mul_f64(self.speed)
    }

    fn sleep(&self, time: Duration) -> Sleep<'_> {
        Box::pin(tokio::time::sleep(time.div_f64(self.speed)))
    }
}

/// A clock that stands still until it is moved: for tests and the demo that plays a day at once.
pub struct ManualClock {
    start: DateTime<Utc>,
    now: Mutex<DateTime<Utc>>,
    moved: watch::Sender<Duration>,
}

impl ManualClock {
    /// A clock that shows `start`.
    pub fn new(start: DateTime<Utc>) -> Self {
        Self { start, now: Mutex::new(start), moved: watch::Sender::new(Duration::ZERO) }
    }

    /// Moves the clock forward.
    pub fn advance(&self, time: Duration) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        *now += TimeDelta::from_std(time).unwrap_or(TimeDelta::MAX);
        drop(now);
        self.moved.send_modify(|elapsed| *elapsed += time);
    }

    /// Sets what the clock shows, also backwards, without time passing (somebody set the machine's clock).
    pub fn set(&self, to: DateTime<Utc>) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) = to;
    }

    /// What the clock showed at first.
    pub fn start(&self) -> DateTime<Utc> {
        self.start
    }
}

impl Clock for ManualClock {
    fn now(&self) -> DateTime<Utc> {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn elapsed(&self) -> Duration {
        *self.moved.borrow()
    }

    fn sleep(&self, time: Duration) -> Sleep<'_> {
        let until = self.elapsed() + time;
        let mut moved = self.moved.subscribe();
        Box::pin(async move {
            // The sender lives as long as the clock that this future borrows.
            let _ = moved.wait_for(|elapsed| *elapsed >= until).await;
        })
    }
}
