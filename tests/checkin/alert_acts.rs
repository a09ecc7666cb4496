//! Alerts, act by act: rights, `/today`, the next morning, whom one may report about.

use tierline::args;
use tierline::domain::alert::Kind;
use tierline::domain::message::{AlertHead, AlertMessage, Message, Refusal, Toast, TodayItem, Urgent, Verb};

use tierline::store::alerts;
use tierline::store::checkin::days::{self as day, DayRules};
use tierline::store::checkin::{expected, units};

use crate::on_both;
use crate::reading::school::{Said, School, account, name};

/// The card of an alert in somebody's chat.
fn card(said: &[Said], person: i64) -> Option<&Said> {
    let is = |said: &&Said| matches!(said.message, Message::Alert(AlertMessage::Card(_)));
    said.iter().rev().filter(is).find(|said| said.chat == account(person))
}

fn head(said: &Said) -> AlertHead {
    match &said.message {
        Message::Alert(AlertMessage::Card(card)) => card.head,
        other => panic!("no card: {other:?}"),
    }
}

fn urgent(said: &[Said], person: i64) -> Said {
    let is = |said: &&Said| matches!(said.message, Message::Urgent(_)) && said.chat == account(person);
    said.iter().rev().find(is).expect("a step of /urgent").clone()
}

async fn reports(school: &School, person: i64, kind: Kind) -> Vec<Said> {
    let first = urgent(&school.writes(person, "/urgent").await, person);
    sends(school, person, &first, kind).await
}

async fn sends(school: &School, person: i64, first: &Said, kind: Kind) -> Vec<Said> {
    let place = Kind::ALL.iter().position(|known| *known == kind).and_then(|place| i64::try_from(place).ok());
    school.presses(person, first, Verb::Answer, place).await;
    school.presses(person, first, Verb::Next, None).await;
    let (toast, said) = school.presses(person, first, Verb::Submit, None).await;
    assert_eq!(toast, Toast::Noted);
    said
}

fn items(said: &[Said]) -> Vec<TodayItem> {
    match &said.last().expect("an answer").message {
        Message::Today { items } => items.clone(),
        other => panic!("not /today: {other:?}"),
    }
}

async fn days(school: &School) -> Vec<i64> {
    let mut tx = school.engine.db.read().await.expect("reads");
    let sql = "SELECT day FROM alerts ORDER BY day";
    tx.all(sql, args![], |row| row.get("day")).await.expect("the alerts")
}

/// The day opens, as it is: everyone is expected.
async fn opens(school: &School) {
    let settings = &school.engine.settings;
    let now = school.engine.now();
    let (date, policy) = (settings.calendar.date(now), settings.checkin.policy.clone());
    let form = tierline::config::Config::default().checkin.form;
    let deadline_at = now + chrono::TimeDelta::hours(2);
    let rules = DayRules { id: 20_261_123, date, form, policy, opened_at: now, deadline_at };
    let mut tx = school.engine.db.begin().await.expect("begins");
    assert!(day::open(&mut tx, &rules).await.expect("opens"));
    expected::everyone(&mut tx, rules.id).await.expect("expects");
    units::everywhere(&mut tx, rules.id).await.expect("units");
    units::count_all(&mut tx, rules.id).await.expect("counts");
    tx.commit().await.expect("commits");
}

