//! A report of every kind of answer, to the program as a process that logs all it can: the answers are nowhere (S2, S12,
//! S13).
// A real process lives in the machine's time.
#![allow(clippy::disallowed_methods)]

use std::process::Child;
use std::sync::Arc;

use botapi_sandbox::{Account, ShownMessage};
use chrono::{Timelike, Utc};
use tierline::clock::{SharedClock, SystemClock};
use tierline::demo::{Setting, Size, Stage};
use tierline::domain::message::Locale;
use tierline::store::seal::Sealer;

use super::process::{WITHIN, ended, log, run_with, terminate};
use crate::on_both;
use crate::world::db::TestDb;

const FORM: &str = r#"
id = "canaries"
title = { zh-CN = "每日健康卡", en = "Daily health card" }

[[question]]
id = "place"
kind = "text"
max_length = 40
ask = { zh-CN = "现在哪里？", en = "Where?" }

[[question]]
id = "temperature"
kind = "number"
min = 34.0
max = 43.0
ask = { zh-CN = "体温？", en = "Temperature?" }

[[question]]
id = "where"
kind = "location"
ask = { zh-CN = "位置？", en = "Location?" }

[[question]]
id = "proof"
kind = "photo"
ask = { zh-CN = "照片？", en = "Photo?" }

[[rule]]
level = "urgent"
when = "temperature >= 37.3"
why = { zh-CN = "高烧金丝雀", en = "canary of a fever" }
"#;
const PLACE: &str = "金丝雀省画眉市";
const TEMPERATURE: &str = "38.4617";
const LOCATION: (f64, f64) = (31.234_567, 121.456_789);
const CAPTION: &str = "云雀的体温计";
const URGENT: &str = "夜莺咳嗽不止";

/// A school with one student who reports, and its program.
struct Trial {
    db: TestDb,
    stage: Stage,
    child: Child,
}

impl Trial {
    async fn new(db: TestDb) -> Trial {
        let clock: SharedClock = Arc::new(SystemClock::new());
        let setting = Setting {
            size: Size::of(8),
            locale: Locale::ZhCn,
            seed: 1,
            listen: "127.0.0.1:0".to_owned(),
            header: None,
            chronicle: None,
        };
        let stage = Stage::set(&setting, clock.clone()).await.expect("a stage");
        let sealer = Sealer::open(&db.folder().join("tierline.key")).expect("a key");
        stage
            .enrol(&db.db, &sealer, &["school", "college", "class", "guardians"], &clock)
            .await
            .expect("a roster");
        let form = db.folder().join("form.toml");
        std::fs::write(&form, FORM).expect("a form");
        // Where it is neither near midnight nor past the deadline now.
        let zone = if (4..20).contains(&Utc::now().hour()) { "UTC" } else { "Etc/GMT-12" };
        let rules = format!(
            "[school]\ntimezone = \"{zone}\"\nquiet_hours = \"\"\n[checkin]\nform = {form:?}\nprompt = \"private\"\n\
             open = \"0 0 0 * * *\"\ndeadline = \"23:58\"\nescalate = []\n"
        );
        let everything = [("TIERLINE_LOG", "trace"), ("RUST_LOG", "trace")];
        let child = run_with(&db, &stage.sandbox, &stage.bot, ("polling", &rules), &everything);
        Trial { db, stage, child }
    }

    /// The newest message to a person that fits.
    async fn sees(&self, person: &Account, fits: impl Fn(&ShownMessage) -> bool) -> ShownMessage {
        let found = self.stage.sandbox.wait_for(WITHIN, |sandbox| {
            sandbox
                .messages(person.id())
                .into_iter()
                .rev()
                .find(|message| message.from != Some(person.id()) && fits(message))
        });
        found
            .await
            .unwrap_or_else(|| panic!("{:#?}\n{}", self.stage.sandbox.messages(person.id()), log(&self.db)))
    }

    async fn presses(&self, person: &Account, verb: &str) {
        let data = |message: &ShownMessage| {
            let mut all = message.buttons.iter().flatten().filter_map(|button| button.data.clone());
            all.find(|data| data.starts_with(verb))
        };
        let message = self.sees(person, |message| data(message).is_some()).await;
        person.presses_data(message.chat_id, message.id, &data(&message).expect("it was seen"));
    }

