//! A directive where it is read and acknowledged, and the reminders of it.

use super::day;
use super::page::Page;
use super::voice::{Voice, yes};
use crate::domain::message::{Card, CheckinDue, Message, Number, OwnReceipt, ReminderItem, Verb};
use crate::domain::roster::tidy;
use crate::domain::split::{MESSAGE_LIMIT, NOTE_TEXT_LIMIT, REFERENCE_LIMIT, TITLE_LIMIT, clip, utf16_len};

/// What a card says besides its text and notes, at most, in UTF-16 units.
const AROUND_TEXT: usize = 780;

/// The card with its live count and `ack`.
pub(super) fn draw(page: &mut Page<'_>, card: &Card) {
    if card.withdrawn {
        return withdrawn_card(page, card);
    }
    head(page, card);
    page.gap();
    if card.text.trim().is_empty() {
        page.line(clip(&tidy(&card.title), TITLE_LIMIT));
    } else {
        page.line(&card.text);
    }
    if card.parts > 0 {
        page.say_with("card-parts", &[("parts", card.parts.into())]);
    }
    if card.attachments > 0 {
        page.say_with("card-attachments", &[("attachments", card.attachments.into())]);
    }
    notes(page, card);
    page.gap();
    state(page, card);
    let acked = card.own.as_ref().is_some_and(|own| own.acked_at.is_some());
    if card.answer && !acked && !card.outdated {
        page.row(vec![page.voice.button("button-ack", Verb::Ack, None)]);
    }
}

fn head(page: &mut Page<'_>, card: &Card) {
    let voice = page.voice;
    let number = voice.number(card.number);
    let head = voice.say_with("card-head", &[("urgent", yes(card.urgent)), ("number", number.into())]);
    page.dotted("", [Some(head), Some(clip(&tidy(&card.reference), REFERENCE_LIMIT))]);
    if card.revision > 1 {
        let id = if card.answer { "card-revised" } else { "card-revised-info" };
        page.say_with(id, &[("revision", card.revision.into())]);
    }
    page.line(voice.name(&card.from));
}

/// Notes stand whole beside a text that fits a card; should there ever be more of them, they share the room.
fn notes(page: &mut Page<'_>, card: &Card) {
    let mut room = MESSAGE_LIMIT.saturating_sub(AROUND_TEXT + utf16_len(&card.text));
    for (index, (who, note)) in card.notes.iter().enumerate() {
        let who = page.voice.name(who);
        let note = clip(note.trim(), NOTE_TEXT_LIMIT.min(room / (card.notes.len() - index)));
        room = room.saturating_sub(utf16_len(&note));
        page.gap();
        page.say_with("card-note", &[("who", who.into()), ("note", note.into())]);
    }
}

/// What is asked and how far it is: the chat's count, or in private the reader's own receipt.
fn state(page: &mut Page<'_>, card: &Card) {
    let voice = page.voice;
    if card.outdated {
        return page.say("card-outdated");
    }
    if !card.answer {
        return page.say(if card.copy { "card-copy" } else { "card-info" });
    }
    match &card.own {
        Some(OwnReceipt { acked_at: Some(at), children }) => {
            let at = voice.at(*at);
            if children.is_empty() {
                page.say_with("card-own", &[("at", at.into())]);
            } else {
                let children = voice.children(children);
                page.say_with("card-own-children", &[("children", children.into()), ("at", at.into())]);
            }
        }
        own => {
            page.line(ask(voice, card, own.as_ref().map_or(&[], |own| own.children.as_slice())));
            if own.is_none() {
                page.line(voice.counter(card.counted, card.acked, card.must));
            }
        }
    }
}

fn ask(voice: &Voice<'_>, card: &Card, children: &[String]) -> String {
    let named = voice.children(children);
    match (card.due, children.is_empty()) {
        (Some(due), true) => voice.say_with("card-due", &[("due", voice.day(due).into())]),
        (None, true) => voice.say("card-due-open"),
        (Some(due), false) => {
            let values = [("due", voice.day(due).into()), ("children", named.into())];
            voice.say_with("card-due-children", &values)
        }
        (None, false) => voice.say_with("card-due-open-children", &[("children", named.into())]),
    }
}

/// Its text may have been wrong: only its title stays.
fn withdrawn_card(page: &mut Page<'_>, card: &Card) {
    let number = page.voice.number(card.number);
    page.say_with("card-withdrawn-head", &[("number", number.into())]);
    page.line(clip(&tidy(&card.title), TITLE_LIMIT));
    page.gap();
    page.say("card-withdrawn");
}

/// A piece of a text that is too long for one message.
pub(super) fn part(page: &mut Page<'_>, number: Number, part: usize, parts: usize, text: &str) {
    let number = page.voice.number(number);
    page.say_with("part-head", &[("number", number.into()), ("part", part.into()), ("parts", parts.into())]);
    page.line(text);
}

