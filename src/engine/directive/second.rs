//! The second person: where `directive.second_person` says so, an urgent directive to the whole school goes out only
//! after somebody else who might send it has said yes (S17).

use chrono::TimeDelta;
use serde_json::json;

use crate::domain::directive::{Directive, State};
use crate::domain::message::{Class, Compose, Message, SecondAsked, Toast, Verb};
use crate::engine::Work;
use crate::engine::press::Press;
use crate::engine::work::Manner;
use crate::store::people::Addressee;
use crate::store::{Result, dialogues, directives, messages, people};

/// How long the question stands: what was urgent then is not so later.
const ASKED_FOR: TimeDelta = TimeDelta::hours(2);

fn slot(draft: i64) -> String {
    format!("second:{draft}")
}

impl Work<'_> {
    /// Whether this draft needs a second person.
    pub(super) fn needs_second(&self, draft: &Directive) -> bool {
        self.settings().rules.second_person && draft.urgent && Self::is_whole_school(draft)
    }

    /// Asks everybody else who may send it; says so where the preview stood.
    pub(super) async fn ask_second(&mut self, press: &Press<'_>, draft: &Directive) -> Result<Toast> {
        dialogues::clear(&mut self.tx, press.actor.account).await?;
        let others = self.others(press.actor.account, draft).await?;
        let audience = self.audience(draft).await?;
        let asked = SecondAsked {
            draft: draft.id,
            by: people::name(&mut self.tx, draft.issuer).await?,
            text: draft.text.clone(),
            attachments: draft.attachments.len(),
            chats: audience.chats,
            people: audience.people,
        };
        for who in &others {
            let Some(to) = self.addressee(who) else { continue };
            let manner = Manner { class: Class::Urgent, lives: ASKED_FOR, ..Manner::answer() };
            for attachment in &draft.attachments {
                self.copy(to, manner.clone(), attachment);
            }
            let manner = manner.about(slot(draft.id), "preview", draft.id).owned_by(who.person);
            self.say(to, manner, Message::Compose(Compose::AskSecond(Box::new(asked.clone()))));
        }
        let names: Vec<String> = others.iter().map(|who| who.name.clone()).collect();
        let detail = json!({ "asked": others.iter().map(|who| who.person).collect::<Vec<_>>() });
        self.record(Some(press.actor), "directive.ask_second", format!("directive:{}", draft.id), detail);
        let waiting = Compose::AwaitSecond { draft: draft.id, names };
        self.show(press.shown, Class::Answer, Message::Compose(waiting));
        Ok(Toast::Quiet)
    }

    /// Those responsible for the school behind other accounts than the sender's.
    async fn others(&mut self, account: i64, draft: &Directive) -> Result<Vec<Addressee>> {
        let origin = people::unit_known(&mut self.tx, draft.origin).await?;
        let locale = self.school_locale();
        let mut others = people::responsible(&mut self.tx, &origin, locale).await?;
        others.retain(|who| {
            who.reachable && who.person != draft.issuer && who.account.is_some_and(|a| a != account)
        });
        Ok(others)
    }

    /// The second person's yes or no. Whether they may send it was looked up before.
    pub(super) async fn press_second(&mut self, press: &Press<'_>, mut draft: Directive) -> Result<Toast> {
        if press.actor.is(draft.issuer) {
            return Ok(Toast::SomebodyElses);
        }
        match press.verb {
            Verb::Send => {
                let subject = format!("directive:{}", draft.id);
                self.record(Some(press.actor), "directive.second", subject, json!({}));
                self.issue(press, draft).await
            }
            Verb::Cancel => {
                draft.state = State::Cancelled;
                let now = self.now;
                directives::save(&mut self.tx, &draft, now).await?;
                let name = press.actor.name_of(press.shown.owner).to_owned();
                let subject = format!("directive:{}", draft.id);
                self.record(Some(press.actor), "directive.second_declined", subject, json!({}));
                self.close_questions(&draft, &Compose::SecondDeclined { name }).await?;
                Ok(Toast::Quiet)
            }
            _ => Ok(Toast::Outdated),
        }
    }

    /// What became of a draft, wherever its preview stands or a second person was asked.
    pub(super) async fn close_questions(&mut self, draft: &Directive, end: &Compose) -> Result<()> {
        let slots = [slot(draft.id), format!("preview:{}", draft.id)];
        for shown in messages::by_slots(&mut self.tx, &self.engine.sealer, &slots).await? {
            self.show(&shown, Class::Answer, Message::Compose(end.clone()));
        }
        Ok(())
    }
}
