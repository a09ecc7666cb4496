//! A check-in by everybody at once: pressed, handled, answered, shown (P4), and how many calls one takes (P5).

use tierline::domain::message::Verb;

use super::{Grounds, Site, button};
use crate::Failure;
use crate::service::Manner;
use crate::table::{Bound, Table};

/// Everybody reports that nothing changed.
///
/// # Errors
/// When a process does not answer.
pub async fn measure(table: &mut Table, grounds: &Grounds<'_>) -> Result<(), Failure> {
    let manner = Manner { webhook: false, prompt: Some("private"), per_second: None };
    let mut site = Site::open(grounds, manner, None).await?;
    let people = grounds.school.students().len();
    let seen = site.until("a prompt for everybody", |seen| seen.sends >= people).await?;
    let flat_out =
        seen.span_ms.map_or(f64::NAN, |(first, last)| seen.sends as f64 * 1000.0 / (last - first) as f64);
    table.add("P4", "prompts sent without limits", flat_out, "calls/s", Bound::None);
    let accounts: Vec<i64> = grounds.school.students().into_iter().map(|(account, _)| account).collect();
    let prompts = site.telegram.buttons(accounts)?;
    let presses: Vec<_> = prompts
        .iter()
        .filter_map(|shown| Some((shown.chat, shown.chat, shown.message, button(shown, Verb::Same, None)?)))
        .collect();
    let count = presses.len();
    if count * 10 < people * 9 {
        return Err(format!("only {count} of {people} are offered to report no change").into());
    }
    site.telegram.watch("")?;
    let processor = site.service.processor()?;
    let begun = crate::moment::now();
    site.telegram.press(presses)?;
    site.until("an edit for every press", |seen| seen.edits >= count).await?;
    let took = begun.elapsed().as_secs_f64();
    let seen = site.telegram.seen()?;
    let answered = seen.answers as f64 / count as f64;
    table.add("P4", "of them answered while Telegram still takes it", answered, "", Bound::AtLeast(0.99));
    table.add(
        "P4",
        "presses handled, answered and shown",
        count as f64 / took,
        "presses/s",
        Bound::AtLeast(5_000.0),
    );
    table.add("P4", "calls refused by the sandbox", seen.refused as f64, "calls", Bound::AtMost(0.0));
    let cost = (site.service.processor()? - processor) / count as f64 * 1e6;
    table.add("P4", "processor time of the service for one", cost, "µs", Bound::None);
    let calls = 1.0 + (seen.answers + seen.edits + seen.sends) as f64 / count as f64;
    table.add("P5", "calls for a check-in, nothing changed", calls, "calls", Bound::AtMost(3.0));
    site.close(grounds).await
}
