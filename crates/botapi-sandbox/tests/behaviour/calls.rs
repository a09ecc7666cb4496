//! How calls are read and refused: encodings, the reference, texts, edits.

use serde_json::{Value, json};

use crate::world::World;

async fn started(world: &World) -> i64 {
    let ada = world.sandbox.account("Ada");
    ada.starts(&world.bot, None);
    ada.id()
}

#[tokio::test]
async fn every_encoding_is_read() {
    let world = World::new().await;
    let chat = started(&world).await;
    let query = format!("{}?chat_id={chat}&text=%E6%94%B6%E5%88%B0+1", world.url("sendmessage"));
    let sent: Value = world.client.get(query).send().await.expect("an answer").json().await.expect("JSON");
    assert_eq!(sent["result"]["text"], "收到 1");
    let markup = json!({ "inline_keyboard": [[{ "text": "a", "callback_data": "b" }]] }).to_string();
    let fields = [("chat_id", chat.to_string()), ("text", "2".to_owned()), ("reply_markup", markup)];
    let form = fields.iter().fold(reqwest::multipart::Form::new(), |form, (k, v)| form.text(*k, v.clone()));
    let request = world.client.post(world.url("SENDMESSAGE")).multipart(form);
    let sent: Value = request.send().await.expect("an answer").json().await.expect("JSON");
    assert_eq!(sent["result"]["reply_markup"]["inline_keyboard"][0][0]["callback_data"], "b");
    assert!(world.sandbox.violations().is_empty());
}

#[tokio::test]
async fn what_the_reference_does_not_know_is_a_violation() {
    let world = World::new().await;
    let chat = started(&world).await;
    let unknown = json!({ "chat_id": chat, "text": "x", "reply_to_message_id": 1 });
    assert_eq!(
        world.refused("sendMessage", unknown).await,
        "Bad Request: unknown parameter \"reply_to_message_id\""
    );
    assert_eq!(
        world.refused("sendMessage", json!({ "chat_id": chat })).await,
        "Bad Request: message text is empty"
    );
    assert_eq!(world.refused("sendMessages", json!({})).await, "Not Found");
    let found = world.sandbox.violations();
    let problems: Vec<&str> = found.iter().map(|violation| violation.problem.as_str()).collect();
    assert_eq!(
        problems,
        [
            "unknown parameter \"reply_to_message_id\"",
            "required parameter \"text\" is missing",
            "the sandbox does not know this method",
        ]
    );
}

#[tokio::test]
async fn a_wrong_token_is_unauthorized() {
    let world = World::new().await;
    for (token, code) in [("1:abc", 401), ("nonsense", 404)] {
        let url = format!("{}/bot{token}/getMe", world.sandbox.api_url());
        assert_eq!(world.client.get(url).send().await.expect("an answer").status(), code);
    }
    assert_eq!(world.ok("getMe", json!({})).await["username"], "relay_bot");
}

#[tokio::test]
async fn texts_have_their_bounds() {
    let world = World::new().await;
    let chat = started(&world).await;
    let send = |text: String| json!({ "chat_id": chat, "text": text });
    world.ok("sendMessage", send("😀".repeat(2048))).await;
    assert_eq!(
        world.refused("sendMessage", send("a".repeat(4097))).await,
        "Bad Request: message is too long"
    );
    assert_eq!(
        world.refused("sendMessage", send(" \n\u{200b}".to_owned())).await,
        "Bad Request: message text is empty"
    );
    let html =
        json!({ "chat_id": chat, "parse_mode": "HTML", "text": format!("<b>{}</b>", "a".repeat(4096)) });
    world.ok("sendMessage", html).await;
    let broken = json!({ "chat_id": chat, "parse_mode": "HTML", "text": "a <b>b" });
    assert_eq!(
        world.refused("sendMessage", broken).await,
        "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\""
    );
    let button = |data: String| json!({ "inline_keyboard": [[{ "text": "x", "callback_data": data }]] });
    let with = |data: String| json!({ "chat_id": chat, "text": "x", "reply_markup": button(data) });
    world.ok("sendMessage", with("é".repeat(32))).await;
    assert_eq!(world.refused("sendMessage", with("é".repeat(33))).await, "Bad Request: BUTTON_DATA_INVALID");
    let nobody = json!({ "chat_id": chat, "text": "x", "reply_parameters": { "message_id": 999 } });
    assert_eq!(world.refused("sendMessage", nobody).await, "Bad Request: message to be replied not found");
}

