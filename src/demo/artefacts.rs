//! What a played demo leaves behind: the workbook of receipts, a summary, the audit log, the metrics.

use std::path::Path;

use super::{DemoError, Options};
use crate::app::App;
use crate::documents::receipts::{Words, workbook};
use crate::domain::report::{LegRow, ReceiptRow};
use crate::store::{audit, directives, report};

/// Audit entries read at once.
const PAGE: i64 = 1000;

/// Writes the artefacts; returns the summary.
pub async fn write(app: &App, options: &Options) -> Result<String, DemoError> {
    let mut tx = app.engine.db.read().await?;
    let mut summary = String::new();
    for id in report::sent(&mut tx).await? {
        let directive = directives::known(&mut tx, id).await?;
        let receipts = report::receipts(&mut tx, id).await?;
        let legs = report::legs(&mut tx, id).await?;
        let settings = &app.engine.settings;
        let words = Words::of(&app.texts, options.locale, &settings.calendar, &settings.tier_words);
        let name = format!("directive-{}-{}.xlsx", directive.number.year, directive.number.number);
        save(&options.out.join(name), &workbook(&words, &receipts, &legs)?)?;
        summary.push_str(&told(&words, &directive.text, &receipts, &legs));
    }
    drop(tx);
    if let Some(digest) = super::papers::write(app, options).await? {
        summary.push_str(&format!("\n{digest}\n"));
    }
    save(&options.out.join("summary.txt"), summary.as_bytes())?;
    save(&options.out.join("audit.jsonl"), audit_log(app).await?.as_bytes())?;
    save(&options.out.join("metrics.txt"), crate::telemetry::render_metrics().as_bytes())?;
    Ok(summary)
}

pub(super) fn save(path: &Path, bytes: &[u8]) -> Result<(), DemoError> {
    std::fs::write(path, bytes).map_err(DemoError::file(path))
}

/// A line for each tier: how many units it reached, how many received it, how late, after how many reminders.
fn told(words: &Words<'_>, text: &str, receipts: &[ReceiptRow], legs: &[LegRow]) -> String {
    let mut out = format!("{text}\n\n");
    for (position, tier) in words.tiers.iter().enumerate() {
        let here: Vec<_> = receipts.iter().filter(|row| row.tier == position).collect();
        let arrived = legs.iter().filter(|leg| leg.tier == position && leg.arrived_at.is_some()).count();
        let count =
            |fits: &dyn Fn(&ReceiptRow) -> bool| here.iter().filter(|row| fits(row)).count().to_string();
        let reminders: u32 = here.iter().map(|row| row.reminders).sum();
        let values = [
            ("tier", tier.clone()),
            ("units", arrived.to_string()),
            ("acked", count(&|row| row.acked_at.is_some())),
            ("must", here.len().to_string()),
            ("late", count(&|row| row.late)),
            ("phone", count(&|row| row.way == "phone")),
            ("reminders", reminders.to_string()),
            ("escalated", count(&|row| row.escalated_at.is_some())),
        ];
        out.push_str(&words.texts.phrase(words.locale, "demo-tier", &values));
        out.push('\n');
    }
    out
}

async fn audit_log(app: &App) -> Result<String, DemoError> {
    let mut tx = app.engine.db.read().await?;
    let (mut out, mut seq) = (String::new(), 0);
    loop {
        let entries = audit::after(&mut tx, seq, PAGE).await?;
        let Some(last) = entries.last() else { return Ok(out) };
        seq = last.seq;
        for entry in &entries {
            out.push_str(&serde_json::to_string(entry).expect("an audit entry is plain data"));
            out.push('\n');
        }
    }
}
