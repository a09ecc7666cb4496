//! A local Telegram Bot API server for tests and demos.
//!
//! Start a [`Sandbox`], point any bot library at [`Sandbox::api_url`], and act as the people who talk to the bot:
//!
//! ```no_run
//! # async fn example() -> Result<(), botapi_sandbox::StartError> {
//! let sandbox = botapi_sandbox::Sandbox::builder().start().await?;
//! let bot = sandbox.add_bot("echo_bot", "Echo");
//! let ada = sandbox.account("Ada");
//! ada.starts(&bot, None);
//! // … run the bot with bot.token() against sandbox.api_url() …
//! assert_eq!(sandbox.messages(ada.id())[0].text, "/start");
//! # Ok(())
//! # }
//! ```
//!
//! Everything that depends on time runs on the clock given to the [`Builder`]; only long polling, delays and
//! connections wait in real time.

mod access;
mod acts;
mod clock;
mod connection;
mod error;
mod faults;
mod handle;
mod html;
mod limits;
mod members;
mod methods;
mod model;
mod page;
mod params;
mod render;
mod schema;
mod server;
mod sights;
mod state;
mod text;
mod updates;
mod webhook;

pub use error::ApiError;
pub use faults::{COUNTED, Effect, Fault, FaultId, Scope};
pub use handle::{
    Account, AccountSpec, Bot, Builder, Button, Group, InGroup, PressId, Sandbox, ShownMedia, ShownMessage,
    StartError,
};
pub use limits::Limits;
pub use model::{PressAnswer, Scramble, Status};
pub use sights::Sight;
pub use state::{ANONYMOUS_ADMIN, CHANNEL_BOT, CHANNEL_FORWARDER, Call, Clock, Event, Violation};
pub use text::{Entity, utf16_len};
