//! A school that does not exist, to show how the tables are filled in.

use crate::domain::roster::{PersonRow, Roster, Tiers, UnitRow, validate};

/// A text in Chinese and in English.
type Words = [&'static str; 2];
/// `code, name, tier, parent`.
type UnitLine = (&'static str, Words, usize, &'static str);
/// `code, name, role, unit` and `phone, answers_for, follows, signs`.
type PersonLine = (&'static str, Words, &'static str, &'static str, [&'static str; 4]);

const UNITS: [UnitLine; 4] = [
    ("u", ["示范大学", "Model University"], 0, ""),
    ("cs", ["计算机学院", "College of Computing"], 1, "u"),
    ("cs1", ["计算机2026级1班", "Computing 2026-1"], 2, "cs"),
    ("cs2", ["计算机2026级2班", "Computing 2026-2"], 2, "cs"),
];

const PEOPLE: [PersonLine; 10] = [
    ("t001", ["领导甲", "Leader A"], "leader", "u", ["", "", "cs", "yes"]),
    ("t002", ["办公室乙", "Office B"], "office", "u", ["", "", "", "yes"]),
    ("t003", ["副书记丙", "Secretary C"], "secretary", "cs", ["", "", "", ""]),
    ("t004", ["辅导员丁", "Counselor D"], "counselor", "cs1", ["+86 13000000004", "", "", ""]),
    ("t004", ["辅导员丁", "Counselor D"], "counselor", "cs2", ["", "", "", ""]),
    ("t005", ["导师戊", "Tutor E"], "tutor", "cs", ["", "", "20260101", ""]),
    ("20260101", ["学生一", "Student One"], "student", "cs1", ["+86 13000000101", "", "", ""]),
    ("20260201", ["学生二", "Student Two"], "student", "cs2", ["", "", "", ""]),
    ("g001", ["学生一家长", "Guardian of One"], "guardian", "cs1", ["", "20260101;20260201", "", ""]),
    ("t006", ["职工己", "Staff F"], "staff", "u", ["", "", "", ""]),
];

/// The example with the configured tiers.
pub fn school(tiers: &Tiers, chinese: bool) -> Roster {
    let language = usize::from(!chinese);
    let units: Vec<UnitRow> = UNITS
        .iter()
        .map(|(code, names, tier, parent)| UnitRow {
            code: (*code).to_owned(),
            name: names[language].to_owned(),
            kind: tiers.name(*tier).unwrap_or_default().to_owned(),
            parent: (*parent).to_owned(),
            ..UnitRow::default()
        })
        .collect();
    let people: Vec<PersonRow> = PEOPLE
        .iter()
        .map(|(code, names, role, unit, [phone, answers_for, follows, signs])| PersonRow {
            code: (*code).to_owned(),
            name: names[language].to_owned(),
            role: (*role).to_owned(),
            unit: (*unit).to_owned(),
            phone: (*phone).to_owned(),
            answers_for: (*answers_for).to_owned(),
            follows: (*follows).to_owned(),
            signs: (*signs).to_owned(),
            ..PersonRow::default()
        })
        .collect();
    validate(&units, &people, tiers).expect("the example keeps every rule, a test holds it")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_sound_in_both_languages() {
        for chinese in [true, false] {
            let roster = school(&Tiers::default(), chinese);
            assert_eq!((roster.units.len(), roster.people.len()), (4, 9));
        }
    }
}
