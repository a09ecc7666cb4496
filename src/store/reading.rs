//! What is read of directives without changing them: one statement per view, however many people it covers.

mod due;

pub use due::{Due, due};

use super::{Error, Result, Row};
use crate::domain::message::Number;

fn number(row: &Row) -> Result<Number> {
    let year: i64 = row.get("year")?;
    let year = i32::try_from(year).map_err(|_| Error::Corrupt(format!("year {year}")))?;
    Ok(Number { year, number: row.get("number")? })
}
