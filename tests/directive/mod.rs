//! Directives through four tiers (B1–B6), as the people of a school live them.

mod acknowledge;
mod carry_out;
mod chain;
mod change;
mod compose;
mod counts;
mod escalate;
mod forged;
mod gaps;
mod households;
mod odd;
mod order;
mod reach;
mod remind;
mod roles;
mod second;
mod words;
