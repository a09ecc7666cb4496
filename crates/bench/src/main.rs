//! Measures tierline: the release binary and a sandbox of Telegram as processes of their own, on SQLite or PostgreSQL,
//! and prints one table. `docs/performance.md` tells what each row means.
//!
//! Times depend on the machine and on who else works on it: the first rows tell what it can do at the moment, and the
//! others are to be read as ratios to them.

mod database;
mod inside;
mod machine;
mod moment;
mod outside;
mod post;
mod process;
mod sandbox;
mod school;
mod service;
mod table;

use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use database::Databases;
use outside::Grounds;
use sandbox::Telegram;
use school::School;
use table::Table;

/// Whatever keeps a measurement from being made.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Measures a school of many people.
#[derive(Parser)]
#[command(name = "tierline-bench", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Part>,
    /// How many students the school has
    #[arg(long, default_value_t = 20_000)]
    students: usize,
    /// `sqlite`, or the URL of a PostgreSQL server on which databases may be made
    #[arg(long, default_value = "sqlite")]
    database: String,
    /// Only these rows, as P1,P4; `machine` is always measured
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Permitted calls a second where a row needs many of them (P1)
    #[arg(long, default_value_t = 300)]
    rate: usize,
    /// Also the use cases with 1,000,000 students: takes long, and some 10 GB of disk
    #[arg(long)]
    million: bool,
    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,
}

#[derive(Subcommand)]
enum Part {
    /// Runs as the sandbox that the benchmark talks with
    #[command(hide = true)]
    Sandbox {
        /// How many students have accounts
        #[arg(long)]
        students: usize,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(Part::Sandbox { students }) = arguments.command {
        return match sandbox::serve(students).await {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => failed(&error),
        };
    }
    match measure(&arguments).await {
        Ok(table) => {
            let text = if arguments.json { table.json() } else { table.text() };
            // Without stdout there is nobody to tell.
            let printed = writeln!(std::io::stdout(), "{text}");
            if printed.is_ok() && table.holds() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => failed(&error),
    }
}

fn failed(error: &Failure) -> ExitCode {
    tell(&error.to_string());
    ExitCode::FAILURE
}

/// A line for whoever waits.
pub fn tell(line: &str) {
    // Without stderr there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "{line}");
}

async fn measure(arguments: &Arguments) -> Result<Table, Failure> {
    let folder = tempfile::Builder::new().prefix("tierline-bench").tempdir()?;
    let databases = Databases::new(&arguments.database, folder.path());
    let kind = if arguments.database == "sqlite" { "SQLite" } else { "PostgreSQL" };
    let mut table = Table::new(format!("{} students, {kind}", arguments.students));
    machine::calibrate(&mut table, &databases).await?;
    let wanted = |rows: &[&str]| {
        arguments.only.is_empty() || rows.iter().any(|row| arguments.only.iter().any(|only| only == row))
    };
    let telegram = Telegram::start(arguments.students)?;
    let school = School::new(arguments.students, folder.path(), Some(&telegram.hello));
    telegram.end()?;
    let filled = databases.empty("filled").await?;
    school.fill(&filled).await?;
    if wanted(&["P7", "P8", "P9"]) {
        let copy = databases.copy(&filled, "inside").await?;
        inside::measure(&mut table, &school, &copy).await?;
        databases.remove(&copy).await?;
    }
    let grounds = Grounds { school: &school, databases: &databases, filled: &filled, rate: arguments.rate };
    outside::measure(&mut table, &grounds, &wanted).await?;
    databases.remove(&filled).await?;
    if arguments.million {
        million(&mut table, &databases, folder.path()).await?;
    }
    Ok(table)
}

/// The use cases in a school of a million.
async fn million(table: &mut Table, databases: &Databases, folder: &std::path::Path) -> Result<(), Failure> {
    tell("filling a school of 1,000,000 students: takes minutes");
    let school = School::new(1_000_000, folder, None);
    let database = databases.empty("million").await?;
    school.fill(&database).await?;
    inside::measure(table, &school, &database).await?;
    databases.remove(&database).await
}
