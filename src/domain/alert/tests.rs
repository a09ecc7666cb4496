use proptest::prelude::*;

use super::*;

fn minute(minute: i64) -> Time {
    Time::UNIX_EPOCH + TimeDelta::minutes(minute)
}

fn rule(name: &str) -> Reason {
    Reason::Rule(Words { zh: name.to_owned(), en: name.to_owned() })
}

fn entry(at: i64, person: i64, event: Event) -> Entry {
    let tier = usize::try_from(person % 3).ok();
    Entry { at: minute(at), person, tier, event }
}

fn opened(reasons: &[&str]) -> Event {
    Event::Opened { reasons: reasons.iter().map(|name| rule(name)).collect() }
}

fn hour() -> Event {
    Event::Clock { within: TimeDelta::hours(1) }
}

fn told() -> Event {
    Event::Told { to: Authority::DiseaseControl }
}

fn cleared(outcome: Outcome) -> Event {
    Event::Cleared { outcome, why: "checked".to_owned() }
}

fn event() -> impl Strategy<Value = Event> {
    let reasons = prop::collection::vec((0..4_u8).prop_map(|n| rule(&n.to_string())), 0..3);
    prop_oneof![
        reasons.clone().prop_map(|reasons| Event::Opened { reasons }),
        reasons.prop_map(|reasons| Event::Updated { reasons }),
        Just(Event::Corrected),
        (1..90_i64).prop_map(|minutes| Event::Clock { within: TimeDelta::minutes(minutes) }),
        Just(Event::Informed),
        Just(Event::Taken),
        (1..4_u32).prop_map(|time| Event::Escalated { time }),
        Just(Event::Overdue),
        Just(told()),
        Just(Event::Note { text: "better".to_owned() }),
        Just(cleared(Outcome::Mistaken)),
        Just(cleared(Outcome::Closed)),
    ]
}

fn record() -> impl Strategy<Value = Vec<Entry>> {
    prop::collection::vec((0..9_i64, 1..6_i64, event()), 0..40).prop_map(|steps| {
        let mut at = 0;
        let step = |(later, person, event)| {
            at += later;
            entry(at, person, event)
        };
        steps.into_iter().map(step).collect()
    })
}

/// Only what was taken, as the database keeps it.
fn taken(record: &[Entry]) -> Vec<Entry> {
    let mut alert = None;
    record.iter().filter(|entry| Alert::take(&mut alert, entry)).cloned().collect()
}

proptest! {
    #[test]
    fn the_kept_record_tells_the_same(record in record()) {
        let kept = taken(&record);
        prop_assert_eq!(Alert::replay(&kept), Alert::replay(&record));
        prop_assert_eq!(taken(&kept).len(), kept.len());
    }

    #[test]
    fn nothing_happens_to_a_cleared_alert_but_to_rise_again(record in record()) {
        let mut alert = None;
        for entry in &record {
            let before = alert.clone();
            let happened = Alert::take(&mut alert, entry);
            if let Some(before) = before.filter(|before| !before.is_open()) {
                let rose = matches!(entry.event, Event::Opened { .. });
                prop_assert!(!happened || rose);
                prop_assert_eq!(happened, alert.as_ref().is_some_and(|now| now.round == before.round + 1));
            }
        }
    }

    #[test]
    fn one_person_takes_it_in_a_round(record in record()) {
        let mut alert: Option<Alert> = None;
        for entry in &record {
            let before = alert.clone();
            Alert::take(&mut alert, entry);
            if let (Some(before), Some(now)) = (before, &alert)
                && before.round == now.round
                && before.taken.is_some()
            {
                prop_assert_eq!(before.taken, now.taken);
            }
        }
    }

    #[test]
    fn what_comes_twice_changes_nothing_more(record in record()) {
        let once = Alert::replay(&record);
        let twice: Vec<Entry> = record.iter().filter(|entry| matches!(
            entry.event,
            Event::Opened { .. } | Event::Updated { .. } | Event::Informed | Event::Taken | Event::Corrected
        )).cloned().collect();
        let only_once = Alert::replay(&twice);
        let doubled: Vec<Entry> = twice.iter().flat_map(|entry| [entry.clone(), entry.clone()]).collect();
        prop_assert_eq!(Alert::replay(&doubled), only_once);
        prop_assert!(once.is_none_or(|alert| alert.round >= 1));
    }

    #[test]
    fn a_report_to_an_authority_stops_the_clock(record in record(), at in 400..500_i64) {
        let Some(mut alert) = Alert::replay(&record).map(Some) else { return Ok(()) };
        let was_open = alert.as_ref().is_some_and(Alert::is_open);
        let happened = Alert::take(&mut alert, &entry(at, 1, told()));
        prop_assert_eq!(happened, was_open);
        prop_assert_eq!(alert.and_then(|alert| alert.running()), None);
    }
}

