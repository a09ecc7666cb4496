//! The directive on its way, its reminders, and what those responsible are told.

use tierline::domain::message::{
    Card, Counted, Duty, DutyState, Escalation, Mention, Message, MissingRow, OwnReceipt, Reader, RelayState,
    ReminderItem, Review, SentReport, Trouble,
};

use super::{Sampler, minutes, thirteen, twelve};

const GROUP: (&str, &str) = ("群里看到的", "In a group");
const STUDENT: (&str, &str) = ("学生看到的", "What students read");
const GUARDIAN: (&str, &str) = ("家长看到的", "What guardians read");
const RESPONSIBLE: (&str, &str) = ("辅导员、学院和学校看到的", "What those responsible read");

impl Sampler {
    pub(super) fn title(&self) -> String {
        self.own("关于做好返校准备工作的通知", "Nobody returns before notice")
    }

    pub(super) fn college(&self) -> String {
        self.own("计算机学院", "Computer Science")
    }

    pub(super) fn class(&self) -> String {
        self.own("计算机2601班", "CS class 1")
    }

    fn card(&self) -> Card {
        let text = self.pick(
            "各学院：\n未接到通知前，学生一律不得提前返校。请逐级传达到每一位学生和家长。",
            "To all colleges:\nNobody returns to campus before notice is given. Please pass this on to every student and guardian.",
        );
        Card {
            leg: 1,
            number: twelve(),
            from: self.own("示范大学", "Example University"),
            text: text.to_owned(),
            title: self.title(),
            parts: 0,
            attachments: 0,
            reference: self.own("示学〔2026〕5号", "SWO 2026/5"),
            urgent: false,
            answer: true,
            copy: false,
            revision: 1,
            notes: Vec::new(),
            due: Some(minutes(510)),
            counted: Counted::Students,
            acked: 31,
            must: 45,
            withdrawn: false,
            outdated: false,
            own: None,
        }
    }

    pub(super) fn item(&self, children: &[String]) -> ReminderItem {
        ReminderItem {
            leg: 1,
            number: twelve(),
            title: self.title(),
            unit: self.class(),
            due: Some(minutes(510)),
            urgent: false,
            children: children.to_vec(),
            acked: false,
        }
    }

    pub(super) fn other_item(&self, children: &[String]) -> ReminderItem {
        ReminderItem {
            number: thirteen(),
            title: self.own("今晚停电检修", "Power cut tonight"),
            due: Some(minutes(-40)),
            urgent: true,
            ..self.item(children)
        }
    }

    pub(super) fn children(&self) -> Vec<String> {
        self.owned(&["张一", "张二"], &["Zhang Yi", "Zhang Er"])
    }

    fn remind_group(&self, missing: u32, mentions: Vec<Mention>, due: i64) -> Message {
        Message::RemindGroup {
            leg: 1,
            number: twelve(),
            title: self.title(),
            due: Some(minutes(due)),
            counted: Counted::Students,
            acked: 45 - missing,
            must: 45,
            missing,
            mentions,
        }
    }

    pub(super) fn mentions(&self) -> Vec<Mention> {
        let names = self.owned(&["张三", "李四"], &["Zhang San", "Li Si"]);
        names.into_iter().zip([Some(11), None]).map(|(name, account)| Mention { name, account }).collect()
    }
}

