//! Who may do what to which unit: the one place where rights are decided (S3). Everything not allowed
//! here is refused. The whole table is a committed snapshot, `docs/authority.txt`.

use std::fmt::Write as _;

use super::person::{Actor, Post, UnitRef};
use super::roster::Role;

/// Something a person may or may not do to a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// Issue a directive to all below this unit.
    Issue,
    /// Relay a directive into this unit.
    Relay,
    /// Report this unit as having carried out a directive.
    ReportDone,
    /// Accept or send back what this unit reports.
    JudgeDone,
    /// Read counts of this unit: `/track`, `/pending`, `/status`.
    ReadFigures,
    /// Read names of those missing in this unit.
    ReadNames,
    /// Read phone numbers of this unit's people in private.
    ReadPhones,
    /// Note that somebody of this unit was reached, or not, by phone.
    NotePhone,
    /// Remind this unit's missing now.
    Remind,
    /// Be told when this unit is silent.
    BeTold,
    /// Bind a chat to this unit.
    BindChat,
    /// Let people of this unit in: `/invite`, `admit`, `deny`.
    Admit,
    /// See and verify who is in this unit's chats and its contacts.
    CheckMembers,
    /// Read what this unit's people answered at their check-ins (F4).
    ReadAnswers,
    /// Fill in the form for somebody of this unit who was phoned.
    ReportFor,
    /// Excuse somebody of this unit for a day.
    Excuse,
    /// Confirm this unit's figures (C2).
    Confirm,
    /// Take, report to an authority and clear an alert about somebody of this unit (C8).
    HandleAlert,
    /// Review a day with an urgent alert before it is signed (D3).
    Review,
    /// Sign the day, or send it back; only with `signs` in the roster (D3).
    Sign,
    /// Record the signed day as filed with the authority (D3).
    File,
}

impl Act {
    /// All acts, as the table lists them.
    pub const ALL: [Act; 21] = [
        Act::Issue,
        Act::Relay,
        Act::ReportDone,
        Act::JudgeDone,
        Act::ReadFigures,
        Act::ReadNames,
        Act::ReadPhones,
        Act::NotePhone,
        Act::Remind,
        Act::BeTold,
        Act::BindChat,
        Act::Admit,
        Act::CheckMembers,
        Act::ReadAnswers,
        Act::ReportFor,
        Act::Excuse,
        Act::Confirm,
        Act::HandleAlert,
        Act::Review,
        Act::Sign,
        Act::File,
    ];

    /// The word of the audit.
    pub fn word(self) -> &'static str {
        match self {
            Act::Issue => "issue",
            Act::Relay => "relay",
            Act::ReportDone => "report_done",
            Act::JudgeDone => "judge_done",
            Act::ReadFigures => "read_figures",
            Act::ReadNames => "read_names",
            Act::ReadPhones => "read_phones",
            Act::NotePhone => "note_phone",
            Act::Remind => "remind",
            Act::BeTold => "be_told",
            Act::BindChat => "bind_chat",
            Act::Admit => "admit",
            Act::CheckMembers => "check_members",
            Act::ReadAnswers => "read_answers",
            Act::ReportFor => "report_for",
            Act::Excuse => "excuse",
            Act::Confirm => "confirm",
            Act::HandleAlert => "handle_alert",
            Act::Review => "review",
            Act::Sign => "sign",
            Act::File => "file",
        }
    }
}

/// How a post's unit stands to the unit that is acted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Relation {
    /// The post's own unit.
    Own,
    /// A unit directly below the post's.
    Child,
    /// A unit further below.
    Below,
    /// Any other: above, beside, elsewhere.
    Foreign,
}

impl Relation {
    /// All relations, as the table lists them.
    pub const ALL: [Relation; 4] = [Relation::Own, Relation::Child, Relation::Below, Relation::Foreign];

    /// How `mine` stands to `unit`.
    pub fn between(mine: &UnitRef, unit: &UnitRef) -> Relation {
        if mine.id == unit.id {
            Relation::Own
        } else if unit.parent == Some(mine.id) {
            Relation::Child
        } else if unit.within(mine) {
            Relation::Below
        } else {
            Relation::Foreign
        }
    }
}

/// Whether this role makes its holder responsible for a unit of this tier (contract, section 3).
pub fn responsible(role: Role, tier: usize) -> bool {
    matches!((role, tier), (Role::Leader | Role::Office, 0) | (Role::Secretary, 1) | (Role::Counselor, 2))
}

