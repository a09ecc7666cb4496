//! Message and locale to words and buttons: every sentence of the bot lives here.

mod rendered;

pub use rendered::{Action, Button, Entity, Keyboard, Rendered};
