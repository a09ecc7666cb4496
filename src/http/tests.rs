use super::*;
use crate::clock::ManualClock;
use crate::store::Db;
use std::time::Duration;

struct Served {
    base: String,
    health: Arc<Health>,
    clock: Arc<ManualClock>,
    db: Db,
    _folder: tempfile::TempDir,
}

async fn served() -> Served {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}", folder.path().join("health.db").display());
    let db = Db::open(&url).await.expect("a fresh database");
    let clock = Arc::new(ManualClock::new(chrono::DateTime::UNIX_EPOCH));
    let health = Arc::new(Health::new(db.clone(), clock.clone(), ["main"]));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let base = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(serve(listener, router(health.clone()), std::future::pending()));
    Served { base, health, clock, db, _folder: folder }
}

impl Served {
    async fn get(&self, path: &str) -> (u16, String) {
        let answer = reqwest::get(format!("{}{path}", self.base)).await.expect("an answer");
        (answer.status().as_u16(), answer.text().await.expect("a text"))
    }
}

#[tokio::test]
async fn ready_only_while_the_bot_api_answered_lately() {
    let served = served().await;
    assert_eq!(served.get("/healthz").await.0, 200);
    let (status, reason) = served.get("/readyz").await;
    assert_eq!(status, 503);
    assert!(reason.contains("bot main"), "{reason}");
    served.health.answered("main");
    assert_eq!(served.get("/readyz").await.0, 200);
    served.clock.advance(Duration::from_secs(60));
    served.health.failed("main", "connection refused");
    assert_eq!(served.get("/readyz").await.0, 200, "one failure is not an outage");
    served.clock.advance(Duration::from_secs(61));
    let (status, reason) = served.get("/readyz").await;
    assert_eq!(status, 503);
    assert!(reason.contains("connection refused"), "{reason}");
}

#[tokio::test]
async fn a_token_that_is_not_accepted_is_told_at_once_and_whose_it_is() {
    telemetry::start_metrics();
    let served = served().await;
    served.health.answered("main");
    served.health.answered("second");
    assert_eq!(served.get("/readyz").await.0, 200);
    served.health.refused("second", "the bot's token is not accepted");
    let (status, text) = served.get("/readyz").await;
    assert_eq!(status, 200, "the other serves on");
    assert!(text.contains("bot second") && text.contains("token"), "{text}");
    assert!(served.get("/metrics").await.1.contains("tierline_bots_failing"));
    served.health.refused("main", "the bot's token is not accepted");
    let (status, reason) = served.get("/readyz").await;
    assert_eq!(status, 503);
    assert!(reason.contains("bot main") && reason.contains("bot second"), "{reason}");
    served.health.answered("second");
    assert_eq!(served.get("/readyz").await, (200, ready_but("main")));
}

fn ready_but(bot: &str) -> String {
    format!("ready\nthe Bot API does not answer for the bot {bot}: the bot's token is not accepted\n")
}

#[tokio::test]
async fn a_bot_of_whom_nothing_was_heard_is_silent() {
    let served = served().await;
    let minute = Duration::from_secs(60);
    assert!(served.health.is_silent("main", minute), "it never answered");
    served.health.answered("main");
    assert!(!served.health.is_silent("main", minute));
    served.clock.advance(minute);
    assert!(served.health.is_silent("main", minute));
}

#[tokio::test]
async fn not_ready_without_the_database() {
    let served = served().await;
    served.health.answered("main");
    served.db.close().await;
    let (status, reason) = served.get("/readyz").await;
    assert_eq!(status, 503);
    assert!(reason.contains("database"), "{reason}");
    assert_eq!(served.get("/healthz").await.0, 200, "the process lives");
}

#[tokio::test]
async fn metrics_are_in_prometheus_text() {
    telemetry::start_metrics();
    metrics::counter!("tierline_retry_after_total").increment(1);
    let (status, text) = served().await.get("/metrics").await;
    assert_eq!(status, 200);
    assert!(text.contains("# TYPE tierline_retry_after_total counter"), "{text}");
}
