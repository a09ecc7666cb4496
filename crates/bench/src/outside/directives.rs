//! Taking updates by webhook: acknowledgements of a directive by everybody, and words in groups that mean nothing (P3).

use serde_json::json;
use tierline::domain::message::Verb;
use tierline::domain::roster::Role;

use super::{Grounds, Site, button};
use crate::Failure;
use crate::post::{self, Load};
use crate::service::Manner;
use crate::table::{Bound, Table};

/// As many connections as Telegram opens at most.
const CONNECTIONS: usize = 100;
/// What the directive says.
const TEXT: &str = "未经批准不得提前返校";
/// Update numbers that the sandbox does not give.
const FIRST: i64 = 900_000_000;

/// A directive to everybody, acknowledged by all students at once.
///
/// # Errors
/// When a process does not answer.
pub async fn intake(table: &mut Table, grounds: &Grounds<'_>) -> Result<(), Failure> {
    let mut site = with_directive(grounds).await?;
    let students = grounds.school.students();
    let mut chats: Vec<i64> = students.iter().map(|(_, chat)| *chat).collect();
    chats.dedup();
    let cards = site.telegram.buttons(chats)?;
    let mut bodies = Vec::with_capacity(students.len());
    for (id, (account, chat)) in (FIRST..).zip(&students) {
        let card = cards.iter().find(|card| card.chat == *chat).ok_or("a class has no card")?;
        let data = button(card, Verb::Ack, None).ok_or("a card has no button")?;
        bodies.push(pressed(id, *account, (*chat, card.message), &data));
    }
    // Everybody of a class presses at another moment than the next one.
    spread(&mut bodies);
    let processor = site.service.processor()?;
    let load = post::post(site.service.address, bodies, CONNECTIONS).await?;
    add(table, "acknowledgements", &load);
    let cost = (site.service.processor()? - processor) / students.len() as f64 * 1e6;
    table.add("P3", "processor time of the service for one", cost, "µs", Bound::None);
    let first = FIRST + 1_000_000;
    let mut bodies: Vec<Vec<u8>> = (first..)
        .zip(&students)
        .map(|(id, (account, chat))| written(id, *account, *chat, "大家早上好"))
        .collect();
    spread(&mut bodies);
    let load = post::post(site.service.address, bodies, CONNECTIONS).await?;
    add(table, "words in groups", &load);
    site.close(grounds).await
}

fn add(table: &mut Table, what: &str, load: &Load) {
    table.add("P3", format!("{what} taken durably"), load.per_second, "updates/s", Bound::AtLeast(10_000.0));
    table.add("P3", format!("{what}: median of the webhook's answer"), load.median_ms, "ms", Bound::None);
    table.add("P3", format!("{what}: 99th percentile"), load.p99_ms, "ms", Bound::AtMost(50.0));
    table.add(
        "P3",
        format!("{what}: asked to come again"),
        load.refused as f64,
        "updates",
        Bound::AtMost(0.0),
    );
}

/// A service in whose class groups a directive waits to be acknowledged; from then on updates come by webhook.
async fn with_directive(grounds: &Grounds<'_>) -> Result<Site, Failure> {
    let polling = Manner { webhook: false, prompt: None, per_second: None };
    let mut site = Site::open(grounds, polling, None).await?;
    let leader = grounds.school.account(Role::Leader)?;
    let groups = grounds.school.groups.len();
    site.telegram.watch(TEXT)?;
    site.telegram.write(leader, leader, &format!("/directive {TEXT}"), 1)?;
    for verb in [Verb::To, Verb::Urgent, Verb::Send, Verb::Send] {
        let edits = site.telegram.seen()?.edits;
        site.presses(leader, verb, (verb == Verb::To).then_some(2)).await?;
        site.until("an edit of the preview", |seen| seen.edits > edits).await?;
    }
    site.until("the directive in every group", |seen| seen.groups >= groups).await?;
    site.restart(grounds, Manner { webhook: true, ..polling }).await
}

/// Takes them in another order: as if every class were shuffled into the others.
fn spread(bodies: &mut Vec<Vec<u8>>) {
    let step = 7919;
    let count = bodies.len();
    let mut old: Vec<Option<Vec<u8>>> = std::mem::take(bodies).into_iter().map(Some).collect();
    for n in 0..count {
        bodies.extend(old[n * step % count].take());
    }
    bodies.extend(old.into_iter().flatten());
}

fn sender(account: i64) -> serde_json::Value {
    json!({"id": account, "is_bot": false, "first_name": "学生"})
}

fn group(chat: i64) -> serde_json::Value {
    json!({"id": chat, "type": "supergroup", "title": "班级"})
}

fn pressed(id: i64, account: i64, (chat, message): (i64, i64), data: &str) -> Vec<u8> {
    let message = json!({"message_id": message, "date": 1, "chat": group(chat), "text": "x"});
    json!({"update_id": id, "callback_query": {
        "id": format!("bench{id}"), "from": sender(account), "chat_instance": "1", "message": message, "data": data}})
    .to_string()
    .into_bytes()
}

fn written(id: i64, account: i64, chat: i64, text: &str) -> Vec<u8> {
    json!({"update_id": id, "message": {
        "message_id": id - FIRST, "date": 1, "from": sender(account), "chat": group(chat), "text": text}})
    .to_string()
    .into_bytes()
}
