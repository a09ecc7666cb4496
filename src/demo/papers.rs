//! The papers of a played day: the digest's text and chart, and the day's workbook.

use super::artefacts::save;
use super::{DemoError, Options};
use crate::app::App;
use crate::documents::Words;
use crate::documents::chart::png;
use crate::documents::day::{Book, Headings, file_name, workbook};
use crate::domain::checkin::day_id;
use crate::domain::message::Locale;
use crate::domain::report::{ReportRights, WorkbookOrder};
use crate::store::people;
use crate::text::Context;

/// Writes `digest.txt`, `chart.png` and the workbook of the newest day; returns the digest. `None` without a check-in.
pub async fn write(app: &App, options: &Options) -> Result<Option<String>, DemoError> {
    let locale = options.locale;
    let Some((letter, data)) = app.engine.newest_digest(locale).await? else { return Ok(None) };
    let settings = &app.engine.settings;
    let context = Context {
        handle: 0,
        repeat: false,
        calendar: &settings.calendar,
        now: app.engine.now(),
        bot_username: "",
    };
    let text = app.texts.render(&letter, &context).text;
    save(&options.out.join("digest.txt"), text.as_bytes())?;
    let words = Words::of(&app.texts, locale, &settings.calendar, &settings.tier_words);
    let unwritten = |error: &dyn std::fmt::Display| DemoError::Stuck(error.to_string());
    let chart = png(&words, &data).map_err(|error| unwritten(&error))?;
    save(&options.out.join("chart.png"), &chart)?;
    if let Some(order) = order(app, day_id(data.date), locale).await?
        && let Some(report) = app.engine.ordered_report(&order).await?
    {
        let book = Book { words: &words, headings: Headings::Words, dated: false, made_at: app.engine.now() };
        let bytes = workbook(&book, &[report]).map_err(|error| unwritten(&error))?;
        save(&options.out.join(file_name(&order.name, data.date)), &bytes)?;
    }
    Ok(Some(text))
}

/// Everything of the whole school, as the operator gets it at the shell.
async fn order(app: &App, day: i64, locale: Locale) -> Result<Option<WorkbookOrder>, DemoError> {
    let root = people::root(&mut app.engine.db.read().await?).await?;
    let order = |root: crate::domain::person::UnitRef| WorkbookOrder {
        day,
        unit: root.id,
        name: root.name,
        locale,
        rights: ReportRights::operator(),
    };
    Ok(root.map(order))
}
