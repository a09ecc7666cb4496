//! Binding of people to accounts and of chats to units.

mod admission;
mod invite;
mod join;
mod language;
mod register;
mod start;

pub(super) use start::PAYLOAD;

use chrono::TimeDelta;
use serde_json::json;

use super::Work;
use super::work::{Manner, To};
use crate::domain::guessing;
use crate::domain::message::{Binding, Class, Locale, Message, Reader};
use crate::domain::outgoing::Op;
use crate::domain::person::Actor;
use crate::domain::roster::Role;
use crate::store::{Result, binding, people};

/// What may be guessed, each counted by itself.
pub(super) mod secret {
    /// The token of a binding link.
    pub const LINK: &str = "link";
    /// A person's code, when joining.
    pub const CODE: &str = "code";
    /// A contact that was not the sender's own.
    pub const CONTACT: &str = "contact";
    /// The code of `/register`.
    pub const CHAT: &str = "chat";
}

/// Whether an account may try a secret now.
enum Guessing {
    Free,
    /// It must wait these minutes, and was not told so yet.
    Wait(u32),
    /// It must wait and was told.
    Silent,
}

/// Whether an account may be bound to a person.
enum Bindable {
    Yes,
    /// It is already.
    Already,
    /// The person has another account.
    PersonTaken,
    /// The account belongs to this other person, who has a role of the same kind.
    AccountTaken(String),
}

