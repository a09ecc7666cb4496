//! `/pending`: what is not yet acknowledged below, the oldest due first.

use super::names::Where;
use super::{outermost, page_of, read_units, remindable};
use crate::domain::directive::MEMBERS;
use crate::domain::message::{Counted, Message, PendingRow, Refusal};
use crate::domain::person::{Actor, UnitRef};
use crate::domain::split::title;
use crate::engine::Work;
use crate::engine::work::Manner;
use crate::store::reading::{self, College, Open};
use crate::store::{Result, directives};

/// How many lines stand on a page.
const ROWS: usize = 8;
/// How many names stand on a line; its number says how many there are.
const NAMES: usize = 20;

/// A line before its names are looked up: the leg that is opened, and the one whose missing are named.
struct Line {
    open: Open,
    /// The guardians' leg of the college, for a class that has none of its own.
    shared: Option<i64>,
}

impl Work<'_> {
    /// `/pending`: one list per tier at which the actor reads figures.
    pub(in crate::engine) async fn pending(&mut self, actor: &Actor) -> Result<()> {
        let mut tiers: Vec<usize> = read_units(actor).iter().map(|unit| unit.tier).collect();
        tiers.dedup();
        if tiers.is_empty() {
            self.refuse(actor, Refusal::NoRight, "pending");
        }
        for tier in tiers {
            let Some(list) = self.pending_page(actor, tier, 0).await? else { continue };
            let to = self.private(actor);
            let subject = i64::try_from(tier).unwrap_or_default();
            let manner = Manner::answer().about(format!("pending:{tier}"), "pending", subject);
            self.say(to, manner.owned_by(actor.first().id), list);
        }
        Ok(())
    }

    /// One page for the actor's units of a tier: per college for a school, per chat below.
    pub(super) async fn pending_page(
        &mut self,
        actor: &Actor,
        tier: usize,
        page: usize,
    ) -> Result<Option<Message>> {
        let units: Vec<UnitRef> = read_units(actor).into_iter().filter(|unit| unit.tier == tier).collect();
        if units.is_empty() {
            return Ok(None);
        }
        let names: Vec<&str> = units.iter().map(|unit| unit.name.as_str()).collect();
        let unit = names.join(" · ");
        let remind = self.can_remind(actor, &units).await?;
        if tier == 0 {
            let colleges = reading::open_by_college(&mut self.tx, &units).await?;
            let (shown, page, pages) = page_of(&colleges, page, ROWS);
            let rows = shown.iter().map(|college| self.college_row(college)).collect();
            return Ok(Some(Message::Pending { unit, rows, page, pages, remind }));
        }
        let lines = self.open_lines(&units).await?;
        let (shown, page, pages) = page_of(&lines, page, ROWS);
        let mut rows = Vec::new();
        for line in shown {
            rows.push(self.pending_row(actor, line).await?);
        }
        Ok(Some(Message::Pending { unit, rows, page, pages, remind }))
    }

    /// Whether something is open in the chats of units whose missing this actor may remind.
    async fn can_remind(&mut self, actor: &Actor, units: &[UnitRef]) -> Result<bool> {
        for unit in remindable(actor, units) {
            if !reading::open_at(&mut self.tx, unit.id).await?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn open_lines(&mut self, units: &[UnitRef]) -> Result<Vec<Line>> {
        let open = reading::open_below(&mut self.tx, &outermost(units)).await?;
        let mut lines: Vec<Line> = open.into_iter().map(|open| Line { open, shared: None }).collect();
        let classes: Vec<i64> =
            units.iter().filter(|unit| unit.tier == MEMBERS).map(|unit| unit.id).collect();
        if !classes.is_empty() {
            let shared = reading::shared_guardians(&mut self.tx, &classes).await?;
            lines.extend(shared.into_iter().map(|(open, leg)| Line { open, shared: Some(leg) }));
            lines.sort_by_key(|line| (line.open.due.is_none(), line.open.due, line.open.leg));
        }
        Ok(lines)
    }

    fn college_row(&self, college: &College) -> PendingRow {
        PendingRow {
            leg: college.leg,
            number: college.number,
            title: title(&college.head),
            unit: college.unit.name.clone(),
            due: college.due,
            overdue: college.due.is_some_and(|due| due < self.now),
            missing: college.missing,
            names: Vec::new(),
        }
    }

    async fn pending_row(&mut self, actor: &Actor, line: &Line) -> Result<PendingRow> {
        let open = &line.open;
        let place = match line.shared {
            // Those of the shared chat who belong to this class.
            Some(leg) => Where { leg, ..self.place(open).await? },
            None => self.place(open).await?,
        };
        let names = match line.shared {
            Some(_) => self.class_names(actor, place, NAMES).await?,
            None => self.missing_names(actor, place, (NAMES, 0)).await?,
        };
        Ok(PendingRow {
            leg: open.leg,
            number: open.number,
            title: title(&open.head),
            unit: open.unit.name.clone(),
            due: open.due,
            overdue: open.due.is_some_and(|due| due < self.now),
            missing: open.missing(),
            names,
        })
    }

    /// An open leg as far as it decides who may be named.
    pub(super) async fn place<'o>(&mut self, open: &'o Open) -> Result<Where<'o>> {
        let counted = self.counted(open).await?;
        Ok(Where {
            leg: open.leg,
            revision: open.revision,
            tier: open.tier,
            unit: &open.unit,
            units: matches!(counted, Counted::Colleges | Counted::Classes),
        })
    }

    /// Who answers on an open leg, by the rules the directive was sent under.
    pub(super) async fn counted(&mut self, open: &Open) -> Result<Counted> {
        Ok(directives::known(&mut self.tx, open.directive).await?.counted(open.tier))
    }
}
