//! Tierline relays directives through a school's chain of group chats and knows, per tier and per
//! person, who has received them.
//!
//! ```text
//! Telegram ──▶ loops::intake ──▶ engine ──▶ store     one transaction a batch: inbox, facts, timers, outbox
//!                                 ▲  │
//! due timers ─▶ loops::timers ────┘  └─▶ outbox ──▶ loops::courier ──▶ chat ──▶ Telegram
//! ```
//!
//! | module | what it does |
//! |---|---|
//! | [`cli`], [`app`] | the command line; what is built from what, which loops run, how they stop |
//! | [`domain`] | the rules, pure: no clock, no database, no network, no words |
//! | [`engine`] | one use case a file: load, decide, save, in one transaction |
//! | [`store`] | all SQL; [`store::backend`] holds what differs between SQLite and PostgreSQL |
//! | [`text`] | every sentence of the bot, in both languages |
//! | [`chat`], [`loops`] | the Bot API and its failures; intake, timers, courier, housekeeping |
//! | [`documents`], [`http`] | CSV, XLSX and the chart; health, metrics, webhook |
//! | [`config`], [`clock`], [`telemetry`], [`fault`] | settings, time, log and metrics, named crash points for tests |
//! | [`demo`] | a school that lives in a local sandbox of Telegram |
//!
//! Imports go downward only; `docs/architecture.md` says why, `tests/house` holds it.

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
