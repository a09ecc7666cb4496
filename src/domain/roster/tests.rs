use std::sync::Arc;

use super::*;

fn place(file: &str, line: usize) -> Place {
    let table = Table { file: file.to_owned(), ..Table::default() };
    Place { table: Arc::new(table), line: u32::try_from(line).expect("few lines") + 2 }
}

/// Rows `code,name,kind,parent` from line 2 on.
fn units(rows: &[[&str; 4]]) -> Vec<UnitRow> {
    let row = |(line, [code, name, kind, parent]): (usize, &[&str; 4])| UnitRow {
        place: place("units.csv", line),
        code: (*code).to_owned(),
        name: (*name).to_owned(),
        kind: (*kind).to_owned(),
        parent: (*parent).to_owned(),
    };
    rows.iter().enumerate().map(row).collect()
}

/// Rows `code,name,role,unit,answers_for,follows` from line 2 on.
fn people(rows: &[[&str; 6]]) -> Vec<PersonRow> {
    let row = |(line, [code, name, role, unit, answers_for, follows]): (usize, &[&str; 6])| PersonRow {
        place: place("people.csv", line),
        code: (*code).to_owned(),
        name: (*name).to_owned(),
        role: (*role).to_owned(),
        unit: (*unit).to_owned(),
        answers_for: (*answers_for).to_owned(),
        follows: (*follows).to_owned(),
        ..PersonRow::default()
    };
    rows.iter().enumerate().map(row).collect()
}

fn school() -> Vec<UnitRow> {
    units(&[
        ["u", "示范大学", "school", ""],
        ["cs", "计算机学院", "college", "u"],
        ["c1", "计算机1班", "class", "cs"],
    ])
}

fn faults(units: &[UnitRow], people: &[PersonRow]) -> Vec<String> {
    match validate(units, people, &Tiers::default()) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(Problem::to_string).collect(),
    }
}

/// Asserts that there is exactly one fault, at this place and with these words in it.
fn one_fault(units: &[UnitRow], people: &[PersonRow], start: &str, words: &str) {
    let found = faults(units, people);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].starts_with(start) && found[0].contains(words), "{found:#?}");
}

#[test]
fn a_small_school_is_sound() {
    let rows = people(&[
        ["l", "李校长", "领导", "u", "", "cs"],
        ["o", "王主任", "防控办", "u", "", ""],
        ["s", "赵书记", "学院党总支副书记", "cs", "", ""],
        ["k", "孙老师", "辅导员", "c1", "", ""],
        ["t", "钱教授", "tutor", "cs", "", "1"],
        ["1", "张一", "student", "c1", "", ""],
        ["g", "张父", "guardian", "c1", "１", ""],
        ["k", "", "staff", "cs", "", ""],
    ]);
    let roster = validate(&school(), &rows, &Tiers::default()).expect("sound");
    assert_eq!(roster.units["c1"].tier, 2);
    assert_eq!(roster.people["k"].duties.len(), 2);
    assert_eq!(roster.people["g"].answers_for, BTreeSet::from(["1".to_owned()]));
    assert_eq!(roster.people["l"].follows, BTreeSet::from([Follows::Unit("cs".to_owned())]));
    assert_eq!(roster.people["t"].follows, BTreeSet::from([Follows::Student("1".to_owned())]));
}

#[test]
fn a_circle_of_parents_is_named_once() {
    let mut rows = school();
    rows.extend(units(&[["a", "甲", "college", "b"], ["b", "乙", "college", "a"]]));
    one_fault(&rows, &[], "units.csv:2: column parent", "a → b → a");
}

#[test]
fn all_units_in_a_circle_have_no_root() {
    let rows = units(&[["a", "甲", "school", "b"], ["b", "乙", "college", "a"]]);
    let found = faults(&rows, &[]);
    assert!(found.iter().any(|fault| fault.contains("no unit is the root")), "{found:#?}");
    assert!(found.iter().any(|fault| fault.contains("circle")), "{found:#?}");
}

