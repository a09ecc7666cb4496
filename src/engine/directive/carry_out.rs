//! 落实: reported by who is responsible, reviewed one tier up, accepted or sent back with a reason (B6).

use serde_json::json;

use super::relay::pressed_leg;
use crate::domain::authority::{Act, grant};
use crate::domain::directive::{Attachment, Directive, State};
use crate::domain::incoming::{Media, Written};
use crate::domain::message::{Class, Compose, DutyState, Message, Refusal, Review, Toast, Verb};
use crate::domain::person::{Actor, UnitRef};
use crate::domain::split;
use crate::engine::Work;
use crate::engine::press::Press;
use crate::engine::work::Manner;
use crate::store::dialogues::{self, Dialogue};
use crate::store::legs::{self, Leg};
use crate::store::people::Addressee;
use crate::store::{Result, directives, messages, people};

fn review_slot(leg: i64) -> String {
    format!("review:{leg}")
}

impl Work<'_> {
    /// `done`, `accept` and `return`.
    pub(in crate::engine) async fn press_carry_out(&mut self, press: &Press<'_>) -> Result<Toast> {
        let Some(leg) = pressed_leg(press) else { return Ok(Toast::Outdated) };
        let Some(leg) = legs::get(&mut self.tx, leg).await? else { return Ok(Toast::Outdated) };
        let directive = directives::known(&mut self.tx, leg.directive).await?;
        if directive.state != State::Sent {
            return Ok(Toast::Withdrawn);
        }
        let unit = people::unit_known(&mut self.tx, leg.unit).await?;
        let act = if press.verb == Verb::Done { Act::ReportDone } else { Act::JudgeDone };
        let Some(person) = grant(press.actor, act, &unit).map(|post| post.person) else {
            self.record(Some(press.actor), "refused.carry_out", format!("leg:{}", leg.id), json!({}));
            return Ok(Toast::Refused(Refusal::Verb(press.verb)));
        };
        match press.verb {
            Verb::Done => self.ask_done(press.actor, person, &directive, &leg, unit).await,
            Verb::Accept => self.judge_done(press.actor, person, &directive, &leg, None).await,
            _ if leg.done_state != "reported" => self.judged_before(&leg).await,
            _ => {
                self.wait_for(press.actor, person, ("return", leg.id), &()).await?;
                let ask = Compose::AskReturnReason { number: directive.number, unit: unit.name };
                self.reply(press.actor, Message::Compose(ask));
                Ok(Toast::TypeIt)
            }
        }
    }

    async fn ask_done(
        &mut self,
        actor: &Actor,
        person: i64,
        directive: &Directive,
        leg: &Leg,
        unit: UnitRef,
    ) -> Result<Toast> {
        if leg.done_state == "accepted" {
            return self.judged_before(leg).await;
        }
        self.wait_for(actor, person, ("done", directive.id), &()).await?;
        let ask = Compose::AskDone { number: directive.number, unit: unit.name };
        self.reply(actor, Message::Compose(ask));
        Ok(Toast::TypeIt)
    }

    async fn judged_before(&mut self, leg: &Leg) -> Result<Toast> {
        let by = people::name(&mut self.tx, leg.judged_by.unwrap_or(0)).await?;
        Ok(Toast::AlreadyDone { by })
    }

    /// The report (text or photo) or the reason was sent.
    pub(in crate::engine) async fn carry_out_answer(
        &mut self,
        written: &Written,
        actor: &Actor,
        dialogue: &Dialogue,
    ) -> Result<bool> {
        let text = written.text.trim();
        let media = written.media.filter(|media| *media != Media::Unfit);
        if text.is_empty() && (media.is_none() || dialogue.kind == "return") {
            return Ok(false);
        }
        let is_reason = dialogue.kind == "return";
        let most = if is_reason { split::REASON_TEXT_LIMIT } else { split::REPORT_TEXT_LIMIT };
        if split::utf16_len(text) > most {
            self.reply(actor, Message::Refused(Refusal::TooLong { most }));
            return Ok(true);
        }
        dialogues::clear(&mut self.tx, actor.account).await?;
        if is_reason {
            return self.returned(actor, dialogue, text).await;
        }
        let media = media.map(|_| Attachment {
            from_chat: written.place.chat,
            message: written.message,
            bot: self.bot,
            file: written.file.clone(),
        });
        let directive = directives::known(&mut self.tx, dialogue.subject).await?;
        let charge = self.charge_of(actor, directive.id).await?;
        if directive.state != State::Sent || charge.is_empty() {
            self.reply(actor, Message::Refused(Refusal::TooLate));
            return Ok(true);
        }
        for leg in &charge {
            self.report(actor, dialogue.person, &directive, leg, text, media.as_ref()).await?;
        }
        let charge = self.charge_of(actor, directive.id).await?;
        self.say_duty(actor, dialogue.person, &directive, &charge).await?;
        Ok(true)
    }

    async fn report(
        &mut self,
        actor: &Actor,
        person: i64,
        directive: &Directive,
        leg: &Leg,
        text: &str,
        media: Option<&Attachment>,
    ) -> Result<()> {
        let now = self.now;
        let kept = media.map(|media| json!(media).to_string()).unwrap_or_default();
        if !legs::report_done(&mut self.tx, leg.id, person, text, &kept, now).await? {
            return Ok(());
        }
        self.record(
            Some(actor),
            "directive.done",
            format!("leg:{}", leg.id),
            json!({ "photo": media.is_some() }),
        );
        let unit = people::unit_known(&mut self.tx, leg.unit).await?;
        let review = Review {
            leg: leg.id,
            number: directive.number,
            title: split::title(&directive.text),
            by: actor.name_of(person).to_owned(),
            unit: unit.name.clone(),
            text: text.to_owned(),
            media: media.is_some(),
            state: DutyState::Reported { at: now },
        };
        for who in self.reviewers(directive, &unit).await? {
            let Some(to) = self.addressee(&who) else { continue };
            let manner = Manner::directive(directive.urgent, review_slot(leg.id), "review", leg.id);
            let manner = Manner { class: Class::Reminder, ..manner };
            if let Some(media) = media {
                let before = manner.clone().about(format!("{}:photo", review_slot(leg.id)), "part", leg.id);
                self.copy(to, before, media);
            }
            self.say(to, manner.owned_by(who.person), Message::Review(Box::new(review.clone())));
        }
        Ok(())
    }

    /// The issuer reviews what the units directly below report; elsewhere those responsible one tier up.
    async fn reviewers(&mut self, directive: &Directive, unit: &UnitRef) -> Result<Vec<Addressee>> {
        let locale = self.school_locale();
        let Some(parent) = unit.parent else { return Ok(vec![]) };
        let parent = people::unit_known(&mut self.tx, parent).await?;
        let all = people::responsible(&mut self.tx, &parent, locale).await?;
        let issuer: Vec<_> =
            all.iter().filter(|who| who.person == directive.issuer && who.reachable).cloned().collect();
        Ok(if issuer.is_empty() { all } else { issuer })
    }

    async fn returned(&mut self, actor: &Actor, dialogue: &Dialogue, why: &str) -> Result<bool> {
        let Some(leg) = legs::get(&mut self.tx, dialogue.subject).await? else { return Ok(true) };
        let directive = directives::known(&mut self.tx, leg.directive).await?;
        let unit = people::unit_known(&mut self.tx, leg.unit).await?;
        let allowed = grant(actor, Act::JudgeDone, &unit).is_some();
        if !allowed || leg.done_state != "reported" {
            self.reply(actor, Message::Refused(Refusal::TooLate));
            return Ok(true);
        }
        self.judge_done(actor, dialogue.person, &directive, &leg, Some(why)).await?;
        Ok(true)
    }

    async fn judge_done(
        &mut self,
        actor: &Actor,
        person: i64,
        directive: &Directive,
        leg: &Leg,
        returned: Option<&str>,
    ) -> Result<Toast> {
        let now = self.now;
        let accepted = returned.is_none();
        if !legs::judge(&mut self.tx, leg.id, accepted, person, returned.unwrap_or(""), now).await? {
            return self.judged_before(leg).await;
        }
        let act = if accepted { "directive.accept" } else { "directive.return" };
        self.record(Some(actor), act, format!("leg:{}", leg.id), json!({}));
        let by = actor.name_of(person).to_owned();
        let state = match returned {
            None => DutyState::Accepted { by },
            Some(why) => DutyState::Returned { by, why: why.to_owned() },
        };
        let sealer = &self.engine.sealer;
        for shown in messages::by_slot(&mut self.tx, sealer, &review_slot(leg.id)).await? {
            let Message::Review(review) = &shown.letter.message else { continue };
            let review = Review { state: state.clone(), ..(**review).clone() };
            self.show(&shown, Class::Answer, Message::Review(Box::new(review)));
        }
        self.tell_reporter(directive, leg).await?;
        Ok(Toast::Noted)
    }

    /// The reporter hears the judgement in a new message: an edit would not be noticed.
    async fn tell_reporter(&mut self, directive: &Directive, leg: &Leg) -> Result<()> {
        let locale = self.school_locale();
        let reporter = leg.done_by.unwrap_or(0);
        for who in people::addressees(&mut self.tx, &[reporter], locale).await? {
            let Some(account) = who.account.filter(|_| who.reachable) else { continue };
            let Some(actor) = self.actor(account).await? else { continue };
            let charge = self.charge_of(&actor, directive.id).await?;
            self.say_duty(&actor, reporter, directive, &charge).await?;
        }
        Ok(())
    }
}
