//! What is kept about a person, as a text file that can be read anywhere.

use std::fmt::Write as _;

use super::Words;
use crate::domain::message::Time;
use crate::domain::report::{Cell, OwnData, OwnReportLine};

/// What the file is called.
pub fn file_name(data: &OwnData, words: &Words<'_>) -> String {
    let code: String = data.code.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    format!("{}-{code}.txt", words.say("own-file-name"))
}

/// The file: UTF-8 with a mark, so that old editors show Chinese.
pub fn file(data: &OwnData, words: &Words<'_>) -> Vec<u8> {
    let mut paper = Paper { words, text: String::from("\u{feff}") };
    paper.person(data);
    paper.chain(data);
    paper.days(data);
    paper.seen(data);
    paper.text.into_bytes()
}

struct Paper<'a> {
    words: &'a Words<'a>,
    text: String,
}

impl Paper<'_> {
    fn head(&mut self, id: &str) {
        let head = self.words.say(id);
        self.line(&format!("\n== {head}"));
    }

    fn line(&mut self, line: &str) {
        // Writing into a String cannot fail.
        let _ = writeln!(self.text, "{line}");
    }

    fn fact(&mut self, id: &str, value: &str) {
        if !value.is_empty() {
            let label = self.words.say(id);
            self.line(&self.words.say_with("own-fact", &[("label", label), ("value", value.to_owned())]));
        }
    }

    fn time(&self, time: Time) -> String {
        self.words.calendar.format_local(time)
    }

    fn person(&mut self, data: &OwnData) {
        self.head("own-person");
        self.fact("own-name", &data.name);
        self.fact("own-code", &data.code);
        for (role, unit) in &data.roles {
            let role = self.words.say(&format!("role-{}", role.word()));
            self.fact("own-role", &format!("{role} · {unit}"));
        }
        self.fact("own-phone", data.phone.as_deref().unwrap_or_default());
        self.fact("own-answers-for", &data.answers_for.join("、"));
        self.fact("own-contacts", &data.contacts.join("、"));
        if let Some((account, since)) = data.account {
            let since = self.time(since);
            self.fact("own-account", &format!("{account} · {since}"));
        }
        if let Some((at, by)) = &data.verified {
            let at = self.time(*at);
            self.fact("own-verified", &format!("{at} · {by}"));
        }
    }

    fn chain(&mut self, data: &OwnData) {
        self.head("own-receipts-head");
        for receipt in &data.receipts {
            let (at, number) = (self.time(receipt.acked_at), receipt.number);
            self.line(&format!("{at}\t{}-{}\t{}", number.year, number.number, receipt.title));
        }
    }

    fn days(&mut self, data: &OwnData) {
        self.head("own-days-head");
        for day in &data.days {
            let state = self.words.say(&format!("bookstate-{}", day.state.word()));
            self.line(&format!("{}\t{state}", day.date));
            for report in &day.reports {
                self.report(report);
            }
        }
        self.head("own-alerts-head");
        for alert in &data.alerts {
            let closed = alert.cleared_at.map(|at| self.time(at)).unwrap_or_default();
            self.line(&format!("{}\t{closed}", self.time(alert.opened_at)));
        }
    }

    fn report(&mut self, report: &OwnReportLine) {
        self.line(&format!("  {}\t{}", self.time(report.at), report.by));
        if report.answers.is_empty() {
            let gone = self.words.say("own-answers-gone");
            self.line(&format!("    {gone}"));
        }
        for (question, answer) in &report.answers {
            let answer = self.answer(answer);
            self.line(&format!("    {question} {answer}"));
        }
    }

    fn answer(&self, answer: &Cell) -> String {
        match answer {
            Cell::Empty => String::new(),
            Cell::Choice(choice) => choice.words.clone(),
            Cell::Choices(choices) => {
                choices.iter().map(|choice| choice.words.as_str()).collect::<Vec<_>>().join("、")
            }
            Cell::YesNo(yes) => self.words.say(if *yes { "sheet-yes" } else { "book-no" }),
            Cell::Number(number) => number.to_string(),
            Cell::Text(text) => text.clone(),
            Cell::Place { latitude, longitude } => format!("{latitude:.5}, {longitude:.5}"),
            Cell::Photo => self.words.say("book-photo"),
        }
    }

    fn seen(&mut self, data: &OwnData) {
        self.head("own-seen-head");
        for sight in &data.seen {
            let by = if sight.by.is_empty() { self.words.say("own-program") } else { sight.by.clone() };
            self.line(&format!("{}\t{by}\t{}", self.time(sight.at), sight.act));
        }
    }
}
