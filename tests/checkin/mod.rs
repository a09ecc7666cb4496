//! The daily check-in.

mod alert;
mod alert_acts;
mod day;
mod store;
