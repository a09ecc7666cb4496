use serde::{Deserialize, Serialize};

/// What is kept and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Privacy {
    /// `/privacy`.
    Policy { school: String, answers_days: u32, locations_days: u32 },
    /// `/mydata`, above the file: how much there is.
    OwnData { name: String, receipts: u32, days: u32, reminders: u32, alerts: u32, seen: u32 },
}
