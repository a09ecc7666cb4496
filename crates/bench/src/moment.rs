//! The machine's own time: what is measured here is the machine.
#![allow(clippy::disallowed_methods)]

use std::time::{Instant, SystemTime};

use chrono::{DateTime, Utc};

/// The moment it is, to measure from.
pub fn now() -> Instant {
    Instant::now()
}

/// The moment it is, as another process on this machine counts it, in milliseconds.
pub fn wall_ms() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// The date and time it is.
pub fn wall() -> DateTime<Utc> {
    Utc::now()
}
