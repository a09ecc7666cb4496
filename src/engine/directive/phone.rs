//! 已电话联系, 联系不上: an acknowledgement by phone is recorded with who noted it (B4).

use serde_json::json;

use super::escalate::escalation_slot;
use crate::domain::authority::{Act, grant};
use crate::domain::directive::{Directive, State};
use crate::domain::message::{Class, Counted, Message, Refusal, Toast, Verb};
use crate::engine::Work;
use crate::engine::press::Press;
use crate::engine::work::Manner;
use crate::store::legs::{self, Leg};
use crate::store::receipts::{self, Ack};
use crate::store::{Result, directives, people};

impl Work<'_> {
    /// `phone` and `unreach`.
    pub(in crate::engine) async fn press_phone(&mut self, press: &Press<'_>) -> Result<Toast> {
        let (Message::Escalation(told), Some(subject)) = (&press.shown.letter.message, press.arg) else {
            return Ok(Toast::Outdated);
        };
        let Some(leg) = legs::get(&mut self.tx, told.leg).await? else { return Ok(Toast::Outdated) };
        let directive = directives::known(&mut self.tx, leg.directive).await?;
        if directive.state != State::Sent {
            return Ok(Toast::Withdrawn);
        }
        let unit = people::unit_known(&mut self.tx, leg.unit).await?;
        let Some(by) = grant(press.actor, Act::NotePhone, &unit).map(|post| post.person) else {
            return Ok(Toast::Refused(Refusal::Verb(press.verb)));
        };
        let toast = match press.verb {
            Verb::Phone => self.reached(press, &directive, &leg, subject, by).await?,
            Verb::Unreach => self.not_reached(press, &directive, &leg, subject, by).await?,
            _ => Toast::Outdated,
        };
        self.refresh_escalations(&directive, leg.id).await?;
        Ok(toast)
    }

    async fn reached(
        &mut self,
        press: &Press<'_>,
        directive: &Directive,
        leg: &Leg,
        subject: i64,
        by: i64,
    ) -> Result<Toast> {
        let counted = directive.counted(leg.tier);
        let open = receipts::open_subjects(&mut self.tx, leg.id, directive.revision).await?;
        let by_person = match counted {
            Counted::Counselors | Counted::Students => subject,
            Counted::Colleges | Counted::Classes | Counted::Households => 0,
        };
        let ack = Ack {
            directive: directive.id,
            revision: directive.revision,
            tier: leg.tier,
            kind: receipts::kind(counted),
            subjects: &[subject],
            by: by_person,
            way: "phone",
            recorded_by: Some(by),
        };
        let now = self.now;
        // Only who is missing on this very leg: the argument grants nothing.
        let fresh =
            if open.contains(&subject) { receipts::ack(&mut self.tx, ack, now).await? } else { vec![] };
        if fresh.is_empty() {
            let before = receipts::acked(&mut self.tx, &ack).await?;
            return Ok(before.first().map_or(Toast::Outdated, |(_, at, _)| Toast::AlreadyAcked { at: *at }));
        }
        self.count_acks(&fresh).await?;
        let detail = json!({ "way": "phone", "subject": subject });
        self.record(Some(press.actor), "receipt.phone", format!("directive:{}", directive.id), detail);
        Ok(Toast::Noted)
    }

    /// Tried and not reached: told upward at once; it never looks like an acknowledgement.
    async fn not_reached(
        &mut self,
        press: &Press<'_>,
        directive: &Directive,
        leg: &Leg,
        subject: i64,
        by: i64,
    ) -> Result<Toast> {
        let now = self.now;
        if !receipts::unreached(&mut self.tx, leg.id, directive.revision, subject, by, now).await? {
            return Ok(Toast::Outdated);
        }
        let detail = json!({ "subject": subject });
        self.record(Some(press.actor), "receipt.unreached", format!("directive:{}", directive.id), detail);
        let unit = people::unit_known(&mut self.tx, leg.unit).await?;
        let Some(parent) = unit.parent else { return Ok(Toast::Noted) };
        let parent = people::unit_known(&mut self.tx, parent).await?;
        let locale = self.school_locale();
        for who in people::responsible(&mut self.tx, &parent, locale).await? {
            let Some(to) = self.addressee(&who).filter(|_| !press.actor.is(who.person)) else { continue };
            let mut told = self.escalation(directive, leg, 2, 0).await?;
            told.missing.retain(|row| row.unreached);
            (told.page, told.pages) = (0, 1);
            let manner = Manner::directive(directive.urgent, escalation_slot(leg.id), "escalation", leg.id);
            let manner = Manner { class: Class::Urgent, ..manner }.owned_by(who.person);
            self.say(to, manner, Message::Escalation(Box::new(told)));
        }
        Ok(Toast::Noted)
    }
}
