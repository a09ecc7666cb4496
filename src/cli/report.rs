//! `report`: a day's workbook, or a unit's ledger over a range of days (section 1 of the manual; D5). The operator at the
//! shell reads everything: that it was written is kept in the audit.

use std::io::Write;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, ValueEnum};
use serde_json::json;

use super::{Context, Failure, Outcome};
use crate::app::settings;
use crate::documents::day::{Book, Headings, workbook};
use crate::documents::{Words, write_private};
use crate::domain::checkin::day_id;
use crate::domain::message::Time;
use crate::domain::person::UnitRef;
use crate::domain::report::{DayReport, ReportRights};
use crate::engine::Settings;
use crate::store::report::day::{Wanted, day};
use crate::store::seal::Sealer;
use crate::store::{Db, Tx, audit, people};
use crate::text::Texts;

/// The longest range: a year of days.
const MOST_DAYS: usize = 366;

#[derive(Args)]
pub struct Arguments {
    /// The day, as 2026-11-23
    #[arg(long, value_name = "DATE", required_unless_present = "from", conflicts_with_all = ["from", "to"])]
    date: Option<NaiveDate>,
    /// The first day of a range
    #[arg(long, value_name = "DATE", requires = "to")]
    from: Option<NaiveDate>,
    /// The last day of a range
    #[arg(long, value_name = "DATE", requires = "from")]
    to: Option<NaiveDate>,
    /// Only this unit and all below it
    #[arg(long, value_name = "CODE")]
    unit: Option<String>,
    /// Headings, sheet names and states in the school's language, or as keys for programs
    #[arg(long, value_enum, default_value = "words")]
    headings: HeadingsArgument,
    /// Where to write the workbook
    #[arg(long, value_name = "FILE.xlsx")]
    out: PathBuf,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum HeadingsArgument {
    Words,
    Keys,
}

/// Writes the workbook.
pub async fn run(arguments: &Arguments, context: &Context) -> Outcome {
    if arguments.out.extension().is_none_or(|end| !end.eq_ignore_ascii_case("xlsx")) {
        return Err(Failure::wrong_usage(format!("--out {}: must end in .xlsx", arguments.out.display())));
    }
    let dates = dates(arguments)?;
    let settings = settings(&context.config).map_err(Failure::wrong_usage)?;
    let (db, sealer) = (context.database().await?, context.sealer()?);
    let written = write(arguments, &dates, &settings, (&db, &sealer), context.clock.now()).await;
    db.close().await;
    let days = written?;
    let count = match days {
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    };
    writeln!(std::io::stdout().lock(), "{}: {count}", arguments.out.display())?;
    Ok(())
}

fn dates(arguments: &Arguments) -> Result<Vec<NaiveDate>, Failure> {
    let (Some(first), Some(last)) = (arguments.date.or(arguments.from), arguments.date.or(arguments.to))
    else {
        return Err(Failure::wrong_usage("give --date, or --from and --to"));
    };
    if last < first {
        return Err(Failure::wrong_usage(format!("--to {last} lies before --from {first}")));
    }
    let dates: Vec<NaiveDate> =
        first.iter_days().take_while(|date| *date <= last).take(MOST_DAYS + 1).collect();
    if dates.len() > MOST_DAYS {
        return Err(Failure::wrong_usage(format!(
            "--from {first} --to {last}: at most {MOST_DAYS} days at once"
        )));
    }
    Ok(dates)
}

/// Returns of how many days the workbook tells.
async fn write(
    arguments: &Arguments,
    dates: &[NaiveDate],
    settings: &Settings,
    (db, sealer): (&Db, &Sealer),
    now: Time,
) -> Result<usize, Failure> {
    let mut tx = db.figures().await?;
    let unit = unit(&mut tx, arguments.unit.as_deref()).await?;
    let days = read(&mut tx, sealer, settings, &unit, dates).await?;
    drop(tx);
    let (Some(first), Some(last)) = (dates.first(), dates.last()) else {
        return Err(Failure::wrong_usage("give --date, or --from and --to"));
    };
    if days.is_empty() {
        let span = if first == last { format!("on {first}") } else { format!("from {first} to {last}") };
        let whose = arguments.unit.as_ref().map(|code| format!(" for unit {code}")).unwrap_or_default();
        return Err(Failure::failed(format!("there was no check-in {span}{whose}")));
    }
    let texts = Texts::new();
    let book = Book {
        words: &Words::of(&texts, settings.locale, &settings.calendar, &settings.tier_words),
        headings: match arguments.headings {
            HeadingsArgument::Words => Headings::Words,
            HeadingsArgument::Keys => Headings::Keys,
        },
        dated: arguments.from.is_some(),
        made_at: now,
    };
    let bytes = workbook(&book, &days).map_err(Failure::failed)?;
    // The entry first: a workbook that nobody knows of must not exist.
    let detail = json!({"from": first, "to": last, "days": days.len(), "answers": true, "phones": true});
    record(db, &unit, detail, now).await?;
    write_private(&arguments.out, &bytes)
        .map_err(|error| Failure::failed(format!("{}: {error}", arguments.out.display())))?;
    Ok(days.len())
}

async fn unit(tx: &mut Tx, code: Option<&str>) -> Result<UnitRef, Failure> {
    match code {
        Some(code) => people::unit_by_code(tx, code)
            .await?
            .ok_or_else(|| Failure::failed(format!("--unit: no unit has the code \"{code}\""))),
        None => people::root(tx)
            .await?
            .ok_or_else(|| Failure::failed("there is no roster yet: tierline roster import FILE")),
    }
}

async fn read(
    tx: &mut Tx,
    sealer: &Sealer,
    settings: &Settings,
    unit: &UnitRef,
    dates: &[NaiveDate],
) -> Result<Vec<DayReport>, Failure> {
    let (rights, tiers) = (ReportRights::operator(), settings.tier_keys());
    let mut days = Vec::new();
    for date in dates {
        let wanted = Wanted {
            day: day_id(*date),
            unit: unit.id,
            school: &settings.school,
            tiers: &tiers,
            locale: settings.locale,
            rights: &rights,
            span: settings.calendar.span(*date),
        };
        days.extend(day(tx, sealer, &wanted).await?);
    }
    Ok(days)
}

async fn record(db: &Db, unit: &UnitRef, detail: serde_json::Value, now: Time) -> Outcome {
    let mut tx = db.begin().await?;
    let entry = audit::NewEntry {
        actor: 0,
        account: 0,
        act: "export.report".to_owned(),
        subject: format!("unit:{}", unit.code),
        detail,
    };
    audit::append(&mut tx, &[entry], now).await?;
    Ok(tx.commit().await?)
}
