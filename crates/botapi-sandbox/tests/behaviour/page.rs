//! What the page asks for.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::world::World;

async fn get(world: &World, path: &str) -> Value {
    let url = format!("{}{path}", world.sandbox.api_url());
    world.client.get(url).send().await.expect("an answer").json().await.expect("JSON")
}

async fn act(world: &World, wish: Value) -> (StatusCode, Value) {
    let url = format!("{}/sandbox/act", world.sandbox.api_url());
    let answer = world.client.post(url).json(&wish).send().await.expect("an answer");
    (answer.status(), answer.json().await.expect("JSON"))
}

#[tokio::test]
async fn the_state_shows_featured_chats_first() {
    let world = World::with(|builder| {
        let status = std::sync::Arc::new(|| json!({ "clock": "fast" }));
        builder.title("The school").hidden(|id| id == 42).status(status)
    })
    .await;
    let ada = world.sandbox.account("Ada");
    let hidden = world.sandbox.account_with(botapi_sandbox::AccountSpec {
        id: 42,
        name: "Hidden".to_owned(),
        ..botapi_sandbox::AccountSpec::default()
    });
    hidden.starts(&world.bot, None);
    let group = world.sandbox.group("Class", &[&ada, &hidden]);
    ada.starts(&world.bot, None);
    ada.writes(group.id(), "hello");
    let state = get(&world, "/sandbox/state").await;
    assert_eq!((&state["title"], &state["status"]), (&json!("The school"), &json!({ "clock": "fast" })));
    let ids: Vec<_> =
        state["chats"].as_array().expect("a list").iter().map(|chat| chat["id"].clone()).collect();
    assert_eq!(ids, [json!(group.id()), json!(ada.id())]);
    assert_eq!(state["chats"][0]["messages"][0]["text"], "hello");
    assert_eq!(state["accounts"].as_array().expect("a list").len(), 1);
    world.sandbox.feature(&[ada.id()]);
    let state = get(&world, "/sandbox/state").await;
    assert_eq!(state["chats"].as_array().expect("a list").len(), 1);
    assert_eq!(get(&world, "/sandbox/state?all=true").await["chats"].as_array().expect("a list").len(), 2);
    let one = get(&world, &format!("/sandbox/state?chat={}&messages=1", group.id())).await;
    assert_eq!(one["chats"][0]["title"], "Class");
}

#[tokio::test]
async fn the_page_acts_as_anybody() {
    let world = World::new().await;
    let ada = world.sandbox.account("Ada");
    let group = world.sandbox.group("Class", &[&ada]);
    group.add_bot(&world.bot, &ada);
    let markup = json!({ "inline_keyboard": [[{ "text": "OK", "callback_data": "ok" }]] });
    let sent = json!({ "chat_id": group.id(), "text": "?", "reply_markup": markup });
    let id = world.ok("sendMessage", sent).await["message_id"].clone();
    world.updates().await;
    let (status, _) = act(
        &world,
        json!({ "as": ada.id(), "do": "press", "chat": group.id(), "message": id, "data": "OK" }),
    )
    .await;
    assert_eq!(status, StatusCode::OK);
    act(&world, json!({ "as": ada.id(), "do": "start", "text": "abc" })).await;
    act(&world, json!({ "as": ada.id(), "do": "reply", "chat": group.id(), "message": id, "text": "yes" }))
        .await;
    act(&world, json!({ "as": ada.id(), "do": "document", "name": "a.txt", "content": "A" })).await;
    let updates = world.updates().await;
    assert_eq!(updates[0]["callback_query"]["data"], "ok");
    assert_eq!(updates[1]["message"]["text"], "/start abc");
    assert_eq!(updates[2]["message"]["reply_to_message"]["text"], "?");
    let document = updates[3]["message"]["document"]["file_id"].as_str().expect("an id");
    let file = format!("{}/sandbox/file?id={document}", world.sandbox.api_url());
    assert_eq!(world.client.get(file).send().await.expect("an answer").text().await.expect("text"), "A");
    let (status, refusal) = act(&world, json!({ "as": 1, "do": "write", "text": "x" })).await;
    assert_eq!((status, &refusal["error"]), (StatusCode::BAD_REQUEST, &json!("there is no account 1")));
}

#[tokio::test]
async fn events_are_streamed_and_can_be_resumed() {
    let world = World::new().await;
    let ada = world.sandbox.account("Ada");
    ada.starts(&world.bot, None);
    let after = get(&world, "/sandbox/state").await["last_event"].as_i64().expect("a number");
    ada.writes(ada.id(), "one");
    let url = format!("{}/sandbox/events?after={after}", world.sandbox.api_url());
    let mut stream = world.client.get(url).send().await.expect("an answer");
    let mut text = String::new();
    while !text.contains("\n\n") {
        text.push_str(&String::from_utf8_lossy(&stream.chunk().await.expect("a chunk").expect("more")));
    }
    assert!(text.contains(&format!("id: {}", after + 1)), "{text}");
    ada.writes(ada.id(), "two");
    while !text.contains("\"two\"") {
        text.push_str(&String::from_utf8_lossy(&stream.chunk().await.expect("a chunk").expect("more")));
    }
    assert!(text.contains("\"kind\":\"message\"") && text.contains("\"one\""), "{text}");
}

#[tokio::test]
async fn the_handle_hears_events() {
    let world = World::new().await;
    let ada = world.sandbox.account("Ada");
    let mut events = world.sandbox.events();
    let id = ada.starts(&world.bot, None);
    let event = events.recv().await.expect("an event");
    assert_eq!((event.kind, event.chat_id, event.message_id), ("message", ada.id(), Some(id)));
    ada.presses_data(ada.id(), id, "x");
    let press = world.updates().await[1]["callback_query"]["id"].clone();
    let answer = json!({ "callback_query_id": press, "text": "Noted", "show_alert": true });
    world.ok("answerCallbackQuery", answer).await;
    let event = events.recv().await.expect("an event");
    assert_eq!((event.kind, event.person, event.message_id), ("answer", Some(ada.id()), Some(id)));
    assert_eq!((event.text.as_deref(), event.alert), (Some("Noted"), true));
}
