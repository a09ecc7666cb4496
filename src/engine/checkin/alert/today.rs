//! Alerts in `/today`, and whose report is to be watched.

use serde_json::json;

use super::slot;
use crate::domain::authority::{Act, charges, grant};
use crate::domain::message::{AlertHead, AlertMessage, Message, Toast, TodayItem, Watched};
use crate::domain::person::Actor;
use crate::engine::Work;
use crate::engine::press::Press;
use crate::store::checkin::days::DayRules;
use crate::store::{Result, alerts, people};

impl Work<'_> {
    /// The alerts that wait for this actor: nobody is on them, or the actor is. Then whose report is to be watched.
    pub(in crate::engine) async fn alert_items(&mut self, actor: &Actor) -> Result<Vec<TodayItem>> {
        let mut open = alerts::open_followed(&mut self.tx, &actor.ids()).await?;
        for post in charges(actor) {
            open.extend(alerts::open_below(&mut self.tx, &post.unit.path).await?);
        }
        open.retain(|alert| !actor.is(alert.person) && alert.taken_by.is_none_or(|by| actor.is(by)));
        open.sort_by_key(|alert| (alert.opened_at, alert.id));
        open.dedup_by_key(|alert| alert.id);
        let ids: Vec<i64> = open.iter().map(|alert| alert.person).collect();
        let names = people::names(&mut self.tx, &ids).await?;
        let mut items: Vec<TodayItem> = open
            .into_iter()
            .map(|alert| TodayItem::Alert {
                alert: alert.id,
                name: names.get(&alert.person).cloned().unwrap_or_default(),
                unit: alert.unit_name,
                taken: alert.taken_by.is_some(),
            })
            .collect();
        items.extend(self.watch_items(actor).await?);
        Ok(items)
    }

    async fn watch_items(&mut self, actor: &Actor) -> Result<Vec<TodayItem>> {
        let Some(day) = self.current_day().await? else { return Ok(Vec::new()) };
        let mut units: Vec<_> = charges(actor).into_iter().map(|post| post.unit.clone()).collect();
        units.retain(|unit| grant(actor, Act::ReadAnswers, unit).is_some());
        units.dedup_by_key(|unit| unit.id);
        let mut items = Vec::new();
        for unit in units {
            let people = self.watched_of(actor, &day, unit.id).await?;
            if !people.is_empty() {
                items.push(TodayItem::Watch { unit: unit.name, people });
            }
        }
        Ok(items)
    }

    /// Those of a unit whose report of a day is to be watched, for who may read its answers. Audited.
    async fn watched_of(&mut self, actor: &Actor, day: &DayRules, unit: i64) -> Result<Vec<Watched>> {
        let watched = alerts::watched(&mut self.tx, day.id, unit).await?;
        if watched.is_empty() {
            return Ok(Vec::new());
        }
        self.record(
            Some(actor),
            "watch.sight",
            format!("day:{}/unit:{unit}", day.id),
            json!({ "people": watched }),
        );
        let mut people = self.watched_people(day, &watched).await?;
        Ok(watched.iter().filter_map(|person| people.remove(person)).collect())
    }

    /// `open` in `/today`: the alert in a message of its own.
    pub(in crate::engine) async fn open_alert(&mut self, press: &Press<'_>) -> Result<Toast> {
        let Message::Today { items } = &press.shown.letter.message else { return Ok(Toast::Outdated) };
        let place = press.arg.and_then(|arg| usize::try_from(arg).ok());
        let Some(TodayItem::Alert { alert, .. }) = place.and_then(|place| items.get(place)) else {
            return Ok(Toast::Outdated);
        };
        let Some(id) = alerts::get(&mut self.tx, *alert).await? else { return Ok(Toast::Outdated) };
        let Some((person, _)) = self.alert_by(press.actor, &id).await? else {
            return Ok(Toast::Refused(crate::domain::message::Refusal::Verb(press.verb)));
        };
        let case = self.alert_case(id).await?;
        let card = self.alert_card(&id, case.known()?, AlertHead::Opened).await?;
        let to = self.private(press.actor);
        let message = Message::Alert(AlertMessage::Card(Box::new(card)));
        let manner = self.alert_manner(id.id).owned_by(person);
        self.say(to, manner, message);
        self.record(Some(press.actor), "alert.sight", slot(id.id), json!({ "person": person }));
        Ok(Toast::Quiet)
    }
}
