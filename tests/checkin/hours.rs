//! The hours of a day when clocks, settings and nights get in the way (R12, R13, invariants 5, 6 and 10).

use chrono::TimeDelta;
use tierline::args;

use crate::on_both;
use crate::world::{Plan, World};

/// How many lists of the silent somebody was sent.
fn lists(school: &World, code: &str) -> usize {
    let person = school.person(code);
    let ours = school.sandbox.messages(person.id()).into_iter().filter(|message| school.is_ours(message));
    ours.filter(|message| message.text.contains("【未打卡名单】")).count()
}

/// Checks in at night, in Berlin.
const NIGHT: &str = r#"
[school]
timezone = "Europe/Berlin"
quiet_hours = ""
[checkin]
open = "0 30 1 * * *"
deadline = "04:00"
prompt = "group"
remind = ["02:15", "02:30"]
escalate = [{ at = "04:00", to = "class" }]
[report]
class_due = "05:00"
college_due = "05:30"
sign_by = "06:00"
digest = []
"#;

on_both! {
    async fn a_clock_set_back_in_mid_morning_repeats_nothing_and_skips_nothing(db) {
        let school = Plan::four_tiers().in_the_morning().opens(&db).await;
        school.passes_until("08:30").await;
        school.overlooks("");
        let said = "SELECT COUNT(*) AS x FROM messages";
        let before = school.count(said).await;
        school.clock.set(school.clock_now() - TimeDelta::hours(1));
        school.passes("20m").await;
        school.restarts().await;
        school.passes_until("08:40").await;
        assert_eq!(school.count(said).await, before, "nobody is asked or reminded a second time");
        assert_eq!(school.count("SELECT MAX(reminders) AS x FROM person_days").await, 1);
        school.passes_until("08:46").await;
        assert_eq!(school.count("SELECT MIN(reminders) AS x FROM person_days").await, 2, "what is due comes");
        school.passes_until("09:25").await;
        assert_eq!((lists(&school, "k1"), lists(&school, "sec-cs"), lists(&school, "lead")), (1, 1, 0));
        assert_eq!(school.asks::<i64>("SELECT id AS x FROM days", args![]).await, [20_261_123]);
        school.overlooks("");
        school.ends().await;
    }

    async fn what_was_due_while_the_service_was_down_happens_once(db) {
        let school = Plan::four_tiers().in_the_morning().opens(&db).await;
        school.passes_until("08:59").await;
        school.have_reported(&["cs12", "cs13"]).await;
        school.overlooks("");
        school.stops().await;
        school.comes_back_after("4m").await;
        school.settles().await;
        school.restarts().await;
        school.passes("1m").await;
        for counselor in ["k1", "k2", "km"] {
            assert_eq!(lists(&school, counselor), 1, "{counselor}");
            let asked = school.person(counselor).is_told("请核对后点");
            assert!(asked.text.contains("11月23日"), "{}", asked.text);
        }
        let list = school.counselor("cs1").is_told("【未打卡名单】");
        assert!(list.text.contains("张一") && !list.text.contains("张二"), "{}", list.text);
        assert_eq!(school.count("SELECT COUNT(*) AS x FROM messages WHERE kind = 'confirm'").await, 3);
        school.overlooks("【未打卡名单】");
        school.ends().await;
    }

    async fn the_night_holds_a_report_upward_and_the_morning_judges_it_again(db) {
        let config = "[checkin]\nopen = \"0 0 21 * * *\"\ndeadline = \"22:00\"\nprompt = \"group\"\nremind = []\n\
                      escalate = [{ at = \"22:40\", to = \"class\" }]\n\
                      [report]\nclass_due = \"22:50\"\ncollege_due = \"22:55\"\nsign_by = \"23:00\"\ndigest = []";
        let plan = Plan::four_tiers().checks_in().starts_at("2026-11-23T12:59:00Z").config(config);
        let school = plan.opens(&db).await;
        school.passes("2m").await;
        school.have_reported(&["m11", "m12", "m13", "m21", "m22", "m23", "staff"]).await;
        school.passes_until("23:30").await;
        school.overlooks("");
        let held = "SELECT COUNT(*) AS x FROM timers WHERE kind = 'day' AND step = 200 AND state = 'waiting'";
        assert_eq!(school.count(held).await, 1);
        // Somebody reports in the night; a class becomes complete.
        school.have_reported(&["cs11", "cs21", "cs22", "cs23"]).await;
        school.restarts().await;
        school.passes_until("06:29").await;
        assert_eq!((lists(&school, "k1"), lists(&school, "k2")), (0, 0), "nobody is woken");
        school.passes_until("06:31").await;
        let list = school.counselor("cs1").is_told("【未打卡名单】");
        assert!(list.text.contains("张二") && !list.text.contains("张一"), "{}", list.text);
        assert_eq!((lists(&school, "k1"), lists(&school, "k2"), lists(&school, "km")), (1, 0, 0));
        school.overlooks("");
        school.ends().await;
    }

    async fn in_spring_and_autumn_each_slot_comes_once(db) {
        // An hour that does not exist comes when the clocks have gone on, one that comes twice comes the first time.
        for (start, opened, reminded, next) in [
            ("2026-03-29T00:00:00Z", "2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z", "2026-03-29T23:30:00Z"),
            ("2026-10-24T23:00:00Z", "2026-10-24T23:30:00Z", "2026-10-25T00:30:00Z", "2026-10-26T00:30:00Z"),
        ] {
            let db = db.another().await;
            let school = Plan::four_tiers().checks_in().starts_at(start).config(NIGHT).opens(&db).await;
            school.passes("40m").await;
            let at = |sql| school.asks::<i64>(sql, args![]);
            let moment = |text: &str| text.parse::<chrono::DateTime<chrono::Utc>>().expect("a moment").timestamp_millis();
            assert_eq!(at("SELECT opened_at AS x FROM days").await, [moment(opened)]);
            school.restarts().await;
            school.passes("200m").await;
            assert_eq!(at("SELECT fired_at AS x FROM timers WHERE kind = 'day' AND step = 101 AND version = 1").await, [moment(reminded)]);
            assert_eq!(at("SELECT MAX(count) AS x FROM nudges").await[0], if start.contains("-03-") { 1 } else { 2 });
            assert_eq!(at("SELECT due_at AS x FROM timers WHERE kind = 'open' AND state = 'waiting'").await, [moment(next)]);
            assert_eq!(lists(&school, "k1"), 1);
            school.overlooks("");
            school.ends().await;
            db.finish().await;
        }
    }

    async fn a_form_changed_in_the_evening_counts_from_the_next_morning(db) {
        let shipped = std::fs::read_to_string("config/forms/health.toml").expect("the shipped form");
        let changed = shipped
            .replace("  { id = \"home\", zh-CN = \"家中\", en = \"At home\" },\n", "")
            .replace("今天住在哪里？", "今晚住在哪里？");
        assert_ne!(changed, shipped);
        let form = db.folder().join("form.toml");
        std::fs::write(&form, &shipped).expect("is written");
        let config = format!("[checkin]\nform = \"{}\"\nprompt = \"group\"\nremind = []\nescalate = []", form.display());
        let school = Plan::four_tiers().in_the_morning().config(&config).opens(&db).await;
        school.opens_the_day().await;
        for (code, place) in [("cs11", "校内"), ("cs12", "家中")] {
            let student = school.person(code);
            student.writes("/checkin").await;
            student.presses_choice(place).await;
            student.presses_choice("否").await;
            if place == "家中" {
                student.presses_choice("低风险").await;
            }
            student.presses_choice("无异常").await;
            student.writes("36.5").await;
            for label in ["均无异常", "否", "不属于"] {
                student.presses_choice(label).await;
            }
            student.presses("submit").await;
            student.hears("已填报");
        }
        school.passes_until("20:00").await;
        std::fs::write(&form, &changed).expect("is written");
        school.settings_become(&config);
        school.restarts().await;
        // The running day keeps its form.
        let late = school.person("cs13");
        late.writes("/checkin").await;
        late.form_says("今天住在哪里？");
        late.presses_choice("家中").await;
        late.form_says("2/");
        school.passes_until("07:01").await;
        school.overlooks("");
        let (one, two) = (school.person("cs11"), school.person("cs12"));
        one.writes("/checkin").await;
        one.form_says("今晚住在哪里？ 校内");
        one.presses("same").await;
        one.hears("已填报");
        // What does not fit any more is asked, and nothing else.
        two.writes("/checkin").await;
        two.presses("same").await;
        two.form_says("1/1");
        two.form_says("今晚住在哪里？");
        two.presses_choice("校内").await;
        two.hears("已填报");
        assert_eq!(school.stands("cs12").await, "reported self v1");
        school.overlooks("");
        school.ends().await;
    }
}
