//! How fast the bot as a whole sends: evenly, and slower when the server shows that its limit is lower than
//! configured.

use std::collections::VecDeque;

use super::limiter::{Micros, SECOND};

/// A start may be this late without losing its place: timers wake late.
const CREDIT: Micros = SECOND / 20;
/// Two 429 this close together from different chats, without an accepted call between, concern the whole bot.
const TOGETHER: Micros = 5 * SECOND;
/// A 429 that asks for no more than this is about a rate; a longer one is a punishment that tells none.
const RATE_SECONDS: u64 = 3;
/// Two freezes this close together at the same rate show a lower limit.
const CONFIRMED: Micros = 60 * SECOND;
/// How long a lowered rate is kept before a higher one is tried, at first and at most.
const HOLD: Micros = 1800 * SECOND;
const LONGEST_HOLD: Micros = 8 * HOLD;
/// How much more is tried then.
const RAISE: f64 = 1.05;

/// The pace of one bot.
#[derive(Debug)]
pub struct Pace {
    configured: f64,
    own: f64,
    next_slot: Micros,
    starts: VecDeque<Micros>,
    suspect: Option<(i64, Micros)>,
    seen: Option<(f64, Micros)>,
    lowered_at: Option<Micros>,
    raise_at: Micros,
    hold: Micros,
}

impl Pace {
    /// The configured pace.
    pub fn new(per_second: u32) -> Self {
        Self {
            configured: f64::from(per_second.max(1)),
            own: f64::from(per_second.max(1)),
            next_slot: Micros::MIN,
            starts: VecDeque::new(),
            suspect: None,
            seen: None,
            lowered_at: None,
            raise_at: Micros::MAX,
            hold: HOLD,
        }
    }

    /// How many calls fit into a second at the present pace.
    pub fn per_second(&self) -> usize {
        self.own as usize
    }

    /// When the next call may start.
    pub fn next_slot(&self) -> Micros {
        self.next_slot
    }

    /// How many calls may start at this instant.
    pub fn slots(&self, now: Micros) -> usize {
        let first = self.next_slot.max(now - CREDIT);
        let due = (now - first).max(0) as f64 * self.own / SECOND as f64;
        1 + due as usize
    }

    /// A call starts: the next one follows at an even distance.
    pub fn start(&mut self, now: Micros) {
        let interval = (SECOND as f64 / self.own) as Micros;
        self.next_slot = self.next_slot.max(now - CREDIT) + interval;
        if now >= self.raise_at {
            self.own = (self.own * RAISE).max(self.own + 1.0).min(self.configured);
            self.raise_at = if self.own < self.configured { now + self.hold } else { Micros::MAX };
        }
    }

    /// A call that limits count starts.
    pub fn count(&mut self, now: Micros) {
        self.starts.push_back(now);
        while self.starts.front().is_some_and(|at| *at <= now - SECOND) {
            self.starts.pop_front();
        }
    }

    /// A call that started then was accepted: an earlier 429 concerned its own chat alone.
    pub fn accepted(&mut self, started: Micros) {
        if self.suspect.is_some_and(|(_, at)| started > at) {
            self.suspect = None;
        }
    }

    /// 429 from a chat. Returns whether it concerns the whole bot. `quiet_chat`: nothing else was sent there in the
    /// last minute, so that the chat's own limit cannot be meant.
    pub fn refused(&mut self, chat: i64, quiet_chat: bool, seconds: u64, now: Micros) -> bool {
        let accepted = self.starts.iter().filter(|at| **at > now - SECOND).count().saturating_sub(1);
        let is_busy = accepted as f64 >= self.own / 3.0;
        let is_rate = seconds <= RATE_SECONDS && is_busy;
        let together = self.suspect.is_some_and(|(other, at)| other != chat && now - at < TOGETHER);
        if !(together || (quiet_chat && is_rate)) {
            self.suspect = Some((chat, now));
            return false;
        }
        if is_rate {
            self.lower(accepted as f64, now);
        }
        true
    }

    /// The server took `accepted` calls in the last second and no more. Seen twice, it is its limit; seen once more
    /// after the pace was raised, too.
    fn lower(&mut self, accepted: f64, now: Micros) {
        if self.lowered_at.is_some_and(|at| now - at < SECOND) {
            return;
        }
        let raised = self.own < self.configured;
        let confirmed = self.seen.is_some_and(|(rate, at)| {
            now - at < CONFIRMED && now - at > SECOND / 2 && (rate - accepted).abs() <= (rate * 0.15).max(1.0)
        });
        if (raised || confirmed) && accepted < self.own {
            self.own = accepted.max(1.0);
            self.lowered_at = Some(now);
            if raised {
                self.hold = (self.hold * 2).min(LONGEST_HOLD);
            }
            self.raise_at = now + self.hold;
            tracing::warn!(
                per_second = self.own,
                "the server's limit is lower than configured: sending slower"
            );
        }
        if self.seen.is_none_or(|(_, at)| now - at > SECOND / 2) {
            self.seen = Some((accepted, now));
        }
    }
}
