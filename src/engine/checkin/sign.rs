//! Reviewing, signing and sending back a day (D3). What is signed is locked: the figures of all units are kept as they
//! were, and their hash stands in the audit.

use serde_json::json;

use super::board::Board;
use crate::domain::authority::{Act, grant};
use crate::domain::figures::{Figures, SignedUnit};
use crate::domain::incoming::Written;
use crate::domain::message::{Class, Message, Refusal, SignOff, Standing, Tally, TallyToast, Toast, Verb};
use crate::domain::person::{Actor, UnitRef};
use crate::domain::split;
use crate::engine::Work;
use crate::engine::press::Press;
use crate::engine::work::Manner;
use crate::store::checkin::days::DayState;
use crate::store::checkin::sign;
use crate::store::dialogues::{self, Dialogue};
use crate::store::people::Addressee;
use crate::store::seal::hash;
use crate::store::{Result, messages, people};

/// A page that stays unread for this long is not sent any more.
const FRESH: chrono::TimeDelta = chrono::TimeDelta::hours(6);

pub(super) fn sign_slot(day: i64) -> String {
    format!("signoff:{day}")
}

/// How a sign-off page is sent to somebody unasked.
fn sign_manner(day: i64, person: i64) -> Manner {
    let manner = Manner::directive(false, sign_slot(day), "signoff", day).owned_by(person);
    Manner { fresh_for: FRESH, ..manner }
}

pub(super) fn sign_message(page: SignOff) -> Message {
    Message::Tally(Tally::SignOff(Box::new(page)))
}

/// Whether this actor may open the page at all.
fn may_open(actor: &Actor, root: &UnitRef) -> bool {
    [Act::Sign, Act::Review, Act::File].into_iter().any(|act| grant(actor, act, root).is_some())
}

