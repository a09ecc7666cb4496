use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::rows::{Column, PersonRow, Place, Problem};
use super::tiers::{TierRole, Tiers};
use super::units::unknown_unit;
use super::words::{code_fault, codes, nearest, plain, tidy};
use super::{Follows, Person, Role, Unit};

/// Telegram's user ids need at most 52 bits.
const TELEGRAM_ID_LIMIT: i64 = 1 << 52;

/// The digits of a phone for comparing: `+86 138-0013-8000`, `0086…` and `13800138000` are one number.
pub fn phone_digits(phone: &str) -> String {
    let digits: String = plain(phone).chars().filter(char::is_ascii_digit).collect();
    let digits = digits.strip_prefix("00").unwrap_or(&digits);
    match digits.strip_prefix("86") {
        Some(national) if national.len() == 11 && national.starts_with('1') => national.to_owned(),
        _ => digits.to_owned(),
    }
}

/// Checks the people against the units and each other, and merges rows of one code.
pub fn check(
    rows: &[PersonRow],
    units: &BTreeMap<String, Unit>,
    tiers: &Tiers,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, Person> {
    let mut check = Check {
        units,
        tiers,
        students: students(rows),
        unknown: HashMap::new(),
        seen: HashMap::new(),
        duties: HashMap::new(),
        childless: BTreeMap::new(),
        answering: HashSet::new(),
        problems,
    };
    let mut people = BTreeMap::new();
    for row in rows {
        check.row(row, &mut people);
    }
    check.nameless(&people);
    check.childless();
    check.shared_accounts(&people);
    people
}

/// The codes of every row that says student, faulty otherwise or not.
fn students(rows: &[PersonRow]) -> HashSet<String> {
    rows.iter()
        .filter(|row| Role::from_word(&row.role) == Some(Role::Student))
        .map(|row| plain(&row.code))
        .collect()
}

/// The places where a person's single-valued cells were first filled.
#[derive(Default)]
struct Seen<'a> {
    first: Option<&'a Place>,
    name: Option<&'a Place>,
    phone: Option<&'a Place>,
    locale: Option<&'a Place>,
    telegram_id: Option<&'a Place>,
}

struct Check<'a, 'p> {
    units: &'a BTreeMap<String, Unit>,
    tiers: &'a Tiers,
    students: HashSet<String>,
    /// What is said of an unknown unit; many rows share one wrong code.
    unknown: HashMap<String, String>,
    seen: HashMap<String, Seen<'a>>,
    duties: HashMap<(String, Role, String), (&'a Place, BTreeSet<String>)>,
    /// The first row of each guardian or proxy that names no student.
    childless: BTreeMap<String, (&'a Place, Role)>,
    /// Who names a student in any row.
    answering: HashSet<String>,
    problems: &'p mut Vec<Problem>,
}

impl<'a> Check<'a, '_> {
    fn row(&mut self, row: &'a PersonRow, people: &mut BTreeMap<String, Person>) {
        let code = plain(&row.code);
        if let Some(fault) = code_fault(&code) {
            self.problem(row, Column::Code, fault);
            return;
        }
        let role = self.role(row);
        let unit = self.unit(row);
        let signs = self.signs(row);
        let person = people.entry(code.clone()).or_insert_with(|| Person { code, ..Person::default() });
        self.seen.entry(person.code.clone()).or_default().first.get_or_insert(&row.place);
        self.name(row, person);
        self.phone(row, person);
        self.locale(row, person);
        self.telegram_id(row, person);
        let answers_for = self.answers_for(row, role, person);
        let follows = self.follows(row, role, person);
        let (Some(role), Some(unit)) = (role, unit) else { return };
        self.fits(row, role, unit);
        self.repeated(row, role, unit, answers_for.into_iter().chain(follows));
        let may_sign = person.duties.entry((role, unit.code.clone())).or_default();
        *may_sign |= signs;
    }

    fn problem(&mut self, row: &PersonRow, column: Column, reason: impl Into<String>) {
        self.problems.push(row.place.problem(column, reason));
    }

    fn role(&mut self, row: &PersonRow) -> Option<Role> {
        let role = Role::from_word(&row.role);
        if role.is_none() {
            let word = plain(&row.role);
            let all = Role::ALL.map(Role::word).join(", ");
            let reason = match nearest(&word, Role::ALL.map(Role::word)) {
                _ if word.is_empty() => format!("is empty; write one of {all}"),
                Some(near) => format!("\"{word}\" is no role; is \"{near}\" meant?"),
                None => format!("\"{word}\" is no role; write one of {all}"),
            };
            self.problem(row, Column::Role, reason);
        }
        role
    }

    fn unit(&mut self, row: &PersonRow) -> Option<&'a Unit> {
        let code = plain(&row.unit);
        let unit = self.units.get(&code);
        if unit.is_none() {
            let reason = if code.is_empty() {
                "is empty; write the code of the person's unit".to_owned()
            } else {
                let units = self.units;
                let reason =
                    self.unknown.entry(code).or_insert_with_key(|code| unknown_unit(code, units.keys()));
                reason.clone()
            };
            self.problem(row, Column::Unit, reason);
        }
        unit
    }

