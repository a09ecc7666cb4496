//! `/track`, `/pending`, `/status`, `/today`, `/remind`.

mod due;

use super::Work;
use super::press::Press;
use crate::domain::message::Toast;
use crate::domain::person::Actor;
use crate::store::{Result, chats::Chat};

impl Work<'_> {
    pub(super) async fn today(&mut self, _actor: &Actor) -> Result<()> {
        Ok(())
    }
    pub(super) async fn track(&mut self, _actor: &Actor, _number: &str) -> Result<()> {
        Ok(())
    }
    pub(super) async fn pending(&mut self, _actor: &Actor) -> Result<()> {
        Ok(())
    }
    pub(super) async fn status_in_private(&mut self, _actor: &Actor) -> Result<()> {
        Ok(())
    }
    pub(super) async fn status_in_group(&mut self, _chat: &Chat, _actor: &Actor) -> Result<()> {
        Ok(())
    }
    pub(super) async fn remind_in_private(&mut self, _actor: &Actor) -> Result<()> {
        Ok(())
    }
    pub(super) async fn remind_in_group(&mut self, _chat: &Chat, _actor: &Actor) -> Result<()> {
        Ok(())
    }
    pub(super) async fn press_remind(&mut self, _press: &Press<'_>) -> Result<Toast> {
        Ok(Toast::Outdated)
    }
    pub(super) async fn press_open(&mut self, _press: &Press<'_>) -> Result<Toast> {
        Ok(Toast::Outdated)
    }
}
