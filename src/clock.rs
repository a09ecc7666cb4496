//! The only place that asks the machine for the time. Everything else is given `now`.
#![allow(clippy::disallowed_methods)]

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::str::FromStr;
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
    /// What it showed at first; `None`: whatever the machine shows, also when that is set.
    base: Option<DateTime<Utc>>,
    speed: f64,
}

impl SystemClock {
    /// The machine's clock as it is.
    pub fn new() -> Self {
        Self { started: Instant::now(), base: None, speed: 1.0 }
    }

    /// A clock that starts at `base` and runs `speed` times as fast as the machine's.
    pub fn faster(base: DateTime<Utc>, speed: f64) -> Self {
        Self { started: Instant::now(), base: Some(base), speed }
    }

    /// A clock that all processes with the same pace share, whenever they start.
    pub fn paced(pace: Pace) -> Self {
        let passed = (Utc::now() - pace.at).to_std().unwrap_or_default().mul_f64(pace.speed);
        Self::faster(pace.shown + TimeDelta::from_std(passed).unwrap_or(TimeDelta::MAX), pace.speed)
    }

    /// The clock of this process: the machine's, unless the fault runner asks for another in [`PACE`].
    pub fn of_process() -> Self {
        let pace = std::env::var(PACE).ok().and_then(|pace| pace.parse().ok());
        pace.map_or_else(Self::new, Self::paced)
    }
}

/// The environment variable by which tests let a process live in a faster time; its value is a [`Pace`].
pub const PACE: &str = "TIERLINE_CLOCK";

/// How a clock runs that several processes share: it showed `shown` when the machine showed `at`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// By the machine's clock.
    pub at: DateTime<Utc>,
    /// By the shared clock.
    pub shown: DateTime<Utc>,
    /// How many times as fast as the machine's it runs.
    pub speed: f64,
}

impl fmt::Display for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}@{}", self.speed, self.at.timestamp_millis(), self.shown.timestamp_millis())
    }
}

impl FromStr for Pace {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.split('@');
        let mut next = || parts.next().ok_or(());
        let speed: f64 = next()?.parse().map_err(|_| ())?;
        let mut moment = || {
            let millis = next()?.parse().map_err(|_| ())?;
            DateTime::from_timestamp_millis(millis).ok_or(())
        };
        let (at, shown) = (moment()?, moment()?);
        if speed > 0.0 && speed.is_finite() { Ok(Self { at, shown, speed }) } else { Err(()) }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        let Some(base) = self.base else { return Utc::now() };
        base + TimeDelta::from_std(self.elapsed()).unwrap_or(TimeDelta::MAX)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pace_reads_back_and_is_shared() {
        let moment = |seconds| DateTime::from_timestamp(seconds, 0).expect("a moment");
        let pace = Pace { at: moment(1_000_000), shown: moment(2_000_000_000), speed: 60.5 };
        assert_eq!(pace.to_string().parse(), Ok(pace));
        for wrong in ["", "60", "60@1", "x@1@2", "0@1@2", "-3@1@2", "NaN@1@2"] {
            assert!(wrong.parse::<Pace>().is_err(), "{wrong}");
        }
        let (first, second) = (SystemClock::paced(pace), SystemClock::paced(pace));
        assert!(first.now() > moment(2_000_000_000) && second.now() - first.now() < TimeDelta::hours(1));
    }
}
