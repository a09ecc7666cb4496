//! A school of 20,000: the day opens at once, everybody is asked within a minute (P6), the deadline holds nothing up.

use crate::on_both;
use crate::world::Plan;

on_both! {
    async fn a_school_of_twenty_thousand_is_asked_within_a_minute(db) {
        let plan = Plan::big(20, 20, 50).in_the_morning().config("checkin.escalate = [{ at = \"09:00\", to = \"class\" }, { at = \"09:20\", to = \"college\" }]");
        let school = plan.opens(&db).await;
        school.passes("9m").await;
        school.sandbox.forget_calls();
        school.elapses("60s").await;
        let smallest = "SELECT MIN(expected) AS x FROM unit_days WHERE tier = 2";
        assert_eq!(school.count(smallest).await, 50);
        school.elapses("60s").await;
        let sends: Vec<_> = school.sandbox.calls().into_iter().filter(|call| call.method == "sendMessage").collect();
        assert_eq!(sends.len(), 400, "one message into each class group, and no other");
        let asked = sends[399].at - sends[0].at;
        assert!(asked.num_seconds() <= 60, "{asked}");
        assert_eq!(school.figures().await, [20_000, 0, 20_000, 0, 0]);
        school.overlooks("今日打卡");
        school.stops().await;
        school.starts().await;
        school.ends().await;
    }
}
