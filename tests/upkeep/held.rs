//! A copy is restored: what waited in it may have been sent since (R21).

use tierline::store::held;

use crate::on_both;
use crate::world::World;
use crate::world::db::TestDb;

/// What `backup` notes in the copy, and what the first `run` on it does.
async fn restores(school: &World, db: &TestDb) {
    let mut tx = db.db.begin().await.expect("begins");
    let now = school.clock_now();
    tx.execute(
        "INSERT INTO settings (name, value) VALUES ('copied_at', $1)",
        tierline::args![now.timestamp_millis().to_string()],
    )
    .await
    .expect("is noted");
    let copied_at = held::hold_copy(&mut tx, now).await.expect("holds");
    assert_eq!(copied_at.map(|at| at.timestamp_millis()), Some(now.timestamp_millis()));
    assert_eq!(
        held::hold_copy(&mut tx, now).await.expect("holds"),
        None,
        "only the first run is a restored copy"
    );
    tx.commit().await.expect("commits");
    school.gives_up_on_presses();
}

on_both! {
    async fn what_waits_in_a_restored_copy_is_held_until_it_is_released(db) {
        let school = World::four_tiers(&db).await;
        let counselor = school.counselor("cs1");
        counselor.issues("明天交表").previewed().await;
        counselor.presses("to").await;
        counselor.taps_on(&counselor.newest_with("send"), "send");
        school.only_takes().await;
        restores(&school, &db).await;
        school.restarts().await;
        school.passes("1m").await;
        school.passes("1m").await;
        assert_eq!((school.class("cs1").cards(), school.alarms().await), (0, 0));
        let mut tx = db.db.begin().await.expect("begins");
        let waiting = held::waiting(&mut tx).await.expect("counts");
        assert!(!waiting.is_empty() && waiting.iter().all(|waiting| waiting.held), "{waiting:?}");
        let released = held::release(&mut tx, &school.sealer(), school.clock_now()).await.expect("releases");
        assert!(released.queued > 0 && held::count(&mut tx).await.expect("counts") == 0, "{released:?}");
        tx.commit().await.expect("commits");
        school.settles().await;
        let card = school.class("cs1").card();
        assert!(card.text().contains("重发") && card.count() == "0/3", "{}", card.text());
        school.student("cs1", 1).acknowledges("cs1").await;
        assert_eq!(school.class("cs1").card().count(), "1/3");
        school.overlooks("已发送，编号");
        school.overlooks("已发出");
        school.ends().await;
    }

    async fn what_is_held_can_be_dropped(db) {
        let school = World::four_tiers(&db).await;
        let counselor = school.counselor("cs1");
        counselor.issues("明天交表").previewed().await;
        counselor.presses("to").await;
        counselor.taps_on(&counselor.newest_with("send"), "send");
        school.only_takes().await;
        restores(&school, &db).await;
        let mut tx = db.db.begin().await.expect("begins");
        assert!(held::forget(&mut tx, school.clock_now()).await.expect("drops") > 0);
        tx.commit().await.expect("commits");
        school.restarts().await;
        school.passes("1m").await;
        assert_eq!((school.class("cs1").cards(), school.alarms().await), (0, 0));
        school.ends().await;
    }
}
