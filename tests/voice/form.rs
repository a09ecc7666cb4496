//! The form of the check-in in private.

use chrono::NaiveDate;
use tierline::domain::form::{AnswerFault, Kind};
use tierline::domain::message::{
    AnswerWords, AnsweredRow, AskedQuestion, FormDone, FormMessage, FormNote, FormPage, FormRow, FormStage,
    FormSummary, LastReport, Message, Reader,
};

use super::{Sampler, minutes};

const CHAPTER: (&str, &str) = ("每日打卡：私聊填报", "The check-in: the form in private");

/// Everything around the form.
pub(super) fn all(to: &mut Sampler) {
    prompts(to);
    questions(to);
    faults(to);
    ends(to);
    thanks(to);
}

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).expect("a date")
}

fn page(to: &Sampler, stage: FormStage) -> FormPage {
    FormPage {
        day: 20_261_122,
        title: to.own("每日健康卡", "Daily health card"),
        date: day(22),
        deadline: minutes(60),
        next: None,
        phone: None,
        stage,
    }
}

fn say(to: &mut Sampler, title: (&str, &str), reader: Reader, page: FormPage) {
    to.say(CHAPTER, title, reader, Message::Form(Box::new(FormMessage::Page(page))));
}

fn answers(to: &Sampler) -> Vec<AnsweredRow> {
    let rows = [
        (
            to.own("今天住在哪里？", "Where are you staying today?"),
            AnswerWords::Labels(vec![to.own("校内", "On campus")]),
        ),
        (to.own("近14天住处是否有变动？", "Have you moved in the last 14 days?"), AnswerWords::YesNo(false)),
        (to.own("今日体温（℃）？", "Temperature today (°C)?"), AnswerWords::Plain("36.5".to_owned())),
    ];
    rows.into_iter().zip(0..).map(|((ask, answer), question)| AnsweredRow { question, ask, answer }).collect()
}

fn row(to: &Sampler, name: Option<(&str, &str)>, same: bool) -> FormRow {
    FormRow {
        person: 4,
        name: name.map(|(zh, en)| to.own(zh, en)),
        last: same.then(|| LastReport { date: day(21), answers: answers(to) }),
        same,
        excused: false,
        done: None,
    }
}

fn overview(to: &Sampler, rows: Vec<FormRow>) -> FormStage {
    FormStage::Overview {
        rows,
        same: Some(to.own("今日无变化，体温低于37.3℃", "Nothing changed today, temperature below 37.3 °C")),
        declaration: Some(to.own("我确认以上信息真实", "I confirm that this is true")),
    }
}

const LI: (&str, &str) = ("李一", "Li Yi");
const ZHANG: (&str, &str) = ("张一", "Zhang Yi");

fn prompts(to: &mut Sampler) {
    let own = page(to, overview(to, vec![row(to, None, true)]));
    say(to, ("早上：可报无变化", "In the morning"), Reader::Student, own.clone());
    let late = FormPage { deadline: minutes(-10), ..own };
    say(to, ("逾期", "After the deadline"), Reader::Student, late);
    let first = page(to, overview(to, vec![row(to, None, false)]));
    say(to, ("第一次填报", "The first report"), Reader::Student, first);
    let children = vec![row(to, Some(ZHANG), true), row(to, Some(LI), false)];
    let children = page(to, overview(to, children));
    say(to, ("家长：两个孩子", "A guardian of two"), Reader::Adult, children);
    let both = vec![row(to, None, false), row(to, Some(LI), false)];
    let both = page(to, overview(to, both));
    say(to, ("本人和孩子", "Oneself and a child"), Reader::Adult, both);
    let phone = page(to, overview(to, vec![row(to, Some(ZHANG), true)]));
    let phone = FormPage { phone: Some(4), ..phone };
    say(to, ("辅导员：电话代填", "A counselor on the phone"), Reader::Adult, phone.clone());
    say(
        to,
        ("辅导员：逾期后电话代填", "The same, late"),
        Reader::Adult,
        FormPage { deadline: minutes(-10), ..phone },
    );
    let excused = FormRow { excused: true, ..row(to, None, false) };
    let excused = page(to, overview(to, vec![excused]));
    say(to, ("已请假", "Excused"), Reader::Student, excused);
}

