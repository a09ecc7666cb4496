//! `audit`: proves the chain of entries unbroken, or writes it out.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;

use chrono::{Days, NaiveDate, NaiveTime};
use clap::Subcommand;

use super::{Context, Failure, Outcome};
use crate::store::nags::{self, Nag};
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
    /// Every reminder and report upward that was due on a day: sent, or why not
    Nags {
        #[arg(long, value_name = "YYYY-MM-DD")]
        date: NaiveDate,
    },
}

/// Verifies or exports.
pub async fn run(command: &Command, context: &Context) -> Outcome {
    let db = context.database().await?;
    let mut tx = db.read().await?;
    let outcome = match command {
        Command::Verify => verify(&mut tx).await,
        Command::Export { out } => export(&mut tx, out).await,
        Command::Nags { date } => nags(&mut tx, *date, context).await,
    };
    drop(tx);
    db.close().await;
    outcome
}

async fn verify(tx: &mut Tx) -> Outcome {
    let entries = audit::verify(tx).await?.map_err(Failure::failed)?;
    writeln!(std::io::stdout(), "{entries} entries, unbroken")?;
    Ok(())
}

/// Exits 1 when something is neither sent nor explained.
async fn nags(tx: &mut Tx, date: NaiveDate, context: &Context) -> Outcome {
    let calendar = &context.config.calendar;
    let start = |date| calendar.instant(date, NaiveTime::MIN);
    let all = nags::between(tx, start(date), start(date + Days::new(1))).await?;
    let now = context.clock.now();
    let mut out = std::io::stdout().lock();
    for nag in &all {
        let what = name(nag);
        let (at, became) = (calendar.format_local(nag.due_at), became(nag, now));
        writeln!(out, "{at}\t{what}\t{became}")?;
    }
    let open = all.iter().filter(|nag| nag.due_at <= now && !nag.is_explained(now)).count();
    writeln!(out, "{} due on {date}, {open} neither sent nor explained", all.len())?;
    if open > 0 {
        return Err(Failure::failed(format!("{open} reminders or reports upward are unexplained")));
    }
    Ok(())
}

fn name(nag: &Nag) -> String {
    let of = match nag.kind.as_str() {
        "step" => "directive leg",
        "day" => "check-in",
        other => other,
    };
    format!("{of} {} step {}", nag.subject, nag.step)
}

fn became(nag: &Nag, now: crate::domain::message::Time) -> String {
    match nag.state.as_str() {
        "waiting" if nag.due_at > now && nag.note.is_empty() => "not yet due".to_owned(),
        "waiting" if nag.due_at > now => nag.note.clone(),
        "waiting" => "OVERDUE".to_owned(),
        "failed" => format!("FAILED: {}", nag.note),
        _ if nag.note.is_empty() => "UNEXPLAINED".to_owned(),
        _ => nag.note.clone(),
    }
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
