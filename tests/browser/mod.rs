//! The sandbox's page in a real browser, with a bot that the test plays.

mod demo;
mod page;

use std::sync::Arc;
use std::time::Duration;

use botapi_sandbox::{Account, AccountSpec, Bot, Group, Limits, Sandbox};
use page::{column, in_browser};
use serde_json::{Value, json};

/// Ada and Bob in a group with a bot; Carol is outside.
struct Stage {
    sandbox: Sandbox,
    bot: Bot,
    ada: Account,
    bob: Account,
    carol: Account,
    group: Group,
    client: reqwest::Client,
}

impl Stage {
    async fn new() -> Self {
        let status = Arc::new(|| {
            json!({
                "hint": { "en": "Try the button.", "zh-CN": "请点按钮。" },
                "clock": "Monday 08:12",
                "steps": [{ "text": "Say hello", "done": true }, { "text": "Press it", "done": false }],
            })
        });
        let sandbox = Sandbox::builder()
            .title("Stage")
            .limits(Limits::off())
            .status(status)
            .start()
            .await
            .expect("a free port");
        let bot = sandbox.add_bot("stage_bot", "Stage bot");
        let person = |id: i64, name: &str, about: &str| {
            sandbox.account_with(AccountSpec {
                id,
                name: name.to_owned(),
                about: Some(about.to_owned()),
                language: Some("en".to_owned()),
                phone: Some(format!("+1555010{id}")),
                ..AccountSpec::default()
            })
        };
        let (ada, bob, carol) =
            (person(11, "Ada", "teacher"), person(12, "Bob", "student"), person(13, "Carol", "guest"));
        let group = sandbox.supergroup("Class", &[&ada, &bob]);
        group.add_bot(&bot, &ada);
        group.promote(&bot);
        ada.starts(&bot, None);
        carol.starts(&bot, None);
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        Self { sandbox, bot, ada, bob, carol, group, client }
    }

    /// Calls a method as the bot.
    async fn call(&self, method: &str, params: Value) -> Value {
        let url = format!("{}/bot{}/{method}", self.sandbox.api_url(), self.bot.token());
        let answer = self.client.post(url).json(&params).send().await.expect("an answer");
        let answer: Value = answer.json().await.expect("JSON");
        assert_eq!(answer["ok"], true, "{answer}");
        answer["result"].clone()
    }

    /// The next press that arrives, after which all updates so far are confirmed.
    async fn next_press(&self) -> Value {
        let mut offset = 0;
        loop {
            let wanted = json!({ "offset": offset, "timeout": 10 });
            let updates = self.call("getUpdates", wanted).await;
            for update in updates.as_array().expect("a list") {
                offset = update["update_id"].as_i64().expect("a number") + 1;
                if update["callback_query"].is_object() {
                    self.call("getUpdates", json!({ "offset": offset })).await;
                    return update["callback_query"].clone();
                }
            }
            assert_ne!(updates, json!([]), "no press came");
        }
    }

    /// Waits until somebody wrote this into a chat.
    async fn written(&self, chat: i64, text: &str) -> botapi_sandbox::ShownMessage {
        let found = self.sandbox.wait_for(Duration::from_secs(15), |sandbox| {
            sandbox.last_message(chat).filter(|message| message.text == text)
        });
        found
            .await
            .unwrap_or_else(|| panic!("nobody wrote {text:?} but {:?}", self.sandbox.last_message(chat)))
    }

