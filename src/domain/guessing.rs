//! Guessing of codes and links is slowed down: five wrong tries are free, then every wrong one doubles the
//! wait (S7).

use chrono::TimeDelta;

use super::message::Time;

/// Wrong tries that cost nothing.
pub const FREE: u32 = 5;

/// The longest wait.
const LONGEST: TimeDelta = TimeDelta::hours(24);

/// Until when nothing is tried after `failed` wrong tries, the last of them at `last`; `None`: no wait.
pub fn blocked_until(failed: u32, last: Time) -> Option<Time> {
    let over = failed.checked_sub(FREE)?;
    let minutes = 1_i64.checked_shl(over.min(20)).unwrap_or(i64::MAX);
    Some(last + TimeDelta::minutes(minutes).min(LONGEST))
}

/// Whole minutes to be told, at least one.
pub fn minutes_left(until: Time, now: Time) -> u32 {
    let seconds = (until - now).num_seconds().max(1);
    u32::try_from((seconds + 59) / 60).unwrap_or(u32::MAX)
}

/// Whether wrong tries are so long ago that they count no more.
pub fn forgotten(last: Time, now: Time) -> bool {
    now - last >= LONGEST * 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_after_five() {
        let last = Time::UNIX_EPOCH;
        let wait = |failed| blocked_until(failed, last).map(|until| (until - last).num_minutes());
        assert_eq!(wait(4), None);
        assert_eq!([5, 6, 9, 40].map(wait), [Some(1), Some(2), Some(16), Some(24 * 60)]);
        assert_eq!(wait(u32::MAX), Some(24 * 60));
    }

    #[test]
    fn a_rest_of_a_minute_is_a_minute() {
        let now = Time::UNIX_EPOCH;
        assert_eq!(minutes_left(now + TimeDelta::seconds(61), now), 2);
        assert_eq!(minutes_left(now + TimeDelta::seconds(60), now), 1);
        assert_eq!(minutes_left(now, now), 1);
    }
}
