//! What Telegram says of chats and members: the bot added or removed, somebody joined, a group moved.

use chrono::TimeDelta;
use serde_json::json;

use super::{LEAVE, STRANGERS, Work};
use crate::domain::incoming::{Place, Sender};
use crate::domain::message::{Binding, Class, Message};
use crate::domain::outgoing::Op;
use crate::domain::person::UnitRef;
use crate::engine::work::Manner;
use crate::store::chats::Chat;
use crate::store::members::Inside;
use crate::store::people::Addressee;
use crate::store::timers::{self, Timer};
use crate::store::{Result, chats, fleet, members, moves, people};

/// An unknown group is left after this (S6).
const PATIENCE: TimeDelta = TimeDelta::minutes(10);
/// Newcomers of this time are told of together …
const COLLECT: TimeDelta = TimeDelta::minutes(1);
/// … and at most so often.
const APART: TimeDelta = TimeDelta::hours(1);

impl Work<'_> {
    /// The bot's own state changed: blocked or back in private; added, made admin or removed in a group.
    pub(in crate::engine) async fn own_state(
        &mut self,
        place: &Place,
        sender: &Sender,
        inside: bool,
        admin: bool,
    ) -> Result<()> {
        if place.is_private() {
            return if inside { self.met(place.chat).await } else { self.blocked(place.chat).await };
        }
        if !place.is_group() {
            return Ok(());
        }
        let known = chats::exactly(&mut self.tx, place.chat).await?;
        if known.as_ref().is_some_and(|(_, moved_to)| moved_to.is_some()) {
            // The group lives on under another id; what happens to the old one means nothing.
            return Ok(());
        }
        if inside {
            self.entered(place, known.map(|(chat, _)| chat), admin).await
        } else {
            self.removed(place.chat, sender.account).await
        }
    }

    async fn blocked(&mut self, account: i64) -> Result<()> {
        if self.loses_way(account).await? {
            return Ok(());
        }
        let now = self.now;
        people::blocked(&mut self.tx, account, false, now).await
    }

    async fn entered(&mut self, place: &Place, known: Option<Chat>, admin: bool) -> Result<()> {
        if self.is_served(place, known.as_ref()).await? {
            return Ok(());
        }
        let (bot, now) = (self.bot, self.now);
        chats::entered(&mut self.tx, bot, place, admin, now).await?;
        let arrived = known.as_ref().is_none_or(|chat| chat.removed);
        match known.and_then(|chat| chat.unit) {
            Some(unit) if arrived => {
                self.record(None, "chat.back", format!("chat:{}", place.chat), json!({ "unit": unit }));
                self.call(place.chat, Class::Digest, Op::AskChat, TimeDelta::days(1));
            }
            None if arrived => self.leave_later(place.chat),
            _ => {}
        }
        Ok(())
    }

    /// The bot is no longer in a group: removed by an account, or (0) as sending showed.
    pub(in crate::engine) async fn removed(&mut self, chat: i64, by: i64) -> Result<()> {
        let now = self.now;
        if self.loses_way(chat).await? || !chats::removed(&mut self.tx, chat, now).await? {
            return Ok(());
        }
        let Some(chat) = chats::get(&mut self.tx, chat).await? else { return Ok(()) };
        let Some(unit) = chat.unit else { return Ok(()) };
        let unit = people::unit_known(&mut self.tx, unit).await?;
        let detail = json!({"unit": unit.code, "account": by});
        self.record(None, "chat.lost", format!("chat:{}", chat.chat), detail);
        self.tell_chat_lost(&chat, &unit).await?;
        self.chat_lost(chat.chat).await
    }

    async fn tell_chat_lost(&mut self, chat: &Chat, unit: &UnitRef) -> Result<()> {
        let lost = Binding::ChatLost { title: chat.title.clone(), unit: unit.name.clone() };
        for who in self.in_charge(unit).await? {
            if let Some(to) = self.addressee(&who) {
                let slot = format!("lost:{}", chat.chat);
                let manner = Manner::directive(false, slot, "chat_lost", chat.chat);
                self.say(to, manner, Message::Binding(lost.clone()));
            }
        }
        Ok(())
    }

    /// Those responsible for a unit whom the bot reaches, or else those of the unit above.
    async fn in_charge(&mut self, unit: &UnitRef) -> Result<Vec<Addressee>> {
        let school = self.school_locale();
        let mut found = people::responsible(&mut self.tx, unit, school).await?;
        found.retain(|who| who.reachable);
        if let Some(parent) = unit.parent.filter(|_| found.is_empty()) {
            let parent = people::unit_known(&mut self.tx, parent).await?;
            found = people::responsible(&mut self.tx, &parent, school).await?;
        }
        Ok(found)
    }

    /// Something was seen in a group that is not bound: its stay is limited from the first time on.
    pub(in crate::engine) async fn met_group(&mut self, place: &Place) -> Result<()> {
        if !place.is_group() || chats::exactly(&mut self.tx, place.chat).await?.is_some() {
            return Ok(());
        }
        let (bot, now) = (self.bot, self.now);
        chats::seen(&mut self.tx, bot, place, now).await?;
        self.leave_later(place.chat);
        Ok(())
    }

    /// Leaves a chat in ten minutes unless it is bound by then.
    pub(in crate::engine) fn leave_later(&mut self, chat: i64) {
        let due = self.now + PATIENCE;
        self.set_timer(LEAVE, chat, due.timestamp_millis(), 0, due);
    }

    /// Fires the timers of chats and members.
    pub(in crate::engine) async fn fire_members(&mut self, timer: &Timer) -> Result<()> {
        let chat = chats::get(&mut self.tx, timer.subject).await?.filter(|chat| !chat.removed);
        let note = match (chat, timer.kind.as_str()) {
            (None, _) => "the bot is not there any more",
            (Some(chat), LEAVE) => self.leave(&chat).await?,
            (Some(chat), _) => self.tell_of_strangers(&chat).await?,
        };
        let now = self.now;
        timers::finish(&mut self.tx, timer.id, note, now).await
    }

    async fn leave(&mut self, chat: &Chat) -> Result<&'static str> {
        if chat.unit.is_some() {
            return Ok("it is bound");
        }
        let now = self.now;
        chats::removed(&mut self.tx, chat.chat, now).await?;
        let mut bots = fleet::ways(&mut self.tx, chat.chat).await?;
        if bots.is_empty() {
            bots.push(self.through(chat.bot));
        }
        for bot in bots {
            self.call_through(bot, chat.chat, Op::Leave, TimeDelta::days(1));
        }
        self.record(None, "chat.left", format!("chat:{}", chat.chat), json!({}));
        Ok("left")
    }

    /// Somebody joined or left a bound chat.
    pub(in crate::engine) async fn member_state(
        &mut self,
        place: &Place,
        member: &Sender,
        inside: bool,
    ) -> Result<()> {
        let chat = chats::get(&mut self.tx, place.chat).await?.filter(|chat| chat.unit.is_some());
        let Some(chat) = chat.filter(|_| !member.is_bot) else { return Ok(()) };
        self.note_member(&chat, member, inside, true).await
    }

    async fn note_member(&mut self, chat: &Chat, member: &Sender, inside: bool, joined: bool) -> Result<()> {
        let now = self.now;
        if !inside {
            return members::outside(&mut self.tx, chat.chat, member.account, now).await;
        }
        let before = self.last_seen_in((chat.chat, member.account)).await?;
        if before.is_some_and(|(inside, seen)| inside && now - seen < TimeDelta::days(1)) {
            return Ok(());
        }
        let news = joined && before.is_none_or(|(inside, _)| !inside);
        let (chat, account, name) = (chat.chat, member.account, member.name.clone());
        self.is_inside(Inside { chat, account, name, news }).await?;
        if news {
            self.tell_later(chat).await?;
        }
        Ok(())
    }

    /// Somebody wrote in a bound chat: they are in it. Costs a write at most once a day.
    pub(in crate::engine) async fn seen_in_chat(
        &mut self,
        chat: &Chat,
        place: &Place,
        sender: &Sender,
    ) -> Result<()> {
        if place.title != chat.title {
            let (bot, now) = (self.bot, self.now);
            chats::seen(&mut self.tx, bot, place, now).await?;
        }
        self.note_member(chat, sender, true, false).await
    }

    async fn tell_later(&mut self, chat: i64) -> Result<()> {
        let told = members::strangers_told_at(&mut self.tx, chat).await?;
        let due = (self.now + COLLECT).max(told + APART);
        // One timer a minute, however many join.
        let minute = due.timestamp() / 60;
        self.set_timer(STRANGERS, chat, minute, 0, due);
        Ok(())
    }

    async fn tell_of_strangers(&mut self, chat: &Chat) -> Result<&'static str> {
        let now = self.now;
        let told = members::strangers_told_at(&mut self.tx, chat.chat).await?;
        let Some(unit) = chat.unit else { return Ok("it is not bound") };
        let unit = people::unit_known(&mut self.tx, unit).await?;
        let mut strangers = self.chat_report(chat, &unit).await?.strangers;
        strangers.retain(|stranger| stranger.news);
        if strangers.is_empty() {
            return Ok("nobody new");
        }
        if now - told < APART {
            self.tell_later(chat.chat).await?;
            return Ok("told of others a short time ago");
        }
        members::told_of_strangers(&mut self.tx, chat.chat, now).await?;
        let message = Message::Binding(Binding::NewStrangers {
            chat_title: chat.title.clone(),
            unit: unit.name.clone(),
            strangers: strangers.into_iter().map(|stranger| stranger.row).collect(),
        });
        for who in self.in_charge(&unit).await? {
            if let Some(to) = self.addressee(&who) {
                let manner = Manner::reminder(format!("strangers:{}", chat.chat), "strangers", chat.chat);
                self.say(to, manner, message.clone());
            }
        }
        Ok("told")
    }

    /// A group became a supergroup; told from either side, and by an error, in any order (R14).
    pub(in crate::engine) async fn migrated(&mut self, from: i64, to: i64) -> Result<()> {
        if from == to {
            return Ok(());
        }
        let known = chats::exactly(&mut self.tx, from).await?;
        let now = self.now;
        moves::migrate(&mut self.tx, from, to, now).await?;
        if let Some((chat, None)) = known.filter(|(chat, _)| chat.unit.is_some()) {
            self.record(None, "chat.moved", format!("chat:{from}"), json!({ "to": to }));
            self.call_through(self.through(chat.bot), to, Op::AskChat, TimeDelta::days(1));
            self.cards_follow(from, to).await?;
        }
        Ok(())
    }

    /// What `getChatMember` said of somebody in a bound chat.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn member_result(&mut self, chat: i64, account: i64, inside: bool) -> Result<()> {
        let Some(chat) = chats::get(&mut self.tx, chat).await? else { return Ok(()) };
        let member = Sender { account, name: String::new(), is_bot: false };
        self.note_member(&chat, &member, inside, false).await
    }

    /// What Telegram said of a chat: how many are in it, and whether the bot is an administrator.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn chat_result(&mut self, chat: i64, members: Option<i64>, admin: bool) -> Result<()> {
        match chats::get(&mut self.tx, chat).await? {
            Some(chat) => chats::asked(&mut self.tx, chat.chat, members, admin).await,
            None => Ok(()),
        }
    }
}
