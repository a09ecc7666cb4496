//! The cells of each row.

use std::borrow::Cow;

use crate::documents::Words;
use crate::domain::report::{
    AnswerRow, Cell, ChoiceWords, DayReport, DirectiveRow, MissingRow, PersonState, SignAct, SignRow, UnitRow,
};

use super::Headings;
use super::columns::Column;
use super::sheet::{Head, Value};

/// Says headings, states and choices in words or in keys.
pub struct Speaker<'a> {
    pub words: &'a Words<'a>,
    pub headings: Headings,
}

impl Speaker<'_> {
    fn keys(&self) -> bool {
        self.headings == Headings::Keys
    }

    pub fn head(&self, column: &Column) -> Head {
        if self.keys() { Head::new(column.key) } else { Head::new(&self.words.say(column.word)) }
    }

    pub fn sheet_name(&self, key: &str) -> String {
        if self.keys() { key.to_owned() } else { self.words.say(&format!("booksheet-{key}")) }
    }

    fn state(&self, state: PersonState) -> String {
        let word = state.word();
        if self.keys() { word.to_owned() } else { self.words.say(&format!("bookstate-{word}")) }
    }

    fn tier(&self, position: usize, key: &str) -> String {
        if self.keys() { key.to_owned() } else { self.words.tier(position) }
    }

    /// A mark, or nothing: what is usual needs no ink.
    fn mark(&self, is: bool) -> Value<'static> {
        match (is, self.keys()) {
            (false, _) => Value::Empty,
            (true, true) => Value::text("yes"),
            (true, false) => Value::text(self.words.say("sheet-yes")),
        }
    }

    fn list(&self, names: &[String]) -> String {
        let join = if self.keys() { ";".to_owned() } else { self.words.say("join") };
        names.join(&join)
    }

    pub fn unit<'r>(&self, row: &'r UnitRow) -> Vec<Value<'r>> {
        let figures = &row.figures;
        vec![
            Value::text(&row.code),
            Value::Indented(&row.unit, row.depth),
            Value::text(self.tier(row.tier, &row.tier_key)),
            Value::Count(figures.expected),
            Value::Count(figures.reported),
            Value::Alarm(figures.missing),
            Value::Count(figures.excused),
            Value::Alarm(figures.unreachable),
            Value::Count(figures.late),
            Value::Count(figures.changed),
            Value::Count(figures.watch),
            Value::Alarm(figures.urgent),
            Value::text(row.confirmed_by.as_deref().unwrap_or_default()),
            Value::at(row.confirmed_at),
        ]
    }

    pub fn missing<'r>(&self, row: &'r MissingRow) -> Vec<Value<'r>> {
        vec![
            Value::text(&row.unit_code),
            Value::text(&row.unit),
            Value::text(&row.person_code),
            Value::text(&row.name),
            Value::text(self.state(row.state)),
            Value::text(row.phone.as_deref().unwrap_or_default()),
            Value::Count(row.reminders),
            Value::text(self.list(&row.escalated_to)),
        ]
    }

    pub fn answer<'r>(&self, row: &'r AnswerRow, places: &[Option<usize>]) -> Vec<Value<'r>> {
        let mut cells = vec![
            Value::text(&row.unit_code),
            Value::text(&row.person_code),
            Value::text(&row.name),
            Value::text(self.state(row.state)),
            self.mark(row.late),
            Value::at(row.reported_at),
            Value::text(&row.by),
            self.mark(row.changed),
        ];
        let answer = |place: &Option<usize>| place.and_then(|place| row.answers.get(place));
        cells.extend(places.iter().map(|place| answer(place).map_or(Value::Empty, |cell| self.cell(cell))));
        cells
    }

    fn cell<'r>(&self, cell: &'r Cell) -> Value<'r> {
        match cell {
            Cell::Empty => Value::Empty,
            Cell::Choice(choice) => Value::text(self.choice(choice)),
            Cell::Choices(choices) => Value::text(
                self.list(&choices.iter().map(|choice| self.choice(choice).to_owned()).collect::<Vec<_>>()),
            ),
            Cell::YesNo(yes) => Value::text(match (yes, self.keys()) {
                (true, true) => Cow::from("yes"),
                (false, true) => Cow::from("no"),
                (true, false) => self.words.say("sheet-yes").into(),
                (false, false) => self.words.say("book-no").into(),
            }),
            Cell::Number(number) => Value::Number(*number),
            Cell::Text(text) => Value::text(text),
            Cell::Place { latitude, longitude } => Value::text(format!("{latitude:.5}, {longitude:.5}")),
            Cell::Photo if self.keys() => Value::text("photo"),
            Cell::Photo => Value::text(self.words.say("book-photo")),
        }
    }

    fn choice<'r>(&self, choice: &'r ChoiceWords) -> &'r str {
        if self.keys() { &choice.id } else { &choice.words }
    }

    pub fn directive<'r>(&self, row: &'r DirectiveRow) -> Vec<Value<'r>> {
        let (year, number) = (row.number.year.to_string(), row.number.number.to_string());
        let number = if self.keys() {
            row.number.to_string()
        } else {
            self.words.say_with("number", &[("year", year), ("number", number)])
        };
        vec![
            Value::text(number),
            Value::text(&row.title),
            Value::at(Some(row.issued_at)),
            Value::text(self.tier(row.tier, &row.tier_key)),
            Value::text(&row.unit),
            Value::Count(row.must_ack),
            Value::Count(row.acked),
            Value::Count(row.late),
            Value::at(row.relayed_at),
            Value::at(row.done_at),
        ]
    }

    pub fn act<'r>(&self, row: &'r SignRow) -> Vec<Value<'r>> {
        vec![
            Value::text(self.act_word(row.act)),
            Value::text(&row.by),
            Value::at(Some(row.at)),
            Value::text(&row.to),
            Value::text(&row.reason),
        ]
    }

    /// An act on one line.
    pub fn remark(&self, row: &SignRow) -> String {
        let at = self.words.calendar.format_local(row.at);
        let parts = [self.act_word(row.act), row.by.clone(), at, row.to.clone(), row.reason.clone()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    }

    fn act_word(&self, act: SignAct) -> String {
        match act {
            SignAct::Reviewed => self.words.say("book-act-reviewed"),
            SignAct::Rejected => self.words.say("book-act-rejected"),
            SignAct::Signed => self.words.say("book-act-signed"),
            SignAct::Supplement(number) => {
                self.words.say_with("book-act-supplement", &[("number", number.to_string())])
            }
            SignAct::Filed => self.words.say("book-act-filed"),
        }
    }
}

/// Every question of these days once, with its newest words.
pub fn questions(days: &[DayReport]) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    for (id, words) in days.iter().filter_map(|day| day.answers.as_ref()).flat_map(|sheet| &sheet.questions) {
        match all.iter_mut().find(|(known, _)| known == id) {
            Some(known) => known.1.clone_from(words),
            None => all.push((id.clone(), words.clone())),
        }
    }
    all
}

/// Where each of these questions stands in the day's own form.
pub fn places(day: &DayReport, questions: &[(String, String)]) -> Vec<Option<usize>> {
    let own = day.answers.as_ref().map(|sheet| sheet.questions.as_slice()).unwrap_or_default();
    questions.iter().map(|(id, _)| own.iter().position(|(known, _)| known == id)).collect()
}
