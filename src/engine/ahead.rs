//! What a batch of updates is about, read ahead in a few statements for all of them, and what they bring about that one
//! statement can keep for all: so that ten thousand people may acknowledge in a second.
//!
//! What was read ahead holds as long as only such inputs are handled that change none of it. Before any other input it is
//! forgotten and what was put off is kept; from there on each input reads for itself.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::{Update, Work};
use crate::domain::callback;
use crate::domain::directive::{Directive, MEMBERS};
use crate::domain::incoming::{Incoming, Written};
use crate::domain::message::{Counted, Message, Time, Verb};
use crate::domain::person::Actor;
use crate::domain::receipt;
use crate::domain::roster::Role;
use crate::engine::directive::own_slot;
use crate::store::chats::Chat;
use crate::store::legs::Leg;
use crate::store::members::Inside;
use crate::store::messages::Shown;
use crate::store::receipts::{Ack, Given, Owed, Standing};
use crate::store::{Result, chats, directives, legs, members, messages, people, receipts};

/// What was read ahead, and what was put off.
#[derive(Default)]
pub(super) struct Ahead {
    /// By account; `None`: nobody is bound to it.
    actors: HashMap<i64, Option<Actor>>,
    /// Accounts that the present bot serves and can write to.
    started: BTreeSet<i64>,
    shown: HashMap<i64, Shown>,
    chats: HashMap<i64, Chat>,
    /// By chat and account: whether it was seen there, and when last.
    seen: HashMap<(i64, i64), Option<(bool, Time)>>,
    legs: HashMap<i64, Leg>,
    directives: HashMap<i64, Directive>,
    receipts: HashMap<Owed, Vec<Standing>>,
    /// Slots of own cards that were looked for; `true`: there is one.
    own_cards: HashMap<String, bool>,
    given: Vec<Given>,
    /// (acked, late) to be added, by leg.
    counts: BTreeMap<i64, (usize, usize)>,
    inside: Vec<Inside>,
}

/// What the updates of a batch name.
#[derive(Default)]
struct Named {
    accounts: HashSet<i64>,
    private: HashSet<i64>,
    handles: HashSet<i64>,
    groups: HashSet<i64>,
    members: HashSet<(i64, i64)>,
}

/// Presses that change neither who somebody is nor what stands where.
const QUIET: [Verb; 8] =
    [Verb::Ack, Verb::Same, Verb::Fill, Verb::Answer, Verb::Next, Verb::Submit, Verb::Change, Verb::Back];

