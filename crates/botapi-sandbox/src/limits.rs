//! Telegram's limits on sends and edits, counted together per bot on the sandbox's clock.

use std::collections::{HashMap, VecDeque};

use crate::model::Peer;

/// How much a bot may send. `answerCallbackQuery`, deletions and reads are not counted.
///
/// The default is what Telegram publishes: 30 calls a second in all, about one a second into one chat, 20 a minute
/// into one group or channel. Telegram tolerates short bursts into one chat without saying how long; `chat_burst`
/// says it here. [`Limits::strict`] tolerates none.
#[derive(Clone, Debug)]
pub struct Limits {
    /// `false`: nothing is ever answered by 429 (faults aside).
    pub enabled: bool,
    /// Calls a second to all chats together.
    pub per_second: usize,
    /// Calls a second into one chat, as an average over `chat_burst` seconds.
    pub per_chat_per_second: usize,
    /// Calls a minute into one group, supergroup or channel.
    pub per_group_per_minute: usize,
    /// In any `chat_burst` seconds a chat takes `chat_burst * per_chat_per_second` calls.
    pub chat_burst: usize,
    /// By how many milliseconds every window is shortened, for clocks that differ a little.
    pub jitter_ms: i64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            enabled: true,
            per_second: 30,
            per_chat_per_second: 1,
            per_group_per_minute: 20,
            chat_burst: 3,
            jitter_ms: 50,
        }
    }
}

impl Limits {
    /// Exactly the published numbers in every sliding window: no burst, no jitter.
    pub fn strict() -> Self {
        Self { chat_burst: 1, jitter_ms: 0, ..Self::default() }
    }

    /// No limits at all.
    pub fn off() -> Self {
        Self { enabled: false, ..Self::default() }
    }
}

/// Times (milliseconds) of what was accepted within a window.
#[derive(Debug, Default)]
struct Window(VecDeque<i64>);

impl Window {
    /// Milliseconds until `n` more fit into `most` per `length`; 0 if they fit now.
    fn wait(&mut self, now: i64, length: i64, most: usize, n: usize) -> i64 {
        while self.0.front().is_some_and(|at| *at <= now - length) {
            self.0.pop_front();
        }
        if self.0.is_empty() || self.0.len() + n <= most {
            return 0;
        }
        let must_leave = (self.0.len() + n - most).min(self.0.len());
        (self.0[must_leave - 1] + length - now).max(1)
    }

    fn add(&mut self, now: i64, n: usize) {
        self.0.extend(std::iter::repeat_n(now, n));
    }
}

#[derive(Debug, Default)]
struct ChatWindows {
    seconds: Window,
    minute: Window,
}

/// The windows of one bot.
#[derive(Debug, Default)]
pub(crate) struct Limiter {
    all: Window,
    chats: HashMap<Peer, ChatWindows>,
}

impl Limiter {
    /// Counts `n` calls into `peer`, or says after how many seconds to try again; then nothing is counted.
    pub fn admit(&mut self, limits: &Limits, peer: Peer, n: usize, now: i64) -> Result<(), i64> {
        if !limits.enabled {
            return Ok(());
        }
        let burst = limits.chat_burst.max(1);
        let seconds = 1000 * burst as i64 - limits.jitter_ms;
        let chat = self.chats.entry(peer).or_default();
        let mut wait = self.all.wait(now, 1000 - limits.jitter_ms, limits.per_second, n);
        wait = wait.max(chat.seconds.wait(now, seconds, burst * limits.per_chat_per_second, n));
        if matches!(peer, Peer::Group(_)) {
            wait = wait.max(chat.minute.wait(now, 60_000 - limits.jitter_ms, limits.per_group_per_minute, n));
        }
        if wait > 0 {
            return Err((wait + 999) / 1000);
        }
        self.all.add(now, n);
        chat.seconds.add(now, n);
        if matches!(peer, Peer::Group(_)) {
            chat.minute.add(now, n);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GROUP: Peer = Peer::Group(-1);

    #[test]
    fn strict_takes_one_a_second_into_a_chat() {
        let (limits, mut limiter) = (Limits::strict(), Limiter::default());
        assert_eq!(limiter.admit(&limits, GROUP, 1, 0), Ok(()));
        assert_eq!(limiter.admit(&limits, GROUP, 1, 999), Err(1));
        assert_eq!(limiter.admit(&limits, GROUP, 1, 1000), Ok(()));
    }

    #[test]
    fn a_group_takes_twenty_a_minute() {
        let (limits, mut limiter) = (Limits::strict(), Limiter::default());
        for n in 0..20 {
            assert_eq!(limiter.admit(&limits, GROUP, 1, n * 1000), Ok(()), "{n}");
        }
        assert_eq!(limiter.admit(&limits, GROUP, 1, 20_000), Err(40));
        assert_eq!(limiter.admit(&limits, GROUP, 1, 60_000), Ok(()));
    }

    #[test]
    fn thirty_a_second_in_all() {
        let (limits, mut limiter) = (Limits::strict(), Limiter::default());
        for user in 0..30 {
            assert_eq!(limiter.admit(&limits, Peer::Private { bot: 1, user }, 1, 5), Ok(()));
        }
        assert_eq!(limiter.admit(&limits, Peer::Private { bot: 1, user: 99 }, 1, 500), Err(1));
        assert_eq!(limiter.admit(&limits, Peer::Private { bot: 1, user: 99 }, 1, 1005), Ok(()));
    }

    #[test]
    fn a_burst_is_paid_back() {
        let (limits, mut limiter) = (Limits::default(), Limiter::default());
        let peer = Peer::Private { bot: 1, user: 2 };
        for _ in 0..3 {
            assert_eq!(limiter.admit(&limits, peer, 1, 0), Ok(()));
        }
        assert_eq!(limiter.admit(&limits, peer, 1, 1000), Err(2));
        assert_eq!(limiter.admit(&limits, peer, 1, 3000), Ok(()));
    }
}
