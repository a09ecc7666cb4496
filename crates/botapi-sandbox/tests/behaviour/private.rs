//! Private chats: who may write, blocking, links, presses, contacts, files.

use botapi_sandbox::AccountSpec;
use chrono::TimeDelta;
use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn a_bot_cannot_speak_first() {
    let world = World::new().await;
    let ada = world.sandbox.account("Ada");
    let to_ada = || json!({ "chat_id": ada.id(), "text": "hello" });
    assert_eq!(
        world.refused("sendMessage", to_ada()).await,
        "Forbidden: bot can't initiate conversation with a user"
    );
    ada.starts(&world.bot, None);
    let sent = world.ok("sendMessage", to_ada()).await;
    assert_eq!(sent["chat"], json!({ "id": ada.id(), "type": "private", "first_name": "Ada" }));
    assert_eq!(sent["from"]["id"], world.bot.id());
    assert_eq!(world.sandbox.messages(ada.id())[1].text, "hello");
    assert_eq!(
        world.refused("sendMessage", json!({ "chat_id": 1, "text": "x" })).await,
        "Bad Request: chat not found"
    );
}

#[tokio::test]
async fn blocking_and_coming_back_are_told() {
    let world = World::new().await;
    let ada = world.sandbox.account("Ada");
    ada.starts(&world.bot, None);
    world.updates().await;
    ada.blocks(&world.bot);
    let to_ada = || json!({ "chat_id": ada.id(), "text": "hello" });
    assert_eq!(world.refused("sendMessage", to_ada()).await, "Forbidden: bot was blocked by the user");
    let updates = world.updates().await;
    assert_eq!(updates[0]["my_chat_member"]["new_chat_member"]["status"], "kicked");
    ada.starts(&world.bot, None);
    assert_eq!(world.kinds().await, ["my_chat_member", "message"]);
    world.ok("sendMessage", to_ada()).await;
    ada.deletes_account();
    assert_eq!(world.refused("sendMessage", to_ada()).await, "Forbidden: user is deactivated");
}

#[tokio::test]
async fn a_link_starts_with_its_payload() {
    let world = World::new().await;
    let ada = world.sandbox.account("Ada");
    ada.opens_link("https://t.me/relay_bot?start=code_42-x");
    let update = &world.updates().await[0];
    assert_eq!(update["message"]["text"], "/start code_42-x");
    assert_eq!(update["message"]["entities"], json!([{ "type": "bot_command", "offset": 0, "length": 6 }]));
    assert_eq!(update["message"]["from"]["language_code"], "en");
}

#[tokio::test]
async fn a_press_is_answered_once_and_in_time() {
    let world = World::new().await;
    let ada = world.sandbox.account("Ada");
    ada.starts(&world.bot, None);
    let markup = json!({ "inline_keyboard": [[{ "text": "Received", "callback_data": "ack:1" }]] });
    let sent =
        world.ok("sendMessage", json!({ "chat_id": ada.id(), "text": "x", "reply_markup": markup })).await;
    let id = sent["message_id"].as_i64().expect("an id");
    world.updates().await;
    let press = ada.presses(ada.id(), id, "Received");
    let update = &world.updates().await[0]["callback_query"];
    assert_eq!(update["data"], "ack:1");
    assert_eq!(update["message"]["reply_markup"], markup);
    assert_eq!(world.sandbox.press_answer(press), None);
    let answer = json!({ "callback_query_id": update["id"], "text": "Thank you", "show_alert": true });
    world.ok("answerCallbackQuery", answer.clone()).await;
    let seen = world.sandbox.press_answer(press).expect("answered");
    assert_eq!((seen.text.as_deref(), seen.show_alert), (Some("Thank you"), true));
    let too_old = "Bad Request: query is too old and response timeout expired or query ID is invalid";
    assert_eq!(world.refused("answerCallbackQuery", answer).await, too_old);

    ada.presses_data(ada.id(), id, "forged");
    let update = &world.updates().await[0]["callback_query"];
    assert_eq!(update["data"], "forged");
    world.passes(TimeDelta::seconds(16));
    assert_eq!(
        world.refused("answerCallbackQuery", json!({ "callback_query_id": update["id"] })).await,
        too_old
    );
}

#[tokio::test]
async fn presses_live_150_seconds_and_messages_a_day() {
    let world = World::new().await;
    let ada = world.sandbox.account("Ada");
    let id = ada.starts(&world.bot, None);
    ada.presses_data(ada.id(), id, "x");
    world.passes(TimeDelta::seconds(150));
    assert_eq!(world.sandbox.pending_kinds(&world.bot), ["message", "callback_query"]);
    assert_eq!(world.kinds().await, ["message"]);
    ada.writes(ada.id(), "later");
    world.passes(TimeDelta::hours(24));
    assert_eq!(world.sandbox.pending_updates(&world.bot), 0);
}

