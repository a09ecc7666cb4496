//! getUpdates: offsets, limits, waiting, second pollers, kinds.

use serde_json::{Value, json};

use crate::world::World;

fn ids(batch: &Value) -> Vec<i64> {
    batch
        .as_array()
        .expect("a list")
        .iter()
        .map(|update| update["update_id"].as_i64().expect("an id"))
        .collect()
}

#[tokio::test]
async fn an_offset_confirms_what_is_before_it() {
    let world = World::new().await;
    let ada = world.sandbox.account("Ada");
    for n in 0..150 {
        ada.writes_to(&world.bot, &format!("{n}"));
    }
    let first = ids(&world.ok("getUpdates", json!({})).await);
    assert_eq!(first.len(), 100);
    let again = ids(&world.ok("getUpdates", json!({})).await);
    assert_eq!(again, first[..1], "a repeated call within half a second yields one update");
    world.passes(chrono::TimeDelta::seconds(1));
    assert_eq!(ids(&world.ok("getUpdates", json!({ "limit": 7 })).await), first[..7]);
    let rest = ids(&world.ok("getUpdates", json!({ "offset": first[99] + 1 })).await);
    assert_eq!(rest.len(), 50);
    assert_eq!(ids(&world.ok("getUpdates", json!({ "offset": -1 })).await), rest[49..]);
    assert_eq!(world.sandbox.pending_updates(&world.bot), 1);
    assert_eq!(ids(&world.ok("getUpdates", json!({ "offset": rest[49] + 1 })).await), Vec::<i64>::new());
}

#[tokio::test]
async fn a_long_poll_wakes_at_the_first_update() {
    let world = World::new().await;
    let ada = world.sandbox.account("Ada");
    let waiting = world.ok("getUpdates", json!({ "timeout": 30 }));
    let writing = async {
        tokio::task::yield_now().await;
        ada.writes_to(&world.bot, "hello")
    };
    let (batch, _) = tokio::join!(waiting, writing);
    assert_eq!(batch[0]["message"]["text"], "hello");
}

#[tokio::test]
async fn a_second_poller_ends_the_first() {
    let world = World::new().await;
    let first = world.client.post(world.url("getUpdates")).json(&json!({ "timeout": 30 }));
    let first = tokio::spawn(first.send());
    // The second poll must come after the first: repeat it until the first was told.
    let mut ended = first;
    let answer = loop {
        world.ok("getUpdates", json!({})).await;
        match tokio::time::timeout(std::time::Duration::from_millis(5), &mut ended).await {
            Ok(answer) => break answer.expect("joined").expect("an answer"),
            Err(_) => continue,
        }
    };
    assert_eq!(answer.status(), 409);
    let body: Value = answer.json().await.expect("JSON");
    assert_eq!(
        body["description"],
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    );
}

#[tokio::test]
async fn some_kinds_come_on_request_only() {
    let world = World::new().await;
    let (ada, bob) = (world.sandbox.account("Ada"), world.sandbox.account("Bob"));
    let group = world.sandbox.group("Class", &[&ada]);
    group.add_bot(&world.bot, &ada);
    group.promote(&world.bot);
    bob.joins(&group);
    assert!(!world.kinds().await.contains(&"chat_member".to_owned()));
    world.asks_for_all_kinds().await;
    bob.leaves(&group);
    assert_eq!(world.kinds().await, ["chat_member", "message"]);
    world.ok("getUpdates", json!({ "allowed_updates": ["callback_query"] })).await;
    ada.writes(group.id(), "unheard");
    assert!(world.kinds().await.is_empty());
}

#[tokio::test]
async fn injected_updates_may_be_anything() {
    let world = World::new().await;
    let id = world.sandbox.inject_update(&world.bot, json!({ "surprise": { "x": 1 } }));
    let next = world.sandbox.inject_update(&world.bot, json!({ "update_id": id + 5, "message": null }));
    assert_eq!(next, id + 5);
    assert_eq!(ids(&world.ok("getUpdates", json!({})).await), [id, id + 5]);
    world.updates().await;
    world.sandbox.inject_bytes(&world.bot, "{\"update_id\":");
    let answer = world.client.post(world.url("getUpdates")).send().await.expect("an answer");
    let text = answer.text().await.expect("text");
    assert!(serde_json::from_str::<Value>(&text).is_err());
    assert!(world.updates().await.is_empty(), "broken bytes are given out once");
}

#[tokio::test]
async fn ids_may_start_again_elsewhere() {
    let world = World::new().await;
    let ada = world.sandbox.account("Ada");
    ada.writes_to(&world.bot, "before");
    let before = ids(&world.ok("getUpdates", json!({})).await);
    world.updates().await;
    world.bot.next_update_id(500);
    ada.writes_to(&world.bot, "after");
    assert_eq!(ids(&world.ok("getUpdates", json!({})).await), [500]);
    assert!(before[0] > 500);
}

#[tokio::test]
async fn updates_can_be_repeated_and_mixed() {
    let world = World::new().await;
    let ada = world.sandbox.account("Ada");
    world.bot.scramble(Some(botapi_sandbox::Scramble { most_repeats: 3, shuffle: true }));
    for n in 0..40 {
        ada.writes_to(&world.bot, &format!("{n}"));
    }
    let batch = ids(&world.ok("getUpdates", json!({})).await);
    let mut sorted = batch.clone();
    sorted.sort_unstable();
    assert_ne!(batch, sorted);
    let mut all = batch;
    let mut offset = sorted[39] + 1;
    while world.sandbox.pending_updates(&world.bot) > 0 {
        let batch = ids(&world.ok("getUpdates", json!({ "offset": offset })).await);
        offset = batch.iter().copied().max().map_or(offset, |id| id + 1);
        world.passes(chrono::TimeDelta::seconds(1));
        all.extend(batch);
    }
    for id in sorted {
        let times = all.iter().filter(|seen| **seen == id).count();
        assert!((1..=3).contains(&times), "{id} came {times} times");
    }
    assert!(all.len() > 40);
}
