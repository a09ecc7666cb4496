//! Who stays silent is told upward: to those responsible, in private, with names and one-tap actions (B3).

use crate::domain::directive::Directive;
use crate::domain::message::{Class, Counted, Escalation, Message, MissingRow, Toast};
use crate::domain::person::UnitRef;
use crate::domain::split;
use crate::engine::Work;
use crate::engine::press::Press;
use crate::engine::work::Manner;
use crate::store::legs::{self, Leg};
use crate::store::messages::Shown;
use crate::store::people::{self, Addressee};
use crate::store::{Result, directives, messages, receipts};

/// Missing people on one page.
const PAGE: usize = 8;

pub(super) fn escalation_slot(leg: i64) -> String {
    format!("escalation:{leg}")
}

impl Work<'_> {
    /// Tells those responsible for the chat's own unit (level 1), or so many tiers higher. Where nobody
    /// there can be reached, the next tier up is told instead: silence must not end in silence.
    pub(super) async fn escalate(&mut self, directive: &Directive, leg: &Leg, level: u32) -> Result<String> {
        let own = people::unit_known(&mut self.tx, leg.unit).await?;
        let Some((unit, level)) = self.unit_above(own, level).await? else {
            return Ok("nobody is higher".to_owned());
        };
        let (recipients, level) = self.reachable_above(unit, level).await?;
        let ids: Vec<i64> = recipients.iter().map(|who| who.person).collect();
        let now = self.now;
        receipts::escalated(&mut self.tx, leg.id, directive.revision, &ids, now).await?;
        for who in &recipients {
            let Some(to) = self.addressee(who) else { continue };
            let told = self.escalation(directive, leg, level, 0).await?;
            let manner = Manner::directive(directive.urgent, escalation_slot(leg.id), "escalation", leg.id);
            let manner = Manner { class: Class::Urgent, ..manner }.owned_by(who.person);
            self.say(to, manner, Message::Escalation(Box::new(told)));
        }
        Ok(format!("told {} people at level {level}", recipients.len()))
    }

    async fn unit_above(&mut self, mut unit: UnitRef, level: u32) -> Result<Option<(UnitRef, u32)>> {
        for _ in 1..level {
            let Some(parent) = unit.parent else { return Ok(None) };
            unit = people::unit_known(&mut self.tx, parent).await?;
        }
        Ok(Some((unit, level)))
    }

    async fn reachable_above(&mut self, mut unit: UnitRef, mut level: u32) -> Result<(Vec<Addressee>, u32)> {
        let locale = self.school_locale();
        loop {
            let mut found = people::responsible(&mut self.tx, &unit, locale).await?;
            found.retain(|who| who.reachable);
            let Some(parent) = unit.parent.filter(|_| found.is_empty()) else { return Ok((found, level)) };
            unit = people::unit_known(&mut self.tx, parent).await?;
            level += 1;
        }
    }

    pub(super) async fn escalation(
        &mut self,
        directive: &Directive,
        leg: &Leg,
        level: u32,
        page: usize,
    ) -> Result<Escalation> {
        let missing = receipts::missing(&mut self.tx, leg.id, directive.revision, true).await?;
        let pages = missing.len().div_ceil(PAGE).max(1);
        let page = page.min(pages - 1);
        let mut rows = Vec::new();
        for row in missing.into_iter().skip(page * PAGE).take(PAGE) {
            let (name, who) = self.who_answers(directive, leg, row.subject).await?;
            let phone = match &who {
                Some(who) => who.open_phone(&self.engine.sealer)?,
                None => None,
            };
            rows.push(MissingRow {
                subject: row.subject,
                name,
                phone,
                unreachable: who.is_none_or(|who| !who.reachable),
                unreached: row.unreached,
                acked: row.acked,
            });
        }
        let unit = people::unit_known(&mut self.tx, leg.unit).await?.name;
        Ok(Escalation {
            leg: leg.id,
            number: directive.number,
            title: split::title(&directive.text),
            unit,
            urgent: directive.urgent,
            due: leg.due_at,
            counted: directive.counted(leg.tier),
            acked: leg.acked,
            must: leg.must,
            level,
            missing: rows,
            page,
            pages,
        })
    }

    /// The name to show for a receipt's subject, and the person to be phoned.
    async fn who_answers(
        &mut self,
        directive: &Directive,
        leg: &Leg,
        subject: i64,
    ) -> Result<(String, Option<Addressee>)> {
        let locale = self.school_locale();
        match directive.counted(leg.tier) {
            Counted::Colleges | Counted::Classes => {
                let unit = people::unit_known(&mut self.tx, subject).await?;
                let who = people::responsible(&mut self.tx, &unit, locale).await?.into_iter().next();
                let name =
                    who.as_ref().map_or(unit.name.clone(), |who| format!("{}（{}）", unit.name, who.name));
                Ok((name, who))
            }
            Counted::Counselors | Counted::Students => {
                let name = people::name(&mut self.tx, subject).await?;
                let who = people::addressees(&mut self.tx, &[subject], locale).await?.into_iter().next();
                Ok((name, who))
            }
            Counted::Households => {
                let name = people::name(&mut self.tx, subject).await?;
                let guardians = people::guardians(&mut self.tx, &[subject]).await?;
                let ids: Vec<i64> = guardians.into_iter().map(|(_, guardian)| guardian).collect();
                let all = people::addressees(&mut self.tx, &ids, locale).await?;
                let reachable = all.iter().position(|who| who.reachable).unwrap_or(0);
                Ok((name, all.into_iter().nth(reachable)))
            }
        }
    }

    /// Shows every escalation of a leg as it stands now, each on its own page.
    pub(super) async fn refresh_escalations(&mut self, directive: &Directive, leg: i64) -> Result<()> {
        let Some(leg) = legs::get(&mut self.tx, leg).await? else { return Ok(()) };
        let sealer = &self.engine.sealer;
        let told = messages::by_slot(&mut self.tx, sealer, &escalation_slot(leg.id)).await?;
        self.show_escalations(directive, &leg, told).await
    }

    /// The same for those that are given.
    pub(super) async fn show_escalations(
        &mut self,
        directive: &Directive,
        leg: &Leg,
        told: Vec<Shown>,
    ) -> Result<()> {
        for shown in told {
            let Message::Escalation(old) = &shown.letter.message else { continue };
            let fresh = self.escalation(directive, leg, old.level, old.page).await?;
            if fresh != **old {
                self.show(&shown, Class::Answer, Message::Escalation(Box::new(fresh)));
            }
        }
        Ok(())
    }

    /// Another page of an escalation.
    pub(in crate::engine) async fn page_escalation(&mut self, press: &Press<'_>) -> Result<Toast> {
        let Message::Escalation(old) = &press.shown.letter.message else { return Ok(Toast::Outdated) };
        let Some(leg) = legs::get(&mut self.tx, old.leg).await? else { return Ok(Toast::Outdated) };
        let directive = directives::known(&mut self.tx, leg.directive).await?;
        let page = press.arg.and_then(|arg| usize::try_from(arg).ok()).unwrap_or(0);
        let fresh = self.escalation(&directive, &leg, old.level, page).await?;
        self.show(press.shown, Class::Answer, Message::Escalation(Box::new(fresh)));
        Ok(Toast::Quiet)
    }
}
