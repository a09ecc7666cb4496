//! `demo`: a school in a local sandbox of Telegram.

use std::io::Write;
use std::path::PathBuf;

use tokio::sync::watch;

use super::{Failure, Outcome};
use crate::demo::{self, Options};
use crate::domain::message::Locale;

/// What `demo` takes.
#[derive(clap::Args)]
pub struct Arguments {
    /// Play it through as fast as possible, print the result, write the artefacts
    #[arg(long)]
    once: bool,
    /// Where the page is served
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: String,
    /// How many times faster than the machine's its clock runs
    #[arg(long, value_name = "N", default_value_t = 10.0, value_parser = speed)]
    speed: f64,
    /// How many students the school has
    #[arg(long, value_name = "N", default_value_t = 48, value_parser = clap::value_parser!(u32).range(8..=50_000))]
    students: u32,
    /// The seed of everything that is left to chance
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// zh-CN or en
    #[arg(long, value_name = "L", default_value = "zh-CN", value_parser = locale)]
    locale: Locale,
    /// Where artefacts are written
    #[arg(long, value_name = "DIR", default_value = "demo-out")]
    out: PathBuf,
    /// With --once: also leave the service's own database and key there, in the new folder `service`
    #[arg(long, requires = "once")]
    keep: bool,
}

fn speed(text: &str) -> Result<f64, String> {
    let speed: f64 = text.parse().map_err(|_| "give a number, as 10".to_owned())?;
    if (0.1..=1000.0).contains(&speed) { Ok(speed) } else { Err("give a number from 0.1 to 1000".to_owned()) }
}

fn locale(text: &str) -> Result<Locale, String> {
    Locale::from_tag(text).ok_or_else(|| "give zh-CN or en".to_owned())
}

/// Plays or serves the demo.
pub async fn run(arguments: Arguments) -> Outcome {
    let options = Options {
        listen: arguments.listen,
        speed: arguments.speed,
        students: usize::try_from(arguments.students).unwrap_or(usize::MAX),
        seed: arguments.seed,
        locale: arguments.locale,
        out: arguments.out,
        keep: arguments.keep,
    };
    let mut out = std::io::stdout();
    if arguments.once {
        let summary = demo::play(&options).await.map_err(Failure::failed)?;
        write!(out, "{summary}")?;
        writeln!(out, "→ {}", options.out.display())?;
        return Ok(());
    }
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        // Without signals nothing can be stopped gently; the process then simply ends.
        let _ = tokio::signal::ctrl_c().await;
        let _ = stop.send(true);
    });
    let ready = |stage: &demo::Stage| {
        // A closed pipe does not stop the page from being served.
        let _ = writeln!(std::io::stdout(), "{}  (Ctrl-C)", stage.sandbox.page_url());
    };
    demo::serve(&options, stopped, ready).await.map_err(Failure::failed)
}
