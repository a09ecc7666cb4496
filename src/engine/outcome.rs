//! What the courier learnt by sending: somebody blocked the bot, a group moved, who is a member.

use super::{Engine, Work};
use crate::domain::gone::GoneKind;
use crate::store::courier::{self, Ended};
use crate::store::{Result, outcome};

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
        courier::finish(&mut work.tx, owner, ended, now).await?;
        for lesson in learnt {
            work.learn(lesson).await?;
        }
        work.finish().await
    }
}

impl Work<'_> {
    async fn learn(&mut self, lesson: &Learnt) -> Result<()> {
        let now = self.now;
        match *lesson {
            Learnt::Gone { chat, kind } => self.gone(chat, kind).await,
            Learnt::Moved { from, to } => courier::move_chat(&mut self.tx, from, to, now).await,
            Learnt::Member { chat, account, inside } => {
                outcome::member(&mut self.tx, chat, account, inside, now).await
            }
            Learnt::Chat { chat, members, admin } => outcome::chat(&mut self.tx, chat, members, admin).await,
        }
    }

    /// One attempt, then none until they return: what else waits for that chat is ended.
    async fn gone(&mut self, chat: i64, kind: GoneKind) -> Result<()> {
        let (bot, now) = (self.bot, self.now);
        courier::drop_chat(&mut self.tx, bot, chat, kind.word(), now).await?;
        if chat > 0 {
            return outcome::account_gone(&mut self.tx, bot, chat, kind, now).await;
        }
        outcome::group_gone(&mut self.tx, chat, now).await.map(drop)
    }
}
