//! Alerts that a rule of the form raises (C7, C8, E2).

use tierline::args;

use crate::on_both;
use crate::world::Plan;
use crate::world::person::Person;

const GROUPS: [&str; 5] = ["u", "cs", "cs1", "cs2", "cs1/guardians"];
const TOLD: [&str; 4] = ["k1", "sec-cs", "office", "tutor"];

/// Fills in the form with this temperature and this group, and submits it.
async fn fills_in(who: &Person, temperature: &str, group: &str) {
    who.writes("/checkin").await;
    for label in ["校内", "否", "无异常"] {
        who.presses_choice(label).await;
    }
    who.writes(temperature).await;
    for label in ["均无异常", "否", group] {
        who.presses_choice(label).await;
    }
    who.presses("submit").await;
    who.hears("已填报");
}

on_both! {
    async fn a_fever_is_known_at_once(db) {
        let school = Plan::quiet_day().opens(&db).await;
        school.morning().await;
        let student = school.student("cs1", 1);
        fills_in(&student, "38.2", "不属于").await;
        student.form_says("已通知孙老师、赵书记、吴主任、冯导师，会尽快联系你。");
        student.form_says("120");
        for code in TOLD {
            let card = school.person(code).is_told("【紧急情况】张一");
            assert!(card.text.contains("报告：体温 37.3℃ 以上"), "{}", card.text);
            assert!(!card.text.contains("请于"), "a fever has no clock: {}", card.text);
        }
        school.are_quiet(&GROUPS);
        school.restarts().await;
        student.presses("change").await;
        student.presses("修改 4").await;
        student.writes("36.5").await;
        student.writes("提交").await;
        student.form_says("后有修改");
        for code in TOLD {
            assert!(school.person(code).is_told("【紧急情况】张一").text.contains("之后更正了填报"));
        }
        let open = "SELECT COUNT(*) AS x FROM alerts WHERE cleared_at IS NULL";
        assert_eq!(school.count(open).await, 1, "it stays open until it is verified");
        school.counselor("cs1").clears_the_alert("填报有误", "电话核实，实测 36.5℃").await;
        school.all_are_told(&TOLD, "已了结】张一");
        let kept = school.asks::<i64>("SELECT COUNT(*) AS x FROM reports WHERE level = 2", args![]).await;
        assert_eq!(kept, [1], "what was answered stays as it was");
        school.are_quiet(&GROUPS);
        school.ends().await;
    }

    async fn isolation_starts_the_hour_and_a_confirmed_class_is_asked_again(db) {
        let school = Plan::quiet_day().opens(&db).await;
        school.morning().await;
        school.report_in(&["cs12", "cs13"]).await;
        let counselor = school.counselor("cs1");
        counselor.writes("/confirm").await;
        counselor.presses("confirm").await;
        counselor.hears("尚有 1 人未报");
        counselor.presses("仍要确认").await;
        counselor.hears("已确认，谢谢");
        counselor.is_told("数据均已确认");
        fills_in(&school.student("cs1", 1), "36.6", "正在隔离观察").await;
        school.student("cs1", 1).form_says("已通知孙老师");
        for code in TOLD {
            let card = school.person(code).is_told("【紧急情况】张一");
            assert!(card.text.contains("正在隔离观察") && card.text.contains("请于 08:0"), "{}", card.text);
        }
        counselor.is_told("【请重新确认】");
        counselor.takes_the_alert().await;
        counselor.presses("登记上报").await;
        counselor.is_told("报给了谁");
        counselor.presses("社区").await;
        counselor.hears("已登记");
        counselor.is_told("的情况已报社区");
        school.passes("80m").await;
        school.leader().is_left_alone();
        school.are_quiet(&GROUPS);
        school.ends().await;
    }
}
