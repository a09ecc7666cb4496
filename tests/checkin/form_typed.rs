//! What is typed and sent in the middle of a form: right and wrong answers, other things, nothing at all.

use tierline::args;
use tierline::domain::checkin::Way;

use crate::on_both;
use crate::world::checkin_form::well;
use crate::world::person::Person;
use crate::world::{Plan, World};

/// A school of the morning with somebody at the question of the temperature.
async fn at_the_temperature(db: &crate::world::db::TestDb) -> (World, Person) {
    let school = Plan::four_tiers().in_the_morning().opens(db).await;
    school.opens_the_day().await;
    let zhang = school.person("cs11");
    zhang.writes("/checkin").await;
    for label in ["校内", "否", "无异常"] {
        zhang.presses_choice(label).await;
    }
    zhang.form_says("今日体温（℃）？");
    (school, zhang)
}

on_both! {
    async fn everything_may_be_typed(db) {
        let school = Plan::four_tiers().in_the_morning().opens(&db).await;
        school.opens_the_day().await;
        let zhang = school.person("cs11");
        zhang.writes("打卡").await;
        for text in ["3", "武汉市洪山区", "是", "低风险", "发热、干咳", "３６．５", "均无异常", "没有", "1"] {
            zhang.writes(text).await;
        }
        zhang.form_says("请核对");
        zhang.writes("你好").await;
        zhang.form_says("各题都已答完");
        zhang.writes("提交").await;
        zhang.form_says("✅ 已于");
        let answers = school.answers_of("cs11").await;
        assert_eq!((answers["place"].as_str(), answers["city"].as_str()), ("away", "武汉市洪山区"));
        assert_eq!((answers["symptoms"].as_str(), answers["temperature"].as_str()), ("cough;fever", "36.5"));
        school.overlooks("");
        school.ends().await;
    }

    async fn a_wrong_answer_is_met_with_the_reason_and_loses_nothing(db) {
        let (school, zhang) = at_the_temperature(&db).await;
        for (text, why) in [
            ("98.6", "这像是华氏度，约合 37 摄氏度"),
            ("-1", "超出了范围（34～43）"),
            ("abc", "没有读出数字"),
            ("😷", "没有读出数字"),
            ("36.5 吧", "没有读出数字"),
        ] {
            zhang.writes(text).await;
            zhang.form_says(why);
            zhang.form_says("4/7");
        }
        let long = "热".repeat(4096);
        zhang.writes(&long).await;
        zhang.form_says("没有读出数字");
        school.restarts().await;
        let form = zhang.form();
        zhang.account().sends_voice(&school.bot);
        school.settles().await;
        zhang.form_says("这一题请输入一个数字");
        zhang.account().sends_sticker(&school.bot);
        zhang.account().shares_location(&school.bot, 30.5, 114.3);
        zhang.account().sends_photo(form.chat_id, "x.jpg", b"\xff\xd8\xff", "36.5");
        school.settles().await;
        zhang.form_says("这一题请输入一个数字");
        let said = zhang.account().writes_to(&school.bot, "36.4");
        school.settles().await;
        zhang.form_says("5/7");
        zhang.writes("再说一遍").await;
        zhang.form_says("没有这个选项");
        zhang.account().forwards(form.chat_id, said, form.chat_id);
        school.settles().await;
        zhang.form_says("转发的消息不能作为回答");
        let calls = school.calls_made();
        assert_eq!(calls["sendMessage"], 1, "all in the one message: {calls:?}");
        for label in ["均无异常", "否", "不属于"] {
            zhang.presses_choice(label).await;
        }
        zhang.presses("submit").await;
        zhang.hears("已填报");
        assert_eq!(school.answers_of("cs11").await["temperature"], "36.4");
        school.ends().await;
    }

    async fn a_comma_is_a_point(db) {
        let (school, zhang) = at_the_temperature(&db).await;
        zhang.writes("36,5").await;
        zhang.form_says("5/7");
        school.ends().await;
    }

    async fn no_change_may_be_typed(db) {
        let school = Plan::four_tiers().in_the_morning().opens(&db).await;
        for code in ["cs11", "cs12"] {
            school.reported_before(code, Way::Own, &well()).await;
        }
        school.opens_the_day().await;
        let (one, two) = (school.person("cs11"), school.person("cs12"));
        one.writes("无变化").await;
        one.form_says("✅ 已于 07:01 填报");
        // In the middle of the form the rest need not be asked.
        two.writes("/checkin").await;
        two.presses("fill").await;
        two.presses_choice("校内").await;
        two.writes("no change").await;
        two.form_says("✅ 已于 07:01 填报");
        assert_eq!(school.stands("cs11").await, "reported self v1");
        assert_eq!(school.stands("cs12").await, "reported self v1");
        // Without an earlier report everything is asked.
        let three = school.person("cs13");
        three.writes("无变化").await;
        three.form_says("1/");
        school.ends().await;
    }

    async fn whoever_does_something_else_is_led_back(db) {
        let (school, zhang) = at_the_temperature(&db).await;
        let old = zhang.form();
        zhang.writes("/help").await;
        zhang.is_told("可用命令");
        zhang.form_says("4/7");
        let new = zhang.form();
        assert!(new.id > old.id, "it comes after what was said");
        let gone = school.sandbox.message(old.chat_id, old.id).expect("it is there");
        assert!(gone.text.contains("请看下面最新的一条") && gone.buttons.is_empty(), "{}", gone.text);
        school.restarts().await;
        school.passes("61m").await;
        zhang.writes("36.6").await;
        zhang.form_says("5/7");
        school.overlooks("");
        school.ends().await;
    }

    async fn a_form_is_left_by_cancel_and_another_dialogue_does_not_lose_it(db) {
        let (school, zhang) = at_the_temperature(&db).await;
        zhang.writes("/cancel").await;
        zhang.is_told("已取消");
        zhang.form_says("请点“填写”");
        assert_eq!(school.count("SELECT COUNT(*) AS x FROM sessions").await, 0);
        let staff = school.person("staff");
        staff.writes("/checkin").await;
        staff.presses_choice("校内").await;
        school.rewrites("UPDATE dialogues SET kind = 'other' WHERE account = $1", args![staff.id()]).await;
        staff.writes("/checkin").await;
        staff.form_says("2/");
        school.ends().await;
    }

    async fn an_acknowledgement_in_the_middle_is_one(db) {
        let (school, zhang) = at_the_temperature(&db).await;
        school.leader().issues("返校须知").urgent().to_students().await;
        school.overlooks("返校须知");
        zhang.writes("收到").await;
        zhang.is_told("已收到");
        zhang.form_says("4/7");
        school.overlooks("");
        school.ends().await;
    }

    async fn a_multi_choice_is_marked_and_finished(db) {
        let school = Plan::four_tiers().in_the_morning().opens(&db).await;
        school.opens_the_day().await;
        let zhang = school.person("cs11");
        zhang.writes("/checkin").await;
        for label in ["校内", "否"] {
            zhang.presses_choice(label).await;
        }
        zhang.presses("next").await;
        zhang.hears("请至少选一项");
        zhang.presses_choice("发热").await;
        zhang.presses_choice("乏力").await;
        zhang.presses_choice("✅ 乏力").await;
        school.restarts().await;
        zhang.presses("next").await;
        zhang.form_says("今日体温");
        zhang.presses("上一题").await;
        zhang.form_says("今天身体状况如何");
        zhang.presses("next").await;
        // A press on a question that was left behind.
        let old = zhang.form();
        zhang.writes("36.5").await;
        let data = old.buttons.iter().flatten().find_map(|button| button.data.clone().filter(|data| data.starts_with("back")));
        zhang.taps_old(&old, &data.expect("a way back"));
        school.settles().await;
        zhang.hears("这一步已经过了");
        zhang.form_says("5/7");
        school.ends().await;
    }
}
