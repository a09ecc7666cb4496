//! `[directive]` and `[reminders]`: what directives run by.

use chrono::TimeDelta;
use toml::{Table, Value};

use super::layers::Layers;
use super::reading::{as_text, chosen, positive};
use super::sections::{default_tiers, only_known};
use super::{RosterRules, values};
use crate::domain::policy::{Action, At, Counselors, DirectivePolicy, DirectiveRules, Relay, Step};

/// More repetitions than this of one step are a mistake.
const MOST_TIMES: u32 = 100;

const ACTIONS: [(&str, Action); 4] = [
    ("remind_group", Action::RemindGroup),
    ("remind_private", Action::RemindPrivate),
    ("escalate", Action::Escalate),
    ("relay_anyway", Action::RelayAnyway),
];

/// Reads `[directive]` and `[reminders]`.
pub fn directive(layers: &Layers, roster: &RosterRules) -> DirectiveRules {
    let ack_words = layers.list("directive.ack_words", |word| {
        let word = word.trim().to_lowercase();
        (!word.is_empty()).then_some(word).ok_or_else(|| "a word".to_owned())
    });
    if ack_words.is_empty() {
        layers.wrong("directive.ack_words", "is empty", "name at least one word, such as \"收到\"");
    }
    DirectiveRules {
        ack_words,
        counselors: layers.choice(
            "directive.counselors",
            &[("all", Counselors::All), ("one_per_class", Counselors::OnePerClass)],
        ),
        relay_delay: layers.duration("directive.relay_delay"),
        second_person: layers.flag("directive.second_person"),
        normal: policy(layers, "directive.normal", &roster.tiers),
        urgent: policy(layers, "directive.urgent", &roster.tiers),
        private_per_day: layers.number("reminders.private_per_day", 0),
        group_names: roster.group_names,
    }
}

fn policy(layers: &Layers, path: &str, tiers: &[String]) -> DirectivePolicy {
    DirectivePolicy {
        relay: layers.choice(
            &format!("{path}.relay"),
            &[("on_ack", Relay::OnAck), ("auto", Relay::Auto), ("manual", Relay::Manual)],
        ),
        due: dues(layers, &format!("{path}.due"), tiers),
        steps: steps(layers, &format!("{path}.steps")),
    }
}

/// The due time of each tier; one that is left out has the default of its position.
fn dues(layers: &Layers, path: &str, tiers: &[String]) -> Vec<TimeDelta> {
    for tier in layers.given_entries(path).iter().filter(|tier| !tiers.contains(tier)) {
        layers.unknown(&format!("{path}.{tier}"), &mut tiers.iter().map(String::as_str));
    }
    let usual = default_tiers(layers);
    tiers.iter().zip(&usual).map(|(tier, usual)| due(layers, path, tier, usual)).collect()
}

fn due(layers: &Layers, path: &str, tier: &str, usual: &str) -> TimeDelta {
    let own = format!("{path}.{tier}");
    if let Some(value) = layers.find_given(&own) {
        match as_text(value).ok_or_else(|| "a duration in quotes".to_owned()).and_then(|text| positive(&text))
        {
            Ok(due) => return due,
            Err(expected) => {
                layers.wrong(&own, &format!("{value} cannot be read"), &format!("write {expected}"))
            }
        }
    }
    layers
        .find_default(&format!("{path}.{usual}"))
        .and_then(as_text)
        .and_then(|text| positive(&text).ok())
        .expect("every usual tier has a default due time: tested")
}

fn steps(layers: &Layers, path: &str) -> Vec<Step> {
    let Some(list) = layers.find_given(path).or(layers.find_default(path)).and_then(Value::as_array) else {
        layers.wrong(path, "is no list", "write [ { at = \"50%\", do = \"remind_group\" } ]");
        return Vec::new();
    };
    let one = |(index, entry)| step(layers, &format!("{path}[{}]", index + 1), entry);
    list.iter().enumerate().filter_map(one).collect()
}

fn step(layers: &Layers, path: &str, entry: &Value) -> Option<Step> {
    let Some(table) = entry.as_table() else {
        layers.wrong(path, "is no table", "write { at = \"50%\", do = \"remind_group\" }");
        return None;
    };
    only_known(layers, path, table, &["at", "after", "do", "every", "times"]);
    let at = moment(layers, path, table);
    let action = match table.get("do").map(|value| chosen(value, &ACTIONS)) {
        Some(Ok(action)) => Some(action),
        other => {
            let missing =
                || ("is missing".to_owned(), "write do = \"remind_group\" or another act".to_owned());
            let (reason, mend) = other.and_then(Result::err).unwrap_or_else(missing);
            layers.wrong(&format!("{path}.do"), &reason, &mend);
            None
        }
    };
    let (every, times) = repetition(layers, path, table);
    Some(Step { at: at?, action: action?, every, times })
}

fn moment(layers: &Layers, path: &str, table: &Table) -> Option<At> {
    let key = match (table.contains_key("at"), table.contains_key("after")) {
        (true, false) => "at",
        (false, true) => "after",
        _ => {
            let mend = "write either at = \"50%\" (of the due time) or after = \"30m\"";
            layers.wrong(path, "needs exactly one of at and after", mend);
            return None;
        }
    };
    let value = table.get(key)?;
    let read = |text: String| match key {
        "at" => values::share(&text).map(At::Share),
        _ => values::duration(&text).map(At::After),
    };
    match as_text(value).ok_or("a text in quotes").and_then(read) {
        Ok(at) => Some(at),
        Err(expected) => {
            let reason = format!("{value} cannot be read");
            layers.wrong(&format!("{path}.{key}"), &reason, &format!("write {expected}"));
            None
        }
    }
}

/// How often, and at which distance.
fn repetition(layers: &Layers, path: &str, table: &Table) -> (Option<TimeDelta>, u32) {
    let every = table.get("every").and_then(as_text).map(|text| positive(&text));
    if table.contains_key("every") && !matches!(every, Some(Ok(_))) {
        layers.wrong(
            &format!("{path}.every"),
            "is no duration",
            "write a duration longer than zero, such as \"30m\"",
        );
    }
    let every = every.and_then(Result::ok);
    let given = table.get("times");
    let times = given
        .and_then(Value::as_integer)
        .and_then(|times| u32::try_from(times).ok())
        .filter(|times| (1..=MOST_TIMES).contains(times));
    if given.is_some() && times.is_none() {
        let mend = format!("write a whole number from 1 to {MOST_TIMES}; it includes the first");
        layers.wrong(&format!("{path}.times"), "is no number of times", &mend);
    }
    if times.is_some_and(|times| times > 1) != table.contains_key("every") {
        layers.wrong(path, "needs every and times together", "write every = \"30m\", times = 2, or neither");
    }
    (every, times.unwrap_or(1))
}
