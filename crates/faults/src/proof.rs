//! What must hold after a day, whatever befell it: nothing taken is missing, nothing confirmed is lost, the figures are
//! those of a calm day, and what came twice says so.

use std::collections::{BTreeMap, BTreeSet};

use calamine::{Data, Range, Reader, Xlsx, open_workbook};
use tierline::args;

use crate::day::{DATE, Day};
use crate::{Outcome, ensure};

/// The figures of the day's workbook: a line for each unit, and for each directive in each unit.
pub type Figures = BTreeMap<String, String>;

/// What a day came to.
#[derive(Debug, Clone, Default)]
pub struct Sum {
    pub figures: Figures,
    /// Messages that say that they may be repeats.
    pub repeats: usize,
    /// Updates that Telegram was told were received.
    pub taken: usize,
    /// Errands that people saw done.
    pub confirmed: usize,
}

impl Sum {
    /// In words.
    pub fn text(&self) -> String {
        let Sum { taken, confirmed, repeats, .. } = self;
        format!("{taken} updates taken, L1 = 0; {confirmed} acts confirmed, L2 = 0; {repeats} marked repeats")
    }
}

impl Day {
    /// Stops the program, proves what must hold and reads the figures.
    ///
    /// # Errors
    /// When something does not hold.
    pub async fn ends(mut self) -> Outcome<Sum> {
        self.comes_to_rest().await?;
        self.is_ready().await?;
        self.service.is_stopped().await?;
        let sum = self.proves().await?;
        self.db.close().await;
        self.place.is_left().await?;
        Ok(sum)
    }

    /// Proves what must hold, while the program does not run.
    ///
    /// # Errors
    /// When something does not hold.
    pub async fn proves(&self) -> Outcome<Sum> {
        let taken = self.nothing_taken_is_missing().await?;
        let confirmed = self.nothing_confirmed_is_lost().await?;
        let repeats = self.repeats_say_so().await?;
        let violations = self.stage.sandbox.violations();
        ensure!(violations.is_empty(), "calls against the reference: {violations:?}");
        let secret = self.stage.bot.token();
        ensure!(!self.place.log().contains(secret), "the token is in the log");
        ensure!(self.place.told("a part of the program failed") == 0, "it panicked: {}", self.last_lines());
        self.program.does(&self.place.config(), &["audit", "verify"])?;
        self.is_whole().await?;
        let figures = if self.script.planned { self.figures()? } else { Figures::new() };
        Ok(Sum { figures, repeats, taken, confirmed })
    }

    /// L1: what Telegram was told was received is in the inbox.
    async fn nothing_taken_is_missing(&self) -> Outcome<usize> {
        let confirmed = self.stage.sandbox.confirmed_updates(&self.stage.bot);
        let mut tx = self.db.read().await?;
        let kept = tx.all("SELECT update_id AS id FROM inbox", args![], |row| row.get::<i64>("id")).await?;
        let kept: BTreeSet<i64> = kept.into_iter().collect();
        let lost: Vec<i64> = confirmed.iter().copied().filter(|id| !kept.contains(id)).collect();
        ensure!(lost.is_empty(), "L1: {} updates were confirmed and are lost: {lost:?}", lost.len());
        let sql = "SELECT COUNT(*) AS n FROM inbox WHERE state <> 'done'";
        let failed = self.counts(sql).await?;
        ensure!(failed == 0, "{failed} updates failed or were set aside: {}", self.last_lines());
        Ok(confirmed.len())
    }

    /// L2: what people did and saw answered stands in the database.
    async fn nothing_confirmed_is_lost(&self) -> Outcome<usize> {
        let acked = self.acknowledged().await?;
        let mut tx = self.db.read().await?;
        let reported =
            "SELECT p.code FROM person_days d JOIN people p ON p.id = d.person WHERE d.state = 'reported'";
        let reported = tx.all(reported, args![], |row| row.get::<String>("code")).await?;
        let reported: BTreeSet<String> = reported.into_iter().collect();
        let people = self.town.people();
        for errand in &people.errands {
            if let Some(words) = errand.received() {
                let stands = acked.contains(&(words.to_owned(), errand.code.clone()));
                ensure!(stands, "L2: {} acknowledged \"{words}\" and did not", errand.code);
            } else if errand.is_report() {
                ensure!(reported.contains(&errand.code), "L2: {} reported and did not", errand.code);
            }
        }
        Ok(people.errands.iter().filter(|errand| errand.is_confirmed()).count())
    }

