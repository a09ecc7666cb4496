//! The day of a check-in: asking in groups, who is missing.

use chrono::NaiveDate;
use tierline::domain::message::{
    CheckinDue, DayMessage, Excuse, ExcuseAsked, GroupPrompt, Message, MissingList, MissingUnit, NobodyBelow,
    Reader, SilentRow, Unreached,
};

use super::{Sampler, minutes};

const CHAPTER: (&str, &str) = ("每日打卡", "The check-in");

fn sunday() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).expect("a date")
}

/// Everything around the day.
pub(super) fn all(to: &mut Sampler) {
    groups(to);
    reminders(to);
    missing(to);
    notes(to);
}

impl Sampler {
    /// A check-in that is due, for oneself or others.
    pub(super) fn checkin_due(&self, own: bool, others: &[String]) -> CheckinDue {
        CheckinDue { day: 20_261_122, deadline: minutes(60), own, others: others.to_vec(), done: false }
    }

    fn day(&mut self, title: (&str, &str), reader: Reader, message: DayMessage) {
        self.say(CHAPTER, title, reader, Message::Day(Box::new(message)));
    }
}

fn reminders(to: &mut Sampler) {
    let children = to.children();
    let own = to.checkin_due(true, &[]);
    let others = to.checkin_due(false, &children);
    let both = CheckinDue { deadline: minutes(-30), ..to.checkin_due(true, &children) };
    let late = CheckinDue { deadline: minutes(-30), ..own.clone() };
    let others_late = CheckinDue { deadline: minutes(-30), ..others.clone() };
    let items = vec![to.item(&[])];
    let with = |items, checkin| Message::Reminder { items, checkin: Some(checkin) };
    to.say(CHAPTER, ("提醒打卡", "A reminder"), Reader::Student, with(vec![], own.clone()));
    to.say(
        CHAPTER,
        ("提醒打卡：已过截止时间", "A reminder after it was due"),
        Reader::Student,
        with(vec![], late),
    );
    let done = CheckinDue { done: true, ..own.clone() };
    to.say(
        CHAPTER,
        ("提醒打卡：之后已填报", "A reminder, and a report since"),
        Reader::Student,
        with(vec![], done.clone()),
    );
    to.say(
        CHAPTER,
        ("提醒打卡和通知", "A reminder of a directive, too"),
        Reader::Student,
        with(items.clone(), own),
    );
    to.say(
        CHAPTER,
        ("提醒打卡和通知：打卡已办结", "The same, the check-in done"),
        Reader::Student,
        with(items, done),
    );
    to.say(CHAPTER, ("提醒家长", "A reminder to a guardian"), Reader::Adult, with(vec![], others));
    to.say(
        CHAPTER,
        ("提醒家长：已过", "To a guardian after it was due"),
        Reader::Adult,
        with(vec![], others_late),
    );
    to.say(
        CHAPTER,
        ("提醒教工兼家长", "To a teacher who is a guardian"),
        Reader::Adult,
        with(vec![], both.clone()),
    );
    let both = CheckinDue { deadline: minutes(60), ..both };
    to.say(
        CHAPTER,
        ("提醒教工兼家长：未到截止", "The same before it is due"),
        Reader::Adult,
        with(vec![], both),
    );
}

fn row(to: &Sampler, name: (&str, &str), missing: u32) -> MissingUnit {
    MissingUnit {
        unit: 31,
        name: to.own(name.0, name.1),
        opens: false,
        expected: 45,
        reported: 45 - missing,
        missing,
        unreachable: 0,
        held: None,
    }
}

/// What a counselor of two classes is told.
fn counselors_list(to: &Sampler) -> MissingList {
    let silent = |name: &str, unreachable, unreached| SilentRow {
        person: 7,
        name: name.to_owned(),
        phone: Some("13900000007".to_owned()),
        unreachable,
        unreached,
    };
    MissingList {
        day: 20_261_122,
        date: sunday(),
        deadline: minutes(-30),
        tier: 2,
        units: vec![31, 32],
        because: None,
        inside: None,
        rows: vec![
            row(to, ("计算机1班", "Computing 1"), 2),
            MissingUnit {
                unreachable: 1,
                missing: 0,
                reported: 44,
                ..row(to, ("计算机2班", "Computing 2"), 0)
            },
        ],
        more: 0,
        missing: 2,
        unreachable: 1,
        people: vec![
            silent(to.pick("张二", "Zhang Er"), false, false),
            silent(to.pick("张三", "Zhang San"), true, false),
            silent(to.pick("李一", "Li Yi"), false, true),
        ],
        page: 0,
        pages: 1,
        free: true,
    }
}

