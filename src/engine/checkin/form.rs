//! The dialogue of the check-in in private (C1–C5): one message for an account and day that goes from the prompt to the
//! questions, the summary and the thanks. What is true stands in the rows of reports and sessions; what a message shows
//! only follows it.

mod answer;
mod deliver;
mod gap;
mod open;
mod overview;
mod place;
mod press;
mod prompt;
mod stage;
mod typed;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::domain::authority::{Act, grant};
use crate::domain::checkin::{GuardianReports, Way};
use crate::domain::form::Session;
use crate::domain::person::Actor;
use crate::engine::Work;
use crate::store::checkin::days::DayRules;
use crate::store::checkin::reporters::{self, Reporter};
use crate::store::checkin::sessions::{self, Open};
use crate::store::checkin::{expected, reports};
use crate::store::{Result, people};

/// What `messages.kind` and `dialogues.kind` call it.
pub(in crate::engine) const FORM: &str = "form";

/// A report in the making, as it is kept between two inputs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Filling {
    /// Who fills it in.
    by: i64,
    way: Way,
    session: Session,
    /// By `same`.
    same: bool,
    /// It corrects a report that counts already.
    correction: bool,
    /// Tells its buttons from those of an earlier dialogue in the same message.
    tag: i64,
    /// The day is signed: everything is answered, only the reason is missing.
    waits: bool,
}

/// Somebody at the forms of a day.
struct Desk<'d> {
    actor: &'d Actor,
    day: Arc<DayRules>,
    /// The form of this person only, who was phoned.
    phone: Option<i64>,
}

impl Desk<'_> {
    /// Where the form is shown.
    fn slot(&self) -> String {
        match self.phone {
            Some(person) => slot_for(self.day.id, person),
            None => slot(self.day.id, self.actor.account),
        }
    }

    /// Whether an open form belongs to this desk's message.
    fn holds(&self, person: i64, filling: &Filling) -> bool {
        match self.phone {
            Some(phoned) => filling.way == Way::Phone && person == phoned,
            None => filling.way != Way::Phone,
        }
    }
}

/// Where an account sees the forms of a day.
fn slot(day: i64, account: i64) -> String {
    format!("form:{day}:{account}")
}

/// Where whoever phoned a person fills in their form.
fn slot_for(day: i64, person: i64) -> String {
    format!("form:{day}:for:{person}")
}

/// Somebody for whom the reader may report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Subject {
    reporter: Reporter,
    /// The reader may see whatever was answered.
    reads: bool,
}

impl Subject {
    /// Whether the reader may see what was reported in this way. What grown-up students answer themselves is theirs.
    fn sees(&self, way: Way) -> bool {
        let family = matches!(self.reporter.way, Way::Guardian | Way::Proxy);
        self.reads || (family && way != Way::Own)
    }
}

/// Those for whom the reporters may report, each once, in order.
fn subjects_of(day: &DayRules, reporters: Vec<Reporter>) -> Vec<Subject> {
    let mut subjects: Vec<Subject> = Vec::with_capacity(reporters.len());
    for reporter in reporters {
        if subjects.iter().all(|known| known.reporter.person != reporter.person) {
            let always = day.policy.guardian_reports == GuardianReports::Always;
            subjects.push(Subject { reporter, reads: reporter.way == Way::Own || always });
        }
    }
    subjects
}

impl Work<'_> {
    /// For whom somebody may report at a desk, by the rights as they are now.
    async fn subjects(&mut self, desk: &Desk<'_>) -> Result<Vec<Subject>> {
        let day = &desk.day;
        let Some(person) = desk.phone else {
            let may =
                reporters::of(&mut self.tx, day.id, day.policy.guardian_reports, &desk.actor.ids()).await?;
            return Ok(subjects_of(day, may));
        };
        let Some(row) = expected::get(&mut self.tx, day.id, person).await? else { return Ok(Vec::new()) };
        let unit = people::unit_known(&mut self.tx, row.unit).await?;
        let Some(post) = grant(desk.actor, Act::ReportFor, &unit) else { return Ok(Vec::new()) };
        let reporter = Reporter { by: post.person, person, way: Way::Phone };
        let reads = grant(desk.actor, Act::ReadAnswers, &unit).is_some();
        Ok(vec![Subject { reporter, reads }])
    }

    /// The same for one of them.
    async fn subject(&mut self, desk: &Desk<'_>, person: i64) -> Result<Option<Subject>> {
        let subjects = self.subjects(desk).await?;
        Ok(subjects.into_iter().find(|subject| subject.reporter.person == person))
    }

    /// The form that is being filled in at a desk: the one last touched.
    async fn open_form(&mut self, desk: &Desk<'_>) -> Result<Option<(Open, Filling)>> {
        let sealer = &self.engine.sealer;
        for open in sessions::of_account(&mut self.tx, desk.actor.account, desk.day.id).await? {
            let filling: Filling = open.body(sealer)?;
            if desk.holds(open.person, &filling) {
                return Ok(Some((open, filling)));
            }
        }
        Ok(None)
    }

    /// The last report before a day that the reader may see.
    async fn last_seen(&mut self, day: &DayRules, subject: &Subject) -> Result<Option<reports::Report>> {
        let sealer = &self.engine.sealer;
        let last = reports::last_before(&mut self.tx, sealer, day.id, subject.reporter.person).await?;
        Ok(last.filter(|last| last.answers.is_some() && subject.sees(last.way)))
    }
}
