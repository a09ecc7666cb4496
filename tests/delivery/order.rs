//! Who is first: classes, fairness between chats, the order within one, the newest edit alone (P2).

use std::time::Duration;

use botapi_sandbox::Limits;
use tierline::domain::message::{Class, Locale, Reader, Repeat, Toast};
use tierline::domain::outgoing::Op;

use super::post::{Post, letter};
use crate::on_both;

on_both! {
    async fn an_urgent_message_overtakes_twenty_thousand_prompts(db) {
        let mut post = Post::new(&db, Limits::strict()).await;
        let people = post.people(2);
        queue_prompts(&post, 20_000).await;
        post.passes(Duration::from_secs(1)).await;
        post.queue(people[0].id(), Class::Urgent, Repeat::Marked, "now").await;
        post.queue(people[1].id(), Class::Directive, Repeat::Marked, "soon").await;
        post.passes(Duration::from_millis(350)).await;
        let texts = [&people[0], &people[1]].map(|person| post.texts(person.id()).len());
        assert_eq!(texts, [1, 1]);
    }

    async fn one_chats_flood_does_not_hold_up_another(db) {
        let mut post = Post::new(&db, Limits::strict()).await;
        let people = post.people(2);
        for n in 0..50 {
            post.queue(people[0].id(), Class::Answer, Repeat::Marked, &format!("flood {n}")).await;
        }
        post.queue(people[1].id(), Class::Answer, Repeat::Marked, "one word").await;
        post.passes(Duration::from_millis(300)).await;
        assert_eq!(post.texts(people[1].id()).len(), 1);
    }

    async fn only_the_newest_edit_is_sent(db) {
        let mut post = Post::new(&db, Limits::strict()).await;
        let group = post.group("Class 1");
        let message = post.queue(group.id(), Class::Directive, Repeat::Marked, "0/45").await;
        post.passes(Duration::from_secs(2)).await;
        for n in 1..=45 {
            let op = Op::Edit { letter: letter(&format!("{n}/45")) };
            post.call(group.id(), Class::Count, Some(message), op).await;
        }
        post.passes(Duration::from_secs(2)).await;
        let shown = post.sandbox.last_message(group.id()).expect("a message");
        assert!(shown.text.contains("45/45"), "{}", shown.text);
        assert_eq!(shown.edits, 1);
    }

    async fn an_edit_of_what_was_not_sent_yet_changes_what_is_sent(db) {
        let mut post = Post::new(&db, Limits::strict()).await;
        let group = post.group("Class 1");
        let message = post.queue(group.id(), Class::Directive, Repeat::Marked, "0/45").await;
        post.call(group.id(), Class::Count, Some(message), Op::Edit { letter: letter("7/45") }).await;
        post.passes(Duration::from_secs(3)).await;
        let texts = post.texts(group.id());
        assert!(texts.len() == 1 && texts[0].contains("7/45"), "{texts:?}");
        assert_eq!(post.sends().len(), 1);
    }

    async fn presses_are_answered_at_once_and_beyond_the_limits(db) {
        let mut post = Post::new(&db, Limits::strict()).await;
        let (group, people) = (post.group("Class 1"), post.people(60));
        people.iter().for_each(|person| person.joins(&group));
        let text = "press here";
        let message = post.queue(group.id(), Class::Directive, Repeat::Marked, text).await;
        post.passes(Duration::from_secs(1)).await;
        assert!(message > 0);
        let shown = post.sandbox.last_message(group.id()).expect("a message").id;
        let before = post.sandbox.pending_updates(&post.bot);
        let presses: Vec<_> =
            people.iter().map(|person| person.presses_data(group.id(), shown, "ack:1")).collect();
        assert_eq!(post.sandbox.pending_updates(&post.bot) - before, 60);
        for id in callback_ids(&post).await {
            let op = Op::Answer { callback: id, toast: Toast::Noted, reader: Reader::Group, locale: Locale::En };
            post.call(0, Class::Answer, None, op).await;
        }
        post.passes(Duration::from_millis(100)).await;
        assert!(presses.iter().all(|press| post.sandbox.press_answer(*press).is_some()));
    }
}

/// The ids of the presses that wait at the server.
async fn callback_ids(post: &Post) -> Vec<String> {
    use tierline::chat::telegram::update;
    use tierline::chat::{Chat, Poll};
    use tierline::domain::incoming::Incoming;
    let api = post.sandbox.api_url().parse().expect("an address");
    let secret = tierline::config::Secret::new(post.bot.token());
    let chat =
        tierline::chat::telegram::TelegramChat::new(&api, &secret, Default::default()).expect("a client");
    let (mut ids, mut offset) = (Vec::new(), 0);
    loop {
        let updates =
            chat.updates(Poll { offset, limit: 100, timeout: Duration::ZERO }).await.expect("updates");
        if updates.is_empty() {
            return ids;
        }
        for update in updates.iter().map(|raw| update::parse(raw)) {
            offset = update.update_id.expect("an id") + 1;
            if let Some(Incoming::Pressed { callback, .. }) = update.incoming {
                ids.push(callback);
            }
        }
    }
}

/// Queues a prompt for each of so many people who never started the bot, in one statement.
async fn queue_prompts(post: &Post, count: i64) {
    post.queue(5_000_000, Class::Prompt, Repeat::Never, "prompt").await;
    let numbers: Vec<_> = (1..count).map(|n| serde_json::json!({"n": n})).collect();
    let mut tx = post.engine.db.begin().await.expect("begins");
    tx.execute(
        "INSERT INTO outbox (id, bot, chat, class, op, message, body, repeat, state, not_before, stale_at) \
         SELECT o.id + CAST(e.value->>'n' AS BIGINT), o.bot, o.chat + CAST(e.value->>'n' AS BIGINT), o.class, o.op, \
                o.message, o.body, o.repeat, o.state, o.not_before, o.stale_at FROM outbox o, json_each($1) e",
        tierline::args![serde_json::Value::from(numbers).to_string()],
    )
    .await
    .expect("queues");
    tx.commit().await.expect("commits");
}
