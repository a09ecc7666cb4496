//! The day of a check-in: the question in groups.

use chrono::{Datelike, NaiveDate};

use super::page::Page;
use super::voice::{Voice, yes};
use super::{Action, Button};
use crate::domain::message::{DayMessage, GroupPrompt};

/// Any message of the day.
pub(super) fn draw(page: &mut Page<'_>, message: &DayMessage) {
    match message {
        DayMessage::Group(prompt) => group(page, prompt),
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
