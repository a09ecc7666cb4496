//! The form of the check-in: prompt, questions, summary, thanks.

use super::alert;
use super::day::date;
use super::page::Page;
use super::voice::{Voice, yes};
use super::{Button, Keyboard};
use crate::domain::form::{AnswerFault, Kind, number_text, press_of_choice};
use crate::domain::message::{
    AnswerWords, AnsweredRow, AskedQuestion, FormDone, FormMessage, FormNote, FormPage, FormRow, FormStage,
    FormSummary, LastReport, Verb, tagged,
};
use crate::domain::roster::tidy;
use crate::domain::split::{clip, utf16_len};

/// The most UTF-16 units of an answer in a list.
const ANSWER_LIMIT: usize = 200;
/// Labels up to this many UTF-16 units share a row.
const SHORT_LABEL: usize = 8;

/// Any message of the form.
pub(super) fn draw(page: &mut Page<'_>, message: &FormMessage) {
    match message {
        FormMessage::Page(form) => stage(page, form),
        FormMessage::NoDay { next: Some(next) } => {
            page.say_with("form-no-day", &[("next", page.voice.day(*next).into())]);
        }
        FormMessage::NoDay { next: None } => page.say("form-no-day-at-all"),
        FormMessage::NotExpected => page.say("form-not-expected"),
        FormMessage::AskLocation => {
            page.say("form-ask-location");
            let button = page.voice.say("button-location");
            page.reply_keyboard(Keyboard::AskLocation { button });
        }
    }
}

fn stage(page: &mut Page<'_>, form: &FormPage) {
    let voice = page.voice;
    let values = [("title", voice.name(&form.title).into()), ("date", date(voice, form.date).into())];
    page.say_with("day-head", &values);
    match &form.stage {
        FormStage::Overview { rows, same, declaration } => {
            overview(page, form, rows, statement(voice, same.as_deref(), declaration.as_deref()));
        }
        FormStage::Asking(asked) => asking(page, form, asked),
        FormStage::Summary(all) => summary(page, form, all),
        FormStage::Reason { name, note: why, .. } => {
            about(page, form, name.as_deref());
            page.gap();
            page.say("form-reason");
            note(page, why.as_ref());
        }
        FormStage::Below => page.say("form-below"),
        FormStage::Over => page.say("form-over"),
    }
}

/// What one states by `same`, the declaration with it.
fn statement(voice: &Voice<'_>, same: Option<&str>, declaration: Option<&str>) -> Option<String> {
    let parts: Vec<String> = [same?, declaration.unwrap_or_default()].map(tidy).into();
    let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    Some(parts.join(&voice.say("form-statement-join")))
}

/// For whom it is filled in, when that is somebody else.
fn about(page: &mut Page<'_>, form: &FormPage, name: Option<&str>) {
    if let Some(name) = name {
        let values = [("name", page.voice.name(name).into()), ("phone", yes(form.phone.is_some()))];
        page.say_with("form-about", &values);
    }
}

fn overview(page: &mut Page<'_>, form: &FormPage, rows: &[FormRow], statement: Option<String>) {
    let open: Vec<&FormRow> = rows.iter().filter(|row| row.done.is_none() && !row.excused).collect();
    call(page, form, &open);
    page.items(rows, |page, _, row| draw_row(page, form, row, rows.len() > 1));
    if rows.iter().any(|row| row.same) {
        page.gap();
        page.say_with("form-same", &[("statement", statement.unwrap_or_default().into())]);
    }
    if let (Some(next), true) = (form.next, open.is_empty()) {
        page.say_with("form-next", &[("next", page.voice.day(next).into())]);
    }
}

/// Who is asked for, until when.
fn call(page: &mut Page<'_>, form: &FormPage, open: &[&FormRow]) {
    if open.is_empty() {
        return;
    }
    let voice = page.voice;
    let names: Vec<String> = open.iter().filter_map(|row| row.name.clone()).collect();
    let whom = match (names.len() < open.len(), names.is_empty()) {
        (true, true) => "self",
        (true, false) => "both",
        (false, _) if form.phone.is_some() => "phone",
        (false, _) => "others",
    };
    let late = form.deadline < voice.context.now;
    let values = [
        ("whom", whom.into()),
        ("names", voice.children(&names).into()),
        ("deadline", voice.at(form.deadline).into()),
    ];
    page.say_with(if late { "form-call-late" } else { "form-call" }, &values);
}

