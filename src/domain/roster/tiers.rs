use std::collections::BTreeMap;
use std::fmt;

use super::words::{nearest, plain};

/// What a tier does in the chain: it goes by position, its name is free (A5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TierRole {
    /// The whole school: leaders and office.
    First,
    /// Colleges, grades, departments: secretaries.
    Middle,
    /// Classes: counselors and students, the last tier with members.
    Members,
    /// Guardians: a tier of chats beside classes or colleges.
    Guardians,
}

/// The configured tiers: three with units, and guardians as a fourth where the school has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tiers {
    names: Vec<String>,
    words: BTreeMap<String, BTreeMap<String, String>>,
}

/// Why names do not make tiers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TiersError {
    /// Neither three nor four.
    Number(usize),
    /// An empty name, or `group`, which means a further group.
    Name(String),
    /// One name twice.
    Twice(String),
}

impl fmt::Display for TiersError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TiersError::Number(found) => write!(
                f,
                "{found} tiers are named; name three (school, college, class) or four (and guardians)"
            ),
            TiersError::Name(name) => write!(f, "\"{name}\" cannot be a tier's name; choose another word"),
            TiersError::Twice(name) => {
                write!(f, "the tier \"{name}\" is named twice; every tier needs a name of its own")
            }
        }
    }
}

impl std::error::Error for TiersError {}

impl Default for Tiers {
    fn default() -> Self {
        let names = ["school", "college", "class", "guardians"].map(str::to_owned).to_vec();
        Tiers { names, words: BTreeMap::new() }
    }
}

impl Tiers {
    /// Tiers of `roster.tiers` and `roster.names` (tier → locale → words).
    ///
    /// # Errors
    /// When there are not three or four, or a name is empty, `group` or there twice.
    pub fn new(
        names: Vec<String>,
        words: BTreeMap<String, BTreeMap<String, String>>,
    ) -> Result<Self, TiersError> {
        if !(3..=4).contains(&names.len()) {
            return Err(TiersError::Number(names.len()));
        }
        for (position, name) in names.iter().enumerate() {
            if name.trim().is_empty() || name == "group" {
                return Err(TiersError::Name(name.clone()));
            }
            if names[..position].contains(name) {
                return Err(TiersError::Twice(name.clone()));
            }
        }
        Ok(Tiers { names, words })
    }

    /// The names, from the first tier down.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The name of the tier at this position.
    pub fn name(&self, position: usize) -> Option<&str> {
        self.names.get(position).map(String::as_str)
    }

    /// What the tier at this position does; `None` past the last.
    pub fn role(&self, position: usize) -> Option<TierRole> {
        let roles = [TierRole::First, TierRole::Middle, TierRole::Members, TierRole::Guardians];
        roles.get(position).copied().filter(|_| position < self.names.len())
    }

    /// The position of the last tier with members (classes).
    pub fn members(&self) -> usize {
        2
    }

    /// The position of the guardians' tier, where there is one.
    pub fn guardians(&self) -> Option<usize> {
        (self.names.len() == 4).then_some(3)
    }

    /// The position of a tier's exact name.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known == name)
    }

    /// The position meant by a word of a file: a tier's name in any case, its configured words, or the usual
    /// Chinese ones.
    pub fn from_word(&self, word: &str) -> Option<usize> {
        let word = plain(word).to_lowercase();
        let named = self.names.iter().position(|name| name.to_lowercase() == word);
        let in_words = || {
            self.names.iter().position(|name| {
                let mut words = self.words.get(name).into_iter().flat_map(BTreeMap::values);
                words.any(|known| known.to_lowercase() == word)
            })
        };
        let usual = || match word.as_str() {
            "学校" => Some(0),
            "二级学院" | "学院" => Some(1),
            "班级" => Some(2),
            "家长" => self.guardians(),
            _ => None,
        };
        named.or_else(in_words).or_else(usual)
    }

    /// The tier's name that is nearest to a word nobody knows.
    pub fn nearest(&self, word: &str) -> Option<&str> {
        nearest(word, self.names.iter().map(String::as_str))
    }

    /// Whether a unit of tier `child` may stand below one of tier `parent`: directly below, or guardians
    /// beside a class below a college.
    pub fn may_stand_below(&self, child: usize, parent: usize) -> bool {
        if Some(child) == self.guardians() {
            return parent == 1 || parent == 2;
        }
        child == parent + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiers_are_known_by_name_words_and_custom() {
        let words =
            BTreeMap::from([("grade".to_owned(), BTreeMap::from([("zh-CN".to_owned(), "年级".to_owned())]))]);
        let names = ["school", "grade", "class"].map(str::to_owned).to_vec();
        let tiers = Tiers::new(names, words).expect("three names are tiers");
        assert_eq!(tiers.from_word("年级"), Some(1));
        assert_eq!(tiers.from_word(" Grade "), Some(1));
        assert_eq!(tiers.from_word("班级"), Some(2));
        assert_eq!(tiers.from_word("家长"), None);
        assert_eq!(tiers.role(1), Some(TierRole::Middle));
        assert_eq!(tiers.role(3), None);
        assert_eq!(tiers.guardians(), None);
    }

    #[test]
    fn two_tiers_and_reserved_names_are_refused() {
        let named =
            |names: &[&str]| Tiers::new(names.iter().map(|n| (*n).to_owned()).collect(), BTreeMap::new());
        assert_eq!(named(&["a", "b"]), Err(TiersError::Number(2)));
        assert_eq!(named(&["a", "b", "group"]), Err(TiersError::Name("group".to_owned())));
        assert_eq!(named(&["a", "b", "a"]), Err(TiersError::Twice("a".to_owned())));
    }
}
