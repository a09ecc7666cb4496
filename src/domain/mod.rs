//! Decisions, without input or output.
pub mod roster;