#[tokio::test]
async fn mentions_name_people_the_sandbox_knows() {
    let world = World::new().await;
    let chat = started(&world).await;
    let text = format!("<a href=\"tg://user?id={chat}\">Ada</a> and <a href=\"tg://user?id=1\">nobody</a>");
    let sent = world.ok("sendMessage", json!({ "chat_id": chat, "parse_mode": "HTML", "text": text })).await;
    assert_eq!(sent["text"], "Ada and nobody");
    assert_eq!(sent["entities"].as_array().expect("a list").len(), 1);
    assert_eq!(sent["entities"][0]["user"]["id"], chat);
}

#[tokio::test]
async fn edits_must_change_something() {
    let world = World::new().await;
    let chat = started(&world).await;
    let markup = json!({ "inline_keyboard": [[{ "text": "a", "callback_data": "b" }]] });
    let sent = world.ok("sendMessage", json!({ "chat_id": chat, "text": "1", "reply_markup": markup })).await;
    let id = sent["message_id"].clone();
    let edit = |text: &str, markup: Option<&Value>| {
        let mut params = json!({ "chat_id": chat, "message_id": id, "text": text });
        if let Some(markup) = markup {
            params["reply_markup"] = markup.clone();
        }
        params
    };
    let same = world.refused("editMessageText", edit("1", Some(&markup))).await;
    assert!(
        same.starts_with("Bad Request: message is not modified: specified new message content"),
        "{same}"
    );
    let edited = world.ok("editMessageText", edit("2", None)).await;
    assert_eq!((edited["text"].clone(), edited.get("reply_markup")), (json!("2"), None));
    assert!(edited["edit_date"].is_i64());
    let keyboard = json!({ "chat_id": chat, "message_id": id, "reply_markup": markup });
    world.ok("editMessageReplyMarkup", keyboard).await;
    assert_eq!(
        world.refused("editMessageText", edit(&"x".repeat(4097), None)).await,
        "Bad Request: MESSAGE_TOO_LONG"
    );
    let other = |id: i64| json!({ "chat_id": chat, "message_id": id, "text": "x" });
    assert_eq!(world.refused("editMessageText", other(99)).await, "Bad Request: message to edit not found");
    assert_eq!(world.refused("editMessageText", other(1)).await, "Bad Request: message can't be edited");
    assert_eq!(world.sandbox.message(chat, id.as_i64().expect("an id")).expect("shown").edits, 2);
}

#[tokio::test]
async fn commands_have_scopes_and_languages() {
    let world = World::new().await;
    let chat = started(&world).await;
    let commands = json!([{ "command": "help", "description": "What I can do" }]);
    world.ok("setMyCommands", json!({ "commands": commands, "language_code": "zh" })).await;
    let scope = json!({ "type": "chat_member", "chat_id": -5, "user_id": chat });
    world.ok("setMyCommands", json!({ "commands": commands, "scope": scope })).await;
    assert_eq!(world.sandbox.commands(&world.bot, "default", "zh").len(), 1);
    assert_eq!(world.sandbox.commands(&world.bot, &format!("chat_member -5 {chat}"), "")[0].0, "help");
    assert_eq!(world.ok("getMyCommands", json!({})).await, json!([]));
    assert_eq!(world.ok("getMyCommands", json!({ "language_code": "zh" })).await, commands);
    world.ok("deleteMyCommands", json!({ "language_code": "zh" })).await;
    assert!(world.sandbox.commands(&world.bot, "default", "zh").is_empty());
    let wrong = json!({ "commands": [{ "command": "Help", "description": "x" }] });
    assert_eq!(world.refused("setMyCommands", wrong).await, "Bad Request: BOT_COMMAND_INVALID");
    world.ok("setMyDescription", json!({ "description": "A relay" })).await;
    assert_eq!(world.ok("getMyDescription", json!({})).await["description"], "A relay");
    assert_eq!(world.ok("getMyName", json!({})).await["name"], "Relay");
}

