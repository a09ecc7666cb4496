//! Reads a form's file: the keys and their types. What the form means is checked in [`crate::domain::form`].

use std::path::Path;

use toml::{Table, Value};

use super::reading::positive;
use super::{Problem, Problems, parse};
use crate::domain::form::{Choice, Condition, Fault, Form, Kind, Level, Question, Rule, USUAL_LENGTH, Words};
use crate::domain::roster::nearest;

/// The forms that are compiled in, by where their files are looked for: they stand in where there is no such file.
pub const SHIPPED: [(&str, &str); 2] = [
    ("config/forms/health.toml", include_str!("../../config/forms/health.toml")),
    ("config/forms/primary.toml", include_str!("../../config/forms/primary.toml")),
];

const FORM_KEYS: [&str; 6] = ["id", "title", "same", "declaration", "question", "rule"];
const QUESTION_KEYS: [&str; 12] = [
    "id",
    "kind",
    "ask",
    "when",
    "daily",
    "optional",
    "choices",
    "none",
    "min",
    "max",
    "max_length",
    "far_km",
];
const RULE_KEYS: [&str; 4] = ["level", "when", "report_within", "why"];
const CHOICE_KEYS: [&str; 3] = ["id", "zh-CN", "en"];
const WORDS: &str = "write { zh-CN = \"…\", en = \"…\" }";

/// The form in the file at `path`, or the one compiled in under this path where there is no file.
///
/// # Errors
/// Everything that is wrong with it, at once; or that the file cannot be read.
pub fn load(path: &Path) -> Result<Form, Problems> {
    let name = path.display().to_string();
    let shipped = SHIPPED.iter().find(|(usual, _)| path == Path::new(usual));
    match (std::fs::read_to_string(path), shipped) {
        (Ok(text), _) => read(&name, &text),
        (Err(error), Some((_, text))) if error.kind() == std::io::ErrorKind::NotFound => read(&name, text),
        (Err(error), _) => Err(Problems(vec![Problem {
            file: name,
            key: "the file".to_owned(),
            reason: format!("cannot be read: {error}"),
            mend: "name a readable form in checkin.form".to_owned(),
        }])),
    }
}

/// The university's form that is compiled in.
///
/// # Panics
/// Never: the form is tested.
pub fn shipped() -> Form {
    read(SHIPPED[0].0, SHIPPED[0].1).expect("the compiled-in form is sound: tested")
}

/// Reads a form from the text of a file called `file`.
///
/// # Errors
/// Everything that is wrong with it, at once.
pub fn read(file: &str, text: &str) -> Result<Form, Problems> {
    let table = parse(file, text)?;
    let mut reading = Reading { file, problems: Vec::new(), is_whole: true };
    let form = reading.form(&table);
    // A question that could not be read would make every condition that names it look wrong.
    if reading.is_whole {
        form.faults().into_iter().for_each(|Fault { key, reason, mend }| reading.wrong(&key, &reason, &mend));
    }
    if reading.problems.is_empty() { Ok(form) } else { Err(Problems(reading.problems)) }
}

struct Reading<'a> {
    file: &'a str,
    problems: Vec<Problem>,
    is_whole: bool,
}

