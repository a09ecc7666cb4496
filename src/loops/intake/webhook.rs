//! Updates by webhook: requests queue, one taker takes as many as there are in one transaction, and each request is
//! answered when that has committed.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot, watch};

use super::{Arrived, read, take};
use crate::clock::SharedClock;
use crate::engine::{Engine, Update};
use crate::store::Result;

/// How many requests may wait.
const WAITING: usize = 4096;
/// How many updates share a transaction.
const TOGETHER: usize = 256;

struct Delivery {
    arrived: Arrived,
    done: oneshot::Sender<bool>,
}

/// Where requests put their updates.
#[derive(Clone)]
pub struct Queue {
    sender: mpsc::Sender<Delivery>,
    clock: SharedClock,
}

/// Takes what is in the queue.
pub struct Taker {
    engine: Engine,
    receiver: mpsc::Receiver<Delivery>,
}

/// A queue and its taker.
pub fn queue(engine: &Engine) -> (Queue, Taker) {
    let (sender, receiver) = mpsc::channel(WAITING);
    (Queue { sender, clock: engine.clock.clone() }, Taker { engine: engine.clone(), receiver })
}

impl Queue {
    /// Hands over a raw update; `true` when it is durable and may be confirmed. `false`: the queue is full, or the
    /// database cannot be reached, and Telegram is to bring it again.
    pub async fn deliver(&self, bot: i64, raw: Vec<u8>) -> bool {
        let (done, committed) = oneshot::channel();
        let arrived = Arrived { update: read(bot, raw), at: self.clock.elapsed() };
        if self.sender.try_send(Delivery { arrived, done }).is_err() {
            return false;
        }
        committed.await.unwrap_or(false)
    }
}

impl Taker {
    /// Waits for updates and takes all there are; returns how many, 0 when the queue is closed.
    pub async fn step(&mut self) -> usize {
        let mut deliveries = Vec::with_capacity(TOGETHER);
        let count = self.receiver.recv_many(&mut deliveries, TOGETHER).await;
        let mut bots: BTreeMap<i64, Vec<Delivery>> = BTreeMap::new();
        for delivery in deliveries {
            bots.entry(delivery.arrived.update.bot).or_default().push(delivery);
        }
        for deliveries in bots.into_values() {
            self.take(deliveries).await;
        }
        count
    }

    async fn take(&self, deliveries: Vec<Delivery>) {
        let (mut updates, mut arrived, mut waiting) = (Vec::new(), Vec::new(), Vec::new());
        for Delivery { arrived: Arrived { update, at }, done } in deliveries {
            updates.push(update);
            arrived.push(at);
            waiting.push(done);
        }
        let is_taken = match self.try_take(&updates, &arrived).await {
            Ok(()) => true,
            Err(error) => {
                tracing::warn!(updates = updates.len(), %error, "updates are not taken: Telegram brings them again");
                false
            }
        };
        for done in waiting {
            // A request that was broken off no longer waits; its update is brought again and known then.
            let _ = done.send(is_taken);
        }
    }

    /// A conflict with another process is tried again: the same batch succeeds then.
    async fn try_take(&self, updates: &[Update], arrived: &[Duration]) -> Result<()> {
        const TRIES: u32 = 3;
        for _ in 1..TRIES {
            match take(&self.engine, updates, arrived.iter().copied()).await {
                Err(error) if error.is_passing() => tracing::debug!(%error, "a batch is taken again"),
                other => return other.map(drop),
            }
        }
        take(&self.engine, updates, arrived.iter().copied()).await.map(drop)
    }

    /// Runs until `stop` says so; what was queued by then is taken.
    ///
    /// # Errors
    /// Never; the signature is that of all loops.
    pub async fn run(&mut self, stop: &mut watch::Receiver<bool>) -> Result<()> {
        loop {
            tokio::select! {
                biased;
                count = self.step() => if count == 0 { return Ok(()) },
                _ = stop.wait_for(|stop| *stop) => break,
            }
        }
        self.receiver.close();
        while self.step().await > 0 {}
        Ok(())
    }
}
