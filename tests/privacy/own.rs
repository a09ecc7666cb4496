use tierline::domain::message::{Locale, Message, Privacy};
use tierline::domain::report::Cell;
use tierline::store::own;

use super::school::{DAY, begin, has_phone, open_day, reports};
use crate::on_both;
use crate::reading::school::{School, name};

on_both! {
    async fn a_person_sees_all_that_is_kept_about_them_and_nothing_of_others(db) {
        let school = School::usual(&db).await;
        open_day(&school).await;
        has_phone(&school, 1101, "13900000001").await;
        reports(&school, 1101, "Suzhou").await;
        reports(&school, 1201, "Ningbo").await;
        let said = school.writes(1101, "/mydata").await;
        let [one] = said.as_slice() else { panic!("{said:?}") };
        let Message::Privacy(Privacy::OwnData { name: own, days, .. }) = &one.message else { panic!("{one:?}") };
        assert_eq!((own.as_str(), *days), (name(1101).as_str(), 1));

        let mut tx = begin(&school).await;
        let data = own::about(&mut tx, &school.engine.sealer, 1101, Locale::En).await.unwrap().unwrap();
        assert_eq!(data.phone.as_deref(), Some("13900000001"));
        assert_eq!(data.contacts, [name(501)]);
        let report = &data.days[0].reports[0];
        assert_eq!(report.by, name(1101));
        assert_eq!(report.answers[0], ("Which city?".to_owned(), Cell::Text("Suzhou".to_owned())));
        assert!(matches!(report.answers[1].1, Cell::Place { .. }));
        assert!(!format!("{data:?}").contains("Ningbo"));
        assert!(own::about(&mut tx, &school.engine.sealer, 9_999, Locale::En).await.unwrap().is_none());
        let asked: i64 = tx.one("SELECT COUNT(*) AS n FROM audit WHERE act = 'privacy.own_data'", vec![], |row| row.get("n")).await.unwrap();
        assert_eq!(asked, 1);
        let file: i64 = tx.one("SELECT COUNT(*) AS n FROM outbox WHERE op = 'own_data'", vec![], |row| row.get("n")).await.unwrap();
        assert_eq!((file, DAY), (1, 20_261_123));
    }

    async fn whoever_looked_is_listed(db) {
        let school = School::usual(&db).await;
        open_day(&school).await;
        let mut work = begin(&school).await;
        let entry = |actor, subject: &str| tierline::store::audit::NewEntry {
            actor, account: 0, act: "answers.read".to_owned(), subject: subject.to_owned(), detail: serde_json::json!({}),
        };
        let entries = [entry(113, "day:20261123/person:1101"), entry(113, "day:20261123/person:11019"), entry(1101, "person:1101")];
        tierline::store::audit::append(&mut work, &entries, school.engine.now()).await.unwrap();
        work.commit().await.unwrap();
        let mut tx = begin(&school).await;
        let data = own::about(&mut tx, &school.engine.sealer, 1101, Locale::ZhCn).await.unwrap().unwrap();
        let seen: Vec<_> = data.seen.iter().map(|sight| (sight.by.clone(), sight.act.as_str())).collect();
        assert_eq!(seen, [(name(113), "answers.read")]);
    }

    async fn the_policy_names_the_configured_times(db) {
        let school = School::usual(&db).await;
        let said = school.writes(1101, "/privacy").await;
        let Message::Privacy(Privacy::Policy { answers_days, locations_days, .. }) = &said[0].message else { panic!("{said:?}") };
        assert_eq!((*answers_days, *locations_days), (90, 14));
    }
}
