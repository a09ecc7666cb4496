//! Composing, correcting and withdrawing a directive.

use fluent_bundle::FluentValue;

use super::Button;
use super::page::Page;
use super::voice::{Voice, position, yes};
use crate::domain::message::{Addressed, Compose, Number, Preview, SecondAsked, TierName, UnitChoice, Verb};
use crate::domain::roster::tidy;
use crate::domain::split::{CARD_TEXT_LIMIT, PART_TEXT_LIMIT, REFERENCE_LIMIT, clip, split, utf16_len};

/// How much of a text that goes out in parts its preview shows, in UTF-16 units.
const PREVIEW_LIMIT: usize = 800;

/// The number a message is about, when it has one.
pub(super) fn number(compose: &Compose) -> Option<Number> {
    match compose {
        Compose::Sent { number }
        | Compose::AskNote { number, .. }
        | Compose::AskDone { number, .. }
        | Compose::AskReturnReason { number, .. }
        | Compose::AskNewText { number }
        | Compose::PreviewEdit { number, .. }
        | Compose::ConfirmWithdraw { number, .. }
        | Compose::Edited { number, .. }
        | Compose::Withdrawn { number } => Some(*number),
        _ => None,
    }
}

/// Any message of composing.
pub(super) fn draw(page: &mut Page<'_>, compose: &Compose) {
    match compose {
        Compose::AskText => page.say("ask-text"),
        Compose::Preview(shown) => preview(page, shown),
        Compose::ChooseUnits { rows, page: at, pages, .. } => choose_units(page, rows, *at, *pages),
        Compose::ChooseDue { hours, .. } => choose_due(page, hours),
        Compose::AskAttachment => page.say("ask-attachment"),
        Compose::AskReference => page.say("ask-reference"),
        Compose::ConfirmWhole { chats, people, urgent, .. } => confirm_whole(page, *chats, *people, *urgent),
        Compose::AwaitSecond { names, .. } => await_second(page, names),
        Compose::AskSecond(asked) => ask_second(page, asked),
        Compose::SecondDeclined { name } => {
            let name = page.voice.name(name);
            page.say_with("second-declined", &[("name", name.into())]);
        }
        Compose::Sent { number } => about(page, "compose-sent", *number),
        Compose::Cancelled => page.say("compose-cancelled"),
        Compose::AskNote { number, unit } => about_unit(page, "ask-note", *number, unit),
        Compose::AskDone { number, unit } => about_unit(page, "ask-done", *number, unit),
        Compose::AskReturnReason { number, unit } => about_unit(page, "ask-return-reason", *number, unit),
        Compose::AskNewText { number } => about(page, "ask-new-text", *number),
        Compose::PreviewEdit { number, text, .. } => preview_edit(page, *number, text),
        Compose::ConfirmWithdraw { number, title, .. } => confirm_withdraw(page, *number, title),
        Compose::Edited { number, chats } => {
            let number = page.voice.number(*number);
            page.say_with("compose-edited", &[("number", number.into()), ("chats", (*chats).into())]);
        }
        Compose::Withdrawn { number } => about(page, "compose-withdrawn", *number),
        Compose::PreviewInPrivate => page.say("preview-in-private"),
    }
}

fn about(page: &mut Page<'_>, id: &str, number: Number) {
    page.say_with(id, &[("number", page.voice.number(number).into())]);
}

fn about_unit(page: &mut Page<'_>, id: &str, number: Number, unit: &str) {
    let (number, unit) = (page.voice.number(number), page.voice.name(unit));
    page.say_with(id, &[("number", number.into()), ("unit", unit.into())]);
}

/// What will be sent, to whom, and which choices are on.
fn preview(page: &mut Page<'_>, shown: &Preview) {
    page.say_with("preview-head", &[("urgent", yes(shown.urgent))]);
    page.gap();
    text(page, &shown.text, shown.attachments == 0);
    page.gap();
    summary(page, shown);
    preview_buttons(page, shown);
}

