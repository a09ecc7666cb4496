//! How updates are taken and messages are sent, on both databases and over real HTTP.

mod databases;
mod faults;
mod gone;
mod intake;
pub mod kills;
mod leaks;
mod order;
pub mod post;
pub mod process;
mod rates;
