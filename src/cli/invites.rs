//! `invites`: a one-time binding link per person not yet bound (section 4, Binding).

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use chrono::SecondsFormat;
use clap::Args;

use super::bots::{Bots, account};
use super::{Context, Failure, Outcome};
use crate::chat::telegram::{TelegramChat, TelegramOptions};
use crate::chat::{Chat, SendError};
use crate::config::{Bot, Config};
use crate::documents::invites::{Link, write};
use crate::domain::message::Time;
use crate::store::invites::{Unbound, issue, keep_username, known_username, unbound};
use crate::store::{Db, Tx, people, roster};

#[derive(Args)]
pub struct Arguments {
    /// Only this unit and all below it
    #[arg(long, value_name = "CODE")]
    unit: Option<String>,
    /// Where to write the links: FILE.csv, or FILE.xlsx for a workbook
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Writes a link for everybody who is not bound; earlier links of these people are void from then on.
pub async fn run(arguments: &Arguments, context: &Context) -> Outcome {
    let db = context.database().await?;
    let written = links(arguments, context, &db).await;
    db.close().await;
    let count = written?;
    writeln!(std::io::stdout().lock(), "{}: {count} links, valid for 14 days", arguments.out.display())?;
    Ok(())
}

async fn links(arguments: &Arguments, context: &Context, db: &Db) -> Result<usize, Failure> {
    let usernames = usernames(&context.config, db).await?;
    let now = context.clock.now();
    let mut tx = db.begin().await?;
    known_unit(&mut tx, arguments.unit.as_deref()).await?;
    let unbound = unbound(&mut tx, arguments.unit.as_deref()).await?;
    let units = roster::units(&mut tx).await?;
    let bots = Bots::new(&context.config, units.iter());
    let ids: Vec<i64> = unbound.iter().map(|person| person.person).collect();
    let invitations = issue(&mut tx, &ids, None, now).await?;
    let link = |person: &Unbound, token: &str, expires_at: Time| {
        let username = usernames.get(&bots.of_unit(&person.unit)).map_or("", String::as_str);
        let expires_at = expires_at.with_timezone(&context.config.calendar.timezone);
        Link {
            code: person.code.clone(),
            name: person.name.clone(),
            unit: person.unit.clone(),
            link: format!("https://t.me/{username}?start={token}"),
            expires_at: expires_at.to_rfc3339_opts(SecondsFormat::Secs, false),
        }
    };
    let rows: Vec<Link> = unbound
        .iter()
        .zip(&invitations)
        .map(|(person, made)| link(person, &made.token, made.expires_at))
        .collect();
    // A file without its rows in the database would hold dead links; the other way round a new run mends it.
    tx.commit().await?;
    let out = &arguments.out;
    write(&rows, out)
        .map_err(|error| Failure::failed(format!("cannot write {}: {error}; run it again", out.display())))?;
    Ok(rows.len())
}

async fn known_unit(tx: &mut Tx, unit: Option<&str>) -> Outcome {
    let Some(code) = unit else { return Ok(()) };
    match people::unit_by_code(tx, code).await? {
        Some(_) => Ok(()),
        None => Err(Failure::failed(format!("--unit: no unit has the code \"{code}\""))),
    }
}

/// The username of every configured bot, asked for anew or, when Telegram cannot be reached, as last told.
pub(super) async fn usernames(config: &Config, db: &Db) -> Result<BTreeMap<i64, String>, Failure> {
    if config.telegram.bots.is_empty() {
        let mend = "set TELEGRAM_BOT_TOKEN, telegram.token or telegram.token_file";
        return Err(Failure::wrong_usage(format!(
            "{}: telegram.token: no bot has a token; {mend}",
            config.file
        )));
    }
    let mut names = BTreeMap::new();
    for bot in &config.telegram.bots {
        names.insert(account(bot), username(config, bot, db).await?);
    }
    Ok(names)
}

async fn username(config: &Config, bot: &Bot, db: &Db) -> Result<String, Failure> {
    match ask(config, bot).await {
        Ok(username) => {
            let mut tx = db.begin().await?;
            keep_username(&mut tx, account(bot), &username).await?;
            tx.commit().await?;
            Ok(username)
        }
        Err(error @ (SendError::Unauthorized | SendError::Refused { .. })) => {
            Err(unknown_bot(config, bot, &error))
        }
        Err(error) => {
            let mut tx = db.read().await?;
            known_username(&mut tx, account(bot)).await?.ok_or_else(|| unknown_bot(config, bot, &error))
        }
    }
}

async fn ask(config: &Config, bot: &Bot) -> Result<String, SendError> {
    let telegram = &config.telegram;
    let chat = TelegramChat::new(&telegram.api_url, &bot.token, TelegramOptions::default())?;
    Ok(chat.me().await?.username)
}

fn unknown_bot(config: &Config, bot: &Bot, error: &SendError) -> Failure {
    Failure::failed(format!(
        "the bot {} must be asked at {} for its name, which the links need: {error}",
        bot.name, config.telegram.api_url
    ))
}
