//! Papers: the digest at its hours and when asked for, and workbooks (D5, D6).

mod digest;
mod export;
mod figures;
mod slots;

use std::collections::BTreeMap;

use super::Engine;
use crate::domain::authority::{Act, Relation, allows};
use crate::domain::checkin::date_of;
use crate::domain::message::{Letter, Locale, Message, Paper, Reader};
use crate::domain::person::{Actor, UnitRef};
use crate::domain::report::{ChartData, DayReport, WorkbookOrder};
use crate::store::checkin::days;
use crate::store::report::day::{Wanted, day};
use crate::store::{Result, people};

impl Engine {
    /// What a workbook that was ordered holds now; `None` when there is nothing to tell of any more.
    ///
    /// # Errors
    /// When the database cannot be reached or the key does not fit.
    pub async fn ordered_report(&self, order: &WorkbookOrder) -> Result<Option<DayReport>> {
        let Some(date) = date_of(order.day) else { return Ok(None) };
        let settings = &self.settings;
        let wanted = Wanted {
            day: order.day,
            unit: order.unit,
            school: &settings.school,
            tiers: &settings.tier_keys(),
            locale: order.locale,
            rights: &order.rights,
            span: settings.calendar.span(date),
        };
        if let Some(mut replica) = self.db.replica().await {
            match day(&mut replica, &self.sealer, &wanted).await {
                Ok(Some(report)) => return Ok(Some(report)),
                // A day that opened a moment ago.
                Ok(None) => {}
                Err(error) => self.db.distrust_replica(&error.to_string()),
            }
        }
        day(&mut self.db.read().await?, &self.sealer, &wanted).await
    }

    /// The school's digest of the newest day as it stands now, with what its chart shows: for who prints it. `None` before
    /// the first day.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn newest_digest(&self, locale: Locale) -> Result<Option<(Letter, ChartData)>> {
        let mut tx = self.db.read().await?;
        let (Some(root), Some(day)) = (people::root(&mut tx).await?, days::newest(&mut tx).await?) else {
            return Ok(None);
        };
        let drawn = figures::draw(&mut tx, &self.settings, &root, day, self.now()).await?;
        Ok(drawn.map(|drawn| {
            let message = Message::Paper(Paper::Digest(Box::new(drawn.digest)));
            (Letter { reader: Reader::Group, locale, message }, drawn.chart)
        }))
    }
}

/// The units of which an actor gets papers by a post of their own: those where names may be read. Units within another of
/// them are left out.
fn paper_units(actor: &Actor) -> Vec<UnitRef> {
    let entitled = actor.posts.iter().filter(|post| {
        allows(post.role, post.unit.tier, Act::ReadNames, Relation::Own)
            && allows(post.role, post.unit.tier, Act::ReadFigures, Relation::Own)
    });
    let units: BTreeMap<(usize, String), UnitRef> =
        entitled.map(|post| ((post.unit.tier, post.unit.code.clone()), post.unit.clone())).collect();
    let units: Vec<UnitRef> = units.into_values().collect();
    let inside = |unit: &UnitRef| units.iter().any(|other| other.id != unit.id && unit.within(other));
    units.iter().filter(|unit| !inside(unit)).cloned().collect()
}
