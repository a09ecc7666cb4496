//! What is read: `/track`, `/pending`, `/status`, `/today`, `/remind`.

use fluent_bundle::FluentValue;

use super::card::{details, item_line};
use super::day;
use super::page::Page;
use super::voice::{Voice, counted_word, yes};
use super::{Button, tally};
use crate::domain::message::{
    DirectiveLine, Number, PendingRow, Reach, RelayState, Status, StatusDirective, TierLine, TodayItem,
    Track, TrackRow, Verb,
};

/// One directive, tier by tier, and a unit's rows below it.
pub(super) fn track(page: &mut Page<'_>, track: &Track) {
    let voice = page.voice;
    page.line(voice.directive(track.number, &track.title));
    let revision = (track.revision > 1)
        .then(|| voice.say_with("track-revision", &[("revision", track.revision.into())]));
    page.dotted(
        "",
        [
            track.unit.as_ref().map(|unit| voice.name(unit)),
            Some(voice.say_with("track-issued", &[("at", voice.at(track.issued_at).into())])),
            revision,
            track.withdrawn.then(|| voice.say("track-withdrawn")),
        ],
    );
    page.dotted("", track.tiers.iter().map(|tier| Some(tier_count(voice, tier))));
    for tier in &track.tiers {
        tier_details(page, tier);
    }
    if !track.rows.is_empty() {
        page.gap();
    }
    page.items(&track.rows, |page, _, row| track_row(page, row));
    let buttons = track.rows.iter().map(|row| row_button(voice, row)).collect();
    page.grid(buttons, 2);
    if !track.missing.is_empty() {
        let missing = voice.people(&track.missing);
        page.line(format!("{}{missing}", voice.label("not-answered")));
    }
    page.pages(track.page, track.pages);
    remind_button(page, track.remind.is_some());
    if track.leg != 0 {
        page.row(vec![voice.button("button-back", Verb::Open, Some(track.directive))]);
    }
    if track.own && !track.withdrawn {
        let edit = voice.button("button-edit", Verb::Edit, None);
        page.row(vec![edit, voice.button("button-withdraw", Verb::Withdraw, None)]);
    }
}

fn counted_name(voice: &Voice<'_>, tier: &TierLine) -> String {
    voice.say_with("counted", &[("counted", counted_word(tier.counted).into())])
}

fn tier_count(voice: &Voice<'_>, tier: &TierLine) -> String {
    let values = [
        ("counted", FluentValue::from(counted_word(tier.counted))),
        ("acked", tier.acked.into()),
        ("must", tier.must.into()),
    ];
    voice.say_with("track-tier", &values)
}

/// What is not as it should be in a tier; nothing when all of it arrived and was in time.
fn tier_details(page: &mut Page<'_>, tier: &TierLine) {
    let voice = page.voice;
    let late = (tier.late > 0).then(|| voice.say_with("track-late", &[("late", tier.late.into())]));
    let arrived = (tier.arrived < tier.legs).then(|| {
        voice.say_with("track-arrived", &[("arrived", tier.arrived.into()), ("legs", tier.legs.into())])
    });
    if late.is_some() || arrived.is_some() {
        let label = voice.say_with("list-label", &[("label", counted_name(voice, tier).into())]);
        page.dotted(&label, [arrived, late]);
    }
}

fn track_row(page: &mut Page<'_>, row: &TrackRow) {
    let voice = page.voice;
    let complete = row.must > 0 && row.acked >= row.must;
    let mark = match (complete, row.overdue) {
        (true, _) => "✅",
        (false, true) => "❗",
        (false, false) => "•",
    };
    let counts = format!("{} {}", voice.name(&row.unit), fraction(row.acked, row.must));
    page.dotted(
        &format!("{mark} "),
        [
            Some(counts),
            (row.overdue && !complete).then(|| voice.say("row-overdue")),
            (row.late > 0).then(|| voice.say_with("row-late", &[("late", row.late.into())])),
            relayed(voice, row),
            row.done.then(|| voice.say("row-done")),
        ],
    );
}

fn relayed(voice: &Voice<'_>, row: &TrackRow) -> Option<String> {
    match (&row.relay, &row.relayed_by) {
        (RelayState::Nothing, _) => None,
        (RelayState::Waiting, _) => Some(voice.say("row-waiting")),
        (RelayState::At(at), _) => Some(voice.say_with("row-relay-at", &[("at", voice.at(*at).into())])),
        (RelayState::Relayed(at), Some(by)) => {
            let values = [("at", FluentValue::from(voice.at(*at))), ("by", voice.name(by).into())];
            Some(voice.say_with("row-relayed-by", &values))
        }
        (RelayState::Relayed(at), None) => {
            Some(voice.say_with("row-relayed", &[("at", voice.at(*at).into())]))
        }
    }
}

