//! Places and photos as answers (C3, C6): sent by Telegram's buttons or not at all, and places that are far from the last
//! one are marked for whoever reads the answers, never judged.

use std::collections::BTreeMap;

use tierline::domain::checkin::Way;
use tierline::domain::form::{Answer, Answers};

use crate::on_both;
use crate::world::{Plan, World};

/// Asks whether something changed, for the place every day, for a photo where one will.
const FORM: &str = r#"
id = "health"
title = { zh-CN = "每日健康卡", en = "Daily health card" }
same = { zh-CN = "今日无变化", en = "Nothing changed" }

[[question]]
id = "moved"
kind = "yes_no"
ask = { zh-CN = "住处有变动吗？", en = "Have you moved?" }

[[question]]
id = "spot"
kind = "location"
daily = true
optional = true
far_km = 50.0
ask = { zh-CN = "现在的位置？", en = "Where are you?" }

[[question]]
id = "code"
kind = "photo"
optional = true
ask = { zh-CN = "请发来健康码照片。", en = "Please send a photo of your health code." }
"#;

const WUHAN: (f64, f64) = (30.593, 114.305);
const BEIJING: (f64, f64) = (39.904, 116.407);

/// The quiet morning of a school with that form.
async fn morning(db: &crate::world::db::TestDb) -> World {
    let form = db.folder().join("form.toml");
    std::fs::write(&form, FORM).expect("is written");
    let config =
        format!("[checkin]\nform = \"{}\"\nprompt = \"group\"\nremind = []\nescalate = []", form.display());
    Plan::four_tiers().in_the_morning().config(&config).opens(db).await
}

fn at(spot: (f64, f64)) -> Answers {
    BTreeMap::from([
        ("moved".to_owned(), Answer::YesNo(false)),
        ("spot".to_owned(), Answer::place(spot.0, spot.1)),
        ("code".to_owned(), Answer::Skipped),
    ])
}

on_both! {
    async fn a_place_and_a_photo_are_sent_and_nothing_else_will_do(db) {
        let school = morning(&db).await;
        school.morning().await;
        let student = school.student("cs1", 1);
        student.writes("/checkin").await;
        student.presses_choice("否").await;
        student.form_says("2/3");
        student.is_told("请点下方按钮，发送你现在的位置");
        student.writes("武汉市洪山区").await;
        student.form_says("这一题");
        student.account().sends_photo(student.id(), "x.jpg", b"\xff\xd8\xff", "");
        student.account().sends_voice(&school.bot);
        school.settles().await;
        student.form_says("2/3");
        school.restarts().await;
        student.account().shares_location(&school.bot, WUHAN.0, WUHAN.1);
        school.settles().await;
        student.form_says("3/3");
        student.writes("健康码是绿色").await;
        student.form_says("这一题");
        student.account().shares_location(&school.bot, WUHAN.0, WUHAN.1);
        school.settles().await;
        student.form_says("3/3");
        student.account().sends_photo(student.id(), "code.jpg", b"\xff\xd8\xff", "绿码");
        school.settles().await;
        student.form_says("请核对");
        student.presses("submit").await;
        student.hears("已填报");
        let answers = school.answers_of("cs11").await;
        assert_eq!((answers["spot"].as_str(), answers["code"].as_str()), ("30.59300,114.30500", "photo"));
        // Neither can be sent from every device.
        let other = school.student("cs1", 2);
        other.writes("/checkin").await;
        other.presses_choice("否").await;
        other.presses("跳过").await;
        other.presses("跳过").await;
        other.presses("submit").await;
        other.hears("已填报");
        assert_eq!(school.answers_of("cs12").await["spot"], "");
        school.overlooks("请点下方按钮");
        school.ends().await;
    }

    async fn a_place_far_from_the_last_one_is_marked_for_the_counselor_only(db) {
        let school = morning(&db).await;
        for code in ["cs11", "cs12", "cs13", "cs21"] {
            school.reported_before(code, Way::Own, &at(WUHAN)).await;
        }
        school.morning().await;
        let far = school.student("cs1", 1);
        far.writes("/checkin").await;
        far.presses("same").await;
        far.is_told("请点下方按钮");
        far.account().shares_location(&school.bot, BEIJING.0, BEIJING.1);
        school.settles().await;
        far.form_says("✅ 已于");
        let thanks = far.form();
        assert!(!thanks.text.contains("公里") && !thanks.text.contains("已通知"), "nobody is accused: {}", thanks.text);
        // Somebody near, and somebody who says that they moved.
        let near = school.student("cs1", 2);
        near.writes("/checkin").await;
        near.presses("same").await;
        near.account().shares_location(&school.bot, WUHAN.0 + 0.1, WUHAN.1);
        school.settles().await;
        near.form_says("✅ 已于");
        let moved = school.student("cs1", 3);
        moved.writes("/checkin").await;
        moved.presses("fill").await;
        moved.presses_choice("是").await;
        moved.account().shares_location(&school.bot, BEIJING.0, BEIJING.1);
        school.settles().await;
        moved.presses("跳过").await;
        moved.presses("submit").await;
        moved.hears("已填报");
        assert_eq!(school.asks::<i64>("SELECT level AS x FROM person_days WHERE state = 'reported' ORDER BY level", vec![]).await, [0, 0, 1]);
        assert_eq!(school.count("SELECT COUNT(*) AS x FROM alerts").await, 0, "a place raises no alert");
        school.restarts().await;
        let counselor = school.counselor("cs1");
        counselor.writes("/today").await;
        let today = counselor.is_told("需要关注");
        assert!(today.text.contains("张一（位置距上次约 105") && !today.text.contains("张二"), "{}", today.text);
        counselor.writes("/confirm").await;
        let page = counselor.is_told("重点关注：张一（位置距上次约 105");
        assert!(!page.text.contains("张三"), "{}", page.text);
        school.secretary("cs").writes("/status").await;
        let status = school.secretary("cs").is_told("重点关注 1");
        assert!(!status.text.contains("张一") && !status.text.contains("公里"), "{}", status.text);
        let report = school.report_of("u", &tierline::domain::report::ReportRights::operator()).await.expect("a report");
        assert_eq!((report.units[0].figures.watch, report.units[0].figures.changed), (1, 1));
        school.overlooks("请点下方按钮");
        school.ends().await;
    }

    async fn places_are_compared_with_the_last_one_that_was_given(db) {
        let school = morning(&db).await;
        school.reported_before("cs11", Way::Own, &at(WUHAN)).await;
        school.rewrites("UPDATE reports SET day = 20261121", vec![]).await;
        let left_out = at(WUHAN).into_iter().filter(|(id, _)| id != "spot").chain([("spot".to_owned(), Answer::Skipped)]);
        school.reported_before("cs11", Way::Own, &left_out.collect()).await;
        school.morning().await;
        let student = school.student("cs1", 1);
        student.writes("/checkin").await;
        student.presses("same").await;
        student.account().shares_location(&school.bot, BEIJING.0, BEIJING.1);
        school.settles().await;
        student.form_says("✅ 已于");
        let level = "SELECT level AS x FROM person_days WHERE state = 'reported'";
        assert_eq!(school.asks::<i64>(level, vec![]).await, [1], "yesterday it was left out");
        school.overlooks("请点下方按钮");
        school.ends().await;
    }
}
