//! Several processes on one database (R19): killed, paused, cut off; and what a second one does on SQLite.
// Real processes live in the machine's time.
#![allow(clippy::disallowed_methods)]

use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use tierline::args;
use tierline::clock::{Clock, ManualClock};
use tierline::loops::lease::{Lease, TTL};
use tokio::io::{AsyncRead, AsyncWrite, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;

use crate::delivery::kills::Trial;
use crate::delivery::post::monday;
use crate::delivery::process::{WITHIN, ended, log, terminate};
use crate::on_both;
use crate::world::db::TestDb;

/// How often those are killed who do not send, in each of three rounds.
const KILLS: usize = 9;
/// All tiers at once, by day and by night, and two reminders in each group.
const RULES: &str = "[directive.normal]\nrelay = \"auto\"\nsteps = [{ after = \"20s\", do = \"remind_group\" }, \
                     { after = \"50s\", do = \"remind_group\" }]\n[school]\nquiet_hours = \"\"\n";

/// Starts a process of its own address. The configuration is written once: others may be reading it.
fn start(trial: &Trial, database: &str) -> Child {
    let folder = trial.db.folder();
    let config = folder.join("fleet.toml");
    if !config.exists() {
        let (key, token) = (folder.join("tierline.key"), trial.stage.bot.token());
        let api = trial.stage.sandbox.api_url();
        let text = format!(
            "[http]\nlisten = \"127.0.0.1:0\"\n[privacy]\nkey_file = {key:?}\n\
             [telegram]\ntoken = {token:?}\napi_url = {api:?}\n{RULES}"
        );
        std::fs::write(&config, text).expect("a configuration");
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_tierline"));
    command.arg("--config").arg(config).arg("run").stdout(Stdio::null());
    let log = std::fs::File::options().create(true).append(true).open(folder.join("log"));
    command.stderr(log.expect("a log"));
    command.env_clear().env("TIERLINE__DATABASE__URL", database);
    command.spawn().expect("the program starts")
}

fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").arg(format!("-{name}")).arg(child.id().to_string()).status();
    assert!(status.expect("kill runs").success());
}

async fn die(child: &mut Child) {
    child.kill().expect("a child");
    assert!(!ended(child).await.success());
}

/// The place among the processes of the one that sends now.
async fn sender(trial: &Trial, children: &[Child]) -> Option<usize> {
    let name = format!("sender:{}", trial.stage.bot.id());
    let mut tx = trial.db.db.read().await.expect("reads");
    let sql = "SELECT owner FROM leases WHERE name = $1";
    let owner: Option<String> = tx.maybe(sql, args![name], |row| row.get("owner")).await.expect("reads");
    let owner = owner?;
    children.iter().position(|child| owner.split('-').next() == Some(&child.id().to_string()))
}

/// Waits until one sends that is none of these.
async fn other_sender(trial: &Trial, children: &[Child], but: &[usize]) -> usize {
    let begun = std::time::Instant::now();
    loop {
        match sender(trial, children).await {
            Some(at) if !but.contains(&at) => return at,
            _ => assert!(begun.elapsed() < WITHIN, "nobody takes over: {}", log(&trial.db)),
        }
        tokio::task::yield_now().await;
    }
}

/// A way to PostgreSQL that can be cut.
struct Cable {
    url: String,
    cut: watch::Sender<bool>,
}

async fn cable(database: &str) -> Cable {
    let mut url = url::Url::parse(database).expect("a URL");
    let folder = url.query_pairs().find(|(name, _)| name == "host").map(|(_, folder)| folder.into_owned());
    let (host, port) = (url.host_str().unwrap_or("localhost").to_owned(), url.port().unwrap_or(5432));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("binds");
    url.set_query(None);
    url.set_host(Some("127.0.0.1")).expect("a host");
    url.set_port(Some(listener.local_addr().expect("bound").port())).expect("a port");
    let (cut, is_cut) = watch::channel(false);
    tokio::spawn(async move {
        while let Ok((near, _)) = listener.accept().await {
            let (is_cut, folder, host) = (is_cut.clone(), folder.clone(), host.clone());
            tokio::spawn(async move {
                match folder {
                    Some(folder) => {
                        let far = UnixStream::connect(format!("{folder}/.s.PGSQL.{port}")).await;
                        carry(near, far.expect("PostgreSQL answers"), is_cut).await;
                    }
                    None => {
                        let far = TcpStream::connect((host, port)).await;
                        carry(near, far.expect("PostgreSQL answers"), is_cut).await;
                    }
                }
            });
        }
    });
    Cable { url: url.to_string(), cut }
}

async fn carry(
    mut near: TcpStream,
    mut far: impl AsyncRead + AsyncWrite + Unpin,
    mut cut: watch::Receiver<bool>,
) {
    tokio::select! {
        // However the connection ends, both sides notice.
        _ = copy_bidirectional(&mut near, &mut far) => {}
        _ = cut.wait_for(|cut| *cut) => {}
    }
}

/// Those who do not send are killed again and again; then the sender is.
async fn round_of_kills(trial: &mut Trial, children: &mut [Child], urls: &[String]) {
    let sends = other_sender(trial, children, &[]).await;
    for kill in 0..KILLS {
        trial.press_some(24);
        trial.reaches_some_point().await;
        let dies = (0..children.len()).filter(|at| *at != sends).nth(kill % 2).expect("two others");
        die(&mut children[dies]).await;
        children[dies] = start(trial, &urls[dies]);
    }
    die(&mut children[sends]).await;
    children[sends] = start(trial, &urls[sends]);
    other_sender(trial, children, &[]).await;
}

/// Each is stopped for twice its lease and continued, two of them while they send; one is cut off meanwhile.
async fn round_of_pauses(trial: &mut Trial, children: &[Child], cable: &Cable) {
    let now = tokio::time::Instant::now;
    let first = other_sender(trial, children, &[]).await;
    trial.press_some(12);
    signal(&children[first], "STOP");
    let first_since = now();
    let second = other_sender(trial, children, &[first]).await;
    trial.press_some(12);
    signal(&children[second], "STOP");
    let second_since = now();
    tokio::time::sleep_until(first_since + TTL * 2).await;
    signal(&children[first], "CONT");
    other_sender(trial, children, &[second]).await;
    let third = (0..children.len()).find(|at| ![first, second].contains(at)).expect("three");
    signal(&children[third], "STOP");
    let third_since = now();
    tokio::time::sleep_until(second_since + TTL * 2).await;
    signal(&children[second], "CONT");
    other_sender(trial, children, &[third]).await;
    cable.cut.send_replace(true);
    trial.press_some(4);
    tokio::time::sleep_until(third_since + TTL * 2).await;
    signal(&children[third], "CONT");
    cable.cut.send_replace(false);
}

async fn no_timer_fired_twice(trial: &Trial) {
    for group in trial.stage.groups.values() {
        let messages = trial.stage.sandbox.messages(group.id());
        let reminders = messages.iter().filter(|message| message.text.contains("提醒")).count();
        assert!(reminders <= 2, "{reminders} reminders in {}", group.id());
    }
    let mut tx = trial.db.db.read().await.expect("reads");
    let sql = "SELECT COUNT(*) AS n FROM inbox WHERE state <> 'done'";
    let left: i64 = tx.one(sql, args![], |row| row.get("n")).await.expect("a count");
    assert_eq!(left, 0, "updates that nobody handled");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_processes_killed_paused_and_cut_off_lose_nothing() {
    let Some(db) = TestDb::postgres().await else { return };
    let mut trial = Trial::new(db.clone()).await;
    trial.stage.sandbox.set_limits(botapi_sandbox::Limits::strict());
    let cable = cable(&db.url).await;
    let urls = [db.url.clone(), db.url.clone(), cable.url.clone()];
    let mut children: Vec<Child> = urls.iter().map(|url| start(&trial, url)).collect();
    trial.issue().await;
    for _ in 0..children.len() {
        round_of_kills(&mut trial, &mut children, &urls).await;
    }
    round_of_pauses(&mut trial, &children, &cable).await;
    trial.press_some(2);
    trial.has_nothing_to_do().await;
    for child in &mut children {
        assert!(child.try_wait().expect("a child").is_none(), "a process ended by itself: {}", log(&db));
    }
    trial.judge_receipts().await;
    no_timer_fired_twice(&trial).await;
    trial.judge_messages(24);
    children.iter().for_each(terminate);
    for child in &mut children {
        assert!(ended(child).await.success(), "{}", log(&db));
    }
    db.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_process_on_sqlite_stands_by_and_takes_over() {
    let db = TestDb::sqlite().await;
    let trial = Trial::new(db.clone()).await;
    let mut first = start(&trial, &db.url);
    let serving = |times: usize| {
        let db = db.clone();
        async move {
            let begun = std::time::Instant::now();
            while log(&db).matches("\"serving\"").count() < times {
                assert!(begun.elapsed() < WITHIN, "{}", log(&db));
                tokio::task::yield_now().await;
            }
        }
    };
    serving(1).await;
    let (mut second, mut third) = (start(&trial, &db.url), start(&trial, &db.url));
    let begun = std::time::Instant::now();
    while log(&db).matches("standing by until it ends").count() < 2 {
        assert!(begun.elapsed() < WITHIN, "{}", log(&db));
        tokio::task::yield_now().await;
    }
    terminate(&third);
    assert!(ended(&mut third).await.success(), "who stands by can be stopped: {}", log(&db));
    trial.issue().await;
    assert_eq!(log(&db).matches("\"serving\"").count(), 1, "one serves");
    die(&mut first).await;
    serving(2).await;
    trial.has_nothing_to_do().await;
    terminate(&second);
    assert!(ended(&mut second).await.success(), "{}", log(&db));
    trial.judge_messages(1);
    db.finish().await;
}

on_both! {
    async fn a_lease_is_taken_over_within_ten_seconds_and_never_held_by_two(db) {
        if db.db.is_sqlite() {
            return;
        }
        let clock = Arc::new(ManualClock::new(monday()));
        let lease = |owner: &str| Lease::new("sender:1", owner, &db.db, None, clock.clone());
        let (mut first, mut second) = (lease("first"), lease("second"));
        assert!(first.hold().await.expect("holds") && !second.hold().await.expect("looks"));
        let pass = |millis| clock.advance(Duration::from_millis(millis));
        for at in 0..100 {
            pass(100);
            // Whatever the wall shows: forward, back, a day.
            let jump = [3600, -3600, 86_400, 0][at % 4];
            clock.set(clock.now() + chrono::TimeDelta::seconds(jump));
            assert!(first.hold().await.expect("holds"));
            assert!(!second.hold().await.expect("looks"));
            assert!(first.is_trusted() && !second.is_trusted());
        }
        // The first stands still; its last renewal is at most two seconds old.
        let stopped_at = clock.elapsed();
        while !second.hold().await.expect("looks") {
            pass(250);
            assert!(!(first.is_trusted() && second.is_trusted()), "two senders");
        }
        let took = clock.elapsed() - stopped_at;
        assert!(took <= Duration::from_secs(10), "takeover after {took:?}");
        assert!(!first.is_trusted() && second.is_trusted());
        let mut tx = db.db.begin().await.expect("begins");
        assert!(!tierline::store::leases::holds(&mut tx, "sender:1", "first").await.expect("asks"));
        tx.commit().await.expect("commits");
        assert!(!first.hold().await.expect("looks"), "who comes back finds it taken");
    }
}
