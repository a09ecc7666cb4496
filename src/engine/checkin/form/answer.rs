//! What a person does at a form, whether pressed or typed.

use super::overview::offers_same;
use super::place::At;
use super::{Desk, Filling, Subject};
use crate::domain::checkin::PersonState;
use crate::domain::form::{AnswerFault, Input, Scope, Session, Stage, Step};
use crate::domain::message::{FormNote, Toast};
use crate::engine::Work;
use crate::store::Result;
use crate::store::checkin::{expected, reports};

impl Work<'_> {
    /// That this person's report is there already, if it is.
    pub(super) async fn reported_already(&mut self, desk: &Desk<'_>, person: i64) -> Result<Option<Toast>> {
        let Some(row) = expected::get(&mut self.tx, desk.day.id, person).await? else { return Ok(None) };
        let (by, at) = match row.state {
            PersonState::Reported => (row.by_person, row.reported_at),
            // A supplement to a signed day changes none of its rows.
            _ => match reports::supplements(&mut self.tx, desk.day.id, &[person]).await?.first() {
                Some(supplement) => (Some(supplement.by_person), Some(supplement.at)),
                None => return Ok(None),
            },
        };
        let by = match by.filter(|by| !desk.actor.is(*by)) {
            Some(by) => Some(crate::store::people::name(&mut self.tx, by).await?),
            None => None,
        };
        Ok(Some(Toast::AlreadyReported { by, at: at.unwrap_or(self.now) }))
    }

    /// `same`: nothing changed. What is asked every day is still asked.
    pub(super) async fn same(&mut self, desk: &Desk<'_>, subject: &Subject, at: At<'_>) -> Result<Toast> {
        let person = subject.reporter.person;
        if let Some(toast) = self.reported_already(desk, person).await? {
            self.show_overview(desk, None, at).await?;
            return Ok(toast);
        }
        let last = self.last_seen(&desk.day, subject).await?.and_then(|last| last.answers);
        let Some(last) = last.filter(|last| offers_same(&desk.day, last)) else {
            self.show_overview(desk, None, at).await?;
            return Ok(Toast::Outdated);
        };
        let session = Session::start(&desk.day.form, Scope::Daily, Some(&last));
        let whole = session.stage == Stage::Summary;
        let filling = Filling { same: true, ..filling(subject, session) };
        if whole {
            return self.deliver(desk, person, filling, "", at).await;
        }
        self.show_filling(desk, person, &filling, None, (at, true)).await?;
        Ok(Toast::Quiet)
    }

    /// `fill`: the whole form. One that was begun goes on.
    pub(super) async fn fill(&mut self, desk: &Desk<'_>, subject: &Subject, at: At<'_>) -> Result<Toast> {
        let person = subject.reporter.person;
        if let Some(toast) = self.reported_already(desk, person).await? {
            self.show_overview(desk, None, at).await?;
            return Ok(toast);
        }
        let begun = self.open_form(desk).await?.filter(|(open, _)| open.person == person);
        let filling = match begun {
            Some((_, filling)) => filling,
            None => filling(subject, Session::start(&desk.day.form, Scope::Full, None)),
        };
        self.show_filling(desk, person, &filling, None, (at, true)).await?;
        Ok(Toast::Quiet)
    }

    /// `change` of a report that counts: its answers, to be changed one by one.
    pub(super) async fn correct(&mut self, desk: &Desk<'_>, subject: &Subject, at: At<'_>) -> Result<Toast> {
        let (person, day) = (subject.reporter.person, desk.day.id);
        let begun = self.open_form(desk).await?.filter(|(open, _)| open.person == person);
        if let Some((_, filling)) = begun {
            self.show_filling(desk, person, &filling, None, (at, true)).await?;
            return Ok(Toast::Quiet);
        }
        let version = reports::next_version(&mut self.tx, day, person).await? - 1;
        let sealer = &self.engine.sealer;
        let report = reports::get(&mut self.tx, sealer, day, person, version).await?;
        let report = report.filter(|report| subject.sees(report.way));
        let Some(answers) = report.and_then(|report| report.answers) else {
            self.show_overview(desk, None, at).await?;
            return Ok(Toast::Outdated);
        };
        if !desk.actor.is(person) {
            self.note_sight(desk, person);
        }
        let session = Session::correct(&desk.day.form, &answers);
        let filling = Filling { correction: true, ..filling(subject, session) };
        self.show_filling(desk, person, &filling, None, (at, true)).await?;
        Ok(Toast::Quiet)
    }

    /// An input of a report in the making.
    pub(super) async fn give(
        &mut self,
        desk: &Desk<'_>,
        (person, mut filling): (i64, Filling),
        input: Input<'_>,
        at: At<'_>,
    ) -> Result<Toast> {
        let typed = matches!(input, Input::Typed(_) | Input::Location { .. } | Input::Photo { .. });
        let form = &desk.day.form;
        match filling.session.apply(form, input) {
            Ok(Step::Submitted) => self.deliver(desk, person, filling, "", at).await,
            Ok(Step::Summary) if filling.same => self.deliver(desk, person, filling, "", at).await,
            Ok(Step::Stale) => {
                let at_summary = filling.session.stage == Stage::Summary;
                let note = (typed && at_summary).then_some(FormNote::Submit);
                self.show_filling(desk, person, &filling, note, (at, false)).await?;
                Ok(Toast::FormMoved)
            }
            Ok(step) => {
                self.show_filling(desk, person, &filling, None, (at, step == Step::Ask)).await?;
                Ok(Toast::Quiet)
            }
            Err(AnswerFault::Empty) if !typed => Ok(Toast::ChooseSome),
            Err(fault) => {
                let note = Some(FormNote::Fault(fault));
                self.show_filling(desk, person, &filling, note, (at, false)).await?;
                Ok(Toast::Quiet)
            }
        }
    }
}

/// A report that is begun.
fn filling(subject: &Subject, session: Session) -> Filling {
    Filling {
        by: subject.reporter.by,
        way: subject.reporter.way,
        session,
        same: false,
        correction: false,
        tag: Work::new_tag(),
        waits: false,
    }
}
