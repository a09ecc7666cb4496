//! A school with a day of check-ins, some of them answered.

use std::collections::BTreeMap;

use tierline::args;
use tierline::domain::checkin::Way;
use tierline::domain::form::{Answer, Form};
use tierline::store::Tx;
use tierline::store::checkin::days::{self, DayRules};
use tierline::store::checkin::expected::{self, Reported};
use tierline::store::checkin::reports::{self, NewReport};
use tierline::store::checkin::units;

use crate::reading::school::School;

pub const DAY: i64 = 20_261_123;

/// A form with a text and a place.
const FORM: &str = r#"
id = "small"
title = { zh-CN = "卡", en = "Card" }

[[question]]
id = "city"
kind = "text"
ask = { zh-CN = "在哪个城市？", en = "Which city?" }

[[question]]
id = "where"
kind = "location"
ask = { zh-CN = "位置？", en = "Position?" }
"#;

pub async fn open_day(school: &School) {
    let form = read_form();
    let engine = &school.engine;
    let now = engine.now();
    let policy = engine.settings.checkin.policy.clone();
    let date = engine.settings.calendar.date(now);
    let deadline_at = now + chrono::TimeDelta::hours(2);
    let rules = DayRules { id: DAY, date, form, policy, opened_at: now, deadline_at };
    let mut tx = engine.db.begin().await.expect("begins");
    assert!(days::open(&mut tx, &rules).await.expect("opens"));
    expected::everyone(&mut tx, DAY).await.expect("expects");
    units::everywhere(&mut tx, DAY).await.expect("units");
    units::count_all(&mut tx, DAY).await.expect("counts");
    tx.commit().await.expect("commits");
}

fn read_form() -> Form {
    tierline::config::form::read("form.toml", FORM).expect("the form is sound")
}

/// A person reports a city and a place.
pub async fn reports(school: &School, person: i64, city: &str) {
    let answers = BTreeMap::from([
        ("city".to_owned(), Answer::Text(city.to_owned())),
        ("where".to_owned(), Answer::Location { lat: 31.25, lon: 121.5 }),
    ]);
    let now = school.engine.now();
    let new = NewReport {
        day: DAY,
        person,
        version: 1,
        answers,
        by_person: person,
        way: Way::Own,
        same: false,
        late: false,
        changed: false,
        level: 0,
        supplement: 0,
        why: String::new(),
    };
    let mut tx = school.engine.db.begin().await.expect("begins");
    reports::keep(&mut tx, &school.engine.sealer, &new, now).await.expect("keeps");
    let reported = Reported {
        version: 1,
        late: false,
        changed: false,
        level: 0,
        by_person: person,
        way: Way::Own,
        at: now,
    };
    expected::report(&mut tx, DAY, person, &reported).await.expect("reported");
    let unit = expected::get(&mut tx, DAY, person).await.expect("reads").expect("expected").unit;
    units::recount(&mut tx, [(DAY, unit)]).await.expect("counts");
    tx.commit().await.expect("commits");
}

/// A person has a phone number, sealed as a roster import does.
pub async fn has_phone(school: &School, person: i64, phone: &str) {
    let sealed = school.engine.sealer.seal_text(phone);
    school.run("UPDATE people SET phone = $2 WHERE id = $1", args![person, sealed]).await;
}

pub async fn begin(school: &School) -> Tx {
    school.engine.db.begin().await.expect("begins")
}
