//! Tierline relays directives through a school's chain of group chats and knows, per tier and per
//! person, who has received them.

pub mod app;
pub mod chat;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod documents;
pub mod domain;
pub mod engine;
pub mod fault;
pub mod http;
pub mod loops;
pub mod store;
pub mod telemetry;
pub mod text;
