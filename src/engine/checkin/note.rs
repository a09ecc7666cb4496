//! What those responsible note about somebody silent: on it, phoned, not reached, excused. None of it looks like a report.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::missing::{Scope, unit_ref};
use crate::domain::authority::{Act, grant};
use crate::domain::checkin::PersonState;
use crate::domain::incoming::Written;
use crate::domain::message::{
    Class, DayMessage, Excuse, ExcuseAsked, Message, MissingList, Refusal, Repeat, Toast, Unreached, Verb,
};
use crate::domain::person::{Actor, UnitRef};
use crate::domain::split::clip;
use crate::engine::Work;
use crate::engine::press::Press;
use crate::engine::work::Manner;
use crate::store::checkin::days::{self, DayRules};
use crate::store::checkin::expected::{self, PersonDay};
use crate::store::checkin::silent::{self, way_up};
use crate::store::dialogues::{self, Dialogue};
use crate::store::people::{self, Addressee};
use crate::store::{Result, messages};

/// The most UTF-16 units of a reason.
const REASON_LIMIT: usize = 200;

/// What a typed reason belongs to.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Asked {
    day: i64,
    /// `messages.id` of the question.
    message: i64,
}

/// Somebody silent who was pressed on, with the right to do so.
struct Noted {
    person: PersonDay,
    unit: UnitRef,
    /// By which of the actor's people.
    by: i64,
}

