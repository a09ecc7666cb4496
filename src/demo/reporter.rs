//! How the demo's people fill in the form: they read what stands there and press or type what is true for them.

use botapi_sandbox::ShownMessage;

use crate::domain::callback;
use crate::domain::form::{Form, Kind, Question, choice_of_button};
use crate::domain::message::{Locale, Verb, number_of};

/// What is well about somebody who is well.
const WELL: [&str; 5] = ["campus", "low", "none", "well", "home"];

/// What stands before a choice that is marked.
const MARK: char = '✅';

/// What somebody does about a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// Presses the button with this data.
    Press(String),
    /// Types this.
    Type(String),
}

/// Knows the form, as people do who have filled it in before.
pub struct Reporter {
    pub form: Form,
    pub locale: Locale,
}

impl Reporter {
    /// What somebody does who sees this message; `None`: it asks nothing of the form.
    pub fn reply(&self, message: &ShownMessage, feverish: bool) -> Option<Reply> {
        let press = |verb: Verb| data_of(message, verb).map(Reply::Press);
        if feverish {
            press(Verb::Fill).or_else(|| self.answer(message, true)).or_else(|| press(Verb::Submit))
        } else {
            press(Verb::Same)
                .or_else(|| press(Verb::Fill))
                .or_else(|| self.answer(message, false))
                .or_else(|| press(Verb::Submit))
        }
    }

    fn answer(&self, message: &ShownMessage, feverish: bool) -> Option<Reply> {
        let buttons: Vec<(usize, usize, String)> = answers(message);
        let Some((question, ..)) = buttons.first() else { return self.typed(message, feverish) };
        let question = self.form.questions.get(*question)?;
        let right = self.right(question, feverish);
        let shown = message.buttons.iter().flatten();
        // A mark that is set already is not taken away again: on to the next question.
        if question.kind == Kind::Multi && shown.into_iter().any(|button| button.label.starts_with(MARK)) {
            return data_of(message, Verb::Next).map(Reply::Press);
        }
        let data = buttons.into_iter().find(|(_, choice, _)| *choice == right).map(|(.., data)| data);
        data.map(Reply::Press)
    }

    /// The place of the right choice in the form's order.
    fn right(&self, question: &Question, feverish: bool) -> usize {
        let place = |id: &str| question.choices.iter().position(|choice| choice.id == id);
        match question.kind {
            Kind::YesNo => 1,
            Kind::Multi if feverish => place("fever").unwrap_or(0),
            _ => WELL.iter().find_map(|id| place(id)).unwrap_or(0),
        }
    }

    fn typed(&self, message: &ShownMessage, feverish: bool) -> Option<Reply> {
        let asks = |question: &&Question| {
            question.kind == Kind::Number && message.text.contains(question.ask.of(self.locale))
        };
        let asked = self.form.questions.iter().any(|question| asks(&question));
        let open = data_of(message, Verb::Submit).is_none() && data_of(message, Verb::Change).is_none();
        let number = if feverish { "38.4" } else { "36.5" };
        (asked && open).then(|| Reply::Type(number.to_owned()))
    }
}

/// Buttons of answers: question, choice, data.
fn answers(message: &ShownMessage) -> Vec<(usize, usize, String)> {
    let all = message.buttons.iter().flatten().filter_map(|button| button.data.as_ref());
    all.filter_map(|data| {
        let (verb, _, arg) = callback::parse(data)?;
        let (question, choice) = choice_of_button(number_of(arg?))?;
        (verb == Verb::Answer).then(|| (question, choice, data.clone()))
    })
    .collect()
}

fn data_of(message: &ShownMessage, verb: Verb) -> Option<String> {
    let all = message.buttons.iter().flatten().filter_map(|button| button.data.as_ref());
    let mut fit = all.filter(|data| callback::parse(data).is_some_and(|(found, ..)| found == verb));
    fit.next().cloned()
}
