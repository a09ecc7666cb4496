//! An alert as those who handle it see it, and the final report on it.

use crate::domain::alert::{Alert, Authority, Entry, Event, Told};
use crate::domain::message::{
    AlertCard, AlertHead, AlertMessage, AlertReport, Class, Message, TierMeasure, Time, TimeLine, ToldLine,
};
use crate::engine::Work;
use crate::store::alerts::AlertId;
use crate::store::{Result, messages, people};

use super::{Case, slot};

impl Work<'_> {
    /// The alert as it stands.
    pub(super) async fn alert_card(
        &mut self,
        id: &AlertId,
        alert: &Alert,
        head: AlertHead,
    ) -> Result<AlertCard> {
        let locale = self.school_locale();
        let whom = people::addressees(&mut self.tx, &[id.person], locale).await?;
        let phone = whom.first().map(|who| who.open_phone(&self.engine.sealer)).transpose()?.flatten();
        let mut told = Vec::new();
        for line in &alert.told {
            told.push(self.told_line(line).await?);
        }
        let taken = match alert.taken {
            Some((person, at)) => Some((people::name(&mut self.tx, person).await?, at)),
            None => None,
        };
        let note = match &alert.note {
            Some((person, at, text)) => Some((people::name(&mut self.tx, *person).await?, *at, text.clone())),
            None => None,
        };
        let cleared = match &alert.cleared {
            Some((person, at, outcome, why)) => {
                Some((people::name(&mut self.tx, *person).await?, *at, *outcome, why.clone()))
            }
            None => None,
        };
        Ok(AlertCard {
            alert: id.id,
            head,
            name: people::name(&mut self.tx, id.person).await?,
            units: self.units_of(id).await?,
            phone,
            guardians: self.guardians_of(id.person).await?,
            reasons: alert.reasons.clone(),
            opened_at: alert.opened_at,
            corrected: alert.corrected,
            due: alert.running().map(|clock| clock.due()),
            taken,
            told,
            note,
            cleared,
        })
    }

    async fn told_line(&mut self, told: &Told) -> Result<ToldLine> {
        let who = people::name(&mut self.tx, told.person).await?;
        Ok(ToldLine { at: told.at, who, to: told.to.clone(), after: told.after, late: told.late })
    }

    /// The unit and the one above it, but for the school.
    async fn units_of(&mut self, id: &AlertId) -> Result<Vec<String>> {
        let unit = people::unit_known(&mut self.tx, id.unit).await?;
        let mut names = vec![unit.name];
        if let Some(parent) = unit.parent {
            let parent = people::unit_known(&mut self.tx, parent).await?;
            names.extend((parent.tier > 0).then_some(parent.name));
        }
        Ok(names)
    }

    async fn guardians_of(&mut self, person: i64) -> Result<Vec<(String, Option<String>)>> {
        let locale = self.school_locale();
        let guardians = people::guardians(&mut self.tx, &[person]).await?;
        let ids: Vec<i64> = guardians.into_iter().map(|(_, guardian)| guardian).collect();
        let mut found = Vec::new();
        for who in people::addressees(&mut self.tx, &ids, locale).await? {
            let phone = who.open_phone(&self.engine.sealer)?;
            found.push((who.name, phone));
        }
        Ok(found)
    }

    /// Shows every card of the alert as it stands now.
    pub(super) async fn refresh_cards(&mut self, case: &Case) -> Result<()> {
        let shown = messages::by_slot(&mut self.tx, &self.engine.sealer, &slot(case.id.id)).await?;
        if shown.is_empty() {
            return Ok(());
        }
        let fresh = self.alert_card(&case.id, case.known()?, AlertHead::New).await?;
        for shown in shown {
            let Message::Alert(AlertMessage::Card(old)) = &shown.letter.message else { continue };
            let fresh = AlertCard { head: old.head, ..fresh.clone() };
            if fresh != **old {
                self.show(&shown, Class::Urgent, Message::Alert(AlertMessage::Card(Box::new(fresh))));
            }
        }
        Ok(())
    }

    /// The final report: what it was, what became of it, who knew when, and how long each tier took.
    pub(super) async fn report_on(&mut self, case: &Case) -> Result<Option<AlertReport>> {
        let alert = case.known()?;
        let Some((_, _, outcome, why)) = alert.cleared.clone() else { return Ok(None) };
        let mut tiers = Vec::new();
        for measure in alert.measures() {
            let told = match &measure.told {
                Some(told) => Some(self.told_line(told).await?),
                None => None,
            };
            let tier = measure.tier.map(|tier| self.settings().tier_name(tier));
            tiers.push(TierMeasure { tier, informed_at: measure.informed_at, told });
        }
        Ok(Some(AlertReport {
            name: people::name(&mut self.tx, case.id.person).await?,
            units: self.units_of(&case.id).await?,
            reasons: alert.reasons.clone(),
            outcome,
            why,
            lines: self.time_lines(&case.record).await?,
            tiers,
        }))
    }

    /// The record in words: who was informed in one breath is one line.
    async fn time_lines(&mut self, record: &[Entry]) -> Result<Vec<TimeLine>> {
        let mut lines: Vec<TimeLine> = Vec::new();
        for entry in record.iter().filter(|entry| !matches!(entry.event, Event::Clock { .. })) {
            let who = match entry.person {
                0 => Vec::new(),
                person => vec![people::name(&mut self.tx, person).await?],
            };
            match lines.last_mut() {
                Some(last) if told_together(last, entry) => last.who.extend(who),
                _ => lines.push(TimeLine { at: entry.at, who, event: entry.event.clone() }),
            }
        }
        Ok(lines)
    }
}

fn told_together(last: &TimeLine, entry: &Entry) -> bool {
    let minute = |at: Time| at.timestamp().div_euclid(60);
    last.event == Event::Informed && entry.event == Event::Informed && minute(last.at) == minute(entry.at)
}

/// The authority of a button.
pub(super) fn authority(arg: i64) -> Option<Authority> {
    Authority::USUAL.get(usize::try_from(arg).ok()?).cloned()
}
