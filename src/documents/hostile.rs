//! Every file for a spreadsheet, filled with texts that want to be formulas (S10).

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use chrono::NaiveDate;
use chrono_tz::Asia::Shanghai;

use super::{Words, day, directory, invites, receipts, roster};
use crate::domain::calendar::Calendar;
use crate::domain::figures::{Figures, PersonState};
use crate::domain::message::{Locale, Number, Time};
use crate::domain::outgoing::ContactRow;
use crate::domain::report::{
    AnswerRow, AnswerSheet, Cell, DayReport, DirectiveRow, LegRow, MissingRow, ReceiptRow, SignAct, SignRow,
    UnitRow,
};
use crate::domain::roster::{Person, Role, Roster, Tiers, Unit};
use crate::text::Texts;

const HOSTILE: [&str; 14] = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1;1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    "'=1+1",
    "{=1+1}",
    "=HYPERLINK(\"http://127.0.0.1\")",
];
/// What no cell of a CSV may begin with.
const BEGINS: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

fn with_words<T>(use_them: impl FnOnce(&Words<'_>) -> T) -> T {
    let (texts, calendar) = (Texts::new(), Calendar::plain(Shanghai));
    use_them(&Words::of(&texts, Locale::ZhCn, &calendar, &[]))
}

fn day_of(text: &str) -> DayReport {
    let (words, at) = (text.to_owned(), Some(Time::UNIX_EPOCH));
    DayReport {
        date: NaiveDate::default(),
        school: words.clone(),
        units: vec![UnitRow {
            code: words.clone(),
            unit: words.clone(),
            tier: 2,
            tier_key: words.clone(),
            depth: 1,
            figures: Figures::default(),
            confirmed_by: Some(words.clone()),
            confirmed_at: at,
        }],
        missing: vec![MissingRow {
            unit_code: words.clone(),
            unit: words.clone(),
            person_code: words.clone(),
            name: words.clone(),
            state: PersonState::Missing,
            phone: Some(words.clone()),
            reminders: 0,
            escalated_to: vec![words.clone()],
        }],
        answers: Some(AnswerSheet {
            questions: vec![(words.clone(), words.clone())],
            rows: vec![AnswerRow {
                unit_code: words.clone(),
                person_code: words.clone(),
                name: words.clone(),
                state: PersonState::Reported,
                late: false,
                reported_at: at,
                by: words.clone(),
                changed: false,
                answers: vec![Cell::Text(words.clone())],
            }],
        }),
        directives: vec![DirectiveRow {
            number: Number { year: 2026, number: 1 },
            title: words.clone(),
            issued_at: Time::UNIX_EPOCH,
            tier: 0,
            tier_key: words.clone(),
            unit: words.clone(),
            must_ack: 0,
            acked: 0,
            late: 0,
            relayed_at: at,
            done_at: at,
        }],
        signoff: vec![SignRow {
            act: SignAct::Filed,
            by: words.clone(),
            at: Time::UNIX_EPOCH,
            to: words.clone(),
            reason: words,
        }],
    }
}

fn receipt_of(text: &str) -> (ReceiptRow, LegRow) {
    let (words, at) = (text.to_owned(), Some(Time::UNIX_EPOCH));
    let receipt = ReceiptRow {
        tier: 2,
        unit: words.clone(),
        kind: "person".to_owned(),
        code: words.clone(),
        name: words.clone(),
        arrived_at: at,
        due_at: at,
        acked_at: at,
        by: words.clone(),
        way: "phone".to_owned(),
        recorded_by: words.clone(),
        late: true,
        reminders: 1,
        escalated_at: at,
        escalated_to: vec![words.clone()],
        unreached_at: None,
    };
    let leg = LegRow {
        tier: 2,
        unit: words.clone(),
        state: "arrived".to_owned(),
        in_private: false,
        arrived_at: at,
        relay_how: "ack".to_owned(),
        relayed_by: words.clone(),
        must: 1,
        acked: 1,
        late: 0,
        done_state: "accepted".to_owned(),
        done_text: words,
    };
    (receipt, leg)
}

fn roster_of(text: &str) -> Roster {
    let unit = Unit { code: "u".to_owned(), name: text.to_owned(), tier: 0, parent: None };
    let person = Person {
        code: text.to_owned(),
        name: text.to_owned(),
        phone: text.to_owned(),
        duties: BTreeMap::from([((Role::Staff, "u".to_owned()), false)]),
        ..Person::default()
    };
    Roster {
        units: BTreeMap::from([("u".to_owned(), unit)]),
        people: BTreeMap::from([(text.to_owned(), person)]),
    }
}

/// Workbooks of all kinds in which this text is wherever data can be.
fn workbooks(text: &str, folder: &Path) -> Vec<Vec<u8>> {
    let contact = ContactRow {
        code: text.to_owned(),
        name: text.to_owned(),
        phone: Some(text.to_owned()),
        answers_for: vec![text.to_owned()],
        verified: true,
        reachable: true,
    };
    let link = invites::Link {
        code: text.to_owned(),
        name: text.to_owned(),
        unit: text.to_owned(),
        link: text.to_owned(),
        expires_at: text.to_owned(),
    };
    let (receipt, leg) = receipt_of(text);
    let mut all = with_words(|words| {
        let headings = day::Headings::Words;
        let book = day::Book { words, headings, dated: true, made_at: Time::UNIX_EPOCH };
        vec![
            day::workbook(&book, &[day_of(text)]).expect("written"),
            receipts::workbook(words, &[receipt], &[leg]).expect("written"),
            directory::workbook(&[contact], words).expect("written"),
        ]
    });
    let (links, people) = (folder.join("links.xlsx"), folder.join("roster.xlsx"));
    invites::write(std::slice::from_ref(&link), &links).expect("written");
    invites::write(&[link], &folder.join("links.csv")).expect("written");
    roster::export(&roster_of(text), &Tiers::default(), &people).expect("written");
    roster::export(&roster_of(text), &Tiers::default(), folder).expect("written");
    all.extend([links, people].map(|file| std::fs::read(file).expect("it was written")));
    all
}

/// The sheets of a workbook as they are in its file.
fn sheets(bytes: &[u8]) -> Vec<String> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a workbook is an archive");
    let mut all = Vec::new();
    for index in 0..archive.len() {
        let mut file = archive.by_index(index).expect("a part");
        if file.name().expect("a name is text").starts_with("xl/worksheets/sheet") {
            let mut text = String::new();
            file.read_to_string(&mut text).expect("XML is text");
            all.push(text);
        }
    }
    all
}

