//! A directive's way: composed, issued, relayed, acknowledged, carried out, changed, withdrawn.

mod acknowledge;
mod arrive;
mod audience;
mod carry_out;
mod change;
mod compose;
mod escalate;
mod issue;
mod lost;
mod moved;
mod moves;
mod phone;
mod relay;
mod remind;
mod second;
mod steps;

/// How a message shown for a leg in its group is found again.
pub(super) fn leg_slot(leg: i64) -> String {
    format!("leg:{leg}")
}

/// How a person's own card of a leg is found again.
pub(in crate::engine) fn own_slot(leg: i64, person: i64) -> String {
    format!("leg:{leg}:p:{person}")
}
