//! The day: it opens once, asks in groups, and everything set follows by itself.

use tierline::args;

use crate::on_both;
use crate::world::{Plan, World};

/// Expected, reported and missing of the school, by the rows of the units.
async fn figures(school: &World) -> Vec<i64> {
    let sql = "SELECT CAST(SUM(expected) AS BIGINT) AS x FROM unit_days UNION ALL \
               SELECT CAST(SUM(reported) AS BIGINT) FROM unit_days UNION ALL \
               SELECT CAST(SUM(missing) AS BIGINT) FROM unit_days";
    school.asks(sql, args![]).await
}

on_both! {
    async fn the_day_opens_once_and_asks_in_the_class_groups(db) {
        let school = Plan::four_tiers().in_the_morning().opens(&db).await;
        school.class("cs1").is_quiet();
        school.restarts().await;
        school.passes("11m").await;
        for class in ["cs1", "cs2", "m1", "m2"] {
            let asked = school.class(class).shows("请同学们于 09:00 前完成今日打卡");
            assert!(asked.text.contains("11月23日（周一）"), "{}", asked.text);
            assert!(asked.buttons[0][0].url.as_deref().is_some_and(|url| url.ends_with("tierline_bot?start=checkin")));
        }
        school.are_quiet(&["u", "cs", "math", "cs1/guardians"]);
        assert_eq!(school.asks::<i64>("SELECT id AS x FROM days", args![]).await, [20_261_123]);
        assert_eq!(figures(&school).await, [13, 0, 13]);
        for _ in 0..2 {
            school.restarts().await;
            school.passes("1m").await;
        }
        assert_eq!(school.count("SELECT COUNT(*) AS x FROM days").await, 1);
        school.ends().await;
    }
}
