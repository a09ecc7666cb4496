//! A whole day gives the same figures whether its updates come once and in order or several times and mixed up, in
//! whichever database (R17).

use std::collections::BTreeMap;

use botapi_sandbox::{Button, Scramble, ShownMessage};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use tierline::domain::checkin::Way;

use crate::on_both;
use crate::world::checkin_form::well;
use crate::world::db::TestDb;
use crate::world::person::Person;
use crate::world::{Plan, World};

/// One thing that somebody does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beat {
    Says(&'static str),
    /// The choice with exactly this label.
    Chooses(&'static str),
    /// The newest button with these words.
    Presses(&'static str),
    /// The button with these words in the row about somebody on the list of the silent.
    Notes(&'static str, &'static str),
}

/// What everybody does, in the morning and after the deadline.
#[derive(Debug, Clone, Default)]
struct Script {
    morning: BTreeMap<&'static str, Vec<Beat>>,
    late: BTreeMap<&'static str, Vec<Beat>>,
}

/// Those who report, with the name they are known by and the counselor who phones after them.
const PEOPLE: [(&str, &str, &str); 6] = [
    ("cs11", "张一", "k1"),
    ("cs12", "张二", "k1"),
    ("cs13", "张三", "k1"),
    ("cs21", "李一", "k2"),
    ("cs22", "李二", "k2"),
    ("cs23", "李三", "k2"),
];
const PRESSED: [Beat; 9] = [
    Beat::Says("/checkin"),
    Beat::Presses("fill"),
    Beat::Chooses("校内"),
    Beat::Chooses("否"),
    Beat::Chooses("无异常"),
    Beat::Says("36.5"),
    Beat::Chooses("均无异常"),
    Beat::Chooses("否"),
    Beat::Chooses("不属于"),
];

/// The whole form, typed.
fn typed(temperature: &'static str) -> Vec<Beat> {
    let all = ["/checkin", "校内", "否", "无异常", temperature, "均无异常", "否", "不属于", "提交"];
    let mut beats: Vec<Beat> = all.map(Beat::Says).into();
    beats.insert(1, Beat::Presses("fill"));
    beats
}

/// A report of one's own, in one of the ways there are.
fn report(rng: &mut StdRng) -> Vec<Beat> {
    match rng.random_range(0..4) {
        0 => vec![Beat::Says("/checkin"), Beat::Presses("same")],
        1 => typed("36.4"),
        2 => typed("38.6"),
        _ => {
            let correction = [
                Beat::Presses("change"),
                Beat::Presses("修改 4"),
                Beat::Says("36.9"),
                Beat::Presses("submit"),
            ];
            PRESSED.into_iter().chain([Beat::Presses("submit")]).chain(correction).collect()
        }
    }
}

fn script(rng: &mut StdRng) -> Script {
    let mut script = Script::default();
    for (code, name, counselor) in PEOPLE {
        match rng.random_range(0..6) {
            0..3 => drop(script.morning.insert(code, report(rng))),
            3 => drop(script.late.insert(code, report(rng))),
            4 => {
                let noted = match rng.random_range(0..3) {
                    0 => vec![Beat::Notes(name, "联系不上")],
                    1 => vec![Beat::Notes(name, "免报"), Beat::Presses("请假")],
                    _ => vec![Beat::Notes(name, "填报"), Beat::Presses("same")],
                };
                script.late.entry(counselor).or_default().extend(noted);
            }
            _ => {}
        }
    }
    script
}

/// The list with this person on it, and the data of the button with these words in their row.
fn noting(counselor: &Person, name: &str, what: &str) -> (ShownMessage, String) {
    let about = format!("代{name}填报");
    let list = counselor.newest_with(&about);
    let of_them = |row: &&Vec<Button>| row.iter().any(|button| button.label.contains(&about));
    let row = list.buttons.iter().find(of_them).expect("a row");
    let button = row.iter().find(|button| button.label.contains(what)).expect("a button");
    let data = button.data.clone().expect("a button with data");
    (list, data)
}

/// Does it without waiting for what follows.
fn does(person: &Person, beat: Beat) {
    match beat {
        Beat::Says(text) => drop(person.account().writes_to(&person.world.bot, text)),
        Beat::Chooses(label) => person.taps_choice(label),
        Beat::Presses(what) => person.taps_on(&person.newest_with(what), what),
        Beat::Notes(name, what) => {
            let (list, data) = noting(person, name, what);
            person.taps_old(&list, &data);
        }
    }
}

/// Presses a choice of an earlier question once more, as a device that was offline does.
fn again(person: &Person, seen: &mut Vec<(ShownMessage, String)>, rng: &mut StdRng) {
    if let Some((message, data)) = seen.choose(rng) {
        person.taps_old(message, data);
    }
    for message in person.world.sandbox.messages(person.id()) {
        let data = message.buttons.iter().flatten().filter_map(|button| button.data.clone());
        seen.extend(data.filter(|data| data.starts_with("ans:")).map(|data| (message.clone(), data)));
    }
}

/// Plays a part of the day: one after another, or all at once, mixed up and with everything coming up to three times.
async fn plays(school: &World, parts: &BTreeMap<&'static str, Vec<Beat>>, mixed: Option<&mut StdRng>) {
    let Some(rng) = mixed else {
        for (code, beats) in parts {
            for beat in beats {
                does(&school.person(code), *beat);
                school.settles().await;
            }
        }
        return;
    };
    school.bot.scramble(Some(Scramble { most_repeats: 3, shuffle: true }));
    let mut seen: BTreeMap<&str, Vec<(ShownMessage, String)>> = BTreeMap::new();
    let longest = parts.values().map(Vec::len).max().unwrap_or(0);
    for round in 0..longest {
        for (code, beats) in parts {
            let Some(beat) = beats.get(round) else { continue };
            let person = school.person(code);
            does(&person, *beat);
            again(&person, seen.entry(code).or_default(), rng);
        }
        school.only_takes().await;
        if round % 4 == 1 {
            school.restarts().await;
        }
        school.settles().await;
    }
    school.bot.scramble(None);
}

/// What stands at the end of a day: the figures, and how everybody stands.
async fn day(db: &TestDb, script: &Script, mut mixed: Option<StdRng>) -> (Vec<i64>, Vec<String>) {
    let config =
        "[checkin]\nprompt = \"group\"\nremind = []\nescalate = [{ at = \"09:00\", to = \"class\" }]";
    let school = Plan::four_tiers().in_the_morning().config(config).opens(db).await;
    for (code, ..) in PEOPLE {
        school.reported_before(code, Way::Own, &well()).await;
    }
    school.morning().await;
    plays(&school, &script.morning, mixed.as_mut()).await;
    school.passes_until("09:01").await;
    plays(&school, &script.late, mixed.as_mut()).await;
    school.passes("1m").await;
    let mut stands = Vec::new();
    for (code, ..) in PEOPLE {
        let answers = school.answers_of(code).await;
        stands.push(format!("{code} {} {answers:?}", school.stands(code).await));
        drop(school.toasts(code));
    }
    for counselor in ["k1", "k2"] {
        drop(school.toasts(counselor));
    }
    let levels = school.asks::<i64>(
        "SELECT CAST(SUM(late * 100 + changed * 10 + level) AS BIGINT) AS x FROM person_days",
        vec![],
    );
    let mut figures = school.figures().await;
    figures.extend(levels.await);
    school.overlooks("");
    school.ends().await;
    (figures, stands)
}

on_both! {
    async fn a_random_day_mixed_up_and_repeated_gives_the_same_figures(db) {
        for seed in 0..3_u64 {
            let script = script(&mut StdRng::seed_from_u64(seed));
            let (plain, mixed) = (db.another().await, db.another().await);
            let in_order = day(&plain, &script, None).await;
            let shuffled = day(&mixed, &script, Some(StdRng::seed_from_u64(seed + 100))).await;
            assert_eq!(shuffled, in_order, "seed {seed}: {script:?}");
            plain.finish().await;
            mixed.finish().await;
        }
    }
}
