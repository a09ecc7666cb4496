//! A copy is restored (R21), the program runs for long (R22), somebody deletes rows (R23).

use std::collections::BTreeSet;
use std::time::Duration;

use botapi_sandbox::{Effect, Fault, Scope};
use chrono::TimeDelta;
use tierline::args;

use super::Report;
use crate::day::{Day, Script, seven};
use crate::people::DIRECTIVE;
use crate::place::Kind;
use crate::process::{WITHIN, now, until};
use crate::{Outcome, Setup, ensure};

impl Day {
    /// Who has acknowledged what, as one moment has it.
    async fn receipts(&self) -> Outcome<BTreeSet<(i64, i64)>> {
        let mut tx = self.db.read().await?;
        let sql = "SELECT leg, subject FROM receipts WHERE acked_at IS NOT NULL";
        let rows = tx.all(sql, args![], |row| Ok((row.get("leg")?, row.get("subject")?))).await?;
        Ok(rows.into_iter().collect())
    }

    /// Puts a copy into the database's place.
    async fn is_restored_from(&mut self, copy: &std::path::Path) -> Outcome<()> {
        self.db.close().await;
        let file = self.place.file().ok_or("no file")?;
        for end in ["-wal", "-shm"] {
            let beside = std::path::PathBuf::from(format!("{}{end}", file.display()));
            if beside.exists() {
                std::fs::remove_file(beside)?;
            }
        }
        std::fs::copy(copy, &file)?;
        self.db = self.place.database().await?;
        Ok(())
    }

    /// How many of the leader's cards each group has: all, and those that say that they are repeats.
    fn cards(&self) -> Vec<(usize, usize)> {
        let groups = self.stage.groups.values();
        let count = |group: &botapi_sandbox::Group| {
            let messages = self.stage.sandbox.messages(group.id()).into_iter();
            let cards: Vec<_> = messages
                .filter(|message| message.text.contains(DIRECTIVE) && !message.text.contains("提醒"))
                .collect();
            let marked = cards.iter().filter(|card| card.text.starts_with("重发")).count();
            (cards.len(), marked)
        };
        groups.map(count).collect()
    }
}

/// R21: a copy made under load is whole, and restored it sends nothing of what waited in it until it is told to.
pub async fn restored(setup: &Setup) -> Outcome<Report> {
    let mut day = Day::begins(setup, Script::lasting(Kind::Sqlite, 50.0)).await?;
    let freeze = Effect::TooManyRequests { retry_after: 100, scope: Scope::All };
    let from = seven() - TimeDelta::seconds(25);
    day.stage
        .sandbox
        .fault(Fault::on(&["sendMessage"], freeze).between(from, from + TimeDelta::seconds(100)));
    until("cards wait", WITHIN, async || {
        let sql = "SELECT COUNT(*) AS n FROM outbox o JOIN messages m ON m.id = o.message \
                   WHERE o.state = 'queued' AND m.kind = 'card'";
        Ok(day.counts(sql).await? > 3)
    })
    .await?;
    let copy = day.place.folder().join("copy.db");
    let name = copy.to_string_lossy().into_owned();
    let before = day.receipts().await?;
    day.program.does(&day.place.config(), &["backup", &name])?;
    let after = day.receipts().await?;
    day.comes_to_rest().await?;
    day.is_ready().await?;
    day.service.is_stopped().await?;
    let sum = day.proves().await?;
    let shown = day.cards();
    day.is_restored_from(&copy).await?;
    let copied = day.receipts().await?;
    ensure!(before.is_subset(&copied) && copied.is_subset(&after), "the copy is of no moment");
    day.program.does(&day.place.config(), &["audit", "verify"])?;
    day.figures()?;
    day.starts()?;
    day.is_ready().await?;
    until("the restored program comes to rest", WITHIN, async || Ok(day.left().await? == 0)).await?;
    let held = day.counts("SELECT COUNT(*) AS n FROM outbox WHERE state = 'held'").await?;
    ensure!(held > 3, "only {held} messages are held");
    ensure!(day.cards() == shown, "cards were sent again: {:?}, before {shown:?}", day.cards());
    ensure!(day.place.told("this database is a restored copy") == 1, "the operator was not told");
    let told = day.program.does(&day.place.config(), &["outbox", "release"])?;
    until("what was released is sent", WITHIN, async || Ok(day.left().await? == 0)).await?;
    for ((cards, marked), (cards_before, _)) in day.cards().into_iter().zip(shown) {
        ensure!(cards - cards_before == marked, "{cards} cards, {cards_before} before, {marked} marked");
    }
    day.service.is_stopped().await?;
    let did =
        format!("copied under load, restored: {held} messages held, no card sent; released: {}", told.trim());
    Ok(Report::of(did, sum))
}

