//! Ids are made by the program: growing ones for rows, random ones for what the outside sees.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};
use rand::RngExt;

static LAST: AtomicI64 = AtomicI64::new(0);

/// An id larger than every one this process gave before. Two processes differ by 21 random bits.
pub fn grow(now: DateTime<Utc>) -> i64 {
    reserve(now, 1)
}

/// The first of `count` consecutive ids.
pub fn reserve(now: DateTime<Utc>, count: i64) -> i64 {
    // 42 bits of milliseconds hold until the year 2109; 21 bits keep processes apart.
    let fresh = (now.timestamp_millis() << 21) | rand::rng().random_range(0..1 << 20);
    let step = |last: i64| Some(fresh.max(last + 1) + count - 1);
    let last = LAST.fetch_update(Ordering::Relaxed, Ordering::Relaxed, step);
    let last = last.unwrap_or_else(|last| last);
    fresh.max(last + 1)
}

/// An id nobody can guess: 62 random bits, the opaque part of a button.
pub fn random() -> i64 {
    rand::rng().random_range(1 << 56..i64::MAX >> 1)
}
