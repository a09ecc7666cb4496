//! `/today`: everything that waits for a person, in one message.

use std::collections::BTreeSet;

use crate::domain::authority::{Act, charges, grant};
use crate::domain::message::{Message, Number, RelayState, TodayItem};
use crate::domain::person::Actor;
use crate::domain::split::title;
use crate::engine::Work;
use crate::engine::work::Manner;
use crate::store::Result;
use crate::store::reading::{self, Duty};

/// What fits one message with its buttons.
const ITEMS: usize = 20;

impl Work<'_> {
    /// `/today`.
    pub(in crate::engine) async fn today(&mut self, actor: &Actor) -> Result<()> {
        let items = self.today_items(actor).await?;
        let to = self.private(actor);
        let manner = Manner::answer().about(format!("today:{}", actor.account), "today", 0);
        self.say(to, manner.owned_by(actor.first().id), Message::Today { items });
        Ok(())
    }

    async fn today_items(&mut self, actor: &Actor) -> Result<Vec<TodayItem>> {
        let mut owed: Vec<_> = self.due_items(&actor.ids()).await?.into_values().flatten().collect();
        owed.sort_by_key(|item| (item.due.is_none(), item.due, item.leg));
        owed.dedup_by_key(|item| item.leg);
        let waiting: BTreeSet<Number> = owed.iter().map(|item| item.number).collect();
        let mut items: Vec<TodayItem> = owed.into_iter().map(TodayItem::Ack).collect();
        let mut units: Vec<i64> = charges(actor).iter().map(|post| post.unit.id).collect();
        units.dedup();
        if !units.is_empty() {
            self.duties_of(actor, &units, &waiting, &mut items).await?;
        }
        items.splice(0..0, self.alert_items(actor).await?);
        items.truncate(ITEMS);
        Ok(items)
    }

    /// What waits for those responsible. What they have not acknowledged themselves comes after that.
    async fn duties_of(
        &mut self,
        actor: &Actor,
        units: &[i64],
        waiting: &BTreeSet<Number>,
        items: &mut Vec<TodayItem>,
    ) -> Result<()> {
        let may = |act, duty: &Duty| grant(actor, act, &duty.unit).is_some();
        let relays = reading::relays(&mut self.tx, units).await?;
        items.extend(relays.into_iter().filter(|duty| may(Act::Relay, duty)).map(relay));
        let reviews = reading::reviews(&mut self.tx, units).await?;
        items.extend(reviews.into_iter().filter(|duty| may(Act::JudgeDone, duty)).map(review));
        let duties = reading::duties(&mut self.tx, units).await?;
        let due = |duty: &Duty| may(Act::ReportDone, duty) && !waiting.contains(&duty.number);
        items.extend(duties.into_iter().filter(due).map(done));
        for admission in reading::admissions(&mut self.tx, units, &actor.ids()).await? {
            // The same question as at the press: a colleague's claim is for the tier above to judge.
            if self.may_admit(actor, admission.claimed).await? {
                let (person, shown_name) = (admission.person, admission.shown_name);
                items.push(TodayItem::Admission { admission: admission.id, person, shown_name });
            }
        }
        Ok(())
    }
}

fn relay(duty: Duty) -> TodayItem {
    let title = title(&duty.head);
    let relay = duty.relay_at.map_or(RelayState::Waiting, RelayState::At);
    TodayItem::Relay { leg: duty.leg, number: duty.number, title, unit: duty.unit.name, relay }
}

fn done(duty: Duty) -> TodayItem {
    TodayItem::Done { leg: duty.leg, number: duty.number, title: title(&duty.head), unit: duty.unit.name }
}

fn review(duty: Duty) -> TodayItem {
    TodayItem::Review { leg: duty.leg, number: duty.number, title: title(&duty.head), unit: duty.unit.name }
}
