//! `backup`: a copy of the database at one moment.

use std::path::PathBuf;

use clap::Args;

use super::{Context, Failure, Outcome};

#[derive(Args)]
pub struct Arguments {
    /// The copy; it must not exist yet
    file: PathBuf,
}

/// Copies the database. The key that opens what is sealed in it is not in the copy.
pub async fn run(arguments: &Arguments, context: &Context) -> Outcome {
    let file = &arguments.file;
    if file.exists() {
        return Err(Failure::failed(format!("{}: exists already; name another file", file.display())));
    }
    let db = context.database().await?;
    let copied = db.copy_to(file).await;
    db.close().await;
    copied.map_err(|error| Failure::failed(format!("{}: {error}", file.display())))
}
