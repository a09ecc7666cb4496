//! Faults on demand.

use std::time::Duration;

use botapi_sandbox::{Effect, Fault, Scope};
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::world::World;

async fn started(world: &World) -> i64 {
    let ada = world.sandbox.account("Ada");
    ada.starts(&world.bot, None);
    ada.id()
}

async fn raw(world: &World, chat: i64) -> Result<reqwest::Response, reqwest::Error> {
    world.client.post(world.url("sendMessage")).json(&json!({ "chat_id": chat, "text": "x" })).send().await
}

#[tokio::test]
async fn errors_in_every_dress_do_nothing() {
    let world = World::new().await;
    let chat = started(&world).await;
    for effect in [Effect::Status(502), Effect::Html(502), Effect::BrokenJson, Effect::Unauthorized] {
        world.sandbox.fault(Fault::on(&["sendMessage"], effect).first(1));
    }
    let body: Value = raw(&world, chat).await.expect("an answer").json().await.expect("JSON");
    assert_eq!(body, json!({ "ok": false, "error_code": 502, "description": "Bad Gateway" }));
    let html = raw(&world, chat).await.expect("an answer");
    assert_eq!(
        (html.status().as_u16(), html.headers()["content-type"].to_str().expect("text")),
        (502, "text/html")
    );
    let broken = raw(&world, chat).await.expect("an answer");
    assert_eq!(broken.status(), 200);
    assert!(broken.json::<Value>().await.is_err());
    assert_eq!(raw(&world, chat).await.expect("an answer").status(), 401);
    assert_eq!(world.sandbox.message_count(chat), 1);
    assert_eq!(raw(&world, chat).await.expect("an answer").status(), 200);
    assert_eq!(world.sandbox.message_count(chat), 2);
    assert_eq!(world.sandbox.calls().iter().filter(|call| call.ok).count(), 1);
}

#[tokio::test]
async fn a_reset_may_come_before_or_after_the_effect() {
    let world = World::new().await;
    let chat = started(&world).await;
    world.sandbox.fault(Fault::sends(Effect::ResetBefore).first(1));
    assert!(raw(&world, chat).await.is_err());
    assert_eq!(world.sandbox.message_count(chat), 1);
    world.sandbox.fault(Fault::sends(Effect::ResetAfter).first(1));
    assert!(raw(&world, chat).await.is_err());
    assert_eq!(world.sandbox.message_count(chat), 2);
    assert!(raw(&world, chat).await.is_ok());
}

#[tokio::test]
async fn silence_and_delay_come_after_the_effect() {
    let world = World::new().await;
    let chat = started(&world).await;
    world.sandbox.fault(Fault::sends(Effect::SilenceAfter).first(1));
    let hanging = tokio::spawn({
        let request =
            world.client.post(world.url("sendMessage")).json(&json!({ "chat_id": chat, "text": "x" }));
        request.send()
    });
    let seen = world
        .sandbox
        .wait_for(Duration::from_secs(20), |sandbox| sandbox.last_message(chat).filter(|m| m.text == "x"));
    assert!(seen.await.is_some());
    assert!(!hanging.is_finished());
    hanging.abort();
    world.sandbox.fault(Fault::sends(Effect::Delay(Duration::from_millis(30))).first(1));
    assert!(raw(&world, chat).await.is_ok());
    assert_eq!(world.sandbox.message_count(chat), 3);
}

#[tokio::test]
async fn a_429_freezes_its_scope_for_its_time() {
    let world = World::new().await;
    let (one, two) = (started(&world).await, started(&world).await);
    let freeze = |scope| Effect::TooManyRequests { retry_after: 300, scope };
    world.sandbox.fault(Fault::sends(freeze(Scope::Chat)).chats(&[one]).first(1));
    let to = |chat: i64| json!({ "chat_id": chat, "text": "x" });
    assert_eq!(world.refused("sendMessage", to(one)).await, "Too Many Requests: retry after 300");
    world.ok("sendMessage", to(two)).await;
    world.passes(TimeDelta::seconds(100));
    assert_eq!(world.refused("sendMessage", to(one)).await, "Too Many Requests: retry after 200");
    world.passes(TimeDelta::seconds(200));
    world.ok("sendMessage", to(one)).await;
    world.sandbox.fault(Fault::sends(freeze(Scope::All)).first(1));
    world.refused("sendMessage", to(one)).await;
    world.refused("sendMessage", to(two)).await;
    world.ok("getMe", json!({})).await;
    assert_eq!(world.sandbox.too_many_requests(), 4);
    world.sandbox.clear_faults();
    world.ok("sendMessage", to(two)).await;
}

#[tokio::test]
async fn rules_choose_by_share_time_and_count() {
    let world = World::new().await;
    let chat = started(&world).await;
    let share = world.sandbox.fault(Fault::sends(Effect::Status(500)).probability(0.3));
    let mut failed = 0;
    for _ in 0..200 {
        failed +=
            usize::from(world.call("sendMessage", json!({ "chat_id": chat, "text": "x" })).await.is_err());
    }
    assert!((35..=85).contains(&failed), "{failed} of 200 failed");
    world.sandbox.remove_fault(share);
    let start = world.now() + TimeDelta::seconds(10);
    world.sandbox.fault(Fault::any(Effect::Status(504)).between(start, start + TimeDelta::seconds(5)));
    world.ok("getMe", json!({})).await;
    world.passes(TimeDelta::seconds(10));
    assert_eq!(world.refused("getMe", json!({})).await, "Gateway Timeout");
    world.passes(TimeDelta::seconds(5));
    world.ok("getMe", json!({})).await;
    world.sandbox.fault(Fault::on(&["getme"], Effect::Status(500)).skip(1).first(1));
    world.ok("getMe", json!({})).await;
    world.refused("getMe", json!({})).await;
    world.ok("getMe", json!({})).await;
}

#[tokio::test]
async fn connections_can_be_refused() {
    let world = World::new().await;
    let chat = started(&world).await;
    world.sandbox.refuse_connections(1.0);
    // A connection that stood before may still carry one call.
    drop(raw(&world, chat).await);
    let refused = raw(&world, chat).await.expect_err("nobody listens");
    assert!(refused.is_connect(), "{refused:?}");
    let before = world.sandbox.message_count(chat);
    world.sandbox.refuse_connections(0.5);
    let mut outcomes = Vec::new();
    while !(outcomes.contains(&true) && outcomes.contains(&false)) {
        let outcome = raw(&world, chat).await;
        assert!(outcome.as_ref().err().is_none_or(reqwest::Error::is_connect), "{outcome:?}");
        outcomes.push(outcome.is_ok());
    }
    world.sandbox.refuse_connections(0.0);
    while raw(&world, chat).await.is_err() {}
    let sent = outcomes.iter().filter(|ok| **ok).count() + 1;
    assert_eq!(world.sandbox.message_count(chat), before + sent, "what was refused had no effect");
}