#[test]
fn the_clock_is_measured_per_tier() {
    let record = [
        entry(0, 0, opened(&["isolation"])),
        entry(0, 0, hour()),
        entry(0, 2, Event::Informed),
        entry(0, 4, Event::Informed),
        entry(1, 3, Event::Informed),
        entry(12, 4, told()),
        entry(70, 3, told()),
    ];
    let alert = Alert::replay(&record).expect("it was raised");
    let measures = alert.measures();
    assert_eq!(measures.iter().map(|of| of.tier).collect::<Vec<_>>(), [Some(2), Some(1), Some(0)]);
    assert_eq!((measures[0].informed_at, measures[0].told.is_some()), (Some(minute(0)), false));
    let first = measures[1].told.clone().expect("the college told");
    assert_eq!((first.after, first.late), (TimeDelta::minutes(12), false));
    assert!(!measures[2].told.clone().expect("the school told").late, "the clock had stopped by then");
}

#[test]
fn a_clock_that_ran_out_is_told_late() {
    let mut record = vec![entry(0, 0, opened(&["isolation"])), entry(0, 0, hour())];
    let early = entry(59, 0, Event::Overdue);
    let mut alert = Alert::replay(&record);
    assert!(!Alert::take(&mut alert, &early));
    record.extend([entry(60, 0, Event::Overdue), entry(61, 4, told())]);
    let alert = Alert::replay(&record).expect("it was raised");
    assert!(alert.overdue && alert.told[0].late);
    assert_eq!(alert.told[0].after, TimeDelta::minutes(61));
}

#[test]
fn only_an_earlier_due_replaces_a_running_clock() {
    let record = [entry(0, 0, opened(&["contact"])), entry(0, 0, hour()), entry(5, 0, hour())];
    let alert = Alert::replay(&record).expect("it was raised");
    assert_eq!(alert.running().map(|clock| clock.due()), Some(minute(60)));
    let sooner = Event::Clock { within: TimeDelta::minutes(10) };
    let record = [record.to_vec(), vec![entry(6, 0, sooner)]].concat();
    let alert = Alert::replay(&record).expect("it was raised");
    assert_eq!(alert.running().map(|clock| (clock.due(), clock.number)), Some((minute(16), 1)));
}

#[test]
fn a_closed_alert_rises_for_news_a_mistaken_one_for_the_same_again() {
    let after = |outcome| {
        let record = [entry(0, 0, opened(&["fever"])), entry(5, 1, cleared(outcome))];
        Alert::replay(&record).expect("it was raised")
    };
    assert!(!after(Outcome::Closed).rises_again(&[rule("fever")]));
    assert!(after(Outcome::Closed).rises_again(&[rule("isolation")]));
    assert!(after(Outcome::Mistaken).rises_again(&[rule("fever")]));
    assert!(!after(Outcome::Mistaken).rises_again(&[]));
}

#[test]
fn what_is_forgotten_has_still_happened() {
    let all = [
        opened(&["fever"]),
        hour(),
        Event::Informed,
        Event::Taken,
        told(),
        Event::Note { text: "better".to_owned() },
        cleared(Outcome::Closed),
    ];
    let hour = TimeDelta::hours(1);
    let record: Vec<Entry> = (0..).zip(&all).map(|(at, event)| entry(at, 4, event.clone())).collect();
    let forgotten: Vec<Entry> = (0..)
        .zip(&all)
        .map(|(at, event)| {
            let left = Event::forgotten(event.word(), hour, Some(Outcome::Closed));
            entry(at, 4, left.expect("a known word"))
        })
        .collect();
    let (before, after) = (Alert::replay(&record), Alert::replay(&forgotten));
    let (before, after) = (before.expect("it was raised"), after.expect("it was raised"));
    assert_eq!((after.clock, after.taken, after.is_open()), (before.clock, before.taken, false));
    assert!(!format!("{after:?}").contains("fever"));
    assert_eq!(Event::forgotten("sneezed", hour, None), None);
}