    async fn asks(&self, chat: i64, read: u32) -> i64 {
        let markup = json!({ "inline_keyboard": [[{ "text": "Received", "callback_data": "ack:1" }]] });
        let text = format!("Lessons begin at 8.\nRead by {read}/2");
        let sent =
            self.call("sendMessage", json!({ "chat_id": chat, "text": text, "reply_markup": markup })).await;
        sent["message_id"].as_i64().expect("a number")
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writing_pressing_and_the_edit_that_arrives() {
    let stage = Stage::new().await;
    in_browser(|page| async move {
        let (group, ada, bob) = (stage.group.id(), stage.ada.id(), stage.bob.id());
        page.open(&stage.sandbox, ada).await;
        assert_eq!(page.words("#guide li.done").await.trim(), "✓\nSay hello");
        assert_eq!(page.words(".clock").await, "Monday 08:12");
        page.writes(group, "Good morning").await;
        let said = stage.written(group, "Good morning").await;
        assert_eq!(said.from, Some(ada));
        page.sees(&format!("{} .message.own[data-message='{}']", column(group), said.id)).await;

        let id = stage.asks(group, 0).await;
        page.presses(group, "ack:1").await;
        let press = stage.next_press().await;
        assert_eq!((&press["from"]["id"], &press["message"]["message_id"]), (&json!(ada), &json!(id)));
        page.sees(&format!("{} .keyboard button.busy", column(group))).await;
        let answer = json!({ "callback_query_id": press["id"], "text": "Noted, Ada" });
        stage.call("answerCallbackQuery", answer).await;
        page.sees_toast(group, "Noted, Ada").await;
        let edit = json!({ "chat_id": group, "message_id": id, "text": "Lessons begin at 8.\nRead by 1/2" });
        stage.call("editMessageText", edit).await;
        page.sees_message(group, "Read by 1/2").await;
        assert_eq!(
            page.words(&format!("{} mark", column(group))).await,
            "1",
            "the count that changed is marked"
        );
        page.sees(&format!("{} [data-message='{id}'] .edited", column(group))).await;

        stage.asks(group, 1).await;
        page.becomes(bob).await;
        page.presses(group, "ack:1").await;
        let press = stage.next_press().await;
        assert_eq!(press["from"]["id"], json!(bob));
        let answer =
            json!({ "callback_query_id": press["id"], "text": "You are not asked", "show_alert": true });
        stage.call("answerCallbackQuery", answer).await;
        page.sees("dialog.alert").await;
        assert_eq!(page.words("dialog.alert p").await, "You are not asked");
        page.clicks("dialog.alert button").await;
        assert_eq!(stage.sandbox.violations(), []);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_left_without_a_way_on() {
    let stage = Stage::new().await;
    in_browser(|page| async move {
        let (group, bob, carol) = (stage.group.id(), stage.bob.id(), stage.carol.id());
        page.open(&stage.sandbox, carol).await;
        page.clicks(&format!("{} .composer .chip[data-person='{bob}']", column(group))).await;
        page.sees(&format!("#me[data-person='{bob}']")).await;
        page.writes(group, "I am in").await;
        assert_eq!(stage.written(group, "I am in").await.from, Some(bob));

        page.clicks(&format!("{} .start", column(bob))).await;
        stage.written(bob, "/start").await;
        let keyboard = json!({ "keyboard": [[{ "text": "Share my number", "request_contact": true }]] });
        stage
            .call("sendMessage", json!({ "chat_id": bob, "text": "Who are you?", "reply_markup": keyboard }))
            .await;
        page.clicks(&format!("{} .keys button", column(bob))).await;
        page.sees_message(bob, "+155501012").await;

        page.clicks(&format!("{} > header .ghost", column(bob))).await;
        page.clicks(&format!("{} .menu button", column(bob))).await;
        page.sees(&format!("{} .composer[data-mode='blocked']", column(bob))).await;
        page.clicks(&format!("{} .composer .primary", column(bob))).await;
        page.sees(&format!("{} .composer[data-mode='write']", column(bob))).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn names_and_texts_are_shown_and_never_run() {
    let stage = Stage::new().await;
    in_browser(|page| async move {
        let group = stage.group.id();
        let hostile = "<img src=x onerror=\"document.title='broken'\"><b>";
        let eve = stage.sandbox.account(hostile);
        stage.group.add(&eve, &stage.ada);
        eve.writes(group, &format!("{hostile} & <script>document.title='broken'</script>"));
        eve.sends_document(group, &format!("{hostile}.html"), b"<script>1</script>", hostile);
        page.open(&stage.sandbox, stage.ada.id()).await;
        page.sees_message(group, "<script>document.title=").await;
        page.sees_message(group, ".html").await;
        assert_eq!(page.count("#strip img, #strip script, #rail img").await, 0);
        assert_eq!(page.words("#top h1").await, "Stage");

        stage.sandbox.feature(&[group, stage.ada.id()]);
        page.open_with(&stage.sandbox, "lang=zh-CN&as=11").await;
        page.sees("html[lang='zh-CN']").await;
        assert!(page.words("#guide").await.contains("请点按钮。"));
        let placed = page.sees(&format!("{} textarea", column(group))).await.attr("placeholder").await;
        assert_eq!(placed.expect("an attribute").as_deref(), Some("以Ada的身份发言"));
    })
    .await;
}
