use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::{btree_set, vec};
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use tempfile::TempDir;

use super::*;
use crate::domain::roster::{Follows, Person, Role, Unit, diff, tidy};

const UNITS: &str = "code,name,kind,parent\nu,示范大学,school,\ncs,计算机学院,college,u\nc1,1班,class,cs\n";
const PEOPLE: &str = "code,name,role,unit\n1,张一,student,c1\n";

/// Writes files into a folder and reads them all.
fn read_files(files: &[(&str, &[u8])]) -> (TempDir, Result<Roster, Vec<String>>) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut paths = Vec::new();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::write(&path, bytes).expect("written");
        paths.push(path);
    }
    let prefix = format!("{}/", folder.path().display());
    let plain = |problem: &Problem| problem.to_string().replace(&prefix, "");
    let read = read(&paths, &Tiers::default());
    let outcome = read.map(|read| read.roster).map_err(|problems| problems.iter().map(plain).collect());
    (folder, outcome)
}

fn read_csv(units: &str, people: &str) -> Result<Roster, Vec<String>> {
    read_files(&[("units.csv", units.as_bytes()), ("people.csv", people.as_bytes())]).1
}

/// Asserts that there is exactly one fault, at this place and with these words in it.
fn one_fault(outcome: Result<Roster, Vec<String>>, start: &str, words: &str) {
    let found = outcome.expect_err("a fault");
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].starts_with(start) && found[0].contains(words), "{found:#?}");
}

#[test]
fn english_and_chinese_tables_say_the_same() {
    let english = read_csv(
        UNITS,
        "code,name,role,unit,phone,answers_for,follows,signs,telegram_id,locale\n\
         o,王主任,office,u,,,,yes,,\n1,张一,student,c1,+86 13800138000,,,,7,zh-CN\n\
         g,张父,guardian,c1,,1,,no,,en\nt,钱教授,tutor,cs,,,1;c1,,,\n",
    )
    .expect("sound");
    let chinese = read_csv(
        "\u{FEFF}编号;名称;类型;上级\r\nu;示范大学;学校;\r\ncs;计算机学院;二级学院;u\r\nc1;1班;班级;cs\r\n",
        "学号\t姓名\t角色\t单位\t电话\t代表学生\t联系对象\t签发\tTelegram ID\t语言\n\
         o\t王主任\t防控办\tu\t\t\t\t是\t\t\n１\t张一\t学生\tc1\t'+86 13800138000\t\t\t\t７\t中文\n\
         g\t张父\t家长\tc1\t\t1\t\t否\t\ten\nt\t钱教授\t研究生导师\tcs\t\t\t1；c1\t\t\t\n",
    )
    .expect("sound");
    assert_eq!(english, chinese);
    assert!(english.people["o"].duties[&(Role::Office, "u".to_owned())]);
    assert_eq!(english.people["1"].telegram_id, Some(7));
}

#[test]
fn the_order_of_files_and_their_names_do_not_matter() {
    let (_folder, read) = read_files(&[("b.txt", PEOPLE.as_bytes()), ("a.txt", UNITS.as_bytes())]);
    assert_eq!(read.expect("sound").people.len(), 1);
    let more = "code,name,role,unit\n2,张二,student,c1\n";
    let (_folder, read) =
        read_files(&[("a.csv", UNITS.as_bytes()), ("b.csv", PEOPLE.as_bytes()), ("c.csv", more.as_bytes())]);
    assert_eq!(read.expect("sound").people.len(), 2);
}

#[test]
fn faults_of_files_are_named() {
    one_fault(read_csv(UNITS, ""), "people.csv: ", "empty");
    one_fault(read_csv(UNITS, "\n\n"), "people.csv: ", "nothing in it");
    one_fault(read_csv(UNITS, "code,name,role,unit\n"), "people.csv:1: ", "no people");
    one_fault(read_csv(UNITS, "1,张一,student,c1\n"), "people.csv:1: ", "must hold the headings");
    one_fault(read_csv(UNITS, "code,name,role,unti\n1,a,student,c1\n"), "people.csv:1: ", "unti");
    one_fault(read_csv(UNITS, "code,name,role,unit,unit\n1,a,student,c1,\n"), "people.csv:1: ", "twice");
    one_fault(read_csv(UNITS, "code,name,role,unit\n1,\"a,student,c1\n"), "people.csv:2: ", "never closed");
    one_fault(
        read_csv(UNITS, "code,name,role,unit\n1,a,student,c1,x\n"),
        "people.csv:2: ",
        "without a heading",
    );
    one_fault(read_files(&[("units.csv", UNITS.as_bytes())]).1, "units.csv: ", "no table of people");
    one_fault(read_files(&[("people.csv", PEOPLE.as_bytes())]).1, "people.csv: ", "no table of units");
}

