//! What runs while the service runs. Each loop is a struct with a public `step()` that tests call by hand.

pub mod courier;
pub mod housekeeping;
pub mod intake;
pub mod lease;
pub mod timers;