fn draw_row(page: &mut Page<'_>, form: &FormPage, row: &FormRow, several: bool) {
    page.gap();
    match &row.done {
        Some(state) => done(page, form, row, state),
        None => {
            if let Some(name) = row.name.as_deref().filter(|_| several) {
                page.line(page.voice.name(name));
            } else if several {
                page.say("form-oneself");
            }
            if row.excused {
                page.say("form-excused");
            }
            last(page, row.last.as_ref());
            if !row.same && !row.excused {
                page.say("form-fill");
            }
        }
    }
    let voice = page.voice;
    let change = row.done.as_ref().is_some_and(|done| done.change);
    let verbs = [
        (row.same, "button-same", Verb::Same),
        (row.done.is_none(), "button-fill-in", Verb::Fill),
        (change, "button-change", Verb::Change),
    ];
    let buttons = verbs.into_iter().filter(|(offered, ..)| *offered);
    let button = |(_, id, verb): (bool, &str, Verb)| {
        let label = voice.say(id);
        let label = match &row.name {
            Some(name) if several => voice
                .say_with("form-button-for", &[("name", voice.name(name).into()), ("label", label.into())]),
            None if several => {
                let name = voice.say("form-oneself");
                voice.say_with("form-button-for", &[("name", name.into()), ("label", label.into())])
            }
            _ => label,
        };
        voice.button_named(&label, verb, Some(row.person))
    };
    let buttons: Vec<Button> = buttons.map(button).collect();
    page.row(buttons);
}

fn last(page: &mut Page<'_>, last: Option<&LastReport>) {
    let Some(last) = last else { return };
    let on = date(page.voice, last.date);
    page.say_with("form-last", &[("date", on.into())]);
    page.items(&last.answers, |page, _, row| {
        let line = answered(page.voice, row);
        page.line(format!("· {line}"));
    });
}

/// `今天住在哪里？校内`.
fn answered(voice: &Voice<'_>, row: &AnsweredRow) -> String {
    let ask = clip(&tidy(&row.ask), ANSWER_LIMIT);
    let answer = match &row.answer {
        AnswerWords::Labels(labels) if labels.is_empty() => voice.say("answer-nothing"),
        AnswerWords::Labels(labels) => labels.join(&voice.say("join")),
        AnswerWords::Plain(text) => text.clone(),
        AnswerWords::YesNo(true) => voice.say("answer-yes"),
        AnswerWords::YesNo(false) => voice.say("answer-no"),
        AnswerWords::Location => voice.say("answer-location"),
        AnswerWords::Photo => voice.say("answer-photo"),
        AnswerWords::Skipped => voice.say("answer-skipped"),
    };
    let answer = clip(&tidy(&answer), ANSWER_LIMIT);
    voice.say_with("form-answered", &[("ask", ask.into()), ("answer", answer.into())])
}

fn done(page: &mut Page<'_>, form: &FormPage, row: &FormRow, done: &FormDone) {
    let voice = page.voice;
    let how = match (&done.by, &row.name, done.phone) {
        (None, None, _) => "own",
        (None, Some(_), _) => "for",
        (Some(_), _, true) => "phone",
        (Some(_), _, false) => "by",
    };
    let name = row.name.as_deref().map_or_else(|| voice.say("you"), |name| voice.name(name));
    let by = done.by.as_deref().map(|by| voice.name(by)).unwrap_or_default();
    page.say_with(
        "form-done",
        &[
            ("how", how.into()),
            ("name", name.into()),
            ("by", by.into()),
            ("at", voice.at(done.at).into()),
            ("late", yes(done.late)),
            ("corrected", yes(done.corrected)),
        ],
    );
    if let Some(number) = done.supplement {
        page.say_with("form-supplement", &[("number", number.to_string().into())]);
    }
    if let Some(help) = done.help.as_ref().filter(|_| !done.informed.is_empty()) {
        alert::help(page, row.name.as_deref(), &done.informed, help);
    }
    if done.change {
        let late = form.deadline < voice.context.now;
        let deadline = voice.at(form.deadline);
        page.say_with(
            if late { "form-change-late" } else { "form-change" },
            &[("deadline", deadline.into())],
        );
    }
}

fn asking(page: &mut Page<'_>, form: &FormPage, asked: &AskedQuestion) {
    about(page, form, asked.name.as_deref());
    page.gap();
    let (at, of) = (asked.at.to_string(), asked.of.to_string());
    let ask = tidy(&asked.ask);
    page.say_with("form-question", &[("at", at.into()), ("of", of.into()), ("ask", ask.into())]);
    hint(page, asked);
    note(page, asked.note.as_ref());
    let voice = page.voice;
    let buttons = answers(voice, asked);
    let long = |button: &Button| utf16_len(&button.label) > SHORT_LABEL;
    let width = if buttons.iter().any(long) { 1 } else { buttons.len().clamp(1, 3) };
    page.grid(buttons, width);
    let number = i64::try_from(asked.question).unwrap_or(i64::MAX);
    let here = Some(tagged(asked.tag, number));
    let next = match asked.kind {
        Kind::Multi => Some("button-next-multi"),
        _ => asked.optional.then_some("button-skip"),
    };
    let back = asked.back.then(|| voice.button("button-question-back", Verb::Back, here));
    let next = next.map(|id| voice.button(id, Verb::Next, here));
    page.row(back.into_iter().chain(next).collect());
}

