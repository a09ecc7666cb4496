//! The daily check-in.

mod store;
