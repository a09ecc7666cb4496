//! After an outage (R18): presses of that time may be lost for ever, so whoever was in the middle of a form is shown its
//! question again.

use super::Work;
use crate::engine::Engine;
use crate::store::Result;
use crate::store::checkin::sessions;

/// How many people are asked again in one transaction.
const BATCH: usize = 200;

impl Engine {
    /// Shows everyone who has a form open through this bot its question again, once.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub(in crate::engine) async fn ask_forms_again(&self, bot: i64) -> Result<()> {
        let mut after = 0;
        loop {
            let mut work = self.begin().await?;
            work.bot = bot;
            let last = work.ask_again(bot, after).await?;
            work.finish().await?;
            match last {
                Some(last) => after = last,
                None => return Ok(()),
            }
        }
    }
}

impl Work<'_> {
    /// A batch of them; the last account of it.
    async fn ask_again(&mut self, bot: i64, after: i64) -> Result<Option<i64>> {
        let Some(day) = self.current_day().await? else { return Ok(None) };
        let accounts = sessions::accounts(&mut self.tx, bot, day.id, after, BATCH).await?;
        for account in &accounts {
            if let Some(actor) = self.actor(*account).await? {
                self.show_open_again(&actor, day.clone()).await?;
            }
        }
        Ok(accounts.last().copied())
    }
}
