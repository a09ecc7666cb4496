//! What the page asks for besides the state: its files, searches, menus, uploads.

use botapi_sandbox::{Account, AccountSpec};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::world::World;

async fn get(world: &World, path: &str) -> Value {
    let url = format!("{}{path}", world.sandbox.api_url());
    world.client.get(url).send().await.expect("an answer").json().await.expect("JSON")
}

fn person(world: &World, name: &str, about: &str) -> Account {
    let (name, about) = (name.to_owned(), Some(about.to_owned()));
    world.sandbox.account_with(AccountSpec { name, about, ..AccountSpec::default() })
}

fn names(found: &Value, list: &str, name: &str) -> Vec<String> {
    let found = found[list].as_array().expect("a list").iter();
    found.map(|one| one[name].as_str().expect("a name").to_owned()).collect()
}

#[tokio::test]
async fn the_files_of_the_page_load_nothing_from_elsewhere() {
    let world = World::new().await;
    let page = world.client.get(world.sandbox.page_url()).send().await.expect("an answer");
    let policy = page.headers()["content-security-policy"].to_str().expect("text").to_owned();
    assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
    let html = page.text().await.expect("text");
    let own = html.split('"').filter(|part| part.starts_with("/page/"));
    let mut files: Vec<String> = own.map(str::to_owned).collect();
    assert_eq!(files.len(), 3);
    let mut at = 0;
    while at < files.len() {
        let url = format!("{}{}", world.sandbox.api_url(), files[at]);
        let file = world.client.get(url).send().await.expect("an answer");
        assert_eq!(file.status(), StatusCode::OK, "{}", files[at]);
        let text = file.text().await.expect("text");
        let imports = text.lines().filter_map(|line| line.split_once(" from \"./")?.1.strip_suffix("\";"));
        for import in imports.map(|name| format!("/page/{name}")) {
            if !files.contains(&import) {
                files.push(import);
            }
        }
        at += 1;
    }
    assert_eq!(files.len(), 12, "{files:?}");
}

#[tokio::test]
async fn people_and_chats_are_found_among_many() {
    let world = World::with(|builder| builder.hidden(|id| id == 42)).await;
    let (ada, bob) = (person(&world, "Ada", "teacher"), person(&world, "Bob", "student"));
    let hidden = AccountSpec { id: 42, name: "Bobby".to_owned(), ..AccountSpec::default() };
    let hidden = world.sandbox.account_with(hidden);
    let group = world.sandbox.group("Class three", &[&ada, &bob, &hidden]);
    group.add_bot(&world.bot, &ada);
    bob.starts(&world.bot, None);
    hidden.starts(&world.bot, None);
    let all = get(&world, "/sandbox/people").await;
    assert_eq!(names(&all, "people", "first_name"), ["Ada", "Bob"]);
    assert_eq!(all["people"][0]["groups"], json!(["Class three"]));
    assert_eq!(names(&get(&world, "/sandbox/people?find=BO").await, "people", "first_name"), ["Bob"]);
    assert_eq!(names(&get(&world, "/sandbox/people?find=teach").await, "people", "about"), ["teacher"]);
    assert_eq!(get(&world, "/sandbox/people?find=three&limit=1").await["total"], 2);
    assert_eq!(names(&get(&world, "/sandbox/chats").await, "chats", "title"), ["Class three", "Bob"]);
    assert_eq!(names(&get(&world, "/sandbox/chats?find=bob").await, "chats", "title"), ["Bob"]);
    let own = get(&world, &format!("/sandbox/state?person={}", bob.id())).await;
    assert_eq!(names(&own, "chats", "title"), ["Bob", "Class three"]);
}