impl Reading<'_> {
    fn wrong(&mut self, key: &str, reason: &str, mend: &str) {
        let problem = Problem {
            file: self.file.to_owned(),
            key: key.to_owned(),
            reason: reason.to_owned(),
            mend: mend.to_owned(),
        };
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    fn only_known(&mut self, table: &Table, prefix: &str, known: &[&str]) {
        for key in table.keys().filter(|key| !known.contains(&key.as_str())) {
            let mend = match nearest(key, known.iter().copied()) {
                Some(near) => format!("did you mean \"{near}\"?"),
                None => format!("the known keys are {}", known.join(", ")),
            };
            self.wrong(&format!("{prefix}{key}"), "unknown key", &mend);
        }
    }

    fn form(&mut self, table: &Table) -> Form {
        self.only_known(table, "", &FORM_KEYS);
        Form {
            id: self.required(table, "", "id"),
            title: self.required_words(table, "", "title"),
            same: self.words(table, "", "same"),
            declaration: self.words(table, "", "declaration"),
            questions: self.entries(table, "question", Reading::question),
            rules: self.entries(table, "rule", Reading::rule),
        }
    }

    /// The entries `[[name]]`, each with its place such as `question[2].`.
    fn entries<T>(
        &mut self,
        table: &Table,
        name: &str,
        read: fn(&mut Self, &Table, &str) -> Option<T>,
    ) -> Vec<T> {
        let Some(value) = table.get(name) else { return Vec::new() };
        let tables: Option<Vec<&Table>> =
            value.as_array().and_then(|entries| entries.iter().map(Value::as_table).collect());
        let Some(tables) = tables else {
            self.is_whole = false;
            self.wrong(name, "is no list of sections", &format!("write each as [[{name}]]"));
            return Vec::new();
        };
        let mut found = Vec::new();
        for (index, table) in tables.into_iter().enumerate() {
            match read(self, table, &format!("{name}[{}].", index + 1)) {
                Some(entry) => found.push(entry),
                None => self.is_whole = false,
            }
        }
        found
    }

    fn question(&mut self, table: &Table, at: &str) -> Option<Question> {
        self.only_known(table, at, &QUESTION_KEYS);
        let kinds = Kind::ALL.map(Kind::word).join(", ");
        let kind = table.get("kind").and_then(Value::as_str).and_then(Kind::from_word);
        if kind.is_none() {
            self.wrong(&format!("{at}kind"), "is no kind of question", &format!("write one of {kinds}"));
        }
        let id = self.required(table, at, "id");
        let ask = self.required_words(table, at, "ask");
        let kind = kind?;
        self.only_fitting(table, at, kind);
        Some(Question {
            when: self.condition(table, at),
            daily: self.flag(table, at, "daily"),
            optional: self.flag(table, at, "optional"),
            choices: self.choices(table, at),
            none: self.text(table, at, "none"),
            min: self.number(table, at, "min"),
            max: self.number(table, at, "max"),
            max_length: self.length(table, at),
            far_km: self.number(table, at, "far_km"),
            id,
            kind,
            ask,
        })
        .filter(|question| !question.id.is_empty())
    }

    /// Tells of keys that mean nothing for this kind of question.
    fn only_fitting(&mut self, table: &Table, at: &str, kind: Kind) {
        let fitting: &[&str] = match kind {
            Kind::Choice => &["choices"],
            Kind::Multi => &["choices", "none", "min"],
            Kind::Number => &["min", "max"],
            Kind::Text => &["max_length"],
            Kind::Location => &["far_km"],
            Kind::YesNo | Kind::Photo => &[],
        };
        for key in ["choices", "none", "min", "max", "max_length", "far_km"] {
            if table.contains_key(key) && !fitting.contains(&key) {
                let reason = format!("means nothing for kind = \"{}\"", kind.word());
                self.wrong(&format!("{at}{key}"), &reason, "remove it, or change the kind");
            }
        }
        if fitting.contains(&"choices") && !table.contains_key("choices") {
            self.is_whole = false;
            let mend = "write choices = [ { id = \"…\", zh-CN = \"…\", en = \"…\" } ]";
            self.wrong(&format!("{at}choices"), "is missing", mend);
        }
    }

    fn choices(&mut self, table: &Table, at: &str) -> Vec<Choice> {
        let Some(value) = table.get("choices") else { return Vec::new() };
        let Some(entries) = value.as_array() else {
            self.is_whole = false;
            self.wrong(
                &format!("{at}choices"),
                "is no list",
                "write [ { id = \"…\", zh-CN = \"…\", en = \"…\" } ]",
            );
            return Vec::new();
        };
        let entries = entries.iter().enumerate();
        entries
            .filter_map(|(index, entry)| self.choice(entry, &format!("{at}choices[{}]", index + 1)))
            .collect()
    }

    fn choice(&mut self, entry: &Value, key: &str) -> Option<Choice> {
        let Some(table) = entry.as_table() else {
            self.is_whole = false;
            self.wrong(key, "is no choice", "write { id = \"…\", zh-CN = \"…\", en = \"…\" }");
            return None;
        };
        let at = format!("{key}.");
        self.only_known(table, &at, &CHOICE_KEYS);
        let id = self.required(table, &at, "id");
        self.is_whole &= !id.is_empty();
        let words = Words { zh: self.required(table, &at, "zh-CN"), en: self.required(table, &at, "en") };
        Some(Choice { id, words })
    }

    fn rule(&mut self, table: &Table, at: &str) -> Option<Rule> {
        self.only_known(table, at, &RULE_KEYS);
        let level = match table.get("level").and_then(Value::as_str) {
            Some("urgent") => Some(Level::Urgent),
            Some("watch") => Some(Level::Watch),
            _ => {
                self.wrong(&format!("{at}level"), "is no level", "write \"urgent\" or \"watch\"");
                None
            }
        };
        let before = self.problems.len();
        let when = self.condition(table, at);
        if when.is_none() && self.problems.len() == before {
            self.wrong(
                &format!("{at}when"),
                "is missing",
                "write a condition such as \"temperature >= 37.3\"",
            );
        }
        let why = self.required_words(table, at, "why");
        let within = self.text(table, at, "report_within").filter(|text| !text.is_empty());
        let report_within = within.and_then(|text| {
            let read = positive(&text);
            if let Err(expected) = &read {
                let reason = format!("\"{text}\" cannot be read");
                self.wrong(&format!("{at}report_within"), &reason, &format!("write {expected}"));
            }
            read.ok()
        });
        Some(Rule { level: level?, when: when?, report_within, why })
    }

    fn condition(&mut self, table: &Table, at: &str) -> Option<Condition> {
        let source = self.text(table, at, "when").filter(|source| !source.trim().is_empty())?;
        match Condition::parse(&source) {
            Ok(condition) => Some(condition),
            Err(error) => {
                let mend = "write a condition such as \"place == 'away'\"";
                self.wrong(&format!("{at}when"), &error.to_string(), mend);
                None
            }
        }
    }

    fn required(&mut self, table: &Table, at: &str, key: &str) -> String {
        let before = self.problems.len();
        let text = self.text(table, at, key).map(|text| text.trim().to_owned()).unwrap_or_default();
        if text.is_empty() && self.problems.len() == before {
            self.wrong(&format!("{at}{key}"), "is missing", "write a text in quotes");
        }
        text
    }

    fn text(&mut self, table: &Table, at: &str, key: &str) -> Option<String> {
        let value = table.get(key)?;
        if value.as_str().is_none() {
            self.wrong(&format!("{at}{key}"), "is no text", "write a text in quotes");
        }
        value.as_str().map(str::to_owned)
    }

    fn required_words(&mut self, table: &Table, at: &str, key: &str) -> Words {
        if !table.contains_key(key) {
            self.wrong(&format!("{at}{key}"), "is missing", WORDS);
        }
        self.words(table, at, key).unwrap_or_else(|| Words { zh: String::new(), en: String::new() })
    }

    fn words(&mut self, table: &Table, at: &str, key: &str) -> Option<Words> {
        let value = table.get(key)?;
        let Some(words) = value.as_table() else {
            self.wrong(&format!("{at}{key}"), "is not in both languages", WORDS);
            return None;
        };
        let at = format!("{at}{key}.");
        self.only_known(words, &at, &["zh-CN", "en"]);
        Some(Words { zh: self.required(words, &at, "zh-CN"), en: self.required(words, &at, "en") })
    }

    fn flag(&mut self, table: &Table, at: &str, key: &str) -> bool {
        let Some(value) = table.get(key) else { return false };
        if value.as_bool().is_none() {
            self.wrong(&format!("{at}{key}"), "is neither true nor false", "write true or false");
        }
        value.as_bool().unwrap_or(false)
    }

    fn number(&mut self, table: &Table, at: &str, key: &str) -> Option<f64> {
        let value = table.get(key)?;
        let whole = value.as_integer().and_then(|number| i32::try_from(number).ok()).map(f64::from);
        let number = value.as_float().filter(|number| number.is_finite()).or(whole);
        if number.is_none() {
            self.wrong(&format!("{at}{key}"), "is no number", "write a number such as 34.0");
        }
        number
    }

    fn length(&mut self, table: &Table, at: &str) -> usize {
        let Some(value) = table.get("max_length") else { return USUAL_LENGTH };
        let length = value.as_integer().and_then(|length| usize::try_from(length).ok());
        if length.is_none() {
            self.wrong(
                &format!("{at}max_length"),
                "is no whole number",
                "write a number of characters such as 40",
            );
        }
        length.unwrap_or(USUAL_LENGTH)
    }
}

#[cfg(test)]
mod tests;
