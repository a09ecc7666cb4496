//! Which names of the missing an actor may read (S8): asked of `authority` for the unit somebody belongs to,
//! not for the chat in which they are missing.

use std::collections::BTreeMap;

use crate::domain::authority::{Act, grant};
use crate::domain::directive::{GUARDIANS, MEMBERS};
use crate::domain::message::Mention;
use crate::domain::person::{Actor, UnitRef};
use crate::engine::Work;
use crate::store::reading::{self, Missing};
use crate::store::{Result, directives, legs, people, receipts};

/// Which of a leg's missing may be named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Readable {
    All,
    /// Only students of these classes.
    Of(Vec<i64>),
    None,
}

/// A leg as far as it decides who may be named.
#[derive(Debug, Clone, Copy)]
pub(super) struct Where<'u> {
    pub leg: i64,
    pub revision: i64,
    /// The tier of the chat.
    pub tier: usize,
    pub unit: &'u UnitRef,
    /// Units are missing, not people.
    pub units: bool,
}

impl Work<'_> {
    /// Which of the missing this actor may read by name.
    pub(super) async fn readable(&mut self, actor: &Actor, place: Where<'_>) -> Result<Readable> {
        if place.units {
            // Names of units are no names of people: who reads the figures reads them.
            return Ok(Readable::All);
        }
        if place.tier != GUARDIANS || place.unit.tier >= MEMBERS {
            let granted = grant(actor, Act::ReadNames, place.unit).is_some();
            return Ok(if granted { Readable::All } else { Readable::None });
        }
        // One guardians' chat for a whole college: its students belong to classes.
        let classes = people::subtree(&mut self.tx, place.unit, MEMBERS).await?;
        let readable: Vec<i64> = classes
            .iter()
            .filter(|class| class.tier == MEMBERS && grant(actor, Act::ReadNames, class).is_some())
            .map(|class| class.id)
            .collect();
        Ok(if readable.is_empty() { Readable::None } else { Readable::Of(readable) })
    }

    /// Names of the missing of a leg that this actor may read: `most` of them after the first `skip`.
    pub(super) async fn missing_names(
        &mut self,
        actor: &Actor,
        place: Where<'_>,
        (most, skip): (usize, usize),
    ) -> Result<Vec<String>> {
        let missing = match self.readable(actor, place).await? {
            Readable::None => return Ok(Vec::new()),
            Readable::All => self.missing_of(place, None, (most, skip)).await?,
            Readable::Of(classes) => self.missing_of(place, Some(&classes), (most, skip)).await?,
        };
        self.names_of(&missing).await
    }

    /// Names of the missing households of one class in its college's guardians' chat.
    pub(super) async fn class_names(
        &mut self,
        actor: &Actor,
        place: Where<'_>,
        most: usize,
    ) -> Result<Vec<String>> {
        if grant(actor, Act::ReadNames, place.unit).is_none() {
            return Ok(Vec::new());
        }
        let missing = self.missing_of(place, Some(&[place.unit.id]), (most, 0)).await?;
        self.names_of(&missing).await
    }

    async fn missing_of(
        &mut self,
        place: Where<'_>,
        classes: Option<&[i64]>,
        page: (usize, usize),
    ) -> Result<Vec<Missing>> {
        reading::missing(&mut self.tx, place.leg, place.revision, classes, page).await
    }

    async fn names_of(&mut self, missing: &[Missing]) -> Result<Vec<String>> {
        let ids: Vec<i64> = missing.iter().filter(|one| one.unit.is_none()).map(|one| one.subject).collect();
        let names = if ids.is_empty() { BTreeMap::new() } else { people::names(&mut self.tx, &ids).await? };
        let name = |one: &Missing| one.unit.clone().or_else(|| names.get(&one.subject).cloned());
        Ok(missing.iter().filter_map(name).collect())
    }

    /// The missing of a leg as a group may see them, when `roster.group_names` allows it for this many;
    /// otherwise empty: the number says it.
    pub(super) async fn group_mentions(&mut self, leg: i64) -> Result<Vec<Mention>> {
        let Some(leg) = legs::get(&mut self.tx, leg).await? else { return Ok(Vec::new()) };
        if !self.settings().rules.group_names.allow(usize::try_from(leg.missing()).unwrap_or(usize::MAX)) {
            return Ok(Vec::new());
        }
        let directive = directives::known(&mut self.tx, leg.directive).await?;
        let missing = receipts::open_subjects(&mut self.tx, leg.id, directive.revision).await?;
        self.mentions(&directive, &leg, &missing).await
    }
}
