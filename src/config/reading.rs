//! Reads single typed values. What is wrong is recorded, and the default stands in for it, so that one reading finds
//! every problem.

use chrono::{NaiveTime, TimeDelta};
use toml::Value;
use url::Url;

use super::layers::Layers;
use super::values;

/// A reader of a text: the value, or what it should look like.
pub type Parser<T> = fn(&str) -> Result<T, String>;

impl Layers {
    /// The default at `path`. It exists for every key that is read.
    fn default_value(&self, path: &str) -> &Value {
        self.find_default(path).expect("every key that is read is in the defaults: tested")
    }

    /// Reads the value at `path` with `read`, and once more from the default when that fails.
    pub fn checked<T>(&self, path: &str, read: impl Fn(&Value) -> Result<T, (String, String)>) -> T {
        match read(self.find_given(path).unwrap_or_else(|| self.default_value(path))) {
            Ok(value) => value,
            Err((reason, mend)) => {
                self.wrong(path, &reason, &mend);
                read(self.default_value(path))
                    .unwrap_or_else(|_| unreachable!("the default of {path} is tested"))
            }
        }
    }

    /// A text.
    pub fn text(&self, path: &str) -> String {
        self.checked(path, |value| as_text(value).ok_or_else(|| not_a(value, "a text in quotes")))
    }

    /// A text that `parser` understands.
    pub fn parsed<T>(&self, path: &str, parser: Parser<T>) -> T {
        self.checked(path, |value| {
            let text = as_text(value).ok_or_else(|| not_a(value, "a text in quotes"))?;
            parser(&text).map_err(|expected| unreadable(&text, &expected))
        })
    }

    /// One of a few words, each with its meaning.
    pub fn choice<T: Copy>(&self, path: &str, options: &[(&str, T)]) -> T {
        self.checked(path, |value| chosen(value, options))
    }

    /// A list of texts that `parser` understands.
    pub fn list<T>(&self, path: &str, parser: Parser<T>) -> Vec<T> {
        self.checked(path, |value| {
            let items = value.as_array().ok_or_else(|| not_a(value, "a list such as [\"…\", \"…\"]"))?;
            let parse_one = |item: &Value| {
                let text = as_text(item).ok_or_else(|| not_a(item, "a text in quotes"))?;
                parser(&text).map_err(|expected| unreadable(&text, &expected))
            };
            items.iter().map(parse_one).collect()
        })
    }

    /// True or false.
    pub fn flag(&self, path: &str) -> bool {
        self.checked(path, |value| value.as_bool().ok_or_else(|| not_a(value, "true or false")))
    }

    /// A whole number of at least `least`.
    pub fn number(&self, path: &str, least: u32) -> u32 {
        self.checked(path, |value| {
            value
                .as_integer()
                .and_then(|number| u32::try_from(number).ok())
                .filter(|number| *number >= least)
                .ok_or_else(|| not_a(value, &format!("a whole number from {least} on")))
        })
    }

    /// A duration, possibly none at all.
    pub fn duration(&self, path: &str) -> TimeDelta {
        self.parsed(path, |text| values::duration(text).map_err(str::to_owned))
    }

    /// A duration that is not zero.
    pub fn positive_duration(&self, path: &str) -> TimeDelta {
        self.parsed(path, positive)
    }

    /// A time of day.
    pub fn time(&self, path: &str) -> NaiveTime {
        self.parsed(path, time)
    }

    /// A time of day, or nothing for an empty text.
    pub fn optional_time(&self, path: &str) -> Option<NaiveTime> {
        self.parsed(path, |text| if text.is_empty() { Ok(None) } else { time(text).map(Some) })
    }

    /// An address of the web, or nothing for an empty text.
    pub fn optional_url(&self, path: &str) -> Option<Url> {
        self.parsed(path, |text| if text.is_empty() { Ok(None) } else { web_address(text).map(Some) })
    }
}

/// Reads a duration that is not zero.
pub fn positive(text: &str) -> Result<TimeDelta, String> {
    match values::duration(text) {
        Ok(duration) if duration > TimeDelta::zero() => Ok(duration),
        Ok(_) => Err("a duration longer than zero".to_owned()),
        Err(expected) => Err(expected.to_owned()),
    }
}

/// Reads a time of day.
pub fn time(text: &str) -> Result<NaiveTime, String> {
    values::time(text).map_err(str::to_owned)
}

/// Reads an address that begins with http:// or https://.
pub fn web_address(text: &str) -> Result<Url, String> {
    Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .ok_or_else(|| "an address that begins with https:// or http://".to_owned())
}

/// The text of a value: of a string, or of a date or time that was written without quotes.
pub fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Datetime(moment) => Some(moment.to_string()),
        _ => None,
    }
}

/// The meaning of one of a few words.
pub fn chosen<T: Copy>(value: &Value, options: &[(&str, T)]) -> Result<T, (String, String)> {
    let words: Vec<String> = options.iter().map(|(word, _)| format!("{word:?}")).collect();
    let expected = words.join(" or ");
    let text = as_text(value).ok_or_else(|| not_a(value, &expected))?;
    let meaning = options.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning);
    meaning.ok_or_else(|| (format!("{text:?} is not known here"), format!("write {expected}")))
}

/// Says that a value has the wrong type.
pub fn not_a(value: &Value, expected: &str) -> (String, String) {
    (format!("is a TOML {}", value.type_str()), format!("write {expected}"))
}

/// Says that a text cannot be read.
pub fn unreadable(text: &str, expected: &str) -> (String, String) {
    (format!("{text:?} cannot be read"), format!("write {expected}"))
}