#[tokio::test]
async fn a_contact_is_the_senders_own_only_with_their_id() {
    let world = World::new().await;
    let phone = |name: &str, phone: &str| AccountSpec {
        name: name.to_owned(),
        phone: Some(phone.to_owned()),
        ..AccountSpec::default()
    };
    let ada = world.sandbox.account_with(phone("Ada", "+100"));
    let bob = world.sandbox.account_with(phone("Bob", "+200"));
    ada.shares_contact(&world.bot);
    ada.shares_other_contact(&world.bot, &bob);
    ada.shares_typed_contact(&world.bot, "+300", "Eve");
    ada.shares_location(&world.bot, 1.5, 2.5);
    let updates = world.updates().await;
    assert_eq!(updates[0]["message"]["contact"]["user_id"], ada.id());
    assert_eq!(updates[1]["message"]["contact"]["user_id"], bob.id());
    assert_eq!(updates[2]["message"]["contact"], json!({ "phone_number": "+300", "first_name": "Eve" }));
    assert_eq!(updates[3]["message"]["location"]["latitude"], 1.5);
}

#[tokio::test]
async fn a_reply_keyboard_can_ask_for_the_contact() {
    let world = World::new().await;
    let ada = world.sandbox.account_with(AccountSpec {
        name: "Ada".to_owned(),
        phone: Some("+100".to_owned()),
        ..AccountSpec::default()
    });
    ada.starts(&world.bot, None);
    let keyboard = json!({ "keyboard": [[{ "text": "Share", "request_contact": true }, { "text": "No" }]] });
    world.ok("sendMessage", json!({ "chat_id": ada.id(), "text": "?", "reply_markup": keyboard })).await;
    world.updates().await;
    ada.taps(ada.id(), "Share");
    ada.taps(ada.id(), "No");
    let updates = world.updates().await;
    assert_eq!(updates[0]["message"]["contact"]["phone_number"], "+100");
    assert_eq!(updates[1]["message"]["text"], "No");
    let group = world.sandbox.group("Class", &[&ada]);
    group.add_bot(&world.bot, &ada);
    assert_eq!(
        world
            .refused("sendMessage", json!({ "chat_id": group.id(), "text": "?", "reply_markup": keyboard }))
            .await,
        "Bad Request: phone number can be requested in private chats only"
    );
}

#[tokio::test]
async fn files_go_up_once_and_come_back_by_id() {
    let world = World::new().await;
    let ada = world.sandbox.account("Ada");
    ada.starts(&world.bot, None);
    let part =
        reqwest::multipart::Part::bytes(b"a,b\n1,2\n".to_vec()).file_name("list.csv").mime_str("text/csv");
    let form = reqwest::multipart::Form::new()
        .text("chat_id", ada.id().to_string())
        .text("caption", "<b>List</b>")
        .text("parse_mode", "HTML")
        .part("document", part.expect("a type"));
    let answer =
        world.client.post(world.url("SendDocument")).multipart(form).send().await.expect("an answer");
    let sent: serde_json::Value = answer.json().await.expect("JSON");
    let document = &sent["result"]["document"];
    assert_eq!(document["file_name"], "list.csv");
    assert_eq!(document["mime_type"], "text/csv");
    let again = json!({ "chat_id": ada.id(), "document": document["file_id"] });
    assert_eq!(world.ok("sendDocument", again).await["document"], *document);
    let as_photo = json!({ "chat_id": ada.id(), "photo": document["file_id"] });
    assert_eq!(
        world.refused("sendPhoto", as_photo).await,
        "Bad Request: can't use file of type Document as Photo"
    );
    let file = world.ok("getFile", json!({ "file_id": document["file_id"] })).await;
    let path = file["file_path"].as_str().expect("a path");
    let url = format!("{}/file/bot{}/{path}", world.sandbox.api_url(), world.bot.token());
    let bytes = world.client.get(url).send().await.expect("an answer").bytes().await.expect("bytes");
    assert_eq!(&bytes[..], b"a,b\n1,2\n");
    let shown = &world.sandbox.messages(ada.id())[1];
    assert_eq!((shown.text.as_str(), shown.entities[0].kind.as_str()), ("List", "bold"));
    assert_eq!(
        world.sandbox.file(&shown.media.as_ref().expect("media").file_id).expect("kept"),
        b"a,b\n1,2\n"
    );
    assert!(world.sandbox.violations().is_empty());
}

#[tokio::test]
async fn what_people_send_can_be_copied_and_forwarded() {
    let world = World::new().await;
    let (ada, bob) = (world.sandbox.account("Ada"), world.sandbox.account("Bob"));
    ada.starts(&world.bot, None);
    bob.starts(&world.bot, None);
    let id = ada.sends_photo(ada.id(), "plan.jpg", b"jpeg", "the plan");
    let copy = json!({ "chat_id": bob.id(), "from_chat_id": ada.id(), "message_id": id });
    let copied = world.ok("copyMessage", copy.clone()).await["message_id"].as_i64().expect("an id");
    let shown = world.sandbox.message(bob.id(), copied).expect("copied");
    assert_eq!((shown.text.as_str(), shown.from), ("the plan", Some(world.bot.id())));
    assert_eq!(shown.media.expect("a photo").kind, "photo");
    let forwarded = world.ok("forwardMessage", copy).await;
    assert_eq!(forwarded["forward_origin"]["sender_user"]["id"], ada.id());
    let gone = json!({ "chat_id": bob.id(), "from_chat_id": ada.id(), "message_id": 99 });
    assert_eq!(world.refused("copyMessage", gone.clone()).await, "Bad Request: message to copy not found");
    assert_eq!(world.refused("forwardMessage", gone).await, "Bad Request: message to forward not found");
}
