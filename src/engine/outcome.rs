//! What the courier learnt by sending: somebody blocked the bot, a group moved, who is a member.

use super::{Engine, Work};
use crate::domain::gone::GoneKind;
use crate::domain::message::Time;
use crate::store::courier::{self, Ended};
use crate::store::{Result, fleet, outcome};

/// Something that a call told beside its own end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Learnt {
    /// The chat cannot be written to (R15).
    Gone { chat: i64, kind: GoneKind },
    /// The group became a supergroup (R14).
    Moved { from: i64, to: i64 },
    /// The answer to `Op::AskMember`.
    Member { chat: i64, account: i64, inside: bool },
    /// The answer to `Op::AskChat`.
    Chat { chat: i64, members: i64, admin: bool },
}

impl Engine {
    /// Ends the calls that `owner` had in flight for a bot and takes over what they told, in one transaction.
    ///
    /// # Errors
    /// When the database cannot be reached or another process was in the way: nothing was ended.
    pub async fn settle(&self, bot: i64, owner: &str, ended: &[Ended], learnt: &[Learnt]) -> Result<()> {
        let mut work = self.begin().await?;
        work.bot = bot;
        let now = work.now;
        for lesson in learnt {
            work.turn_aside(owner, lesson).await?;
        }
        courier::finish(&mut work.tx, owner, ended, now).await?;
        for lesson in learnt {
            work.try_learn(lesson).await?;
        }
        work.finish().await
    }
}

impl Engine {
    /// Updates could not be taken since `since`, for longer than presses live at the server (R18): noted in the audit, and
    /// whoever was in the middle of a form is asked again.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn after_gap(&self, bot: i64, since: Time) -> Result<()> {
        let mut work = self.begin().await?;
        work.bot = bot;
        let minutes = (work.now - since).num_minutes();
        tracing::warn!(minutes, "updates could not be taken for a while: presses of that time may be lost");
        work.record(None, "updates.gap", format!("bot:{bot}"), serde_json::json!({"minutes": minutes}));
        work.finish().await?;
        self.ask_forms_again(bot).await
    }
}

impl Work<'_> {
    /// The calls are made and must be ended, whatever becomes of what they told.
    async fn try_learn(&mut self, lesson: &Learnt) -> Result<()> {
        let mark = self.mark();
        self.tx.savepoint().await?;
        match self.learn(lesson).await {
            Ok(()) => self.tx.keep().await,
            Err(error) if error.is_passing() => Err(error),
            Err(error) => {
                self.tx.undo().await?;
                self.return_to(mark);
                tracing::error!(%error, "what a call told could not be taken over");
                Ok(())
            }
        }
    }

    /// What one bot cannot write is written by another where there is a way, this very message too.
    async fn turn_aside(&mut self, owner: &str, lesson: &Learnt) -> Result<()> {
        let Learnt::Gone { chat, kind } = *lesson else { return Ok(()) };
        let next = if kind == GoneKind::Deactivated { None } else { self.other_way(chat).await? };
        let Some(next) = next else { return Ok(()) };
        let (bot, now) = (self.bot, self.now);
        fleet::turn_aside(&mut self.tx, owner, chat, (bot, next), now).await
    }

    async fn learn(&mut self, lesson: &Learnt) -> Result<()> {
        match *lesson {
            Learnt::Gone { chat, kind } => self.gone(chat, kind).await,
            Learnt::Moved { from, to } => self.migrated(from, to).await,
            Learnt::Member { chat, account, inside } => self.member_result(chat, account, inside).await,
            Learnt::Chat { chat, members, admin } => self.chat_result(chat, Some(members), admin).await,
        }
    }

    /// One attempt, then none until they return: what else waits for that chat is ended.
    async fn gone(&mut self, chat: i64, kind: GoneKind) -> Result<()> {
        let (bot, now) = (self.bot, self.now);
        if kind != GoneKind::Deactivated && self.loses_way(chat).await? {
            return Ok(());
        }
        courier::drop_chat(&mut self.tx, bot, chat, kind.word(), now).await?;
        if chat > 0 {
            return outcome::account_gone(&mut self.tx, bot, chat, kind, now).await;
        }
        self.removed(chat, 0).await
    }
}
