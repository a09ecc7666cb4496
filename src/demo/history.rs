//! The demo's past: two weeks of check-ins, so that `same` has something to repeat and the chart something to show.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, TimeDelta};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::app::App;
use crate::domain::checkin::{Way, day_id};
use crate::domain::form::{Answer, Answers};
use crate::domain::message::Time;
use crate::store::checkin::days::{self, DayRules};
use crate::store::checkin::expected::{self, Reported};
use crate::store::checkin::reports::{self, NewReport};
use crate::store::checkin::units;
use crate::store::{Result, Tx};

/// How many days are remembered; a large school remembers only yesterday.
const REMEMBERED: u64 = 13;
/// A school larger than this is large.
const LARGE: usize = 500;

/// How a unit with people of its own did on a day that was made up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastUnit {
    pub date: NaiveDate,
    /// The unit's code.
    pub unit: String,
    /// Of its own people.
    pub expected: usize,
    pub reported: usize,
}

/// Writes the days before `today` as if they had been lived through; returns how each unit did.
///
/// # Errors
/// When the database refuses.
pub async fn remember(app: &App, today: NaiveDate, students: usize, seed: u64) -> Result<Vec<PastUnit>> {
    let mut lots = StdRng::seed_from_u64(seed);
    let days = if students > LARGE { 1 } else { REMEMBERED };
    let mut tx = app.engine.db.begin().await?;
    let mut past = Vec::new();
    for back in (1..=days).rev() {
        past.extend(live_through(app, &mut tx, today - Days::new(back), back == 1, &mut lots).await?);
    }
    tx.commit().await?;
    Ok(past)
}

async fn live_through(
    app: &App,
    tx: &mut Tx,
    date: NaiveDate,
    answered: bool,
    lots: &mut StdRng,
) -> Result<Vec<PastUnit>> {
    let rules = rules(app, date);
    let mut lived = Vec::new();
    days::open(tx, &rules).await?;
    expected::everyone(tx, rules.id).await?;
    units::everywhere(tx, rules.id).await?;
    let everywhere = units::below(tx, rules.id, "/").await?;
    for unit in everywhere {
        let everybody = expected::of_unit(tx, rules.id, unit.unit).await?;
        let (expected, mut reported) = (everybody.len(), 0);
        for person in everybody {
            // About one in twenty is silent on any day.
            if lots.random_range(0..20) > 0 {
                let at = rules.opened_at + TimeDelta::minutes(lots.random_range(1..130));
                report(app, tx, &rules, person.person, at, answered).await?;
                reported += 1;
            }
        }
        if expected > 0 {
            lived.push(PastUnit { date, unit: unit.code, expected, reported });
        }
    }
    units::count_all(tx, rules.id).await?;
    Ok(lived)
}

fn rules(app: &App, date: NaiveDate) -> DayRules {
    let settings = &app.engine.settings;
    let policy = settings.checkin.policy.clone();
    let deadline_at = settings.calendar.instant(date, policy.deadline);
    let opened_at = deadline_at - TimeDelta::hours(2);
    DayRules { id: day_id(date), date, form: settings.checkin.form.clone(), policy, opened_at, deadline_at }
}

/// A person reports; what exactly is needed of yesterday alone.
async fn report(
    app: &App,
    tx: &mut Tx,
    rules: &DayRules,
    person: i64,
    at: Time,
    answered: bool,
) -> Result<()> {
    let reported = Reported {
        version: 1,
        late: at > rules.deadline_at,
        changed: false,
        level: 0,
        by_person: person,
        way: Way::Own,
        at,
    };
    expected::report(tx, rules.id, person, &reported).await?;
    if !answered {
        return Ok(());
    }
    let new = NewReport {
        day: rules.id,
        person,
        version: 1,
        answers: well(person),
        by_person: person,
        way: Way::Own,
        same: false,
        late: reported.late,
        changed: false,
        level: 0,
        supplement: 0,
        why: String::new(),
    };
    reports::keep(tx, &app.engine.sealer, &new, at).await
}

/// Somebody who is well, on campus or at home.
fn well(person: i64) -> Answers {
    let choice = |id: &str| Answer::Choice(id.to_owned());
    let mut answers = BTreeMap::from([
        ("moved".to_owned(), Answer::YesNo(false)),
        ("symptoms".to_owned(), Answer::Multi(["none".to_owned()].into())),
        ("temperature".to_owned(), Answer::Number(36.5)),
        ("contacts".to_owned(), choice("well")),
        ("travel".to_owned(), Answer::YesNo(false)),
        ("group".to_owned(), choice("none")),
    ]);
    if person % 3 == 0 {
        answers.insert("place".to_owned(), choice("home"));
        answers.insert("area".to_owned(), choice("low"));
    } else {
        answers.insert("place".to_owned(), choice("campus"));
    }
    answers
}