/// The choices in the form's order: the label as text, a mark before those chosen.
fn answers(voice: &Voice<'_>, asked: &AskedQuestion) -> Vec<Button> {
    let yes_no = [("answer-yes", false), ("answer-no", false)].map(|(id, marked)| (voice.say(id), marked));
    let choices = if asked.kind == Kind::YesNo { yes_no.to_vec() } else { asked.choices.clone() };
    let button = |(choice, (label, marked)): (usize, &(String, bool))| {
        let arg = tagged(asked.tag, press_of_choice(asked.question, choice));
        let label = if *marked { format!("✅ {label}") } else { label.clone() };
        voice.button_named(&label, Verb::Answer, Some(arg))
    };
    choices.iter().enumerate().map(button).collect()
}

/// What to do where no button says it.
fn hint(page: &mut Page<'_>, asked: &AskedQuestion) {
    match asked.kind {
        Kind::Choice | Kind::YesNo => {}
        Kind::Multi => page.say("form-hint-multi"),
        Kind::Number => {
            let range = range(page.voice, asked.min, asked.max);
            page.say_with("form-hint-number", &[("range", range.into())]);
        }
        Kind::Text => {
            page.say_with("form-hint-text", &[("max", asked.max_length.to_string().into())]);
        }
        Kind::Location => page.say("form-hint-location"),
        Kind::Photo => page.say("form-hint-photo"),
    }
}

/// `（34～43）`, or nothing.
fn range(voice: &Voice<'_>, min: Option<f64>, max: Option<f64>) -> String {
    let text = |number: Option<f64>| number.map(number_text).unwrap_or_default();
    let between = match (min, max) {
        (Some(_), Some(_)) => "both",
        (Some(_), None) => "least",
        (None, Some(_)) => "most",
        (None, None) => return String::new(),
    };
    let values = [("between", between.into()), ("min", text(min).into()), ("max", text(max).into())];
    voice.say_with("form-range", &values)
}

fn summary(page: &mut Page<'_>, form: &FormPage, all: &FormSummary) {
    about(page, form, all.name.as_deref());
    page.gap();
    page.say_with("form-summary", &[("correction", yes(all.correction))]);
    page.items(&all.answers, |page, index, row| {
        let line = answered(page.voice, row);
        page.line(format!("{}. {line}", index + 1));
    });
    if let Some(declaration) = &all.declaration {
        page.gap();
        page.line(tidy(declaration));
    }
    note(page, all.note.as_ref());
    let voice = page.voice;
    let change = |(index, row): (usize, &AnsweredRow)| {
        let number = i64::try_from(row.question).unwrap_or(i64::MAX);
        let label = voice.say_with("button-change-one", &[("number", (index + 1).to_string().into())]);
        voice.button_named(&label, Verb::Change, Some(tagged(all.tag, number)))
    };
    page.row(vec![voice.button("button-submit", Verb::Submit, Some(tagged(all.tag, 0)))]);
    page.grid(all.answers.iter().enumerate().map(change).collect(), 4);
}

fn note(page: &mut Page<'_>, note: Option<&FormNote>) {
    let Some(note) = note else { return };
    let voice = page.voice;
    let words = match note {
        FormNote::Forwarded => voice.say("form-fault-forwarded"),
        FormNote::Submit => voice.say("form-fault-submit"),
        FormNote::Fault(fault) => why(voice, *fault),
    };
    page.line(format!("⚠️ {words}"));
}

/// Why something is no answer, and what would be one.
fn why(voice: &Voice<'_>, fault: AnswerFault) -> String {
    match fault {
        AnswerFault::Empty => voice.say("form-fault-empty"),
        AnswerFault::NotANumber => voice.say("form-fault-number"),
        AnswerFault::OutOfRange { min, max } => {
            voice.say_with("form-fault-range", &[("range", range(voice, min, max).into())])
        }
        AnswerFault::LooksFahrenheit { celsius, .. } => {
            voice.say_with("form-fault-fahrenheit", &[("celsius", number_text(celsius).into())])
        }
        AnswerFault::TooLong { max, length } => {
            let values = [("max", max.to_string().into()), ("length", length.to_string().into())];
            voice.say_with("form-fault-long", &values)
        }
        AnswerFault::NotAChoice => voice.say("form-fault-choice"),
        AnswerFault::NeedsButtonOrLabel => voice.say("form-fault-yes-no"),
        AnswerFault::WrongKind(kind) => voice.say_with("form-fault-kind", &[("kind", kind.word().into())]),
    }
}