/// What stands in group chats.
pub(super) fn groups(to: &mut Sampler) {
    let card = to.card();
    to.say(GROUP, ("通知", "A directive"), Reader::Group, Message::Card(Box::new(card.clone())));
    let who = to.college();
    let note =
        to.own("请各班今晚 20:00 前开完班会。", "Please hold the class meetings before 20:00 tonight.");
    let urgent = Card {
        urgent: true,
        reference: String::new(),
        attachments: 2,
        notes: vec![(who, note)],
        counted: Counted::Counselors,
        acked: 4,
        must: 10,
        ..card.clone()
    };
    to.say(
        GROUP,
        ("紧急通知，有附件和学院的补充说明", "Urgent, with attachments and a college's note"),
        Reader::Group,
        Message::Card(Box::new(urgent)),
    );
    for (counted, title) in [
        (Counted::Colleges, ("学校群里的通知", "In the school's chat")),
        (Counted::Classes, ("每班一位辅导员回复的学院群", "In a college's chat where one per class answers")),
        (Counted::Households, ("家长群里的通知", "In a guardians' chat")),
    ] {
        let card = Card { counted, due: None, ..card.clone() };
        to.say(GROUP, title, Reader::Group, Message::Card(Box::new(card)));
    }
    changed_cards(to, &card);
    let title = ("通知重发（不知道上一次是否送达）", "Sent again, when it is not known whether it arrived");
    to.say(GROUP, title, Reader::Group, Message::Card(Box::new(card)));
    if let Some(sample) = to.samples.last_mut() {
        sample.repeat = true;
    }
    group_reminders(to);
}

fn changed_cards(to: &mut Sampler, card: &Card) {
    let long = Card { text: String::new(), parts: 3, ..card.clone() };
    let text = to.own("各学院：……（第一部分）", "To all colleges: … (the first part)");
    let part = Message::Part { number: twelve(), part: 1, parts: 3, text };
    to.say(GROUP, ("长通知的一部分", "A part of a long directive"), Reader::Group, part);
    to.say(
        GROUP,
        ("长通知的回复卡片", "The card after its parts"),
        Reader::Group,
        Message::Card(Box::new(long)),
    );
    let copy = Card { answer: false, ..card.clone() };
    to.say(GROUP, ("知悉即可", "For information"), Reader::Group, Message::Card(Box::new(copy.clone())));
    let informed = Card { copy: true, ..copy.clone() };
    to.say(GROUP, ("抄送", "A copy"), Reader::Group, Message::Card(Box::new(informed)));
    let revised = Card { revision: 2, acked: 0, ..card.clone() };
    to.say(GROUP, ("更正后的通知", "Corrected"), Reader::Group, Message::Card(Box::new(revised)));
    let revised = Card { revision: 2, ..copy };
    let title = ("更正后的通知，知悉即可", "Corrected, for information");
    to.say(GROUP, title, Reader::Group, Message::Card(Box::new(revised)));
    let old = Card { outdated: true, ..card.clone() };
    to.say(
        GROUP,
        ("更正前的旧版", "The old version after a correction"),
        Reader::Group,
        Message::Card(Box::new(old)),
    );
    let withdrawn = Card { withdrawn: true, ..card.clone() };
    to.say(GROUP, ("已撤回的通知", "Withdrawn"), Reader::Group, Message::Card(Box::new(withdrawn)));
    to.say(
        GROUP,
        ("附件（原样转发，无须文字）", "An attachment (copied, no words)"),
        Reader::Group,
        Message::Attachment,
    );
}

fn group_reminders(to: &mut Sampler) {
    let few = to.remind_group(2, to.mentions(), 510);
    to.say(GROUP, ("提醒，少数人未回复", "Reminder, few are missing"), Reader::Group, few);
    let many = to.remind_group(23, Vec::new(), -30);
    to.say(
        GROUP,
        ("提醒，多人未回复且已逾期", "Reminder, many are missing and it is overdue"),
        Reader::Group,
        many,
    );
    to.say(
        GROUP,
        ("命令的答复已发到私聊", "A command was answered in private"),
        Reader::Group,
        Message::AnsweredInPrivate,
    );
}