impl Work<'_> {
    /// Judges whether an account may try (once more) to name a secret (S7).
    async fn guessing(&mut self, account: i64, what: &'static str) -> Result<Guessing> {
        let now = self.now;
        let Some(tries) = binding::attempts(&mut self.tx, account, what).await? else {
            return Ok(Guessing::Free);
        };
        if guessing::forgotten(tries.last_at, now) {
            binding::forgive(&mut self.tx, account, what).await?;
            return Ok(Guessing::Free);
        }
        match guessing::blocked_until(tries.failed, tries.last_at) {
            Some(until) if until > now && tries.told => Ok(Guessing::Silent),
            Some(until) if until > now => {
                binding::told_to_wait(&mut self.tx, account, what, now).await?;
                Ok(Guessing::Wait(guessing::minutes_left(until, now)))
            }
            _ => Ok(Guessing::Free),
        }
    }

    /// Counts a wrong try, and keeps it in the audit.
    async fn wrong_guess(&mut self, actor: Option<&Actor>, account: i64, what: &'static str) -> Result<()> {
        let now = self.now;
        binding::failed(&mut self.tx, account, what, now).await?;
        self.record(actor, &format!("refused.{what}"), String::new(), json!({ "account": account }));
        Ok(())
    }

    /// Where to answer an account in private, bound or not.
    fn newcomer(&self, account: i64, actor: Option<&Actor>) -> To {
        let locale = self.school_locale();
        let stranger = To { bot: self.bot, chat: account, reader: Reader::Adult, locale };
        actor.map_or(stranger, |actor| self.private(actor))
    }

    /// Answers an account in private, bound or not.
    fn tell(&mut self, account: i64, actor: Option<&Actor>, said: Binding) {
        let to = self.newcomer(account, actor);
        self.say(to, Manner::answer(), Message::Binding(said));
    }

    /// Whether this account may be bound to this person now. Holds the account until the end.
    async fn bindable(&mut self, person: i64, account: i64, moves: bool) -> Result<Bindable> {
        binding::hold_account(&mut self.tx, account).await?;
        let bound = binding::account_of(&mut self.tx, person).await?;
        if bound == Some(account) {
            return Ok(Bindable::Already);
        }
        if let Some(name) = binding::role_twin(&mut self.tx, person, account).await? {
            return Ok(Bindable::AccountTaken(name));
        }
        Ok(if bound.is_some() && !moves { Bindable::PersonTaken } else { Bindable::Yes })
    }

    /// Binds a person to an account and greets them; the account they had is told. `false`: somebody else
    /// was quicker.
    async fn bind(&mut self, person: i64, account: i64, how: &'static str, moves: bool) -> Result<bool> {
        let now = self.now;
        let old = binding::account_of(&mut self.tx, person).await?;
        if !binding::bind(&mut self.tx, (person, account), how, moves, now).await? {
            return Ok(false);
        }
        if let Some(old) = old.filter(|old| *old != account) {
            self.unbound(old, person).await?;
        }
        self.welcome(person, account, how).await?;
        Ok(true)
    }

    async fn welcome(&mut self, person: i64, account: i64, how: &'static str) -> Result<()> {
        let Some(actor) = self.actor(account).await? else { return Ok(()) };
        let posts = actor.posts.iter().filter(|post| post.person == person);
        let (mut roles, mut units): (Vec<Role>, Vec<String>) = (Vec::new(), Vec::new());
        for post in posts {
            if !roles.contains(&post.role) {
                roles.push(post.role);
            }
            if !units.contains(&post.unit.name) {
                units.push(post.unit.name.clone());
            }
        }
        let name = actor.name_of(person).to_owned();
        let to = self.way_to(&actor).await?;
        self.say(to, Manner::answer(), Message::Binding(Binding::Welcome { name, roles, units }));
        self.set_menu(to, Some(actor.roles())).await?;
        let subject = format!("person:{person}");
        self.record(Some(&actor), "binding.bound", subject, json!({ "how": how }));
        Ok(())
    }

    /// Where to write to an actor: through the bot their account started.
    async fn way_to(&mut self, actor: &Actor) -> Result<To> {
        let known = binding::account(&mut self.tx, actor.account).await?;
        let here = self.private(actor);
        Ok(known.filter(|known| known.bot != 0).map_or(here, |known| To { bot: known.bot, ..here }))
    }

    /// An account that lost a person is told so; what it may do is less.
    async fn unbound(&mut self, old: i64, person: i64) -> Result<()> {
        binding::forget_dialogue(&mut self.tx, old, person).await?;
        let name = people::name(&mut self.tx, person).await?;
        let rest = self.actor(old).await?;
        self.record(rest.as_ref(), "binding.unbound", format!("person:{person}"), json!({ "account": old }));
        let Some(known) = binding::account(&mut self.tx, old).await?.filter(|known| known.reachable) else {
            return Ok(());
        };
        let to = To { bot: known.bot, ..self.newcomer(old, rest.as_ref()) };
        let manner = Manner { fresh_for: TimeDelta::days(2), ..Manner::answer() };
        self.say(to, manner, Message::Binding(Binding::Unbound { name }));
        self.set_menu(to, Some(rest.map(|actor| actor.roles()).unwrap_or_default())).await
    }

    /// Sets the command menu of a private chat (by roles) or of a group (`None`), when it is not that already.
    async fn set_menu(&mut self, to: To, roles: Option<Vec<Role>>) -> Result<()> {
        let word = menu_word(roles.as_deref(), to.locale);
        let known = binding::account(&mut self.tx, to.chat).await?.and_then(|account| account.menu);
        if known.as_deref() == Some(word.as_str()) {
            return Ok(());
        }
        binding::set_menu(&mut self.tx, to.chat, &word).await?;
        let op = Op::Menu { roles, locale: to.locale };
        self.call_through(to.bot, to.chat, op, TimeDelta::days(2));
        Ok(())
    }

    /// Queues a call that nobody waits for, through a given bot.
    pub(super) fn call_through(&mut self, bot: i64, chat: i64, op: Op, fresh_for: TimeDelta) {
        let own = std::mem::replace(&mut self.bot, bot);
        self.call(chat, Class::Digest, op, fresh_for);
        self.bot = own;
    }
}

fn menu_word(roles: Option<&[Role]>, locale: Locale) -> String {
    let words: Vec<_> = roles.unwrap_or_default().iter().map(|role| role.word()).collect();
    format!("{}:{}", locale.tag(), words.join(","))
}
