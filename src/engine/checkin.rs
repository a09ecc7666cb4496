//! The check-in: the day, the form, what a report brings about.

pub(in crate::engine) mod alert;
mod ask;
mod board;
mod confirm;
mod day;
mod escalate;
mod form;
mod group;
mod missing;
mod note;
mod open;
mod report;
mod send_back;
mod settle;
mod sign;
mod sign_page;
mod upward;
mod urgent;
mod waiting;
mod watched;

use std::sync::{Arc, PoisonError};

use super::Work;
use crate::store::Result;
use crate::store::checkin::days::{self, DayRules};

pub(in crate::engine) use board::Board;
pub(in crate::engine) use form::FORM;
pub(in crate::engine) use report::{Filled, Outcome};

impl Work<'_> {
    /// What a day runs by; `None` when it never opened.
    pub(in crate::engine) async fn day(&mut self, day: i64) -> Result<Option<Arc<DayRules>>> {
        let kept = self.engine.days.read().unwrap_or_else(PoisonError::into_inner).get(&day).cloned();
        if kept.is_some() {
            return Ok(kept);
        }
        let Some(rules) = days::rules(&mut self.tx, day).await?.map(Arc::new) else { return Ok(None) };
        // A day that this very transaction opened may yet be rolled back.
        if rules.opened_at < self.now {
            let mut all = self.engine.days.write().unwrap_or_else(PoisonError::into_inner);
            while all.len() >= DAYS_KEPT {
                all.pop_first();
            }
            all.insert(day, rules.clone());
        }
        Ok(Some(rules))
    }

    /// The day that reports count for: the one that opened last.
    pub(in crate::engine) async fn current_day(&mut self) -> Result<Option<Arc<DayRules>>> {
        match days::newest(&mut self.tx).await? {
            Some(day) => self.day(day).await,
            None => Ok(None),
        }
    }
}

/// How many days' rules are kept in memory.
const DAYS_KEPT: usize = 32;
