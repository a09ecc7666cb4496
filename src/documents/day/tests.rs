use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use chrono::{NaiveDate, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Asia::Shanghai;

use super::*;
use crate::domain::calendar::Calendar;
use crate::domain::message::{Locale, Number};
use crate::domain::report::{
    AnswerRow, AnswerSheet, Cell, ChoiceWords, DirectiveRow, Figures, MissingRow, PersonState, SignAct,
    SignRow, UnitRow,
};
use crate::text::Texts;

type Table = Vec<Vec<Data>>;

fn date(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).expect("November has that day")
}

/// A moment of 22 November, by the school's clock.
fn at(hour: u32, minute: u32) -> Time {
    Shanghai
        .with_ymd_and_hms(2026, 11, 22, hour, minute, 0)
        .single()
        .expect("the clock shows every time once")
        .with_timezone(&Utc)
}

fn local(hour: u32, minute: u32) -> NaiveDateTime {
    date(22).and_hms_opt(hour, minute, 0).expect("a time of day")
}

fn unit(code: &str, name: &str, (tier, key): (usize, &str), figures: Figures) -> UnitRow {
    UnitRow {
        code: code.to_owned(),
        unit: name.to_owned(),
        tier,
        tier_key: key.to_owned(),
        depth: u8::try_from(tier).expect("there are few tiers"),
        figures,
        confirmed_by: None,
        confirmed_at: None,
    }
}

fn class_figures() -> Figures {
    Figures {
        expected: 5,
        reported: 2,
        missing: 1,
        excused: 1,
        unreachable: 1,
        late: 1,
        changed: 1,
        watch: 1,
        urgent: 1,
    }
}

fn missing(code: &str, name: &str, state: PersonState, phone: Option<&str>) -> MissingRow {
    MissingRow {
        unit_code: "c1".to_owned(),
        unit: "计算机1班".to_owned(),
        person_code: code.to_owned(),
        name: name.to_owned(),
        state,
        phone: phone.map(str::to_owned),
        reminders: 2,
        escalated_to: vec!["王老师".to_owned(), "李书记".to_owned()],
    }
}

fn choice(id: &str, words: &str) -> ChoiceWords {
    ChoiceWords { id: id.to_owned(), words: words.to_owned() }
}

fn answers() -> AnswerSheet {
    let reported = AnswerRow {
        unit_code: "c1".to_owned(),
        person_code: "007".to_owned(),
        name: "=张一".to_owned(),
        state: PersonState::Reported,
        late: true,
        reported_at: Some(at(9, 5)),
        by: "王老师".to_owned(),
        changed: true,
        answers: vec![
            Cell::Choice(choice("campus", "校内")),
            Cell::Choices(vec![choice("cough", "干咳"), choice("tired", "乏力")]),
            Cell::Number(36.5),
            Cell::YesNo(false),
            Cell::Text("+1 去过医院 😷".to_owned()),
            Cell::Place { latitude: 31.2304, longitude: 121.4737 },
            Cell::Photo,
        ],
    };
    let silent = AnswerRow {
        person_code: "008".to_owned(),
        name: "张二".to_owned(),
        state: PersonState::Missing,
        late: false,
        reported_at: None,
        by: String::new(),
        changed: false,
        answers: vec![],
        ..reported.clone()
    };
    let question = |id: &str, words: &str| (id.to_owned(), words.to_owned());
    AnswerSheet {
        questions: vec![
            question("place", "今天在哪里？"),
            question("symptoms", "有无症状？"),
            question("temperature", "今日体温（℃）？"),
            question("contact", "有无接触？"),
            question("note", "说明"),
            question("where", "位置"),
            question("photo", "照片"),
        ],
        rows: vec![reported, silent],
    }
}

