//! What stories stand on: databases, clocks, schools.

pub mod db;
