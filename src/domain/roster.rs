//! The roster: units in tiers, people with their roles, who answers for whom (A1–A5).
//!
//! Rows as they were read go into [`validate`]; out comes a [`Roster`] that is sound as a whole, or every
//! fault with its place. Nothing here reads files or databases.

mod changes;
mod people;
mod rows;
mod tiers;
mod units;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

pub use changes::{Changes, Counts, diff};
pub use people::{phone_digits, share_a_role};
pub use rows::{Column, PersonRow, Place, Problem, Table, UnitRow};
pub use tiers::{TierRole, Tiers, TiersError};
pub use words::{nearest, plain, tidy};

/// What a person is in a unit. The words are those of the roster's column `role`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Leads the school, or is the leader of a college.
    Leader,
    /// The school's office.
    Office,
    /// A college's secretary.
    Secretary,
    /// Responsible for a class.
    Counselor,
    /// Follows single students.
    Tutor,
    /// Learns in a class.
    Student,
    /// Parent or other guardian, answers for students.
    Guardian,
    /// Named person who reports for students who cannot.
    Proxy,
    /// Works at the school and reports as students do.
    Staff,
    /// Reads figures and the audit, no answers.
    Auditor,
}

impl Role {
    /// All roles, in the order in which they are explained.
    pub const ALL: [Role; 10] = [
        Role::Leader,
        Role::Office,
        Role::Secretary,
        Role::Counselor,
        Role::Tutor,
        Role::Student,
        Role::Guardian,
        Role::Proxy,
        Role::Staff,
        Role::Auditor,
    ];

    /// The word of the roster file and of the database.
    pub fn word(self) -> &'static str {
        match self {
            Role::Leader => "leader",
            Role::Office => "office",
            Role::Secretary => "secretary",
            Role::Counselor => "counselor",
            Role::Tutor => "tutor",
            Role::Student => "student",
            Role::Guardian => "guardian",
            Role::Proxy => "proxy",
            Role::Staff => "staff",
            Role::Auditor => "auditor",
        }
    }

    /// The role of an English word of the contract or of a Chinese one in use; `None` for anything else.
    pub fn from_word(word: &str) -> Option<Role> {
        let plain = words::plain(word).to_lowercase();
        if let Some(role) = Role::ALL.into_iter().find(|role| role.word() == plain) {
            return Some(role);
        }
        match plain.as_str() {
            "领导" | "领导小组" | "学院领导" | "学校领导" => Some(Role::Leader),
            "办公室" | "防控办" => Some(Role::Office),
            "学院党总支副书记" | "党总支副书记" | "副书记" | "书记" => {
                Some(Role::Secretary)
            }
            "辅导员" | "班主任" | "辅导员/班主任" => Some(Role::Counselor),
            "研究生导师" | "导师" => Some(Role::Tutor),
            "学生" => Some(Role::Student),
            "家长" | "监护人" => Some(Role::Guardian),
            "代理人" => Some(Role::Proxy),
            "教职工" => Some(Role::Staff),
            "审计" => Some(Role::Auditor),
            _ => None,
        }
    }

    /// Whether this role may hold `answers_for`.
    pub fn answers_for_students(self) -> bool {
        matches!(self, Role::Guardian | Role::Proxy)
    }

    /// Whether this role may hold `follows`.
    pub fn follows_others(self) -> bool {
        matches!(self, Role::Tutor | Role::Leader)
    }

    /// Whether whoever holds it is expected to report every day (C1).
    pub fn reports(self) -> bool {
        matches!(self, Role::Student | Role::Staff)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A unit of a sound roster.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Unit {
    /// What the files call it; unique among units.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// Position in the configured tiers, 0 for the first.
    pub tier: usize,
    /// Code of the unit above; `None` for the root only.
    pub parent: Option<String>,
}

/// Whom a tutor or leader is assigned to (A5, E1).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Follows {
    /// A student, by code.
    Student(String),
    /// A unit, by code.
    Unit(String),
}

impl Follows {
    /// The code as it stands in the roster's cell.
    pub fn code(&self) -> &str {
        match self {
            Follows::Student(code) | Follows::Unit(code) => code,
        }
    }
}

/// A person of a sound roster, merged from all rows of one code.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Person {
    /// What the files call them; unique among people.
    pub code: String,
    /// Their name.
    pub name: String,
    /// Their phone as it was written; empty when not known.
    pub phone: String,
    /// `zh-CN` or `en`; `None` leaves it to the school's.
    pub locale: Option<String>,
    /// Telegram's user id, when the roster names one: it binds at once.
    pub telegram_id: Option<i64>,
    /// Role and unit code, with whether they may sign the day there.
    pub duties: BTreeMap<(Role, String), bool>,
    /// Codes of the students they answer for.
    pub answers_for: BTreeSet<String>,
    /// Whom they are assigned to.
    pub follows: BTreeSet<Follows>,
}

impl Person {
    /// Whether they hold this role anywhere.
    pub fn is(&self, role: Role) -> bool {
        self.duties.keys().any(|(held, _)| *held == role)
    }
}

/// Units and people, sound as a whole: one root, every reference known, every role in a unit that fits it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roster {
    /// Units by code.
    pub units: BTreeMap<String, Unit>,
    /// People by code.
    pub people: BTreeMap<String, Person>,
}

impl Roster {
    /// Units with every parent before its children, otherwise by code.
    pub fn units_from_the_root(&self) -> Vec<&Unit> {
        let mut units: Vec<&Unit> = self.units.values().collect();
        units.sort_by(|a, b| (a.tier, &a.code).cmp(&(b.tier, &b.code)));
        units
    }
}

/// Makes a roster of rows, or names every fault of every row in the order of the files (A1–A5).
///
/// The order of rows does not matter for the result. Several rows of one person code are several roles or
/// units of that person; several rows of one unit code are a fault.
///
/// # Errors
/// All problems found, each with its place and how to mend it.
pub fn validate(units: &[UnitRow], people: &[PersonRow], tiers: &Tiers) -> Result<Roster, Vec<Problem>> {
    let mut problems = Vec::new();
    let known = units::check(units, tiers, &mut problems);
    let persons = people::check(people, &known, tiers, &mut problems);
    if problems.is_empty() {
        return Ok(Roster { units: known, people: persons });
    }
    problems.sort_by(|a, b| a.order().cmp(&b.order()));
    Err(problems)
}

#[cfg(test)]
mod tests;
