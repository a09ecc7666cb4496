//! Whether a condition can hold at all, found by trying. Tried are, for every question it depends on: each choice it
//! names and one it does not; every set of the choices it names; yes and no; each number it names with its neighbours
//! at the second decimal, and the ends of the range; each text it names and another; and every combination of these
//! that the form lets come about, up to a bound.

use std::collections::BTreeSet;

use super::condition::Outcome;
use super::literals::Literals;
use super::{Answer, Answers, Condition, Form, Kind, Question};

/// The most combinations that are tried; beyond them a condition is believed.
const MOST: usize = 20_000;
/// The most named choices of which every set is tried.
const MOST_SUBSETS: usize = 6;
/// Two decimals are kept of a number.
const STEP: f64 = 0.01;
/// Stands for no bound.
const FAR: f64 = 1e9;

/// What trying has shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Some answers meet it, or nothing is proved.
    Possible,
    /// No answers meet it.
    Never,
    /// It cannot be evaluated although everything is answered.
    Wrong(String),
}

/// Tries the condition on the form's questions before `end`.
pub(super) fn try_out(form: &Form, end: usize, condition: &Condition) -> Verdict {
    let questions = relevant(&form.questions[..end], condition);
    let mut literals = Literals::of(condition);
    for when in questions.iter().filter_map(|question| question.when.as_ref()) {
        let more = Literals::of(when);
        literals.numbers.extend(more.numbers);
        literals.texts.extend(more.texts);
        literals.is_plain &= more.is_plain;
    }
    let mut trial =
        Trial { condition, literals, questions, answers: Answers::new(), left: MOST, wrong: None };
    if trial.search(0) || trial.left == 0 {
        return Verdict::Possible;
    }
    match trial.wrong.take() {
        Some(reason) => Verdict::Wrong(reason),
        None if trial.literals.is_plain => Verdict::Never,
        None => Verdict::Possible,
    }
}

/// The questions that the condition depends on, directly or by their own conditions, in order.
fn relevant<'f>(questions: &'f [Question], condition: &Condition) -> Vec<&'f Question> {
    let mut found: Vec<&Question> = Vec::new();
    for question in questions.iter().rev() {
        let is_named = condition.names(&question.id)
            || found.iter().filter_map(|later| later.when.as_ref()).any(|when| when.names(&question.id));
        if is_named {
            found.push(question);
        }
    }
    found.reverse();
    found
}

struct Trial<'f> {
    condition: &'f Condition,
    literals: Literals,
    questions: Vec<&'f Question>,
    answers: Answers,
    left: usize,
    wrong: Option<String>,
}

impl<'f> Trial<'f> {
    /// Whether some answers to the questions from this one on meet the condition.
    fn search(&mut self, index: usize) -> bool {
        let Some(question) = self.questions.get(index).copied() else { return self.judge() };
        if !question.is_asked(&self.answers) {
            return self.search(index + 1);
        }
        for answer in self.candidates(question) {
            self.answers.insert(question.id.clone(), answer);
            if self.left == 0 || self.search(index + 1) {
                return true;
            }
        }
        self.answers.remove(&question.id);
        false
    }

    fn judge(&mut self) -> bool {
        self.left = self.left.saturating_sub(1);
        match self.condition.outcome(&self.answers) {
            Outcome::Known(holds) => holds,
            Outcome::Unknown => false,
            Outcome::Wrong(reason) => {
                self.wrong.get_or_insert(reason);
                false
            }
        }
    }

    /// The answers to try that the question accepts.
    fn candidates(&mut self, question: &Question) -> Vec<Answer> {
        let mut answers = match question.kind {
            Kind::Choice => self.some_choices(question).into_iter().map(Answer::Choice).collect(),
            Kind::Multi => self.sets(question),
            Kind::YesNo => vec![Answer::YesNo(true), Answer::YesNo(false)],
            Kind::Number => self.numbers(question).into_iter().map(Answer::Number).collect(),
            Kind::Text => self.texts(question),
            Kind::Location => self.places(),
            Kind::Photo => vec![Answer::Photo { chat: 1, message: 1 }],
        };
        answers.push(Answer::Skipped);
        answers.retain(|answer| question.accepts(answer));
        answers
    }

    /// The choices that are named, and one that is not.
    fn some_choices(&self, question: &Question) -> Vec<String> {
        let is_named = |id: &&String| self.literals.texts.contains(*id);
        let ids = || question.choices.iter().map(|choice| &choice.id);
        let named = ids().filter(is_named);
        named.chain(ids().find(|id| !is_named(id))).cloned().collect()
    }

    fn sets(&mut self, question: &Question) -> Vec<Answer> {
        let choices = self.some_choices(question);
        if choices.len() > MOST_SUBSETS {
            self.literals.is_plain = false;
            let singles = choices.iter().map(|id| BTreeSet::from([id.clone()]));
            let all = choices.iter().filter(|id| !question.is_none(id)).cloned().collect();
            return singles.chain([all, BTreeSet::new()]).map(Answer::Multi).collect();
        }
        let set = |bits: u32| {
            let has = |at: &usize| bits & (1 << at) != 0;
            (0..choices.len()).filter(has).map(|at| choices[at].clone()).collect::<BTreeSet<_>>()
        };
        let mut sets: Vec<Answer> = (0..1 << choices.len()).map(|bits| Answer::Multi(set(bits))).collect();
        if question.least_chosen() > 1 {
            // More must be chosen than are named: fill up with others.
            let all = question.choices.iter().map(|choice| choice.id.clone());
            sets.push(Answer::Multi(all.filter(|id| !question.is_none(id)).collect()));
            self.literals.is_plain = false;
        }
        sets
    }

    fn numbers(&self, question: &Question) -> Vec<f64> {
        let ends = [question.min.unwrap_or(-FAR), question.max.unwrap_or(FAR)];
        let near = |number: &f64| [*number, number - STEP, number + STEP, -number];
        let round = |number: f64| (number * 100.0).round() / 100.0;
        self.literals.numbers.iter().flat_map(near).map(round).chain(ends).collect()
    }

    fn texts(&self, question: &Question) -> Vec<Answer> {
        let other = "x".repeat(question.max_length.min(40));
        self.literals.texts.iter().cloned().chain([other]).map(Answer::Text).collect()
    }

    fn places(&self) -> Vec<Answer> {
        let near = |number: &f64| [number - 1.0, *number, number + 1.0];
        let all: Vec<f64> = self.literals.numbers.iter().flat_map(near).chain([0.0]).collect();
        let place = |lat: f64| all.iter().map(move |lon| Answer::Location { lat, lon: *lon });
        all.iter().flat_map(|lat| place(*lat)).collect()
    }
}
