//! The confirmation of figures: asked, given, asked again, reported upward (C2, D1, D4).

use crate::on_both;
use crate::world::Plan;

on_both! {
    async fn classes_then_colleges_confirm_in_one_press_each(db) {
        let school = Plan::quiet_day().opens(&db).await;
        school.morning().await;
        school.all_report_but(&["m21"]).await;
        school.reports_of_level("cs12", 1).await;
        school.passes_until("09:01").await;
        let asked = school.counselor("m1").is_told("【数据确认】11月23日");
        assert!(asked.text.contains("数学1班") && asked.text.contains("数学2班"), "{}", asked.text);
        assert!(asked.text.contains("应报 3 人，实报 3 人，未报 0 人"), "{}", asked.text);
        assert!(asked.text.contains("零报告"), "{}", asked.text);
        let asked = school.counselor("cs1").is_told("【数据确认】");
        assert!(asked.text.contains("重点关注：张二"), "{}", asked.text);
        school.restarts().await;
        school.counselor("m1").writes("/today").await;
        school.counselor("m1").is_told("待确认：11月23日打卡数据");
        school.counselor("m1").presses("核对并确认").await;
        school.counselor("m1").is_told("请核对后点");
        school.counselor("m1").presses("confirm").await;
        school.counselor("m1").hears("已确认 2 个单位");
        school.counselor("m1").writes("/confirm").await;
        let done = school.counselor("m1").is_told("数据均已确认");
        assert!(done.text.contains("（周老师）") && done.buttons.is_empty(), "{}", done.text);
        school.counselor("cs1").presses("confirm").await;
        school.counselor("cs1").hears("已确认，谢谢");
        school.passes_until("09:31").await;
        school.counselor("cs2").is_told("【数据确认】");
        school.counselor("cs2").is_told("【提醒】11月23日的数据尚未确认");
        let told = school.secretary("cs").is_told("以下单位尚未确认11月23日的数据");
        assert!(told.text.contains("计算机2班") && !told.text.contains("计算机1班"), "{}", told.text);
        assert!(told.text.contains("李老师 139"), "{}", told.text);
        let asked = school.secretary("cs").is_told("尚未确认的班级：计算机2班");
        assert!(!asked.text.contains("张二"), "names of who is watched go to the counselor only: {}", asked.text);
        school.secretary("cs").presses("confirm").await;
        school.secretary("cs").hears("已确认");
        school.passes_until("10:01").await;
        school.secretary("math").is_told("【数据确认】");
        school.secretary("math").is_told("【提醒】");
        for who in [school.leader(), school.office()] {
            let told = who.is_told("以下单位尚未确认");
            assert!(told.text.contains("数学学院") && !told.text.contains("计算机"), "{}", told.text);
        }
        school.office().is_told("【审签】");
        school.ends().await;
    }

    async fn before_the_deadline_it_takes_a_second_press_while_some_are_missing(db) {
        let school = Plan::quiet_day().opens(&db).await;
        school.morning().await;
        school.report_in(&["cs11", "cs12"]).await;
        let counselor = school.counselor("cs1");
        counselor.writes("/confirm").await;
        counselor.is_told("未报 1 人");
        counselor.presses("confirm").await;
        counselor.hears("尚有 1 人未报");
        school.restarts().await;
        counselor.is_told("如仍要现在确认");
        counselor.presses("仍要确认").await;
        counselor.hears("已确认，谢谢");
        counselor.is_told("数据均已确认");
        school.report_in(&["m11", "m12", "m13", "m21", "m22", "m23"]).await;
        school.counselor("m1").writes("/confirm").await;
        school.counselor("m1").presses("confirm").await;
        school.counselor("m1").hears("已确认 2 个单位");
        school.counselor("m1").is_told("数据均已确认");
        school.ends().await;
    }

    async fn a_second_press_confirms_nothing_twice(db) {
        let school = Plan::quiet_day().opens(&db).await;
        school.morning().await;
        school.all_report_but(&[]).await;
        let counselor = school.counselor("cs2");
        counselor.writes("/confirm").await;
        let page = counselor.is_told("请核对后点");
        counselor.taps_on(&page, "confirm");
        counselor.taps_on(&page, "confirm");
        school.settles().await;
        let heard = school.toasts("k2");
        assert!(heard.len() == 2 && heard.iter().any(|toast| toast.contains("已确认，谢谢")), "{heard:?}");
        counselor.writes("/confirm").await;
        counselor.is_told("数据均已确认");
        let confirmed = "SELECT COUNT(*) AS x FROM audit WHERE act = 'checkin.confirm'";
        assert_eq!(school.count(confirmed).await, 1);
        // Somebody else's class is out of reach even with a button of one's own.
        let other = school.counselor("cs1");
        other.writes("/confirm").await;
        let page = other.is_told("请核对后点");
        school.roster_becomes(|roster| {
            let duties = &mut roster.people.get_mut("k1").expect("there").duties;
            duties.clear();
            duties.insert((tierline::domain::roster::Role::Counselor, "cs2".to_owned()), false);
        })
        .await;
        other.taps_on(&page, "confirm");
        school.settles().await;
        other.hears("抱歉");
        assert_eq!(school.count(confirmed).await, 1);
        school.overlooks("");
        school.ends().await;
    }

    async fn nobody_confirms_for_another_class(db) {
        let school = Plan::quiet_day().opens(&db).await;
        school.morning().await;
        school.counselor("cs1").writes("/confirm cs2").await;
        school.counselor("cs1").is_told("不能使用");
        school.student("cs1", 1).writes("/confirm").await;
        school.student("cs1", 1).is_told("不能使用");
        school.leader().writes("/confirm").await;
        school.leader().is_told("不能使用");
        let refused = "SELECT COUNT(*) AS x FROM audit WHERE act = 'refused.confirm'";
        assert_eq!(school.count(refused).await, 3);
        school.counselor("cs1").writes_in("cs1", "/confirm").await;
        school.counselor("cs1").is_told("计算机1班");
        school.student("cs1", 1).sees_in("cs1", "已私聊答复");
        let confirmed = "SELECT COUNT(*) AS x FROM unit_days WHERE confirmed_at IS NOT NULL";
        assert_eq!(school.count(confirmed).await, 0);
        school.ends().await;
    }

    async fn figures_that_change_are_confirmed_once_more(db) {
        let school = Plan::quiet_day().opens(&db).await;
        school.morning().await;
        school.all_report_but(&["cs13"]).await;
        school.passes_until("09:01").await;
        for class in ["cs1", "cs2", "m1"] {
            school.counselor(class).confirms_when_asked().await;
        }
        school.report_in(&["cs13"]).await;
        school.passes_until("09:21").await;
        school.counselor("cs1").is_told("【请重新确认】11月23日的数据在确认后有变化");
        school.counselor("cs2").is_left_alone();
        school.reports_of_level("cs13", 1).await;
        school.counselor("cs1").presses("confirm").await;
        school.counselor("cs1").hears("数据刚有变化");
        school.counselor("cs1").is_told("重点关注：张三");
        school.counselor("cs1").presses("confirm").await;
        school.counselor("cs1").hears("已确认，谢谢");
        school.counselor("cs1").is_told("数据均已确认");
        school.restarts().await;
        school.passes_until("09:35").await;
        for college in ["cs", "math"] {
            let asked = school.secretary(college).is_told("【数据确认】");
            assert!(!asked.text.contains("尚未确认的班级"), "{}", asked.text);
        }
        school.ends().await;
    }
}
