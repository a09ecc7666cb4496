//! Live counts: right at the end, few edits, never beyond Telegram's limits.

use chrono::TimeDelta;

use crate::on_both;
use crate::world::Plan;

on_both! {
    async fn forty_five_presses_in_a_second_make_few_edits(db) {
        let school = Plan::big(1, 1, 45).opens(&db).await;
        school.counselor("c1-1").issues("明天交表").to_students().await;
        school.sandbox.forget_calls();
        for n in 1..=45 {
            school.student("c1-1", n).taps_ack("c1-1");
        }
        school.settles().await;
        assert_eq!(school.all_hear("已收到"), 45);
        assert_eq!(school.class("c1-1").card().count(), "45/45");
        let chat = school.class("c1-1").id();
        let edits = school.sandbox.calls().iter().filter(|call| call.chat_id == Some(chat)).count();
        assert!((1..=3).contains(&edits), "{edits} edits for 45 presses");
        school.restarts().await;
        school.passes("1m").await;
        assert_eq!(school.class("c1-1").card().count(), "45/45");
        school.ends().await;
    }

    async fn one_a_second_stays_inside_twenty_a_minute(db) {
        let school = Plan::big(1, 1, 45).opens(&db).await;
        school.counselor("c1-1").issues("明天交表").to_students().await;
        for n in 1..=45 {
            school.student("c1-1", n).taps_ack("c1-1");
            school.elapses("1s").await;
            if n == 20 {
                school.restarts().await;
            }
        }
        school.settles().await;
        assert_eq!(school.all_hear("已收到"), 45);
        assert_eq!(school.class("c1-1").card().count(), "45/45");
        let chat = school.class("c1-1").id();
        let counted = |call: &botapi_sandbox::Call| call.ok && call.chat_id == Some(chat);
        assert!(school.sandbox.busiest(TimeDelta::seconds(60), counted) <= 20);
        school.ends().await;
    }

    async fn four_hundred_and_fifty_people_within_five_seconds(db) {
        let school = Plan::big(1, 10, 45).opens(&db).await;
        school.secretary("c1").issues("立即报平安").urgent().to_students().await;
        school.college("c1").card();
        let classes: Vec<String> = (1..=10).map(|n| format!("c1-{n}")).collect();
        for class in &classes {
            assert_eq!(school.class(class).card().count(), "0/45");
        }
        for second in 0..5 {
            for n in 1..=9 {
                for class in &classes {
                    school.student(class, second * 9 + n).taps_ack(class);
                }
            }
            if second == 2 {
                school.restarts().await;
            }
            school.elapses("1s").await;
        }
        school.settles().await;
        assert_eq!(school.all_hear("已收到"), 450);
        for class in &classes {
            assert_eq!(school.class(class).card().count(), "45/45");
        }
        school.ends().await;
    }
}