#[test]
fn a_second_root_is_named() {
    let rows = units(&[["u", "甲", "school", ""], ["v", "乙", "school", ""]]);
    one_fault(&rows, &[], "units.csv:3: column parent", "second root");
}

#[test]
fn a_lone_root_must_be_of_the_first_tier() {
    let rows = units(&[["c1", "1班", "class", ""]]);
    one_fault(&rows, &[], "units.csv:2: column kind", "must be a school");
}

#[test]
fn unknown_parents_kinds_and_skipped_tiers_are_named() {
    let mut rows = school();
    rows[2].parent = "CS".to_owned();
    one_fault(&rows, &[], "units.csv:4: column parent", "\"cs\" meant?");
    let mut rows = school();
    rows[1].kind = "colege".to_owned();
    one_fault(&rows, &[], "units.csv:3: column kind", "\"college\" meant?");
    let mut rows = school();
    rows[2].parent = "u".to_owned();
    one_fault(&rows, &[], "units.csv:4: column kind", "directly below a school");
    let mut rows = school();
    rows[2].code = "cs".to_owned();
    one_fault(&rows, &[], "units.csv:4: column code", "already at units.csv:3");
}

#[test]
fn contradicting_rows_of_one_person_are_named() {
    let rows = people(&[["1", "张一", "student", "c1", "", ""], ["1", "张二", "staff", "cs", "", ""]]);
    one_fault(&school(), &rows, "people.csv:3: column name", "at people.csv:2");
    let rows = people(&[["1", "张一", "student", "c1", "", ""], ["1", "张一", "student", "c1", "", ""]]);
    one_fault(&school(), &rows, "people.csv:3: column code", "already at people.csv:2");
}

#[test]
fn a_guardian_of_nobody_is_named() {
    let rows = people(&[["g", "张父", "guardian", "c1", "", ""]]);
    one_fault(&school(), &rows, "people.csv:2: column answers_for", "answers for nobody");
    let rows = people(&[["g", "张父", "guardian", "c1", "7", ""]]);
    one_fault(&school(), &rows, "people.csv:2: column answers_for", "no student has the code \"7\"");
    let rows = people(&[["1", "张一", "student", "c1", "1", ""]]);
    one_fault(&school(), &rows, "people.csv:2: column answers_for", "a student answers for nobody");
}

#[test]
fn a_guardian_in_two_classes_names_the_children_once() {
    let rows = people(&[
        ["1", "张一", "student", "c1", "", ""],
        ["g", "张父", "guardian", "cs", "", ""],
        ["g", "", "guardian", "c1", "1", ""],
    ]);
    assert_eq!(faults(&school(), &rows), [""; 0]);
}

#[test]
fn people_of_a_unit_of_unknown_kind_are_not_blamed() {
    let mut rows = school();
    rows[1].kind = "faculty".to_owned();
    let staff = people(&[["s", "赵书记", "secretary", "cs", "", ""]]);
    one_fault(&rows, &staff, "units.csv:3: column kind", "write one of school");
}

#[test]
fn roles_must_exist_and_fit_their_unit() {
    let rows = people(&[["1", "张一", "studnet", "c1", "", ""]]);
    one_fault(&school(), &rows, "people.csv:2: column role", "\"student\" meant?");
    let rows = people(&[["1", "张一", "student", "cs", "", ""]]);
    one_fault(&school(), &rows, "people.csv:2: column unit", "belongs to a class");
    let rows = people(&[["s", "赵书记", "secretary", "u", "", ""]]);
    one_fault(&school(), &rows, "people.csv:2: column unit", "belongs to a college");
    let rows = people(&[["1", "张一", "student", "c2", "", ""]]);
    one_fault(&school(), &rows, "people.csv:2: column unit", "no unit has the code \"c2\"");
}

