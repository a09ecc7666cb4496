//! Who is in the chats, against the roster (A3, A4).

mod contacts;
mod report;
mod states;

use super::Work;

/// The timer after which a chat that nobody bound is left.
pub(super) const LEAVE: &str = "leave_chat";
/// The timer that tells of newcomers who are not on the roster.
pub(super) const STRANGERS: &str = "strangers";

/// Which of `pages` is shown: the one asked for, or the nearest there is.
fn page_of(asked: Option<i64>, pages: usize) -> usize {
    let asked = asked.and_then(|page| usize::try_from(page).ok()).unwrap_or(0);
    asked.min(pages.saturating_sub(1))
}
