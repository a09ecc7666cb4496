//! The report of a day: every figure as a naive count of what happened gives it.

use tierline::args;
use tierline::domain::checkin::{PersonState, Way};
use tierline::domain::form::Answer;
use tierline::domain::report::{Cell, DayReport, Extent, Figures, ReportRights, SignAct};

use crate::on_both;
use crate::world::checkin_paper::Came;
use crate::world::{Plan, World};

/// A morning with something of everything: 13 are expected, 王师傅 among them.
async fn morning(plan: Plan, db: &crate::world::db::TestDb) -> World {
    let school = plan.in_the_morning().opens(db).await;
    school.passes("11m").await;
    school
        .comes_in(Came {
            answers: vec![
                ("temperature", Answer::Number(36.5)),
                ("place", Answer::Choice("campus".to_owned())),
            ],
            ..Came::plain("cs11")
        })
        .await;
    school
        .comes_in(Came {
            changed: true,
            level: 2,
            answers: vec![("temperature", Answer::Number(38.2))],
            ..Came::plain("cs12")
        })
        .await;
    school.comes_in(Came { by: "k2", way: Way::Phone, ..Came::plain("cs21") }).await;
    // A correction counts once.
    school.comes_in(Came { changed: true, level: 1, ..Came::plain("cs21") }).await;
    school.comes_in(Came { late: true, ..Came::plain("m11") }).await;
    school.comes_in(Came::plain("staff")).await;
    school.is_marked("m12", PersonState::Excused).await;
    school.is_marked("m21", PersonState::Unreachable).await;
    school
}

fn unit<'r>(report: &'r DayReport, code: &str) -> &'r tierline::domain::report::UnitRow {
    report.units.iter().find(|row| row.code == code).unwrap_or_else(|| panic!("no row of {code}"))
}

/// Counts by hand, person by person: what the last report or note of each was.
async fn counted(school: &World, unit: &str) -> Figures {
    let at = |sql| school.asks::<i64>(sql, args![unit]);
    let below = at("SELECT DISTINCT r.person AS x FROM roles r JOIN units u ON u.id = r.unit JOIN units t ON t.code = $1 \
         WHERE r.role IN ('student', 'staff') AND SUBSTR(u.path, 1, LENGTH(t.path)) = t.path").await;
    let mut sum = Figures { expected: u32::try_from(below.len()).unwrap(), ..Figures::default() };
    for person in below {
        let last = school
            .asks::<i64>("SELECT late * 100 + changed * 10 + level AS x FROM reports WHERE person = $1 AND supplement = 0 \
                 ORDER BY version DESC LIMIT 1", args![person])
            .await;
        let noted = school
            .asks::<i64>(
                "SELECT CASE state WHEN 'excused' THEN CAST(1 AS BIGINT) ELSE CAST(2 AS BIGINT) END AS x \
                 FROM person_days WHERE person = $1 AND noted_at IS NOT NULL",
                args![person],
            )
            .await;
        match (last.first(), noted.first()) {
            (Some(of), _) => {
                sum.reported += 1;
                sum.late += u32::from(of / 100 == 1);
                sum.changed += u32::from(of / 10 % 10 == 1);
                sum.watch += u32::from(of % 10 == 1);
                sum.urgent += u32::from(of % 10 == 2);
            }
            (None, Some(1)) => sum.excused += 1,
            (None, Some(_)) => sum.unreachable += 1,
            (None, None) => sum.missing += 1,
        }
    }
    sum
}

