//! `plan`: what will happen, and to whom, if nobody answers. Sends nothing.

mod day;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::Write;

use chrono::NaiveDate;
use clap::{Args, Subcommand};

use super::{Context, Failure, Outcome};
use crate::config::Config;
use crate::domain::directive::{Directive, Fixed, LegState, PlannedLeg, State, plan_legs};
use crate::domain::escalation::forecast::{Event, Forecast, forecast};
use crate::domain::message::{Counted, Locale, Number, Time};
use crate::domain::person::UnitRef;
use crate::domain::policy::Action;
use crate::store::{self, Tx, chats, people};

#[derive(Args)]
pub struct Arguments {
    /// The day of the check-in; today when left out
    #[arg(long)]
    date: Option<NaiveDate>,
    #[command(subcommand)]
    of: Option<Of>,
}

#[derive(Subcommand)]
enum Of {
    /// A directive that the unit issues now, to all below it
    Directive {
        /// The code of the unit that issues it
        #[arg(long)]
        unit: String,
        /// By the policy of urgent directives
        #[arg(long)]
        urgent: bool,
    },
}

/// What is looked up once and printed with every line.
struct School<'c> {
    config: &'c Config,
    units: BTreeMap<i64, UnitRef>,
    legs: Vec<PlannedLeg>,
    directive: Directive,
}

/// Prints the plan.
pub async fn run(arguments: &Arguments, context: &Context) -> Outcome {
    let Some(Of::Directive { unit, urgent }) = &arguments.of else {
        return day::run(arguments.date, context).await;
    };
    let db = context.database().await?;
    let mut tx = db.read().await?;
    let Some(origin) = people::unit_by_code(&mut tx, unit).await? else {
        return Err(Failure::failed(format!("--unit {unit}: there is no such unit on the roster")));
    };
    let now = context.clock.now();
    let school = look_up(&mut tx, &context.config, &origin, *urgent).await?;
    let events = forecast(&school.directive, &school.legs, &context.config.calendar, now);
    let mut lines = Vec::with_capacity(events.len());
    for event in &events {
        lines.push(line(&mut tx, &school, event).await?);
    }
    drop(tx);
    db.close().await;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", heading(&school, now))?;
    for line in lines {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

async fn look_up<'c>(
    tx: &mut Tx,
    config: &'c Config,
    origin: &UnitRef,
    urgent: bool,
) -> store::Result<School<'c>> {
    let below = people::subtree(tx, origin, config.roster.tiers.len()).await?;
    let mut with_guardians = Vec::new();
    for chat in chats::bound(tx).await?.into_iter().filter(|chat| !chat.removed) {
        if config.roster.tiers.get(3).is_some_and(|guardians| chat.tier.as_ref() == Some(guardians)) {
            with_guardians.extend(chat.unit);
        }
    }
    let directive = sample(config, origin, urgent);
    let legs = plan_legs(&directive, origin, &below, |unit| with_guardians.contains(&unit));
    let mut units: BTreeMap<i64, UnitRef> = below.into_iter().map(|unit| (unit.id, unit)).collect();
    for leg in &legs {
        // A class may share the guardians' chat of its college, which is not below it.
        if let Entry::Vacant(place) = units.entry(leg.unit) {
            place.insert(people::unit_known(tx, leg.unit).await?);
        }
    }
    Ok(School { config, units, legs, directive })
}

/// A directive as it would be sent now, as deep as it can go.
fn sample(config: &Config, origin: &UnitRef, urgent: bool) -> Directive {
    let rules = &config.directive;
    let fixed = Fixed {
        policy: rules.policy(urgent).clone(),
        counselors: rules.counselors,
        relay_delay: rules.relay_delay,
    };
    Directive {
        id: 0,
        number: Number { year: 0, number: 0 },
        issuer: 0,
        origin: origin.id,
        origin_tier: origin.tier,
        text: String::new(),
        reference: String::new(),
        urgent,
        answer: true,
        depth: Some(config.roster.tiers.len() - 1),
        due_hours: None,
        attachments: Vec::new(),
        units: Vec::new(),
        copies: Vec::new(),
        fixed: Some(fixed),
        revision: 1,
        state: State::Draft,
        issued_at: None,
    }
}

fn heading(school: &School<'_>, now: Time) -> String {
    let calendar = &school.config.calendar;
    let kind = if school.directive.urgent { "urgent" } else { "normal" };
    let reached = school.legs.iter().filter(|leg| leg.state != LegState::End).count();
    format!(
        "A {kind} directive issued at {} ({}), to {reached} chats or units, if nobody answers:",
        calendar.format_local(now),
        calendar.timezone
    )
}

async fn line(tx: &mut Tx, school: &School<'_>, event: &Forecast) -> store::Result<String> {
    let leg = &school.legs[event.leg];
    let tier = school.config.roster.tiers.get(leg.tier).map_or("", String::as_str);
    let unit = &school.units[&leg.unit];
    let what = match event.event {
        Event::Arrives => format!("arrives {}", place(tx, leg.unit, tier).await?),
        Event::Due => format!("is due: {} must have acknowledged", counted(school, leg)),
        Event::Step(step) => match step.action {
            Action::RemindGroup => format!("reminds the missing {}", place(tx, leg.unit, tier).await?),
            Action::RemindPrivate => {
                format!(
                    "reminds in private: {} who have not (time {})",
                    counted(school, leg),
                    step.repetition
                )
            }
            Action::Escalate => format!("escalates to {}", told(tx, school, unit, step.level).await?),
            Action::RelayAnyway => "is relayed to the tier below although nobody relayed it".to_owned(),
        },
    };
    let at = school.config.calendar.format_local(event.at);
    Ok(format!("{at}  {tier} {} {:?}: {what}", unit.code, unit.name))
}

async fn place(tx: &mut Tx, unit: i64, tier: &str) -> store::Result<String> {
    let chat = chats::of_unit(tx, unit, tier).await?;
    Ok(chat.map_or_else(|| "in private (no chat is bound)".to_owned(), |chat| format!("in {:?}", chat.title)))
}

fn counted(school: &School<'_>, leg: &PlannedLeg) -> &'static str {
    match school.directive.counted(leg.tier) {
        Counted::Colleges => "the colleges' responsible persons",
        Counted::Classes => "one counselor for each class",
        Counted::Counselors => "all counselors",
        Counted::Students => "all students",
        Counted::Households => "one guardian for each student",
    }
}

/// Those responsible for the unit, or for the one above it at a higher level.
async fn told(tx: &mut Tx, school: &School<'_>, unit: &UnitRef, level: u32) -> store::Result<String> {
    let mut unit = unit.clone();
    for _ in 1..level {
        match unit.parent {
            Some(parent) => unit = people::unit_known(tx, parent).await?,
            None => break,
        }
    }
    let locale = Locale::from_tag(&school.config.school.locale).unwrap_or(Locale::ZhCn);
    let people = people::responsible(tx, &unit, locale).await?;
    if people.is_empty() {
        return Ok(format!("nobody: {} {:?} has no responsible person", unit.code, unit.name));
    }
    let names: Vec<String> = people.into_iter().map(|who| format!("{} ({})", who.name, who.code)).collect();
    Ok(names.join(", "))
}
