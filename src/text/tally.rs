//! Figures as people read, confirm and sign them: `/status`, `/confirm`, `/signoff`.

use chrono::{Datelike, NaiveDate};
use fluent_bundle::FluentValue;

use super::page::Page;
use super::voice::{Voice, yes};
use crate::domain::figures::Figures;
use crate::domain::message::{
    Asked, Confirm, ConfirmRow, ConfirmState, Filing, Late, ReturnRow, SignOff, SignRow, Stage, Standing,
    StatusDay, Supplement, Tally, TallyToast, Unconfirmed, UnconfirmedWho, Verb,
};

/// Whatever is said about a day's figures.
pub(super) fn draw(page: &mut Page<'_>, tally: &Tally) {
    let voice = page.voice;
    match tally {
        Tally::NoDay => page.say("tally-no-day"),
        Tally::Confirm(ask) => confirm(page, ask),
        Tally::Unconfirmed(told) => unconfirmed(page, told),
        Tally::SignOff(sheet) => sign_off(page, sheet),
        Tally::ChooseReturn { date: on, units, page: at, pages, .. } => {
            page.say_with("return-head", &[("date", date(voice, *on).into())]);
            return_choice(page, units);
            page.pages(*at, *pages);
        }
        Tally::AskReturnReason { unit } => {
            page.say_with("ask-send-back", &[("unit", voice.name(unit).into())]);
        }
        Tally::SentBack { unit, told } => sent_back(page, unit, told),
        Tally::AskSignReason { missing, unconfirmed } => {
            let values = [("missing", (*missing).into()), ("unconfirmed", (*unconfirmed).into())];
            page.say_with("ask-sign-reason", &values);
        }
        Tally::AskFiled => page.say("ask-filed"),
        Tally::Reconfirmed { date: on, unit, by, figures } => {
            let values = [
                ("date", FluentValue::from(date(voice, *on))),
                ("unit", voice.name(unit).into()),
                ("by", voice.name(by).into()),
            ];
            page.say_with("reconfirmed", &values);
            page.line(counts(voice, figures));
        }
        Tally::Supplemented { date: on, supplement: one, name } => {
            page.say_with("supplemented", &[("date", date(voice, *on).into())]);
            supplement(page, one, name.as_deref());
        }
    }
}

/// `11月22日`.
pub(super) fn date(voice: &Voice<'_>, date: NaiveDate) -> String {
    let values = [("month", FluentValue::from(date.month())), ("day", date.day().to_string().into())];
    voice.say_with("tally-date", &values)
}

/// `应报 45 人，实报 43 人，未报 2 人`.
fn counts(voice: &Voice<'_>, figures: &Figures) -> String {
    let values = [
        ("expected", FluentValue::from(figures.expected)),
        ("reported", figures.reported.into()),
        ("missing", figures.missing.into()),
    ];
    voice.say_with("tally-counts", &values)
}

/// What there is besides; that there is nothing is said, too (C2).
fn notable(voice: &Voice<'_>, figures: &Figures) -> String {
    let all = [
        ("tally-excused", figures.excused),
        ("tally-unreachable", figures.unreachable),
        ("tally-late", figures.late),
        ("tally-changed", figures.changed),
        ("tally-watch", figures.watch),
        ("tally-urgent", figures.urgent),
    ];
    let some = all.into_iter().filter(|(_, count)| *count > 0);
    let some: Vec<String> = some.map(|(id, count)| voice.say_with(id, &[("count", count.into())])).collect();
    match (some.is_empty(), figures.missing, figures.reported) {
        (false, ..) => some.join(" · "),
        (true, 0, _) => voice.say("tally-nothing"),
        (true, _, 0) => String::new(),
        (true, ..) => voice.say("tally-nothing-yet"),
    }
}

fn missing(voice: &Voice<'_>, missing: u32) -> Option<String> {
    (missing > 0).then(|| voice.say_with("tally-missing", &[("count", missing.into())]))
}

/// A line with what there is besides, where there is anything to say.
fn notable_line(page: &mut Page<'_>, indent: &str, figures: &Figures) {
    let words = notable(page.voice, figures);
    page.dotted(indent, [Some(words)]);
}

