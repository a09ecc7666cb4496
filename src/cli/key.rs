//! `key`: adds a key that seals from now on, or tells what each key has sealed (S13).

use std::io::Write;

use clap::Subcommand;
use serde_json::json;

use super::{Context, Outcome};
use crate::store::audit::{self, NewEntry};
use crate::store::rotation;

#[derive(Subcommand)]
pub enum Command {
    /// Add a key to the key file; the service seals everything anew with it and then drops the old one
    Rotate,
    /// Print the keys and how much each has sealed
    List,
}

/// Adds a key or lists them.
pub async fn run(command: &Command, context: &Context) -> Outcome {
    match command {
        Command::Rotate => rotate(context).await,
        Command::List => list(context).await,
    }
}

async fn rotate(context: &Context) -> Outcome {
    let db = context.database().await?;
    let sealer = context.sealer()?;
    let id = sealer.add_key()?;
    let entry = NewEntry {
        actor: 0,
        account: 0,
        act: "keys.add".to_owned(),
        subject: "keys".to_owned(),
        detail: json!({ "id": id }),
    };
    let mut tx = db.begin().await?;
    audit::append(&mut tx, &[entry], context.clock.now()).await?;
    tx.commit().await?;
    db.close().await;
    let file = context.config.privacy.key_file.display();
    let mut out = std::io::stdout().lock();
    writeln!(out, "key {id} seals from now on; the running service seals everything anew with it,")?;
    writeln!(out, "and drops the old key an hour after nothing needs it any more.")?;
    writeln!(out, "Keep a copy of {file} as it is now with your backups: older ones need the old key.")?;
    Ok(())
}

async fn list(context: &Context) -> Outcome {
    let db = context.database().await?;
    let sealer = context.sealer()?;
    let mut tx = db.read().await?;
    let counts = rotation::by_key(&mut tx).await?;
    drop(tx);
    db.close().await;
    let ids = sealer.key_ids();
    let mut out = std::io::stdout().lock();
    for id in &ids {
        let seals = if ids.last() == Some(id) { ", seals" } else { "" };
        writeln!(out, "key {id}: {} values{seals}", counts.get(id).copied().unwrap_or(0))?;
    }
    for (id, count) in counts.iter().filter(|(id, _)| !ids.contains(id)) {
        writeln!(out, "key {id}: {count} values, not in the key file: they cannot be read")?;
    }
    Ok(())
}
