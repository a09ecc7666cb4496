//! Several bots of one service (P12): each chat is served by one of them, a bot that fails leaves the others alone, and
//! what it cannot send goes through another where there is a way.

use chrono::TimeDelta;
use serde_json::json;

use super::work::Manner;
use super::{BotInfo, Engine, Work};
use crate::domain::fleet::{BotTrouble, serving};
use crate::domain::incoming::{Place, Written};
use crate::domain::message::{Binding, Message};
use crate::domain::outgoing::Op;
use crate::domain::person::{Actor, UnitRef};
use crate::store::chats::Chat;
use crate::store::fleet::{self, Failing, Stranded};
use crate::store::{Result, binding, chats, invites, people};

/// How long a menu or an enquiry that nobody waits for may wait itself.
const ENQUIRY: TimeDelta = TimeDelta::days(1);

impl Engine {
    /// Whether the service has several bots.
    pub fn is_fleet(&self) -> bool {
        self.read_bots().len() > 1
    }

    /// Whether this is one of the service's bots.
    pub fn has_bot(&self, bot: i64) -> bool {
        self.read_bots().iter().any(|known| known.id == bot)
    }

    /// A bot told what it is called.
    pub fn know_bot(&self, bot: i64, username: &str) {
        let mut bots = self.bots.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(known) = bots.iter_mut().find(|known| known.id == bot) {
            username.clone_into(&mut known.username);
        }
    }

    /// A bot cannot send. Told once; what waits for it goes through the others, now and whenever this is said again.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn bot_fails(&self, failing: Failing) -> Result<()> {
        let Failing { bot, why, .. } = failing;
        if !self.is_fleet() {
            return Ok(());
        }
        let mut work = self.begin().await?;
        let now = work.now;
        if self.username_of_bot(bot).is_empty()
            && let Some(known) = invites::known_username(&mut work.tx, bot).await?
        {
            self.know_bot(bot, &known);
        }
        let is_news = fleet::fails(&mut work.tx, failing, now).await?;
        let working = work.working_bots().await?;
        let moved = fleet::detour(&mut work.tx, bot, &working, now).await?;
        if moved > 0 {
            tracing::info!(bot = self.name_of_bot(bot), calls = moved, "what waited goes through other bots");
        }
        if is_news {
            let stranded = fleet::stranded(&mut work.tx, bot, &working).await?;
            work.tell_of_failure(bot, why, stranded).await?;
        }
        work.finish().await
    }

    /// A bot sends again; told when it was told that it could not.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn bot_works(&self, bot: i64) -> Result<()> {
        if !self.is_fleet() {
            return Ok(());
        }
        let mut work = self.begin().await?;
        if fleet::works(&mut work.tx, bot).await? {
            tracing::info!(bot = self.name_of_bot(bot), "a bot sends again");
            work.record(None, "bot.works", format!("bot:{bot}"), json!({}));
            let back = Binding::BotBack { bot_username: self.username_of_bot(bot) };
            work.tell_office(bot, back).await?;
        }
        work.finish().await
    }

    /// A bot whose token was refused told who it is: it works again. Its name is kept for when it cannot be asked.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn bot_is_back(&self, bot: i64) -> Result<()> {
        if !self.is_fleet() {
            return Ok(());
        }
        if self.trouble_of(bot).await?.is_some_and(|known| known.why == BotTrouble::Refused) {
            self.bot_works(bot).await?;
        }
        let mut tx = self.db.begin().await?;
        invites::keep_username(&mut tx, bot, &self.username_of_bot(bot)).await?;
        tx.commit().await
    }

    /// Why a bot cannot send, if it cannot.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn trouble_of(&self, bot: i64) -> Result<Option<Failing>> {
        if !self.is_fleet() {
            return Ok(None);
        }
        let failing = fleet::failing(&mut self.db.read().await?).await?;
        Ok(failing.into_iter().find(|known| known.bot == bot))
    }

    /// Lets the bot serve a chat or an account that serves its unit by now, where there is a way; what waits at bots that
    /// fail or are configured no more goes through others.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn tend_fleet(&self) -> Result<()> {
        if !self.is_fleet() {
            return Ok(());
        }
        let mut work = self.begin().await?;
        work.let_the_right_serve().await?;
        let now = work.now;
        let (all, working) = (self.bot_ids(), work.working_bots().await?);
        let failing: Vec<i64> = all.iter().filter(|bot| !working.contains(bot)).copied().collect();
        let orphaned = fleet::orphaned(&mut work.tx, &all).await?;
        for bot in failing.into_iter().chain(orphaned) {
            fleet::detour(&mut work.tx, bot, &working, now).await?;
        }
        work.finish().await
    }

    fn bot_ids(&self) -> Vec<i64> {
        self.read_bots().iter().map(|bot| bot.id).collect()
    }

    /// What the operator calls a bot.
    pub fn name_of_bot(&self, bot: i64) -> String {
        let bots = self.read_bots();
        bots.iter().find(|known| known.id == bot).map_or_else(|| bot.to_string(), |known| known.name.clone())
    }

    /// The name of a bot in Telegram, without `@`; of the first one for a bot that is none of ours.
    pub(super) fn username_of_bot(&self, bot: i64) -> String {
        let bots = self.read_bots();
        let known = bots.iter().find(|known| known.id == bot).or(bots.first());
        known.map(|bot| bot.username.clone()).unwrap_or_default()
    }
}

