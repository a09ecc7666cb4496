//! What an onlooker is told.

use std::sync::{Arc, Mutex};

use botapi_sandbox::{Limits, Sight};
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::world::World;

type Seen = Arc<Mutex<Vec<Value>>>;

async fn watched() -> (World, Seen) {
    let seen = Seen::default();
    let told = Arc::clone(&seen);
    let onlooker = move |sight: &Sight| told.lock().unwrap().push(serde_json::to_value(sight).unwrap());
    let world = World::with(|builder| builder.limits(Limits::off()).onlooker(onlooker)).await;
    (world, seen)
}

fn kinds(seen: &Seen) -> Vec<String> {
    seen.lock().unwrap().iter().map(|sight| sight["kind"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn an_onlooker_hears_of_everything_in_order() {
    let (world, seen) = watched().await;
    let ada = world.sandbox.account("Ada");
    ada.starts(&world.bot, None);
    let markup = json!({ "inline_keyboard": [[{ "text": "Received", "callback_data": "ack:1" }]] });
    let asked = json!({ "chat_id": ada.id(), "text": "Read this", "reply_markup": markup });
    let id = world.ok("sendMessage", asked).await["message_id"].as_i64().unwrap();
    world.passes(TimeDelta::seconds(30));
    ada.presses(ada.id(), id, "Received");
    let press = world
        .updates()
        .await
        .into_iter()
        .find_map(|update| update["callback_query"]["id"].as_str().map(str::to_owned));
    world.ok("answerCallbackQuery", json!({ "callback_query_id": press, "text": "Thank you" })).await;
    world.ok("editMessageText", json!({ "chat_id": ada.id(), "message_id": id, "text": "Read" })).await;
    ada.writes_to(&world.bot, "all of it");
    ada.blocks(&world.bot);

    assert_eq!(kinds(&seen), ["message", "message", "press", "answer", "edit", "message", "block"]);
    let seen = seen.lock().unwrap();
    let [start, asked, press, answer, edit, written, block] = &seen[..] else {
        panic!("seven were asserted")
    };
    assert_eq!((&start["text"], &start["name"]), (&json!("/start"), &json!("Ada")));
    assert_eq!(asked["buttons"][0][0]["data"], "ack:1");
    assert_eq!((&press["label"], &press["data"]), (&json!("Received"), &json!("ack:1")));
    assert_eq!((&press["person"], &press["message_id"]), (&json!(ada.id()), &json!(id)));
    assert_ne!(press["at"], asked["at"]);
    assert_eq!((&answer["press"], &answer["text"]), (&press["press"], &json!("Thank you")));
    assert_eq!((&edit["text"], &edit["buttons"]), (&json!("Read"), &Value::Null));
    assert_eq!(written["text"], "all of it");
    assert_eq!((&block["person"], &block["private"]), (&json!(ada.id()), &json!(true)));
}

#[tokio::test]
async fn a_group_is_named_and_shared_things_are_seen() {
    let (world, seen) = watched().await;
    let ada = world.sandbox.account("Ada");
    let group = world.sandbox.supergroup("Class 1", &[&ada]);
    ada.sends_photo(group.id(), "look.jpg", b"JPEG", "look");
    ada.shares_location(&world.bot, 31.2, 121.5);
    let seen = seen.lock().unwrap();
    let photo = seen.iter().find(|sight| sight["media"].is_object()).unwrap();
    assert_eq!((&photo["chat"], &photo["private"]), (&json!("Class 1"), &json!(false)));
    assert_eq!((&photo["text"], &photo["media"]["kind"]), (&json!("look"), &json!("photo")));
    assert!(seen.iter().any(|sight| sight["fields"]["location"]["latitude"] == 31.2), "{seen:?}");
}
