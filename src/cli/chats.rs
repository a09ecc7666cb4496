//! `chats bind`, `chats code` and `chats list`: which group serves which unit, from the shell.

use std::io::Write;
use std::sync::Arc;

use clap::Subcommand;

use super::bots::{Bots, account};
use super::invites::usernames;
use super::{Context, Failure, Outcome};
use crate::app;
use crate::domain::person::UnitRef;
use crate::domain::roster::Tiers;
use crate::engine::{BotInfo, Engine};
use crate::store::chats::{Chat, FURTHER};
use crate::store::invites::known_username;
use crate::store::{Db, Tx, chat_codes, chats, members, people, roster};

#[derive(Subcommand)]
pub enum Command {
    /// Bind a chat to a unit
    Bind {
        /// Telegram's id of the chat, below zero
        #[arg(long, value_name = "ID", allow_hyphen_values = true)]
        chat_id: i64,
        #[command(flatten)]
        place: Place,
    },
    /// Print a one-time code that somebody responsible for the unit sends into the chat
    Code(Place),
    /// List the chats that are bound
    List,
}

#[derive(clap::Args)]
pub struct Place {
    /// The unit's code
    #[arg(long, value_name = "CODE")]
    unit: String,
    /// A tier's name, or `group` for a further group of that unit
    #[arg(long, value_name = "TIER")]
    tier: String,
}

/// Runs one of them. The service may be running meanwhile.
pub async fn run(command: &Command, context: &Context) -> Outcome {
    let tiers = app::settings(&context.config).map_err(Failure::wrong_usage)?.tiers;
    let db = context.database().await?;
    let outcome = match command {
        Command::Bind { chat_id, place } => bind(*chat_id, place, context, &tiers, &db).await,
        Command::Code(place) => code(place, context, &tiers, &db).await,
        Command::List => list(&tiers, &db).await,
    };
    db.close().await;
    outcome
}

impl Place {
    /// The unit and tier that are meant. A unit of guardians stands for the guardians of the unit above it.
    async fn find(&self, tx: &mut Tx, tiers: &Tiers) -> Result<UnitRef, Failure> {
        let Some(unit) = people::unit_by_code(tx, &self.unit).await? else {
            return Err(Failure::failed(format!("--unit: no unit has the code \"{}\"", self.unit)));
        };
        let Some(position) = self.position(tiers)? else { return Ok(unit) };
        let guardians = Some(position) == tiers.guardians();
        if guardians && unit.tier == position {
            let parent = unit.parent.unwrap_or(unit.id);
            return Ok(people::unit_known(tx, parent).await?);
        }
        let fits = unit.tier == position || (guardians && (1..=2).contains(&unit.tier));
        if fits {
            return Ok(unit);
        }
        let own = tiers.name(unit.tier).unwrap_or_default();
        let (code, tier) = (&self.unit, &self.tier);
        Err(Failure::wrong_usage(format!(
            "--tier: the unit \"{code}\" is of the tier \"{own}\" and has no chat of the tier \"{tier}\"; say {own} or {FURTHER}"
        )))
    }

    /// The position of the tier; `None` for a further group.
    fn position(&self, tiers: &Tiers) -> Result<Option<usize>, Failure> {
        if self.tier == FURTHER {
            return Ok(None);
        }
        let unknown = || {
            let names = tiers.names().join(", ");
            Failure::wrong_usage(format!("--tier: \"{}\" is no tier; say {names} or {FURTHER}", self.tier))
        };
        tiers.position(&self.tier).map(Some).ok_or_else(unknown)
    }
}

