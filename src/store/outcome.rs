//! What sending told about accounts: who can be reached.

use super::{Result, Tx};
use crate::args;
use crate::domain::gone::GoneKind;
use crate::domain::message::Time;

/// An account cannot be written to until it returns by `/start` or by unblocking (R15).
///
/// # Errors
/// When the database refuses.
pub async fn account_gone(tx: &mut Tx, bot: i64, account: i64, kind: GoneKind, now: Time) -> Result<()> {
    let (blocked, deleted) = match kind {
        GoneKind::Blocked => (Some(now), false),
        GoneKind::Deactivated => (Some(now), true),
        _ => (None, false),
    };
    tx.execute(
        "INSERT INTO accounts (account, bot, blocked_at, gone) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (account) DO UPDATE SET blocked_at = COALESCE(accounts.blocked_at, excluded.blocked_at), \
            gone = CASE WHEN excluded.gone = 1 THEN 1 ELSE accounts.gone END, \
            started_at = CASE WHEN excluded.blocked_at IS NULL THEN NULL ELSE accounts.started_at END",
        args![account, bot, blocked, deleted],
    )
    .await
    .map(drop)
}
