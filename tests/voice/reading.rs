//! `/track`, `/pending`, `/status`, `/today`, `/remind`.

use tierline::domain::message::{
    Counted, DirectiveLine, Message, PendingRow, Reach, Reader, RelayState, Status, StatusDirective,
    TierLine, TodayItem, Track, TrackRow,
};

use super::{Sampler, minutes, thirteen, twelve};

const READER: (&str, &str) = ("查看", "Reading");

/// Everything that is read.
pub(super) fn all(to: &mut Sampler) {
    track(to);
    track_list(to);
    pending(to);
    status(to);
    today(to);
    let reminded = Message::Reminded { people: 23, groups: 2 };
    to.say(READER, ("/remind：已提醒", "/remind: done"), Reader::Adult, reminded);
}

fn rows(to: &Sampler) -> Vec<TrackRow> {
    let row = TrackRow {
        leg: 21,
        unit: to.college(),
        acked: 45,
        must: 45,
        late: 2,
        overdue: false,
        relay: RelayState::Relayed(minutes(-16)),
        relayed_by: Some(to.own("王芳", "Wang Fang")),
        done: true,
    };
    let auto = TrackRow {
        leg: 22,
        unit: to.own("物理学院", "Physics"),
        acked: 8,
        late: 0,
        overdue: true,
        relayed_by: None,
        done: false,
        ..row.clone()
    };
    let waiting = TrackRow {
        leg: 23,
        unit: to.own("化学学院", "Chemistry"),
        acked: 0,
        overdue: false,
        relay: RelayState::Waiting,
        ..auto.clone()
    };
    let soon = TrackRow {
        leg: 24,
        unit: to.own("数学学院", "Mathematics"),
        relay: RelayState::At(minutes(2)),
        ..waiting.clone()
    };
    vec![row, auto, waiting, soon]
}

fn track(to: &mut Sampler) {
    let tier =
        |counted, acked, must, late, arrived, legs| TierLine { counted, acked, must, late, arrived, legs };
    let top = Track {
        directive: 9,
        leg: 0,
        number: twelve(),
        title: to.title(),
        unit: None,
        issued_at: minutes(-60),
        revision: 2,
        withdrawn: false,
        tiers: vec![
            tier(Counted::Colleges, 20, 20, 1, 1, 1),
            tier(Counted::Classes, 38, 40, 0, 20, 20),
            tier(Counted::Students, 17_204, 20_000, 312, 396, 400),
        ],
        rows: rows(to),
        missing: Vec::new(),
        page: 0,
        pages: 3,
        own: true,
        remind: None,
    };
    let bottom = Track {
        leg: 31,
        unit: Some(to.class()),
        revision: 1,
        tiers: vec![tier(Counted::Students, 43, 45, 0, 1, 1)],
        rows: Vec::new(),
        missing: to.owned(&["张三", "李四"], &["Zhang San", "Li Si"]),
        pages: 1,
        own: false,
        remind: Some(31),
        ..top.clone()
    };
    let withdrawn = Track { withdrawn: true, rows: Vec::new(), pages: 1, ..top.clone() };
    to.say(
        READER,
        ("/track：一件通知", "/track: one directive"),
        Reader::Adult,
        Message::Track(Box::new(top)),
    );
    to.say(
        READER,
        ("/track：看到班级", "/track: down to a class"),
        Reader::Adult,
        Message::Track(Box::new(bottom)),
    );
    to.say(
        READER,
        ("/track：已撤回", "/track: withdrawn"),
        Reader::Adult,
        Message::Track(Box::new(withdrawn)),
    );
}

fn track_list(to: &mut Sampler) {
    let line = DirectiveLine {
        directive: 9,
        number: twelve(),
        title: to.title(),
        urgent: false,
        withdrawn: false,
        acked: 31,
        must: 45,
    };
    let other = DirectiveLine {
        directive: 10,
        number: thirteen(),
        title: to.own("今晚停电检修", "Power cut tonight"),
        urgent: true,
        withdrawn: true,
        ..line.clone()
    };
    let list = Message::TrackList { lines: vec![line, other], page: 0, pages: 1 };
    to.say(READER, ("/track：选一件", "/track: choose"), Reader::Adult, list);
    let none = Message::TrackList { lines: Vec::new(), page: 0, pages: 1 };
    to.say(READER, ("/track：没有通知", "/track: nothing there"), Reader::Adult, none);
}

