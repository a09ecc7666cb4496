//! Measures tierline on a made-up school and prints one table.
//!
//! Times depend on the machine and on who else works on it: read them as a whole, in one run. Memory is the resident
//! set of this process, which holds the service's engine and nothing of Telegram.

mod memory;
mod school;
mod table;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;

use table::Table;
use tierline::domain::roster::Role;

/// Measures a school of many people.
#[derive(Parser)]
#[command(name = "tierline-bench", version, about)]
struct Arguments {
    /// How many students the school has
    #[arg(long, default_value_t = 20_000)]
    students: usize,
    /// A database to use instead of a new SQLite file: it must be empty
    #[arg(long)]
    database: Option<String>,
    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match measure(&arguments).await {
        Ok(table) => {
            let text = if arguments.json { table.json() } else { table.text() };
            // Without stdout there is nobody to tell.
            let printed = writeln!(std::io::stdout(), "{text}");
            if printed.is_ok() && table.holds() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

/// Plays a morning of the check-in and takes the time of what people wait for.
async fn measure(arguments: &Arguments) -> Result<Table, Box<dyn std::error::Error>> {
    let mut table = Table::new(arguments.students);
    let school = school::School::build(arguments.students, arguments.database.as_deref()).await?;
    table.add("memory: the roster imported", memory::resident_mib()?, "MiB", None);
    table.add("opening the day", school.opens().await?, "s", Some(2.0));
    table.add("asking everybody in private", school.asks_in_private().await?, "s", None);
    school.reports().await?;
    let status = [("/status of the school", Role::Leader), ("/status of a class", Role::Counselor)];
    for (what, role) in status {
        table.add(what, school.command(role, "/status").await? * 1000.0, "ms", Some(50.0));
    }
    table.add(
        "/digest with chart and workbook",
        school.command(Role::Leader, "/digest").await?,
        "s",
        Some(3.0),
    );
    table.add("memory: after the digest", memory::resident_mib()?, "MiB", Some(150.0));
    Ok(table)
}
