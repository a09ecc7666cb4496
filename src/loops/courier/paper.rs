//! What is made or fetched when it is sent: outside any transaction, away from what others wait for.

use std::sync::Arc;

use super::Fleet;
use crate::chat::SendError;
use crate::documents::Words;
use crate::documents::chart::png;
use crate::documents::day::{Book, Headings, file_name, workbook};
use crate::domain::message::Locale;
use crate::domain::report::{ChartData, WorkbookOrder};
use crate::engine::Engine;
use crate::store::Error;
use crate::text::Texts;

/// Where papers are made, and what only another bot was shown is fetched.
#[derive(Clone)]
pub struct Desk {
    pub engine: Engine,
    pub texts: Arc<Texts>,
    pub fleet: Fleet,
}

fn refused(why: impl ToString) -> SendError {
    SendError::Refused { description: why.to_string() }
}

/// A passing failure of the database is no outcome: it is tried again.
fn unread(error: &Error) -> SendError {
    if error.is_passing() { SendError::Before(error.to_string()) } else { refused(error) }
}

impl Desk {
    /// A file that another bot was shown.
    ///
    /// # Errors
    /// When that bot is none of ours or cannot fetch it. What goes wrong there says nothing about the chat it is for.
    pub async fn fetch(self, bot: i64, file: &str) -> Result<Vec<u8>, SendError> {
        let chat = self.fleet.get(&bot).ok_or_else(|| refused("the bot that was shown it is gone"))?;
        chat.fetch(file).await.map_err(|error| match error {
            SendError::Refused { .. } | SendError::Gone(_) | SendError::MessageGone => refused(error),
            error => SendError::Before(error.to_string()),
        })
    }

    /// A day's workbook with its file name, as the database stands now.
    ///
    /// # Errors
    /// When the database cannot be read, or the workbook cannot be made.
    pub async fn workbook(self, order: WorkbookOrder) -> Result<(String, Vec<u8>), SendError> {
        let report = self.engine.ordered_report(&order).await.map_err(|error| unread(&error))?;
        let report = report.ok_or_else(|| refused("the day is not there any more"))?;
        let name = file_name(&order.name, report.date);
        let made = tokio::task::spawn_blocking(move || {
            let settings = &self.engine.settings;
            let words = Words::of(&self.texts, order.locale, &settings.calendar, &settings.tier_words);
            let made_at = self.engine.now();
            let book = Book { words: &words, headings: Headings::Words, dated: false, made_at };
            workbook(&book, &[report])
        });
        let bytes = made.await.map_err(refused)?.map_err(refused)?;
        Ok((name, bytes))
    }

    /// The digest's chart as a picture.
    ///
    /// # Errors
    /// When it cannot be drawn.
    pub async fn chart(self, data: ChartData, locale: Locale) -> Result<Vec<u8>, SendError> {
        let made = tokio::task::spawn_blocking(move || {
            let settings = &self.engine.settings;
            let words = Words::of(&self.texts, locale, &settings.calendar, &settings.tier_words);
            png(&words, &data)
        });
        made.await.map_err(refused)?.map_err(refused)
    }
}
