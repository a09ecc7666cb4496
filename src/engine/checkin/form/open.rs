//! Somebody opens a form of their own accord: `/checkin`, the link of the class group, a counselor after a call.

use super::overview::offers_same;
use super::place::At;
use super::{Desk, Subject};
use crate::domain::checkin::PersonState;
use crate::domain::message::{FormMessage, Message, Refusal, Toast, Verb};
use crate::domain::person::Actor;
use crate::engine::Work;
use crate::store::Result;
use crate::store::checkin::expected;

impl Work<'_> {
    /// `/checkin`, 打卡, and the link of the class group: today's form at once, or how today's report stands.
    pub(in crate::engine) async fn checkin(&mut self, actor: &Actor) -> Result<()> {
        let Some(day) = self.current_day().await? else {
            let next = self.next_opening().await?.map(|opening| opening.at);
            self.reply(actor, Message::Form(Box::new(FormMessage::NoDay { next })));
            return Ok(());
        };
        let desk = Desk { actor, day, phone: None };
        let subjects = self.subjects(&desk).await?;
        if subjects.is_empty() {
            self.reply(actor, Message::Form(Box::new(FormMessage::NotExpected)));
            return Ok(());
        }
        self.open_at(&desk, &subjects).await
    }

    /// Opens the form of somebody who was phoned, for whoever is responsible for them (C5): at once where there is only
    /// the whole form to fill in.
    pub(in crate::engine) async fn open_form_for(&mut self, actor: &Actor, person: i64) -> Result<Toast> {
        let Some(day) = self.current_day().await? else { return Ok(Toast::Outdated) };
        let desk = Desk { actor, day, phone: Some(person) };
        let Some(subject) = self.subject(&desk, person).await? else {
            return Ok(Toast::Refused(Refusal::Verb(Verb::Phone)));
        };
        if let Some(toast) = self.reported_already(&desk, person).await? {
            return Ok(toast);
        }
        self.open_at(&desk, &[subject]).await?;
        Ok(Toast::FormBelow)
    }

    /// Shows the form at the end of the chat: what was begun, the first question where there is nothing to choose, else
    /// for whom to report.
    async fn open_at(&mut self, desk: &Desk<'_>, subjects: &[Subject]) -> Result<()> {
        if let Some((open, filling)) = self.open_form(desk).await?
            && subjects.iter().any(|subject| subject.reporter.person == open.person)
        {
            return self.show_filling(desk, open.person, &filling, None, (At::Below, true)).await;
        }
        if let [only] = subjects
            && self.must_fill(desk, only).await?
        {
            return self.fill(desk, only, At::Below).await.map(drop);
        }
        self.show_overview(desk, None, At::Below).await
    }

    /// Whether there is no report yet, and nothing to repeat by `same`.
    async fn must_fill(&mut self, desk: &Desk<'_>, subject: &Subject) -> Result<bool> {
        let row = expected::get(&mut self.tx, desk.day.id, subject.reporter.person).await?;
        if row.is_none_or(|row| matches!(row.state, PersonState::Reported | PersonState::Excused)) {
            return Ok(false);
        }
        let last = self.last_seen(&desk.day, subject).await?.and_then(|last| last.answers);
        Ok(last.is_none_or(|last| !offers_same(&desk.day, &last)))
    }
}