/// How the day stands, in `/status`.
pub(super) fn status_day(page: &mut Page<'_>, day: &StatusDay) {
    let voice = page.voice;
    let confirmed =
        day.confirmed_at.map(|at| voice.say_with("tally-confirmed-at", &[("at", voice.at(at).into())]));
    let head = voice.say_with("status-day", &[("date", date(voice, day.date).into())]);
    page.dotted("", [Some(head), confirmed]);
    page.line(counts(voice, &day.figures));
    if !day.brief {
        notable_line(page, "", &day.figures);
    }
    if !day.missing.is_empty() {
        page.mentions("", "tally-missing-names", &day.missing);
    }
    for row in &day.rows {
        let line = format!("{} {}", voice.name(&row.name), share(&row.figures));
        let mark = if row.figures.missing == 0 { "✅ " } else { "• " };
        page.dotted(
            mark,
            [
                Some(line),
                missing(voice, row.figures.missing),
                row.confirmed.then(|| voice.say("tally-confirmed")),
            ],
        );
    }
    let open = |row: &crate::domain::message::StatusUnit| {
        let label = format!("{} {}", voice.name(&row.name), share(&row.figures));
        voice.button_named(&label, Verb::Open, Some(row.unit))
    };
    page.grid(day.rows.iter().map(open).collect(), 2);
    if let Some(back) = day.back {
        page.row(vec![voice.button("button-back", Verb::Open, Some(back))]);
    }
}

fn share(figures: &Figures) -> String {
    format!("{}/{}", figures.reported, figures.expected)
}

fn confirm(page: &mut Page<'_>, ask: &Confirm) {
    let voice = page.voice;
    let id = match ask.asked {
        _ if !ask.open() => "confirm-head",
        Asked::Usual => "confirm-head",
        Asked::Again => "confirm-head-again",
        Asked::Changed => "confirm-head-changed",
        Asked::Returned => "confirm-head-returned",
    };
    page.say_with(id, &[("date", date(voice, ask.date).into())]);
    page.items(&ask.rows, |page, _, row| confirm_row(page, row));
    page.gap();
    if ask.signed {
        return page.say("confirm-signed");
    }
    if !ask.open() {
        return page.say("confirm-done");
    }
    match ask.insist {
        Some(missing) => page.say_with("confirm-insist", &[("missing", missing.into())]),
        None => page.say("confirm-ask"),
    }
    let button = match ask.insist {
        Some(_) => voice.button("button-confirm-insist", Verb::Confirm, Some(1)),
        None => voice.button("button-confirm", Verb::Confirm, None),
    };
    page.row(vec![button]);
}

fn confirm_row(page: &mut Page<'_>, row: &ConfirmRow) {
    let voice = page.voice;
    let due = row.state.open().then(|| voice.due(row.due));
    page.dotted("▪ ", [Some(voice.name(&row.name)), due]);
    page.line(format!("    {}", counts(voice, &row.figures)));
    notable_line(page, "    ", &row.figures);
    if !row.watch.is_empty() {
        page.line(format!("    {}{}", voice.label("confirm-watch"), voice.watched(&row.watch)));
    }
    if !row.waiting.is_empty() {
        let total = u32::try_from(row.waiting.len()).unwrap_or(u32::MAX);
        let units = voice.units(&row.waiting, total);
        page.line(format!("    {}", voice.say_with("confirm-waiting", &[("units", units.into())])));
    }
    let state = match &row.state {
        ConfirmState::Open => return,
        ConfirmState::Done { at, by } => {
            let values = [("at", FluentValue::from(voice.at(*at))), ("by", voice.name(by).into())];
            voice.say_with("confirm-by", &values)
        }
        ConfirmState::Changed { at } => voice.say_with("confirm-changed", &[("at", voice.at(*at).into())]),
        ConfirmState::Returned { by, why } => {
            let values = [("by", FluentValue::from(voice.name(by))), ("why", why.as_str().into())];
            voice.say_with("confirm-returned", &values)
        }
    };
    page.line(format!("    {state}"));
}

