//! Who is asked in private and when, and that what is asked, reminded of and phoned about leads to a report that counts.

use crate::on_both;
use crate::world::Plan;

on_both! {
    async fn first_the_groups_then_the_silent_in_private(db) {
        let school = Plan::four_tiers().without_chat("m2").in_the_morning().opens(&db).await;
        school.passes("11m").await;
        school.overlooks("今日打卡");
        // Staff, and a class without a chat, are asked at once; the others had the question in their group.
        for code in ["staff", "m21", "m22", "m23"] {
            school.person(code).form();
        }
        school.student("cs1", 1).is_left_alone();
        school.have_reported(&["cs11"]).await;
        school.restarts().await;
        school.passes_until("07:44").await;
        school.student("cs1", 2).is_left_alone();
        school.passes("2m").await;
        school.student("cs1", 1).is_left_alone();
        school.student("cs1", 2).form();
        school.student("m2", 1).is_left_alone();
        assert_eq!(school.count("SELECT COUNT(*) AS x FROM person_days WHERE prompted_at IS NULL").await, 1);
        school.checks_private_prompts().await;
        school.ends().await;
    }

    async fn a_reminder_leads_to_the_form_and_the_report_counts(db) {
        let school = Plan::four_tiers().in_the_morning().opens(&db).await;
        school.passes_until("08:21").await;
        school.checks_private_prompts().await;
        let student = school.student("cs1", 2);
        student.is_reminded();
        school.restarts().await;
        student.presses("去打卡").await;
        student.fills_in_and_submits().await;
        assert_eq!(school.stands("cs12").await, "reported self v1");
        school.passes_until("08:46").await;
        student.form();
        let again = student.unread();
        assert!(again.iter().all(|message| !message.text.contains("【提醒】")), "{again:?}");
        school.student("cs1", 3).is_told("【提醒】");
        school.overlooks("【提醒】");
        school.overlooks("今日打卡");
        school.checks_private_prompts().await;
        school.ends().await;
    }

    async fn today_lists_the_check_in_and_who_is_silent(db) {
        let school = Plan::four_tiers().in_the_morning().opens(&db).await;
        school.passes("11m").await;
        school.student("cs1", 1).writes("/today").await;
        school.student("cs1", 1).is_told("请你于 09:00 前填报");
        school.passes_until("09:01").await;
        school.counselor("cs1").writes("/today").await;
        school.counselor("cs1").is_told("今日打卡未报 3 人");
        school.counselor("cs1").presses("查看名单").await;
        school.counselor("cs1").is_told("张一");
        school.overlooks("今日打卡");
        school.overlooks("【提醒】");
        school.ends_after_the_day().await;
    }

    async fn a_counselor_fills_in_the_form_by_phone(db) {
        let school = Plan::four_tiers().in_the_morning().opens(&db).await;
        school.passes("20m").await;
        let all = ["cs12", "cs13", "cs21", "cs22", "cs23", "m11", "m12", "m13", "m21", "m22", "m23", "staff"];
        school.have_reported(&all).await;
        school.passes_until("09:01").await;
        school.checks_private_prompts().await;
        school.overlooks("今日打卡");
        school.overlooks("【提醒】");
        let counselor = school.counselor("cs1");
        counselor.is_told("【未打卡名单】");
        school.restarts().await;
        counselor.presses("代张一填报").await;
        counselor.hears("表已打开");
        counselor.fills_in_and_submits().await;
        assert_eq!(school.stands("cs11").await, "reported phone v1 late");
        counselor.is_told("已全部上报或登记免报");
        assert_eq!(school.figures().await, [13, 13, 0, 0, 0]);
        school.ends_after_the_day().await;
    }
}
