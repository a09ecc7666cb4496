//! The day of a check-in: asking in groups, who is missing.

use chrono::NaiveDate;
use tierline::domain::message::{DayMessage, GroupPrompt, Message, Reader};

use super::{Sampler, minutes};

const CHAPTER: (&str, &str) = ("每日打卡", "The check-in");

fn sunday() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).expect("a date")
}

/// Everything around the day.
pub(super) fn all(to: &mut Sampler) {
    groups(to);
}

fn groups(to: &mut Sampler) {
    let prompt = GroupPrompt {
        day: 20_261_122,
        title: to.own("每日健康卡", "Daily health card"),
        date: sunday(),
        deadline: minutes(60),
        unit: to.own("计算机1班", "Computing 1"),
        unit_id: 3,
        guardians: false,
        expected: 45,
        reported: 0,
        as_of: None,
    };
    let some = GroupPrompt { reported: 31, as_of: Some(minutes(0)), ..prompt.clone() };
    let all = GroupPrompt { reported: 45, as_of: Some(minutes(0)), ..prompt.clone() };
    let guardians = GroupPrompt { guardians: true, ..prompt.clone() };
    let mut say = |title, prompt| {
        to.say(CHAPTER, title, Reader::Group, Message::Day(Box::new(DayMessage::Group(prompt))));
    };
    say(("班级群：早上", "The class group in the morning"), prompt);
    say(("班级群：过程中", "The class group later"), some);
    say(("班级群：全部上报", "The class group when all have reported"), all);
    say(("家长群", "The guardians’ group"), guardians);
}
