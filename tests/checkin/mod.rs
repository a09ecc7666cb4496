//! The daily check-in.

mod day;
mod store;
