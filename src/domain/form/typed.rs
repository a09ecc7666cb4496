//! Answers that are typed instead of pressed.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{Answer, Kind, Question};
use crate::domain::roster::{plain, tidy};

/// Why something is no answer to the question. It holds nothing of what was answered.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswerFault {
    /// Nothing was written, or too few choices were made.
    Empty,
    /// No number, or one that can be read in two ways.
    NotANumber,
    /// A number outside the range.
    OutOfRange { min: Option<f64>, max: Option<f64> },
    /// The number is out of range, and would be in it if it was in Fahrenheit: this many degrees Celsius.
    LooksFahrenheit { celsius: f64, min: Option<f64>, max: Option<f64> },
    /// A text with too many characters.
    TooLong { max: usize, length: usize },
    /// Neither a label of the list nor a number of it; or 无 together with something else.
    NotAChoice,
    /// Neither yes nor no.
    NeedsButtonOrLabel,
    /// Something else than the question asks for, such as a text for a photo.
    WrongKind(Kind),
}

const YES: [&str; 10] = ["是", "是的", "有", "对", "对的", "嗯", "yes", "y", "true", "1"];
const NO: [&str; 11] = ["否", "不是", "没有", "没", "无", "不", "不对", "no", "n", "false", "2"];
/// Says that none of several choices applies.
const NOTHING: [&str; 9] = ["无", "没有", "没", "都没有", "均无", "以上都没有", "none", "no", "nothing"];
const CELSIUS: [&str; 8] = ["摄氏度", "℃", "°c", "度c", "°", "度", "c", "degrees"];
const FAHRENHEIT: [&str; 5] = ["华氏度", "℉", "°f", "度f", "f"];
const COUNTED: [&str; 6] = ["个", "人", "次", "天", "名", "位"];

impl Question {
    /// Reads a typed answer: a number, a text, a label in any language, a number of the list, yes or no.
    ///
    /// # Errors
    /// What is wrong with it, for the person.
    pub fn read_typed(&self, text: &str) -> Result<Answer, AnswerFault> {
        if tidy(text).is_empty() {
            return Err(AnswerFault::Empty);
        }
        match self.kind {
            Kind::Choice => self.label(text).map(Answer::Choice).ok_or(AnswerFault::NotAChoice),
            Kind::Multi => self.labels(text).map(Answer::Multi),
            Kind::YesNo => yes_no(text).map(Answer::YesNo).ok_or(AnswerFault::NeedsButtonOrLabel),
            Kind::Number => self.number(text).map(Answer::Number),
            Kind::Text => self.text(text).map(Answer::Text),
            Kind::Location | Kind::Photo => Err(AnswerFault::WrongKind(self.kind)),
        }
    }

    fn text(&self, text: &str) -> Result<String, AnswerFault> {
        let text = tidy(text);
        let length = text.chars().count();
        if length > self.max_length {
            return Err(AnswerFault::TooLong { max: self.max_length, length });
        }
        Ok(text)
    }

    fn number(&self, text: &str) -> Result<f64, AnswerFault> {
        let text = word(text);
        let fahrenheit = without_unit(&text, &FAHRENHEIT);
        let bare = fahrenheit
            .or_else(|| without_unit(&text, &CELSIUS))
            .or_else(|| without_unit(&text, &COUNTED))
            .unwrap_or(&text);
        let number = (decimal(bare).ok_or(AnswerFault::NotANumber)? * 100.0).round() / 100.0;
        if self.is_in_range(number) && fahrenheit.is_none() {
            return Ok(number);
        }
        let (min, max) = (self.min, self.max);
        Err(match self.celsius(number) {
            Some(celsius) => AnswerFault::LooksFahrenheit { celsius, min, max },
            None if self.is_in_range(number) => AnswerFault::NotANumber,
            None => AnswerFault::OutOfRange { min, max },
        })
    }

