//! `/status`: how a unit stands, in its chat or in private.

use super::read_units;
use crate::domain::authority::{Act, Relation, allows, grant};
use crate::domain::directive::{GUARDIANS, MEMBERS};
use crate::domain::message::{
    Mention, Message, Refusal, Standing, Status, StatusDay, StatusDirective, StatusUnit,
};
use crate::domain::person::{Actor, UnitRef};
use crate::domain::split::title;
use crate::engine::Work;
use crate::engine::checkin::Board;
use crate::engine::work::Manner;
use crate::store::chats::Chat;
use crate::store::checkin::confirm;
use crate::store::checkin::units::UnitDay;
use crate::store::reading::{self, Open};
use crate::store::{Result, people};

/// How many open directives are shown; the others are counted.
const DIRECTIVES: usize = 8;
/// How many names of one directive are shown in private.
const NAMES: usize = 30;

/// Who will read a status.
#[derive(Clone, Copy)]
enum For<'a> {
    /// Everybody in the unit's chat.
    Group,
    /// One person.
    Private(&'a Actor),
}

impl Work<'_> {
    /// `/status` in private: one message per unit of which the actor reads the figures.
    pub(in crate::engine) async fn status_in_private(&mut self, actor: &Actor) -> Result<()> {
        let units = read_units(actor);
        if units.is_empty() {
            self.refuse(actor, Refusal::NoRight, "status");
        }
        for unit in &units {
            self.say_status(actor, unit).await?;
        }
        Ok(())
    }

    async fn say_status(&mut self, actor: &Actor, unit: &UnitRef) -> Result<()> {
        let status = self.status_of(unit, For::Private(actor)).await?;
        let manner = Manner::answer().about(format!("status:{}", unit.id), "status", unit.id);
        let to = self.private(actor);
        self.say(to, manner.owned_by(actor.first().id), Message::Status(Box::new(status)));
        Ok(())
    }

    /// `/status` in a group: answered there for who holds a post in the chat's unit by which its figures are
    /// read; in private for who reads them from above; refused to others, in private.
    pub(in crate::engine) async fn status_in_group(&mut self, chat: &Chat, actor: &Actor) -> Result<()> {
        let Some(unit) = self.chat_unit(chat).await? else { return Ok(()) };
        if grant(actor, Act::ReadFigures, &unit).is_none() {
            self.refuse(actor, Refusal::NoRight, "status");
            return Ok(());
        }
        let to = self.chat(chat);
        if !self.is_own_chat(chat, &unit, actor) {
            self.say_status(actor, &unit).await?;
            self.say(to, Manner::answer(), Message::AnsweredInPrivate);
            return Ok(());
        }
        let status = self.status_of(&unit, For::Group).await?;
        let manner = Manner::answer().about(format!("status:{}", unit.id), "status", unit.id);
        self.say(to, manner, Message::Status(Box::new(status)));
        Ok(())
    }

    /// The unit a chat is for.
    pub(super) async fn chat_unit(&mut self, chat: &Chat) -> Result<Option<UnitRef>> {
        match chat.unit {
            Some(unit) => people::unit_by_id(&mut self.tx, unit).await,
            None => Ok(None),
        }
    }

    /// Whether this is the unit's main chat (no further group, not the guardians'), and the actor reads its
    /// figures by a post in that very unit other than an auditor's, who is told in private.
    fn is_own_chat(&self, chat: &Chat, unit: &UnitRef, actor: &Actor) -> bool {
        let main = chat.tier.as_deref() == Some(self.settings().tier_key(unit.tier));
        let posted = actor.posts.iter().any(|post| {
            post.unit.id == unit.id && allows(post.role, post.unit.tier, Act::ReadNames, Relation::Own)
        });
        main && posted
    }

    async fn status_of(&mut self, unit: &UnitRef, reader: For<'_>) -> Result<Status> {
        let reach = people::reach(&mut self.tx, unit).await?;
        let mut open = reading::open_at(&mut self.tx, unit.id).await?;
        if matches!(reader, For::Group) {
            open.retain(|open| open.tier != GUARDIANS);
        }
        let more = u32::try_from(open.len().saturating_sub(DIRECTIVES)).unwrap_or(u32::MAX);
        let mut directives = Vec::new();
        for open in open.iter().take(DIRECTIVES) {
            directives.push(self.status_line(open, reader).await?);
        }
        let may = |actor| grant(actor, Act::Remind, unit).is_some();
        let remind = !open.is_empty() && matches!(reader, For::Private(actor) if may(actor));
        let day = self.status_day(unit, reader).await?;
        Ok(Status { unit: unit.name.clone(), reach, directives, more, remind, day })
    }

    /// How the day of check-ins stands: in a group figures and, when they are few, names of its own missing; in private
    /// the units below, too. Never an answer.
    async fn status_day(&mut self, unit: &UnitRef, reader: For<'_>) -> Result<Option<StatusDay>> {
        let Some(day) = self.current_day().await? else { return Ok(None) };
        let Some(board) = self.board(day.id, std::slice::from_ref(&unit.path)).await? else {
            return Ok(None);
        };
        let Some(own) = board.unit(unit.id) else { return Ok(None) };
        let figures = board.figures(unit.id);
        let (missing, rows, back) = match reader {
            For::Group => (self.group_missing(&board, own, figures.missing).await?, Vec::new(), None),
            For::Private(actor) => {
                let missing = match grant(actor, Act::ReadNames, unit) {
                    Some(_) => self.own_missing(&board, own, NAMES, false).await?,
                    None => Vec::new(),
                };
                (missing, status_rows(&board, own), self.status_above(actor, unit).await?)
            }
        };
        Ok(Some(StatusDay {
            date: day.date,
            figures,
            brief: matches!(reader, For::Group) && unit.tier >= MEMBERS,
            missing,
            rows,
            back,
            confirmed_at: own.confirmed_at.filter(|_| board.standing(own) == Standing::Confirmed),
        }))
    }

    /// Names for the chat of a unit: only of its own people, and only when `roster.group_names` allows it.
    async fn group_missing(&mut self, board: &Board, own: &UnitDay, all: u32) -> Result<Vec<Mention>> {
        let few = usize::try_from(all).is_ok_and(|all| self.settings().rules.group_names.allow(all));
        if !few || own.own.missing != all {
            return Ok(Vec::new());
        }
        self.own_missing(board, own, NAMES, true).await
    }

    async fn own_missing(
        &mut self,
        board: &Board,
        own: &UnitDay,
        most: usize,
        mention: bool,
    ) -> Result<Vec<Mention>> {
        if own.own.missing == 0 {
            return Ok(Vec::new());
        }
        let people = confirm::own_missing(&mut self.tx, board.day.id, own.unit, most).await?;
        let names = people::names(&mut self.tx, &people).await?;
        let locale = self.school_locale();
        let found = people::addressees(&mut self.tx, &people, locale).await?;
        let mentions = found.into_iter().map(|who| Mention {
            name: names.get(&who.person).cloned().unwrap_or(who.name),
            account: who.account.filter(|_| mention),
        });
        Ok(mentions.collect())
    }

    /// The unit above, when the actor came from there: they read its figures.
    async fn status_above(&mut self, actor: &Actor, unit: &UnitRef) -> Result<Option<i64>> {
        let Some(parent) = unit.parent else { return Ok(None) };
        let parent = people::unit_known(&mut self.tx, parent).await?;
        Ok(grant(actor, Act::ReadFigures, &parent).map(|_| parent.id))
    }

    /// `open` in a status: a unit below, or back above; in the same message, which stays that unit's.
    pub(super) async fn open_status(&mut self, actor: &Actor, unit: i64) -> Result<Option<Message>> {
        let Some(unit) = people::unit_by_id(&mut self.tx, unit).await? else { return Ok(None) };
        if grant(actor, Act::ReadFigures, &unit).is_none() {
            self.record(Some(actor), "refused.status", format!("unit:{}", unit.id), serde_json::json!({}));
            return Ok(None);
        }
        let status = self.status_of(&unit, For::Private(actor)).await?;
        // `remind` acts on the unit that the message was made for.
        Ok(Some(Message::Status(Box::new(Status { remind: false, ..status }))))
    }

    async fn status_line(&mut self, open: &Open, reader: For<'_>) -> Result<StatusDirective> {
        let place = self.place(open).await?;
        let missing = match reader {
            For::Group => self.group_mentions(open.leg).await?,
            For::Private(actor) => {
                let names = self.missing_names(actor, place, (NAMES, 0)).await?;
                names.into_iter().map(|name| Mention { name, account: None }).collect()
            }
        };
        Ok(StatusDirective {
            number: open.number,
            title: title(&open.head),
            due: open.due,
            overdue: open.due.is_some_and(|due| due < self.now),
            counted: self.counted(open).await?,
            acked: open.acked,
            must: open.must,
            missing,
        })
    }
}

/// The units directly below, for who drills down.
fn status_rows(board: &Board, own: &UnitDay) -> Vec<StatusUnit> {
    let row = |unit: &UnitDay| StatusUnit {
        unit: unit.unit,
        name: unit.name.clone(),
        figures: board.figures(unit.unit),
        confirmed: board.standing(unit) == Standing::Confirmed,
    };
    board.children(own).filter(|unit| board.owes(unit)).map(row).collect()
}
