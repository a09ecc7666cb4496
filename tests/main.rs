//! The stories: one binary, one file per subject.
#![allow(dead_code, clippy::unwrap_used)]

mod cli;
mod delivery;
#[macro_use]
mod world;
mod reading;
mod binding;
mod roster;
mod shell;
mod voice;
