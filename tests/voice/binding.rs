//! Binding, help, language, membership, refusals.

use tierline::domain::fleet::BotTrouble;
use tierline::domain::message::{Binding, Mention, Message, Reader, Refusal, StrangerRow, TierName, Verb};
use tierline::domain::roster::Role;

use super::{Sampler, minutes};

const PERSON: (&str, &str) = ("绑定、帮助和语言", "Binding, help and language");
const RESPONSIBLE: (&str, &str) =
    ("绑定：负责老师和群里看到的", "Binding: what those responsible and groups read");
const REFUSED: (&str, &str) = ("不能办的事", "What is refused");

/// What one reads when being bound, and afterwards.
pub(super) fn people(to: &mut Sampler) {
    welcomes(to);
    let name = to.own("李四", "Li Si");
    let unit = to.class();
    let cases = [
        (("尚未绑定", "Not bound"), Binding::NotBound),
        (("链接已用过", "The link was used"), Binding::LinkUsed),
        (("链接已失效", "The link has expired"), Binding::LinkExpired),
        (("链接不正确", "No such link"), Binding::LinkUnknown),
        (("尝试过多", "Too many tries"), Binding::SlowDown { minutes: 15 }),
        (("账号已绑定别人", "The account is taken"), Binding::AccountTaken { name: name.clone() }),
        (("身份已绑定别的账号", "The person is taken"), Binding::PersonTaken),
        (("输入编号", "Asks for the code"), Binding::AskCode),
        (("编号不正确", "A wrong code"), Binding::CodeUnknown),
        (("发送手机号", "Asks for the contact"), Binding::AskContact { name: name.clone() }),
        (("不是本人手机号", "Somebody else's contact"), Binding::NotYourContact),
        (("请老师核实", "The responsible was asked"), Binding::AskedResponsible),
        (("没有人可以核实", "Nobody to ask"), Binding::NobodyToAsk),
        (("未通过核实", "Denied"), Binding::Denied { unit }),
        (("改绑到别的账号", "Replaced by another account"), Binding::Unbound { name }),
        (("选择语言", "Choose a language"), Binding::ChooseLanguage { now: to.locale }),
        (("语言已设定", "The language was set"), Binding::LanguageSet),
        (("已取消", "Cancelled"), Binding::Cancelled),
        (("没有可取消的", "Nothing to cancel"), Binding::NothingToCancel),
    ];
    for (title, binding) in cases {
        to.say(PERSON, title, Reader::Adult, Message::Binding(binding));
    }
    helps(to);
}

fn welcomes(to: &mut Sampler) {
    let name = to.own("张三", "Zhang San");
    let cases = [
        (("学生绑定成功", "A student is bound"), Reader::Student, Role::Student),
        (("家长绑定成功", "A guardian is bound"), Reader::Adult, Role::Guardian),
        (("辅导员绑定成功", "A counselor is bound"), Reader::Adult, Role::Counselor),
    ];
    for (title, reader, role) in cases {
        let units = if role == Role::Guardian { Vec::new() } else { vec![to.class()] };
        let welcome = Binding::Welcome { name: name.clone(), roles: vec![role], units };
        to.say(PERSON, title, reader, Message::Binding(welcome));
    }
    let back = Binding::WelcomeBack { name, roles: vec![Role::Student] };
    to.say(PERSON, ("已绑定，再次开始", "Started again"), Reader::Student, Message::Binding(back));
}

fn helps(to: &mut Sampler) {
    let cases = [
        (("/help：学生", "/help for a student"), Reader::Student, Role::Student, true),
        (("/help：家长", "/help for a guardian"), Reader::Adult, Role::Guardian, true),
        (("/help：辅导员", "/help for a counselor"), Reader::Adult, Role::Counselor, true),
        (("/help：在群里", "/help in a group"), Reader::Group, Role::Counselor, false),
    ];
    for (title, reader, role, private) in cases {
        let help = Binding::Help { roles: vec![role], private };
        to.say(PERSON, title, reader, Message::Binding(help));
    }
}

