//! Telegram's limits by our own reckoning: how many calls the server may have counted in any window, as seen from
//! here. Pure: instants are microseconds of a clock that never goes back, given by the caller.
//!
//! A call reaches the server somewhere between its start here and its end here. So a call counts from its start, and
//! leaves a window only when the window's length has passed since its *end*. That is too strict by one way to the
//! server and one way back; the shortest round trip seen is taken off again.

use std::collections::{HashMap, VecDeque};

use super::pace::Pace;

/// An instant, in microseconds.
pub type Micros = i64;

pub(super) const SECOND: Micros = 1_000_000;
const MINUTE: Micros = 60 * SECOND;
/// No allowance beyond this: a link this slow is not that even.
const MOST_ALLOWANCE: Micros = SECOND / 4;
/// How long the shortest round trip is believed.
const ALLOWANCE_LIFE: Micros = 30 * SECOND;

/// What may be sent, as configured (`[telegram.limits]`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// In a second, over all chats.
    pub per_second: u32,
    /// In a second, into one chat.
    pub per_chat_per_second: u32,
    /// In a minute, into one group.
    pub per_group_per_minute: u32,
}

/// At most so many calls in any stretch of a length.
#[derive(Debug, Default)]
struct Window {
    ended: VecDeque<Micros>,
    flying: usize,
}

impl Window {
    /// From when on one more call fits; `None`: not before a call that is flying has ended.
    fn ready_at(&self, most: usize, length: Micros) -> Option<Micros> {
        let most = most.max(1);
        if self.flying >= most {
            return None;
        }
        let room = most - self.flying;
        if self.ended.len() < room {
            return Some(Micros::MIN);
        }
        Some(self.ended[self.ended.len() - room] + length)
    }

    /// How many more calls fit now, at least one.
    fn room(&self, most: usize, now: Micros, allowance: Micros) -> usize {
        let gone = self.ended.partition_point(|at| *at + SECOND - allowance <= now);
        most.saturating_sub(self.flying + self.ended.len() - gone).max(1)
    }

    fn end(&mut self, at: Micros) {
        self.flying = self.flying.saturating_sub(1);
        // Calls of other tasks may be told a little out of order.
        let at = self.ended.back().map_or(at, |last| at.max(*last));
        self.ended.push_back(at);
    }

    fn forget(&mut self, before: Micros) {
        while self.ended.front().is_some_and(|at| *at < before) {
            self.ended.pop_front();
        }
    }
}

#[derive(Debug, Default)]
struct ChatState {
    window: Window,
    frozen_until: Micros,
    /// A call of ours into it is under way: the order within a chat is kept.
    busy: bool,
}

/// Whether a call may start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ready {
    /// At once.
    Now,
    /// From this instant on.
    At(Micros),
    /// When a call that is under way has ended.
    AfterCall,
}

/// The shortest round trip of the last half minute.
#[derive(Debug, Default)]
struct RoundTrip {
    now: Option<Micros>,
    before: Option<Micros>,
    since: Micros,
}

impl RoundTrip {
    fn saw(&mut self, took: Micros, at: Micros) {
        if at - self.since > ALLOWANCE_LIFE {
            (self.before, self.now, self.since) = (self.now.take(), None, at);
        }
        self.now = Some(self.now.map_or(took, |least| least.min(took)));
    }

    /// Nine tenths of it: the two ways are not always equally long.
    fn allowance(&self) -> Micros {
        let least = [self.now, self.before].into_iter().flatten().min();
        least.map_or(0, |least| (least * 9 / 10).clamp(0, MOST_ALLOWANCE))
    }
}

/// The reckoning of one bot.
#[derive(Debug)]
pub struct Limiter {
    limits: Limits,
    pace: Pace,
    all: Window,
    chats: HashMap<i64, ChatState>,
    frozen_until: Micros,
    round_trip: RoundTrip,
    tidied_at: Micros,
}

