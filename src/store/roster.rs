//! The whole roster in and out, and the accounts it binds (A1–A5).
//!
//! Ids are stable: a code keeps its id for ever, also when it is removed and comes back.

mod bind;
mod load;
mod write;

use std::collections::HashMap;

use serde_json::json;

use super::audit::{self, NewEntry};
use super::checkin;
use super::seal::Sealer;
use super::timers::{self, NewTimer};
use super::{Result, Tx};
use crate::args;
use crate::domain::message::Time;
use crate::domain::roster::{Changes, Counts, Roster, diff};

pub use bind::Clash;
pub use load::{load, load_with_accounts, units};

/// The kind of the timer with which running directives follow a changed roster.
pub const CHANGED: &str = "roster";

/// Through which bot the people of a unit are reached.
pub type BotOf<'a> = &'a (dyn Fn(&str) -> i64 + Sync);

/// What came of replacing the roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was replaced; this is what changed.
    Replaced(Changes),
    /// Accounts would serve two people with a common role; nothing was changed.
    Clashes(Vec<Clash>),
}

/// Puts this roster into the place of the one that is kept; all or nothing, an unchanged one writes nothing.
///
/// People who are no longer in it are marked as removed, lose roles, phone, binding and open invitations, and
/// keep their id. A `telegram_id` that is new or differs from the one imported last binds at once and ends
/// an older binding of that person; an empty one never unbinds.
///
/// # Errors
/// When the database refuses or the key does not fit.
pub async fn replace(
    tx: &mut Tx,
    sealer: &Sealer,
    roster: &Roster,
    bot_of: BotOf<'_>,
    now: Time,
) -> Result<Outcome> {
    wait_for_turn(tx).await?;
    // A large roster is compared and sealed between two statements.
    tx.take_time().await?;
    let mut old = load(tx, sealer).await?;
    let binding = match bind::plan(tx, &old, roster).await? {
        Ok(binding) => binding,
        Err(clashes) => return Ok(Outcome::Clashes(clashes)),
    };
    binding.already_bound(&mut old, roster);
    let changes = diff(&old, roster);
    binding.note_known(tx, roster).await?;
    if !changes.is_empty() {
        let ids = write::Ids::reserve(tx, roster, now).await?;
        write::units(tx, roster, &changes.units, &ids, now).await?;
        write::people(tx, sealer, roster, &changes.people, &ids, now).await?;
        binding.carry_out(tx, roster, &ids, bot_of, now).await?;
        checkin::follow::roster_changed(tx).await?;
        audit::append(tx, &[entry(&changes)], now).await?;
        let version = now.timestamp_millis();
        let follow = NewTimer { kind: CHANGED, subject: 0, version, step: 0, due_at: now };
        timers::set(tx, &[follow], now).await?;
    }
    Ok(Outcome::Replaced(changes))
}

/// Two imports at once wait for one another; SQLite has one writer anyway.
async fn wait_for_turn(tx: &mut Tx) -> Result<()> {
    tx.execute(
        "INSERT INTO settings (name, value) VALUES ('roster:import', '') \
         ON CONFLICT (name) DO UPDATE SET value = settings.value",
        args![],
    )
    .await
    .map(drop)
}

fn entry(changes: &Changes) -> NewEntry {
    let counts = |counts: &Counts| json!({"added": counts.added.len(), "changed": counts.changed.len(), "removed": counts.removed.len()});
    NewEntry {
        actor: 0,
        account: 0,
        act: "roster.import".to_owned(),
        subject: "roster".to_owned(),
        detail: json!({"units": counts(&changes.units), "people": counts(&changes.people)}),
    }
}

/// The id of each code of a table, removed ones among them.
async fn ids_by_code(tx: &mut Tx, sql: &'static str) -> Result<HashMap<String, i64>> {
    let rows = tx.all(sql, args![], |row| Ok((row.get("code")?, row.get("id")?))).await?;
    Ok(rows.into_iter().collect())
}