fn pending(to: &mut Sampler) {
    let names = to.owned(&["张三", "李四"], &["Zhang San", "Li Si"]);
    let row = PendingRow {
        leg: 31,
        number: twelve(),
        title: to.title(),
        unit: to.class(),
        due: Some(minutes(-20)),
        overdue: true,
        missing: 2,
        names,
    };
    let other = PendingRow {
        leg: 32,
        unit: to.own("计算机2602班", "CS class 2"),
        due: Some(minutes(1500)),
        overdue: false,
        missing: 14,
        names: Vec::new(),
        ..row.clone()
    };
    let unit = to.college();
    let some =
        Message::Pending { unit: unit.clone(), rows: vec![row, other], page: 0, pages: 1, remind: true };
    to.say(READER, ("/pending：谁还没有回复", "/pending: who has not replied"), Reader::Adult, some);
    let none = Message::Pending { unit, rows: Vec::new(), page: 0, pages: 1, remind: false };
    to.say(READER, ("/pending：全部已回复", "/pending: all replied"), Reader::Adult, none);
}

fn status(to: &mut Sampler) {
    let few = StatusDirective {
        number: twelve(),
        title: to.title(),
        due: Some(minutes(510)),
        overdue: false,
        counted: Counted::Students,
        acked: 43,
        must: 45,
        missing: to.mentions(),
    };
    let many = StatusDirective {
        number: thirteen(),
        title: to.own("今晚停电检修", "Power cut tonight"),
        due: Some(minutes(-20)),
        overdue: true,
        acked: 22,
        missing: Vec::new(),
        ..few.clone()
    };
    let reach = Reach { expected: 45, bound: 43, never_started: 1, blocked: 1 };
    let open =
        Status { unit: to.class(), reach, directives: vec![few, many], more: 3, remind: false, day: None };
    to.say(
        READER,
        ("/status：在班级群里", "/status in a class chat"),
        Reader::Group,
        Message::Status(Box::new(open.clone())),
    );
    let own = Status { remind: true, more: 0, ..open.clone() };
    to.say(READER, ("/status：私聊中", "/status in private"), Reader::Adult, Message::Status(Box::new(own)));
    let reach = Reach { expected: 45, bound: 45, never_started: 0, blocked: 0 };
    let calm = Status { unit: to.class(), reach, directives: Vec::new(), more: 0, remind: false, day: None };
    to.say(
        READER,
        ("/status：没有待回复的通知", "/status: nothing open"),
        Reader::Adult,
        Message::Status(Box::new(calm)),
    );
}

fn today(to: &mut Sampler) {
    let (number, title, unit) = (twelve(), to.title(), to.college());
    let relay = |relay| TodayItem::Relay { leg: 1, number, title: title.clone(), unit: unit.clone(), relay };
    let items = vec![
        TodayItem::Ack(to.other_item(&[])),
        relay(RelayState::At(minutes(2))),
        relay(RelayState::Waiting),
        TodayItem::Done { leg: 1, number, title: title.clone(), unit: unit.clone() },
        TodayItem::Review { leg: 1, number, title: title.clone(), unit: unit.clone() },
        TodayItem::Checkin(to.checkin_due(true, &[])),
        TodayItem::Silent { unit: to.college(), missing: 12 },
        TodayItem::Admission {
            admission: 4,
            person: to.own("李四", "Li Si"),
            shown_name: to.own("小李", "lisi_2008"),
        },
    ];
    to.say(READER, ("/today：待办", "/today: what waits"), Reader::Adult, Message::Today { items });
    let items = vec![TodayItem::Ack(to.item(&[]))];
    to.say(
        READER,
        ("/today：学生，一件", "/today: a student, one thing"),
        Reader::Student,
        Message::Today { items },
    );
    let items = vec![TodayItem::Ack(to.item(&to.children()))];
    to.say(READER, ("/today：家长", "/today: a guardian"), Reader::Adult, Message::Today { items });
    to.say(
        READER,
        ("/today：没有待办", "/today: nothing"),
        Reader::Student,
        Message::Today { items: Vec::new() },
    );
}
