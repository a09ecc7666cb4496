//! What people answered on a day of a story, where it is of no interest how it came in.

use std::collections::BTreeMap;

use tierline::args;
use tierline::domain::checkin::{PersonState, Way, day_id};
use tierline::domain::form::{Answer, Answers};
use tierline::domain::report::{DayReport, ReportRights};
use tierline::store::checkin::expected::{self, Reported};
use tierline::store::checkin::reports::{self, NewReport};
use tierline::store::checkin::units;
use tierline::store::people::unit_by_code;
use tierline::store::report::day::{Wanted, day};
use tierline::store::{Tx, Value};

use super::school::World;

/// A report as it comes in.
#[derive(Debug, Clone)]
pub struct Came<'a> {
    pub code: &'a str,
    pub answers: Vec<(&'a str, Answer)>,
    pub by: &'a str,
    pub way: Way,
    pub late: bool,
    pub changed: bool,
    pub level: u32,
}

impl<'a> Came<'a> {
    /// In time, by oneself, nothing unusual.
    pub fn plain(code: &'a str) -> Self {
        Came { code, answers: vec![], by: code, way: Way::Own, late: false, changed: false, level: 0 }
    }
}

async fn person(tx: &mut Tx, code: &str) -> i64 {
    tx.one("SELECT id FROM people WHERE code = $1", args![code], |row| row.get("id")).await.expect("a person")
}

impl World {
    /// The day's id, by the story's clock.
    pub fn day_id(&self) -> i64 {
        day_id(self.clock_now().with_timezone(&chrono_tz::Asia::Shanghai).date_naive())
    }

    /// A report comes in now.
    pub async fn comes_in(&self, came: Came<'_>) {
        let (now, sealer, day) = (self.clock_now(), self.sealer(), self.day_id());
        let guard = self.app.lock().await;
        let mut tx = guard.as_ref().expect("it runs").engine.db.begin().await.expect("begins");
        let (who, by) = (person(&mut tx, came.code).await, person(&mut tx, came.by).await);
        let standing = expected::get(&mut tx, day, who).await.expect("reads").expect("expected that day");
        let version = reports::next_version(&mut tx, day, who).await.expect("reads");
        let answers: Answers = came
            .answers
            .iter()
            .map(|(id, answer)| ((*id).to_owned(), answer.clone()))
            .collect::<BTreeMap<_, _>>();
        let new = NewReport {
            day,
            person: who,
            version,
            answers,
            by_person: by,
            way: came.way,
            same: false,
            late: came.late,
            changed: came.changed,
            level: came.level,
            supplement: 0,
            why: String::new(),
        };
        reports::keep(&mut tx, &sealer, &new, now).await.expect("keeps");
        let valid = Reported {
            version,
            late: came.late,
            changed: came.changed,
            level: came.level,
            by_person: by,
            way: came.way,
            at: now,
        };
        expected::report(&mut tx, day, who, &valid).await.expect("reports");
        units::recount(&mut tx, [(day, standing.unit)]).await.expect("counts");
        tx.commit().await.expect("commits");
    }

    /// Somebody noted that this person is excused or was not reached.
    pub async fn is_marked(&self, code: &str, state: PersonState) {
        let (now, sealer, day) = (self.clock_now(), self.sealer(), self.day_id());
        let guard = self.app.lock().await;
        let mut tx = guard.as_ref().expect("it runs").engine.db.begin().await.expect("begins");
        let who = person(&mut tx, code).await;
        let unit = expected::get(&mut tx, day, who).await.expect("reads").expect("expected that day").unit;
        assert!(expected::note(&mut tx, &sealer, (day, who), state, (who, "x"), now).await.expect("notes"));
        units::recount(&mut tx, [(day, unit)]).await.expect("counts");
        tx.commit().await.expect("commits");
    }

    /// The report of today, of a unit and all below it.
    pub async fn report_of(&self, unit: &str, rights: &ReportRights) -> Option<DayReport> {
        let (sealer, now) = (self.sealer(), self.clock_now());
        let guard = self.app.lock().await;
        let engine = &guard.as_ref().expect("it runs").engine;
        let settings = &engine.settings;
        let mut tx = engine.db.read().await.expect("reads");
        let unit = unit_by_code(&mut tx, unit).await.expect("reads").expect("the unit");
        let wanted = Wanted {
            day: self.day_id(),
            unit: unit.id,
            school: &settings.school,
            tiers: &settings.tier_keys(),
            locale: settings.locale,
            rights,
            span: settings.calendar.span(settings.calendar.date(now)),
        };
        day(&mut tx, &sealer, &wanted).await.expect("reads")
    }

    /// Rows as another part of the program, or somebody at the database, leaves them.
    pub async fn writes_rows(&self, statements: Vec<(&'static str, Vec<Value>)>) {
        let guard = self.app.lock().await;
        let mut tx = guard.as_ref().expect("it runs").engine.db.begin().await.expect("begins");
        for (statement, args) in statements {
            tx.execute(statement, args).await.expect("takes it");
        }
        tx.commit().await.expect("commits");
    }
}
