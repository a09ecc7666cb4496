//! What stories of the form need: earlier reports, what was reported, and which calls were made.

use std::collections::BTreeMap;

use botapi_sandbox::ShownMessage;
use tierline::args;
use tierline::domain::checkin::Way;
use tierline::domain::form::{Answer, Answers};
use tierline::domain::roster::Role;
use tierline::store::Value;
use tierline::store::checkin::reports::{self, NewReport};

use super::person::{Person, newest};
use super::roll::Plan;
use super::school::World;

/// The day of a story that begins on Monday morning.
pub const MONDAY: i64 = 20_261_123;
/// The day before.
const SUNDAY: i64 = 20_261_122;

/// A report without anything special to the university's form.
pub fn well() -> Answers {
    let choice = |id: &str| Answer::Choice(id.to_owned());
    BTreeMap::from(
        [
            ("place", choice("campus")),
            ("moved", Answer::YesNo(false)),
            ("symptoms", Answer::Multi(["none".to_owned()].into())),
            ("temperature", Answer::Number(36.5)),
            ("contacts", choice("well")),
            ("travel", Answer::YesNo(false)),
            ("group", choice("none")),
        ]
        .map(|(id, answer)| (id.to_owned(), answer)),
    )
}

impl Plan {
    /// Somebody reports for a student who cannot.
    pub fn proxy(&mut self, code: &str, name: &str, student: &str, class: &str) {
        self.post(code, name, Role::Proxy, class);
        self.person_mut(code).answers_for.insert(student.to_owned());
    }

    /// Guardians report for every student.
    pub fn guardians_report(self) -> Self {
        self.config("[checkin]\nguardian_reports = \"always\"")
    }
}

impl World {
    /// Lets the day open; what it asks in groups is not looked at.
    pub async fn opens_the_day(&self) {
        self.passes("11m").await;
        self.overlooks("今日");
        self.sandbox.forget_calls();
    }

    /// The id of a person.
    pub async fn id_of(&self, code: &str) -> i64 {
        self.asks::<i64>("SELECT id AS x FROM people WHERE code = $1", args![code]).await[0]
    }

    /// This person reported on the day before the story.
    pub async fn reported_before(&self, code: &str, way: Way, answers: &Answers) {
        let person = self.id_of(code).await;
        let sealer = self.sealer();
        let now = self.clock_now();
        let new = NewReport {
            day: SUNDAY,
            person,
            version: 1,
            answers: answers.clone(),
            by_person: person,
            way,
            same: false,
            late: false,
            changed: false,
            level: 0,
            supplement: 0,
            why: String::new(),
        };
        let guard = self.app.lock().await;
        let mut tx = guard.as_ref().expect("it runs").engine.db.begin().await.expect("begins");
        reports::keep(&mut tx, &sealer, &new, now).await.expect("keeps");
        tx.commit().await.expect("commits");
    }

    /// The valid answers of today by question, as the workbook shows them.
    pub async fn answers_of(&self, code: &str) -> BTreeMap<String, String> {
        let person = self.id_of(code).await;
        let sealer = self.sealer();
        let guard = self.app.lock().await;
        let mut tx = guard.as_ref().expect("it runs").engine.db.read().await.expect("reads");
        let history = reports::history(&mut tx, &sealer, MONDAY, person).await.expect("reads");
        let last = history.into_iter().next_back().and_then(|report| report.answers).unwrap_or_default();
        last.into_iter().map(|(id, answer)| (id, answer.cell())).collect()
    }

    /// How somebody stands today: `reported self v1`.
    pub async fn stands(&self, code: &str) -> String {
        let sql = "SELECT d.state || ' ' || COALESCE(d.way, '-') || ' v' || CAST(d.version AS TEXT) \
                   || CASE WHEN d.late = 1 THEN ' late' ELSE '' END AS x \
                   FROM person_days d JOIN people p ON p.id = d.person WHERE p.code = $1 ORDER BY d.day DESC LIMIT 1";
        self.asks::<String>(sql, args![code]).await.remove(0)
    }

    /// Changes rows as something would do that is not part of the story.
    pub async fn rewrites(&self, sql: &'static str, args: Vec<Value>) {
        let guard = self.app.lock().await;
        let mut tx = guard.as_ref().expect("it runs").engine.db.begin().await.expect("begins");
        tx.execute(sql, args).await.expect("changes");
        tx.commit().await.expect("commits");
    }

    /// The calls that were made since the last look, each method with how often.
    pub fn calls_made(&self) -> BTreeMap<&'static str, usize> {
        let mut made = BTreeMap::new();
        // A start asks who the bot is.
        for call in self.sandbox.calls().into_iter().filter(|call| call.method != "getMe") {
            *made.entry(call.method).or_default() += 1;
        }
        self.sandbox.forget_calls();
        made
    }
}

impl Person {
    /// The newest message of the bot in private, as it stands now.
    #[track_caller]
    pub fn form(&self) -> ShownMessage {
        let shown = newest(&self.world, self.id(), |message| message.text.contains("【每日健康卡】"));
        let shown = shown.unwrap_or_else(|| panic!("{} sees no form:\n{}", self.code(), self.all()));
        self.world.read(&shown);
        shown
    }

    /// Sees these words in the newest form.
    #[track_caller]
    pub fn form_says(&self, words: &str) {
        let form = self.form();
        assert!(form.text.contains(words), "no “{words}” in:\n{}", super::person::show(&form));
    }

    /// Fills in the questions of the form from the first one, without anything special; stops at the summary.
    pub async fn fills_in_all(&self) -> usize {
        let mut done = 0;
        for label in ["校内", "否", "无异常", "36.5", "均无异常", "否", "不属于"] {
            if label == "36.5" {
                self.writes(label).await;
            } else {
                self.presses_choice(label).await;
            }
            done += 1;
        }
        done
    }

    /// The same, and submits it; returns how many questions there were.
    pub async fn fills_in_and_submits(&self) -> usize {
        let questions = self.fills_in_all().await;
        self.presses("submit").await;
        self.hears("已填报");
        questions
    }

    /// Presses a button that this message showed before, as a device that was offline does, without waiting.
    pub fn taps_old(&self, message: &ShownMessage, data: &str) {
        let press = self.account().presses_data(message.chat_id, message.id, data);
        self.world.note_press(self.code(), press);
    }

    /// Presses the choice with exactly this label in the form.
    pub async fn presses_choice(&self, label: &str) {
        self.taps_choice(label);
        self.world.settles().await;
    }

    /// The same without waiting.
    #[track_caller]
    pub fn taps_choice(&self, label: &str) {
        let form = self.form();
        let button = form.buttons.iter().flatten().find(|button| button.label == label);
        let button =
            button.unwrap_or_else(|| panic!("no choice {label} under:\n{}", super::person::show(&form)));
        let data = button.data.as_deref().expect("a button with data");
        let press = self.account().presses(form.chat_id, form.id, data);
        self.world.note_press(self.code(), press);
    }
}
