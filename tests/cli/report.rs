//! `report`: the day's workbook from the shell.

use calamine::{Data, Reader, Xlsx, open_workbook};
use chrono::{NaiveDate, TimeZone as _, Utc};
use tierline::app::settings;
use tierline::config::Config;
use tierline::domain::checkin::day_id;
use tierline::store::checkin::days::{DayRules, open};
use tierline::store::checkin::{expected, units};

use super::Shell;

const SCHOOL: [&str; 3] = [
    "INSERT INTO units (id, code, name, tier, parent, path) VALUES (1, 's', 'School', 0, NULL, '/1/'), \
     (2, 'cs', 'Computing', 1, 1, '/1/2/'), (3, 'cs1', 'Class 1', 2, 2, '/1/2/3/')",
    "INSERT INTO people (id, code, name) VALUES (10, 'L1', 'Lin'), (11, '=A1', '=1+1'), (12, 'C1', 'Cao'), (13, 'S2', '@Du')",
    "INSERT INTO roles (person, unit, role) VALUES (10, 1, 'leader'), (11, 3, 'student'), (12, 3, 'counselor'), (13, 3, 'student')",
];

async fn school(days: &[u32]) -> Shell {
    let shell = Shell::new();
    let db = shell.database().await;
    let mut tx = db.begin().await.expect("a transaction");
    for statement in SCHOOL {
        tx.execute(statement, Vec::new()).await.expect("rows");
    }
    let config = Config::from_text("test", "", std::iter::empty()).expect("the defaults");
    let checkin = settings(&config).expect("settings").checkin;
    for day in days {
        let date = NaiveDate::from_ymd_opt(2026, 11, *day).expect("a date");
        let opened_at = Utc.with_ymd_and_hms(2026, 11, *day, 0, 0, 0).single().expect("a time");
        let (form, policy) = (checkin.form.clone(), checkin.policy.clone());
        let rules = DayRules { id: day_id(date), date, form, policy, opened_at, deadline_at: opened_at };
        assert!(open(&mut tx, &rules).await.expect("opens"));
        expected::everyone(&mut tx, rules.id).await.expect("expects");
        units::everywhere(&mut tx, rules.id).await.expect("units");
        units::count_all(&mut tx, rules.id).await.expect("counts");
    }
    tx.commit().await.expect("committed");
    db.close().await;
    shell
}

fn sheet(shell: &Shell, file: &str, sheet: &str) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = open_workbook(shell.folder().join(file)).expect("a workbook");
    let formulas = book.worksheet_formula(sheet).expect("a sheet");
    assert!(formulas.is_empty(), "a cell is a formula");
    let range = book.worksheet_range(sheet).expect("a sheet");
    let cell = |cell: &Data| cell.to_string();
    range.rows().map(|row| row.iter().map(cell).collect()).collect()
}

#[tokio::test]
async fn the_workbook_of_a_day_is_written_for_its_owner_and_audited() {
    let shell = school(&[23]).await;
    let done = shell
        .tierline(&["report", "--date", "2026-11-23", "--headings", "keys", "--out", "out/day.xlsx"])
        .await;
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    let summary = sheet(&shell, "out/day.xlsx", "summary");
    assert_eq!(summary[0][..7], ["unit_code", "unit", "tier", "expected", "reported", "missing", "excused"]);
    assert_eq!(summary[1][..7], ["s", "School", "school", "2", "0", "2", "0"]);
    assert_eq!(summary.len(), 4);
    let missing = sheet(&shell, "out/day.xlsx", "missing");
    assert_eq!(missing[1][2..5], ["=A1", "=1+1", "missing"]);
    assert_eq!(missing[2][3], "@Du");
    let answers = sheet(&shell, "out/day.xlsx", "answers");
    assert_eq!(answers[0][..3], ["unit_code", "person_code", "name"]);
    assert!(answers[0].iter().any(|head| head == "temperature"), "{:?}", answers[0]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode =
            std::fs::metadata(shell.folder().join("out/day.xlsx")).expect("a file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let done = shell.tierline(&["audit", "export", "--out", "audit.jsonl"]).await;
    assert_eq!(done.code, 0, "{}", done.err);
    let audit = std::fs::read_to_string(shell.folder().join("audit.jsonl")).expect("a log");
    assert!(audit.contains("export.report") && audit.contains("unit:s"), "{audit}");
}

#[tokio::test]
async fn a_ledger_begins_every_row_with_its_date() {
    let shell = school(&[23, 25]).await;
    let range = [
        "report",
        "--from",
        "2026-11-23",
        "--to",
        "2026-11-30",
        "--unit",
        "cs1",
        "--headings",
        "keys",
        "--out",
        "ledger.xlsx",
    ];
    let done = shell.tierline(&range).await;
    assert_eq!((done.code, done.err.as_str()), (0, ""));
    let summary = sheet(&shell, "ledger.xlsx", "summary");
    assert_eq!(summary[0][..2], ["date", "unit_code"]);
    assert_eq!(summary.len(), 3, "one class on two days: {summary:?}");
    assert_eq!(sheet(&shell, "ledger.xlsx", "missing").len(), 5);
}

#[tokio::test]
async fn what_cannot_be_written_is_said_in_one_line() {
    let shell = school(&[23]).await;
    for (arguments, code, words) in [
        (vec!["report", "--date", "2026-11-24", "--out", "a.xlsx"], 1, "no check-in on 2026-11-24"),
        (vec!["report", "--date", "2026-11-23", "--unit", "x", "--out", "a.xlsx"], 1, "no unit has the code"),
        (vec!["report", "--date", "2026-11-23", "--out", "a.csv"], 2, ".xlsx"),
        (vec!["report", "--from", "2026-11-23", "--to", "2026-11-01", "--out", "a.xlsx"], 2, "lies before"),
    ] {
        let done = shell.tierline(&arguments).await;
        assert_eq!((done.code, done.err.lines().count()), (code, 1), "{arguments:?}: {}", done.err);
        assert!(done.err.contains(words), "{}", done.err);
        assert!(!shell.folder().join("a.xlsx").exists());
    }
    let done = shell.tierline(&["report", "--date", "yesterday", "--out", "a.xlsx"]).await;
    assert_eq!(done.code, 2, "{}", done.err);
}
