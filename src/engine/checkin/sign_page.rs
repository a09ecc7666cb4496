//! The page of who signs: what is missing, what is urgent, who has not confirmed, and how far the day is (D3, D4).

use std::collections::BTreeMap;

use super::board::Board;
use super::sign::{in_order, unconfirmed};
use crate::domain::authority::{Act, grant};
use crate::domain::checkin::date_of;
use crate::domain::figures::{Figures, SignedUnit};
use crate::domain::message::{
    Class, Done, Filing, Late, Message, SignOff, SignRow, Stage, Supplement, Tally,
};
use crate::domain::person::{Actor, UnitRef};
use crate::domain::roster::Role;
use crate::engine::Work;
use crate::engine::work::Manner;
use crate::store::checkin::days::DayState;
use crate::store::checkin::expected::PersonDay;
use crate::store::checkin::sign;
use crate::store::people::Addressee;
use crate::store::{Result, people};

/// How many earlier days are offered.
const EARLIER: usize = 3;

impl Work<'_> {
    /// The page as this actor may act on it; `None` when there is no such day.
    pub(super) async fn sign_page(
        &mut self,
        actor: &Actor,
        root: &UnitRef,
        day: i64,
    ) -> Result<Option<SignOff>> {
        let Some(board) = self.board(day, std::slice::from_ref(&root.path)).await? else { return Ok(None) };
        let earlier = sign::unsigned_before(&mut self.tx, day, EARLIER).await?;
        let (urgent, _) = sign::urgent(&mut self.tx, day).await?;
        let stage = self.stage(actor, root, &board).await?;
        let owing = || board.units.iter().filter(|unit| unit.tier == 1 && board.owes(unit));
        let units = u32::try_from(owing().count()).unwrap_or(u32::MAX);
        Ok(Some(SignOff {
            day,
            date: board.day.date,
            figures: signed_figures(&board.state, root.id).unwrap_or(board.figures(root.id)),
            units,
            confirmed: units - unconfirmed(&board),
            rows: rows(&board, root),
            urgent,
            stage,
            supplements: self.supplements(day).await?,
            earlier: earlier.into_iter().filter_map(|day| Some((day, date_of(day)?))).collect(),
        }))
    }

    async fn stage(&mut self, actor: &Actor, root: &UnitRef, board: &Board) -> Result<Stage> {
        let state = &board.state;
        let may = |act: Act| grant(actor, act, root).is_some();
        if let Some(signed) = self.done(state.signed_by, state.signed_at).await? {
            let filing = match self.done(state.filed_by, state.filed_at).await? {
                Some(done) => Filing::Filed { to: state.filed_to.clone(), done },
                None => Filing::Open {
                    due: self.file_due(&board.day),
                    last: sign::last_authority(&mut self.tx).await?,
                    may: may(Act::File),
                },
            };
            return Ok(Stage::Signed { signed, why: state.signed_why.clone(), filing });
        }
        let due = self.sign_due(&board.day);
        let late =
            if self.now >= due { Some(Late { due, signers: self.signer_names().await? }) } else { None };
        if self.needs_review(board).await? {
            return Ok(Stage::Review { late, may: may(Act::Review) });
        }
        let reviewed = self.done(state.reviewed_by, state.reviewed_at).await?;
        Ok(Stage::Sign { reviewed, late, may: may(Act::Sign) })
    }

    async fn done(
        &mut self,
        by: Option<i64>,
        at: Option<crate::domain::message::Time>,
    ) -> Result<Option<Done>> {
        let (Some(by), Some(at)) = (by, at) else { return Ok(None) };
        Ok(Some(Done { by: people::name(&mut self.tx, by).await?, at }))
    }

    /// Whether something urgent became known that no leader has seen.
    pub(super) async fn needs_review(&mut self, board: &Board) -> Result<bool> {
        let (people, latest) = sign::urgent(&mut self.tx, board.day.id).await?;
        let seen = board.state.reviewed_at;
        Ok(people > 0 && (seen.is_none() || latest > seen))
    }

    async fn signer_names(&mut self) -> Result<Vec<String>> {
        let signers = sign::signers(&mut self.tx).await?;
        Ok(people::names(&mut self.tx, &signers).await?.into_values().collect())
    }

    async fn supplements(&mut self, day: i64) -> Result<Vec<Supplement>> {
        let found = sign::supplements(&mut self.tx, &self.engine.sealer, day).await?;
        let mut all = Vec::new();
        for one in found {
            let unit = people::unit_known(&mut self.tx, one.unit).await?.name;
            all.push(Supplement { number: one.number, unit, at: one.at, why: one.why });
        }
        Ok(all)
    }

    /// Asks who signs; of a day with an urgent alert who reviews it first. Where nobody who signs can be reached, the
    /// leaders and the office hear of it at once.
    pub(super) async fn ask_sign(&mut self, board: &Board) -> Result<String> {
        let day = board.day.id;
        let mut asked = sign::signers(&mut self.tx).await?;
        if self.needs_review(board).await? {
            asked.extend(self.heads(&[Role::Leader]).await?);
        }
        let mut told = self.send_sign_pages(day, &asked, Class::Directive).await?;
        if told == 0 {
            let heads = self.heads(&[Role::Leader, Role::Office]).await?;
            told = self.send_sign_pages(day, &heads, Class::Urgent).await?;
        }
        Ok(format!("asked {told} people to sign"))
    }

    /// The day is not signed in time: the leaders and the office, which follows it up, are told.
    pub(super) async fn escalate_sign(&mut self, board: &Board) -> Result<String> {
        let heads = self.heads(&[Role::Leader, Role::Office]).await?;
        let told = self.send_sign_pages(board.day.id, &heads, Class::Urgent).await?;
        Ok(format!("not signed, told {told} people"))
    }

    /// The signed day is not filed in time: likewise.
    pub(super) async fn escalate_file(&mut self, board: &Board) -> Result<String> {
        if !board.signed() || board.state.filed_at.is_some() {
            return Ok("nothing to be filed".to_owned());
        }
        let heads = self.heads(&[Role::Leader, Role::Office]).await?;
        let told = self.send_sign_pages(board.day.id, &heads, Class::Urgent).await?;
        Ok(format!("not filed, told {told} people"))
    }

    async fn heads(&mut self, roles: &[Role]) -> Result<Vec<i64>> {
        let Some(root) = people::root(&mut self.tx).await? else { return Ok(Vec::new()) };
        let locale = self.school_locale();
        let found = people::holders(&mut self.tx, root.id, roles, locale).await?;
        Ok(found.into_iter().map(|who| who.person).collect())
    }

    /// Tells of a supplement to the signed day: those responsible from the person's unit upward, and who signed.
    pub(super) async fn tell_supplement(
        &mut self,
        actor: &Actor,
        about: &PersonDay,
        number: i64,
    ) -> Result<()> {
        let day = about.day;
        let Some((_, board)) = self.whole_board(day).await? else { return Ok(()) };
        let all = self.supplements(day).await?;
        let Some(supplement) = all.into_iter().find(|one| one.number == number) else { return Ok(()) };
        let name = people::name(&mut self.tx, about.person).await?;
        let signer = board.state.signed_by.unwrap_or(0);
        for (who, own) in self.concerned_by(about, signer).await?.into_values() {
            let Some(to) = self.addressee(&who).filter(|_| !actor.is(who.person)) else { continue };
            let (date, supplement) = (board.day.date, supplement.clone());
            let told = Tally::Supplemented { date, supplement, name: own.then(|| name.clone()) };
            let manner = Manner::directive(false, String::new(), "supplement", day).owned_by(who.person);
            self.say(to, Manner { class: Class::Reminder, ..manner }, Message::Tally(told));
        }
        self.refresh_sign_pages(day).await
    }

    /// Those responsible from a person's unit upward, and who signed; `true`: for the person's own unit.
    async fn concerned_by(
        &mut self,
        about: &PersonDay,
        signer: i64,
    ) -> Result<BTreeMap<i64, (Addressee, bool)>> {
        let locale = self.school_locale();
        let mut told = BTreeMap::new();
        let mut at = Some(about.unit);
        while let Some(unit) = at {
            let unit = people::unit_known(&mut self.tx, unit).await?;
            for who in people::responsible(&mut self.tx, &unit, locale).await? {
                told.entry(who.person).or_insert((who, unit.id == about.unit));
            }
            at = unit.parent;
        }
        for who in people::addressees(&mut self.tx, &[signer], locale).await? {
            told.entry(who.person).or_insert((who, false));
        }
        Ok(told)
    }
}

/// The school's figures as they were signed; `None` before.
fn signed_figures(state: &DayState, root: i64) -> Option<Figures> {
    let units: Vec<SignedUnit> = serde_json::from_str(&state.signed).ok()?;
    units.into_iter().find(|unit| unit.unit == root).map(|unit| unit.figures)
}

/// Colleges that are not in order, and the school's own people when some of them are missing.
fn rows(board: &Board, root: &UnitRef) -> Vec<SignRow> {
    let mut rows = Vec::new();
    for unit in board.units.iter().filter(|unit| unit.tier <= 1) {
        let standing = board.standing(unit);
        let own = unit.unit == root.id;
        let figures = if own { unit.own } else { board.figures(unit.unit) };
        let fine = if own {
            figures.missing + figures.unreachable == 0
        } else {
            in_order(board, unit.unit, standing)
        };
        if fine || (!own && !board.owes(unit)) {
            continue;
        }
        rows.push(SignRow {
            name: unit.name.clone(),
            missing: figures.missing,
            unreachable: figures.unreachable,
            confirmation: (!own).then_some(standing),
        });
    }
    rows
}
