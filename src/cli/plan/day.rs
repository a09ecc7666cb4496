//! `plan --date`: every prompt, reminder, report upward, confirmation, sign-off and digest of a day if nobody answers, by
//! the same rules and queries that will do it. The day is opened in a transaction that is never committed.

use std::io::Write;

use chrono::{Days, NaiveDate, NaiveTime, TimeDelta};

use crate::app::day_policy;
use crate::cli::{Context, Failure, Outcome};
use crate::config::Config;
use crate::domain::calendar::{Calendar, Cron};
use crate::domain::checkin::GuardianReports;
use crate::domain::checkin::{DayStep, day_id, is_checkin_day, plan};
use crate::domain::directive::{GUARDIANS, MEMBERS};
use crate::domain::message::{Locale, Time};
use crate::store::checkin::asking::{self, Whom};
use crate::store::checkin::days::{self, DayRules};
use crate::store::checkin::{expected, silent, units};
use crate::store::{self, Tx, chats, people};

/// Names that one line shows.
const NAMES: usize = 20;

/// Prints the plan of a day.
pub async fn run(date: Option<NaiveDate>, context: &Context) -> Outcome {
    let config = &context.config;
    let now = context.clock.now();
    let date = date.unwrap_or_else(|| config.calendar.date(now));
    let db = context.database().await?;
    let mut tx = db.begin().await?;
    let lines = match day(&mut tx, config, date, now).await? {
        Ok(rules) => lines(&mut tx, config, &rules).await?,
        Err(why) => vec![why],
    };
    // Nothing of this is kept.
    drop(tx);
    db.close().await;
    let mut out = std::io::stdout().lock();
    for line in lines {
        writeln!(out, "{line}").map_err(Failure::failed)?;
    }
    Ok(())
}

/// The day as it is open, or as it would open; else why there is none.
async fn day(
    tx: &mut Tx,
    config: &Config,
    date: NaiveDate,
    now: Time,
) -> store::Result<std::result::Result<DayRules, String>> {
    let (id, calendar, checkin) = (day_id(date), &config.calendar, &config.checkin);
    if let Some(rules) = days::rules(tx, id).await? {
        return Ok(Ok(rules));
    }
    if people::root(tx).await?.is_none() {
        return Ok(Err("there is no roster yet: nobody is asked".to_owned()));
    }
    if !is_checkin_day(calendar, checkin.calendar, date) {
        return Ok(Err(format!("{date}: no check-in, it is a weekend or holiday of the calendar")));
    }
    let Some(slot) = first_slot(calendar, &checkin.open, date) else {
        return Ok(Err(format!("{date}: no check-in, checkin.open has no moment on that day")));
    };
    let deadline = calendar.instant(date, checkin.deadline);
    if deadline <= now {
        return Ok(Err(format!("{date}: no check-in was opened, and its deadline has passed")));
    }
    let rules = DayRules {
        id,
        date,
        form: checkin.form.clone(),
        policy: day_policy(config),
        opened_at: slot.max(now),
        deadline_at: deadline,
    };
    days::open(tx, &rules).await?;
    expected::everyone(tx, id).await?;
    units::everywhere(tx, id).await?;
    units::count_all(tx, id).await?;
    Ok(Ok(rules))
}

/// The first slot of a schedule on a local date.
fn first_slot(calendar: &Calendar, cron: &Cron, date: NaiveDate) -> Option<Time> {
    let before = calendar.instant(date, NaiveTime::MIN) - TimeDelta::seconds(1);
    calendar.next_cron(cron, before).filter(|slot| calendar.date(*slot) == date)
}

fn slots(calendar: &Calendar, cron: &Cron, date: NaiveDate) -> Vec<Time> {
    let end = calendar.instant(date + Days::new(1), NaiveTime::MIN);
    let mut after = calendar.instant(date, NaiveTime::MIN) - TimeDelta::seconds(1);
    let mut all = Vec::new();
    while let Some(slot) = calendar.next_cron(cron, after).filter(|slot| *slot < end) {
        all.push(slot);
        after = slot;
    }
    all
}

async fn lines(tx: &mut Tx, config: &Config, day: &DayRules) -> store::Result<Vec<String>> {
    let calendar = &config.calendar;
    let total = units::total(tx, day.id, "/").await?;
    let mut events: Vec<(Time, String)> =
        vec![(day.opened_at, format!("opens: {} people are expected to report", total.expected))];
    events.push((day.deadline_at, "is the deadline: reports are late from now on".to_owned()));
    for planned in plan(&day.policy, day.date, day.opened_at, calendar) {
        let at = if planned.what.presses() { released(config, planned.at) } else { planned.at };
        let mut words = what(tx, config, day, planned.what).await?;
        if at > planned.at {
            words = format!(
                "{words} (waits from {} for the end of quiet hours)",
                calendar.format_local(planned.at)
            );
        }
        events.push((at, words));
    }
    for cron in &config.report.digest {
        for slot in slots(calendar, cron, day.date) {
            let chat = chats::bound(tx).await?.into_iter().find(|chat| {
                !chat.removed && chat.tier.as_deref() == config.roster.tiers.first().map(String::as_str)
            });
            let place =
                chat.map_or("no school chat is bound".to_owned(), |chat| format!("in {:?}", chat.title));
            let whom = responsible(tx, day, 0).await?;
            events.push((
                slot,
                format!("sends the digest {place}, and in private with the workbook to {whom}"),
            ));
        }
    }
    events.sort_by_key(|(at, _)| *at);
    let mut lines = vec![format!("The check-in of {} ({}), if nobody answers:", day.date, calendar.timezone)];
    lines.extend(events.into_iter().map(|(at, words)| format!("{}  {words}", calendar.format_local(at))));
    Ok(lines)
}

