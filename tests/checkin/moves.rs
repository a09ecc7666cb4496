//! Figures add up while the roster changes in the middle of a day, against a book that the test keeps by the rules of
//! docs/checkin.md (D2).

use std::collections::BTreeMap;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use tierline::args;
use tierline::domain::checkin::{PersonState, Way};
use tierline::domain::roster::{Person, Role, Roster};

use crate::on_both;
use crate::world::checkin_paper::Came;
use crate::world::{Plan, World};

const CLASSES: [&str; 4] = ["cs1", "cs2", "m1", "m2"];

/// Where somebody is counted, and how they stand.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Counted {
    unit: String,
    state: PersonState,
}

/// The test's own book.
struct Book {
    people: BTreeMap<String, Counted>,
    colleges: BTreeMap<String, String>,
}

impl Book {
    /// Expected, reported, missing, excused and unreachable of a unit and all below.
    fn figures(&self, unit: &str) -> [usize; 5] {
        let inside = |of: &str| {
            unit == "u" || of == unit || self.colleges.get(of).is_some_and(|college| college == unit)
        };
        let here: Vec<&Counted> = self.people.values().filter(|one| inside(&one.unit)).collect();
        let of = |state| here.iter().filter(|one| one.state == state).count();
        let (reported, missing) = (of(PersonState::Reported), of(PersonState::Missing));
        [here.len(), reported, missing, of(PersonState::Excused), of(PersonState::Unreachable)]
    }
}

/// The same as the program has it.
async fn shown(school: &World, unit: &str) -> [usize; 5] {
    let sql = "SELECT CAST(SUM(d.expected) AS BIGINT) || ' ' || CAST(SUM(d.reported) AS BIGINT) || ' ' \
               || CAST(SUM(d.missing) AS BIGINT) || ' ' || CAST(SUM(d.excused) AS BIGINT) || ' ' \
               || CAST(SUM(d.unreachable) AS BIGINT) AS x \
               FROM unit_days d JOIN unit_days top ON top.day = d.day JOIN units u ON u.id = top.unit AND u.code = $1 \
               WHERE SUBSTR(d.path, 1, LENGTH(top.path)) = top.path";
    let figures = school.asks::<String>(sql, args![unit]).await.remove(0);
    let figures: Vec<usize> = figures.split(' ').map(|figure| figure.parse().expect("a number")).collect();
    figures.try_into().expect("five")
}

/// Whoever is on the roster as a student, with their class.
fn students(roster: &Roster) -> Vec<(String, String)> {
    let class = |person: &Person| {
        person.duties.keys().find(|(role, _)| *role == Role::Student).map(|(_, unit)| unit.clone())
    };
    roster.people.values().filter_map(|person| Some((person.code.clone(), class(person)?))).collect()
}

/// Changes the roster in one way; the book follows by the rules.
fn moves(roster: &mut Roster, book: &mut Book, round: u64, rng: &mut StdRng) {
    let (code, class) = students(roster).choose(rng).cloned().expect("a student");
    let other = (*CLASSES.choose(rng).expect("a class")).to_owned();
    let reported = |book: &Book| book.people.get(&code).is_some_and(|one| one.state == PersonState::Reported);
    match rng.random_range(0..4) {
        0 => {
            let code = format!("new{round}");
            let mut joins =
                Person { code: code.clone(), name: format!("新生{round}"), ..Person::default() };
            joins.duties.insert((Role::Student, other.clone()), false);
            roster.people.insert(code.clone(), joins);
            book.people.insert(code, Counted { unit: other, state: PersonState::Missing });
        }
        1 => {
            roster.people.remove(&code);
            for person in roster.people.values_mut() {
                person.answers_for.remove(&code);
                person.follows.clear();
            }
            roster.people.retain(|_, person| {
                !person.answers_for.is_empty()
                    || person.duties.keys().all(|(role, _)| *role != Role::Guardian)
            });
            if !reported(book) {
                book.people.remove(&code);
            }
        }
        2 => {
            let person = roster.people.get_mut(&code).expect("on the roster");
            person.duties.remove(&(Role::Student, class));
            person.duties.insert((Role::Student, other.clone()), false);
            if !reported(book) {
                book.people.get_mut(&code).expect("is counted").unit = other;
            }
        }
        _ => {
            let college = if book.colleges[&other] == "cs" { "math" } else { "cs" };
            roster.units.get_mut(&other).expect("a class").parent = Some(college.to_owned());
            book.colleges.insert(other, college.to_owned());
        }
    }
}

on_both! {
    async fn figures_add_up_while_people_and_classes_move(db) {
        let school = Plan::quiet_day().opens(&db).await;
        school.morning().await;
        let mut rng = StdRng::seed_from_u64(20_261_123);
        let fresh = |unit: &str| Counted { unit: unit.to_owned(), state: PersonState::Missing };
        let mut people: BTreeMap<String, Counted> =
            students(&school.plan.roster).into_iter().map(|(code, class)| (code, fresh(&class))).collect();
        people.insert("staff".to_owned(), fresh("u"));
        let college = |class: &str| if class.starts_with("cs") { "cs" } else { "math" };
        let colleges = CLASSES.iter().map(|class| ((*class).to_owned(), college(class).to_owned())).collect();
        let mut book = Book { people, colleges };
        for round in 0..40 {
            let codes: Vec<String> = book.people.keys().cloned().collect();
            let code = codes.choose(&mut rng).expect("somebody").clone();
            let state = book.people[&code].state;
            match rng.random_range(0..5) {
                0 | 1 => {
                    school.comes_in(Came { by: &code, way: Way::Own, ..Came::plain(&code) }).await;
                    book.people.get_mut(&code).expect("is counted").state = PersonState::Reported;
                }
                2 if state == PersonState::Missing => {
                    let noted = if rng.random_bool(0.5) { PersonState::Excused } else { PersonState::Unreachable };
                    school.is_marked(&code, noted).await;
                    book.people.get_mut(&code).expect("is counted").state = noted;
                }
                _ => school.imports(&db, |roster| moves(roster, &mut book, round, &mut rng)).await,
            }
            if round % 13 == 7 {
                school.restarts().await;
            }
            for unit in ["u", "cs", "math", "cs1", "cs2", "m1", "m2"] {
                let figures = shown(&school, unit).await;
                assert_eq!(figures, book.figures(unit), "{unit} after round {round}");
                assert_eq!(figures[0], figures[1..].iter().sum::<usize>());
            }
        }
        school.overlooks("");
        school.ends().await;
    }
}
