//! `/remind`: the missing of the open legs of a unit are reminded now, at most once in ten minutes.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde_json::json;

use super::{read_units, remindable};
use crate::domain::authority::{Act, charges, grant};
use crate::domain::message::{Message, Refusal, Toast};
use crate::domain::person::{Actor, UnitRef};
use crate::engine::Work;
use crate::engine::press::Press;
use crate::store::chats::Chat;
use crate::store::reading::{self, Open};
use crate::store::{Result, chats, directives, legs, people};

/// A unit's missing are not reminded by hand more often than this.
const PAUSE: TimeDelta = TimeDelta::minutes(10);

/// What became of a wish to remind.
enum Outcome {
    Reminded { people: u32, groups: u32 },
    Nobody,
    Lately { minutes: u32 },
}

impl Work<'_> {
    /// `/remind` in private: for all units the actor is responsible for.
    pub(in crate::engine) async fn remind_in_private(&mut self, actor: &Actor) -> Result<()> {
        let units: Vec<UnitRef> = charges(actor).into_iter().map(|post| post.unit.clone()).collect();
        let mut units = remindable(actor, &units);
        units.dedup_by_key(|unit| unit.id);
        if units.is_empty() {
            self.refuse(actor, Refusal::NoRight, "remind");
            return Ok(());
        }
        let outcome = self.remind(actor, &units).await?;
        self.tell_outcome(actor, outcome);
        Ok(())
    }

    /// `/remind` in a group: for its unit; what it did is told in private, the reminder itself stands in the group.
    pub(in crate::engine) async fn remind_in_group(&mut self, chat: &Chat, actor: &Actor) -> Result<()> {
        let Some(unit) = self.chat_unit(chat).await? else { return Ok(()) };
        if grant(actor, Act::Remind, &unit).is_none() {
            self.refuse(actor, Refusal::NoRight, "remind");
            return Ok(());
        }
        let outcome = self.remind(actor, &[unit]).await?;
        self.tell_outcome(actor, outcome);
        Ok(())
    }

    /// The `remind` button of a status, a unit's view or what is pending: as the command does.
    pub(in crate::engine) async fn press_remind(&mut self, press: &Press<'_>) -> Result<Toast> {
        let shown = self.pressed_units(press).await?;
        let Some(first) = shown.first() else { return Ok(Toast::Outdated) };
        let units = remindable(press.actor, &shown);
        if units.is_empty() {
            self.record(Some(press.actor), "refused.remind", format!("unit:{}", first.id), json!({}));
            return Ok(Toast::Refused(Refusal::NoRight));
        }
        Ok(match self.remind(press.actor, &units).await? {
            Outcome::Reminded { people, groups } => Toast::Reminded { people, groups },
            Outcome::Nobody => Toast::Refused(Refusal::NobodyMissing),
            Outcome::Lately { minutes } => Toast::RemindedLately { minutes },
        })
    }

    async fn pressed_units(&mut self, press: &Press<'_>) -> Result<Vec<UnitRef>> {
        let unit = match &press.shown.letter.message {
            Message::Status(_) => Some(press.shown.subject),
            Message::Track(track) => match track.remind {
                Some(leg) => legs::get(&mut self.tx, leg).await?.map(|leg| leg.unit),
                None => None,
            },
            Message::Pending { .. } => {
                let tier = usize::try_from(press.shown.subject).unwrap_or_default();
                return Ok(read_units(press.actor).into_iter().filter(|unit| unit.tier == tier).collect());
            }
            _ => None,
        };
        let Some(unit) = unit else { return Ok(Vec::new()) };
        Ok(people::unit_by_id(&mut self.tx, unit).await?.into_iter().collect())
    }

    fn tell_outcome(&mut self, actor: &Actor, outcome: Outcome) {
        let message = match outcome {
            Outcome::Reminded { people, groups } => Message::Reminded { people, groups },
            Outcome::Nobody => Message::Refused(Refusal::NobodyMissing),
            Outcome::Lately { minutes } => Message::Refused(Refusal::RemindedLately { minutes }),
        };
        self.reply(actor, message);
    }

    /// Reminds in private, one message per person at the end, and in the chats of the open legs.
    async fn remind(&mut self, actor: &Actor, units: &[UnitRef]) -> Result<Outcome> {
        let mut open: Vec<Open> = Vec::new();
        let mut claimed: Vec<&UnitRef> = Vec::new();
        let mut wait: Option<TimeDelta> = None;
        for unit in units {
            let here = reading::open_at(&mut self.tx, unit.id).await?;
            let silent = self.owes_checkin(&unit.path).await?;
            if here.is_empty() && !silent {
                continue;
            }
            match reading::claim_reminder(&mut self.tx, unit.id, PAUSE, self.now).await? {
                None => {
                    open.extend(here);
                    claimed.push(unit);
                }
                Some(last) => {
                    let left = last + PAUSE - self.now;
                    wait = Some(wait.map_or(left, |wait| wait.min(left)));
                }
            }
        }
        let Some(first) = claimed.first().copied() else {
            return Ok(wait.map_or(Outcome::Nobody, |left| Outcome::Lately { minutes: whole_minutes(left) }));
        };
        let mut people = self.remind_people(&open).await?;
        for unit in &claimed {
            people += self.remind_checkin(unit.id, &unit.path).await?;
        }
        let groups = self.remind_groups(&open).await?;
        let detail = json!({ "people": people, "groups": groups, "units": units.len() });
        self.record(Some(actor), "remind", format!("unit:{}", first.id), detail);
        Ok(Outcome::Reminded { people, groups })
    }

    async fn remind_people(&mut self, open: &[Open]) -> Result<u32> {
        let legs: Vec<i64> = open.iter().map(|open| open.leg).collect();
        let owing = reading::to_remind(&mut self.tx, &legs).await?;
        let ids: Vec<i64> = owing.iter().map(|(person, _)| *person).collect();
        for (person, urgent) in owing {
            self.nudge(person, urgent);
        }
        let locale = self.school_locale();
        let reachable = people::addressees(&mut self.tx, &ids, locale).await?;
        let count = reachable.iter().filter(|who| who.reachable).count();
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    async fn remind_groups(&mut self, open: &[Open]) -> Result<u32> {
        let mut groups = BTreeSet::new();
        for open in open {
            let chat = match open.chat {
                Some(chat) => chats::get(&mut self.tx, chat).await?,
                None => None,
            };
            let Some(chat) = chat.filter(|chat| !chat.removed && chat.unit.is_some()) else { continue };
            let Some(leg) = legs::get(&mut self.tx, open.leg).await? else { continue };
            let directive = directives::known(&mut self.tx, open.directive).await?;
            self.remind_group(&directive, &leg).await?;
            groups.insert(chat.chat);
        }
        Ok(u32::try_from(groups.len()).unwrap_or(u32::MAX))
    }
}

/// At least one: nobody is told to wait for no time.
fn whole_minutes(left: TimeDelta) -> u32 {
    let minutes = (left.num_seconds().max(1) + 59) / 60;
    u32::try_from(minutes).unwrap_or(u32::MAX)
}
