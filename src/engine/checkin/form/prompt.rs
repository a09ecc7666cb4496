//! The prompt of a morning, for one or for a thousand people in a few statements.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use super::overview::Reader;
use super::place::At;
use super::{Desk, FORM, Subject, slot, stage, subjects_of};
use crate::domain::message::{Class, FormMessage, Message, Repeat};
use crate::engine::Work;
use crate::engine::work::{Manner, To};
use crate::store::checkin::days::DayRules;
use crate::store::checkin::reporters::{self, Reporter};
use crate::store::people::Addressee;
use crate::store::{Result, messages};

impl Work<'_> {
    /// Asks each of these in private, in one message, for the reports of those they are asked about: theirs and others'. Who
    /// is in the middle of a form is shown it again; who cannot be reached, or may report for none of these, is
    /// left out. Returns how many were asked. For about a thousand people at a time.
    pub(in crate::engine) async fn prompt_all(
        &mut self,
        day: &DayRules,
        asks: &[(Addressee, Vec<i64>)],
        class: Class,
    ) -> Result<usize> {
        let people: Vec<i64> = asks.iter().map(|(asker, _)| asker.person).collect();
        let may = reporters::of(&mut self.tx, day.id, day.policy.guardian_reports, &people).await?;
        let mut by_asker: BTreeMap<i64, Vec<Reporter>> = BTreeMap::new();
        for reporter in may {
            by_asker.entry(reporter.by).or_default().push(reporter);
        }
        let begun = self.begun(day, asks).await?;
        let mut readers: Vec<Reader> = Vec::new();
        let mut places: Vec<(To, i64)> = Vec::new();
        let mut again = BTreeSet::new();
        let mut known: BTreeMap<i64, usize> = BTreeMap::new();
        for (asker, about) in asks {
            let Some(to) = self.addressee(asker) else { continue };
            let mut subjects = subjects_of(day, by_asker.remove(&asker.person).unwrap_or_default());
            subjects.retain(|subject| about.contains(&subject.reporter.person));
            if subjects.is_empty() {
                continue;
            }
            if begun.contains(&to.chat) {
                if again.insert(to.chat) {
                    self.prompt_again(to, day).await?;
                }
                continue;
            }
            // Two people behind one account are asked in one message.
            if let Some(known) = known.get(&to.chat).copied() {
                readers[known].people.push(asker.person);
                let fresh = |s: &Subject| {
                    readers[known].subjects.iter().all(|k| k.reporter.person != s.reporter.person)
                };
                subjects.retain(fresh);
                readers[known].subjects.extend(subjects);
                continue;
            }
            known.insert(to.chat, readers.len());
            readers.push(Reader { people: vec![asker.person], locale: to.locale, subjects });
            places.push((to, asker.person));
        }
        let asked = places.len() + again.len();
        let stages = self.overviews(day, &readers).await?;
        for ((to, person), stage) in places.into_iter().zip(stages) {
            let page = stage::page(day, to.locale, None, None, stage);
            let manner = manner(self.now, day, to, class).owned_by(person);
            self.say(to, manner, Message::Form(Box::new(FormMessage::Page(page))));
        }
        Ok(asked)
    }

    /// The accounts among these that have a form of this day in their chat already.
    async fn begun(&mut self, day: &DayRules, asks: &[(Addressee, Vec<i64>)]) -> Result<BTreeSet<i64>> {
        let accounts = asks.iter().filter_map(|(asker, _)| asker.account);
        let slots: Vec<String> = accounts.map(|account| slot(day.id, account)).collect();
        let sealer = &self.engine.sealer;
        let shown = messages::by_slots(&mut self.tx, sealer, &slots).await?;
        Ok(shown.into_iter().map(|shown| shown.chat).collect())
    }

    /// Asks somebody who has the form in the chat: there while it is the last message, else anew.
    async fn prompt_again(&mut self, to: To, day: &DayRules) -> Result<()> {
        let Some(actor) = self.actor(to.chat).await? else { return Ok(()) };
        let Some(day) = self.day(day.id).await? else { return Ok(()) };
        let desk = Desk { actor: &actor, day, phone: None };
        let bot = std::mem::replace(&mut self.bot, to.bot);
        match self.open_form(&desk).await? {
            Some((open, filling)) => {
                self.show_filling(&desk, open.person, &filling, None, (At::InSight, false)).await?;
            }
            None => self.show_overview(&desk, None, At::InSight).await?,
        }
        self.bot = bot;
        Ok(())
    }
}

/// A prompt is of use until the deadline; the next reminder mends one that was lost.
fn manner(now: crate::domain::message::Time, day: &DayRules, to: To, class: Class) -> Manner {
    Manner {
        class,
        repeat: Repeat::Never,
        fresh_for: (day.deadline_at - now).max(TimeDelta::minutes(30)),
        lives: TimeDelta::days(2),
        ..Manner::reminder(slot(day.id, to.chat), FORM, day.id)
    }
}