#[tokio::test]
async fn the_lesser_methods_work_too() {
    let world = World::new().await;
    let chat = started(&world).await;
    let location = json!({ "chat_id": chat, "latitude": 1.5, "longitude": 2.5 });
    assert_eq!(world.ok("sendLocation", location).await["location"]["longitude"], 2.5);
    let contact = json!({ "chat_id": chat, "phone_number": "+1", "first_name": "Bob" });
    assert_eq!(world.ok("sendContact", contact).await["contact"]["first_name"], "Bob");
    world.ok("sendChatAction", json!({ "chat_id": chat, "action": "typing" })).await;
    let wrong = json!({ "chat_id": chat, "action": "sleeping" });
    assert_eq!(
        world.refused("sendChatAction", wrong).await,
        "Bad Request: wrong parameter action in request"
    );
    world.ok("deleteMessages", json!({ "chat_id": chat, "message_ids": [2, 3, 99] })).await;
    assert_eq!(world.sandbox.messages(chat).iter().filter(|message| message.deleted).count(), 2);
    let entities = json!([{ "type": "bold", "offset": 0, "length": 2 }]);
    let sent =
        world.ok("sendMessage", json!({ "chat_id": chat, "text": "收到", "entities": entities })).await;
    assert_eq!(sent["entities"], entities);
    let outside = json!({ "chat_id": chat, "text": "x", "entities": entities });
    assert!(world.refused("sendMessage", outside).await.starts_with("Bad Request: can't parse entities: "));
    let mode = json!({ "chat_id": chat, "text": "x", "parse_mode": "Wiki" });
    assert_eq!(world.refused("sendMessage", mode).await, "Bad Request: unsupported parse_mode");
    world.ok("setChatMenuButton", json!({ "chat_id": chat, "menu_button": { "type": "commands" } })).await;
    assert_eq!(world.ok("getChatMenuButton", json!({ "chat_id": chat })).await["type"], "commands");
    assert!(world.sandbox.violations().is_empty());
}

#[tokio::test]
async fn albums_and_captions() {
    let world = World::new().await;
    let chat = started(&world).await;
    let media = json!([
        { "type": "document", "media": "attach://a", "caption": "<i>first</i>", "parse_mode": "HTML" },
        { "type": "document", "media": "attach://b" },
    ]);
    let part = |bytes: &'static [u8], name| reqwest::multipart::Part::bytes(bytes).file_name(name);
    let form = reqwest::multipart::Form::new()
        .text("chat_id", chat.to_string())
        .text("media", media.to_string())
        .part("a", part(b"1", "a.txt"))
        .part("b", part(b"2", "b.txt"));
    let answer =
        world.client.post(world.url("sendMediaGroup")).multipart(form).send().await.expect("an answer");
    let sent: Value = answer.json().await.expect("JSON");
    let album = sent["result"].as_array().expect("a list");
    assert_eq!(album.len(), 2, "{sent}");
    assert_eq!(album[0]["media_group_id"], album[1]["media_group_id"]);
    assert_eq!(album[0]["caption"], "first");
    let edit =
        |caption: &str| json!({ "chat_id": chat, "message_id": album[0]["message_id"], "caption": caption });
    assert_eq!(world.ok("editMessageCaption", edit("other")).await["caption"], "other");
    let long = world.refused("editMessageCaption", edit(&"x".repeat(1025))).await;
    assert_eq!(long, "Bad Request: message caption is too long");
    let as_text = json!({ "chat_id": chat, "message_id": album[0]["message_id"], "text": "x" });
    let refusal = world.refused("editMessageText", as_text).await;
    assert_eq!(refusal, "Bad Request: there is no text in the message to edit");
    assert!(world.sandbox.violations().is_empty(), "{:?}", world.sandbox.violations());
}

#[tokio::test]
#[should_panic(expected = "has no button \"Send\", only [\"OK\"]")]
async fn misuse_panics_with_its_reason() {
    let world = World::new().await;
    let chat = started(&world).await;
    let markup = json!({ "inline_keyboard": [[{ "text": "OK", "callback_data": "ok" }]] });
    world.ok("sendMessage", json!({ "chat_id": chat, "text": "x", "reply_markup": markup })).await;
    world.sandbox.account_by_id(chat).presses(chat, 2, "Send");
}

#[tokio::test]
async fn calls_are_kept_with_their_outcome() {
    let world = World::new().await;
    let chat = started(&world).await;
    let id = world.send(chat, "x").await;
    world.refused("sendMessage", json!({ "chat_id": 1, "text": "y" })).await;
    let calls = world.sandbox.calls();
    assert_eq!((calls[0].method, calls[0].ok, calls[0].chat_id), ("sendMessage", true, Some(chat)));
    assert_eq!((calls[0].message_id, calls[0].at), (Some(id), world.now()));
    assert_eq!(calls[0].params["text"], "x");
    assert_eq!((calls[1].ok, calls[1].error_code), (false, Some(400)));
}
