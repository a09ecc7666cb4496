//! The digest in words, and what is said when a workbook is asked for.

use fluent_bundle::FluentValue;

use super::day::date;
use super::page::Page;
use super::voice::{Voice, counted_word, yes};
use crate::domain::message::{ConfirmedTier, Digest, Lagging, OverdueLine, Paper, Signing, Verb};

/// Anything about papers.
pub(super) fn draw(page: &mut Page<'_>, paper: &Paper) {
    let voice = page.voice;
    match paper {
        Paper::Digest(of) => digest(page, of),
        Paper::ConfirmExport { date: on, unit, people, .. } => {
            let values = [
                ("unit", FluentValue::from(voice.name(unit))),
                ("date", date(voice, *on).into()),
                ("people", (*people).into()),
            ];
            page.say_with("export-ask", &values);
            page.row(vec![voice.button("button-export-answers", Verb::Export, Some(1))]);
            page.row(vec![voice.button("button-export-figures", Verb::Export, Some(0))]);
        }
        Paper::Exporting { date: on, unit } => {
            let values = [("unit", FluentValue::from(voice.name(unit))), ("date", date(voice, *on).into())];
            page.say_with("exporting", &values);
        }
        Paper::NoDay { date: Some(on) } => page.say_with("no-day-on", &[("date", date(voice, *on).into())]),
        Paper::NoDay { date: None } => page.say("no-day-yet"),
        Paper::BadDate => page.say("export-bad-date"),
    }
}

fn digest(page: &mut Page<'_>, digest: &Digest) {
    let voice = page.voice;
    let head = [
        ("unit", FluentValue::from(voice.name(&digest.unit))),
        ("date", date(voice, digest.date).into()),
        ("at", as_of(voice, digest).into()),
    ];
    page.say_with("digest-head", &head);
    figures(page, digest);
    lagging(page, digest);
    changes(page, digest);
    urgent(page, digest);
    for tier in &digest.confirmed {
        confirmed(page, tier);
    }
    if let Some(signing) = &digest.signing {
        page.line(signed(voice, signing));
    }
    overdue(page, digest);
    medians(page, digest);
    operator(page, digest);
}

/// When the figures were drawn: the time of day alone only on the day itself.
fn as_of(voice: &Voice<'_>, digest: &Digest) -> String {
    let same_day = voice.context.calendar.date(digest.at) == digest.date;
    if same_day { voice.at(digest.at) } else { voice.day(digest.at) }
}

fn counted(voice: &Voice<'_>, id: &str, count: u32) -> Option<String> {
    (count > 0).then(|| voice.say_with(id, &[("count", count.into())]))
}

/// Line 1: what is owed, what came in, what is missing.
fn figures(page: &mut Page<'_>, digest: &Digest) {
    let (voice, figures) = (page.voice, &digest.figures);
    let share = figures.completion().map_or_else(|| "—".to_owned(), percent);
    let values = [
        ("expected", FluentValue::from(figures.expected)),
        ("reported", figures.reported.into()),
        ("missing", figures.missing.into()),
        ("share", share.into()),
    ];
    page.dotted(
        "",
        [
            Some(voice.say_with("digest-figures", &values)),
            counted(voice, "digest-late", figures.late),
            counted(voice, "digest-excused", figures.excused),
            counted(voice, "digest-unreachable", figures.unreachable),
        ],
    );
}

/// `99.4%`; never rounded up to all, nor down to nobody.
fn percent(share: f64) -> String {
    let tenths = (share * 1000.0).round();
    let tenths = if share < 1.0 { tenths.min(999.0) } else { tenths };
    let tenths = if share > 0.0 { tenths.max(1.0) } else { tenths };
    if tenths % 10.0 == 0.0 { format!("{:.0}%", tenths / 10.0) } else { format!("{:.1}%", tenths / 10.0) }
}

fn lagging(page: &mut Page<'_>, digest: &Digest) {
    let voice = page.voice;
    if digest.lagging.is_empty() {
        return;
    }
    let unit = |row: &Lagging| {
        let values = [
            ("unit", FluentValue::from(voice.name(&row.unit))),
            ("missing", row.missing.into()),
            ("owing", row.owing.into()),
        ];
        voice.say_with("digest-lagging-unit", &values)
    };
    let units: Vec<String> = digest.lagging.iter().map(unit).collect();
    let values = [
        ("units", FluentValue::from(units.join(&voice.say("join")))),
        ("tier", voice.tier(&digest.tier).into()),
        ("more", yes(usize::try_from(digest.lagging_total).unwrap_or(usize::MAX) > units.len())),
        ("total", digest.lagging_total.into()),
    ];
    page.say_with("digest-lagging", &values);
}

