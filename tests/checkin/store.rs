//! The tables of the check-in on both databases.

use std::collections::BTreeMap;

use tierline::domain::checkin::{PersonState, Way};
use tierline::domain::figures::Figures;
use tierline::domain::form::{Answer, Answers, Form, Words};
use tierline::store::checkin::days::{self, DayRules};
use tierline::store::checkin::expected::{self, Reported};
use tierline::store::checkin::reports::{self, NewReport};
use tierline::store::checkin::units;
use tierline::store::seal::Sealer;

use crate::on_both;
use crate::reading::school::School;

const DAY: i64 = 20_261_123;

fn words(text: &str) -> Words {
    Words { zh: text.to_owned(), en: text.to_owned() }
}

fn rules(school: &School) -> DayRules {
    let form = Form {
        id: "health".to_owned(),
        title: words("card"),
        same: None,
        declaration: None,
        questions: vec![],
        rules: vec![],
    };
    let now = school.engine.now();
    let policy = school.engine.settings.checkin.policy.clone();
    let date = school.engine.settings.calendar.date(now);
    DayRules { id: DAY, date, form, policy, opened_at: now, deadline_at: now + chrono::TimeDelta::hours(2) }
}

on_both! {
    async fn a_day_counts_its_people_from_their_rows(db) {
        let school = School::usual(&db).await;
        let sealer = Sealer::with_key([7; 32]);
        let rules = rules(&school);
        let mut tx = school.engine.db.begin().await.unwrap();
        assert!(days::open(&mut tx, &rules).await.unwrap());
        assert!(!days::open(&mut tx, &rules).await.unwrap(), "a day opens once");
        let there = expected::everyone(&mut tx, DAY).await.unwrap();
        assert_eq!(expected::everyone(&mut tx, DAY).await.unwrap(), 0);
        units::everywhere(&mut tx, DAY).await.unwrap();
        units::count_all(&mut tx, DAY).await.unwrap();
        let total = units::total(&mut tx, DAY, "/1/").await.unwrap();
        assert!(total.adds_up());
        assert_eq!((u64::from(total.expected), total.missing), (there, total.expected));

        let person = expected::of_unit(&mut tx, DAY, 11).await.unwrap().remove(0).person;
        let answers: Answers = BTreeMap::from([
            ("fever".to_owned(), Answer::YesNo(false)),
            ("where".to_owned(), Answer::Location { lat: 39.9, lon: 116.4 }),
        ]);
        let new = NewReport {
            day: DAY, person, version: 1, answers: answers.clone(), by_person: person, way: Way::Own, same: false,
            late: true, changed: true, level: 1, supplement: 0, why: String::new(),
        };
        assert_eq!(reports::next_version(&mut tx, DAY, person).await.unwrap(), 1);
        reports::keep(&mut tx, &sealer, &new, rules.opened_at).await.unwrap();
        let reported = Reported {
            version: 1, late: true, changed: true, level: 1, by_person: person, way: Way::Own, at: rules.opened_at,
        };
        expected::report(&mut tx, DAY, person, &reported).await.unwrap();
        units::recount(&mut tx, [(DAY, 11), (DAY, 11)]).await.unwrap();
        let all = units::below(&mut tx, DAY, "/1/").await.unwrap();
        let sums = units::with_below(&all);
        let one = Figures { expected: sums[&11].expected, missing: sums[&11].expected - 1, reported: 1, late: 1, changed: 1, watch: 1, ..Figures::default() };
        assert_eq!(sums[&11], one);
        assert_eq!(sums[&1], units::total(&mut tx, DAY, "/1/").await.unwrap());
        assert!(!expected::note(&mut tx, &sealer, (DAY, person), PersonState::Excused, (1, "leave"), rules.opened_at).await.unwrap());

        let kept = reports::get(&mut tx, &sealer, DAY, person, 1).await.unwrap().unwrap();
        assert_eq!(kept.answers, Some(answers));
        assert_eq!(reports::next_version(&mut tx, DAY, person).await.unwrap(), 2);
        let next = chrono::NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        assert_eq!(reports::forget(&mut tx, rules.date, next).await.unwrap(), 1);
        let kept = reports::last_before(&mut tx, &sealer, DAY + 1, person).await.unwrap().unwrap();
        assert_eq!(kept.answers, Some(BTreeMap::from([("fever".to_owned(), Answer::YesNo(false))])));
        reports::forget(&mut tx, next, next).await.unwrap();
        assert_eq!(reports::last_before(&mut tx, &sealer, DAY + 1, person).await.unwrap(), None);
        let missing = expected::missing_below(&mut tx, DAY, "/1/").await.unwrap();
        assert_eq!(missing.len() as u32 + 1, total.expected);
        assert_eq!(days::rules(&mut tx, DAY).await.unwrap().unwrap().policy, rules.policy);
        assert_eq!(days::number_supplement(&mut tx, DAY).await.unwrap(), 1);
        tx.commit().await.unwrap();
    }
}
