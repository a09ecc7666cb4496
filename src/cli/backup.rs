//! `backup`: a copy of the database at one moment.

use std::fmt::Display;
use std::io::ErrorKind;
use std::path::PathBuf;

use clap::Args;

use super::{Context, Failure, Outcome};

#[derive(Args)]
pub struct Arguments {
    /// The copy; it must not exist yet
    file: PathBuf,
}

/// Copies the database. The key that opens what is sealed in it is not in the copy. What waits in the copy to be sent is
/// held when it is run (R21).
pub async fn run(arguments: &Arguments, context: &Context) -> Outcome {
    let file = &arguments.file;
    if file.exists() {
        return Err(Failure::failed(format!("{}: exists already; name another file", file.display())));
    }
    // Under another name until it is whole: half a copy is none.
    let mut part = file.clone().into_os_string();
    part.push(".part");
    let part = PathBuf::from(part);
    let failed = |error: &dyn Display| Failure::failed(format!("{}: {error}", file.display()));
    match std::fs::remove_file(&part) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(failed(&error)),
        _ => {}
    }
    let db = context.database().await?;
    let copied = db.copy_to(&part, context.clock.now()).await;
    db.close().await;
    copied.map_err(|error| failed(&error))?;
    std::fs::rename(&part, file).map_err(|error| failed(&error))
}
