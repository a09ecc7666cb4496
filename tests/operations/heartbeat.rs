//! The heartbeat stops when reminders no longer go out, whatever the reason, and comes again when they do.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use botapi_sandbox::{Effect, Fault, Limits};
use chrono::TimeDelta;
use tierline::app::App;
use tierline::args;
use tierline::clock::Clock;
use tierline::config::Config;
use tierline::domain::message::{Class, Repeat};
use tierline::loops::courier::{Courier, Step};
use tierline::loops::intake::Poller;
use tierline::store::seal::Sealer;

use crate::delivery::post::Post;
use crate::on_both;
use crate::world::db::TestDb;

/// A service and the watcher that it pings.
struct Watched {
    post: Post,
    app: App,
    poller: Poller,
    courier: Courier,
    pings: Arc<AtomicUsize>,
}

/// Counts what it is asked, like a watcher of heartbeats.
async fn watcher() -> (String, Arc<AtomicUsize>) {
    let pings = Arc::new(AtomicUsize::new(0));
    let counted = pings.clone();
    let count = move || async move { counted.fetch_add(1, Ordering::SeqCst).to_string() };
    let router = Router::new().route("/ping", get(count));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("binds");
    let url = format!("http://{}/ping", listener.local_addr().expect("bound"));
    tokio::spawn(tierline::http::serve(listener, router, std::future::pending()));
    (url, pings)
}

impl Watched {
    async fn new(db: &TestDb) -> Self {
        let post = Post::new(db, Limits::off()).await;
        let (heartbeat, pings) = watcher().await;
        let text = format!(
            "[http]\nheartbeat_url = {heartbeat:?}\n[database]\nurl = {:?}\n\
             [telegram]\napi_url = {:?}\ntoken = {:?}\n",
            db.url,
            post.sandbox.api_url(),
            post.bot.token(),
        );
        let config = Config::from_text("test.toml", &text, std::iter::empty()).expect("a configuration");
        let sealer = Sealer::with_key([5; 32]);
        let clock = post.clock.clone();
        let app = App::build(config, db.db.clone(), sealer, clock, "first".to_owned()).expect("an app");
        app.connect().await.expect("the bot is known");
        let (poller, courier) = (app.poller(&app.bots[0]), app.courier(&app.bots[0]));
        Self { post, app, poller, courier, pings }
    }

    /// A minute passes in which updates are asked for and messages are sent; whether the watcher was pinged then.
    async fn pings_after_a_minute(&mut self) -> Result<(), String> {
        self.sends_for(Duration::from_secs(60)).await;
        self.poller.step(Duration::ZERO).await.expect("polls");
        self.beats().await
    }

    async fn beats(&self) -> Result<(), String> {
        let before = self.pings.load(Ordering::SeqCst);
        let judged = self.app.beat().await;
        let pinged = self.pings.load(Ordering::SeqCst) - before;
        assert_eq!(pinged, usize::from(judged.is_ok()), "{judged:?}");
        judged
    }

    async fn sends_for(&mut self, time: Duration) {
        let clock = self.post.clock.clone();
        let until = clock.elapsed() + time;
        loop {
            match self.courier.step().await.expect("a step") {
                Step::Sent(_) => {}
                Step::Idle { until: next } if next < until => {
                    clock.advance(next.saturating_sub(clock.elapsed()).max(Duration::from_millis(1)));
                }
                Step::Idle { .. } => break,
            }
        }
        clock.advance(until.saturating_sub(clock.elapsed()));
    }

    /// A reminder waits for this person.
    async fn reminds(&self, chat: i64) {
        self.post.queue(chat, Class::Reminder, Repeat::Never, "请回复").await;
    }
}

fn reason(beat: Result<(), String>) -> String {
    beat.expect_err("no heartbeat")
}

on_both! {
    async fn it_stops_when_the_token_is_not_accepted_and_resumes(db) {
        let mut service = Watched::new(&db).await;
        assert_eq!(service.pings_after_a_minute().await, Ok(()));
        let revoked = service.post.sandbox.fault(Fault::any(Effect::Unauthorized));
        assert!(reason(service.pings_after_a_minute().await).contains("token is not accepted"));
        service.post.sandbox.remove_fault(revoked);
        assert_eq!(service.pings_after_a_minute().await, Ok(()));
    }

    async fn it_stops_while_timers_do_not_fire(db) {
        let mut service = Watched::new(&db).await;
        let due = service.post.clock.now() + TimeDelta::seconds(30);
        let mut tx = service.post.engine.db.begin().await.expect("begins");
        let sql = "INSERT INTO timers (id, kind, subject, version, step, due_at, state) \
                   VALUES (1, 'leave_chat', 5, 0, 0, $1, 'waiting')";
        tx.execute(sql, args![due]).await.expect("a timer");
        tx.commit().await.expect("commits");
        assert_eq!(service.pings_after_a_minute().await, Ok(()), "half a minute is no standstill");
        assert!(reason(service.pings_after_a_minute().await).contains("timers do not fire"));
        service.app.timers().step().await.expect("fires");
        assert_eq!(service.pings_after_a_minute().await, Ok(()));
    }

    async fn it_stops_while_nothing_is_sent(db) {
        let mut service = Watched::new(&db).await;
        let person = service.post.people(1)[0].id();
        service.reminds(person).await;
        assert_eq!(service.pings_after_a_minute().await, Ok(()), "it was sent");
        // The courier stands still.
        service.post.clock.advance(Duration::from_secs(120));
        service.reminds(person).await;
        service.post.clock.advance(Duration::from_secs(121));
        service.poller.step(Duration::ZERO).await.expect("polls");
        assert!(reason(service.beats().await).contains("sends nothing"));
        assert_eq!(service.pings_after_a_minute().await, Ok(()), "it goes on");
    }

    async fn it_stops_while_every_send_fails(db) {
        let mut service = Watched::new(&db).await;
        let person = service.post.people(1)[0].id();
        service.post.clock.advance(Duration::from_secs(180));
        for effect in [Effect::Status(502), Effect::ResetAfter] {
            let broken = service.post.sandbox.fault(Fault::sends(effect.clone()));
            service.reminds(person).await;
            let beat = service.pings_after_a_minute().await;
            assert!(reason(beat).contains("sends nothing"), "{effect:?}");
            service.post.sandbox.remove_fault(broken);
            service.reminds(person).await;
            assert_eq!(service.pings_after_a_minute().await, Ok(()), "{effect:?}");
            service.post.clock.advance(Duration::from_secs(180));
        }
    }

    async fn a_group_that_telegram_froze_is_no_standstill(db) {
        let mut service = Watched::new(&db).await;
        let group = service.post.group("Class 1").id();
        let frozen = Effect::TooManyRequests { retry_after: 900, scope: botapi_sandbox::Scope::Chat };
        service.post.sandbox.fault(Fault::sends(frozen).first(1));
        for _ in 0..3 {
            service.reminds(group).await;
        }
        for _ in 0..4 {
            assert_eq!(service.pings_after_a_minute().await, Ok(()));
        }
    }
}
