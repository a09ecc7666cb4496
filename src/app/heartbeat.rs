//! The heartbeat: a watcher elsewhere is pinged once a minute while reminders really go out. It raises the alarm when
//! the pings stay away, so whatever stops the service stops the pings, too.

use std::time::Duration;

use chrono::TimeDelta;
use metrics::gauge;

use super::App;
use crate::store;

/// Timers that are due for longer than this do not fire.
const TIMERS_LATE: TimeDelta = TimeDelta::seconds(60);
/// A bot that sends nothing for so long although messages wait is held up.
const SENDS_NOTHING: TimeDelta = TimeDelta::seconds(120);
/// How long the watcher may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

impl App {
    /// One beat: judges whether reminders go out, notes it in the metrics, and pings `http.heartbeat_url` if so.
    ///
    /// # Errors
    /// Why the watcher was not pinged, in words for the operator.
    pub async fn beat(&self) -> Result<(), String> {
        let judged = self.reminders_go_out().await;
        gauge!("tierline_reminders_go_out").set(f64::from(u8::from(judged.is_ok())));
        judged?;
        let Some(url) = &self.config.http.heartbeat_url else { return Ok(()) };
        let request = reqwest::Client::new().get(url.clone()).timeout(PATIENCE);
        let answer = request.send().await.and_then(reqwest::Response::error_for_status);
        answer.map(drop).map_err(|error| format!("the heartbeat does not arrive: {}", error.without_url()))
    }

    /// The database and every bot's Bot API answer, timers fire in time, and every bot's messages leave.
    async fn reminders_go_out(&self) -> Result<(), String> {
        self.health.check().await?;
        if let Some(reason) = self.health.failing().into_iter().next() {
            return Err(reason);
        }
        let away = |error: store::Error| format!("the database does not answer: {error}");
        let now = self.engine.now();
        let due = self.engine.next_timer().await.map_err(away)?;
        if let Some(late) = due.map(|due| now - due).filter(|late| *late >= TIMERS_LATE) {
            return Err(format!("timers do not fire: the oldest is {} s late", late.num_seconds()));
        }
        for bot in &self.bots {
            if self.engine.is_held_up(bot.id, now - SENDS_NOTHING).await.map_err(away)? {
                return Err(format!("the bot {} sends nothing although messages wait", bot.name));
            }
        }
        Ok(())
    }
}
