//! The program as it runs in production: its service manager is told, `check --ready` asks it, its metrics are those of
//! the alarms and of the dashboard.
// A real process lives in the machine's time.
#![allow(clippy::disallowed_methods)]

use std::collections::BTreeSet;
use std::os::unix::net::UnixDatagram;
use std::path::Path;
use std::process::{Child, Command, Output};

use botapi_sandbox::{Bot, Effect, Fault, Sandbox};

use crate::delivery::process::{WITHIN, ended, log, run_with, terminate};
use crate::world::db::TestDb;

/// A running service on a database of its own.
struct Running {
    db: TestDb,
    sandbox: Sandbox,
    bot: Bot,
    child: Child,
}

impl Running {
    async fn start(environment: &[(&str, &str)]) -> Self {
        let db = TestDb::sqlite().await;
        let sandbox = Sandbox::builder().start().await.expect("starts");
        let bot = sandbox.add_bot("tierline_bot", "Tierline");
        let child = run_with(&db, &sandbox, &bot, ("polling", ""), environment);
        Self { db, sandbox, bot, child }
    }

    fn address(&self) -> String {
        std::fs::read_to_string(self.db.folder().join("address")).expect("an address")
    }

    /// Asks as the health check of an image does.
    async fn check_ready(&self) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tierline"));
        command.arg("--config").arg(self.db.folder().join("tierline.toml")).args(["check", "--ready"]);
        let output = tokio::task::spawn_blocking(move || command.env_clear().output()).await.expect("it ran");
        output.expect("the program starts")
    }

    async fn becomes_ready(&self) {
        let begun = std::time::Instant::now();
        while !self.check_ready().await.status.success() {
            assert!(begun.elapsed() < WITHIN, "never ready: {}", log(&self.db));
        }
    }

    async fn metrics(&self) -> String {
        let answer = reqwest::get(format!("http://{}/metrics", self.address())).await.expect("an answer");
        answer.text().await.expect("a text")
    }

    async fn stop(mut self) {
        terminate(&self.child);
        assert!(ended(&mut self.child).await.success(), "{}", log(&self.db));
        self.db.finish().await;
    }
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_service_manager_hears_when_it_is_ready_and_when_it_stops() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("notify");
    let socket = UnixDatagram::bind(&path).expect("binds");
    socket.set_read_timeout(Some(WITHIN)).expect("a time");
    let service = Running::start(&[("NOTIFY_SOCKET", path.to_str().expect("a path"))]).await;
    let hear = move || {
        let mut words = [0; 64];
        let length = socket.recv(&mut words).expect("something is told");
        (String::from_utf8_lossy(&words[..length]).into_owned(), socket)
    };
    let (ready, socket) = tokio::task::spawn_blocking(hear).await.expect("heard");
    assert_eq!(ready, "READY=1");
    service.becomes_ready().await;
    service.stop().await;
    let mut words = [0; 64];
    let length = socket.recv(&mut words).expect("something is told");
    assert_eq!(&words[..length], b"STOPPING=1");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn check_ready_tells_why_not() {
    let service = Running::start(&[]).await;
    service.becomes_ready().await;
    service.sandbox.fault(Fault::any(Effect::Unauthorized));
    service.sandbox.inject_update(&service.bot, serde_json::json!({"poll": {}}));
    let begun = std::time::Instant::now();
    let output = loop {
        let output = service.check_ready().await;
        if !output.status.success() {
            break output;
        }
        assert!(begun.elapsed() < WITHIN, "still ready: {}", log(&service.db));
    };
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("not ready") && told(&output).contains("token"), "{}", told(&output));
    let mut service = service;
    service.child.kill().expect("a child");
    ended(&mut service.child).await;
    let output = service.check_ready().await;
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("nobody answers"), "{}", told(&output));
    service.db.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_file_of_another_database_is_found() {
    let mut service = Running::start(&[]).await;
    let person = service.sandbox.account("P");
    person.starts(&service.bot, None);
    let answered = |sandbox: &Sandbox| (sandbox.messages(person.id()).len() > 1).then_some(());
    assert!(service.sandbox.wait_for(WITHIN, answered).await.is_some(), "{}", log(&service.db));
    terminate(&service.child);
    assert!(ended(&mut service.child).await.success(), "{}", log(&service.db));
    std::fs::remove_file(service.db.folder().join("tierline.key")).expect("a key file");
    let mut command = Command::new(env!("CARGO_BIN_EXE_tierline"));
    let config = service.db.folder().join("tierline.toml");
    let output = command.arg("--config").arg(&config).args(["check", "--offline"]).env_clear().output();
    let output = output.expect("the program starts");
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("privacy.key_file"), "{}", told(&output));
    let mut command = Command::new(env!("CARGO_BIN_EXE_tierline"));
    let output = command.arg("--config").arg(&config).arg("run").env_clear().output();
    let output = output.expect("the program starts");
    assert_eq!(output.status.code(), Some(1), "it serves nothing that it cannot read");
    assert!(told(&output).contains("put back the one that belongs to it"), "{}", told(&output));
    service.db.finish().await;
}

