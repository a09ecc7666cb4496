//! The commands of the menus, by role.

use fluent_bundle::FluentArgs;

use super::{Bundle, voice};
use crate::domain::roster::Role;

/// Commands of a group's menu.
const GROUP: &[&str] = &["status", "remind", "directive", "invite", "help"];
/// Commands of whoever is responsible for a unit, in private.
const LEADING: &[&str] = &[
    "today",
    "urgent",
    "directive",
    "pending",
    "track",
    "status",
    "confirm",
    "signoff",
    "digest",
    "export",
    "remind",
    "invite",
    "members",
    "contacts",
    "help",
    "lang",
    "privacy",
    "mydata",
    "cancel",
];
/// Commands of who reads figures, in private.
const READING: &[&str] =
    &["today", "urgent", "track", "status", "help", "lang", "privacy", "mydata", "cancel"];
/// Commands of anyone else, in private.
const ANYONE: &[&str] = &["today", "urgent", "help", "lang", "privacy", "mydata", "cancel"];

/// The commands these roles see in private; those of a group for `None`.
pub(super) fn names(roles: Option<&[Role]>) -> Vec<&'static str> {
    let mut names = match roles {
        None => GROUP,
        Some(roles) if roles.iter().any(|role| leads(*role)) => LEADING,
        Some(roles) if roles.contains(&Role::Auditor) => READING,
        Some(_) => ANYONE,
    }
    .to_vec();
    if roles.is_some_and(|roles| roles.iter().any(|role| reports(*role))) {
        names.insert(1, "checkin");
    }
    names
}

/// Whether the role may have a form to fill in, for oneself or for others.
fn reports(role: Role) -> bool {
    matches!(role, Role::Student | Role::Staff | Role::Guardian | Role::Proxy)
}

/// Whether the role leads a unit of the chain.
pub(super) fn leads(role: Role) -> bool {
    matches!(role, Role::Leader | Role::Office | Role::Secretary | Role::Counselor)
}

/// What a command does, in a few words.
pub(super) fn describe(bundle: &Bundle, name: &'static str) -> String {
    let mut args = FluentArgs::new();
    args.set("name", name);
    voice::format(bundle, "command", &args)
}