#[tokio::test]
async fn the_menu_is_that_of_the_narrowest_scope() {
    let world = World::new().await;
    let ada = world.sandbox.account("Ada");
    let group = world.sandbox.group("Class", &[&ada]);
    group.add_bot(&world.bot, &ada);
    let set = |name: &str, scope: Value, language: &str| {
        let commands = json!([{ "command": name, "description": "does it" }]);
        world.ok("setMyCommands", json!({ "commands": commands, "scope": scope, "language_code": language }))
    };
    set("start", json!({ "type": "default" }), "").await;
    set("starten", json!({ "type": "default" }), "de").await;
    set("own", json!({ "type": "chat", "chat_id": ada.id() }), "en").await;
    set("lead", json!({ "type": "all_chat_administrators" }), "").await;
    let menu = async |chat: i64, person: i64| {
        let path = format!("/sandbox/commands?bot={}&chat={chat}&person={person}", world.bot.id());
        names(&get(&world, &path).await, "commands", "command")
    };
    let bob = world.sandbox.account("Bob");
    bob.joins(&group);
    assert_eq!(menu(ada.id(), ada.id()).await, ["own"]);
    assert_eq!(menu(bob.id(), bob.id()).await, ["start"]);
    assert_eq!(menu(group.id(), ada.id()).await, ["lead"]);
    assert_eq!(menu(group.id(), bob.id()).await, ["start"]);
}

#[tokio::test]
async fn people_send_files_of_any_kind() {
    let world = World::new().await;
    let ada = world.sandbox.account("Ada");
    ada.starts(&world.bot, None);
    let send = async |name: &str, mime: &str, kind: &str, body: &'static [u8]| {
        let query = format!("as={}&name={name}&mime={mime}&caption=here", ada.id());
        let url = format!("{}/sandbox/upload?{query}", world.sandbox.api_url());
        let request = world.client.post(url).header("Content-Type", kind).body(body);
        request.send().await.expect("an answer").status()
    };
    let bytes = "application/octet-stream";
    assert_eq!(send("a.bin", "text/html", bytes, b"\xff\x00").await, StatusCode::OK);
    let sent = world.sandbox.last_message(ada.id()).expect("a message");
    let media = sent.media.expect("a file");
    assert_eq!((sent.text.as_str(), media.kind, media.size), ("here", "document", 2));
    let url = format!("{}/sandbox/file?id={}", world.sandbox.api_url(), media.file_id);
    let file = world.client.get(url).send().await.expect("an answer");
    assert_eq!(file.headers()["content-type"], "application/octet-stream", "nothing of it runs in the page");
    assert_eq!(file.bytes().await.expect("bytes"), b"\xff\x00"[..]);
    assert_eq!(send("a.png", "image/png", bytes, b"\x89PNG").await, StatusCode::OK);
    let photo = world.sandbox.last_message(ada.id()).and_then(|message| message.media).expect("a photo");
    assert_eq!(photo.kind, "photo");
    assert_eq!(send("a.txt", "text/plain", bytes, b"").await, StatusCode::BAD_REQUEST);
    assert_eq!(send("a.txt", "text/plain", "text/plain", b"x").await, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn the_answer_to_a_press_names_the_press() {
    let world = World::new().await;
    let ada = world.sandbox.account("Ada");
    ada.starts(&world.bot, None);
    let markup = json!({ "inline_keyboard": [[{ "text": "OK", "callback_data": "ok" }]] });
    let sent = json!({ "chat_id": ada.id(), "text": "?", "reply_markup": markup });
    let id = world.ok("sendMessage", sent).await["message_id"].clone();
    let mut events = world.sandbox.events();
    let url = format!("{}/sandbox/act", world.sandbox.api_url());
    let wish = json!({ "as": ada.id(), "do": "press", "message": id, "data": "ok" });
    let pressed = world.client.post(url).json(&wish).send().await.expect("an answer");
    let pressed: Value = pressed.json().await.expect("JSON");
    let press = pressed["result"].as_u64().expect("an id");
    let answer = json!({ "callback_query_id": press.to_string(), "text": "Yes", "show_alert": true });
    world.ok("answerCallbackQuery", answer).await;
    let event = events.recv().await.expect("an event");
    assert_eq!((event.kind, event.press, event.alert), ("answer", Some(press), true));
    ada.blocks(&world.bot);
    assert_eq!(events.recv().await.expect("an event").kind, "chat", "the page learns of the block");
}