fn report() -> DayReport {
    let mut class = unit("c1", "计算机1班", (2, "class"), class_figures());
    class.confirmed_by = Some("王老师".to_owned());
    class.confirmed_at = Some(at(9, 25));
    DayReport {
        date: date(22),
        school: "示范大学".to_owned(),
        units: vec![
            unit("s", "示范大学", (0, "school"), class_figures()),
            unit("cs", "计算机学院", (1, "college"), class_figures()),
            class,
        ],
        missing: vec![
            missing("008", "张二", PersonState::Missing, Some("13800000000")),
            missing("009", "@张三", PersonState::Unreachable, None),
        ],
        answers: Some(answers()),
        directives: vec![DirectiveRow {
            number: Number { year: 2026, number: 12 },
            title: "-返校安排".to_owned(),
            issued_at: at(8, 0),
            tier: 1,
            tier_key: "college".to_owned(),
            unit: "计算机学院".to_owned(),
            must_ack: 2,
            acked: 1,
            late: 1,
            relayed_at: Some(at(8, 30)),
            done_at: None,
        }],
        signoff: vec![],
    }
}

fn bytes(locale: Locale, headings: Headings, dated: bool, days: &[DayReport]) -> Vec<u8> {
    let calendar = Calendar::plain(Shanghai);
    let texts = Texts::new();
    let tiers = (0..3).map(|tier| texts.word(locale, &format!("tier-{tier}"))).collect();
    let words = Words { texts: &texts, locale, calendar: &calendar, tiers };
    workbook(&Book { words: &words, headings, dated, made_at: at(11, 30) }, days).expect("a workbook")
}

fn made(locale: Locale, headings: Headings, dated: bool, days: &[DayReport]) -> Xlsx<Cursor<Vec<u8>>> {
    let bytes = bytes(locale, headings, dated, days);
    calamine::open_workbook_from_rs(Cursor::new(bytes)).expect("a workbook opens")
}

/// The cells of a sheet. That none of it is a formula is looked at each time (S10).
fn table(book: &mut Xlsx<Cursor<Vec<u8>>>, sheet: &str) -> Table {
    let formulas = book.worksheet_formula(sheet).expect("the sheet is there");
    assert!(formulas.used_cells().next().is_none(), "{sheet} has formulas");
    book.worksheet_range(sheet).expect("the sheet is there").rows().map(<[Data]>::to_vec).collect()
}

fn text(text: &str) -> Data {
    Data::String(text.to_owned())
}

fn numbers(numbers: &[u32]) -> impl Iterator<Item = Data> {
    numbers.iter().map(|number| Data::Float(f64::from(*number)))
}

fn heads(words: &str) -> Vec<Data> {
    words.split(',').map(text).collect()
}

fn moment(cell: &Data) -> NaiveDateTime {
    let Data::DateTime(moment) = cell else { panic!("{cell:?} is no moment") };
    assert!(moment.is_datetime());
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let date = NaiveDate::from_ymd_opt(i32::from(year), month.into(), day.into()).expect("a date");
    date.and_hms_opt(hour.into(), minute.into(), second.into()).expect("a time")
}

#[test]
fn keys_stand_as_in_the_manual() {
    let mut book = made(Locale::ZhCn, Headings::Keys, false, &[report()]);
    assert_eq!(book.sheet_names(), ["summary", "missing", "answers", "directives"]);
    let summary = table(&mut book, "summary");
    let expected = "unit_code,unit,tier,expected,reported,missing,excused,unreachable,late,changed,watch,urgent,confirmed_by,confirmed_at";
    assert_eq!(summary[0], heads(expected));
    let figures = [5, 2, 1, 1, 1, 1, 1, 1, 1];
    let row: Vec<Data> =
        [text("c1"), text("计算机1班"), text("class")].into_iter().chain(numbers(&figures)).collect();
    assert_eq!(summary[3][..12], row[..]);
    assert_eq!(summary[3][12], text("王老师"));
    assert_eq!(moment(&summary[3][13]), local(9, 25));
    assert_eq!(summary[1][12..], [Data::Empty, Data::Empty]);

    let missing = table(&mut book, "missing");
    assert_eq!(missing[0], heads("unit_code,unit,person_code,name,state,phone,reminders,escalated_to"));
    let one = [
        text("c1"),
        text("计算机1班"),
        text("008"),
        text("张二"),
        text("missing"),
        text("13800000000"),
        Data::Float(2.0),
        text("王老师;李书记"),
    ];
    assert_eq!(missing[1], one);
    assert_eq!(missing[2][3..6], [text("@张三"), text("unreachable"), Data::Empty]);

    let directives = table(&mut book, "directives");
    let expected = "number,title,issued_at,tier,unit,must_ack,acked,late,relayed_at,done_at";
    assert_eq!(directives[0], heads(expected));
    assert_eq!(directives[1][..2], [text("12/2026"), text("-返校安排")]);
    assert_eq!(moment(&directives[1][2]), local(8, 0));
    assert_eq!(directives[1][3..5], [text("college"), text("计算机学院")]);
    assert_eq!(directives[1][5..8], numbers(&[2, 1, 1]).collect::<Vec<_>>()[..]);
    assert_eq!(moment(&directives[1][8]), local(8, 30));
    assert_eq!(directives[1][9], Data::Empty);
}

