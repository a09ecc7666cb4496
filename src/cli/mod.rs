//! The command line: one file per command. Commands print to stdout; what fails goes to stderr, one problem a line, in
//! plain words, never with a secret. Exit codes: 0 done, 1 failed, 2 wrong usage or configuration.

mod audit;
mod backup;
mod bots;
mod chats;
mod check;
mod demo;
mod erase;
mod invites;
mod key;
mod outbox;
mod outcome;
mod plan;
mod report;
mod roster;
mod run;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use url::Url;

use crate::clock::{SharedClock, SystemClock};
use crate::config::{Config, Problems, Secret, Updates};
use crate::store::Db;
use crate::store::seal::Sealer;
use crate::telemetry;
pub use outcome::{Failure, Outcome};

/// Relays directives through a school's chain of group chats and knows who has received them.
#[derive(Parser)]
#[command(name = "tierline", version, about, arg_required_else_help = true)]
struct Cli {
    /// The configuration file; it must exist. Without it config/tierline.toml is read if there is one
    #[arg(long, value_name = "FILE", env = "TIERLINE_CONFIG", global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// A school in a local sandbox of Telegram: no token, no network, no configuration
    Demo(demo::Arguments),
    /// Serve: take updates, fire timers, send messages, answer HTTP
    Run,
    /// Prove the audit chain unbroken, or write it out
    #[command(subcommand)]
    Audit(audit::Command),
    /// Copy the database to FILE while the service runs (SQLite)
    Backup(backup::Arguments),
    /// Validate configuration, roster, database, and the bots' rights
    Check(check::Arguments),
    /// Import or export units and people, or write empty tables
    #[command(subcommand)]
    Roster(roster::Command),
    /// Write a one-time binding link for every person not yet bound
    Invites(invites::Arguments),
    /// Bind chats to units, and list them
    #[command(subcommand)]
    Chats(chats::Command),
    /// Write a day's workbook, or a unit's ledger over a range of days
    Report(report::Arguments),
    /// Add a key that seals phones and texts, or list the keys
    #[command(subcommand)]
    Key(key::Command),
    /// Erase what is kept about a person who left the roster
    Erase(erase::Arguments),
    /// Show, hold, release or drop messages that wait to be sent
    #[command(subcommand)]
    Outbox(outbox::Command),
    /// Print what will happen, and to whom, if nobody answers; send nothing
    Plan(plan::Arguments),
}

/// What every command works with.
pub struct Context {
    /// The configuration.
    pub config: Config,
    /// The machine's clock.
    pub clock: SharedClock,
}

impl Context {
    /// Opens the database; creates and migrates it first.
    ///
    /// # Errors
    /// When it cannot be reached or was made by a newer version.
    pub async fn database(&self) -> Result<Db, Failure> {
        let database = &self.config.database;
        let url = database.url.reveal();
        prepare_folder(url)?;
        let read_url = database.read_url.as_ref().map_or("", |url| url.reveal());
        Ok(Db::open_with_reads(url, read_url).await?)
    }

    /// The key that seals phones and raw updates; made on first use.
    ///
    /// # Errors
    /// When the key file can be neither read nor made.
    pub fn sealer(&self) -> Result<Sealer, Failure> {
        Ok(Sealer::open(&self.config.privacy.key_file)?)
    }
}

/// Makes the folder of an SQLite file: a first start in an empty folder must work.
fn prepare_folder(url: &str) -> Result<(), Failure> {
    let Some(rest) = url.strip_prefix("sqlite:") else { return Ok(()) };
    let file = rest.trim_start_matches("//").split('?').next().unwrap_or(rest);
    match std::path::Path::new(file).parent() {
        Some(folder) if !folder.as_os_str().is_empty() => std::fs::create_dir_all(folder)
            .map_err(|error| Failure::failed(format!("{}: cannot be made: {error}", folder.display()))),
        _ => Ok(()),
    }
}

/// Parses the command line, runs the command, prints what went wrong.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come this way too; clap knows which stream and code they have.
            let printed = error.print();
            return if printed.is_err() { ExitCode::FAILURE } else { code(error.exit_code()) };
        }
    };
    telemetry::start(cli.command.log_level());
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::failed(format!("the program cannot start: {error}")))
        .and_then(|runtime| runtime.block_on(execute(cli)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.print(),
    }
}

fn code(code: i32) -> ExitCode {
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}

impl Command {
    /// Services tell what they do; other commands only what is wrong.
    fn log_level(&self) -> &'static str {
        match self {
            Self::Demo(_) => "warn",
            Self::Run => "info",
            Self::Audit(_)
            | Self::Backup(_)
            | Self::Chats(_)
            | Self::Check(_)
            | Self::Erase(_)
            | Self::Invites(_)
            | Self::Key(_)
            | Self::Outbox(_)
            | Self::Plan(_)
            | Self::Report(_)
            | Self::Roster(_) => "off",
        }
    }
}

async fn execute(cli: Cli) -> Outcome {
    let config = load(&cli);
    match cli.command {
        // The demo needs no configuration, so a broken one does not stop it.
        Command::Demo(arguments) => demo::run(arguments).await,
        Command::Run => run::run(context(config?)).await,
        Command::Audit(command) => audit::run(&command, &context(config?)).await,
        Command::Backup(arguments) => backup::run(&arguments, &context(config?)).await,
        Command::Check(arguments) => check::run(&arguments, config.map(context)).await,
        Command::Roster(command) => roster::run(&command, &context(config?)).await,
        Command::Invites(arguments) => invites::run(&arguments, &context(config?)).await,
        Command::Chats(command) => chats::run(&command, &context(config?)).await,
        Command::Report(arguments) => report::run(&arguments, &context(config?)).await,
        Command::Key(command) => key::run(&command, &context(config?)).await,
        Command::Erase(arguments) => erase::run(&arguments, &context(config?)).await,
        Command::Outbox(command) => outbox::run(&command, &context(config?)).await,
        Command::Plan(arguments) => plan::run(&arguments, &context(config?)).await,
    }
}

/// Reads the configuration and hides its secrets from every line that is written.
fn load(cli: &Cli) -> Result<Config, Problems> {
    // A variable that is no Unicode cannot be meant for us: our names and values are text.
    let variables = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    let config = Config::load(cli.config.as_deref(), variables)?;
    config.telegram.bots.iter().for_each(|bot| telemetry::hide(bot.token.reveal()));
    if let Updates::Webhook { secret, .. } = &config.telegram.updates {
        telemetry::hide(secret.reveal());
    }
    let password = |url: &Secret| Url::parse(url.reveal()).ok()?.password().map(str::to_owned);
    let databases = [Some(&config.database.url), config.database.read_url.as_ref()];
    databases.into_iter().flatten().filter_map(password).for_each(|password| telemetry::hide(&password));
    Ok(config)
}

fn context(config: Config) -> Context {
    Context { config, clock: Arc::new(SystemClock::of_process()) }
}
