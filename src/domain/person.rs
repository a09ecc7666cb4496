//! Who acts: an account, the people it is bound to, and their posts.

use serde::{Deserialize, Serialize};

use super::message::{Locale, Reader};
use super::roster::Role;

/// A unit as it is needed to judge and to speak.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitRef {
    /// units.id.
    pub id: i64,
    pub code: String,
    pub name: String,
    /// Position in the configured tiers, 0 for the school.
    pub tier: usize,
    pub parent: Option<i64>,
    /// `/1/7/`: ids from the root down to this unit.
    pub path: String,
}

impl UnitRef {
    /// Whether `self` is `other` or lies below it.
    pub fn within(&self, other: &UnitRef) -> bool {
        self.path.starts_with(&other.path)
    }
}

/// A role in a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Whose it is.
    pub person: i64,
    pub role: Role,
    pub unit: UnitRef,
    /// May sign the day.
    pub signs: bool,
}

/// A person of the roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// people.id.
    pub id: i64,
    pub code: String,
    pub name: String,
    pub locale: Option<Locale>,
}

/// Whoever is behind an account. Usually one person; a teacher who is also a guardian may be two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    pub account: i64,
    /// The bot that serves the account; 0: none yet.
    pub bot: i64,
    pub people: Vec<Person>,
    pub posts: Vec<Post>,
    /// Own choice, the roster's, or the school's.
    pub locale: Locale,
}

impl Actor {
    /// Ids of the people behind the account.
    pub fn ids(&self) -> Vec<i64> {
        self.people.iter().map(|person| person.id).collect()
    }

    /// Whether one of them is this person.
    pub fn is(&self, person: i64) -> bool {
        self.people.iter().any(|known| known.id == person)
    }

    /// The first person, who stands for the account where one name is needed.
    pub fn first(&self) -> &Person {
        self.people.first().expect("an actor is bound to at least one person")
    }

    /// The name to show for a person of this actor.
    pub fn name_of(&self, person: i64) -> &str {
        let known = self.people.iter().find(|known| known.id == person);
        &known.unwrap_or_else(|| self.first()).name
    }

    /// All roles, each once, in the order of explanation.
    pub fn roles(&self) -> Vec<Role> {
        Role::ALL.into_iter().filter(|role| self.has(*role)).collect()
    }

    /// Whether one of the posts has this role.
    pub fn has(&self, role: Role) -> bool {
        self.posts.iter().any(|post| post.role == role)
    }

    /// 你 for a student, 您 for everyone else.
    pub fn reader(&self) -> Reader {
        reader_of(self.posts.iter().map(|post| post.role))
    }
}

/// Whether somebody with these roles is spoken to as a student.
pub fn reader_of(mut roles: impl Iterator<Item = Role>) -> Reader {
    let mut any = false;
    let all_students = roles.by_ref().all(|role| {
        any = true;
        role == Role::Student
    });
    if any && all_students { Reader::Student } else { Reader::Adult }
}
