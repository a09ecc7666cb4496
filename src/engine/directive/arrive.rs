//! A directive arrives at a leg: in its chat, or with its people in private.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::escalate::escalation_slot;
use super::{leg_slot, own_slot};
use crate::domain::directive::{Directive, GUARDIANS, LegState, MEMBERS};
use crate::domain::escalation;
use crate::domain::message::{Card, Class, Counted, Message, OwnReceipt, Time};
use crate::domain::split;
use crate::engine::Work;
use crate::engine::work::{Manner, To};
use crate::store::legs::{self, Arrival, Leg};
use crate::store::messages::Shown;
use crate::store::people::{self, Addressee};
use crate::store::{Result, chats, messages, receipts};

impl Work<'_> {
    /// Brings a waiting leg down: receipts, messages, timers. Does nothing when it came down before.
    pub(super) async fn arrive(
        &mut self,
        directive: &Directive,
        leg: &Leg,
        by: Option<i64>,
        how: &'static str,
    ) -> Result<()> {
        let now = self.now;
        let tier = self.settings().tier_key(leg.tier).to_owned();
        let chat = chats::of_unit(&mut self.tx, leg.unit, &tier).await?;
        let due_at = now + directive.due(leg.tier);
        let arrival = Arrival { chat: chat.as_ref().map(|chat| chat.chat), due_at, by, how };
        if !legs::arrive(&mut self.tx, leg.id, arrival, now).await? {
            return Ok(());
        }
        if directive.answer && !leg.informed {
            receipts::expect(&mut self.tx, leg.id, directive.counted(leg.tier), directive.revision).await?;
        }
        self.show_leg(directive, leg.id).await?;
        self.set_steps(directive, leg.id, due_at, now).await?;
        if leg.tier <= MEMBERS {
            self.inform_further_groups(directive, leg).await?;
        }
        Box::pin(self.guardians_follow(directive, leg)).await?;
        if !directive.waits_for_relay() {
            for child in legs::children(&mut self.tx, leg.id).await? {
                Box::pin(self.arrive(directive, &child, None, "auto")).await?;
            }
        }
        Ok(())
    }

    /// A class's guardians get it with the class; a college's with its last class.
    async fn guardians_follow(&mut self, directive: &Directive, leg: &Leg) -> Result<()> {
        for child in legs::children(&mut self.tx, leg.id).await? {
            if child.tier == GUARDIANS && child.state == LegState::Waiting && leg.tier == MEMBERS {
                self.arrive(directive, &child, leg.relayed_by, "with_class").await?;
            }
        }
        let Some(parent) = leg.parent.filter(|_| leg.tier == MEMBERS) else { return Ok(()) };
        let siblings = legs::children(&mut self.tx, parent).await?;
        let waiting = siblings.iter().any(|leg| leg.tier == MEMBERS && leg.state == LegState::Waiting);
        if waiting {
            return Ok(());
        }
        for college in siblings.iter().filter(|leg| leg.tier == GUARDIANS && leg.state == LegState::Waiting) {
            self.arrive(directive, college, None, "with_last_class").await?;
        }
        Ok(())
    }

    /// Shows a leg's directive in its chat, or to its people in private when there is none.
    pub(super) async fn show_leg(&mut self, directive: &Directive, leg: i64) -> Result<()> {
        let Some(leg) = legs::get(&mut self.tx, leg).await? else { return Ok(()) };
        match leg.chat {
            Some(id) => {
                let Some(chat) = chats::get(&mut self.tx, id).await? else { return Ok(()) };
                let to = self.chat(&chat);
                let card = self.card(directive, &leg).await?;
                self.send_card(directive, to, &leg, card, leg_slot(leg.id), 0);
                Ok(())
            }
            None => self.show_in_private(directive, &leg).await,
        }
    }

    /// Sends documents, parts of a long text, and the card, in this order.
    fn send_card(
        &mut self,
        directive: &Directive,
        to: To,
        leg: &Leg,
        mut card: Card,
        slot: String,
        owner: i64,
    ) {
        let manner = || Manner::directive(directive.urgent, format!("{slot}:before"), "part", leg.id);
        for file in &directive.attachments {
            self.copy(to, manner(), file);
        }
        if !split::fits_card(&card.text) {
            let parts = split::split(&card.text, split::PART_TEXT_LIMIT);
            card.parts = parts.len();
            card.text.clear();
            for (index, text) in parts.into_iter().enumerate() {
                let part =
                    Message::Part { number: directive.number, part: index + 1, parts: card.parts, text };
                self.say(to, manner(), part);
            }
        }
        let manner = Manner::directive(directive.urgent, slot, "card", leg.id).owned_by(owner);
        self.say(to, manner, Message::Card(Box::new(card)));
    }

    /// What a leg's card shows now.
    pub(super) async fn card(&mut self, directive: &Directive, leg: &Leg) -> Result<Card> {
        let from = people::unit_known(&mut self.tx, directive.origin).await?.name;
        let notes = legs::notes(&mut self.tx, leg.id).await?;
        let answer = directive.answer && !leg.informed;
        Ok(Card {
            leg: leg.id,
            number: directive.number,
            from,
            text: directive.text.clone(),
            title: split::title(&directive.text),
            parts: 0,
            attachments: directive.attachments.len(),
            reference: directive.reference.clone(),
            urgent: directive.urgent,
            answer,
            copy: leg.informed,
            revision: u32::try_from(directive.revision).unwrap_or(1),
            notes,
            due: leg.due_at.filter(|_| answer),
            counted: directive.counted(leg.tier),
            acked: leg.acked,
            must: leg.must,
            withdrawn: directive.state == crate::domain::directive::State::Withdrawn,
            outdated: false,
            own: None,
        })
    }

    /// Who answers on a leg, and for which subjects.
    pub(in crate::engine) async fn answerers(
        &mut self,
        directive: &Directive,
        leg: &Leg,
        subjects: &[i64],
    ) -> Result<BTreeMap<i64, Vec<i64>>> {
        let mut answerers: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        match directive.counted(leg.tier) {
            Counted::Counselors | Counted::Students => {
                answerers.extend(subjects.iter().map(|subject| (*subject, vec![*subject])));
            }
            Counted::Households => {
                for (student, guardian) in people::guardians(&mut self.tx, subjects).await? {
                    answerers.entry(guardian).or_default().push(student);
                }
            }
            Counted::Colleges | Counted::Classes => {
                let locale = self.school_locale();
                for unit in subjects {
                    let unit = people::unit_known(&mut self.tx, *unit).await?;
                    for who in people::responsible(&mut self.tx, &unit, locale).await? {
                        answerers.entry(who.person).or_default().push(unit.id);
                    }
                }
            }
        }
        Ok(answerers)
    }

    async fn show_in_private(&mut self, directive: &Directive, leg: &Leg) -> Result<()> {
        if !directive.answer || leg.informed {
            let unit = people::unit_known(&mut self.tx, leg.unit).await?;
            let readers = self.readers_without_chat(leg, &unit).await?;
            return self.cards_to(directive, leg, readers, &BTreeMap::new()).await;
        }
        let subjects = receipts::open_subjects(&mut self.tx, leg.id, directive.revision).await?;
        self.ask_in_private(directive, leg, &subjects).await
    }

    /// Shows a leg's directive in private to those who answer for these subjects.
    pub(super) async fn ask_in_private(
        &mut self,
        directive: &Directive,
        leg: &Leg,
        subjects: &[i64],
    ) -> Result<()> {
        let locale = self.school_locale();
        let answerers = self.answerers(directive, leg, subjects).await?;
        let ids: Vec<i64> = answerers.keys().copied().collect();
        let readers = people::addressees(&mut self.tx, &ids, locale).await?;
        let children = if leg.tier == GUARDIANS { answerers } else { BTreeMap::new() };
        self.cards_to(directive, leg, readers, &children).await
    }

    /// Who reads an information where there is no chat: those responsible, and the students of a class.
    async fn readers_without_chat(
        &mut self,
        leg: &Leg,
        unit: &crate::domain::person::UnitRef,
    ) -> Result<Vec<Addressee>> {
        use crate::domain::roster::Role;
        let locale = self.school_locale();
        match leg.tier {
            MEMBERS if !leg.informed => {
                people::holders(&mut self.tx, unit.id, &[Role::Student], locale).await
            }
            GUARDIANS => {
                let students = people::holders(&mut self.tx, unit.id, &[Role::Student], locale).await?;
                let ids: Vec<i64> = students.iter().map(|student| student.person).collect();
                let guardians = people::guardians(&mut self.tx, &ids).await?;
                let ids: BTreeSet<i64> = guardians.into_iter().map(|(_, guardian)| guardian).collect();
                people::addressees(&mut self.tx, &ids.into_iter().collect::<Vec<_>>(), locale).await
            }
            _ => people::responsible(&mut self.tx, unit, locale).await,
        }
    }

    async fn cards_to(
        &mut self,
        directive: &Directive,
        leg: &Leg,
        readers: Vec<Addressee>,
        children: &BTreeMap<i64, Vec<i64>>,
    ) -> Result<()> {
        let card = self.card(directive, leg).await?;
        let all: Vec<i64> = children.values().flatten().copied().collect();
        let names = people::names(&mut self.tx, &all).await?;
        for who in readers {
            let Some(to) = self.addressee(&who) else { continue };
            let own = children.get(&who.person).into_iter().flatten();
            let children = own.filter_map(|child| names.get(child).cloned()).collect();
            let own = OwnReceipt { acked_at: None, children };
            // A private card shows the reader's own receipt; the others' count is the group's.
            let card = Card { own: Some(own), must: 0, acked: 0, ..card.clone() };
            self.send_card(directive, to, leg, card, own_slot(leg.id, who.person), who.person);
        }
        Ok(())
    }

    /// Further groups of the unit are informed; they owe no answer (A2).
    pub(super) async fn inform_further_groups(&mut self, directive: &Directive, leg: &Leg) -> Result<()> {
        for chat in chats::further(&mut self.tx, leg.unit).await? {
            let card = self.card(directive, leg).await?;
            let card = Card { answer: false, due: None, must: 0, acked: 0, ..card };
            let to = self.chat(&chat);
            self.send_card(directive, to, leg, card, format!("leg:{}:further:{}", leg.id, chat.chat), 0);
        }
        Ok(())
    }

    /// Sets the timers of everything that happens while answers are missing.
    pub(super) async fn set_steps(
        &mut self,
        directive: &Directive,
        leg: i64,
        due_at: Time,
        from: Time,
    ) -> Result<()> {
        let Some(leg) = legs::get(&mut self.tx, leg).await? else { return Ok(()) };
        let Some(fixed) = directive.fixed.as_ref().filter(|_| leg.must > 0) else { return Ok(()) };
        for planned in escalation::plan_within(&fixed.policy.steps, due_at - from, from) {
            self.set_timer("step", leg.id, directive.revision, planned.timer_step(), planned.at);
        }
        Ok(())
    }

    /// Shows the counts of these legs, and who is missing where that was told upward, as they are now: one edit each, however many presses there were.
    pub(in crate::engine) async fn refresh(&mut self, touched: BTreeSet<i64>) -> Result<()> {
        if touched.is_empty() {
            return Ok(());
        }
        let ids: Vec<i64> = touched.into_iter().collect();
        let slots: Vec<String> = ids.iter().flat_map(|id| [leg_slot(*id), escalation_slot(*id)]).collect();
        let sealer = &self.engine.sealer;
        let mut told: HashMap<String, Vec<Shown>> = HashMap::new();
        for shown in messages::by_slots(&mut self.tx, sealer, &slots).await? {
            told.entry(shown.slot.clone()).or_default().push(shown);
        }
        for leg in legs::many(&mut self.tx, &ids).await? {
            if let Some(escalated) = told.remove(&escalation_slot(leg.id)) {
                let directive = self.directive(leg.directive).await?;
                self.show_escalations(&directive, &leg, escalated).await?;
            }
            for shown in told.remove(&leg_slot(leg.id)).into_iter().flatten() {
                let Message::Card(old) = &shown.letter.message else { continue };
                let fresh = Card { acked: leg.acked, must: leg.must, ..(**old).clone() };
                if fresh != **old {
                    self.show(&shown, Class::Count, Message::Card(Box::new(fresh)));
                }
            }
        }
        Ok(())
    }
}
