//! What comes back: calls are finished by what it means, and the limits reckon with it.

use std::time::Duration;

use metrics::counter;
use tokio::task::{Id, JoinError};

use super::call::{self, Answer, Flight};
use super::limiter::{self, Micros};
use super::{Courier, LONG_WAIT, OUTAGE, Step};
use crate::chat::SendError;
use crate::domain::fleet::BotTrouble;
use crate::domain::message::Class;
use crate::engine::Learnt;
use crate::fault;
use crate::store::Result;
use crate::store::courier::{End, Ended, Marked};

impl Courier {
    /// Waits until a call comes back, or until more can be started, and finishes what has come back.
    pub(super) async fn land(&mut self, skipped: usize) -> Result<Step> {
        let now = self.engine.clock.elapsed();
        let clock = self.engine.clock.clone();
        let wait = self.next_look().saturating_sub(now).max(Duration::from_millis(1));
        let mut landed = Vec::new();
        tokio::select! {
            Some(first) = self.calls.join_next_with_id() => landed.push(first),
            () = clock.sleep(wait) => {}
            _ = self.wake.changed() => {}
        }
        while let Some(next) = self.calls.try_join_next_with_id() {
            landed.push(next);
        }
        let count = landed.len();
        if count > 0 {
            fault::passing("after_answer");
            self.settle(landed).await?;
        }
        Ok(Step::Sent(count + skipped))
    }

    async fn settle(&mut self, landed: Vec<Landed>) -> Result<()> {
        let now = self.engine.now();
        let (mut ended, mut learnt) = (Vec::new(), Vec::new());
        for landed in landed {
            let Some((flight, result)) = self.came_back(landed) else { continue };
            let (end, lesson) = call::judge(&flight.row, &result, now);
            self.reckon(&flight, &result);
            count(&flight.row, &end);
            ended.push(Ended { id: flight.row.id, message: flight.row.message, end });
            learnt.extend(lesson);
        }
        for lesson in &learnt {
            if let Learnt::Moved { from, to } = lesson {
                self.limiter.moved(*from, *to);
            }
        }
        // The calls are made: what they did must be noted, however long the database is locked.
        loop {
            match self.engine.settle(self.parts.bot, &self.tag, &ended, &learnt).await {
                Ok(()) => break,
                Err(error) if error.is_passing() => {
                    tracing::warn!(%error, "the outcome of calls waits for the database");
                    self.engine.clock.sleep(Duration::from_millis(100)).await;
                }
                Err(error) => return Err(error),
            }
        }
        fault::passing("after_state_commit");
        let queued_again = ended.iter().any(|ended| matches!(ended.end, End::Again { .. }));
        if queued_again || !learnt.is_empty() {
            self.picker.look_everywhere();
        } else {
            self.picker.look_again();
        }
        Ok(())
    }

    fn came_back(&mut self, landed: Landed) -> Option<(Flight, std::result::Result<Answer, SendError>)> {
        match landed {
            Ok((id, result)) => Some((self.flights.remove(&id)?, result)),
            Err(error) => {
                let flight = self.flights.remove(&error.id())?;
                tracing::error!(row = flight.row.id, "a call broke off");
                Some((flight, Err(SendError::Unclear("the call broke off".to_owned()))))
            }
        }
    }

    /// Tells the limiter what a call meant for the limits.
    fn reckon(&mut self, flight: &Flight, result: &std::result::Result<Answer, SendError>) {
        let now = self.micros();
        let reached = !matches!(result, Err(SendError::Before(_)));
        if flight.row.chat != 0 {
            self.limiter.end(flight.row.chat, flight.counts, reached, flight.started, now);
        }
        self.not_connected = if reached { 0 } else { self.not_connected.saturating_add(1) };
        match result {
            Ok(_) => {
                self.limiter.accepted(flight.started);
                self.unauthorized = 0;
                self.trouble = None;
            }
            Err(SendError::RetryAfter { seconds }) => {
                counter!("tierline_retry_after_total").increment(1);
                let bot = self.engine.name_of_bot(self.parts.bot);
                tracing::warn!(bot, seconds, "too many requests: waiting as long as asked");
                self.limiter.refused(flight.row.chat, *seconds, now);
                if self.limiter.frozen_until() > now + LONG_WAIT {
                    self.trouble = Some(BotTrouble::Frozen);
                }
            }
            Err(SendError::Unauthorized) => {
                // Told less and less often: every call of hours meets it.
                self.unauthorized = self.unauthorized.saturating_add(1);
                if self.unauthorized.is_power_of_two() {
                    let bot = self.engine.name_of_bot(self.parts.bot);
                    tracing::error!(bot, "the bot's token is not accepted: check telegram.token");
                }
                self.trouble = Some(BotTrouble::Refused);
                self.limiter.pause(now + 30 * limiter::SECOND);
            }
            Err(SendError::Before(why)) if self.not_connected >= OUTAGE => {
                let pause = call::outage_pause(self.not_connected);
                if self.not_connected.is_power_of_two() {
                    tracing::warn!(why, "the Bot API cannot be reached");
                }
                self.limiter.pause(now + Micros::try_from(pause.as_micros()).unwrap_or(0));
            }
            Err(_) => {}
        }
    }
}

type Landed = std::result::Result<(Id, std::result::Result<Answer, SendError>), JoinError>;

/// What `tierline_sent_total` tells of a call.
const RESULTS: [&str; 4] = ["done", "failed", "stale", "again"];

/// Makes all that the courier counts start at zero: a first failure is then seen as a change.
pub fn announce_metrics() {
    counter!("tierline_retry_after_total").increment(0);
    for class in Class::ALL.map(Class::word) {
        for result in RESULTS {
            counter!("tierline_sent_total", "class" => class, "result" => result).increment(0);
        }
    }
}

fn count(row: &Marked, end: &End) {
    let class =
        Class::ALL.into_iter().find(|class| *class as i64 == row.class).map_or("unknown", Class::word);
    let [done, failed, stale, again] = RESULTS;
    let result = match end {
        End::Done { .. } => done,
        End::Failed { .. } => failed,
        End::Stale => stale,
        End::Again { .. } => again,
    };
    counter!("tierline_sent_total", "class" => class, "result" => result).increment(1);
}
