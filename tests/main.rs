//! The stories: one binary, one file per subject.
#![allow(dead_code, clippy::unwrap_used)]

mod browser;
mod cli;
mod delivery;
mod demo;
mod operations;
#[macro_use]
mod world;
mod binding;
mod checkin;
mod directive;
mod fleet;
mod privacy;
mod reading;
mod roster;
mod shell;
mod upkeep;
mod voice;
