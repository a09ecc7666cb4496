//! Who is in the chats, against the roster (A3, A4).

use super::Work;
use super::press::Press;
use crate::domain::incoming::{Place, Sender};
use crate::domain::message::Toast;
use crate::domain::person::Actor;
use crate::store::{Result, chats::Chat};

impl Work<'_> {
    pub(super) async fn own_state(
        &mut self,
        _place: &Place,
        _sender: &Sender,
        _inside: bool,
        _admin: bool,
    ) -> Result<()> {
        Ok(())
    }
    pub(super) async fn member_state(
        &mut self,
        _place: &Place,
        _member: &Sender,
        _inside: bool,
    ) -> Result<()> {
        Ok(())
    }
    pub(super) async fn migrated(&mut self, _from: i64, _to: i64) -> Result<()> {
        Ok(())
    }
    pub(super) async fn seen_in_chat(
        &mut self,
        _chat: &Chat,
        _place: &Place,
        _sender: &Sender,
    ) -> Result<()> {
        Ok(())
    }
    pub(super) async fn members(&mut self, _actor: &Actor) -> Result<()> {
        Ok(())
    }
    pub(super) async fn contacts(&mut self, _actor: &Actor, _rest: &str) -> Result<()> {
        Ok(())
    }
    pub(super) async fn press_verify(&mut self, _press: &Press<'_>) -> Result<Toast> {
        Ok(Toast::Outdated)
    }
}
