//! Leases: which of several processes does a thing that only one may do. Whether a lease still lives is judged by
//! watching whether its `until` moves, on the watcher's own monotonic clock: a machine whose wall clock jumps
//! neither loses a lease nor takes one (R12).

use super::{Result, Tx};
use crate::args;

/// A lease as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Who holds it.
    pub owner: String,
    /// Grows with every renewal; nothing else is read from it.
    pub until: i64,
}

/// Who holds a lease, if anybody ever did.
///
/// # Errors
/// When the database refuses.
pub async fn look(tx: &mut Tx, name: &str) -> Result<Option<Standing>> {
    tx.maybe("SELECT owner, until FROM leases WHERE name = $1", args![name], |row| {
        Ok(Standing { owner: row.get("owner")?, until: row.get("until")? })
    })
    .await
}

/// Takes or renews a lease that stands as `seen`; `None` when somebody else was faster.
///
/// # Errors
/// When the database refuses.
pub async fn take(
    tx: &mut Tx,
    name: &str,
    owner: &str,
    seen: Option<&Standing>,
    until: i64,
) -> Result<Option<i64>> {
    let until = seen.map_or(until, |seen| until.max(seen.until + 1));
    let taken = match seen {
        None => {
            tx.execute(
                "INSERT INTO leases (name, owner, until) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING",
                args![name, owner, until],
            )
            .await?
        }
        Some(seen) => {
            tx.execute(
                "UPDATE leases SET owner = $2, until = $3 WHERE name = $1 AND owner = $4 AND until = $5",
                args![name, owner, until, &seen.owner, seen.until],
            )
            .await?
        }
    };
    Ok((taken == 1).then_some(until))
}

/// Whether `owner` holds the lease; nobody can take it over before this transaction ends.
///
/// # Errors
/// When the database refuses.
pub async fn holds(tx: &mut Tx, name: &str, owner: &str) -> Result<bool> {
    let sql = "UPDATE leases SET owner = owner WHERE name = $1 AND owner = $2";
    Ok(tx.execute(sql, args![name, owner]).await? == 1)
}

/// Gives a lease back, so that the next process need not wait.
///
/// # Errors
/// When the database refuses.
pub async fn release(tx: &mut Tx, name: &str, owner: &str) -> Result<()> {
    tx.execute("DELETE FROM leases WHERE name = $1 AND owner = $2", args![name, owner]).await.map(drop)
}
