//! How much of a report its reader may see.

use serde::{Deserialize, Serialize};

/// In which units something may be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    /// Nowhere.
    #[default]
    Nowhere,
    /// Wherever the report reaches: the operator.
    Everywhere,
    /// Of who is counted in one of these units itself.
    Units(Vec<i64>),
}

impl Extent {
    /// Whether it holds for who is counted in this unit.
    pub fn holds(&self, unit: i64) -> bool {
        match self {
            Extent::Nowhere => false,
            Extent::Everywhere => true,
            Extent::Units(units) => units.contains(&unit),
        }
    }

    /// Whether it holds for no unit.
    pub fn is_nowhere(&self) -> bool {
        match self {
            Extent::Nowhere => true,
            Extent::Everywhere => false,
            Extent::Units(units) => units.is_empty(),
        }
    }
}

/// What the reader of a report may see beside the figures (F4, S8).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportRights {
    /// Who has not reported, by name.
    pub names: Extent,
    /// Their phones.
    pub phones: Extent,
    /// What was answered.
    pub answers: Extent,
}

impl ReportRights {
    /// Those of the operator at the shell.
    pub fn operator() -> ReportRights {
        let all = Extent::Everywhere;
        ReportRights { names: all.clone(), phones: all.clone(), answers: all }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extent_holds_where_it_says() {
        let class = Extent::Units(vec![7]);
        assert!(class.holds(7) && !class.holds(8) && !class.is_nowhere());
        assert!(Extent::Everywhere.holds(8) && !Extent::Nowhere.holds(8));
        assert!(Extent::Units(Vec::new()).is_nowhere() && Extent::default().is_nowhere());
        assert!(!ReportRights::operator().answers.is_nowhere());
    }
}
