//! An urgent directive to the whole school needs a second person's yes, where the school wants it so (S17).

use crate::on_both;
use crate::world::person::Person;
use crate::world::{Plan, World};

const WORDS: &str = "今晚全体学生立即返回宿舍";

async fn cautious(plan: Plan, db: &crate::world::db::TestDb) -> World {
    plan.config("[directive]\nsecond_person = true\n").opens(db).await
}

/// Composes it for all students and confirms it oneself.
async fn wants_to_send(leader: &Person) {
    leader.writes(&format!("/directive {WORDS}")).await;
    leader.presses("urgent").await;
    leader.presses_nth("to", 2).await;
    leader.is_told("【预览");
    leader.presses("send").await;
    leader.is_told("请再次确认");
    leader.presses("send").await;
}

on_both! {
    async fn it_goes_out_when_a_second_person_says_yes(db) {
        let school = cautious(Plan::four_tiers(), &db).await;
        let (leader, office) = (school.leader(), school.office());
        wants_to_send(&leader).await;
        leader.is_told("已请吴主任确认");
        school.are_quiet(&["u", "cs", "math", "cs1"]);
        school.restarts().await;
        let asked = office.is_told("【请您确认】");
        assert!(asked.text.contains(WORDS) && asked.text.contains("7 个群、17 人"), "{}", asked.text);
        // A button grants nothing: neither the sender nor anybody below can say yes in their place.
        leader.taps_on(&leader.newest_with("cancel"), "cancel");
        school.settles().await;
        leader.is_told("已取消");
        office.is_told("已取消");
        wants_to_send(&leader).await;
        leader.is_told("已请吴主任确认");
        office.is_told("【请您确认】");
        office.presses("send").await;
        office.is_told("已发送，编号");
        leader.is_told("已发送，编号");
        leader.is_told("已发出");
        for key in ["u", "cs", "math", "cs1", "cs2", "m1", "m2"] {
            school.chat(key).card_with(WORDS);
        }
        school.ends().await;
    }

    async fn it_stays_when_the_second_person_says_no(db) {
        let school = cautious(Plan::four_tiers(), &db).await;
        let (leader, office) = (school.leader(), school.office());
        wants_to_send(&leader).await;
        leader.is_told("已请吴主任确认");
        office.is_told("【请您确认】");
        office.presses("cancel").await;
        office.is_told("吴主任未同意发送");
        leader.is_told("吴主任未同意发送");
        school.are_quiet(&["u", "cs", "math", "cs1"]);
        school.ends().await;
    }

    async fn without_anybody_to_ask_it_can_go_out_as_a_normal_one(db) {
        let school = cautious(Plan::four_tiers().unbound("office"), &db).await;
        let leader = school.leader();
        wants_to_send(&leader).await;
        leader.is_told("没有其他负责人可以在这里确认");
        school.are_quiet(&["u", "cs"]);
        leader.presses("back").await;
        leader.presses("urgent").await;
        leader.is_told("【预览");
        leader.presses("send").await;
        leader.is_told("请再次确认");
        leader.presses("send").await;
        leader.is_told("已发送，编号");
        leader.is_told("已发出");
        school.top().card_with(WORDS);
        school.ends().await;
    }
}
