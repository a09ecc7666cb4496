//! Which questions are asked, what follows from the answers.

use std::cmp::Reverse;

use super::{Answer, Answers, Form, Kind, Question, Rule};

impl Question {
    /// Whether the answers so far call for this question.
    pub fn is_asked(&self, answers: &Answers) -> bool {
        self.when.as_ref().is_none_or(|when| when.holds(answers))
    }

    /// Whether another answer to it is a change since the last report: a number, a place and a photo are not.
    fn can_change(&self) -> bool {
        !matches!(self.kind, Kind::Number | Kind::Location | Kind::Photo)
    }
}

impl Form {
    /// The questions that these answers call for, in order. An answer of a question that is not asked counts for
    /// nothing.
    pub fn asked(&self, answers: &Answers) -> Vec<&Question> {
        self.walk(answers).0
    }

    /// These answers without those that the form, as it stands now, does not ask for or does not accept.
    pub fn pruned(&self, answers: &Answers) -> Answers {
        self.walk(answers).1
    }

    fn walk(&self, answers: &Answers) -> (Vec<&Question>, Answers) {
        let (mut asked, mut valid) = (Vec::new(), Answers::new());
        for question in &self.questions {
            if !question.is_asked(&valid) {
                continue;
            }
            asked.push(question);
            if let Some(answer) = answers.get(&question.id).filter(|answer| question.accepts(answer)) {
                valid.insert(question.id.clone(), answer.clone());
            }
        }
        (asked, valid)
    }

    /// The first question that is asked and has no valid answer.
    pub fn next_question(&self, answers: &Answers) -> Option<&Question> {
        let (asked, valid) = self.walk(answers);
        asked.into_iter().find(|question| !valid.contains_key(&question.id))
    }

    /// Whether every question that is asked has a valid answer.
    pub fn complete(&self, answers: &Answers) -> bool {
        self.next_question(answers).is_none()
    }

    /// What `same` takes over of the last report: all that the form still asks for and accepts. What it does not is
    /// asked, also when the form was changed in between.
    pub fn same_answers(&self, last: &Answers) -> Answers {
        self.pruned(last)
    }

    /// What `same` answers at once: [`Form::same_answers`] without those of `daily` questions and what depended on
    /// them.
    pub fn carried_answers(&self, last: &Answers) -> Answers {
        let mut answers = self.same_answers(last);
        answers.retain(|id, _| self.question(id).is_some_and(|question| !question.daily));
        self.pruned(&answers)
    }

    /// Whether one press of `same` is the whole report: nothing remains to be asked.
    pub fn same_is_whole(&self, last: &Answers) -> bool {
        self.complete(&self.carried_answers(last))
    }

    /// Whether the new report differs from the last valid one (D2). A first report changes nothing; what the form did
    /// not ask last time, or no longer accepts, cannot be compared.
    pub fn changed(&self, last: Option<&Answers>, new: &Answers) -> bool {
        let Some(last) = last else { return false };
        let (asked_last, was) = self.walk(last);
        let is = self.pruned(new);
        let differs = |question: &&Question| {
            let (was, is) = (was.get(&question.id), is.get(&question.id));
            let is_new = was.is_none() && asked_last.iter().any(|asked| asked.id == question.id);
            was != is && !is_new
        };
        self.questions.iter().filter(|question| question.can_change()).any(|question| differs(&question))
    }

    /// The rules that the answers meet, the urgent ones first, otherwise as the form has them.
    pub fn fires(&self, answers: &Answers) -> Vec<&Rule> {
        let valid = self.pruned(answers);
        let mut rules: Vec<&Rule> = self.rules.iter().filter(|rule| rule.when.holds(&valid)).collect();
        rules.sort_by_key(|rule| Reverse(rule.level));
        rules
    }

    /// The answers in the order of the questions, each with its question.
    pub fn pairs<'a>(&'a self, answers: &'a Answers) -> Vec<(&'a Question, &'a Answer)> {
        let pair = |question: &'a Question| answers.get(&question.id).map(|answer| (question, answer));
        self.asked(answers).into_iter().filter_map(pair).collect()
    }
}