    async fn reports(&self, person: &Account) {
        let bot = &self.stage.bot;
        // Whoever has just pressed Start may be too late to be asked. A first report begins with its first question.
        self.sees(person, |message| message.text.contains("账号已绑定")).await;
        person.writes_to(bot, "/checkin");
        self.sees(person, |message| message.text.contains("现在哪里？")).await;
        person.writes_to(bot, PLACE);
        self.sees(person, |message| message.text.contains("体温？")).await;
        person.writes_to(bot, TEMPERATURE);
        self.sees(person, |message| message.text.contains("位置？")).await;
        person.shares_location(bot, LOCATION.0, LOCATION.1);
        self.sees(person, |message| message.text.contains("照片？")).await;
        person.sends_photo(person.id(), "canary.jpg", b"\xff\xd8\xff", CAPTION);
        self.presses(person, "submit:").await;
        self.sees(person, |message| message.text.contains("已通知")).await;
        person.writes_to(bot, &format!("/urgent {URGENT}"));
        person.writes_to(bot, URGENT);
        let counselor = self.stage.account("cs01-c");
        self.sees(&counselor, |message| message.text.contains("高烧金丝雀")).await;
        let class = &self.stage.groups[&("cs01".to_owned(), 2)];
        counselor.writes(class.id(), "/status");
        let counted = |message: &ShownMessage| message.text.contains("应报");
        let answered = self
            .stage
            .sandbox
            .wait_for(WITHIN, |sandbox| sandbox.messages(class.id()).iter().any(counted).then_some(()));
        assert!(answered.await.is_some(), "{}", log(&self.db));
        let handled =
            self.stage.sandbox.wait_for(WITHIN, |sandbox| (sandbox.pending_updates(bot) == 0).then_some(()));
        assert!(handled.await.is_some(), "{}", log(&self.db));
    }

    fn photo(&self, person: &Account) -> String {
        let messages = self.stage.sandbox.messages(person.id());
        messages.into_iter().find_map(|message| message.media).expect("it was sent").file_id
    }

    async fn metrics(&self) -> String {
        let address = std::fs::read_to_string(self.db.folder().join("address")).expect("it listens");
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let answer = client.get(format!("http://{address}/metrics")).send().await.expect("it answers");
        answer.text().await.expect("text")
    }

    /// All that anybody reads in a group.
    fn groups(&self) -> String {
        let groups = self.stage.groups.values().flat_map(|group| self.stage.sandbox.messages(group.id()));
        groups.map(|message| format!("{}\n{:?}\n", message.text, message.buttons)).collect()
    }

    /// What the database keeps: the bytes of SQLite's files, the rows of all of PostgreSQL's tables.
    async fn kept(&self) -> Vec<u8> {
        let sql = "SELECT CAST(schema_to_xml('public', true, false, '') AS TEXT) AS x";
        if !self.db.url.starts_with("postgres") {
            let files = std::fs::read_dir(self.db.folder())
                .expect("a folder")
                .map(|file| file.expect("a file").path());
            let own = files.filter(|file| {
                file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("tierline.db"))
            });
            return own.flat_map(|file| std::fs::read(file).expect("it can be read")).collect();
        }
        let mut tx = self.db.db.read().await.expect("reads");
        let rows: String = tx.one(sql, tierline::args![], |row| row.get("x")).await.expect("rows");
        rows.into_bytes()
    }
}

fn holds(bytes: &[u8], what: &str) -> bool {
    bytes.windows(what.len()).any(|window| window == what.as_bytes())
}

on_both! {
    async fn no_answer_is_found_where_it_does_not_belong(db) {
        let mut trial = Trial::new(db).await;
        let student = trial.stage.account("cs0101");
        trial.reports(&student).await;
        let (photo, token) = (trial.photo(&student), trial.stage.bot.token().to_owned());
        let secret = token.split(':').nth(1).expect("a token");
        let phone = trial.stage.roster.people["cs0101"].phone.clone();
        let (latitude, longitude) = (LOCATION.0.to_string(), LOCATION.1.to_string());
        let answers = [PLACE, TEMPERATURE, &latitude, &longitude, &photo, CAPTION, URGENT, &phone, secret];
        let metrics = trial.metrics().await;
        assert!(metrics.contains("tierline_updates_total"), "{metrics}");
        terminate(&trial.child);
        assert!(ended(&mut trial.child).await.success(), "{}", log(&trial.db));
        let (log, groups, kept) = (log(&trial.db), trial.groups(), trial.kept().await);
        assert!(log.len() > 10_000 && groups.contains("应报") && kept.len() > 10_000, "there is something to search");
        for answer in answers {
            assert!(!log.contains(answer), "{answer} is in the log");
            assert!(!metrics.contains(answer), "{answer} is in the metrics");
            assert!(!groups.contains(answer), "{answer} is in a group");
            assert!(!holds(&kept, answer), "{answer} is in the database");
        }
        let reason = "高烧金丝雀";
        assert!(!log.contains(reason) && !groups.contains(reason), "why it is urgent is for those in charge");
        assert_eq!(trial.stage.sandbox.violations(), []);
    }
}