/// What students and guardians read in private.
pub(super) fn people(to: &mut Sampler) {
    let own = Some(OwnReceipt { acked_at: None, children: Vec::new() });
    let open = Card { own, ..to.card() };
    to.say(
        STUDENT,
        ("私聊收到的通知", "A directive in private"),
        Reader::Student,
        Message::Card(Box::new(open)),
    );
    let own = Some(OwnReceipt { acked_at: Some(minutes(-18)), children: Vec::new() });
    let acked = Card { own, ..to.card() };
    to.say(STUDENT, ("已收到", "Received"), Reader::Student, Message::Card(Box::new(acked)));
    let one = Message::Reminder { items: vec![to.item(&[])], checkin: None };
    to.say(STUDENT, ("提醒", "A reminder"), Reader::Student, one);
    let items = vec![to.other_item(&[]), to.item(&[])];
    to.say(
        STUDENT,
        ("提醒，几件合成一条", "Several in one reminder"),
        Reader::Student,
        Message::Reminder { items, checkin: None },
    );
    let items = vec![ReminderItem { acked: true, ..to.other_item(&[]) }, to.item(&[])];
    let title = ("提醒，其中一件已回复", "Several in one reminder, one received since");
    to.say(STUDENT, title, Reader::Student, Message::Reminder { items, checkin: None });
    let items = vec![to.item(&[]), to.other_item(&[])];
    let which = Message::WhichDirective { items };
    to.say(STUDENT, ("有几件通知，“收到”指哪一件", "Which one was received?"), Reader::Student, which);
    let numbers = vec![twelve(), thirteen()];
    to.say(
        STUDENT,
        ("用文字回复了“收到”", "Received, said in words"),
        Reader::Student,
        Message::Acknowledged { numbers },
    );
    let withdrawn = Message::Withdrawn { number: twelve(), title: to.title() };
    to.say(STUDENT, ("已确认的通知撤回了", "What was received is withdrawn"), Reader::Student, withdrawn);
    to.say(STUDENT, ("看不懂的消息", "Something else was written"), Reader::Student, Message::NotUnderstood);
    guardians(to);
}

fn guardians(to: &mut Sampler) {
    let children = to.children();
    for (acked_at, due, title) in [
        (None, Some(minutes(510)), ("私聊收到的通知", "A directive in private")),
        (None, None, ("没有截止时间", "Without a due time")),
        (Some(minutes(-18)), None, ("已代孩子确认", "Confirmed for the children")),
    ] {
        let own = Some(OwnReceipt { acked_at, children: children.clone() });
        let card = Card { own, due, counted: Counted::Households, ..to.card() };
        to.say(GUARDIAN, title, Reader::Adult, Message::Card(Box::new(card)));
    }
    let one = Message::Reminder { items: vec![to.item(&children[..1])], checkin: None };
    to.say(GUARDIAN, ("提醒", "A reminder"), Reader::Adult, one);
    let items = vec![to.other_item(&children), to.item(&children[1..])];
    to.say(
        GUARDIAN,
        ("提醒，几件合成一条", "Several in one reminder"),
        Reader::Adult,
        Message::Reminder { items, checkin: None },
    );
}

/// What counselors, secretaries and the office are told.
pub(super) fn responsible(to: &mut Sampler) {
    escalations(to);
    duties(to);
    reviews(to);
    sent(to);
}

fn escalations(to: &mut Sampler) {
    let names = to.owned(&["张三", "李四", "王五", "赵六"], &["Zhang San", "Li Si", "Wang Wu", "Zhao Liu"]);
    let states = [(false, false, false), (true, false, false), (false, true, false), (false, false, true)];
    let rows = names.into_iter().zip(states).zip(1..).map(|((name, state), subject)| MissingRow {
        subject,
        name,
        phone: (subject < 3).then(|| "13800000000".to_owned()),
        unreachable: state.0,
        unreached: state.1,
        acked: state.2,
    });
    let first = Escalation {
        leg: 1,
        number: twelve(),
        title: to.title(),
        unit: to.class(),
        urgent: false,
        due: Some(minutes(-5)),
        counted: Counted::Students,
        acked: 33,
        must: 45,
        level: 1,
        missing: rows.collect(),
        page: 0,
        pages: 2,
    };
    let title = ("到时未回复，报给负责人", "Replies missing, to those responsible");
    to.say(RESPONSIBLE, title, Reader::Adult, Message::Escalation(Box::new(first.clone())));
    let second = Escalation {
        level: 2,
        urgent: true,
        missing: first.missing[..1].to_vec(),
        pages: 1,
        ..first.clone()
    };
    to.say(
        RESPONSIBLE,
        ("再上报一级", "One tier higher"),
        Reader::Adult,
        Message::Escalation(Box::new(second)),
    );
    let complete = Escalation { acked: 45, missing: first.missing[3..].to_vec(), pages: 1, ..first };
    to.say(
        RESPONSIBLE,
        ("后来全部回复了", "Everybody replied after all"),
        Reader::Adult,
        Message::Escalation(Box::new(complete)),
    );
}

