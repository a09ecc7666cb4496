//! `check`: everything that would go wrong later, now, with how to mend it.

mod online;
mod ready;

use std::io::{IsTerminal, Write};

use clap::Args;

use super::{Context, Failure, Outcome};
use crate::config::{Config, Problem, Problems};
use crate::store::{self, Db, chats, people, rotation};

/// Below every tier there can be.
const DEEPEST: usize = 1000;

#[derive(Args)]
pub struct Arguments {
    /// Do not ask Telegram for the bots and their rights
    #[arg(long)]
    offline: bool,
    /// Only ask the running service, at http.listen, whether it is ready
    #[arg(long, conflicts_with = "offline")]
    ready: bool,
}

/// Checks everything; fails with all problems.
pub async fn run(arguments: &Arguments, context: Result<Context, Problems>) -> Outcome {
    let context = context.map_err(|Problems(problems)| Failure::all_failed(problems))?;
    if arguments.ready {
        return ready::check(&context.config).await;
    }
    let mut problems = Vec::new();
    let mut chats = Vec::new();
    match context.database().await {
        Ok(db) => {
            match stored(&context.config, &db).await {
                Ok((found, bound)) => {
                    problems = found;
                    chats = bound;
                }
                Err(error) => problems.push(database_problem(&context.config, &error.into())),
            }
            match sealed(&context, &db).await {
                Ok(problem) => problems.extend(problem),
                Err(error) => problems.push(database_problem(&context.config, &error.into())),
            }
            db.close().await;
        }
        Err(failure) => problems.push(database_problem(&context.config, &failure)),
    }
    if !arguments.offline {
        problems.extend(missing_token(&context.config));
        problems
            .extend(online::check(&context.config, &chats, |asked| show_progress(asked, chats.len())).await);
    }
    if !problems.is_empty() {
        return Err(Failure::all_failed(problems));
    }
    writeln!(std::io::stdout().lock(), "{}: no problems", context.config.file)?;
    Ok(())
}

/// Says on a terminal how far it is; a pipe stays quiet.
fn show_progress(asked: usize, all: usize) {
    let mut stderr = std::io::stderr().lock();
    if stderr.is_terminal() {
        let end = if asked == all { "\n" } else { "" };
        // Without a terminal to write to there is nobody to tell.
        let _ = write!(stderr, "\rasked about {asked} of {all} chats{end}").and_then(|()| stderr.flush());
    }
}

fn missing_token(config: &Config) -> Option<Problem> {
    config.telegram.bots.is_empty().then(|| Problem {
        file: config.file.clone(),
        key: "telegram.token".to_owned(),
        reason: "no bot has a token".to_owned(),
        mend: "set TELEGRAM_BOT_TOKEN, telegram.token or telegram.token_file; or check with --offline"
            .to_owned(),
    })
}

fn database_problem(config: &Config, failure: &Failure) -> Problem {
    Problem {
        file: config.file.clone(),
        key: "database.url".to_owned(),
        reason: failure.lines().join(", "),
        mend: "start the database, or mend its address".to_owned(),
    }
}

/// The key file against what the database holds sealed: with the wrong one nothing of it could be read.
async fn sealed(context: &Context, db: &Db) -> store::Result<Option<Problem>> {
    let reason = match context.sealer() {
        Err(failure) => failure.lines().join(", "),
        Ok(sealer) if rotation::sample(&mut db.read().await?, &sealer).await?.failed > 0 => {
            "does not open what is sealed in the database".to_owned()
        }
        Ok(_) => return Ok(None),
    };
    Ok(Some(Problem {
        file: context.config.file.clone(),
        key: "privacy.key_file".to_owned(),
        reason,
        mend: "put back the key file that belongs to this database".to_owned(),
    }))
}

/// What the database holds against what the configuration says, and the chats that are bound.
async fn stored(config: &Config, db: &Db) -> store::Result<(Vec<Problem>, Vec<chats::Chat>)> {
    let mut tx = db.read().await?;
    let mut problems = Vec::new();
    let units = match people::root(&mut tx).await? {
        Some(root) => people::subtree(&mut tx, &root, DEEPEST).await?,
        None => Vec::new(),
    };
    let deepest = units.iter().map(|unit| unit.tier).max().unwrap_or_default();
    if deepest >= config.roster.tiers.len() {
        problems.push(Problem {
            file: config.file.clone(),
            key: "roster.tiers".to_owned(),
            reason: format!(
                "names {} tiers, but the roster has units in tier {}",
                config.roster.tiers.len(),
                deepest + 1
            ),
            mend: "name the tiers that the roster was imported with, or import it anew".to_owned(),
        });
    }
    let named = config.telegram.bots.iter().flat_map(|bot| bot.units.iter().map(move |code| (bot, code)));
    for (bot, code) in
        named.filter(|(_, code)| !units.is_empty() && !units.iter().any(|unit| unit.code == **code))
    {
        problems.push(Problem {
            file: config.file.clone(),
            key: "telegram.bots".to_owned(),
            reason: format!("the bot {} serves the unit {code}, which is not on the roster", bot.name),
            mend: "mend the code, or import the unit".to_owned(),
        });
    }
    let mut bound = chats::bound(&mut tx).await?;
    bound.retain(|chat| !chat.removed);
    problems.extend(bound.iter().filter_map(|chat| unknown_tier(config, chat)));
    Ok((problems, bound))
}

fn unknown_tier(config: &Config, chat: &chats::Chat) -> Option<Problem> {
    let tier = chat.tier.as_deref()?;
    let is_known = tier == chats::FURTHER || config.roster.tiers.iter().any(|name| name == tier);
    (!is_known).then(|| Problem {
        file: config.file.clone(),
        key: "roster.tiers".to_owned(),
        reason: format!("the chat {} is bound to the tier {tier:?}, which is not named", chat.chat),
        mend: format!("bind it anew: tierline chats bind --chat-id {} --unit CODE --tier TIER", chat.chat),
    })
}
