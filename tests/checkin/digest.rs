//! The digest at its hour, `/digest` and `/export`: who gets what, once, and nothing of anybody's health in a group.

use std::io::Cursor;

use botapi_sandbox::ShownMessage;
use calamine::{Data, Reader, Xlsx};
use tierline::args;
use tierline::domain::checkin::Way;
use tierline::domain::form::Answer;

use crate::on_both;
use crate::world::checkin_paper::Came;
use crate::world::{Plan, World};

const DIGEST: &str = "【每日简报】";

/// The usual school, asked in groups only, whose digest comes at 11:30; 07:01 of a Monday.
fn plan() -> Plan {
    Plan::four_tiers()
        .config("[checkin]\nprompt = \"group\"\nremind = []\nescalate = []")
        .starts_at("2026-11-22T22:59:00Z")
        .checks_in()
}

async fn morning(plan: Plan, db: &crate::world::db::TestDb) -> World {
    let school = plan.opens(db).await;
    school.passes("2m").await;
    for code in ["cs11", "cs12", "cs13", "cs21", "m11", "m12"] {
        school
            .comes_in(Came { answers: vec![("temperature", Answer::Number(36.4))], ..Came::plain(code) })
            .await;
    }
    let fever = vec![("temperature", Answer::Number(39.7))];
    school
        .comes_in(Came {
            answers: fever,
            changed: true,
            level: 2,
            by: "km",
            way: Way::Phone,
            ..Came::plain("m21")
        })
        .await;
    school
}

/// Files and pictures of the bot in a chat, in order: (name, bytes).
fn files(school: &World, chat: i64) -> Vec<(String, Vec<u8>)> {
    let shown = school.sandbox.messages(chat);
    let ours = shown.iter().filter(|message| school.is_ours(message));
    let bytes = |id: &str| school.sandbox.file(id).expect("the sandbox keeps files");
    let media = ours.filter_map(|message| message.media.as_ref());
    media.map(|media| (media.file_name.clone(), bytes(&media.file_id))).collect()
}

/// The cells of a sheet.
fn sheet(bytes: &[u8], name: &str) -> Option<Vec<Vec<String>>> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes.to_vec())).expect("a workbook");
    let range = book.worksheet_range(name).ok()?;
    Some(range.rows().map(|row| row.iter().map(Data::to_string).collect()).collect())
}

fn digests(school: &World, chat: i64) -> Vec<ShownMessage> {
    let is = |message: &ShownMessage| school.is_ours(message) && message.text.contains(DIGEST);
    school.sandbox.messages(chat).into_iter().filter(is).collect()
}

