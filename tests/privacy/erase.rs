use tierline::args;
use tierline::domain::message::Time;
use tierline::store::checkin::units;
use tierline::store::{audit, erase};

use super::school::{DAY, begin, has_phone, open_day, reports};
use crate::on_both;
use crate::reading::school::{School, account, name};

const PHONE: &str = "13900000042";

async fn left(school: &School, person: i64) {
    let now: Time = school.engine.now();
    school.run("UPDATE people SET removed_at = $2 WHERE id = $1", args![person, now]).await;
}

/// Every sealed or open text of the database in which one of these words stands.
async fn found(school: &School, words: &[String]) -> Vec<String> {
    let mut tx = begin(school).await;
    let mut texts: Vec<String> = Vec::new();
    for sql in [
        "SELECT name AS text FROM people",
        "SELECT code AS text FROM people",
        "SELECT subject AS text FROM audit",
        "SELECT detail AS text FROM audit",
        "SELECT error AS text FROM outbox WHERE error IS NOT NULL",
        "SELECT note AS text FROM timers WHERE note IS NOT NULL",
    ] {
        texts.extend(tx.all(sql, args![], |row| row.get::<String>("text")).await.unwrap());
    }
    for sql in [
        "SELECT body AS text FROM messages",
        "SELECT body AS text FROM outbox WHERE body IS NOT NULL",
        "SELECT body AS text FROM dialogues",
        "SELECT answers AS text FROM reports WHERE answers <> ''",
        "SELECT phone AS text FROM people WHERE phone IS NOT NULL",
    ] {
        for sealed in tx.all(sql, args![], |row| row.get::<String>("text")).await.unwrap() {
            texts.push(school.engine.sealer.open_text(&sealed).unwrap());
        }
    }
    texts.retain(|text| words.iter().any(|word| text.contains(word)));
    texts
}

on_both! {
    async fn nothing_is_found_of_who_was_erased_and_the_chain_stays_whole(db) {
        let school = School::usual(&db).await;
        open_day(&school).await;
        has_phone(&school, 1101, PHONE).await;
        reports(&school, 1101, "Suzhou").await;
        school.writes(1101, "/mydata").await;
        school.writes(1101, "/help").await;
        school.issue(1, 1, 100, 2).await.arrives(1, 0, Some(-1), Some(100)).await;
        left(&school, 1101).await;
        let words = [name(1101), "p001101".to_owned(), PHONE.to_owned(), "Suzhou".to_owned()];
        assert!(!found(&school, &words).await.is_empty(), "there is something to erase");
        let figures = units::total(&mut begin(&school).await, DAY, "/1/").await.unwrap();

        let mut tx = begin(&school).await;
        let who = erase::find(&mut tx, "p001101").await.unwrap().unwrap();
        erase::erase(&mut tx, &school.engine.sealer, &who).await.unwrap();
        tx.commit().await.unwrap();

        assert_eq!(found(&school, &words).await, Vec::<String>::new());
        let mut tx = begin(&school).await;
        assert_eq!(units::total(&mut tx, DAY, "/1/").await.unwrap(), figures);
        let bound: i64 = tx
            .one("SELECT COUNT(*) AS n FROM accounts WHERE account = $1", args![account(1101)], |row| row.get("n"))
            .await
            .unwrap();
        assert_eq!(bound, 0);
        let mut prev = String::new();
        for entry in audit::after(&mut tx, 0, 1000).await.unwrap() {
            assert_eq!((&entry.prev, &entry.hash), (&prev, &entry.expected_hash()));
            prev = entry.hash;
        }
    }

    async fn a_namesake_keeps_the_name(db) {
        let school = School::usual(&db).await;
        school.run("UPDATE people SET name = 'Same Name' WHERE id IN (1101, 1201)", args![]).await;
        school.writes(1201, "/mydata").await;
        left(&school, 1101).await;
        let mut tx = begin(&school).await;
        let who = erase::find(&mut tx, "p001101").await.unwrap().unwrap();
        erase::erase(&mut tx, &school.engine.sealer, &who).await.unwrap();
        tx.commit().await.unwrap();
        assert!(!found(&school, &["Same Name".to_owned()]).await.is_empty());
    }
}
