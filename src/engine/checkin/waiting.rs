//! Figures that wait for somebody, in `/today`.

use super::confirm::confirmable;
use crate::domain::authority::{Act, grant};
use crate::domain::message::{Message, Toast, TodayItem};
use crate::domain::person::Actor;
use crate::engine::Work;
use crate::engine::press::Press;
use crate::store::{Result, people};

impl Work<'_> {
    /// The figures that this actor was asked to confirm, and the day they are to review or sign.
    pub(in crate::engine) async fn figure_items(&mut self, actor: &Actor) -> Result<Vec<TodayItem>> {
        let mut items = Vec::new();
        let Some(day) = self.current_day().await? else { return Ok(items) };
        let units = confirmable(actor);
        if !units.is_empty() {
            let paths: Vec<String> = units.iter().map(|unit| unit.path.clone()).collect();
            let Some(board) = self.board(day.id, &paths).await? else { return Ok(items) };
            let asked = units.iter().filter_map(|unit| board.unit(unit.id));
            let open = asked.filter(|unit| !board.signed() && board.waits_for_confirmation(unit));
            let names: Vec<String> = open.map(|unit| unit.name.clone()).collect();
            if !names.is_empty() {
                items.push(TodayItem::Figures { date: day.date, units: names, sign: false });
            }
        }
        if self.waits_for_signature(actor, day.id).await? {
            items.push(TodayItem::Figures { date: day.date, units: Vec::new(), sign: true });
        }
        Ok(items)
    }

    async fn waits_for_signature(&mut self, actor: &Actor, day: i64) -> Result<bool> {
        let Some(root) = people::root(&mut self.tx).await? else { return Ok(false) };
        let (signs, reviews) =
            (grant(actor, Act::Sign, &root).is_some(), grant(actor, Act::Review, &root).is_some());
        if !(signs || reviews) {
            return Ok(false);
        }
        let Some(board) = self.board(day, &[root.path]).await? else { return Ok(false) };
        if board.signed() || self.now < self.confirm_due(&board.day, 1) {
            return Ok(false);
        }
        let review = self.needs_review(&board).await?;
        Ok(if review { reviews } else { signs })
    }

    /// `open` in `/today`: figures or an alert, in a message of their own.
    pub(in crate::engine) async fn open_today(&mut self, press: &Press<'_>) -> Result<Toast> {
        let Message::Today { items } = &press.shown.letter.message else { return Ok(Toast::Outdated) };
        let place = press.arg.and_then(|arg| usize::try_from(arg).ok());
        match place.and_then(|place| items.get(place)) {
            Some(TodayItem::Figures { sign: true, .. }) => self.signoff(press.actor).await?,
            Some(TodayItem::Figures { .. }) => self.confirm(press.actor, "").await?,
            _ => return self.open_alert(press).await,
        }
        Ok(Toast::Quiet)
    }
}
