//! The buttons of a form.

use super::place::At;
use super::{Desk, Filling};
use crate::domain::form::{Input, Scope, choice_of_button};
use crate::domain::message::{FormMessage, FormPage, FormStage, Message, Refusal, Toast, Verb, untagged};
use crate::engine::Work;
use crate::engine::press::Press;
use crate::store::Result;
use crate::store::checkin::sessions;

impl Work<'_> {
    /// A press on a form. What is shown grants nothing and may be old: the rows decide.
    pub(in crate::engine) async fn press_form(&mut self, press: &Press<'_>) -> Result<Toast> {
        let Message::Form(form) = &press.shown.letter.message else { return Ok(Toast::Outdated) };
        let FormMessage::Page(page) = &**form else { return Ok(Toast::Outdated) };
        let current = self.current_day().await?;
        let Some(day) = current.filter(|day| day.id == page.day) else {
            let over = FormPage { stage: FormStage::Over, ..page.clone() };
            if page.stage != FormStage::Over {
                let over = Message::Form(Box::new(FormMessage::Page(over)));
                self.show(press.shown, crate::domain::message::Class::Answer, over);
            }
            return Ok(Toast::FormOver);
        };
        let desk = Desk { actor: press.actor, day, phone: page.phone };
        let open = self.open_form(&desk).await?;
        let about = match (&page.stage, &open) {
            (FormStage::Overview { .. }, _) => press.arg,
            (FormStage::Asking(asked), None) => Some(asked.person),
            (FormStage::Summary(summary), None) => Some(summary.person),
            (FormStage::Reason { person, .. }, None) => Some(*person),
            (_, Some((open, _))) => Some(open.person),
            (FormStage::Below | FormStage::Over, None) => None,
        };
        // A button of a dialogue that the message shows by now, though it did not when this letter was read.
        let about = match (press.verb, &open) {
            (Verb::Answer | Verb::Next | Verb::Submit | Verb::Back, Some((open, _))) => Some(open.person),
            _ => about,
        };
        let Some(person) = about else { return Ok(Toast::Outdated) };
        let Some(subject) = self.subject(&desk, person).await? else {
            sessions::leave(&mut self.tx, press.actor.account, desk.day.id, person).await?;
            self.show_overview(&desk, None, At::Here(press.shown)).await?;
            return Ok(Toast::Refused(Refusal::Verb(press.verb)));
        };
        let here = At::Here(press.shown);
        match (press.verb, open) {
            (Verb::Same, _) => self.same(&desk, &subject, here).await,
            (Verb::Fill, _) => self.fill(&desk, &subject, here).await,
            (_, Some((open, filling))) => {
                self.press_in_dialogue(press, &desk, (open.person, filling)).await
            }
            (Verb::Change, None) if matches!(page.stage, FormStage::Overview { .. }) => {
                self.correct(&desk, &subject, here).await
            }
            (_, None) => {
                let reported = self.reported_already(&desk, person).await?;
                self.show_overview(&desk, None, here).await?;
                Ok(reported.unwrap_or(Toast::Outdated))
            }
        }
    }

    async fn press_in_dialogue(
        &mut self,
        press: &Press<'_>,
        desk: &Desk<'_>,
        (person, filling): (i64, Filling),
    ) -> Result<Toast> {
        let here = At::Here(press.shown);
        let number = press.arg.and_then(|arg| untagged(filling.tag, arg));
        let input = number.and_then(|number| input(press.verb, number));
        let Some(input) = input.filter(|_| !filling.waits) else {
            self.show_filling(desk, person, &filling, None, (here, false)).await?;
            return Ok(if filling.waits { Toast::GiveReason } else { Toast::FormMoved });
        };
        // After `same`, only what is asked anew is looked at: there is no summary to submit.
        debug_assert!(!filling.same || filling.session.scope == Scope::Daily);
        self.give(desk, (person, filling), input, here).await
    }
}

/// What a button of a dialogue means.
fn input(verb: Verb, number: i64) -> Option<Input<'static>> {
    let question = || usize::try_from(number).ok();
    Some(match verb {
        Verb::Answer => {
            let (question, choice) = choice_of_button(number)?;
            Input::Choose { question, choice }
        }
        Verb::Next => Input::Next { question: question()? },
        Verb::Change => Input::Change { question: question()? },
        Verb::Back => Input::Back,
        Verb::Submit => Input::Submit,
        _ => return None,
    })
}
