//! The roster changed while directives run: who left is waited for no more, who came is asked.

use std::collections::BTreeSet;

use crate::domain::directive::{Directive, LegState};
use crate::engine::Work;
use crate::store::legs::{self, Leg};
use crate::store::timers::{self, Timer};
use crate::store::{Result, directives, receipts, roster};

/// So many legs are looked at in one transaction.
const LEGS: i64 = 100;

impl Work<'_> {
    /// Looks at the legs after the timer's subject; the next ones are the next timer's.
    pub(super) async fn fire_roster(&mut self, timer: &Timer) -> Result<()> {
        let now = self.now;
        let found = legs::running(&mut self.tx, timer.subject, now, LEGS).await?;
        let mut changed = 0;
        for leg in &found {
            changed += usize::from(self.follow_roster(leg).await?);
        }
        if let Some(last) = found.last() {
            self.set_timer(roster::CHANGED, last.id, timer.version, 0, now);
        }
        let note = format!("{changed} of {} legs changed", found.len());
        timers::finish(&mut self.tx, timer.id, &note, now).await
    }

    /// `true` when others must acknowledge on this leg than before.
    async fn follow_roster(&mut self, before: &Leg) -> Result<bool> {
        let directive = directives::known(&mut self.tx, before.directive).await?;
        let (leg, revision) = (before.id, directive.revision);
        let asked = receipts::open_subjects(&mut self.tx, leg, revision).await?;
        // Whose time is over asks nobody new.
        if before.state == LegState::Waiting || before.due_at.is_some_and(|due| due > self.now) {
            receipts::expect(&mut self.tx, leg, directive.counted(before.tier), revision).await?;
        } else {
            receipts::release(&mut self.tx, leg, revision).await?;
        }
        let open = receipts::open_subjects(&mut self.tx, leg, revision).await?;
        if open == asked {
            return Ok(false);
        }
        if let Some(after) = legs::get(&mut self.tx, leg).await?.filter(|leg| leg.state == LegState::Arrived)
        {
            self.touch(leg);
            let asked: BTreeSet<i64> = asked.into_iter().collect();
            let fresh: Vec<i64> = open.into_iter().filter(|subject| !asked.contains(subject)).collect();
            self.ask_newcomers(&directive, before, &after, &fresh).await?;
        }
        Ok(true)
    }

    async fn ask_newcomers(
        &mut self,
        directive: &Directive,
        before: &Leg,
        leg: &Leg,
        fresh: &[i64],
    ) -> Result<()> {
        if let (0, Some(due), Some(arrived)) = (before.must, leg.due_at, leg.arrived_at) {
            let worded = directives::worded_at(&mut self.tx, directive).await?;
            let begun = worded.map_or(arrived, |worded| worded.max(arrived));
            self.set_steps(directive, leg.id, due, begun).await?;
        }
        if leg.chat.is_none() && !fresh.is_empty() {
            self.ask_in_private(directive, leg, fresh).await?;
        }
        Ok(())
    }
}
