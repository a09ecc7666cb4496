//! For whom a reader reports, and how each of them stands: the prompt, and the thanks.

use std::collections::BTreeMap;

use serde_json::json;

use super::stage::answered;
use super::{Desk, Subject};
use crate::domain::checkin::{PersonState, Way};
use crate::domain::form::{Answers, Level};
use crate::domain::message::{FormDone, FormRow, FormStage, LastReport, Locale};
use crate::engine::Work;
use crate::store::checkin::days::DayRules;
use crate::store::checkin::expected::{self, PersonDay};
use crate::store::checkin::reports::{self, Report, Supplemented};
use crate::store::{Result, people};

/// Somebody who is shown the overview.
pub(super) struct Reader {
    /// The people behind the account.
    pub people: Vec<i64>,
    pub locale: Locale,
    pub subjects: Vec<Subject>,
}

/// What is told once, right after a report came in.
#[derive(Debug, Clone, Default)]
pub(super) struct Fresh {
    pub person: i64,
    pub informed: Vec<String>,
    pub supplement: Option<i64>,
}

/// What is known of the people of some overviews.
struct Known {
    rows: BTreeMap<i64, PersonDay>,
    /// Of those who did not report before the day was signed, but since.
    supplements: BTreeMap<i64, Supplemented>,
    last: BTreeMap<i64, Report>,
    names: BTreeMap<i64, String>,
}

/// Whether `same` may be offered: the form has it, and what was said last calls for more than a tap.
pub(super) fn offers_same(day: &DayRules, last: &Answers) -> bool {
    day.form.same.is_some() && day.form.fires(last).iter().all(|rule| rule.level != Level::Urgent)
}

impl Work<'_> {
    /// The overviews of many readers, each with what they may see: a few statements for all of them.
    pub(super) async fn overviews(&mut self, day: &DayRules, readers: &[Reader]) -> Result<Vec<FormStage>> {
        let known = self.known(day, readers).await?;
        let stage = |reader: &Reader| {
            let rows = reader.subjects.iter().filter_map(|subject| row(day, reader, subject, &known));
            FormStage::Overview {
                rows: rows.collect(),
                same: day.form.same.as_ref().map(|words| words.of(reader.locale).to_owned()),
                declaration: day.form.declaration.as_ref().map(|words| words.of(reader.locale).to_owned()),
            }
        };
        Ok(readers.iter().map(stage).collect())
    }

    async fn known(&mut self, day: &DayRules, readers: &[Reader]) -> Result<Known> {
        let persons: Vec<i64> =
            readers.iter().flat_map(|reader| reader.subjects.iter().map(|s| s.reporter.person)).collect();
        let rows = expected::many(&mut self.tx, day.id, &persons).await?;
        let open: Vec<i64> =
            rows.iter().filter(|row| row.state != PersonState::Reported).map(|row| row.person).collect();
        let supplements = reports::supplements(&mut self.tx, day.id, &open).await?;
        let sealer = &self.engine.sealer;
        let last = reports::last_of_many(&mut self.tx, sealer, day.id, &open).await?;
        let others = readers.iter().flat_map(|reader| &reader.subjects);
        let others = others.filter(|s| s.reporter.way != Way::Own).map(|s| s.reporter.person);
        let by = rows.iter().filter_map(|row| row.by_person);
        let by = by.chain(supplements.iter().map(|one| one.by_person));
        let mut named: Vec<i64> = others.chain(by).collect();
        named.sort_unstable();
        named.dedup();
        let names =
            if named.is_empty() { BTreeMap::new() } else { people::names(&mut self.tx, &named).await? };
        Ok(Known {
            rows: rows.into_iter().map(|row| (row.person, row)).collect(),
            supplements: supplements.into_iter().map(|one| (one.person, one)).collect(),
            last: last.into_iter().map(|report| (report.person, report)).collect(),
            names,
        })
    }

    /// The overview of one desk. Seeing what others answered is audited.
    pub(super) async fn overview(&mut self, desk: &Desk<'_>, fresh: Option<&Fresh>) -> Result<FormStage> {
        let subjects = self.subjects(desk).await?;
        let reader = Reader { people: desk.actor.ids(), locale: desk.actor.locale, subjects };
        let mut stages = self.overviews(&desk.day, std::slice::from_ref(&reader)).await?;
        let mut stage = stages.pop().unwrap_or(FormStage::Over);
        let FormStage::Overview { rows, .. } = &mut stage else { return Ok(stage) };
        for row in rows {
            if row.name.is_some() && row.last.is_some() {
                self.note_sight(desk, row.person);
            }
            let Some(fresh) = fresh.filter(|fresh| fresh.person == row.person) else { continue };
            let Some(done) = &mut row.done else { continue };
            done.informed.clone_from(&fresh.informed);
            done.help = (!fresh.informed.is_empty()).then(|| self.settings().help.clone());
            done.supplement = fresh.supplement.or(done.supplement);
        }
        Ok(stage)
    }

    /// Somebody sees what was answered about another person (F1).
    pub(super) fn note_sight(&mut self, desk: &Desk<'_>, person: i64) {
        let subject = format!("day:{}/person:{person}", desk.day.id);
        self.record(Some(desk.actor), "answers.read", subject, json!({ "phone": desk.phone.is_some() }));
    }
}

fn row(day: &DayRules, reader: &Reader, subject: &Subject, known: &Known) -> Option<FormRow> {
    let person = subject.reporter.person;
    let stands = known.rows.get(&person)?;
    let name =
        (subject.reporter.way != Way::Own).then(|| known.names.get(&person).cloned().unwrap_or_default());
    let excused = stands.state == PersonState::Excused;
    let row = FormRow { person, name, last: None, same: false, excused, done: None };
    let supplement = known.supplements.get(&person);
    if stands.state == PersonState::Reported || supplement.is_some() {
        return Some(FormRow { done: Some(done(reader, subject, stands, supplement, known)), ..row });
    }
    let last = known.last.get(&person).filter(|last| subject.sees(last.way));
    let answers = last.and_then(|last| last.answers.as_ref().map(|answers| (last.day, answers)));
    let last = answers.and_then(|(of, answers)| {
        let date = crate::domain::checkin::date_of(of)?;
        Some(LastReport { date, answers: answered(&day.form, answers, reader.locale) })
    });
    Some(FormRow { last, same: answers.is_some_and(|(_, answers)| offers_same(day, answers)), ..row })
}

/// How a report stands: the valid one, or where there is none a supplement to the signed day.
fn done(
    reader: &Reader,
    subject: &Subject,
    stands: &PersonDay,
    supplement: Option<&Supplemented>,
    known: &Known,
) -> FormDone {
    let way = supplement.map_or(stands.way, |one| Some(one.way)).unwrap_or(Way::Own);
    let by = supplement.map_or(stands.by_person, |one| Some(one.by_person));
    let by = by.filter(|by| !reader.people.contains(by));
    FormDone {
        at: supplement.map_or(stands.reported_at, |one| Some(one.at)).unwrap_or_default(),
        by: by.map(|by| known.names.get(&by).cloned().unwrap_or_default()),
        phone: way == Way::Phone,
        late: stands.late || supplement.is_some(),
        corrected: supplement.map_or(stands.version, |one| one.version) > 1,
        supplement: supplement.map(|one| one.number),
        informed: Vec::new(),
        help: None,
        change: subject.sees(way),
    }
}