#[test]
fn no_text_becomes_a_formula_in_any_file() {
    for text in HOSTILE {
        let folder = tempfile::tempdir().expect("a folder");
        for bytes in workbooks(text, folder.path()) {
            let sheets = sheets(&bytes);
            assert!(!sheets.is_empty());
            for sheet in sheets {
                assert!(!sheet.contains("<f>") && !sheet.contains("<f "), "{text:?}: {sheet}");
                // A cell is a shared string, a number, or empty: no kind that is computed or marked up.
                let kinds = sheet.split("<c ").skip(1).filter_map(|cell| cell.split('>').next());
                let plain = |cell: &str| !cell.contains(" t=") || cell.contains(" t=\"s\"");
                assert!(kinds.clone().all(plain), "{text:?}: {sheet}");
                assert!(!sheet.contains("<hyperlink"), "{text:?}: {sheet}");
            }
        }
        for file in ["links.csv", "units.csv", "people.csv"] {
            let bytes = std::fs::read(folder.path().join(file)).expect("it was written");
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&bytes[..]);
            let mut cells = 0;
            for record in reader.records() {
                for cell in &record.expect("a row") {
                    let cell = cell.trim_start_matches('\u{feff}');
                    assert!(!cell.starts_with(BEGINS), "{file}: {cell:?}");
                    cells += 1;
                }
            }
            assert!(cells > 4, "{file}");
        }
    }
}