on_both! {
    async fn a_press_without_the_right_changes_nothing(db) {
        let school = School::usual(&db).await;
        let said = reports(&school, 1101, Kind::Symptom).await;
        let shown = card(&said, 111).expect("the counselor is told").clone();
        assert!(card(&said, 112).is_none() && card(&said, 121).is_none() && card(&said, 100).is_none());
        assert_eq!(school.presses(112, &shown, Verb::Take, None).await.0, Toast::SomebodyElses);
        assert_eq!(school.presses(111, &shown, Verb::Take, Some(7)).await.0, Toast::Outdated);
        assert_eq!(school.presses(111, &shown, Verb::Clear, Some(0)).await.0, Toast::Outdated);
        assert_eq!(school.presses(111, &shown, Verb::Ack, None).await.0, Toast::Outdated);
        school.run("DELETE FROM roles WHERE person = 111", args![]).await;
        school.person(111, "counselor", 21).await;
        let refused = Toast::Refused(Refusal::Verb(Verb::Take));
        assert_eq!(school.presses(111, &shown, Verb::Take, None).await.0, refused);
        assert!(school.audited().await.contains(&"refused.take".to_owned()));
        let other = card(&said, 113).expect("the other counselor is told");
        assert_eq!(school.presses(113, other, Verb::Take, None).await.0, Toast::Noted);
        assert_eq!(school.presses(113, other, Verb::Take, None).await.0, Toast::Noted);
        let secretary = card(&said, 110).expect("the secretary is told");
        assert_eq!(school.presses(110, secretary, Verb::Take, None).await.0, Toast::AlreadyDone { by: name(113) });
    }

    async fn a_leader_who_follows_the_college_may_handle_it(db) {
        let school = School::usual(&db).await;
        school.run("INSERT INTO follows (person, unit) VALUES (102, 10)", args![]).await;
        let said = reports(&school, 1101, Kind::Case).await;
        let shown = card(&said, 102).expect("who follows is told").clone();
        assert_eq!(school.presses(102, &shown, Verb::Take, None).await.0, Toast::Noted);
        let asked = school.presses(102, &shown, Verb::Told, None).await.1;
        let asked = asked.last().expect("asked to whom").clone();
        assert_eq!(school.presses(102, &asked, Verb::Told, Some(9)).await.0, Toast::Outdated);
        assert_eq!(school.presses(102, &asked, Verb::Told, Some(1)).await.0, Toast::Noted);
        assert_eq!(school.presses(102, &asked, Verb::Told, Some(1)).await.0, Toast::Outdated);
        assert_eq!(items(&school.writes(102, "/today").await).len(), 1);
        assert!(card(&reports(&school, 2101, Kind::Symptom).await, 102).is_none());
    }

    async fn the_next_morning_asks_who_is_on_it(db) {
        let school = School::usual(&db).await;
        let said = reports(&school, 1101, Kind::Symptom).await;
        let shown = card(&said, 110).expect("the secretary is told").clone();
        school.presses(110, &shown, Verb::Take, None).await;
        school.passes(22 * 60);
        school.engine.fire_timers().await.expect("fires");
        let said = school.news().await;
        assert_eq!(card(&said, 110).map(head), Some(AlertHead::FollowUp));
        assert!(card(&said, 111).is_none() && card(&said, 100).is_none(), "{said:?}");
        let asked = card(&said, 110).expect("asked").clone();
        school.presses(110, &asked, Verb::Note, None).await;
        let said = school.writes(110, "on the mend").await;
        assert!(card(&said, 101).is_some(), "the office sees the news");
        school.passes(24 * 60);
        school.engine.fire_timers().await.expect("fires");
        assert_eq!(card(&school.news().await, 110).map(head), Some(AlertHead::FollowUp));
    }

    async fn today_shows_what_nobody_is_on(db) {
        let school = School::usual(&db).await;
        reports(&school, 1101, Kind::Symptom).await;
        let said = school.writes(111, "/today").await;
        assert!(matches!(&items(&said)[..], [TodayItem::Alert { taken: false, .. }]), "{said:?}");
        assert!(items(&school.writes(121, "/today").await).is_empty());
        assert!(items(&school.writes(1101, "/today").await).is_empty());
        let (toast, opened) = school.presses(111, said.last().expect("said"), Verb::Open, Some(0)).await;
        assert_eq!(toast, Toast::Quiet);
        let shown = card(&opened, 111).expect("the card").clone();
        assert_eq!(head(&shown), AlertHead::Opened);
        school.presses(111, &shown, Verb::Take, None).await;
        assert!(items(&school.writes(110, "/today").await).is_empty(), "somebody is on it");
        assert!(matches!(&items(&school.writes(111, "/today").await)[..], [TodayItem::Alert { taken: true, .. }]));
    }

    async fn who_may_report_about_whom(db) {
        let school = School::usual(&db).await;
        let counselor = urgent(&school.writes(111, "/urgent").await, 111);
        let Message::Urgent(Urgent::Who { subjects, .. }) = &counselor.message else { panic!("{counselor:?}") };
        let people: Vec<i64> = subjects.iter().map(|subject| subject.person).collect();
        assert_eq!(people, [111, 1101, 1102, 1103]);
        let refused = Toast::Refused(Refusal::NoSuchPerson);
        assert_eq!(school.presses(111, &counselor, Verb::Open, Some(2101)).await.0, refused);
        let picked = urgent(&school.writes(111, "p001102").await, 111);
        assert_eq!(school.presses(111, &counselor, Verb::Open, Some(1101)).await.0, Toast::Outdated);
        let said = sends(&school, 111, &picked, Kind::Contact).await;
        assert!(card(&said, 110).is_some());
        let (guardian, _) = (urgent(&school.writes(502, "/urgent").await, 502), ());
        assert!(matches!(&guardian.message, Message::Urgent(Urgent::What { subject, .. }) if subject.person == 2101));
        assert_eq!(school.presses(502, &guardian, Verb::Submit, None).await.0, Toast::Outdated);
        assert_eq!(school.presses(502, &guardian, Verb::Cancel, None).await.0, Toast::Quiet);
        assert_eq!(school.presses(502, &guardian, Verb::Answer, Some(0)).await.0, Toast::Outdated);
    }

    async fn nobody_handles_the_alert_about_themselves(db) {
        let school = School::usual(&db).await;
        let first = urgent(&school.writes(111, "/urgent").await, 111);
        school.presses(111, &first, Verb::Open, Some(111)).await;
        let said = sends(&school, 111, &first, Kind::Symptom).await;
        assert!(card(&said, 111).is_none() && card(&said, 110).is_some());
        assert!(items(&school.writes(111, "/today").await).is_empty());
    }

    async fn a_report_belongs_to_the_day_that_lasts(db) {
        let school = School::usual(&db).await;
        opens(&school).await;
        reports(&school, 1101, Kind::Symptom).await;
        assert_eq!(days(&school).await, [20_261_123]);
        school.passes(21 * 60);
        reports(&school, 1101, Kind::Contact).await;
        assert_eq!(days(&school).await, [20_261_123], "at six in the morning the day before still lasts");
        school.passes(2 * 60);
        reports(&school, 1101, Kind::Contact).await;
        assert_eq!(days(&school).await, [20_261_123, 20_261_124]);
        let mut tx = school.engine.db.begin().await.expect("begins");
        let total = units::total(&mut tx, 20_261_123, "/1/").await.expect("figures");
        assert!(total.adds_up() && total.urgent == 0, "figures count answers, and nobody has answered");
        let tally = alerts::tally(&mut tx, 20_261_123, "/1/10/").await.expect("a tally");
        assert_eq!((tally.alerts, tally.open, tally.mistaken), (1, 1, 0));
        assert_eq!(alerts::tally(&mut tx, 20_261_123, "/1/20/").await.expect("a tally").alerts, 0);
        tx.commit().await.expect("commits");
    }

    async fn who_is_watched_is_named_to_the_counselor_only(db) {
        let school = School::usual(&db).await;
        opens(&school).await;
        school.run("UPDATE person_days SET state = 'reported', level = 1 WHERE person = 1102", args![]).await;
        let said = school.writes(111, "/today").await;
        assert!(
            matches!(&items(&said)[..], [TodayItem::Watch { people, .. }] if people.len() == 1 && people[0].name == name(1102)),
            "{said:?}"
        );
        assert!(school.audited().await.contains(&"watch.sight".to_owned()));
        for other in [110, 112, 121, 100, 1101] {
            let items = items(&school.writes(other, "/today").await);
            assert!(!items.iter().any(|item| matches!(item, TodayItem::Watch { .. })), "{items:?}");
        }
    }

    async fn an_alert_whose_words_are_forgotten_can_still_be_closed(db) {
        let school = School::usual(&db).await;
        let said = reports(&school, 1101, Kind::Isolation).await;
        let shown = card(&said, 111).expect("the counselor is told").clone();
        school.presses(111, &shown, Verb::Take, None).await;
        school.run("UPDATE alert_events SET detail = ''", args![]).await;
        school.run("UPDATE alerts SET reasons = '', why = ''", args![]).await;
        let asked = school.presses(111, &shown, Verb::Clear, None).await.1;
        let asked = asked.last().expect("asked").clone();
        assert_eq!(school.presses(111, &asked, Verb::Clear, Some(1)).await.0, Toast::TypeIt);
        let said = school.writes(111, "long over").await;
        let is = |said: &Said| matches!(said.message, Message::Alert(AlertMessage::Final(_)));
        assert!(said.iter().any(is), "{said:?}");
    }
}