async fn bind(chat: i64, place: &Place, context: &Context, tiers: &Tiers, db: &Db) -> Outcome {
    if chat >= 0 {
        return Err(Failure::wrong_usage(format!(
            "--chat-id: {chat} is no group; the id of a group is below zero"
        )));
    }
    let mut tx = db.read().await?;
    let unit = place.find(&mut tx, tiers).await?;
    let bots = bots(&mut tx, context, &unit).await?;
    drop(tx);
    let settings = app::settings(&context.config).map_err(Failure::wrong_usage)?;
    let engine = Engine::new(db.clone(), context.sealer()?, settings, Arc::clone(&context.clock));
    engine.set_bots(bots);
    engine.bind_chat(chat, &unit, &place.tier).await?;
    writeln!(
        std::io::stdout().lock(),
        "chat {chat}: bound to {} ({}), {}",
        unit.code,
        unit.name,
        place.tier
    )?;
    Ok(())
}

/// The configured bots by the names they had when they were last asked, the one that serves the unit first.
async fn bots(tx: &mut Tx, context: &Context, unit: &UnitRef) -> Result<Vec<BotInfo>, Failure> {
    let units = roster::units(tx).await?;
    let serving = Bots::new(&context.config, units.iter()).of_unit(&unit.code);
    let mut bots = Vec::new();
    for bot in &context.config.telegram.bots {
        let id = account(bot);
        let username = known_username(tx, id).await?.unwrap_or_default();
        bots.push(BotInfo { name: bot.name.clone(), id, username, units: bot.units.clone() });
    }
    bots.sort_by_key(|bot| bot.id != serving);
    Ok(bots)
}

async fn code(place: &Place, context: &Context, tiers: &Tiers, db: &Db) -> Outcome {
    let usernames = usernames(&context.config, db).await?;
    let mut tx = db.begin().await?;
    let unit = place.find(&mut tx, tiers).await?;
    let units = roster::units(&mut tx).await?;
    let bot = Bots::new(&context.config, units.iter()).of_unit(&unit.code);
    let username = usernames.get(&bot).map_or("", String::as_str);
    let now = context.clock.now();
    let code = chat_codes::issue(&mut tx, unit.id, &place.tier, now).await?;
    tx.commit().await?;
    writeln!(std::io::stdout().lock(), "/register@{username} {code}")?;
    Ok(())
}

async fn list(tiers: &Tiers, db: &Db) -> Outcome {
    let mut tx = db.read().await?;
    let mut lines = vec![HEADINGS.map(str::to_owned)];
    for chat in chats::bound(&mut tx).await? {
        lines.push(line(&mut tx, &chat, tiers).await?);
    }
    let mut out = std::io::stdout().lock();
    for line in table(&lines) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

const HEADINGS: [&str; 7] =
    ["unit", "tier", "chat", "members known/expected", "reachable/bound/expected", "state", "title"];

async fn line(tx: &mut Tx, chat: &Chat, tiers: &Tiers) -> Result<[String; 7], Failure> {
    let unit = people::unit_known(tx, chat.unit.unwrap_or_default()).await?;
    let tier = chat.tier.clone().unwrap_or_default();
    let expected = match tiers.position(&tier) {
        Some(position) => members::expected(tx, &unit, position).await?,
        None => Vec::new(),
    };
    let known = members::count_seen(tx, chat.chat, &expected).await?;
    let reach = members::reach(tx, &expected).await?;
    let bound = reach.iter().filter(|(_, out)| *out != Some(members::Out::Unbound)).count();
    let reachable = reach.iter().filter(|(_, out)| out.is_none()).count();
    let state = match (chat.removed, chat.sees_all) {
        (true, _) => "removed",
        (false, true) => "admin",
        (false, false) => "member",
    };
    Ok([
        unit.code,
        tier,
        chat.chat.to_string(),
        format!("{known}/{}", expected.len()),
        format!("{reachable}/{bound}/{}", expected.len()),
        state.to_owned(),
        chat.title.clone(),
    ])
}

/// Columns under one another; the last one is as long as it is.
fn table(lines: &[[String; 7]]) -> Vec<String> {
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..6).map(width).collect();
    let pad = |line: &[String; 7]| {
        let cells = widths.iter().zip(line).map(|(width, cell)| format!("{cell:<width$}  "));
        format!("{}{}", cells.collect::<String>(), line[6]).trim_end().to_owned()
    };
    lines.iter().map(pad).collect()
}
