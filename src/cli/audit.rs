//! `audit`: proves the chain of entries unbroken, or writes it out.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use clap::Subcommand;

use super::{Context, Failure, Outcome};
use crate::store::{Tx, audit};

/// Entries read at once.
const PAGE: i64 = 2000;

#[derive(Subcommand)]
pub enum Command {
    /// Prove that no entry was changed, removed or reordered
    Verify,
    /// Write all entries, one JSON object a line
    Export {
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

/// Verifies or exports.
pub async fn run(command: &Command, context: &Context) -> Outcome {
    let db = context.database().await?;
    let mut tx = db.read().await?;
    let outcome = match command {
        Command::Verify => verify(&mut tx).await,
        Command::Export { out } => export(&mut tx, out).await,
    };
    drop(tx);
    db.close().await;
    outcome
}

async fn verify(tx: &mut Tx) -> Outcome {
    let (head_seq, head_hash) = audit::head(tx).await?;
    let (mut seq, mut prev) = (0, String::new());
    loop {
        let entries = audit::after(tx, seq, PAGE).await?;
        if entries.is_empty() {
            break;
        }
        for entry in entries {
            seq += 1;
            if entry.seq != seq {
                return Err(Failure::failed(format!("entry {seq} is missing")));
            }
            if entry.prev != prev || entry.hash != entry.expected_hash() {
                return Err(Failure::failed(format!("entry {seq} is not what was written")));
            }
            prev = entry.hash;
        }
    }
    if (seq, &prev) != (head_seq, &head_hash) {
        return Err(Failure::failed(format!("the chain ends at entry {seq}; {head_seq} were written")));
    }
    writeln!(std::io::stdout(), "{seq} entries, unbroken")?;
    Ok(())
}

async fn export(tx: &mut Tx, out: &PathBuf) -> Outcome {
    let failed = |error: std::io::Error| Failure::failed(format!("{}: {error}", out.display()));
    let mut file = BufWriter::new(File::create(out).map_err(failed)?);
    let mut seq = 0;
    loop {
        let entries = audit::after(tx, seq, PAGE).await?;
        let Some(last) = entries.last() else { break };
        seq = last.seq;
        for entry in &entries {
            let line = serde_json::to_string(entry).expect("an entry is plain data");
            writeln!(file, "{line}").map_err(failed)?;
        }
    }
    file.flush().map_err(failed)
}
