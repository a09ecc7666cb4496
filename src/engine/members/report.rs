//! `/members`: who of the roster was not seen in a chat, who is in it without being on the roster, and whom
//! the bot cannot reach (A3).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::{Work, page_of};
use crate::domain::authority::{self, Act};
use crate::domain::message::{Binding, Class, Mention, Message, Refusal, StrangerRow, Toast};
use crate::domain::person::{Actor, UnitRef};
use crate::domain::roster::Role;
use crate::engine::press::Press;
use crate::engine::work::Manner;
use crate::store::chats::Chat;
use crate::store::members::{Known, Member, Out};
use crate::store::{Result, chats, members, people};

/// Names on one page.
const PAGE: usize = 30;

/// Somebody in a chat who is not on its roster.
pub(in crate::engine) struct Stranger {
    pub row: StrangerRow,
    /// Joined since the responsible was last told.
    pub news: bool,
}

/// A chat against the roster.
pub(in crate::engine) struct ChatReport {
    pub known: usize,
    pub expected: usize,
    /// people.id
    pub missing: Vec<i64>,
    pub strangers: Vec<Stranger>,
}

/// Whether somebody of the roster may be in a unit's chat without being expected there: staff of the unit
/// and of those above and below it.
fn belongs(known: &Known, unit: &UnitRef) -> bool {
    let staff = !matches!(known.role, Role::Student | Role::Guardian | Role::Proxy);
    staff && (known.path.starts_with(&unit.path) || unit.path.starts_with(&known.path))
}

