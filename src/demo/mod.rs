//! The demo: a school of four tiers in a local sandbox of Telegram. No token, no network, no configuration.

mod artefacts;
mod cast;
mod history;
mod once;
mod papers;
mod record;
mod reporter;
mod school;
mod served;
mod stage;

use std::path::{Path, PathBuf};

use crate::app::{App, BuildError, fresh_owner};
use crate::clock::SharedClock;
use crate::config::{Config, Problems};
use crate::domain::message::{Locale, Time};
use crate::domain::roster::{Role, Roster};
use crate::store::Db;
use crate::store::seal::{SealError, Sealer};

use cast::{Cast, Phrases};
use history::PastUnit;

pub use once::play;
pub use record::Chronicle;
pub use reporter::{Condition, Reply, Reporter};
pub use school::Size;
pub use served::serve;
pub use stage::{Setting, Stage, StageError};

/// What the demo is asked to be.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where the page is served.
    pub listen: String,
    /// How many times faster than the machine's its clock runs.
    pub speed: f64,
    pub students: usize,
    pub seed: u64,
    pub locale: Locale,
    /// Where artefacts are written.
    pub out: PathBuf,
    /// Leaves the service's own folder, database and key, among the artefacts of a played day.
    pub keep: bool,
}

/// What can go wrong in a demo.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error(transparent)]
    Stage(#[from] StageError),
    #[error("{0}")]
    Store(#[from] crate::store::Error),
    #[error("{0}")]
    Seal(#[from] SealError),
    #[error("{0}")]
    Build(#[from] BuildError),
    #[error("{0}")]
    Configuration(Problems),
    #[error("the sandbox does not answer: {0}")]
    Sandbox(#[from] crate::chat::SendError),
    #[error("{path}: {error}")]
    File { path: PathBuf, error: std::io::Error },
    #[error("the workbook cannot be written: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    #[error("the demo came to a stop: {0}")]
    Stuck(String),
}

impl DemoError {
    fn file(path: &Path) -> impl FnOnce(std::io::Error) -> DemoError {
        let path = path.to_owned();
        move |error| DemoError::File { path, error }
    }
}

/// A folder of the demo's own, gone when it ends unless it is kept.
struct Scratch {
    path: PathBuf,
    kept: bool,
}

impl Scratch {
    fn new() -> Result<Scratch, DemoError> {
        let path = std::env::temp_dir().join(format!("tierline-demo-{}", fresh_owner()));
        std::fs::create_dir_all(&path).map_err(DemoError::file(&path))?;
        Ok(Scratch { path, kept: false })
    }

    /// The folder that stays: a new one, so that no other day's database is in it.
    fn kept(path: PathBuf) -> Result<Scratch, DemoError> {
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(DemoError::file(parent))?;
        }
        std::fs::create_dir(&path).map_err(DemoError::file(&path))?;
        Ok(Scratch { path, kept: true })
    }

    fn url(&self) -> String {
        format!("sqlite://{}", self.path.join("demo.db").display())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        if let Err(error) = std::fs::remove_dir_all(&self.path) {
            tracing::warn!(folder = %self.path.display(), %error, "the demo's folder stays behind");
        }
    }
}

/// The people of a stage, who know the form and the words they need.
fn cast(stage: &Stage, app: &App, options: &Options) -> Cast {
    let word = |id: &str| app.texts.word(options.locale, id);
    let form = app.engine.settings.checkin.form.clone();
    let phrases = Phrases {
        report: word("demo-report"),
        sign_reason: word("demo-sign-reason"),
        authority: word("demo-authority"),
        clear_reason: word("demo-clear-reason"),
        excuse: word("demo-excuse"),
    };
    let reporter = Reporter { form, locale: options.locale, city: word("demo-city") };
    let mut cast = stage.cast(options.seed, reporter, phrases);
    // Some of a class answer only when they are phoned; in the first class one runs a fever and another has left.
    for person in stage.holders(Role::Student, "cs02").into_iter().take(PHONED) {
        cast.stays_silent(stage.account(&person.code).id());
    }
    // Nobody phones the last class, in which one has blocked the bot.
    if let Some(class) = stage.roster.units.values().rfind(|unit| unit.tier == 2) {
        let college = class.parent.as_deref().unwrap_or_default();
        let counselors = stage.holders(Role::Counselor, &class.code);
        for person in counselors.into_iter().chain(stage.holders(Role::Secretary, college)) {
            cast.is_busy(stage.account(&person.code).id());
        }
    }
    for (student, condition) in [("cs0103", Condition::Feverish), ("cs0104", Condition::Away)] {
        if stage.roster.people.contains_key(student) {
            cast.becomes(stage.account(student).id(), condition);
        }
    }
    cast
}

/// A made-up school of so many students, for programs that measure.
pub fn roster(students: usize, locale: Locale) -> Roster {
    school::Builder::build(Size::of(students), locale)
}

/// How many of a class wait to be phoned.
const PHONED: usize = 5;

/// Where the demo's school is.
const TIMEZONE: chrono_tz::Tz = chrono_tz::Asia::Shanghai;

/// The morning on which a demo begins, a minute before the day opens: 06:59 in Shanghai.
fn morning() -> Time {
    "2026-11-22T22:59:00Z".parse().unwrap_or_default()
}

/// Builds the service for a stage and lets it know the school, with a made-up past.
async fn open(
    stage: &Stage,
    scratch: &Scratch,
    options: &Options,
    clock: SharedClock,
) -> Result<(App, Vec<PastUnit>), DemoError> {
    crate::telemetry::hide(stage.bot.token());
    let settings = format!(
        "[school]\nname = \"{}\"\nlocale = \"{}\"\nquiet_hours = \"\"\n\
         [database]\nurl = \"{}\"\n[http]\nlisten = \"127.0.0.1:0\"\n\
         [telegram]\ntoken = \"{}\"\napi_url = \"{}\"\n\
         [directive.normal]\ndue = {{ guardians = \"12h\" }}\n",
        stage.roster.units["school"].name,
        options.locale.tag(),
        scratch.url(),
        stage.bot.token(),
        stage.sandbox.api_url(),
    );
    let config =
        Config::from_text("demo", &settings, std::iter::empty()).map_err(DemoError::Configuration)?;
    let db = Db::open(&scratch.url()).await?;
    let sealer = Sealer::open(&scratch.path.join("demo.key"))?;
    let tiers: Vec<&str> = config.roster.tiers.iter().map(String::as_str).collect();
    stage.enrol(&db, &sealer, &tiers, &clock).await?;
    let app = App::build(config.clone(), db, sealer, clock, fresh_owner())?;
    app.connect().await?;
    let today = app.engine.settings.calendar.date(app.engine.now());
    let past = history::remember(&app, today, options.students, options.seed).await?;
    Ok((app, past))
}
