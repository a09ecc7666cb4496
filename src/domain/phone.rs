//! Whether two spellings are one phone number. The roster's are as typed, Telegram's have the country's
//! prefix without a plus.

use super::roster::phone_digits;

/// A shorter number says too little to be compared without its prefix.
const LEAST: usize = 7;
/// The longest country prefix.
const PREFIX: usize = 3;

/// Whether a shared contact's number is the roster's; a country's prefix may be missing on either side.
pub fn same_phone(roster: &str, shared: &str) -> bool {
    let (ours, theirs) = (phone_digits(roster), phone_digits(shared));
    ours.len() >= LEAST && (ours == theirs || is_national(&ours, &theirs) || is_national(&theirs, &ours))
}

/// Whether `short` is `long` without its country prefix (and possibly with a trunk zero).
fn is_national(short: &str, long: &str) -> bool {
    let core = short.strip_prefix('0').unwrap_or(short);
    let prefix = long.strip_suffix(core).map(str::len);
    core.len() >= LEAST && prefix.is_some_and(|prefix| (1..=PREFIX).contains(&prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_and_spaces_do_not_matter() {
        assert!(same_phone("138 0000 0000", "8613800000000"));
        assert!(same_phone("+86 13800000000", "13800000000"));
        assert!(same_phone("0151 2345678", "491512345678"));
        assert!(same_phone("+49 151 2345678", "491512345678"));
    }

    #[test]
    fn other_numbers_are_other_numbers() {
        assert!(!same_phone("13800000000", "8613800000001"));
        assert!(!same_phone("", ""));
        assert!(!same_phone("110", "86110"));
        assert!(!same_phone("3800000000", "12343800000000"));
    }
}
