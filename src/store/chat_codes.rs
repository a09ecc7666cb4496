//! One-time codes that bind a chat to a unit: `/register CODE`. Only the hash of a code is kept (S6).

use chrono::TimeDelta;
use rand::RngExt;

use super::seal::hash;
use super::{Result, Tx};
use crate::args;
use crate::domain::message::Time;

/// How long a code is valid.
pub const VALID: TimeDelta = TimeDelta::hours(24);

/// Letters and digits that nobody confuses when reading them out.
const ALPHABET: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/// 80 bits.
const LENGTH: usize = 16;

/// What a code stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatCode {
    /// units.id
    pub unit: i64,
    /// A tier's name, or `group`.
    pub tier: String,
}

/// The code as it is hashed: case, spaces and hyphens do not matter.
fn canonical(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

/// Makes a code for a chat of this unit and tier, in groups of four.
///
/// # Errors
/// When the database refuses.
pub async fn issue(tx: &mut Tx, unit: i64, tier: &str, now: Time) -> Result<String> {
    let mut rng = rand::rng();
    let letters: Vec<char> = (0..LENGTH).map(|_| char::from(ALPHABET[rng.random_range(0..32)])).collect();
    let code = letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join("-");
    tx.execute(
        "INSERT INTO chat_codes (code_hash, unit, tier, expires_at) VALUES ($1, $2, $3, $4)",
        args![hash(&canonical(&code)), unit, tier, now + VALID],
    )
    .await?;
    Ok(code)
}

/// What a code stands for; `None` when it is wrong, used or expired.
///
/// # Errors
/// When the database refuses.
pub async fn find(tx: &mut Tx, code: &str, now: Time) -> Result<Option<ChatCode>> {
    tx.maybe(
        "SELECT unit, tier FROM chat_codes WHERE code_hash = $1 AND used_at IS NULL AND expires_at > $2",
        args![hash(&canonical(code)), now],
        |row| Ok(ChatCode { unit: row.get("unit")?, tier: row.get("tier")? }),
    )
    .await
}

/// Uses a code up; `false` when somebody else was quicker.
///
/// # Errors
/// When the database refuses.
pub async fn use_up(tx: &mut Tx, code: &str, now: Time) -> Result<bool> {
    let used = tx
        .execute(
            "UPDATE chat_codes SET used_at = $2 WHERE code_hash = $1 AND used_at IS NULL AND expires_at > $2",
            args![hash(&canonical(code)), now],
        )
        .await?;
    Ok(used == 1)
}
