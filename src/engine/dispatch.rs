//! From an update to the use case it belongs to.

use super::Work;
use super::work::{Manner, To};
use crate::domain::incoming::{Incoming, Place, Sender, Written};
use crate::domain::message::{Binding, Message, Reader, Refusal};
use crate::domain::person::Actor;
use crate::domain::receipt;
use crate::store::replica::PATIENCE;
use crate::store::{Result, chats};

/// A command with what follows it: `/track@bot 12`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Command<'t> {
    /// Lower case, without slash and bot name.
    pub name: String,
    /// The rest, as written.
    pub rest: &'t str,
}

/// The command of a text, if it is one meant for a bot called `username` (or for any).
pub(super) fn command<'t>(text: &'t str, is_ours: impl Fn(&str) -> bool) -> Option<Command<'t>> {
    let after = text.strip_prefix('/')?;
    let end = after.find(char::is_whitespace).unwrap_or(after.len());
    let (word, rest) = after.split_at(end);
    let (name, to) = word.split_once('@').map_or((word, None), |(name, to)| (name, Some(to)));
    if name.is_empty() || to.is_some_and(|to| !is_ours(to)) {
        return None;
    }
    Some(Command { name: name.to_lowercase(), rest: rest.trim() })
}

/// What is answered with figures and changes nothing.
#[derive(Clone, Copy)]
enum Figures<'a> {
    StatusInPrivate(&'a Actor),
    StatusInGroup(&'a chats::Chat, &'a Actor),
    Digest(&'a Actor),
}

/// Private words that do as a command does.
fn private_alias(text: &str) -> Option<Command<'_>> {
    let name = match text.trim() {
        "状态" => "status",
        "打卡" => "checkin",
        _ => return None,
    };
    Some(Command { name: name.to_owned(), rest: "" })
}

