use std::collections::BTreeMap;
use std::fmt;

use super::{Person, Roster};

/// What an import would do to one table: codes, sorted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Not there before.
    pub added: Vec<String>,
    /// There before, and different now.
    pub changed: Vec<String>,
    /// There before, and no longer.
    pub removed: Vec<String>,
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} added, {} changed, {} removed",
            self.added.len(),
            self.changed.len(),
            self.removed.len()
        )
    }
}

/// What an import would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// To the units.
    pub units: Counts,
    /// To the people.
    pub people: Counts,
}

impl Changes {
    /// Whether nothing would change.
    pub fn is_empty(&self) -> bool {
        *self == Changes::default()
    }
}

/// What differs between the roster that is kept and the one that is to replace it. An account that the new
/// roster leaves empty is no change: an empty `telegram_id` never unbinds.
pub fn diff(old: &Roster, new: &Roster) -> Changes {
    Changes {
        units: compare(&old.units, &new.units, PartialEq::eq),
        people: compare(&old.people, &new.people, same_person),
    }
}

fn same_person(old: &Person, new: &Person) -> bool {
    let accounts = new.telegram_id.is_none() || new.telegram_id == old.telegram_id;
    accounts
        && (&old.name, &old.phone, &old.locale) == (&new.name, &new.phone, &new.locale)
        && (&old.duties, &old.answers_for, &old.follows) == (&new.duties, &new.answers_for, &new.follows)
}

fn compare<T>(old: &BTreeMap<String, T>, new: &BTreeMap<String, T>, same: impl Fn(&T, &T) -> bool) -> Counts {
    let mut counts = Counts::default();
    for (code, value) in new {
        match old.get(code) {
            None => counts.added.push(code.clone()),
            Some(before) if !same(before, value) => counts.changed.push(code.clone()),
            Some(_) => {}
        }
    }
    counts.removed = old.keys().filter(|code| !new.contains_key(*code)).cloned().collect();
    counts
}
