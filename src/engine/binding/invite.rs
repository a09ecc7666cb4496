//! `/invite`: a button in a group for whoever is not bound, or a link for one person.

use serde_json::json;

use super::Work;
use crate::domain::authority::{self, Act};
use crate::domain::callback;
use crate::domain::incoming::Written;
use crate::domain::message::{Binding, Message, Refusal};
use crate::domain::person::Actor;
use crate::domain::roster::plain;
use crate::engine::work::Manner;
use crate::store::{Result, binding, chats, invites, people};

impl Work<'_> {
    /// `/invite` in a bound group, `/invite CODE` in private.
    pub(in crate::engine) async fn invite(
        &mut self,
        written: &Written,
        actor: &Actor,
        code: &str,
    ) -> Result<()> {
        if written.place.is_group() {
            return self.invite_in_group(written, actor, code).await;
        }
        if authority::charges(actor).is_empty() {
            self.refuse(actor, Refusal::NoRight, "invite");
            return Ok(());
        }
        if code.is_empty() {
            self.refuse(actor, Refusal::OnlyInOwnGroup, "invite");
            return Ok(());
        }
        self.new_link(actor, &plain(code)).await
    }

    async fn invite_in_group(&mut self, written: &Written, actor: &Actor, code: &str) -> Result<()> {
        let Some(chat) = chats::get(&mut self.tx, written.place.chat).await? else { return Ok(()) };
        let Some(unit) = chat.unit else { return Ok(()) };
        let unit = people::unit_known(&mut self.tx, unit).await?;
        if authority::grant(actor, Act::Admit, &unit).is_none() {
            self.refuse(actor, Refusal::NoRight, "invite");
            return Ok(());
        }
        if !code.is_empty() {
            self.refuse(actor, Refusal::OnlyInPrivate, "invite");
            return Ok(());
        }
        let to = self.chat(&chat);
        let payload = format!("join_{}", callback::id_text(unit.id));
        let home = self.home(&unit).await?;
        let bot_username = self.engine.username_of_bot(home);
        let subject = format!("unit:{}", unit.code);
        let manner = Manner::answer().about(format!("invite:{}", unit.id), "invite", unit.id);
        let button = Binding::InviteButton { unit: unit.name, bot_username, payload };
        self.say(to, manner, Message::Binding(button));
        self.record(Some(actor), "binding.invite", subject, json!({ "chat": chat.chat }));
        Ok(())
    }

    async fn new_link(&mut self, actor: &Actor, code: &str) -> Result<()> {
        let candidate = binding::by_code(&mut self.tx, code, None).await?;
        let allowed = match &candidate {
            Some(candidate) => self.may_admit(actor, candidate.person).await?,
            None => false,
        };
        let Some(candidate) = candidate.filter(|_| allowed) else {
            self.refuse(actor, Refusal::NoSuchPerson, "invite");
            return Ok(());
        };
        let (by, now) = (actor.first().id, self.now);
        let made = invites::issue(&mut self.tx, &[candidate.person], Some(by), now).await?;
        let name = people::name(&mut self.tx, candidate.person).await?;
        for invitation in made {
            let home = match people::posts_of(&mut self.tx, candidate.person).await?.first() {
                Some(post) => self.home(&post.unit).await?,
                None => self.bot,
            };
            let bot = self.engine.username_of_bot(home);
            let link = format!("https://t.me/{bot}?start={}", invitation.token);
            let expires = invitation.expires_at;
            self.reply(actor, Message::Binding(Binding::NewLink { name: name.clone(), link, expires }));
        }
        let subject = format!("person:{}", candidate.person);
        self.record(Some(actor), "binding.link", subject, json!({ "moves": candidate.account.is_some() }));
        Ok(())
    }
}
