//! The form in private: one press where nothing changed, the whole form, corrections, and who reports for whom.

use tierline::args;
use tierline::domain::checkin::Way;
use tierline::domain::form::Answer;

use crate::on_both;
use crate::world::checkin_form::well;
use crate::world::db::TestDb;
use crate::world::{Plan, World};

/// The usual school on a morning on which these people have something to repeat.
async fn morning(db: &TestDb, reported_before: &[&str]) -> World {
    let school = Plan::four_tiers().in_the_morning().opens(db).await;
    for code in reported_before {
        school.reported_before(code, Way::Own, &well()).await;
    }
    school.opens_the_day().await;
    school
}

/// The same where guardians report; for 张一 there is something to repeat.
async fn morning_of_guardians(db: &TestDb) -> World {
    let school = Plan::four_tiers().guardians_report().in_the_morning().opens(db).await;
    school.reported_before("cs11", Way::Guardian, &well()).await;
    school.opens_the_day().await;
    school
}

on_both! {
    async fn nothing_changed_is_one_press_and_three_calls(db) {
        let school = morning(&db, &["cs11"]).await;
        let zhang = school.person("cs11");
        zhang.writes("/checkin").await;
        zhang.form_says("上次填报：11月22日（周日）");
        zhang.form_says("今天住在哪里？ 校内");
        zhang.form_says("没有变化的，点“无变化”即完成填报，表示：今日无变化，体温低于37.3℃；我确认以上信息真实。");
        school.restarts().await;
        let prompt = zhang.form();
        zhang.presses("same").await;
        zhang.hears("✅ 已填报，谢谢！");
        zhang.form_says("✅ 已于 07:01 填报，谢谢！");
        let calls = school.calls_made();
        assert_eq!(calls.values().sum::<usize>(), 3, "{calls:?}");
        assert_eq!(calls["sendMessage"] + calls["answerCallbackQuery"] + calls["editMessageText"], 3);
        assert_eq!(school.stands("cs11").await, "reported self v1");
        assert_eq!(school.answers_of("cs11").await["place"], "campus");
        // Another device still shows the prompt.
        for button in prompt.buttons.iter().flatten() {
            zhang.taps_old(&prompt, button.data.as_deref().expect("a button with data"));
        }
        school.settles().await;
        zhang.hears("已填报过，无需重复");
        assert_eq!(school.stands("cs11").await, "reported self v1");
        assert_eq!(school.count("SELECT COUNT(*) AS x FROM reports WHERE day = 20261123").await, 1);
        school.ends().await;
    }

    async fn the_whole_form_takes_a_press_for_each_question(db) {
        let school = morning(&db, &[]).await;
        let zhang = school.person("cs11");
        zhang.writes("打卡").await;
        zhang.form_says("1/");
        let questions = zhang.fills_in_all().await;
        zhang.form_says("请核对，无误后点“提交”");
        zhang.form_says("4. 今日体温（℃）？ 36.5");
        school.restarts().await;
        zhang.presses("submit").await;
        zhang.hears("已填报");
        let calls = school.calls_made();
        assert!(calls.values().sum::<usize>() <= 2 * questions + 5, "{questions} questions: {calls:?}");
        assert_eq!(calls["sendMessage"], 1, "one message is edited from stage to stage");
        assert_eq!(school.answers_of("cs11").await, well().into_iter().map(|(id, a)| (id, a.cell())).collect());
        school.ends().await;
    }

    async fn a_report_is_corrected_with_its_history_and_late_ones_are_marked(db) {
        let school = morning(&db, &["cs11"]).await;
        let zhang = school.person("cs11");
        zhang.writes("/checkin").await;
        zhang.presses("same").await;
        zhang.hears("已填报");
        zhang.presses("change").await;
        zhang.form_says("需要改哪一项");
        school.restarts().await;
        zhang.presses("修改 4").await;
        zhang.writes("36.9").await;
        zhang.form_says("今日体温（℃）？ 36.9");
        zhang.writes("提交").await;
        zhang.form_says("后有修改");
        assert_eq!(school.stands("cs11").await, "reported self v2");
        assert_eq!(school.answers_of("cs11").await["temperature"], "36.9");
        assert_eq!(school.count("SELECT COUNT(*) AS x FROM reports WHERE day = 20261123").await, 2);
        school.passes("2h").await;
        let late = school.person("cs12");
        late.writes("/checkin").await;
        late.fills_in_all().await;
        late.presses("submit").await;
        late.hears("记为迟报");
        late.form_says("（迟报）");
        assert_eq!(school.stands("cs12").await, "reported self v1 late");
        assert_eq!(school.stands("cs11").await, "reported self v2", "who was in time and corrects later was not late");
        school.passes("10m").await;
        school.overlooks("");
        school.ends().await;
    }

    async fn after_signing_a_change_is_a_numbered_supplement_with_a_reason(db) {
        let school = morning(&db, &["cs11"]).await;
        let zhang = school.person("cs11");
        zhang.writes("/checkin").await;
        zhang.presses("same").await;
        zhang.hears("已填报");
        school.rewrites("UPDATE days SET signed_at = $1, signed_by = 1", args![school.clock_now()]).await;
        zhang.presses("change").await;
        zhang.presses("修改 4").await;
        zhang.writes("38.2").await;
        zhang.presses("submit").await;
        zhang.hears("请先输入修改原因");
        school.restarts().await;
        zhang.account().sends_voice(&school.bot);
        school.settles().await;
        zhang.form_says("这一题请输入文字");
        zhang.writes("早上没有量准").await;
        zhang.form_says("第 1 号");
        assert_eq!(school.stands("cs11").await, "reported self v1", "a signed day does not change");
        assert_eq!(school.answers_of("cs11").await["temperature"], "38.2");
        school.overlooks("【紧急情况】");
        school.overlooks("签发后有补充");
        school.ends().await;
    }

    async fn guardians_report_for_their_children_one_after_another(db) {
        let school = morning_of_guardians(&db).await;
        let (father, mother) = (school.person("g-father"), school.person("g-mother"));
        father.writes("/checkin").await;
        father.form_says("为张一、李一填报");
        mother.writes("/checkin").await;
        mother.presses("fill").await;
        mother.form_says("为张一填报");
        father.presses("张一：无变化").await;
        father.hears("已填报");
        father.form_says("✅ 已于 07:01 为张一填报，谢谢！");
        father.form_says("为李一填报");
        // The mother sees it in her form, and her press says so.
        mother.form_says("张父已于 07:01 代张一填报");
        assert_eq!(school.stands("cs11").await, "reported guardian v1");
        school.restarts().await;
        father.presses("李一：填写").await;
        father.fills_in_and_submits().await;
        father.form_says("已于 07:01 为李一填报");
        assert_eq!(school.stands("cs21").await, "reported guardian v1");
        school.ends().await;
    }

    async fn a_guardian_who_is_second_is_told_and_changes_nothing(db) {
        let school = morning_of_guardians(&db).await;
        let (father, mother) = (school.person("g-father"), school.person("g-mother"));
        father.writes("/checkin").await;
        mother.writes("/checkin").await;
        let prompt = mother.form();
        father.taps_on(&father.form(), "张一：无变化");
        mother.taps_on(&prompt, "same");
        school.settles().await;
        let first = school.stands("cs11").await;
        assert_eq!(first, "reported guardian v1");
        father.hears("填报");
        mother.hears("填报");
        assert_eq!(school.count("SELECT COUNT(*) AS x FROM reports WHERE day = 20261123").await, 1);
        school.ends().await;
    }

    async fn guardians_of_students_report_only_where_the_school_says_so(db) {
        let school = morning(&db, &[]).await;
        let father = school.person("g-father");
        father.writes("/checkin").await;
        father.is_told("今天没有需要您填报的内容");
        school.secretary("cs").writes("/checkin").await;
        school.secretary("cs").is_told("今天没有需要您填报的内容");
        school.ends().await;
    }

    async fn a_proxy_and_guardians_of_the_unbound_report(db) {
        let mut plan = Plan::four_tiers().in_the_morning().config("[checkin]\nguardian_reports = \"unbound\"").unbound("cs21");
        plan.proxy("helper", "何代理", "cs22", "cs2");
        let school = plan.opens(&db).await;
        school.opens_the_day().await;
        let (father, helper) = (school.person("g-father"), school.person("helper"));
        father.writes("/checkin").await;
        father.form_says("为李一填报");
        father.fills_in_and_submits().await;
        helper.writes("/checkin").await;
        helper.form_says("为李二填报");
        helper.fills_in_and_submits().await;
        assert_eq!(school.stands("cs21").await, "reported guardian v1");
        assert_eq!(school.stands("cs22").await, "reported proxy v1");
        assert_eq!(school.stands("cs11").await, "missing - v0");
        school.overlooks("请看下面最新的一条");
        school.ends().await;
    }

    async fn without_an_open_day_it_is_said_when_the_next_one_opens(db) {
        let school = Plan::four_tiers().in_the_morning().opens(&db).await;
        let zhang = school.person("cs11");
        zhang.writes("/checkin").await;
        zhang.is_told("下一次填报将于 11月23日 07:00 开放");
        school.opens_the_day().await;
        zhang.account().starts(&school.bot, Some("checkin"));
        school.settles().await;
        zhang.form_says("1/");
        zhang.is_told("张一同学，你好");
        school.ends().await;
    }

    async fn a_fever_is_filled_in_again_the_next_day(db) {
        let school = Plan::four_tiers().in_the_morning().opens(&db).await;
        let mut ill = well();
        ill.insert("temperature".to_owned(), Answer::Number(38.5));
        school.reported_before("cs11", Way::Own, &ill).await;
        school.opens_the_day().await;
        let zhang = school.person("cs11");
        zhang.writes("/checkin").await;
        zhang.form_says("1/");
        school.ends().await;
    }

    async fn a_press_on_yesterdays_form_changes_nothing(db) {
        let school = morning(&db, &["cs11"]).await;
        let zhang = school.person("cs11");
        zhang.writes("/checkin").await;
        let old = zhang.form();
        school.passes("24h").await;
        zhang.taps_on(&old, "same");
        school.settles().await;
        zhang.hears("这一天的填报已经结束");
        assert_eq!(school.count("SELECT COUNT(*) AS x FROM reports WHERE day > 20261122").await, 0);
        school.overlooks("");
        school.ends().await;
    }

    async fn whoever_was_in_the_middle_is_asked_again_after_an_outage(db) {
        let school = morning(&db, &[]).await;
        let zhang = school.person("cs11");
        zhang.writes("/checkin").await;
        zhang.presses_choice("校内").await;
        zhang.form_says("2/");
        let before = zhang.form();
        school.stops().await;
        school.comes_back_after("10m").await;
        // Whoever polled before may have a lease for some seconds more.
        school.passes("1m").await;
        zhang.form_says("2/");
        let again = zhang.form();
        assert!(again.id > before.id, "the question comes anew");
        assert!(school.student("cs1", 2).unread().is_empty(), "who had no form open is not asked");
        school.passes("3m").await;
        school.restarts().await;
        school.passes("1m").await;
        assert_eq!(zhang.form().id, again.id, "once");
        zhang.presses_choice("否").await;
        zhang.form_says("3/");
        school.ends().await;
    }

    async fn everyone_is_asked_in_private_and_answers_with_one_press(db) {
        let plan = Plan::four_tiers().in_the_morning().config("[checkin]\nprompt = \"private\"");
        let school = plan.opens(&db).await;
        for code in ["cs11", "cs12"] {
            school.reported_before(code, Way::Own, &well()).await;
        }
        school.sandbox.forget_calls();
        school.passes("11m").await;
        let asked = school.calls_made();
        assert_eq!(asked["sendMessage"], 13, "each of twelve students and one of staff once: {asked:?}");
        let zhang = school.person("cs11");
        zhang.form_says("请你于 09:00 前完成今日打卡");
        school.restarts().await;
        zhang.presses("same").await;
        zhang.hears("已填报");
        assert_eq!(school.calls_made().values().sum::<usize>(), 2, "with the prompt three");
        // Whoever has only the whole form to fill in.
        let new = school.person("cs13");
        new.presses("fill").await;
        let questions = new.fills_in_and_submits().await;
        let calls = school.calls_made().values().sum::<usize>() + 1;
        assert!(calls <= 2 * questions + 5, "{questions} questions: {calls} calls");
        school.passes("1m").await;
        school.restarts().await;
        school.passes("10m").await;
        assert_eq!(school.calls_made().get("sendMessage"), None, "nobody is asked twice");
        school.overlooks("今日打卡");
        school.ends().await;
    }

    async fn siblings_are_asked_in_one_message(db) {
        let plan = Plan::four_tiers().guardians_report().in_the_morning().config("prompt = \"private\"");
        let school = plan.opens(&db).await;
        school.passes("11m").await;
        let father = school.person("g-father");
        father.form_says("前为张一、李一填报");
        assert_eq!(father.unread().len(), 0, "one message for both");
        school.overlooks("");
        school.ends().await;
    }

    async fn a_counselor_fills_in_for_somebody_who_was_phoned(db) {
        let school = morning(&db, &["cs11"]).await;
        let (sun, zhang) = (school.person("k1"), school.person("cs11"));
        school.passes_until("09:01").await;
        let zhangs = zhang.form();
        sun.is_told("张一");
        sun.presses("张一").await;
        sun.hears("表已打开");
        sun.form_says("请您按电话核实的情况，代张一补报");
        sun.form_says("今天住在哪里？ 校内");
        assert!(school.count("SELECT COUNT(*) AS x FROM audit WHERE act = 'answers.read'").await > 0);
        school.restarts().await;
        sun.presses("same").await;
        sun.hears("已填报");
        sun.form_says("为张一填报（迟报）");
        assert_eq!(school.stands("cs11").await, "reported phone v1 late");
        // The student sees it, and cannot report a second time by the old button.
        zhang.form_says("孙老师已于 09:01 电话核实后代你填报");
        let data = zhangs.buttons.iter().flatten().find_map(|button| button.data.clone()).expect("a button");
        zhang.taps_old(&zhangs, &data);
        school.settles().await;
        zhang.hears("孙老师已于 09:01 填报");
        school.overlooks("");
        school.ends().await;
    }

    async fn a_secretary_fills_in_without_seeing_earlier_answers(db) {
        let school = morning(&db, &["cs11"]).await;
        let secretary = school.secretary("cs");
        school.passes_until("09:21").await;
        secretary.is_told("张一");
        secretary.presses("代张一填报").await;
        secretary.hears("表已打开");
        let form = secretary.form();
        assert!(form.text.contains("1/7") && !form.text.contains("校内"), "{}", form.text);
        assert_eq!(school.count("SELECT COUNT(*) AS x FROM audit WHERE act = 'answers.read'").await, 0);
        school.restarts().await;
        secretary.fills_in_and_submits().await;
        assert_eq!(school.stands("cs11").await, "reported phone v1 late");
        school.student("cs1", 1).form_says("赵书记已于 09:2");
        // Nobody fills in for another college, not even with a button of one's own.
        let list = secretary.newest_with("代李一填报");
        school.roster_becomes(|roster| {
            let duties = &mut roster.people.get_mut("sec-cs").expect("there").duties;
            duties.clear();
            duties.insert((tierline::domain::roster::Role::Secretary, "math".to_owned()), false);
        })
        .await;
        secretary.taps_on(&list, "代李一填报");
        school.settles().await;
        secretary.hears("抱歉");
        school.overlooks("");
        school.ends().await;
    }

    async fn the_link_of_the_group_opens_the_form_without_another_greeting(db) {
        let school = morning(&db, &[]).await;
        let zhang = school.person("cs11");
        zhang.account().starts(&school.bot, None);
        school.settles().await;
        zhang.is_told("张一同学，你好");
        zhang.account().starts(&school.bot, Some("checkin"));
        school.settles().await;
        zhang.form_says("1/");
        zhang.is_left_alone();
        school.ends().await;
    }

    async fn two_people_behind_one_account_are_asked_at_once(db) {
        let plan = Plan::four_tiers().guardians_report().in_the_morning().config("prompt = \"private\"");
        let school = plan.shares_account("staff", "g-father").opens(&db).await;
        school.passes("11m").await;
        let father = school.person("g-father");
        father.form_says("请您于 09:00 前完成今日打卡，并为张一、李一填报");
        assert_eq!(father.unread().len(), 0, "one message for all three");
        school.restarts().await;
        father.presses("本人：填写").await;
        father.fills_in_and_submits().await;
        assert_eq!(school.stands("staff").await, "reported self v1");
        father.form_says("为张一、李一填报");
        father.presses("张一：填写").await;
        father.fills_in_and_submits().await;
        assert_eq!(school.stands("cs11").await, "reported guardian v1");
        school.overlooks("");
        school.ends().await;
    }
}
