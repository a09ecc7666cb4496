//! 收到: by button, reply, reaction or word, merged into one receipt per person (B1, B2).

use serde_json::json;

use super::{leg_slot, own_slot};
use crate::domain::authority::responsible;
use crate::domain::directive::{Directive, GUARDIANS, LegState, State};
use crate::domain::incoming::{Place, Sender, Written};
use crate::domain::message::{
    Card, Class, Counted, Message, OwnReceipt, ReminderItem, Time, Toast, TodayItem,
};
use crate::domain::person::Actor;
use crate::domain::receipt;
use crate::domain::roster::Role;
use crate::engine::Work;
use crate::engine::press::Press;
use crate::engine::work::Manner;
use crate::store::chats::Chat;
use crate::store::legs::{self, Leg};
use crate::store::messages::Shown;
use crate::store::receipts::{self, Ack};
use crate::store::{Result, directives, messages, people};

/// What an acknowledgement brought about.
pub(super) enum Acknowledged {
    /// New: late or not, and the children it counts for.
    Now { late: bool, children: Vec<String> },
    /// It was acknowledged before, by this person or somebody for the same unit or household.
    Before { at: Time, by: Option<i64> },
    /// This actor need not acknowledge here.
    NotYours,
    /// The directive was withdrawn.
    Withdrawn,
}

