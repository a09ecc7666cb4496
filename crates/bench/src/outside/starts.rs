//! Starting, stopping dead and going on (P11), an urgent directive that overtakes twenty thousand prompts (P2), and the
//! memory of it (P10).

use std::time::Duration;

use tierline::domain::message::Verb;
use tierline::domain::roster::Role;

use super::asks::PUBLISHED;
use super::{Grounds, Site};
use crate::Failure;
use crate::moment::{now, wall_ms};
use crate::service::Manner;
use crate::table::{Bound, Table};

/// What an urgent directive says.
const URGENT: &str = "立即停止一切线下活动";
/// How long an idle service is watched.
const IDLE: Duration = Duration::from_secs(5);
/// Updates that came while the service was away.
const MISSED: usize = 20_000;

/// Plays these one after another.
///
/// # Errors
/// When a process does not answer.
pub async fn measure(table: &mut Table, grounds: &Grounds<'_>) -> Result<(), Failure> {
    let idle = Manner { webhook: false, prompt: None, per_second: Some(PUBLISHED) };
    let site = Site::open(grounds, idle, None).await?;
    table.add("P11", "start to ready", site.service.ready_after, "s", Bound::AtMost(0.3));
    tokio::time::sleep(IDLE).await;
    table.add("P10", "resident memory, idle", site.service.memory()?.0, "MiB", Bound::AtMost(40.0));
    let asking = Manner { prompt: Some("private"), ..idle };
    let site = site.restart(grounds, asking).await?;
    let site = urgent(table, grounds, site).await?;
    let site = killed(table, grounds, site).await?;
    site.close(grounds).await?;
    missed(table, grounds).await
}

/// An urgent directive to the whole school while everybody is being asked.
async fn urgent(table: &mut Table, grounds: &Grounds<'_>, mut site: Site) -> Result<Site, Failure> {
    let leader = grounds.school.account(Role::Leader)?;
    let groups = grounds.school.groups.len();
    site.until("the first prompts", |seen| seen.sends >= PUBLISHED).await?;
    // Everything is queued by then: the batches follow one another at once.
    tokio::time::sleep(Duration::from_secs(5)).await;
    site.telegram.write(leader, leader, &format!("/directive {URGENT}"), 1)?;
    site.presses(leader, Verb::To, Some(2)).await?;
    site.presses(leader, Verb::Urgent, None).await?;
    settles(&mut site).await?;
    site.presses(leader, Verb::Send, None).await?;
    // The whole school is confirmed a second time (S17).
    settles(&mut site).await?;
    site.telegram.watch(URGENT)?;
    let sent = wall_ms();
    site.presses(leader, Verb::Send, None).await?;
    let seen = site.until("the directive in every group", |seen| seen.groups >= groups).await?;
    let after = |at: Option<i64>| at.map_or(f64::NAN, |at| (at - sent) as f64 / 1000.0);
    table.add(
        "P2",
        "urgent directive behind queued prompts: first message",
        after(seen.first_ms),
        "s",
        Bound::AtMost(1.0),
    );
    let what = format!("the same in all {} groups, at {PUBLISHED}/s", seen.groups);
    table.add("P2", what, after(seen.groups_ms), "s", Bound::AtMost(20.0));
    let (now, most) = site.service.memory()?;
    table.add("P10", "resident memory, everybody being asked", now, "MiB", Bound::AtMost(150.0));
    table.add("P10", "resident memory, the most so far", most, "MiB", Bound::AtMost(150.0));
    Ok(site)
}

/// Waits until the bot has been quiet for a moment as far as answers and edits go.
async fn settles(site: &mut Site) -> Result<(), Failure> {
    let answered = site.telegram.seen()?.edits;
    site.until("an edit of the preview", |seen| seen.edits > answered).await.map(drop)
}

/// Killed while nearly everything is still queued.
async fn killed(table: &mut Table, grounds: &Grounds<'_>, mut site: Site) -> Result<Site, Failure> {
    site.telegram.watch("")?;
    let manner = site.manner;
    let begun = wall_ms();
    let mut site = site.restart(grounds, manner).await?;
    let seen = site
        .until("a send after the restart", |seen| seen.span_ms.is_some_and(|(_, last)| last >= begun + 50));
    let seen = seen.await?;
    let first = seen.span_ms.map_or(f64::NAN, |(first, _)| (first.max(begun) - begun) as f64 / 1000.0);
    let bound =
        if site.database.url.starts_with("sqlite") { Bound::AtMost(1.0) } else { Bound::AtMost(11.0) };
    table.add("P11", "killed with prompts queued, to the next send", first, "s", bound);
    Ok(site)
}

/// An outage: what came meanwhile is taken.
async fn missed(table: &mut Table, grounds: &Grounds<'_>) -> Result<(), Failure> {
    let idle = Manner { webhook: false, prompt: None, per_second: Some(PUBLISHED) };
    let mut site = Site::open(grounds, idle, None).await?;
    site.service.kill()?;
    let students = grounds.school.students();
    let each = MISSED.div_ceil(students.len());
    for (account, chat) in students.iter().take(MISSED / each) {
        site.telegram.write(*account, *chat, "早上好", each)?;
    }
    let begun = now();
    site.service =
        crate::service::Service::start(&grounds.school.place(&site.database), idle, &site.telegram.hello)
            .await?;
    site.until("the last of them is taken", |seen| seen.pending == 0).await?;
    let took = begun.elapsed().as_secs_f64();
    table.add("P11", format!("{MISSED} updates of an outage taken, by polling"), took, "s", Bound::None);
    table.add("P11", "so many updates a second", MISSED as f64 / took, "updates/s", Bound::None);
    site.close(grounds).await
}
