//! What happens to the figures of a day in a story, where it is of no interest how it came about.

use tierline::args;
use tierline::domain::checkin::{PersonState, Way, day_id};
use tierline::domain::form::Answers;
use tierline::domain::roster::Role;
use tierline::store::checkin::expected::{self, Reported};
use tierline::store::checkin::reports::{self, NewReport};
use tierline::store::checkin::{sign, units};
use tierline::store::seal::Sealer;
use tierline::store::{Tx, people};

use super::person::Person;
use super::roll::Plan;
use super::school::World;

/// One quiet day: it opens at 07:00 and asks in the groups only; nobody is reminded.
const QUIET_DAY: &str = "[checkin]\nprompt = \"group\"\nremind = []\nescalate = []\n";

impl Plan {
    /// The usual school on the morning of a quiet day; 吴主任 signs.
    pub fn quiet_day() -> Self {
        Plan::four_tiers().signing("office", Role::Office).config(QUIET_DAY).in_the_morning()
    }

    /// This person of the school signs the day.
    pub fn signing(mut self, code: &str, role: Role) -> Self {
        self.person_mut(code).duties.insert((role, "u".to_owned()), true);
        self
    }
}

async fn person(tx: &mut Tx, code: &str) -> i64 {
    tx.one("SELECT id FROM people WHERE code = $1", args![code], |row| row.get("id")).await.expect("a person")
}

impl World {
    /// The morning comes: the day is open.
    pub async fn morning(&self) {
        self.passes_until("07:05").await;
        self.overlooks("打卡");
    }

    async fn changes(&self, tx: &mut Tx, code: &str, state: Option<PersonState>, level: u32) {
        let sealer = Sealer::with_key([9; 32]);
        let now = self.clock_now();
        let day = day_id(now.with_timezone(&chrono_tz::Asia::Shanghai).date_naive());
        let who = person(tx, code).await;
        let standing = expected::get(tx, day, who).await.expect("reads").expect("expected that day");
        if let Some(state) = state {
            expected::note(tx, &sealer, (day, who), state, (who, "x"), now).await.expect("notes");
        } else {
            let version = reports::next_version(tx, day, who).await.expect("reads");
            let new = NewReport {
                day,
                person: who,
                version,
                answers: Answers::new(),
                by_person: who,
                way: Way::Own,
                same: false,
                late: false,
                changed: false,
                level,
                supplement: 0,
                why: String::new(),
            };
            reports::keep(tx, &sealer, &new, now).await.expect("keeps");
            let valid = Reported {
                version,
                late: false,
                changed: false,
                level,
                by_person: who,
                way: Way::Own,
                at: now,
            };
            expected::report(tx, day, who, &valid).await.expect("reports");
        }
        units::recount(tx, [(day, standing.unit)]).await.expect("counts");
    }

    async fn in_database(&self, codes: &[&str], state: Option<PersonState>, level: u32) {
        let guard = self.app.lock().await;
        let mut tx = guard.as_ref().expect("it runs").engine.db.begin().await.expect("begins");
        for code in codes {
            self.changes(&mut tx, code, state, level).await;
        }
        tx.commit().await.expect("commits");
    }

    /// These people report that nothing is unusual.
    pub async fn report_in(&self, codes: &[&str]) {
        self.in_database(codes, None, 0).await;
    }

    /// This person reports something of a level: 1 watch, 2 urgent.
    pub async fn reports_of_level(&self, code: &str, level: u32) {
        self.in_database(&[code], None, level).await;
    }

    /// Somebody noted this about a missing person.
    pub async fn is_noted(&self, code: &str, state: PersonState) {
        self.in_database(&[code], Some(state), 0).await;
    }

    /// Everybody reports but these.
    pub async fn all_report_but(&self, missing: &[&str]) {
        let expected = |role: Role| matches!(role, Role::Student | Role::Staff);
        let people = &self.plan.roster.people;
        let all = people.iter().filter(|(_, person)| person.duties.keys().any(|(role, _)| expected(*role)));
        let codes: Vec<&str> =
            all.map(|(code, _)| code.as_str()).filter(|code| !missing.contains(code)).collect();
        self.report_in(&codes).await;
    }

    /// A unit's figures in the database become wrong.
    pub async fn spoils_figures(&self, unit: &str) {
        let guard = self.app.lock().await;
        let mut tx = guard.as_ref().expect("it runs").engine.db.begin().await.expect("begins");
        let unit = people::unit_by_code(&mut tx, unit).await.expect("reads").expect("a unit");
        let sql = "UPDATE unit_days SET reported = reported + 1, expected = expected + 1 WHERE unit = $1";
        tx.execute(sql, args![unit.id]).await.expect("updates");
        tx.commit().await.expect("commits");
    }

    /// How many of the day's people the rows count, state by state as `unit_days` must.
    pub async fn counted(&self) -> u32 {
        let guard = self.app.lock().await;
        let mut tx = guard.as_ref().expect("it runs").engine.db.read().await.expect("reads");
        let day = day_id(self.clock_now().with_timezone(&chrono_tz::Asia::Shanghai).date_naive());
        sign::count_rows(&mut tx, day).await.expect("counts").values().map(|figures| figures.expected).sum()
    }

    /// Everyone responsible confirms what they are asked for: classes, then colleges.
    pub async fn all_confirm(&self) {
        self.passes_until("09:05").await;
        for code in ["k1", "k2", "km"] {
            self.person(code).confirms_when_asked().await;
        }
        self.passes_until("09:31").await;
        for code in ["sec-cs", "sec-math"] {
            self.person(code).confirms_when_asked().await;
        }
    }
}

impl Person {
    /// Presses 确认 in the message that asked for it, and is thanked.
    pub async fn confirms_when_asked(&self) {
        self.is_told("请核对后点");
        self.presses("confirm").await;
        self.hears("已确认");
    }
}
