//! A day goes back to a unit, with a reason; a signed day is recorded as filed with the authority (D3).

use serde_json::json;

use super::board::Board;
use crate::domain::authority::{Act, grant};
use crate::domain::message::{Asked, Class, Message, Refusal, ReturnRow, Tally, TallyToast, Toast, Verb};
use crate::domain::person::{Actor, UnitRef};
use crate::engine::Work;
use crate::engine::press::Press;
use crate::engine::work::Manner;
use crate::store::checkin::units::UnitDay;
use crate::store::checkin::{confirm, sign};
use crate::store::dialogues::Dialogue;
use crate::store::{Result, people};

/// Units to choose from on one page.
const PAGE: usize = 10;

/// Who signs may send back, and so may who reviews.
fn may_return(actor: &Actor, root: &UnitRef) -> Option<i64> {
    let post = grant(actor, Act::Sign, root).or_else(|| grant(actor, Act::Review, root));
    post.map(|post| post.person)
}

impl Work<'_> {
    /// `reject`: choose the unit, then say why.
    pub(super) async fn press_reject(&mut self, press: &Press<'_>) -> Result<Toast> {
        let (actor, day) = (press.actor, press.shown.subject);
        let Some((root, board)) = self.whole_board(day).await? else { return Ok(Toast::Outdated) };
        let Some(person) = may_return(actor, &root) else { return Ok(self.refuse_press(press)) };
        if board.signed() {
            return self.signed_toast(&board.state).await;
        }
        let chosen = press.arg.filter(|_| press.verb == Verb::Reject);
        if let Some(unit) = chosen {
            let Some(unit) = board.unit(unit).filter(|unit| unit.tier > 0) else {
                return Ok(Toast::Outdated);
            };
            self.wait_for(actor, person, ("send_back", unit.unit), &day).await?;
            self.reply(actor, Message::Tally(Tally::AskReturnReason { unit: unit.name.clone() }));
            return Ok(Toast::TypeIt);
        }
        let above = match (&press.shown.letter.message, press.verb) {
            (Message::Tally(Tally::ChooseReturn { above, .. }), Verb::Page) => *above,
            (_, Verb::Open) => press.arg,
            _ => None,
        };
        let page = press.arg.filter(|_| press.verb == Verb::Page).and_then(|page| usize::try_from(page).ok());
        let Some(choice) = choice(&board, root.id, above, page.unwrap_or(0)) else {
            return Ok(Toast::Outdated);
        };
        if matches!(press.shown.letter.message, Message::Tally(Tally::ChooseReturn { .. })) {
            self.show(press.shown, Class::Answer, Message::Tally(choice));
        } else {
            let manner = Manner::answer().about(format!("return:{day}"), "return", day);
            let to = self.private(actor);
            self.say(to, manner.owned_by(press.shown.owner), Message::Tally(choice));
        }
        Ok(Toast::Quiet)
    }

    /// The reason was typed: the unit's confirmation is undone, its responsible are told and confirm anew.
    pub(super) async fn sent_back(&mut self, actor: &Actor, dialogue: &Dialogue, why: &str) -> Result<()> {
        let day: i64 = dialogue.body(&self.engine.sealer)?;
        sign::hold(&mut self.tx, day).await?;
        let Some((root, board)) = self.whole_board(day).await? else { return Ok(()) };
        let person = may_return(actor, &root).filter(|_| !board.signed());
        let (Some(person), Some(unit)) = (person, board.unit(dialogue.subject)) else {
            self.reply(actor, Message::Refused(Refusal::TooLate));
            return Ok(());
        };
        let (now, id, name) = (self.now, unit.unit, unit.name.clone());
        confirm::send_back(&mut self.tx, (day, id), (person, why), now).await?;
        sign::note(&mut self.tx, day, "reject", (person, Some(id)), why, now).await?;
        self.record(Some(actor), "day.reject", format!("day:{day}/unit:{id}"), json!({}));
        let told = self.tell_returned(day, id).await?;
        self.reply(actor, Message::Tally(Tally::SentBack { unit: name, told }));
        self.refresh_sign_pages(day).await
    }

    async fn tell_returned(&mut self, day: i64, unit: i64) -> Result<Vec<String>> {
        let Some((_, board)) = self.whole_board(day).await? else { return Ok(Vec::new()) };
        let tier = board.unit(unit).map_or(0, |unit| unit.tier);
        let mut pairs = confirm::in_charge(&mut self.tx, day, tier).await?;
        pairs.retain(|(charged, _)| *charged == unit);
        let told = self.ask_to_confirm(&board, &pairs, Asked::Returned).await?;
        Ok(told.into_iter().map(|who| who.name).collect())
    }

    /// `filed`: with the authority of the last time, or one that is typed.
    pub(super) async fn press_filed(&mut self, press: &Press<'_>) -> Result<Toast> {
        let (actor, day) = (press.actor, press.shown.subject);
        let Some((root, board)) = self.whole_board(day).await? else { return Ok(Toast::Outdated) };
        let Some(person) = grant(actor, Act::File, &root).map(|post| post.person) else {
            return Ok(self.refuse_press(press));
        };
        if !board.signed() {
            return Ok(Toast::Outdated);
        }
        if let Some(by) = board.state.filed_by {
            return Ok(Toast::AlreadyDone { by: people::name(&mut self.tx, by).await? });
        }
        let last = sign::last_authority(&mut self.tx).await?;
        let Some(to) = last.filter(|_| press.arg == Some(1)) else {
            self.wait_for(actor, person, ("filed", day), &()).await?;
            self.reply(actor, Message::Tally(Tally::AskFiled));
            return Ok(Toast::TypeIt);
        };
        self.file(actor, person, day, &to).await?;
        Ok(Toast::Tally(TallyToast::Filed))
    }

    /// The authority was typed.
    pub(super) async fn file_with(&mut self, actor: &Actor, day: i64, to: &str) -> Result<()> {
        let Some(root) = people::root(&mut self.tx).await? else { return Ok(()) };
        let person = grant(actor, Act::File, &root).map(|post| post.person);
        let filed = match person {
            Some(person) => self.file(actor, person, day, to).await?,
            None => false,
        };
        if !filed {
            self.reply(actor, Message::Refused(Refusal::TooLate));
            return Ok(());
        }
        let Some(page) = self.sign_page(actor, &root, day).await? else { return Ok(()) };
        let slot = super::sign::sign_slot(day);
        let manner = Manner::answer().about(slot, "signoff", day).owned_by(actor.first().id);
        let reply_to = self.private(actor);
        self.say(reply_to, manner, super::sign::sign_message(page));
        Ok(())
    }

    async fn file(&mut self, actor: &Actor, person: i64, day: i64, to: &str) -> Result<bool> {
        let now = self.now;
        if !sign::file(&mut self.tx, day, (person, to), now).await? {
            return Ok(false);
        }
        sign::note(&mut self.tx, day, "filed", (person, None), to, now).await?;
        self.record(Some(actor), "day.filed", format!("day:{day}"), json!({"to": to}));
        self.refresh_sign_pages(day).await?;
        Ok(true)
    }
}

/// One page of colleges, or of a college's classes.
fn choice(board: &Board, root: i64, above: Option<i64>, page: usize) -> Option<Tally> {
    let parent = board.unit(above.unwrap_or(root))?;
    let units: Vec<&UnitDay> = board.children(parent).filter(|unit| board.owes(unit)).collect();
    let pages = units.len().div_ceil(PAGE).max(1);
    let page = page.min(pages - 1);
    let row = |unit: &&UnitDay| ReturnRow {
        unit: unit.unit,
        name: unit.name.clone(),
        parent: board.children(unit).any(|below| board.owes(below)),
    };
    let units = units.iter().skip(page * PAGE).take(PAGE).map(row).collect();
    Some(Tally::ChooseReturn { date: board.day.date, above, units, page, pages })
}