fn asked(to: &Sampler, kind: Kind, ask: (&str, &str)) -> AskedQuestion {
    AskedQuestion {
        person: 4,
        name: None,
        tag: 0,
        at: 2,
        of: 5,
        question: 1,
        kind,
        ask: to.own(ask.0, ask.1),
        choices: vec![],
        optional: false,
        back: true,
        min: None,
        max: None,
        max_length: 40,
        note: None,
    }
}

fn temperature(to: &Sampler) -> AskedQuestion {
    let ask = ("今日体温（℃）？", "Temperature today (°C)?");
    AskedQuestion { min: Some(34.0), max: Some(43.0), ..asked(to, Kind::Number, ask) }
}

fn questions(to: &mut Sampler) {
    let labels = |to: &Sampler, all: &[(&str, &str, bool)]| -> Vec<(String, bool)> {
        all.iter().map(|(zh, en, marked)| (to.own(zh, en), *marked)).collect()
    };
    let place = labels(
        to,
        &[("校内", "On campus", false), ("家中", "At home", false), ("其他地方", "Elsewhere", false)],
    );
    let symptoms = labels(
        to,
        &[("无异常", "No symptoms", false), ("发热", "Fever", true), ("干咳", "Dry cough", false)],
    );
    let place = AskedQuestion {
        choices: place,
        back: false,
        at: 1,
        question: 0,
        ..asked(to, Kind::Choice, ("今天住在哪里？", "Where are you staying today?"))
    };
    let symptoms = AskedQuestion {
        choices: symptoms,
        ..asked(to, Kind::Multi, ("今天身体状况如何？（可多选）", "How are you today?"))
    };
    let moved = AskedQuestion {
        name: Some(to.own("张一", "Zhang Yi")),
        ..asked(to, Kind::YesNo, ("近14天住处是否有变动？", "Have you moved in the last 14 days?"))
    };
    let city = AskedQuestion {
        optional: true,
        ..asked(to, Kind::Text, ("现住在哪个省、市、区（县）？", "In which province, city and district?"))
    };
    let all = [
        (("单选", "One choice"), place),
        (("多选", "Several choices"), symptoms),
        (("是非", "Yes or no, for a child"), moved),
        (("数字", "A number"), temperature(to)),
        (("文字，可不填", "A text that may be left out"), city),
        (("位置", "A location"), asked(to, Kind::Location, ("请发送位置", "Where are you now?"))),
        (("照片", "A photo"), asked(to, Kind::Photo, ("请发健康码", "Your health code"))),
    ];
    for (title, asked) in all {
        let asking = page(to, FormStage::Asking(Box::new(asked)));
        say(to, title, Reader::Student, asking);
    }
    to.say(
        CHAPTER,
        ("位置按钮", "The button for the location"),
        Reader::Student,
        Message::Form(Box::new(FormMessage::AskLocation)),
    );
}

fn faults(to: &mut Sampler) {
    let (min, max) = (Some(34.0), Some(43.0));
    let notes = [
        (("不是数字", "No number"), FormNote::Fault(AnswerFault::NotANumber)),
        (("超出范围", "Out of range"), FormNote::Fault(AnswerFault::OutOfRange { min, max })),
        (("华氏度", "Fahrenheit"), FormNote::Fault(AnswerFault::LooksFahrenheit { celsius: 37.0, min, max })),
        (("没有内容", "Nothing"), FormNote::Fault(AnswerFault::Empty)),
        (
            ("语音、贴纸等", "A voice message, a sticker"),
            FormNote::Fault(AnswerFault::WrongKind(Kind::Number)),
        ),
        (("太长", "Too long"), FormNote::Fault(AnswerFault::TooLong { max: 40, length: 52 })),
        (("没有这个选项", "No such choice"), FormNote::Fault(AnswerFault::NotAChoice)),
        (("不是是非", "Neither yes nor no"), FormNote::Fault(AnswerFault::NeedsButtonOrLabel)),
        (("转发", "Forwarded"), FormNote::Forwarded),
    ];
    for (title, note) in notes {
        let asked = AskedQuestion { note: Some(note), ..temperature(to) };
        let asking = page(to, FormStage::Asking(Box::new(asked)));
        say(to, title, Reader::Student, asking);
    }
}