/// What groups and those responsible read.
pub(super) fn responsible(to: &mut Sampler) {
    registering(to);
    admissions(to);
    lists(to);
    let name = to.own("李四", "Li Si");
    let link = "https://t.me/school_bot?start=Zm9yIGV4YW1wbGU".to_owned();
    let new = Binding::NewLink { name, link, expires: minutes(60 * 24 * 14) };
    to.say(
        RESPONSIBLE,
        ("/invite 编号：新链接", "/invite CODE: a new link"),
        Reader::Adult,
        Message::Binding(new),
    );
    fleet(to);
    let title = to.own("计算机2601班大群", "CS class 1, everybody");
    let lost = Binding::ChatLost { title, unit: to.class() };
    to.say(RESPONSIBLE, ("机器人被移出群", "Removed from a chat"), Reader::Adult, Message::Binding(lost));
}

/// Several bots of one school.
fn fleet(to: &mut Sampler) {
    let bot = || "school_bot_2".to_owned();
    let fails = |why, units: Vec<String>, chats, people| Binding::BotFails {
        bot_username: bot(),
        why,
        units,
        chats,
        people,
    };
    let cases = [
        (
            ("由另一机器人服务，尚未启用", "Another bot serves the unit, not started yet"),
            Binding::OtherBot { bot_username: bot(), started: false },
        ),
        (
            ("由另一机器人服务，已启用", "Another bot serves the unit, started"),
            Binding::OtherBot { bot_username: bot(), started: true },
        ),
        (
            ("机器人令牌失效", "A bot's token is refused"),
            fails(BotTrouble::Refused, vec![to.college()], 12, 340),
        ),
        (("机器人被限速", "A bot has to wait for long"), fails(BotTrouble::Frozen, Vec::new(), 0, 0)),
        (("机器人恢复", "The bot sends again"), Binding::BotBack { bot_username: bot() }),
    ];
    for (title, binding) in cases {
        to.say(RESPONSIBLE, title, Reader::Adult, Message::Binding(binding));
    }
}

fn registering(to: &mut Sampler) {
    let tier = TierName { position: 2, zh: None, en: None };
    let named =
        TierName { position: 1, zh: Some("二级学院".to_owned()), en: Some("department".to_owned()) };
    let cases = [
        (("群已绑定", "A chat is bound"), to.class(), Some(tier), false),
        (
            ("群已绑定，机器人是管理员", "A chat is bound, the bot is an administrator"),
            to.college(),
            Some(named),
            true,
        ),
        (("其他群", "A further group"), to.class(), None, true),
    ];
    for (title, unit, tier, sees_all) in cases {
        let registered = Binding::Registered { unit, tier, sees_all };
        to.say(RESPONSIBLE, title, Reader::Group, Message::Binding(registered));
    }
    let replaced = Binding::ChatReplaced { unit: to.class() };
    to.say(
        RESPONSIBLE,
        ("改绑到别的群", "Another chat took its place"),
        Reader::Group,
        Message::Binding(replaced),
    );
    let refused = Binding::RegisterRefused(Refusal::WrongCode);
    to.say(RESPONSIBLE, ("绑定码不对", "A wrong code"), Reader::Group, Message::Binding(refused));
    let invite = Binding::InviteButton {
        unit: to.class(),
        bot_username: "school_bot".to_owned(),
        payload: "join".to_owned(),
    };
    to.say(RESPONSIBLE, ("/invite：在群里", "/invite in a group"), Reader::Group, Message::Binding(invite));
    let title = ("链接发到了群里", "A link came into a group");
    to.say(RESPONSIBLE, title, Reader::Group, Message::Binding(Binding::LinkBurnt));
}

fn admissions(to: &mut Sampler) {
    let (shown_name, person) = (to.own("小李", "lisi_2008"), to.own("李四", "Li Si"));
    for (rebinding, title) in [
        (false, ("核实身份", "Is it this person?")),
        (true, ("核实身份，更换账号", "Is it this person, with a new account?")),
    ] {
        let admission = Binding::Admission {
            admission: 4,
            shown_name: shown_name.clone(),
            person: person.clone(),
            code: "20260102".to_owned(),
            unit: to.class(),
            rebinding,
        };
        to.say(RESPONSIBLE, title, Reader::Adult, Message::Binding(admission));
    }
    for (admitted, title) in [(true, ("已同意", "Admitted")), (false, ("已拒绝", "Refused"))] {
        let by = to.own("王芳", "Wang Fang");
        let (person, shown_name) = (person.clone(), shown_name.clone());
        let decided = Binding::AdmissionDecided { person, shown_name, admitted, by };
        to.say(RESPONSIBLE, title, Reader::Adult, Message::Binding(decided));
    }
}