/// The names of metrics in a PromQL expression. `up` is Prometheus' own.
fn named(expression: &str) -> BTreeSet<String> {
    let words = expression.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    words.filter(|word| word.starts_with("tierline_")).map(str::to_owned).collect()
}

fn operations(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/operations").join(name);
    std::fs::read_to_string(&path).expect("it can be read")
}

/// The alarms: name and expression.
fn alarms() -> Vec<(String, String)> {
    let rules: serde_yaml_ng::Value =
        serde_yaml_ng::from_str(&operations("prometheus-alerts.yaml")).expect("sound YAML");
    let groups = rules["groups"].as_sequence().expect("groups");
    let rules = groups.iter().flat_map(|group| group["rules"].as_sequence().expect("rules"));
    let text = |value: &serde_yaml_ng::Value| value.as_str().expect("a text").to_owned();
    rules
        .map(|rule| {
            assert!(rule["annotations"]["summary"].is_string() && rule["labels"]["severity"].is_string());
            (text(&rule["alert"]), text(&rule["expr"]))
        })
        .collect()
}

fn panels() -> Vec<String> {
    let board: serde_json::Value =
        serde_json::from_str(&operations("grafana-dashboard.json")).expect("sound JSON");
    let panels = board["panels"].as_array().expect("panels");
    let targets = panels.iter().flat_map(|panel| panel["targets"].as_array().expect("targets"));
    targets.map(|target| target["expr"].as_str().expect("an expression").to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn alarms_and_dashboard_name_metrics_that_are_served() {
    let service = Running::start(&[]).await;
    service.becomes_ready().await;
    let person = service.sandbox.account("P");
    person.starts(&service.bot, None);
    let answered = |sandbox: &Sandbox| (sandbox.messages(person.id()).len() > 1).then_some(());
    assert!(service.sandbox.wait_for(WITHIN, answered).await.is_some(), "{}", log(&service.db));
    let metrics = service.metrics().await;
    let served: BTreeSet<String> = metrics
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split(['{', ' ']).next().map(str::to_owned))
        .collect();
    let mut wanted = BTreeSet::new();
    for expression in alarms().into_iter().map(|(_, expression)| expression).chain(panels()) {
        let names = named(&expression);
        assert!(!names.is_empty() || expression.contains("up{"), "{expression}");
        wanted.extend(names);
    }
    let missing: Vec<_> = wanted.difference(&served).collect();
    assert!(missing.is_empty(), "{missing:?} are not among:\n{metrics}");
    assert!(metrics.contains("tierline_ready 1"), "{metrics}");
    assert!(!metrics.contains(service.bot.token()), "the token is in the metrics");
    service.stop().await;
}

#[test]
fn every_alarm_has_its_page_in_the_runbook() {
    for runbook in ["runbook.md", "runbook.zh-CN.md"] {
        let headings = operations(runbook);
        for (alarm, _) in alarms() {
            assert!(headings.contains(&format!("### {alarm}\n")), "{runbook} says nothing of {alarm}");
        }
    }
}

#[test]
fn the_compose_file_keeps_the_service_shut_in() {
    let compose: serde_yaml_ng::Value =
        serde_yaml_ng::from_str(&operations("compose.yaml")).expect("sound YAML");
    let service = &compose["services"]["tierline"];
    assert_eq!(service["read_only"].as_bool(), Some(true));
    assert_eq!(service["user"].as_str(), Some("65532:65532"));
    assert_eq!(service["cap_drop"][0].as_str(), Some("ALL"));
    assert_eq!(service["security_opt"][0].as_str(), Some("no-new-privileges:true"));
    assert_eq!(service["healthcheck"]["test"][3].as_str(), Some("--ready"));
    assert!(service["ports"][0].as_str().expect("a port").starts_with("127.0.0.1:"));
    for secret in service["secrets"].as_sequence().expect("secrets") {
        assert!(compose["secrets"][secret.as_str().expect("a name")].is_mapping(), "{secret:?}");
    }
    for (name, _) in service["environment"].as_mapping().expect("an environment") {
        let name = name.as_str().expect("a name");
        assert!(name.starts_with("TIERLINE__"), "{name}");
    }
    assert!(compose["services"]["database"]["healthcheck"].is_mapping());
}
