//! `/privacy` and `/mydata`: everyone can see what is kept about them (F4).

use chrono::TimeDelta;
use serde_json::json;

use super::Work;
use crate::domain::message::{Class, Message, Privacy};
use crate::domain::outgoing::Op;
use crate::domain::person::Actor;
use crate::store::{Result, own};

impl Work<'_> {
    /// `/privacy`.
    pub(super) fn privacy(&mut self, actor: &Actor) {
        let settings = self.settings();
        let days = |time: TimeDelta| u32::try_from(time.num_days()).unwrap_or(u32::MAX);
        let policy = Privacy::Policy {
            school: settings.school.clone(),
            answers_days: days(settings.checkin.answers_kept),
            locations_days: days(settings.checkin.locations_kept),
        };
        self.reply(actor, Message::Privacy(policy));
    }

    /// `/mydata`: for each person behind the account how much there is, and all of it as a file.
    pub(super) async fn own_data(&mut self, actor: &Actor) -> Result<()> {
        let sealer = &self.engine.sealer;
        for person in &actor.people {
            let Some(data) = own::about(&mut self.tx, sealer, person.id, actor.locale).await? else {
                continue;
            };
            let count = |of: usize| u32::try_from(of).unwrap_or(u32::MAX);
            let said = Privacy::OwnData {
                name: data.name.clone(),
                receipts: data.receipts_total,
                days: count(data.days.len()),
                reminders: data.reminders,
                alerts: count(data.alerts.len()),
                seen: count(data.seen.len()),
            };
            self.reply(actor, Message::Privacy(said));
            let op = Op::OwnData { data: Box::new(data), locale: actor.locale };
            self.call(actor.account, Class::Answer, op, TimeDelta::hours(1));
            self.record(Some(actor), "privacy.own_data", format!("person:{}", person.id), json!({}));
        }
        Ok(())
    }
}
