//! What those who handle an alert are asked, and what they type.

use super::Case;
use super::handle::By;
use crate::domain::alert::{Authority, Outcome};
use crate::domain::incoming::Written;
use crate::domain::message::{AlertMessage, Class, Message, Refusal, Toast};
use crate::domain::person::Actor;
use crate::domain::split::{NOTE_TEXT_LIMIT, REFERENCE_LIMIT, utf16_len};
use crate::engine::Work;
use crate::engine::press::Press;
use crate::engine::work::Manner;
use crate::store::dialogues::Dialogue;
use crate::store::{Result, alerts, dialogues, messages, people};

/// The dialogues of alerts.
const TOLD: &str = "alert_told";
const NOTE: &str = "alert_note";
const WHY: &str = "alert_why";

/// What is remembered while something is typed: the message that asked, and the outcome that was chosen.
type Asked = (i64, Option<Outcome>);

impl Work<'_> {
    /// To whom was it reported? By button or typed.
    pub(super) async fn ask_told(&mut self, actor: &Actor, case: &Case, by: By) -> Result<Toast> {
        let name = people::name(&mut self.tx, case.id.person).await?;
        let question = AlertMessage::AskTold { alert: case.id.id, name };
        self.ask_about_alert(actor, case, by, (TOLD, question)).await
    }

    /// How does it go on?
    pub(super) async fn ask_note(&mut self, actor: &Actor, case: &Case, by: By) -> Result<Toast> {
        let name = people::name(&mut self.tx, case.id.person).await?;
        let question = AlertMessage::AskNote { alert: case.id.id, name };
        self.ask_about_alert(actor, case, by, (NOTE, question)).await
    }

    /// What did the check find? By button; the reason is typed afterwards.
    pub(super) async fn ask_clear(&mut self, actor: &Actor, case: &Case, by: By) -> Result<Toast> {
        let name = people::name(&mut self.tx, case.id.person).await?;
        let question = Message::Alert(AlertMessage::AskClear { alert: case.id.id, name });
        let to = self.private(actor);
        let manner = Manner::answer().about(ask_slot(case.id.id), "alert", case.id.id).owned_by(by.0);
        self.say(to, manner, question);
        Ok(Toast::Quiet)
    }

    /// Why is it cleared so?
    pub(super) async fn ask_why(
        &mut self,
        press: &Press<'_>,
        case: &Case,
        by: By,
        outcome: Outcome,
    ) -> Result<Toast> {
        let name = people::name(&mut self.tx, case.id.person).await?;
        let body: Asked = (press.shown.id, Some(outcome));
        self.wait_for(press.actor, by.0, (WHY, case.id.id), &body).await?;
        let question = AlertMessage::AskWhy { alert: case.id.id, name, outcome };
        self.show(press.shown, Class::Answer, Message::Alert(question));
        Ok(Toast::TypeIt)
    }

    async fn ask_about_alert(
        &mut self,
        actor: &Actor,
        case: &Case,
        by: By,
        (kind, question): (&'static str, AlertMessage),
    ) -> Result<Toast> {
        let to = self.private(actor);
        let manner = Manner::answer().about(ask_slot(case.id.id), "alert", case.id.id).owned_by(by.0);
        let asked = self.say(to, manner, Message::Alert(question));
        let body: Asked = (asked, None);
        self.wait_for(actor, by.0, (kind, case.id.id), &body).await?;
        Ok(Toast::Quiet)
    }

    /// What was typed to one of these questions.
    pub(in crate::engine) async fn alert_answer(
        &mut self,
        written: &Written,
        actor: &Actor,
        dialogue: &Dialogue,
    ) -> Result<bool> {
        let text = written.text.trim();
        let most = if dialogue.kind == TOLD { REFERENCE_LIMIT } else { NOTE_TEXT_LIMIT };
        if text.is_empty() {
            self.reply(actor, Message::Refused(Refusal::NotUnderstood));
            return Ok(true);
        }
        if utf16_len(text) > most {
            self.reply(actor, Message::Refused(Refusal::TooLong { most }));
            return Ok(true);
        }
        dialogues::clear(&mut self.tx, actor.account).await?;
        let (asked, outcome): Asked = dialogue.body(&self.engine.sealer)?;
        messages::retire(&mut self.tx, asked).await?;
        let Some(id) = alerts::get(&mut self.tx, dialogue.subject).await? else { return Ok(false) };
        let Some(by) = self.alert_by(actor, &id).await? else {
            self.refuse(actor, Refusal::NoRight, "alert");
            return Ok(true);
        };
        let mut case = self.alert_case(id).await?;
        if !case.known()?.is_open() {
            self.reply(actor, Message::Refused(Refusal::TooLate));
            return Ok(true);
        }
        self.take_answer(actor, &mut case, by, (dialogue.kind.as_str(), outcome, text)).await?;
        Ok(true)
    }

    async fn take_answer(
        &mut self,
        actor: &Actor,
        case: &mut Case,
        by: By,
        (kind, outcome, text): (&str, Option<Outcome>, &str),
    ) -> Result<()> {
        let name = people::name(&mut self.tx, case.id.person).await?;
        let text = text.to_owned();
        let noted = match (kind, outcome) {
            (WHY, Some(outcome)) => return self.alert_cleared(actor, case, by, (outcome, text)).await,
            (TOLD, _) => {
                let to = Authority::Other(text);
                self.alert_told(actor, case, by, to.clone()).await?;
                AlertMessage::ToldNoted { name, to }
            }
            _ => {
                self.alert_noted(actor, case, by, text).await?;
                AlertMessage::NoteNoted { name }
            }
        };
        self.reply(actor, Message::Alert(noted));
        Ok(())
    }
}

fn ask_slot(alert: i64) -> String {
    format!("alert-ask:{alert}")
}
