//! The use cases themselves, without Telegram: what a command, a digest and the opening of a day cost at any number of
//! people (P7, P8, P9).

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use tierline::documents::Words;
use tierline::documents::chart::png;
use tierline::documents::day::{Book, Headings, workbook};
use tierline::domain::checkin::day_id;
use tierline::domain::incoming::{ChatKind, Incoming, Place, Sender, Written};
use tierline::domain::message::Locale;
use tierline::domain::report::{ReportRights, WorkbookOrder};
use tierline::domain::roster::Role;
use tierline::engine::{Engine, Update};
use tierline::store::people;
use tierline::text::Texts;

use crate::Failure;
use crate::database::Database;
use crate::moment::now;
use crate::school::{School, passes, report_all};
use crate::table::{Bound, Table};

/// How often a command is given; the median counts.
const ROUNDS: usize = 15;

/// Plays a morning of the check-in on a database of the school, which is used up by it.
///
/// # Errors
/// When the database refuses.
pub async fn measure(table: &mut Table, school: &School, database: &Database) -> Result<(), Failure> {
    let (engine, clock) = school.engine(database).await?;
    engine.prepare_days().await?;
    let large = school.students().len() > 100_000;
    let desk = Desk { engine: &engine, school, updates: AtomicI64::new(1) };
    let (opening, slowest) =
        desk.while_updates_come(passes(&engine, &clock, Duration::from_secs(60))).await?;
    table.add(
        "P9",
        "opening the day, all questions to groups queued",
        opening,
        "s",
        Bound::AtMost(if large { 30.0 } else { 2.0 }),
    );
    table.add("P9", "an update taken meanwhile, the slowest", slowest * 1000.0, "ms", Bound::AtMost(100.0));
    let asking = desk.while_updates_come(passes(&engine, &clock, Duration::from_secs(4 * 3600))).await?;
    table.add("P9", "asking everybody in private, all queued", asking.0, "s", Bound::None);
    table.add("P9", "an update taken meanwhile, the slowest", asking.1 * 1000.0, "ms", Bound::AtMost(100.0));
    let day = day_id(engine.settings.calendar.date(engine.now()));
    let mut tx = engine.db.begin().await?;
    report_all(&engine, &mut tx, day, 20).await?;
    tx.commit().await?;
    let most = if large { (10.0, 150.0) } else { (10.0, 50.0) };
    let class = desk.command(Role::Counselor, "/status").await?;
    table.add("P7", "/status of a class", class * 1000.0, "ms", Bound::AtMost(most.0));
    let whole = desk.command(Role::Leader, "/status").await?;
    table.add("P7", "/status of the school", whole * 1000.0, "ms", Bound::AtMost(most.1));
    let digest = desk.command(Role::Leader, "/digest").await?;
    table.add("P8", "digest: figures", digest, "s", Bound::AtMost(1.0));
    desk.papers(table, day, large).await?;
    engine.db.close().await;
    Ok(())
}

/// Somebody who gives commands.
struct Desk<'d> {
    engine: &'d Engine,
    school: &'d School,
    updates: AtomicI64,
}

impl Desk<'_> {
    /// Seconds that a command takes until its answer is committed: the median of some rounds.
    async fn command(&self, role: Role, text: &str) -> Result<f64, Failure> {
        let account = self.school.account(role)?;
        let mut took = Vec::with_capacity(ROUNDS);
        for _ in 0..ROUNDS {
            took.push(self.write(account, text).await?);
        }
        took.sort_by(f64::total_cmp);
        Ok(took[ROUNDS / 2])
    }

    /// Seconds until what an account wrote is taken durably.
    async fn write(&self, account: i64, text: &str) -> Result<f64, Failure> {
        let update = self.written(account, text);
        let begun = now();
        let taken = self.engine.take(&[update]).await?;
        if taken.fresh != 1 {
            return Err(format!("{text} was not taken: {taken:?}").into());
        }
        Ok(begun.elapsed().as_secs_f64())
    }

    /// What something returns, and the longest time that an update took while it ran.
    async fn while_updates_come<T>(
        &self,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<(T, f64), Failure> {
        let account = self.school.account(Role::Counselor)?;
        let over = AtomicBool::new(false);
        let working = async {
            let done = work.await;
            over.store(true, Ordering::Relaxed);
            done
        };
        let updates = async {
            let mut slowest = 0.0_f64;
            while !over.load(Ordering::Relaxed) {
                slowest = slowest.max(self.write(account, "/today").await?);
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            Ok::<f64, Failure>(slowest)
        };
        let (done, slowest) = tokio::join!(working, updates);
        Ok((done?, slowest?))
    }

    /// The digest's chart, and the workbook of a day: of the school, or of a college in a large one.
    async fn papers(&self, table: &mut Table, day: i64, large: bool) -> Result<(), Failure> {
        let (texts, settings) = (Texts::new(), &self.engine.settings);
        let words = Words::of(&texts, Locale::ZhCn, &settings.calendar, &settings.tier_words);
        let begun = now();
        let (_, data) = self.engine.newest_digest(Locale::ZhCn).await?.ok_or("there is no day")?;
        let chart = png(&words, &data).map_err(|error| format!("no chart: {error}"))?;
        let drawn = begun.elapsed().as_secs_f64();
        let order = self.order(day, large).await?;
        let report = self.engine.ordered_report(&order).await?.ok_or("there is no day")?;
        let made_at = self.engine.now();
        let book = Book { words: &words, headings: Headings::Words, dated: false, made_at };
        let bytes = workbook(&book, &[report])?;
        let all = begun.elapsed().as_secs_f64();
        let whose = if large { "a college" } else { "the school" };
        table.add(
            "P8",
            format!("digest: figures and chart ({} KiB)", chart.len() / 1024),
            drawn,
            "s",
            Bound::None,
        );
        let what = format!("digest: figures, chart and XLSX of {whose} ({} KiB)", bytes.len() / 1024);
        table.add("P8", what, all, "s", Bound::AtMost(if large { 5.0 } else { 3.0 }));
        Ok(())
    }

    async fn order(&self, day: i64, large: bool) -> Result<WorkbookOrder, Failure> {
        let mut tx = self.engine.db.read().await?;
        let root = people::root(&mut tx).await?.ok_or("there is no school")?;
        let unit = if large {
            let below = people::subtree(&mut tx, &root, 1).await?;
            below.into_iter().find(|unit| unit.tier == 1).ok_or("there is no college")?
        } else {
            root
        };
        Ok(WorkbookOrder {
            day,
            unit: unit.id,
            name: unit.name,
            locale: Locale::ZhCn,
            rights: ReportRights::operator(),
        })
    }

    fn written(&self, account: i64, text: &str) -> Update {
        let id = self.updates.fetch_add(1, Ordering::Relaxed);
        let sender = Sender { account, name: "bench".to_owned(), is_bot: false };
        let written = Written {
            place: Place { chat: account, kind: ChatKind::Private, title: String::new() },
            message: id,
            sender: Some(sender),
            text: text.to_owned(),
            media: None,
            reply_to: None,
            reply_text: String::new(),
            reply_media: None,
            contact: None,
            location: None,
            forwarded: false,
            reply_handle: None,
            edited: false,
        };
        let incoming = Some(Incoming::Written(Box::new(written)));
        Update { bot: self.school.bot, id, kind: "message".to_owned(), raw: Vec::new(), incoming }
    }
}