impl Work<'_> {
    /// A press on a message of the day.
    pub(in crate::engine) async fn press_day(&mut self, press: &Press<'_>) -> Result<Toast> {
        let Message::Day(message) = &press.shown.letter.message else { return Ok(Toast::Outdated) };
        match (&**message, press.verb) {
            (DayMessage::Missing(list), Verb::Page | Verb::Open) => self.look_on(press, list).await,
            (DayMessage::Missing(list), Verb::Take) => self.take_units(press, list).await,
            (DayMessage::Missing(MissingList { day, .. }), verb) => {
                let Some(person) = press.arg else { return Ok(Toast::Outdated) };
                self.note_person(press, *day, person, verb).await
            }
            (DayMessage::Unreached(told), verb) => {
                let toast = self.note_person(press, told.day, told.person, verb).await?;
                if matches!(toast, Toast::AlreadyReported { .. }) {
                    let told = Unreached { settled: true, ..told.clone() };
                    let message = Message::Day(Box::new(DayMessage::Unreached(told)));
                    self.show(press.shown, Class::Answer, message);
                }
                Ok(toast)
            }
            (DayMessage::Excuse(asked), Verb::Excuse) => {
                let chosen = press.arg.and_then(|arg| usize::try_from(arg).ok());
                let Some(reason) = chosen.and_then(|at| Excuse::ALL.get(at)) else {
                    return Ok(Toast::Outdated);
                };
                self.excuse(press.actor, asked.day, asked.person, reason.word(), press.shown).await
            }
            (DayMessage::Excuse(_) | DayMessage::Group(_), _) => Ok(Toast::Outdated),
        }
    }

    /// The day, if it is the one that is open and not signed.
    async fn open_day_of(&mut self, day: i64) -> Result<Option<std::sync::Arc<DayRules>>> {
        let current = days::newest(&mut self.tx).await? == Some(day);
        let signed = days::state(&mut self.tx, day).await?.is_none_or(|state| state.signed_at.is_some());
        if current && !signed { self.day(day).await } else { Ok(None) }
    }

    /// Another page of the list, or one of its units; the right is looked up again.
    async fn look_on(&mut self, press: &Press<'_>, list: &MissingList) -> Result<Toast> {
        let Some(day) = self.day(list.day).await? else { return Ok(Toast::Outdated) };
        let board = self.overall(day.id).await?;
        let mut scope = Scope::of(list);
        match (press.verb, press.arg) {
            (Verb::Page, Some(page)) => scope.page = usize::try_from(page).unwrap_or(0),
            (Verb::Open, None) => (scope.inside, scope.page) = (None, 0),
            (Verb::Open, Some(unit)) => {
                let Some(unit) = board.get(unit) else { return Ok(Toast::Outdated) };
                let told = way_up(&unit.path).iter().any(|above| list.units.contains(above));
                if !told || grant(press.actor, Act::ReadFigures, &unit_ref(unit)).is_none() {
                    return Ok(Toast::Refused(Refusal::NoRight));
                }
                (scope.inside, scope.page) = (Some(unit.unit), 0);
            }
            _ => return Ok(Toast::Outdated),
        }
        let fresh = self.missing_list(&day, &board, &scope).await?;
        self.show(press.shown, Class::Answer, Message::Day(Box::new(DayMessage::Missing(fresh))));
        Ok(Toast::Quiet)
    }

    /// 我来处理: the next report upward of these units waits.
    async fn take_units(&mut self, press: &Press<'_>, list: &MissingList) -> Result<Toast> {
        let Some(day) = self.open_day_of(list.day).await? else { return Ok(Toast::Outdated) };
        let board = self.overall(day.id).await?;
        let mut by = None;
        let mut mine = Vec::new();
        for unit in list.units.iter().filter_map(|unit| board.get(*unit)) {
            if let Some(post) = grant(press.actor, Act::NotePhone, &unit_ref(unit)) {
                by = Some(post.person);
                mine.push(unit.unit);
            }
        }
        let Some(by) = by else { return Ok(Toast::Refused(Refusal::Verb(Verb::Take))) };
        let (now, until) = (self.now, self.now + day.policy.hold);
        let taken = silent::take(&mut self.tx, day.id, &mine, by, until, now).await?;
        if taken.is_empty() {
            let holder = mine.iter().find_map(|unit| board.get(*unit)?.held_by).unwrap_or(by);
            return Ok(Toast::AlreadyDone { by: people::name(&mut self.tx, holder).await? });
        }
        self.record(Some(press.actor), "checkin.take", format!("day:{}", day.id), json!({ "units": taken }));
        for unit in taken {
            self.recount(day.id, unit);
        }
        Ok(Toast::OnIt { until })
    }

    /// `phone`, `unreach` and `excuse` about one person.
    async fn note_person(&mut self, press: &Press<'_>, day: i64, person: i64, verb: Verb) -> Result<Toast> {
        let act = match verb {
            Verb::Phone => Act::ReportFor,
            Verb::Unreach => Act::NotePhone,
            Verb::Excuse => Act::Excuse,
            _ => return Ok(Toast::Outdated),
        };
        let Some(rules) = self.open_day_of(day).await? else { return Ok(Toast::Outdated) };
        let noted = match self.silent_person(press.actor, day, person, act, verb).await? {
            Ok(noted) => noted,
            Err(toast) => return Ok(toast),
        };
        match verb {
            Verb::Phone => self.report_by_phone(press, &noted).await,
            Verb::Unreach => self.note_unreached(press.actor, &rules, &noted).await,
            _ => self.ask_excuse(press, day, &noted).await,
        }
    }

    /// The person, if they have not reported and the actor has the right; else what is answered.
    async fn silent_person(
        &mut self,
        actor: &Actor,
        day: i64,
        person: i64,
        act: Act,
        verb: Verb,
    ) -> Result<std::result::Result<Noted, Toast>> {
        let Some(person) = expected::get(&mut self.tx, day, person).await? else {
            return Ok(Err(Toast::Outdated));
        };
        let unit = people::unit_known(&mut self.tx, person.unit).await?;
        let Some(by) = grant(actor, act, &unit).map(|post| post.person) else {
            let detail = json!({ "person": person.person });
            self.record(Some(actor), &format!("refused.{}", act.word()), format!("day:{day}"), detail);
            return Ok(Err(Toast::Refused(Refusal::Verb(verb))));
        };
        match (person.state, person.reported_at) {
            (PersonState::Reported, at) => {
                Ok(Err(at.map_or(Toast::Outdated, |at| Toast::AlreadyReported { by: None, at })))
            }
            (PersonState::Excused, _) => Ok(Err(Toast::Outdated)),
            (PersonState::Missing | PersonState::Unreachable, _) => Ok(Ok(Noted { person, unit, by })),
        }
    }

    /// Reached by phone: the form is filled in on their behalf.
    async fn report_by_phone(&mut self, press: &Press<'_>, noted: &Noted) -> Result<Toast> {
        self.open_form_for(press.actor, noted.person.person).await
    }

    /// Tried and not reached: told upward at once, with the guardians' numbers.
    async fn note_unreached(&mut self, actor: &Actor, day: &DayRules, noted: &Noted) -> Result<Toast> {
        let (now, sealer) = (self.now, &self.engine.sealer);
        let key = (day.id, noted.person.person);
        let state = PersonState::Unreachable;
        if !expected::note(&mut self.tx, sealer, key, state, (noted.by, ""), now).await? {
            return Ok(Toast::Noted);
        }
        self.recount(day.id, noted.person.unit);
        self.record_note(actor, "checkin.unreached", noted, "");
        let told = self.unreached(day, noted).await?;
        let (above, tier) = self.above(&noted.unit).await?;
        let mut informed = Vec::new();
        for who in above {
            let Some(to) = self.addressee(&who).filter(|_| !actor.is(who.person)) else { continue };
            let manner = Manner {
                class: Class::Urgent,
                repeat: Repeat::Marked,
                ..Manner::reminder(
                    format!("unreached:{}:{}:{}", day.id, noted.person.person, who.person),
                    "unreached",
                    noted.person.person,
                )
            };
            let message = Message::Day(Box::new(DayMessage::Unreached(told.clone())));
            self.say(to, manner.owned_by(who.person), message);
            informed.push((who.person, tier));
        }
        silent::escalated_one(&mut self.tx, day.id, noted.person.person, &informed, now).await?;
        Ok(Toast::Noted)
    }

    /// Those responsible one tier up, with their tier; where nobody there can be reached, further up.
    async fn above(&mut self, unit: &UnitRef) -> Result<(Vec<Addressee>, usize)> {
        let locale = self.school_locale();
        let mut parent = unit.parent;
        while let Some(above) = parent {
            let above = people::unit_known(&mut self.tx, above).await?;
            let mut found = people::responsible(&mut self.tx, &above, locale).await?;
            found.retain(|who| who.reachable);
            if !found.is_empty() {
                return Ok((found, above.tier));
            }
            parent = above.parent;
        }
        Ok((Vec::new(), 0))
    }

    async fn unreached(&mut self, day: &DayRules, noted: &Noted) -> Result<Unreached> {
        let person = noted.person.person;
        let locale = self.school_locale();
        let own = people::addressees(&mut self.tx, &[person], locale).await?;
        let ids: Vec<i64> = people::guardians(&mut self.tx, &[person])
            .await?
            .into_iter()
            .map(|(_, guardian)| guardian)
            .collect();
        let mut guardians = Vec::new();
        for guardian in people::addressees(&mut self.tx, &ids, locale).await? {
            let phone = guardian.open_phone(&self.engine.sealer)?;
            guardians.push((guardian.name, phone));
        }
        let phone = match own.first() {
            Some(own) => own.open_phone(&self.engine.sealer)?,
            None => None,
        };
        Ok(Unreached {
            day: day.id,
            person,
            name: people::name(&mut self.tx, person).await?,
            unit: noted.unit.name.clone(),
            phone,
            guardians,
            by: people::name(&mut self.tx, noted.by).await?,
            at: self.now,
            settled: false,
        })
    }

    fn record_note(&mut self, actor: &Actor, act: &str, noted: &Noted, why: &str) {
        let PersonDay { day, person, .. } = noted.person;
        // The reason may say something about health: only whether there is one.
        let detail = json!({ "by": noted.by, "reason": !why.is_empty() });
        self.record(Some(actor), act, format!("day:{day}/person:{person}"), detail);
    }

    /// 免报: asks for the reason.
    async fn ask_excuse(&mut self, press: &Press<'_>, day: i64, noted: &Noted) -> Result<Toast> {
        let person = noted.person.person;
        let name = people::name(&mut self.tx, person).await?;
        let asked = ExcuseAsked { day, person, name, given: None, settled: false };
        let to = self.private(press.actor);
        let manner = Manner::answer().about(format!("excuse:{day}:{person}"), "excuse", person);
        let message = Message::Day(Box::new(DayMessage::Excuse(asked)));
        let message = self.say(to, manner.owned_by(noted.by), message);
        self.wait_for(press.actor, noted.by, ("excuse", person), &Asked { day, message }).await?;
        Ok(Toast::Quiet)
    }

    /// The typed reason of an excuse; `false` for what is no text.
    pub(in crate::engine) async fn excuse_answer(
        &mut self,
        written: &Written,
        actor: &Actor,
        dialogue: &Dialogue,
    ) -> Result<bool> {
        let reason = clip(written.text.trim(), REASON_LIMIT);
        if reason.is_empty() {
            return Ok(false);
        }
        let asked: Asked = dialogue.body(&self.engine.sealer)?;
        let sealer = &self.engine.sealer;
        let Some(shown) = messages::by_id(&mut self.tx, sealer, asked.message).await? else {
            return Ok(false);
        };
        let toast = self.excuse(actor, asked.day, dialogue.subject, &reason, &shown).await?;
        if let Toast::Refused(refusal) = toast {
            self.reply(actor, Message::Refused(refusal));
        }
        Ok(true)
    }

    /// Excuses somebody for the day; the question then shows it.
    async fn excuse(
        &mut self,
        actor: &Actor,
        day: i64,
        person: i64,
        reason: &str,
        shown: &messages::Shown,
    ) -> Result<Toast> {
        dialogues::clear(&mut self.tx, actor.account).await?;
        let Some(rules) = self.open_day_of(day).await? else { return Ok(Toast::Outdated) };
        let noted = match self.silent_person(actor, day, person, Act::Excuse, Verb::Excuse).await? {
            Ok(noted) => noted,
            Err(toast) => {
                if matches!(toast, Toast::AlreadyReported { .. }) {
                    let name = people::name(&mut self.tx, person).await?;
                    let done = ExcuseAsked { day, person, name, given: None, settled: true };
                    self.show(shown, Class::Answer, Message::Day(Box::new(DayMessage::Excuse(done))));
                }
                return Ok(toast);
            }
        };
        let (now, sealer) = (self.now, &self.engine.sealer);
        let state = PersonState::Excused;
        expected::note(&mut self.tx, sealer, (day, person), state, (noted.by, reason), now).await?;
        self.recount(day, noted.person.unit);
        self.record_note(actor, "checkin.excused", &noted, reason);
        self.settle_silence(&rules, &noted.person).await?;
        let name = people::name(&mut self.tx, person).await?;
        let done = ExcuseAsked { day, person, name, given: Some(reason.to_owned()), settled: false };
        self.show(shown, Class::Answer, Message::Day(Box::new(DayMessage::Excuse(done))));
        Ok(Toast::Noted)
    }
}
