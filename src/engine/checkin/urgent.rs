//! `/urgent`: a report at any time, in three taps (C7): what, words or none, send.

use serde_json::json;

use super::alert::Raised;
use crate::domain::alert::{Kind, Reason};
use crate::domain::authority::{Act, charges, grant};
use crate::domain::checkin::day_id;
use crate::domain::incoming::Written;
use crate::domain::message::{Class, Message, Refusal, Subject, Toast, Urgent, Verb};
use crate::domain::person::Actor;
use crate::domain::roster::Role;
use crate::domain::split::utf16_len;
use crate::engine::Work;
use crate::engine::press::Press;
use crate::engine::work::Manner;
use crate::store::checkin::expected;
use crate::store::dialogues::Dialogue;
use crate::store::{Result, alerts, dialogues, messages, people};

/// The most UTF-16 units of the words to a report.
const WORDS_LIMIT: usize = 500;
/// People on one page.
const PAGE: usize = 30;
/// The dialogue in which words, or a name, are typed.
const DIALOGUE: &str = "urgent";

impl Work<'_> {
    /// `/urgent`, perhaps with words after it.
    pub(in crate::engine) async fn urgent(&mut self, actor: &Actor, words: &str) -> Result<()> {
        if utf16_len(words) > WORDS_LIMIT {
            self.reply(actor, Message::Refused(Refusal::TooLong { most: WORDS_LIMIT }));
            return Ok(());
        }
        for shown in messages::by_slot(&mut self.tx, &self.engine.sealer, &slot(actor)).await? {
            messages::retire(&mut self.tx, shown.id).await?;
        }
        let mut subjects = self.urgent_subjects(actor).await?;
        let first = match subjects.len() {
            0 => Urgent::Nobody,
            1 => Urgent::What { subject: subjects.remove(0), words: words.to_owned() },
            _ => who(&subjects, 0, words),
        };
        self.say_urgent(actor, first).await
    }

    /// Says a step in a new message, to which whatever is typed next belongs.
    async fn say_urgent(&mut self, actor: &Actor, step: Urgent) -> Result<()> {
        let person = actor.first().id;
        let waits = !matches!(step, Urgent::Nobody | Urgent::Sent { .. });
        let to = self.private(actor);
        let manner = Manner::answer().about(slot(actor), "urgent", 0).owned_by(person);
        let shown = self.say(to, manner, Message::Urgent(step));
        if waits {
            self.wait_for(actor, person, (DIALOGUE, shown), &()).await?;
        }
        Ok(())
    }

    /// About whom this actor may report: themselves, whom they answer for, the students of their classes.
    async fn urgent_subjects(&mut self, actor: &Actor) -> Result<Vec<Subject>> {
        let answers_only = [Role::Guardian, Role::Proxy];
        let own = |person: &i64| {
            actor.posts.iter().any(|post| post.person == *person && !answers_only.contains(&post.role))
        };
        let mut ids: Vec<i64> = actor.ids().into_iter().filter(own).collect();
        let own = ids.len();
        ids.extend(alerts::answered_for(&mut self.tx, &actor.ids()).await?);
        let classes = charges(actor).into_iter().map(|post| &post.unit);
        let classes: Vec<i64> = classes
            .filter(|unit| unit.tier > 0 && grant(actor, Act::ReportFor, unit).is_some())
            .map(|unit| unit.id)
            .collect();
        ids.extend(alerts::students(&mut self.tx, &classes).await?);
        let mut seen = Vec::new();
        let names = people::names(&mut self.tx, &ids).await?;
        let mut subjects = Vec::new();
        for (place, person) in ids.into_iter().enumerate() {
            let Some(name) = names.get(&person).filter(|_| !seen.contains(&person)) else { continue };
            seen.push(person);
            subjects.push(Subject { person, name: name.clone(), own: place < own });
        }
        Ok(subjects)
    }

    async fn urgent_subject(&mut self, actor: &Actor, person: i64) -> Result<Option<Subject>> {
        Ok(self.urgent_subjects(actor).await?.into_iter().find(|subject| subject.person == person))
    }

    /// A button of `/urgent`.
    pub(in crate::engine) async fn press_urgent(&mut self, press: &Press<'_>) -> Result<Toast> {
        let Message::Urgent(step) = &press.shown.letter.message else { return Ok(Toast::Outdated) };
        let next = match (step, press.verb, press.arg) {
            (Urgent::Who { words, .. }, Verb::Open, Some(person)) => {
                let Some(subject) = self.urgent_subject(press.actor, person).await? else {
                    return Ok(Toast::Refused(Refusal::NoSuchPerson));
                };
                Urgent::What { subject, words: words.clone() }
            }
            (Urgent::Who { words, .. }, Verb::Page, Some(page)) => {
                let subjects = self.urgent_subjects(press.actor).await?;
                who(&subjects, usize::try_from(page).unwrap_or_default(), words)
            }
            (Urgent::What { subject, words }, Verb::Answer, Some(arg)) => {
                let kind = usize::try_from(arg).ok().and_then(|place| Kind::ALL.get(place).copied());
                let Some(kind) = kind else { return Ok(Toast::Outdated) };
                after_kind(subject, kind, words)
            }
            (Urgent::Words { subject, kind }, Verb::Next, None) => {
                Urgent::Ready { subject: subject.clone(), kind: *kind, words: String::new() }
            }
            (Urgent::Words { subject, .. }, Verb::Back, None) => {
                Urgent::What { subject: subject.clone(), words: String::new() }
            }
            (Urgent::Ready { subject, words, .. }, Verb::Back, None) => {
                Urgent::What { subject: subject.clone(), words: words.clone() }
            }
            (Urgent::Ready { subject, kind, words }, Verb::Submit, None) => {
                return self.send_urgent(press, subject, *kind, words).await;
            }
            (
                Urgent::Who { .. } | Urgent::What { .. } | Urgent::Words { .. } | Urgent::Ready { .. },
                Verb::Cancel,
                None,
            ) => {
                self.forget_urgent(press.actor).await?;
                Urgent::Cancelled
            }
            _ => return Ok(Toast::Outdated),
        };
        if !matches!(next, Urgent::Cancelled) {
            self.wait_for(press.actor, press.actor.first().id, (DIALOGUE, press.shown.id), &()).await?;
        }
        self.show(press.shown, Class::Answer, Message::Urgent(next));
        Ok(Toast::Quiet)
    }

    async fn forget_urgent(&mut self, actor: &Actor) -> Result<()> {
        let open = dialogues::get(&mut self.tx, actor.account).await?;
        if open.is_some_and(|open| open.kind == DIALOGUE) {
            dialogues::clear(&mut self.tx, actor.account).await?;
        }
        Ok(())
    }

    async fn send_urgent(
        &mut self,
        press: &Press<'_>,
        subject: &Subject,
        kind: Kind,
        words: &str,
    ) -> Result<Toast> {
        if self.urgent_subject(press.actor, subject.person).await?.is_none() {
            return Ok(Toast::Refused(Refusal::NoSuchPerson));
        }
        let day = self.urgent_day().await?;
        let counted = expected::get(&mut self.tx, day, subject.person).await?.map(|row| row.unit);
        let unit = match counted {
            Some(unit) => Some(unit),
            None => alerts::home(&mut self.tx, subject.person).await?,
        };
        let Some(unit) = unit else { return Ok(Toast::Refused(Refusal::NoSuchPerson)) };
        let by = if subject.own { subject.person } else { press.actor.first().id };
        let about = format!("day:{day}/person:{}", subject.person);
        self.record(Some(press.actor), "urgent.report", about, json!({ "kind": kind.word() }));
        let reasons = vec![Reason::Told { kind, words: words.to_owned() }];
        let raised = Raised { day, person: subject.person, unit, by, reasons, within: kind.within() };
        let informed = self.raise(raised).await?;
        self.forget_urgent(press.actor).await?;
        let help = self.settings().help.clone();
        let sent = Urgent::Sent { subject: subject.clone(), informed, help };
        self.show(press.shown, Class::Answer, Message::Urgent(sent));
        Ok(Toast::Noted)
    }

    /// The day that a report now belongs to: the current one as long as it lasts, otherwise today's date.
    async fn urgent_day(&mut self) -> Result<i64> {
        let (now, settings) = (self.now, self.settings());
        let today = settings.calendar.date(now);
        let Some(day) = self.current_day().await? else { return Ok(day_id(today)) };
        let next = settings.calendar.next_cron(&settings.checkin.open, day.opened_at);
        let since_yesterday = day.date.succ_opt() == Some(today) && next.is_none_or(|next| now < next);
        Ok(if day.date == today || since_yesterday { day.id } else { day_id(today) })
    }

    /// What was typed: a name or code, or the words to the report.
    pub(in crate::engine) async fn urgent_answer(
        &mut self,
        written: &Written,
        actor: &Actor,
        dialogue: &Dialogue,
    ) -> Result<bool> {
        let shown = messages::by_id(&mut self.tx, &self.engine.sealer, dialogue.subject).await?;
        let Some(shown) = shown.filter(|shown| shown.live && shown.expires_at > self.now) else {
            return Ok(false);
        };
        let Message::Urgent(step) = &shown.letter.message else { return Ok(false) };
        let text = written.text.trim();
        let refusal = match utf16_len(text) {
            0 => Some(Refusal::NotUnderstood),
            length if length > WORDS_LIMIT => Some(Refusal::TooLong { most: WORDS_LIMIT }),
            _ => None,
        };
        if let Some(refusal) = refusal {
            self.reply(actor, Message::Refused(refusal));
            return Ok(true);
        }
        let next = match step {
            Urgent::Who { words, .. } => {
                let Some(subject) = self.named_subject(actor, text).await? else {
                    self.reply(actor, Message::Refused(Refusal::NoSuchPerson));
                    return Ok(true);
                };
                Urgent::What { subject, words: words.clone() }
            }
            Urgent::What { subject, .. } => Urgent::What { subject: subject.clone(), words: text.to_owned() },
            Urgent::Words { subject, kind } | Urgent::Ready { subject, kind, .. } => {
                Urgent::Ready { subject: subject.clone(), kind: *kind, words: text.to_owned() }
            }
            _ => return Ok(false),
        };
        messages::retire(&mut self.tx, shown.id).await?;
        self.say_urgent(actor, next).await?;
        Ok(true)
    }

    /// The one subject with this name or code.
    async fn named_subject(&mut self, actor: &Actor, text: &str) -> Result<Option<Subject>> {
        let subjects = self.urgent_subjects(actor).await?;
        let ids: Vec<i64> = subjects.iter().map(|subject| subject.person).collect();
        let locale = self.school_locale();
        let known = people::addressees(&mut self.tx, &ids, locale).await?;
        let means = |subject: &&Subject| {
            let code = known.iter().find(|who| who.person == subject.person).map(|who| who.code.as_str());
            subject.name == text || code == Some(text)
        };
        let mut found = subjects.iter().filter(means);
        Ok(found.next().filter(|_| found.next().is_none()).cloned())
    }
}

fn slot(actor: &Actor) -> String {
    format!("urgent:{}", actor.account)
}

fn who(subjects: &[Subject], page: usize, words: &str) -> Urgent {
    let pages = subjects.len().div_ceil(PAGE).max(1);
    let page = page.min(pages - 1);
    let subjects = subjects.iter().skip(page * PAGE).take(PAGE).cloned().collect();
    Urgent::Who { subjects, page, pages, words: words.to_owned() }
}

/// Words that were typed before are not asked for again.
fn after_kind(subject: &Subject, kind: Kind, words: &str) -> Urgent {
    let subject = subject.clone();
    match words {
        "" => Urgent::Words { subject, kind },
        words => Urgent::Ready { subject, kind, words: words.to_owned() },
    }
}
