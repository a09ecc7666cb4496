//! The dialogue of one report: which question stands, what is answered, where it goes next. It is kept as JSON between
//! two inputs, so it survives a restart.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Answer, AnswerFault, Answers, Form, Kind, MOST_CHOICES, Question};

/// Choices per question in a button's number.
const STRIDE: usize = 100;
const _: () = assert!(MOST_CHOICES < STRIDE);

/// How much of the form is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Everything, by `fill`.
    Full,
    /// After `same`: the daily questions, and what the last report does not answer.
    Daily,
}

/// Where the dialogue stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The question of this id is asked.
    Asking(String),
    /// Choices of a multi-choice are being marked.
    Picking {
        /// The question's id.
        question: String,
        /// The ids of the marked choices.
        chosen: BTreeSet<String>,
    },
    /// Everything is answered: the summary, from which one changes an answer or submits.
    Summary,
}

/// A report being made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Session {
    pub scope: Scope,
    /// What is answered, valid as the form stands.
    pub answers: Answers,
    /// The questions whose answers were taken over from the last report.
    pub carried: BTreeSet<String>,
    pub stage: Stage,
}

/// What the person does. Positions are those of the form's questions, from 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Input<'a> {
    /// The button of a choice; of yes and no, 0 is yes.
    Choose { question: usize, choice: usize },
    /// The marked choices are all; or an optional question is left out.
    Next { question: usize },
    /// A text.
    Typed(&'a str),
    /// A place, in degrees.
    Location { lat: f64, lon: f64 },
    /// A photo: its chat and message.
    Photo { chat: i64, message: i64 },
    /// An answer of the summary is to be given anew.
    Change { question: usize },
    /// One question back; while an answer is changed, back to the summary.
    Back,
    /// The report is sent.
    Submit,
}

/// What came of an input. What to show is in [`Session::stage`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A question is to be shown: the next one, or the one to change.
    Ask,
    /// The same question with other marks.
    Marked,
    /// The summary is to be shown.
    Summary,
    /// The report is complete and submitted: take [`Session::answers`].
    Submitted,
    /// It does not fit where the dialogue stands, such as a press on an earlier question: nothing changed.
    Stale,
}

/// The number that the button of a choice carries: the question's position and the choice's together.
pub fn press_of_choice(question: usize, choice: usize) -> i64 {
    i64::try_from(question * STRIDE + choice).unwrap_or(i64::MAX)
}

/// The question's and the choice's position of [`press_of_choice`]; `None` for a negative number.
pub fn choice_of_button(number: i64) -> Option<(usize, usize)> {
    let number = usize::try_from(number).ok()?;
    Some((number / STRIDE, number % STRIDE))
}

impl Session {
    /// Begins a report. With [`Scope::Daily`] the answers of `last`, if there is a last report, are taken over; the
    /// stage is then [`Stage::Summary`] at once where nothing is left to ask.
    pub fn start(form: &Form, scope: Scope, last: Option<&Answers>) -> Session {
        let answers = match (scope, last) {
            (Scope::Daily, Some(last)) => form.carried_answers(last),
            _ => Answers::new(),
        };
        let carried = answers.keys().cloned().collect();
        let mut session = Session { scope, answers, carried, stage: Stage::Summary };
        session.go_on(form);
        session
    }

    /// Begins a correction of a report: its answers stand, at the summary.
    pub fn correct(form: &Form, answers: &Answers) -> Session {
        let mut session = Session {
            scope: Scope::Full,
            answers: form.pruned(answers),
            carried: BTreeSet::new(),
            stage: Stage::Summary,
        };
        session.go_on(form);
        session
    }