#[test]
fn cells_of_a_person_are_checked() {
    let sound = people(&[["1", "张一", "student", "c1", "", ""]]);
    let broken = |change: fn(&mut PersonRow)| {
        let mut rows = sound.clone();
        change(&mut rows[0]);
        rows
    };
    let column = |rows: &[PersonRow], column: &str| {
        one_fault(&school(), rows, &format!("people.csv:2: column {column}"), "");
    };
    column(&broken(|row| row.phone = "call me".to_owned()), "phone");
    column(&broken(|row| row.signs = "maybe".to_owned()), "signs");
    column(&broken(|row| row.locale = "fr".to_owned()), "locale");
    column(&broken(|row| row.telegram_id = "@zhang".to_owned()), "telegram_id");
    column(&broken(|row| row.telegram_id = "-100123".to_owned()), "telegram_id");
    column(&broken(|row| row.follows = "c1".to_owned()), "follows");
    column(&broken(|row| row.name = " \u{3000}".to_owned()), "name");
    column(&broken(|row| row.code = "a b".to_owned()), "code");
}

#[test]
fn an_account_serves_two_people_only_without_a_common_role() {
    let mut rows = people(&[
        ["1", "张一", "student", "c1", "", ""],
        ["2", "张二", "student", "c1", "", ""],
        ["g", "张父", "guardian", "c1", "1", ""],
    ]);
    rows[0].telegram_id = "7".to_owned();
    rows[2].telegram_id = "7".to_owned();
    assert_eq!(faults(&school(), &rows), [""; 0]);
    rows[1].telegram_id = "7".to_owned();
    one_fault(&school(), &rows, "people.csv:3: column telegram_id", "share one account");
}

#[test]
fn every_fault_is_reported_in_the_order_of_the_files() {
    let rows = people(&[
        ["1", "", "studnet", "c9", "", ""],
        ["2", "张二", "student", "c9", "", ""],
        ["g", "张父", "guardian", "c1", "", ""],
    ]);
    let found = faults(&school(), &rows);
    let starts = [
        "people.csv:2: column role",
        "people.csv:2: column unit",
        "people.csv:2: column name",
        "people.csv:3: column unit",
        "people.csv:4: column answers_for",
    ];
    assert_eq!(found.len(), starts.len(), "{found:#?}");
    for (fault, start) in found.iter().zip(starts) {
        assert!(fault.starts_with(start), "{found:#?}");
    }
}

#[test]
fn guardians_may_be_units_below_a_college_or_class() {
    let mut rows = school();
    rows.extend(units(&[["p1", "1班家长", "家长", "c1"], ["p", "学院家长", "guardians", "cs"]]));
    assert_eq!(faults(&rows, &[]), [""; 0]);
    rows.extend(units(&[["q", "家长", "guardians", "u"]]));
    one_fault(&rows, &[], "units.csv:2: column kind", "directly below a school");
}

#[test]
fn the_difference_counts_added_changed_and_removed() {
    let tiers = Tiers::default();
    let old = people(&[["1", "张一", "student", "c1", "", ""], ["2", "张二", "student", "c1", "", ""]]);
    let new = people(&[["2", "张贰", "student", "c1", "", ""], ["3", "张三", "student", "c1", "", ""]]);
    let old = validate(&school(), &old, &tiers).expect("sound");
    let new = validate(&school(), &new, &tiers).expect("sound");
    let changes = diff(&old, &new);
    assert_eq!(changes.people.to_string(), "1 added, 1 changed, 1 removed");
    assert_eq!(changes.units, Counts::default());
    assert!(diff(&new, &new).is_empty());
}

#[test]
fn an_empty_account_is_no_change() {
    let tiers = Tiers::default();
    let mut rows = people(&[["1", "张一", "student", "c1", "", ""]]);
    let without = validate(&school(), &rows, &tiers).expect("sound");
    rows[0].telegram_id = "7".to_owned();
    let with = validate(&school(), &rows, &tiers).expect("sound");
    assert!(diff(&with, &without).is_empty());
    assert_eq!(diff(&without, &with).people.changed, ["1"]);
}

#[test]
fn phones_are_compared_by_their_digits() {
    for phone in ["+86 138-0013-8000", "008613800138000", "13800138000", "＋８６13800138000"] {
        assert_eq!(phone_digits(phone), "13800138000");
    }
    assert_eq!(phone_digits("+49 30 1234567"), "49301234567");
}
