//! Binding oneself: one's code, then one's own contact. The roster's phone binds at once, anything else
//! asks the responsible.

use serde::{Deserialize, Serialize};

use super::{Bindable, Guessing, Work, secret};
use crate::domain::callback;
use crate::domain::incoming::{Contact, Sender, Written};
use crate::domain::message::Binding;
use crate::domain::person::{Actor, UnitRef};
use crate::domain::phone::same_phone;
use crate::domain::roster::plain;
use crate::store::binding::Candidate;
use crate::store::dialogues::{self, Dialogue};
use crate::store::{Result, binding, people};

/// Waiting for a code.
pub(in crate::engine) const CODE: &str = "join_code";
/// Waiting for a contact.
pub(in crate::engine) const CONTACT: &str = "join_contact";

/// What an open dialogue of joining remembers.
#[derive(Debug, Serialize, Deserialize)]
struct Joining {
    /// The unit whose button was pressed; 0: any.
    unit: i64,
}

impl Work<'_> {
    /// Somebody pressed the button of `/invite`.
    pub(super) async fn start_join(
        &mut self,
        sender: &Sender,
        actor: Option<&Actor>,
        unit: &str,
    ) -> Result<()> {
        let unit = match callback::text_id(unit) {
            Some(id) => people::unit_by_id(&mut self.tx, id).await?,
            None => None,
        };
        let inside =
            |unit: &UnitRef| actor.is_some_and(|actor| actor.posts.iter().any(|post| post.unit.within(unit)));
        if unit.as_ref().is_some_and(inside) {
            return self.greet(sender, actor).await;
        }
        let joining = Joining { unit: unit.map_or(0, |unit| unit.id) };
        self.expect(sender.account, actor, (CODE, joining.unit), &joining).await?;
        self.tell(sender.account, actor, Binding::AskCode);
        Ok(())
    }

    async fn expect(
        &mut self,
        account: i64,
        actor: Option<&Actor>,
        what: (&'static str, i64),
        joining: &Joining,
    ) -> Result<()> {
        let person = actor.map_or(0, |actor| actor.first().id);
        let (sealer, now) = (&self.engine.sealer, self.now);
        dialogues::set(&mut self.tx, sealer, (account, person), what, joining, now).await
    }

    /// Somebody nobody knows wrote in private.
    pub(in crate::engine) async fn stranger(&mut self, written: &Written, sender: &Sender) -> Result<()> {
        let dialogue = dialogues::get(&mut self.tx, sender.account).await?;
        if let Some(dialogue) = dialogue.filter(|dialogue| [CODE, CONTACT].contains(&dialogue.kind.as_str()))
        {
            if written.text.trim() == "/cancel" {
                dialogues::clear(&mut self.tx, sender.account).await?;
                self.tell(sender.account, None, Binding::Cancelled);
                return Ok(());
            }
            if self.join_answer(written, sender, None, &dialogue).await? {
                return Ok(());
            }
        }
        if self.pasted_link(sender, &written.text).await? {
            return Ok(());
        }
        self.not_bound(sender.account).await
    }

    /// Takes a message as the next step of joining; `false` when it is something else.
    pub(in crate::engine) async fn join_answer(
        &mut self,
        written: &Written,
        sender: &Sender,
        actor: Option<&Actor>,
        dialogue: &Dialogue,
    ) -> Result<bool> {
        let joining: Joining = dialogue.body(&self.engine.sealer)?;
        if let Some(contact) = written.contact.as_ref().filter(|_| dialogue.kind == CONTACT) {
            self.give_contact(sender, actor, dialogue.subject, contact).await?;
            return Ok(true);
        }
        let text = plain(&written.text);
        if text.is_empty() || text.starts_with('/') || text.contains("start=") {
            return Ok(false);
        }
        self.give_code(sender, actor, &joining, &text).await?;
        Ok(true)
    }

    async fn give_code(
        &mut self,
        sender: &Sender,
        actor: Option<&Actor>,
        joining: &Joining,
        code: &str,
    ) -> Result<()> {
        let account = sender.account;
        match self.guessing(account, secret::CODE).await? {
            Guessing::Free => {}
            Guessing::Silent => return Ok(()),
            Guessing::Wait(minutes) => {
                self.tell(account, actor, Binding::SlowDown { minutes });
                return Ok(());
            }
        }
        let Some(candidate) = self.candidate(joining, code).await? else {
            self.wrong_guess(actor, account, secret::CODE).await?;
            self.tell(account, actor, Binding::CodeUnknown);
            return Ok(());
        };
        if candidate.account == Some(account) {
            dialogues::clear(&mut self.tx, account).await?;
            return self.greet(sender, actor).await;
        }
        self.expect(account, actor, (CONTACT, candidate.person), joining).await?;
        // The account's own name, not the roster's: who guesses a code learns nothing of its owner.
        self.tell(account, actor, Binding::AskContact { name: sender.name.clone() });
        Ok(())
    }

    async fn candidate(&mut self, joining: &Joining, code: &str) -> Result<Option<Candidate>> {
        if joining.unit == 0 {
            return binding::by_code(&mut self.tx, code, None).await;
        }
        match people::unit_by_id(&mut self.tx, joining.unit).await? {
            Some(unit) => binding::by_code(&mut self.tx, code, Some(&unit)).await,
            None => Ok(None),
        }
    }

    async fn give_contact(
        &mut self,
        sender: &Sender,
        actor: Option<&Actor>,
        person: i64,
        contact: &Contact,
    ) -> Result<()> {
        let account = sender.account;
        match self.guessing(account, secret::CONTACT).await? {
            Guessing::Free => {}
            Guessing::Silent => return Ok(()),
            Guessing::Wait(minutes) => {
                self.tell(account, actor, Binding::SlowDown { minutes });
                return Ok(());
            }
        }
        // A forwarded contact card proves nothing (S7).
        if contact.account != Some(account) {
            self.wrong_guess(actor, account, secret::CONTACT).await?;
            self.tell(account, actor, Binding::NotYourContact);
            return Ok(());
        }
        dialogues::clear(&mut self.tx, account).await?;
        match binding::by_id(&mut self.tx, person).await? {
            Some(candidate) => self.claim(sender, actor, &candidate, &contact.phone).await,
            None => {
                self.tell(account, actor, Binding::CodeUnknown);
                Ok(())
            }
        }
    }

    async fn claim(
        &mut self,
        sender: &Sender,
        actor: Option<&Actor>,
        candidate: &Candidate,
        shared: &str,
    ) -> Result<()> {
        let (person, account) = (candidate.person, sender.account);
        let sealed = candidate.phone.as_deref();
        let phone = sealed.map(|sealed| self.engine.sealer.open_text(sealed)).transpose()?;
        let is_rosters = phone.is_some_and(|phone| same_phone(&phone, shared));
        match self.bindable(person, account, false).await? {
            Bindable::Already => self.greet(sender, actor).await,
            Bindable::AccountTaken(name) => {
                self.tell(account, actor, Binding::AccountTaken { name });
                Ok(())
            }
            Bindable::Yes if is_rosters => {
                if !self.bind(person, account, "phone", false).await? {
                    self.tell(account, actor, Binding::PersonTaken);
                }
                Ok(())
            }
            Bindable::Yes => self.ask_responsible(sender, actor, candidate, false).await,
            // A lost account is replaced only by somebody who knows the person.
            Bindable::PersonTaken => self.ask_responsible(sender, actor, candidate, true).await,
        }
    }
}
