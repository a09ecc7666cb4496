//! What must be there: rows of the outbox and timers that somebody deleted by hand (R23).

use std::collections::{BTreeMap, BTreeSet};

use super::people::id_list;
use super::seal::Sealer;
use super::timers::{NewTimer, TimerKey};
use super::{Result, Tx};
use crate::args;
use crate::domain::directive::Directive;
use crate::domain::message::{Letter, Time};

/// So many unfinished rows are looked after; beyond that the oldest.
const MOST: usize = 50_000;

/// A call that is not finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// send, edit, answer …
    pub op: String,
    /// 0 for what belongs to no chat.
    pub chat: i64,
    /// What it sends or edits.
    pub message: Option<i64>,
}

/// Everything that is not finished at a moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unfinished {
    pub calls: BTreeMap<i64, Call>,
    pub timers: BTreeMap<TimerKey, Time>,
}

/// Reads what is not finished.
///
/// # Errors
/// When the database refuses.
pub async fn unfinished(tx: &mut Tx) -> Result<Unfinished> {
    let calls = tx
        .all(
            "SELECT id, op, chat, message FROM outbox WHERE state IN ('queued', 'flight', 'held') ORDER BY id LIMIT $1",
            args![MOST],
            |row| {
                let call = Call { op: row.get("op")?, chat: row.get("chat")?, message: row.get("message")? };
                Ok((row.get("id")?, call))
            },
        )
        .await?;
    let timers = tx
        .all(
            "SELECT kind, subject, version, step, due_at FROM timers WHERE state = 'waiting' ORDER BY due_at LIMIT $1",
            args![MOST],
            |row| {
                let key = (row.get("kind")?, row.get("subject")?, row.get("version")?, row.get("step")?);
                Ok((key, row.get("due_at")?))
            },
        )
        .await?;
    Ok(Unfinished { calls: calls.into_iter().collect(), timers: timers.into_iter().collect() })
}

/// Which of these calls are in the outbox, finished or not.
///
/// # Errors
/// When the database refuses.
pub async fn calls_there(tx: &mut Tx, ids: &[i64]) -> Result<BTreeSet<i64>> {
    let found = tx
        .all(
            "SELECT id FROM outbox WHERE id IN (SELECT CAST(value->>'id' AS BIGINT) FROM json_each($1))",
            args![id_list(ids)],
            |row| row.get("id"),
        )
        .await?;
    Ok(found.into_iter().collect())
}

/// Whether a call is gone because what it was for was erased on purpose: its message, or the account.
///
/// # Errors
/// When the database refuses.
pub async fn was_erased(tx: &mut Tx, call: &Call) -> Result<bool> {
    let found = tx
        .maybe(
            "SELECT CAST(1 AS BIGINT) AS x WHERE (CAST($1 AS BIGINT) IS NULL OR EXISTS (SELECT 1 FROM messages WHERE id = $1)) \
             AND ($2 <= 0 OR EXISTS (SELECT 1 FROM accounts WHERE account = $2))",
            args![call.message, call.chat],
            |row| row.get::<i64>("x"),
        )
        .await?;
    Ok(found.is_none())
}

/// Which timers there are of these subjects, fired or not.
///
/// # Errors
/// When the database refuses.
pub async fn timers_there(tx: &mut Tx, kinds: &[&str], subjects: &[i64]) -> Result<BTreeSet<TimerKey>> {
    let kinds: Vec<_> = kinds.iter().map(|kind| serde_json::json!({ "kind": kind })).collect();
    let found = tx
        .all(
            "SELECT t.kind, t.subject, t.version, t.step FROM json_each($1) k CROSS JOIN json_each($2) s \
             JOIN timers t ON t.kind = k.value->>'kind' AND t.subject = CAST(s.value->>'id' AS BIGINT)",
            args![serde_json::Value::from(kinds).to_string(), id_list(subjects)],
            |row| Ok((row.get("kind")?, row.get("subject")?, row.get("version")?, row.get("step")?)),
        )
        .await?;
    Ok(found.into_iter().collect())
}

/// A message that was neither sent nor waits to be.
#[derive(Debug, Clone, PartialEq)]
pub struct Unsent {
    pub id: i64,
    pub bot: i64,
    pub chat: i64,
    pub kind: String,
    pub letter: Letter,
    pub made_at: Time,
}

