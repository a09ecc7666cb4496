//! The day: it opens once, asks in groups, and follows the roster and the calendar.

use tierline::args;
use tierline::domain::roster::{Person, Role};

use crate::on_both;
use crate::world::Plan;

const CLASSES: [&str; 4] = ["cs1", "cs2", "m1", "m2"];

on_both! {
    async fn the_day_opens_once_and_asks_in_the_class_groups(db) {
        let school = Plan::four_tiers().in_the_morning().opens(&db).await;
        school.class("cs1").is_quiet();
        school.restarts().await;
        school.passes("11m").await;
        for class in CLASSES {
            let asked = school.class(class).shows("请同学们于 09:00 前完成今日打卡");
            assert!(asked.text.contains("11月23日（周一）"), "{}", asked.text);
            let link = asked.buttons[0][0].url.as_deref();
            assert!(link.is_some_and(|url| url.ends_with("tierline_bot?start=checkin")), "{link:?}");
        }
        school.are_quiet(&["u", "cs", "math", "cs1/guardians"]);
        assert_eq!(school.asks::<i64>("SELECT id AS x FROM days", args![]).await, [20_261_123]);
        assert_eq!(school.figures().await, [13, 0, 13, 0, 0]);
        for _ in 0..2 {
            school.restarts().await;
            school.passes("1m").await;
        }
        assert_eq!(school.count("SELECT COUNT(*) AS x FROM days").await, 1);
        school.checks_private_prompts().await;
        school.ends().await;
    }

    async fn a_start_before_the_deadline_opens_at_once_and_one_after_it_does_not(db) {
        let late = Plan::four_tiers().checks_in().starts_at("2026-11-23T00:59:00Z").opens(&db).await;
        late.settles().await;
        assert_eq!(late.asks::<i64>("SELECT id AS x FROM days", args![]).await, [20_261_123]);
        late.overlooks("今日打卡");
        late.checks_private_prompts().await;
        late.ends().await;
    }

    async fn after_the_deadline_the_next_morning_opens(db) {
        let school = Plan::four_tiers().checks_in().opens(&db).await;
        school.passes("1h").await;
        assert_eq!(school.count("SELECT COUNT(*) AS x FROM days").await, 0);
        let waiting = "SELECT subject AS x FROM timers WHERE kind = 'open' AND state = 'waiting'";
        assert_eq!(school.asks::<i64>(waiting, args![]).await, [20_261_124]);
        school.ends().await;
    }

    async fn free_days_have_no_check_in_and_working_saturdays_have(db) {
        let plan = Plan::four_tiers().checks_in().starts_at("2026-11-27T02:00:00Z");
        let plan = plan.config("calendar.weekend = [\"sat\", \"sun\"]\ncalendar.workdays = [\"2026-11-29\"]");
        let school = plan.opens(&db).await;
        school.passes("26h").await;
        assert_eq!(school.count("SELECT COUNT(*) AS x FROM days").await, 0);
        school.restarts().await;
        school.passes("1170m").await;
        assert_eq!(school.asks::<i64>("SELECT id AS x FROM days", args![]).await, [20_261_129]);
        school.overlooks("11月29日（周日）");
        school.checks_private_prompts().await;
        school.ends().await;
    }

    async fn the_count_in_the_group_is_kept_true_at_each_step(db) {
        let school = Plan::four_tiers().in_the_morning().opens(&db).await;
        school.passes("20m").await;
        school.have_reported(&["cs11", "cs12", "cs21", "cs22", "cs23"]).await;
        school.passes_until("08:25").await;
        assert!(school.class("cs1").shows("今日打卡").text.contains("截至 07:45，已报 2/3 人"));
        assert!(school.class("cs2").shows("今日打卡").text.contains("3 人已全部上报"));
        assert!(!school.class("cs1").shows("今日打卡").text.contains("张"), "no names in a group");
        school.overlooks("今日打卡");
        school.checks_private_prompts().await;
        school.ends().await;
    }

    async fn reminders_go_to_whoever_is_missing_and_only_to_them(db) {
        let school = Plan::four_tiers().in_the_morning().opens(&db).await;
        school.passes("20m").await;
        school.checks_private_prompts().await;
        school.have_reported(&["cs11", "m11"]).await;
        school.restarts().await;
        school.passes_until("08:19").await;
        school.checks_private_prompts().await;
        school.passes("2m").await;
        let reminder = school.student("cs1", 2).is_reminded();
        assert!(reminder.text.contains("请你于 09:00 前填报"), "{}", reminder.text);
        school.student("cs1", 1).is_left_alone();
        school.student("m1", 1).is_left_alone();
        for code in ["cs13", "cs21", "cs22", "cs23", "m12", "m13", "m21", "m22", "m23", "staff"] {
            school.person(code).is_reminded();
        }
        assert_eq!(school.count("SELECT MAX(reminders) AS x FROM person_days").await, 1);
        school.have_reported(&["cs12"]).await;
        school.passes_until("08:46").await;
        school.student("cs1", 2).is_left_alone();
        school.student("cs1", 3).is_reminded();
        school.overlooks("【提醒】");
        school.overlooks("今日打卡");
        school.ends().await;
    }

    async fn the_roster_changes_in_the_middle_of_a_day(db) {
        let school = Plan::four_tiers().in_the_morning().opens(&db).await;
        school.passes("20m").await;
        school.have_reported(&["cs11", "cs12"]).await;
        school
            .roster_becomes(|roster| {
                // cs11 has reported and leaves, cs13 has not and leaves, cs21 moves to cs1, a student joins m1.
                roster.people.remove("cs11");
                roster.people.remove("cs13");
                for guardian in ["g-father", "g-mother"] {
                    roster.people.remove(guardian);
                }
                roster.people.get_mut("tutor").expect("there").follows.clear();
                let moved = roster.people.get_mut("cs21").expect("there");
                moved.duties.clear();
                moved.duties.insert((Role::Student, "cs1".to_owned()), false);
                let mut joins = Person { code: "m19".to_owned(), name: "王九".to_owned(), ..Person::default() };
                joins.duties.insert((Role::Student, "m1".to_owned()), false);
                roster.people.insert("m19".to_owned(), joins);
                // cs2 belongs to the other college from now on.
                roster.units.get_mut("cs2").expect("there").parent = Some("math".to_owned());
            })
            .await;
        assert_eq!(school.figures().await, [13, 2, 11, 0, 0]);
        let own = "SELECT u.code || ' ' || d.expected || ' ' || d.reported AS x FROM unit_days d \
                   JOIN units u ON u.id = d.unit WHERE d.tier = 2 ORDER BY u.code";
        assert_eq!(school.asks::<String>(own, args![]).await, ["cs1 3 2", "cs2 2 0", "m1 4 0", "m2 3 0"]);
        let below = "SELECT u.code AS x FROM unit_days d JOIN units u ON u.id = d.unit JOIN units c ON c.code = 'math' \
                     WHERE d.path LIKE c.path || '%' AND d.tier = 2 ORDER BY u.code";
        assert_eq!(school.asks::<String>(below, args![]).await, ["cs2", "m1", "m2"]);
        school.overlooks("今日打卡");
        school.checks_private_prompts().await;
        school.ends().await;
    }

    async fn nobody_is_asked_without_a_roster_and_everybody_once_it_is_there(db) {
        let school = Plan::four_tiers().in_the_morning().opens(&db).await;
        school.stops().await;
        let hidden = "UPDATE units SET removed_at = 1";
        let mut tx = db.db.begin().await.expect("begins");
        tx.execute(hidden, args![]).await.expect("updates");
        tx.commit().await.expect("commits");
        school.starts().await;
        school.passes("20m").await;
        assert_eq!(school.count("SELECT COUNT(*) AS x FROM days").await, 0);
        let mut tx = db.db.begin().await.expect("begins");
        tx.execute("UPDATE units SET removed_at = NULL", args![]).await.expect("updates");
        tx.commit().await.expect("commits");
        school.passes("2m").await;
        assert_eq!(school.count("SELECT COUNT(*) AS x FROM days").await, 1);
        school.overlooks("今日打卡");
        school.checks_private_prompts().await;
        school.ends().await;
    }
}
