//! The buttons of a form.

use super::place::At;
use super::{Desk, Filling};
use crate::domain::form::{Input, choice_of_button};
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
        let overview = matches!(page.stage, FormStage::Overview { .. });
        let about_person = match press.verb {
            Verb::Same | Verb::Fill => true,
            Verb::Change => overview && !open.as_ref().is_some_and(|(_, filling)| is_of(filling, press.arg)),
            _ => false,
        };
        if about_person {
            return self.press_person(press, &desk).await;
        }
        match open {
            Some((open, filling)) => self.press_in_dialogue(press, &desk, (open.person, filling)).await,
            None => {
                let reported = match about(&page.stage) {
                    Some(person) => self.reported_already(&desk, person).await?,
                    None => None,
                };
                self.show_overview(&desk, None, At::Here(press.shown)).await?;
                Ok(reported.unwrap_or(Toast::Outdated))
            }
        }
    }

    /// `same`, `fill` and `change` name the person they are about.
    async fn press_person(&mut self, press: &Press<'_>, desk: &Desk<'_>) -> Result<Toast> {
        let here = At::Here(press.shown);
        let subject = match press.arg {
            Some(person) => self.subject(desk, person).await?,
            None => None,
        };
        let Some(subject) = subject else { return self.refuse_form(press, desk).await };
        match press.verb {
            Verb::Same => self.same(desk, &subject, here).await,
            Verb::Fill => self.fill(desk, &subject, here).await,
            _ => self.correct(desk, &subject, here).await,
        }
    }

    /// The right is gone, or never was.
    async fn refuse_form(&mut self, press: &Press<'_>, desk: &Desk<'_>) -> Result<Toast> {
        self.show_overview(desk, None, At::Here(press.shown)).await?;
        Ok(Toast::Refused(Refusal::Verb(press.verb)))
    }

    async fn press_in_dialogue(
        &mut self,
        press: &Press<'_>,
        desk: &Desk<'_>,
        (person, filling): (i64, Filling),
    ) -> Result<Toast> {
        let here = At::Here(press.shown);
        if self.subject(desk, person).await?.is_none() {
            sessions::leave(&mut self.tx, desk.actor.account, desk.day.id, person).await?;
            return self.refuse_form(press, desk).await;
        }
        let number = press.arg.and_then(|arg| untagged(filling.tag, arg));
        let asked = filling.session.question(&desk.day.form).and_then(|q| desk.day.form.position(&q.id));
        // A second tap on the way back does not go back twice.
        let number =
            number.filter(|number| press.verb != Verb::Back || usize::try_from(*number).ok() == asked);
        let input = number.and_then(|number| input(press.verb, number));
        let Some(input) = input.filter(|_| !filling.waits) else {
            self.show_filling(desk, person, &filling, None, (here, false)).await?;
            return Ok(if filling.waits { Toast::GiveReason } else { Toast::FormMoved });
        };
        self.give(desk, (person, filling), input, here).await
    }
}

/// Whether a button is one of this dialogue.
fn is_of(filling: &Filling, argument: Option<i64>) -> bool {
    argument.is_some_and(|argument| untagged(filling.tag, argument).is_some())
}

/// Whom a stage is about.
pub(super) fn about(stage: &FormStage) -> Option<i64> {
    match stage {
        FormStage::Asking(asked) => Some(asked.person),
        FormStage::Summary(summary) => Some(summary.person),
        FormStage::Reason { person, .. } => Some(*person),
        FormStage::Overview { .. } | FormStage::Below | FormStage::Over => None,
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
