//! `outbox`: what waits to be sent, and what an operator decides about messages of a restored copy (R21).

use std::io::Write;

use clap::Subcommand;
use serde_json::json;

use super::{Context, Outcome};
use crate::domain::message::Class;
use crate::store::audit::{self, NewEntry};
use crate::store::held::{self, Waiting};

#[derive(Subcommand)]
pub enum Command {
    /// Count what waits, by class
    List,
    /// Hold all messages that wait: before the first run on a database that was restored by other means than `backup`
    Hold,
    /// Send what is held, marked as possible repeats; prompts, reminders and digests are dropped
    Release,
    /// Forget what is held
    Drop,
}

/// Runs one of them. The service may be running meanwhile.
pub async fn run(command: &Command, context: &Context) -> Outcome {
    let db = context.database().await?;
    let now = context.clock.now();
    let mut tx = db.begin().await?;
    let (act, text) = match command {
        Command::List => (None, list(&held::waiting(&mut tx).await?)),
        Command::Hold => {
            let held = held::hold(&mut tx, now).await?;
            (Some("hold"), format!("{held} messages are held\n"))
        }
        Command::Release => {
            let held::Released { queued, dropped } = held::release(&mut tx, &context.sealer()?, now).await?;
            (Some("release"), format!("{queued} messages are sent, {dropped} dropped\n"))
        }
        Command::Drop => {
            let dropped = held::forget(&mut tx, now).await?;
            (Some("drop"), format!("{dropped} messages dropped\n"))
        }
    };
    if let Some(act) = act {
        let entry = NewEntry {
            actor: 0,
            account: 0,
            act: format!("outbox.{act}"),
            subject: "outbox".to_owned(),
            detail: json!({ "told": text.trim_end() }),
        };
        audit::append(&mut tx, &[entry], now).await?;
    }
    tx.commit().await?;
    db.close().await;
    write!(std::io::stdout().lock(), "{text}")?;
    Ok(())
}

fn list(waiting: &[Waiting]) -> String {
    if waiting.is_empty() {
        return "nothing waits\n".to_owned();
    }
    let line = |waiting: &Waiting| {
        let class = Class::ALL.into_iter().find(|class| *class as i64 == waiting.class);
        let state = if waiting.held { "held" } else { "waits" };
        let stale = waiting.first_stale_at.format("%Y-%m-%d %H:%M UTC");
        format!("{state}\t{}\t{}\tsent until {stale}\n", class.map_or("unknown", Class::word), waiting.count)
    };
    waiting.iter().map(line).collect()
}
