//! A button was pressed. What stands in it grants nothing: the message is looked up, then the right.

use serde_json::json;

use super::Work;
use crate::domain::callback;
use crate::domain::incoming::{Place, Sender};
use crate::domain::message::{Message, Reader, Toast, TodayItem, Verb};
use crate::domain::person::Actor;
use crate::store::messages::Shown;
use crate::store::{Result, chats};

/// A press by a known person on a message of ours that is not out of date.
pub(super) struct Press<'p> {
    pub shown: &'p Shown,
    pub verb: Verb,
    /// The button's argument: an index, a page, an id.
    pub arg: Option<i64>,
    pub actor: &'p Actor,
}

impl Work<'_> {
    /// Answers every press, whatever it is.
    pub(super) async fn pressed(
        &mut self,
        callback: &str,
        sender: &Sender,
        place: Option<&Place>,
        message: i64,
        data: &str,
    ) -> Result<()> {
        let locale = self.school_locale();
        let actor = self.actor(sender.account).await?;
        let (reader, locale) =
            actor.as_ref().map_or((Reader::Adult, locale), |actor| (actor.reader(), actor.locale));
        if place.is_some_and(Place::is_private) {
            self.met(sender.account).await?;
        }
        let toast = self.judge_press(actor.as_ref(), place, message, data).await?;
        self.answer(callback, toast, reader, locale);
        Ok(())
    }

    async fn judge_press(
        &mut self,
        actor: Option<&Actor>,
        place: Option<&Place>,
        message: i64,
        data: &str,
    ) -> Result<Toast> {
        let (Some((verb, handle, arg)), Some(place)) = (callback::parse(data), place) else {
            self.record(actor, "press.forged", String::new(), json!({}));
            return Ok(Toast::Outdated);
        };
        let Some(shown) = self.shown(handle).await? else {
            self.record(actor, "press.forged", String::new(), json!({ "verb": verb.word() }));
            return Ok(Toast::Outdated);
        };
        if !self.pressed_where_shown(&shown, place, message).await? {
            self.record(actor, "press.elsewhere", String::new(), json!({ "verb": verb.word() }));
            return Ok(Toast::Outdated);
        }
        let Some(actor) = actor else { return Ok(Toast::NotBound) };
        if shown.owner != 0 && !actor.is(shown.owner) {
            return Ok(Toast::SomebodyElses);
        }
        if !shown.live || shown.expires_at <= self.now {
            return Ok(Toast::Outdated);
        }
        self.act_on(&Press { shown: &shown, verb, arg, actor }).await
    }

    /// A button works only in the chat it was sent to (S4); a group that became a supergroup is one chat.
    pub(super) async fn pressed_where_shown(
        &mut self,
        shown: &Shown,
        place: &Place,
        message: i64,
    ) -> Result<bool> {
        if shown.chat == place.chat {
            // In private one person's message may have arrived twice: both are theirs.
            return Ok(shown.tg_id.is_none_or(|sent| sent == message)
                || place.is_group()
                || shown.owner != 0);
        }
        let moved = chats::get(&mut self.tx, shown.chat).await?;
        Ok(moved.is_some_and(|chat| chat.chat == place.chat))
    }

    async fn act_on(&mut self, press: &Press<'_>) -> Result<Toast> {
        match (&press.shown.letter.message, press.verb) {
            (Message::Alert(_), _) => return self.press_alert(press).await,
            (Message::Urgent(_), _) => return self.press_urgent(press).await,
            (Message::Reminder { .. } | Message::Today { .. }, Verb::Fill) => {
                return self.press_checkin_due(press).await;
            }
            (Message::Day(_), _) => return self.press_day(press).await,
            (Message::Today { items }, Verb::Open) if names_silent(items, press.arg) => {
                return self.open_missing(press).await;
            }
            (Message::Today { .. }, Verb::Open) => return self.open_today(press).await,
            (Message::Tally(_), _) => return self.press_tally(press).await,
            (Message::Form(_), _) => return self.press_form(press).await,
            (Message::Paper(_), _) => return self.press_export(press).await,
            _ => {}
        }
        match press.verb {
            Verb::To
            | Verb::Urgent
            | Verb::Info
            | Verb::Units
            | Verb::Due
            | Verb::Attach
            | Verb::Reference
            | Verb::Back
            | Verb::Send
            | Verb::Cancel => self.press_compose(press).await,
            Verb::Edit | Verb::Withdraw => self.press_change(press).await,
            Verb::Ack => self.press_ack(press).await,
            Verb::Relay | Verb::Note => self.press_relay(press).await,
            Verb::Done | Verb::Accept | Verb::Return => self.press_carry_out(press).await,
            Verb::Phone | Verb::Unreach | Verb::Take => self.press_phone(press).await,
            Verb::Remind => self.press_remind(press).await,
            Verb::Join | Verb::Admit | Verb::Deny => self.press_admission(press).await,
            Verb::Verify => self.press_verify(press).await,
            Verb::Lang => self.press_language(press).await,
            Verb::Page => match press.shown.letter.message {
                Message::Escalation(_) => self.page_escalation(press).await,
                Message::Compose(_) => self.page_units(press).await,
                Message::Binding(_) => self.press_members_page(press).await,
                _ => self.press_open(press).await,
            },
            Verb::Open => self.press_open(press).await,
            // A reminder and `/today` only lead to the form.
            Verb::Fill => {
                self.checkin(press.actor).await?;
                Ok(Toast::FormBelow)
            }
            Verb::Same
            | Verb::Answer
            | Verb::Next
            | Verb::Submit
            | Verb::Change
            | Verb::Excuse
            | Verb::Confirm
            | Verb::Sign
            | Verb::Reject
            | Verb::Filed
            | Verb::Told
            | Verb::Clear
            | Verb::Export => Ok(Toast::Outdated),
        }
    }
}

/// Whether a line of `/today` is about who has not reported.
fn names_silent(items: &[TodayItem], arg: Option<i64>) -> bool {
    let place = arg.and_then(|arg| usize::try_from(arg).ok());
    matches!(place.and_then(|place| items.get(place)), Some(TodayItem::Silent { .. }))
}
