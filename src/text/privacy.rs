//! What is kept about a person, and why.

use super::page::Page;
use crate::domain::message::Privacy;

/// Draws `/privacy` and the head of `/mydata`.
pub(super) fn draw(page: &mut Page<'_>, privacy: &Privacy) {
    match privacy {
        Privacy::Policy { school, answers_days, locations_days } => {
            page.say_with("privacy-head", &[("school", page.voice.name(school).into())]);
            page.gap();
            for id in ["privacy-what", "privacy-why", "privacy-who"] {
                page.say(id);
            }
            let days = [("answers", (*answers_days).into()), ("locations", (*locations_days).into())];
            page.say_with("privacy-long", &days);
            page.say("privacy-sealed");
            page.say("privacy-own");
        }
        Privacy::OwnData { name, receipts, days, reminders, alerts, seen } => {
            page.say_with("own-head", &[("name", page.voice.name(name).into())]);
            let counts = [("own-receipts", receipts), ("own-days", days), ("own-reminders", reminders)];
            for (id, count) in counts {
                page.say_with(id, &[("count", (*count).into())]);
            }
            if *alerts > 0 {
                page.say_with("own-alerts", &[("count", (*alerts).into())]);
            }
            page.say_with("own-seen", &[("count", (*seen).into())]);
            page.say("own-file");
        }
    }
}
