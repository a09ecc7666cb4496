//! Sending: numbered, its rules fixed, every leg and receipt made, the first leg arrived.

use serde_json::json;

use super::audience::Audience;
use crate::domain::directive::{Directive, Fixed, LegState, State};
use crate::domain::message::{Class, Compose, Message, SentReport, Toast};
use crate::domain::split;
use crate::engine::Work;
use crate::engine::press::Press;
use crate::engine::work::Manner;
use crate::store::{Result, directives, legs, people, receipts};

impl Work<'_> {
    /// Sends a draft. Everything of it happens in this transaction, or nothing does.
    pub(super) async fn issue(&mut self, press: &Press<'_>, mut directive: Directive) -> Result<Toast> {
        let audience = self.audience(&directive).await?;
        let now = self.now;
        let rules = &self.settings().rules;
        let date = self.settings().calendar.date(now);
        let year = chrono::Datelike::year(&date);
        directive.number = directives::next_number(&mut self.tx, year).await?;
        directive.fixed = Some(Fixed {
            policy: rules.policy(directive.urgent).clone(),
            counselors: rules.counselors,
            relay_delay: rules.relay_delay,
        });
        directive.state = State::Sent;
        directive.issued_at = Some(now);
        directives::save(&mut self.tx, &directive, now).await?;
        directives::keep_text(&mut self.tx, &directive, directive.issuer, now).await?;
        legs::insert(&mut self.tx, directive.id, &audience.legs, now).await?;
        self.send_down(&directive).await?;
        let detail = json!({ "number": directive.number.to_string(), "urgent": directive.urgent,
            "depth": directive.depth, "chats": audience.chats, "people": audience.people });
        self.record(Some(press.actor), "directive.send", format!("directive:{}", directive.id), detail);
        self.tell_sender(press, &directive, audience).await?;
        Ok(Toast::Quiet)
    }

    /// Every row of who must acknowledge exists before anybody can; then the origin's leg arrives, and
    /// with it whatever does not wait for a relay.
    async fn send_down(&mut self, directive: &Directive) -> Result<()> {
        let legs = legs::of_directive(&mut self.tx, directive.id).await?;
        for leg in
            legs.iter().filter(|leg| leg.state == LegState::Waiting && !leg.informed && directive.answer)
        {
            receipts::expect(&mut self.tx, leg.id, directive.counted(leg.tier), directive.revision).await?;
        }
        for leg in legs.iter().filter(|leg| leg.parent.is_none()) {
            let how = if leg.informed { "copy" } else { "issued" };
            self.arrive(directive, leg, Some(directive.issuer), how).await?;
        }
        Ok(())
    }

    /// The report goes to whoever wrote it, also when a second person sent it.
    async fn tell_sender(
        &mut self,
        press: &Press<'_>,
        directive: &Directive,
        audience: Audience,
    ) -> Result<()> {
        self.close_questions(directive, &Compose::Sent { number: directive.number }).await?;
        let report = SentReport {
            directive: directive.id,
            number: directive.number,
            title: split::title(&directive.text),
            chats: audience.chats,
            people: audience.people,
            urgent: directive.urgent,
            troubles: audience.troubles,
        };
        let manner =
            Manner::directive(directive.urgent, format!("sent:{}", directive.id), "sent", directive.id);
        let manner = Manner { class: Class::Answer, ..manner }.owned_by(directive.issuer);
        let to = if press.actor.is(directive.issuer) {
            Some(self.private(press.actor))
        } else {
            let locale = self.school_locale();
            let issuer = people::addressees(&mut self.tx, &[directive.issuer], locale).await?;
            issuer.first().and_then(|who| self.addressee(who))
        };
        if let Some(to) = to {
            self.say(to, manner, Message::Sent(Box::new(report)));
        }
        Ok(())
    }
}
