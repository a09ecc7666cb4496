//! A key is changed while the service runs (S13).

use std::collections::BTreeSet;

use tierline::args;
use tierline::store::rotation::{self, SEALED};
use tierline::store::{Db, roster};

use crate::on_both;
use crate::world::{Plan, World};

/// The keys with which anything in the database is sealed.
async fn keys_in_use(db: &Db) -> Vec<u8> {
    let counts = rotation::by_key(&mut db.read().await.expect("reads")).await.expect("counts");
    counts.into_keys().collect()
}

/// Everything that can be sealed has something in it.
async fn fill(db: &Db, school: &World) {
    let sealer = school.sealer();
    let sealed = sealer.seal_text("{}");
    let mut tx = db.begin().await.expect("begins");
    for sql in [
        "INSERT INTO inbox (bot, update_id, kind, hash, received_at, state, payload) \
         VALUES (1, 1, 'message', '', $2, 'aside', $1)",
        "INSERT INTO dialogues (account, person, kind, subject, body, updated_at) VALUES (1, 1, 'note', 1, $1, $2)",
        "INSERT INTO chat_members (chat, account, inside, name, seen_at) VALUES (1, 1, 0, $1, $2)",
        "INSERT INTO outbox (id, bot, chat, class, op, body, repeat, state, not_before, stale_at) \
         VALUES (1, 1, 1, 1, 'send', $1, 'never', 'held', $2, $2)",
        "INSERT INTO reports (day, person, version, answers, places, why, at, by_person, way, late, changed, level) \
         VALUES (1, 1, 1, $1, $1, '', $2, 1, 'self', 0, 0, 0)",
    ] {
        tx.execute(sql, args![&sealed, school.clock_now()]).await.expect("inserts");
    }
    let verified = "INSERT INTO contacts (person, verified_at, verified_by, phone_hash) \
                    SELECT id, CAST($1 AS BIGINT), 1, phone_hash FROM people WHERE phone_hash IS NOT NULL";
    tx.execute(verified, args![school.clock_now()]).await.expect("inserts");
    tx.commit().await.expect("commits");
}

on_both! {
    async fn a_key_is_changed_while_a_directive_is_acknowledged(db) {
        let school = World::four_tiers(&db).await;
        fill(&db.db, &school).await;
        school.counselor("cs1").issues("明天交表").to_students().await;
        school.student("cs1", 1).acknowledges("cs1").await;
        assert_eq!(keys_in_use(&db.db).await, [1]);
        // As `tierline key rotate` does, beside the running service.
        assert_eq!(school.sealer().add_key().expect("added"), 2);
        school.student("cs1", 2).taps_ack("cs1");
        school.only_takes().await;
        school.restarts().await;
        school.passes("2m").await;
        school.student("cs1", 2).hears("已收到");
        assert_eq!(keys_in_use(&db.db).await, [2]);
        assert_eq!(school.sealer().key_ids(), [1, 2], "another process may still seal with the old one");
        school.student("cs1", 3).acknowledges("cs1").await;
        assert_eq!(school.class("cs1").card().count(), "3/3");
        for _ in 0..3 {
            school.passes("31m").await;
        }
        assert_eq!((school.sealer().key_ids(), keys_in_use(&db.db).await), (vec![2], vec![2]));
        school.restarts().await;
        let mut tx = db.db.read().await.expect("reads");
        let known = roster::load(&mut tx, &school.sealer()).await.expect("everything opens");
        let same = |(code, person): (&String, &tierline::domain::roster::Person)| known.people[code].phone == person.phone;
        assert!(school.plan.roster.people.iter().all(same));
        let unverified = "SELECT COUNT(*) AS x FROM contacts c JOIN people p ON p.id = c.person \
                          WHERE c.phone_hash <> p.phone_hash";
        assert_eq!(school.count(unverified).await, 0, "what was verified stays verified");
        assert_eq!(school.asks::<String>("SELECT act AS x FROM audit WHERE act LIKE 'keys.%'", args![]).await, ["keys.drop"]);
        school.counselor("cs1").issues("后天开会").to_students().await;
        assert_eq!(school.class("cs1").card().count(), "0/3");
        school.ends().await;
    }

    async fn what_cannot_be_opened_keeps_the_old_key_and_holds_up_nothing(db) {
        let school = World::four_tiers(&db).await;
        let sealed = school.sealer().seal_text("张三");
        let broken = format!("{}{}", &sealed[..8], "A".repeat(sealed.len() - 8));
        let mut tx = db.db.begin().await.expect("begins");
        let insert = "INSERT INTO chat_members (chat, account, inside, name, seen_at) VALUES (-9, $1, 0, $2, 0)";
        for account in 1..=3 {
            tx.execute(insert, args![account, &broken]).await.expect("inserts");
        }
        tx.commit().await.expect("commits");
        school.sealer().add_key().expect("added");
        school.passes("3h").await;
        assert_eq!((school.sealer().key_ids(), keys_in_use(&db.db).await), (vec![1, 2], vec![1, 2]));
        let left = "SELECT COUNT(*) AS x FROM chat_members WHERE name = $1";
        assert_eq!(school.asks::<i64>(left, args![&broken]).await, [3]);
        school.ends().await;
    }

    async fn a_value_that_was_changed_meanwhile_stays_as_it_is(db) {
        let school = World::four_tiers(&db).await;
        let sealer = school.sealer();
        let dialogue = SEALED.iter().find(|of| of.table == "dialogues").expect("listed");
        let mut tx = db.db.begin().await.expect("begins");
        let insert = "INSERT INTO dialogues (account, person, kind, subject, body, updated_at) VALUES (1, 1, 'note', 1, $1, 0)";
        tx.execute(insert, args![sealer.seal_json(&"before")]).await.expect("inserts");
        sealer.add_key().expect("added");
        let read = rotation::not_sealed_with(&mut tx, dialogue, 2, (10, 0)).await.expect("reads");
        let now = sealer.seal_json(&"now");
        tx.execute("UPDATE dialogues SET body = $1", args![&now]).await.expect("updates");
        assert_eq!(rotation::seal_anew(&mut tx, &sealer, dialogue, &read).await.expect("seals"), 0);
        let kept = tx.one("SELECT body FROM dialogues", args![], |row| row.get::<String>("body")).await;
        assert_eq!((read.len(), kept.expect("there")), (1, now));
        tx.commit().await.expect("commits");
        school.ends().await;
    }
}

