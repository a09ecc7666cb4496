//! `/track`: one directive, tier by tier, as far as the reader may see it (S8).

use std::collections::BTreeMap;

use super::names::{Readable, Where};
use super::way::{self, Top};
use super::{outermost, page_of, read_units};
use crate::domain::authority::{Act, grant};
use crate::domain::directive::{Directive, LegState, State};
use crate::domain::message::{Counted, DirectiveLine, Message, Number, Refusal, Track};
use crate::domain::person::Actor;
use crate::domain::split::title;
use crate::engine::Work;
use crate::engine::work::Manner;
use crate::store::reading::{self, WayLeg};
use crate::store::{Result, directives, legs, people};

/// How many directives and units stand on a page.
const ROWS: usize = 8;
/// How many names stand on a page.
const NAMES: usize = 60;
/// Older directives are found by their number.
const MOST: usize = 200;

impl Work<'_> {
    /// `/track [N]`.
    pub(in crate::engine) async fn track(&mut self, actor: &Actor, rest: &str) -> Result<()> {
        if rest.is_empty() {
            return self.track_newest(actor).await;
        }
        let year = self.settings().calendar.date(self.now);
        let Some(number) = parse_number(rest, chrono::Datelike::year(&year)) else {
            self.refuse(actor, Refusal::NotUnderstood, "track");
            return Ok(());
        };
        let found = reading::by_number(&mut self.tx, number).await?;
        let shown = match found {
            Some(directive) => self.track_page(actor, directive, 0, 0).await?.map(|shown| (directive, shown)),
            None => None,
        };
        match shown {
            Some((directive, shown)) => self.say_track(actor, directive, shown),
            None => self.refuse(actor, Refusal::NoSuchDirective, "track"),
        }
        Ok(())
    }

    /// Says a view in a message that obeys its reader only.
    pub(super) fn say_track(&mut self, actor: &Actor, directive: i64, shown: Message) {
        let to = self.private(actor);
        let manner = Manner::answer().about(format!("track:{directive}"), "track", directive);
        self.say(to, manner.owned_by(actor.first().id), shown);
    }

    async fn track_newest(&mut self, actor: &Actor) -> Result<()> {
        let visible = self.visible(actor).await?;
        match visible.as_slice() {
            [] if read_units(actor).is_empty() => self.refuse(actor, Refusal::NoRight, "track"),
            [one] => {
                if let Some(shown) = self.track_page(actor, *one, 0, 0).await? {
                    self.say_track(actor, *one, shown);
                }
            }
            _ => {
                if let Some(list) = self.track_list(actor, 0).await? {
                    self.say_track(actor, 0, list);
                }
            }
        }
        Ok(())
    }

    async fn visible(&mut self, actor: &Actor) -> Result<Vec<i64>> {
        let units = outermost(&read_units(actor));
        reading::visible(&mut self.tx, &actor.ids(), &units, MOST).await
    }

    /// The newest directives this actor may see.
    pub(super) async fn track_list(&mut self, actor: &Actor, page: usize) -> Result<Option<Message>> {
        let visible = self.visible(actor).await?;
        let (ids, page, pages) = page_of(&visible, page, ROWS);
        let units = outermost(&read_units(actor));
        let lines = reading::lines(&mut self.tx, ids, &actor.ids(), &units).await?;
        let lines = lines.into_iter().map(|line| DirectiveLine {
            directive: line.directive,
            number: line.number,
            title: title(&line.head),
            urgent: line.urgent,
            withdrawn: line.withdrawn,
            acked: line.acked,
            must: line.must,
        });
        Ok(Some(Message::TrackList { lines: lines.collect(), page, pages }))
    }

    /// The view of one leg; `None` when there is no such leg, or not for this actor.
    pub(super) async fn track_leg(&mut self, actor: &Actor, leg: i64) -> Result<Option<Message>> {
        match legs::get(&mut self.tx, leg).await? {
            Some(found) => self.track_page(actor, found.directive, leg, 0).await,
            None => Ok(None),
        }
    }

    /// A page of a directive, or of one of its legs; `None` when there is none, or not for this actor.
    pub(super) async fn track_page(
        &mut self,
        actor: &Actor,
        directive: i64,
        leg: i64,
        page: usize,
    ) -> Result<Option<Message>> {
        let found = directives::get(&mut self.tx, directive).await?;
        let Some(directive) = found.filter(|d| matches!(d.state, State::Sent | State::Withdrawn)) else {
            return Ok(None);
        };
        let mut visible = reading::way(&mut self.tx, directive.id).await?;
        if !actor.is(directive.issuer) {
            visible.retain(|leg| grant(actor, Act::ReadFigures, &leg.unit).is_some());
        }
        if visible.is_empty() {
            return Ok(None);
        }
        let top = if leg == 0 {
            way::top(&visible)
        } else {
            let Some(one) = visible.iter().find(|one| one.id == leg).cloned() else { return Ok(None) };
            visible = way::below(&visible, leg);
            Top::Leg(Box::new(one))
        };
        let track = self.build(actor, &directive, visible, top, (leg, page)).await?;
        Ok(Some(Message::Track(Box::new(track))))
    }

    async fn build(
        &mut self,
        actor: &Actor,
        directive: &Directive,
        visible: Vec<WayLeg>,
        top: Top,
        (leg, page): (i64, usize),
    ) -> Result<Track> {
        let heard = reading::heard(&mut self.tx, directive.id, directive.revision).await?;
        let rows = way::rows(&visible, &top);
        let named = self.nameable(actor, directive, &top).await?;
        let pages = rows.len().div_ceil(ROWS).max(named.div_ceil(NAMES)).max(1);
        let page = page.min(pages - 1);
        let shown: Vec<WayLeg> = rows.into_iter().skip(page * ROWS).take(ROWS).collect();
        let relayers = self.relayers(&shown).await?;
        let missing = match &top {
            Top::Leg(one) if named > 0 => {
                self.missing_names(actor, place(directive, one), (NAMES, page * NAMES)).await?
            }
            _ => Vec::new(),
        };
        let (now, remind) = (self.now, remindable(actor, directive, &top, &shown));
        let name = |leg: &WayLeg| leg.relayed_by.and_then(|person| relayers.get(&person).cloned());
        Ok(Track {
            directive: directive.id,
            leg,
            number: directive.number,
            title: title(&directive.text),
            unit: match top {
                Top::Leg(one) if leg != 0 || one.parent.is_some() => Some(one.unit.name),
                _ => None,
            },
            issued_at: directive.issued_at.unwrap_or(now),
            revision: u32::try_from(directive.revision).unwrap_or(1),
            withdrawn: directive.state == State::Withdrawn,
            tiers: way::tiers(directive, &visible, &heard),
            rows: shown.iter().map(|leg| way::row(directive, leg, name(leg), now)).collect(),
            missing,
            page,
            pages,
            own: self.owns(actor, directive).await?,
            remind,
        })
    }

    /// How many names of the missing may follow; none while nothing has arrived.
    async fn nameable(&mut self, actor: &Actor, directive: &Directive, top: &Top) -> Result<usize> {
        let Top::Leg(leg) = top else { return Ok(0) };
        let missing = usize::try_from(leg.must.saturating_sub(leg.acked)).unwrap_or(0);
        if leg.state != LegState::Arrived || missing == 0 {
            return Ok(0);
        }
        let readable = self.readable(actor, place(directive, leg)).await?;
        Ok(if readable == Readable::None { 0 } else { missing })
    }

    async fn relayers(&mut self, rows: &[WayLeg]) -> Result<BTreeMap<i64, String>> {
        let ids: Vec<i64> = rows.iter().filter_map(|leg| leg.relayed_by).collect();
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        people::names(&mut self.tx, &ids).await
    }

    /// Whether this actor may change and withdraw it: who may issue where it was issued.
    async fn owns(&mut self, actor: &Actor, directive: &Directive) -> Result<bool> {
        let origin = people::unit_known(&mut self.tx, directive.origin).await?;
        Ok(grant(actor, Act::Issue, &origin).is_some())
    }
}

