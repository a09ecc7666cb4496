//! Alerts and `/urgent`.

use fluent_bundle::FluentValue;

use super::page::Page;
use super::voice::Voice;
use crate::domain::alert::{Authority, Event, Kind, Outcome, Reason};
use crate::domain::form::Words;
use crate::domain::message::{
    AlertCard, AlertHead, AlertMessage, AlertReport, Subject, TierMeasure, TimeLine, ToldLine, Urgent, Verb,
};
use crate::domain::split::clip;

/// The most UTF-16 units of the reasons: whatever else stands in the message has room.
const REASONS_LIMIT: usize = 1200;

/// Any message of an alert.
pub(super) fn draw(page: &mut Page<'_>, message: &AlertMessage) {
    match message {
        AlertMessage::Card(card) => self::card(page, card),
        AlertMessage::AskTold { name, .. } => ask_told(page, name),
        AlertMessage::ToldNoted { name, to } => {
            let (name, to) = (page.voice.name(name), authority(page.voice, to));
            page.say_with("alert-told-noted", &[("name", name.into()), ("to", to.into())]);
        }
        AlertMessage::AskClear { name, .. } => ask_clear(page, name),
        AlertMessage::AskWhy { name, outcome, .. } => {
            let name = page.voice.name(name);
            page.say_with("alert-ask-why", &[("name", name.into()), ("outcome", outcome.word().into())]);
            cancel(page);
        }
        AlertMessage::AskNote { name, .. } => {
            page.say_with("alert-ask-note", &[("name", page.voice.name(name).into())]);
            cancel(page);
        }
        AlertMessage::NoteNoted { name } => {
            page.say_with("alert-note-noted", &[("name", page.voice.name(name).into())]);
        }
        AlertMessage::Final(report) => final_report(page, report),
    }
}

fn card(page: &mut Page<'_>, card: &AlertCard) {
    head(page, card);
    let voice = page.voice;
    page.dotted("", card.units.iter().map(|unit| Some(voice.name(unit))));
    let why = reasons(voice, &card.reasons);
    page.say_with("alert-why", &[("at", voice.at(card.opened_at).into()), ("why", why.into())]);
    if card.corrected {
        page.say("alert-corrected");
    }
    page.say_with("alert-phone", &[("phone", phone(voice, card.phone.as_deref()).into())]);
    for (name, number) in &card.guardians {
        let values = [
            ("name", FluentValue::from(voice.name(name))),
            ("phone", phone(voice, number.as_deref()).into()),
        ];
        page.say_with("alert-guardian", &values);
    }
    page.gap();
    standing(page, card);
    if card.cleared.is_none() {
        buttons(page, card);
    }
}

fn head(page: &mut Page<'_>, card: &AlertCard) {
    let (kind, minutes) = match card.head {
        AlertHead::New | AlertHead::Opened => ("fresh", 0),
        AlertHead::Updated => ("updated", 0),
        AlertHead::Untaken { minutes } => ("untaken", minutes),
        AlertHead::Half => ("half", 0),
        AlertHead::Overdue => ("overdue", 0),
        AlertHead::FollowUp => ("followup", 0),
    };
    let name = page.voice.name(&card.name);
    page.say_with("alert-head", &[("kind", kind.into()), ("minutes", minutes.into()), ("name", name.into())]);
}

/// Who is on it, what was told, how it goes on.
fn standing(page: &mut Page<'_>, card: &AlertCard) {
    let voice = page.voice;
    if let Some((who, at, outcome, why)) = &card.cleared {
        let values = [
            ("who", FluentValue::from(voice.name(who))),
            ("at", voice.at(*at).into()),
            ("outcome", outcome.word().into()),
            ("why", why.as_str().into()),
        ];
        page.say_with("alert-cleared", &values);
    } else if let Some((who, at)) = &card.taken {
        let values = [("who", FluentValue::from(voice.name(who))), ("at", voice.at(*at).into())];
        page.say_with("alert-taken", &values);
    } else {
        page.say("alert-untaken");
    }
    if let Some(due) = card.due {
        let id = if due < voice.context.now { "alert-due-passed" } else { "alert-due" };
        page.say_with(id, &[("due", voice.at(due).into())]);
    }
    for line in &card.told {
        page.line(told(voice, line));
    }
    if let Some((who, at, text)) = &card.note {
        let values = [
            ("who", FluentValue::from(voice.name(who))),
            ("at", voice.at(*at).into()),
            ("text", text.as_str().into()),
        ];
        page.say_with("alert-note", &values);
    }
}

fn buttons(page: &mut Page<'_>, card: &AlertCard) {
    let voice = page.voice;
    let clear = voice.button("button-clear", Verb::Clear, None);
    if card.taken.is_none() {
        page.row(vec![voice.button("button-take", Verb::Take, None), clear]);
    } else {
        page.row(vec![clear]);
    }
    page.row(vec![
        voice.button("button-told", Verb::Told, None),
        voice.button("button-progress", Verb::Note, None),
    ]);
}