on_both! {
    async fn the_digest_comes_once_at_its_hour(db) {
        let school = morning(plan(), &db).await;
        let top = school.group("u").id();
        school.passes_until("11:29").await;
        assert!(digests(&school, top).is_empty());
        school.passes("2m").await;
        let text = school.top().shows(DIGEST).text;
        assert!(text.contains("应报 13，实报 7，未报 6") && text.contains("尚未审签"), "{text}");
        assert!(text.contains("计算机学院 2 人") && text.contains("数学学院 3 人"), "{text}");
        assert!(!text.contains("39.7") && !text.contains("刘一"), "{text}");
        let pictures = files(&school, top);
        assert_eq!(pictures.len(), 1);
        assert_eq!(&pictures[0].1[..8], b"\x89PNG\r\n\x1a\n");
        for person in [school.leader(), school.office()] {
            let (name, bytes) = files(&school, person.id()).into_iter().rfind(|(name, _)| name.ends_with(".xlsx")).expect("a workbook");
            assert_eq!(name, "示范大学-2026-11-23.xlsx");
            let summary = sheet(&bytes, "汇总").expect("a sheet");
            assert_eq!(summary[1][3..6], ["13", "7", "6"]);
            assert!(sheet(&bytes, "填报明细").is_none(), "nobody asked for answers");
        }
        for code in ["sec-cs", "k1", "cs11", "audit"] {
            assert!(files(&school, school.person(code).id()).is_empty(), "{code}");
        }
        school.restarts().await;
        school.passes("3h").await;
        assert_eq!(digests(&school, top).len(), 1);
        let sent = school.count("SELECT COUNT(*) AS x FROM audit WHERE act = 'export.digest'").await;
        assert_eq!(sent, 1);
        school.passes("21h").await;
        assert_eq!(digests(&school, top).len(), 2, "and the next day again");
        school.overlooks("");
        school.ends().await;
    }

    async fn a_restart_in_the_middle_of_the_digest_repeats_nothing(db) {
        let school = morning(plan(), &db).await;
        school.passes_until("11:29").await;
        // The timer fires and rows wait; the service dies before all of them are sent.
        school.elapses("61s").await;
        school.restarts().await;
        school.passes("5m").await;
        let top = school.group("u").id();
        assert_eq!(digests(&school, top).len(), 1);
        assert_eq!(files(&school, top).len(), 1);
        for person in [school.leader(), school.office()] {
            let books = files(&school, person.id()).into_iter().filter(|(name, _)| name.ends_with(".xlsx")).count();
            assert_eq!(books, 1);
        }
        let fired = school.count("SELECT COUNT(*) AS x FROM timers WHERE kind = 'digest' AND state = 'done'").await;
        assert_eq!(fired, 1);
        school.overlooks("");
        school.ends().await;
    }

    async fn whoever_is_responsible_reads_their_own_digest(db) {
        let school = morning(plan(), &db).await;
        school.secretary("math").writes("/digest").await;
        let college = school.secretary("math").is_told(DIGEST).text;
        assert!(college.contains("数学学院") && college.contains("应报 6，实报 3，未报 3"), "{college}");
        assert!(!college.contains("审签") && !college.contains("计算机"), "{college}");
        school.counselor("cs1").writes("/digest").await;
        let class = school.counselor("cs1").is_told(DIGEST).text;
        assert!(class.contains("应报 3，实报 3，未报 0（完成 100%）"), "{class}");
        for code in ["cs11", "tutor", "audit", "g-father"] {
            let person = school.person(code);
            person.writes("/digest").await;
            person.is_told("抱歉");
            assert!(digests(&school, person.id()).is_empty(), "{code}");
        }
        school.overlooks("");
        school.ends().await;
    }

    async fn an_export_with_answers_is_confirmed_and_holds_only_ones_own(db) {
        let school = morning(plan(), &db).await;
        let counselor = school.counselor("m2");
        counselor.writes("/export").await;
        assert!(files(&school, counselor.id()).is_empty(), "names with answers are confirmed first");
        counselor.is_told("数学2班");
        counselor.presses_nth("export", 0).await;
        counselor.is_told("正在生成");
        let (_, bytes) = files(&school, counselor.id()).pop().expect("a workbook");
        let answers = sheet(&bytes, "填报明细").expect("answers");
        let people: Vec<&str> = answers[1..].iter().map(|row| row[1].as_str()).collect();
        assert!(people == ["m21", "m22", "m23"] || people == ["m11", "m12", "m13"], "{people:?}");
        let log = school.count("SELECT COUNT(*) AS x FROM audit WHERE act = 'export.workbook'").await;
        assert_eq!(log, 1);

        let secretary = school.secretary("cs");
        secretary.writes("/export 2026-11-23").await;
        let (_, bytes) = files(&school, secretary.id()).pop().expect("figures and names at once");
        assert!(sheet(&bytes, "填报明细").is_none_or(|rows| rows.len() < 2));
        let missing = sheet(&bytes, "未报").expect("names");
        assert_eq!(missing[1..].iter().map(|row| row[2].as_str()).collect::<Vec<_>>(), ["cs22", "cs23"]);
        assert!(missing[1][5].contains("139"), "{missing:?}");

        let leader = school.leader();
        leader.writes("/export").await;
        leader.presses_nth("export", 1).await;
        let (_, bytes) = files(&school, leader.id()).pop().expect("a workbook");
        let missing = sheet(&bytes, "未报").expect("a sheet");
        assert!(missing[1..].iter().all(|row| row[0] == "u"), "names only one tier up: {missing:?}");
        assert_eq!(sheet(&bytes, "汇总").expect("figures").len(), 8);

        school.person("cs11").writes("/export").await;
        school.person("cs11").is_told("抱歉");
        school.leader().writes("/export 2026-01-02").await;
        school.leader().is_told("没有打卡");
        school.leader().writes("/export 昨天").await;
        school.leader().is_told("没有看懂日期");
        school.overlooks("");
        school.ends().await;
    }

    async fn a_configuration_changed_meanwhile_moves_the_digest(db) {
        let school = morning(plan().config("[report]\ndigest = [\"0 0 16 * * *\", \"0 15 16 * * Mon\"]"), &db).await;
        school.passes_until("12:00").await;
        assert!(digests(&school, school.group("u").id()).is_empty());
        school.passes_until("16:20").await;
        assert_eq!(digests(&school, school.group("u").id()).len(), 2);
        assert_eq!(school.asks::<i64>("SELECT COUNT(*) AS x FROM timers WHERE kind = 'digest' AND state = 'done'", args![]).await, [2]);
        school.overlooks("");
        school.ends().await;
    }

    async fn an_english_school_reads_its_digest_in_english(db) {
        let school = morning(plan().config("[school]\nlocale = \"en\""), &db).await;
        school.passes_until("11:31").await;
        let text = school.top().shows("[Daily digest]").text;
        assert!(text.contains("Expected 13, reported 7, missing 6") && text.contains("not signed yet"), "{text}");
        let (_, bytes) = files(&school, school.office().id()).pop().expect("a workbook or chart");
        assert!(!bytes.is_empty());
        school.overlooks("");
        school.ends().await;
    }
}
