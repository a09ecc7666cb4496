//! How the demo's people fill in the form: they read what stands there and press or type what is true for them.

use botapi_sandbox::ShownMessage;

use crate::domain::callback;
use crate::domain::form::{Form, Kind, Question, choice_of_button};
use crate::domain::message::{Locale, Verb, number_of};

/// What is well about somebody who is well.
const WELL: [&str; 5] = ["campus", "low", "none", "well", "home"];

/// What stands before a choice that is marked.
const MARK: char = '✅';

/// How somebody is today.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Condition {
    /// As yesterday.
    #[default]
    Well,
    /// Runs a fever.
    Feverish,
    /// Well, but not where they were yesterday.
    Away,
}

impl Condition {
    /// Numbers that nothing else in a log or a database is.
    fn temperature(self) -> &'static str {
        match self {
            Condition::Well => "36.5",
            Condition::Feverish => "38.46",
            Condition::Away => "36.87",
        }
    }
}

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
    /// Where somebody is who is away.
    pub city: String,
}

impl Reporter {
    /// What somebody does who sees this message; `None`: it asks nothing of the form.
    pub fn reply(&self, message: &ShownMessage, condition: Condition) -> Option<Reply> {
        let press = |verb: Verb| data_of(message, verb).map(Reply::Press);
        let same = if condition == Condition::Well { press(Verb::Same) } else { None };
        same.or_else(|| press(Verb::Fill))
            .or_else(|| self.answer(message, condition))
            .or_else(|| press(Verb::Submit))
    }

    fn answer(&self, message: &ShownMessage, condition: Condition) -> Option<Reply> {
        let buttons: Vec<(usize, usize, String)> = answers(message);
        let Some((question, ..)) = buttons.first() else { return self.typed(message, condition) };
        let question = self.form.questions.get(*question)?;
        let right = self.right(question, condition);
        let shown = message.buttons.iter().flatten();
        // A mark that is set already is not taken away again: on to the next question.
        if question.kind == Kind::Multi && shown.into_iter().any(|button| button.label.starts_with(MARK)) {
            return data_of(message, Verb::Next).map(Reply::Press);
        }
        let data = buttons.into_iter().find(|(_, choice, _)| *choice == right).map(|(.., data)| data);
        data.map(Reply::Press)
    }

    /// The place of the right choice in the form's order.
    fn right(&self, question: &Question, condition: Condition) -> usize {
        let place = |id: &str| question.choices.iter().position(|choice| choice.id == id);
        match (question.kind, condition) {
            (Kind::YesNo, Condition::Away) if question.id == "moved" => 0,
            (Kind::YesNo, _) => 1,
            (Kind::Multi, Condition::Feverish) => place("fever").unwrap_or(0),
            (Kind::Choice, Condition::Away) if place("away").is_some() => place("away").unwrap_or(0),
            _ => WELL.iter().find_map(|id| place(id)).unwrap_or(0),
        }
    }

    fn typed(&self, message: &ShownMessage, condition: Condition) -> Option<Reply> {
        if data_of(message, Verb::Submit).is_some() || data_of(message, Verb::Change).is_some() {
            return None;
        }
        let asks = |question: &&Question| message.text.contains(question.ask.of(self.locale));
        let words = match self.form.questions.iter().filter(asks).map(|question| question.kind).next()? {
            Kind::Number => condition.temperature(),
            Kind::Text => &self.city,
            _ => return None,
        };
        Some(Reply::Type(words.to_owned()))
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
