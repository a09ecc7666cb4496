//! 收到 in all its ways, merged into one receipt per person (B1, B2).

use crate::on_both;
use crate::world::{Plan, World};

on_both! {
    async fn button_reply_reaction_and_word_count_alike(db) {
        let school = World::four_tiers(&db).await;
        school.counselor("cs1").issues("明天交表").to_students().await;
        let [one, two, three] = [1, 2, 3].map(|n| school.student("cs1", n));
        one.acknowledges("cs1").await;
        two.replies_to_directive("cs1", "收到，谢谢老师").await;
        three.reacts("cs1", "👍").await;
        assert_eq!(school.class("cs1").card().count(), "3/3");
        assert_eq!(school.receipts().await, ["cs11 button", "cs12 reply", "cs13 reaction"]);
        school.restarts().await;
        one.replies_to_directive("cs1", "收到").await;
        two.reacts("cs1", "👍").await;
        three.taps_ack("cs1");
        school.settles().await;
        three.hears("确认过，无需重复");
        assert_eq!(school.receipts().await, ["cs11 button", "cs12 reply", "cs13 reaction"]);
        assert_eq!(school.class("cs1").card().count(), "3/3");
        school.ends().await;
    }

    async fn the_bare_word_means_the_one_that_is_open(db) {
        let school = World::four_tiers(&db).await;
        school.counselor("cs1").issues("明天交表").to_students().await;
        for (n, words) in [(1, "收到！"), (2, " 收到，谢谢老师"), (3, "收到了吗")] {
            school.student("cs1", n).writes_in("cs1", words).await;
        }
        assert_eq!(school.class("cs1").card().count(), "2/3");
        school.student("cs1", 3).writes_in("cs1", "没收到").await;
        school.counselor("cs1").writes_in("cs1", "收到").await;
        school.restarts().await;
        assert_eq!(school.class("cs1").card().count(), "2/3");
        assert_eq!(school.receipts().await, ["cs11 word", "cs12 word"]);
        school.student("cs1", 3).writes_in("cs1", "OK").await;
        assert_eq!(school.class("cs1").card().count(), "3/3");
        school.ends().await;
    }

    async fn a_thousand_thanks_and_one_question(db) {
        let school = Plan::big(1, 60, 1).opens(&db).await;
        school.secretary("c1").issues("请各班落实").to_counselors().await;
        let counselors: Vec<_> = (1..=60).map(|n| school.counselor(&format!("c1-{n}"))).collect();
        let chat = school.college("c1").id();
        for (n, counselor) in counselors.iter().enumerate() {
            counselor.account().writes(chat, if n == 30 { "收到了吗" } else { "收到，谢谢老师" });
        }
        school.settles().await;
        assert_eq!(school.college("c1").card().count(), "59/60");
        for (n, counselor) in counselors.iter().enumerate() {
            if n != 30 {
                counselor.is_told("已落实");
            }
        }
        school.restarts().await;
        counselors[30].writes_in("c1", "收到").await;
        counselors[30].is_told("已落实");
        assert_eq!(school.college("c1").card().count(), "60/60");
        school.ends().await;
    }

    async fn of_several_that_are_open_it_asks_in_private(db) {
        let school = World::four_tiers(&db).await;
        school.counselor("cs1").issues("第一件").to_students().await;
        school.counselor("cs1").issues("第二件").to_students().await;
        let student = school.student("cs1", 1);
        student.writes_in("cs1", "收到").await;
        student.is_told("指的是哪一件");
        assert_eq!(school.receipts().await, Vec::<String>::new());
        school.restarts().await;
        student.presses("2026年第2号").await;
        student.hears("已收到");
        assert_eq!(school.class("cs1").card_with("第二件").count(), "1/3");
        assert_eq!(school.class("cs1").card_with("第一件").count(), "0/3");
        student.writes_in("cs1", "收到").await;
        assert_eq!(school.class("cs1").card_with("第一件").count(), "1/3");
        student.is_left_alone();
        school.ends().await;
    }

    async fn a_bot_that_sees_little_hears_replies_and_buttons(db) {
        let school = Plan::four_tiers().plain_member("cs1").opens(&db).await;
        school.counselor("cs1").issues("明天交表").to_students().await;
        school.student("cs1", 1).writes_in("cs1", "收到").await;
        assert_eq!(school.class("cs1").card().count(), "0/3");
        school.restarts().await;
        school.student("cs1", 1).replies_to_directive("cs1", "收到").await;
        school.student("cs1", 2).acknowledges("cs1").await;
        assert_eq!(school.class("cs1").card().count(), "2/3");
        school.ends().await;
    }

    async fn in_private_the_word_does_as_well(db) {
        let school = Plan::four_tiers().without_chat("cs1").opens(&db).await;
        school.counselor("cs1").issues("明天交表").to_students().await;
        let student = school.student("cs1", 1);
        student.is_told("明天交表");
        school.restarts().await;
        student.writes("收到").await;
        student.is_told("✅ 已收到：2026年第1号");
        school.student("cs1", 2).is_told("明天交表");
        school.student("cs1", 2).presses("ack").await;
        school.student("cs1", 2).hears("已收到");
        school.student("cs1", 3).is_told("明天交表");
        assert_eq!(school.receipts().await, ["cs11 word", "cs12 button"]);
        school.ends().await;
    }

    async fn a_late_answer_counts_and_is_called_late(db) {
        let school = World::four_tiers(&db).await;
        school.counselor("cs1").issues("明天交表").due("1").to_students().await;
        school.overlooks("已取消，未发送");
        school.passes("61m").await;
        school.overlooks("提醒");
        school.overlooks("催报");
        school.restarts().await;
        school.student("cs1", 2).taps_ack("cs1");
        school.settles().await;
        school.student("cs1", 2).hears("已过截止时间");
        assert_eq!(school.class("cs1").card().count(), "1/3");
        assert_eq!(school.count("SELECT late AS x FROM legs WHERE tier = 2").await, 1);
        school.ends().await;
    }
}
