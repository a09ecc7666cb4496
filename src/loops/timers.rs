//! Firing timers when they are due, and trying again what failed.

use std::time::Duration;

use tokio::sync::watch;

use super::intake::read_again;
use crate::domain::message::Time;
use crate::engine::Engine;
use crate::store::Result;

/// How often it is looked whether something is due, at least: other processes set timers, and clocks are set.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// How often failed updates are looked for.
const RETRY_EVERY: Duration = Duration::from_secs(10);

/// Fires timers.
pub struct Timers {
    engine: Engine,
    wake: watch::Receiver<u64>,
    retried_at: Option<Duration>,
}

impl Timers {
    /// The timers of a database; several processes may fire them together.
    pub fn new(engine: Engine) -> Self {
        Self { wake: engine.wake(), engine, retried_at: None }
    }

    /// Fires all that is due; returns when the next is.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn step(&mut self) -> Result<Option<Time>> {
        self.wake.mark_unchanged();
        let now = self.engine.clock.elapsed();
        if self.retried_at.is_none_or(|at| now >= at + RETRY_EVERY) {
            self.retried_at = Some(now);
            let healed = self.engine.retry_failed(read_again).await?;
            if healed > 0 {
                tracing::info!(healed, "updates that had failed were taken after all");
            }
        }
        while self.is_due().await? && self.fire().await? > 0 {}
        self.engine.next_timer().await
    }

    async fn is_due(&self) -> Result<bool> {
        Ok(self.engine.next_timer().await?.is_some_and(|due| due <= self.engine.now()))
    }

    async fn fire(&self) -> Result<usize> {
        match self.engine.fire_timers().await {
            Err(error) if error.is_passing() => {
                tracing::debug!(%error, "timers are fired again");
                self.engine.clock.sleep(Duration::from_millis(20)).await;
                Ok(1)
            }
            other => other,
        }
    }

    /// Runs until `stop` says so.
    ///
    /// # Errors
    /// When the database cannot be reached: whoever runs it starts it again.
    pub async fn run(&mut self, stop: &mut watch::Receiver<bool>) -> Result<()> {
        while !*stop.borrow_and_update() {
            let next = self.step().await?;
            let until = next.and_then(|next| (next - self.engine.now()).to_std().ok());
            tokio::select! {
                () = self.engine.clock.sleep(until.unwrap_or(LOOK_AGAIN).min(LOOK_AGAIN)) => {}
                _ = self.wake.changed() => {}
                _ = stop.changed() => {}
            }
        }
        Ok(())
    }
}
