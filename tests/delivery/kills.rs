//! What nobody may find in the log or the file after a school has answered (S2, S12, S13). The fault runner kills and stops
//! the program meanwhile (R1, R2).

use std::collections::BTreeSet;
use std::process::Child;
use std::sync::Arc;

use botapi_sandbox::{PressId, Sandbox, ShownMessage};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tierline::clock::{SharedClock, SystemClock};
use tierline::demo::{Setting, Size, Stage};
use tierline::domain::message::Locale;
use tierline::domain::roster::Role;
use tierline::store::seal::Sealer;

use super::process::{WITHIN, ended, left, log, run_with, terminate};
use crate::on_both;
use crate::world::db::TestDb;

const WORDS: &str = "请全体同学今晚回复";
/// All tiers at once, by day and by night.
const RULES: &str = "[directive.normal]\nrelay = \"auto\"\n[school]\nquiet_hours = \"\"\n";

struct Trial {
    db: TestDb,
    stage: Stage,
    rng: StdRng,
    /// Who pressed, in which group, and the press.
    pressed: Vec<(String, i64, PressId)>,
}

impl Trial {
    async fn new(db: TestDb) -> Trial {
        let clock: SharedClock = Arc::new(SystemClock::new());
        let setting = Setting {
            size: Size::of(64),
            locale: Locale::ZhCn,
            seed: 1,
            listen: "127.0.0.1:0".to_owned(),
            header: None,
        };
        let stage = Stage::set(&setting, clock.clone()).await.expect("a stage");
        let sealer = Sealer::open(&db.folder().join("tierline.key")).expect("a key");
        let tiers = ["school", "college", "class", "guardians"];
        stage.enrol(&db.db, &sealer, &tiers, &clock).await.expect("a roster");
        Trial { db, stage, rng: StdRng::seed_from_u64(7), pressed: Vec::new() }
    }

    fn start_in(&self, environment: &[(&str, &str)]) -> Child {
        run_with(&self.db, &self.stage.sandbox, &self.stage.bot, ("polling", RULES), environment)
    }

    /// The leader sends a directive to all students.
    async fn issue(&self) {
        let (leader, bot) = (self.stage.account("leader"), self.stage.bot.id());
        leader.writes_to(&self.stage.bot, &format!("/directive {WORDS}"));
        for (label, then) in [("到学生", "● 到学生"), ("发送", "全校"), ("确认发送", "已发送")]
        {
            let found = self.wait(|sandbox| {
                let newest = sandbox.messages(leader.id()).into_iter().rev();
                newest.filter(|message| message.from == Some(bot)).find(|message| has(message, label))
            });
            let message = found.await.expect(label);
            leader.presses(leader.id(), message.id, label);
            let shown = self.wait(|sandbox| {
                let shown = sandbox.message(leader.id(), message.id)?;
                labels(&shown)
                    .into_iter()
                    .chain([&shown.text])
                    .any(|words| words.contains(then))
                    .then_some(())
            });
            assert!(shown.await.is_some(), "no {then}: {}", log(&self.db));
        }
    }

    async fn wait<T>(&self, look: impl FnMut(&Sandbox) -> Option<T>) -> Option<T> {
        self.stage.sandbox.wait_for(WITHIN, look).await
    }

    /// Some students press, as far as the directive has reached them.
    fn press_some(&mut self, one_of: u32) {
        for (code, group) in self.students() {
            if self.pressed.iter().any(|(known, ..)| *known == code) || self.rng.random_range(0..one_of) > 0 {
                continue;
            }
            let Some(card) = self.card(group) else { continue };
            let press = self.stage.account(&code).presses(group, card.id, "✅ 收到");
            self.pressed.push((code, group, press));
        }
    }

    fn students(&self) -> Vec<(String, i64)> {
        let people = self.stage.roster.people.values();
        let class = |person: &tierline::domain::roster::Person| {
            person.duties.keys().find(|(role, _)| *role == Role::Student).map(|(_, unit)| unit.clone())
        };
        people
            .filter_map(|person| Some((person.code.clone(), self.stage.groups[&(class(person)?, 2)].id())))
            .collect()
    }

    fn card(&self, group: i64) -> Option<ShownMessage> {
        let card = |message: &ShownMessage| message.text.contains(WORDS) && has(message, "✅ 收到");
        self.stage.sandbox.messages(group).into_iter().rev().find(card)
    }

    /// Everything that was pressed is taken, and everything that waits is sent; then it stops.
    async fn comes_to_rest(&self, child: &mut Child) {
        let groups: BTreeSet<i64> = self.students().into_iter().map(|(_, group)| group).collect();
        let everywhere = self.wait(|_| groups.iter().all(|group| self.card(*group).is_some()).then_some(()));
        assert!(everywhere.await.is_some(), "a class never got it: {}", log(&self.db));
        let taken = self.wait(|sandbox| (sandbox.pending_updates(&self.stage.bot) == 0).then_some(()));
        assert!(taken.await.is_some(), "updates are left: {}", log(&self.db));
        while left(&self.db).await > 0 {
            tokio::task::yield_now().await;
        }
        serves(&self.db).await;
        terminate(child);
        assert!(ended(child).await.success(), "{}", log(&self.db));
    }
}

fn labels(message: &ShownMessage) -> Vec<&String> {
    message.buttons.iter().flatten().map(|button| &button.label).collect()
}

fn has(message: &ShownMessage, label: &str) -> bool {
    labels(message).iter().any(|shown| *shown == label)
}

on_both! {
    async fn secrets_and_names_are_not_to_be_found(db) {
        let mut trial = Trial::new(db).await;
        let mut child = trial.start_in(&[("TIERLINE_LOG", "trace"), ("RUST_LOG", "trace")]);
        trial.issue().await;
        trial.press_some(2);
        trial.comes_to_rest(&mut child).await;
        let log = log(&trial.db);
        assert!(log.len() > 1000, "the log tells what happens");
        let student = &trial.stage.roster.people["cs0101"];
        let token = trial.stage.bot.token();
        let secret = token.split(':').nth(1).expect("a token");
        for canary in [secret, student.name.as_str(), student.phone.as_str(), WORDS] {
            assert!(!log.contains(canary), "{canary} is in the log");
        }
        trial.db.db.close().await;
        for file in std::fs::read_dir(trial.db.folder()).expect("a folder").map(|file| file.expect("a file").path()) {
            if file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("tierline.db")) {
                let bytes = std::fs::read(&file).expect("it can be read");
                for canary in [secret, student.phone.as_str()] {
                    let found = bytes.windows(canary.len()).any(|window| window == canary.as_bytes());
                    assert!(!found, "{canary} is in {}", file.display());
                }
            }
        }
    }
}

/// Waits until the process that was started last serves: before that a signal finds nobody to hear it.
async fn serves(db: &TestDb) {
    loop {
        let log = log(db);
        if log.rfind("\"serving\"") > log.rfind("\"stopped\"") {
            return;
        }
        tokio::task::yield_now().await;
    }
}
