//! `/contacts`: the verified directory a counselor can carry along (A4). Phones go to the responsible in
//! private only, and who read them is kept.

use chrono::TimeDelta;
use serde_json::json;

use super::report::checked_units;
use super::{Work, page_of};
use crate::domain::authority::{self, Act};
use crate::domain::message::{Binding, Class, Message, Refusal, Toast, Verb};
use crate::domain::outgoing::{ContactRow, Op};
use crate::domain::person::{Actor, UnitRef};
use crate::engine::press::Press;
use crate::engine::work::Manner;
use crate::store::people::Addressee;
use crate::store::{Result, members, people};

/// Contacts on one page, each with its button.
const PAGE: usize = 8;

impl Work<'_> {
    /// `/contacts` lists, `/contacts export` sends a workbook.
    pub(in crate::engine) async fn contacts(&mut self, actor: &Actor, rest: &str) -> Result<()> {
        let units = contact_units(actor);
        if units.is_empty() {
            self.refuse(actor, Refusal::NoRight, "contacts");
            return Ok(());
        }
        match rest.to_lowercase().as_str() {
            "" => self.list_contacts(actor, &units).await,
            "export" | "导出" => self.export_contacts(actor, &units).await,
            _ => {
                self.reply(actor, Message::Refused(Refusal::NotUnderstood));
                Ok(())
            }
        }
    }

    async fn list_contacts(&mut self, actor: &Actor, units: &[UnitRef]) -> Result<()> {
        let first = self.contact_page(actor, units, None).await?;
        let owner = actor.first().id;
        let manner = Manner::answer().about(format!("contacts:{owner}"), "contacts", 0).owned_by(owner);
        let to = self.private(actor);
        self.say(to, manner, first);
        Ok(())
    }

    /// Those whose contacts belong to a unit, without the reader.
    async fn contacts_of(&mut self, actor: &Actor, unit: &UnitRef) -> Result<Vec<i64>> {
        let mut people = self.people_of(unit).await?;
        people.retain(|person| !actor.is(*person));
        Ok(people)
    }

    async fn contact_page(
        &mut self,
        actor: &Actor,
        units: &[UnitRef],
        asked: Option<i64>,
    ) -> Result<Message> {
        // The pages of all units follow one another; each page belongs to one unit.
        let mut pages: Vec<(&UnitRef, usize, Vec<i64>)> = Vec::new();
        let mut all = Vec::new();
        for unit in units {
            let people = self.contacts_of(actor, unit).await?;
            let chunks: Vec<Vec<i64>> = people.chunks(PAGE).map(<[i64]>::to_vec).collect();
            pages.extend(chunks.into_iter().map(|chunk| (unit, all.len(), chunk)));
            all.push(people);
        }
        let page = page_of(asked, pages.len());
        let count = pages.len().max(1);
        let nobody = (&units[0], 0, Vec::new());
        let (unit, which, chunk) = pages.into_iter().nth(page).unwrap_or(nobody);
        let verified = members::verified(&mut self.tx, &all[which]).await?;
        let rows = self.contact_rows(&chunk).await?;
        let small = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        self.audit_phones(actor, unit, chunk.len(), "contacts.read");
        Ok(Message::Binding(Binding::Contacts {
            unit: unit.name.clone(),
            rows: rows
                .into_iter()
                .map(|(who, phone)| (who.person, who.name, phone, verified.contains(&who.person)))
                .collect(),
            verified: small(verified.len()),
            total: small(all[which].len()),
            page,
            pages: count,
        }))
    }

    /// These people under names that tell them apart, with their phones opened, in the order given.
    async fn contact_rows(&mut self, ids: &[i64]) -> Result<Vec<(Addressee, Option<String>)>> {
        let school = self.school_locale();
        let mut names = people::names(&mut self.tx, ids).await?;
        let mut rows = Vec::new();
        for mut who in people::addressees(&mut self.tx, ids, school).await? {
            who.name = names.remove(&who.person).unwrap_or(who.name);
            let phone = who.open_phone(&self.engine.sealer)?;
            rows.push((who, phone));
        }
        rows.sort_by_key(|(who, _)| ids.iter().position(|id| *id == who.person));
        Ok(rows)
    }

    fn audit_phones(&mut self, actor: &Actor, unit: &UnitRef, count: usize, act: &str) {
        self.record(Some(actor), act, format!("unit:{}", unit.code), json!({ "people": count }));
    }

    /// Shows a page again, or another one.
    pub(super) async fn turn_contacts(&mut self, press: &Press<'_>, page: Option<i64>) -> Result<()> {
        let units = contact_units(press.actor);
        if units.is_empty() {
            return Ok(());
        }
        let message = self.contact_page(press.actor, &units, page).await?;
        self.show(press.shown, Class::Answer, message);
        Ok(())
    }

    /// A contact was verified by who is responsible for it.
    pub(in crate::engine) async fn press_verify(&mut self, press: &Press<'_>) -> Result<Toast> {
        let Some(person) = press.arg else { return Ok(Toast::Outdated) };
        let units = contact_units(press.actor);
        let mut theirs = false;
        for unit in &units {
            theirs |= self.contacts_of(press.actor, unit).await?.contains(&person);
        }
        if !theirs {
            self.record(Some(press.actor), "refused.verify", format!("person:{person}"), json!({}));
            return Ok(Toast::Refused(Refusal::Verb(Verb::Verify)));
        }
        let (by, now) = (press.actor.first().id, self.now);
        members::verify(&mut self.tx, person, by, now).await?;
        self.record(Some(press.actor), "contact.verified", format!("person:{person}"), json!({}));
        let page = match &press.shown.letter.message {
            Message::Binding(Binding::Contacts { page, .. }) => i64::try_from(*page).ok(),
            _ => None,
        };
        self.turn_contacts(press, page).await?;
        Ok(Toast::Noted)
    }

    async fn export_contacts(&mut self, actor: &Actor, units: &[UnitRef]) -> Result<()> {
        for unit in units {
            let ids = self.contacts_of(actor, unit).await?;
            let verified = members::verified(&mut self.tx, &ids).await?;
            let mut children = members::children_of(&mut self.tx, &ids).await?;
            let rows: Vec<ContactRow> = self
                .contact_rows(&ids)
                .await?
                .into_iter()
                .map(|(who, phone)| ContactRow {
                    verified: verified.contains(&who.person),
                    answers_for: children.remove(&who.person).unwrap_or_default(),
                    code: who.code,
                    name: who.name,
                    phone,
                    reachable: who.reachable,
                })
                .collect();
            self.audit_phones(actor, unit, rows.len(), "contacts.export");
            let op = Op::Directory { unit: unit.name.clone(), rows, locale: actor.locale };
            self.call(actor.account, Class::Answer, op, TimeDelta::hours(1));
        }
        Ok(())
    }
}

/// The units whose phones this actor reads.
fn contact_units(actor: &Actor) -> Vec<UnitRef> {
    let mut units = checked_units(actor);
    units.retain(|unit| authority::grant(actor, Act::ReadPhones, unit).is_some());
    units
}