fn told(voice: &Voice<'_>, line: &ToldLine) -> String {
    let values = [
        ("who", FluentValue::from(voice.name(&line.who))),
        ("at", voice.at(line.at).into()),
        ("to", authority(voice, &line.to).into()),
        ("minutes", line.after.num_minutes().into()),
        ("late", if line.late { "yes" } else { "no" }.into()),
    ];
    voice.say_with("alert-told", &values)
}

fn phone(voice: &Voice<'_>, number: Option<&str>) -> String {
    number.map_or_else(|| voice.say("contact-none"), str::to_owned)
}

fn reasons(voice: &Voice<'_>, reasons: &[Reason]) -> String {
    let one = |reason: &Reason| match reason {
        Reason::Rule(words) => own(voice, words),
        Reason::Told { kind, words } if words.is_empty() => kind_word(voice, *kind),
        Reason::Told { kind, words } => {
            let values =
                [("kind", FluentValue::from(kind_word(voice, *kind))), ("words", words.as_str().into())];
            voice.say_with("urgent-reason", &values)
        }
    };
    clip(&reasons.iter().map(one).collect::<Vec<_>>().join(&voice.say("join")), REASONS_LIMIT)
}

fn own(voice: &Voice<'_>, words: &Words) -> String {
    words.of(voice.locale()).to_owned()
}

fn kind_word(voice: &Voice<'_>, kind: Kind) -> String {
    voice.say_with("urgent-kind", &[("kind", kind.word().into())])
}

fn authority(voice: &Voice<'_>, to: &Authority) -> String {
    let word = match to {
        Authority::Community => "community",
        Authority::DiseaseControl => "control",
        Authority::Education => "education",
        Authority::Other(name) => return voice.name(name),
    };
    voice.say_with("authority", &[("to", word.into())])
}

fn ask_told(page: &mut Page<'_>, name: &str) {
    let voice = page.voice;
    page.say_with("alert-ask-told", &[("name", voice.name(name).into())]);
    let buttons = Authority::USUAL.iter().zip(0_i64..);
    let buttons = buttons.map(|(to, arg)| voice.button_named(&authority(voice, to), Verb::Told, Some(arg)));
    page.grid(buttons.collect(), 3);
    cancel(page);
}

fn ask_clear(page: &mut Page<'_>, name: &str) {
    let voice = page.voice;
    page.say_with("alert-ask-clear", &[("name", voice.name(name).into())]);
    for (outcome, arg) in Outcome::ALL.into_iter().zip(0_i64..) {
        let label = outcome_word(voice, outcome);
        page.row(vec![voice.button_named(&label, Verb::Clear, Some(arg))]);
    }
    cancel(page);
}

fn outcome_word(voice: &Voice<'_>, outcome: Outcome) -> String {
    voice.say_with("alert-outcome", &[("outcome", outcome.word().into())])
}

fn cancel(page: &mut Page<'_>) {
    let cancel = page.voice.button("button-cancel", Verb::Cancel, None);
    page.row(vec![cancel]);
}

fn final_report(page: &mut Page<'_>, report: &AlertReport) {
    let voice = page.voice;
    page.say_with("alert-final-head", &[("name", voice.name(&report.name).into())]);
    page.dotted("", report.units.iter().map(|unit| Some(voice.name(unit))));
    page.say_with("alert-final-reasons", &[("why", reasons(voice, &report.reasons).into())]);
    let values = [
        ("outcome", FluentValue::from(outcome_word(voice, report.outcome))),
        ("why", report.why.as_str().into()),
    ];
    page.say_with("alert-final-outcome", &values);
    if report.outcome == Outcome::Mistaken {
        page.say("alert-final-honest");
    }
    page.gap();
    page.say("alert-final-lines");
    page.items(&report.lines, |page, _, line| time_line(page, line));
    if !report.tiers.is_empty() {
        page.gap();
        page.say("alert-final-tiers");
        page.items(&report.tiers, |page, _, measure| tier_measure(page, measure));
    }
}

