//! A chat was lost: what is open there goes in private to those who must acknowledge.

use crate::engine::Work;
use crate::store::{Result, directives, legs};

impl Work<'_> {
    /// The bot was removed from a chat: its open directives go to its people in private.
    pub(in crate::engine) async fn chat_lost(&mut self, chat: i64) -> Result<()> {
        for leg in legs::open_in_chat(&mut self.tx, chat).await? {
            let directive = directives::known(&mut self.tx, leg.directive).await?;
            legs::set_chat(&mut self.tx, leg.id, None).await?;
            self.show_leg(&directive, leg.id).await?;
        }
        Ok(())
    }
}