impl Work<'_> {
    /// The `ack` button.
    pub(in crate::engine) async fn press_ack(&mut self, press: &Press<'_>) -> Result<Toast> {
        let Some(leg) = acked_leg(press) else { return Ok(Toast::Outdated) };
        let Some(leg) = self.leg(leg).await? else { return Ok(Toast::Outdated) };
        let directive = self.directive(leg.directive).await?;
        if self.is_of_old_text(&directive, press.shown).await? {
            return Ok(Toast::Outdated);
        }
        let outcome = self.acknowledge(press.actor, &directive, &leg, "button").await?;
        if let Message::Reminder { .. } | Message::WhichDirective { .. } = press.shown.letter.message {
            self.tick(press, leg.id);
        }
        let number = directive.number;
        Ok(match outcome {
            Acknowledged::Now { late, children } if children.is_empty() => Toast::Acked { number, late },
            Acknowledged::Now { late, children } => Toast::AckedFor { number, children, late },
            Acknowledged::Before { at, by } => match by {
                Some(by) if !press.actor.is(by) => {
                    let by = people::name(&mut self.tx, by).await?;
                    if leg.tier == GUARDIANS {
                        Toast::HouseholdAcked { by }
                    } else {
                        Toast::AlreadyDone { by }
                    }
                }
                _ => Toast::AlreadyAcked { at },
            },
            Acknowledged::NotYours => Toast::NotYours,
            Acknowledged::Withdrawn => Toast::Withdrawn,
        })
    }

    /// Whether a message speaks of a text that was corrected since: it acknowledges nothing any more.
    async fn is_of_old_text(&mut self, directive: &Directive, shown: &Shown) -> Result<bool> {
        if directive.revision == 1 {
            return Ok(false);
        }
        let worded = directives::worded_at(&mut self.tx, directive).await?;
        Ok(worded.is_some_and(|worded| shown.made_at < worded))
    }

    /// Ticks an item off a list; the others keep their places, and so their buttons.
    fn tick(&mut self, press: &Press<'_>, leg: i64) {
        let mut message = press.shown.letter.message.clone();
        let (Message::Reminder { items, .. } | Message::WhichDirective { items }) = &mut message else {
            return;
        };
        for item in items.iter_mut().filter(|item| item.leg == leg) {
            item.acked = true;
        }
        self.show(press.shown, Class::Answer, message);
    }

    /// Acknowledges a directive on a leg for an actor, and what follows from it.
    pub(super) async fn acknowledge(
        &mut self,
        actor: &Actor,
        directive: &Directive,
        leg: &Leg,
        way: &str,
    ) -> Result<Acknowledged> {
        if directive.state == State::Withdrawn {
            return Ok(Acknowledged::Withdrawn);
        }
        let counted = directive.counted(leg.tier);
        let (by, subjects) = self.subjects_of(actor, counted).await?;
        let ack = Ack {
            directive: directive.id,
            revision: directive.revision,
            tier: leg.tier,
            kind: receipts::kind(counted),
            subjects: &subjects,
            by,
            way,
            recorded_by: None,
        };
        let fresh = if subjects.is_empty() { vec![] } else { self.give_receipts(&ack).await? };
        if fresh.is_empty() {
            let before = self.given_before(&ack).await?;
            return Ok(before.map_or(Acknowledged::NotYours, |(at, by)| Acknowledged::Before { at, by }));
        }
        let detail = json!({ "way": way, "receipts": fresh.len(), "revision": directive.revision });
        self.record(Some(actor), "receipt.ack", format!("directive:{}", directive.id), detail);
        self.count_acks(&fresh).await?;
        self.tick_own_cards(actor, &fresh).await?;
        self.after_acknowledgement(actor, directive, &fresh).await?;
        let late = fresh.iter().any(|(_, _, late)| *late);
        let mut children = Vec::new();
        if counted == Counted::Households {
            let ids: Vec<i64> = fresh.iter().map(|(_, student, _)| *student).collect();
            children = people::names(&mut self.tx, &ids).await?.into_values().collect();
        }
        Ok(Acknowledged::Now { late, children })
    }

    /// The person who acts, and the subjects whose receipts this actor can give.
    async fn subjects_of(&mut self, actor: &Actor, counted: Counted) -> Result<(i64, Vec<i64>)> {
        let role = match counted {
            Counted::Colleges => Role::Secretary,
            Counted::Counselors | Counted::Classes => Role::Counselor,
            Counted::Students => Role::Student,
            Counted::Households => Role::Guardian,
        };
        let posts: Vec<_> = actor.posts.iter().filter(|post| post.role == role).collect();
        let Some(first) = posts.first() else { return Ok((actor.first().id, vec![])) };
        let people: Vec<i64> = posts.iter().map(|post| post.person).collect();
        let subjects = match counted {
            Counted::Colleges | Counted::Classes => posts.iter().map(|post| post.unit.id).collect(),
            Counted::Counselors | Counted::Students => people,
            Counted::Households => people::children(&mut self.tx, &people).await?,
        };
        Ok((first.person, subjects))
    }

    /// Adds new acknowledgements to the counts of their legs.
    pub(super) async fn count_acks(&mut self, fresh: &[(i64, i64, bool)]) -> Result<()> {
        for (leg, _, late) in fresh {
            self.touch(*leg);
            self.ahead.count(*leg, *late);
        }
        if self.ahead.is_empty() { self.keep_put_off().await } else { Ok(()) }
    }

    /// The actor's own cards in private show that they are acknowledged.
    async fn tick_own_cards(&mut self, actor: &Actor, fresh: &[(i64, i64, bool)]) -> Result<()> {
        let mut legs: Vec<i64> = fresh.iter().map(|(leg, _, _)| *leg).collect();
        legs.dedup();
        for leg in legs {
            for person in actor.ids() {
                if self.ahead.has_no_card(&own_slot(leg, person)) {
                    continue;
                }
                let sealer = &self.engine.sealer;
                for shown in messages::by_slot(&mut self.tx, sealer, &own_slot(leg, person)).await? {
                    let Message::Card(card) = &shown.letter.message else { continue };
                    let children = card.own.as_ref().map(|own| own.children.clone()).unwrap_or_default();
                    let own = Some(OwnReceipt { acked_at: Some(self.now), children });
                    self.show(
                        &shown,
                        Class::Answer,
                        Message::Card(Box::new(Card { own, ..(**card).clone() })),
                    );
                }
            }
        }
        Ok(())
    }

    /// A reply with an ack word, or the bare word when exactly one directive is open for the person there.
    pub(in crate::engine) async fn words_in_group(
        &mut self,
        written: &Written,
        chat: &Chat,
        actor: &Actor,
    ) -> Result<()> {
        if !receipt::acknowledges(&written.text, &self.settings().rules.ack_words) {
            return Ok(());
        }
        if let Some(leg) = self.leg_replied_to(written).await? {
            let directive = directives::known(&mut self.tx, leg.directive).await?;
            self.acknowledge(actor, &directive, &leg, "reply").await?;
            return Ok(());
        }
        if written.reply_to.is_some() {
            return Ok(());
        }
        let mut open = self.due_of(actor).await?;
        let mut here = Vec::new();
        for item in open.drain(..) {
            let leg = legs::get(&mut self.tx, item.leg).await?;
            if leg.is_some_and(|leg| leg.chat == Some(chat.chat)) {
                here.push(item);
            }
        }
        match here.as_slice() {
            [] => Ok(()),
            [one] => self.acknowledge_item(actor, one, "word").await.map(drop),
            _ => {
                let to = self.private(actor);
                self.say(to, Manner::answer(), Message::WhichDirective { items: here });
                Ok(())
            }
        }
    }

    async fn acknowledge_item(
        &mut self,
        actor: &Actor,
        item: &ReminderItem,
        way: &str,
    ) -> Result<Option<Acknowledged>> {
        let Some(leg) = legs::get(&mut self.tx, item.leg).await? else { return Ok(None) };
        let directive = directives::known(&mut self.tx, leg.directive).await?;
        self.acknowledge(actor, &directive, &leg, way).await.map(Some)
    }

    /// The leg whose message a text replies to.
    async fn leg_replied_to(&mut self, written: &Written) -> Result<Option<Leg>> {
        let Some(reply_to) = written.reply_to else { return Ok(None) };
        if let Some(leg) = self.leg_shown_as(written.place.chat, reply_to).await? {
            return Ok(Some(leg));
        }
        self.leg_by_handle(written, reply_to).await
    }

    /// The leg of a message whose sending had an unclear outcome: Telegram's id of it was never learnt, or is that of
    /// the repeat, but its buttons name it. From now on the id is known.
    async fn leg_by_handle(&mut self, written: &Written, reply_to: i64) -> Result<Option<Leg>> {
        let handle = written.reply_handle.filter(|(bot, _)| *bot == self.bot).map(|(_, handle)| handle);
        let Some(handle) = handle else { return Ok(None) };
        let sealer = &self.engine.sealer;
        let Some(shown) = messages::by_id(&mut self.tx, sealer, handle).await? else { return Ok(None) };
        let place = &written.place;
        if shown.chat == place.chat && shown.tg_id.is_none() {
            let now = self.now;
            messages::found(&mut self.tx, shown.id, reply_to, now).await?;
        }
        let here = self.pressed_where_shown(&shown, place, reply_to).await?;
        if here { self.leg_of(&shown).await } else { Ok(None) }
    }

    /// The leg that a message of a chat shows: its card, a piece of its text, a reminder of it; `None` for one of an
    /// old text.
    async fn leg_shown_as(&mut self, chat: i64, message: i64) -> Result<Option<Leg>> {
        let sealer = &self.engine.sealer;
        let shown = messages::by_place(&mut self.tx, sealer, chat, message).await?;
        match shown {
            Some(shown) => self.leg_of(&shown).await,
            None => Ok(None),
        }
    }

    async fn leg_of(&mut self, shown: &Shown) -> Result<Option<Leg>> {
        if !matches!(shown.kind.as_str(), "card" | "behind" | "part" | "remind") {
            return Ok(None);
        }
        let Some(leg) = legs::get(&mut self.tx, shown.subject).await? else { return Ok(None) };
        let directive = directives::known(&mut self.tx, leg.directive).await?;
        Ok((!self.is_of_old_text(&directive, shown).await?).then_some(leg))
    }

    /// An ack word in private; `false` when nothing is open that it could mean.
    pub(in crate::engine) async fn acknowledge_by_word(
        &mut self,
        written: &Written,
        actor: &Actor,
    ) -> Result<bool> {
        if let Some(leg) = self.leg_replied_to(written).await? {
            let directive = directives::known(&mut self.tx, leg.directive).await?;
            let outcome = self.acknowledge(actor, &directive, &leg, "reply").await?;
            if matches!(outcome, Acknowledged::Now { .. } | Acknowledged::Before { .. }) {
                self.reply(actor, Message::Acknowledged { numbers: vec![directive.number] });
                return Ok(true);
            }
        }
        let open = self.due_of(actor).await?;
        match open.as_slice() {
            [] => Ok(false),
            [one] => {
                self.acknowledge_item(actor, one, "word").await?;
                self.reply(actor, Message::Acknowledged { numbers: vec![one.number] });
                Ok(true)
            }
            _ => {
                self.reply(actor, Message::WhichDirective { items: open });
                Ok(true)
            }
        }
    }

    /// A 👍 on a directive.
    pub(in crate::engine) async fn reacted(
        &mut self,
        place: &Place,
        message: i64,
        sender: &Sender,
    ) -> Result<()> {
        let Some(actor) = self.actor(sender.account).await? else { return Ok(()) };
        let Some(leg) = self.leg_shown_as(place.chat, message).await? else { return Ok(()) };
        let directive = directives::known(&mut self.tx, leg.directive).await?;
        self.acknowledge(&actor, &directive, &leg, "reaction").await?;
        Ok(())
    }

    /// All that this actor has to acknowledge, each directive once.
    pub(super) async fn due_of(&mut self, actor: &Actor) -> Result<Vec<ReminderItem>> {
        let due = self.due_items(&actor.ids()).await?;
        let mut items: Vec<ReminderItem> = due.into_values().flatten().collect();
        items.sort_by_key(|item| (item.due, item.leg));
        items.dedup_by_key(|item| item.leg);
        Ok(items)
    }

    /// The card of a leg in its group, if it is shown there.
    pub(super) async fn card_message(&mut self, leg: i64) -> Result<Option<i64>> {
        let sealer = &self.engine.sealer;
        Ok(messages::by_slot(&mut self.tx, sealer, &leg_slot(leg)).await?.first().map(|shown| shown.id))
    }
}

