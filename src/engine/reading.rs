//! `/track`, `/pending`, `/status`, `/today`, `/remind`: what is read, and the press that reads on.

mod due;
mod names;
mod pending;
mod remind;
mod status;
mod today;
mod track;
mod way;

use super::Work;
use super::press::Press;
use crate::domain::authority::{self, Act};
use crate::domain::message::{Class, Message, Toast, Verb};
use crate::domain::person::{Actor, UnitRef};
use crate::store::Result;

impl Work<'_> {
    /// `open` and `page` of the lists of this folder; the right is looked up again.
    pub(super) async fn press_open(&mut self, press: &Press<'_>) -> Result<Toast> {
        let Some(arg) = press.arg else { return Ok(Toast::Outdated) };
        let page = usize::try_from(arg).ok().filter(|_| press.verb == Verb::Page);
        let next = match (&press.shown.letter.message, page) {
            (Message::Track(track), Some(page)) => {
                self.track_page(press.actor, track.directive, track.leg, page).await?
            }
            (Message::Track(track), None) if arg == track.directive => {
                self.track_page(press.actor, arg, 0, 0).await?
            }
            (Message::Track(_) | Message::Pending { .. }, None) => self.track_leg(press.actor, arg).await?,
            (Message::Status(_), None) => self.open_status(press.actor, arg).await?,
            (Message::TrackList { .. }, Some(page)) => self.track_list(press.actor, page).await?,
            (Message::TrackList { .. }, None) => self.track_page(press.actor, arg, 0, 0).await?,
            (Message::Pending { .. }, Some(page)) => {
                let tier = usize::try_from(press.shown.subject).unwrap_or_default();
                self.pending_page(press.actor, tier, page).await?
            }
            (Message::Sent(_), None) => return self.open_anew(press, arg).await,
            _ => return Ok(Toast::Outdated),
        };
        let Some(next) = next else { return Ok(Toast::Outdated) };
        self.show(press.shown, Class::Answer, next);
        Ok(Toast::Quiet)
    }

    /// The report to the sender stays as it is; what is opened from it is a message of its own.
    async fn open_anew(&mut self, press: &Press<'_>, directive: i64) -> Result<Toast> {
        let Some(track) = self.track_page(press.actor, directive, 0, 0).await? else {
            return Ok(Toast::Outdated);
        };
        self.say_track(press.actor, directive, track);
        Ok(Toast::Quiet)
    }
}

/// The units whose figures this actor reads by a post of their own, the highest tier first.
fn read_units(actor: &Actor) -> Vec<UnitRef> {
    let mut units: Vec<UnitRef> = actor
        .posts
        .iter()
        .filter(|post| authority::grant(actor, Act::ReadFigures, &post.unit).is_some())
        .map(|post| post.unit.clone())
        .collect();
    units.sort_by(|one, other| (one.tier, &one.code).cmp(&(other.tier, &other.code)));
    units.dedup_by_key(|unit| unit.id);
    units
}

/// Those of these units whose missing this actor may remind.
fn remindable(actor: &Actor, units: &[UnitRef]) -> Vec<UnitRef> {
    let may = |unit: &&UnitRef| authority::grant(actor, Act::Remind, unit).is_some();
    units.iter().filter(may).cloned().collect()
}

/// The same without units that lie within another of them.
fn outermost(units: &[UnitRef]) -> Vec<UnitRef> {
    let inside = |unit: &UnitRef| units.iter().any(|other| other.id != unit.id && unit.within(other));
    units.iter().filter(|unit| !inside(unit)).cloned().collect()
}

/// One page of a list, the page that it really is, and how many there are (at least one).
fn page_of<T>(all: &[T], page: usize, size: usize) -> (&[T], usize, usize) {
    let pages = all.len().div_ceil(size).max(1);
    let page = page.min(pages - 1);
    let end = all.len().min((page + 1) * size);
    (&all[page * size..end], page, pages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_hold_everything_once_and_end_at_the_last() {
        let all: Vec<usize> = (0..17).collect();
        let (first, _, pages) = page_of(&all, 0, 8);
        assert_eq!((first.len(), pages), (8, 3));
        assert_eq!(page_of(&all, 2, 8).0, [16]);
        assert_eq!(page_of(&all, 99, 8), (&all[16..], 2, 3));
        assert_eq!(page_of(&[] as &[usize], 3, 8), (&[] as &[usize], 0, 1));
    }
}