/// The directive was withdrawn.
pub(super) fn withdrawn(page: &mut Page<'_>, number: Number, title: &str) {
    let directive = page.voice.directive(number, title);
    page.say_with("withdrawn", &[("directive", directive.into())]);
}

/// A reminder in a group: names when there are few, otherwise how many.
pub(super) fn remind_group(page: &mut Page<'_>, message: &Message) {
    let Message::RemindGroup { number, title, due, counted, acked, must, missing, mentions, .. } = message
    else {
        return;
    };
    let voice = page.voice;
    page.say_with("remind-group-head", &[("directive", voice.directive(*number, title).into())]);
    page.line(match due {
        Some(due) if *due < voice.context.now => {
            voice.say_with("remind-group-overdue", &[("due", voice.at(*due).into())])
        }
        Some(due) => voice.say_with("remind-group-due", &[("due", voice.day(*due).into())]),
        None => voice.say("remind-group-open"),
    });
    page.line(voice.counter(*counted, *acked, *must));
    if mentions.is_empty() {
        page.line(voice.missing(*counted, *missing));
    } else {
        page.mentions("", "not-answered", mentions);
    }
    page.row(vec![voice.button("button-ack", Verb::Ack, None)]);
}

/// All that is due to one person.
pub(super) fn reminder(page: &mut Page<'_>, items: &[ReminderItem], checkin: Option<&CheckinDue>) {
    let voice = page.voice;
    if items.is_empty() {
        if let Some(due) = checkin.filter(|due| due.done) {
            page.line(day::due(voice, due));
        } else if let Some(due) = checkin {
            page.say_with("reminder-checkin", &[("what", day::due(voice, due).into())]);
            page.row(vec![voice.button("button-checkin-due", Verb::Fill, None)]);
        }
        return;
    }
    let children = children_of(items);
    let count = ("count", items.len().into());
    if children.is_empty() {
        page.say_with("reminder-head", &[count]);
    } else {
        let children = voice.children(&children);
        page.say_with("reminder-head-children", &[count, ("children", children.into())]);
    }
    due_items(page, items);
    if let Some(due) = checkin {
        page.gap();
        page.line(day::due(voice, due));
        if !due.done {
            page.row(vec![voice.button("button-checkin-due", Verb::Fill, None)]);
        }
    }
}

/// Which of several is meant?
pub(super) fn which(page: &mut Page<'_>, items: &[ReminderItem]) {
    page.say("which-head");
    due_items(page, items);
}

/// The children of all items, each once.
fn children_of(items: &[ReminderItem]) -> Vec<String> {
    let mut children: Vec<String> = Vec::new();
    for child in items.iter().flat_map(|item| &item.children) {
        if !children.contains(child) {
            children.push(child.clone());
        }
    }
    children
}

fn due_items(page: &mut Page<'_>, items: &[ReminderItem]) {
    let single = items.len() == 1;
    page.items(items, |page, index, item| {
        let voice = page.voice;
        let number = if single { String::new() } else { format!("{}. ", index + 1) };
        if item.acked {
            return page.line(format!("{number}✅ {}", item_line(voice, item)));
        }
        page.line(format!("{number}{}", item_line(voice, item)));
        page.dotted("    ", details(voice, item));
        let arg = i64::try_from(index).ok();
        let label = voice.say_with("button-ack-number", &[("number", voice.number(item.number).into())]);
        page.row(vec![if single {
            voice.button("button-ack", Verb::Ack, arg)
        } else {
            voice.button_named(&label, Verb::Ack, arg)
        }]);
    });
}

/// A directive that is due, in one line.
pub(super) fn item_line(voice: &Voice<'_>, item: &ReminderItem) -> String {
    let directive = voice.directive(item.number, &item.title);
    voice.say_with("reminder-item", &[("urgent", yes(item.urgent)), ("directive", directive.into())])
}

/// Where, until when and for whom it is due.
pub(super) fn details(voice: &Voice<'_>, item: &ReminderItem) -> [Option<String>; 3] {
    let children = (!item.children.is_empty())
        .then(|| voice.say_with("for-children", &[("children", voice.children(&item.children).into())]));
    [Some(voice.name(&item.unit)), item.due.map(|due| voice.due(due)), children]
}

/// Acknowledged by a word, a reply or a reaction.
pub(super) fn acknowledged(page: &mut Page<'_>, numbers: &[Number]) {
    let numbers: Vec<String> = numbers.iter().map(|number| page.voice.number(*number)).collect();
    let numbers = page.voice.units(&numbers, u32::try_from(numbers.len()).unwrap_or(u32::MAX));
    page.say_with("acknowledged", &[("numbers", numbers.into())]);
}
