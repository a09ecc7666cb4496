//! Which waiting rows are next: by class, then round and round between chats, within a chat the oldest.

use std::collections::{HashMap, HashSet};

use super::limiter::{Limiter, Micros, Ready};
use crate::domain::message::{Class, Time};
use crate::store::courier::{self as store, Head};
use crate::store::{Result, Tx};

/// How many chats are looked at in the first statement of a round: mostly one of them is ready …
const FIRST_PAGE: i64 = 8;
/// … and in the next ones.
const PAGE: i64 = 64;

/// Where each class goes on.
#[derive(Debug, Default)]
pub struct Picker {
    bot: i64,
    /// The chat served last, by class.
    after: HashMap<i64, i64>,
    /// Classes in which nothing can be sent before then, unless something is queued.
    quiet_until: HashMap<i64, Micros>,
    /// The last look ended because there was room for no more.
    has_more: bool,
}

/// What one look at a class found.
#[derive(Default)]
struct Found {
    rows: Vec<i64>,
    /// When the first chat that had to be passed over may be written to.
    ready_at: Option<Micros>,
    /// There are waiting rows that wait for a call under way.
    is_waiting: bool,
}

impl Picker {
    /// A picker that starts with any chat.
    pub fn new(bot: i64) -> Self {
        Self { bot, has_more: true, ..Self::default() }
    }

    /// Something may have been queued, or a chat may be ready earlier than thought.
    pub fn look_everywhere(&mut self) {
        self.quiet_until.clear();
        self.has_more = true;
    }

    /// A chat may be ready earlier than thought; classes in which nothing waited at all are left alone.
    pub fn look_again(&mut self) {
        self.quiet_until.retain(|_, until| *until == Micros::MAX);
        self.has_more = true;
    }

    /// Whether there may be more that can be sent at once.
    pub fn has_more(&self) -> bool {
        self.has_more
    }

    /// When the first of the classes that had to wait may go on; `None` when nothing waits for a time.
    pub fn next_ready(&self) -> Option<Micros> {
        self.quiet_until.values().copied().filter(|at| *at < Micros::MAX).min()
    }

    /// At most `room` rows that may start now, of different chats.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn pick(
        &mut self,
        tx: &mut Tx,
        limiter: &Limiter,
        room: usize,
        now: Micros,
        wall: Time,
    ) -> Result<Vec<i64>> {
        if room == 0 {
            return Ok(Vec::new());
        }
        let (mut rows, mut chats) = (Vec::new(), HashSet::new());
        for class in Class::ALL.map(|class| class as i64) {
            if rows.len() >= room {
                break;
            }
            if self.quiet_until.get(&class).is_some_and(|until| *until > now) {
                continue;
            }
            let found = self.look(tx, limiter, class, (room - rows.len(), &mut chats), now, wall).await?;
            if found.rows.is_empty() && !found.is_waiting {
                self.quiet_until.insert(class, found.ready_at.unwrap_or(Micros::MAX));
            }
            rows.extend(found.rows);
        }
        self.has_more = rows.len() >= room;
        Ok(rows)
    }

    /// One round through the chats of a class, beginning behind the one served last.
    async fn look(
        &mut self,
        tx: &mut Tx,
        limiter: &Limiter,
        class: i64,
        (room, taken): (usize, &mut HashSet<i64>),
        now: Micros,
        wall: Time,
    ) -> Result<Found> {
        let start = self.after.get(&class).copied().unwrap_or(i64::MIN);
        let (mut found, mut after, mut is_second) = (Found::default(), start, start == i64::MIN);
        let mut page = FIRST_PAGE.max(i64::try_from(room).unwrap_or(PAGE));
        loop {
            let heads = store::heads(tx, self.bot, class, after, page).await?;
            let is_last = i64::try_from(heads.len()).unwrap_or(i64::MAX) < page;
            page = PAGE;
            for head in heads {
                after = head.chat;
                if is_second && start != i64::MIN && head.chat > start {
                    return Ok(found);
                }
                if taken.contains(&head.chat) {
                    found.is_waiting = true;
                } else if found.consider(&head, limiter.chat_ready(head.chat, now), now, wall) {
                    taken.insert(head.chat);
                    self.after.insert(class, head.chat);
                    if found.rows.len() >= room {
                        return Ok(found);
                    }
                }
            }
            match (is_last, is_second) {
                (true, true) => return Ok(found),
                (true, false) => (after, is_second) = (i64::MIN, true),
                (false, _) => {}
            }
        }
    }
}

impl Found {
    /// Takes a row that may start now; notes when it may otherwise.
    fn consider(&mut self, head: &Head, ready: Ready, now: Micros, wall: Time) -> bool {
        let ripe = (head.not_before - wall).num_microseconds().unwrap_or(Micros::MAX / 2).max(0);
        let at = match ready {
            Ready::Now => now + ripe,
            Ready::At(at) => at.max(now + ripe),
            Ready::AfterCall => {
                self.is_waiting = true;
                return false;
            }
        };
        if at <= now {
            self.rows.push(head.id);
            return true;
        }
        self.ready_at = Some(self.ready_at.map_or(at, |earliest| earliest.min(at)));
        false
    }
}
