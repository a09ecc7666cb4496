//! `/export`: a day's workbook of what the actor may read. Names with answers are confirmed a second time (S17); every
//! export is in the audit.

use chrono::{NaiveDate, TimeDelta};
use serde_json::json;

use super::paper_units;
use crate::domain::authority::{Act, Relation, allows};
use crate::domain::checkin::{date_of, day_id};
use crate::domain::message::{Class, Message, Paper, Refusal, Repeat, Toast, Verb};
use crate::domain::outgoing::Op;
use crate::domain::person::{Actor, Post, UnitRef};
use crate::domain::report::{Extent, ReportRights, WorkbookOrder};
use crate::engine::Work;
use crate::engine::press::Press;
use crate::engine::work::Manner;
use crate::store::checkin::{days, units};
use crate::store::{Result, people};

/// Who asked for a file waits for it no longer.
const FRESH: TimeDelta = TimeDelta::hours(1);
/// The deepest tier that has units.
const DEEPEST: usize = 2;

impl Work<'_> {
    /// `/export`, or `/export 2026-11-20`.
    pub(in crate::engine) async fn export(&mut self, actor: &Actor, rest: &str) -> Result<()> {
        let own = paper_units(actor);
        if own.is_empty() {
            self.refuse(actor, Refusal::NoRight, "export");
            return Ok(());
        }
        let day = match rest.trim() {
            "" => days::newest(&mut self.tx).await?,
            text => match read_date(text) {
                Some(date) => Some(day_id(date)),
                None => {
                    self.reply(actor, Message::Paper(Paper::BadDate));
                    return Ok(());
                }
            },
        };
        let date = day.and_then(date_of);
        let opened = match day {
            Some(day) => days::rules(&mut self.tx, day).await?,
            None => None,
        };
        let Some(rules) = opened else {
            self.reply(actor, Message::Paper(Paper::NoDay { date }));
            return Ok(());
        };
        for unit in &own {
            self.export_unit(actor, unit, (rules.id, rules.date)).await?;
        }
        Ok(())
    }

    async fn export_unit(
        &mut self,
        actor: &Actor,
        unit: &UnitRef,
        (day, date): (i64, NaiveDate),
    ) -> Result<()> {
        let rights = self.report_rights(&actor.posts, unit, true).await?;
        let all = units::below(&mut self.tx, day, &unit.path).await?;
        let answered = all.iter().filter(|row| rights.answers.holds(row.unit));
        let people: u32 = answered.map(|row| row.own.expected).sum();
        if people == 0 {
            return self.send_export(actor, unit, day, false).await;
        }
        let ask = Paper::ConfirmExport { day, date, unit: unit.name.clone(), unit_id: unit.id, people };
        let manner = Manner::answer().about(format!("export:{day}:{}", unit.id), "export", day);
        let to = self.private(actor);
        self.say(to, manner.owned_by(actor.first().id), Message::Paper(ask));
        Ok(())
    }

    /// `export`: the second confirmation; with 0, only figures. The right is looked up again.
    pub(in crate::engine) async fn press_export(&mut self, press: &Press<'_>) -> Result<Toast> {
        let Message::Paper(Paper::ConfirmExport { day, date, unit, unit_id, .. }) =
            &press.shown.letter.message
        else {
            return Ok(Toast::Outdated);
        };
        let (Verb::Export, Some(answers)) = (press.verb, press.arg) else { return Ok(Toast::Outdated) };
        let own = paper_units(press.actor).into_iter().find(|own| own.id == *unit_id);
        let Some(own) = own else {
            let subject = format!("day:{day}/unit:{unit_id}");
            self.record(Some(press.actor), "refused.export", subject, json!({}));
            return Ok(Toast::Refused(Refusal::NoRight));
        };
        self.send_export(press.actor, &own, *day, answers == 1).await?;
        let sent = Paper::Exporting { date: *date, unit: unit.clone() };
        self.show(press.shown, Class::Answer, Message::Paper(sent));
        Ok(Toast::Quiet)
    }

    async fn send_export(&mut self, actor: &Actor, unit: &UnitRef, day: i64, answers: bool) -> Result<()> {
        let rights = self.report_rights(&actor.posts, unit, answers).await?;
        let detail = json!({"answers": answers, "names": !rights.names.is_nowhere(), "phones": !rights.phones.is_nowhere()});
        self.record(Some(actor), "export.workbook", format!("day:{day}/unit:{}", unit.id), detail);
        let name = unit.name.clone();
        let order = WorkbookOrder { day, unit: unit.id, name, locale: actor.locale, rights };
        let to = self.private(actor);
        self.send_paper(to, (Class::Answer, Repeat::Marked), Op::Workbook(Box::new(order)), FRESH);
        Ok(())
    }

    /// What the holder of these posts may read in the workbook of a unit: asked of `authority` for every unit below.
    pub(super) async fn report_rights(
        &mut self,
        posts: &[Post],
        unit: &UnitRef,
        answers: bool,
    ) -> Result<ReportRights> {
        let below = people::subtree(&mut self.tx, unit, DEEPEST).await?;
        let granted = |act: Act, unit: &UnitRef| {
            posts
                .iter()
                .any(|post| allows(post.role, post.unit.tier, act, Relation::between(&post.unit, unit)))
        };
        let extent = |act: Act| {
            Extent::Units(below.iter().filter(|unit| granted(act, unit)).map(|unit| unit.id).collect())
        };
        Ok(ReportRights {
            names: extent(Act::ReadNames),
            phones: extent(Act::ReadPhones),
            answers: if answers { extent(Act::ReadAnswers) } else { Extent::Nowhere },
        })
    }
}

/// `2026-11-20`, also with slashes or dots, or as one number.
fn read_date(text: &str) -> Option<NaiveDate> {
    if let Ok(number) = text.parse::<i64>() {
        return date_of(number);
    }
    NaiveDate::parse_from_str(&text.replace(['/', '.'], "-"), "%Y-%m-%d").ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_people_write_them() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 20);
        for text in ["2026-11-20", "2026/11/20", "2026.11.20", "20261120"] {
            assert_eq!(read_date(text), day, "{text}");
        }
        for text in ["昨天", "2026-02-30", "20261340", "11-20"] {
            assert_eq!(read_date(text), None, "{text}");
        }
    }
}
