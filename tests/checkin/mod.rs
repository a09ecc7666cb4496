//! The daily check-in.

mod alert;
mod alert_acts;
mod alert_form;
mod asked;
mod confirm;
mod day;
mod digest;
mod figures;
mod form;
mod form_order;
mod form_places;
mod form_typed;
mod hours;
mod moves;
mod reach;
mod replay;
mod report;
mod settle;
mod sign;
mod status;
mod store;
mod supplement;
mod upward;
