//! What happens while answers are missing: remind, escalate, relay anyway (B3).

use crate::domain::directive::{Directive, LegState, State};
use crate::domain::escalation::{self, REPETITIONS};
use crate::domain::message::Time;
use crate::domain::policy::Action;
use crate::engine::Work;
use crate::store::legs::{self, Leg};
use crate::store::timers::Timer;
use crate::store::{Error, Result, directives, roster, timers};

impl Work<'_> {
    /// Fires a timer.
    pub(in crate::engine) async fn fire(&mut self, timer: &Timer) -> Result<()> {
        match timer.kind.as_str() {
            "step" => self.fire_step(timer).await,
            "relay" => self.fire_relay(timer).await,
            roster::CHANGED => self.fire_roster(timer).await,
            other => Err(Error::Corrupt(format!("a timer of kind {other}"))),
        }
    }

    async fn fire_step(&mut self, timer: &Timer) -> Result<()> {
        let now = self.now;
        let Some((directive, leg)) = self.still_open(timer).await? else {
            return timers::finish(&mut self.tx, timer.id, "nothing left", now).await;
        };
        let released = self.settings().calendar.open_from(now);
        if !directive.urgent && released > now {
            // Judged again when it is released: by then most have answered.
            return timers::hold(&mut self.tx, timer.id, released, "held for quiet hours or a free day")
                .await;
        }
        let Some((action, level)) = planned_action(&directive, &leg, timer.step) else {
            return timers::finish(&mut self.tx, timer.id, "no such step", now).await;
        };
        let note = match action {
            Action::RemindGroup => self.remind_group(&directive, &leg).await?,
            Action::RemindPrivate => {
                self.remind_missing(&directive, &leg, every_of(&directive, timer.step)).await?
            }
            Action::Escalate => self.escalate(&directive, &leg, level).await?,
            Action::RelayAnyway => self.relay_anyway(&directive, &leg).await?,
        };
        timers::finish(&mut self.tx, timer.id, &note, now).await
    }

    /// The directive and leg of a timer, if anything is still missing there.
    async fn still_open(&mut self, timer: &Timer) -> Result<Option<(Directive, Leg)>> {
        let Some(leg) = legs::get(&mut self.tx, timer.subject).await? else { return Ok(None) };
        let directive = directives::known(&mut self.tx, leg.directive).await?;
        let running = directive.state == State::Sent && directive.revision == timer.version;
        let open = leg.state == LegState::Arrived && leg.missing() > 0;
        Ok((running && open).then_some((directive, leg)))
    }

    /// The chain is not held up by one person: what still waits below goes down.
    async fn relay_anyway(&mut self, directive: &Directive, leg: &Leg) -> Result<String> {
        let mut relayed = 0;
        for child in legs::children(&mut self.tx, leg.id).await? {
            if child.state == LegState::Waiting {
                self.arrive(directive, &child, None, "anyway").await?;
                self.refresh_duties(directive, child.unit).await?;
                relayed += 1;
            }
        }
        Ok(format!("relayed {relayed} legs anyway"))
    }
}

/// The pause between the repetitions of a step.
fn every_of(directive: &Directive, step: i64) -> Option<chrono::TimeDelta> {
    let index = usize::try_from(step / REPETITIONS).ok()?;
    directive.fixed.as_ref()?.policy.steps.get(index)?.every
}

/// What a step of a leg does, and for an escalation how many tiers up.
fn planned_action(directive: &Directive, leg: &Leg, step: i64) -> Option<(Action, u32)> {
    let fixed = directive.fixed.as_ref()?;
    let (arrived, due): (Time, Time) = (leg.arrived_at?, leg.due_at?);
    let planned = escalation::plan_within(&fixed.policy.steps, due - arrived, arrived);
    let index = usize::try_from(step / REPETITIONS).ok()?;
    planned.into_iter().find(|planned| planned.step == index).map(|planned| (planned.action, planned.level))
}
