//! Silence is told upward, with names and what can be done about it; the chain is not held up (B1, B3, B4).

use crate::on_both;
use crate::world::{Plan, World};

on_both! {
    async fn the_responsible_gets_names_phones_and_buttons(db) {
        let school = World::four_tiers(&db).await;
        school.secretary("cs").issues("学院通知").due("1").to_students().await;
        school.overlooks("已取消，未发送");
        let counselor = school.counselor("cs1");
        counselor.acknowledges("cs").await;
        counselor.is_told("传达");
        counselor.presses("relay").await;
        counselor.hears("正在传达到下一级");
        school.student("cs1", 2).acknowledges("cs1").await;
        school.restarts().await;
        school.passes("61m").await;
        school.overlooks("提醒");
        let told = counselor.is_told("【催报】");
        assert!(told.text.contains("张一") && told.text.contains("张三") && !told.text.contains("张二"), "{}", told.text);
        let phone = &school.plan.roster.people["cs11"].phone;
        assert!(told.text.contains(phone.as_str()), "{}", told.text);
        for key in ["u", "cs", "cs1"] {
            assert!(school.chat(key).messages().iter().all(|message| !message.text.contains("1390")), "{key}");
        }
        school.secretary("cs").is_told("【催报】");
        counselor.presses_nth("phone", 0).await;
        counselor.hears("已登记");
        assert_eq!(school.class("cs1").card().count(), "2/3");
        assert!(counselor.is_told("【催报】").text.contains("✅ 张一"));
        school.restarts().await;
        counselor.presses_nth("unreach", 0).await;
        counselor.hears("已登记");
        assert!(counselor.is_told("【催报】").text.contains("联系不上"));
        let upward = school.secretary("cs").is_told("联系不上");
        assert!(upward.text.contains("张三") && !upward.text.contains("张一"), "{}", upward.text);
        assert_eq!(school.class("cs1").card().count(), "2/3", "not reached is no acknowledgement");
        let noted = school.asks::<String>("SELECT p.code AS x FROM receipts r JOIN people p ON p.id = r.recorded_by WHERE r.way = 'phone'", vec![]).await;
        assert_eq!(noted, ["k1"]);
        school.student("cs1", 3).acknowledges("cs1").await;
        assert!(counselor.is_told("【催报】").text.contains("已全部回复"), "{}", counselor.all());
        assert_eq!(school.counts(&["cs", "cs1"]), ["1/2", "3/3"]);
        school.ends().await;
    }

    async fn a_second_time_one_tier_higher(db) {
        let school = World::four_tiers(&db).await;
        school.counselor("cs1").issues("立即报平安").urgent().to_students().await;
        school.restarts().await;
        school.passes("61m").await;
        school.overlooks("提醒");
        assert!(school.counselor("cs1").is_told("【紧急催报】").text.contains("张一"));
        school.secretary("cs").is_left_alone();
        school.passes("30m").await;
        let told = school.secretary("cs").is_told("特此上报");
        assert!(told.text.contains("张一") && told.text.contains("计算机1班"), "{}", told.text);
        school.leader().is_left_alone();
        school.class("cs1").card();
        school.ends().await;
    }

    async fn the_chain_is_not_held_up_by_one_person(db) {
        let school = World::four_tiers(&db).await;
        school.leader().issues("开学准备").to_counselors().await;
        school.secretary("math").acknowledges("u").await;
        school.secretary("math").is_told("传达");
        school.passes("16m").await;
        let reminder = school.top().shows("【提醒】");
        assert!(reminder.text.contains("计算机学院") && !reminder.text.contains("数学学院"), "{}", reminder.text);
        school.counselor("m1").acknowledges("math").await;
        school.counselor("m1").is_told("已落实");
        school.college("cs").is_quiet();
        school.passes("9m").await;
        school.secretary("cs").is_reminded();
        school.restarts().await;
        school.passes("6m").await;
        assert!(school.leader().is_told("【催报】").text.contains("计算机学院（赵书记）"));
        school.office().is_told("【催报】");
        school.college("cs").is_quiet();
        school.passes("6m").await;
        assert_eq!(school.counts(&["u", "cs", "math"]), ["1/2", "0/2", "1/1"]);
        school.secretary("cs").presses("ack").await;
        school.secretary("cs").hears("已过截止时间");
        assert!(school.secretary("cs").is_told("已于").text.contains("已落实"), "what went down anyway needs no relay");
        assert_eq!(school.top().card().count(), "2/2");
        school.ends().await;
    }

    async fn where_nobody_can_be_reached_the_next_tier_is_told(db) {
        let school = Plan::four_tiers().unbound("k1").opens(&db).await;
        school.secretary("cs").issues("立即报平安").urgent().to_students().await;
        school.restarts().await;
        school.passes("61m").await;
        school.overlooks("提醒");
        school.overlooks("【紧急催报】");
        assert!(school.secretary("cs").can_read("张一"), "{}", school.secretary("cs").all());
        school.counts(&["cs", "cs1", "cs2"]);
        school.ends().await;
    }

    async fn the_guardian_to_phone_is_named_with_the_child(db) {
        let school = World::four_tiers(&db).await;
        school.counselor("cs1").issues("家长签字").urgent().to_guardians().await;
        school.restarts().await;
        school.passes("121m").await;
        school.overlooks("提醒");
        school.overlooks("家长，您好");
        let told = school.counselor("cs1").is_told("户");
        assert!(told.text.contains("张一") && told.text.contains("张二"), "{}", told.text);
        assert!(told.text.contains(school.plan.roster.people["g-father"].phone.as_str()), "{}", told.text);
        school.counselor("cs1").taps_nth(&told, "phone", 0);
        school.settles().await;
        school.counselor("cs1").hears("已登记");
        assert_eq!(school.guardians("cs1").card().count(), "1/2");
        school.class("cs1").card();
        school.overlooks("紧急催报");
        school.ends().await;
    }

    async fn only_the_one_it_was_told_may_note_a_call(db) {
        let school = World::four_tiers(&db).await;
        school.counselor("cs1").issues("立即报平安").urgent().to_students().await;
        school.passes("61m").await;
        school.overlooks("提醒");
        let told = school.counselor("cs1").is_told("【紧急催报】");
        let data = told.buttons[0][0].data.clone().expect("data");
        school.restarts().await;
        let other = school.counselor("cs2");
        other.writes("/help").await;
        other.is_told("/today");
        let press = other.account().presses_data(other.id(), 1, &data);
        school.note_press(other.code(), press);
        school.settles().await;
        other.hears("已过时");
        assert_eq!(school.class("cs1").card().count(), "0/3");
        school.ends().await;
    }

    async fn a_long_list_has_pages_and_stays_true(db) {
        let school = Plan::big(1, 1, 20).opens(&db).await;
        school.counselor("c1-1").issues("立即报平安").urgent().to_students().await;
        school.passes("61m").await;
        school.overlooks("【提醒】");
        let counselor = school.counselor("c1-1");
        assert!(counselor.is_told("【紧急催报】").text.contains("1/3"), "{}", counselor.all());
        school.restarts().await;
        counselor.presses("下一页").await;
        assert!(counselor.is_told("【紧急催报】").text.contains("2/3"), "{}", counselor.all());
        let second = counselor.is_told("【紧急催报】");
        let name = second.buttons[0][0].label.clone();
        counselor.taps_nth(&second, "phone", 0);
        school.settles().await;
        counselor.hears("已登记");
        assert_eq!(school.class("c1-1").card().count(), "1/20");
        let now = counselor.is_told("【紧急催报】");
        assert!(now.text.contains("2/3") && now.text.contains('✅'), "still the page of {name}: {}", now.text);
        for n in 1..=20 {
            school.student("c1-1", n).taps_ack("c1-1");
        }
        school.settles().await;
        assert_eq!(school.class("c1-1").card().count(), "20/20");
        assert!(counselor.is_told("【紧急催报】").text.contains("已全部回复"), "{}", counselor.all());
        (1..=20).for_each(|n| drop(school.toasts(school.student("c1-1", n).code())));
        school.ends().await;
    }
}
