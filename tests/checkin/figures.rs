//! Figures add up in any order of events, against a recount that shares no code with the program (D2).

use std::collections::BTreeMap;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use tierline::args;
use tierline::domain::checkin::{PersonState, Way};
use tierline::domain::figures::Figures;
use tierline::store::Tx;
use tierline::store::checkin::days::{self, DayRules};
use tierline::store::checkin::expected::{self, Reported};
use tierline::store::checkin::{sign, units};
use tierline::store::seal::Sealer;

use crate::on_both;
use crate::reading::school::School;

const DAY: i64 = 20_261_123;

/// What the test itself knows of a person: where they are counted and what was last noted.
#[derive(Debug, Clone, Copy)]
struct Known {
    unit: i64,
    state: PersonState,
    late: bool,
    changed: bool,
    level: u32,
}

/// The plainest count there is.
fn naive(all: &BTreeMap<i64, Known>, inside: impl Fn(i64) -> bool) -> Figures {
    let mut figures = Figures::default();
    for one in all.values().filter(|one| inside(one.unit)) {
        figures.expected += 1;
        match one.state {
            PersonState::Missing => figures.missing += 1,
            PersonState::Excused => figures.excused += 1,
            PersonState::Unreachable => figures.unreachable += 1,
            PersonState::Reported => {
                figures.reported += 1;
                figures.late += u32::from(one.late);
                figures.changed += u32::from(one.changed);
                figures.watch += u32::from(one.level == 1);
                figures.urgent += u32::from(one.level == 2);
            }
        }
    }
    figures
}

async fn opened(school: &School) -> BTreeMap<i64, Known> {
    let mut tx = school.engine.db.begin().await.expect("begins");
    let (settings, now) = (&school.engine.settings.checkin, school.engine.now());
    let rules = DayRules {
        id: DAY,
        date: school.engine.settings.calendar.date(now),
        form: settings.form.clone(),
        policy: settings.policy.clone(),
        opened_at: now,
        deadline_at: now + chrono::TimeDelta::hours(2),
    };
    assert!(days::open(&mut tx, &rules).await.expect("opens"));
    expected::everyone(&mut tx, DAY).await.expect("expects");
    units::everywhere(&mut tx, DAY).await.expect("units");
    units::count_all(&mut tx, DAY).await.expect("counts");
    let sql = "SELECT person, unit FROM person_days WHERE day = $1";
    let people: Vec<(i64, i64)> =
        tx.all(sql, args![DAY], |row| Ok((row.get("person")?, row.get("unit")?))).await.expect("reads");
    tx.commit().await.expect("commits");
    let fresh = |unit| Known { unit, state: PersonState::Missing, late: false, changed: false, level: 0 };
    people.into_iter().map(|(person, unit)| (person, fresh(unit))).collect()
}

/// Something happens to somebody; the test's own book is kept by the rules of the manual.
async fn happens(
    tx: &mut Tx,
    rng: &mut StdRng,
    all: &mut BTreeMap<i64, Known>,
    at: chrono::DateTime<chrono::Utc>,
) {
    let people: Vec<i64> = all.keys().copied().collect();
    let person = *people.choose(rng).expect("somebody");
    let one = all.get_mut(&person).expect("known");
    if rng.random_bool(0.6) {
        let (late, changed, level) = (rng.random_bool(0.3), rng.random_bool(0.3), rng.random_range(0..3_u32));
        let report = Reported { version: 1, late, changed, level, by_person: person, way: Way::Own, at };
        for _ in 0..rng.random_range(1..3) {
            expected::report(tx, DAY, person, &report).await.expect("reports");
        }
        *one = Known { state: PersonState::Reported, late, changed, level, ..*one };
    } else {
        let state = if rng.random_bool(0.5) { PersonState::Excused } else { PersonState::Unreachable };
        let sealer = Sealer::with_key([7; 32]);
        let noted = expected::note(tx, &sealer, (DAY, person), state, (1, "x"), at).await.expect("notes");
        // Only who has not reported can be noted; who is excused is not called unreachable any more.
        let may = one.state == PersonState::Missing
            || (one.state == PersonState::Unreachable && state == PersonState::Excused);
        assert_eq!(noted, may, "{one:?} to {state:?}");
        if may {
            one.state = state;
        }
    }
    units::recount(tx, [(DAY, one.unit)]).await.expect("counts");
}

async fn compare(tx: &mut Tx, school: &School, all: &BTreeMap<i64, Known>) {
    let board = units::below(tx, DAY, "/1/").await.expect("reads");
    let sums = units::with_below(&board);
    let rows = sign::count_rows(tx, DAY).await.expect("counts");
    for unit in school.units.values() {
        let inside = |of: i64| school.units[&of].within(unit);
        let figures = naive(all, inside);
        assert!(figures.adds_up());
        assert_eq!(sums[&unit.id], figures, "unit {}", unit.code);
        assert_eq!(units::total(tx, DAY, &unit.path).await.expect("sums"), figures);
        let own = naive(all, |of| of == unit.id);
        assert_eq!(rows.get(&unit.id).copied().unwrap_or_default(), own);
    }
}

on_both! {
    async fn figures_add_up_in_any_order_of_events(db) {
        let school = School::usual(&db).await;
        let mut all = opened(&school).await;
        let mut rng = StdRng::seed_from_u64(20_261_123);
        for round in 0..40_i64 {
            if round % 10 == 5 {
                // Somebody joins a class in the middle of the day; whoever was expected stays where they are.
                let (person, unit) = (9000 + round, *[11_i64, 12, 21].choose(&mut rng).expect("a class"));
                school.person(person, "student", unit).await;
                school.person(1101, "student", 21).await;
                let fresh = Known { unit, state: PersonState::Missing, late: false, changed: false, level: 0 };
                all.insert(person, fresh);
                let mut tx = school.engine.db.begin().await.expect("begins");
                assert_eq!(expected::everyone(&mut tx, DAY).await.expect("expects"), 1);
                units::recount(&mut tx, [(DAY, unit)]).await.expect("counts");
                tx.commit().await.expect("commits");
                school.run("DELETE FROM roles WHERE person = 1101 AND unit = 21", args![]).await;
            }
            let mut tx = school.engine.db.begin().await.expect("begins");
            for _ in 0..rng.random_range(1..6) {
                happens(&mut tx, &mut rng, &mut all, school.engine.now()).await;
            }
            compare(&mut tx, &school, &all).await;
            tx.commit().await.expect("commits");
        }
    }
}
