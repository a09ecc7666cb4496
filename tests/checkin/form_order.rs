//! Presses that come again, late or in another order change nothing in what is reported.

use botapi_sandbox::ShownMessage;

use crate::on_both;
use crate::world::Plan;
use crate::world::checkin_form::well;
use crate::world::person::Person;

/// A button that was seen: its message, label and data.
type Seen = (i64, String, String);

fn buttons(form: &ShownMessage) -> Vec<Seen> {
    let all = form.buttons.iter().flatten();
    all.filter_map(|button| Some((form.id, button.label.clone(), button.data.clone()?)))
        .filter(|(_, _, data)| !data.starts_with("back") && !data.starts_with("change"))
        .collect()
}

/// The next of a row of numbers that looks like chance.
fn roll(seed: &mut u64, below: usize) -> usize {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*seed >> 33).expect("31 bits") % below.max(1)
}

/// Presses some of the buttons seen before, without waiting.
fn presses_again(who: &Person, seen: &[Seen], seed: &mut u64, times: usize) {
    for _ in 0..times.min(seen.len()) {
        let (message, _, data) = &seen[roll(seed, seen.len())];
        let press = who.account().presses_data(who.id(), *message, data);
        who.world.note_press(who.code(), press);
    }
}

on_both! {
    async fn repeats_and_reordering_change_nothing(db) {
        let school = Plan::four_tiers().in_the_morning().opens(&db).await;
        school.opens_the_day().await;
        for (code, mut seed) in [("cs11", 1_u64), ("cs12", 2), ("m11", 3)] {
            let who = school.person(code);
            who.writes("/checkin").await;
            let mut seen: Vec<Seen> = Vec::new();
            for label in ["校内", "否", "无异常", "36.5", "均无异常", "否", "不属于"] {
                presses_again(&who, &seen, &mut seed, 3);
                if label == "36.5" {
                    who.writes(label).await;
                } else {
                    seen.extend(buttons(&who.form()));
                    presses_again(&who, &seen[..seen.len() - buttons(&who.form()).len()], &mut seed, 2);
                    who.presses_choice(label).await;
                }
                presses_again(&who, &seen, &mut seed, 2);
                school.settles().await;
            }
            seen.extend(buttons(&who.form()));
            who.presses("submit").await;
            for _ in 0..6 {
                presses_again(&who, &seen, &mut seed, 5);
                school.settles().await;
            }
            drop(school.toasts(code));
            let wanted = well().into_iter().map(|(id, answer)| (id, answer.cell())).collect();
            assert_eq!(school.answers_of(code).await, wanted, "{code}");
            assert_eq!(school.stands(code).await, "reported self v1");
            who.form_says("✅ 已于");
        }
        assert_eq!(school.count("SELECT COUNT(*) AS x FROM reports").await, 3);
        assert_eq!(school.count("SELECT COUNT(*) AS x FROM sessions").await, 0);
        school.overlooks("");
        school.ends().await;
    }
}
