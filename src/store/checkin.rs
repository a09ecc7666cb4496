//! The check-in: days, who is expected on them, what they reported, and the figures of units.

pub mod asking;
pub mod confirm;
pub mod days;
pub mod expected;
pub mod follow;
pub mod reporters;
pub mod reports;
pub mod sessions;
pub mod sign;
pub mod silent;
pub mod units;
