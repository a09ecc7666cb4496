//! Reports after a day was signed: numbered, with a reason, told up the chain; what was signed stays (D3).

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use tierline::domain::checkin::Way;

use crate::on_both;
use crate::world::checkin_form::well;
use crate::world::{Plan, World};

/// A quiet day on which 张三 was missing was signed by the office at ten.
async fn signed(db: &crate::world::db::TestDb) -> World {
    let school = Plan::quiet_day().opens(db).await;
    school.reported_before("cs11", Way::Own, &well()).await;
    school.morning().await;
    school.all_report_but(&["cs11", "cs13"]).await;
    let zhang = school.student("cs1", 1);
    zhang.writes("/checkin").await;
    zhang.presses("same").await;
    zhang.hears("已填报");
    school.all_confirm().await;
    school.passes_until("10:01").await;
    school.office().is_told("【审签】");
    school.office().presses("sign").await;
    school.office().hears("请在私聊中输入");
    school.office().writes("一人请假，手续在办").await;
    school.office().is_told("已签发（吴主任）");
    school.overlooks("");
    school
}

/// The rows of a sheet of the newest workbook in a person's chat.
fn sheet(school: &World, chat: i64, name: &str) -> Vec<Vec<String>> {
    let shown = school.sandbox.messages(chat);
    let media = shown
        .iter()
        .rev()
        .filter(|message| school.is_ours(message))
        .find_map(|message| message.media.as_ref());
    let bytes = school.sandbox.file(&media.expect("a workbook").file_id).expect("the sandbox keeps files");
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).expect("a workbook");
    let range = book.worksheet_range(name).expect("a sheet");
    range.rows().map(|row| row.iter().map(Data::to_string).collect()).collect()
}

on_both! {
    async fn a_late_report_after_signing_is_a_supplement_and_counts_as_answered(db) {
        let school = signed(&db).await;
        assert_eq!(school.figures().await, [13, 12, 1, 0, 0]);
        let student = school.student("cs1", 3);
        student.writes("/checkin").await;
        student.fills_in_all().await;
        student.presses("submit").await;
        student.hears("请先输入修改原因");
        school.restarts().await;
        student.writes("手机没电，晚间补报").await;
        student.form_says("第 1 号");
        // The chain from the class upward, and who signed, hear of it; the name goes to the counselor only.
        let told = school.counselor("cs1").is_told("签发后有补充");
        assert!(told.text.contains("补充第 1 号") && told.text.contains("张三"), "{}", told.text);
        for who in [school.secretary("cs"), school.leader(), school.office()] {
            let told = who.is_told("签发后有补充");
            assert!(told.text.contains("计算机1班") && told.text.contains("手机没电"), "{}", told.text);
            assert!(!told.text.contains("张三"), "{}", told.text);
        }
        school.secretary("math").is_left_alone();
        school.counselor("cs2").is_left_alone();
        // Signed figures stay; the person owes nothing more.
        assert_eq!(school.figures().await, [13, 12, 1, 0, 0]);
        assert_eq!(school.stands("cs13").await, "missing - v0");
        student.writes("/today").await;
        student.is_told("目前没有待办事项");
        student.writes("/checkin").await;
        let form = student.form();
        assert!(form.text.contains("第 1 号") && !form.buttons.iter().flatten().any(|button| button.label.contains("填写")), "{}", form.text);
        student.writes("无变化").await;
        student.form_says("第 1 号");
        assert_eq!(school.count("SELECT COUNT(*) AS x FROM reports WHERE supplement > 0").await, 1);
        // A correction of it is the next one.
        student.presses("change").await;
        student.presses("修改 4").await;
        student.writes("36.9").await;
        student.presses("submit").await;
        student.hears("请先输入修改原因");
        student.writes("体温看错了").await;
        student.form_says("第 2 号");
        school.counselor("cs1").is_told("补充第 2 号");
        school.overlooks("补充第 2 号");
        assert_eq!(school.figures().await, [13, 12, 1, 0, 0]);
        school.ends().await;
    }

    async fn a_correction_after_signing_stands_in_the_workbook_and_on_the_page(db) {
        let school = signed(&db).await;
        let zhang = school.student("cs1", 1);
        zhang.presses("change").await;
        zhang.presses("修改 4").await;
        zhang.writes("36.9").await;
        zhang.presses("submit").await;
        zhang.hears("请先输入修改原因");
        zhang.writes("早上没有量准").await;
        zhang.form_says("第 1 号");
        school.overlooks("签发后有补充");
        let page = school.office().is_told("签发后的补充");
        assert!(page.text.contains("补充第 1 号") && page.text.contains("实报 12 人"), "{}", page.text);
        school.office().writes("/export").await;
        school.office().is_told("工作簿");
        school.office().presses_nth("export", 1).await;
        school.office().is_told("正在生成");
        let summary = sheet(&school, school.office().id(), "汇总");
        assert_eq!(summary[1][3..6], ["13", "12", "1"]);
        let signing = sheet(&school, school.office().id(), "审签");
        assert!(signing.iter().any(|row| row.iter().any(|cell| cell.contains("补充更正第1号"))), "{signing:?}");
        school.overlooks("");
        school.ends().await;
    }
}