    /// The number as degrees Celsius, if the question asks for a body's temperature and that would be one.
    fn celsius(&self, fahrenheit: f64) -> Option<f64> {
        let is_temperature =
            self.min.is_some_and(|min| min >= 25.0) && self.max.is_some_and(|max| max <= 50.0);
        let celsius = ((fahrenheit - 32.0) / 0.18).round() / 10.0;
        (is_temperature && self.is_in_range(celsius)).then_some(celsius)
    }

    /// The choice of a label, else of a number of the list.
    fn label(&self, text: &str) -> Option<String> {
        let wanted = word(text);
        let has_label = |label: &str| word(label) == wanted;
        let by_label =
            self.choices.iter().find(|choice| has_label(&choice.words.zh) || has_label(&choice.words.en));
        let choice = by_label.or_else(|| {
            let number: usize = listed(&wanted)?;
            self.choices.get(number.checked_sub(1)?)
        })?;
        Some(choice.id.clone())
    }

    fn labels(&self, text: &str) -> Result<BTreeSet<String>, AnswerFault> {
        let chosen = match self.label(text) {
            Some(id) => BTreeSet::from([id]),
            None if NOTHING.contains(&word(text).as_str()) => self.none.iter().cloned().collect(),
            None => self.several(text).ok_or(AnswerFault::NotAChoice)?,
        };
        match self.accepts(&Answer::Multi(chosen.clone())) {
            true => Ok(chosen),
            false if chosen.len() < self.least_chosen() => Err(AnswerFault::Empty),
            false => Err(AnswerFault::NotAChoice),
        }
    }

    /// Several labels or numbers; a part between commas is taken whole first, since a label may hold spaces.
    fn several(&self, text: &str) -> Option<BTreeSet<String>> {
        let mut chosen = BTreeSet::new();
        let text: String = text.chars().map(|c| if c == '\n' { ';' } else { c }).collect();
        let text = plain(&text);
        for part in text.split(['、', ',', ';', '/', '+']).filter(|part| !part.trim().is_empty()) {
            match self.label(part) {
                Some(id) => drop(chosen.insert(id)),
                None => {
                    for piece in part.split_whitespace() {
                        chosen.insert(self.label(piece)?);
                    }
                }
            }
        }
        (!chosen.is_empty()).then_some(chosen)
    }
}

fn yes_no(text: &str) -> Option<bool> {
    let word = word(text);
    let word = word.as_str();
    if YES.contains(&word) { Some(true) } else { NO.contains(&word).then_some(false) }
}

/// A text as it is compared: plain letters, small, without what ends a sentence.
fn word(text: &str) -> String {
    plain(text).to_lowercase().trim_end_matches(['。', '.', '!', '、', ',', ';', ' ']).to_owned()
}

/// The number of a list entry: `2`, `②`.
fn listed(word: &str) -> Option<usize> {
    let mut characters = word.chars();
    if let (Some(c @ '①'..='⑳'), None) = (characters.next(), characters.next()) {
        return usize::try_from(u32::from(c) - u32::from('①') + 1).ok();
    }
    word.chars().all(|c| c.is_ascii_digit()).then(|| word.parse().ok()).flatten()
}

/// The number before one of these units; of 36度5 the unit is the point.
fn without_unit<'t>(text: &'t str, units: &[&str]) -> Option<&'t str> {
    units.iter().find_map(|unit| text.strip_suffix(unit)).map(str::trim_end)
}

/// A number with one sign and one point at most. A comma is a point, unless it could part thousands.
fn decimal(text: &str) -> Option<f64> {
    let (negative, digits) = match text.strip_prefix(['-', '−']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, part, point) = match digits.find(['.', ',', '。', '·', '度']) {
        Some(at) => {
            let point = digits[at..].chars().next()?;
            (&digits[..at], &digits[at + point.len_utf8()..], point)
        }
        None => (digits, "", '.'),
    };
    let is_digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    let is_number = !whole.is_empty() && whole.len() <= 9 && is_digits(whole);
    let could_be_thousands = point == ',' && part.len() == 3;
    if !is_number || !is_digits(part) || part.len() > 9 || could_be_thousands {
        return None;
    }
    let number: f64 = format!("{whole}.{part}0").parse().ok()?;
    Some(if negative { -number } else { number })
}