#[test]
fn answers_stand_by_question_and_choices_by_id() {
    let mut book = made(Locale::ZhCn, Headings::Keys, false, &[report()]);
    let answers = table(&mut book, "answers");
    let expected = "unit_code,person_code,name,state,late,reported_at,by,changed,place,symptoms,temperature,contact,note,where,photo";
    assert_eq!(answers[0], heads(expected));
    assert_eq!(answers[1][..5], [text("c1"), text("007"), text("=张一"), text("reported"), text("yes")]);
    assert_eq!(moment(&answers[1][5]), local(9, 5));
    let given = [
        text("王老师"),
        text("yes"),
        text("campus"),
        text("cough;tired"),
        Data::Float(36.5),
        text("no"),
        text("+1 去过医院 😷"),
        text("31.23040, 121.47370"),
        text("photo"),
    ];
    assert_eq!(answers[1][6..], given);
    assert_eq!(answers[2][..4], [text("c1"), text("008"), text("张二"), text("missing")]);
    assert!(answers[2][4..].iter().all(|cell| *cell == Data::Empty), "{:?}", answers[2]);
}

#[test]
fn words_stand_in_the_schools_language() {
    let mut book = made(Locale::ZhCn, Headings::Words, false, &[report()]);
    assert_eq!(book.sheet_names(), ["汇总", "未报", "填报明细", "通知"]);
    let summary = table(&mut book, "汇总");
    let expected = "单位编号,单位,层级,应报,实报,未报,免报,联系不上,迟报,变化,重点关注,紧急,确认人,确认时间";
    assert_eq!(summary[0], heads(expected));
    assert_eq!(summary[2][..3], [text("cs"), text("计算机学院"), text("学院")]);
    let missing = table(&mut book, "未报");
    assert_eq!(missing[0], heads("单位编号,单位,学号/工号,姓名,状态,电话,提醒次数,上报给"));
    assert_eq!(missing[1][4], text("未报"));
    assert_eq!(missing[2][4], text("联系不上"));
    assert_eq!(missing[1][7], text("王老师、李书记"));
    let answers = table(&mut book, "填报明细");
    assert_eq!(answers[0][8], text("今天在哪里？"));
    assert_eq!(answers[1][3..5], [text("已报"), text("是")]);
    assert_eq!(answers[1][8..10], [text("校内"), text("干咳、乏力")]);
    assert_eq!(answers[1][11], text("否"));
    assert_eq!(table(&mut book, "通知")[1][0], text("2026年第12号"));

    let mut book = made(Locale::En, Headings::Words, false, &[report()]);
    assert_eq!(book.sheet_names(), ["Summary", "Missing", "Answers", "Directives"]);
    assert_eq!(table(&mut book, "Missing")[2][4], text("unreachable"));
    assert_eq!(table(&mut book, "Directives")[1][0], text("No. 12/2026"));
}

