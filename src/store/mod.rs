//! All SQL, one file per subject. `backend` holds everything that differs between SQLite and PostgreSQL.

pub mod backend;
pub mod ids;
pub mod seal;

pub use backend::{Db, Error, Result, Row, Tx, Value};
