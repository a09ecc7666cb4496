//! `roster import`, `export` and `template` (A1–A5).

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::bots::Bots;
use super::{Context, Failure, Outcome};
use crate::config::Config;
use crate::documents::roster::{Headings, Read, WriteError, example, export, read, template};
use crate::domain::roster::{Changes, Column, Tiers};
use crate::store::roster::{self as stored, Clash};

#[derive(Subcommand)]
pub enum Command {
    /// Import units and people from CSV or XLSX: the whole roster, all or nothing
    Import {
        /// units.csv and people.csv, one .xlsx, or a folder of them
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Only say what would change
        #[arg(long)]
        dry_run: bool,
    },
    /// Write the roster into a workbook, or into a folder as two CSV files
    Export {
        /// FILE.xlsx or a folder
        to: PathBuf,
    },
    /// Write empty tables and an example
    Template {
        /// The folder to write them into
        folder: PathBuf,
    },
}

/// Runs one of them.
pub async fn run(command: &Command, context: &Context) -> Outcome {
    match command {
        Command::Import { files, dry_run } => import(files, *dry_run, context).await,
        Command::Export { to } => write(to, context).await,
        Command::Template { folder } => write_template(folder, &context.config),
    }
}

/// The tiers of the configuration.
fn tiers(config: &Config) -> Result<Tiers, Failure> {
    Tiers::new(config.roster.tiers.clone(), config.roster.names.clone()).map_err(Failure::wrong_usage)
}

async fn import(files: &[PathBuf], dry_run: bool, context: &Context) -> Outcome {
    progress("reading the files");
    let read = read(files, &tiers(&context.config)?).map_err(Failure::all_failed)?;
    let (units, people) = (read.roster.units.len(), read.roster.people.len());
    progress(&format!("comparing {units} units and {people} people with the roster that is kept"));
    let db = context.database().await?;
    let mut tx = db.begin().await?;
    let bots = Bots::new(&context.config, read.roster.units.values());
    let bot_of = |unit: &str| bots.of_unit(unit);
    let now = context.clock.now();
    let outcome = stored::replace(&mut tx, &context.sealer()?, &read.roster, &bot_of, now).await?;
    let changes = match outcome {
        stored::Outcome::Replaced(changes) => changes,
        stored::Outcome::Clashes(clashes) => return Err(clashing(&clashes, &read)),
    };
    if dry_run {
        drop(tx);
    } else {
        tx.commit().await?;
    }
    db.close().await;
    report(&changes, dry_run)
}

fn report(changes: &Changes, dry_run: bool) -> Outcome {
    let mut out = std::io::stdout().lock();
    writeln!(out, "units: {}", changes.units)?;
    writeln!(out, "people: {}", changes.people)?;
    if dry_run {
        writeln!(out, "dry run: nothing was written")?;
    }
    Ok(())
}

/// Accounts that are already bound stand against the roster: all are named, nothing was changed.
fn clashing(clashes: &[Clash], read: &Read) -> Failure {
    let problem = |clash: &Clash| {
        let Clash { code, other, account } = clash;
        let reason = format!(
            "the account {account} is bound to \"{other}\", who has a role in common with \"{code}\"; \
             correct the number, or take the account off \"{other}\" first"
        );
        match read.accounts.get(code) {
            Some(place) => place.problem(Column::TelegramId, reason).to_string(),
            None => format!("{code}: {reason}"),
        }
    };
    Failure::all_failed(clashes.iter().map(problem))
}

async fn write(to: &Path, context: &Context) -> Outcome {
    let db = context.database().await?;
    let mut tx = db.read().await?;
    let roster = stored::load_with_accounts(&mut tx, &context.sealer()?).await?;
    drop(tx);
    db.close().await;
    if roster.units.is_empty() {
        return Err(Failure::failed("there is no roster yet; import one with `tierline roster import`"));
    }
    export(&roster, &tiers(&context.config)?, to).map_err(unwritten)?;
    let (units, people) = (roster.units.len(), roster.people.len());
    writeln!(std::io::stdout().lock(), "{}: {units} units, {people} people", to.display())?;
    Ok(())
}

fn write_template(folder: &Path, config: &Config) -> Outcome {
    let headings = if config.school.locale == "en" { Headings::English } else { Headings::Chinese };
    template(folder).map_err(unwritten)?;
    example(&tiers(config)?, headings, folder).map_err(unwritten)?;
    let folder = folder.display();
    writeln!(
        std::io::stdout().lock(),
        "{folder}: units.csv and people.csv (or roster.xlsx) to fill in, example.xlsx to look at"
    )?;
    Ok(())
}

/// A name that is neither a workbook nor a folder is wrong usage.
fn unwritten(error: WriteError) -> Failure {
    match error {
        WriteError::Kind(_) => Failure::wrong_usage(error),
        WriteError::File { .. } => Failure::failed(error),
    }
}

/// Tells a person at a terminal what takes its time; a pipe stays quiet.
fn progress(what: &str) {
    let mut stderr = std::io::stderr().lock();
    if stderr.is_terminal() {
        // Without a terminal to write to there is nobody to tell.
        drop(writeln!(stderr, "{what} …"));
    }
}
