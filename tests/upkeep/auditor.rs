//! Somebody deletes rows by hand (R23).

use tierline::args;
use tierline::store::erase;

use crate::on_both;
use crate::world::db::TestDb;
use crate::world::{Plan, World};

async fn deletes(db: &TestDb, sql: &'static str) -> u64 {
    let mut tx = db.db.begin().await.expect("begins");
    let rows = tx.execute(sql, args![]).await.expect("deletes");
    tx.commit().await.expect("commits");
    rows
}

const WAITING: &str = "SELECT COUNT(*) AS x FROM timers WHERE state = 'waiting'";

on_both! {
    async fn a_deleted_timer_is_told_within_a_minute_and_set_again(db) {
        let school = World::four_tiers(&db).await;
        school.counselor("cs1").issues("明天交表").to_students().await;
        school.passes("1m").await;
        let waiting = school.count(WAITING).await;
        let deleted = deletes(&db, "DELETE FROM timers WHERE state = 'waiting' AND kind = 'step' AND step < 2000").await;
        assert!(deleted > 1 && school.alarms().await == 0);
        // It does not need to have seen them.
        school.restarts().await;
        school.passes("1m").await;
        school.passes("1m").await;
        assert_eq!(u64::try_from(school.alarms().await), Ok(deleted));
        assert_eq!(school.count(WAITING).await, waiting);
        school.passes("181m").await;
        school.class("cs1").shows("【提醒】");
        school.class("cs1").card();
        assert_eq!(u64::try_from(school.alarms().await), Ok(deleted), "told once");
        let told = "SELECT COUNT(*) AS x FROM audit WHERE act = 'auditor.missing'";
        assert_eq!(u64::try_from(school.count(told).await), Ok(deleted));
        school.ends().await;
    }

    async fn a_deleted_relay_goes_down_all_the_same(db) {
        let school = World::four_tiers(&db).await;
        school.leader().issues("开学准备").to_counselors().await;
        school.secretary("cs").acknowledges("u").await;
        assert_eq!(deletes(&db, "DELETE FROM timers WHERE kind = 'relay'").await, 1);
        school.passes("1m").await;
        school.passes("2m").await;
        assert_eq!(school.alarms().await, 1);
        school.secretary("cs").is_told("传达");
        assert_eq!(school.counts(&["u", "cs"]), ["1/2", "0/2"]);
        school.ends().await;
    }

    async fn a_card_deleted_before_it_was_sent_still_arrives(db) {
        let school = World::four_tiers(&db).await;
        let counselor = school.counselor("cs1");
        counselor.issues("明天交表").previewed().await;
        counselor.presses("to").await;
        counselor.taps_on(&counselor.newest_with("send"), "send");
        school.only_takes().await;
        let queued = "DELETE FROM outbox WHERE op = 'send' AND message IN (SELECT id FROM messages WHERE kind = 'card')";
        assert_eq!(deletes(&db, queued).await, 1);
        school.restarts().await;
        school.passes("1m").await;
        school.passes("1m").await;
        assert_eq!(school.alarms().await, 1);
        let card = school.class("cs1").card();
        assert!(card.text().contains("重发") && card.count() == "0/3", "{}", card.text());
        school.student("cs1", 1).acknowledges("cs1").await;
        assert_eq!(school.class("cs1").card().count(), "1/3");
        school.overlooks("已发送，编号");
        school.overlooks("已发出");
        school.ends().await;
    }

    async fn whatever_waited_a_minute_ago_is_missed(db) {
        let school = World::four_tiers(&db).await;
        let insert = "INSERT INTO outbox (id, bot, chat, class, op, body, repeat, state, not_before, stale_at) \
                      VALUES (7, 7, -7, 6, 'menu', '', 'again', 'held', 0, 9000000000000)";
        assert_eq!(deletes(&db, insert).await, 1);
        let insert = "INSERT INTO timers (id, kind, subject, version, step, due_at, state) \
                      VALUES (7, 'strangers', 7, 1, 0, 9000000000000, 'waiting')";
        assert_eq!(deletes(&db, insert).await, 1);
        school.passes("1m").await;
        school.passes("1m").await;
        assert_eq!(school.alarms().await, 0);
        deletes(&db, "DELETE FROM outbox WHERE id = 7").await;
        deletes(&db, "DELETE FROM timers WHERE id = 7").await;
        school.passes("1m").await;
        school.passes("1m").await;
        assert_eq!((school.alarms().await, school.count(WAITING).await), (2, 1));
        let told: Vec<String> = school.asks("SELECT detail AS x FROM audit WHERE act = 'auditor.missing' ORDER BY seq", args![]).await;
        assert!(told[0].contains("strangers 0 of 7") && told[1].contains("menu for chat -7"), "{told:?}");
        school.ends().await;
    }

    async fn erasing_somebody_in_the_middle_of_things_is_no_alarm(db) {
        let school = Plan::four_tiers().in_the_morning().opens(&db).await;
        school.passes("11m").await;
        let student = school.student("cs1", 3);
        student.writes("/checkin").await;
        student.presses_choice("校内").await;
        school.counselor("cs1").issues("明天交表").to_students().await;
        school.passes_until("08:21").await;
        // Reminders of theirs wait to be sent.
        student.writes("/today").await;
        school.imports(&db, |roster| {
            roster.people.remove("cs13");
        }).await;
        let mut tx = db.db.begin().await.expect("begins");
        let who = erase::find(&mut tx, "cs13").await.expect("reads").expect("left");
        erase::erase(&mut tx, &school.sealer(), &who).await.expect("erases");
        tx.commit().await.expect("commits");
        school.passes("3m").await;
        school.restarts().await;
        school.passes("3m").await;
        assert_eq!(school.alarms().await, 0);
        let left = "SELECT COUNT(*) AS x FROM sessions";
        assert_eq!(school.count(left).await, 0);
        school.overlooks("");
        school.ends().await;
    }
}
