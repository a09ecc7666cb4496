//! Figures: `/status`, `/confirm`, `/signoff`.

use chrono::NaiveDate;
use tierline::domain::figures::Figures;
use tierline::domain::message::{
    Asked, Confirm, ConfirmRow, ConfirmState, Done, Filing, Late, Message, Reach, Reader, ReturnRow, SignOff,
    SignRow, Stage, Standing, Status, StatusDay, StatusUnit, Supplement, Tally, TallyToast, Toast, TodayItem,
    Unconfirmed, UnconfirmedRow, UnconfirmedWho, Watched,
};

use super::{Sampler, minutes};

const READER: (&str, &str) = ("数据确认与审签", "Figures, confirmed and signed");

/// Everything that is said about a day's figures.
pub(super) fn all(to: &mut Sampler) {
    status(to);
    confirm(to);
    upward(to);
    sign(to);
    sending_back(to);
    toasts(to);
}

fn date() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).expect("a date")
}

fn class_figures() -> Figures {
    Figures {
        expected: 45,
        reported: 42,
        missing: 2,
        excused: 1,
        late: 3,
        changed: 4,
        watch: 1,
        ..Figures::default()
    }
}

fn school_figures() -> Figures {
    Figures {
        expected: 20_000,
        reported: 19_871,
        missing: 86,
        excused: 40,
        unreachable: 3,
        late: 212,
        changed: 341,
        watch: 12,
        urgent: 2,
    }
}

fn calm() -> Figures {
    Figures { expected: 44, reported: 44, ..Figures::default() }
}

fn say(to: &mut Sampler, title: (&str, &str), tally: Tally) {
    to.say(READER, title, Reader::Adult, Message::Tally(tally));
}

fn status(to: &mut Sampler) {
    let day = StatusDay {
        date: date(),
        figures: class_figures(),
        brief: true,
        missing: to.mentions(),
        rows: Vec::new(),
        back: None,
        confirmed_at: None,
    };
    let reach = Reach { expected: 45, bound: 45, never_started: 0, blocked: 0 };
    let class = Status {
        unit: to.class(),
        reach,
        directives: Vec::new(),
        more: 0,
        remind: false,
        day: Some(day.clone()),
    };
    let title = ("/status：打卡，在班级群里", "/status: check-ins in a class chat");
    to.say(READER, title, Reader::Group, Message::Status(Box::new(class.clone())));
    let row = |unit, name, figures, confirmed| StatusUnit { unit, name, figures, confirmed };
    let rows = vec![
        row(21, to.class(), class_figures(), false),
        row(22, to.own("计算机2602班", "CS class 2"), calm(), true),
    ];
    let college = StatusDay {
        brief: false,
        missing: Vec::new(),
        rows,
        back: Some(1),
        confirmed_at: Some(minutes(-3)),
        ..day
    };
    let college = Status { unit: to.college(), day: Some(college), ..class };
    let title = ("/status：打卡，私聊中逐级查看", "/status: check-ins in private, to drill down");
    to.say(READER, title, Reader::Adult, Message::Status(Box::new(college)));
}

fn row(to: &Sampler, state: ConfirmState) -> ConfirmRow {
    ConfirmRow {
        unit: 21,
        name: to.class(),
        figures: class_figures(),
        due: minutes(20),
        watch: vec![
            Watched { name: to.own("张三", "Zhang San"), far_km: None },
            Watched { name: to.own("李四", "Li Si"), far_km: Some(320) },
        ],
        waiting: Vec::new(),
        state,
    }
}

