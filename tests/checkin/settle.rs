//! What was said about somebody's silence says so once it holds no longer (F2).

use tierline::domain::checkin::Way;

use crate::on_both;
use crate::world::Plan;
use crate::world::checkin_form::well;

on_both! {
    async fn a_reminder_says_that_the_report_has_come(db) {
        let school = Plan::four_tiers().in_the_morning().opens(&db).await;
        school.passes_until("08:46").await;
        let student = school.student("cs1", 2);
        assert_eq!(student.unread().iter().filter(|said| said.text.contains("【提醒】")).count(), 2);
        school.restarts().await;
        student.presses("去打卡").await;
        student.fills_in_all().await;
        school.sandbox.forget_calls();
        student.presses("submit").await;
        student.hears("已填报");
        let settled = student.is_told("今日打卡已办结");
        assert!(settled.buttons.is_empty() && !settled.text.contains("【提醒】"), "{}", settled.text);
        let still: Vec<_> = student.unread().into_iter().filter(|said| said.text.contains("【提醒】")).collect();
        assert_eq!(still.len(), 1, "only the newest one is edited");
        let calls = school.calls_made();
        assert_eq!(calls.values().sum::<usize>(), 3, "toast, form and reminder: {calls:?}");
        // A correction edits it no more.
        student.presses("change").await;
        student.presses("修改 4").await;
        student.writes("36.8").await;
        school.sandbox.forget_calls();
        student.presses("submit").await;
        student.hears("已填报");
        assert_eq!(school.calls_made().values().sum::<usize>(), 2);
        school.overlooks("");
        school.ends().await;
    }

    async fn a_reminder_for_two_children_follows_each_of_them(db) {
        let school = Plan::four_tiers().guardians_report().in_the_morning().opens(&db).await;
        for child in ["cs11", "cs21"] {
            school.reported_before(child, Way::Guardian, &well()).await;
        }
        school.passes_until("08:21").await;
        let father = school.person("g-father");
        assert!(father.is_told("今日打卡尚未完成").text.contains("张一、李一"));
        father.presses("张一：无变化").await;
        father.hears("已填报");
        let left = father.is_told("今日打卡尚未完成");
        assert!(left.text.contains("李一") && !left.text.contains("张一"), "{}", left.text);
        father.presses("李一：无变化").await;
        father.hears("已填报");
        father.is_told("今日打卡已办结");
        // The other parent was reminded of 张一 as well.
        school.person("g-mother").is_told("今日打卡已办结");
        school.overlooks("");
        school.ends().await;
    }

    async fn the_rest_of_a_reminder_stays(db) {
        let school = Plan::four_tiers().in_the_morning().opens(&db).await;
        school.passes("20m").await;
        school.counselor("cs1").issues("明天交表").to_students().await;
        school.passes_until("08:21").await;
        let student = school.student("cs1", 2);
        let both = student.is_told("今日打卡尚未完成");
        assert!(both.text.contains("明天交表"), "{}", both.text);
        student.writes("/checkin").await;
        student.fills_in_and_submits().await;
        let left = student.is_told("今日打卡已办结");
        assert!(left.text.contains("【提醒】") && left.text.contains("明天交表"), "{}", left.text);
        student.taps_on(&left, "ack");
        school.settles().await;
        student.hears("已收到");
        student.is_told("今日打卡已办结");
        school.overlooks("");
        school.ends().await;
    }

    async fn who_was_not_reached_and_reports_after_all_is_no_longer_searched_for(db) {
        let school = Plan::four_tiers().in_the_morning().opens(&db).await;
        school.passes_until("09:01").await;
        let counselor = school.counselor("cs1");
        counselor.is_told("张一");
        counselor.presses("unreach").await;
        counselor.hears("已登记");
        assert!(!school.secretary("cs").is_told("【联系不上】").buttons.is_empty());
        school.restarts().await;
        let student = school.student("cs1", 1);
        student.writes("/checkin").await;
        student.fills_in_all().await;
        student.presses("submit").await;
        student.hears("迟报");
        let told = school.secretary("cs").is_told("【联系不上】");
        assert!(told.text.contains("无需再联系") && told.buttons.is_empty(), "{}", told.text);
        assert_eq!(school.stands("cs11").await, "reported self v1 late");
        school.overlooks("");
        school.ends().await;
    }

    async fn who_is_excused_is_pressed_no_more(db) {
        let school = Plan::four_tiers().in_the_morning().opens(&db).await;
        school.passes_until("09:01").await;
        let counselor = school.counselor("cs1");
        counselor.is_told("张一");
        counselor.presses("unreach").await;
        counselor.hears("已登记");
        school.secretary("cs").is_told("【联系不上】");
        counselor.presses("免报").await;
        counselor.is_told("张一今日免报的事由");
        counselor.presses("请假").await;
        counselor.hears("已登记");
        school.secretary("cs").is_told("无需再联系");
        school.student("cs1", 1).is_told("今日打卡已办结");
        school.overlooks("");
        school.ends().await;
    }
}