/// The text as it is, or the begin of one that goes out in parts.
fn text(page: &mut Page<'_>, text: &str, alone: bool) {
    if text.trim().is_empty() {
        if alone {
            page.say("preview-empty");
        }
    } else if utf16_len(text) <= CARD_TEXT_LIMIT {
        page.line(text);
    } else {
        page.line(clip(text, PREVIEW_LIMIT));
        let length = text.chars().count();
        let parts = split(text, PART_TEXT_LIMIT).len();
        page.say_with("preview-long", &[("length", length.into()), ("parts", parts.into())]);
    }
}

fn summary(page: &mut Page<'_>, shown: &Preview) {
    let voice = page.voice;
    page.say_with("preview-from", &[("from", voice.name(&shown.from).into())]);
    if !shown.reference.trim().is_empty() {
        let reference = clip(&tidy(&shown.reference), REFERENCE_LIMIT);
        page.say_with("preview-reference", &[("reference", reference.into())]);
    }
    if shown.attachments > 0 {
        page.say_with("preview-attachments", &[("attachments", shown.attachments.into())]);
    }
    let depth = shown.depth.and_then(|depth| shown.depths.get(depth));
    match depth {
        Some(depth) => {
            let depth = depth_words(voice, "depth", depth, &shown.depths);
            page.say_with("preview-depth", &[("depth", depth.into())]);
        }
        None => page.say("preview-depth-missing"),
    }
    units(page, shown);
    match shown.due_hours {
        Some(hours) => page.say_with("preview-due", &[("hours", hours.into())]),
        None => page.say("preview-due-usual"),
    }
    page.say(if shown.answer { "preview-answer" } else { "preview-info" });
    if depth.is_some() {
        page.say_with("preview-reach", &[("chats", shown.chats.into()), ("people", shown.people.into())]);
    }
}

fn units(page: &mut Page<'_>, shown: &Preview) {
    if shown.units == 0 {
        return;
    }
    let values = [
        ("addressed", FluentValue::from(shown.addressed)),
        ("units", shown.units.into()),
        ("copies", shown.copies.into()),
    ];
    if shown.copies > 0 {
        page.say_with("preview-units-copies", &values);
    } else {
        page.say_with("preview-units", &values[..2]);
    }
}

/// How deep a directive goes, by who answers at the tier where it ends: in the school's chat the colleges.
fn depth_words(voice: &Voice<'_>, id: &str, depth: &TierName, all: &[TierName]) -> String {
    let next = depth.position.saturating_add(1);
    let below = all.iter().find(|tier| tier.position == next).cloned();
    let below = voice.tier(&below.unwrap_or(TierName { position: next, zh: None, en: None }));
    voice.say_with(id, &[("position", position(depth).into()), ("below", below.into())])
}

fn preview_buttons(page: &mut Page<'_>, shown: &Preview) {
    let voice = page.voice;
    let depths = shown.depths.iter().enumerate().map(|(index, depth)| {
        let mark = if shown.depth == Some(index) { "● " } else { "" };
        let label = format!("{mark}{}", depth_words(voice, "depth-button", depth, &shown.depths));
        voice.button_named(&label, Verb::To, i64::try_from(index).ok())
    });
    page.grid(depths.collect(), 2);
    let mut choices = vec![
        ticked(voice, "button-urgent", Verb::Urgent, shown.urgent),
        ticked(voice, "button-info", Verb::Info, !shown.answer),
    ];
    if shown.units > 0 {
        let some = shown.addressed < shown.units || shown.copies > 0;
        choices.push(ticked(voice, "button-units", Verb::Units, some));
    }
    page.row(choices);
    page.row(vec![
        ticked(voice, "button-due", Verb::Due, shown.due_hours.is_some()),
        ticked(voice, "button-attach", Verb::Attach, shown.attachments > 0),
        ticked(voice, "button-reference", Verb::Reference, !shown.reference.trim().is_empty()),
    ]);
    send_or_cancel(page, "button-send", None);
}

