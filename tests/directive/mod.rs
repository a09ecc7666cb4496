//! Directives through four tiers (B1–B6), as the people of a school live them.

mod chain;
