//! `run`: serves until SIGTERM or SIGINT, then finishes what is in hand.

use std::fs::File;
use std::future::Future;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::{Context, Failure, Outcome, prepare_folder};
use crate::app::{App, BuildError, fresh_owner};
use crate::domain::message::Time;
use crate::loops::lease::{lock, lock_path};
use crate::store::{Db, held, rotation};

/// How often who stands by looks whether the other has ended.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// Serves.
pub async fn run(context: Context) -> Outcome {
    // Before anything else: a signal that comes while the database is opened stops politely, too.
    let (mut terminated, mut interrupted) =
        (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let stopped = async {
        tokio::select! {
            _ = terminated.recv() => {}
            _ = interrupted.recv() => {}
        }
    };
    let Turn::Serve(_alone) = wait_for_turn(&context, stopped).await? else { return Ok(()) };
    let (db, sealer) = (context.database().await?, context.sealer()?);
    let sample = rotation::sample(&mut db.read().await?, &sealer).await?;
    if sample.opened == 0 && sample.failed > 0 {
        let file = context.config.privacy.key_file.display();
        return Err(Failure::failed(format!(
            "{file}: this key file opens nothing that is sealed in the database: put back the one that belongs to it"
        )));
    }
    hold_restored(&db, context.clock.now()).await?;
    let mut app = App::build(context.config, db, sealer, context.clock, fresh_owner()).map_err(failure)?;
    let address = app.listen().await.map_err(failure)?;
    tracing::info!(%address, bots = app.bots.len(), "serving");
    let (stop, stopped) = watch::channel(false);
    let signals = async move {
        tokio::select! {
            _ = terminated.recv() => {}
            _ = interrupted.recv() => {}
        }
        tracing::info!("stopping: what is in hand is finished");
        // Nobody waits any more when the app has already ended.
        let _ = stop.send(true);
        // The channel lives as long as the app: its end would mean stop.
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = app.run(stopped) => {}
        () = signals => {}
    }
    tracing::info!("stopped");
    Ok(())
}

/// What waited in a restored copy may have been sent since: the operator decides (R21).
async fn hold_restored(db: &Db, now: Time) -> Outcome {
    let mut tx = db.begin().await?;
    let copied_at = held::hold_copy(&mut tx, now).await?;
    let held = held::count(&mut tx).await?;
    tx.commit().await?;
    if let Some(copied_at) = copied_at {
        tracing::warn!(%copied_at, held, "this database is a restored copy: what waited in it to be sent is held");
    }
    if held > 0 {
        tracing::warn!(
            held,
            "messages are held: see `tierline outbox list`; `tierline outbox release` sends them marked as repeats, \
             `tierline outbox drop` forgets them"
        );
    }
    Ok(())
}

/// Whether to serve now.
enum Turn {
    /// It is this process's turn; on SQLite as long as the lock is held.
    Serve(Option<File>),
    /// It was stopped before.
    Stop,
}

/// Several processes serve one PostgreSQL; an SQLite file is served by one, and another stands by until that one ends.
async fn wait_for_turn(context: &Context, stopped: impl Future<Output = ()>) -> Result<Turn, Failure> {
    let url = context.config.database.url.reveal();
    prepare_folder(url)?;
    let Some(path) = lock_path(url, "run", 0) else { return Ok(Turn::Serve(None)) };
    if let Some(held) = lock(&path)? {
        return Ok(Turn::Serve(Some(held)));
    }
    tracing::warn!(
        lock = %path.display(),
        "another tierline serves this SQLite database: standing by until it ends (several at once need PostgreSQL)"
    );
    let turn = async {
        loop {
            context.clock.sleep(LOOK_AGAIN).await;
            if let Some(held) = lock(&path)? {
                tracing::info!("the other process ended: this one serves");
                return Ok(Turn::Serve(Some(held)));
            }
        }
    };
    tokio::select! {
        turn = turn => turn,
        () = stopped => Ok(Turn::Stop),
    }
}

fn failure(error: BuildError) -> Failure {
    match error {
        BuildError::Listen { .. } => Failure::failed(error),
        _ => Failure::wrong_usage(error),
    }
}
