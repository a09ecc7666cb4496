//! A day of the demo, played by the real program: added up anew by a program that shares no code with it, and searched
//! for what must not leak.

mod leaks;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// What a played day left behind.
pub struct Played {
    folder: TempDir,
    /// All that was logged, at the level that logs most.
    pub log: String,
    pub printed: String,
}

impl Played {
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("out").join(name)
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// What the checking program says, and whether it is content.
    fn checked(&self) -> (bool, String) {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/check-demo");
        let output = Command::new("python3").arg(script).arg(self.path("")).output();
        let Output { status, stdout, stderr } = output.expect("python3 is installed: scripts/test does that");
        let said = [stdout, stderr].map(|bytes| String::from_utf8(bytes).expect("it speaks UTF-8")).concat();
        (status.success(), said)
    }

    /// Changes a file, has the day checked, and puts it back; returns what was found to differ.
    fn altered(&self, name: &str, change: impl FnOnce(Vec<u8>) -> Vec<u8>) -> String {
        let path = self.path(name);
        let before = fs::read(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        let after = change(before.clone());
        assert_ne!(before, after, "{name} was to be changed");
        fs::write(&path, after).expect("it can be written");
        let (content, said) = self.checked();
        fs::write(&path, before).expect("it can be written");
        assert!(!content, "a change of {name} is not found: {said}");
        said
    }
}

/// Plays a day with everything logged.
pub fn play(locale: &str, seed: &str) -> Played {
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("log");
    let played = Command::new(env!("CARGO_BIN_EXE_tierline"))
        .args(["demo", "--once", "--keep", "--locale", locale, "--seed", seed, "--out"])
        .arg(folder.path().join("out"))
        .current_dir(folder.path())
        .env_clear()
        .envs([("TIERLINE_LOG", "trace"), ("NO_PROXY", "127.0.0.1,localhost")])
        .stderr(fs::File::create(&log).expect("a log"))
        .output()
        .expect("the program starts");
    let log = fs::read_to_string(log).expect("a log");
    assert!(played.status.success(), "{}", log.lines().next_back().unwrap_or_default());
    Played { folder, log, printed: String::from_utf8(played.stdout).expect("text") }
}

/// A text file in which the first of these words is another.
fn with(from: &str, to: &str) -> impl FnOnce(Vec<u8>) -> Vec<u8> {
    let (from, to) = (from.to_owned(), to.to_owned());
    move |bytes| String::from_utf8(bytes).expect("text").replacen(&from, &to, 1).into_bytes()
}

/// A sheet's XML in which this cell holds another value.
fn set_cell(sheet: &str, cell: &str, value: &str) -> String {
    let at = sheet.find(&format!("<c r=\"{cell}\"")).expect("the cell is there");
    let begins = at + sheet[at..].find("<v>").expect("it has a value") + 3;
    let ends = begins + sheet[begins..].find("</v>").expect("it ends");
    format!("{}{value}{}", &sheet[..begins], &sheet[ends..])
}

/// A workbook in which one cell of a sheet holds another number.
fn with_cell(sheet: u32, cell: &'static str, value: &'static str) -> impl FnOnce(Vec<u8>) -> Vec<u8> {
    use std::io::{Cursor, Read, Write};
    move |bytes| {
        let mut book = zip::ZipArchive::new(Cursor::new(bytes)).expect("a workbook is an archive");
        let mut changed = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for index in 0..book.len() {
            let mut part = book.by_index(index).expect("a part");
            let name = part.name().expect("a name is text").into_owned();
            let mut text = Vec::new();
            part.read_to_end(&mut text).expect("it can be read");
            if name == format!("xl/worksheets/sheet{sheet}.xml") {
                text = set_cell(&String::from_utf8(text).expect("XML is text"), cell, value).into_bytes();
            }
            changed.start_file(name, zip::write::SimpleFileOptions::default()).expect("a part");
            changed.write_all(&text).expect("it can be written");
        }
        changed.finish().expect("an archive").into_inner()
    }
}

#[test]
fn a_day_in_chinese_adds_up_and_nothing_leaks() {
    let day = play("zh-CN", "3");
    let (content, said) = day.checked();
    assert!(content, "{said}");
    leaks::nowhere(&day, "zh-CN");
}

#[test]
fn a_day_in_english_adds_up_and_a_changed_figure_is_found() {
    let day = play("en", "4");
    let (content, said) = day.checked();
    assert!(content, "{said}");
    let compared: usize = said.split(' ').next().and_then(|count| count.parse().ok()).expect("a count");
    assert!(compared > 2000, "{said}");
    leaks::nowhere(&day, "en");

    let found = day.altered("digest.txt", with("Expected 48", "Expected 47"));
    assert!(found.contains("digest: expected: the chats give 48, the paper says 47"), "{found}");
    let found = day.altered("summary.txt", with("must 2", "must 3"));
    assert!(found.contains("summary.txt, school: must"), "{found}");
    let book = "Model-University-2026-11-23.xlsx";
    let found = day.altered(book, with_cell(1, "D3", "25"));
    assert!(found.contains("summary, cs: expected"), "{found}");
    let found = day.altered("directive-2026-1.xlsx", with_cell(2, "G5", "11"));
    assert!(found.contains("relays, class cs01: must"), "{found}");
    let found = day.altered("audit.jsonl", with("receipt.ack", "receipt.akc"));
    assert!(found.contains("number, link and hash"), "{found}");
    let found = day.altered("chats.jsonl", with(",\"data\":\"same:", ",\"data\":\"gone:"));
    assert!(found.contains("summary, school: reported"), "{found}");
    let (content, said) = day.checked();
    assert!(content, "it is as it was: {said}");
}
