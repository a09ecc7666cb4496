//! Taking updates: by polling and by webhook, once each, whatever their shape (invariant 1, R16, R17, S1).

use std::sync::Arc;
use std::time::Duration;

use botapi_sandbox::{Limits, Scramble};
use serde_json::json;
use tierline::app::App;
use tierline::args;
use tierline::clock::Clock;
use tierline::config::{Config, Secret};
use tierline::http::webhook::{self, Webhook};
use tierline::loops::intake::{Polled, Poller, queue};
use tierline::store::Db;
use tierline::store::seal::Sealer;

use super::post::Post;
use crate::on_both;
use crate::world::db::TestDb;

const SECRET: &str = "a-fixed-secret";

fn app(post: &Post, db: Db, url: &str) -> App {
    let text =
        format!("[telegram]\napi_url = {:?}\ntoken = {:?}\n", post.sandbox.api_url(), post.bot.token());
    let text = format!("{text}[database]\nurl = {url:?}\n");
    let config = Config::from_text("test.toml", &text, std::iter::empty()).expect("a configuration");
    App::build(config, db, Sealer::with_key([5; 32]), post.clock.clone(), "first".to_owned()).expect("an app")
}

fn poller(post: &Post, db: &TestDb) -> Poller {
    let app = app(post, db.db.clone(), &db.url);
    app.poller(&app.bots[0])
}

/// Polls until nothing is left; returns how many were taken for the first time.
async fn drain(post: &Post, poller: &mut Poller) -> usize {
    let mut fresh = 0;
    loop {
        match poller.step(Duration::ZERO).await.expect("a step") {
            Polled::Took(taken) => fresh += taken.fresh,
            Polled::Nothing if post.sandbox.pending_updates(&post.bot) == 0 => return fresh,
            Polled::Nothing => post.clock.advance(Duration::from_secs(1)),
            Polled::Wait(time) => post.clock.advance(time),
        }
    }
}

async fn states(post: &Post) -> Vec<(String, String, Option<String>)> {
    let mut tx = post.engine.db.read().await.expect("reads");
    tx.all("SELECT state, kind, payload FROM inbox ORDER BY update_id", args![], |row| {
        Ok((row.get("state")?, row.get("kind")?, row.get("payload")?))
    })
    .await
    .expect("rows")
}

