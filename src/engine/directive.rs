//! A directive's way: composed, issued, relayed, acknowledged, carried out, changed, withdrawn.

use std::collections::{BTreeMap, BTreeSet};

use super::Work;
use super::press::Press;
use crate::domain::incoming::{Place, Sender, Written};
use crate::domain::message::Toast;
use crate::domain::person::Actor;
use crate::store::dialogues::Dialogue;
use crate::store::timers::Timer;
use crate::store::{Result, chats::Chat};

impl Work<'_> {
    pub(super) async fn fire(&mut self, _timer: &Timer) -> Result<()> {
        Ok(())
    }
    pub(super) async fn send_nudges(&mut self, _nudges: BTreeMap<i64, bool>) -> Result<()> {
        Ok(())
    }
    pub(super) async fn refresh(&mut self, _legs: BTreeSet<i64>) -> Result<()> {
        Ok(())
    }
    pub(super) async fn compose(&mut self, _written: &Written, _actor: &Actor, _text: &str) -> Result<()> {
        Ok(())
    }
    pub(super) async fn compose_in_group(
        &mut self,
        _written: &Written,
        _chat: &Chat,
        _actor: &Actor,
        _text: &str,
    ) -> Result<()> {
        Ok(())
    }
    pub(super) async fn compose_answer(
        &mut self,
        _written: &Written,
        _actor: &Actor,
        _dialogue: &Dialogue,
    ) -> Result<bool> {
        Ok(false)
    }
    pub(super) async fn edit_answer(
        &mut self,
        _written: &Written,
        _actor: &Actor,
        _dialogue: &Dialogue,
    ) -> Result<bool> {
        Ok(false)
    }
    pub(super) async fn note_answer(
        &mut self,
        _written: &Written,
        _actor: &Actor,
        _dialogue: &Dialogue,
    ) -> Result<bool> {
        Ok(false)
    }
    pub(super) async fn carry_out_answer(
        &mut self,
        _written: &Written,
        _actor: &Actor,
        _dialogue: &Dialogue,
    ) -> Result<bool> {
        Ok(false)
    }
    pub(super) async fn cancel_drafts(&mut self, _actor: &Actor) -> Result<bool> {
        Ok(false)
    }
    pub(super) async fn acknowledge_by_word(&mut self, _written: &Written, _actor: &Actor) -> Result<bool> {
        Ok(false)
    }
    pub(super) async fn words_in_group(
        &mut self,
        _written: &Written,
        _chat: &Chat,
        _actor: &Actor,
    ) -> Result<()> {
        Ok(())
    }
    pub(super) async fn reacted(&mut self, _place: &Place, _message: i64, _sender: &Sender) -> Result<()> {
        Ok(())
    }
    pub(super) async fn press_compose(&mut self, _press: &Press<'_>) -> Result<Toast> {
        Ok(Toast::Outdated)
    }
    pub(super) async fn press_change(&mut self, _press: &Press<'_>) -> Result<Toast> {
        Ok(Toast::Outdated)
    }
    pub(super) async fn press_ack(&mut self, _press: &Press<'_>) -> Result<Toast> {
        Ok(Toast::Outdated)
    }
    pub(super) async fn press_relay(&mut self, _press: &Press<'_>) -> Result<Toast> {
        Ok(Toast::Outdated)
    }
    pub(super) async fn press_carry_out(&mut self, _press: &Press<'_>) -> Result<Toast> {
        Ok(Toast::Outdated)
    }
    pub(super) async fn press_phone(&mut self, _press: &Press<'_>) -> Result<Toast> {
        Ok(Toast::Outdated)
    }
}