#[test]
fn sums_add_up_as_they_are_written() {
    let mut book = made(Locale::ZhCn, Headings::Keys, false, &[report()]);
    for row in &table(&mut book, "summary")[1..] {
        let number = |column: usize| match row[column] {
            Data::Float(number) => number,
            ref other => panic!("{other:?} is no number"),
        };
        assert_eq!(number(3).total_cmp(&(4..8).map(number).sum()), std::cmp::Ordering::Equal, "{row:?}");
    }
}

#[test]
fn who_may_not_see_answers_and_phones_gets_none() {
    let mut day = report();
    day.answers = None;
    for row in &mut day.missing {
        row.phone = None;
    }
    let mut book = made(Locale::ZhCn, Headings::Keys, false, &[day]);
    assert_eq!(book.sheet_names(), ["summary", "missing", "directives"]);
    let missing = table(&mut book, "missing");
    assert!(missing[1..].iter().all(|row| row[5] == Data::Empty));
}

#[test]
fn a_ledger_begins_with_the_date_and_keeps_every_question() {
    let (first, mut second) = (report(), report());
    second.date = date(23);
    let sheet = second.answers.as_mut().expect("it has answers");
    sheet.questions =
        vec![("temperature".to_owned(), "体温".to_owned()), ("dorm".to_owned(), "宿舍".to_owned())];
    sheet.rows[0].answers = vec![Cell::Number(37.4), Cell::Text("3号楼".to_owned())];
    let mut book = made(Locale::ZhCn, Headings::Keys, true, &[first, second]);
    let summary = table(&mut book, "summary");
    assert_eq!(summary.len(), 7);
    assert_eq!(summary[0][..2], [text("date"), text("unit_code")]);
    let days: Vec<_> = summary[1..].iter().map(|row| moment(&row[0]).date()).collect();
    assert_eq!(days, [22, 22, 22, 23, 23, 23].map(date));
    let answers = table(&mut book, "answers");
    assert_eq!(answers[0][9..], heads("place,symptoms,temperature,contact,note,where,photo,dorm")[..]);
    assert_eq!(answers[1][11], Data::Float(36.5));
    assert_eq!(answers[1][16], Data::Empty);
    assert_eq!(moment(&answers[3][0]).date(), date(23));
    assert_eq!(answers[3][9], Data::Empty);
    assert_eq!(answers[3][11], Data::Float(37.4));
    assert_eq!(answers[3][16], text("3号楼"));
}

#[test]
fn signatures_stand_on_a_sheet_of_their_own() {
    let mut day = report();
    let act = |act, by: &str, to: &str, reason: &str| SignRow {
        act,
        by: by.to_owned(),
        at: at(11, 0),
        to: to.to_owned(),
        reason: reason.to_owned(),
    };
    day.signoff = vec![
        act(SignAct::Reviewed, "赵校长", "", ""),
        act(SignAct::Signed, "钱主任", "", ""),
        act(SignAct::Supplement(1), "钱主任", "", "张二补报"),
        act(SignAct::Filed, "钱主任", "市教育局", ""),
    ];
    let mut book = made(Locale::ZhCn, Headings::Words, false, std::slice::from_ref(&day));
    assert_eq!(book.sheet_names().last().map(String::as_str), Some("审签"));
    let acts = table(&mut book, "审签");
    let column = |column: usize| acts[1..].iter().map(|row| row[column].clone()).collect::<Vec<_>>();
    assert_eq!(column(0), ["领导审核", "审签", "补充更正第1号", "报送归档"].map(text));
    assert_eq!(column(3)[3], text("市教育局"));
    assert_eq!(column(4)[2], text("张二补报"));
    let keyed = made(Locale::ZhCn, Headings::Keys, false, &[day]);
    assert_eq!(keyed.sheet_names(), ["summary", "missing", "answers", "directives"]);
}

