//! The rows of the scoreboard: each with what plays it here, or with the story that proves it where time must stand still.

mod api;
mod disk;
mod kills;
mod postgres;
mod upkeep;

use std::pin::Pin;

use crate::place::Kind;
use crate::proof::{Figures, Sum};
use crate::{Outcome, Setup};

/// What playing a row showed.
#[derive(Debug, Default)]
pub struct Report {
    /// What happened, with what was measured.
    pub did: String,
    /// What it came to; `None`: it could not be played here.
    pub sum: Option<Sum>,
}

impl Report {
    fn of(did: String, sum: Sum) -> Self {
        Self { did, sum: Some(sum) }
    }

    fn skipped(why: String) -> Self {
        Self { did: why, sum: None }
    }

    /// The figures of a whole morning, if it was one.
    pub fn figures(&self) -> Option<&Figures> {
        self.sum.as_ref().map(|sum| &sum.figures).filter(|figures| !figures.is_empty())
    }
}

type Playing<'a> = Pin<Box<dyn Future<Output = Outcome<Report>> + 'a>>;

/// How a row is proved.
#[derive(Clone, Copy)]
pub enum Proof {
    /// Here.
    Play(for<'a> fn(&'a Setup) -> Playing<'a>),
    /// By stories on a clock that stands still, or of a single part.
    Stories(&'static str),
}

/// A row.
#[derive(Clone, Copy)]
pub struct Row {
    /// As the scoreboard numbers it; what it does not number has a word.
    pub id: &'static str,
    pub fault: &'static str,
    pub proof: Proof,
}

macro_rules! play {
    ($id:literal, $fault:literal, $setup:ident => $play:expr) => {
        Row { id: $id, fault: $fault, proof: Proof::Play(|$setup| Box::pin($play)) }
    };
}

const fn stories(id: &'static str, fault: &'static str, stories: &'static str) -> Row {
    Row { id, fault, proof: Proof::Stories(stories) }
}

/// The calm day, to whose figures all others are compared.
pub const CALM: Row = play!("calm", "no fault", setup => api::calm(setup));

/// All rows; those that take longest come first.
pub const ROWS: [Row; 28] = [
    play!("R1", "kill -9, SQLite", setup => kills::killed(setup, Kind::Sqlite, setup.times(200))),
    play!("R1pg", "kill -9, PostgreSQL", setup => on_postgres(setup, |server| Box::pin(kills::killed(setup, server, setup.times(40))))),
    play!("R2", "SIGTERM, SQLite", setup => kills::stopped(setup, Kind::Sqlite, setup.times(100))),
    play!("R2pg", "SIGTERM, PostgreSQL", setup => on_postgres(setup, |server| Box::pin(kills::stopped(setup, server, setup.times(30))))),
    play!("R10", "PostgreSQL fails", setup => postgres::fails(setup)),
    play!("R22", "soak", setup => upkeep::soaks(setup)),
    play!("hour", "the Bot API away for an hour", setup => api::away_for_an_hour(setup)),
    play!("R8", "SQLite locked", setup => disk::locked(setup)),
    play!("R9", "disk full", setup => disk::full(setup)),
    play!("R3", "429", setup => api::too_many(setup)),
    play!("R4", "5xx, broken JSON, HTML", setup => api::server_fails(setup)),
    play!("R5", "reset or silence after the effect", setup => api::reset_after(setup)),
    play!("R6", "connection refused", setup => api::refused(setup)),
    play!("R7", "slow Bot API", setup => api::slow(setup)),
    play!("R21", "restored from a copy", setup => upkeep::restored(setup)),
    play!("R23", "rows deleted by hand", setup => upkeep::deleted(setup)),
    play!("token", "401 in the middle of the day", setup => api::unauthorized(setup)),
    play!("name", "the host's name unknown", setup => api::no_name(setup)),
    play!("pollers", "two pollers, 409", setup => api::two_pollers(setup)),
    play!("deleted", "a card deleted", setup => api::deleted(setup)),
    stories("R11", "power loss", "delivery/databases: every commit is flushed"),
    stories("R12", "clock set", "delivery/clock"),
    stories("R13", "daylight saving", "domain/calendar, domain/checkin/opening, cli/plan"),
    stories("R14", "group becomes supergroup", "delivery/gone, binding/moves, directive/gaps"),
    stories("R15", "blocked, gone", "delivery/gone, binding/moves, directive/gaps"),
    stories("R16", "10,000 broken updates", "directive/odd, delivery/intake"),
    stories("R17", "repeated, reordered updates", "directive/order, directive/odd, delivery/intake"),
    stories("R18", "outage longer than presses live", "delivery/intake, checkin/form"),
];

/// Plays on the server that `scripts/test` starts.
async fn on_postgres<'a>(setup: &'a Setup, play: impl FnOnce(Kind) -> Playing<'a>) -> Outcome<Report> {
    match &setup.server {
        Some(server) => play(Kind::Postgres(server.clone())).await,
        None => Ok(Report::skipped("TIERLINE_TEST_PG names no server".to_owned())),
    }
}
