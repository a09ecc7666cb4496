//! Telegram's Bot API: teloxide's request types, sent with a client of our own so that time-outs, 5xx and
//! unreadable answers stay in our hands.

mod answer;
mod calls;
mod client;
mod split;
pub mod update;

pub use client::{TelegramChat, TelegramOptions};
