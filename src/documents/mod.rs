//! Files for people: the roster's CSV and XLSX.

pub mod cells;
pub mod roster;
