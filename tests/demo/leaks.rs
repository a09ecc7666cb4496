//! What people answered, their phones and the bot's token, sought in all that is not theirs (S2, S12, S13).

use std::collections::BTreeSet;
use std::fs;

use chrono::DateTime;
use serde_json::Value;

use super::Played;

/// What a day's chats hold that is private.
#[derive(Debug, Default)]
struct Private {
    /// Numbers and texts that were typed, commands excepted.
    typed: BTreeSet<String>,
    /// Choices, by their labels, where they are long enough to be nothing else.
    chosen: BTreeSet<String>,
    phones: BTreeSet<String>,
    names: BTreeSet<String>,
}

/// The demo bot's token without the public part.
const TOKEN: &str = "sandbox-tierline_demo_bot";

fn events(day: &Played) -> Vec<Value> {
    day.read("chats.jsonl").lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn private(day: &Played, events: &[Value], locale: &str) -> Private {
    let mut found = Private::default();
    let long = if locale == "en" { 6 } else { 2 };
    let mut reader = csv::Reader::from_path(day.path("school/people.csv")).expect("a roster");
    let heads = reader.headers().expect("headings").clone();
    let column = |name: &str| heads.iter().position(|head| head.trim_start_matches('\u{feff}') == name);
    for row in reader.records().map(|row| row.expect("a row")) {
        let cell = |name| column(name).and_then(|at| row.get(at)).expect("a cell").to_owned();
        found.phones.insert(cell("phone"));
        found.names.insert(cell("name"));
    }
    for event in events.iter().filter(|event| event["private"] == true) {
        let text = event["text"].as_str().unwrap_or_default();
        match event["kind"].as_str() {
            Some("message") if event["person"] == event["chat_id"] && !text.starts_with('/') => {
                found.typed.insert(text.to_owned());
            }
            Some("press") if event["data"].as_str().is_some_and(|data| data.starts_with("ans:")) => {
                let label = event["label"].as_str().expect("a label").trim_start_matches("✅ ");
                if label.chars().count() >= long {
                    found.chosen.insert(label.to_owned());
                }
            }
            _ => {}
        }
    }
    assert!(
        ["36.5", "38.46", "36.87"].iter().all(|number| found.typed.contains(*number)),
        "{:?}",
        found.typed
    );
    assert!(found.typed.len() > 6 && found.chosen.len() > 3 && found.phones.len() > 90, "{found:?}");
    found
}

/// Whether `what` stands in a text by itself: a number not within a longer one, nor a duration.
fn stands_in(text: &str, what: &str) -> bool {
    let number = what.parse::<f64>().is_ok();
    text.match_indices(what).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let mut after = text[at + what.len()..].chars();
        let next = after.next();
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit() || c == '.');
        let duration =
            matches!(next, Some('s' | 'µ' | 'n')) || (next == Some('m') && after.next() == Some('s'));
        !number || !(digit(before) || digit(next) || duration)
    })
}

fn refuse<'a>(place: &str, text: &str, what: impl IntoIterator<Item = &'a String>) {
    for secret in what {
        assert!(!stands_in(text, secret), "{secret:?} is in {place}");
    }
}

/// Searches groups, log, metrics, what was printed, and the database's files.
pub fn nowhere(day: &Played, locale: &str) {
    let events = events(day);
    let secrets = private(day, &events, locale);
    let token = TOKEN.to_owned();
    let everything = || {
        let answers = secrets.typed.iter().chain(&secrets.chosen);
        answers.chain(&secrets.phones).chain([&token])
    };

    let mut groups = 0;
    for event in events.iter().filter(|event| event["private"] == false) {
        let buttons = event["buttons"].as_array().into_iter().flatten().filter_map(Value::as_array).flatten();
        let labels = buttons.filter_map(|button| button["label"].as_str());
        let words: Vec<&str> = event["text"].as_str().into_iter().chain(labels).collect();
        // What people are told when they press is shown to them alone; what is posted, to everybody.
        if event["kind"] == "message" || event["kind"] == "edit" {
            let text = words.join("\n");
            refuse("a group", &text, everything().filter(|secret| !is_of_the_digest(&text, secret)));
            groups += 1;
        }
    }
    assert!(groups > 50, "{groups} messages in groups");

    assert!(day.log.len() > 100_000, "the log tells what happens: {} bytes", day.log.len());
    refuse("the log", &day.log, everything().chain(&secrets.names));
    let metrics = day.read("metrics.txt");
    assert!(metrics.contains("tierline_updates_total"), "{metrics}");
    refuse("the metrics", &metrics, everything().chain(&secrets.names));
    let printed = &day.printed;
    refuse("what was printed", printed, everything().filter(|secret| !is_of_the_digest(printed, secret)));

    let mut files = 0;
    for file in
        fs::read_dir(day.path("service")).expect("it was kept").map(|file| file.expect("a file").path())
    {
        let bytes = fs::read(&file).expect("it can be read");
        let text = String::from_utf8_lossy(&bytes);
        // What is said about figures and directives is no answer about a person.
        let answers = secrets.typed.iter().filter(|typed| !on_record(&events, typed));
        refuse(&file.display().to_string(), &text, answers.chain(&secrets.phones).chain([&token]));
        files += usize::from(bytes.len() > 100_000);
    }
    assert!(files > 0, "no database was searched");
}

/// The authority with which the figures were filed, typed by who files them, is part of the digest.
fn is_of_the_digest(text: &str, secret: &str) -> bool {
    let digest = text.contains("每日简报") || text.contains("Daily digest");
    digest && text.lines().any(|line| line.ends_with(secret))
}

/// Whether this was typed as a reason to sign, an authority, or a report on a directive: these are records of the school.
fn on_record(events: &[Value], typed: &str) -> bool {
    let at =
        |event: &Value| DateTime::parse_from_rfc3339(event["at"].as_str().expect("a time")).expect("a time");
    let written = events.iter().find(|event| event["text"] == typed && event["person"] == event["chat_id"]);
    let written = written.expect("it was typed");
    let asked = |event: &&Value| {
        let verb = event["data"].as_str().and_then(|data| data.split(':').next());
        let just_before = (0..=60).contains(&(at(written) - at(event)).num_seconds());
        event["person"] == written["person"] && matches!(verb, Some("sign" | "filed" | "done")) && just_before
    };
    events.iter().any(|event| asked(&event))
}

#[test]
fn a_number_is_found_where_it_stands_by_itself() {
    for text in ["36.5", "temperature=36.5,", "体温36.5℃", "x 36.5 mm"] {
        assert!(stands_in(text, "36.5"), "{text}");
    }
    for text in ["136.5", "36.52", "36.5.1", "36.5ms", "36.5µs", "36.5s"] {
        assert!(!stands_in(text, "36.5"), "{text}");
    }
}
