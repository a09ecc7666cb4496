//! The day of a check-in: the question in groups, who is missing, what is noted about them.

use chrono::{Datelike, NaiveDate};
use fluent_bundle::FluentValue;

use super::page::Page;
use super::voice::{Voice, yes};
use super::{Action, Button};
use crate::domain::message::{
    CheckinDue, DayMessage, Excuse, ExcuseAsked, GroupPrompt, MissingList, MissingUnit, NobodyBelow,
    SilentRow, Unreached, Verb,
};

/// Any message of the day.
pub(super) fn draw(page: &mut Page<'_>, message: &DayMessage) {
    match message {
        DayMessage::Group(prompt) => group(page, prompt),
        DayMessage::Missing(list) => missing(page, list),
        DayMessage::Unreached(told) => unreached(page, told),
        DayMessage::Excuse(asked) => excuse(page, asked),
    }
}

fn group(page: &mut Page<'_>, prompt: &GroupPrompt) {
    let voice = page.voice;
    page.say_with(
        "day-head",
        &[("title", voice.name(&prompt.title).into()), ("date", date(voice, prompt.date).into())],
    );
    let deadline = voice.at(prompt.deadline);
    page.say_with("day-group-ask", &[("guardians", yes(prompt.guardians)), ("deadline", deadline.into())]);
    if let Some(at) = prompt.as_of {
        let id = if prompt.reported >= prompt.expected { "day-group-all" } else { "day-group-count" };
        page.say_with(
            id,
            &[
                ("at", voice.at(at).into()),
                ("reported", prompt.reported.to_string().into()),
                ("expected", prompt.expected.to_string().into()),
            ],
        );
    }
    let bot = voice.context.bot_username.trim_start_matches('@');
    let action = Action::Url(format!("https://t.me/{bot}?start=checkin"));
    page.row(vec![Button { label: voice.say("button-checkin"), action }]);
}

/// `11月23日（周一）`, `Mon 23 Nov`.
pub(super) fn date(voice: &Voice<'_>, date: NaiveDate) -> String {
    let values = [
        ("month", date.month().into()),
        ("day", date.day().to_string().into()),
        ("weekday", date.weekday().num_days_from_monday().into()),
    ];
    voice.say_with("day-date", &values)
}

fn missing(page: &mut Page<'_>, list: &MissingList) {
    let voice = page.voice;
    let (date, deadline) = (date(voice, list.date), voice.at(list.deadline));
    page.say_with("missing-head", &[("date", date.into()), ("deadline", deadline.into())]);
    if list.missing + list.unreachable == 0 {
        page.say("missing-none");
        return back(page, list);
    }
    match list.because {
        Some(NobodyBelow::Vacant) => page.say("missing-vacant"),
        Some(NobodyBelow::Unreachable) => page.say("missing-unreachable"),
        None => {}
    }
    if list.tier == 0 && list.inside.is_none() {
        let values = [("missing", list.missing.into()), ("unreachable", list.unreachable.into())];
        page.say_with("missing-total", &values);
    }
    page.items(&list.rows, |page, _, row| missing_unit(page, row));
    if list.more > 0 {
        page.say_with("missing-more", &[("more", list.more.into())]);
    }
    if !list.people.is_empty() {
        page.gap();
        page.say("missing-ask");
        page.items(&list.people, |page, _, row| silent(page, row));
        page.pages(list.page, list.pages);
    }
    if list.free {
        page.row(vec![voice.button("button-take", Verb::Take, None)]);
    }
    back(page, list);
}

fn back(page: &mut Page<'_>, list: &MissingList) {
    if list.inside.is_some() {
        page.row(vec![page.voice.button("button-back", Verb::Open, None)]);
    }
}

fn missing_unit(page: &mut Page<'_>, row: &MissingUnit) {
    let voice = page.voice;
    let name = voice.name(&row.name);
    page.say_with(
        "missing-unit",
        &[
            ("unit", name.clone().into()),
            ("expected", row.expected.into()),
            ("reported", row.reported.into()),
            ("missing", row.missing.into()),
            ("unreachable", row.unreachable.into()),
        ],
    );
    if let Some((by, until)) = &row.held {
        let values = [("by", voice.name(by).into()), ("until", voice.at(*until).into())];
        page.add(&voice.say_with("missing-held", &values));
    }
    if row.opens {
        page.row(vec![voice.button_named(&name, Verb::Open, Some(row.unit))]);
    }
}