#[test]
fn gbk_and_utf16_are_recognised() {
    let (gbk, _, _) = encoding_rs::GBK.encode(PEOPLE);
    let (_folder, read) = read_files(&[("units.csv", UNITS.as_bytes()), ("people.csv", &gbk)]);
    one_fault(read, "people.csv:2: ", "GBK");
    let wide: Vec<u8> = PEOPLE.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let (_folder, read) = read_files(&[("units.csv", UNITS.as_bytes()), ("people.csv", &wide)]);
    one_fault(read, "people.csv:1: ", "UTF-16");
}

#[test]
fn faults_in_chinese_tables_name_their_headings() {
    let people = "学号,姓名,角色,单位\n1,张一,学生,c9\n";
    one_fault(read_csv(UNITS, people), "people.csv:2: column 单位: ", "c9");
}

#[test]
fn faults_after_a_quoted_line_break_keep_their_line() {
    let people = "code,name,role,unit\n1,\"张\n一\",student,c1\n2,张二,student,c9\n";
    one_fault(read_csv(UNITS, people), "people.csv:4: column unit: ", "c9");
}

/// A workbook with sound units and these cells of one person; `fill` may spoil them.
fn workbook(fill: impl Fn(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let notes = workbook.add_worksheet();
    notes.write_string(0, 0, "read me").expect("written");
    let units = workbook.add_worksheet();
    units.set_name("单位").expect("a name");
    for (row, line) in (0..).zip(UNITS.lines()) {
        for (column, cell) in (0..).zip(line.split(',')) {
            units.write_string(row, column, cell).expect("written");
        }
    }
    let people = workbook.add_worksheet();
    people.set_name("人员").expect("a name");
    for (column, heading) in (0..).zip(["学号", "姓名", "角色", "单位"]) {
        people.write_string(2, column, heading).expect("written");
    }
    for (column, cell) in (1..).zip(["张一", "学生", "c1"]) {
        people.write_string(3, column, cell).expect("written");
    }
    fill(people);
    workbook.save_to_buffer().expect("a workbook")
}

#[test]
fn a_workbook_is_read_with_numbers_as_they_look() {
    let bytes = workbook(|people| {
        people.write_number(3, 0, 20_260_101.0).expect("written");
    });
    let (_folder, read) = read_files(&[("r.xlsx", &bytes)]);
    assert_eq!(read.expect("sound").people.keys().collect::<Vec<_>>(), ["20260101"]);
}

#[test]
fn dates_and_rounded_numbers_in_a_workbook_are_named() {
    let bytes = workbook(|people| {
        let date = ExcelDateTime::from_ymd(2026, 1, 1).expect("a date");
        let format = Format::new().set_num_format("yyyy-mm-dd");
        people.write_datetime_with_format(3, 0, date, &format).expect("written");
    });
    let (_folder, read) = read_files(&[("r.xlsx", &bytes)]);
    one_fault(read, "r.xlsx:4: sheet 人员: column 学号: ", "date");
    let bytes = workbook(|people| {
        people.write_number(3, 0, 1.101_082_000_123_45e17).expect("written");
    });
    let (_folder, read) = read_files(&[("r.xlsx", &bytes)]);
    one_fault(read, "r.xlsx:4: sheet 人员: column 学号: ", "last digits");
}

#[test]
fn what_is_no_workbook_is_named() {
    one_fault(read_files(&[("r.xlsx", b"PK\x03\x04 broken")]).1, "r.xlsx: ", "workbook");
    one_fault(read_files(&[("r.xls", &[0xD0, 0xCF, 0x11, 0xE0, 1])]).1, "r.xls: ", ".xlsx");
    let mut empty = Workbook::new();
    empty.add_worksheet();
    let bytes = empty.save_to_buffer().expect("a workbook");
    one_fault(read_files(&[("r.xlsx", &bytes)]).1, "r.xlsx: ", "units or people");
}

#[test]
fn templates_have_the_contract_headings_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    template(folder.path()).expect("written");
    let units = fs::read_to_string(folder.path().join("units.csv")).expect("there");
    assert_eq!(units, "\u{FEFF}code,name,kind,parent\r\n");
    let people = fs::read_to_string(folder.path().join("people.csv")).expect("there");
    let headings = "code,name,role,unit,phone,answers_for,follows,signs,telegram_id,locale";
    assert_eq!(people, format!("\u{FEFF}{headings}\r\n"));
    let faults = read(&[folder.path().join("roster.xlsx")], &Tiers::default()).expect_err("empty");
    assert_eq!(faults.len(), 2, "{faults:#?}");
}

#[test]
fn export_refuses_a_single_csv() {
    let folder = tempfile::tempdir().expect("a folder");
    let refused = export(&Roster::default(), &Tiers::default(), &folder.path().join("all.csv"));
    assert!(matches!(refused, Err(WriteError::Kind(_))));
}