fn duties(to: &mut Sampler) {
    let by = to.own("王老师", "Ms Wang");
    let why = to.own("请补充未到人员名单。", "Please add who is absent.");
    let at = minutes(-10);
    let cases = [
        (
            RelayState::At(minutes(2)),
            Some(DutyState::Open),
            ("收到后等待传达", "Received, waiting to be relayed"),
        ),
        (RelayState::Waiting, None, ("由人工传达", "To be relayed by button")),
        (RelayState::Relayed(at), Some(DutyState::Open), ("已传达，待落实", "Relayed, to be carried out")),
        (
            RelayState::Relayed(at),
            Some(DutyState::Reported { at }),
            ("已反馈落实情况", "Reported as carried out"),
        ),
        (RelayState::Nothing, Some(DutyState::Accepted { by: by.clone() }), ("审核通过", "Accepted")),
        (RelayState::Nothing, Some(DutyState::Returned { by, why }), ("退回补充", "Sent back")),
    ];
    for (relay, done, title) in cases {
        let duty = Duty { leg: 1, number: twelve(), title: to.title(), unit: to.college(), relay, done };
        to.say(RESPONSIBLE, title, Reader::Adult, Message::Duty(Box::new(duty)));
    }
}

fn reviews(to: &mut Sampler) {
    let by = to.own("赵主任", "Mr Zhao");
    let why = to.own("请补充未到人员名单。", "Please add who is absent.");
    let at = minutes(-10);
    let cases = [
        (DutyState::Reported { at }, true, ("审核落实情况", "Review what was carried out")),
        (DutyState::Accepted { by: by.clone() }, false, ("审核已通过", "Reviewed: accepted")),
        (DutyState::Returned { by, why }, false, ("审核已退回", "Reviewed: sent back")),
    ];
    for (state, media, title) in cases {
        let review = Review {
            leg: 1,
            number: twelve(),
            title: to.title(),
            unit: to.college(),
            by: to.own("王芳", "Wang Fang"),
            text: to.own(
                "10 个班均已开完班会，通知到每一位同学。",
                "All 10 classes have met; every student was told.",
            ),
            media,
            state,
        };
        to.say(RESPONSIBLE, title, Reader::Adult, Message::Review(Box::new(review)));
    }
}

fn sent(to: &mut Sampler) {
    let units = to.owned(&["物理学院", "化学学院"], &["Physics", "Chemistry"]);
    let report = SentReport {
        directive: 9,
        number: twelve(),
        title: to.title(),
        chats: 421,
        people: 20_000,
        urgent: false,
        troubles: Vec::new(),
    };
    let troubles = vec![
        Trouble::NoChat { units: units.clone(), total: 7 },
        Trouble::Removed { units, total: 2 },
        Trouble::Unreachable { people: 31 },
    ];
    let troubled = SentReport { urgent: true, troubles, ..report.clone() };
    to.say(RESPONSIBLE, ("发出后", "After sending"), Reader::Adult, Message::Sent(Box::new(report)));
    let title = ("发出后，有送不到的", "After sending, with trouble");
    to.say(RESPONSIBLE, title, Reader::Adult, Message::Sent(Box::new(troubled)));
}
