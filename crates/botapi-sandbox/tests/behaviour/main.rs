//! What the sandbox does, asked over real HTTP and through its handle.
#![allow(clippy::unwrap_used)]

mod calls;
mod groups;
mod polling;
mod private;
mod world;
