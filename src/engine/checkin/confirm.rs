//! The confirmation of figures: by the counselor for the class, by the secretary for the college, also when all is
//! zero (C2, D1). Asked at its hour, asked again once, then reported one tier up.

use std::collections::BTreeMap;

use serde_json::json;

use super::board::Board;
use crate::domain::authority::{Act, grant};
use crate::domain::message::{
    Asked, Class, Confirm, ConfirmRow, ConfirmState, Message, Refusal, Repeat, Standing, Tally, TallyToast,
    Toast,
};
use crate::domain::person::{Actor, UnitRef};
use crate::engine::Work;
use crate::engine::press::Press;
use crate::engine::work::Manner;
use crate::store::checkin::confirm;
use crate::store::checkin::units::UnitDay;
use crate::store::people::Addressee;
use crate::store::{Result, messages, people};

/// A question that stays unread for this long is not asked any more.
const FRESH: chrono::TimeDelta = chrono::TimeDelta::hours(4);

pub(super) fn confirm_slot(day: i64, person: i64) -> String {
    format!("confirm:{day}:{person}")
}

pub(super) fn confirm_manner(day: i64, person: i64) -> Manner {
    let manner = Manner::directive(false, confirm_slot(day, person), "confirm", day).owned_by(person);
    Manner { fresh_for: FRESH, ..manner }
}

/// The units whose figures this actor confirms, the highest tier first.
pub(super) fn confirmable(actor: &Actor) -> Vec<UnitRef> {
    let posts = actor.posts.iter().map(|post| &post.unit);
    let mut units: Vec<UnitRef> =
        posts.filter(|unit| grant(actor, Act::Confirm, unit).is_some()).cloned().collect();
    units.sort_by(|one, other| (one.tier, &one.code).cmp(&(other.tier, &other.code)));
    units.dedup_by_key(|unit| unit.id);
    units
}

fn paths(units: &[UnitRef]) -> Vec<String> {
    units.iter().map(|unit| unit.path.clone()).collect()
}

