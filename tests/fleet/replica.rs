//! Figures are read at `database.read_url`; a copy that fails or lags breaks nothing.

use sqlx::{Connection, PgConnection};
use tierline::store::Db;

use crate::world::Plan;
use crate::world::db::TestDb;

async fn runs(url: &str, sql: &'static str) {
    let mut connection = PgConnection::connect(url).await.expect("the copy answers");
    sqlx::raw_sql(sql).execute(&mut connection).await.expect("it does it");
    connection.close().await.expect("closes");
}

/// A copy that knows nobody, so that what is read there can be told from what is not; `pulse` is how far it says it is.
async fn copy(pulse: &'static str) -> TestDb {
    let copy = TestDb::postgres().await.expect("a second database");
    runs(&copy.url, pulse).await;
    copy
}

const FRESH: &str = "INSERT INTO leases (name, owner, until) VALUES ('sender:1', 'x', 9000000000000)";
const STALE: &str = "INSERT INTO leases (name, owner, until) VALUES ('sender:1', 'x', 1000)";

/// What `/status` shows to a secretary; a copy that knows nobody shows `0/0`.
async fn status_with(read_url: &str) -> String {
    let db = TestDb::postgres().await.expect("a database");
    let plan = Plan::four_tiers().config(&format!("[database]\nread_url = {read_url:?}"));
    let school = plan.opens(&db).await;
    school.secretary("math").writes("/status").await;
    let status = school.secretary("math").is_told("· 状态").text;
    school.counselor("m1").writes_in("m1", "/status").await;
    school.class("m1").shows("· 状态");
    // An act is never read there.
    school.counselor("m1").issues("明天交表").to_students().await;
    school.student("m1", 1).acknowledges("m1").await;
    assert_eq!(school.class("m1").card().count(), "1/3");
    school.ends().await;
    db.finish().await;
    status
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn figures_come_from_the_copy_while_it_is_fresh() {
    if std::env::var("TIERLINE_TEST_PG").is_err() {
        return;
    }
    let fresh = copy(FRESH).await;
    let status = status_with(&fresh.url).await;
    assert!(status.contains("0/0"), "read from the copy: {status}");
    fresh.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_that_lags_is_not_read() {
    if std::env::var("TIERLINE_TEST_PG").is_err() {
        return;
    }
    let stale = copy(STALE).await;
    let status = status_with(&stale.url).await;
    assert!(!status.contains("0/0") && status.contains("机器人可私聊"), "{status}");
    stale.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_that_does_not_answer_breaks_nothing() {
    if std::env::var("TIERLINE_TEST_PG").is_err() {
        return;
    }
    let status = status_with("postgres://nobody@127.0.0.1:9/nothing").await;
    assert!(!status.contains("0/0") && status.contains("机器人可私聊"), "{status}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_on_its_own_has_no_copy() {
    let db = TestDb::sqlite().await;
    assert!(db.db.replica().await.is_none());
    let both = Db::open_with_reads(&db.url, "postgres://nobody@127.0.0.1:9/nothing").await.expect("opens");
    assert!(both.replica().await.is_none(), "SQLite has one file");
    both.close().await;
    db.finish().await;
}