/// Messages made since `since` that no row of the outbox was made for, or whose row is gone.
///
/// # Errors
/// When the database refuses or the key does not fit.
pub async fn unsent(tx: &mut Tx, sealer: &Sealer, since: Time) -> Result<Vec<Unsent>> {
    tx.all(
        "SELECT m.id, m.bot, m.chat, m.kind, m.body, m.made_at FROM \
             (SELECT id, bot, chat, kind, body, made_at FROM messages WHERE tg_id IS NULL AND made_at >= $1 \
              ORDER BY made_at DESC LIMIT $2) m \
         WHERE NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message = m.id) ORDER BY m.id",
        args![since, MOST],
        |row| {
            Ok(Unsent {
                id: row.get("id")?,
                bot: row.get("bot")?,
                chat: row.get("chat")?,
                kind: row.get("kind")?,
                letter: sealer.open_json(&row.get::<String>("body")?)?,
                made_at: row.get("made_at")?,
            })
        },
    )
    .await
}

/// A leg whose timers can be reckoned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expecting {
    pub leg: i64,
    pub directive: i64,
    /// Since when its present text waits for answers, and until when they are due; `None` while it waits above.
    pub open: Option<(Time, Time)>,
    /// When it goes down by itself.
    pub relay_at: Option<Time>,
}

/// Legs of running directives that are open and due after `since`, or wait to go down by themselves.
///
/// # Errors
/// When the database refuses.
pub async fn expecting(tx: &mut Tx, since: Time) -> Result<Vec<Expecting>> {
    let mut legs = tx
        .all(
            "SELECT l.id, l.directive, l.due_at, \
                    CASE WHEN r.at > l.arrived_at THEN r.at ELSE l.arrived_at END AS begun_at \
             FROM legs l JOIN directives d ON d.id = l.directive AND d.state = 'sent' \
             LEFT JOIN revisions r ON r.directive = d.id AND r.revision = d.revision \
             WHERE l.state = 'arrived' AND l.acked < l.must AND l.due_at > $1",
            args![since],
            |row| {
                let (begun, due): (Option<Time>, Option<Time>) = (row.get("begun_at")?, row.get("due_at")?);
                let (leg, directive) = (row.get("id")?, row.get("directive")?);
                Ok(Expecting { leg, directive, open: begun.zip(due), relay_at: None })
            },
        )
        .await?;
    let waiting = tx
        .all(
            "SELECT l.id, l.directive, l.relay_at FROM legs l JOIN directives d ON d.id = l.directive AND d.state = 'sent' \
             WHERE l.state = 'waiting' AND l.relay_at IS NOT NULL",
            args![],
            |row| {
                let (leg, directive) = (row.get("id")?, row.get("directive")?);
                Ok(Expecting { leg, directive, open: None, relay_at: row.get("relay_at")? })
            },
        )
        .await?;
    legs.extend(waiting);
    Ok(legs)
}

/// The timers that a leg must have.
pub fn timers_of(directive: &Directive, leg: &Expecting) -> Vec<NewTimer> {
    let timer =
        |kind, step, due_at| NewTimer { kind, subject: leg.leg, version: directive.revision, step, due_at };
    let steps = directive.fixed.as_ref().map(|fixed| fixed.policy.steps.as_slice());
    let mut timers = Vec::new();
    if let (Some(steps), Some((begun, due))) = (steps, leg.open) {
        let planned = crate::domain::escalation::plan_within(steps, due - begun, begun);
        timers.extend(planned.iter().map(|planned| timer("step", planned.timer_step(), planned.at)));
    }
    timers.extend(leg.relay_at.map(|at| timer("relay", 0, at)));
    timers
}

/// Two processes that mend at once wait for one another, so that nothing is made twice.
///
/// # Errors
/// When the database refuses.
pub async fn wait_for_turn(tx: &mut Tx) -> Result<()> {
    tx.execute(
        "INSERT INTO settings (name, value) VALUES ('auditor', '') ON CONFLICT (name) DO UPDATE SET value = settings.value",
        args![],
    )
    .await
    .map(drop)
}
