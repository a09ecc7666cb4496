//! Alerts (C7, C8, E2): raised by a report or by `/urgent`, told at once in private to those who handle them.

mod ask;
mod card;
mod handle;
mod steps;
mod today;

use chrono::TimeDelta;
use serde_json::json;

use crate::domain::alert::{Alert, Entry, Event, Reason};
use crate::domain::form::{Level, Rule};
use crate::domain::message::{AlertHead, AlertMessage, Class, Message, Repeat};
use crate::domain::roster::Role;
use crate::engine::Work;
use crate::engine::work::Manner;
use crate::store::alerts::{self, AlertId};
use crate::store::checkin::days::DayRules;
use crate::store::checkin::expected::PersonDay;
use crate::store::people::{self, Addressee};
use crate::store::{Error, Result};

/// The kind of the timers of alerts.
pub(in crate::engine) const TIMER: &str = "alert";

/// What raises an alert.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::engine) struct Raised {
    pub day: i64,
    pub person: i64,
    /// Where the person belongs to.
    pub unit: i64,
    /// Who reported it; 0: not known.
    pub by: i64,
    pub reasons: Vec<Reason>,
    /// In what time an authority must be told (C8).
    pub within: Option<TimeDelta>,
}

/// An alert with its record, held until the transaction ends.
struct Case {
    id: AlertId,
    alert: Option<Alert>,
    record: Vec<Entry>,
}

/// Somebody who is told, with the tier of their post.
type Told = (Addressee, Option<usize>);

fn slot(alert: i64) -> String {
    format!("alert:{alert}")
}

