//! What the service does for itself: keys that are changed, rows that somebody deleted, a roster that moves people.

mod auditor;
mod keys;
mod nags;
mod roster;