fn missing(to: &mut Sampler) {
    let list = counselors_list(to);
    let held = Some((to.own("孙老师", "Ms Sun"), minutes(12)));
    let secretary = MissingList {
        tier: 1,
        because: Some(NobodyBelow::Vacant),
        rows: vec![MissingUnit { held, ..row(to, ("计算机1班", "Computing 1"), 2) }],
        free: false,
        ..list.clone()
    };
    let unreachable = MissingList { because: Some(NobodyBelow::Unreachable), ..secretary.clone() };
    let colleges = [("计算机学院", "Computing"), ("数学学院", "Mathematics")];
    let colleges = colleges.map(|name| MissingUnit { opens: true, ..row(to, name, 12) });
    let school = MissingList {
        tier: 0,
        rows: colleges.to_vec(),
        more: 3,
        missing: 120,
        unreachable: 4,
        people: vec![],
        free: false,
        ..list.clone()
    };
    let inside = MissingList { inside: Some(31), more: 0, rows: list.rows.clone(), ..school.clone() };
    let done = MissingList { missing: 0, unreachable: 0, rows: vec![], people: vec![], ..list.clone() };
    to.day(
        ("未打卡：辅导员，两个班一条", "To a counselor of two classes"),
        Reader::Adult,
        DayMessage::Missing(list),
    );
    to.day(
        ("未打卡：没有辅导员的班", "A class without a counselor"),
        Reader::Adult,
        DayMessage::Missing(secretary),
    );
    to.day(
        ("未打卡：辅导员送不到", "Counselors out of reach"),
        Reader::Adult,
        DayMessage::Missing(unreachable),
    );
    to.day(("未打卡：学校", "To the leadership"), Reader::Adult, DayMessage::Missing(school));
    to.day(("未打卡：学校看一个学院", "A college looked into"), Reader::Adult, DayMessage::Missing(inside));
    to.day(("未打卡：全部完成", "Everybody has reported"), Reader::Adult, DayMessage::Missing(done));
}

fn notes(to: &mut Sampler) {
    let told = Unreached {
        day: 20_261_122,
        person: 7,
        name: to.own("张二", "Zhang Er"),
        unit: to.own("计算机1班", "Computing 1"),
        phone: Some("13900000007".to_owned()),
        guardians: vec![
            (to.own("张父", "Mr Zhang"), Some("13900000008".to_owned())),
            (to.own("张母", "Mrs Zhang"), None),
        ],
        by: to.own("孙老师", "Ms Sun"),
        at: minutes(-2),
        settled: false,
    };
    let settled = Unreached { settled: true, ..told.clone() };
    let asked =
        ExcuseAsked { day: 20_261_122, person: 7, name: told.name.clone(), given: None, settled: false };
    let given = |why: &str| ExcuseAsked { given: Some(why.to_owned()), ..asked.clone() };
    let leave = given(Excuse::Leave.word());
    let typed = given(to.pick("校外实习", "Internship"));
    let reported = ExcuseAsked { settled: true, ..asked.clone() };
    to.day(("联系不上", "Not reached"), Reader::Adult, DayMessage::Unreached(told));
    to.day(("联系不上：已解决", "Reached after all"), Reader::Adult, DayMessage::Unreached(settled));
    to.day(("免报：问事由", "Excused: why?"), Reader::Adult, DayMessage::Excuse(asked));
    to.day(("免报：请假", "Excused: on leave"), Reader::Adult, DayMessage::Excuse(leave));
    to.day(("免报：自己输入", "Excused: typed"), Reader::Adult, DayMessage::Excuse(typed));
    to.day(("免报：已上报", "Excused: has reported"), Reader::Adult, DayMessage::Excuse(reported));
}

fn groups(to: &mut Sampler) {
    let prompt = GroupPrompt {
        day: 20_261_122,
        title: to.own("每日健康卡", "Daily health card"),
        date: sunday(),
        deadline: minutes(60),
        unit: to.own("计算机1班", "Computing 1"),
        unit_id: 3,
        guardians: false,
        expected: 45,
        reported: 0,
        as_of: None,
    };
    let some = GroupPrompt { reported: 31, as_of: Some(minutes(0)), ..prompt.clone() };
    let all = GroupPrompt { reported: 45, as_of: Some(minutes(0)), ..prompt.clone() };
    let guardians = GroupPrompt { guardians: true, ..prompt.clone() };
    let mut say = |title, prompt| {
        to.say(CHAPTER, title, Reader::Group, Message::Day(Box::new(DayMessage::Group(prompt))));
    };
    say(("班级群：早上", "The class group in the morning"), prompt);
    say(("班级群：过程中", "The class group later"), some);
    say(("班级群：全部上报", "The class group when all have reported"), all);
    say(("家长群", "The guardians’ group"), guardians);
}
