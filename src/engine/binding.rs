//! Binding of people to accounts and of chats to units.

use super::Work;
use super::press::Press;
use crate::domain::incoming::{Sender, Written};
use crate::domain::message::Toast;
use crate::domain::person::Actor;
use crate::store::Result;

impl Work<'_> {
    pub(super) async fn start(
        &mut self,
        _sender: &Sender,
        _actor: Option<&Actor>,
        _payload: &str,
    ) -> Result<()> {
        Ok(())
    }
    pub(super) async fn start_in_group(
        &mut self,
        _written: &Written,
        _sender: &Sender,
        _payload: &str,
    ) -> Result<()> {
        Ok(())
    }
    pub(super) async fn stranger(&mut self, _written: &Written, _sender: &Sender) -> Result<()> {
        Ok(())
    }
    pub(super) async fn invite(&mut self, _written: &Written, _actor: &Actor, _code: &str) -> Result<()> {
        Ok(())
    }
    pub(super) async fn register(&mut self, _written: &Written, _sender: &Sender, _code: &str) -> Result<()> {
        Ok(())
    }
    pub(super) async fn press_admission(&mut self, _press: &Press<'_>) -> Result<Toast> {
        Ok(Toast::Outdated)
    }
    pub(super) async fn choose_language(&mut self, _actor: &Actor) -> Result<()> {
        Ok(())
    }
    pub(super) async fn press_language(&mut self, _press: &Press<'_>) -> Result<Toast> {
        Ok(Toast::Outdated)
    }
}