impl Work<'_> {
    /// Compares who is in a chat with who should be. In a further group everybody of the roster may be.
    pub(in crate::engine) async fn chat_report(&mut self, chat: &Chat, unit: &UnitRef) -> Result<ChatReport> {
        let position = chat.tier.as_deref().and_then(|tier| self.settings().tiers.position(tier));
        let expected = match position {
            Some(position) => members::expected(&mut self.tx, unit, position).await?,
            None => Vec::new(),
        };
        let known = members::known(&mut self.tx, chat.chat).await?;
        let seen: BTreeSet<i64> = known.iter().map(|known| known.person).collect();
        let due: BTreeSet<i64> = expected.iter().copied().collect();
        let fits = |known: &Known| position.is_none() || due.contains(&known.person) || belongs(known, unit);
        let welcome: BTreeSet<i64> =
            known.iter().filter(|known| fits(known)).map(|known| known.account).collect();
        let sealer = &self.engine.sealer;
        let mut present = members::present(&mut self.tx, sealer, chat.chat).await?;
        present.retain(|member| !welcome.contains(&member.account));
        let strangers = self.name_strangers(present, &known).await?;
        let missing: Vec<i64> = expected.iter().copied().filter(|person| !seen.contains(person)).collect();
        let known = expected.len() - missing.len();
        Ok(ChatReport { known, expected: expected.len(), missing, strangers })
    }

    /// Those of the roster by their roster's name, others as their account shows them.
    async fn name_strangers(&mut self, present: Vec<Member>, known: &[Known]) -> Result<Vec<Stranger>> {
        let ids: Vec<i64> = known.iter().map(|known| known.person).collect();
        let names = people::names(&mut self.tx, &ids).await?;
        let person: BTreeMap<i64, i64> = known.iter().map(|known| (known.account, known.person)).collect();
        Ok(present
            .into_iter()
            .map(|member| {
                let roster = person.get(&member.account).and_then(|person| names.get(person));
                let name = roster.cloned().unwrap_or(member.name);
                let shown = Mention { name, account: Some(member.account) };
                Stranger { row: StrangerRow { shown, seen_at: member.seen_at }, news: member.news }
            })
            .collect())
    }

    /// `/members` in private, by who is responsible for a unit.
    pub(in crate::engine) async fn members(&mut self, actor: &Actor) -> Result<()> {
        let units = checked_units(actor);
        if units.is_empty() {
            self.refuse(actor, Refusal::NoRight, "members");
            return Ok(());
        }
        let pages = self.member_pages(&units).await?;
        if let Some(first) = pages.into_iter().next() {
            let owner = actor.first().id;
            let manner = Manner::answer().about(format!("members:{owner}"), "members", 0).owned_by(owner);
            let to = self.private(actor);
            self.say(to, manner, first);
        }
        for unit in &units {
            let unreachable = self.unreachable(unit).await?;
            self.reply(actor, unreachable);
        }
        let codes: Vec<_> = units.iter().map(|unit| unit.code.as_str()).collect();
        self.record(Some(actor), "members.read", String::new(), json!({ "units": codes }));
        Ok(())
    }

    async fn member_pages(&mut self, units: &[UnitRef]) -> Result<Vec<Message>> {
        let mut pages = Vec::new();
        for unit in units {
            for chat in chats::all_of_unit(&mut self.tx, unit.id).await?.iter().filter(|chat| !chat.removed) {
                self.chat_pages(chat, unit, &mut pages).await?;
            }
        }
        let count = pages.len();
        for (number, said) in pages.iter_mut().enumerate() {
            if let Binding::Members { page, pages, .. } = said {
                (*page, *pages) = (number, count);
            }
        }
        Ok(pages.into_iter().map(Message::Binding).collect())
    }

    async fn chat_pages(&mut self, chat: &Chat, unit: &UnitRef, pages: &mut Vec<Binding>) -> Result<()> {
        let report = self.chat_report(chat, unit).await?;
        let names = people::names(&mut self.tx, &report.missing).await?;
        let missing: Vec<String> =
            report.missing.iter().filter_map(|person| names.get(person).cloned()).collect();
        let strangers: Vec<StrangerRow> = report.strangers.into_iter().map(|stranger| stranger.row).collect();
        let count = missing.len().max(strangers.len()).div_ceil(PAGE).max(1);
        let small = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        for page in 0..count {
            pages.push(Binding::Members {
                chat_title: chat.title.clone(),
                unit: unit.name.clone(),
                known: small(report.known),
                expected: small(report.expected),
                missing: missing.iter().skip(page * PAGE).take(PAGE).cloned().collect(),
                strangers: strangers.iter().skip(page * PAGE).take(PAGE).cloned().collect(),
                page,
                pages: count,
            });
        }
        Ok(())
    }

    /// Whom of a unit's chats the bot cannot write to, by name.
    async fn unreachable(&mut self, unit: &UnitRef) -> Result<Message> {
        let people = self.people_of(unit).await?;
        let names = people::names(&mut self.tx, &people).await?;
        let reach = members::reach(&mut self.tx, &people).await?;
        let those = |why: Out| -> Vec<String> {
            let out = reach.iter().filter(|(_, out)| *out == Some(why));
            out.filter_map(|(person, _)| names.get(person).cloned()).collect()
        };
        Ok(Message::Binding(Binding::Unreachable {
            unit: unit.name.clone(),
            unbound: those(Out::Unbound),
            never_started: those(Out::NeverStarted),
            blocked: those(Out::Blocked),
        }))
    }

    /// Everybody who should be in one of a unit's own chats.
    pub(super) async fn people_of(&mut self, unit: &UnitRef) -> Result<Vec<i64>> {
        let mut all = members::expected(&mut self.tx, unit, unit.tier).await?;
        if unit.tier == self.settings().tiers.members() && self.settings().tiers.guardians().is_some() {
            let guardians = members::expected(&mut self.tx, unit, unit.tier + 1).await?;
            let rest: Vec<i64> = guardians.into_iter().filter(|person| !all.contains(person)).collect();
            all.extend(rest);
        }
        Ok(all)
    }

    /// Another page of `/members` or `/contacts`.
    pub(in crate::engine) async fn press_members_page(&mut self, press: &Press<'_>) -> Result<Toast> {
        if let Message::Binding(Binding::Contacts { .. }) = press.shown.letter.message {
            return self.turn_contacts(press, press.arg).await.map(|()| Toast::Quiet);
        }
        let units = checked_units(press.actor);
        if units.is_empty() {
            return Ok(Toast::Refused(Refusal::NoRight));
        }
        let mut pages = self.member_pages(&units).await?;
        if pages.is_empty() {
            return Ok(Toast::Outdated);
        }
        let page = page_of(press.arg, pages.len());
        self.show(press.shown, Class::Answer, pages.swap_remove(page));
        Ok(Toast::Quiet)
    }
}

/// The units whose members this actor checks: their own.
pub(super) fn checked_units(actor: &Actor) -> Vec<UnitRef> {
    let mut units: Vec<UnitRef> = Vec::new();
    for post in authority::charges(actor) {
        let may = authority::grant(actor, Act::CheckMembers, &post.unit).is_some();
        if may && !units.iter().any(|known| known.id == post.unit.id) {
            units.push(post.unit.clone());
        }
    }
    units
}