impl Work<'_> {
    /// What the rules that hold bring about; the names of who was told at once.
    pub(in crate::engine) async fn judge_report(
        &mut self,
        day: &DayRules,
        before: &PersonDay,
        rules: &[Rule],
    ) -> Result<Vec<String>> {
        let urgent = || rules.iter().filter(|rule| rule.level == Level::Urgent);
        let reasons: Vec<Reason> = urgent().map(|rule| Reason::Rule(rule.why.clone())).collect();
        if reasons.is_empty() {
            self.says_it_no_more(day.id, before.person).await?;
            return Ok(Vec::new());
        }
        let within = urgent().filter_map(|rule| rule.report_within).min();
        let (day, person, unit) = (day.id, before.person, before.unit);
        self.raise(Raised { day, person, unit, by: 0, reasons, within }).await
    }

    /// Raises an alert, or adds to the one there is about this person on this day. Returns the names of who knows.
    pub(in crate::engine) async fn raise(&mut self, raised: Raised) -> Result<Vec<String>> {
        let now = self.now;
        let key = (raised.day, raised.person);
        let id = alerts::find_or_make(&mut self.tx, &self.engine.sealer, key, raised.unit, now).await?;
        let mut case = self.alert_case(id).await?;
        let Raised { by, reasons, within, .. } = raised;
        let opened = self.happens(&mut case, (by, None), Event::Opened { reasons: reasons.clone() }).await?;
        let updated = !opened && self.happens(&mut case, (by, None), Event::Updated { reasons }).await?;
        if opened {
            self.watch_over(&case);
        }
        if let Some(within) = within {
            self.start_clock(&mut case, within).await?;
        }
        let people = self.alert_audience(&id).await?;
        if opened || updated {
            let (head, act) =
                if opened { (AlertHead::New, "alert.open") } else { (AlertHead::Updated, "alert.update") };
            let detail = json!({ "day": id.day, "person": id.person, "by": by });
            self.record(None, act, slot(id.id), detail);
            self.refresh_cards(&case).await?;
            self.inform_of_alert(&mut case, &people, head).await?;
            self.recheck_confirmation(id.day, id.unit).await?;
        }
        Ok(people.into_iter().map(|(who, _)| who.name).collect())
    }

    /// A later report does not say it any more: shown to those who handle the alert, which stays open until verified.
    async fn says_it_no_more(&mut self, day: i64, person: i64) -> Result<()> {
        let Some(id) = alerts::find(&mut self.tx, day, person).await? else { return Ok(()) };
        let mut case = self.alert_case(id).await?;
        if self.happens(&mut case, (0, None), Event::Corrected).await? {
            self.refresh_cards(&case).await?;
        }
        Ok(())
    }

    /// As alerts are said: at once, in quiet hours as well, for half a day; kept no longer than answers are.
    fn alert_manner(&self, alert: i64) -> Manner {
        Manner {
            class: Class::Urgent,
            repeat: Repeat::Marked,
            fresh_for: TimeDelta::hours(12),
            lives: self.settings().checkin.answers_kept,
            ..Manner::answer().about(slot(alert), "alert", alert)
        }
    }

    async fn alert_case(&mut self, id: AlertId) -> Result<Case> {
        let record = alerts::record(&mut self.tx, &self.engine.sealer, id.id).await?;
        Ok(Case { id, alert: Alert::replay(&record), record })
    }

    /// Lets something happen to an alert, if it may; whether it did. `who`: the person and the tier of their post.
    async fn happens(&mut self, case: &mut Case, who: (i64, Option<usize>), event: Event) -> Result<bool> {
        let (person, tier) = who;
        let entry = Entry { at: self.now, person, tier, event };
        if !Alert::take(&mut case.alert, &entry) {
            return Ok(false);
        }
        let alert = case.known()?;
        let (id, seq) = (case.id.id, case.record.len());
        alerts::add(&mut self.tx, &self.engine.sealer, id, seq, &entry, alert).await?;
        case.record.push(entry);
        Ok(true)
    }

    /// Who is told at once: those responsible from the person's unit upward, the office of the school, and whoever
    /// follows the person or a unit above. Where none of them can be reached, the leaders.
    async fn alert_audience(&mut self, id: &AlertId) -> Result<Vec<Told>> {
        let locale = self.school_locale();
        let unit = people::unit_known(&mut self.tx, id.unit).await?;
        let mut found: Vec<Told> = Vec::new();
        let mut at = Some(unit.clone());
        while let Some(unit) = at {
            let roles = if unit.tier == 0 { &[Role::Office] } else { people::responsible_roles(unit.tier) };
            let holders = people::holders(&mut self.tx, unit.id, roles, locale).await?;
            found.extend(holders.into_iter().map(|who| (who, Some(unit.tier))));
            at = match unit.parent {
                Some(parent) => Some(people::unit_known(&mut self.tx, parent).await?),
                None => None,
            };
        }
        let followers = alerts::followers(&mut self.tx, id.person, &unit).await?;
        for who in people::addressees(&mut self.tx, &followers, locale).await? {
            let posts = people::posts_of(&mut self.tx, who.person).await?;
            found.push((who, posts.first().map(|post| post.unit.tier)));
        }
        let found = to_be_told(found, id);
        if found.is_empty() { self.alert_leaders(id).await } else { Ok(found) }
    }

    /// The leaders of the school.
    async fn alert_leaders(&mut self, id: &AlertId) -> Result<Vec<Told>> {
        let locale = self.school_locale();
        let Some(root) = people::root(&mut self.tx).await? else { return Ok(Vec::new()) };
        let leaders = people::holders(&mut self.tx, root.id, &[Role::Leader], locale).await?;
        Ok(to_be_told(leaders.into_iter().map(|who| (who, Some(root.tier))).collect(), id))
    }

    /// Sends the alert to these people; that each saw it is kept in its record and in the audit.
    async fn inform_of_alert(&mut self, case: &mut Case, people: &[Told], head: AlertHead) -> Result<()> {
        let card = self.alert_card(&case.id, case.known()?, head).await?;
        for (who, tier) in people {
            let Some(to) = self.addressee(who) else { continue };
            let message = Message::Alert(AlertMessage::Card(Box::new(card.clone())));
            let manner = self.alert_manner(case.id.id).owned_by(who.person);
            self.say(to, manner, message);
            self.happens(case, (who.person, *tier), Event::Informed).await?;
            self.record(None, "alert.sight", slot(case.id.id), json!({ "person": who.person }));
        }
        if people.is_empty() {
            tracing::error!(alert = case.id.id, "nobody who handles alerts can be reached");
        }
        Ok(())
    }
}

impl Case {
    /// How it stands: there is no case without it having been raised.
    fn known(&self) -> Result<&Alert> {
        self.alert.as_ref().ok_or_else(|| Error::Corrupt(format!("alert {} was never raised", self.id.id)))
    }
}

/// Each once, who can be reached, and never the person it is about.
fn to_be_told(mut all: Vec<Told>, id: &AlertId) -> Vec<Told> {
    let mut seen = Vec::new();
    all.retain(|(who, _)| {
        let fresh = who.reachable && who.person != id.person && !seen.contains(&who.person);
        seen.push(who.person);
        fresh
    });
    all
}
