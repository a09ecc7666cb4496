//! `/status`: how the day of check-ins stands.

use tierline::domain::checkin::PersonState;

use crate::on_both;
use crate::world::Plan;

on_both! {
    async fn a_class_chat_hears_who_is_expected_has_reported_and_is_missing(db) {
        let school = Plan::quiet_day().opens(&db).await;
        school.morning().await;
        school.report_in(&["cs11"]).await;
        school.reports_of_level("cs12", 1).await;
        school.counselor("cs1").writes_in("cs1", "/status").await;
        let said = school.student("cs1", 3).sees_in("cs1", "11月23日打卡");
        assert!(said.text.contains("应报 3 人，实报 2 人，未报 1 人"), "{}", said.text);
        assert!(said.text.contains("尚未打卡：张三"), "{}", said.text);
        for private in ["重点关注", "迟报", "变化", "零报告", "139"] {
            assert!(!said.text.contains(private), "a class chat hears {private}: {}", said.text);
        }
        school.student("cs1", 1).writes_in("cs1", "/status").await;
        school.student("cs1", 1).is_told("不能使用");
        school.restarts().await;
        school.counselor("cs1").writes("状态").await;
        let said = school.counselor("cs1").is_told("11月23日打卡");
        assert!(said.text.contains("重点关注 1") && said.text.contains("张三"), "{}", said.text);
        school.ends().await;
    }

    async fn no_group_sees_names_when_there_are_many(db) {
        let school = Plan::quiet_day().config("[roster]\ngroup_names_up_to = 2").opens(&db).await;
        school.morning().await;
        school.counselor("cs1").writes_in("cs1", "/status").await;
        let said = school.student("cs1", 1).sees_in("cs1", "未报 3 人");
        assert!(!said.text.contains("张"), "{}", said.text);
        school.secretary("cs").writes_in("cs", "/status").await;
        let said = school.counselor("cs1").sees_in("cs", "应报 6 人，实报 0 人，未报 6 人");
        assert!(!said.text.contains("张"), "{}", said.text);
        school.ends().await;
    }

    async fn who_leads_drills_down_as_far_as_the_rights_reach(db) {
        let school = Plan::quiet_day().opens(&db).await;
        school.morning().await;
        school.report_in(&["cs11", "cs12", "m11"]).await;
        school.is_noted("cs13", PersonState::Excused).await;
        school.is_noted("m12", PersonState::Unreachable).await;
        school.leader().writes("/status").await;
        let said = school.leader().is_told("应报 13 人，实报 3 人，未报 8 人");
        assert!(said.text.contains("免报 1") && said.text.contains("联系不上 1"), "{}", said.text);
        assert!(said.text.contains("计算机学院 2/6"), "{}", said.text);
        school.leader().presses("计算机学院").await;
        let said = school.leader().is_told("计算机1班 2/3");
        assert!(!said.text.contains("李一"), "{}", said.text);
        school.leader().presses("计算机2班").await;
        let said = school.leader().is_told("应报 3 人，实报 0 人，未报 3 人");
        assert!(!said.text.contains("李一"), "a leader reads names one tier down only: {}", said.text);
        school.secretary("cs").writes("/status").await;
        school.secretary("cs").presses("计算机2班").await;
        school.restarts().await;
        let said = school.secretary("cs").is_told("尚未打卡：李一、李二、李三");
        assert!(said.buttons.iter().flatten().any(|button| button.label == "返回"));
        school.secretary("cs").presses("返回").await;
        school.secretary("cs").is_told("计算机2班 0/3");
        school.ends().await;
    }
}
