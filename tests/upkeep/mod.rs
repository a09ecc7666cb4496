//! What the service does for itself: keys that are changed, rows that somebody deleted, a copy that
//! was restored, a roster that moves people.

mod auditor;
mod held;
mod keys;
mod nags;
mod roster;
