//! To a whole university: every class group is reached at the rate that is permitted.

use crate::on_both;
use crate::world::Plan;

on_both! {
    async fn twenty_thousand_students_are_reached_at_the_permitted_rate(db) {
        let school = Plan::big(20, 20, 50).opens(&db).await;
        school.sandbox.forget_calls();
        let sent = school.leader().issues("立即报平安").urgent().to_students().await;
        assert!(sent.confirmation.expect("the whole school").contains("421 个群、20,420 人"));
        let classes: Vec<String> = (1..=20).flat_map(|c| (1..=20).map(move |n| format!("c{c}-{n}"))).collect();
        for class in &classes {
            assert_eq!(school.class(class).card().count(), "0/50");
        }
        let groups: Vec<_> = school.sandbox.calls().into_iter().filter(|call| call.chat_id.is_some_and(|chat| chat < 0)).collect();
        assert_eq!(groups.len(), 421, "one message into each group");
        let took = groups[420].at - groups[0].at;
        let ideal = 421.0 / 30.0;
        let share = ideal / (took.num_milliseconds() as f64 / 1000.0);
        assert!(share >= 0.95, "{share:.3} of the permitted rate: {took}");
        school.restarts().await;
        school.student("c20-20", 50).acknowledges("c20-20").await;
        assert_eq!(school.class("c20-20").card().count(), "1/50");
        school.overlooks("立即报平安");
        school.ends().await;
    }
}
