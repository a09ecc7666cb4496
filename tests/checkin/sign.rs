//! Review, sign-off, sending back, filing (D3, D4).

use tierline::domain::roster::Role;

use crate::on_both;
use crate::world::Plan;

const SIGNED: &str = "SELECT COUNT(*) AS x FROM days WHERE signed_at IS NOT NULL AND signed <> ''";

on_both! {
    async fn a_complete_day_is_signed_once_and_locked(db) {
        let school = Plan::quiet_day().signing("lead", Role::Leader).opens(&db).await;
        school.morning().await;
        school.all_report_but(&[]).await;
        school.all_confirm().await;
        school.passes_until("10:01").await;
        let (office, leader) = (school.office(), school.leader());
        let asked = office.is_told("【审签】11月23日");
        assert!(asked.text.contains("应报 13 人，实报 13 人，未报 0 人"), "{}", asked.text);
        assert!(asked.text.contains("学院确认 2/2"), "{}", asked.text);
        let other = leader.is_told("【审签】");
        school.restarts().await;
        office.taps_on(&asked, "sign");
        leader.taps_on(&other, "sign");
        school.settles().await;
        office.hears("已签发，数据已锁定");
        leader.hears("吴主任于 10:0");
        office.is_told("已签发（吴主任），数据已锁定");
        leader.is_told("已签发（吴主任），数据已锁定");
        assert_eq!(school.count(SIGNED).await, 1);
        let hashed = "SELECT COUNT(*) AS x FROM audit WHERE act = 'day.sign' AND detail LIKE '%hash%'";
        assert_eq!(school.count(hashed).await, 1);
        leader.presses("filed").await;
        leader.hears("请在私聊中输入");
        leader.is_told("报送到哪个部门");
        leader.writes("市教育局").await;
        leader.is_told("报送市教育局（陈校长）");
        office.is_told("报送市教育局（陈校长）");
        school.is_noted("cs11", tierline::domain::checkin::PersonState::Excused).await;
        assert_eq!(school.count("SELECT CAST(SUM(excused) AS BIGINT) AS x FROM unit_days").await, 0, "a signed day is locked");
        school.counselor("cs1").writes("/confirm").await;
        school.counselor("cs1").is_told("当日数据已审签");
        school.passes_until("11:05").await;
        leader.is_left_alone();
        school.ends().await;
    }

    async fn an_incomplete_day_needs_a_reason(db) {
        let school = Plan::quiet_day().opens(&db).await;
        school.morning().await;
        school.all_report_but(&["cs13", "m11"]).await;
        school.office().writes("/signoff").await;
        let page = school.office().is_told("【审签】");
        assert!(page.text.contains("计算机学院 · 未报 1 · 未确认"), "{}", page.text);
        assert!(page.text.contains("学院确认 0/2"), "{}", page.text);
        school.office().presses("sign").await;
        school.office().hears("请在私聊中输入");
        school.office().is_told("未报 2 人，未确认的学院 2 个");
        school.restarts().await;
        assert_eq!(school.count(SIGNED).await, 0);
        school.office().writes("两人出差，已电话核实").await;
        let signed = school.office().is_told("已签发（吴主任）");
        assert!(signed.text.contains("事由：两人出差，已电话核实"), "{}", signed.text);
        assert_eq!(school.count(SIGNED).await, 1);
        school.passes_until("11:05").await;
        school.ends().await;
    }

    async fn an_urgent_day_is_reviewed_by_a_leader_first(db) {
        let school = Plan::quiet_day().opens(&db).await;
        school.morning().await;
        school.all_report_but(&[]).await;
        school.reports_of_level("m22", 2).await;
        school.all_confirm().await;
        school.passes_until("10:01").await;
        let waits = school.office().is_told("等待校领导审阅");
        assert!(waits.buttons.is_empty() && waits.text.contains("紧急情况 1 人"), "{}", waits.text);
        school.leader().is_told("请校领导先行审阅");
        school.restarts().await;
        school.office().writes("/today").await;
        school.office().is_told("目前没有待办事项");
        school.leader().writes("/today").await;
        school.leader().is_told("待审签：11月23日");
        school.leader().presses("查看并审签").await;
        school.leader().is_told("请校领导先行审阅");
        school.leader().presses("审阅通过").await;
        school.leader().hears("已审阅通过");
        school.leader().is_told("等待签发");
        school.office().is_told("校领导审阅通过（陈校长）");
        school.office().presses("sign").await;
        school.office().hears("已签发");
        school.overlooks("已签发（吴主任）");
        assert_eq!(school.count(SIGNED).await, 1);
        school.ends().await;
    }

    async fn what_is_sent_back_is_confirmed_anew(db) {
        let school = Plan::quiet_day().opens(&db).await;
        school.morning().await;
        school.all_report_but(&[]).await;
        school.all_confirm().await;
        school.passes_until("10:01").await;
        let office = school.office();
        office.is_told("【审签】");
        office.presses("reject").await;
        office.is_told("请选择单位");
        office.presses("班级").await;
        office.presses("计算机2班").await;
        office.hears("请在私聊中输入");
        office.is_told("请说明退回计算机2班的原因");
        school.restarts().await;
        office.writes("应报人数与名册不符").await;
        office.is_told("已通知李老师重新确认");
        let asked = school.counselor("cs2").is_told("【退回】11月23日");
        assert!(asked.text.contains("由吴主任退回：应报人数与名册不符"), "{}", asked.text);
        school.counselor("cs2").presses("confirm").await;
        school.counselor("cs2").hears("已确认，谢谢");
        school.counselor("cs2").is_told("数据均已确认");
        office.is_told("计算机2班已重新核实并确认11月23日的数据（李老师）");
        school.secretary("cs").writes("/signoff").await;
        school.secretary("cs").is_told("不能使用");
        office.presses("sign").await;
        office.hears("已签发");
        office.is_told("已签发（吴主任）");
        office.presses("计算机1班").await;
        office.hears("当日数据已由吴主任");
        school.ends().await;
    }

    async fn what_is_not_signed_or_filed_in_time_goes_to_the_leaders(db) {
        let school = Plan::quiet_day().config("[report]\nfile_by = \"12:00\"").opens(&db).await;
        school.morning().await;
        school.all_report_but(&[]).await;
        school.all_confirm().await;
        school.passes_until("11:01").await;
        school.office().is_told("应由吴主任签发");
        school.leader().is_told("已过审签时间 11:00，应由吴主任签发");
        school.restarts().await;
        school.office().presses("sign").await;
        school.office().hears("已签发");
        school.overlooks("请于 12:00 前报送并登记");
        school.passes_until("12:01").await;
        school.leader().is_told("报送时间 12:00 已过");
        school.office().is_told("报送时间 12:00 已过");
        school.office().presses("filed").await;
        school.office().hears("请在私聊中输入");
        school.office().is_told("报送到哪个部门");
        school.office().writes("市教育局").await;
        school.overlooks("报送市教育局");
        school.passes_until("13:00").await;
        // The digest and its papers come in between.
        school.overlooks("");
        school.ends().await;
    }

    async fn figures_that_do_not_add_up_are_not_signed(db) {
        let school = Plan::quiet_day().opens(&db).await;
        school.morning().await;
        school.all_report_but(&[]).await;
        school.all_confirm().await;
        school.passes_until("10:01").await;
        school.spoils_figures("u").await;
        school.office().is_told("【审签】");
        school.office().writes("/signoff").await;
        school.office().is_told("【审签】");
        school.office().presses("sign").await;
        school.office().hears("没有成功");
        assert_eq!(school.count(SIGNED).await, 0);
        assert_eq!(school.count("SELECT COUNT(*) AS x FROM audit WHERE act = 'day.mismatch'").await, 1);
        assert_eq!(school.counted().await, 13);
        school.passes_until("10:30").await;
        school.ends().await;
    }
}
