//! Pure rules: state in, decision out. No clock, no database, no network, no words.

pub mod alert;
pub mod authority;
pub mod calendar;
pub mod callback;
pub mod checkin;
pub mod directive;
pub mod due;
pub mod escalation;
pub mod figures;
pub mod fleet;
pub mod form;
pub mod gone;
pub mod guessing;
pub mod incoming;
pub mod message;
pub mod outgoing;
pub mod person;
pub mod phone;
pub mod policy;
pub mod receipt;
pub mod report;
pub mod roster;
pub mod split;
