//! While answers are missing: the group first, then each in private, never more than is bearable (B3, F2).

use crate::on_both;
use crate::world::{Plan, World};

on_both! {
    async fn few_are_named_in_the_group_and_the_account_is_told(db) {
        let school = World::four_tiers(&db).await;
        school.counselor("cs1").issues("明天交表").to_students().await;
        school.student("cs1", 1).acknowledges("cs1").await;
        school.passes("2h").await;
        school.class("cs1").is_quiet();
        school.restarts().await;
        school.passes("1h").await;
        let reminder = school.class("cs1").shows("【提醒】");
        assert!(reminder.text.contains("张二") && reminder.text.contains("张三") && !reminder.text.contains("张一"));
        assert!(reminder.text.contains("1/3"), "{}", reminder.text);
        assert!(!reminder.text.contains("139"), "no phone numbers in a group");
        let mentions = reminder.entities.iter().filter(|entity| entity.kind == "text_mention").count();
        assert_eq!(mentions, 2);
        assert_eq!(reminder.reply_to, Some(school.class("cs1").card().message.id));
        let student = school.student("cs1", 2);
        student.taps_on(&reminder, "ack");
        school.settles().await;
        student.hears("已收到");
        student.is_left_alone();
        assert_eq!(school.class("cs1").card().count(), "2/3");
        school.ends().await;
    }

    async fn many_are_only_counted_in_the_group(db) {
        let school = Plan::big(1, 1, 8).opens(&db).await;
        school.counselor("c1-1").issues("明天交表").to_students().await;
        school.restarts().await;
        school.passes("181m").await;
        let reminder = school.class("c1-1").shows("【提醒】");
        assert!(reminder.text.contains("尚有 8 位同学未回复") && !reminder.text.contains("学生1.1"), "{}", reminder.text);
        school.class("c1-1").card();
        school.ends().await;
    }

    async fn names_may_be_kept_out_of_groups(db) {
        let school = Plan::four_tiers().config("roster.group_names = false").opens(&db).await;
        school.counselor("cs1").issues("明天交表").to_students().await;
        school.restarts().await;
        school.passes("181m").await;
        let reminder = school.class("cs1").shows("【提醒】");
        assert!(reminder.text.contains("尚有 3 位同学未回复") && !reminder.text.contains("张"), "{}", reminder.text);
        school.class("cs1").card();
        school.ends().await;
    }

    async fn then_each_in_private_twice(db) {
        let school = World::four_tiers(&db).await;
        school.counselor("cs1").issues("明天交表").to_students().await;
        school.student("cs1", 1).acknowledges("cs1").await;
        school.passes("289m").await;
        school.class("cs1").shows("【提醒】");
        school.student("cs1", 2).is_reminded();
        school.student("cs1", 3).is_reminded();
        school.student("cs1", 1).is_left_alone();
        school.student("cs1", 2).presses("ack").await;
        school.student("cs1", 2).hears("已收到");
        school.restarts().await;
        school.passes("30m").await;
        assert!(school.student("cs1", 3).is_reminded().text.contains("你有 1 件通知尚未回复"));
        school.student("cs1", 2).is_left_alone();
        assert_eq!(school.class("cs1").card().count(), "2/3");
        assert_eq!(school.count("SELECT MAX(reminders) AS x FROM receipts").await, 3);
        school.ends().await;
    }

    async fn all_that_is_due_stands_in_one_message(db) {
        let school = World::four_tiers(&db).await;
        school.counselor("cs1").issues("第一件").to_students().await;
        school.counselor("cs1").issues("第二件").to_students().await;
        school.restarts().await;
        school.passes("289m").await;
        school.overlooks("【提醒】2026年");
        let reminder = school.student("cs1", 1).is_reminded();
        assert!(reminder.text.contains("第一件") && reminder.text.contains("第二件"), "{}", reminder.text);
        school.student("cs1", 1).presses("2026年第2号").await;
        school.student("cs1", 1).hears("已收到");
        assert!(school.student("cs1", 1).is_told("第二件").text.contains("✅"));
        school.student("cs1", 2).is_reminded();
        school.student("cs1", 3).is_reminded();
        assert_eq!(school.class("cs1").card_with("第二件").count(), "1/3");
        assert_eq!(school.class("cs1").card_with("第一件").count(), "0/3");
        school.ends().await;
    }

    async fn no_more_than_the_day_allows(db) {
        let school = Plan::four_tiers().config("reminders.private_per_day = 1").opens(&db).await;
        school.counselor("cs1").issues("明天交表").to_students().await;
        school.passes("289m").await;
        school.class("cs1").shows("【提醒】");
        for n in 1..=3 {
            school.student("cs1", n).is_reminded();
        }
        school.restarts().await;
        school.passes("60m").await;
        for n in 1..=3 {
            school.student("cs1", n).is_left_alone();
        }
        school.class("cs1").card();
        school.ends().await;
    }

    async fn urgent_ones_are_not_counted_against_the_day(db) {
        let school = Plan::four_tiers().config("reminders.private_per_day = 1").opens(&db).await;
        school.counselor("cs1").issues("立即报平安").urgent().to_students().await;
        school.student("cs1", 1).acknowledges("cs1").await;
        for _ in 0..3 {
            school.restarts().await;
            school.passes(if school.student("cs1", 2).all().is_empty() { "18m" } else { "5m" }).await;
            school.student("cs1", 2).is_reminded();
            school.student("cs1", 3).is_reminded();
        }
        school.student("cs1", 1).is_left_alone();
        school.class("cs1").card();
        school.ends().await;
    }

    async fn the_night_is_quiet_and_the_morning_judges_again(db) {
        let school = Plan::four_tiers().starts_at("2026-11-23T10:00:00Z").opens(&db).await;
        school.counselor("cs1").issues("明天交表").to_students().await;
        school.student("cs1", 1).acknowledges("cs1").await;
        school.passes("5h").await;
        school.class("cs1").shows("【提醒】");
        school.restarts().await;
        school.passes_until("06:29").await;
        school.student("cs1", 2).is_left_alone();
        school.student("cs1", 3).replies_to_directive("cs1", "收到").await;
        school.passes("2m").await;
        school.student("cs1", 2).is_reminded();
        school.student("cs1", 3).is_left_alone();
        let told = school.counselor("cs1").is_told("【催报】");
        assert!(told.text.contains("张二") && !told.text.contains("张三"), "{}", told.text);
        assert_eq!(school.class("cs1").card().count(), "2/3");
        school.ends().await;
    }

    async fn whoever_answers_in_the_night_is_left_alone(db) {
        let school = Plan::four_tiers().starts_at("2026-11-23T12:00:00Z").opens(&db).await;
        school.counselor("cs1").issues("明天交表").to_students().await;
        school.passes("3h").await;
        school.restarts().await;
        for n in 1..=3 {
            school.student("cs1", n).acknowledges("cs1").await;
        }
        school.passes_until("06:40").await;
        school.class("cs1").card();
        school.class("cs1").is_quiet();
        school.counselor("cs1").is_left_alone();
        school.ends().await;
    }

    async fn urgent_does_not_wait_for_the_morning(db) {
        let school = Plan::four_tiers().starts_at("2026-11-23T15:00:00Z").opens(&db).await;
        school.counselor("cs1").issues("立即报平安").urgent().to_students().await;
        school.restarts().await;
        school.passes("19m").await;
        for n in 1..=3 {
            school.student("cs1", n).is_reminded();
        }
        school.class("cs1").card();
        school.ends().await;
    }

    async fn on_free_days_nobody_is_pressed(db) {
        let plan = Plan::four_tiers().starts_at("2026-11-28T12:00:00Z").config("calendar.weekend = [\"sat\", \"sun\"]");
        let school = plan.opens(&db).await;
        school.counselor("cs1").issues("下周交表").to_students().await;
        school.class("cs1").card();
        school.restarts().await;
        school.passes("26h").await;
        school.class("cs1").is_quiet();
        school.student("cs1", 1).is_left_alone();
        school.passes("9h").await;
        school.class("cs1").shows("【提醒】");
        for n in 1..=3 {
            school.student("cs1", n).is_reminded();
        }
        school.counselor("cs1").is_told("【催报】");
        school.ends().await;
    }
}
