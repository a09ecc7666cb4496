//! The demo as a page: the school lives until Ctrl-C, and whoever looks may act as anybody.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::sync::watch;

use super::cast::Cast;
use super::stage::{Header, Setting, Stage};
use super::{DemoError, Options, Scratch, Size, open};
use crate::clock::{SharedClock, SystemClock};
use crate::domain::calendar::Calendar;
use crate::domain::message::{Locale, Time};
use crate::text::Texts;

/// How often people look at their chats, in the machine's time.
const GLANCE: Duration = Duration::from_millis(150);
/// Whom a visitor plays: they wait for the visitor.
const VISITORS: [&str; 4] = ["leader", "cs-sec", "cs01-c", "cs0101"];

/// Serves the demo until `stop` becomes true; `ready` is told the page's address.
///
/// # Errors
/// When the address is taken, or the service cannot be built.
pub async fn serve(
    options: &Options,
    stop: watch::Receiver<bool>,
    ready: impl FnOnce(&str) + Send,
) -> Result<(), DemoError> {
    let scratch = Scratch::new()?;
    let start = "2026-11-23T01:00:00Z".parse::<Time>().unwrap_or_default();
    let clock: SharedClock = Arc::new(SystemClock::faster(start, options.speed));
    let setting = Setting {
        size: Size::of(options.students),
        locale: options.locale,
        seed: options.seed,
        listen: options.listen.clone(),
        header: Some(header(options.locale, clock.clone())),
    };
    let stage = Stage::set(&setting, clock.clone()).await?;
    let app = open(&stage, &scratch, options, clock.clone()).await?;
    let mut cast = stage.cast(options.seed, app.texts.word(options.locale, "demo-report"));
    for code in VISITORS {
        cast.leave_alone(stage.account(code).id());
    }
    let opening = app.texts.word(options.locale, "demo-opening");
    cast.issue(stage.account("office").id(), &opening, 2, start + chrono::TimeDelta::seconds(20));
    feature(&stage);
    ready(&stage.sandbox.page_url());
    let people = live(cast, clock, stop.clone());
    let (end, ()) = tokio::join!(async { app.run(stop).await }, people);
    let () = end;
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

async fn live(mut cast: Cast, clock: SharedClock, stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let now = clock.now();
        cast.watch(now);
        cast.act(now);
        // People live in the machine's time: the page is looked at by one.
        tokio::time::sleep(GLANCE).await;
    }
}

/// The guide at the head of the page.
fn header(locale: Locale, clock: SharedClock) -> Header {
    let texts = Texts::new();
    let calendar = Calendar::plain(chrono_tz::Asia::Shanghai);
    let steps: Vec<String> = ["demo-step-1", "demo-step-2", "demo-step-3", "demo-step-4"]
        .iter()
        .map(|id| texts.word(locale, id))
        .collect();
    let hint = texts.word(locale, "demo-hint");
    Arc::new(move || json!({ "clock": calendar.format_local(clock.now()), "hint": hint, "steps": steps }))
}