    fn signs(&mut self, row: &PersonRow) -> bool {
        match plain(&row.signs).to_lowercase().as_str() {
            "" | "no" | "否" => false,
            "yes" | "是" => true,
            other => {
                let reason = format!("\"{other}\" is neither yes nor no; write yes or leave it empty");
                self.problem(row, Column::Signs, reason);
                false
            }
        }
    }

    /// Takes a single-valued cell: it must agree with what another row of the person says. Empty cells
    /// always agree.
    fn agree<T: PartialEq>(
        &mut self,
        (row, column): (&'a PersonRow, Column),
        code: &str,
        cell: T,
        held: &mut T,
        place: impl for<'s> Fn(&'s mut Seen<'a>) -> &'s mut Option<&'a Place>,
    ) {
        let place = place(self.seen.entry(code.to_owned()).or_default());
        let Some(first) = *place else {
            *place = Some(&row.place);
            *held = cell;
            return;
        };
        if *held != cell {
            let heading = row.place.table.heading(column);
            let reason = format!(
                "the person \"{code}\" has another {heading} at {first}; one code is one person: \
                 correct the {heading}, or give this row a code of its own"
            );
            self.problem(row, column, reason);
        }
    }

    fn name(&mut self, row: &'a PersonRow, person: &mut Person) {
        let name = tidy(&row.name);
        if !name.is_empty() {
            self.agree((row, Column::Name), &person.code, name, &mut person.name, |seen| &mut seen.name);
        }
    }

    fn phone(&mut self, row: &'a PersonRow, person: &mut Person) {
        let phone = plain(&row.phone);
        if phone.is_empty() {
            return;
        }
        let digits = phone.chars().filter(char::is_ascii_digit).count();
        let allowed = phone.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '+' | '-' | '(' | ')'));
        if !allowed || !(3..=20).contains(&digits) {
            let reason = "is no phone number; write digits, with +, - and spaces as you like";
            self.problem(row, Column::Phone, reason);
            return;
        }
        self.agree((row, Column::Phone), &person.code, phone, &mut person.phone, |seen| &mut seen.phone);
    }

    fn locale(&mut self, row: &'a PersonRow, person: &mut Person) {
        let locale = match plain(&row.locale).to_lowercase().replace('_', "-").as_str() {
            "" => return,
            "zh" | "zh-cn" | "zh-hans" | "中文" | "汉语" => "zh-CN",
            "en" | "english" | "英文" | "英语" => "en",
            other => {
                let reason =
                    format!("the bot does not speak \"{other}\"; write zh-CN or en, or leave it empty");
                self.problem(row, Column::Locale, reason);
                return;
            }
        };
        let locale = Some(locale.to_owned());
        self.agree((row, Column::Locale), &person.code, locale, &mut person.locale, |seen| &mut seen.locale);
    }

    fn telegram_id(&mut self, row: &'a PersonRow, person: &mut Person) {
        let cell = plain(&row.telegram_id);
        if cell.is_empty() {
            return;
        }
        let id = cell.parse::<i64>().ok().filter(|id| (1..TELEGRAM_ID_LIMIT).contains(id));
        if id.is_none() {
            let reason = format!("\"{cell}\" is no Telegram id; write the account's number, not its @name");
            self.problem(row, Column::TelegramId, reason);
            return;
        }
        self.agree((row, Column::TelegramId), &person.code, id, &mut person.telegram_id, |seen| {
            &mut seen.telegram_id
        });
    }

    /// The students of the cell; whether a guardian has any at all is judged when all rows are read.
    fn answers_for(&mut self, row: &'a PersonRow, role: Option<Role>, person: &mut Person) -> Vec<String> {
        let students: Vec<String> = codes(&row.answers_for).collect();
        let Some(role) = role else { return students };
        if students.is_empty() {
            if role.answers_for_students() {
                self.childless.entry(person.code.clone()).or_insert((&row.place, role));
            }
            return students;
        }
        self.answering.insert(person.code.clone());
        if !role.answers_for_students() {
            let reason = format!(
                "a {role} answers for nobody; leave it empty or give a row with the role guardian or proxy"
            );
            self.problem(row, Column::AnswersFor, reason);
            return students;
        }
        for student in &students {
            if *student == person.code {
                self.problem(
                    row,
                    Column::AnswersFor,
                    "nobody answers for themselves; write the student's code",
                );
            } else if !self.students.contains(student) {
                let reason =
                    format!("no student has the code \"{student}\"; add the student or correct the code");
                self.problem(row, Column::AnswersFor, reason);
            } else {
                person.answers_for.insert(student.clone());
            }
        }
        students
    }

    fn follows(&mut self, row: &PersonRow, role: Option<Role>, person: &mut Person) -> Vec<String> {
        let followed: Vec<String> = codes(&row.follows).collect();
        if followed.is_empty() {
            return followed;
        }
        if let Some(role) = role.filter(|role| !role.follows_others()) {
            let reason = format!(
                "a {role} follows nobody; leave it empty or give a row with the role tutor or leader"
            );
            self.problem(row, Column::Follows, reason);
            return followed;
        }
        for code in &followed {
            match (self.students.contains(code), self.units.contains_key(code)) {
                (true, false) => _ = person.follows.insert(Follows::Student(code.clone())),
                (false, true) => _ = person.follows.insert(Follows::Unit(code.clone())),
                (true, true) => {
                    let reason =
                        format!("\"{code}\" is a student's and a unit's code; give one of them another code");
                    self.problem(row, Column::Follows, reason);
                }
                (false, false) => {
                    let reason =
                        format!("no student or unit has the code \"{code}\"; add it or correct the code");
                    self.problem(row, Column::Follows, reason);
                }
            }
        }
        followed
    }

    fn fits(&mut self, row: &PersonRow, role: Role, unit: &Unit) {
        // A unit of unknown kind has been reported; who fits it cannot be told.
        let Some(tier) = self.tiers.role(unit.tier) else { return };
        let (fits, wanted) = match role {
            Role::Leader => (matches!(tier, TierRole::First | TierRole::Middle), &[0, 1][..]),
            Role::Office => (tier == TierRole::First, &[0][..]),
            Role::Secretary => (tier == TierRole::Middle, &[1][..]),
            Role::Counselor | Role::Student => (tier == TierRole::Members, &[2][..]),
            Role::Tutor | Role::Guardian | Role::Proxy | Role::Staff | Role::Auditor => return,
        };
        if fits {
            return;
        }
        let wanted: Vec<&str> = wanted.iter().filter_map(|tier| self.tiers.name(*tier)).collect();
        let reason = format!(
            "a {role} belongs to a {}, but \"{}\" is a {}; correct the unit or the role",
            wanted.join(" or "),
            unit.code,
            self.tiers.name(unit.tier).unwrap_or_default()
        );
        self.problem(row, Column::Unit, reason);
    }

    /// A second row of the same person, role and unit must say something new: else it is a slip, often a
    /// code that was not changed in a copied row.
    fn repeated(&mut self, row: &'a PersonRow, role: Role, unit: &Unit, links: impl Iterator<Item = String>) {
        let key = (plain(&row.code), role, unit.code.clone());
        let mut links: BTreeSet<String> = links.collect();
        let Some((first, said)) = self.duties.get_mut(&key) else {
            self.duties.insert(key, (&row.place, links));
            return;
        };
        let first = *first;
        let before = said.len();
        said.append(&mut links);
        if said.len() == before {
            let reason = format!(
                "the code \"{}\" stands already at {first} as {role} of \"{}\"; remove this row or correct its code",
                key.0, key.2
            );
            self.problem(row, Column::Code, reason);
        }
    }

    fn nameless(&mut self, people: &BTreeMap<String, Person>) {
        for person in people.values().filter(|person| person.name.is_empty()) {
            if let Some(place) = self.seen.get(&person.code).and_then(|seen| seen.first) {
                self.problems.push(place.problem(Column::Name, "is empty; write the person's name"));
            }
        }
    }

    /// A guardian or proxy of nobody is a fault, unless another row of theirs names students.
    fn childless(&mut self) {
        let answering = &self.answering;
        let childless = self.childless.iter().filter(|(code, _)| !answering.contains(*code));
        let problem = |(_, (place, role)): (&String, &(&Place, Role))| {
            let reason =
                format!("this {role} answers for nobody; write the codes of the students, separated by ;");
            place.problem(Column::AnswersFor, reason)
        };
        self.problems.extend(childless.map(problem));
    }

    /// Never two people with a common role on one account (section 4, Binding).
    fn shared_accounts(&mut self, people: &BTreeMap<String, Person>) {
        let mut holders: HashMap<i64, Vec<&Person>> = HashMap::new();
        for person in people.values() {
            let Some(account) = person.telegram_id else { continue };
            let others = holders.entry(account).or_default();
            let clash = others.iter().find(|other| share_a_role(other, person));
            if let Some((other, place)) =
                clash.zip(self.seen.get(&person.code).and_then(|seen| seen.telegram_id))
            {
                let reason = format!(
                    "\"{}\" and \"{}\" would share one account and a role; one of the two numbers is wrong",
                    other.code, person.code
                );
                self.problems.push(place.problem(Column::TelegramId, reason));
            }
            others.push(person);
        }
    }
}

/// Whether two people hold a role in common, so that one account could not tell for whom it acts.
pub fn share_a_role(a: &Person, b: &Person) -> bool {
    a.duties.keys().any(|(role, _)| b.is(*role))
}