fn name() -> impl Strategy<Value = String> {
    "[=+@'\"，,;\\-＝a-z张三 \n]{0,3}\\PC{1,6}"
        .prop_map(|name| tidy(&name))
        .prop_filter("a name", |name| !name.is_empty())
}

/// A school of a few colleges and classes with everybody in it.
fn roster() -> impl Strategy<Value = Roster> {
    let units = vec(vec(name(), 1..3), 1..3);
    let students = vec((name(), 0..9_usize, proptest::option::of("[+]?[0-9]{5,12}")), 1..8);
    let guardians = vec((name(), btree_set(0..9_usize, 1..3), any::<bool>()), 0..4);
    let tutors = vec((name(), btree_set(0..9_usize, 0..3), any::<bool>()), 0..3);
    (units, students, guardians, tutors).prop_map(|(units, students, guardians, tutors)| {
        let mut roster = Roster::default();
        let mut classes = Vec::new();
        add_unit(&mut roster, "u", "大学".to_owned(), 0, None);
        for (at, names) in units.into_iter().enumerate() {
            let college = format!("k{at}");
            add_unit(&mut roster, &college, format!("学院{at}"), 1, Some("u"));
            for (class, name) in names.into_iter().enumerate() {
                let code = format!("{college}-{class}");
                add_unit(&mut roster, &code, name, 2, Some(&college));
                classes.push(code);
            }
        }
        let count = students.len();
        for (at, (name, class, phone)) in students.into_iter().enumerate() {
            let mut person =
                person(format!("{at}"), name, Role::Student, &classes[class % classes.len()], false);
            person.phone = phone.unwrap_or_default();
            person.telegram_id = (at % 2 == 0).then(|| i64::try_from(at + 100).expect("small"));
            roster.people.insert(person.code.clone(), person);
        }
        for (at, (name, of, english)) in guardians.into_iter().enumerate() {
            let mut person = person(format!("g{at}"), name, Role::Guardian, &classes[0], false);
            person.duties.insert((Role::Staff, "u".to_owned()), false);
            person.answers_for = of.into_iter().map(|student| (student % count).to_string()).collect();
            person.locale = english.then(|| "en".to_owned());
            roster.people.insert(person.code.clone(), person);
        }
        for (at, (name, of, signs)) in tutors.into_iter().enumerate() {
            let mut person = person(format!("t{at}"), name, Role::Tutor, "u", signs);
            person.follows =
                of.into_iter().map(|student| Follows::Student((student % count).to_string())).collect();
            person.follows.insert(Follows::Unit(classes[0].clone()));
            roster.people.insert(person.code.clone(), person);
        }
        roster
    })
}

fn add_unit(roster: &mut Roster, code: &str, name: String, tier: usize, parent: Option<&str>) {
    let unit = Unit { code: code.to_owned(), name, tier, parent: parent.map(str::to_owned) };
    roster.units.insert(code.to_owned(), unit);
}

fn person(code: String, name: String, role: Role, unit: &str, signs: bool) -> Person {
    let duties = BTreeMap::from([((role, unit.to_owned()), signs)]);
    Person { code, name, duties, answers_for: BTreeSet::new(), ..Person::default() }
}

/// The lines of a CSV file below its headings in another order.
fn turned(path: &Path, by: usize) {
    let text = fs::read_to_string(path).expect("there");
    let mut lines: Vec<&str> = text.lines().collect();
    let turn = by % (lines.len() - 1);
    lines[1..].rotate_left(turn);
    lines[1..].reverse();
    fs::write(path, lines.join("\n")).expect("written");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_was_exported_is_imported_unchanged(roster in roster(), by in 0..20_usize) {
        let folder = tempfile::tempdir().expect("a folder");
        let tiers = Tiers::default();
        let workbook = folder.path().join("r.xlsx");
        export(&roster, &tiers, &workbook).expect("written");
        prop_assert_eq!(&read(&[workbook], &tiers).expect("sound").roster, &roster);

        let tables = folder.path().join("tables");
        export(&roster, &tiers, &tables).expect("written");
        let again = read(std::slice::from_ref(&tables), &tiers).expect("sound").roster;
        prop_assert_eq!(&again, &roster);
        prop_assert!(diff(&roster, &again).is_empty());

        turned(&tables.join("people.csv"), by);
        turned(&tables.join("units.csv"), by);
        prop_assert_eq!(&read(&[tables], &tiers).expect("sound").roster, &roster);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(units in vec(any::<u8>(), 0..200), people in "[a-z,;\"\n\t'张=]{0,80}") {
        let (_folder, outcome) = read_files(&[("units.csv", &units), ("people.csv", people.as_bytes())]);
        prop_assert!(outcome.is_err());
    }
}
