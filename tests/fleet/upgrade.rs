//! An upgrade while the service runs (R20).

use std::process::Command;

use sha2::{Digest, Sha256};
use tierline::store::Db;

use crate::world::Plan;
use crate::world::db::TestDb;

/// What earlier releases have taken is never changed: sqlx would refuse to start.
const RELEASED: [(&str, &str); 1] =
    [("0001_first.sql", "dc3588baf1fecc8c2bd6c044dc3e634b7e1371b20e7608b529b6d5f4f9c186bb")];

fn migrations() -> Vec<(String, String)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let files = std::fs::read_dir(folder).expect("migrations").map(|file| file.expect("a file").path());
    let mut all: Vec<_> = files
        .map(|file| {
            let name = file.file_name().expect("a name").to_string_lossy().into_owned();
            (name, std::fs::read_to_string(file).expect("SQL"))
        })
        .collect();
    all.sort();
    all
}

#[test]
fn what_was_released_is_not_changed() {
    let all = migrations();
    for (name, hash) in RELEASED {
        let (_, text) = all.iter().find(|(known, _)| known == name).expect(name);
        let found = tierline::store::seal::hex(&Sha256::digest(text));
        assert_eq!(found, hash, "{name} was released: write a new migration instead");
    }
}

/// Why the previous release, which goes on running, could not live with a statement.
fn breaks(statement: &str) -> Option<&'static str> {
    let words = statement.to_uppercase().split_whitespace().collect::<Vec<_>>().join(" ");
    let adds = words.starts_with("ALTER TABLE") && words.contains(" ADD COLUMN ");
    if adds && words.contains(" NOT NULL") && !words.contains(" DEFAULT ") {
        return Some("its inserts would lack the column");
    }
    let expands = ["CREATE TABLE ", "CREATE INDEX ", "INSERT INTO ", "UPDATE "];
    if adds || expands.iter().any(|start| words.starts_with(start)) {
        return None;
    }
    Some("it takes something away that it uses")
}

#[test]
fn later_migrations_only_expand() {
    for (name, text) in migrations().into_iter().skip(1) {
        let plain: Vec<&str> = text.lines().map(|line| line.split("--").next().unwrap_or_default()).collect();
        for statement in plain.join("\n").split(';').map(str::trim).filter(|sql| !sql.is_empty()) {
            assert_eq!(breaks(statement), None, "{name}: {statement}");
        }
    }
    for bad in [
        "DROP TABLE chats",
        "ALTER TABLE chats RENAME COLUMN bot TO robot",
        "ALTER TABLE chats ADD COLUMN colour TEXT NOT NULL",
        "ALTER TABLE chats DROP COLUMN bot",
        "CREATE UNIQUE INDEX one_bot ON chats (bot)",
    ] {
        assert!(breaks(bad).is_some(), "{bad}");
    }
    assert_eq!(breaks("ALTER TABLE chats ADD COLUMN colour TEXT NOT NULL DEFAULT ''"), None);
}

/// The service of the first release works; a newer one brings the schema up to date beside it, and takes its place.
async fn upgrades_under_traffic(db: TestDb) {
    let school = Plan::four_tiers().of_schema(1).opens(&db).await;
    school.leader().issues("开学准备").urgent().to_students().await;
    school.student("cs1", 1).acknowledges("cs1").await;
    school.student("cs1", 2).taps_ack("cs1");
    let newer = Db::open(&db.url).await.expect("the newer program migrates");
    school.settles().await;
    school.student("cs1", 2).hears("已收到");
    school.student("m1", 1).acknowledges("m1").await;
    school.secretary("cs").issues("学院通知").to_students().await;
    assert_eq!(school.counts(&["cs1", "m1"]), ["2/3", "1/3"]);
    school.upgrades();
    school.restarts().await;
    newer.close().await;
    school.student("cs1", 3).acknowledges("cs1").await;
    assert_eq!(school.class("cs1").card_with("开学准备").count(), "3/3");
    school.passes("20m").await;
    school.student("cs2", 1).is_told("开学准备");
    let acked = ["cs11 button", "cs12 button", "cs13 button", "m11 button"];
    assert_eq!(school.receipts().await, acked);
    let files =
        std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations")).expect("migrations").count();
    let applied = school.count("SELECT COUNT(*) AS x FROM _sqlx_migrations").await;
    assert_eq!(usize::try_from(applied).ok(), Some(files));
    school.overlooks("");
    school.ends().await;
    db.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_release_is_upgraded_under_traffic_sqlite() {
    upgrades_under_traffic(TestDb::sqlite_at(1).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_release_is_upgraded_under_traffic_postgres() {
    if let Some(db) = TestDb::postgres_at(1).await {
        upgrades_under_traffic(db).await;
    }
}

crate::on_both! {
    async fn a_newer_schema_is_refused_in_words(db) {
        let mut tx = db.db.begin().await.expect("begins");
        let sql = tx.pick(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
             VALUES (9999, 'newer', 1, x'00', 0)",
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
             VALUES (9999, 'newer', true, '\\x00', 0)",
        );
        tx.execute(sql, tierline::args![]).await.expect("inserts");
        tx.commit().await.expect("commits");
        for command in ["run", "chats list"] {
            let output = Command::new(env!("CARGO_BIN_EXE_tierline"))
                .args(command.split(' '))
                .current_dir(db.folder())
                .env_clear()
                .env("TIERLINE__DATABASE__URL", &db.url)
                .env("TELEGRAM_BOT_TOKEN", "1:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
                .output()
                .expect("the program starts");
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(1), "{said}");
            assert!(said.contains("made by a newer tierline (schema 9999)"), "{said}");
            let lines: Vec<&str> = said.lines().filter(|line| !line.starts_with('{')).collect();
            assert_eq!(lines.len(), 1, "one line beside the log: {said}");
        }
    }
}