/// When what presses people may go out.
fn released(config: &Config, at: Time) -> Time {
    if config.checkin.calendar {
        return config.calendar.open_from(at);
    }
    config.calendar.quiet_until(at).unwrap_or(at)
}

async fn what(tx: &mut Tx, config: &Config, day: &DayRules, step: DayStep) -> store::Result<String> {
    let tier = |at: usize| config.roster.tiers.get(at).map_or("", String::as_str);
    Ok(match step {
        DayStep::AskGroups => ask_groups(tx, config, day).await?,
        DayStep::AskPrivate => {
            format!("asks in private: {}", askers(tx, day, &[], &[]).await?)
        }
        DayStep::Remind => format!("reminds in private: {}", askers(tx, day, &[], &[]).await?),
        DayStep::Escalate { to } => {
            format!("reports who is missing to tier {}: {}", tier(to), responsible(tx, day, to).await?)
        }
        DayStep::AskConfirm { tier: of } => {
            format!("asks for the figures of tier {}: {}", tier(of), responsible(tx, day, of).await?)
        }
        DayStep::RemindConfirm { tier: of } => {
            format!("reminds of the figures of tier {}: {}", tier(of), responsible(tx, day, of).await?)
        }
        DayStep::EscalateConfirm { tier: of } => {
            let above = of.saturating_sub(1);
            format!(
                "reports unconfirmed figures of tier {} to tier {}: {}",
                tier(of),
                tier(above),
                responsible(tx, day, above).await?
            )
        }
        DayStep::AskSign => format!("asks for the sign-off: {}", named(silent::signers(tx).await?)),
        DayStep::EscalateSign => {
            format!("reports the unsigned day to {}", responsible(tx, day, 0).await?)
        }
        DayStep::EscalateFile => {
            format!("reports the day not filed to {}", responsible(tx, day, 0).await?)
        }
    })
}

async fn ask_groups(tx: &mut Tx, config: &Config, day: &DayRules) -> store::Result<String> {
    let guardians = day.policy.guardian_reports == GuardianReports::Always;
    let tier = config.roster.tiers.get(if guardians { GUARDIANS } else { MEMBERS });
    let all = units::below(tx, day.id, "/").await?;
    let mut chats_asked = 0;
    let mut covered = Vec::new();
    for chat in chats::bound(tx).await?.into_iter().filter(|chat| !chat.removed && chat.tier.as_ref() == tier)
    {
        let Some(unit) = all.iter().find(|unit| Some(unit.unit) == chat.unit) else { continue };
        chats_asked += 1;
        let below = all.iter().filter(|class| class.tier == MEMBERS && class.path.starts_with(&unit.path));
        covered.extend(below.map(|class| class.unit));
    }
    let (classes, guarded): (&[i64], &[i64]) = if guardians { (&[], &covered) } else { (&covered, &[]) };
    let kind = if guardians { "guardians'" } else { "class" };
    let private = askers(tx, day, classes, guarded).await?;
    Ok(format!("asks in {chats_asked} {kind} chats; in private at once: {private}"))
}

async fn askers(tx: &mut Tx, day: &DayRules, classes: &[i64], guarded: &[i64]) -> store::Result<String> {
    let reports = day.policy.guardian_reports;
    let whom = Whom { day: day.id, reports, path: "/", fresh: false, classes, guarded };
    let asks = asking::to_ask(tx, whom, 0, 10_000_000).await?;
    let accounts: std::collections::BTreeSet<i64> = asks.iter().map(|ask| ask.account).collect();
    Ok(format!("{} people, for {} who are missing", accounts.len(), asks.len()))
}

/// Those responsible at a tier for whoever is missing, as those are who can be reached.
async fn responsible(tx: &mut Tx, day: &DayRules, tier: usize) -> store::Result<String> {
    let all = units::below(tx, day.id, "/").await?;
    let sums = units::with_below(&all);
    let owing = all.iter().filter(|unit| unit.tier == tier && sums[&unit.unit].expected > 0);
    let ids: Vec<i64> = owing.map(|unit| unit.unit).collect();
    let posts = silent::responsible(tx, &ids).await?;
    let people: std::collections::BTreeSet<i64> = posts.iter().map(|(_, person)| *person).collect();
    let people: Vec<i64> = people.into_iter().collect();
    let who = people::addressees(tx, &people, Locale::En).await?;
    let alone: Vec<&i64> = ids
        .iter()
        .filter(|unit| {
            let reached = |person: &i64| who.iter().any(|who| who.person == *person && who.reachable);
            !posts.iter().any(|(of, person)| of == *unit && reached(person))
        })
        .collect();
    let mut words = named(who.into_iter().map(|who| (who.name, who.code)).collect());
    if !alone.is_empty() && tier > 0 {
        words = format!("{words}; for {} units without anybody to be reached, one tier up", alone.len());
    }
    Ok(words)
}

fn named(people: Vec<(String, String)>) -> String {
    if people.is_empty() {
        return "nobody".to_owned();
    }
    let count = people.len();
    let shown: Vec<String> =
        people.into_iter().take(NAMES).map(|(name, code)| format!("{name} ({code})")).collect();
    let more = count.saturating_sub(NAMES);
    let shown = shown.join(", ");
    if more > 0 { format!("{count} people: {shown} and {more} more") } else { shown }
}
