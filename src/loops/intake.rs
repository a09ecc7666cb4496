//! Taking updates (invariant 1): an update counts as received only after the transaction that holds its effects has
//! committed. Then the offset moves, or the webhook is answered.

mod polling;
mod webhook;

use metrics::{counter, histogram};

use crate::chat::telegram::update;
use crate::domain::incoming::Incoming;
use crate::engine::{Engine, Taken, Update};
use crate::fault;
use crate::store::Result;
use crate::store::seal::hash;

pub use polling::{Polled, Poller, PollerParts};
pub use webhook::{Queue, Taker, queue};

/// An update with the moment it arrived, for the metrics.
struct Arrived {
    update: Update,
    at: std::time::Duration,
}

/// Reads a raw update. One without a number gets a negative one from its content, so that it is kept once, too.
fn read(bot: i64, raw: Vec<u8>) -> Update {
    let parsed = update::parse(&raw);
    let id = parsed.update_id.unwrap_or_else(|| content_number(&raw));
    Update { bot, id, kind: parsed.kind, raw, incoming: parsed.incoming }
}

fn content_number(raw: &[u8]) -> i64 {
    let digits = hash(&String::from_utf8_lossy(raw));
    let number = i64::from_str_radix(&digits[..15], 16).expect("a hash is hexadecimal digits");
    -1 - number
}

/// What the engine reads a kept update with when it is tried again.
pub fn read_again(raw: &serde_json::Value) -> Option<Incoming> {
    update::parse(raw.to_string().as_bytes()).incoming
}

/// Takes updates of one bot in one transaction.
async fn take(
    engine: &Engine,
    updates: &[Update],
    arrived: impl IntoIterator<Item = std::time::Duration>,
) -> Result<Taken> {
    let taken = engine.take(updates).await?;
    fault::passing("after_inbox_commit");
    counter!("tierline_updates_total").increment(u64::try_from(updates.len()).unwrap_or(0));
    let now = engine.clock.elapsed();
    for at in arrived {
        histogram!("tierline_update_seconds").record(now.saturating_sub(at).as_secs_f64());
    }
    Ok(taken)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_update_without_a_number_gets_one_that_stays() {
        let update = read(7, b"{}".to_vec());
        assert!(update.id < 0 && update.incoming.is_none());
        assert_eq!(update.id, read(7, b"{}".to_vec()).id);
        assert_ne!(update.id, read(7, b"[]".to_vec()).id);
        assert_eq!(read(7, br#"{"update_id":5,"poll":{}}"#.to_vec()).id, 5);
    }
}
