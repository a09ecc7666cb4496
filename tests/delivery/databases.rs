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
