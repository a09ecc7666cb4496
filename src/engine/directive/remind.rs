//! Reminders: one line in the group, one message to each person with all that is due.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::domain::directive::Directive;
use crate::domain::message::{Counted, Mention, Message, Reader};
use crate::domain::split;
use crate::engine::Work;
use crate::engine::work::Manner;
use crate::store::checkin::expected;
use crate::store::legs::{self, Leg};
use crate::store::people::{self, Addressee};
use crate::store::{Result, chats, directives, messages, nudges, receipts};

/// Reminders of several directives so close together are one.
const A_MOMENT: TimeDelta = TimeDelta::minutes(10);

impl Work<'_> {
    /// Reminds in the group: by mention when few are missing, otherwise the number.
    pub(in crate::engine) async fn remind_group(
        &mut self,
        directive: &Directive,
        leg: &Leg,
    ) -> Result<String> {
        let Some(chat) = leg.chat else { return Ok("no chat: reminded in private".to_owned()) };
        let Some(chat) = chats::get(&mut self.tx, chat).await? else { return Ok("no chat".to_owned()) };
        let missing = receipts::open_subjects(&mut self.tx, leg.id, directive.revision).await?;
        let shown = self.settings().rules.group_names.allow(missing.len());
        let mentions = if shown { self.mentions(directive, leg, &missing).await? } else { vec![] };
        let slot = format!("remind:{}", leg.id);
        let sealer = &self.engine.sealer;
        for old in messages::by_slot(&mut self.tx, sealer, &slot).await? {
            messages::retire(&mut self.tx, old.id).await?;
        }
        let manner = Manner::reminder(slot, "remind", leg.id);
        let reply_to = self.card_message(leg.id).await?;
        let said = Message::RemindGroup {
            leg: leg.id,
            number: directive.number,
            title: split::title(&directive.text),
            due: leg.due_at,
            counted: directive.counted(leg.tier),
            acked: leg.acked,
            must: leg.must,
            missing: leg.missing(),
            mentions,
        };
        let to = self.chat(&chat);
        self.say(to, Manner { reply_to, ..manner }, said);
        let now = self.now;
        receipts::reminded(&mut self.tx, leg, directive.revision, &missing, now).await?;
        Ok(format!("reminded the group of {} missing", missing.len()))
    }

    /// Names for a group: of the missing, with the accounts that can answer.
    pub(in crate::engine) async fn mentions(
        &mut self,
        directive: &Directive,
        leg: &Leg,
        missing: &[i64],
    ) -> Result<Vec<Mention>> {
        let locale = self.school_locale();
        match directive.counted(leg.tier) {
            Counted::Colleges | Counted::Classes => {
                let mut mentions = Vec::new();
                for unit in missing {
                    let unit = people::unit_known(&mut self.tx, *unit).await?;
                    let account = people::responsible(&mut self.tx, &unit, locale).await?;
                    let account = account.into_iter().find_map(|who| who.account);
                    mentions.push(Mention { name: unit.name, account });
                }
                Ok(mentions)
            }
            Counted::Counselors | Counted::Students => {
                let names = people::names(&mut self.tx, missing).await?;
                let people = people::addressees(&mut self.tx, missing, locale).await?;
                let mention = |who: Addressee| Mention {
                    name: names.get(&who.person).cloned().unwrap_or(who.name),
                    account: who.account,
                };
                Ok(people.into_iter().map(mention).collect())
            }
            Counted::Households => {
                // The child is named; which guardian answers is the household's affair.
                let names = people::names(&mut self.tx, missing).await?;
                Ok(names.into_values().map(|name| Mention { name, account: None }).collect())
            }
        }
    }

    /// Has every missing person of a leg reminded in private at the end of this transaction. Whoever had a
    /// reminder a moment ago, since it arrived, saw it listed there: `every` is the step's own pause.
    pub(in crate::engine) async fn remind_missing(
        &mut self,
        directive: &Directive,
        leg: &Leg,
        every: Option<TimeDelta>,
    ) -> Result<String> {
        let missing = receipts::open_subjects(&mut self.tx, leg.id, directive.revision).await?;
        let answerers = self.answerers(directive, leg, &missing).await?;
        let people: Vec<i64> = answerers.keys().copied().collect();
        let moment = every.map_or(A_MOMENT, |every| A_MOMENT.min(every / 2));
        let since = leg.arrived_at.unwrap_or(self.now).max(self.now - moment);
        let listed = nudges::lately(&mut self.tx, &people, since).await?;
        for person in people.iter().filter(|person| !listed.contains(person)) {
            self.nudge(*person, directive.urgent);
        }
        Ok(format!("reminded {} people in private", people.len() - listed.len()))
    }

    /// Sends each person one message that lists all that is due; at most so many a day, urgent ones excepted.
    pub(in crate::engine) async fn send_nudges(&mut self, nudged: BTreeMap<i64, bool>) -> Result<()> {
        if nudged.is_empty() {
            return Ok(());
        }
        let ids: Vec<i64> = nudged.keys().copied().collect();
        let day = self.settings().calendar.date(self.now).to_string();
        let counts = nudges::counts(&mut self.tx, &ids, &day).await?;
        let most = i64::from(self.settings().rules.private_per_day);
        let allowed = |person: &i64| nudged[person] || counts.get(person).copied().unwrap_or(0) < most;
        let ids: Vec<i64> = ids.iter().copied().filter(allowed).collect();
        let locale = self.school_locale();
        let mut due = self.due_items(&ids).await?;
        let mut checkins = self.checkins_due(&ids).await?;
        let mut subjects: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        let mut sent = Vec::new();
        let mut legs_reminded: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for who in people::addressees(&mut self.tx, &ids, locale).await? {
            let items = due.remove(&who.person).unwrap_or_default();
            let checkin = checkins.remove(&who.person);
            let Some(to) = self.addressee(&who).filter(|_| !(items.is_empty() && checkin.is_none())) else {
                continue;
            };
            for item in &items {
                legs_reminded.entry(item.leg).or_default().push(who.person);
            }
            sent.push(who.person);
            let manner = Manner::reminder(format!("reminder:{}", who.person), "reminder", 0);
            let urgent = items.iter().any(|item| item.urgent);
            let manner = Manner {
                class: if urgent { crate::domain::message::Class::Urgent } else { manner.class },
                ..manner
            };
            debug_assert!(to.reader != Reader::Group);
            let checkin = checkin.map(|(due, about)| {
                subjects.entry(due.day).or_default().extend(about);
                due
            });
            self.say(to, manner.owned_by(who.person), Message::Reminder { items, checkin });
        }
        let now = self.now;
        nudges::add(&mut self.tx, &sent, &day, now).await?;
        for (day, subjects) in subjects {
            expected::reminded(&mut self.tx, day, &subjects, now).await?;
        }
        self.note_reminders(legs_reminded).await
    }

    async fn note_reminders(&mut self, reminded: BTreeMap<i64, Vec<i64>>) -> Result<()> {
        let now = self.now;
        let ids: Vec<i64> = reminded.keys().copied().collect();
        for leg in legs::many(&mut self.tx, &ids).await? {
            let directive = directives::known(&mut self.tx, leg.directive).await?;
            let open = receipts::open_subjects(&mut self.tx, leg.id, directive.revision).await?;
            let answerers = self.answerers(&directive, &leg, &open).await?;
            let people = &reminded[&leg.id];
            let subjects: Vec<i64> = answerers
                .into_iter()
                .filter(|(who, _)| people.contains(who))
                .flat_map(|(_, of)| of)
                .collect();
            receipts::reminded(&mut self.tx, &leg, directive.revision, &subjects, now).await?;
        }
        Ok(())
    }
}
