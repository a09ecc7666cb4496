//! The program is killed at moments of chance (R1), or stopped (R2), while people answer.

use std::time::Duration;

use rand::RngExt;
use rand::rngs::StdRng;
use tierline::fault::POINTS;

use super::Report;
use crate::day::{Day, Script, slowness};
use crate::place::Kind;
use crate::process::{WITHIN, until};
use crate::{Outcome, Setup, ensure};

/// What a kill with a start after it takes on a busy machine, in seconds.
const A_KILL: f64 = 0.6;

/// R1: nothing is lost, at most three repeats for two kills, and it is soon there again.
pub async fn killed(setup: &Setup, kind: Kind, kills: usize) -> Outcome<Report> {
    let mut day = Day::begins(setup, Script::lasting(kind, (kills as f64 * A_KILL).max(50.0))).await?;
    day.is_ready().await?;
    let (mut starts, mut at_points) = (Vec::new(), 0);
    for n in 0..kills {
        at_points += usize::from(strike(&mut day, n).await?);
        if day.rng.random_bool(0.8) {
            starts.push(day.is_ready().await?);
        }
    }
    let sum = day.ends().await?;
    ensure!(sum.repeats * 2 <= kills * 3, "{} repeats after {kills} kills", sum.repeats);
    starts.sort();
    let (median, worst) = (starts[starts.len() / 2], starts[starts.len() - 1]);
    ensure!(median < Duration::from_secs(1).mul_f64(slowness()), "ready again after {median:?} (median)");
    let did = format!(
        "{kills} kills, {at_points} of them at a named point; ready again after {} ms, at worst {} ms",
        median.as_millis(),
        worst.as_millis()
    );
    Ok(Report::of(did, sum))
}

/// Kills the program at a moment of chance and starts it again; every fifth dies by itself at a named point. `true`: it
/// did so.
async fn strike(day: &mut Day, n: usize) -> Outcome<bool> {
    let pause = Duration::from_millis(day.rng.random_range(0..500));
    tokio::time::sleep(pause).await;
    let fell = day.service.has_ended()?.is_some();
    if !fell {
        day.service.is_killed().await?;
    }
    if n % 5 == 4 {
        let point = point(&mut day.rng);
        day.starts_in(&[("TIERLINE_CRASH_AT", &point)])?;
    } else {
        day.starts()?;
    }
    Ok(fell)
}

fn point(rng: &mut StdRng) -> String {
    format!("{}:{}", POINTS[rng.random_range(0..POINTS.len())], rng.random_range(1..6))
}

/// R2: nothing is repeated, nothing is left in flight, it ends in time, and the webhook stays.
pub async fn stopped(setup: &Setup, kind: Kind, stops: usize) -> Outcome<Report> {
    let script = Script::lasting(kind, (stops as f64 * A_KILL).max(50.0)).by_webhook();
    let mut day = Day::begins(setup, script).await?;
    let mut longest = Duration::ZERO;
    for n in 1..=stops {
        until("it serves", WITHIN, async || Ok(day.place.told("\"serving\"") == n)).await?;
        let pause = Duration::from_millis(day.rng.random_range(0..300));
        tokio::time::sleep(pause).await;
        longest = longest.max(day.service.is_stopped().await?);
        let flying = day.counts("SELECT COUNT(*) AS n FROM outbox WHERE state = 'flight'").await?;
        ensure!(flying == 0, "{flying} calls are left in flight after stop {n}");
        day.starts()?;
    }
    day.is_ready().await?;
    ensure!(day.stage.sandbox.webhook(&day.stage.bot).is_some(), "the webhook is gone");
    let sum = day.ends().await?;
    ensure!(sum.repeats == 0, "{} repeats", sum.repeats);
    let did = format!("{stops} stops under load by webhook, the longest {} ms", longest.as_millis());
    Ok(Report::of(did, sum))
}
