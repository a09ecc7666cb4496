//! The digest goes out at its hours: text and chart to the school's chat, the workbook to leaders and office (D6).

use chrono::TimeDelta;
use serde_json::json;

use super::{figures, paper_units};
use crate::domain::checkin::date_of;
use crate::domain::message::{Class, Message, Paper, Refusal, Repeat};
use crate::domain::outgoing::Op;
use crate::domain::person::{Actor, UnitRef};
use crate::domain::report::WorkbookOrder;
use crate::engine::Work;
use crate::engine::work::{Manner, To};
use crate::store::checkin::days;
use crate::store::people::Addressee;
use crate::store::report::digest::not_in;
use crate::store::timers::{self, Timer};
use crate::store::{Result, chats, people};

/// A digest that could not go out for so long is of no use any more.
const FRESH: TimeDelta = TimeDelta::hours(3);

impl Work<'_> {
    /// The hour of a digest has come. Whatever becomes of it, the next slots are set.
    pub(in crate::engine) async fn fire_digest(&mut self, timer: &Timer) -> Result<()> {
        let now = self.now;
        let note = if now > timer.due_at + FRESH {
            "too late to be of use".to_owned()
        } else {
            self.send_digest(timer.subject).await?
        };
        timers::finish(&mut self.tx, timer.id, &note, now).await?;
        self.prepare_digests().await
    }

    async fn send_digest(&mut self, day: i64) -> Result<String> {
        let Some(root) = people::root(&mut self.tx).await? else {
            return Ok("there is no roster".to_owned());
        };
        let (settings, now) = (self.settings(), self.now);
        let Some(drawn) = figures::draw(&mut self.tx, settings, &root, day, now).await? else {
            return Ok("no check-in on that day".to_owned());
        };
        let chat = chats::of_unit(&mut self.tx, root.id, settings.tier_key(0)).await?;
        let manner = digest_manner(day);
        if let Some(chat) = &chat {
            let to = self.chat(chat);
            self.say_digest(to, manner.clone(), &drawn);
        }
        let school = self.school_locale();
        let readers = people::responsible(&mut self.tx, &root, school).await?;
        let accounts: Vec<i64> = readers.iter().filter_map(|who| who.account).collect();
        let outside = match &chat {
            Some(chat) => not_in(&mut self.tx, chat.chat, &accounts).await?,
            None => accounts,
        };
        let mut sent = Vec::new();
        for who in &readers {
            let Some(to) = self.addressee(who) else { continue };
            if outside.contains(&to.chat) {
                self.say_digest(to, manner.clone().owned_by(who.person), &drawn);
            }
            self.send_workbook(to, who, &root, day).await?;
            sent.push(who.person);
        }
        let count = sent.len();
        self.record(None, "export.digest", format!("day:{day}"), json!({"unit": root.id, "people": sent}));
        let group = if chat.is_some() { "in the school's chat" } else { "without a chat of the school" };
        Ok(format!("sent {group}, and to {count} people"))
    }

    fn say_digest(&mut self, to: To, manner: Manner, drawn: &figures::Drawn) {
        let (class, fresh) = (manner.class, manner.fresh_for);
        self.say(to, manner, Message::Paper(Paper::Digest(Box::new(drawn.digest.clone()))));
        let chart = Op::Chart { data: Box::new(drawn.chart.clone()), locale: to.locale };
        self.send_paper(to, (class, Repeat::Never), chart, fresh);
    }

    async fn send_workbook(&mut self, to: To, who: &Addressee, root: &UnitRef, day: i64) -> Result<()> {
        // What goes out unasked holds no answers: whoever needs them asks, and confirms it (S17).
        let posts = people::posts_of(&mut self.tx, who.person).await?;
        let rights = self.report_rights(&posts, root, false).await?;
        let order = WorkbookOrder { day, unit: root.id, name: root.name.clone(), locale: to.locale, rights };
        self.send_paper(to, (Class::Digest, Repeat::Never), Op::Workbook(Box::new(order)), FRESH);
        Ok(())
    }

    /// `/digest`: how the day stands now, of each unit the actor gets papers of.
    pub(in crate::engine) async fn digest_in_private(&mut self, actor: &Actor) -> Result<()> {
        let units = paper_units(actor);
        if units.is_empty() {
            self.refuse(actor, Refusal::NoRight, "digest");
            return Ok(());
        }
        let (settings, now, to) = (self.settings(), self.now, self.private(actor));
        let Some(day) = days::newest(&mut self.tx).await? else {
            self.reply(actor, Message::Paper(Paper::NoDay { date: None }));
            return Ok(());
        };
        for unit in &units {
            match figures::draw(&mut self.tx, settings, unit, day, now).await? {
                Some(drawn) => self.say_digest(to, Manner::answer().owned_by(actor.first().id), &drawn),
                None => {
                    self.reply(actor, Message::Paper(Paper::NoDay { date: date_of(day) }));
                }
            }
        }
        Ok(())
    }
}

fn digest_manner(day: i64) -> Manner {
    let manner = Manner::reminder(format!("digest:{day}"), "digest", day);
    Manner { class: Class::Digest, fresh_for: FRESH, ..manner }
}
