//! What stories stand on: databases, clocks, schools.

pub mod app;
pub mod checkin_alert;
pub mod checkin_day;
pub mod checkin_figures;
pub mod checkin_form;
pub mod checkin_paper;
pub mod db;
pub mod issue;
pub mod looks;
pub mod person;
pub mod roll;
pub mod school;
pub mod unit;

pub use roll::Plan;
pub use school::World;
