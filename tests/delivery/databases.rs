use tierline::args;

use crate::on_both;

on_both! {
    async fn a_fresh_database_keeps_what_is_committed(db) {
        let mut tx = db.db.begin().await.expect("begins");
        tx.execute("INSERT INTO settings (name, value) VALUES ($1, $2)", args!["a", "b"]).await.expect("inserts");
        tx.commit().await.expect("commits");
        let again = db.again().await;
        let mut tx = again.read().await.expect("reads");
        let value: String = tx
            .one("SELECT value FROM settings WHERE name = $1", args!["a"], |row| row.get("value"))
            .await
            .expect("is there");
        assert_eq!(value, "b");
        drop(tx);
        again.close().await;
    }
}

/// Power loss (R11): what was committed was flushed to the disk before anybody was told.
#[tokio::test]
async fn every_commit_on_sqlite_is_flushed() {
    let db = crate::world::db::TestDb::sqlite().await;
    for (mut tx, which) in [(db.db.begin().await, "writer"), (db.db.read().await, "reader")]
        .map(|(tx, which)| (tx.expect("a live connection"), which))
    {
        let synchronous: i64 =
            tx.one("PRAGMA synchronous", args![], |row| row.get("synchronous")).await.expect("an answer");
        let journal: String =
            tx.one("PRAGMA journal_mode", args![], |row| row.get("journal_mode")).await.expect("an answer");
        assert_eq!((synchronous, journal.as_str()), (2, "wal"), "the {which}'s connection");
    }
}
