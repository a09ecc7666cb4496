//! The demo: a school of four tiers in a local sandbox of Telegram. No token, no network, no configuration.

mod artefacts;
mod cast;
mod once;
mod school;
mod served;
mod stage;

use std::path::{Path, PathBuf};

use crate::app::{App, BuildError, fresh_owner};
use crate::clock::SharedClock;
use crate::config::{Config, Problems};
use crate::domain::message::Locale;
use crate::store::Db;
use crate::store::seal::{SealError, Sealer};

pub use once::play;
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
         [telegram]\ntoken = \"{}\"\napi_url = \"{}\"\n",
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
    Ok(app)
}