fn silent(page: &mut Page<'_>, row: &SilentRow) {
    let voice = page.voice;
    let name = voice.name(&row.name);
    let who = row.phone.as_ref().map_or(name.clone(), |phone| format!("{name}  {}", voice.name(phone)));
    let note = match row {
        SilentRow { unreached: true, .. } => Some("mark-unreached"),
        SilentRow { unreachable: true, .. } => Some("mark-unreachable"),
        _ => None,
    };
    let words = note.map_or(who.clone(), |note| {
        voice.say_with("row-note", &[("what", who.into()), ("note", voice.say(note).into())])
    });
    page.line(format!("• {words}"));
    let phone = voice.say_with("button-phone-report", &[("name", name.into())]);
    let mut buttons = vec![voice.button_named(&phone, Verb::Phone, Some(row.person))];
    if !row.unreached {
        buttons.push(voice.button("button-unreach", Verb::Unreach, Some(row.person)));
    }
    buttons.push(voice.button("button-excuse", Verb::Excuse, Some(row.person)));
    page.row(buttons);
}

fn unreached(page: &mut Page<'_>, told: &Unreached) {
    let voice = page.voice;
    let name = voice.name(&told.name);
    page.say_with(
        "unreached-head",
        &[("name", name.clone().into()), ("unit", voice.name(&told.unit).into())],
    );
    let values = [("by", voice.name(&told.by).into()), ("at", voice.at(told.at).into())];
    page.say_with("unreached-by", &values);
    if let Some(phone) = &told.phone {
        page.say_with("unreached-phone", &[("phone", voice.name(phone).into())]);
    }
    for (guardian, phone) in &told.guardians {
        let phone = phone.as_ref().map_or_else(|| voice.say("no-phone"), |phone| voice.name(phone));
        let values = [("name", voice.name(guardian).into()), ("phone", phone.into())];
        page.say_with("unreached-guardian", &values);
    }
    if told.settled {
        return page.say("unreached-settled");
    }
    let phone = voice.say_with("button-phone-report", &[("name", name.into())]);
    let phone = voice.button_named(&phone, Verb::Phone, None);
    page.row(vec![phone, voice.button("button-excuse", Verb::Excuse, None)]);
}

fn excuse(page: &mut Page<'_>, asked: &ExcuseAsked) {
    let voice = page.voice;
    let name = FluentValue::from(voice.name(&asked.name));
    if asked.settled {
        return page.say_with("excuse-settled", &[("name", name)]);
    }
    if let Some(given) = &asked.given {
        let known = Excuse::ALL.iter().find(|known| known.word() == given);
        let why = known.map_or_else(|| given.clone(), |known| excuse_word(voice, *known));
        return page.say_with("excuse-done", &[("name", name), ("why", why.into())]);
    }
    page.say_with("excuse-ask", &[("name", name)]);
    let button = |(at, known): (usize, &Excuse)| {
        voice.button_named(&excuse_word(voice, *known), Verb::Excuse, i64::try_from(at).ok())
    };
    page.row(Excuse::ALL.iter().enumerate().map(button).collect());
}

fn excuse_word(voice: &Voice<'_>, excuse: Excuse) -> String {
    voice.say_with("excuse-reason", &[("reason", excuse.word().into())])
}

/// A check-in that is due, or was, in one sentence.
pub(super) fn due(voice: &Voice<'_>, due: &CheckinDue) -> String {
    if due.done {
        return voice.say("checkin-due-done");
    }
    let late = due.deadline < voice.context.now;
    let values = [
        ("others", voice.children(&due.others).into()),
        ("late", yes(late)),
        ("deadline", voice.at(due.deadline).into()),
    ];
    let id = match (due.own, due.others.is_empty()) {
        (true, true) => "checkin-due-own",
        (true, false) => "checkin-due-both",
        (false, _) => "checkin-due-others",
    };
    voice.say_with(id, &values)
}