fn fraction(acked: u32, must: u32) -> String {
    format!("{acked}/{must}")
}

fn row_button(voice: &Voice<'_>, row: &TrackRow) -> Button {
    let label = format!("{} {}", voice.name(&row.unit), fraction(row.acked, row.must));
    voice.button_named(&label, Verb::Open, Some(row.leg))
}

/// Several directives to choose from.
pub(super) fn track_list(page: &mut Page<'_>, lines: &[DirectiveLine], at: usize, pages: usize) {
    if lines.is_empty() {
        return page.say("track-list-none");
    }
    page.say("track-list-head");
    page.items(lines, |page, _, line| {
        let voice = page.voice;
        let directive = voice.directive(line.number, &line.title);
        let values = [("urgent", yes(line.urgent)), ("directive", directive.into())];
        let state =
            if line.withdrawn { voice.say("track-withdrawn") } else { fraction(line.acked, line.must) };
        page.dotted("", [Some(voice.say_with("reminder-item", &values)), Some(state)]);
        page.row(vec![open(voice, line.number, line.directive)]);
    });
    page.pages(at, pages);
}

fn open(voice: &Voice<'_>, number: Number, arg: i64) -> Button {
    voice.button_named(&voice.number(number), Verb::Open, Some(arg))
}

/// What is not yet acknowledged below.
pub(super) fn pending(page: &mut Page<'_>, unit: &str, rows: &[PendingRow], (at, pages): (usize, usize)) {
    let voice = page.voice;
    let id = if rows.is_empty() { "pending-none" } else { "pending-head" };
    page.say_with(id, &[("unit", voice.name(unit).into())]);
    page.items(rows, |page, index, row| {
        let voice = page.voice;
        page.line(format!("{}. {}", index + 1, voice.directive(row.number, &row.title)));
        let missing = voice.say_with("pending-missing", &[("missing", row.missing.into())]);
        let due = row.due.map(|due| voice.due(due));
        page.dotted("    ", [Some(voice.name(&row.unit)), due, Some(missing)]);
        if !row.names.is_empty() {
            page.line(format!("    {}", voice.people(&row.names)));
        }
        let label = format!("{}. {}", index + 1, voice.name(&row.unit));
        page.row(vec![voice.button_named(&label, Verb::Open, Some(row.leg))]);
    });
    page.pages(at, pages);
}

/// How a unit stands.
pub(super) fn status(page: &mut Page<'_>, status: &Status) {
    let voice = page.voice;
    let now = voice.at(voice.context.now);
    page.say_with("status-head", &[("unit", voice.name(&status.unit).into()), ("at", now.into())]);
    if let Some(day) = &status.day {
        tally::status_day(page, day);
        page.gap();
    }
    reach(page, status.reach);
    page.gap();
    if status.directives.is_empty() {
        page.say("status-none");
    }
    page.items(&status.directives, |page, _, directive| status_directive(page, directive));
    if status.more > 0 {
        page.say_with("status-more", &[("more", status.more.into())]);
    }
    remind_button(page, status.remind);
}

/// The button that reminds the missing, for who may.
pub(super) fn remind_button(page: &mut Page<'_>, may: bool) {
    if may {
        page.row(vec![page.voice.button("button-remind", Verb::Remind, None)]);
    }
}

fn reach(page: &mut Page<'_>, reach: Reach) {
    let voice = page.voice;
    let values = [
        ("reachable", FluentValue::from(reach.reachable())),
        ("expected", reach.expected.into()),
        ("bound", reach.bound.into()),
    ];
    let counted = |id, count: u32| (count > 0).then(|| voice.say_with(id, &[("count", count.into())]));
    let not = [
        counted("reach-unbound", reach.expected.saturating_sub(reach.bound)),
        counted("reach-never-started", reach.never_started),
        counted("reach-blocked", reach.blocked),
    ];
    let all = voice.say_with("status-reach", &values);
    let not: Vec<String> = not.into_iter().flatten().collect();
    if not.is_empty() {
        return page.line(all);
    }
    let note = not.join(&voice.say("join"));
    page.say_with("row-note", &[("what", all.into()), ("note", note.into())]);
}

fn status_directive(page: &mut Page<'_>, directive: &StatusDirective) {
    let voice = page.voice;
    page.line(voice.directive(directive.number, &directive.title));
    let counter = voice.counter(directive.counted, directive.acked, directive.must);
    page.dotted("    ", [Some(counter), directive.due.map(|due| voice.due(due))]);
    let missing = directive.must.saturating_sub(directive.acked);
    if !directive.missing.is_empty() {
        page.mentions("    ", "not-answered", &directive.missing);
    } else if missing > 0 {
        page.line(format!("    {}", voice.missing(directive.counted, missing)));
    }
}

