//! 429 at the published limits, on the sandbox's clock.

use botapi_sandbox::{COUNTED, Limits};
use chrono::TimeDelta;
use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn a_chat_takes_one_a_second_and_answers_are_free() {
    let world = World::with(|builder| builder.limits(Limits::strict())).await;
    let ada = world.sandbox.account("Ada");
    ada.starts(&world.bot, None);
    let id = world.send(ada.id(), "1").await;
    let message = json!({ "chat_id": ada.id(), "text": "2" });
    let refusal = world.call("sendMessage", message.clone()).await.expect_err("too fast");
    assert_eq!((refusal.code, refusal.words.as_str()), (429, "Too Many Requests: retry after 1"));
    assert_eq!(refusal.parameters, json!({ "retry_after": 1 }));
    world.updates().await;
    ada.presses_data(ada.id(), id, "x");
    let press = world.updates().await[0]["callback_query"]["id"].clone();
    world.ok("answerCallbackQuery", json!({ "callback_query_id": press })).await;
    world.passes(TimeDelta::seconds(1));
    world.ok("sendMessage", message).await;
    assert_eq!(world.sandbox.too_many_requests(), 1);
    let accepted = |call: &botapi_sandbox::Call| call.ok && COUNTED.contains(&call.method);
    assert_eq!(world.sandbox.busiest(TimeDelta::seconds(1), accepted), 1);
    assert_eq!(world.sandbox.busiest(TimeDelta::milliseconds(1001), accepted), 2);
}

#[tokio::test]
async fn sends_and_edits_share_a_groups_twenty_a_minute() {
    let world = World::with(|builder| builder.limits(Limits::strict())).await;
    let ada = world.sandbox.account("Ada");
    let group = world.sandbox.group("Class", &[&ada]);
    group.add_bot(&world.bot, &ada);
    let id = world.send(group.id(), "0").await;
    let edit = |n: i32| json!({ "chat_id": group.id(), "message_id": id, "text": n.to_string() });
    for n in 1..20 {
        world.passes(TimeDelta::seconds(1));
        world.ok("editMessageText", edit(n)).await;
    }
    world.passes(TimeDelta::seconds(1));
    let refusal = world.call("editMessageText", edit(20)).await.expect_err("too many");
    assert_eq!(refusal.words, "Too Many Requests: retry after 40");
    assert_eq!(world.sandbox.message(group.id(), id).expect("shown").text, "19");
    world.passes(TimeDelta::seconds(40));
    world.ok("editMessageText", edit(20)).await;
}

#[tokio::test]
async fn thirty_a_second_in_all() {
    let world = World::with(|builder| builder.limits(Limits::default())).await;
    let people: Vec<_> = (0..31).map(|n| world.sandbox.account(&format!("P{n}"))).collect();
    for person in &people {
        person.starts(&world.bot, None);
    }
    for person in &people[..30] {
        world.send(person.id(), "x").await;
    }
    let last = json!({ "chat_id": people[30].id(), "text": "x" });
    assert_eq!(world.refused("sendMessage", last.clone()).await, "Too Many Requests: retry after 1");
    world.sandbox.set_limits(Limits::off());
    world.ok("sendMessage", last).await;
}

#[tokio::test]
async fn refused_calls_are_not_counted() {
    let world = World::with(|builder| builder.limits(Limits::strict())).await;
    let ada = world.sandbox.account("Ada");
    ada.starts(&world.bot, None);
    world.refused("sendMessage", json!({ "chat_id": ada.id(), "text": "<", "parse_mode": "HTML" })).await;
    world.send(ada.id(), "x").await;
}
