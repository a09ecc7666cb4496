//! One language spoken to one reader: sentences, names, numbers and times.

use chrono::{Datelike, NaiveDateTime};
use fluent_bundle::{FluentArgs, FluentValue};

use super::{Action, Bundle, Button, Context};
use crate::domain::callback;
use crate::domain::message::{Counted, Locale, Number, Reader, TierName, Time, Verb, Watched};
use crate::domain::roster::tidy;
use crate::domain::split::{TITLE_LIMIT, clip, utf16_len};

/// The most UTF-16 units of a person's or unit's name.
const NAME_LIMIT: usize = 40;
/// The most UTF-16 units of a list of names within a sentence.
const NAMES_LIMIT: usize = 600;
/// The same of the names of one's children.
const CHILDREN_LIMIT: usize = 150;
/// The most UTF-16 units of a button's label.
const LABEL_LIMIT: usize = 40;

/// The values of a sentence's variables.
pub(super) type Values<'a> = &'a [(&'static str, FluentValue<'a>)];

/// A language and who is spoken to.
pub(super) struct Voice<'a> {
    pub bundle: &'a Bundle,
    pub reader: Reader,
    pub context: &'a Context<'a>,
}

impl Voice<'_> {
    /// The language spoken.
    pub fn locale(&self) -> Locale {
        let tag = self.bundle.locales.first().map(ToString::to_string);
        tag.and_then(|tag| Locale::from_tag(&tag)).unwrap_or(Locale::En)
    }

    /// The sentence of this name.
    pub fn say(&self, id: &str) -> String {
        self.say_with(id, &[])
    }

    /// The sentence of this name with its variables.
    pub fn say_with(&self, id: &str, values: Values<'_>) -> String {
        let mut args = FluentArgs::with_capacity(values.len() + 1);
        for (name, value) in values {
            args.set(*name, value.clone());
        }
        args.set("reader", reader_word(self.reader));
        format(self.bundle, id, &args)
    }

    /// A person's, unit's or chat's name in one line of bounded length.
    pub fn name(&self, name: &str) -> String {
        clip(&tidy(name), NAME_LIMIT)
    }

    /// Names joined; a list too long for a sentence ends with how many there are (`…等 N 人`).
    pub fn people(&self, names: &[String]) -> String {
        self.names(names, count(names), NAMES_LIMIT, "more-people")
    }

    /// The same for those whose report is to be watched, with how far away they are where that is worth a look.
    pub fn watched(&self, people: &[Watched]) -> String {
        let words = |one: &Watched| match one.far_km {
            Some(km) => {
                let values = [("name", self.name(&one.name).into()), ("km", km.to_string().into())];
                self.say_with("watched-far", &values)
            }
            None => one.name.clone(),
        };
        self.people(&people.iter().map(words).collect::<Vec<_>>())
    }

    /// The same for a guardian's children, who are few.
    pub fn children(&self, names: &[String]) -> String {
        self.names(names, count(names), CHILDREN_LIMIT, "more-people")
    }

    /// The same for units, of which only the first may be given.
    pub fn units(&self, names: &[String], total: u32) -> String {
        self.names(names, u64::from(total), NAMES_LIMIT, "more-units")
    }

    fn names(&self, names: &[String], total: u64, limit: usize, more: &str) -> String {
        let join = self.say("join");
        let mut text = String::new();
        let mut shown = 0;
        for name in names {
            let name = self.name(name);
            if utf16_len(&text) + utf16_len(&name) > limit {
                break;
            }
            if shown > 0 {
                text.push_str(&join);
            }
            text.push_str(&name);
            shown += 1;
        }
        if total > shown {
            text.push_str(&self.say_with(more, &[("total", total.into())]));
        }
        text
    }

    /// `2026年第12号`, `No. 12/2026`.
    pub fn number(&self, number: Number) -> String {
        if number.number == 0 {
            return self.say("number-draft");
        }
        let (year, number) = (number.year.to_string(), number.number.to_string());
        self.say_with("number", &[("year", year.into()), ("number", number.into())])
    }

    /// The number and the begin of the text.
    pub fn directive(&self, number: Number, title: &str) -> String {
        let title = clip(&tidy(title), TITLE_LIMIT);
        let number = self.number(number);
        if title.is_empty() {
            return number;
        }
        self.say_with("directive", &[("number", number.into()), ("title", title.into())])
    }

    /// A local time as one says it now: of today only the time of day.
    pub fn at(&self, time: Time) -> String {
        let local = self.context.calendar.local(time);
        if local.date() == self.context.calendar.date(self.context.now) {
            return local.format("%H:%M").to_string();
        }
        self.dated(local)
    }

    /// A local time with its date, for what is still read tomorrow.
    pub fn day(&self, time: Time) -> String {
        self.dated(self.context.calendar.local(time))
    }

    fn dated(&self, local: NaiveDateTime) -> String {
        let this_year = self.context.calendar.date(self.context.now).year() == local.year();
        let day = local.day().to_string();
        let time = local.format("%H:%M").to_string();
        let values = [
            ("year", FluentValue::from(local.year().to_string())),
            ("month", local.month().into()),
            ("day", day.into()),
            ("time", time.into()),
        ];
        if this_year { self.say_with("time-day", &values[1..]) } else { self.say_with("time-year", &values) }
    }

    /// When something is due, or that it is overdue.
    pub fn due(&self, due: Time) -> String {
        let id = if due < self.context.now { "due-overdue" } else { "due-at" };
        self.say_with(id, &[("due", self.at(due).into())])
    }

    /// `已回复 31/45 位同学`, as plain digits.
    pub fn counter(&self, counted: Counted, acked: u32, must: u32) -> String {
        let (acked, must) = (acked.to_string(), must.to_string());
        let values = [
            ("acked", FluentValue::from(acked)),
            ("must", must.into()),
            ("counted", counted_word(counted).into()),
        ];
        self.say_with("counter", &values)
    }

    /// `尚有 14 位同学未回复`.
    pub fn missing(&self, counted: Counted, missing: u32) -> String {
        let values = [("missing", FluentValue::from(missing)), ("counted", counted_word(counted).into())];
        self.say_with("missing", &values)
    }

    /// What a tier is called: by the configuration, or as usual.
    pub fn tier(&self, tier: &TierName) -> String {
        let own = match self.bundle.locales.first().map(|language| language.language.as_str()) {
            Some("zh") => tier.zh.as_deref(),
            _ => tier.en.as_deref(),
        };
        own.map_or_else(
            || self.say_with("tier", &[("position", position(tier).into())]),
            |own| self.name(own),
        )
    }

    /// What stands before a message that may have arrived before.
    pub fn repeat(&self, number: Option<Number>) -> String {
        match number {
            Some(number) => self.say_with("repeat-number", &[("number", self.number(number).into())]),
            None => self.say("repeat"),
        }
    }

    /// `label：` before a list of names.
    pub fn label(&self, id: &str) -> String {
        self.say_with("list-label", &[("label", self.say(id).into())])
    }

    /// A button with the label of this name.
    pub fn button(&self, id: &str, verb: Verb, arg: Option<i64>) -> Button {
        self.button_named(&self.say(id), verb, arg)
    }

    /// A button with this label.
    pub fn button_named(&self, label: &str, verb: Verb, arg: Option<i64>) -> Button {
        let data = callback::data(verb, self.context.handle, arg);
        Button { label: clip(label, LABEL_LIMIT), action: Action::Data(data) }
    }
}