fn confirm(to: &mut Sampler) {
    say(to, ("还没有打卡数据", "No day yet"), Tally::NoDay);
    let units = vec![to.class()];
    let items = vec![
        TodayItem::Figures { date: date(), units, sign: false },
        TodayItem::Figures { date: date(), units: Vec::new(), sign: true },
    ];
    to.say(
        READER,
        ("/today：数据待确认、待审签", "/today: figures"),
        Reader::Adult,
        Message::Today { items },
    );
    let other = ConfirmRow {
        unit: 22,
        name: to.own("计算机2602班", "CS class 2"),
        figures: calm(),
        watch: Vec::new(),
        ..row(to, ConfirmState::Open)
    };
    let page = |asked, rows| Confirm { date: date(), asked, rows, insist: None, signed: false };
    let ask = |to: &mut Sampler, title, confirm: Confirm| say(to, title, Tally::Confirm(Box::new(confirm)));
    let both = vec![row(to, ConfirmState::Open), other.clone()];
    ask(to, ("/confirm：两个班", "/confirm: two classes"), page(Asked::Usual, both.clone()));
    let early = Confirm { insist: Some(2), ..page(Asked::Usual, both) };
    ask(to, ("截止之前确认，有人未报", "Before the deadline, some missing"), early);
    ask(to, ("提醒确认", "Asked again"), page(Asked::Again, vec![other.clone()]));
    let changed = row(to, ConfirmState::Changed { at: minutes(-25) });
    ask(to, ("确认后有变化", "Changed since"), page(Asked::Changed, vec![changed]));
    let by = to.own("赵主任", "Director Zhao");
    let why = to.own("1班应报人数与花名册不符，请核实。", "Class 1 does not match the roster. Please check.");
    let returned = row(to, ConfirmState::Returned { by, why });
    ask(to, ("被退回", "Sent back"), page(Asked::Returned, vec![returned]));
    let waiting = to.owned(&["计算机2601班", "计算机2602班"], &["CS class 1", "CS class 2"]);
    let college = ConfirmRow { name: to.college(), waiting, ..other.clone() };
    ask(
        to,
        ("/confirm：学院，有班级未确认", "/confirm: a college, classes open"),
        page(Asked::Usual, vec![college]),
    );
    let done = ConfirmState::Done { at: minutes(-5), by: to.own("王芳", "Wang Fang") };
    let done = page(Asked::Usual, vec![ConfirmRow { state: done, ..other }]);
    ask(to, ("已确认", "Confirmed"), done.clone());
    ask(to, ("当日已审签", "The day is signed"), Confirm { signed: true, ..done });
}

fn upward(to: &mut Sampler) {
    let who = UnconfirmedWho {
        name: to.own("王芳", "Wang Fang"),
        phone: Some("13900000001".to_owned()),
        unreachable: true,
    };
    let open = UnconfirmedRow { name: to.class(), missing: 2, who: vec![who] };
    let nobody =
        UnconfirmedRow { name: to.own("计算机2602班", "CS class 2"), missing: 0, who: Vec::new() };
    let told = Unconfirmed { date: date(), due: minutes(-1), rows: vec![open, nobody] };
    say(to, ("催报：未确认的班级", "Told upward: not confirmed"), Tally::Unconfirmed(Box::new(told)));
}

fn sheet(to: &Sampler, stage: Stage) -> SignOff {
    let row = |name, missing, unreachable, confirmation| SignRow { name, missing, unreachable, confirmation };
    SignOff {
        day: 20_261_122,
        date: date(),
        figures: school_figures(),
        units: 20,
        confirmed: 18,
        rows: vec![
            row(to.own("示范大学", "Model University"), 1, 0, None),
            row(to.college(), 80, 3, Some(Standing::Open)),
            row(to.own("物理学院", "Physics"), 5, 0, Some(Standing::Confirmed)),
            row(to.own("化学学院", "Chemistry"), 0, 0, Some(Standing::Changed)),
            row(to.own("数学学院", "Mathematics"), 0, 0, Some(Standing::Returned)),
        ],
        urgent: 2,
        stage,
        supplements: Vec::new(),
        earlier: Vec::new(),
    }
}

fn sign(to: &mut Sampler) {
    let by = to.own("李校长", "President Li");
    let show = |to: &mut Sampler, title, sheet: SignOff| say(to, title, Tally::SignOff(Box::new(sheet)));
    let page = sheet(to, Stage::Review { late: None, may: true });
    show(to, ("/signoff：领导先审阅", "/signoff: a leader reviews"), page);
    let page = sheet(to, Stage::Review { late: None, may: false });
    show(to, ("/signoff：等待领导审阅", "/signoff: waits for the review"), page);
    let reviewed = Some(Done { by: by.clone(), at: minutes(-4) });
    let page = sheet(to, Stage::Sign { reviewed, late: None, may: true });
    show(to, ("/signoff：签发", "/signoff: to be signed"), page);
    let signers = to.owned(&["赵主任"], &["Director Zhao"]);
    let late = Late { due: minutes(-10), signers };
    let page = sheet(to, Stage::Sign { reviewed: None, late: Some(late.clone()), may: false });
    let earlier = vec![(20_261_121, date().pred_opt().expect("a day before"))];
    show(to, ("逾期未签发", "Not signed in time"), SignOff { earlier, ..page });
    let late = Some(Late { signers: Vec::new(), ..late });
    let page = sheet(to, Stage::Sign { reviewed: None, late, may: false });
    show(to, ("没有签发人", "Nobody may sign"), page);
    signed(to, &Done { by, at: minutes(-2) });
}

