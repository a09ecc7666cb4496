//! Passing on: 立即传达, 补充说明后传达, or by itself when the time for a note has passed (B1).

use serde_json::json;

use super::acknowledge::in_charge;
use crate::domain::directive::{Directive, GUARDIANS, LegState, State};
use crate::domain::incoming::Written;
use crate::domain::message::{Class, Compose, Duty, DutyState, Message, RelayState, Toast, TodayItem, Verb};
use crate::domain::person::Actor;
use crate::domain::policy::Relay;
use crate::domain::split;
use crate::engine::Work;
use crate::engine::press::Press;
use crate::engine::work::Manner;
use crate::store::dialogues::{self, Dialogue};
use crate::store::legs::{self, Leg};
use crate::store::timers::Timer;
use crate::store::{Result, directives, messages, people, timers};

fn duty_slot(directive: i64, person: i64) -> String {
    format!("duty:{directive}:{person}")
}

impl Work<'_> {
    /// The one message with which a person passes a directive on and reports it carried out.
    pub(super) async fn say_duty(
        &mut self,
        actor: &Actor,
        person: i64,
        directive: &Directive,
        charge: &[Leg],
    ) -> Result<()> {
        let duty = Message::Duty(Box::new(self.duty(directive, charge).await?));
        let slot = duty_slot(directive.id, person);
        let to = self.private(actor);
        let manner = Manner {
            class: Class::Answer,
            ..Manner::directive(directive.urgent, slot, "duty", directive.id)
        };
        self.say(to, manner.owned_by(person), duty);
        Ok(())
    }

    async fn duty(&mut self, directive: &Directive, charge: &[Leg]) -> Result<Duty> {
        let mut names = Vec::new();
        for leg in charge {
            names.push(people::unit_known(&mut self.tx, leg.unit).await?.name);
        }
        let relay =
            charge.iter().map(|leg| relay_state(directive, leg)).next().unwrap_or(RelayState::Nothing);
        let first = charge.iter().find(|leg| leg.done_state != "accepted").or(charge.first());
        let done = match first.filter(|_| directive.answer) {
            Some(leg) => Some(self.duty_state(leg).await?),
            None => None,
        };
        Ok(Duty {
            leg: charge.first().map_or(0, |leg| leg.id),
            number: directive.number,
            title: split::title(&directive.text),
            unit: names.join("、"),
            relay,
            done,
        })
    }

    pub(super) async fn duty_state(&mut self, leg: &Leg) -> Result<DutyState> {
        let judge = people::name(&mut self.tx, leg.judged_by.unwrap_or(0)).await?;
        Ok(match leg.done_state.as_str() {
            "reported" => DutyState::Reported { at: leg.done_at.unwrap_or(self.now) },
            "accepted" => DutyState::Accepted { by: judge },
            "returned" => DutyState::Returned { by: judge, why: leg.judged_why.clone() },
            _ => DutyState::Open,
        })
    }

    /// The legs of a directive for whose units this actor is responsible.
    pub(super) async fn charge_of(&mut self, actor: &Actor, directive: i64) -> Result<Vec<Leg>> {
        let legs = legs::of_directive(&mut self.tx, directive).await?;
        let own = |leg: &Leg| leg.tier < GUARDIANS && leg.parent.is_some() && in_charge(actor, leg.unit);
        Ok(legs.into_iter().filter(own).collect())
    }

    /// Shows a person's duty as it is now, wherever it is shown.
    pub(super) async fn refresh_duties(&mut self, directive: &Directive, unit: i64) -> Result<()> {
        let locale = self.school_locale();
        let unit = people::unit_known(&mut self.tx, unit).await?;
        for who in people::responsible(&mut self.tx, &unit, locale).await? {
            let Some(account) = who.account else { continue };
            let Some(actor) = self.actor(account).await? else { continue };
            let charge = self.charge_of(&actor, directive.id).await?;
            let duty = Message::Duty(Box::new(self.duty(directive, &charge).await?));
            let sealer = &self.engine.sealer;
            let slot = duty_slot(directive.id, who.person);
            for shown in messages::by_slot(&mut self.tx, sealer, &slot).await? {
                if shown.letter.message != duty {
                    self.show(&shown, Class::Answer, duty.clone());
                }
            }
        }
        Ok(())
    }

    /// `relay` and `note`.
    pub(in crate::engine) async fn press_relay(&mut self, press: &Press<'_>) -> Result<Toast> {
        let Some(leg) = pressed_leg(press) else { return Ok(Toast::Outdated) };
        let Some(leg) = legs::get(&mut self.tx, leg).await? else { return Ok(Toast::Outdated) };
        let directive = directives::known(&mut self.tx, leg.directive).await?;
        if directive.state != State::Sent {
            return Ok(Toast::Withdrawn);
        }
        let charge = self.charge_of(press.actor, directive.id).await?;
        let waiting: Vec<Leg> = charge.into_iter().filter(|leg| leg.state == LegState::Waiting).collect();
        let Some(first) = waiting.first().cloned() else {
            let by = people::name(&mut self.tx, leg.relayed_by.unwrap_or(0)).await?;
            return Ok(Toast::AlreadyDone { by });
        };
        if press.verb == Verb::Relay {
            self.relay_all(press.actor, &directive, &waiting).await?;
            return Ok(Toast::Relaying);
        }
        // While the note is typed nothing goes down by itself.
        let person = press.actor.first().id;
        self.wait_for(press.actor, person, ("note", first.directive), &()).await?;
        let unit = people::unit_known(&mut self.tx, first.unit).await?.name;
        self.reply(press.actor, Message::Compose(Compose::AskNote { number: directive.number, unit }));
        Ok(Toast::TypeIt)
    }

    async fn relay_all(&mut self, actor: &Actor, directive: &Directive, waiting: &[Leg]) -> Result<()> {
        let by = actor.first().id;
        for leg in waiting {
            self.arrive(directive, leg, Some(by), "button").await?;
        }
        let detail = json!({ "legs": waiting.len() });
        self.record(Some(actor), "directive.relay", format!("directive:{}", directive.id), detail);
        for leg in waiting {
            self.refresh_duties(directive, leg.unit).await?;
        }
        Ok(())
    }

    /// The note was typed: it goes down with it.
    pub(in crate::engine) async fn note_answer(
        &mut self,
        written: &Written,
        actor: &Actor,
        dialogue: &Dialogue,
    ) -> Result<bool> {
        if written.text.trim().is_empty() {
            return Ok(false);
        }
        let note = written.text.trim();
        if split::utf16_len(note) > split::NOTE_TEXT_LIMIT {
            self.reply(
                actor,
                Message::Refused(crate::domain::message::Refusal::TooLong { most: split::NOTE_TEXT_LIMIT }),
            );
            return Ok(true);
        }
        dialogues::clear(&mut self.tx, actor.account).await?;
        let directive = directives::known(&mut self.tx, dialogue.subject).await?;
        let charge = self.charge_of(actor, directive.id).await?;
        let waiting: Vec<Leg> = charge.into_iter().filter(|leg| leg.state == LegState::Waiting).collect();
        if waiting.is_empty() || directive.state != State::Sent {
            self.reply(actor, Message::Refused(crate::domain::message::Refusal::TooLate));
            return Ok(true);
        }
        for leg in &waiting {
            legs::set_note(&mut self.tx, leg.id, note).await?;
        }
        self.relay_all(actor, &directive, &waiting).await?;
        let charge = self.charge_of(actor, directive.id).await?;
        self.say_duty(actor, actor.first().id, &directive, &charge).await?;
        Ok(true)
    }

    /// The time for a note has passed: it goes down by itself, unless a note is being typed right now.
    pub(super) async fn fire_relay(&mut self, timer: &Timer) -> Result<()> {
        let now = self.now;
        let leg = legs::get(&mut self.tx, timer.subject).await?;
        let Some(leg) = leg.filter(|leg| leg.state == LegState::Waiting) else {
            return timers::finish(&mut self.tx, timer.id, "relayed before", now).await;
        };
        let directive = directives::known(&mut self.tx, leg.directive).await?;
        if directive.state != State::Sent {
            return timers::finish(&mut self.tx, timer.id, "withdrawn", now).await;
        }
        if timer.attempts == 0 && self.note_is_being_typed(&leg).await? {
            let later = now + chrono::TimeDelta::minutes(5);
            return timers::fail(&mut self.tx, timer.id, later, "a note is being typed").await;
        }
        self.arrive(&directive, &leg, leg.relayed_by, "ack").await?;
        self.refresh_duties(&directive, leg.unit).await?;
        timers::finish(&mut self.tx, timer.id, "relayed", now).await
    }

    async fn note_is_being_typed(&mut self, leg: &Leg) -> Result<bool> {
        let locale = self.school_locale();
        let unit = people::unit_known(&mut self.tx, leg.unit).await?;
        for who in people::responsible(&mut self.tx, &unit, locale).await? {
            let Some(account) = who.account else { continue };
            let open = dialogues::get(&mut self.tx, account).await?;
            if open.is_some_and(|open| open.kind == "note" && open.subject == leg.directive) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Where the relay to a unit's leg stands.
pub(in crate::engine) fn relay_state(directive: &Directive, leg: &Leg) -> RelayState {
    let manual = directive.fixed.as_ref().is_some_and(|fixed| fixed.policy.relay == Relay::Manual);
    match (leg.state, leg.arrived_at, leg.relay_at) {
        (LegState::End | LegState::Withdrawn, _, _) => RelayState::Nothing,
        (LegState::Arrived, Some(at), _) => RelayState::Relayed(at),
        (LegState::Waiting, _, Some(at)) if !manual => RelayState::At(at),
        _ => RelayState::Waiting,
    }
}

/// The leg that a press on a duty, or on its line in `/today`, means.
pub(super) fn pressed_leg(press: &Press<'_>) -> Option<i64> {
    match &press.shown.letter.message {
        Message::Duty(duty) => Some(duty.leg),
        Message::Review(review) => Some(review.leg),
        Message::Today { items } => {
            let place = press.arg.and_then(|arg| usize::try_from(arg).ok())?;
            match items.get(place)? {
                TodayItem::Relay { leg, .. }
                | TodayItem::Done { leg, .. }
                | TodayItem::Review { leg, .. } => Some(*leg),
                TodayItem::Ack(_)
                | TodayItem::Admission { .. }
                | TodayItem::Alert { .. }
                | TodayItem::Figures { .. }
                | TodayItem::Watch { .. }
                | TodayItem::Checkin(_)
                | TodayItem::Silent { .. } => None,
            }
        }
        _ => None,
    }
}