impl Work<'_> {
    /// `/confirm`, or `/confirm CODE` for one of one's units.
    pub(in crate::engine) async fn confirm(&mut self, actor: &Actor, code: &str) -> Result<()> {
        let mut units = confirmable(actor);
        if !code.is_empty() {
            units.retain(|unit| unit.code == code);
        }
        if units.is_empty() {
            self.refuse(actor, Refusal::NoRight, "confirm");
            return Ok(());
        }
        let Some(day) = self.current_day().await? else {
            self.reply(actor, Message::Tally(Tally::NoDay));
            return Ok(());
        };
        let Some(board) = self.board(day.id, &paths(&units)).await? else { return Ok(()) };
        let ids: Vec<i64> = units.iter().map(|unit| unit.id).collect();
        let rows = self.confirm_rows(&board, &ids, Some(actor)).await?;
        let page = page(&board, Asked::Usual, rows.into_values().collect());
        let person = actor.first().id;
        let manner = Manner::answer().about(confirm_slot(day.id, person), "confirm", day.id);
        let to = self.private(actor);
        self.say(to, manner.owned_by(person), confirm_message(page));
        Ok(())
    }

    /// The rows of these units; seeing who is watched is recorded.
    pub(super) async fn confirm_rows(
        &mut self,
        board: &Board,
        units: &[i64],
        actor: Option<&Actor>,
    ) -> Result<BTreeMap<(usize, String), ConfirmRow>> {
        let day = board.day.id;
        let watched = confirm::watched(&mut self.tx, day, units).await?;
        let mut returned = BTreeMap::new();
        for unit in units.iter().filter_map(|unit| board.unit(*unit)) {
            if board.standing(unit) == Standing::Returned {
                let by = confirm::returned_by(&mut self.tx, day, unit.unit).await?;
                returned.insert(unit.unit, by.unwrap_or(0));
            }
        }
        let seen: Vec<i64> = watched.iter().map(|(_, person)| *person).collect();
        let mut people = self.watched_people(&board.day, &seen).await?;
        let mut ids: Vec<i64> = returned.values().copied().collect();
        ids.extend(units.iter().filter_map(|unit| board.unit(*unit)?.confirmed_by));
        let names = people::names(&mut self.tx, &ids).await?;
        if !seen.is_empty() {
            self.record(actor, "checkin.watch", format!("day:{day}"), json!({"people": seen}));
        }
        let name = |person: i64| names.get(&person).cloned().unwrap_or_default();
        let mut rows = BTreeMap::new();
        for unit in units.iter().filter_map(|unit| board.unit(*unit)) {
            let state = match (board.standing(unit), unit.confirmed_at) {
                (Standing::Confirmed, Some(at)) => {
                    ConfirmState::Done { at, by: name(unit.confirmed_by.unwrap_or(0)) }
                }
                (Standing::Changed, Some(at)) => ConfirmState::Changed { at },
                (Standing::Returned, _) => ConfirmState::Returned {
                    by: name(returned.get(&unit.unit).copied().unwrap_or(0)),
                    why: unit.returned_why.clone(),
                },
                _ => ConfirmState::Open,
            };
            let of_unit = watched.iter().filter(|(of, _)| *of == unit.unit);
            let row = ConfirmRow {
                unit: unit.unit,
                name: unit.name.clone(),
                figures: board.figures(unit.unit),
                due: self.confirm_due(&board.day, unit.tier),
                watch: of_unit.filter_map(|(_, person)| people.remove(person)).collect(),
                waiting: waiting(board, unit),
                state,
            };
            rows.insert((unit.tier, unit.code.clone()), row);
        }
        Ok(rows)
    }

    /// Asks those responsible for these units, one message each for all of theirs; returns how many were asked.
    pub(super) async fn ask_to_confirm(
        &mut self,
        board: &Board,
        pairs: &[(i64, i64)],
        asked: Asked,
    ) -> Result<Vec<Addressee>> {
        let mut units: Vec<i64> = pairs.iter().map(|(unit, _)| *unit).collect();
        units.dedup();
        let rows = self.confirm_rows(board, &units, None).await?;
        let people: Vec<i64> = pairs.iter().map(|(_, person)| *person).collect();
        let locale = self.school_locale();
        let mut told = people::addressees(&mut self.tx, &people, locale).await?;
        told.dedup_by_key(|who| who.person);
        told.retain(|who| who.reachable);
        for who in &told {
            let Some(to) = self.addressee(who) else { continue };
            let own = |row: &&ConfirmRow| pairs.contains(&(row.unit, who.person));
            let own: Vec<ConfirmRow> = rows.values().filter(own).cloned().collect();
            let manner = confirm_manner(board.day.id, who.person);
            let manner = match asked {
                Asked::Again => Manner { class: Class::Reminder, repeat: Repeat::Never, ..manner },
                _ => manner,
            };
            self.say(to, manner, confirm_message(page(board, asked, own)));
        }
        Ok(told)
    }

    /// `confirm` under the figures: for all units of the message that the actor may still confirm.
    pub(in crate::engine) async fn press_confirm(
        &mut self,
        press: &Press<'_>,
        old: &Confirm,
    ) -> Result<Toast> {
        let mut units = confirmable(press.actor);
        units.retain(|unit| old.rows.iter().any(|row| row.unit == unit.id));
        let day = press.shown.subject;
        if units.is_empty() {
            self.record(Some(press.actor), "refused.confirm", format!("day:{day}"), json!({}));
            return Ok(Toast::Refused(Refusal::Verb(press.verb)));
        }
        let Some(board) = self.board(day, &paths(&units)).await? else { return Ok(Toast::Outdated) };
        if board.signed() {
            return self.signed_toast(&board.state).await;
        }
        let ids: Vec<i64> = units.iter().map(|unit| unit.id).collect();
        let rows = self.confirm_rows(&board, &ids, Some(press.actor)).await?;
        let rows: Vec<ConfirmRow> = rows.into_values().collect();
        let open: Vec<ConfirmRow> = rows.iter().filter(|row| row.state.open()).cloned().collect();
        let fresh = page(&board, old.asked, rows.clone());
        let Some(first) = open.first() else { return Ok(self.show_confirmed(press, fresh, &rows)) };
        let shown = |row: &ConfirmRow| old.rows.iter().find(|other| other.unit == row.unit);
        if open.iter().any(|row| shown(row).is_none_or(|old| row.figures.worse_than(&old.figures))) {
            self.show(press.shown, Class::Answer, confirm_message(fresh));
            return Ok(Toast::Tally(TallyToast::FiguresChanged));
        }
        let missing: u32 = open.iter().map(|row| row.figures.missing).sum();
        if self.now < board.day.deadline_at && missing > 0 && press.arg != Some(1) {
            let insist = Confirm { insist: Some(missing), ..fresh };
            self.show(press.shown, Class::Answer, confirm_message(insist));
            return Ok(Toast::Tally(TallyToast::StillMissing { missing }));
        }
        let mut done = 0;
        for row in &open {
            done += u32::from(self.confirm_unit(press.actor, &board, row).await?);
        }
        self.after_confirming(press, &board, &open).await?;
        if done == 0 {
            let quicker = self.confirmer(day, first.unit).await?;
            let by = people::name(&mut self.tx, quicker).await?;
            return Ok(Toast::AlreadyDone { by });
        }
        Ok(Toast::Tally(TallyToast::Confirmed { units: done }))
    }

    /// Everything is confirmed already: says by whom.
    fn show_confirmed(&mut self, press: &Press<'_>, fresh: Confirm, rows: &[ConfirmRow]) -> Toast {
        self.show(press.shown, Class::Answer, confirm_message(fresh));
        match rows.first().map(|row| &row.state) {
            Some(ConfirmState::Done { at, by }) => {
                Toast::Tally(TallyToast::AlreadyConfirmed { by: by.clone(), at: *at })
            }
            _ => Toast::Outdated,
        }
    }

    async fn confirmer(&mut self, day: i64, unit: i64) -> Result<i64> {
        let path = people::unit_known(&mut self.tx, unit).await?.path;
        let board = self.board(day, &[path]).await?;
        Ok(board.and_then(|board| board.unit(unit)?.confirmed_by).unwrap_or(0))
    }

    /// One unit is confirmed; whoever had sent it back is told.
    async fn confirm_unit(&mut self, actor: &Actor, board: &Board, row: &ConfirmRow) -> Result<bool> {
        let (day, now) = (board.day.id, self.now);
        let Some(before) = board.unit(row.unit) else { return Ok(false) };
        let unit = people::unit_known(&mut self.tx, row.unit).await?;
        let Some(person) = grant(actor, Act::Confirm, &unit).map(|post| post.person) else {
            return Ok(false);
        };
        let figures = json!(row.figures).to_string();
        let (key, texts) = ((day, row.unit), (before.confirmed.as_str(), figures.as_str()));
        if !confirm::confirm(&mut self.tx, key, person, texts, now).await? {
            return Ok(false);
        }
        let detail = json!({"figures": row.figures, "unconfirmed_below": row.waiting.len()});
        self.record(Some(actor), "checkin.confirm", format!("day:{day}/unit:{}", row.unit), detail);
        if board.standing(before) == Standing::Returned {
            self.tell_reconfirmed(actor.name_of(person), board, row).await?;
        }
        Ok(true)
    }

    async fn tell_reconfirmed(&mut self, by: &str, board: &Board, row: &ConfirmRow) -> Result<()> {
        let day = board.day.id;
        let Some(signer) = confirm::returned_by(&mut self.tx, day, row.unit).await? else { return Ok(()) };
        let locale = self.school_locale();
        for who in people::addressees(&mut self.tx, &[signer], locale).await? {
            let Some(to) = self.addressee(&who) else { continue };
            let told = Tally::Reconfirmed {
                date: board.day.date,
                unit: row.name.clone(),
                by: by.to_owned(),
                figures: row.figures,
            };
            let manner = Manner::directive(false, String::new(), "reconfirmed", day);
            self.say(to, Manner { fresh_for: FRESH, ..manner }.owned_by(who.person), Message::Tally(told));
        }
        Ok(())
    }

    /// Shows the figures as they stand now wherever they are shown to be confirmed: to others responsible for the same
    /// units, one tier up where these are waited for, and to who signs.
    async fn after_confirming(
        &mut self,
        press: &Press<'_>,
        board: &Board,
        done: &[ConfirmRow],
    ) -> Result<()> {
        let day = board.day.id;
        let locale = self.school_locale();
        let mut readers = vec![press.shown.owner];
        let mut signed_for = false;
        for row in done {
            let unit = people::unit_known(&mut self.tx, row.unit).await?;
            signed_for |= unit.tier == 1;
            let mut charged = people::responsible(&mut self.tx, &unit, locale).await?;
            if let Some(parent) = unit.parent.filter(|_| unit.tier > 1) {
                let parent = people::unit_known(&mut self.tx, parent).await?;
                charged.extend(people::responsible(&mut self.tx, &parent, locale).await?);
            }
            readers.extend(charged.into_iter().map(|who| who.person));
        }
        readers.sort_unstable();
        readers.dedup();
        for reader in readers {
            self.refresh_confirm(day, reader, press.shown.id).await?;
        }
        if signed_for {
            self.refresh_sign_pages(day).await?;
        }
        Ok(())
    }

    async fn refresh_confirm(&mut self, day: i64, person: i64, pressed: i64) -> Result<()> {
        let sealer = &self.engine.sealer;
        for shown in messages::by_slot(&mut self.tx, sealer, &confirm_slot(day, person)).await? {
            let Message::Tally(Tally::Confirm(old)) = &shown.letter.message else { continue };
            let mut paths = Vec::new();
            for row in &old.rows {
                paths.push(people::unit_known(&mut self.tx, row.unit).await?.path);
            }
            let Some(board) = self.board(day, &paths).await? else { continue };
            let ids: Vec<i64> = old.rows.iter().map(|row| row.unit).collect();
            let rows = self.confirm_rows(&board, &ids, None).await?;
            let fresh = page(&board, old.asked, rows.into_values().collect());
            let class = if shown.id == pressed { Class::Answer } else { Class::Count };
            if fresh != **old {
                self.show(&shown, class, confirm_message(fresh));
            }
        }
        Ok(())
    }

    /// A unit's figures may be others than those confirmed, because of an alert: its responsible are asked again at
    /// once, and so are those of the college.
    pub(in crate::engine) async fn recheck_confirmation(&mut self, day: i64, unit: i64) -> Result<()> {
        let unit = people::unit_known(&mut self.tx, unit).await?;
        let college = match unit.parent.filter(|_| unit.tier > 1) {
            Some(parent) => people::unit_known(&mut self.tx, parent).await?,
            None => unit.clone(),
        };
        let Some(board) = self.board(day, std::slice::from_ref(&college.path)).await? else { return Ok(()) };
        if board.signed() {
            return Ok(());
        }
        for tier in [2, 1] {
            let mut pairs = confirm::in_charge(&mut self.tx, day, tier).await?;
            let changed = |id: i64| {
                let above = id == unit.id || id == college.id;
                above && board.unit(id).is_some_and(|unit| board.standing(unit) == Standing::Changed)
            };
            pairs.retain(|(id, _)| changed(*id));
            if !pairs.is_empty() {
                self.ask_to_confirm(&board, &pairs, Asked::Changed).await?;
                let (units, now): (Vec<i64>, _) = (pairs.iter().map(|(unit, _)| *unit).collect(), self.now);
                confirm::asked(&mut self.tx, day, &units, true, now).await?;
            }
        }
        Ok(())
    }
}

/// Names of the units below that have not confirmed.
fn waiting(board: &Board, unit: &UnitDay) -> Vec<String> {
    let open = board.children(unit).filter(|below| board.unconfirmed(below));
    open.map(|below| below.name.clone()).collect()
}

pub(super) fn page(board: &Board, asked: Asked, rows: Vec<ConfirmRow>) -> Confirm {
    Confirm { date: board.day.date, asked, rows, insist: None, signed: board.signed() }
}

pub(super) fn confirm_message(confirm: Confirm) -> Message {
    Message::Tally(Tally::Confirm(Box::new(confirm)))
}