/// Everything that waits for a person, with its buttons.
pub(super) fn today(page: &mut Page<'_>, items: &[TodayItem]) {
    if items.is_empty() {
        return page.say("today-none");
    }
    page.say_with("today-head", &[("count", items.len().into())]);
    page.items(items, |page, index, item| {
        let number = if items.len() == 1 { String::new() } else { format!("{}. ", index + 1) };
        if let TodayItem::Ack(item) = item
            && item.acked
        {
            return page.line(format!("{number}✅ {}", item_line(page.voice, item)));
        }
        today_item(page, &number, item);
        let buttons = today_buttons(page.voice, &number, i64::try_from(index).ok(), item);
        page.row(buttons);
    });
}

fn today_item(page: &mut Page<'_>, number: &str, item: &TodayItem) {
    let voice = page.voice;
    let about = |id, directive: Number, title: &str| {
        voice.say_with(id, &[("what", voice.directive(directive, title).into())])
    };
    let (words, parts) = match item {
        TodayItem::Ack(item) => {
            let words = voice.say_with("today-ack", &[("what", item_line(voice, item).into())]);
            (words, details(voice, item).to_vec())
        }
        TodayItem::Relay { number, title, unit, relay, .. } => {
            let at = match relay {
                RelayState::At(at) => Some(voice.say_with("row-relay-at", &[("at", voice.at(*at).into())])),
                _ => None,
            };
            (about("today-relay", *number, title), vec![Some(voice.name(unit)), at])
        }
        TodayItem::Done { number, title, unit, .. } => {
            (about("today-done", *number, title), vec![Some(voice.name(unit))])
        }
        TodayItem::Review { number, title, unit, .. } => {
            (about("today-review", *number, title), vec![Some(voice.name(unit))])
        }
        TodayItem::Checkin(due) => (day::due(voice, due), Vec::new()),
        TodayItem::Silent { unit, missing } => {
            let values = [("unit", voice.name(unit).into()), ("missing", (*missing).into())];
            (voice.say_with("today-silent", &values), Vec::new())
        }
        TodayItem::Admission { person, shown_name, .. } => {
            let (shown, person) = (voice.name(shown_name), voice.name(person));
            let values = [("shown", FluentValue::from(shown)), ("person", person.into())];
            (voice.say_with("today-admission", &values), Vec::new())
        }
        TodayItem::Alert { name, unit, taken, .. } => {
            let taken = if *taken { "yes" } else { "no" };
            let values = [("name", FluentValue::from(voice.name(name))), ("taken", taken.into())];
            (voice.say_with("today-alert", &values), vec![Some(voice.name(unit))])
        }
        TodayItem::Figures { date, units, sign } => {
            let id = if *sign { "today-sign" } else { "today-confirm" };
            let words = voice.say_with(id, &[("date", tally::date(voice, *date).into())]);
            (words, units.iter().map(|unit| Some(voice.name(unit))).collect())
        }
        TodayItem::Watch { unit, people } => {
            let words = voice.say_with("today-watch", &[("names", voice.watched(people).into())]);
            (words, vec![Some(voice.name(unit))])
        }
    };
    page.line(format!("{number}{words}"));
    page.dotted("    ", parts);
}

fn today_buttons(voice: &Voice<'_>, number: &str, arg: Option<i64>, item: &TodayItem) -> Vec<Button> {
    let choices: &[(&str, Verb)] = match item {
        TodayItem::Ack(_) => &[("button-ack", Verb::Ack)],
        TodayItem::Relay { .. } => &[("button-relay", Verb::Relay), ("button-note", Verb::Note)],
        TodayItem::Done { .. } => &[("button-done", Verb::Done)],
        TodayItem::Review { .. } => &[("button-accept", Verb::Accept), ("button-return", Verb::Return)],
        TodayItem::Checkin(_) => &[("button-checkin-due", Verb::Fill)],
        TodayItem::Silent { .. } => &[("button-list", Verb::Open)],
        TodayItem::Admission { .. } => &[("button-admit", Verb::Admit), ("button-deny", Verb::Deny)],
        TodayItem::Alert { .. } => &[("button-alert", Verb::Open)],
        TodayItem::Figures { sign: true, .. } => &[("button-open-sign", Verb::Open)],
        TodayItem::Figures { .. } => &[("button-open-confirm", Verb::Open)],
        TodayItem::Watch { .. } => &[],
    };
    let label = |id: &str| format!("{number}{}", voice.say(id));
    choices.iter().map(|(id, verb)| voice.button_named(&label(id), *verb, arg)).collect()
}

/// `/remind` was done.
pub(super) fn reminded(page: &mut Page<'_>, people: u32, groups: u32) {
    page.say_with("reminded", &[("people", people.into()), ("groups", groups.into())]);
}