impl Limiter {
    /// A reckoning that starts with nothing sent.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            pace: Pace::new(limits.per_second),
            all: Window::default(),
            chats: HashMap::new(),
            frozen_until: Micros::MIN,
            round_trip: RoundTrip::default(),
            tidied_at: 0,
        }
    }

    /// Takes over a call that an earlier process made.
    pub fn remember(&mut self, chat: i64, ended_at: Micros) {
        self.all.end(ended_at);
        self.chats.entry(chat).or_default().window.end(ended_at);
    }

    /// Whether the bot as a whole may start a counted call.
    pub fn bot_ready(&self, now: Micros) -> Ready {
        let Some(room) = self.all.ready_at(self.pace.per_second(), SECOND - self.round_trip.allowance())
        else {
            return Ready::AfterCall;
        };
        at(now, room.max(self.frozen_until).max(self.pace.next_slot()))
    }

    /// How many counted calls may start now: more than one only where the pace is quicker than a step.
    pub fn slots(&self, now: Micros) -> usize {
        match self.bot_ready(now) {
            Ready::Now => self.pace.slots(now).min(self.all.room(
                self.pace.per_second(),
                now,
                self.round_trip.allowance(),
            )),
            _ => 0,
        }
    }

    /// Whether the bot may make calls that no limit counts.
    pub fn uncounted_ready(&self, now: Micros) -> Ready {
        at(now, self.frozen_until)
    }

    /// Whether a call into this chat may start, as far as the chat is concerned.
    pub fn chat_ready(&self, chat: i64, now: Micros) -> Ready {
        let Some(state) = self.chats.get(&chat) else { return Ready::Now };
        if state.busy {
            return Ready::AfterCall;
        }
        let shorter = self.round_trip.allowance();
        let second = state.window.ready_at(self.limits.per_chat_per_second as usize, SECOND - shorter);
        let minute = match chat {
            ..0 => state.window.ready_at(self.limits.per_group_per_minute as usize, MINUTE - shorter),
            _ => Some(Micros::MIN),
        };
        match (second, minute) {
            (Some(second), Some(minute)) => at(now, second.max(minute).max(state.frozen_until)),
            _ => Ready::AfterCall,
        }
    }

    /// A call into a chat starts.
    pub fn start(&mut self, chat: i64, counts: bool, now: Micros) {
        let state = self.chats.entry(chat).or_default();
        state.busy = true;
        self.pace.start(now);
        if counts {
            state.window.flying += 1;
            self.all.flying += 1;
            self.pace.count(now);
        }
    }

    /// It ended. `reached` is false when the server certainly never saw it.
    pub fn end(&mut self, chat: i64, counts: bool, reached: bool, started: Micros, now: Micros) {
        let state = self.chats.entry(chat).or_default();
        state.busy = false;
        if reached {
            self.round_trip.saw(now - started, now);
        }
        if !counts {
            return;
        }
        if reached {
            state.window.end(now);
            self.all.end(now);
        } else {
            state.window.flying = state.window.flying.saturating_sub(1);
            self.all.flying = self.all.flying.saturating_sub(1);
        }
        self.tidy(now);
    }

    /// A call was accepted: the bot as a whole is not frozen.
    pub fn accepted(&mut self, started: Micros) {
        self.pace.accepted(started);
    }

    /// 429 from a chat (0: from a call that belongs to none). Nothing into the frozen scope before `seconds` are over.
    pub fn refused(&mut self, chat: i64, seconds: u64, now: Micros) {
        let until =
            now + Micros::try_from(seconds).unwrap_or(Micros::MAX / SECOND / 2).saturating_mul(SECOND);
        if chat != 0 {
            let state = self.chats.entry(chat).or_default();
            state.frozen_until = state.frozen_until.max(until);
        }
        let quiet_chat = chat > 0 && self.chats.get(&chat).is_none_or(|state| state.window.ended.len() <= 1);
        if chat == 0 || self.pace.refused(chat, quiet_chat, seconds, now) {
            self.frozen_until = self.frozen_until.max(until);
        }
    }

    /// Until when the bot as a whole is frozen.
    pub fn frozen_until(&self) -> Micros {
        self.frozen_until
    }

    /// Whether the bot as a whole is frozen.
    #[cfg(test)]
    pub fn is_frozen(&self, now: Micros) -> bool {
        self.frozen_until > now
    }

    /// Nothing of the bot starts before then: the server cannot be reached.
    pub fn pause(&mut self, until: Micros) {
        self.frozen_until = self.frozen_until.max(until);
    }

    /// A group moved: what was sent to it counts for the new one.
    pub fn moved(&mut self, from: i64, to: i64) {
        if let Some(mut state) = self.chats.remove(&from) {
            state.busy = false;
            self.chats.insert(to, state);
        }
    }

    fn tidy(&mut self, now: Micros) {
        self.all.forget(now - 2 * SECOND);
        if now - self.tidied_at > SECOND {
            self.tidied_at = now;
            self.chats.retain(|_, state| {
                state.window.forget(now - MINUTE - SECOND);
                state.busy || !state.window.ended.is_empty() || state.frozen_until > now
            });
        }
    }
}

fn at(now: Micros, when: Micros) -> Ready {
    if when <= now { Ready::Now } else { Ready::At(when) }
}

#[cfg(test)]
mod tests;
