//! Plays school days under faults against the real program and proves after each that nothing is lost, that the figures
//! are those of a calm day, that what came twice says so, and that the operator was told.
//!
//! Days run on a clock of their own, faster than the machine's, which program, sandbox and people share. The seed is
//! printed: with it the same people do the same things and the same faults strike, though not to the millisecond.

mod day;
mod people;
mod place;
mod process;
mod proof;
mod rows;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use clap::Parser;

use process::{Program, now};
use proof::difference;
use rows::{CALM, Proof, ROWS, Report, Row};

/// What goes wrong here, for whoever reads the table.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;
/// A result of this program.
pub type Outcome<T> = Result<T, Failure>;

/// Fails with these words unless it holds.
#[macro_export]
macro_rules! ensure {
    ($holds:expr, $($words:tt)+) => {
        let holds: bool = $holds;
        if !holds {
            return Err(format!($($words)+).into());
        }
    };
}

/// Plays school days under faults and proves that nothing is lost.
#[derive(Parser)]
#[command(name = "tierline-faults", version, about)]
struct Arguments {
    /// What chance draws from; without it a new one
    #[arg(long)]
    seed: Option<u64>,
    /// Only these rows: R4, hour …
    #[arg(long, value_name = "ROW")]
    row: Vec<String>,
    /// Play all rows again and again for so long, each round with another seed: 30m, 2h
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    soak: Option<Duration>,
    /// The program to play with; otherwise the one beside this one
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
    /// The PostgreSQL server on which databases may be made
    #[arg(long, value_name = "URL", env = "TIERLINE_TEST_PG")]
    database: Option<String>,
    /// How many rows play at a time
    #[arg(long, default_value_t = 3)]
    at_once: usize,
    /// A share of the kills and stops, for a quick look
    #[arg(long, default_value_t = 1.0)]
    share: f64,
}

/// What every row is given.
#[derive(Clone)]
pub struct Setup {
    pub program: Program,
    pub seed: u64,
    /// A PostgreSQL server.
    pub server: Option<String>,
    /// How long the soak lasts, if longer than usual.
    pub soak: Option<Duration>,
    share: f64,
}

impl Setup {
    /// The share of so many times that is asked for.
    pub fn times(&self, all: usize) -> usize {
        ((all as f64 * self.share).ceil() as usize).max(1)
    }
}

fn duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = text.split_at(text.len().saturating_sub(1));
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => return Err("30s, 15m or 2h".to_owned()),
    };
    number
        .parse::<u64>()
        .map(|number| Duration::from_secs(number * seconds))
        .map_err(|error| error.to_string())
}

fn main() -> ExitCode {
    match play(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            say(&format!("{error}"));
            ExitCode::FAILURE
        }
    }
}

/// A line for whoever watches; without stdout there is nobody to tell.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn play(arguments: &Arguments) -> Outcome<bool> {
    let mut setup = Setup {
        program: Program::find(arguments.program.clone())?,
        seed: arguments.seed.unwrap_or_else(|| u64::from(rand::random::<u32>())),
        server: arguments.database.clone(),
        soak: None,
        share: arguments.share,
    };
    let rows: Vec<Row> = ROWS.into_iter().filter(|row| is_wanted(&arguments.row, row.id)).collect();
    if rows.is_empty() {
        return Err(format!("no row {:?}", arguments.row).into());
    }
    let begun = now();
    let mut all_hold = true;
    loop {
        all_hold &= round(&setup, &rows, arguments.at_once);
        match arguments.soak {
            Some(time) if all_hold && begun.elapsed() < time => setup.seed += 1,
            _ => break,
        }
    }
    say(&format!(
        "{} in {} s",
        if all_hold { "all hold" } else { "NOT all hold" },
        begun.elapsed().as_secs()
    ));
    Ok(all_hold)
}

fn is_wanted(wanted: &[String], id: &str) -> bool {
    wanted.is_empty() || wanted.iter().any(|wanted| wanted.eq_ignore_ascii_case(id))
}

/// Plays rows, some at a time; whether all hold.
fn round(setup: &Setup, rows: &[Row], at_once: usize) -> bool {
    say(&format!("seed {}", setup.seed));
    let mut queue: Vec<Row> = rows.iter().rev().copied().collect();
    queue.push(CALM);
    let queue = Arc::new(Mutex::new(queue));
    let results = Arc::new(Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..at_once.max(1) {
            scope.spawn(|| {
                while let Some(row) = take(&queue) {
                    let result = play_row(setup, row);
                    results.lock().unwrap_or_else(PoisonError::into_inner).push((row, result));
                }
            });
        }
    });
    let results = std::mem::take(&mut *results.lock().unwrap_or_else(PoisonError::into_inner));
    compare(setup, results)
}

fn take(queue: &Mutex<Vec<Row>>) -> Option<Row> {
    queue.lock().unwrap_or_else(PoisonError::into_inner).pop()
}

/// Plays a row on a thread of its own: sandbox, people and all; tells at once what came of it.
fn play_row(setup: &Setup, row: Row) -> Outcome<Report> {
    let play = match row.proof {
        Proof::Stories(stories) => {
            say(&format!("{:8} {}: see {stories}", row.id, row.fault));
            return Ok(Report::default());
        }
        Proof::Play(play) => play,
    };
    let begun = now();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let result = runtime.block_on(play(setup));
    let seconds = begun.elapsed().as_secs();
    match &result {
        Ok(Report { did, sum: Some(sum) }) => {
            say(&format!("{:8} {}: {did}; {} ({seconds} s)", row.id, row.fault, sum.text()));
        }
        Ok(Report { did, sum: None }) => say(&format!("{:8} {}: SKIPPED, {did}", row.id, row.fault)),
        Err(error) => say(&format!(
            "{:8} {}: FAILED after {seconds} s: {error}\n         replay: tierline-faults --seed {} --row {}",
            row.id, row.fault, setup.seed, row.id
        )),
    }
    result
}

/// Whether every row holds and has the calm day's figures.
fn compare(setup: &Setup, results: Vec<(Row, Outcome<Report>)>) -> bool {
    let reports: Vec<(&Row, &Report)> =
        results.iter().filter_map(|(row, result)| Some((row, result.as_ref().ok()?))).collect();
    let calm = reports.iter().find(|(row, _)| row.id == CALM.id).and_then(|(_, report)| report.figures());
    let Some(calm) = calm else { return false };
    let mut all_hold = reports.len() == results.len();
    for (row, report) in reports {
        if let Some(words) = report.figures().and_then(|figures| difference(calm, figures)) {
            say(&format!(
                "{:8} FAILED: other figures than on the calm day: {words} (seed {})",
                row.id, setup.seed
            ));
            all_hold = false;
        }
    }
    all_hold
}
