//! The roster changes in the middle of a day: who is expected, and where, follows, until the day is signed.

use super::{days, expected, units};
use crate::args;
use crate::store::{Result, Tx};

/// Whoever has a student or staff row, where they are counted: the same as when a day opens.
macro_rules! with_duty {
    ($rest:literal) => {
        concat!(
            "WITH duty AS (SELECT r.person, COALESCE(MIN(CASE WHEN r.role = 'student' THEN r.unit END), MIN(r.unit)) AS unit \
                 FROM roles r JOIN people p ON p.id = r.person AND p.removed_at IS NULL \
                 JOIN units u ON u.id = r.unit AND u.removed_at IS NULL \
                 WHERE r.role IN ('student', 'staff') GROUP BY r.person) ",
            $rest
        )
    };
}

/// Has the newest day follow the roster, unless it is signed: joiners are expected from now on; leavers are not any more,
/// unless they have reported; whoever has not reported is counted where they are now; a unit that moved is summed where it
/// is now. Who has reported stays where they were counted.
///
/// # Errors
/// When the database refuses.
pub async fn roster_changed(tx: &mut Tx) -> Result<()> {
    let Some(day) = days::newest(tx).await? else { return Ok(()) };
    if days::state(tx, day).await?.is_none_or(|state| state.signed_at.is_some()) {
        return Ok(());
    }
    tx.execute(
        with_duty!(
            "DELETE FROM person_days WHERE day = $1 AND state <> 'reported' AND person NOT IN (SELECT person FROM duty)"
        ),
        args![day],
    )
    .await?;
    tx.execute(
        with_duty!(
            "UPDATE person_days SET unit = (SELECT x.unit FROM duty x WHERE x.person = person_days.person) \
             WHERE day = $1 AND state <> 'reported' \
               AND unit <> (SELECT x.unit FROM duty x WHERE x.person = person_days.person)"
        ),
        args![day],
    )
    .await?;
    expected::everyone(tx, day).await?;
    tx.execute(
        "DELETE FROM unit_days WHERE day = $1 AND unit IN (SELECT id FROM units WHERE removed_at IS NOT NULL) \
           AND NOT EXISTS (SELECT 1 FROM person_days d WHERE d.day = $1 AND d.unit = unit_days.unit)",
        args![day],
    )
    .await?;
    units::everywhere(tx, day).await?;
    tx.execute(
        "UPDATE unit_days SET path = u.path, tier = u.tier FROM units u \
         WHERE unit_days.day = $1 AND u.id = unit_days.unit AND (u.path <> unit_days.path OR u.tier <> unit_days.tier)",
        args![day],
    )
    .await?;
    units::count_all(tx, day).await
}