/// Whether a post of `role` in a unit of `tier` gives the right. Deny by default.
pub fn allows(role: Role, tier: usize, act: Act, relation: Relation) -> bool {
    use Relation::{Below, Child, Own};
    let in_charge = responsible(role, tier);
    let reads_along = role == Role::Leader && tier == 1;
    match act {
        Act::Issue | Act::Relay | Act::ReportDone | Act::BindChat | Act::Remind => {
            in_charge && relation == Own
        }
        Act::ReadAnswers => in_charge && relation == Own,
        Act::Confirm => in_charge && tier > 0 && relation == Own,
        Act::File => in_charge && tier == 0 && relation == Own,
        Act::Review => role == Role::Leader && tier == 0 && relation == Own,
        Act::Sign => {
            !matches!(role, Role::Student | Role::Guardian | Role::Proxy) && tier == 0 && relation == Own
        }
        Act::HandleAlert => in_charge && matches!(relation, Own | Child | Below),
        Act::JudgeDone => in_charge && relation == Child,
        Act::ReadFigures if role == Role::Auditor => matches!(relation, Own | Child | Below),
        Act::ReadFigures => (in_charge || reads_along) && matches!(relation, Own | Child | Below),
        // Upward go counts; names only one tier up (F4).
        Act::ReadNames => (in_charge || reads_along) && matches!(relation, Own | Child),
        Act::ReadPhones
        | Act::NotePhone
        | Act::BeTold
        | Act::Admit
        | Act::CheckMembers
        | Act::ReportFor
        | Act::Excuse => in_charge && matches!(relation, Own | Child),
    }
}

/// The post that gives this actor the right, if one does.
pub fn grant<'a>(actor: &'a Actor, act: Act, unit: &UnitRef) -> Option<&'a Post> {
    let entitled = |post: &&Post| act != Act::Sign || post.signs;
    actor
        .posts
        .iter()
        .filter(entitled)
        .find(|post| allows(post.role, post.unit.tier, act, Relation::between(&post.unit, unit)))
}

/// Who of this actor handles an alert about somebody of `unit`, and the tier of their post: whoever has the right by a
/// post, or is among those who follow the person or a unit above (A5, E1).
pub fn alert_handler(actor: &Actor, unit: &UnitRef, followers: &[i64]) -> Option<(i64, usize)> {
    let follows =
        |post: &&Post| matches!(post.role, Role::Tutor | Role::Leader) && followers.contains(&post.person);
    let post = grant(actor, Act::HandleAlert, unit).or_else(|| actor.posts.iter().find(follows));
    post.map(|post| (post.person, post.unit.tier))
}

/// The units for which this actor is responsible, the highest tier first.
pub fn charges(actor: &Actor) -> Vec<&Post> {
    let mut posts: Vec<_> =
        actor.posts.iter().filter(|post| responsible(post.role, post.unit.tier)).collect();
    posts.sort_by_key(|post| (post.unit.tier, post.unit.id));
    posts
}

/// The whole table, a line for each role, tier and act that is allowed anywhere.
pub fn matrix() -> String {
    let mut out = String::from("# role @ tier: act -> relations of the unit acted on to the post's unit\n");
    for role in Role::ALL {
        for tier in 0..4 {
            for act in Act::ALL {
                let relations: Vec<_> = Relation::ALL
                    .into_iter()
                    .filter(|relation| allows(role, tier, act, *relation))
                    .map(|relation| format!("{relation:?}").to_lowercase())
                    .collect();
                let relations = if relations.is_empty() { "-".to_owned() } else { relations.join(" ") };
                // Writing into a String cannot fail.
                let _ = writeln!(out, "{role} @ {tier}: {} -> {relations}", act.word());
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_matrix_is_the_committed_one() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/authority.txt");
        if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
            std::fs::write(path, matrix()).expect("docs can be written");
        }
        let committed = std::fs::read_to_string(path).expect("docs/authority.txt is committed");
        assert!(committed == matrix(), "rights changed: look at the difference, then UPDATE_SNAPSHOTS=1");
    }

    #[test]
    fn students_guardians_and_foreigners_may_nothing() {
        for act in Act::ALL {
            for tier in 0..4 {
                for relation in Relation::ALL {
                    assert!(!allows(Role::Student, tier, act, relation));
                    assert!(!allows(Role::Guardian, tier, act, relation));
                }
                for role in Role::ALL {
                    assert!(!allows(role, tier, act, Relation::Foreign), "{role} {act:?}");
                }
            }
        }
    }

    #[test]
    fn a_secretary_in_a_class_is_not_in_charge_of_it() {
        assert!(!allows(Role::Secretary, 2, Act::Issue, Relation::Own));
        assert!(allows(Role::Secretary, 1, Act::JudgeDone, Relation::Child));
        assert!(!allows(Role::Leader, 0, Act::ReadNames, Relation::Below));
    }
}
