//! A workbook that is to be written when it is sent: what it holds is read then, so that nothing of it lies about.

use serde::{Deserialize, Serialize};

use super::ReportRights;
use crate::domain::message::Locale;

/// Which workbook, and what its reader may see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkbookOrder {
    /// `days.id`.
    pub day: i64,
    /// `units.id`.
    pub unit: i64,
    /// Its name, for the file's.
    pub name: String,
    pub locale: Locale,
    pub rights: ReportRights,
}