/// A bot that serves units, by its id.
fn id_of_serving(bots: &[BotInfo], way_up: &[String]) -> Option<i64> {
    serving(bots, |bot| &bot.units, way_up).map(|bot| bot.id)
}

impl Work<'_> {
    /// The bot through which to write to somebody who is reached through this one; the present one for a bot that the
    /// service has no more.
    pub(super) fn through(&self, bot: i64) -> i64 {
        if bot != 0 && self.engine.has_bot(bot) { bot } else { self.bot }
    }

    async fn working_bots(&mut self) -> Result<Vec<i64>> {
        let failing = fleet::failing(&mut self.tx).await?;
        let mut working = self.engine.bot_ids();
        working.retain(|bot| !failing.iter().any(|known| known.bot == *bot));
        Ok(working)
    }

    /// The bot that serves a unit.
    pub(super) async fn home(&mut self, unit: &UnitRef) -> Result<i64> {
        self.home_of_path(&unit.path).await
    }

    async fn home_of_path(&mut self, path: &str) -> Result<i64> {
        if !self.engine.is_fleet() {
            return Ok(self.bot);
        }
        let way_up = fleet::way_up(&mut self.tx, path).await?;
        Ok(id_of_serving(&self.engine.bots(), &way_up).unwrap_or(self.bot))
    }

    /// The bot that serves an actor's first unit.
    async fn home_of(&mut self, actor: &Actor) -> Result<i64> {
        match actor.posts.first() {
            Some(post) => self.home_of_path(&post.unit.path).await,
            None => Ok(self.bot),
        }
    }

    /// An account wrote to the present bot in private: it can be written to through it. It is served by the bot of its
    /// unit once it has started that one, until then by one that it has started.
    pub(super) async fn met(&mut self, account: i64) -> Result<()> {
        let (bot, now) = (self.bot, self.now);
        self.talks_with = account;
        if self.is_met(account) {
            return Ok(());
        }
        let known =
            if self.engine.is_fleet() { binding::account(&mut self.tx, account).await? } else { None };
        let Some(known) =
            known.filter(|known| known.bot != bot && known.reachable && self.engine.has_bot(known.bot))
        else {
            return people::started(&mut self.tx, account, bot, now).await;
        };
        if fleet::ways(&mut self.tx, account).await?.contains(&bot) {
            return Ok(());
        }
        fleet::open_way(&mut self.tx, account, known.bot, now).await?;
        fleet::open_way(&mut self.tx, account, bot, now).await?;
        let Some(actor) = self.actor(account).await? else { return Ok(()) };
        if self.home_of(&actor).await? == bot {
            fleet::serve_accounts(&mut self.tx, &[account], bot).await?;
            fleet::carry(&mut self.tx, account, known.bot, bot, now).await?;
            self.record(Some(&actor), "account.bot", String::new(), json!({"from": known.bot, "to": bot}));
        }
        let op = Op::Menu { roles: Some(actor.roles()), locale: actor.locale };
        self.call_through(bot, account, op, ENQUIRY);
        Ok(())
    }

    /// Says which bot serves an actor, to who greets another one.
    pub(super) async fn point_home(&mut self, actor: &Actor) -> Result<()> {
        if !self.engine.is_fleet() {
            return Ok(());
        }
        let home = self.home_of(actor).await?;
        if home != self.bot {
            let started = fleet::ways(&mut self.tx, actor.account).await?.contains(&home);
            let bot_username = self.engine.username_of_bot(home);
            self.reply(actor, Message::Binding(Binding::OtherBot { bot_username, started }));
        }
        Ok(())
    }

    /// Another bot than the present one through which a chat or an account can be written to.
    pub(super) async fn other_way(&mut self, chat: i64) -> Result<Option<i64>> {
        if !self.engine.is_fleet() {
            return Ok(None);
        }
        let serves = if chat > 0 {
            binding::account(&mut self.tx, chat).await?.filter(|known| known.reachable).map(|known| known.bot)
        } else {
            chats::get(&mut self.tx, chat).await?.filter(|chat| !chat.removed).map(|chat| chat.bot)
        };
        let ways = fleet::ways(&mut self.tx, chat).await?;
        let mut others = serves.into_iter().chain(ways);
        Ok(others.find(|bot| *bot != self.bot && self.engine.has_bot(*bot)))
    }

    /// The present bot can no longer write to a chat or an account; `false` when no other can either. The other serves
    /// it from now on, and what waits goes through it.
    pub(super) async fn loses_way(&mut self, chat: i64) -> Result<bool> {
        let Some(next) = self.other_way(chat).await? else { return Ok(false) };
        let (bot, now) = (self.bot, self.now);
        fleet::close_way(&mut self.tx, chat, bot).await?;
        fleet::carry(&mut self.tx, chat, bot, next, now).await?;
        if chat > 0 {
            let moved = fleet::serve_accounts(&mut self.tx, &[chat], next).await?;
            if moved > 0 {
                self.record(None, "account.bot", String::new(), json!({"from": bot, "to": next}));
            }
            return Ok(true);
        }
        if let Some(chat) = chats::get(&mut self.tx, chat).await? {
            if chat.bot == bot {
                self.chat_moves(&chat, next).await?;
            }
            // Cards of a bot that left can be changed no more.
            self.cards_follow(chat.chat, chat.chat).await?;
        }
        Ok(true)
    }

    /// A bound group is served by another bot from now on.
    pub(super) async fn chat_moves(&mut self, chat: &Chat, to: i64) -> Result<()> {
        let (id, now, locale) = (chat.chat, self.now, self.school_locale());
        fleet::serve_chat(&mut self.tx, id, to).await?;
        fleet::open_way(&mut self.tx, id, to, now).await?;
        fleet::carry(&mut self.tx, id, chat.bot, to, now).await?;
        self.record(None, "chat.bot", format!("chat:{id}"), json!({"from": chat.bot, "to": to}));
        self.call_through(to, id, Op::AskChat, ENQUIRY);
        self.call_through(to, id, Op::Menu { roles: None, locale }, ENQUIRY);
        Ok(())
    }

    /// Whether a group that the present bot entered is served by another bot that stays in it. It is served by one: by
    /// the bot of its unit, when that enters.
    pub(super) async fn is_served(&mut self, place: &Place, known: Option<&Chat>) -> Result<bool> {
        let (bot, now) = (self.bot, self.now);
        let served = known.filter(|chat| {
            self.engine.is_fleet() && chat.bot != bot && !chat.removed && self.engine.has_bot(chat.bot)
        });
        let Some(chat) = served else { return Ok(false) };
        fleet::open_way(&mut self.tx, place.chat, chat.bot, now).await?;
        fleet::open_way(&mut self.tx, place.chat, bot, now).await?;
        let Some(unit) = chat.unit else { return Ok(true) };
        let unit = people::unit_known(&mut self.tx, unit).await?;
        if self.home(&unit).await? == bot {
            self.chat_moves(chat, bot).await?;
        }
        Ok(true)
    }

    /// Whether the present bot is the one to hear what was written in a group: the bot that is addressed, else the one
    /// whose message is replied to, else the one that serves the group. The others are silent.
    pub(super) async fn hears(&mut self, written: &Written, chat: &Chat) -> Result<bool> {
        let undisputed = chat.bot == self.bot && written.reply_handle.is_none();
        if undisputed || !self.engine.is_fleet() {
            return Ok(true);
        }
        let word = written.text.split_whitespace().next().unwrap_or_default();
        if word.starts_with('/') && word.contains('@') {
            // A command for another bot is none of ours anyway.
            return Ok(true);
        }
        let there = fleet::ways(&mut self.tx, chat.chat).await?;
        let replied = written.reply_handle.map(|(bot, _)| bot);
        let replied = replied.filter(|bot| *bot == self.bot || there.contains(bot));
        let serves = replied.unwrap_or(chat.bot);
        if serves == self.bot || !self.engine.has_bot(serves) {
            return Ok(true);
        }
        Ok(!self.working_bots().await?.contains(&serves))
    }

    /// Lets each chat and account with a choice be served by the bot of its unit.
    async fn let_the_right_serve(&mut self) -> Result<()> {
        let mut homes = std::collections::HashMap::new();
        let mut accounts = std::collections::BTreeMap::<i64, Vec<i64>>::new();
        for open in fleet::with_a_choice(&mut self.tx).await? {
            let home = match homes.get(&open.path) {
                Some(home) => *home,
                None => self.home_of_path(&open.path).await?,
            };
            homes.insert(open.path.clone(), home);
            if home == open.bot || !fleet::ways(&mut self.tx, open.chat).await?.contains(&home) {
                continue;
            }
            if open.chat > 0 {
                accounts.entry(home).or_default().push(open.chat);
            } else if let Some(chat) = chats::get(&mut self.tx, open.chat).await? {
                self.chat_moves(&chat, home).await?;
            }
        }
        for (bot, accounts) in accounts {
            fleet::serve_accounts(&mut self.tx, &accounts, bot).await?;
        }
        Ok(())
    }

    /// One line for the operator, and one for the office: who cannot be reached.
    async fn tell_of_failure(&mut self, bot: i64, why: BotTrouble, stranded: Stranded) -> Result<()> {
        let Stranded { units, chats, people } = stranded;
        tracing::error!(
            bot = self.engine.name_of_bot(bot),
            why = why.word(),
            units = units.join(", "),
            chats,
            people,
            "a bot cannot send; these units and people are reached through no other"
        );
        self.record(None, "bot.fails", format!("bot:{bot}"), json!({"why": why.word(), "chats": chats}));
        let bot_username = self.engine.username_of_bot(bot);
        self.tell_office(bot, Binding::BotFails { bot_username, why, units, chats, people }).await
    }

    async fn tell_office(&mut self, bot: i64, said: Binding) -> Result<()> {
        let school = self.school_locale();
        let Some(root) = people::root(&mut self.tx).await? else { return Ok(()) };
        let working = self.working_bots().await?;
        for who in people::responsible(&mut self.tx, &root, school).await? {
            let Some(mut to) = self.addressee(&who) else { continue };
            if !working.contains(&to.bot) {
                let ways = fleet::ways(&mut self.tx, to.chat).await?;
                to.bot = ways.into_iter().find(|way| working.contains(way)).unwrap_or(to.bot);
            }
            let manner = Manner::directive(false, format!("bot:{bot}"), "bot", bot);
            self.say(to, manner, Message::Binding(said.clone()));
        }
        Ok(())
    }
}
