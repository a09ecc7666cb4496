//! All SQL, one file per subject. `backend` holds everything that differs between SQLite and PostgreSQL.

pub mod admissions;
pub mod alerts;
pub mod audit;
pub mod auditor;
pub mod backend;
pub mod binding;
pub mod chat_codes;
pub mod chats;
pub mod checkin;
pub mod courier;
pub mod dialogues;
pub mod directives;
pub mod erase;
pub mod fleet;
pub mod held;
pub mod housekeeping;
pub mod ids;
pub mod inbox;
pub mod invites;
pub mod leases;
pub mod legs;
pub mod members;
pub mod messages;
pub mod moves;
pub mod nags;
pub mod nudges;
pub mod outbox;
pub mod outcome;
pub mod own;
pub mod people;

pub mod reach;
pub mod reading;
pub mod receipts;
pub mod replica;
pub mod report;
pub mod roster;
pub mod rotation;
pub mod seal;
pub mod timers;

pub use backend::{Db, Error, Result, Row, Tx, Value};