/// Against the last day, and whose answers differ from their last ones.
fn changes(page: &mut Page<'_>, digest: &Digest) {
    let voice = page.voice;
    let against = digest.before.map(|before| {
        let (now, then) = (digest.figures.missing, before.missing);
        let how = if now < then {
            "fewer"
        } else if now > then {
            "more"
        } else {
            "same"
        };
        let values = [("how", FluentValue::from(how)), ("count", now.abs_diff(then).into())];
        voice.say_with("digest-before", &values)
    });
    let changed = counted(voice, "digest-changed", digest.figures.changed);
    let parts: Vec<String> = [against, changed].into_iter().flatten().collect();
    if !parts.is_empty() {
        page.dotted("", parts.into_iter().map(Some));
    }
}

fn urgent(page: &mut Page<'_>, digest: &Digest) {
    let voice = page.voice;
    if digest.alerts == 0 && digest.figures.urgent == 0 && digest.figures.watch == 0 {
        return page.say("digest-calm");
    }
    let values = [
        ("count", FluentValue::from(digest.alerts.max(digest.figures.urgent))),
        ("open", digest.open_alerts.into()),
    ];
    let alerts = digest.alerts > 0 || digest.figures.urgent > 0;
    page.dotted(
        "",
        [
            alerts.then(|| voice.say_with("digest-urgent", &values)),
            counted(voice, "digest-mistaken", digest.mistaken_alerts),
            counted(voice, "digest-watch", digest.figures.watch),
        ],
    );
}

fn confirmed(page: &mut Page<'_>, tier: &ConfirmedTier) {
    let voice = page.voice;
    let values = [
        ("tier", FluentValue::from(voice.tier(&tier.tier))),
        ("confirmed", tier.confirmed.to_string().into()),
        ("of", tier.of.to_string().into()),
    ];
    let line = voice.say_with("digest-confirmed", &values);
    if tier.waiting.is_empty() {
        return page.line(line);
    }
    let units = voice.units(&tier.waiting, tier.of.saturating_sub(tier.confirmed));
    page.dotted("", [Some(line), Some(voice.say_with("digest-waiting", &[("units", units.into())]))]);
}

fn signed(voice: &Voice<'_>, signing: &Signing) -> String {
    let Signing::Signed { by, at, filed } = signing else { return voice.say("digest-unsigned") };
    let values = [("by", FluentValue::from(voice.name(by))), ("at", voice.at(*at).into())];
    let signed = voice.say_with("digest-signed", &values);
    let Some(to) = filed else { return signed };
    let filed = voice.say_with("digest-filed", &[("to", voice.name(to).into())]);
    format!("{signed} · {filed}")
}

fn overdue(page: &mut Page<'_>, digest: &Digest) {
    if digest.overdue.is_empty() {
        return;
    }
    page.say_with("digest-overdue", &[("count", digest.overdue_total.into())]);
    for line in &digest.overdue {
        page.line(overdue_line(page.voice, line));
    }
}

fn overdue_line(voice: &Voice<'_>, line: &OverdueLine) -> String {
    let values = [
        ("directive", FluentValue::from(voice.directive(line.number, &line.title))),
        ("units", line.units.into()),
        ("missing", line.missing.into()),
    ];
    voice.say_with("digest-overdue-line", &values)
}

fn medians(page: &mut Page<'_>, digest: &Digest) {
    let voice = page.voice;
    if digest.medians.is_empty() {
        return;
    }
    let tier = |(of, minutes): &(crate::domain::message::Counted, u32)| {
        let who = voice.say_with("counted", &[("counted", counted_word(*of).into())]);
        voice.say_with("digest-median", &[("who", who.into()), ("minutes", (*minutes).into())])
    };
    let tiers: Vec<String> = digest.medians.iter().map(tier).collect();
    page.say_with("digest-medians", &[("tiers", tiers.join(&voice.say("join")).into())]);
}

fn operator(page: &mut Page<'_>, digest: &Digest) {
    if digest.operator.silent {
        page.say("digest-silent");
    }
    if digest.operator.unexplained > 0 {
        page.say_with("digest-unexplained", &[("count", digest.operator.unexplained.into())]);
    }
}
