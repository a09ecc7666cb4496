//! A report comes in, by whatever way: it is kept, counted, and what it says is judged.

use serde_json::json;

use crate::domain::checkin::Way;
use crate::domain::form::{Answers, Level, Rule};
use crate::domain::person::Actor;
use crate::engine::Work;
use crate::store::Result;
use crate::store::checkin::days::{self, DayRules};
use crate::store::checkin::expected::{self, PersonDay, Reported};
use crate::store::checkin::reports::{self, NewReport};
use crate::store::checkin::sign;

/// A form that was filled in.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::engine) struct Filled {
    /// Whom it is about.
    pub person: i64,
    pub answers: Answers,
    /// Who filled it in.
    pub by_person: i64,
    pub way: Way,
    /// By `same`.
    pub same: bool,
    /// Why so late: needed once the day is signed.
    pub why: String,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::engine) enum Outcome {
    /// It counts. `informed`: names of who was told at once because of what it says.
    Counted { version: i64, late: bool, informed: Vec<String> },
    /// The day is signed: it is a numbered supplement.
    Supplement { number: i64, informed: Vec<String> },
    /// The day is signed: a reason is needed first; nothing was kept.
    NeedsReason,
    /// The person is not expected to report on that day.
    NotExpected,
}

impl Work<'_> {
    /// Takes a report (C1–C5). A second one is a correction and counts once; a late one is marked; one after the day was
    /// signed supplements it under a number and changes none of its figures (D3).
    pub(in crate::engine) async fn take_report(
        &mut self,
        actor: &Actor,
        day: &DayRules,
        filled: Filled,
    ) -> Result<Outcome> {
        let Some(before) = expected::get(&mut self.tx, day.id, filled.person).await? else {
            return Ok(Outcome::NotExpected);
        };
        let locked = sign::is_signed(&mut self.tx, day.id).await?;
        if locked && filled.why.trim().is_empty() {
            return Ok(Outcome::NeedsReason);
        }
        let supplement = if locked { days::number_supplement(&mut self.tx, day.id).await? } else { 0 };
        let rules: Vec<Rule> = day.form.fires(&filled.answers).into_iter().cloned().collect();
        let kept = self.keep_report(day, &before, &filled, &rules, supplement).await?;
        self.record(
            Some(actor),
            "checkin.report",
            format!("day:{}/person:{}", day.id, filled.person),
            json!({"version": kept.version, "way": filled.way.word(), "late": kept.late, "supplement": supplement}),
        );
        let informed = self.judge_report(day, &before, &rules).await?;
        Ok(match supplement {
            0 => {
                self.settle_silence(day, &before).await?;
                Outcome::Counted { version: kept.version, late: kept.late, informed }
            }
            number => {
                self.tell_supplement(actor, &before, number).await?;
                Outcome::Supplement { number, informed }
            }
        })
    }

    async fn keep_report(
        &mut self,
        day: &DayRules,
        before: &PersonDay,
        filled: &Filled,
        rules: &[Rule],
        supplement: i64,
    ) -> Result<Reported> {
        let (now, sealer) = (self.now, &self.engine.sealer);
        let last = reports::last_before(&mut self.tx, sealer, day.id, filled.person).await?;
        let last = last.and_then(|report| report.answers);
        // Marked for whoever reads the answers; a place alone never raises an alert.
        let far = self.far(day, filled.person, &filled.answers).await?.is_some();
        let reported = Reported {
            version: reports::next_version(&mut self.tx, day.id, filled.person).await?,
            // Who reported in time and corrects it later was not late.
            late: before.reported_at.map_or(now > day.deadline_at, |_| before.late),
            changed: day.form.changed(last.as_ref(), &filled.answers),
            level: level(rules).max(u32::from(far)),
            by_person: filled.by_person,
            way: filled.way,
            at: now,
        };
        let new = NewReport {
            day: day.id,
            person: filled.person,
            version: reported.version,
            answers: filled.answers.clone(),
            by_person: filled.by_person,
            way: filled.way,
            same: filled.same,
            late: reported.late,
            changed: reported.changed,
            level: reported.level,
            supplement,
            why: filled.why.clone(),
        };
        reports::keep(&mut self.tx, sealer, &new, now).await?;
        if supplement == 0 {
            expected::report(&mut self.tx, day.id, filled.person, &reported).await?;
            self.recount(day.id, before.unit);
        }
        Ok(reported)
    }
}

/// 0 nothing, 1 watch, 2 urgent.
fn level(rules: &[Rule]) -> u32 {
    let of = |rule: &Rule| match rule.level {
        Level::Watch => 1,
        Level::Urgent => 2,
    };
    rules.iter().map(of).max().unwrap_or(0)
}
