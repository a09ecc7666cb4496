//! What is kept about people: shown to them, forgotten in time, erased when they have left.

mod erase;
mod nags;
mod own;
mod retention;
mod school;
