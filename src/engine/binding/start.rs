//! `/start`: a greeting, or a link that binds.

use serde_json::json;

use super::{Bindable, Guessing, Work, secret};
use crate::domain::incoming::{Sender, Written};
use crate::domain::message::{Binding, Message};
use crate::domain::person::Actor;
use crate::engine::work::Manner;
use crate::store::binding::Invite;
use crate::store::seal::hash;
use crate::store::{Result, binding, chats};

/// What a link carries before its token.
pub(in crate::engine) const PAYLOAD: &str = "start=";
/// Tokens are 27 characters; what is shorter is none.
const SHORTEST: usize = 20;

/// The tokens of binding links that stand in a text.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices(PAYLOAD).filter_map(|(at, _)| {
        let rest = &text[at + PAYLOAD.len()..];
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '-');
        let token = &rest[..end.unwrap_or(rest.len())];
        (SHORTEST..=64).contains(&token.len()).then_some(token)
    })
}

impl Work<'_> {
    /// `/start`, `/start TOKEN` and the payloads of our own links, in private.
    pub(in crate::engine) async fn start(
        &mut self,
        sender: &Sender,
        actor: Option<&Actor>,
        payload: &str,
    ) -> Result<()> {
        match payload {
            "" => {
                self.greet(sender, actor).await?;
                match actor {
                    Some(actor) => self.point_home(actor).await,
                    None => Ok(()),
                }
            }
            "checkin" => self.start_checkin(sender, actor).await,
            "join" => self.start_join(sender, actor, "").await,
            _ => match payload.strip_prefix("join_") {
                Some(unit) => self.start_join(sender, actor, unit).await,
                None => self.start_link(sender, actor, payload).await,
            },
        }
    }

    /// The link of a class group: the form at once; whom the bot has not met yet is greeted before.
    async fn start_checkin(&mut self, sender: &Sender, actor: Option<&Actor>) -> Result<()> {
        let Some(actor) = actor else { return self.not_bound(sender.account).await };
        let known = binding::account(&mut self.tx, actor.account).await?;
        if known.is_none_or(|known| known.menu.is_none()) {
            self.greet(sender, Some(actor)).await?;
        }
        self.checkin(actor).await
    }

    /// Who is bound is greeted; somebody the roster bound without a word of theirs, as for the first time.
    pub(super) async fn greet(&mut self, sender: &Sender, actor: Option<&Actor>) -> Result<()> {
        let Some(actor) = actor else { return self.not_bound(sender.account).await };
        let greeted = binding::account(&mut self.tx, actor.account)
            .await?
            .is_some_and(|account| account.menu.is_some());
        if !greeted {
            return self.welcome(actor.first().id, actor.account, "roster").await;
        }
        let back = Binding::WelcomeBack { name: actor.first().name.clone(), roles: actor.roles() };
        self.reply(actor, Message::Binding(back));
        let to = self.private(actor);
        self.set_menu(to, Some(actor.roles())).await
    }

    /// The polite answer to somebody nobody knows, at most once a minute.
    pub(super) async fn not_bound(&mut self, account: i64) -> Result<()> {
        let now = self.now;
        if binding::may_refuse(&mut self.tx, account, now).await? {
            self.tell(account, None, Binding::NotBound);
        }
        Ok(())
    }

    /// A link was pressed, or its token typed.
    pub(super) async fn start_link(
        &mut self,
        sender: &Sender,
        actor: Option<&Actor>,
        token: &str,
    ) -> Result<()> {
        let account = sender.account;
        match self.guessing(account, secret::LINK).await? {
            Guessing::Free => {}
            Guessing::Silent => return Ok(()),
            Guessing::Wait(minutes) => {
                self.tell(account, actor, Binding::SlowDown { minutes });
                return Ok(());
            }
        }
        let token_hash = hash(token);
        let Some(invite) = binding::invite(&mut self.tx, &token_hash).await? else {
            self.wrong_guess(actor, account, secret::LINK).await?;
            self.tell(account, actor, Binding::LinkUnknown);
            return Ok(());
        };
        let said = self.follow_link(sender, actor, &token_hash, &invite).await?;
        if let Some(said) = said {
            self.tell(account, actor, said);
        }
        Ok(())
    }

    /// What is to be said about a link; `None` when it did what it was made for.
    async fn follow_link(
        &mut self,
        sender: &Sender,
        actor: Option<&Actor>,
        token_hash: &str,
        invite: &Invite,
    ) -> Result<Option<Binding>> {
        let (person, account, now) = (invite.person, sender.account, self.now);
        let bindable = self.bindable(person, account, invite.moves).await?;
        if let Bindable::Already = bindable {
            binding::use_invite(&mut self.tx, token_hash, now).await?;
            self.greet(sender, actor).await?;
            return Ok(None);
        }
        if invite.used {
            return Ok(Some(Binding::LinkUsed));
        }
        if invite.void || invite.expires_at <= now {
            return Ok(Some(Binding::LinkExpired));
        }
        match bindable {
            Bindable::AccountTaken(name) => return Ok(Some(Binding::AccountTaken { name })),
            Bindable::PersonTaken => return Ok(Some(Binding::PersonTaken)),
            Bindable::Yes | Bindable::Already => {}
        }
        if !binding::use_invite(&mut self.tx, token_hash, now).await? {
            return Ok(Some(Binding::LinkUsed));
        }
        let bound = self.bind(person, account, "link", invite.moves).await?;
        Ok((!bound).then_some(Binding::PersonTaken))
    }

    /// `/start@bot TOKEN` in a group: everybody there has seen it, so it is void (S7).
    pub(in crate::engine) async fn start_in_group(
        &mut self,
        written: &Written,
        sender: &Sender,
        payload: &str,
    ) -> Result<()> {
        self.burn(written, sender, &[payload]).await
    }

    /// Links that stand in a text in a group are void from now on (S7).
    pub(in crate::engine) async fn burn_links(&mut self, written: &Written, sender: &Sender) -> Result<()> {
        if !written.text.contains(PAYLOAD) {
            return Ok(());
        }
        let found: Vec<&str> = tokens(&written.text).collect();
        self.burn(written, sender, &found).await
    }

    async fn burn(&mut self, written: &Written, sender: &Sender, tokens: &[&str]) -> Result<()> {
        let now = self.now;
        let mut burnt = false;
        for token in tokens {
            let person = binding::burn_invite(&mut self.tx, &hash(token), now).await?;
            if let Some(person) = person {
                burnt = true;
                let detail = json!({ "account": sender.account });
                self.record(None, "binding.burnt", format!("person:{person}"), detail);
            }
        }
        let bound =
            chats::get(&mut self.tx, written.place.chat).await?.is_some_and(|chat| chat.unit.is_some());
        if burnt && bound {
            let to = self.group(&written.place);
            self.say(to, Manner::answer(), Message::Binding(Binding::LinkBurnt));
        }
        Ok(())
    }

    /// A stranger who copied a link instead of pressing it means to press it.
    pub(super) async fn pasted_link(&mut self, sender: &Sender, text: &str) -> Result<bool> {
        let Some(token) = tokens(text).next() else { return Ok(false) };
        self.start_link(sender, None, token).await?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::tokens;

    #[test]
    fn tokens_are_found_in_links_only() {
        let token = "abcdefghij-ABCDEFGHIJ_0123x";
        let text = format!("点 https://t.me/bot?start={token}，谢谢 https://t.me/bot?start=join");
        assert_eq!(tokens(&text).collect::<Vec<_>>(), [token]);
        assert_eq!(tokens(&format!("start={}", "x".repeat(65))).count(), 0);
        assert_eq!(tokens("restart=").count(), 0);
    }
}
