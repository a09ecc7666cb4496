//! `erase`: what is kept about a person who left the roster goes (F4).

use std::io::Write;

use clap::Args;

use super::{Context, Failure, Outcome};
use crate::store::audit::{self, NewEntry};
use crate::store::{Db, erase};

#[derive(Args)]
pub struct Arguments {
    /// The person's code in the roster
    code: String,
    /// Erase; without it only what would happen is printed
    #[arg(long)]
    yes: bool,
}

/// Erases a person, once it is confirmed by `--yes` (S17).
pub async fn run(arguments: &Arguments, context: &Context) -> Outcome {
    let db = context.database().await?;
    let outcome = erase_person(&db, arguments, context).await;
    db.close().await;
    outcome
}

async fn erase_person(db: &Db, arguments: &Arguments, context: &Context) -> Outcome {
    let mut tx = db.begin().await?;
    let code = arguments.code.trim();
    let Some(who) = erase::find(&mut tx, code).await? else {
        return Err(Failure::failed(format!("{code}: nobody was ever on the roster with this code")));
    };
    if who.removed_at.is_none() {
        return Err(Failure::failed(format!(
            "{code}: is on the roster; import a roster without this person first"
        )));
    }
    if !arguments.yes {
        writeln!(
            std::io::stdout(),
            "{code}: name, phone, account, binding, answers and every text that names this person would be erased; \
             figures and the audit stay, under the number {}. Nothing was changed: add --yes",
            who.id
        )?;
        return Ok(());
    }
    let texts = erase::erase(&mut tx, &context.sealer()?, &who).await?;
    let entry = NewEntry {
        actor: 0,
        account: 0,
        act: "privacy.erase".to_owned(),
        subject: format!("person:{}", who.id),
        detail: serde_json::json!({ "texts": texts }),
    };
    audit::append(&mut tx, &[entry], context.clock.now()).await?;
    tx.commit().await?;
    writeln!(std::io::stdout(), "erased; {texts} texts that named this person were changed")?;
    Ok(())
}
