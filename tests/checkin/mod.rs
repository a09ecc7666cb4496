//! The daily check-in.

mod alert;
mod alert_acts;
mod confirm;
mod day;
mod figures;
mod sign;
mod status;
mod form;
mod form_typed;
mod store;