impl Work<'_> {
    /// Reads ahead what those of a batch name that leave it true.
    pub(super) async fn read_ahead(&mut self, batch: &[Update]) -> Result<()> {
        if batch.len() < 2 {
            return Ok(());
        }
        let named = self.named(batch);
        if named.accounts.is_empty() {
            return Ok(());
        }
        let bot = batch.first().map_or(self.bot, |update| update.bot);
        let accounts: Vec<i64> = named.accounts.into_iter().collect();
        let school = self.school_locale();
        let mut actors = people::actors(&mut self.tx, &accounts, school).await?;
        self.ahead.actors = accounts.iter().map(|account| (*account, actors.remove(account))).collect();
        if !named.private.is_empty() {
            let private: Vec<i64> = named.private.into_iter().collect();
            self.ahead.started = people::known_started(&mut self.tx, &private, bot).await?;
        }
        if !named.groups.is_empty() {
            let groups: Vec<i64> = named.groups.into_iter().collect();
            let known = chats::many(&mut self.tx, &groups).await?;
            self.ahead.chats = known.into_iter().map(|chat| (chat.chat, chat)).collect();
            let members: Vec<(i64, i64)> = named.members.into_iter().collect();
            let mut seen = members::last_seen(&mut self.tx, &members).await?;
            self.ahead.seen = members.into_iter().map(|key| (key, seen.remove(&key))).collect();
        }
        if !named.handles.is_empty() {
            let handles: Vec<i64> = named.handles.into_iter().collect();
            let shown = messages::by_ids(&mut self.tx, &self.engine.sealer, &handles).await?;
            self.ahead.shown = shown.into_iter().map(|shown| (shown.id, shown)).collect();
            self.read_receipts(batch).await?;
        }
        Ok(())
    }

    fn named(&self, batch: &[Update]) -> Named {
        let mut named = Named::default();
        for incoming in batch.iter().filter_map(|update| update.incoming.as_ref()) {
            match incoming {
                Incoming::Pressed { sender, place, data, .. } if self.leaves_ahead(incoming) => {
                    named.accounts.insert(sender.account);
                    named.handles.extend(callback::parse(data).map(|(_, handle, _)| handle));
                    if place.as_ref().is_some_and(|place| place.is_private()) {
                        named.private.insert(sender.account);
                    }
                }
                Incoming::Written(written) if self.leaves_ahead(incoming) => {
                    let Some(sender) = &written.sender else { continue };
                    named.accounts.insert(sender.account);
                    named.groups.insert(written.place.chat);
                    named.members.insert((written.place.chat, sender.account));
                }
                _ => {}
            }
        }
        named
    }

    /// Whether what was read ahead is still true after this input.
    fn leaves_ahead(&self, incoming: &Incoming) -> bool {
        match incoming {
            Incoming::Pressed { data, .. } => {
                callback::parse(data).is_some_and(|(verb, ..)| QUIET.contains(&verb))
            }
            Incoming::Written(written) => self.is_mere_talk(written),
            _ => false,
        }
    }

    /// Words in a group that mean nothing to the bot.
    fn is_mere_talk(&self, written: &Written) -> bool {
        written.place.is_group()
            && written.sender.as_ref().is_some_and(|sender| !sender.is_bot)
            && !written.edited
            && written.reply_to.is_none()
            && !written.text.starts_with('/')
            && !written.text.contains(super::binding::PAYLOAD)
            && !receipt::acknowledges(&written.text, &self.settings().rules.ack_words)
    }

    /// Before an input: forgets what it may change.
    pub(super) async fn before(&mut self, incoming: &Incoming) -> Result<()> {
        if self.leaves_ahead(incoming) {
            return Ok(());
        }
        self.keep_put_off().await?;
        self.ahead = Ahead::default();
        Ok(())
    }

    /// The receipts of students who press on a card.
    async fn read_receipts(&mut self, batch: &[Update]) -> Result<()> {
        let cards = self.ahead.shown.values().filter_map(|shown| match &shown.letter.message {
            Message::Card(card) => Some(card.leg),
            _ => None,
        });
        let ids: BTreeSet<i64> = cards.collect();
        if ids.is_empty() {
            return Ok(());
        }
        let ids: Vec<i64> = ids.into_iter().collect();
        let of_cards = legs::many(&mut self.tx, &ids).await?;
        let ids: BTreeSet<i64> = of_cards.iter().map(|leg| leg.directive).collect();
        let ids: Vec<i64> = ids.into_iter().collect();
        let of_legs = directives::many(&mut self.tx, &ids).await?;
        self.ahead.legs = of_cards.into_iter().map(|leg| (leg.id, leg)).collect();
        self.ahead.directives = of_legs.into_iter().map(|directive| (directive.id, directive)).collect();
        let owed: BTreeSet<Owed> = batch.iter().flat_map(|update| self.owed_by(update)).collect();
        let owed: Vec<Owed> = owed.into_iter().collect();
        self.ahead.receipts = owed.iter().map(|owed| (*owed, Vec::new())).collect();
        for standing in receipts::standing(&mut self.tx, &owed, MEMBERS).await? {
            self.ahead.receipts.entry(standing.owed).or_default().push(standing);
        }
        self.read_own_cards().await
    }

    /// Whether those people have cards of their own in private.
    async fn read_own_cards(&mut self) -> Result<()> {
        let standing: Vec<&Standing> = self.ahead.receipts.values().flatten().collect();
        let mut slots = Vec::with_capacity(standing.len());
        let mut legs_of: HashMap<i64, Vec<i64>> = HashMap::new();
        for standing in standing {
            legs_of.entry(standing.owed.subject).or_default().push(standing.leg);
        }
        for actor in self.ahead.actors.values().flatten() {
            let ids = actor.ids();
            for leg in ids.iter().filter_map(|id| legs_of.get(id)).flatten() {
                slots.extend(ids.iter().map(|id| own_slot(*leg, *id)));
            }
        }
        let found = messages::taken_slots(&mut self.tx, &slots).await?;
        self.ahead.own_cards = slots.into_iter().map(|slot| (slot.clone(), found.contains(&slot))).collect();
        Ok(())
    }

    fn owed_by(&self, update: &Update) -> Vec<Owed> {
        let Some(Incoming::Pressed { sender, data, .. }) = &update.incoming else { return Vec::new() };
        let leg = callback::parse(data).and_then(|(verb, handle, _)| {
            match &self.ahead.shown.get(&handle).filter(|_| verb == Verb::Ack)?.letter.message {
                Message::Card(card) => self.ahead.legs.get(&card.leg).filter(|leg| leg.tier == MEMBERS),
                _ => None,
            }
        });
        let directive = leg.and_then(|leg| self.ahead.directives.get(&leg.directive));
        let actor = self.ahead.actors.get(&sender.account).and_then(Option::as_ref);
        let (Some(directive), Some(actor)) = (directive, actor) else { return Vec::new() };
        let students = actor.posts.iter().filter(|post| post.role == Role::Student);
        let (directive, revision) = (directive.id, directive.revision);
        students.map(|post| Owed { directive, revision, subject: post.person }).collect()
    }

    /// The people behind an account, with their posts; `None` when nobody is bound to it.
    pub(super) async fn actor(&mut self, account: i64) -> Result<Option<Actor>> {
        if let Some(known) = self.ahead.actors.get(&account) {
            return Ok(known.clone());
        }
        let school = self.school_locale();
        people::actor(&mut self.tx, account, school).await
    }

    /// Whether it is known that the present bot serves an account and can write to it.
    pub(super) fn is_met(&self, account: i64) -> bool {
        self.ahead.started.contains(&account)
    }

    /// The message of a button. A card is pressed by many; others are given once, since the press may change them.
    pub(super) async fn shown(&mut self, handle: i64) -> Result<Option<Shown>> {
        let known = match self.ahead.shown.get(&handle).map(|shown| &shown.letter.message) {
            Some(Message::Card(_)) => self.ahead.shown.get(&handle).cloned(),
            Some(_) => self.ahead.shown.remove(&handle),
            None => None,
        };
        match known {
            Some(known) => Ok(Some(known)),
            None => messages::by_id(&mut self.tx, &self.engine.sealer, handle).await,
        }
    }

    /// A group, following a move to a supergroup.
    pub(super) async fn group_chat(&mut self, chat: i64) -> Result<Option<Chat>> {
        match self.ahead.chats.get(&chat) {
            Some(known) => Ok(Some(known.clone())),
            None => chats::get(&mut self.tx, chat).await,
        }
    }

    /// Whether an account (by chat and account) was seen there, and when last.
    pub(super) async fn last_seen_in(&mut self, key: (i64, i64)) -> Result<Option<(bool, Time)>> {
        match self.ahead.seen.get(&key) {
            Some(known) => Ok(*known),
            None => Ok(members::last_seen(&mut self.tx, &[key]).await?.remove(&key)),
        }
    }

    /// An account is in a chat.
    pub(super) async fn is_inside(&mut self, inside: Inside) -> Result<()> {
        let now = self.now;
        let Some(seen) = self.ahead.seen.get_mut(&(inside.chat, inside.account)) else {
            return members::inside(&mut self.tx, &self.engine.sealer, &[inside], now).await;
        };
        *seen = Some((true, now));
        self.ahead.inside.push(inside);
        Ok(())
    }

    /// The leg of a card.
    pub(super) async fn leg(&mut self, id: i64) -> Result<Option<Leg>> {
        match self.ahead.legs.get(&id) {
            Some(known) => Ok(Some(known.clone())),
            None => legs::get(&mut self.tx, id).await,
        }
    }

    /// A directive that something in the database points to.
    pub(super) async fn directive(&mut self, id: i64) -> Result<Directive> {
        match self.ahead.directives.get(&id) {
            Some(known) => Ok(known.clone()),
            None => directives::known(&mut self.tx, id).await,
        }
    }

    /// Acknowledges whatever of this is still open: (leg, subject, late).
    pub(super) async fn give_receipts(&mut self, ack: &Ack<'_>) -> Result<Vec<(i64, i64, bool)>> {
        let now = self.now;
        let Some(standing) = self.ahead.standing(ack) else {
            self.keep_put_off().await?;
            return receipts::ack(&mut self.tx, *ack, now).await;
        };
        let mut fresh = Vec::new();
        for owed in standing {
            for standing in self.ahead.receipts.get_mut(&owed).into_iter().flatten() {
                if standing.acked.is_some() {
                    continue;
                }
                standing.acked = Some((now, Some(ack.by)));
                let late = standing.due_at.is_some_and(|due| due < now);
                fresh.push((standing.leg, owed.subject, late));
                self.ahead.given.push(Given {
                    leg: standing.leg,
                    revision: owed.revision,
                    subject: owed.subject,
                    by: ack.by,
                    way: ack.way.to_owned(),
                    late,
                });
            }
        }
        Ok(fresh)
    }

    /// When the first of these receipts was given, and by whom, if it was.
    pub(super) async fn given_before(&mut self, ack: &Ack<'_>) -> Result<Option<(Time, Option<i64>)>> {
        if let Some(standing) = self.ahead.standing(ack) {
            let all = standing.iter().filter_map(|owed| self.ahead.receipts.get(owed)).flatten();
            return Ok(all.filter_map(|standing| standing.acked).min_by_key(|(at, _)| *at));
        }
        let before = receipts::acked(&mut self.tx, ack).await?;
        Ok(before.into_iter().next().map(|(_, at, by)| (at, by)))
    }

    /// Keeps what was put off so that one statement keeps it for all.
    pub(super) async fn keep_put_off(&mut self) -> Result<()> {
        let now = self.now;
        let given = std::mem::take(&mut self.ahead.given);
        if !given.is_empty() {
            receipts::keep(&mut self.tx, &given, now).await?;
        }
        let counts = std::mem::take(&mut self.ahead.counts);
        if !counts.is_empty() {
            legs::count(&mut self.tx, &counts).await?;
        }
        let inside = std::mem::take(&mut self.ahead.inside);
        if !inside.is_empty() {
            members::inside(&mut self.tx, &self.engine.sealer, &inside, now).await?;
        }
        Ok(())
    }
}

impl Ahead {
    /// Nothing was read ahead: nothing is put off either.
    pub(super) fn is_empty(&self) -> bool {
        self.actors.is_empty()
    }

    /// A receipt was given: it is to be added to the counts of its leg.
    pub(super) fn count(&mut self, leg: i64, late: bool) {
        let count = self.counts.entry(leg).or_default();
        count.0 += 1;
        count.1 += usize::from(late);
    }

    /// Whether it is known that nobody has a card in this slot.
    pub(super) fn has_no_card(&self, slot: &str) -> bool {
        self.own_cards.get(slot) == Some(&false)
    }

    /// The receipts of an acknowledgement, if all of them were read ahead.
    fn standing(&self, ack: &Ack<'_>) -> Option<Vec<Owed>> {
        if ack.kind != receipts::kind(Counted::Students) || ack.tier != MEMBERS || ack.recorded_by.is_some() {
            return None;
        }
        let (directive, revision) = (ack.directive, ack.revision);
        let owed = ack.subjects.iter().map(|subject| Owed { directive, revision, subject: *subject });
        let owed: Vec<Owed> = owed.collect();
        owed.iter().all(|owed| self.receipts.contains_key(owed)).then_some(owed)
    }
}
