//! Whose report is to be watched, and why as far as places tell it (C6): shown only to who may read the answers.

use std::collections::BTreeMap;

use crate::domain::form::Answers;
use crate::domain::message::Watched;
use crate::engine::Work;
use crate::store::checkin::days::DayRules;
use crate::store::checkin::reports;
use crate::store::{Result, people};

impl Work<'_> {
    /// How many kilometres from the last place that the person ever gave, if that is worth a look.
    pub(super) async fn far(
        &mut self,
        day: &DayRules,
        person: i64,
        answers: &Answers,
    ) -> Result<Option<u32>> {
        if !day.form.compares_places() {
            return Ok(None);
        }
        let sealer = &self.engine.sealer;
        let last = reports::last_with_place(&mut self.tx, sealer, day.id, person).await?;
        Ok(last.and_then(|last| last.answers).and_then(|last| day.form.far(&last, answers)))
    }

    /// These people by name, as those whose report of a day is to be watched.
    pub(super) async fn watched_people(
        &mut self,
        day: &DayRules,
        people: &[i64],
    ) -> Result<BTreeMap<i64, Watched>> {
        let mut watched = BTreeMap::new();
        for (person, name) in people::names(&mut self.tx, people).await? {
            let far_km = self.far_of_report(day, person).await?;
            watched.insert(person, Watched { name, far_km });
        }
        Ok(watched)
    }

    async fn far_of_report(&mut self, day: &DayRules, person: i64) -> Result<Option<u32>> {
        if !day.form.compares_places() {
            return Ok(None);
        }
        let sealer = &self.engine.sealer;
        let report = reports::last_before(&mut self.tx, sealer, day.id + 1, person).await?;
        match report.filter(|report| report.day == day.id).and_then(|report| report.answers) {
            Some(answers) => self.far(day, person, &answers).await,
            None => Ok(None),
        }
    }
}
