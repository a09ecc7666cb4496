//! S19: whatever comes from outside is met with a clear answer and never ends the program: updates, callback data, rosters,
//! forms, schedules and configurations, as they are in `tests/corpus` and changed at random. See its README.
#![allow(clippy::unwrap_used)]

mod mutate;

use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta};
use proptest::prelude::*;
use proptest::test_runner::{Config as Cases, TestCaseResult, TestError, TestRunner};
use tierline::chat::telegram::update;
use tierline::config::{Config, Problems, form};
use tierline::documents::roster;
use tierline::domain::calendar::{Calendar, Cron};
use tierline::domain::callback;
use tierline::domain::roster::Tiers;

use mutate::Seed;

/// How many changed inputs a usual run tries of each kind.
const USUAL_CASES: u32 = 300;
/// The longest name that an update's kind may have: nothing of its content.
const LONGEST_KIND: usize = 32;

/// How far schedules are followed: over a leap day.
const HORIZON: TimeDelta = TimeDelta::days(1500);

fn corpus(folder: &str) -> Vec<Seed> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(folder);
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(&folder).expect("the corpus").map(|file| file.expect("a file").path()).collect();
    files.sort();
    let seeds: Vec<Seed> = files.iter().map(|file| std::fs::read(file).expect("it can be read")).collect();
    assert!(!seeds.is_empty(), "{}: nothing to begin from", folder.display());
    seeds
}

/// Judges every file of the corpus as it is, then as many changed ones.
fn fuzz(folder: &str, judge: impl Fn(&[u8]) -> TestCaseResult) {
    let seeds = corpus(folder);
    for seed in &seeds {
        if let Err(error) = judge(seed) {
            panic!("{error}\nof {:?}", String::from_utf8_lossy(seed));
        }
    }
    let cases = std::env::var("TIERLINE_FUZZ_CASES").ok().and_then(|cases| cases.parse().ok());
    let config = Cases { cases: cases.unwrap_or(USUAL_CASES), failure_persistence: None, ..Cases::default() };
    let changed = mutate::changed(seeds);
    match TestRunner::new(config).run(&changed, |bytes| judge(&bytes)) {
        Ok(()) => {}
        Err(TestError::Fail(reason, bytes)) => {
            panic!("{reason}\nkeep in tests/corpus/{folder}: {}", bytes.escape_ascii());
        }
        Err(aborted) => panic!("{aborted}"),
    }
}

/// A refusal names what is wrong and what to do.
fn is_clear(told: &Problems) -> TestCaseResult {
    prop_assert!(!told.0.is_empty());
    for problem in &told.0 {
        prop_assert!(!problem.key.is_empty() && !problem.reason.is_empty() && !problem.mend.is_empty());
    }
    Ok(())
}

#[test]
fn updates_are_read_or_set_aside() {
    fuzz("updates", |bytes| {
        let parsed = update::parse(bytes);
        prop_assert!(!parsed.kind.is_empty() && parsed.kind.len() <= LONGEST_KIND, "{:?}", parsed.kind);
        Ok(())
    });
}

#[test]
fn callback_data_has_one_spelling() {
    fuzz("callbacks", |bytes| {
        let text = String::from_utf8_lossy(bytes);
        if let Some((verb, handle, arg)) = callback::parse(&text) {
            prop_assert_eq!(callback::data(verb, handle, arg), text);
        }
        Ok(())
    });
}

#[test]
fn rosters_are_taken_or_every_fault_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let (units, other) = (folder.path().join("units.csv"), folder.path().join("other"));
    std::fs::write(&units, include_bytes!("../corpus/rosters/units.csv")).expect("written");
    fuzz("rosters", |bytes| {
        std::fs::write(&other, bytes).expect("written");
        for files in [vec![other.clone()], vec![units.clone(), other.clone()]] {
            if let Err(problems) = roster::read(&files, &Tiers::default()) {
                prop_assert!(!problems.is_empty());
                prop_assert!(problems.iter().all(|problem| !problem.reason.is_empty()));
            }
        }
        Ok(())
    });
}

#[test]
fn forms_are_taken_or_every_fault_is_named() {
    fuzz("forms", |bytes| match form::read("form.toml", &String::from_utf8_lossy(bytes)) {
        Ok(form) => {
            prop_assert!(!form.questions.is_empty() && !form.id.is_empty());
            Ok(())
        }
        Err(problems) => is_clear(&problems),
    });
}

#[test]
fn schedules_go_forward_or_are_refused() {
    let after = DateTime::from_timestamp(1_795_395_600, 0).expect("a moment");
    let zones = ["Asia/Shanghai", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Kiritimati"];
    let calendars = zones.map(|zone| Calendar::plain(zone.parse().expect("a zone")));
    fuzz("schedules", |bytes| {
        let Ok(cron) = String::from_utf8_lossy(bytes).parse::<Cron>() else { return Ok(()) };
        for calendar in &calendars {
            let mut last = after;
            while let Some(next) = calendar.next_cron(&cron, last).filter(|_| last < after + HORIZON) {
                prop_assert!(next > last, "{next} after {last}");
                last = next + TimeDelta::days(40);
            }
        }
        Ok(())
    });
}

#[test]
fn configurations_are_taken_or_every_fault_is_named() {
    fuzz("configurations", |bytes| {
        match Config::from_text("tierline.toml", &String::from_utf8_lossy(bytes), std::iter::empty()) {
            Ok(config) => {
                prop_assert!(!config.roster.tiers.is_empty());
                Ok(())
            }
            Err(problems) => {
                prop_assert!(!problems.to_string().contains("a-token_of-the-corpus"), "a token is shown");
                is_clear(&problems)
            }
        }
    });
}