impl Work<'_> {
    /// `/signoff`.
    pub(in crate::engine) async fn signoff(&mut self, actor: &Actor) -> Result<()> {
        let root = people::root(&mut self.tx).await?;
        let Some(root) = root.filter(|root| may_open(actor, root)) else {
            self.refuse(actor, Refusal::NoRight, "signoff");
            return Ok(());
        };
        match self.current_day().await? {
            Some(day) => self.say_sign_page(actor, &root, day.id).await,
            None => {
                self.reply(actor, Message::Tally(Tally::NoDay));
                Ok(())
            }
        }
    }

    async fn say_sign_page(&mut self, actor: &Actor, root: &UnitRef, day: i64) -> Result<()> {
        let Some(page) = self.sign_page(actor, root, day).await? else {
            self.reply(actor, Message::Tally(Tally::NoDay));
            return Ok(());
        };
        let manner = Manner::answer().about(sign_slot(day), "signoff", day).owned_by(actor.first().id);
        let to = self.private(actor);
        self.say(to, manner, sign_message(page));
        Ok(())
    }

    /// `sign`, `reject`, `filed`, and what is opened from the page.
    pub(in crate::engine) async fn press_tally(&mut self, press: &Press<'_>) -> Result<Toast> {
        let Message::Tally(tally) = &press.shown.letter.message else { return Ok(Toast::Outdated) };
        match (tally, press.verb) {
            (Tally::Confirm(old), Verb::Confirm) => self.press_confirm(press, old).await,
            (Tally::SignOff(old), Verb::Sign) => self.press_sign(press, old).await,
            (Tally::SignOff(_) | Tally::ChooseReturn { .. }, Verb::Reject | Verb::Page) => {
                self.press_reject(press).await
            }
            (Tally::ChooseReturn { .. }, Verb::Open) => self.press_reject(press).await,
            (Tally::SignOff(_), Verb::Filed) => self.press_filed(press).await,
            (Tally::SignOff(old), Verb::Open) => self.press_earlier(press, old).await,
            _ => Ok(Toast::Outdated),
        }
    }

    /// An earlier day that was not signed.
    async fn press_earlier(&mut self, press: &Press<'_>, old: &SignOff) -> Result<Toast> {
        let day = press.arg.filter(|arg| old.earlier.iter().any(|(day, _)| day == arg));
        let (Some(day), Some(root)) = (day, people::root(&mut self.tx).await?) else {
            return Ok(Toast::Outdated);
        };
        if !may_open(press.actor, &root) {
            return Ok(self.refuse_press(press));
        }
        self.say_sign_page(press.actor, &root, day).await?;
        Ok(Toast::Quiet)
    }

    pub(super) fn refuse_press(&mut self, press: &Press<'_>) -> Toast {
        let day = press.shown.subject;
        self.record(
            Some(press.actor),
            &format!("refused.{}", press.verb.word()),
            format!("day:{day}"),
            json!({}),
        );
        Toast::Refused(Refusal::Verb(press.verb))
    }

    /// `sign`: reviews an urgent day, or signs; an incomplete day needs a reason.
    async fn press_sign(&mut self, press: &Press<'_>, old: &SignOff) -> Result<Toast> {
        let (actor, day) = (press.actor, press.shown.subject);
        sign::hold(&mut self.tx, day).await?;
        let Some((root, board)) = self.whole_board(day).await? else { return Ok(Toast::Outdated) };
        if board.signed() {
            self.refresh_sign_pages(day).await?;
            return self.signed_toast(&board.state).await;
        }
        let signer = grant(actor, Act::Sign, &root).map(|post| post.person);
        if self.needs_review(&board).await? {
            return match grant(actor, Act::Review, &root).map(|post| post.person) {
                Some(person) => self.review(actor, person, &root, &board).await,
                None if signer.is_some() => Ok(Toast::Tally(TallyToast::NeedsReview)),
                None => Ok(self.refuse_press(press)),
            };
        }
        let Some(person) = signer else { return Ok(self.refuse_press(press)) };
        let figures = board.figures(root.id);
        if figures.worse_than(&old.figures) {
            self.refresh_sign_pages(day).await?;
            return Ok(Toast::Tally(TallyToast::FiguresChanged));
        }
        let unconfirmed = unconfirmed(&board);
        if figures.missing > 0 || unconfirmed > 0 {
            self.wait_for(actor, person, ("sign_why", day), &figures).await?;
            let ask = Tally::AskSignReason { missing: figures.missing, unconfirmed };
            self.reply(actor, Message::Tally(ask));
            return Ok(Toast::TypeIt);
        }
        self.sign_day(actor, person, &board, &root, "").await
    }

    /// A leader has looked at a day with an urgent alert: it may be signed from now on.
    async fn review(&mut self, actor: &Actor, person: i64, root: &UnitRef, board: &Board) -> Result<Toast> {
        let (day, now) = (board.day.id, self.now);
        sign::review(&mut self.tx, day, person, now).await?;
        sign::note(&mut self.tx, day, "review", (person, None), "", now).await?;
        self.record(
            Some(actor),
            "day.review",
            format!("day:{day}"),
            json!({"figures": board.figures(root.id)}),
        );
        self.refresh_sign_pages(day).await?;
        if now >= self.confirm_due(&board.day, 1) {
            let signers = sign::signers(&mut self.tx).await?;
            let signers: Vec<i64> = signers.into_iter().filter(|signer| !actor.is(*signer)).collect();
            self.send_sign_pages(day, &signers, Class::Directive).await?;
        }
        Ok(Toast::Tally(TallyToast::Reviewed))
    }

    /// Signs a day. Its figures are counted anew from the people's rows first; a difference is the program's fault:
    /// nothing is signed, and the operator hears of it.
    pub(super) async fn sign_day(
        &mut self,
        actor: &Actor,
        person: i64,
        board: &Board,
        root: &UnitRef,
        why: &str,
    ) -> Result<Toast> {
        let (day, now) = (board.day.id, self.now);
        let counted = sign::count_rows(&mut self.tx, day).await?;
        let total: Figures = counted.values().copied().sum();
        let own = |unit: i64| counted.get(&unit).copied().unwrap_or_default();
        let wrong: Vec<i64> =
            board.units.iter().filter(|unit| unit.own != own(unit.unit)).map(|unit| unit.unit).collect();
        if !wrong.is_empty() || total != board.figures(root.id) || !total.adds_up() {
            tracing::error!(day, ?wrong, "the figures do not add up: the day cannot be signed");
            metrics::counter!("tierline_figures_wrong_total").increment(1);
            self.record(Some(actor), "day.mismatch", format!("day:{day}"), json!({"units": wrong}));
            return Ok(Toast::Failed);
        }
        let signed = json!(signed_units(board)).to_string();
        if !sign::sign(&mut self.tx, day, (person, why), &signed, now).await? {
            return Ok(Toast::Outdated);
        }
        sign::note(&mut self.tx, day, "sign", (person, None), why, now).await?;
        let detail = json!({"hash": hash(&signed), "figures": total, "complete": why.is_empty()});
        self.record(Some(actor), "day.sign", format!("day:{day}"), detail);
        self.refresh_sign_pages(day).await?;
        if self.file_due(&board.day).is_some() {
            self.ask_to_file(actor, root, day).await?;
        }
        Ok(Toast::Tally(TallyToast::SignedNow))
    }

    /// Who files the signed day with the authority gets the page, where it must be filed.
    async fn ask_to_file(&mut self, actor: &Actor, root: &UnitRef, day: i64) -> Result<()> {
        let locale = self.school_locale();
        let office = [crate::domain::roster::Role::Office];
        let office = people::holders(&mut self.tx, root.id, &office, locale).await?;
        let ids: Vec<i64> = office.iter().map(|who| who.person).filter(|id| !actor.is(*id)).collect();
        self.send_sign_pages(day, &ids, Class::Directive).await?;
        Ok(())
    }

    pub(super) async fn signed_toast(&mut self, state: &DayState) -> Result<Toast> {
        let by = people::name(&mut self.tx, state.signed_by.unwrap_or(0)).await?;
        let at = state.signed_at.unwrap_or(self.now);
        Ok(Toast::Tally(TallyToast::Signed { by, at }))
    }

    /// The whole school on a day.
    pub(super) async fn whole_board(&mut self, day: i64) -> Result<Option<(UnitRef, Board)>> {
        let Some(root) = people::root(&mut self.tx).await? else { return Ok(None) };
        let board = self.board(day, std::slice::from_ref(&root.path)).await?;
        Ok(board.map(|board| (root, board)))
    }

    /// Sends each of these people the page as they may act on it; returns how many were reached.
    pub(super) async fn send_sign_pages(&mut self, day: i64, people: &[i64], class: Class) -> Result<usize> {
        let Some(root) = people::root(&mut self.tx).await? else { return Ok(0) };
        let locale = self.school_locale();
        let mut told = people::addressees(&mut self.tx, people, locale).await?;
        told.dedup_by_key(|who| who.person);
        let mut reached = 0;
        for who in &told {
            reached += usize::from(self.send_sign_page(day, &root, who, class).await?);
        }
        Ok(reached)
    }

    async fn send_sign_page(
        &mut self,
        day: i64,
        root: &UnitRef,
        who: &Addressee,
        class: Class,
    ) -> Result<bool> {
        let Some(to) = self.addressee(who) else { return Ok(false) };
        let Some(actor) = self.actor(to.chat).await? else { return Ok(false) };
        let Some(page) = self.sign_page(&actor, root, day).await? else { return Ok(false) };
        self.say(to, Manner { class, ..sign_manner(day, who.person) }, sign_message(page));
        Ok(true)
    }

    /// Shows every sign-off page of a day as it stands now, each as its reader may act on it.
    pub(super) async fn refresh_sign_pages(&mut self, day: i64) -> Result<()> {
        let Some(root) = people::root(&mut self.tx).await? else { return Ok(()) };
        let sealer = &self.engine.sealer;
        for shown in messages::by_slot(&mut self.tx, sealer, &sign_slot(day)).await? {
            let Some(actor) = self.actor(shown.chat).await? else { continue };
            let Some(page) = self.sign_page(&actor, &root, day).await? else { continue };
            let fresh = sign_message(page);
            if may_open(&actor, &root) && fresh != shown.letter.message {
                self.show(&shown, Class::Answer, fresh);
            }
        }
        Ok(())
    }

    /// A reason or an authority was typed.
    pub(in crate::engine) async fn tally_answer(
        &mut self,
        written: &Written,
        actor: &Actor,
        dialogue: &Dialogue,
    ) -> Result<bool> {
        let text = written.text.trim();
        if text.is_empty() {
            return Ok(false);
        }
        let most = if dialogue.kind == "filed" { split::REFERENCE_LIMIT } else { split::NOTE_TEXT_LIMIT };
        if split::utf16_len(text) > most {
            self.reply(actor, Message::Refused(Refusal::TooLong { most }));
            return Ok(true);
        }
        dialogues::clear(&mut self.tx, actor.account).await?;
        match dialogue.kind.as_str() {
            "sign_why" => self.sign_with_reason(actor, dialogue, text).await?,
            "send_back" => self.sent_back(actor, dialogue, text).await?,
            _ => self.file_with(actor, dialogue.subject, text).await?,
        }
        Ok(true)
    }

    async fn sign_with_reason(&mut self, actor: &Actor, dialogue: &Dialogue, why: &str) -> Result<()> {
        let day = dialogue.subject;
        sign::hold(&mut self.tx, day).await?;
        let Some((root, board)) = self.whole_board(day).await? else { return Ok(()) };
        let person = grant(actor, Act::Sign, &root).map(|post| post.person);
        let Some(person) = person.filter(|_| !board.signed()) else {
            self.reply(actor, Message::Refused(Refusal::TooLate));
            return self.say_sign_page(actor, &root, day).await;
        };
        let seen: Figures = dialogue.body(&self.engine.sealer)?;
        let changed = board.figures(root.id).worse_than(&seen);
        if !changed && !self.needs_review(&board).await? {
            let toast = self.sign_day(actor, person, &board, &root, why).await?;
            if toast == Toast::Failed {
                self.reply(actor, Message::Refused(Refusal::TooLate));
            }
        }
        self.say_sign_page(actor, &root, day).await
    }
}

/// How many colleges owe a confirmation and have given none.
pub(super) fn unconfirmed(board: &Board) -> u32 {
    let open = board.units.iter().filter(|unit| unit.tier == 1 && board.unconfirmed(unit));
    u32::try_from(open.count()).unwrap_or(u32::MAX)
}

/// All units with their figures, by tier and code.
fn signed_units(board: &Board) -> Vec<SignedUnit> {
    let mut units: Vec<SignedUnit> = board
        .units
        .iter()
        .map(|unit| SignedUnit {
            unit: unit.unit,
            code: unit.code.clone(),
            tier: unit.tier,
            figures: board.figures(unit.unit),
            confirmed_by: unit.confirmed_by,
            confirmed_at: unit.confirmed_at,
        })
        .collect();
    units.sort_by(|one, other| (one.tier, &one.code).cmp(&(other.tier, &other.code)));
    units
}

/// Whether a college is as it should be.
pub(super) fn in_order(board: &Board, unit: i64, standing: Standing) -> bool {
    let figures = board.figures(unit);
    figures.missing == 0 && figures.unreachable == 0 && standing == Standing::Confirmed
}
