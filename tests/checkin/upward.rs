//! Silence goes upward, tier by tier, with names one tier down and counts further below; and what is noted about it.

use tierline::args;
use tierline::domain::report::{DayReport, ReportRights};

use crate::on_both;
use crate::world::{Plan, World};

/// The morning until the deadline; everybody but these has reported.
async fn deadline(plan: Plan, db: &crate::world::db::TestDb, silent: &[&str]) -> World {
    let school = plan.in_the_morning().opens(db).await;
    school.passes("20m").await;
    let sql = "SELECT p.code AS x FROM person_days d JOIN people p ON p.id = d.person ORDER BY p.code";
    let all: Vec<String> = school.asks(sql, args![]).await;
    let reported: Vec<&str> = all.iter().map(String::as_str).filter(|code| !silent.contains(code)).collect();
    school.have_reported(&reported).await;
    school.passes_until("08:59").await;
    school.checks_private_prompts().await;
    school.overlooks("今日打卡");
    school.passes("90s").await;
    school.checks_private_prompts().await;
    school
}

on_both! {
    async fn a_counselor_hears_of_both_classes_in_one_message(db) {
        let school = deadline(Plan::four_tiers(), &db, &["m11", "m21", "m22"]).await;
        let told = school.person("km").is_told("【未打卡名单】");
        for words in ["数学1班：应报 3 人，实报 2 人，未报 1 人", "数学2班：应报 3 人，实报 1 人，未报 2 人", "王一", "刘一", "刘二"] {
            assert!(told.text.contains(words), "{words} in {}", told.text);
        }
        let phone = &school.plan.roster.people["m11"].phone;
        assert!(told.text.contains(phone), "{}", told.text);
        school.counselor("cs1").is_left_alone();
        school.secretary("math").is_left_alone();
        school.restarts().await;
        school.have_reported(&["m11", "m21", "m22"]).await;
        school.passes_until("09:25").await;
        school.checks_private_prompts().await;
        school.secretary("math").is_left_alone();
        school.ends_after_the_day().await;
    }

    async fn then_the_secretary_and_then_the_leadership_by_counts(db) {
        let school = deadline(Plan::four_tiers(), &db, &["cs11", "cs21", "staff"]).await;
        school.counselor("cs1").is_told("张一");
        school.counselor("cs2").is_told("李一");
        school.restarts().await;
        school.passes_until("09:21").await;
        let told = school.secretary("cs").is_told("【未打卡名单】");
        assert!(told.text.contains("计算机1班") && told.text.contains("张一") && told.text.contains("李一"), "{}", told.text);
        school.passes_until("09:41").await;
        for who in ["lead", "office"] {
            let told = school.person(who).is_told("全校未报 3 人");
            assert!(told.text.contains("计算机学院：应报 6 人，实报 4 人，未报 2 人"), "{}", told.text);
            assert!(told.text.contains("王师傅") && !told.text.contains("张一"), "names one tier down only: {}", told.text);
        }
        school.leader().presses("计算机学院").await;
        let inside = school.leader().is_told("计算机1班：应报 3 人，实报 2 人，未报 1 人");
        assert!(!inside.text.contains("张一"), "{}", inside.text);
        school.leader().presses("返回").await;
        school.leader().is_told("全校未报 3 人");
        let told = "SELECT escalated_to AS x FROM person_days d JOIN people p ON p.id = d.person WHERE p.code = 'cs11'";
        let told: String = school.asks::<String>(told, args![]).await.remove(0);
        let told: serde_json::Value = serde_json::from_str(&told).expect("JSON");
        let tiers: Vec<i64> = told.as_array().expect("a list").iter().filter_map(|who| who["tier"].as_i64()).collect();
        assert_eq!(tiers, [2, 1, 0, 0]);
        school.ends_after_the_day().await;
    }

    async fn a_class_without_a_counselor_goes_one_tier_up_at_once(db) {
        let plan = Plan::four_tiers().unbound("k1");
        let school = deadline(plan, &db, &["cs11", "cs21"]).await;
        let told = school.secretary("cs").is_told("以下班级的辅导员私聊送不到");
        assert!(told.text.contains("张一") && !told.text.contains("李一"), "{}", told.text);
        school.counselor("cs2").is_told("李一");
        school.passes_until("09:21").await;
        let told = school.secretary("cs").is_told("李一");
        assert!(told.text.contains("张一"), "one list at a time: {}", told.text);
        school.ends_after_the_day().await;
    }

    async fn on_it_holds_the_next_report_upward_once(db) {
        let school = deadline(Plan::four_tiers(), &db, &["cs11", "cs21"]).await;
        school.counselor("cs1").is_told("张一");
        school.counselor("cs2").is_told("李一");
        school.passes_until("09:10").await;
        school.counselor("cs1").presses("take").await;
        school.counselor("cs1").hears("09:30 前不再上报");
        assert!(school.counselor("cs1").is_told("孙老师正在处理").buttons.iter().flatten().all(|button| !button.label.contains("我来处理")));
        school.restarts().await;
        school.passes_until("09:25").await;
        let told = school.secretary("cs").is_told("李一");
        assert!(told.text.contains("孙老师正在处理，至 09:30"), "{}", told.text);
        let before = "SELECT COUNT(*) AS x FROM messages WHERE kind = 'missing'";
        let before = school.count(before).await;
        school.passes_until("09:31").await;
        assert_eq!(school.count("SELECT COUNT(*) AS x FROM messages WHERE kind = 'missing'").await, before + 1);
        school.secretary("cs").is_told("张一");
        school.ends_after_the_day().await;
    }

    async fn not_reached_is_told_upward_at_once_and_never_looks_reported(db) {
        let school = deadline(Plan::four_tiers(), &db, &["cs11"]).await;
        school.counselor("cs1").is_told("张一");
        school.counselor("cs1").presses("unreach").await;
        school.counselor("cs1").hears("已登记");
        assert_eq!(school.figures().await, [13, 12, 0, 0, 1]);
        school.restarts().await;
        let told = school.secretary("cs").is_told("【联系不上】");
        let father = &school.plan.roster.people["g-father"].phone;
        assert!(told.text.contains("张一") && told.text.contains(father), "{}", told.text);
        assert!(school.counselor("cs1").is_told("联系不上").text.contains("张一"));
        school.have_reported(&["cs11"]).await;
        assert_eq!(school.figures().await, [13, 13, 0, 0, 0]);
        school.secretary("cs").presses("excuse").await;
        school.secretary("cs").hears("已填报过");
        school.ends_after_the_day().await;
    }

    async fn the_report_names_all_who_were_told_of_somebody_not_reached(db) {
        let school = deadline(Plan::four_tiers(), &db, &["cs11"]).await;
        school.counselor("cs1").is_told("张一");
        school.counselor("cs1").presses("unreach").await;
        school.counselor("cs1").hears("已登记");
        school.secretary("cs").is_told("【联系不上】");
        school.counselor("cs1").is_told("联系不上");
        school.passes_until("09:21").await;
        school.secretary("cs").is_told("【未打卡名单】");
        let report = school.report_of("u", &ReportRights::operator()).await.expect("a report");
        let row = report.missing.iter().find(|row| row.person_code == "cs11").expect("not reached");
        assert_eq!(row.escalated_to, ["孙老师", "赵书记"], "each once");
        school.ends_after_the_day().await;
    }

    async fn nobody_is_above_the_school_to_be_told_of_its_own_staff(db) {
        let school = deadline(Plan::four_tiers(), &db, &["staff"]).await;
        school.passes_until("09:41").await;
        for who in ["lead", "office"] {
            school.person(who).is_told("王师傅");
        }
        let before = school.report_of("u", &ReportRights::operator()).await.expect("a report");
        school.leader().presses("unreach").await;
        school.leader().hears("已登记");
        for who in ["lead", "office"] {
            school.person(who).is_told("联系不上");
        }
        let after = school.report_of("u", &ReportRights::operator()).await.expect("a report");
        let told = |report: &DayReport| report.missing[0].escalated_to.clone();
        assert_eq!((told(&before).len(), told(&after)), (2, told(&before)));
        school.ends_after_the_day().await;
    }

    async fn somebody_is_excused_by_a_tap_or_a_typed_reason(db) {
        let school = deadline(Plan::four_tiers(), &db, &["cs11", "cs12"]).await;
        let counselor = school.counselor("cs1");
        counselor.is_told("张二");
        counselor.presses("免报").await;
        counselor.is_told("今日免报的事由");
        school.restarts().await;
        counselor.presses("请假").await;
        counselor.hears("已登记");
        counselor.is_told("已登记张一今日免报（请假）");
        counselor.presses("免报").await;
        counselor.is_told("张二今日免报的事由");
        counselor.writes("校外实习").await;
        counselor.is_told("已登记张二今日免报（校外实习）");
        assert_eq!(school.figures().await, [13, 11, 0, 2, 0]);
        counselor.is_told("已全部上报或登记免报");
        let audit: Vec<String> = school.asks("SELECT detail AS x FROM audit WHERE act = 'checkin.excused'", args![]).await;
        assert!(audit.len() == 2 && audit.iter().all(|detail| !detail.contains("实习")), "{audit:?}");
        school.ends_after_the_day().await;
    }

    async fn the_right_is_looked_up_at_every_press(db) {
        let school = deadline(Plan::four_tiers(), &db, &["cs11"]).await;
        let told = school.counselor("cs1").is_told("张一");
        school.roster_becomes(|roster| {
            let person = roster.people.get_mut("k1").expect("there");
            person.duties.clear();
            person.duties.insert((tierline::domain::roster::Role::Counselor, "cs2".to_owned()), false);
        }).await;
        for what in ["unreach", "excuse", "take"] {
            school.person("k1").taps_on(&told, what);
            school.settles().await;
            school.person("k1").hears("抱歉");
        }
        assert_eq!(school.figures().await, [13, 12, 1, 0, 0]);
        school.ends_after_the_day().await;
    }
}