fn ends(to: &mut Sampler) {
    let all = FormSummary {
        person: 4,
        name: None,
        tag: 0,
        answers: answers(to),
        declaration: Some(to.own("我确认以上信息真实", "I confirm that this is true")),
        correction: false,
        note: None,
    };
    let summary = page(to, FormStage::Summary(all.clone()));
    say(to, ("提交前", "Before submitting"), Reader::Student, summary);
    let correction = FormSummary { correction: true, note: Some(FormNote::Submit), ..all };
    let correction = page(to, FormStage::Summary(correction));
    say(to, ("修改", "A correction"), Reader::Student, correction);
    let reason = page(to, FormStage::Reason { person: 4, name: None, note: None });
    say(to, ("签发后：原因", "After signing: the reason"), Reader::Student, reason);
    let below = page(to, FormStage::Below);
    say(to, ("在下面继续", "It goes on below"), Reader::Student, below);
    let over = page(to, FormStage::Over);
    say(to, ("已结束", "Over"), Reader::Student, over);
    let others = [
        (("尚未开放", "Not open"), FormMessage::NoDay { next: Some(minutes(1290)) }),
        (("没有开放的", "Never open"), FormMessage::NoDay { next: None }),
        (("无需填报", "Not expected"), FormMessage::NotExpected),
    ];
    for (title, message) in others {
        to.say(CHAPTER, title, Reader::Student, Message::Form(Box::new(message)));
    }
}

fn thanks(to: &mut Sampler) {
    let done = FormDone {
        at: minutes(-5),
        by: None,
        phone: false,
        late: false,
        corrected: false,
        supplement: None,
        informed: vec![],
        help: None,
        change: true,
    };
    let mother = Some(to.own("张母", "Mrs Zhang"));
    let teacher = Some(to.own("孙老师", "Ms Sun"));
    let informed = to.owned(&["孙老师", "赵书记"], &["Ms Sun", "Mr Zhao"]);
    let help = to.own("如症状加重，请及时就医或拨打120。", "If it gets worse, see a doctor or call 120.");
    let help = Some(tierline::domain::form::Words { zh: help.clone(), en: help });
    let cases = [
        (("谢谢", "Thanks"), None, done.clone()),
        (
            ("谢谢，已告知老师", "Thanks, with who was informed"),
            None,
            FormDone { informed, help, ..done.clone() },
        ),
        (
            ("迟报，有修改", "Late, and corrected"),
            None,
            FormDone { late: true, corrected: true, ..done.clone() },
        ),
        (("补充记录", "A supplement"), None, FormDone { supplement: Some(2), ..done.clone() }),
        (("孩子", "A child"), Some(ZHANG), done.clone()),
        (("另一位家长已填", "By the other guardian"), Some(ZHANG), FormDone { by: mother, ..done.clone() }),
        (("电话代填", "By phone"), None, FormDone { by: teacher, phone: true, change: false, ..done }),
    ];
    for (title, name, done) in cases {
        let late = done.late;
        let done = FormRow { done: Some(done), ..row(to, name, false) };
        let thanks = page(to, overview(to, vec![done]));
        let thanks = FormPage { deadline: minutes(if late { -10 } else { 60 }), ..thanks };
        let reader = if name.is_some() { Reader::Adult } else { Reader::Student };
        say(to, title, reader, thanks);
    }
    let done = FormDone {
        at: minutes(-5),
        by: None,
        phone: false,
        late: false,
        corrected: false,
        supplement: None,
        informed: vec![],
        help: None,
        change: true,
    };
    let old = page(to, overview(to, vec![FormRow { done: Some(done), ..row(to, None, false) }]));
    say(to, ("下一次", "The next one"), Reader::Student, FormPage { next: Some(minutes(1290)), ..old });
}
