//! The answers to presses.

use tierline::domain::message::{Reader, Refusal, Toast, Verb};

use super::{Sampler, minutes, twelve};

/// Every toast.
pub(super) fn all(to: &mut Sampler) {
    receipts(to);
    let by = to.own("王芳", "Wang Fang");
    let other = by.clone();
    let cases = [
        (("无须说话", "Nothing to say"), Toast::Quiet),
        (("未绑定", "Not bound"), Toast::NotBound),
        (("过时", "Out of date"), Toast::Outdated),
        (("别人的", "Somebody else's"), Toast::SomebodyElses),
        (("已撤回", "Withdrawn"), Toast::Withdrawn),
        (("未选层级", "No depth chosen"), Toast::ChooseDepth),
        (("没有内容", "Nothing in it"), Toast::Empty),
        (("没有单位", "No units"), Toast::NoUnits),
        (("到私聊输入", "Type it in private"), Toast::TypeIt),
        (("未点开始", "Press Start first"), Toast::StartFirst),
        (("别人已处理", "Done by somebody"), Toast::AlreadyDone { by }),
        (("已登记", "Noted"), Toast::Noted),
        (("正在传达", "Relaying"), Toast::Relaying),
        (("已提醒", "Reminded"), Toast::Reminded { people: 12, groups: 1 }),
        (("刚提醒过", "Reminded just now"), Toast::RemindedLately { minutes: 1 }),
        (("没有权限", "Refused"), Toast::Refused(Refusal::Verb(Verb::Accept))),
        (("绑定码不对", "A wrong code"), Toast::Refused(Refusal::WrongCode)),
        (("失败", "Failed"), Toast::Failed),
        (("已填报", "Checked in"), Toast::Reported { late: false }),
        (("已补报", "Checked in late"), Toast::Reported { late: true }),
        (("补充记录", "A supplement"), Toast::Supplemented { number: 2 }),
        (("本人已填报过", "Checked in before"), Toast::AlreadyReported { by: None, at: minutes(-18) }),
        (
            ("别人已填报", "Checked in by somebody"),
            Toast::AlreadyReported { by: Some(other), at: minutes(-18) },
        ),
        (("昨天的表", "Yesterday's form"), Toast::FormOver),
        (("已答过的题", "An earlier question"), Toast::FormMoved),
        (("没有选", "Nothing chosen"), Toast::ChooseSome),
        (("要写原因", "A reason is wanted"), Toast::GiveReason),
        (("表在下面", "The form is below"), Toast::FormBelow),
    ];
    for (title, toast) in cases {
        to.toast(title, Reader::Adult, toast);
    }
}

fn receipts(to: &mut Sampler) {
    let (number, children) = (twelve(), to.children());
    for late in [false, true] {
        let title = if late { ("收到，逾期", "Received late") } else { ("收到", "Received") };
        to.toast(title, Reader::Student, Toast::Acked { number, late });
        let title = if late {
            ("代孩子确认，逾期", "Confirmed late")
        } else {
            ("代孩子确认", "Confirmed for children")
        };
        to.toast(title, Reader::Adult, Toast::AckedFor { number, children: children.clone(), late });
    }
    to.toast(("已收到过", "Received before"), Reader::Student, Toast::AlreadyAcked { at: minutes(-18) });
    let by = to.own("张父", "Mr Zhang");
    to.toast(
        ("另一位家长已确认", "The other guardian was first"),
        Reader::Adult,
        Toast::HouseholdAcked { by },
    );
    let until = minutes(20);
    to.toast(
        ("未打卡名单：已上报", "Missing: has reported"),
        Reader::Adult,
        Toast::AlreadyReported { by: None, at: minutes(-9) },
    );
    to.toast(("未打卡名单：我来处理", "Missing: on it"), Reader::Adult, Toast::OnIt { until });
    to.toast(("不需要确认", "Need not confirm"), Reader::Student, Toast::NotYours);
}
