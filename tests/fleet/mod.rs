//! Several bots of one service (P12), several processes (R19), an upgrade while it runs (R20), a clock that jumps (R12).

mod clock;
mod fails;
mod moves;
mod processes;
mod rate;
mod replica;
mod upgrade;

use crate::world::Plan;

/// The usual school with two bots: the first serves the school, the second the college `math`.
fn two_bots() -> Plan {
    Plan::four_tiers().bot("main", &["u"]).bot("math", &["math"])
}
