//! What was said about somebody's silence holds no longer, since they have reported or are excused: it says so itself, so
//! that nobody is pressed, or presses, in vain (F2).

use std::collections::BTreeSet;

use crate::domain::checkin::PersonState;
use crate::domain::message::{CheckinDue, Class, DayMessage, Message, Unreached};
use crate::engine::Work;
use crate::store::checkin::days::DayRules;
use crate::store::checkin::expected::PersonDay;
use crate::store::checkin::reporters;
use crate::store::messages::Shown;
use crate::store::{Result, messages};

impl Work<'_> {
    /// Settles what was said about a person who stood like this before.
    pub(super) async fn settle_silence(&mut self, day: &DayRules, before: &PersonDay) -> Result<()> {
        if before.reminders > 0 {
            self.settle_reminders(day, before.person).await?;
        }
        if before.state == PersonState::Unreachable {
            self.settle_unreached(day.id, before.person).await?;
        }
        Ok(())
    }

    /// The newest reminder of each reader who was asked about this person.
    async fn settle_reminders(&mut self, day: &DayRules, person: i64) -> Result<()> {
        let accounts = reporters::accounts(&mut self.tx, person).await?;
        let sealer = &self.engine.sealer;
        let said = messages::reminders(&mut self.tx, sealer, &accounts, day.opened_at).await?;
        let mut readers = BTreeSet::new();
        for shown in said {
            if readers.insert(shown.owner) {
                self.settle_reminder(day.id, &shown).await?;
            }
        }
        Ok(())
    }

    async fn settle_reminder(&mut self, day: i64, shown: &Shown) -> Result<()> {
        let Message::Reminder { items, checkin: Some(old) } = &shown.letter.message else { return Ok(()) };
        if old.day != day || old.done {
            return Ok(());
        }
        let due = self.checkins_due(&[shown.owner]).await?.remove(&shown.owner);
        let fresh = due.map_or_else(|| CheckinDue { done: true, ..old.clone() }, |(due, _)| due);
        if fresh != *old {
            let message = Message::Reminder { items: items.clone(), checkin: Some(fresh) };
            self.show(shown, Class::Count, message);
        }
        Ok(())
    }

    async fn settle_unreached(&mut self, day: i64, person: i64) -> Result<()> {
        let sealer = &self.engine.sealer;
        for shown in messages::about(&mut self.tx, sealer, "unreached", person).await? {
            let Message::Day(message) = &shown.letter.message else { continue };
            let DayMessage::Unreached(told) = &**message else { continue };
            if told.day == day && !told.settled {
                let told = Unreached { settled: true, ..told.clone() };
                self.show(&shown, Class::Count, Message::Day(Box::new(DayMessage::Unreached(told))));
            }
        }
        Ok(())
    }
}
