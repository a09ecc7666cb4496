//! What somebody was asked and answers in private. A dialogue lives in the database: a restart changes nothing.

use super::Work;
use super::checkin::FORM;
use crate::domain::incoming::Written;
use crate::domain::message::{Binding, Message};
use crate::domain::person::Actor;
use crate::store::{Result, dialogues};

impl Work<'_> {
    /// Waits for something from an actor, in place of what was waited for before.
    pub(super) async fn wait_for<T: serde::Serialize + Sync>(
        &mut self,
        actor: &Actor,
        person: i64,
        (kind, subject): (&'static str, i64),
        body: &T,
    ) -> Result<()> {
        let (sealer, now) = (&self.engine.sealer, self.now);
        dialogues::set(&mut self.tx, sealer, (actor.account, person), (kind, subject), body, now).await
    }

    /// Takes a message as the answer to what was asked; `false` when nothing was asked, or it does not
    /// fit and means something else.
    pub(super) async fn continue_dialogue(&mut self, written: &Written, actor: &Actor) -> Result<bool> {
        let Some(dialogue) = dialogues::get(&mut self.tx, actor.account).await? else { return Ok(false) };
        if !actor.is(dialogue.person) {
            dialogues::clear(&mut self.tx, actor.account).await?;
            return Ok(false);
        }
        match dialogue.kind.as_str() {
            "compose" | "attach" | "reference" | "due" => {
                self.compose_answer(written, actor, &dialogue).await
            }
            "edit" => self.edit_answer(written, actor, &dialogue).await,
            "excuse" => self.excuse_answer(written, actor, &dialogue).await,
            "note" => self.note_answer(written, actor, &dialogue).await,
            "done" | "return" => self.carry_out_answer(written, actor, &dialogue).await,
            "sign_why" | "send_back" | "filed" => self.tally_answer(written, actor, &dialogue).await,
            "join_code" | "join_contact" => match &written.sender {
                Some(sender) => self.join_answer(written, sender, Some(actor), &dialogue).await,
                None => Ok(false),
            },
            "alert_told" | "alert_note" | "alert_why" => self.alert_answer(written, actor, &dialogue).await,
            "urgent" => self.urgent_answer(written, actor, &dialogue).await,
            _ => Ok(false),
        }
    }

    /// `/cancel`.
    pub(super) async fn cancel_dialogue(&mut self, actor: &Actor) -> Result<()> {
        let open = dialogues::get(&mut self.tx, actor.account).await?;
        dialogues::clear(&mut self.tx, actor.account).await?;
        let form_waits = open.as_ref().is_none_or(|open| open.kind == FORM);
        let left_form = form_waits && self.leave_form(actor).await?;
        let cancelled_draft = self.cancel_drafts(actor).await?;
        let said = if open.is_some() || left_form || cancelled_draft {
            Binding::Cancelled
        } else {
            Binding::NothingToCancel
        };
        self.reply(actor, Message::Binding(said));
        Ok(())
    }
}
