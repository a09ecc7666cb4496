//! Alerts and `/urgent`.

use chrono::TimeDelta;
use tierline::domain::alert::{Authority, Event, Kind, Outcome, Reason};
use tierline::domain::form::Words;
use tierline::domain::message::{
    AlertCard, AlertHead, AlertMessage, AlertReport, Message, Reader, Subject, TierMeasure, TierName,
    TimeLine, TodayItem, ToldLine, Urgent, Watched,
};

use super::{Sampler, minutes};

const HANDLERS: (&str, &str) = ("紧急情况：负责老师看到的", "Urgent matters: those who handle them");
const REPORTER: (&str, &str) = ("紧急情况：随时报告", "Urgent matters: reporting them");

/// What those who handle an alert read.
pub(super) fn handlers(to: &mut Sampler) {
    cards(to);
    questions(to);
    for (outcome, title) in [
        (Outcome::Mistaken, ("最终报告：填报有误", "The final report: entered wrongly")),
        (Outcome::Closed, ("最终报告：处理完毕", "The final report: dealt with")),
    ] {
        let report = report(to, outcome);
        say(to, title, AlertMessage::Final(Box::new(report)));
    }
    let (name, unit) = (to.own("张三", "Zhang San"), to.class());
    let items = vec![
        TodayItem::Alert { alert: 7, name, unit: unit.clone(), taken: false },
        TodayItem::Alert { alert: 8, name: to.own("李四", "Li Si"), unit: unit.clone(), taken: true },
        TodayItem::Watch { unit, people: vec![Watched { name: to.own("王五", "Wang Wu"), far_km: None }] },
    ];
    to.say(
        HANDLERS,
        ("/today：紧急情况和关注", "/today with alerts"),
        Reader::Adult,
        Message::Today { items },
    );
}

fn say(to: &mut Sampler, title: (&str, &str), message: AlertMessage) {
    to.say(HANDLERS, title, Reader::Adult, Message::Alert(message));
}

fn rule(to: &Sampler) -> Reason {
    let words = to.own("体温 37.3℃ 以上", "temperature of 37.3 °C or more");
    Reason::Rule(Words { zh: words.clone(), en: words })
}

fn told(to: &Sampler, late: bool) -> ToldLine {
    ToldLine {
        at: minutes(-3),
        who: to.own("赵书记", "Ms Zhao"),
        to: Authority::DiseaseControl,
        after: TimeDelta::minutes(if late { 75 } else { 12 }),
        late,
    }
}

fn fresh(to: &Sampler) -> AlertCard {
    AlertCard {
        alert: 7,
        head: AlertHead::New,
        name: to.own("张三", "Zhang San"),
        units: vec![to.class(), to.college()],
        phone: Some("13800000000".to_owned()),
        guardians: vec![(to.own("张父", "Mr Zhang"), None)],
        reasons: vec![rule(to)],
        opened_at: minutes(-15),
        corrected: false,
        due: None,
        taken: None,
        told: Vec::new(),
        note: None,
        cleared: None,
    }
}

fn cards(to: &mut Sampler) {
    let new = fresh(to);
    let who = to.own("孙老师", "Mr Sun");
    let isolation = Reason::Told {
        kind: Kind::Isolation,
        words: to.own("昨晚起在家隔离", "at home since last night"),
    };
    let taken = AlertCard { taken: Some((who.clone(), minutes(-13))), ..new.clone() };
    let clocked = AlertCard { due: Some(minutes(30)), reasons: vec![rule(to), isolation], ..taken.clone() };
    let note = to.own("已陪同就医，等待结果", "taken to the doctor");
    let why = to.own("电话核实，体温输入有误", "phoned, mistyped");
    let cards = [
        (("新的紧急情况", "A new alert"), new.clone()),
        (("有新情况", "There is more"), AlertCard { head: AlertHead::Updated, ..clocked.clone() }),
        (
            ("无人处理", "Nobody is on it"),
            AlertCard { head: AlertHead::Untaken { minutes: 10 }, ..new.clone() },
        ),
        (
            ("上报时限过半", "Half of the time is over"),
            AlertCard { head: AlertHead::Half, corrected: true, ..clocked.clone() },
        ),
        (
            ("超过上报时限", "The time is over"),
            AlertCard { head: AlertHead::Overdue, due: Some(minutes(-1)), ..clocked.clone() },
        ),
        (
            ("次日早晨", "The next morning"),
            AlertCard {
                head: AlertHead::FollowUp,
                due: None,
                told: vec![told(to, false), told(to, true)],
                note: Some((who.clone(), minutes(-2), note)),
                ..clocked.clone()
            },
        ),
        (
            ("已了结", "Cleared"),
            AlertCard {
                head: AlertHead::Opened,
                due: None,
                cleared: Some((who, minutes(-1), Outcome::Mistaken, why)),
                ..taken
            },
        ),
    ];
    for (title, card) in cards {
        say(to, title, AlertMessage::Card(Box::new(card)));
    }
}