fn unconfirmed(page: &mut Page<'_>, told: &Unconfirmed) {
    let voice = page.voice;
    let due = voice.at(told.due);
    let values = [("date", FluentValue::from(date(voice, told.date))), ("due", due.into())];
    page.say_with("unconfirmed-head", &values);
    page.items(&told.rows, |page, _, row| {
        let voice = page.voice;
        page.dotted("• ", [Some(voice.name(&row.name)), missing(voice, row.missing)]);
        for who in &row.who {
            page.line(format!("    {}", person(voice, who)));
        }
        if row.who.is_empty() {
            page.line(format!("    {}", voice.say("unconfirmed-nobody")));
        }
    });
    page.say("unconfirmed-ask");
}

fn person(voice: &Voice<'_>, who: &UnconfirmedWho) -> String {
    let note = who.unreachable.then(|| voice.say("mark-unreachable"));
    let parts = [Some(voice.name(&who.name)), who.phone.clone(), note];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn sign_off(page: &mut Page<'_>, sheet: &SignOff) {
    let voice = page.voice;
    page.say_with("sign-head", &[("date", date(voice, sheet.date).into())]);
    page.line(counts(voice, &sheet.figures));
    notable_line(page, "", &sheet.figures);
    let values = [("confirmed", FluentValue::from(sheet.confirmed)), ("units", sheet.units.into())];
    page.say_with("sign-confirmed", &values);
    if sheet.urgent > 0 {
        page.say_with("sign-urgent", &[("count", sheet.urgent.into())]);
    }
    page.items(&sheet.rows, |page, _, row| sign_row(page, row));
    page.gap();
    stage(page, &sheet.stage);
    if !sheet.supplements.is_empty() {
        page.gap();
        page.say("sign-supplements");
        page.items(&sheet.supplements, |page, _, one| supplement(page, one, None));
    }
    for (day, on) in &sheet.earlier {
        let label = voice.say_with("button-earlier", &[("date", date(voice, *on).into())]);
        page.row(vec![voice.button_named(&label, Verb::Open, Some(*day))]);
    }
}

fn sign_row(page: &mut Page<'_>, row: &SignRow) {
    let voice = page.voice;
    let unreachable = (row.unreachable > 0)
        .then(|| voice.say_with("tally-unreachable", &[("count", row.unreachable.into())]));
    let confirmation = match row.confirmation {
        None | Some(Standing::Confirmed) => None,
        Some(Standing::Open) => Some(voice.say("standing-open")),
        Some(Standing::Changed) => Some(voice.say("standing-changed")),
        Some(Standing::Returned) => Some(voice.say("standing-returned")),
    };
    page.dotted("• ", [Some(voice.name(&row.name)), missing(voice, row.missing), unreachable, confirmation]);
}

fn stage(page: &mut Page<'_>, stage: &Stage) {
    let voice = page.voice;
    match stage {
        Stage::Review { late, may } => {
            is_late(page, late.as_ref());
            page.say_with("sign-review", &[("may", yes(*may))]);
            sign_buttons(page, "button-review", *may);
        }
        Stage::Sign { reviewed, late, may } => {
            if let Some(done) = reviewed {
                let values =
                    [("at", FluentValue::from(voice.at(done.at))), ("by", voice.name(&done.by).into())];
                page.say_with("sign-reviewed", &values);
            }
            is_late(page, late.as_ref());
            page.say_with("sign-ask", &[("may", yes(*may))]);
            sign_buttons(page, "button-sign", *may);
        }
        Stage::Signed { signed, why, filing } => {
            let values =
                [("at", FluentValue::from(voice.at(signed.at))), ("by", voice.name(&signed.by).into())];
            page.say_with("sign-signed", &values);
            if !why.is_empty() {
                page.say_with("sign-why", &[("why", why.as_str().into())]);
            }
            filed(page, filing);
        }
    }
}

fn is_late(page: &mut Page<'_>, late: Option<&Late>) {
    let Some(late) = late else { return };
    let voice = page.voice;
    let due = voice.at(late.due);
    if late.signers.is_empty() {
        return page.say_with("sign-late-nobody", &[("due", due.into())]);
    }
    let values = [("due", FluentValue::from(due)), ("signers", voice.people(&late.signers).into())];
    page.say_with("sign-late", &values);
}

fn sign_buttons(page: &mut Page<'_>, label: &str, may: bool) {
    if may {
        let voice = page.voice;
        page.row(vec![voice.button(label, Verb::Sign, None)]);
        page.row(vec![voice.button("button-reject", Verb::Reject, None)]);
    }
}

fn filed(page: &mut Page<'_>, filing: &Filing) {
    let voice = page.voice;
    match filing {
        Filing::Filed { to, done } => {
            let values = [
                ("to", FluentValue::from(voice.name(to))),
                ("at", voice.at(done.at).into()),
                ("by", voice.name(&done.by).into()),
            ];
            page.say_with("sign-filed", &values);
        }
        Filing::Open { due, last, may } => {
            if let Some(due) = due {
                let id = if *due <= voice.context.now { "sign-file-late" } else { "sign-file-due" };
                page.say_with(id, &[("due", voice.at(*due).into())]);
            }
            if !may {
                return;
            }
            if let Some(last) = last {
                let label = voice.say_with("button-filed-last", &[("to", voice.name(last).into())]);
                page.row(vec![voice.button_named(&label, Verb::Filed, Some(1))]);
            }
            page.row(vec![voice.button("button-filed", Verb::Filed, None)]);
        }
    }
}

fn supplement(page: &mut Page<'_>, one: &Supplement, name: Option<&str>) {
    let voice = page.voice;
    let number = voice.say_with("supplement-number", &[("number", one.number.into())]);
    let (unit, name) = (voice.name(&one.unit), name.map(|name| voice.name(name)));
    page.dotted("", [Some(number), Some(unit), name, Some(voice.at(one.at))]);
    page.say_with("sign-why", &[("why", one.why.as_str().into())]);
}

fn return_choice(page: &mut Page<'_>, units: &[ReturnRow]) {
    for row in units {
        let voice = page.voice;
        let name = voice.name(&row.name);
        let mut buttons = vec![voice.button_named(&name, Verb::Reject, Some(row.unit))];
        if row.parent {
            buttons.push(voice.button("button-below", Verb::Open, Some(row.unit)));
        }
        page.row(buttons);
    }
}

fn sent_back(page: &mut Page<'_>, unit: &str, told: &[String]) {
    let voice = page.voice;
    let unit = voice.name(unit);
    if told.is_empty() {
        return page.say_with("sent-back-nobody", &[("unit", unit.into())]);
    }
    let values = [("unit", FluentValue::from(unit)), ("told", voice.people(told).into())];
    page.say_with("sent-back", &values);
}

/// The short answer to a press; `true`: it must be closed by hand.
pub(super) fn toast(voice: &Voice<'_>, toast: &TallyToast) -> (String, bool) {
    let by_at = |id, by: &str, at| {
        let values = [("by", FluentValue::from(voice.name(by))), ("at", voice.at(at).into())];
        voice.say_with(id, &values)
    };
    match toast {
        TallyToast::Confirmed { units } => {
            (voice.say_with("toast-confirmed", &[("units", (*units).into())]), false)
        }
        TallyToast::AlreadyConfirmed { by, at } => (by_at("toast-already-confirmed", by, *at), false),
        TallyToast::StillMissing { missing } => {
            (voice.say_with("toast-still-missing", &[("missing", (*missing).into())]), true)
        }
        TallyToast::FiguresChanged => (voice.say("toast-figures-changed"), true),
        TallyToast::Signed { by, at } => (by_at("toast-signed", by, *at), true),
        TallyToast::NeedsReview => (voice.say("toast-needs-review"), true),
        TallyToast::Reviewed => (voice.say("toast-reviewed"), false),
        TallyToast::SignedNow => (voice.say("toast-signed-now"), false),
        TallyToast::Filed => (voice.say("toast-filed"), false),
    }
}