/// The leg that a press on `ack` means.
fn acked_leg(press: &Press<'_>) -> Option<i64> {
    let place = press.arg.and_then(|arg| usize::try_from(arg).ok());
    match &press.shown.letter.message {
        Message::Card(card) => Some(card.leg),
        Message::RemindGroup { leg, .. } => Some(*leg),
        Message::Reminder { items, .. } | Message::WhichDirective { items } => {
            items.get(place?).map(|item| item.leg)
        }
        Message::Today { items } => match items.get(place?)? {
            TodayItem::Ack(item) => Some(item.leg),
            _ => None,
        },
        _ => None,
    }
}

impl Work<'_> {
    /// Who is responsible for a unit below has acknowledged: it goes down, now or after time for a note,
    /// and that person gets the one message with which it is passed on and reported as carried out.
    async fn after_acknowledgement(
        &mut self,
        actor: &Actor,
        directive: &Directive,
        fresh: &[(i64, i64, bool)],
    ) -> Result<()> {
        if !actor.posts.iter().any(|post| responsible(post.role, post.unit.tier)) {
            return Ok(());
        }
        self.keep_put_off().await?;
        let mut parents: Vec<i64> = fresh.iter().map(|(leg, _, _)| *leg).collect();
        parents.dedup();
        let mut charge: Vec<Leg> = Vec::new();
        for parent in parents {
            let children = legs::children(&mut self.tx, parent).await?;
            charge.extend(
                children.into_iter().filter(|leg| leg.tier < GUARDIANS && in_charge(actor, leg.unit)),
            );
        }
        let Some(person) = charge.first().and_then(|leg| post_of(actor, leg.unit)) else { return Ok(()) };
        let plans = directive
            .fixed
            .as_ref()
            .filter(|fixed| fixed.policy.relay == crate::domain::policy::Relay::OnAck);
        if let Some(at) = plans.map(|fixed| self.now + fixed.relay_delay) {
            for leg in charge.iter_mut().filter(|leg| leg.state == LegState::Waiting) {
                if legs::plan_relay(&mut self.tx, leg.id, at, person).await? {
                    self.set_timer("relay", leg.id, directive.revision, 0, at);
                    leg.relay_at = Some(at);
                }
            }
        }
        self.say_duty(actor, person, directive, &charge).await
    }
}

/// Whether this actor is responsible for the unit.
pub(super) fn in_charge(actor: &Actor, unit: i64) -> bool {
    post_of(actor, unit).is_some()
}

/// The person of this actor who is responsible for the unit.
fn post_of(actor: &Actor, unit: i64) -> Option<i64> {
    let post = actor.posts.iter().find(|post| post.unit.id == unit && responsible(post.role, post.unit.tier));
    post.map(|post| post.person)
}
