//! What the sandbox does, asked over real HTTP and through its handle.
#![allow(clippy::unwrap_used)]

mod bulk;
mod calls;
mod faults;
mod groups;
mod limits;
mod page;
mod page_search;
mod polling;
mod private;
mod sights;
mod teloxide;
mod webhook;
mod world;