on_both! {
    async fn updates_are_polled_once_and_confirmed(db) {
        let post = Post::new(&db, Limits::off()).await;
        let person = post.sandbox.account("P");
        person.starts(&post.bot, None);
        for n in 0..150 {
            person.writes_to(&post.bot, &format!("hello {n}"));
        }
        let mut poller = poller(&post, &db);
        assert_eq!(drain(&post, &mut poller).await, 151);
        let all = states(&post).await;
        assert_eq!(all.len(), 151);
        assert!(all.iter().all(|(state, _, payload)| state == "done" && payload.is_none()));
    }

    async fn a_poll_whose_batch_was_not_committed_comes_again(db) {
        let post = Post::new(&db, Limits::off()).await;
        let person = post.sandbox.account("P");
        person.starts(&post.bot, None);
        let mut first = poller(&post, &db);
        assert!(matches!(first.step(Duration::ZERO).await.expect("a step"), Polled::Took(_)));
        // It dies before it polls again: nothing was confirmed, the next one gets the same and knows it.
        drop(first);
        let mut second = poller(&post, &db);
        let Polled::Took(taken) = second.step(Duration::ZERO).await.expect("a step") else { panic!("nothing came") };
        assert_eq!((taken.fresh, taken.repeats), (0, 1));
    }

    async fn repeated_and_shuffled_updates_count_once(db) {
        let post = Post::new(&db, Limits::off()).await;
        let person = post.sandbox.account("P");
        person.starts(&post.bot, None);
        post.bot.scramble(Some(Scramble { most_repeats: 3, shuffle: true }));
        for n in 0..60 {
            person.writes_to(&post.bot, &format!("hello {n}"));
        }
        let mut poller = poller(&post, &db);
        assert_eq!(drain(&post, &mut poller).await, 61);
    }

    async fn broken_updates_are_set_aside_without_their_content(db) {
        let post = Post::new(&db, Limits::off()).await;
        let person = post.sandbox.account("P");
        person.starts(&post.bot, None);
        for broken in [
            json!({"message": 5}),
            json!({"message": {"message_id": 1, "chat": null, "from": null, "text": "CANARY"}}),
            json!({"callback_query": {"id": 7, "from": {"id": 1e300}}}),
            json!({"from_the_future": {"text": "CANARY"}}),
            json!({"message": {"message_id": 2, "text": "x".repeat(65_536)}}),
            json!({"channel_post": {"message_id": 3, "chat": {"id": -1, "type": "channel"}, "text": "CANARY"}}),
        ] {
            post.sandbox.inject_update(&post.bot, broken);
        }
        post.sandbox.inject_bytes(&post.bot, &b"{\"update_id\":999000111,\"message\":{\"text\":\"CANARY"[..]);
        person.writes_to(&post.bot, "after them");
        let mut poller = poller(&post, &db);
        drain(&post, &mut poller).await;
        let all = states(&post).await;
        let aside = all.iter().filter(|(state, _, _)| state == "aside").count();
        assert!(aside >= 4, "{all:?}");
        assert!(all.iter().all(|(_, _, payload)| payload.is_none()), "no content is kept");
        assert!(all.iter().filter(|(state, kind, _)| state == "done" && kind == "message").count() >= 2);
        let seen = all.len();
        drain(&post, &mut poller).await;
        assert_eq!(states(&post).await.len(), seen, "nothing comes again for ever");
    }

    async fn the_webhook_answers_after_the_commit_and_only_with_the_secret(db) {
        let post = Post::new(&db, Limits::off()).await;
        let (deliveries, mut taker) = queue(&post.engine);
        let router = webhook::router(Webhook {
            secret: Secret::new(SECRET),
            bots: Arc::from([post.bot.id()]),
            deliver: Arc::new(move |bot, raw| {
                let deliveries = deliveries.clone();
                Box::pin(async move { deliveries.deliver(bot, raw).await })
            }),
            clock: post.clock.clone(),
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("binds");
        let url = format!("http://{}/telegram/webhook", listener.local_addr().expect("bound"));
        let serving = tokio::spawn(tierline::http::serve(listener, router, std::future::pending()));
        let taking = tokio::spawn(async move { while taker.step().await > 0 {} });
        let client = reqwest::Client::new();
        let send = |secret: Option<&str>, body: Vec<u8>| {
            let mut request = client.post(&url).body(body);
            if let Some(secret) = secret {
                request = request.header("X-Telegram-Bot-Api-Secret-Token", secret);
            }
            // A body that is not read to its end may find the connection closed before the answer: 0.
            async move { request.send().await.map_or(0, |answer| answer.status().as_u16()) }
        };
        let update = |id: i64| json!({"update_id": id, "poll": {}}).to_string().into_bytes();
        for wrong in [None, Some(""), Some("a-fixed-secre"), Some("a-fixed-secretX"), Some("A-fixed-secret")] {
            assert_eq!(send(wrong, update(1)).await, 401, "{wrong:?}");
        }
        let unread = send(None, vec![b'x'; 10_000_000]).await;
        assert!([0, 401].contains(&unread), "the body is not read before the secret: {unread}");
        assert!([0, 413].contains(&send(Some(SECRET), vec![b'x'; 200_000]).await));
        assert_eq!(states(&post).await.len(), 0);
        assert_eq!(send(Some(SECRET), update(1)).await, 200);
        assert_eq!(send(Some(SECRET), update(1)).await, 200);
        assert_eq!(send(Some(SECRET), b"no JSON at all".to_vec()).await, 200, "or it would come again for ever");
        assert_eq!(states(&post).await.len(), 2);
        let many = futures(&client, &url, 500).await;
        assert!(many.iter().all(|status| *status == 200));
        assert_eq!(states(&post).await.len(), 502);
        serving.abort();
        taking.abort();
    }

    async fn a_database_that_is_away_is_told_with_503(db) {
        let post = Post::new(&db, Limits::off()).await;
        let (deliveries, mut taker) = queue(&post.engine);
        let closed = post.engine.db.clone();
        closed.close().await;
        let taking = tokio::spawn(async move { while taker.step().await > 0 {} });
        let taken = deliveries.deliver(post.bot.id(), br#"{"update_id":1,"poll":{}}"#.to_vec()).await;
        assert!(!taken, "nothing is confirmed that is not durable");
        taking.abort();
    }
}

/// The statuses of updates 1000, 1001 … sent by several connections at once.
async fn futures(client: &reqwest::Client, url: &str, count: i64) -> Vec<u16> {
    let mut tasks = tokio::task::JoinSet::new();
    for id in 0..count {
        let request = client
            .post(url)
            .header("X-Telegram-Bot-Api-Secret-Token", SECRET)
            .body(json!({"update_id": 1000 + id, "poll": {}}).to_string());
        tasks.spawn(async move { request.send().await.expect("an answer").status().as_u16() });
    }
    tasks.join_all().await
}

#[tokio::test]
async fn a_gap_longer_than_presses_live_is_noted() {
    let db = TestDb::sqlite().await;
    let post = Post::new(&db, Limits::off()).await;
    let mut poller = poller(&post, &db);
    poller.step(Duration::ZERO).await.expect("a step");
    post.clock.advance(Duration::from_secs(600));
    poller.step(Duration::ZERO).await.expect("a step");
    let mut tx = post.engine.db.read().await.expect("reads");
    let gaps: i64 = tx
        .one("SELECT COUNT(*) AS n FROM audit WHERE act = 'updates.gap'", args![], |row| row.get("n"))
        .await
        .expect("a count");
    assert_eq!(gaps, 1);
    assert!(post.clock.now() > super::post::monday());
}
