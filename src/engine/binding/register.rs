//! A chat is bound to a unit: `/register CODE` by who is responsible for it, or from the shell.

use chrono::TimeDelta;
use serde_json::json;

use super::{Guessing, Work, secret};
use crate::domain::authority::{self, Act};
use crate::domain::incoming::{Place, Sender, Written};
use crate::domain::message::{Binding, Message, Refusal};
use crate::domain::outgoing::Op;
use crate::domain::person::{Actor, UnitRef};
use crate::engine::Engine;
use crate::engine::work::{Manner, To};
use crate::store::chat_codes::{self, ChatCode};
use crate::store::chats::{Chat, FURTHER};
use crate::store::{Result, binding, chats, members, people};

/// How long an enquiry that nobody waits for may wait itself.
const ENQUIRY: TimeDelta = TimeDelta::days(1);

impl Work<'_> {
    /// `/register CODE` in a group: the one command that is answered where the bot is not bound (S6).
    pub(in crate::engine) async fn register(
        &mut self,
        written: &Written,
        sender: &Sender,
        code: &str,
    ) -> Result<()> {
        let place = &written.place;
        self.met_group(place).await?;
        let Some(actor) = self.actor(sender.account).await? else {
            return self.register_by_stranger(place, sender).await;
        };
        match self.guessing(sender.account, secret::CHAT).await? {
            Guessing::Silent => return Ok(()),
            Guessing::Wait(minutes) => {
                self.refuse_register(place, Refusal::SlowDown { minutes });
                return Ok(());
            }
            Guessing::Free => {}
        }
        match self.try_register(place, &actor, code).await? {
            Ok(()) => Ok(()),
            Err(why) => {
                if matches!(why, Refusal::WrongCode | Refusal::NotYourUnit) {
                    self.wrong_guess(Some(&actor), sender.account, secret::CHAT).await?;
                }
                self.refuse_register(place, why);
                Ok(())
            }
        }
    }

    /// One polite refusal; it says the same whether the code is right or not.
    async fn register_by_stranger(&mut self, place: &Place, sender: &Sender) -> Result<()> {
        let (account, now) = (sender.account, self.now);
        let tries = binding::attempts(&mut self.tx, account, secret::CHAT).await?;
        self.wrong_guess(None, account, secret::CHAT).await?;
        if tries.is_none_or(|tries| now - tries.last_at >= TimeDelta::minutes(1)) {
            self.refuse_register(place, Refusal::NoRight);
        }
        Ok(())
    }

    fn refuse_register(&mut self, place: &Place, why: Refusal) {
        let to = self.group(place);
        self.say(to, Manner::answer(), Message::Binding(Binding::RegisterRefused(why)));
    }

    async fn try_register(
        &mut self,
        place: &Place,
        actor: &Actor,
        code: &str,
    ) -> Result<std::result::Result<(), Refusal>> {
        let now = self.now;
        let Some(ChatCode { unit, tier }) = chat_codes::find(&mut self.tx, code, now).await? else {
            return Ok(Err(Refusal::WrongCode));
        };
        let Some(unit) = people::unit_by_id(&mut self.tx, unit).await? else {
            return Ok(Err(Refusal::WrongCode));
        };
        if authority::grant(actor, Act::BindChat, &unit).is_none() {
            return Ok(Err(Refusal::NotYourUnit));
        }
        let chat = chats::get(&mut self.tx, place.chat).await?;
        if let Some(other) = chat.as_ref().and_then(|chat| chat.unit).filter(|other| *other != unit.id) {
            let other = people::unit_known(&mut self.tx, other).await?;
            if authority::grant(actor, Act::BindChat, &other).is_none() {
                return Ok(Err(Refusal::ChatTaken { unit: other.name }));
            }
        }
        if !chat_codes::use_up(&mut self.tx, code, now).await? {
            return Ok(Err(Refusal::WrongCode));
        }
        let id = chat.as_ref().map_or(place.chat, |chat| chat.chat);
        if let Some(chat) = chat.as_ref().filter(|chat| chat.bot != self.bot && !chat.removed) {
            // Said to this very bot: it serves the group from now on.
            self.chat_moves(chat, self.bot).await?;
        }
        self.bind_chat(id, &unit, &tier, Some(actor)).await?;
        self.say_registered(place, &unit, &tier, chat.is_some_and(|chat| chat.sees_all));
        binding::forgive(&mut self.tx, actor.account, secret::CHAT).await?;
        Ok(Ok(()))
    }

    fn say_registered(&mut self, place: &Place, unit: &UnitRef, tier: &str, sees_all: bool) {
        let position = self.settings().tiers.position(tier);
        let tier = position.map(|position| self.settings().tier_name(position));
        let to = self.group(place);
        let registered = Binding::Registered { unit: unit.name.clone(), tier, sees_all };
        self.say(to, Manner::answer(), Message::Binding(registered));
    }

    /// Binds a chat to a unit and tier. Another chat in that place yields to it, and is told.
    async fn bind_chat(&mut self, id: i64, unit: &UnitRef, tier: &str, by: Option<&Actor>) -> Result<()> {
        let now = self.now;
        let same_place = |chat: &Chat| chat.chat != id && chat.tier.as_deref() == Some(tier);
        let all = chats::all_of_unit(&mut self.tx, unit.id).await?;
        for old in all.iter().filter(|chat| tier != FURTHER && same_place(chat)) {
            self.replace_chat(old, unit).await?;
        }
        let person = by.map(|actor| actor.first().id);
        let bot = self.bot;
        chats::bind(&mut self.tx, (id, bot), unit.id, tier, person, now).await?;
        let detail = json!({ "unit": unit.code, "tier": tier });
        self.record(by, "chat.bound", format!("chat:{id}"), detail);
        self.ask_about_chat(id, unit, tier).await
    }

    async fn replace_chat(&mut self, old: &Chat, unit: &UnitRef) -> Result<()> {
        // While it is still bound: what is open there goes to its people in private.
        self.chat_lost(old.chat).await?;
        chats::unbind(&mut self.tx, old.chat).await?;
        self.record(None, "chat.replaced", format!("chat:{}", old.chat), json!({ "unit": unit.code }));
        if !old.removed {
            let to = self.chat(old);
            let replaced = Binding::ChatReplaced { unit: unit.name.clone() };
            self.say(to, Manner::answer(), Message::Binding(replaced));
            self.leave_later(old.chat);
        }
        Ok(())
    }

    /// Sets the group's menu and asks who is in it: the number of members, and each bound person (A3).
    async fn ask_about_chat(&mut self, id: i64, unit: &UnitRef, tier: &str) -> Result<()> {
        let Some(chat) = chats::get(&mut self.tx, id).await? else { return Ok(()) };
        let To { bot, locale, .. } = self.chat(&chat);
        if bot == 0 {
            // Bound from the shell before any bot was set up.
            return Ok(());
        }
        self.call_through(bot, id, Op::Menu { roles: None, locale }, ENQUIRY);
        self.call_through(bot, id, Op::AskChat, ENQUIRY);
        let Some(position) = self.settings().tiers.position(tier) else { return Ok(()) };
        let school = self.school_locale();
        let ids = members::expected(&mut self.tx, unit, position).await?;
        for who in people::addressees(&mut self.tx, &ids, school).await? {
            if let Some(account) = who.account {
                self.call_through(bot, id, Op::AskMember { account }, ENQUIRY);
            }
        }
        Ok(())
    }
}

impl Engine {
    /// Binds a chat from the shell, whatever it served before. A chat no bot has seen yet is the first bot's,
    /// which learns who is in it when it can.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn bind_chat(&self, chat: i64, unit: &UnitRef, tier: &str) -> Result<()> {
        let mut work = self.begin().await?;
        let known = chats::get(&mut work.tx, chat).await?;
        if let Some(seen_by) = known.as_ref().map(|chat| chat.bot).filter(|bot| *bot != 0) {
            work.bot = seen_by;
        }
        let id = known.map_or(chat, |chat| chat.chat);
        work.bind_chat(id, unit, tier, None).await?;
        work.finish().await
    }
}