fn time_line(page: &mut Page<'_>, line: &TimeLine) {
    let voice = page.voice;
    let what = match &line.event {
        Event::Opened { reasons: why } => {
            voice.say_with("alert-line-opened", &[("why", reasons(voice, why).into())])
        }
        Event::Updated { reasons: why } => {
            voice.say_with("alert-line-updated", &[("why", reasons(voice, why).into())])
        }
        Event::Corrected => voice.say("alert-line-corrected"),
        Event::Clock { .. } => return,
        Event::Informed => voice.say_with("alert-line-informed", &[("who", voice.people(&line.who).into())]),
        Event::Taken => voice.say_with("alert-line-taken", &[("who", voice.people(&line.who).into())]),
        Event::Escalated { .. } => voice.say("alert-line-escalated"),
        Event::Overdue => voice.say("alert-line-overdue"),
        Event::Told { to } => {
            let values =
                [("who", FluentValue::from(voice.people(&line.who))), ("to", authority(voice, to).into())];
            voice.say_with("alert-line-told", &values)
        }
        Event::Note { text } => {
            let values =
                [("who", FluentValue::from(voice.people(&line.who))), ("text", text.as_str().into())];
            voice.say_with("alert-line-note", &values)
        }
        Event::Cleared { .. } => {
            voice.say_with("alert-line-cleared", &[("who", voice.people(&line.who).into())])
        }
    };
    page.line(format!("{} {what}", voice.at(line.at)));
}

fn tier_measure(page: &mut Page<'_>, measure: &TierMeasure) {
    let voice = page.voice;
    let tier = measure.tier.as_ref().map_or_else(|| voice.say("alert-tier-other"), |tier| voice.tier(tier));
    let knew = measure.informed_at.map_or_else(
        || voice.say("alert-tier-unknown"),
        |at| voice.say_with("alert-tier-knew", &[("at", voice.at(at).into())]),
    );
    page.dotted("", [Some(tier), Some(knew), measure.told.as_ref().map(|line| told(voice, line))]);
}

/// `/urgent`, step by step.
pub(super) fn urgent(page: &mut Page<'_>, step: &Urgent) {
    match step {
        Urgent::Who { subjects, page: at, pages, .. } => who(page, subjects, *at, *pages),
        Urgent::What { subject, words } => what(page, subject, words),
        Urgent::Words { subject, kind } => {
            about(page, "urgent-words", subject, *kind);
            let voice = page.voice;
            page.row(vec![voice.button("button-skip", Verb::Next, None)]);
            page.row(vec![
                voice.button("button-back", Verb::Back, None),
                voice.button("button-cancel", Verb::Cancel, None),
            ]);
        }
        Urgent::Ready { subject, kind, words } => {
            about(page, "urgent-ready", subject, *kind);
            if !words.is_empty() {
                page.line(words);
            }
            let voice = page.voice;
            page.row(vec![voice.button("button-submit", Verb::Submit, None)]);
            page.row(vec![
                voice.button("button-back", Verb::Back, None),
                voice.button("button-cancel", Verb::Cancel, None),
            ]);
        }
        Urgent::Sent { subject, informed, help } => sent(page, subject, informed, help),
        Urgent::Cancelled => page.say("urgent-cancelled"),
        Urgent::Nobody => page.say("urgent-nobody"),
    }
}

/// `本人`, or the name.
fn whom(voice: &Voice<'_>, subject: &Subject) -> String {
    if subject.own { voice.say("urgent-own") } else { voice.name(&subject.name) }
}

fn about(page: &mut Page<'_>, id: &str, subject: &Subject, kind: Kind) {
    let voice = page.voice;
    let values = [("whom", FluentValue::from(whom(voice, subject))), ("kind", kind_word(voice, kind).into())];
    page.say_with(id, &values);
}

fn who(page: &mut Page<'_>, subjects: &[Subject], at: usize, pages: usize) {
    let voice = page.voice;
    page.say("urgent-who");
    let button =
        |subject: &Subject| voice.button_named(&whom(voice, subject), Verb::Open, Some(subject.person));
    page.grid(subjects.iter().map(button).collect(), 3);
    page.pages(at, pages);
    cancel(page);
}

fn what(page: &mut Page<'_>, subject: &Subject, words: &str) {
    let voice = page.voice;
    page.say_with("urgent-what", &[("whom", whom(voice, subject).into())]);
    if !words.is_empty() {
        page.line(words);
    }
    for (kind, arg) in Kind::ALL.into_iter().zip(0_i64..) {
        page.row(vec![voice.button_named(&kind_word(voice, kind), Verb::Answer, Some(arg))]);
    }
    cancel(page);
}

fn sent(page: &mut Page<'_>, subject: &Subject, informed: &[String], help: &Words) {
    page.say("urgent-sent");
    self::help(page, (!subject.own).then_some(subject.name.as_str()), informed, help);
}

/// Who was told about somebody (the reader for `None`), that they will be in touch, and where help is (E6).
pub(super) fn help(page: &mut Page<'_>, name: Option<&str>, informed: &[String], help: &Words) {
    let voice = page.voice;
    if informed.is_empty() {
        page.say("alert-informed-nobody");
    } else {
        let names = voice.people(informed);
        match name {
            None => page.say_with("alert-informed", &[("names", names.into())]),
            Some(name) => {
                let values = [("names", FluentValue::from(names)), ("name", voice.name(name).into())];
                page.say_with("alert-informed-for", &values);
            }
        }
    }
    page.line(own(voice, help));
}
