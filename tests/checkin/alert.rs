//! Alerts: told at once to those who handle them, taken, reported to an authority, verified (C7, C8).

use crate::on_both;
use crate::world::{Plan, World};

const GROUPS: [&str; 6] = ["u", "cs", "cs1", "cs2", "cs1/guardians", "math"];
/// Whoever is told at once about 张一 of class cs1: counselor, secretary, office, and the tutor who follows them.
const TOLD: [&str; 4] = ["k1", "sec-cs", "office", "tutor"];

on_both! {
    async fn three_taps_and_those_concerned_know(db) {
        let school = World::four_tiers(&db).await;
        let student = school.student("cs1", 1);
        student.reports_urgent("有症状").await;
        let thanks = student.is_told("已报告");
        assert!(thanks.text.contains("已通知孙老师、赵书记、吴主任、冯导师，会尽快联系你"), "{}", thanks.text);
        assert!(thanks.text.contains("120"), "{}", thanks.text);
        for code in TOLD {
            let card = school.person(code).is_told("【紧急情况】张一");
            for words in ["计算机1班 · 计算机学院", "体温异常或有症状", "本人电话：139", "家长张父：139"] {
                assert!(card.text.contains(words), "{}", card.text);
            }
        }
        for other in ["lead", "k2", "km", "sec-math", "audit", "cs12", "g-father"] {
            school.person(other).is_left_alone();
        }
        school.are_quiet(&GROUPS);
        school.restarts().await;
        school.counselor("cs1").takes_the_alert().await;
        let card = school.secretary("cs").is_told("孙老师正在处理");
        assert!(!card.buttons.iter().flatten().any(|button| button.label.contains("我来处理")));
        school.passes("45m").await;
        school.leader().is_left_alone();
        school.office().presses("反馈进展").await;
        school.office().is_told("最新进展");
        school.office().writes("已陪同就医，等待结果").await;
        school.office().is_told("已登记张一的最新进展");
        assert!(school.person("tutor").is_told("【紧急情况】").text.contains("已陪同就医"));
        school.counselor("cs1").clears_the_alert("处理完毕", "已就医，居家休息").await;
        for code in TOLD {
            let report = school.person(code).is_told("已了结】张一");
            for words in ["已通知孙老师、赵书记、吴主任、冯导师", "孙老师开始处理", "吴主任：已陪同就医", "居家休息"] {
                assert!(report.text.contains(words), "{}", report.text);
            }
            assert!(school.person(code).is_told("【紧急情况】张一").buttons.is_empty());
        }
        school.passes("2h").await;
        school.are_quiet(&GROUPS);
        school.ends().await;
    }

    async fn repeated_reports_are_one_alert(db) {
        let school = World::four_tiers(&db).await;
        let student = school.student("cs1", 1);
        student.reports_urgent("有症状").await;
        school.all_are_told(&TOLD, "【紧急情况】张一");
        student.reports_urgent("有症状").await;
        for code in TOLD {
            school.person(code).is_left_alone();
        }
        school.restarts().await;
        let father = school.person("g-father");
        father.writes("/urgent").await;
        father.is_told("要报告谁的情况");
        father.presses("张一").await;
        father.presses("接触过").await;
        father.is_told("没有就点“跳过”");
        father.writes("上周与病例同车").await;
        father.is_told("即将报告张一的情况");
        father.presses("提交").await;
        father.hears("已登记");
        father.is_told("会尽快跟进张一的情况");
        for code in TOLD {
            let card = school.person(code).is_told("张一：有新情况");
            assert!(card.text.contains("体温异常或有症状、接触过病例（上周与病例同车）"), "{}", card.text);
        }
        assert_eq!(school.count("SELECT COUNT(*) AS x FROM alerts").await, 1);
        student.is_left_alone();
        school.are_quiet(&GROUPS);
        school.ends().await;
    }

    async fn nobody_takes_it_and_the_leaders_are_told(db) {
        let school = World::four_tiers(&db).await;
        school.student("cs2", 2).reports_urgent("有症状").await;
        let told = ["k2", "sec-cs", "office"];
        school.all_are_told(&told, "【紧急情况】李二");
        school.passes("9m").await;
        school.leader().is_left_alone();
        school.restarts().await;
        school.passes("1m").await;
        school.leader().is_told("已过 10 分钟，尚无人处理");
        for code in told {
            school.person(code).is_left_alone();
        }
        school.passes("10m").await;
        school.all_are_told(&["k2", "sec-cs", "office", "lead"], "已过 20 分钟");
        school.stops().await;
        school.comes_back_after("20m").await;
        school.passes("1m").await;
        school.all_are_told(&["k2", "sec-cs", "office", "lead"], "尚无人处理");
        school.leader().takes_the_alert().await;
        assert!(school.counselor("cs2").is_told("陈校长正在处理").text.contains("李二"));
        school.passes("3h").await;
        school.ends().await;
    }

    async fn a_mistake_is_cleared_and_the_record_stays_honest(db) {
        let school = World::four_tiers(&db).await;
        let student = school.student("cs1", 1);
        student.reports_urgent("确诊或疑似").await;
        school.all_are_told(&TOLD, "【紧急情况】张一");
        school.counselor("cs1").clears_the_alert("填报有误", "电话核实，误点").await;
        for code in TOLD {
            let report = school.person(code).is_told("已了结】张一");
            assert!(report.text.contains("保留不变") && report.text.contains("误点"), "{}", report.text);
        }
        assert_eq!(school.count("SELECT COUNT(*) AS x FROM alerts WHERE outcome = 'mistaken'").await, 1);
        school.passes("2h").await;
        school.leader().is_left_alone();
        student.reports_urgent("确诊或疑似").await;
        school.all_are_told(&TOLD, "尚无人处理");
        assert_eq!(school.count("SELECT COUNT(*) AS x FROM alerts WHERE cleared_at IS NULL").await, 1);
        let events = school.alert_events().await;
        assert_eq!(events.iter().filter(|event| *event == "opened").count(), 2, "{events:?}");
        school.ends().await;
    }

    async fn told_in_time_and_the_clock_stops(db) {
        let school = World::four_tiers(&db).await;
        school.student("cs1", 1).reports_urgent("被隔离").await;
        for code in TOLD {
            let card = school.person(code).is_told("【紧急情况】张一");
            assert!(card.text.contains("请于 10:00 前上报"), "{}", card.text);
        }
        school.secretary("cs").takes_the_alert().await;
        school.restarts().await;
        school.passes("30m").await;
        school.secretary("cs").is_told("上报时限已过半");
        school.counselor("cs1").is_left_alone();
        school.secretary("cs").presses("登记上报").await;
        school.secretary("cs").is_told("报给了谁");
        school.secretary("cs").presses("疾控").await;
        school.secretary("cs").hears("已登记");
        school.secretary("cs").is_told("的情况已报疾控部门");
        let card = school.counselor("cs1").is_told("已报疾控部门");
        assert!(card.text.contains("赵书记，用时 30 分钟）") && !card.text.contains("请于"), "{}", card.text);
        school.passes("2h").await;
        school.leader().is_left_alone();
        school.secretary("cs").clears_the_alert("处理完毕", "已解除隔离").await;
        for code in TOLD {
            let report = school.person(code).is_told("已了结】张一");
            assert!(report.text.contains("学院 · 09:0") && report.text.contains("用时 30 分钟"), "{}", report.text);
        }
        school.ends().await;
    }

    async fn told_late_after_everyone_was_told_of_it(db) {
        let school = World::four_tiers(&db).await;
        school.student("cs2", 2).reports_urgent("被隔离").await;
        let told = ["k2", "sec-cs", "office"];
        school.all_are_told(&told, "【紧急情况】李二");
        school.counselor("cs2").takes_the_alert().await;
        school.passes("30m").await;
        school.counselor("cs2").is_told("已过半");
        school.stops().await;
        school.comes_back_after("31m").await;
        school.settles().await;
        school.all_are_told(&["k2", "sec-cs", "office", "lead"], "已超过上报时限");
        school.office().presses("登记上报").await;
        school.office().is_told("报给了谁");
        school.office().writes("区防控办").await;
        school.office().is_told("已报区防控办");
        let card = school.counselor("cs2").is_told("已报区防控办");
        assert!(card.text.contains("，超时）"), "{}", card.text);
        school.ends().await;
    }

    async fn quiet_hours_do_not_hold_an_alert(db) {
        let school = Plan::four_tiers().starts_at("2026-11-23T15:30:00Z").opens(&db).await;
        school.student("cs2", 3).reports_urgent("其他").await;
        school.all_are_told(&["k2", "sec-cs", "office"], "【紧急情况】李三");
        school.passes("10m").await;
        school.leader().is_told("尚无人处理");
        school.leader().takes_the_alert().await;
        school.passes("1h").await;
        school.ends().await;
    }

    async fn groups_and_logs_see_nothing_of_it(db) {
        let school = World::four_tiers(&db).await;
        let canary = "金丝雀三十九度";
        let student = school.student("cs1", 1);
        student.writes_in("cs1", &format!("/urgent {canary}")).await;
        school.class("cs1").shows("私聊");
        student.is_told("请选择本人的情况");
        student.writes(canary).await;
        student.presses("有症状").await;
        student.is_told(canary);
        student.presses("提交").await;
        student.hears("已登记");
        school.all_are_told(&TOLD, canary);
        school.are_quiet(&GROUPS);
        let kept = school.count("SELECT COUNT(*) AS x FROM alert_events WHERE detail LIKE '%金丝雀%'").await;
        let audited = school.count("SELECT COUNT(*) AS x FROM audit WHERE detail LIKE '%金丝雀%'").await;
        assert_eq!((kept, audited), (0, 0));
        let sights = school.count("SELECT COUNT(*) AS x FROM audit WHERE act = 'alert.sight'").await;
        assert_eq!(sights, 4, "everyone's sight of it is audited");
        school.ends().await;
    }

    async fn where_nobody_can_be_reached_the_leaders_are_told_at_once(db) {
        let mut plan = Plan::four_tiers();
        for code in ["k2", "sec-cs", "office"] {
            plan = plan.unbound(code);
        }
        let school = plan.opens(&db).await;
        school.student("cs2", 1).reports_urgent("有症状").await;
        school.leader().is_told("【紧急情况】李一");
        assert!(school.student("cs2", 1).is_told("已报告").text.contains("已通知陈校长"));
        school.leader().takes_the_alert().await;
        school.ends().await;
    }
}
