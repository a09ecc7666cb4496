//! What a day's timers do about figures: ask for confirmation, ask once more, report who has not upward, and the same
//! for signing and filing (D1, D4).
//!
//! The chain of D4: specifically responsible is who confirms (counselor, secretary) and the office that follows it up;
//! directly responsible who is one tier up, and who signs; first responsible are the leaders.

use std::collections::BTreeMap;

use super::board::Board;
use crate::domain::checkin::DayStep;
use crate::domain::message::{
    Asked, Class, Message, Standing, Tally, Unconfirmed, UnconfirmedRow, UnconfirmedWho,
};
use crate::engine::Work;
use crate::engine::work::Manner;
use crate::store::checkin::confirm;
use crate::store::checkin::days::DayRules;
use crate::store::people::Addressee;
use crate::store::{Result, people};

/// A report upward that stays unread for this long is not sent any more.
const FRESH: chrono::TimeDelta = chrono::TimeDelta::hours(6);

impl Work<'_> {
    /// Does one of the steps from `AskConfirm` to `EscalateFile`; what it did, for the timer's note. Whatever was
    /// settled meanwhile is left alone.
    pub(in crate::engine) async fn confirm_step(&mut self, day: &DayRules, what: DayStep) -> Result<String> {
        let Some(root) = people::root(&mut self.tx).await? else { return Ok("no school".to_owned()) };
        let Some(board) = self.board(day.id, &[root.path]).await? else {
            return Ok("no such day".to_owned());
        };
        if what == DayStep::EscalateFile {
            return self.escalate_file(&board).await;
        }
        if board.signed() {
            return Ok("the day is signed".to_owned());
        }
        match what {
            DayStep::AskConfirm { tier } => self.ask_tier(&board, tier, false).await,
            DayStep::RemindConfirm { tier } => self.ask_tier(&board, tier, true).await,
            DayStep::EscalateConfirm { tier } => self.escalate_unconfirmed(&board, tier).await,
            DayStep::AskSign => self.ask_sign(&board).await,
            DayStep::EscalateSign => self.escalate_sign(&board).await,
            _ => Ok("not about figures".to_owned()),
        }
    }

    /// Asks for what is not confirmed; `again`: also, once, for what changed since it was.
    async fn ask_tier(&mut self, board: &Board, tier: usize, again: bool) -> Result<String> {
        let all = confirm::in_charge(&mut self.tx, board.day.id, tier).await?;
        let with = |fits: &dyn Fn(Standing, bool) -> bool| -> Vec<(i64, i64)> {
            let known = |id: i64| board.unit(id).map(|unit| (board.standing(unit), unit.asked_again));
            all.iter()
                .filter(|(id, _)| known(*id).is_some_and(|(at, asked)| fits(at, asked)))
                .copied()
                .collect()
        };
        let open = with(&|standing, _| matches!(standing, Standing::Open | Standing::Returned));
        let changed = with(&|standing, asked| again && standing == Standing::Changed && !asked);
        let asked = if again { Asked::Again } else { Asked::Usual };
        let mut told = self.ask_units(board, &open, asked).await?;
        told += self.ask_units(board, &changed, Asked::Changed).await?;
        Ok(format!("asked {told} people to confirm"))
    }

    async fn ask_units(&mut self, board: &Board, pairs: &[(i64, i64)], asked: Asked) -> Result<usize> {
        if pairs.is_empty() {
            return Ok(0);
        }
        let told = self.ask_to_confirm(board, pairs, asked).await?;
        let units: Vec<i64> = pairs.iter().map(|(unit, _)| *unit).collect();
        let now = self.now;
        confirm::asked(&mut self.tx, board.day.id, &units, asked == Asked::Changed, now).await?;
        Ok(told.len())
    }

    /// Units of a tier without a confirmation are reported to those responsible one tier up; where nobody can be
    /// reached there, to the next: silence must not end in silence.
    async fn escalate_unconfirmed(&mut self, board: &Board, tier: usize) -> Result<String> {
        let mut of_parent: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for unit in board.units.iter().filter(|unit| unit.tier == tier && board.unconfirmed(unit)) {
            let known = people::unit_known(&mut self.tx, unit.unit).await?;
            of_parent.entry(known.parent.unwrap_or(known.id)).or_default().push(unit.unit);
        }
        let units: usize = of_parent.values().map(Vec::len).sum();
        let mut rows: BTreeMap<i64, (Addressee, Vec<UnconfirmedRow>)> = BTreeMap::new();
        for (parent, units) in of_parent {
            let (told, near) = self.reachable_from(parent).await?;
            let mut told_rows = Vec::new();
            for unit in units {
                told_rows.push(self.unconfirmed_row(board, unit, near).await?);
            }
            for who in told {
                rows.entry(who.person).or_insert_with(|| (who, Vec::new())).1.extend(told_rows.clone());
            }
        }
        let told = rows.len();
        for (who, rows) in rows.into_values() {
            let Some(to) = self.addressee(&who) else { continue };
            let due = self.confirm_due(&board.day, tier);
            let message = Tally::Unconfirmed(Box::new(Unconfirmed { date: board.day.date, due, rows }));
            let slot = format!("unconfirmed:{}:{tier}", board.day.id);
            let manner = Manner::directive(false, slot, "unconfirmed", board.day.id).owned_by(who.person);
            let manner = Manner { class: Class::Urgent, fresh_for: FRESH, ..manner };
            self.say(to, manner, Message::Tally(message));
        }
        Ok(format!("{units} units unconfirmed, told {told} people"))
    }

    /// Those responsible for a unit who can be reached, else for the next above; whether it is this very unit.
    async fn reachable_from(&mut self, unit: i64) -> Result<(Vec<Addressee>, bool)> {
        let locale = self.school_locale();
        let mut unit = people::unit_known(&mut self.tx, unit).await?;
        let mut near = true;
        loop {
            let mut found = people::responsible(&mut self.tx, &unit, locale).await?;
            found.retain(|who| who.reachable);
            let Some(parent) = unit.parent.filter(|_| found.is_empty()) else { return Ok((found, near)) };
            unit = people::unit_known(&mut self.tx, parent).await?;
            near = false;
        }
    }

    /// Phones go no further than one tier up.
    async fn unconfirmed_row(&mut self, board: &Board, unit: i64, phones: bool) -> Result<UnconfirmedRow> {
        let locale = self.school_locale();
        let known = people::unit_known(&mut self.tx, unit).await?;
        let mut who = Vec::new();
        for person in people::responsible(&mut self.tx, &known, locale).await? {
            let phone = if phones { person.open_phone(&self.engine.sealer)? } else { None };
            who.push(UnconfirmedWho { name: person.name, phone, unreachable: !person.reachable });
        }
        Ok(UnconfirmedRow { name: known.name, missing: board.figures(unit).missing, who })
    }
}
