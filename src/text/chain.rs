//! What those responsible are told: who is silent, what to relay and carry out, what was sent.

use super::page::Page;
use super::voice::{Voice, yes};
use crate::domain::message::{
    Duty, DutyState, Escalation, MissingRow, RelayState, Review, SentReport, Trouble, Verb,
};
use crate::domain::split::{REASON_TEXT_LIMIT, REPORT_TEXT_LIMIT, clip};

/// Who is silent, with what can be noted about each.
pub(super) fn escalation(page: &mut Page<'_>, escalation: &Escalation) {
    let voice = page.voice;
    let directive = voice.directive(escalation.number, &escalation.title);
    page.say_with("escalation-head", &[("urgent", yes(escalation.urgent)), ("directive", directive.into())]);
    page.dotted("", [Some(voice.name(&escalation.unit)), escalation.due.map(|due| voice.due(due))]);
    page.line(voice.counter(escalation.counted, escalation.acked, escalation.must));
    let missing = escalation.must.saturating_sub(escalation.acked);
    if missing == 0 {
        page.say("escalation-done");
    } else {
        page.line(voice.missing(escalation.counted, missing));
        if escalation.level > 1 {
            page.say("escalation-second");
        }
        page.say("escalation-ask");
    }
    page.items(&escalation.missing, |page, _, row| missing_row(page, row));
    page.pages(escalation.page, escalation.pages);
}

fn missing_row(page: &mut Page<'_>, row: &MissingRow) {
    let voice = page.voice;
    let name = voice.name(&row.name);
    let who = match &row.phone {
        Some(phone) if !row.acked => format!("{name}  {}", voice.name(phone)),
        _ => name.clone(),
    };
    let note = match row {
        MissingRow { acked: true, .. } => Some("mark-acked"),
        MissingRow { unreached: true, .. } => Some("mark-unreached"),
        MissingRow { unreachable: true, .. } => Some("mark-unreachable"),
        _ => None,
    };
    let mark = if row.acked { "✅" } else { "•" };
    let words = note.map_or(who.clone(), |note| noted(voice, &who, note));
    page.line(format!("{mark} {words}"));
    if row.acked {
        return;
    }
    let phone = voice.say_with("button-phone", &[("name", name.into())]);
    let mut buttons = vec![voice.button_named(&phone, Verb::Phone, Some(row.subject))];
    if !row.unreached {
        buttons.push(voice.button("button-unreach", Verb::Unreach, Some(row.subject)));
    }
    page.row(buttons);
}

fn noted(voice: &Voice<'_>, what: &str, note: &str) -> String {
    voice.say_with("row-note", &[("what", what.into()), ("note", voice.say(note).into())])
}

/// To who is responsible for a unit: relay it, carry it out.
pub(super) fn duty(page: &mut Page<'_>, duty: &Duty) {
    let voice = page.voice;
    page.line(voice.directive(duty.number, &duty.title));
    page.line(voice.name(&duty.unit));
    relay(page, &duty.relay);
    let Some(done) = &duty.done else { return };
    match done {
        DutyState::Open => page.say("duty-open"),
        DutyState::Reported { at } => page.say_with("duty-reported", &[("at", voice.at(*at).into())]),
        DutyState::Accepted { by } => page.say_with("duty-accepted", &[("by", voice.name(by).into())]),
        DutyState::Returned { by, why } => returned(page, "duty-returned", by, why),
    }
    if matches!(done, DutyState::Open | DutyState::Returned { .. }) {
        page.row(vec![voice.button("button-done", Verb::Done, None)]);
    }
}

fn relay(page: &mut Page<'_>, relay: &RelayState) {
    let voice = page.voice;
    match relay {
        RelayState::Nothing => {}
        RelayState::At(at) => page.say_with("duty-relay-at", &[("at", voice.at(*at).into())]),
        RelayState::Waiting => page.say("duty-relay-waiting"),
        RelayState::Relayed(at) => page.say_with("duty-relayed", &[("at", voice.at(*at).into())]),
    }
    if matches!(relay, RelayState::At(_) | RelayState::Waiting) {
        let relay = voice.button("button-relay", Verb::Relay, None);
        page.row(vec![relay, voice.button("button-note", Verb::Note, None)]);
    }
}

fn returned(page: &mut Page<'_>, id: &str, by: &str, why: &str) {
    let why = clip(why.trim(), REASON_TEXT_LIMIT);
    page.say_with(id, &[("by", page.voice.name(by).into()), ("why", why.into())]);
}

/// To who reviews what a unit carried out.
pub(super) fn review(page: &mut Page<'_>, review: &Review) {
    let voice = page.voice;
    let directive = voice.directive(review.number, &review.title);
    page.say_with("review-head", &[("directive", directive.into())]);
    let (unit, by) = (voice.name(&review.unit), voice.name(&review.by));
    page.say_with("review-by", &[("unit", unit.into()), ("by", by.into())]);
    if !review.text.trim().is_empty() {
        page.line(clip(&review.text, REPORT_TEXT_LIMIT));
    }
    if review.media {
        page.say("review-media");
    }
    page.gap();
    match &review.state {
        // Nothing is reported, so nothing is to be reviewed.
        DutyState::Open => {}
        DutyState::Reported { at } => page.say_with("review-reported", &[("at", voice.at(*at).into())]),
        DutyState::Accepted { by } => page.say_with("review-accepted", &[("by", voice.name(by).into())]),
        DutyState::Returned { by, why } => returned(page, "review-returned", by, why),
    }
    if matches!(review.state, DutyState::Reported { .. }) {
        let accept = voice.button("button-accept", Verb::Accept, None);
        page.row(vec![accept, voice.button("button-return", Verb::Return, None)]);
    }
}

/// To the sender: what was sent and what could not be reached.
pub(super) fn sent(page: &mut Page<'_>, report: &SentReport) {
    let voice = page.voice;
    let directive = voice.directive(report.number, &report.title);
    let id = if report.urgent { "sent-head-urgent" } else { "sent-head" };
    page.say_with(id, &[("directive", directive.into())]);
    page.say_with("sent-reach", &[("chats", report.chats.into()), ("people", report.people.into())]);
    for trouble in &report.troubles {
        page.line(said_trouble(voice, trouble));
    }
    page.row(vec![voice.button("button-open", Verb::Open, Some(report.directive))]);
    let edit = voice.button("button-edit", Verb::Edit, None);
    page.row(vec![edit, voice.button("button-withdraw", Verb::Withdraw, None)]);
}

fn said_trouble(voice: &Voice<'_>, trouble: &Trouble) -> String {
    match trouble {
        Trouble::NoChat { units, total } => {
            format!("{}{}", voice.label("sent-no-chat"), voice.units(units, *total))
        }
        Trouble::Removed { units, total } => {
            format!("{}{}", voice.label("sent-removed"), voice.units(units, *total))
        }
        Trouble::Unreachable { people } => {
            voice.say_with("sent-unreachable", &[("people", (*people).into())])
        }
    }
}