fn questions(to: &mut Sampler) {
    let name = || to.own("张三", "Zhang San");
    let other = to.own("区防控办", "the district office");
    let cases = [
        (("报给谁", "To whom it was reported"), AlertMessage::AskTold { alert: 7, name: name() }),
        (
            ("已登记上报", "A report was noted"),
            AlertMessage::ToldNoted { name: name(), to: Authority::Other(other) },
        ),
        (("核实结果", "What the check found"), AlertMessage::AskClear { alert: 7, name: name() }),
        (
            ("核实经过", "How it was verified"),
            AlertMessage::AskWhy { alert: 7, name: name(), outcome: Outcome::Mistaken },
        ),
        (
            ("处理结果", "How it ended"),
            AlertMessage::AskWhy { alert: 7, name: name(), outcome: Outcome::Closed },
        ),
        (("最新进展", "The news"), AlertMessage::AskNote { alert: 7, name: name() }),
        (("进展已登记", "The news was noted"), AlertMessage::NoteNoted { name: name() }),
    ];
    for (title, message) in cases {
        say(to, title, message);
    }
}

fn report(to: &Sampler, outcome: Outcome) -> AlertReport {
    let (sun, zhao) = (to.own("孙老师", "Mr Sun"), to.own("赵书记", "Ms Zhao"));
    let contact = Reason::Told { kind: Kind::Contact, words: String::new() };
    let text = to.own("已就医", "saw a doctor");
    let event = |at: i64, who: &[&String], event: Event| TimeLine {
        at: minutes(at),
        who: who.iter().map(|name| (*name).clone()).collect(),
        event,
    };
    let lines = vec![
        event(-90, &[], Event::Opened { reasons: vec![rule(to)] }),
        event(-90, &[&sun, &zhao], Event::Informed),
        event(-80, &[], Event::Escalated { time: 1 }),
        event(-75, &[], Event::Updated { reasons: vec![contact.clone()] }),
        event(-70, &[&sun], Event::Taken),
        event(-30, &[], Event::Overdue),
        event(-15, &[&zhao], Event::Told { to: Authority::Community }),
        event(-10, &[&sun], Event::Note { text: text.clone() }),
        event(-5, &[], Event::Corrected),
        event(0, &[&sun], Event::Cleared { outcome, why: text.clone() }),
    ];
    let tier = |position, told| TierMeasure {
        tier: Some(TierName { position, zh: None, en: None }),
        informed_at: Some(minutes(-90)),
        told,
    };
    let other = TierMeasure { tier: None, informed_at: None, told: Some(told(to, false)) };
    AlertReport {
        name: to.own("张三", "Zhang San"),
        units: vec![to.class(), to.college()],
        reasons: vec![rule(to), contact],
        outcome,
        why: text,
        lines,
        tiers: vec![tier(2, None), tier(1, Some(told(to, true))), other],
    }
}

/// What one reads who reports something.
pub(super) fn reporter(to: &mut Sampler) {
    let own = Subject { person: 3, name: to.own("张三", "Zhang San"), own: true };
    let child = Subject { person: 4, name: to.own("张一", "Zhang Yi"), own: false };
    let words = to.own("38.5℃，在宿舍", "38.5 °C, in the dormitory");
    let names = vec![to.own("孙老师", "Mr Sun"), to.own("赵书记", "Ms Zhao")];
    let help = Words {
        zh: "如症状加重，请及时就医或拨打120。".to_owned(),
        en: "If it gets worse, see a doctor or call 120.".to_owned(),
    };
    let who = |page| Urgent::Who {
        subjects: vec![own.clone(), child.clone()],
        page,
        pages: 2,
        words: String::new(),
    };
    let sent = |subject: &Subject, informed: Vec<String>| Urgent::Sent {
        subject: subject.clone(),
        informed,
        help: help.clone(),
    };
    let cases = [
        (("关于谁", "About whom"), who(0)),
        (("什么情况", "What happened"), Urgent::What { subject: own.clone(), words: String::new() }),
        (("已先输入说明", "Words came first"), Urgent::What { subject: child.clone(), words: words.clone() }),
        (("补充说明", "Some words"), Urgent::Words { subject: own.clone(), kind: Kind::Symptom }),
        (("提交前", "Before it is sent"), Urgent::Ready { subject: own.clone(), kind: Kind::Symptom, words }),
        (("已报告", "It was sent"), sent(&own, names.clone())),
        (("为孩子报告", "It was sent for a child"), sent(&child, names)),
        (("联系不到老师", "Nobody can be reached"), sent(&own, Vec::new())),
        (("已取消", "Cancelled"), Urgent::Cancelled),
        (("没有可报告的人", "Nobody to report about"), Urgent::Nobody),
    ];
    for (title, step) in cases {
        let reader = if step_is_for(&step, &child) { Reader::Adult } else { Reader::Student };
        to.say(REPORTER, title, reader, Message::Urgent(step));
    }
}

fn step_is_for(step: &Urgent, child: &Subject) -> bool {
    matches!(step, Urgent::What { subject, .. } | Urgent::Sent { subject, .. } if subject == child)
        || matches!(step, Urgent::Who { .. } | Urgent::Nobody)
}
