//! The demo as a page: the school lives until Ctrl-C, and whoever looks may act as anybody.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::watch;

use super::cast::Cast;
use super::stage::{Header, Setting, Stage};
use super::{DemoError, Options, Scratch, Size, TIMEZONE, cast, morning, open};
use crate::clock::{SharedClock, SystemClock};
use crate::domain::calendar::Calendar;
use crate::domain::message::Locale;
use crate::text::Texts;

/// How often people look at their chats, in the machine's time.
const GLANCE: Duration = Duration::from_millis(150);
/// Whom a visitor plays: they wait for the visitor.
const VISITORS: [&str; 5] = ["leader", "office", "cs-sec", "cs01-c", "cs0101"];

/// Serves the demo until `stop` becomes true; `ready` is shown the stage as soon as its page can be opened.
///
/// # Errors
/// When the address is taken, or the service cannot be built.
pub async fn serve(
    options: &Options,
    stop: watch::Receiver<bool>,
    ready: impl FnOnce(&Stage) + Send,
) -> Result<(), DemoError> {
    let scratch = Scratch::new()?;
    let start = morning();
    let clock: SharedClock = Arc::new(SystemClock::faster(start, options.speed));
    let guide = Guide::default();
    let setting = Setting {
        size: Size::of(options.students),
        locale: options.locale,
        seed: options.seed,
        listen: options.listen.clone(),
        header: Some(guide.header(clock.clone())),
        chronicle: None,
    };
    let stage = Stage::set(&setting, clock.clone()).await?;
    let (app, _) = open(&stage, &scratch, options, clock.clone()).await?;
    let mut cast = cast(&stage, &app, options);
    for code in VISITORS {
        cast.leave_alone(stage.account(code).id());
    }
    let opening = app.texts.word(options.locale, "demo-opening");
    cast.issue(stage.account("office").id(), &opening, 2, start + chrono::TimeDelta::seconds(20));
    feature(&stage);
    guide.explain(&stage, &app.texts, options.locale);
    ready(&stage);
    let glance = GLANCE.mul_f64(options.speed);
    let people = live(cast, clock, glance, stop.clone());
    tokio::join!(app.run(stop), people);
    Ok(())
}

/// The chats a visitor sees first: one of each tier on the way down, and the private chats of whom they play.
fn feature(stage: &Stage) {
    let groups = [("school", 0), ("cs", 1), ("cs01", 2), ("cs01", 3)];
    let groups = groups.iter().filter_map(|(unit, tier)| stage.groups.get(&((*unit).to_owned(), *tier)));
    let mut chats: Vec<i64> = VISITORS.iter().map(|code| stage.account(code).id()).take(1).collect();
    chats.extend(groups.map(botapi_sandbox::Group::id));
    stage.sandbox.feature(&chats);
}

async fn live(mut cast: Cast, clock: SharedClock, glance: Duration, stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let now = clock.now();
        cast.watch(now);
        cast.act(now);
        clock.sleep(glance).await;
    }
}

/// What the page's head shows; the steps are known once the stage is set.
#[derive(Clone, Default)]
struct Guide(Arc<OnceLock<Value>>);

impl Guide {
    fn header(&self, clock: SharedClock) -> Header {
        let calendar = Calendar::plain(TIMEZONE);
        let steps = self.0.clone();
        Arc::new(move || {
            let mut header = steps.get().cloned().unwrap_or_else(|| json!({}));
            header["clock"] = json!(calendar.format_local(clock.now()));
            header
        })
    }

    /// The way of one directive and of a morning's check-in, each step with who does it, where, and what to write.
    fn explain(&self, stage: &Stage, texts: &Texts, locale: Locale) {
        let say = |id: &str| texts.word(locale, id);
        let account = |code: &str| stage.account(code).id();
        let group = |unit: &str, tier| {
            stage.groups.get(&(unit.to_owned(), tier)).map_or(0, botapi_sandbox::Group::id)
        };
        let (leader, office, secretary) = (account("leader"), account("office"), account("cs-sec"));
        let (counselor, student) = (account("cs01-c"), account("cs0101"));
        let steps = json!([
            { "text": say("demo-step-1"), "as": leader, "chat": leader, "write": say("demo-write") },
            { "text": say("demo-step-2"), "as": leader, "chat": leader },
            { "text": say("demo-step-3"), "as": secretary, "chat": group("school", 0) },
            { "text": say("demo-step-4"), "as": secretary, "chat": group("cs", 1) },
            { "text": say("demo-step-5"), "as": student, "chat": group("cs01", 2) },
            { "text": say("demo-step-6"), "as": counselor, "chat": group("cs01", 2), "write": "/status" },
            { "text": say("demo-step-7"), "as": counselor, "chat": counselor, "write": "/confirm" },
            { "text": say("demo-step-8"), "as": office, "chat": office, "write": "/signoff" },
        ]);
        let guide =
            json!({ "timezone": TIMEZONE.name(), "you": leader, "hint": say("demo-hint"), "steps": steps });
        // Set once, by the only caller.
        let _ = self.0.set(guide);
    }
}