/// Whatever a migration calls sealed is on the list, so that no rotation forgets it.
#[test]
fn every_sealed_column_is_listed() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let (mut table, mut found) = (String::new(), BTreeSet::new());
    for file in std::fs::read_dir(folder).expect("migrations") {
        let text = std::fs::read_to_string(file.expect("a file").path()).expect("text");
        for line in text.lines() {
            let mut words = line.split_whitespace();
            if let Some(rest) = line.strip_prefix("CREATE TABLE ") {
                table = rest.split([' ', '(']).next().unwrap_or_default().to_owned();
            } else if let (Some(column), true) = (words.next(), line.contains("-- sealed")) {
                found.insert((table.clone(), column.to_owned()));
            }
        }
    }
    let listed: BTreeSet<_> = SEALED.iter().map(|of| (of.table.to_owned(), of.column.to_owned())).collect();
    assert!(found.is_subset(&listed), "not listed in store::rotation: {:?}", found.difference(&listed));
    assert!(found.len() >= 6, "a sealed column says `-- sealed` in its migration: {found:?}");
}

/// A phone that nobody may find in the file.
#[tokio::test]
async fn no_phone_is_in_the_database_file() {
    let db = crate::world::db::TestDb::sqlite().await;
    let school = Plan::four_tiers().opens(&db).await;
    school.counselor("cs1").issues("立即报平安").urgent().to_students().await;
    school.passes("61m").await;
    school.overlooks("【提醒】");
    school.overlooks("【紧急催报】");
    school.sealer().add_key().expect("added");
    school.passes("2h").await;
    school.overlooks("【提醒】");
    school.overlooks("【紧急催报】");
    school.class("cs1").card();
    let phones: Vec<String> = school.plan.roster.people.values().map(|person| person.phone.clone()).collect();
    assert!(phones.iter().filter(|phone| phone.len() >= 11).count() > 10, "{phones:?}");
    for file in std::fs::read_dir(db.folder()).expect("the folder") {
        let path = file.expect("a file").path();
        let bytes = std::fs::read(&path).expect("reads");
        for phone in phones.iter().filter(|phone| !phone.is_empty()) {
            assert!(!bytes.windows(phone.len()).any(|part| part == phone.as_bytes()), "{}", path.display());
        }
    }
    school.ends().await;
    db.finish().await;
}