fn lists(to: &mut Sampler) {
    let names = to.owned(&["张三", "李四"], &["Zhang San", "Li Si"]);
    let shown = Mention { name: to.own("过路人", "passer-by"), account: Some(99) };
    let chat_title = to.own("计算机2601班大群", "CS class 1, everybody");
    let strangers = vec![StrangerRow { shown, seen_at: minutes(-90) }];
    let new = Binding::NewStrangers {
        chat_title: chat_title.clone(),
        unit: to.class(),
        strangers: strangers.clone(),
    };
    let members = Binding::Members {
        chat_title,
        unit: to.class(),
        known: 43,
        expected: 45,
        missing: names.clone(),
        strangers,
        page: 0,
        pages: 1,
    };
    to.say(RESPONSIBLE, ("不在名册上的人进群", "Strangers joined"), Reader::Adult, Message::Binding(new));
    to.say(RESPONSIBLE, ("群成员核对", "Members of a chat"), Reader::Adult, Message::Binding(members));
    let rows =
        vec![(7, names[0].clone(), Some("13800000000".to_owned()), true), (8, names[1].clone(), None, false)];
    let contacts = Binding::Contacts { unit: to.class(), rows, verified: 1, total: 2, page: 0, pages: 1 };
    to.say(RESPONSIBLE, ("联系方式核实", "Contacts to verify"), Reader::Adult, Message::Binding(contacts));
    let (never, blocked) = (names[..1].to_vec(), names[1..].to_vec());
    let some = Binding::Unreachable { unit: to.class(), unbound: names, never_started: never, blocked };
    to.say(RESPONSIBLE, ("联系不到的人", "Whom the bot cannot reach"), Reader::Adult, Message::Binding(some));
    let (unbound, never_started, blocked) = Default::default();
    let none = Binding::Unreachable { unit: to.class(), unbound, never_started, blocked };
    to.say(RESPONSIBLE, ("都能联系到", "Everybody can be reached"), Reader::Adult, Message::Binding(none));
}

/// Every refusal, and a verb's for each verb that can be refused.
pub(super) fn refusals(to: &mut Sampler) {
    let cases = [
        (("没有权限", "No right"), Refusal::NoRight),
        (("只能私聊", "Only in private"), Refusal::OnlyInPrivate),
        (("只能在本单位群", "Only in the own group"), Refusal::OnlyInOwnGroup),
        (("匿名", "Anonymous"), Refusal::NoFace),
        (("群未绑定", "The chat is not bound"), Refusal::ChatNotBound),
        (("不是负责的单位", "Not one's own unit"), Refusal::NotYourUnit),
        (("尝试过多", "Too many tries"), Refusal::SlowDown { minutes: 1 }),
        (("群已绑定", "The chat is taken"), Refusal::ChatTaken { unit: to.college() }),
        (("没有这件通知", "No such directive"), Refusal::NoSuchDirective),
        (("没有这个人", "No such person"), Refusal::NoSuchPerson),
        (("刚提醒过", "Reminded just now"), Refusal::RemindedLately { minutes: 7 }),
        (("无人可提醒", "Nobody is missing"), Refusal::NobodyMissing),
        (("看不懂", "Not understood"), Refusal::NotUnderstood),
        (("过长", "Too long"), Refusal::TooLong { most: 20_000 }),
        (("不能发送的类型", "The wrong kind"), Refusal::WrongKind),
        (("截止时间不对", "A wrong due time"), Refusal::BadDue),
        (("已来不及", "Too late"), Refusal::TooLate),
        (("另有操作", "Something else is open"), Refusal::Busy),
    ];
    for (title, refusal) in cases {
        to.say(REFUSED, title, Reader::Adult, Message::Refused(refusal));
    }
    let no_right = Message::Refused(Refusal::NoRight);
    to.say(REFUSED, ("学生没有权限", "A student has no right"), Reader::Student, no_right);
    for verb in [Verb::Relay, Verb::Phone, Verb::Withdraw, Verb::Open, Verb::Send] {
        let word = verb.word();
        let title = (format!("按钮 {word}"), format!("Button {word}"));
        let refused = Message::Refused(Refusal::Verb(verb));
        to.say(REFUSED, (&title.0, &title.1), Reader::Adult, refused);
    }
}