#[test]
fn hostile_and_long_texts_stay_text() {
    let hostile = [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
        "\"quoted\"",
        "<b>&amp;</b>",
        "😷👨‍👩‍👧",
        "𠮷野",
        "{=1}",
        "_x0009_",
        "línea\nnueva",
        "00123",
        "1E5",
        "https://example.org",
    ];
    let mut day = report();
    let long = "长".repeat(10_000);
    let huge = "很".repeat(40_000);
    let texts: Vec<&str> = hostile.into_iter().chain([long.as_str()]).collect();
    day.missing = texts.iter().map(|name| missing(name, name, PersonState::Missing, Some(name))).collect();
    day.units[0].unit = "=cmd|' /C calc'!A0".to_owned();
    day.missing.push(missing("huge", &huge, PersonState::Missing, None));
    day.missing.push(missing("bell", "a\u{7}b\u{0}c", PersonState::Missing, None));
    let mut book = made(Locale::ZhCn, Headings::Keys, false, &[day]);
    let written = table(&mut book, "missing");
    for (row, expected) in written[1..].iter().zip(&texts) {
        for column in [2, 3, 5] {
            assert_eq!(row[column], text(expected));
        }
    }
    let Data::String(cut) = &written[texts.len() + 1][3] else { panic!("a text") };
    assert!(cut.chars().count() == 32_767 && cut.ends_with("很…"));
    assert!(matches!(&written[texts.len() + 2][3], Data::String(name) if name.starts_with('a')));
    assert_eq!(table(&mut book, "summary")[1][1], text("=cmd|' /C calc'!A0"));
}

/// The parts of a workbook's file whose names begin so, one after the other.
fn parts(bytes: &[u8], folder: &str) -> Vec<String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a workbook is an archive");
    let names: Vec<String> =
        archive.file_names().map(|name| name.expect("a name is text").into_owned()).collect();
    let read = |name: &String| {
        let file = archive.by_name(name).expect("the part is there");
        std::io::read_to_string(file).expect("a part is text")
    };
    names.iter().filter(|name| name.starts_with(folder)).map(read).collect()
}

#[test]
fn heads_stay_in_view_and_filter_and_columns_fit() {
    let mut day = report();
    day.missing[0].unit = "马克思主义与思想政治教育学院".to_owned();
    let bytes = bytes(Locale::ZhCn, Headings::Words, false, &[day]);
    let sheets = parts(&bytes, "xl/worksheets/sheet");
    assert_eq!(sheets.len(), 4);
    for sheet in &sheets {
        assert!(sheet.contains("<pane ySplit=\"1\"") && sheet.contains("state=\"frozen\""), "{sheet}");
        assert!(sheet.contains("<autoFilter ref=\"A1:"), "{sheet}");
        assert!(!sheet.contains("<f>") && !sheet.contains("<f "), "{sheet}");
    }
    let widest = sheets.iter().filter_map(|sheet| sheet.split("<col min=\"2\" max=\"2\" width=\"").nth(1));
    let widest = widest.filter_map(|rest| rest.split('"').next()?.parse::<f64>().ok()).fold(0.0, f64::max);
    assert!((28.0..34.0).contains(&widest), "fourteen hanzi have {widest}");
}

#[test]
fn the_file_says_whose_it_is() {
    let properties =
        parts(&bytes(Locale::ZhCn, Headings::Keys, false, &[report()]), "docProps/core").concat();
    assert!(properties.contains("示范大学 2026-11-22"), "{properties}");
    assert!(properties.contains("2026-11-22T11:30:00Z"), "{properties}");
}

#[test]
fn a_day_without_anybody_is_a_workbook() {
    let empty = DayReport {
        units: vec![],
        missing: vec![],
        answers: Some(AnswerSheet::default()),
        directives: vec![],
        ..report()
    };
    let mut book = made(Locale::En, Headings::Keys, false, &[empty]);
    assert_eq!(
        table(&mut book, "answers"),
        [heads("unit_code,person_code,name,state,late,reported_at,by,changed")]
    );
    assert_eq!(
        made(Locale::En, Headings::Keys, true, &[]).sheet_names(),
        ["summary", "missing", "directives"]
    );
}
