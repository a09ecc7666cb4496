//! After a key was added: everything is sealed anew with it, little by little, and the old key goes when nothing needs
//! it any more (S13).

use std::collections::BTreeSet;

use chrono::TimeDelta;
use serde_json::json;

use crate::engine::Engine;
use crate::store::audit::{self, NewEntry};
use crate::store::rotation::{self, SEALED, Sealed};
use crate::store::{Error, Result};

/// Values sealed anew in one transaction, so that it holds up nobody.
const BATCH: usize = 500;
/// Batches in one round of housekeeping.
const BATCHES: usize = 60;
/// How long an old key is kept after the last value left it: another process may not have read the key file yet.
const KEPT: TimeDelta = TimeDelta::hours(1);

/// What a round did to one column or to all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Round {
    anew: usize,
    unopened: usize,
    /// Nothing is left but what cannot be opened.
    finished: bool,
}

/// One round. Does nothing, and costs nothing, while the key file holds one key.
///
/// # Errors
/// When the database cannot be reached.
pub(super) async fn step(engine: &Engine) -> Result<()> {
    if let Err(error) = engine.sealer.reload() {
        tracing::error!(%error, "the key file cannot be read again: the keys known so far stay");
        return Ok(());
    }
    let ids = engine.sealer.key_ids();
    let Some((current, old)) = ids.split_last().filter(|(_, old)| !old.is_empty()) else { return Ok(()) };
    let round = seal_all(engine, *current).await?;
    if round.unopened > 0 {
        tracing::error!(
            values = round.unopened,
            "sealed values cannot be opened with any key: old keys stay"
        );
    }
    let clean = round.finished && round.anew == 0 && round.unopened == 0;
    forget(engine, clean, old).await
}

async fn seal_all(engine: &Engine, current: u8) -> Result<Round> {
    let mut all = Round { finished: true, ..Round::default() };
    let mut left = BATCHES;
    for of in SEALED {
        let round = seal_column(engine, of, current, &mut left).await?;
        all.anew += round.anew;
        all.unopened += round.unopened;
        all.finished &= round.finished;
    }
    let mut tx = engine.db.begin().await?;
    rotation::keep_verified(&mut tx, &engine.sealer).await?;
    tx.commit().await?;
    if all.anew > 0 {
        tracing::info!(values = all.anew, key = current, "sealed anew");
    }
    Ok(all)
}

async fn seal_column(engine: &Engine, of: &Sealed, current: u8, left: &mut usize) -> Result<Round> {
    let mut round = Round::default();
    while *left > 0 {
        let mut tx = engine.db.read().await?;
        let old = rotation::not_sealed_with(&mut tx, of, current, (BATCH, round.unopened)).await?;
        drop(tx);
        if old.is_empty() {
            round.finished = true;
            break;
        }
        *left -= 1;
        let mut tx = engine.db.begin().await?;
        let unopened = rotation::seal_anew(&mut tx, &engine.sealer, of, &old).await?;
        tx.commit().await?;
        round.anew += old.len() - unopened;
        round.unopened += unopened;
    }
    Ok(round)
}

/// Drops old keys that nothing has needed for long enough.
async fn forget(engine: &Engine, clean: bool, old: &[u8]) -> Result<()> {
    let now = engine.now();
    let mut tx = engine.db.begin().await?;
    if !clean {
        rotation::note_unused(&mut tx, None).await?;
        return tx.commit().await;
    }
    let since = rotation::unused_since(&mut tx).await?;
    if since.is_none_or(|since| now.timestamp_millis() - since < KEPT.num_milliseconds()) {
        rotation::note_unused(&mut tx, Some(now.timestamp_millis())).await?;
        return tx.commit().await;
    }
    let entry = NewEntry {
        actor: 0,
        account: 0,
        act: "keys.drop".to_owned(),
        subject: "keys".to_owned(),
        detail: json!({ "ids": old }),
    };
    audit::append(&mut tx, &[entry], now).await?;
    rotation::note_unused(&mut tx, None).await?;
    let ids: BTreeSet<u8> = old.iter().copied().collect();
    engine.sealer.drop_keys(&ids).map_err(Error::from)?;
    tracing::info!(?ids, "old keys were dropped: nothing is sealed with them any more");
    tx.commit().await
}