fn count(names: &[String]) -> u64 {
    u64::try_from(names.len()).unwrap_or(u64::MAX)
}

/// A tier's position as a variable; tiers beyond the last are spoken of as the last.
pub(super) fn position(tier: &TierName) -> u64 {
    u64::try_from(tier.position).unwrap_or(u64::MAX)
}

/// The word by which the sentences tell apart who is counted.
pub(super) fn counted_word(counted: Counted) -> &'static str {
    match counted {
        Counted::Colleges => "colleges",
        Counted::Counselors => "counselors",
        Counted::Classes => "classes",
        Counted::Students => "students",
        Counted::Households => "households",
    }
}

/// A condition as the sentences know it.
pub(super) fn yes(condition: bool) -> FluentValue<'static> {
    FluentValue::from(if condition { "yes" } else { "no" })
}

/// Numbers with commas between thousands, in every language: `17,204/20,000`.
pub(super) fn group_thousands<M>(value: &FluentValue, _memoizer: &M) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    let digits = number.as_string();
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    Some(grouped)
}

/// A sentence of a bundle. A missing one is a fault of the program, which the tests find; the person then sees
/// its name.
pub(super) fn format(bundle: &Bundle, id: &str, args: &FluentArgs<'_>) -> String {
    let mut errors = Vec::new();
    let pattern = bundle.get_message(id).and_then(|message| message.value());
    let text = pattern.map(|pattern| bundle.format_pattern(pattern, Some(args), &mut errors).into_owned());
    if text.is_none() || !errors.is_empty() {
        tracing::error!(id, ?errors, "a sentence is missing or lacks a variable");
        debug_assert!(false, "the sentence {id:?} is missing or lacks a variable: {errors:?}");
    }
    text.unwrap_or_else(|| id.to_owned())
}

fn reader_word(reader: Reader) -> &'static str {
    match reader {
        Reader::Group => "group",
        Reader::Student => "student",
        Reader::Adult => "adult",
    }
}