on_both! {
    async fn every_figure_is_that_of_a_naive_count(db) {
        let school = morning(Plan::four_tiers(), &db).await;
        let report = school.report_of("u", &ReportRights::operator()).await.expect("a report");
        assert_eq!(report.units.iter().map(|row| row.code.as_str()).collect::<Vec<_>>(), ["u", "cs", "cs1", "cs2", "math", "m1", "m2"]);
        for row in &report.units {
            assert!(row.figures.adds_up(), "{}", row.code);
            assert_eq!(row.figures, counted(&school, &row.code).await, "{}", row.code);
        }
        let whole = Figures { expected: 13, reported: 5, missing: 6, excused: 1, unreachable: 1, late: 1, changed: 2, watch: 1, urgent: 1 };
        assert_eq!(unit(&report, "u").figures, whole);
        assert_eq!((unit(&report, "cs1").depth, unit(&report, "cs1").tier_key.as_str()), (2, "class"));
        let missing: Vec<(&str, &str)> = report.missing.iter().map(|row| (row.person_code.as_str(), row.state.word())).collect();
        assert_eq!(missing, [("cs13", "missing"), ("cs22", "missing"), ("cs23", "missing"), ("m12", "excused"), ("m13", "missing"),
            ("m21", "unreachable"), ("m22", "missing"), ("m23", "missing")]);
        assert!(report.missing.iter().all(|row| row.phone.as_deref().is_some_and(|phone| phone.contains("139"))));
        let answers = report.answers.as_ref().expect("for the operator");
        assert_eq!(answers.rows.len(), 13);
        let column = |id: &str| answers.questions.iter().position(|(known, _)| known == id).expect("a question");
        let row = |code: &str| answers.rows.iter().find(|row| row.person_code == code).expect("a row");
        assert_eq!(row("cs11").answers[column("temperature")], Cell::Number(36.5));
        assert!(matches!(&row("cs11").answers[column("place")], Cell::Choice(choice) if choice.id == "campus" && choice.words != "campus"));
        assert_eq!((row("cs21").by.as_str(), row("cs21").changed), ("李一", true));
        assert!(row("m13").answers.is_empty() && row("m13").by.is_empty());
        school.overlooks("");
        school.ends().await;
    }

    async fn a_reader_sees_names_phones_and_answers_only_where_they_may(db) {
        let school = morning(Plan::four_tiers(), &db).await;
        let figures_only = school.report_of("u", &ReportRights::default()).await.expect("a report");
        assert!(figures_only.missing.is_empty() && figures_only.answers.is_none());
        assert_eq!(figures_only.units.len(), 7);
        let class = school.asks::<i64>("SELECT id AS x FROM units WHERE code = 'cs2'", args![]).await;
        let only = Extent::Units(class);
        let rights = ReportRights { names: Extent::Everywhere, phones: only.clone(), answers: only };
        let report = school.report_of("u", &rights).await.expect("a report");
        for row in &report.missing {
            assert_eq!(row.phone.is_some(), row.unit_code == "cs2", "{row:?}");
        }
        let answers = report.answers.expect("of one class");
        assert_eq!(answers.rows.iter().map(|row| row.person_code.as_str()).collect::<Vec<_>>(), ["cs21", "cs22", "cs23"]);
        let college = school.report_of("math", &ReportRights::operator()).await.expect("a report");
        assert_eq!(college.units.iter().map(|row| (row.code.as_str(), row.depth)).collect::<Vec<_>>(), [("math", 0), ("m1", 1), ("m2", 1)]);
        assert!(college.missing.iter().all(|row| row.person_code.starts_with('m')));
        school.overlooks("");
        school.ends().await;
    }

    async fn a_directive_stands_in_the_report_of_its_days(db) {
        let school = morning(Plan::four_tiers(), &db).await;
        school.office().issues("请各班今日完成宿舍检查").urgent().to_students().await;
        school.class("cs1").shows("宿舍检查");
        let report = school.report_of("cs", &ReportRights::operator()).await.expect("a report");
        let rows: Vec<(&str, u32)> = report.directives.iter().map(|row| (row.unit.as_str(), row.must_ack)).collect();
        assert!(rows.contains(&("计算机1班", 3)), "{rows:?}");
        assert!(report.directives.iter().all(|row| row.title.contains("宿舍检查")));
        school.overlooks("");
        school.ends().await;
    }

    async fn a_signed_day_shows_what_was_signed_and_supplements_apart(db) {
        let school = morning(Plan::four_tiers(), &db).await;
        let before = school.report_of("u", &ReportRights::operator()).await.expect("a report");
        let signed: Vec<serde_json::Value> = {
            let ids = school.asks::<i64>("SELECT id AS x FROM units ORDER BY code", args![]).await;
            let codes = school.asks::<String>("SELECT code AS x FROM units ORDER BY code", args![]).await;
            let unit = |(id, code): (&i64, &String)| {
                let figures = unit(&before, code).figures;
                serde_json::json!({"unit": id, "code": code, "tier": 0, "figures": figures, "confirmed_by": null, "confirmed_at": null})
            };
            ids.iter().zip(&codes).map(unit).collect()
        };
        let (now, day) = (school.clock_now(), school.day_id());
        let signer = school.asks::<i64>("SELECT id AS x FROM people WHERE code = 'lead'", args![]).await[0];
        let late = school.asks::<i64>("SELECT id AS x FROM people WHERE code = 'cs13'", args![]).await[0];
        let sealed = |text| school.sealer().seal_text(text);
        school.writes_rows(vec![
            (
                "UPDATE days SET signed_at = $2, signed_by = $3, signed = $4, supplements = 1 WHERE id = $1",
                args![day, now, signer, serde_json::Value::from(signed).to_string()],
            ),
            (
                "INSERT INTO signs (day, seq, at, act, person, unit, why) VALUES ($1, 1, $2, 'sign', $3, NULL, 'three are ill')",
                args![day, now, signer],
            ),
            (
                "INSERT INTO reports (day, person, version, answers, at, by_person, way, late, changed, level, supplement, why) \
                 VALUES ($1, $2, 1, $3, $4, $2, 'self', 1, 0, 0, 1, $5)",
                args![day, late, sealed("{}"), now + chrono::TimeDelta::minutes(1), sealed("was abroad")],
            ),
            ("UPDATE unit_days SET reported = reported + 1 WHERE day = $1", args![day]),
        ])
        .await;
        let after = school.report_of("u", &ReportRights::operator()).await.expect("a report");
        for (one, other) in before.units.iter().zip(&after.units) {
            assert_eq!((&one.code, one.figures), (&other.code, other.figures));
        }
        let acts: Vec<(SignAct, &str, &str)> =
            after.signoff.iter().map(|row| (row.act, row.by.as_str(), row.reason.as_str())).collect();
        assert_eq!(acts, [(SignAct::Signed, "陈校长", "three are ill"), (SignAct::Supplement(1), "张三", "was abroad")]);
        let blind = school.report_of("u", &ReportRights::default()).await.expect("a report");
        assert_eq!(blind.signoff[1].reason, "", "why is for who reads the answers");
        school.overlooks("");
        school.ends().await;
    }
}
