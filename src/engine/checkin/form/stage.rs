//! A report in the making as the stage that its reader sees.

use super::{Desk, Filling};
use crate::domain::form::{Answer, Answers, Form, Input, Kind, Question, Stage, Step, number_text};
use crate::domain::message::{
    AnswerWords, AnsweredRow, AskedQuestion, FormNote, FormPage, FormStage, FormSummary, Locale, Time,
};
use crate::store::checkin::days::DayRules;

/// A page of a day's form.
pub(super) fn page(
    day: &DayRules,
    locale: Locale,
    phone: Option<i64>,
    next: Option<Time>,
    stage: FormStage,
) -> FormPage {
    FormPage {
        day: day.id,
        title: day.form.title.of(locale).to_owned(),
        date: day.date,
        deadline: day.deadline_at,
        next,
        phone,
        stage,
    }
}

/// Where a report stands, about whom (`None`: the reader), with what is to be said about the last input.
pub(super) fn of_filling(
    desk: &Desk<'_>,
    (person, name): (i64, Option<String>),
    filling: &Filling,
    note: Option<FormNote>,
) -> FormStage {
    let (form, locale) = (&desk.day.form, desk.actor.locale);
    if filling.waits {
        return FormStage::Reason { person, name, note };
    }
    match filling.session.question(form) {
        Some(question) => {
            FormStage::Asking(Box::new(asked(form, locale, (person, name), filling, question, note)))
        }
        None => FormStage::Summary(FormSummary {
            person,
            name,
            tag: filling.tag,
            answers: answered(form, &filling.session.answers, locale),
            declaration: form.declaration.as_ref().map(|words| words.of(locale).to_owned()),
            correction: filling.correction,
            note,
        }),
    }
}

fn asked(
    form: &Form,
    locale: Locale,
    (person, name): (i64, Option<String>),
    filling: &Filling,
    question: &Question,
    note: Option<FormNote>,
) -> AskedQuestion {
    let session = &filling.session;
    let (at, of) = session.progress(form);
    let mut trial = session.clone();
    let back = matches!(trial.apply(form, Input::Back), Ok(step) if step != Step::Stale);
    AskedQuestion {
        person,
        name,
        tag: filling.tag,
        at,
        of,
        question: form.position(&question.id).unwrap_or_default(),
        kind: question.kind,
        ask: question.ask.of(locale).to_owned(),
        choices: choices(question, &session.stage, locale),
        optional: question.optional,
        back,
        min: question.min.filter(|_| question.kind == Kind::Number),
        max: question.max,
        max_length: question.max_length,
        note,
    }
}

fn choices(question: &Question, stage: &Stage, locale: Locale) -> Vec<(String, bool)> {
    let marked = |id: &str| matches!(stage, Stage::Picking { chosen, .. } if chosen.contains(id));
    let label =
        |choice: &crate::domain::form::Choice| (choice.words.of(locale).to_owned(), marked(&choice.id));
    question.choices.iter().map(label).collect()
}

/// Answers with their questions, in the order of the form.
pub(super) fn answered(form: &Form, answers: &Answers, locale: Locale) -> Vec<AnsweredRow> {
    let row = |(question, answer): (&Question, &Answer)| AnsweredRow {
        question: form.position(&question.id).unwrap_or_default(),
        ask: question.ask.of(locale).to_owned(),
        answer: answer_words(question, answer, locale),
    };
    form.pairs(answers).into_iter().map(row).collect()
}

fn answer_words(question: &Question, answer: &Answer, locale: Locale) -> AnswerWords {
    let label = |id: &String| {
        question.choice(id).map_or_else(|| id.clone(), |choice| choice.words.of(locale).to_owned())
    };
    match answer {
        Answer::Choice(id) => AnswerWords::Labels(vec![label(id)]),
        Answer::Multi(ids) => {
            let chosen = question.choices.iter().filter(|choice| ids.contains(&choice.id));
            AnswerWords::Labels(chosen.map(|choice| choice.words.of(locale).to_owned()).collect())
        }
        Answer::YesNo(yes) => AnswerWords::YesNo(*yes),
        Answer::Number(number) => AnswerWords::Plain(number_text(*number)),
        Answer::Text(text) => AnswerWords::Plain(text.clone()),
        Answer::Location { .. } => AnswerWords::Location,
        Answer::Photo { .. } => AnswerWords::Photo,
        Answer::Skipped => AnswerWords::Skipped,
    }
}
