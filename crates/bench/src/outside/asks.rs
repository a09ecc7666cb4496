//! How a school is asked: class groups first (P6), and twenty thousand prompts at the permitted rate (P1).

use super::{Grounds, Site};
use crate::Failure;
use crate::sandbox::Seen;
use crate::service::Manner;
use crate::table::{Bound, Table};

/// How many prompts are sent within a limit that the service does not know.
const HIDDEN: usize = 1_200;
/// Telegram's published limit.
pub const PUBLISHED: usize = 30;

/// A school asked in its class groups, at Telegram's own rate.
///
/// # Errors
/// When a process does not answer.
pub async fn groups(table: &mut Table, grounds: &Grounds<'_>) -> Result<(), Failure> {
    let manner = Manner { webhook: false, prompt: Some("group_then_private"), per_second: Some(PUBLISHED) };
    let classes = grounds.school.classes();
    let mut site = Site::open(grounds, manner, None).await?;
    let seen = site.until("the question in every class", |seen| seen.sends >= classes).await?;
    let what = format!("a school asked, {classes} class groups, at {PUBLISHED}/s");
    table.add("P6", what, seconds(&seen), "s", Bound::AtMost(60.0));
    table.add("P6", "calls refused meanwhile", seen.refused as f64, "calls", Bound::AtMost(0.0));
    site.close(grounds).await
}

fn seconds(seen: &Seen) -> f64 {
    seen.span_ms.map_or(f64::NAN, |(first, last)| (last - first) as f64 / 1000.0)
}

/// Prompts to everybody at the permitted rate, then with a limit that is lower than the service knows.
///
/// # Errors
/// When a process does not answer.
pub async fn rate(table: &mut Table, grounds: &Grounds<'_>) -> Result<(), Failure> {
    let rate = grounds.rate;
    let manner = Manner { webhook: false, prompt: Some("private"), per_second: Some(rate) };
    let people = grounds.school.students().len();
    let mut site = Site::open(grounds, manner, None).await?;
    let processor = site.service.processor()?;
    let seen = site.until("a prompt for everybody", |seen| seen.sends >= people).await?;
    let share = (seen.sends - 1) as f64 / seconds(&seen) / rate as f64;
    table.add("P1", format!("share of {rate}/s used over {people} prompts"), share, "", Bound::AtLeast(0.98));
    table.add("P1", "429 among them", seen.too_many as f64, "calls", Bound::AtMost(0.0));
    let cost = (site.service.processor()? - processor) / people as f64 * 1e6;
    table.add("P1", "processor time of the service for a prompt", cost, "µs", Bound::None);
    site.close(grounds).await?;
    let (hidden, some) = (PUBLISHED * 2 / 3, HIDDEN.min(people));
    let manner = Manner { per_second: Some(PUBLISHED), ..manner };
    let mut site = Site::open(grounds, manner, Some(hidden)).await?;
    let seen = site.until("the prompts within a hidden limit", |seen| seen.sends >= some).await?;
    let share = (seen.sends - 1) as f64 / seconds(&seen) / hidden as f64;
    let what = format!("share of a hidden limit of {hidden}/s used over {some} prompts");
    table.add("P1", what, share, "", Bound::AtLeast(0.90));
    table.add("P1", "429 among them", seen.too_many as f64, "calls", Bound::AtMost(5.0));
    site.close(grounds).await
}
