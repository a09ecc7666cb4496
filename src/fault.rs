//! Crash points for tests: with `TIERLINE_CRASH_AT=name` or `name:n` in the environment the process aborts when it
//! passes that point for the nth time, as if the power had gone. Without the variable nothing happens. Names:
//! `after_inbox_commit`, `before_200`, `after_claim`, `after_request`, `after_answer`, `after_state_commit`.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

static PLAN: OnceLock<Option<(String, u64)>> = OnceLock::new();
static PASSED: AtomicU64 = AtomicU64::new(0);

/// The points that can be named.
pub const POINTS: [&str; 6] = [
    "after_inbox_commit",
    "before_200",
    "after_claim",
    "after_request",
    "after_answer",
    "after_state_commit",
];

fn plan(text: &str) -> Option<(String, u64)> {
    let (name, nth) = text.split_once(':').unwrap_or((text, "1"));
    let nth = nth.parse().ok().filter(|nth| *nth > 0)?;
    POINTS.contains(&name).then(|| (name.to_owned(), nth))
}

/// Aborts the process if it was asked to die at this passing of this point.
pub fn passing(point: &str) {
    let plan = PLAN.get_or_init(|| std::env::var("TIERLINE_CRASH_AT").ok().as_deref().and_then(plan));
    if let Some((name, nth)) = plan
        && name == point
        && PASSED.fetch_add(1, Ordering::SeqCst) + 1 == *nth
    {
        std::process::abort();
    }
}

#[cfg(test)]
mod tests {
    use super::plan;

    #[test]
    fn reads_a_point_and_how_often() {
        assert_eq!(plan("after_claim"), Some(("after_claim".to_owned(), 1)));
        assert_eq!(plan("before_200:7"), Some(("before_200".to_owned(), 7)));
        assert_eq!(plan("before_200:0"), None);
        assert_eq!(plan("elsewhere"), None);
    }
}