fn ticked(voice: &Voice<'_>, id: &str, verb: Verb, on: bool) -> Button {
    let mark = if on { "✓ " } else { "" };
    voice.button_named(&format!("{mark}{}", voice.say(id)), verb, None)
}

fn send_or_cancel(page: &mut Page<'_>, send: &str, arg: Option<i64>) {
    let send = page.voice.button(send, Verb::Send, arg);
    page.row(vec![send, page.voice.button("button-cancel", Verb::Cancel, None)]);
}

fn back(page: &mut Page<'_>) {
    page.row(vec![page.voice.button("button-back", Verb::Back, None)]);
}

fn choose_units(page: &mut Page<'_>, rows: &[UnitChoice], at: usize, pages: usize) {
    let voice = page.voice;
    page.say("units-head");
    let buttons = rows.iter().map(|row| {
        let name = voice.name(&row.name);
        let label = match row.state {
            Addressed::Yes => format!("✓ {name}"),
            Addressed::Copy => voice.say_with("unit-copy", &[("name", name.into())]),
            Addressed::No => format!("— {name}"),
        };
        voice.button_named(&label, Verb::Units, Some(row.unit))
    });
    page.grid(buttons.collect(), 2);
    page.pages(at, pages);
    back(page);
}

fn choose_due(page: &mut Page<'_>, hours: &[u32]) {
    let voice = page.voice;
    page.say("due-head");
    page.row(vec![voice.button("due-usual", Verb::Due, Some(0))]);
    let buttons = hours.iter().filter(|hours| **hours > 0).map(|hours| {
        let label = voice.say_with("due-hours", &[("hours", (*hours).into())]);
        voice.button_named(&label, Verb::Due, Some(i64::from(*hours)))
    });
    page.grid(buttons.collect(), 3);
    back(page);
}

fn confirm_whole(page: &mut Page<'_>, chats: u32, people: u32, urgent: bool) {
    let id = if urgent { "confirm-whole-urgent" } else { "confirm-whole" };
    page.say_with(id, &[("chats", chats.into()), ("people", people.into())]);
    send_or_cancel(page, "button-send-confirm", Some(1));
}

fn await_second(page: &mut Page<'_>, names: &[String]) {
    if names.is_empty() {
        page.say("second-nobody");
        return back(page);
    }
    let names = page.voice.people(names);
    page.say_with("second-awaited", &[("names", names.into())]);
    page.row(vec![page.voice.button("button-cancel", Verb::Cancel, None)]);
}

fn ask_second(page: &mut Page<'_>, asked: &SecondAsked) {
    let by = page.voice.name(&asked.by);
    page.say_with("second-ask", &[("by", by.into())]);
    page.gap();
    text(page, &asked.text, asked.attachments == 0);
    page.gap();
    if asked.attachments > 0 {
        page.say_with("preview-attachments", &[("attachments", asked.attachments.into())]);
    }
    page.say_with("preview-reach", &[("chats", asked.chats.into()), ("people", asked.people.into())]);
    let send = page.voice.button("button-send-confirm", Verb::Send, Some(1));
    page.row(vec![send, page.voice.button("button-second-decline", Verb::Cancel, None)]);
}

fn preview_edit(page: &mut Page<'_>, number: Number, new: &str) {
    about(page, "preview-edit-head", number);
    page.gap();
    text(page, new, true);
    send_or_cancel(page, "button-send", None);
}

fn confirm_withdraw(page: &mut Page<'_>, number: Number, title: &str) {
    let directive = page.voice.directive(number, title);
    page.say_with("confirm-withdraw", &[("directive", directive.into())]);
    let withdraw = page.voice.button("button-withdraw-confirm", Verb::Withdraw, Some(1));
    page.row(vec![withdraw, page.voice.button("button-cancel", Verb::Cancel, None)]);
}
