//! `take`, `told`, `note`, `clear`: what those who handle an alert do with it. The right is looked up at every press.

use serde_json::json;

use super::card::authority;
use super::{Case, slot};
use crate::domain::alert::{Authority, Event, Outcome};
use crate::domain::authority::alert_handler;
use crate::domain::message::{AlertMessage, Class, Message, Refusal, Toast, Urgent, Verb};
use crate::domain::person::Actor;
use crate::engine::Work;
use crate::engine::press::Press;
use crate::store::alerts::{self, AlertId};
use crate::store::{Result, dialogues, people};

/// Who of an actor handles the alert, and the tier of the post that allows it.
pub(super) type By = (i64, usize);

impl Work<'_> {
    /// A button of an alert.
    pub(in crate::engine) async fn press_alert(&mut self, press: &Press<'_>) -> Result<Toast> {
        let Message::Alert(message) = &press.shown.letter.message else { return Ok(Toast::Outdated) };
        let alert = match message {
            AlertMessage::Card(card) => card.alert,
            AlertMessage::AskTold { alert, .. }
            | AlertMessage::AskClear { alert, .. }
            | AlertMessage::AskWhy { alert, .. }
            | AlertMessage::AskNote { alert, .. } => *alert,
            _ => return Ok(Toast::Outdated),
        };
        let Some(id) = alerts::get(&mut self.tx, alert).await? else { return Ok(Toast::Outdated) };
        let Some(by) = self.alert_by(press.actor, &id).await? else {
            self.record(Some(press.actor), &format!("refused.{}", press.verb.word()), slot(alert), json!({}));
            return Ok(Toast::Refused(Refusal::Verb(press.verb)));
        };
        let case = self.alert_case(id).await?;
        if let Some((person, ..)) = &case.known()?.cleared {
            return Ok(Toast::AlreadyDone { by: people::name(&mut self.tx, *person).await? });
        }
        self.do_with_alert(press, message, case, by).await
    }

    async fn do_with_alert(
        &mut self,
        press: &Press<'_>,
        message: &AlertMessage,
        mut case: Case,
        by: By,
    ) -> Result<Toast> {
        match (press.verb, message, press.arg) {
            (Verb::Take, AlertMessage::Card(_), None) => self.take_alert(press.actor, case, by).await,
            (Verb::Told, AlertMessage::Card(_), None) => self.ask_told(press.actor, &case, by).await,
            (Verb::Note, AlertMessage::Card(_), None) => self.ask_note(press.actor, &case, by).await,
            (Verb::Clear, AlertMessage::Card(_), None) => self.ask_clear(press.actor, &case, by).await,
            (Verb::Told, AlertMessage::AskTold { .. }, Some(arg)) => {
                let Some(to) = authority(arg) else { return Ok(Toast::Outdated) };
                self.alert_told(press.actor, &mut case, by, to.clone()).await?;
                dialogues::clear(&mut self.tx, press.actor.account).await?;
                let name = people::name(&mut self.tx, case.id.person).await?;
                let noted = AlertMessage::ToldNoted { name, to };
                self.show(press.shown, Class::Answer, Message::Alert(noted));
                Ok(Toast::Noted)
            }
            (Verb::Clear, AlertMessage::AskClear { .. }, Some(arg)) => {
                let outcome = usize::try_from(arg).ok().and_then(|place| Outcome::ALL.get(place).copied());
                let Some(outcome) = outcome else { return Ok(Toast::Outdated) };
                self.ask_why(press, &case, by, outcome).await
            }
            (
                Verb::Cancel,
                AlertMessage::AskTold { .. }
                | AlertMessage::AskClear { .. }
                | AlertMessage::AskWhy { .. }
                | AlertMessage::AskNote { .. },
                None,
            ) => {
                dialogues::clear(&mut self.tx, press.actor.account).await?;
                self.show(press.shown, Class::Answer, Message::Urgent(Urgent::Cancelled));
                Ok(Toast::Quiet)
            }
            _ => Ok(Toast::Outdated),
        }
    }

    /// Who of this actor may handle the alert: by a post, or by following; never the person it is about.
    pub(super) async fn alert_by(&mut self, actor: &Actor, id: &AlertId) -> Result<Option<By>> {
        if actor.is(id.person) {
            return Ok(None);
        }
        let unit = people::unit_known(&mut self.tx, id.unit).await?;
        let followers = alerts::followers(&mut self.tx, id.person, &unit).await?;
        Ok(alert_handler(actor, &unit, &followers))
    }

    /// "I am on it": the others see who is.
    async fn take_alert(&mut self, actor: &Actor, mut case: Case, by: By) -> Result<Toast> {
        if !self.happens(&mut case, (by.0, Some(by.1)), Event::Taken).await? {
            return match case.known()?.taken {
                Some((person, _)) if !actor.is(person) => {
                    Ok(Toast::AlreadyDone { by: people::name(&mut self.tx, person).await? })
                }
                _ => Ok(Toast::Noted),
            };
        }
        self.record(Some(actor), "alert.take", slot(case.id.id), json!({}));
        self.refresh_cards(&case).await?;
        Ok(Toast::Noted)
    }

    /// It was reported to an authority: the clock stops (C8).
    pub(super) async fn alert_told(
        &mut self,
        actor: &Actor,
        case: &mut Case,
        by: By,
        to: Authority,
    ) -> Result<()> {
        if self.happens(case, (by.0, Some(by.1)), Event::Told { to }).await? {
            self.record(Some(actor), "alert.told", slot(case.id.id), json!({ "tier": by.1 }));
            self.refresh_cards(case).await?;
        }
        Ok(())
    }

    /// How it goes on: those who know see it.
    pub(super) async fn alert_noted(
        &mut self,
        actor: &Actor,
        case: &mut Case,
        by: By,
        text: String,
    ) -> Result<()> {
        if self.happens(case, (by.0, Some(by.1)), Event::Note { text }).await? {
            self.record(Some(actor), "alert.note", slot(case.id.id), json!({}));
            self.refresh_cards(case).await?;
        }
        Ok(())
    }

    /// Verified: the answers stay as they are, what the check found is kept beside them. Everyone who knew is told.
    pub(super) async fn alert_cleared(
        &mut self,
        actor: &Actor,
        case: &mut Case,
        by: By,
        (outcome, why): (Outcome, String),
    ) -> Result<()> {
        if !self.happens(case, (by.0, Some(by.1)), Event::Cleared { outcome, why }).await? {
            return Ok(());
        }
        self.record(Some(actor), "alert.clear", slot(case.id.id), json!({ "outcome": outcome.word() }));
        self.refresh_cards(case).await?;
        let Some(report) = self.report_on(case).await? else { return Ok(()) };
        let mut knew: Vec<i64> = case.known()?.informed.keys().copied().collect();
        knew.extend((!knew.contains(&by.0)).then_some(by.0));
        let locale = self.school_locale();
        for who in people::addressees(&mut self.tx, &knew, locale).await? {
            let Some(to) = self.addressee(&who) else { continue };
            let manner = self.alert_manner(case.id.id).owned_by(who.person);
            let message = Message::Alert(AlertMessage::Final(Box::new(report.clone())));
            self.say(to, manner, message);
        }
        Ok(())
    }
}
