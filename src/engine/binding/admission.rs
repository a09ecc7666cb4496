//! Somebody says who they are, and the responsible decides: `admit`, `deny`.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde_json::json;

use super::{Bindable, Work};
use crate::domain::authority::{self, Act};
use crate::domain::incoming::Sender;
use crate::domain::message::{Binding, Class, Message, Refusal, Toast, TodayItem, Verb};
use crate::domain::person::{Actor, UnitRef};
use crate::engine::press::Press;
use crate::engine::work::{Manner, To};
use crate::store::admissions::Admission;
use crate::store::binding::Candidate;
use crate::store::people::Addressee;
use crate::store::{Result, admissions, binding, ids, messages, people};

/// How many claims an account may make in a day.
const A_DAY: i64 = 5;

fn slot(admission: i64) -> String {
    format!("admission:{admission}")
}

impl Work<'_> {
    /// The units whose responsible say who this person is: those of the person's roles, or the one above
    /// where the person is responsible themself.
    pub(in crate::engine) async fn admitting_units(&mut self, person: i64) -> Result<Vec<UnitRef>> {
        let mut units: Vec<UnitRef> = Vec::new();
        for post in people::posts_of(&mut self.tx, person).await? {
            // The members' tier is the last with responsible persons; a unit of guardians has none.
            let above = authority::responsible(post.role, post.unit.tier) || post.unit.tier > 2;
            let unit = match post.unit.parent.filter(|_| above) {
                Some(parent) => people::unit_known(&mut self.tx, parent).await?,
                None => post.unit,
            };
            if !units.iter().any(|known| known.id == unit.id) {
                units.push(unit);
            }
        }
        Ok(units)
    }

    /// Whether this actor may say who the person is. Nobody vouches for themself.
    pub(in crate::engine) async fn may_admit(&mut self, actor: &Actor, person: i64) -> Result<bool> {
        if actor.is(person) {
            return Ok(false);
        }
        let units = self.admitting_units(person).await?;
        Ok(units.iter().any(|unit| authority::grant(actor, Act::Admit, unit).is_some()))
    }

    /// Whom to ask: the responsible the bot can reach, of the units themselves or else of those above.
    async fn deciders(&mut self, person: i64) -> Result<Vec<Addressee>> {
        let school = self.school_locale();
        let units = self.admitting_units(person).await?;
        let mut found = BTreeMap::new();
        for unit in &units {
            for who in people::responsible(&mut self.tx, unit, school).await? {
                found.insert(who.person, who);
            }
        }
        found.retain(|id, who| *id != person && who.reachable);
        if found.is_empty() {
            for parent in units.iter().filter_map(|unit| unit.parent) {
                let parent = people::unit_known(&mut self.tx, parent).await?;
                for who in people::responsible(&mut self.tx, &parent, school).await? {
                    found.insert(who.person, who);
                }
            }
            found.retain(|id, who| *id != person && who.reachable);
        }
        Ok(found.into_values().collect())
    }

    /// Asks the responsible whether an account is this person.
    pub(super) async fn ask_responsible(
        &mut self,
        sender: &Sender,
        actor: Option<&Actor>,
        candidate: &Candidate,
        rebinding: bool,
    ) -> Result<()> {
        let (person, account, now) = (candidate.person, sender.account, self.now);
        if admissions::open(&mut self.tx, person, account).await?.is_some() {
            self.tell(account, actor, Binding::AskedResponsible);
            return Ok(());
        }
        if admissions::claims_since(&mut self.tx, account, now - TimeDelta::days(1)).await? >= A_DAY {
            self.tell(account, actor, Binding::SlowDown { minutes: 24 * 60 });
            return Ok(());
        }
        let deciders = self.deciders(person).await?;
        if deciders.is_empty() {
            self.tell(account, actor, Binding::NobodyToAsk);
            return Ok(());
        }
        let claim = Admission {
            id: ids::random(),
            person,
            account,
            shown_name: sender.name.clone(),
            rebinding,
            decided: false,
            decided_by: None,
        };
        let bot = self.bot;
        admissions::ask(&mut self.tx, &claim, bot, now).await?;
        self.send_claim(&claim, candidate, &deciders).await?;
        self.record(
            actor,
            "binding.claimed",
            format!("person:{person}"),
            json!({"account": account, "rebinding": rebinding, "asked": deciders.len()}),
        );
        self.tell(account, actor, Binding::AskedResponsible);
        Ok(())
    }

    async fn send_claim(
        &mut self,
        claim: &Admission,
        candidate: &Candidate,
        deciders: &[Addressee],
    ) -> Result<()> {
        let message = Message::Binding(Binding::Admission {
            admission: claim.id,
            shown_name: claim.shown_name.clone(),
            person: people::name(&mut self.tx, candidate.person).await?,
            code: candidate.code.clone(),
            unit: self.unit_of(candidate.person).await?,
            rebinding: claim.rebinding,
        });
        for who in deciders {
            if let Some(to) = self.addressee(who) {
                let manner = Manner::directive(false, slot(claim.id), "admission", claim.id);
                let manner = Manner { lives: TimeDelta::days(14), ..manner };
                self.say(to, manner, message.clone());
            }
        }
        Ok(())
    }

    /// The name of the unit in which a person holds the first of their roles.
    async fn unit_of(&mut self, person: i64) -> Result<String> {
        let posts = people::posts_of(&mut self.tx, person).await?;
        Ok(posts.into_iter().next().map(|post| post.unit.name).unwrap_or_default())
    }

    /// `admit` and `deny`, in the message that asked or in `/today`.
    pub(in crate::engine) async fn press_admission(&mut self, press: &Press<'_>) -> Result<Toast> {
        let Some(id) = admission_of(press) else { return Ok(Toast::Outdated) };
        let Some(claim) = admissions::by_id(&mut self.tx, id).await? else {
            return Ok(Toast::Outdated);
        };
        if !self.may_admit(press.actor, claim.person).await? {
            let subject = format!("person:{}", claim.person);
            self.record(Some(press.actor), &format!("refused.{}", press.verb.word()), subject, json!({}));
            return Ok(Toast::Refused(Refusal::Verb(press.verb)));
        }
        if claim.decided {
            let by = people::name(&mut self.tx, claim.decided_by.unwrap_or(0)).await?;
            return Ok(Toast::AlreadyDone { by });
        }
        match press.verb {
            Verb::Admit => self.admit(press.actor, &claim).await,
            Verb::Deny => self.deny(press.actor, &claim).await,
            _ => Ok(Toast::Outdated),
        }
    }

    async fn admit(&mut self, actor: &Actor, claim: &Admission) -> Result<Toast> {
        let gone = binding::by_id(&mut self.tx, claim.person).await?.is_none();
        match self.bindable(claim.person, claim.account, claim.rebinding).await? {
            Bindable::Yes | Bindable::Already if !gone => {}
            // The person left, or was bound in another way since: what was asked is no question any more.
            _ => return Ok(Toast::Refused(Refusal::TooLate)),
        }
        if !self.decide(actor, claim, true).await? {
            return Ok(Toast::Outdated);
        }
        self.bind(claim.person, claim.account, "admitted", claim.rebinding).await?;
        Ok(Toast::Noted)
    }

    async fn deny(&mut self, actor: &Actor, claim: &Admission) -> Result<Toast> {
        if !self.decide(actor, claim, false).await? {
            return Ok(Toast::Outdated);
        }
        let unit = self.unit_of(claim.person).await?;
        let applicant = self.actor(claim.account).await?;
        let account = binding::account(&mut self.tx, claim.account).await?;
        if let Some(account) = account.filter(|account| account.reachable) {
            let to = To { bot: account.bot, ..self.newcomer(claim.account, applicant.as_ref()) };
            let manner = Manner { fresh_for: TimeDelta::days(2), ..Manner::answer() };
            self.say(to, manner, Message::Binding(Binding::Denied { unit }));
        }
        Ok(Toast::Noted)
    }

    /// The first decision wins; every copy of the question shows it.
    async fn decide(&mut self, actor: &Actor, claim: &Admission, admitted: bool) -> Result<bool> {
        let (by, now) = (actor.first().id, self.now);
        if !admissions::decide(&mut self.tx, claim.id, by, admitted, now).await? {
            return Ok(false);
        }
        let subject = format!("person:{}", claim.person);
        let act = if admitted { "binding.admitted" } else { "binding.denied" };
        self.record(Some(actor), act, subject, json!({ "account": claim.account }));
        let decided = Message::Binding(Binding::AdmissionDecided {
            person: people::name(&mut self.tx, claim.person).await?,
            shown_name: claim.shown_name.clone(),
            admitted,
            by: people::name(&mut self.tx, by).await?,
        });
        let sealer = &self.engine.sealer;
        for shown in messages::by_slot(&mut self.tx, sealer, &slot(claim.id)).await? {
            self.show(&shown, Class::Answer, decided.clone());
            messages::retire(&mut self.tx, shown.id).await?;
        }
        Ok(true)
    }
}

/// The claim a button is about.
fn admission_of(press: &Press<'_>) -> Option<i64> {
    match &press.shown.letter.message {
        Message::Binding(Binding::Admission { admission, .. }) => Some(*admission),
        Message::Today { items } => {
            let index = usize::try_from(press.arg?).ok()?;
            match items.get(index)? {
                TodayItem::Admission { admission, .. } => Some(*admission),
                _ => None,
            }
        }
        _ => None,
    }
}
