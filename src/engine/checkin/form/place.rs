//! Where a form is shown: in its one message, or anew at the end of the chat when other messages came after it.

use super::overview::Fresh;
use super::{Desk, FORM, Filling, stage};
use crate::domain::form::Kind;
use crate::domain::message::{Class, FormMessage, FormNote, FormPage, FormStage, Message, Repeat, Time};
use crate::engine::Work;
use crate::engine::work::Manner;
use crate::store::checkin::sessions;
use crate::store::messages::{self, Shown};
use crate::store::{Result, ids};

/// Where a form is to be shown.
pub(super) enum At<'s> {
    /// In the message whose button was pressed.
    Here(&'s Shown),
    /// In its message while that is the last one of the chat, else anew.
    InSight,
    /// Anew: the person asked for it.
    Below,
}

impl Work<'_> {
    /// The newest live message of a desk.
    pub(super) async fn form_message(&mut self, desk: &Desk<'_>) -> Result<Option<Shown>> {
        let (slot, account) = (desk.slot(), desk.actor.account);
        if let Some(said) = self.said(|said| said.slot == slot && said.chat == account) {
            return Ok(Some(said));
        }
        let sealer = &self.engine.sealer;
        let all = messages::by_slot(&mut self.tx, sealer, &slot).await?;
        Ok(all.into_iter().find(|shown| shown.chat == account))
    }

    /// Shows a stage of a desk's form; returns the id of the message where it stands now.
    pub(super) async fn place_form(&mut self, desk: &Desk<'_>, stage: FormStage, at: At<'_>) -> Result<i64> {
        let next = self.next_day(desk).await?;
        let page = stage::page(&desk.day, desk.actor.locale, desk.phone, next, stage);
        let old = match at {
            At::Here(shown) => Some(shown.clone()),
            At::InSight | At::Below => self.form_message(desk).await?,
        };
        let Some(old) = old else { return Ok(self.say_form(desk, page)) };
        let stays = match at {
            At::Here(_) => true,
            // Each bot has a chat of its own with a person.
            _ if old.bot != self.private(desk.actor).bot => false,
            At::InSight => !messages::is_followed(&mut self.tx, &old).await?,
            At::Below => self.said(|said| said.id == old.id).is_some(),
        };
        if stays {
            self.show_form(&old, desk, page);
            return Ok(old.id);
        }
        let fresh = self.say_form(desk, page.clone());
        let (account, day) = (desk.actor.account, desk.day.id);
        sessions::moved(&mut self.tx, account, day, old.id, fresh).await?;
        messages::retire(&mut self.tx, old.id).await?;
        self.show_form(&old, desk, FormPage { stage: FormStage::Below, ..page });
        Ok(fresh)
    }

    /// Shows a page in a message that is there, in the language that its reader has chosen by now.
    pub(super) fn show_form(&mut self, shown: &Shown, desk: &Desk<'_>, page: FormPage) {
        let mut shown = shown.clone();
        shown.letter.locale = desk.actor.locale;
        self.show(&shown, Class::Answer, Message::Form(Box::new(FormMessage::Page(page))));
    }

    fn say_form(&mut self, desk: &Desk<'_>, page: FormPage) -> i64 {
        let to = self.private(desk.actor);
        let manner = Manner {
            lives: chrono::TimeDelta::days(2),
            fresh_for: chrono::TimeDelta::hours(1),
            ..Manner::answer().about(desk.slot(), FORM, desk.day.id).owned_by(desk.actor.first().id)
        };
        self.say(to, manner, Message::Form(Box::new(FormMessage::Page(page))))
    }

    /// When the next day opens, if this one is not of today.
    async fn next_day(&mut self, desk: &Desk<'_>) -> Result<Option<Time>> {
        if self.settings().calendar.date(self.now) == desk.day.date {
            return Ok(None);
        }
        Ok(self.next_opening().await?.map(|opening| opening.at))
    }

    /// Shows where a report in the making stands, and keeps it. `anew`: another question than before is asked.
    pub(super) async fn show_filling(
        &mut self,
        desk: &Desk<'_>,
        person: i64,
        filling: &Filling,
        note: Option<FormNote>,
        (at, anew): (At<'_>, bool),
    ) -> Result<()> {
        let name = self.name_of_subject(desk, person).await?;
        let shown = stage::of_filling(desk, (person, name), filling, note);
        let asks_location = matches!(&shown, FormStage::Asking(asked) if asked.kind == Kind::Location);
        let message = self.place_form(desk, shown, at).await?;
        let (account, day, now) = (desk.actor.account, desk.day.id, self.now);
        let sealer = &self.engine.sealer;
        sessions::save(&mut self.tx, sealer, (account, day, person), message, filling, now).await?;
        self.wait_for(desk.actor, filling.by, (FORM, day), &person).await?;
        if asks_location && anew {
            let to = self.private(desk.actor);
            let manner = Manner { repeat: Repeat::Never, ..Manner::answer() };
            let manner = manner.about(format!("aside:{}", desk.slot()), "aside", day);
            self.say(to, manner, Message::Form(Box::new(FormMessage::AskLocation)));
        }
        Ok(())
    }

    /// How the reader calls the person a form is about; `None`: it is the reader.
    async fn name_of_subject(&mut self, desk: &Desk<'_>, person: i64) -> Result<Option<String>> {
        if desk.phone.is_none() && desk.actor.is(person) {
            return Ok(None);
        }
        crate::store::people::name(&mut self.tx, person).await.map(Some)
    }

    /// Shows for whom the reader reports and how each of them stands.
    pub(super) async fn show_overview(
        &mut self,
        desk: &Desk<'_>,
        fresh: Option<&Fresh>,
        at: At<'_>,
    ) -> Result<()> {
        let stage = self.overview(desk, fresh).await?;
        self.place_form(desk, stage, at).await.map(drop)
    }

    /// A number that tells the buttons of one dialogue from those of another.
    pub(super) fn new_tag() -> i64 {
        ids::random().rem_euclid(1 << 30)
    }
}
