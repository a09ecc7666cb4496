//! The demo: a school of four tiers in a local sandbox of Telegram. No token, no network, no configuration.

mod artefacts;
mod cast;
mod history;
mod once;
mod papers;
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

pub use once::play;
pub use reporter::{Reply, Reporter};
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

/// A folder of the demo's own, gone when it ends.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Result<Scratch, DemoError> {
        let path = std::env::temp_dir().join(format!("tierline-demo-{}", fresh_owner()));
        std::fs::create_dir_all(&path).map_err(DemoError::file(&path))?;
        Ok(Scratch(path))
    }

    fn url(&self) -> String {
        format!("sqlite://{}", self.0.join("demo.db").display())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(folder = %self.0.display(), %error, "the demo's folder stays behind");
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
    let mut cast = stage.cast(options.seed, Reporter { form, locale: options.locale }, phrases);
    // Some of a class answer only when they are phoned, and the third student of the first class runs a fever.
    for person in stage.holders(Role::Student, "cs02").into_iter().take(PHONED) {
        cast.stays_silent(stage.account(&person.code).id());
    }
    cast.falls_ill(stage.account("cs0103").id());
    cast
}

/// A made-up school of so many students, for programs that measure.
pub fn roster(students: usize, locale: Locale) -> Roster {
    school::Builder::build(Size::of(students), locale)
}

/// How many of a class wait to be phoned.
const PHONED: usize = 5;

/// The morning on which a demo begins, a minute before the day opens: 06:59 in Shanghai.
fn morning() -> Time {
    "2026-11-22T22:59:00Z".parse().unwrap_or_default()
}

/// Builds the service for a stage and lets it know the school.
async fn open(
    stage: &Stage,
    scratch: &Scratch,
    options: &Options,
    clock: SharedClock,
) -> Result<App, DemoError> {
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
    let sealer = Sealer::open(&scratch.0.join("demo.key"))?;
    let tiers: Vec<&str> = config.roster.tiers.iter().map(String::as_str).collect();
    stage.enrol(&db, &sealer, &tiers, &clock).await?;
    let app = App::build(config.clone(), db, sealer, clock, fresh_owner())?;
    app.connect().await?;
    let today = app.engine.settings.calendar.date(app.engine.now());
    history::remember(&app, today, options.students, options.seed).await?;
    Ok(app)
}
