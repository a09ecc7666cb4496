//! The columns of the sheets: the manual's key of each and the name of its words.

/// A column: the key of the manual, and the words' name.
pub struct Column {
    pub key: &'static str,
    pub word: &'static str,
}

const fn column(key: &'static str, word: &'static str) -> Column {
    Column { key, word }
}

/// The first column of a range of days.
pub const DATE: Column = column("date", "book-date");

pub const SUMMARY: [Column; 14] = [
    column("unit_code", "book-unit-code"),
    column("unit", "sheet-unit"),
    column("tier", "sheet-tier"),
    column("expected", "book-expected"),
    column("reported", "book-reported"),
    column("missing", "book-missing"),
    column("excused", "book-excused"),
    column("unreachable", "book-unreachable"),
    column("late", "book-late"),
    column("changed", "book-changed"),
    column("watch", "book-watch"),
    column("urgent", "book-urgent"),
    column("confirmed_by", "book-confirmed-by"),
    column("confirmed_at", "book-confirmed-at"),
];

pub const MISSING: [Column; 8] = [
    column("unit_code", "book-unit-code"),
    column("unit", "sheet-unit"),
    column("person_code", "book-person-code"),
    column("name", "book-name"),
    column("state", "book-state"),
    column("phone", "book-phone"),
    column("reminders", "sheet-reminders"),
    column("escalated_to", "sheet-escalated-to"),
];

/// Before the columns of the questions.
pub const ANSWERS: [Column; 8] = [
    column("unit_code", "book-unit-code"),
    column("person_code", "book-person-code"),
    column("name", "book-name"),
    column("state", "book-state"),
    column("late", "book-late"),
    column("reported_at", "book-reported-at"),
    column("by", "book-by"),
    column("changed", "book-changed"),
];

pub const DIRECTIVES: [Column; 10] = [
    column("number", "book-number"),
    column("title", "book-title"),
    column("issued_at", "book-issued-at"),
    column("tier", "sheet-tier"),
    column("unit", "sheet-unit"),
    column("must_ack", "sheet-must"),
    column("acked", "sheet-reported"),
    column("late", "sheet-late"),
    column("relayed_at", "book-relayed-at"),
    column("done_at", "book-done-at"),
];

pub const SIGNOFF: [Column; 5] = [
    column("act", "book-act"),
    column("by", "book-act-by"),
    column("at", "book-act-at"),
    column("to", "book-act-to"),
    column("reason", "book-act-reason"),
];
