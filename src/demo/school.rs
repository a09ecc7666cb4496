//! The demo's school: made up, the same for the same seed. No name in it is a person's.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::message::Locale;
use crate::domain::roster::{Person, Role, Roster, Unit};

/// Colleges by name in both languages, with the letters of their codes.
const COLLEGES: [(&str, &str, &str); 8] = [
    ("计算机学院", "Computing", "cs"),
    ("数学学院", "Mathematics", "ma"),
    ("外国语学院", "Languages", "la"),
    ("化学学院", "Chemistry", "ch"),
    ("经济学院", "Economics", "ec"),
    ("艺术学院", "Arts", "ar"),
    ("法学院", "Law", "lw"),
    ("物理学院", "Physics", "ph"),
];
/// Two characters that nobody takes for a person's name.
const SURNAMES: [(&str, &str); 12] = [
    ("张", "Zhang"),
    ("王", "Wang"),
    ("李", "Li"),
    ("赵", "Zhao"),
    ("陈", "Chen"),
    ("杨", "Yang"),
    ("黄", "Huang"),
    ("周", "Zhou"),
    ("吴", "Wu"),
    ("徐", "Xu"),
    ("孙", "Sun"),
    ("马", "Ma"),
];
const NUMERALS: [(&str, &str); 10] = [
    ("一", "Yi"),
    ("二", "Er"),
    ("三", "San"),
    ("四", "Si"),
    ("五", "Wu"),
    ("六", "Liu"),
    ("七", "Qi"),
    ("八", "Ba"),
    ("九", "Jiu"),
    ("十", "Shi"),
];
/// Students of a class, at most.
const CLASS: usize = 45;
/// Telegram ids of the demo's accounts begin here.
pub const FIRST_ACCOUNT: i64 = 1_000_000;

/// How large the school is.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub colleges: usize,
    /// In each college.
    pub classes: usize,
    /// In all.
    pub students: usize,
}

impl Size {
    /// A school of so many students: at least two colleges of two classes each.
    pub fn of(students: usize) -> Size {
        let students = students.max(8);
        let classes = students.div_ceil(CLASS).max(4);
        let colleges = classes.div_ceil(20).clamp(2, COLLEGES.len() * 4);
        Size { colleges, classes: classes.div_ceil(colleges), students }
    }
}

/// Builds the roster.
pub struct Builder {
    locale: Locale,
    roster: Roster,
    next_account: i64,
    named: usize,
}

impl Builder {
    /// A roster with its units and people.
    pub fn build(size: Size, locale: Locale) -> Roster {
        let mut builder =
            Builder { locale, roster: Roster::default(), next_account: FIRST_ACCOUNT, named: 0 };
        builder.school();
        for college in 0..size.colleges {
            builder.college(college, size);
        }
        builder.roster
    }

    fn words(&self, zh: &str, en: &str) -> String {
        match self.locale {
            Locale::ZhCn => zh.to_owned(),
            Locale::En => en.to_owned(),
        }
    }

    fn unit(&mut self, code: &str, name: String, tier: usize, parent: Option<&str>) {
        let unit = Unit { code: code.to_owned(), name, tier, parent: parent.map(str::to_owned) };
        self.roster.units.insert(code.to_owned(), unit);
    }

    fn person(&mut self, code: &str, name: String, role: Role, units: &[&str]) -> &mut Person {
        let account = self.next_account;
        self.next_account += 1;
        let duties: BTreeMap<_, _> = units.iter().map(|unit| ((role, (*unit).to_owned()), false)).collect();
        // Numbers of a range that is never given out.
        let phone = format!("19900{:06}", account % 1_000_000);
        let person = Person {
            code: code.to_owned(),
            name,
            phone,
            telegram_id: Some(account),
            duties,
            ..Person::default()
        };
        self.roster.people.entry(code.to_owned()).or_insert(person)
    }

    /// The next made-up name: 张一, 王二 …
    fn name(&mut self) -> String {
        let n = self.named;
        self.named += 1;
        let (surname, numeral) =
            (SURNAMES[n % SURNAMES.len()], NUMERALS[n / SURNAMES.len() % NUMERALS.len()]);
        self.words(&format!("{}{}", surname.0, numeral.0), &format!("{} {}", surname.1, numeral.1))
    }

    fn school(&mut self) {
        let name = self.words("示范大学", "Model University");
        self.unit("school", name, 0, None);
        let leader = self.words("李校长", "President Li");
        self.person("leader", leader, Role::Leader, &["school"]);
        let office = self.words("周主任", "Director Zhou");
        // The office's director signs the day.
        let office = self.person("office", office, Role::Office, &["school"]);
        office.duties.values_mut().for_each(|signs| *signs = true);
    }

    fn college(&mut self, index: usize, size: Size) {
        let (zh, en, letters) = COLLEGES[index % COLLEGES.len()];
        let round = index / COLLEGES.len();
        let (suffix, code) = if round == 0 {
            (String::new(), letters.to_owned())
        } else {
            (format!("{}", round + 1), format!("{letters}{}", round + 1))
        };
        let name = self.words(&format!("{zh}{suffix}"), format!("{en} {suffix}").trim());
        self.unit(&code, name, 1, Some("school"));
        let surname = SURNAMES[index % SURNAMES.len()];
        let secretary = self.words(&format!("{}书记", surname.0), &format!("Secretary {}", surname.1));
        self.person(&format!("{code}-sec"), secretary, Role::Secretary, &[code.as_str()]);
        for class in 0..size.classes {
            self.class(&code, zh, en, index * size.classes + class, class, size);
        }
    }

    fn class(&mut self, college: &str, zh: &str, en: &str, place: usize, number: usize, size: Size) {
        let code = format!("{college}{:02}", number + 1);
        // 计算机学院: 计算机2401班; 法学院: 法学2401班.
        let subject = zh.strip_suffix("学院").filter(|subject| subject.chars().count() > 1);
        let name = self.words(
            &format!("{}24{:02}班", subject.unwrap_or(zh.trim_end_matches('院')), number + 1),
            &format!("{en} 24-{:02}", number + 1),
        );
        self.unit(&code, name, 2, Some(college));
        let surname = SURNAMES[(place + 3) % SURNAMES.len()];
        let counselor = self.words(&format!("{}老师", surname.0), &format!("Teacher {}", surname.1));
        self.person(&format!("{code}-c"), counselor, Role::Counselor, &[code.as_str()]);
        let classes = size.colleges * size.classes;
        let students = size.students / classes + usize::from(place < size.students % classes);
        for seat in 0..students {
            self.student(&code, seat);
        }
    }

    fn student(&mut self, class: &str, seat: usize) {
        let code = format!("{class}{:02}", seat + 1);
        let name = self.name();
        self.person(&code, name.clone(), Role::Student, &[class]);
        let guardian = self.words(&format!("{name}家长"), &format!("{name}'s parent"));
        let guardian = self.person(&format!("{code}-g"), guardian, Role::Guardian, &[class]);
        guardian.answers_for = BTreeSet::from([code]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_student_has_a_place_and_a_guardian() {
        for students in [8, 48, 450, 2000] {
            let roster = Builder::build(Size::of(students), Locale::ZhCn);
            let count = |role| roster.people.values().filter(|person| person.is(role)).count();
            assert_eq!(count(Role::Student), students);
            assert_eq!(count(Role::Guardian), students);
            assert!(roster.units.len() >= 7);
        }
    }
}
