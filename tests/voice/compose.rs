//! Composing, correcting and withdrawing.

use tierline::domain::message::{
    Addressed, Compose, Message, Preview, Reader, SecondAsked, TierName, UnitChoice,
};

use super::{Sampler, twelve};

const SENDER: (&str, &str) = ("发通知的人看到的", "What a sender reads");

fn preview(to: &Sampler) -> Preview {
    Preview {
        draft: 5,
        from: to.own("示范大学", "Example University"),
        text: to
            .own("未接到通知前，学生一律不得提前返校。", "Nobody returns to campus before notice is given."),
        attachments: 0,
        reference: String::new(),
        urgent: false,
        answer: true,
        depths: (0..4).map(|position| TierName { position, zh: None, en: None }).collect(),
        depth: None,
        addressed: 20,
        units: 20,
        copies: 0,
        due_hours: None,
        chats: 0,
        people: 0,
    }
}

/// Every message of composing.
pub(super) fn all(to: &mut Sampler) {
    previews(to);
    choices(to);
    ends(to);
    let unit = to.college();
    let number = twelve();
    let title = to.title();
    let text = to.own(
        "未接到正式通知前，学生一律不得提前返校。",
        "Nobody returns to campus before formal notice is given.",
    );
    let cases = [
        (("传达前的补充说明", "A note before relaying"), Compose::AskNote { number, unit: unit.clone() }),
        (("反馈落实情况", "Report as carried out"), Compose::AskDone { number, unit: unit.clone() }),
        (("退回的原因", "Why it is sent back"), Compose::AskReturnReason { number, unit }),
        (("更正已发通知", "Correct what was sent"), Compose::AskNewText { number }),
        (("更正预览", "Preview of the correction"), Compose::PreviewEdit { directive: 9, number, text }),
        (("已更正", "Corrected"), Compose::Edited { number, chats: 421 }),
        (("撤回前确认", "Withdraw really?"), Compose::ConfirmWithdraw { directive: 9, number, title }),
        (("已撤回", "Withdrawn"), Compose::Withdrawn { number }),
    ];
    for (title, compose) in cases {
        to.say(SENDER, title, Reader::Adult, Message::Compose(compose));
    }
}

fn previews(to: &mut Sampler) {
    to.say(SENDER, ("没有写内容", "Without a text"), Reader::Adult, Message::Compose(Compose::AskText));
    let first = preview(to);
    let mut depths = first.depths.clone();
    depths[1] =
        TierName { position: 1, zh: Some("二级学院".to_owned()), en: Some("department".to_owned()) };
    let chosen = Preview { depth: Some(2), chats: 421, people: 20_000, ..first.clone() };
    let full = Preview {
        attachments: 2,
        reference: to.own("示学〔2026〕5号", "SWO 2026/5"),
        urgent: true,
        answer: false,
        depth: Some(0),
        depths,
        addressed: 18,
        copies: 2,
        due_hours: Some(24),
        chats: 1,
        people: 18,
        ..first.clone()
    };
    let class = Preview { depths: first.depths[2..].to_vec(), units: 0, addressed: 0, ..first.clone() };
    let paragraph =
        to.own("未接到通知前，学生一律不得提前返校。", "Nobody returns to campus before notice is given. ");
    let long = Preview { text: paragraph.repeat(300).chars().take(5200).collect(), ..chosen.clone() };
    let empty = Preview { text: String::new(), ..first.clone() };
    for (title, preview) in [
        (("预览：刚写好", "Preview, just written"), first),
        (("预览：选好传达到学生", "Preview, down to students"), chosen),
        (("预览：各项都选了", "Preview with every choice made"), full),
        (("预览：辅导员发给本班", "Preview of a counselor for the own class"), class),
        (("预览：还没有正文", "Preview without a text"), empty),
        (("预览：长通知", "Preview of a long directive"), long),
    ] {
        to.say(SENDER, title, Reader::Adult, Message::Compose(Compose::Preview(Box::new(preview))));
    }
}

fn choices(to: &mut Sampler) {
    let names =
        to.owned(&["计算机学院", "物理学院", "化学学院"], &["Computer Science", "Physics", "Chemistry"]);
    let states = [Addressed::Yes, Addressed::Copy, Addressed::No];
    let rows = names.into_iter().zip(states).zip(101..);
    let rows = rows.map(|((name, state), unit)| UnitChoice { unit, name, state }).collect();
    let units = Compose::ChooseUnits { draft: 5, rows, page: 1, pages: 3 };
    to.say(SENDER, ("选择单位", "Choose units"), Reader::Adult, Message::Compose(units));
    let due = Compose::ChooseDue { draft: 5, hours: vec![1, 2, 6, 12, 24, 48] };
    to.say(SENDER, ("选择截止时间", "Choose when it is due"), Reader::Adult, Message::Compose(due));
    to.say(SENDER, ("添加附件", "Attach"), Reader::Adult, Message::Compose(Compose::AskAttachment));
    to.say(SENDER, ("填写文号", "Reference"), Reader::Adult, Message::Compose(Compose::AskReference));
}

fn ends(to: &mut Sampler) {
    for (urgent, title) in [
        (false, ("发往全校前再确认", "Before it goes to the whole school")),
        (true, ("紧急通知发往全校前再确认", "Before an urgent one goes to the whole school")),
    ] {
        let confirm = Compose::ConfirmWhole { draft: 5, chats: 421, people: 20_000, urgent };
        to.say(SENDER, title, Reader::Adult, Message::Compose(confirm));
    }
    seconds(to);
    to.say(SENDER, ("已发送", "Sent"), Reader::Adult, Message::Compose(Compose::Sent { number: twelve() }));
    to.say(SENDER, ("已取消", "Cancelled"), Reader::Adult, Message::Compose(Compose::Cancelled));
    let title = ("在群里拟稿", "Composed in a group");
    to.say(SENDER, title, Reader::Group, Message::Compose(Compose::PreviewInPrivate));
}

/// An urgent directive to the whole school that needs a second person's yes.
fn seconds(to: &mut Sampler) {
    let name = to.own("李主任", "Li");
    let ask = SecondAsked {
        draft: 5,
        by: to.own("王校长", "Wang"),
        text: to.own("今晚全体学生立即返回宿舍。", "Everybody returns to the dormitory at once tonight."),
        attachments: 1,
        chats: 421,
        people: 20_000,
    };
    let cases = [
        (
            ("等待另一人确认", "A second person is asked"),
            Compose::AwaitSecond { draft: 5, names: vec![name.clone()] },
        ),
        (("没有另一人可确认", "Nobody else can be asked"), Compose::AwaitSecond { draft: 5, names: vec![] }),
        (("请另一人确认", "What the second person reads"), Compose::AskSecond(Box::new(ask))),
        (("另一人不同意", "The second person says no"), Compose::SecondDeclined { name }),
    ];
    for (title, compose) in cases {
        to.say(SENDER, title, Reader::Adult, Message::Compose(compose));
    }
}
