//! The program itself, as a process: killed at each named point, stopped politely (R1, R2).
// A real process lives in the machine's time.
#![allow(clippy::disallowed_methods)]

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use botapi_sandbox::{Account, Bot, Sandbox};

use crate::on_both;
use crate::world::db::TestDb;

pub const WITHIN: Duration = Duration::from_secs(60);

/// Starts `tierline run` against the sandbox. `crash_at` names the point at which it dies.
fn run(db: &TestDb, sandbox: &Sandbox, bot: &Bot, updates: &str, crash_at: Option<&str>) -> Child {
    let crash_at = crash_at.map(|point| ("TIERLINE_CRASH_AT", point));
    run_with(db, sandbox, bot, (updates, ""), crash_at.as_slice())
}

/// The same with more settings and an environment.
pub fn run_with(
    db: &TestDb,
    sandbox: &Sandbox,
    bot: &Bot,
    (updates, more): (&str, &str),
    environment: &[(&str, &str)],
) -> Child {
    let config = db.folder().join("tierline.toml");
    let key = db.folder().join("tierline.key");
    let listen = free_address(db.folder());
    let text = format!(
        "[database]\nurl = {:?}\n[http]\nlisten = {listen:?}\n[privacy]\nkey_file = {key:?}\n\
         [telegram]\ntoken = {:?}\napi_url = {:?}\nupdates = {updates:?}\n\
         webhook_url = \"http://{listen}/telegram/webhook\"\nwebhook_secret = \"a-fixed-secret\"\n{more}",
        db.url,
        bot.token(),
        sandbox.api_url(),
    );
    std::fs::write(&config, text).expect("a configuration");
    let mut command = Command::new(env!("CARGO_BIN_EXE_tierline"));
    command.arg("--config").arg(&config).arg("run").stdout(Stdio::null());
    command.stderr(
        std::fs::File::options().create(true).append(true).open(db.folder().join("log")).expect("a log"),
    );
    command.env_clear().envs(environment.iter().copied());
    command.spawn().expect("the program starts")
}

/// One address for the whole test, so that a webhook set by one process reaches the next.
fn free_address(folder: &Path) -> String {
    let file = folder.join("address");
    if let Ok(address) = std::fs::read_to_string(&file) {
        return address;
    }
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("binds");
    let address = listener.local_addr().expect("bound").to_string();
    std::fs::write(&file, &address).expect("writes");
    address
}

pub fn log(db: &TestDb) -> String {
    std::fs::read_to_string(db.folder().join("log")).unwrap_or_default()
}

fn answers(sandbox: &Sandbox, bot: &Bot, person: &Account) -> usize {
    sandbox.messages(person.id()).iter().filter(|message| message.from == Some(bot.id())).count()
}

pub async fn ended(child: &mut Child) -> std::process::ExitStatus {
    let begun = std::time::Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("a child") {
            return status;
        }
        assert!(begun.elapsed() < WITHIN, "the process does not end");
        tokio::task::yield_now().await;
    }
}

/// A person writes; the program dies at `point` and is started again: the answer comes, at most once more than once.
async fn dies_at(db: &TestDb, point: &str, updates: &str) {
    let sandbox = Sandbox::builder().start().await.expect("starts");
    let bot = sandbox.add_bot("tierline_bot", "Tierline");
    let person = sandbox.account("P");
    let mut dying = run(db, &sandbox, &bot, updates, Some(point));
    person.starts(&bot, None);
    let status = ended(&mut dying).await;
    assert!(!status.success(), "it was to die at {point}: {}", log(db));
    let before = answers(&sandbox, &bot, &person);
    let mut living = run(db, &sandbox, &bot, updates, None);
    let came = sandbox.wait_for(WITHIN, |sandbox| (answers(sandbox, &bot, &person) > 0).then_some(())).await;
    assert!(came.is_some(), "no answer after dying at {point}: {}", log(db));
    let begun = std::time::Instant::now();
    while log(db).matches("\"serving\"").count() < 2 {
        assert!(begun.elapsed() < WITHIN, "it does not start again: {}", log(db));
        tokio::task::yield_now().await;
    }
    let handled =
        sandbox.wait_for(WITHIN, |sandbox| (sandbox.pending_updates(&bot) == 0).then_some(())).await;
    assert!(handled.is_some(), "the update is never confirmed: {}", log(db));
    while left(db).await > 0 && begun.elapsed() < WITHIN {
        tokio::task::yield_now().await;
    }
    terminate(&living);
    assert!(ended(&mut living).await.success(), "{}", log(db));
    let after = answers(&sandbox, &bot, &person);
    assert!(after <= 2 && (before == 0 || after >= before), "{after} answers after dying at {point}");
    assert_eq!(sandbox.violations(), []);
    assert!(!log(db).contains(bot.token()), "the token is in the log");
    assert_eq!(left(db).await, 0, "nothing is left in flight");
}

/// How many calls wait or are under way.
pub async fn left(db: &TestDb) -> i64 {
    let sql = "SELECT COUNT(*) AS n FROM outbox WHERE state IN ('flight', 'queued')";
    let mut tx = db.db.read().await.expect("reads");
    tx.one(sql, tierline::args![], |row| row.get("n")).await.expect("a count")
}

pub fn terminate(child: &Child) {
    let status = Command::new("kill").arg("-TERM").arg(child.id().to_string()).status().expect("kill runs");
    assert!(status.success());
}

on_both! {
    async fn dying_after_the_inbox_commit_loses_nothing(db) { dies_at(&db, "after_inbox_commit", "polling").await; }
    async fn dying_before_the_200_loses_nothing(db) { dies_at(&db, "before_200", "webhook").await; }
    async fn dying_after_the_claim_loses_nothing(db) { dies_at(&db, "after_claim", "polling").await; }
    async fn dying_after_the_request_loses_nothing(db) { dies_at(&db, "after_request:3", "polling").await; }
    async fn dying_after_the_answer_loses_nothing(db) { dies_at(&db, "after_answer", "polling").await; }
    async fn dying_after_the_states_commit_loses_nothing(db) { dies_at(&db, "after_state_commit", "polling").await; }

    async fn stopping_leaves_the_webhook_and_ends_in_time(db) {
        let sandbox = Sandbox::builder().start().await.expect("starts");
        let bot = sandbox.add_bot("tierline_bot", "Tierline");
        let mut running = run(&db, &sandbox, &bot, "webhook", None);
        let set = sandbox.wait_for(WITHIN, |sandbox| sandbox.webhook(&bot)).await;
        assert!(set.is_some(), "{}", log(&db));
        terminate(&running);
        let asked = std::time::Instant::now();
        assert!(ended(&mut running).await.success(), "{}", log(&db));
        assert!(asked.elapsed() < Duration::from_secs(10));
        assert!(sandbox.webhook(&bot).is_some(), "stopping never takes the webhook away");
    }
}