fn signed(to: &mut Sampler, done: &Done) {
    let show = |to: &mut Sampler, title, sheet: SignOff| say(to, title, Tally::SignOff(Box::new(sheet)));
    let signed = |why: String, filing| Stage::Signed { signed: done.clone(), why, filing };
    let why =
        to.own("两个学院停课实习，已电话核实。", "Two colleges are away on internships; checked by phone.");
    let last = Some(to.own("市教育局", "City Education Bureau"));
    let open = Filing::Open { due: Some(minutes(60)), last, may: true };
    let page = sheet(to, signed(why, open));
    show(to, ("已签发，待报送", "Signed, to be filed"), page);
    let late = Filing::Open { due: Some(minutes(-1)), last: None, may: true };
    let page = sheet(to, signed(String::new(), late));
    show(to, ("逾期未报送", "Not filed in time"), page);
    let filed = Filing::Filed { to: to.own("市教育局", "City Education Bureau"), done: done.clone() };
    let supplement = Supplement {
        number: 1,
        unit: to.class(),
        at: minutes(-1),
        why: to.own("手机没电，晚间补报。", "The phone was flat; reported in the evening."),
    };
    let page = sheet(to, signed(String::new(), filed));
    show(
        to,
        ("已归档，有补充", "Filed, with a supplement"),
        SignOff { supplements: vec![supplement.clone()], ..page },
    );
    let told = |name| Tally::Supplemented { date: date(), supplement: supplement.clone(), name };
    say(to, ("签发后的补充", "A supplement"), told(None));
    let name = Some(to.own("张三", "Zhang San"));
    say(to, ("签发后的补充，告诉辅导员", "A supplement, for the counselor"), told(name));
    say(
        to,
        ("签发不完整的一天", "Signing an incomplete day"),
        Tally::AskSignReason { missing: 86, unconfirmed: 2 },
    );
    say(to, ("报送到哪里", "Filed with whom"), Tally::AskFiled);
}

fn sending_back(to: &mut Sampler) {
    let row = |unit, name, parent| ReturnRow { unit, name, parent };
    let units = vec![row(10, to.college(), true), row(21, to.class(), false)];
    say(
        to,
        ("退回：选择单位", "Send back: choose"),
        Tally::ChooseReturn { date: date(), above: None, units, page: 0, pages: 2 },
    );
    let unit = to.college();
    say(to, ("退回：原因", "Send back: why"), Tally::AskReturnReason { unit: unit.clone() });
    let told = to.owned(&["王芳"], &["Wang Fang"]);
    say(to, ("已退回", "Sent back"), Tally::SentBack { unit: unit.clone(), told });
    say(
        to,
        ("已退回，联系不上", "Sent back, nobody reached"),
        Tally::SentBack { unit: unit.clone(), told: vec![] },
    );
    let by = to.own("王芳", "Wang Fang");
    say(
        to,
        ("退回后重新确认", "Confirmed again"),
        Tally::Reconfirmed { date: date(), unit, by, figures: class_figures() },
    );
}

fn toasts(to: &mut Sampler) {
    let by = to.own("王芳", "Wang Fang");
    let cases = [
        (("已确认一个班", "One unit confirmed"), TallyToast::Confirmed { units: 1 }),
        (("已确认两个班", "Two units confirmed"), TallyToast::Confirmed { units: 2 }),
        (("已确认过", "Confirmed before"), TallyToast::AlreadyConfirmed { by: by.clone(), at: minutes(-5) }),
        (("有人未报", "Some are missing"), TallyToast::StillMissing { missing: 2 }),
        (("数据有变化", "The figures changed"), TallyToast::FiguresChanged),
        (("已签发过", "Signed before"), TallyToast::Signed { by, at: minutes(-5) }),
        (("须先审阅", "Needs a review"), TallyToast::NeedsReview),
        (("审阅通过", "Reviewed"), TallyToast::Reviewed),
        (("已签发", "Signed"), TallyToast::SignedNow),
        (("已登记报送", "Filed"), TallyToast::Filed),
    ];
    for (title, toast) in cases {
        to.toast(title, Reader::Adult, Toast::Tally(toast));
    }
}