    /// The question that is asked; nothing at the summary.
    pub fn question<'f>(&self, form: &'f Form) -> Option<&'f Question> {
        match &self.stage {
            Stage::Asking(id) | Stage::Picking { question: id, .. } => form.question(id),
            Stage::Summary => None,
        }
    }

    /// Whether an answer that was already given is being changed.
    pub fn is_changing(&self, form: &Form) -> bool {
        self.question(form).is_some_and(|question| self.answers.contains_key(&question.id))
    }

    /// How many of the questions of this dialogue are reached, and how many there are as far as the answers tell.
    pub fn progress(&self, form: &Form) -> (usize, usize) {
        let current = self.question(form).map(|question| question.id.as_str());
        let counts = |id: &str| !self.carried.contains(id) || current == Some(id);
        let asked = form.asked(&self.answers);
        let counted: Vec<&str> = asked.iter().map(|q| q.id.as_str()).filter(|id| counts(id)).collect();
        let at = counted.iter().position(|id| current == Some(*id)).map_or(counted.len(), |at| at + 1);
        (at, counted.len())
    }

    /// Takes an input.
    ///
    /// # Errors
    /// When it answers the question wrongly; then nothing changed, and the question stands.
    pub fn apply(&mut self, form: &Form, input: Input<'_>) -> Result<Step, AnswerFault> {
        let Some(question) = self.question(form) else { return Ok(self.at_summary(form, input)) };
        let at = form.position(&question.id);
        match input {
            Input::Choose { question: asked, choice } if at == Some(asked) => {
                Ok(self.choose(form, question, choice))
            }
            Input::Next { question: asked } if at == Some(asked) => self.next(form, question),
            Input::Typed(text) => {
                let answer = question.read_typed(text)?;
                Ok(self.answer(form, question, answer))
            }
            Input::Location { lat, lon } => self.sent(form, question, Answer::place(lat, lon)),
            Input::Photo { chat, message } => self.sent(form, question, Answer::Photo { chat, message }),
            Input::Back => Ok(self.back(form, question)),
            _ => Ok(Step::Stale),
        }
    }

    fn at_summary(&mut self, form: &Form, input: Input<'_>) -> Step {
        match input {
            // A form that asks for more than it did is not submitted with a hole.
            Input::Change { .. } | Input::Submit if !form.complete(&self.answers) => self.go_on(form),
            Input::Submit => Step::Submitted,
            Input::Change { question } => {
                let is_answered = |question: &&Question| self.answers.contains_key(&question.id);
                match form.questions.get(question).filter(is_answered) {
                    Some(question) => self.ask(question),
                    None => Step::Stale,
                }
            }
            _ => Step::Stale,
        }
    }

    fn choose(&mut self, form: &Form, question: &Question, choice: usize) -> Step {
        let id = question.choices.get(choice).map(|choice| choice.id.clone());
        match (question.kind, id) {
            (Kind::YesNo, _) if choice < 2 => self.answer(form, question, Answer::YesNo(choice == 0)),
            (Kind::Choice, Some(id)) => self.answer(form, question, Answer::Choice(id)),
            (Kind::Multi, Some(id)) if question.is_none(&id) => {
                self.answer(form, question, Answer::Multi(BTreeSet::from([id])))
            }
            (Kind::Multi, Some(id)) => self.mark(question, id),
            _ => Step::Stale,
        }
    }

    fn mark(&mut self, question: &Question, id: String) -> Step {
        let Stage::Picking { chosen, .. } = &mut self.stage else { return Step::Stale };
        chosen.retain(|other| !question.is_none(other));
        if !chosen.remove(&id) {
            chosen.insert(id);
        }
        Step::Marked
    }

    fn next(&mut self, form: &Form, question: &Question) -> Result<Step, AnswerFault> {
        let chosen = match &self.stage {
            Stage::Picking { chosen, .. } => Some(Answer::Multi(chosen.clone())),
            _ => None,
        };
        match chosen.filter(|answer| question.accepts(answer)) {
            Some(answer) => Ok(self.answer(form, question, answer)),
            None if question.optional => Ok(self.answer(form, question, Answer::Skipped)),
            None if question.kind == Kind::Multi => Err(AnswerFault::Empty),
            None => Ok(Step::Stale),
        }
    }

    fn sent(&mut self, form: &Form, question: &Question, answer: Answer) -> Result<Step, AnswerFault> {
        if !question.accepts(&answer) {
            return Err(AnswerFault::WrongKind(question.kind));
        }
        Ok(self.answer(form, question, answer))
    }

    fn back(&mut self, form: &Form, question: &Question) -> Step {
        if form.complete(&self.answers) {
            return self.go_on(form);
        }
        let asked = form.asked(&self.answers);
        let before = asked.iter().take_while(|other| other.id != question.id);
        let is_answered =
            |other: &&&Question| self.answers.contains_key(&other.id) && !self.carried.contains(&other.id);
        match before.filter(is_answered).last() {
            Some(before) => self.ask(before),
            None => Step::Stale,
        }
    }

    fn answer(&mut self, form: &Form, question: &Question, answer: Answer) -> Step {
        self.answers.insert(question.id.clone(), answer);
        self.answers = form.pruned(&self.answers);
        self.go_on(form)
    }

    /// Goes to the first question without an answer, or to the summary. Also leads a dialogue back whose form was
    /// changed.
    pub fn go_on(&mut self, form: &Form) -> Step {
        match form.next_question(&self.answers) {
            Some(question) => self.ask(question),
            None => {
                self.stage = Stage::Summary;
                Step::Summary
            }
        }
    }

    fn ask(&mut self, question: &Question) -> Step {
        let id = question.id.clone();
        self.stage = match (question.kind, self.answers.get(&id)) {
            (Kind::Multi, Some(Answer::Multi(chosen))) => {
                Stage::Picking { question: id, chosen: chosen.clone() }
            }
            (Kind::Multi, _) => Stage::Picking { question: id, chosen: BTreeSet::new() },
            _ => Stage::Asking(id),
        };
        Step::Ask
    }
}