impl Work<'_> {
    /// Does what an update asks for.
    pub(super) async fn dispatch(&mut self, incoming: &Incoming) -> Result<()> {
        match incoming {
            Incoming::Written(written) => self.written(written).await,
            Incoming::Pressed { callback, sender, place, message, data } => {
                self.pressed(callback, sender, place.as_ref(), *message, data).await
            }
            Incoming::Reacted { place, message, sender: Some(sender), thumbs_up: true } => {
                self.reacted(place, *message, sender).await
            }
            Incoming::OwnState { place, sender, inside, admin } => {
                self.own_state(place, sender, *inside, *admin).await
            }
            Incoming::MemberState { place, member, inside } => {
                self.member_state(place, member, *inside).await
            }
            Incoming::Migrated { from, to } => self.migrated(*from, *to).await,
            Incoming::Reacted { .. } | Incoming::Ignored => Ok(()),
        }
    }

    async fn written(&mut self, written: &Written) -> Result<()> {
        let Some(sender) = &written.sender else {
            return self.faceless(written).await;
        };
        if sender.is_bot || written.edited {
            // What other bots say is nobody's word; a changed message was taken when it was written.
            return Ok(());
        }
        if written.place.is_private() {
            self.written_in_private(written, sender).await
        } else if written.place.is_group() {
            self.written_in_group(written, sender).await
        } else {
            Ok(())
        }
    }

    /// Anonymous admins and channels cannot act (S5): a command is answered with a hint, the rest ignored.
    async fn faceless(&mut self, written: &Written) -> Result<()> {
        let bound =
            chats::get(&mut self.tx, written.place.chat).await?.is_some_and(|chat| chat.unit.is_some());
        let command = self.command_of(&written.text);
        // Whoever wants to bind a chat must hear of it where the bot is silent otherwise.
        let heard = command.is_some_and(|command| bound || command.name == "register");
        if heard && written.place.is_group() {
            let to = self.group(&written.place);
            self.say(to, Manner::answer(), Message::Refused(Refusal::NoFace));
        }
        Ok(())
    }

    fn command_of<'t>(&self, text: &'t str) -> Option<Command<'t>> {
        let bots = self.engine.bots();
        let own = bots.iter().find(|bot| bot.id == self.bot).map(|bot| bot.username.to_lowercase());
        command(text, |to| own.as_deref().is_none_or(|own| own == to.to_lowercase()))
    }

    async fn written_in_private(&mut self, written: &Written, sender: &Sender) -> Result<()> {
        self.met(sender.account).await?;
        self.mute_flood(written.place.chat).await?;
        let command = self.command_of(&written.text).or_else(|| private_alias(&written.text));
        let actor = self.actor(sender.account).await?;
        if let Some(command) = command.as_ref().filter(|command| command.name == "start") {
            return self.start(sender, actor.as_ref(), command.rest).await;
        }
        let Some(actor) = actor else {
            return self.stranger(written, sender).await;
        };
        if let Some(command) = command {
            self.private_command(written, &actor, &command).await?;
            return match command.name.as_str() {
                "checkin" | "cancel" => Ok(()),
                _ => self.lead_back_to_form(&actor).await,
            };
        }
        if self.continue_dialogue(written, &actor).await? || self.form_words(written, &actor).await? {
            return Ok(());
        }
        if receipt::acknowledges(&written.text, &self.settings().rules.ack_words)
            && self.acknowledge_by_word(written, &actor).await?
        {
            return Ok(());
        }
        let to = self.private(&actor);
        self.say(to, Manner::answer(), Message::NotUnderstood);
        Ok(())
    }

    async fn private_command(
        &mut self,
        written: &Written,
        actor: &Actor,
        command: &Command<'_>,
    ) -> Result<()> {
        match command.name.as_str() {
            "help" => {
                let help = Binding::Help { roles: actor.roles(), private: true };
                self.reply(actor, Message::Binding(help));
                Ok(())
            }
            "lang" => self.choose_language(actor).await,
            "cancel" => self.cancel_dialogue(actor).await,
            "today" => self.today(actor).await,
            "urgent" => self.urgent(actor, command.rest).await,
            "checkin" => self.checkin(actor).await,
            "directive" => self.compose(written, actor, command.rest).await,
            "track" => self.track(actor, command.rest).await,
            "pending" => self.pending(actor).await,
            "status" => self.figures(Figures::StatusInPrivate(actor)).await,
            "confirm" => self.confirm(actor, command.rest).await,
            "signoff" => self.signoff(actor).await,
            "remind" => self.remind_in_private(actor).await,
            "privacy" => {
                self.privacy(actor);
                Ok(())
            }
            "mydata" => self.own_data(actor).await,
            "digest" => self.figures(Figures::Digest(actor)).await,
            "export" => self.export(actor, command.rest).await,
            "invite" => self.invite(written, actor, command.rest).await,
            "members" => self.members(actor).await,
            "contacts" => self.contacts(actor, command.rest).await,
            "register" => {
                self.refuse(actor, Refusal::OnlyInOwnGroup, "register");
                Ok(())
            }
            _ => {
                self.reply(actor, Message::NotUnderstood);
                Ok(())
            }
        }
    }

    async fn written_in_group(&mut self, written: &Written, sender: &Sender) -> Result<()> {
        let command = self.command_of(&written.text);
        let chat = self.group_chat(written.place.chat).await?;
        if let Some(chat) = &chat
            && !self.hears(written, chat).await?
        {
            return Ok(());
        }
        let chat = chat.filter(|chat| chat.unit.is_some());
        if let Some(command) = command.as_ref().filter(|command| command.name == "register") {
            return self.register(written, sender, command.rest).await;
        }
        if let Some(command) = command.as_ref().filter(|c| c.name == "start" && !c.rest.is_empty()) {
            return self.start_in_group(written, sender, command.rest).await;
        }
        self.burn_links(written, sender).await?;
        // A group is inert until it is bound (S6).
        let Some(chat) = chat else { return self.met_group(&written.place).await };
        self.seen_in_chat(&chat, &written.place, sender).await?;
        let actor = self.actor(sender.account).await?;
        let Some(actor) = actor else { return Ok(()) };
        match command {
            Some(command) => {
                self.mute_flood(written.place.chat).await?;
                self.mute_flood(sender.account).await?;
                self.group_command(written, &chat, &actor, &command).await
            }
            None => self.words_in_group(written, &chat, &actor).await,
        }
    }

    async fn group_command(
        &mut self,
        written: &Written,
        chat: &chats::Chat,
        actor: &Actor,
        command: &Command<'_>,
    ) -> Result<()> {
        match command.name.as_str() {
            "status" => self.figures(Figures::StatusInGroup(chat, actor)).await,
            "remind" => self.remind_in_group(chat, actor).await,
            "directive" => self.compose_in_group(written, chat, actor, command.rest).await,
            "invite" => self.invite(written, actor, command.rest).await,
            "help" => {
                let help = Binding::Help { roles: actor.roles(), private: false };
                self.reply(actor, Message::Binding(help));
                self.say_in_private_hint(chat, actor).await
            }
            "track" => {
                self.track(actor, command.rest).await?;
                self.say_in_private_hint(chat, actor).await
            }
            "pending" => {
                self.pending(actor).await?;
                self.say_in_private_hint(chat, actor).await
            }
            "digest" => {
                self.figures(Figures::Digest(actor)).await?;
                self.say_in_private_hint(chat, actor).await
            }
            "export" => {
                self.export(actor, command.rest).await?;
                self.say_in_private_hint(chat, actor).await
            }
            "confirm" => {
                self.confirm(actor, command.rest).await?;
                self.say_in_private_hint(chat, actor).await
            }
            "signoff" => {
                self.signoff(actor).await?;
                self.say_in_private_hint(chat, actor).await
            }
            "today" => {
                self.today(actor).await?;
                self.say_in_private_hint(chat, actor).await
            }
            // What happened is asked and told in private only.
            "urgent" => {
                self.urgent(actor, "").await?;
                self.say_in_private_hint(chat, actor).await
            }
            _ => Ok(()),
        }
    }

    /// Answers with figures. They are read from the replica where there is one and it can be used.
    async fn figures(&mut self, what: Figures<'_>) -> Result<()> {
        let clock = self.engine.clock.clone();
        let replica = tokio::select! {
            replica = self.engine.db.replica() => replica,
            () = clock.sleep(PATIENCE) => None,
        };
        if let Some(replica) = replica {
            let mark = self.mark();
            let own = std::mem::replace(&mut self.tx, replica);
            let shown = tokio::select! {
                shown = self.show_figures(what) => shown.map_err(|error| error.to_string()),
                () = clock.sleep(PATIENCE) => Err("it does not answer in time".to_owned()),
            };
            self.tx = own;
            match shown {
                Ok(()) if self.said_since(&mark) => return Ok(()),
                // What it is about came a moment ago.
                Ok(()) => {}
                Err(why) => self.engine.db.distrust_replica(&why),
            }
            self.return_to(mark);
        }
        self.show_figures(what).await
    }

    async fn show_figures(&mut self, what: Figures<'_>) -> Result<()> {
        match what {
            Figures::StatusInPrivate(actor) => self.status_in_private(actor).await,
            Figures::StatusInGroup(chat, actor) => self.status_in_group(chat, actor).await,
            Figures::Digest(actor) => self.digest_in_private(actor).await,
        }
    }

    /// One line in the group: the answer went to the private chat.
    async fn say_in_private_hint(&mut self, chat: &chats::Chat, _actor: &Actor) -> Result<()> {
        let to = self.chat(chat);
        self.say(to, Manner::answer(), Message::AnsweredInPrivate);
        Ok(())
    }

    /// The group an update came from.
    pub(super) fn group(&self, place: &Place) -> To {
        To { bot: self.bot, chat: place.chat, reader: Reader::Group, locale: self.school_locale() }
    }

    /// A bound chat.
    pub(super) fn chat(&self, chat: &chats::Chat) -> To {
        let bot = self.through(chat.bot);
        To { bot, chat: chat.chat, reader: Reader::Group, locale: self.school_locale() }
    }

    /// Answers an actor in private.
    pub(super) fn reply(&mut self, actor: &Actor, message: Message) -> i64 {
        let to = self.private(actor);
        self.say(to, Manner::answer(), message)
    }

    /// Refuses in words, in private, and keeps that in the audit.
    pub(super) fn refuse(&mut self, actor: &Actor, why: Refusal, act: &str) {
        self.record(Some(actor), &format!("refused.{act}"), String::new(), serde_json::json!({ "why": why }));
        self.reply(actor, Message::Refused(why));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_read_as_people_type_them() {
        let ours = |to: &str| to == "tierline_bot";
        let read = |text| command(text, ours).map(|c| (c.name, c.rest.to_owned()));
        assert_eq!(read("/Track@tierline_bot  12 "), Some(("track".into(), "12".into())));
        assert_eq!(read("/directive\n第一行\n第二行"), Some(("directive".into(), "第一行\n第二行".into())));
        assert_eq!(read("/status@other_bot"), None);
        assert_eq!(read("status"), None);
        assert_eq!(read("/"), None);
    }
}