/// The leg looked at, or one of several, if something is missing there and this actor may remind its unit.
fn remindable(actor: &Actor, directive: &Directive, top: &Top, rows: &[WayLeg]) -> Option<i64> {
    let shown = match top {
        Top::Leg(one) => std::slice::from_ref(&**one),
        Top::Several => rows,
    };
    let open = |leg: &&WayLeg| leg.state == LegState::Arrived && leg.acked < leg.must;
    let may = |leg: &&WayLeg| grant(actor, Act::Remind, &leg.unit).is_some();
    let leg = shown.iter().filter(open).find(may)?;
    (directive.state == State::Sent).then_some(leg.id)
}

fn place<'l>(directive: &Directive, leg: &'l WayLeg) -> Where<'l> {
    Where {
        leg: leg.id,
        revision: directive.revision,
        tier: leg.tier,
        unit: &leg.unit,
        units: matches!(directive.counted(leg.tier), Counted::Colleges | Counted::Classes),
    }
}

/// A directive's number as people write it: `12` (of this year), `12/2025`, `2025-12`, `2026年第12号`.
fn parse_number(text: &str, this_year: i32) -> Option<Number> {
    let half = text.chars().map(|c| match c {
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c),
        other => other,
    });
    let half: String = half.collect();
    let strange = |c: char| !(c.is_ascii_digit() || " #/-年第号.".contains(c) || c.is_ascii_alphabetic());
    if half.contains(strange) {
        return None;
    }
    let digits: Vec<i64> = half
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map(str::parse)
        .collect::<Result<_, _>>()
        .ok()?;
    let (number, year) = match digits.as_slice() {
        [number] => (*number, i64::from(this_year)),
        [year, number] if half.contains('年') || (*year >= 1000 && *number < 1000) => (*number, *year),
        [number, year] => (*number, *year),
        _ => return None,
    };
    Some(Number { year: i32::try_from(year).ok()?, number }).filter(|number| number.number > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let read = |text| parse_number(text, 2026).map(|number| (number.number, number.year));
        for text in ["12", " 12 ", "#12", "第12号", "No. 12", "2026年第12号", "12/2026", "2026-12", "１２"]
        {
            assert_eq!(read(text), Some((12, 2026)), "{text}");
        }
        assert_eq!(read("3/2025"), Some((3, 2025)));
        assert_eq!(read("2025年第1200号"), Some((1200, 2025)));
        for text in ["", "abc", "0", "1/2/3", "99999999999999999999", "返校", "12; DROP"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
