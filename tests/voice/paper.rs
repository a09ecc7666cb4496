//! The digest, and workbooks that are asked for.

use chrono::NaiveDate;
use tierline::domain::figures::Figures;
use tierline::domain::message::{
    ConfirmedTier, Counted, Digest, Lagging, Message, OperatorNote, OverdueLine, Paper, Reader, Signing,
    TierName,
};

use super::{Sampler, minutes, twelve};

const CHAPTER: (&str, &str) = ("简报与导出", "Digest and export");

fn sunday() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 22).expect("a date")
}

fn tier(position: usize) -> TierName {
    TierName { position, zh: None, en: None }
}

/// Everything about papers.
pub(super) fn all(to: &mut Sampler) {
    let usual = usual(to);
    let troubled = troubled(to);
    let calm = calm(to);
    let unit = to.own("示范大学", "Model University");
    let mut say = |title, reader, paper| to.say(CHAPTER, title, reader, Message::Paper(paper));
    say(
        ("学校群：每日简报", "The school’s group: the digest"),
        Reader::Group,
        Paper::Digest(Box::new(usual)),
    );
    say(("简报：有事要办", "The digest when much is open"), Reader::Group, Paper::Digest(Box::new(troubled)));
    say(
        ("班级简报：一切正常", "The digest of a class, all well"),
        Reader::Adult,
        Paper::Digest(Box::new(calm)),
    );
    let ask =
        Paper::ConfirmExport { day: 20_261_122, date: sunday(), unit: unit.clone(), unit_id: 1, people: 45 };
    say(("导出前再次确认", "Asked again before an export"), Reader::Adult, ask);
    say(("已确认导出", "The export is confirmed"), Reader::Adult, Paper::Exporting { date: sunday(), unit });
    say(("那天没有打卡", "No check-in that day"), Reader::Adult, Paper::NoDay { date: Some(sunday()) });
    say(("从未打卡", "No check-in ever"), Reader::Adult, Paper::NoDay { date: None });
    say(("日期看不懂", "No date"), Reader::Adult, Paper::BadDate);
}

fn usual(to: &Sampler) -> Digest {
    let lagging = |zh, en, missing| Lagging { unit: to.own(zh, en), missing, owing: 1200 };
    Digest {
        unit: to.own("示范大学", "Model University"),
        date: sunday(),
        at: minutes(0),
        figures: Figures {
            expected: 20_000,
            reported: 19_870,
            missing: 96,
            excused: 24,
            unreachable: 10,
            late: 140,
            changed: 35,
            watch: 5,
            urgent: 2,
        },
        tier: tier(1),
        lagging: vec![lagging("计算机学院", "Computing", 40), lagging("数学学院", "Mathematics", 31)],
        lagging_total: 12,
        before: Some(Figures { expected: 20_000, missing: 108, ..Figures::default() }),
        alerts: 2,
        open_alerts: 1,
        mistaken_alerts: 0,
        confirmed: vec![
            ConfirmedTier { tier: tier(1), confirmed: 20, of: 20, waiting: vec![] },
            ConfirmedTier {
                tier: tier(2),
                confirmed: 398,
                of: 400,
                waiting: to.owned(&["计算机1班", "数学2班"], &["Computing 1", "Mathematics 2"]),
            },
        ],
        signing: Some(Signing::Signed {
            by: to.own("吴主任", "Ms Wu"),
            at: minutes(-10),
            filed: Some(to.own("市教育局", "the city’s education office")),
        }),
        overdue: vec![],
        overdue_total: 0,
        medians: vec![(Counted::Colleges, 3), (Counted::Counselors, 8), (Counted::Students, 21)],
        operator: OperatorNote::default(),
    }
}

fn troubled(to: &Sampler) -> Digest {
    let line = OverdueLine {
        number: twelve(),
        title: to.own("请各班完成宿舍安全检查", "Dormitory safety check"),
        units: 3,
        missing: 45,
    };
    let usual = usual(to);
    Digest {
        before: Some(Figures { missing: 90, ..usual.figures }),
        signing: Some(Signing::Open),
        open_alerts: 0,
        mistaken_alerts: 1,
        overdue: vec![line],
        overdue_total: 2,
        operator: OperatorNote { unexplained: 3, silent: true },
        ..usual
    }
}

fn calm(to: &Sampler) -> Digest {
    Digest {
        unit: to.own("计算机1班", "Computing 1"),
        figures: Figures { expected: 45, reported: 45, ..Figures::default() },
        tier: tier(2),
        lagging: vec![],
        lagging_total: 0,
        before: Some(Figures { expected: 45, ..Figures::default() }),
        alerts: 0,
        open_alerts: 0,
        confirmed: vec![ConfirmedTier { tier: tier(2), confirmed: 1, of: 1, waiting: vec![] }],
        signing: None,
        medians: vec![],
        ..usual(to)
    }
}
