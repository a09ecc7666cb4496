//! A report is submitted: it counts once, and whoever else was at it is told.

use super::overview::Fresh;
use super::place::At;
use super::{Desk, FORM, Filling, slot, slot_for};
use crate::domain::message::{FormMessage, FormStage, Message, Toast};
use crate::engine::Work;
use crate::engine::checkin::{Filled, Outcome};
use crate::store::checkin::{reporters, sessions};
use crate::store::messages::{self, Shown};
use crate::store::{Result, dialogues};

impl Work<'_> {
    /// Hands in a report. `why` is the reason that a signed day asks for.
    pub(super) async fn deliver(
        &mut self,
        desk: &Desk<'_>,
        person: i64,
        filling: Filling,
        why: &str,
        at: At<'_>,
    ) -> Result<Toast> {
        let filled = Filled {
            person,
            answers: filling.session.answers.clone(),
            by_person: filling.by,
            way: filling.way,
            same: filling.same,
            why: why.to_owned(),
        };
        let outcome = self.take_report(desk.actor, &desk.day, filled).await?;
        let (toast, informed, supplement) = match outcome {
            Outcome::NeedsReason => {
                let filling = Filling { waits: true, ..filling };
                self.show_filling(desk, person, &filling, None, (at, false)).await?;
                return Ok(Toast::GiveReason);
            }
            Outcome::NotExpected => (Toast::Outdated, Vec::new(), None),
            Outcome::Counted { late, informed, .. } => (Toast::Reported { late }, informed, None),
            Outcome::Supplement { number, informed } => {
                (Toast::Supplemented { number }, informed, Some(number))
            }
        };
        self.tell_others(desk, person).await?;
        sessions::remove(&mut self.tx, desk.day.id, person).await?;
        self.stop_listening(desk.actor.account).await?;
        self.show_overview(desk, Some(&Fresh { person, informed, supplement }), at).await?;
        Ok(toast)
    }

    /// What is typed from now on is no answer to a form.
    pub(super) async fn stop_listening(&mut self, account: i64) -> Result<()> {
        let waiting = dialogues::get(&mut self.tx, account).await?;
        if waiting.is_some_and(|waiting| waiting.kind == FORM) {
            dialogues::clear(&mut self.tx, account).await?;
        }
        Ok(())
    }

    /// Whoever else has a form about this person in sight sees that it is done, and by whom.
    async fn tell_others(&mut self, desk: &Desk<'_>, person: i64) -> Result<()> {
        let day = desk.day.id;
        let accounts = reporters::accounts(&mut self.tx, person).await?;
        let mut slots: Vec<String> = accounts.iter().map(|account| slot(day, *account)).collect();
        slots.push(slot_for(day, person));
        let sealer = &self.engine.sealer;
        let shown = messages::by_slots(&mut self.tx, sealer, &slots).await?;
        for other in shown {
            if other.chat == desk.actor.account && other.slot == desk.slot() {
                continue;
            }
            self.tell_other(desk, person, &other).await?;
        }
        Ok(())
    }

    async fn tell_other(&mut self, desk: &Desk<'_>, person: i64, other: &Shown) -> Result<()> {
        let Message::Form(form) = &other.letter.message else { return Ok(()) };
        let FormMessage::Page(page) = &**form else { return Ok(()) };
        let concerned = match &page.stage {
            FormStage::Overview { rows, .. } => rows.iter().any(|row| row.person == person),
            stage => super::press::about(stage) == Some(person),
        };
        let Some(reader) = self.actor(other.chat).await?.filter(|_| concerned) else { return Ok(()) };
        let theirs = Desk { actor: &reader, day: desk.day.clone(), phone: page.phone };
        sessions::leave(&mut self.tx, reader.account, desk.day.id, person).await?;
        if self.open_form(&theirs).await?.is_none() {
            self.stop_listening(reader.account).await?;
        }
        self.show_overview(&theirs, None, At::Here(other)).await
    }
}