/// R23: a timer is deleted by hand; the alarm comes within a minute, and it is made anew.
pub async fn deleted(setup: &Setup) -> Outcome<Report> {
    let day = Day::begins(setup, Script::lasting(Kind::Sqlite, 50.0)).await?;
    day.passes_until(TimeDelta::seconds(150)).await;
    let mut tx = day.db.begin().await?;
    let timer = "DELETE FROM timers WHERE id = (SELECT id FROM timers WHERE state = 'waiting' AND kind = 'digest' LIMIT 1)";
    let deleted = tx.execute(timer, args![]).await?;
    tx.commit().await?;
    ensure!(deleted == 1, "no timer to delete");
    let at = day.clock.now();
    let alarm = "Nobody but the program may delete there";
    until("the alarm", WITHIN, async || Ok(day.place.told(alarm) > 0)).await?;
    let took = (day.clock.now() - at).num_seconds();
    ensure!(took <= 75, "the alarm came after {took} s");
    let anew =
        day.counts("SELECT COUNT(*) AS n FROM timers WHERE state = 'waiting' AND kind = 'digest'").await?;
    ensure!(anew == 1, "the timer was not made anew");
    let sum = day.ends().await?;
    Ok(Report::of(format!("a timer deleted by hand: the alarm {took} s later, made anew"), sum))
}

/// How heavy a program is.
#[derive(Debug, Clone, Copy)]
struct Weight {
    mib: f64,
    files: usize,
    log_mib: f64,
}

impl Day {
    fn weighs(&self) -> Outcome<Weight> {
        let (kib, files) = self.service.weight()?;
        let wal = self.place.file().map(|file| format!("{}-wal", file.display()));
        let log = wal.and_then(|wal| std::fs::metadata(wal).ok()).map_or(0, |file| file.len());
        Ok(Weight { mib: kib as f64 / 1024.0, files, log_mib: log as f64 / 1_048_576.0 })
    }
}

/// R22: memory, write-ahead log and open files after a quarter of the time and at its end.
pub async fn soaks(setup: &Setup) -> Outcome<Report> {
    let time = setup.soak.unwrap_or(Duration::from_secs(60));
    let mut script = Script::lasting(Kind::Sqlite, 50.0).by_webhook();
    script.planned = false;
    let mut day = Day::begins(setup, script).await?;
    day.is_ready().await?;
    let begun = now();
    let (mut early, mut waves, mut most) = (None, 0_u32, Weight { mib: 0.0, files: 0, log_mib: 0.0 });
    while begun.elapsed() < time {
        waves += 1;
        let at = day.clock.now() - TimeDelta::minutes(5);
        day.town.people().plan_saying(&day.stage, setup.seed, &format!("第{waves}号通知请回复。"), at);
        until("a wave is over", WITHIN, async || Ok(day.town.undone()?.is_empty() && day.left().await? == 0))
            .await?;
        let weight = day.weighs()?;
        most = Weight {
            files: most.files.max(weight.files),
            log_mib: most.log_mib.max(weight.log_mib),
            ..weight
        };
        if early.is_none() && begun.elapsed() > time / 4 {
            early = Some(weight);
        }
    }
    let (early, late) = (early.unwrap_or(most), day.weighs()?);
    let days = (day.clock.now() - seven()).num_minutes() as f64 / 1440.0;
    let sum = day.ends().await?;
    ensure!(late.mib < early.mib * 1.15 + 8.0, "memory grew from {:.0} to {:.0} MiB", early.mib, late.mib);
    ensure!(late.files <= early.files + 8, "open files grew from {} to {}", early.files, late.files);
    ensure!(most.log_mib < 64.0, "the write-ahead log grew to {:.0} MiB", most.log_mib);
    let did = format!(
        "{waves} directives to everybody in {days:.1} days: memory {:.0} → {:.0} MiB, files {} → {}, log ≤ {:.1} MiB",
        early.mib, late.mib, early.files, late.files, most.log_mib
    );
    Ok(Report::of(did, sum))
}