    /// Each row of the outbox was sent once; what was sent again says so. Returns how many do.
    async fn repeats_say_so(&self) -> Outcome<usize> {
        let mut tx = self.db.read().await?;
        let rows = "SELECT chat, COUNT(*) AS n FROM outbox WHERE op = 'send' AND attempts > 0 GROUP BY chat";
        let rows = tx.all(rows, args![], |row| Ok((row.get::<i64>("chat")?, row.get::<usize>("n")?))).await?;
        let rows: BTreeMap<i64, usize> = rows.into_iter().collect();
        let mut sent: BTreeMap<i64, usize> = BTreeMap::new();
        for call in self.stage.sandbox.calls().iter().filter(|call| call.ok && call.method == "sendMessage") {
            *sent.entry(call.chat_id.unwrap_or_default()).or_default() += 1;
        }
        let mut all = 0;
        for (chat, sent) in sent {
            let messages = self.stage.sandbox.messages(chat);
            let ours = messages.iter().filter(|message| message.from == Some(self.stage.bot.id()));
            let marked = ours.filter(|message| message.text.starts_with("重发")).count();
            let once = rows.get(&chat).copied().unwrap_or_default();
            ensure!(
                sent <= once + marked,
                "{sent} sends into {chat} for {once} messages and {marked} repeats"
            );
            all += marked;
        }
        Ok(all)
    }

    /// SQLite's own check of the file.
    async fn is_whole(&self) -> Outcome<()> {
        if !self.db.is_sqlite() {
            return Ok(());
        }
        let mut tx = self.db.read().await?;
        let found =
            tx.all("PRAGMA integrity_check", args![], |row| row.get::<String>("integrity_check")).await?;
        ensure!(found == ["ok"], "the file is damaged: {found:?}");
        Ok(())
    }

    /// The figures of our own export.
    ///
    /// # Errors
    /// When it cannot be written or read.
    pub fn figures(&self) -> Outcome<Figures> {
        let file = self.place.folder().join(format!("day-{:08x}.xlsx", rand::random::<u32>()));
        let name = file.to_string_lossy().into_owned();
        let config = self.place.config();
        self.program.does(&config, &["report", "--date", DATE, "--headings", "keys", "--out", &name])?;
        let mut book: Xlsx<_> = open_workbook(&file)?;
        let mut figures = Figures::new();
        let summary = book.worksheet_range("summary")?;
        let keys = ["unit_code", "tier"];
        let counted =
            ["expected", "reported", "missing", "excused", "unreachable", "changed", "watch", "urgent"];
        collect(&mut figures, &summary, "", &keys, &counted)?;
        let directives = book.worksheet_range("directives")?;
        collect(&mut figures, &directives, "directive ", &["title", "tier", "unit"], &["must_ack", "acked"])?;
        ensure!(figures.len() > 10, "the workbook is empty: {figures:?}");
        Ok(figures)
    }
}

/// Takes a line of a sheet by its keys, the other cells named by their headings.
fn collect(
    to: &mut Figures,
    sheet: &Range<Data>,
    prefix: &str,
    keys: &[&str],
    values: &[&str],
) -> Outcome<()> {
    let mut rows = sheet.rows();
    let headings: Vec<String> = rows.next().ok_or("a sheet without headings")?.iter().map(text).collect();
    let place = |name: &&str| headings.iter().position(|heading| heading == name);
    for row in rows {
        let cells = |names: &[&str]| -> Option<Vec<String>> {
            names.iter().map(|name| place(name).and_then(|at| row.get(at)).map(text)).collect()
        };
        let key = cells(keys).ok_or_else(|| format!("no {keys:?} in {headings:?}"))?.join(" ");
        let value = cells(values).ok_or_else(|| format!("no {values:?} in {headings:?}"))?;
        let value: Vec<String> =
            values.iter().zip(value).map(|(name, value)| format!("{name} {value}")).collect();
        to.insert(format!("{prefix}{key}"), value.join(", "));
    }
    Ok(())
}

fn text(cell: &Data) -> String {
    cell.to_string()
}

/// What differs, in words; nothing when nothing does.
pub fn difference(calm: &Figures, other: &Figures) -> Option<String> {
    let keys: BTreeSet<&String> = calm.keys().chain(other.keys()).collect();
    let differing = keys.into_iter().filter(|key| calm.get(*key) != other.get(*key));
    let lines: Vec<String> =
        differing.map(|key| format!("{key}: {:?}, calm {:?}", other.get(key), calm.get(key))).collect();
    (!lines.is_empty()).then(|| lines.join("; "))
}
