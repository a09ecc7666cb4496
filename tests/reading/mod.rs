//! What people read of directives: `/track`, `/pending`, `/status`, `/today`, `/remind`.

mod oracle;
pub mod school;

use school::{Said, School, account, name};
use tierline::args;
use tierline::domain::message::{
    Counted, Message, Number, PendingRow, Refusal, RelayState, Status, Toast, TodayItem, Track, Verb,
};

use crate::on_both;

fn to(said: &[Said], person: i64) -> &Said {
    let mut found = said.iter().filter(|said| said.chat == account(person));
    let one = found.next().unwrap_or_else(|| panic!("nothing was said to {person}: {said:?}"));
    assert!(found.next().is_none(), "more than one message to {person}: {said:?}");
    one
}

fn track(said: &Said) -> &Track {
    match &said.message {
        Message::Track(track) => track,
        other => panic!("not a track: {other:?}"),
    }
}

fn status(said: &Said) -> &Status {
    match &said.message {
        Message::Status(status) => status,
        other => panic!("not a status: {other:?}"),
    }
}

fn pending(said: &Said) -> &[PendingRow] {
    match &said.message {
        Message::Pending { rows, .. } => rows,
        other => panic!("not pending: {other:?}"),
    }
}

fn today(said: &Said) -> &[TodayItem] {
    match &said.message {
        Message::Today { items } => items,
        other => panic!("not today: {other:?}"),
    }
}

fn refused(said: &Said) -> &Refusal {
    match &said.message {
        Message::Refused(why) => why,
        other => panic!("not refused: {other:?}"),
    }
}

fn counts(track: &Track) -> Vec<(Counted, u32, u32)> {
    track.tiers.iter().map(|tier| (tier.counted, tier.acked, tier.must)).collect()
}

/// Directive 1 of the school, at all tiers: college 10 has passed it on, class 12 waits.
async fn under_way(school: &School) -> school::Sent<'_> {
    let sent = school.issue(1, 1, 100, 3).await;
    sent.arrives(1, 0, Some(-1), Some(100)).await;
    sent.acked(0, &[10]).await;
    sent.arrives(10, 1, Some(-10), Some(110)).await;
    sent.acked(1, &[111]).await;
    sent.arrives(11, 2, Some(-11), Some(111)).await.arrives(11, 3, None, None).await;
    sent.acked(2, &[1101]).await;
    sent
}

on_both! {
    async fn each_reads_their_own_part_of_a_directive(db) {
        let school = School::usual(&db).await;
        let sent = under_way(&school).await;

        let said = school.writes(100, "/track 1").await;
        let whole = track(to(&said, 100));
        assert_eq!(counts(whole), [
            (Counted::Colleges, 1, 2), (Counted::Classes, 1, 3), (Counted::Students, 1, 6), (Counted::Households, 0, 3),
        ]);
        assert_eq!(whole.missing, ["unit 20"]);
        assert!(whole.own && whole.unit.is_none());
        let colleges: Vec<_> = whole.rows.iter().map(|row| (row.unit.as_str(), row.acked, row.must)).collect();
        assert_eq!(colleges, [("unit 10", 1, 3), ("unit 20", 0, 1)]);
        assert_eq!(whole.rows[0].relayed_by, Some(name(110)));
        assert_eq!(whole.rows[1].relay, RelayState::Waiting);

        let said = school.writes(110, "/track 2026年第1号").await;
        let college = track(to(&said, 110));
        assert_eq!(counts(college), [(Counted::Classes, 1, 2), (Counted::Students, 1, 5), (Counted::Households, 0, 2)]);
        assert_eq!((college.unit.as_deref(), college.own), (Some("unit 10"), false));
        assert_eq!(college.missing, [name(112), name(113)]);

        let said = school.writes(111, "/track").await;
        let class = track(to(&said, 111));
        assert_eq!(counts(class), [(Counted::Students, 1, 3), (Counted::Households, 0, 1)]);
        assert_eq!(class.missing, [name(1102), name(1103)]);
        let said = school.writes(103, "/track 1").await;
        assert_eq!(track(to(&said, 103)).tiers, whole.tiers);

        for stranger in [1101, 501] {
            let said = school.writes(stranger, "/track 1").await;
            assert_eq!(*refused(to(&said, stranger)), Refusal::NoSuchDirective);
        }
        let said = school.writes(120, "/track 2").await;
        assert_eq!(*refused(to(&said, 120)), Refusal::NoSuchDirective);
        assert!(school.audited().await.iter().filter(|act| *act == "refused.track").count() == 3);
        assert_eq!(sent.directive.number, whole.number);
    }

    async fn drilling_down_edits_one_message_and_ends_where_names_end(db) {
        let school = School::usual(&db).await;
        let sent = under_way(&school).await;
        let said = school.writes(100, "/track 1").await;
        let shown = to(&said, 100).clone();
        let (college, class) = (sent.leg(10, 1).await.id, sent.leg(11, 2).await.id);

        let (toast, said) = school.presses(100, &shown, Verb::Open, Some(college)).await;
        assert_eq!(toast, Toast::Quiet);
        let view = track(to(&said, 100));
        assert_eq!((to(&said, 100).id, view.leg, view.missing.len()), (shown.id, college, 2));
        let classes: Vec<_> = view.rows.iter().map(|row| (row.unit.as_str(), row.acked, row.must)).collect();
        assert_eq!(classes, [("unit 11", 1, 3), ("unit 12", 0, 2)]);

        let (_, said) = school.presses(100, &shown, Verb::Open, Some(class)).await;
        let view = track(to(&said, 100));
        assert!(view.missing.is_empty(), "a leader reads no students' names");
        assert_eq!(counts(view), [(Counted::Students, 1, 3), (Counted::Households, 0, 1)]);

        let (_, said) = school.presses(100, &shown, Verb::Open, Some(sent.directive.id)).await;
        assert_eq!(track(to(&said, 100)).leg, 0, "the way back");
        let (toast, said) = school.presses(110, &shown, Verb::Open, Some(class)).await;
        assert!(toast == Toast::SomebodyElses && said.is_empty());

        let said = school.writes(120, "/track 1").await;
        let own = to(&said, 120).clone();
        let (toast, said) = school.presses(120, &own, Verb::Open, Some(class)).await;
        assert!(toast == Toast::Outdated && said.is_empty(), "a class of another college");
    }

    async fn several_directives_are_a_list_the_newest_first(db) {
        let school = School::usual(&db).await;
        under_way(&school).await;
        let own = school.issue(2, 20, 120, 2).await;
        own.arrives(20, 1, None, Some(120)).await;
        for number in 3..12 {
            school.issue(number, 1, 101, 1).await;
        }
        let said = school.writes(100, "/track").await;
        let Message::TrackList { lines, page, pages } = &to(&said, 100).message else { panic!("a list: {said:?}") };
        assert_eq!((lines.len(), *page, *pages), (8, 0, 2));
        assert_eq!(lines[0].number, Number { year: 2026, number: 11 });
        let list = to(&said, 100).clone();
        let (_, said) = school.presses(100, &list, Verb::Page, Some(1)).await;
        let Message::TrackList { lines, .. } = &to(&said, 100).message else { panic!("a list: {said:?}") };
        let numbers: Vec<i64> = lines.iter().map(|line| line.number.number).collect();
        assert_eq!(numbers, [3, 2, 1]);
        assert_eq!((lines[2].acked, lines[2].must), (3, 15));
        let (_, said) = school.presses(100, &list, Verb::Open, Some(own.directive.id)).await;
        let view = track(to(&said, 100));
        assert_eq!(view.number.number, 2);
        assert_eq!(view.missing, [name(121)]);

        let said = school.writes(111, "/track").await;
        let Message::TrackList { lines, .. } = &to(&said, 111).message else { panic!("a list: {said:?}") };
        assert!(lines.iter().all(|line| line.number.number != 2), "another college's directive");
        let said = school.writes(1101, "/track").await;
        assert_eq!(*refused(to(&said, 1101)), Refusal::NoRight);
    }

    async fn pending_is_counts_for_the_school_and_names_below(db) {
        let school = School::usual(&db).await;
        let sent = under_way(&school).await;
        let said = school.writes(101, "/pending").await;
        let rows: Vec<_> = pending(to(&said, 101)).iter().map(|row| (row.unit.clone(), row.missing)).collect();
        // College 10: two counselors, two students, one household. College 20 itself.
        assert_eq!(rows, [("unit 20".to_owned(), 1), ("unit 10".to_owned(), 5)]);
        assert!(pending(to(&said, 101)).iter().all(|row| row.names.is_empty() && !row.overdue));

        school.passes(31);
        let said = school.writes(100, "/pending").await;
        assert!(pending(to(&said, 100))[0].overdue);

        let said = school.writes(110, "/pending").await;
        let rows = pending(to(&said, 110)).to_vec();
        let named: Vec<_> = rows.iter().map(|row| (row.unit.as_str(), row.names.clone())).collect();
        assert_eq!(named, [
            ("unit 10", vec![name(112), name(113)]),
            ("unit 11", vec![name(1102), name(1103)]),
            ("unit 11", vec![name(1101)]),
        ]);
        let said = school.writes(113, "/pending").await;
        assert_eq!(pending(to(&said, 113)).len(), 2, "students and households of class 11; class 12 waits");
        let list = to(&said, 113).clone();
        let class = sent.leg(11, 2).await.id;
        let (_, said) = school.presses(113, &list, Verb::Open, Some(class)).await;
        assert_eq!(track(to(&said, 113)).missing, [name(1102), name(1103)]);
        let said = school.writes(103, "/pending").await;
        assert_eq!(pending(to(&said, 103)).len(), 2);
        for stranger in [1101, 501] {
            let said = school.writes(stranger, "/pending").await;
            assert_eq!(*refused(to(&said, stranger)), Refusal::NoRight);
        }
        let said = school.writes(120, "/pending").await;
        assert!(pending(to(&said, 120)).is_empty());
    }

    async fn status_is_answered_where_it_belongs(db) {
        let school = School::usual(&db).await;
        for (chat, unit, tier) in
            [(-1, 1, "school"), (-10, 10, "college"), (-11, 11, "class"), (-113, 11, "guardians"), (-99, 11, "group")]
        {
            school.chat(chat, unit, tier).await;
        }
        under_way(&school).await;
        let said = school.writes_in_group(111, -11, "/status@tierline_bot").await;
        assert_eq!((said.len(), said[0].chat), (1, -11));
        let class = status(&said[0]);
        assert_eq!((class.unit.as_str(), class.reach.expected, class.reach.reachable()), ("unit 11", 6, 6));
        let named: Vec<_> = class.directives[0].missing.iter().map(|m| (m.name.clone(), m.account)).collect();
        assert_eq!(named, [(name(1102), Some(account(1102))), (name(1103), Some(account(1103)))]);
        assert_eq!((class.directives.len(), class.directives[0].acked, class.directives[0].must), (1, 1, 3));

        let said = school.writes_in_group(100, -1, "/status").await;
        let whole = status(&said[0]);
        assert_eq!(whole.directives[0].missing.iter().map(|m| m.name.as_str()).collect::<Vec<_>>(), ["unit 20"]);
        assert_eq!(whole.reach.expected, 18, "everybody once");

        for (who, chat) in [(1101, -11), (120, -10), (501, -11), (121, -11)] {
            let said = school.writes_in_group(who, chat, "/status").await;
            assert_eq!(*refused(to(&said, who)), Refusal::NoRight);
            assert_eq!(said.len(), 1, "a refusal is private");
        }
        for (who, chat) in [(110, -11), (111, -113), (111, -99), (103, -1)] {
            let said = school.writes_in_group(who, chat, "/status").await;
            assert!(said.iter().any(|said| said.chat == chat && said.message == Message::AnsweredInPrivate));
            assert!(!status(to(&said, who)).directives.is_empty());
        }
        assert_eq!(school.writes(113, "状态").await.len(), 2, "a message per unit");
        let said = school.writes(102, "/status").await;
        assert_eq!(status(to(&said, 102)).directives[0].missing.len(), 2);
        let said = school.writes(103, "/status").await;
        assert!(status(to(&said, 103)).directives[0].missing.len() == 1, "units have names for auditors too");
    }

    async fn many_missing_are_a_number_in_a_group(db) {
        let school = School::usual(&db).await;
        school.chat(-11, 11, "class").await;
        for student in 1110..1114 {
            school.person(student, "student", 11).await;
        }
        under_way(&school).await;
        let said = school.writes_in_group(111, -11, "/status").await;
        let directive = &status(&said[0]).directives[0];
        assert_eq!((directive.must - directive.acked, directive.missing.len()), (6, 0));
        let said = school.writes(111, "/status").await;
        assert_eq!(status(to(&said, 111)).directives[0].missing.len(), 6, "in private always");
    }

    async fn today_has_all_that_waits_and_nothing_else(db) {
        let school = School::usual(&db).await;
        let said = school.writes(1101, "/today").await;
        assert!(today(to(&said, 1101)).is_empty());
        let sent = under_way(&school).await;

        let said = school.writes(120, "/today").await;
        assert!(matches!(today(to(&said, 120)), [TodayItem::Ack(item)] if item.unit == "unit 1"));
        let said = school.writes(1102, "/today").await;
        assert!(matches!(today(to(&said, 1102)), [TodayItem::Ack(item)] if item.leg == sent.leg(11, 2).await.id));
        let said = school.writes(501, "/today").await;
        assert!(matches!(today(to(&said, 501)), [TodayItem::Ack(item)] if item.children == [name(1101)]));
        let said = school.writes(1101, "/today").await;
        assert!(today(to(&said, 1101)).is_empty(), "acknowledged");

        let said = school.writes(110, "/today").await;
        assert!(matches!(today(to(&said, 110)), [TodayItem::Done { unit, .. }] if unit == "unit 10"));
        sent.acked(1, &[112]).await;
        let at = school.engine.now() + chrono::TimeDelta::minutes(2);
        school.run("UPDATE legs SET relay_at = $1 WHERE unit = 12 AND tier = 2", args![at]).await;
        let said = school.writes(112, "/today").await;
        assert!(matches!(today(to(&said, 112)),
            [TodayItem::Relay { unit, relay: RelayState::At(when), .. }] if unit == "unit 12" && *when == at));

        school.run("UPDATE legs SET done_state = 'reported' WHERE unit = 10 AND tier = 1", args![]).await;
        let said = school.writes(100, "/today").await;
        assert!(matches!(today(to(&said, 100)), [TodayItem::Review { unit, .. }] if unit == "unit 10"));
        let said = school.writes(110, "/today").await;
        assert!(today(to(&said, 110)).is_empty(), "reported, and not to be reported again");
        school.run("UPDATE legs SET done_state = 'returned' WHERE unit = 10 AND tier = 1", args![]).await;
        let said = school.writes(110, "/today").await;
        assert!(matches!(today(to(&said, 110)), [TodayItem::Done { .. }]));

        school
            .run(
                "INSERT INTO admissions (id, person, account, bot, shown_name, asked_at) VALUES (1, 1202, 5, 77, 'X', 0)",
                args![],
            )
            .await;
        let said = school.writes(112, "/today").await;
        assert!(today(to(&said, 112)).iter().any(|item| matches!(item, TodayItem::Admission { .. })));
        let said = school.writes(111, "/today").await;
        assert!(!today(to(&said, 111)).iter().any(|item| matches!(item, TodayItem::Admission { .. })));
    }

    async fn who_vouches_for_a_counselor_is_the_tier_above(db) {
        let school = School::usual(&db).await;
        // 113 shares a class with 111 and asks to be let in anew; 110 is the college's secretary.
        let insert = "INSERT INTO admissions (id, person, account, bot, shown_name, asked_at) VALUES (1, 113, 5, 77, 'X', 0)";
        school.run(insert, args![]).await;
        let waits = |said: &[Said], who| {
            today(to(said, who)).iter().any(|item| matches!(item, TodayItem::Admission { admission: 1, .. }))
        };
        for (who, asked) in [(110, true), (100, true), (111, false), (112, false), (113, false), (120, false)] {
            let said = school.writes(who, "/today").await;
            assert_eq!(waits(&said, who), asked, "{who}");
        }
        let said = school.writes(110, "/today").await;
        let (toast, _) = school.presses(110, to(&said, 110), Verb::Deny, Some(0)).await;
        assert_eq!(toast, Toast::Noted);
    }

    async fn what_is_withdrawn_or_of_an_old_text_is_not_due(db) {
        let school = School::usual(&db).await;
        under_way(&school).await;
        school.run("UPDATE directives SET revision = 2", args![]).await;
        let said = school.writes(1102, "/today").await;
        assert!(today(to(&said, 1102)).is_empty(), "the receipts of the old text count no more");
        school.run("UPDATE directives SET revision = 1", args![]).await;
        let said = school.writes(1102, "/today").await;
        assert_eq!(today(to(&said, 1102)).len(), 1);
        school.run("UPDATE directives SET state = 'withdrawn'", args![]).await;
        let said = school.writes(1102, "/today").await;
        assert!(today(to(&said, 1102)).is_empty());
        let said = school.writes(100, "/pending").await;
        assert!(pending(to(&said, 100)).is_empty());
        let said = school.writes(100, "/track 1").await;
        assert!(track(to(&said, 100)).withdrawn);
    }

    async fn reminding_reaches_the_missing_once_in_ten_minutes(db) {
        let school = School::usual(&db).await;
        for (chat, unit, tier) in [(-1, 1, "school"), (-10, 10, "college"), (-11, 11, "class")] {
            school.chat(chat, unit, tier).await;
        }
        under_way(&school).await;
        let said = school.writes_in_group(111, -11, "/remind").await;
        let group = said.iter().find(|said| said.chat == -11).expect("said in the group");
        let Message::RemindGroup { missing, mentions, must, .. } = &group.message else { panic!("{group:?}") };
        assert_eq!((*missing, *must, mentions.len()), (2, 3, 2));
        // Two students, and the guardian of the household that is missing.
        let told = said.iter().find(|said| matches!(said.message, Message::Reminded { .. })).expect("told");
        assert_eq!(told.message, Message::Reminded { people: 3, groups: 1 });

        school.passes(4);
        let said = school.writes(113, "/remind").await;
        assert_eq!(*refused(to(&said, 113)), Refusal::RemindedLately { minutes: 6 });
        school.passes(6);
        let said = school.writes(113, "/remind").await;
        assert!(said.iter().any(|said| matches!(said.message, Message::Reminded { people: 3, groups: 1 })));

        let said = school.writes(110, "/remind").await;
        assert!(said.iter().any(|said| matches!(said.message, Message::Reminded { people: 2, groups: 1 })));
        let said = school.writes(100, "/remind").await;
        assert!(said.iter().any(|said| matches!(said.message, Message::Reminded { people: 1, groups: 1 })));
        let said = school.writes(120, "/remind").await;
        assert_eq!(*refused(to(&said, 120)), Refusal::NobodyMissing);
        for who in [1102, 102, 103] {
            let said = school.writes(who, "/remind").await;
            assert_eq!(*refused(to(&said, who)), Refusal::NoRight);
        }
        assert_eq!(school.audited().await.iter().filter(|act| *act == "remind").count(), 4);
    }
}

on_both! {
    async fn the_button_reminds_as_the_command_does(db) {
        let school = School::usual(&db).await;
        for (chat, unit, tier) in [(-1, 1, "school"), (-10, 10, "college"), (-11, 11, "class")] {
            school.chat(chat, unit, tier).await;
        }
        let sent = under_way(&school).await;
        let said = school.writes(111, "/status").await;
        let own = to(&said, 111).clone();
        assert!(status(&own).remind);
        let (toast, said) = school.presses(111, &own, Verb::Remind, None).await;
        assert_eq!(toast, Toast::Reminded { people: 3, groups: 1 });
        assert!(said.iter().any(|said| said.chat == -11 && matches!(said.message, Message::RemindGroup { .. })));
        school.passes(3);
        let said = school.writes(113, "/track 1").await;
        let shown = to(&said, 113).clone();
        assert_eq!(track(&shown).remind, Some(sent.leg(11, 2).await.id));
        let (toast, said) = school.presses(113, &shown, Verb::Remind, None).await;
        assert_eq!(toast, Toast::RemindedLately { minutes: 7 });
        assert!(said.is_empty());
        school.passes(7);
        let (toast, _) = school.presses(113, &shown, Verb::Remind, None).await;
        assert_eq!(toast, Toast::Reminded { people: 3, groups: 1 });

        let said = school.writes(110, "/pending").await;
        let shown = to(&said, 110).clone();
        assert!(matches!(shown.message, Message::Pending { remind: true, .. }));
        let (toast, _) = school.presses(110, &shown, Verb::Remind, None).await;
        assert_eq!(toast, Toast::Reminded { people: 2, groups: 1 }, "the counselors of the college");

        let said = school.writes(110, "/track 1").await;
        let shown = to(&said, 110).clone();
        let class = sent.leg(11, 2).await.id;
        let (_, said) = school.presses(110, &shown, Verb::Open, Some(class)).await;
        assert_eq!(track(to(&said, 110)).remind, None, "a class is its counselor's to remind");
        let (toast, _) = school.presses(110, to(&said, 110), Verb::Remind, None).await;
        assert_eq!(toast, Toast::Outdated);
        let said = school.writes_in_group(111, -11, "/status").await;
        let group = said.iter().find(|said| said.chat == -11).expect("in the group");
        assert!(!status(group).remind, "no button for all to press");
        let said = school.writes(103, "/pending").await;
        assert!(said.iter().all(|said| matches!(said.message, Message::Pending { remind: false, .. })), "{said:?}");
    }
}

/// What is asked in a group and answered in private leaves one line there.
#[tokio::test]
async fn reading_in_a_group_is_answered_in_private() {
    let db = crate::world::db::TestDb::sqlite().await;
    let school = School::usual(&db).await;
    school.chat(-11, 11, "class").await;
    under_way(&school).await;
    let said = school.writes_in_group(111, -11, "/pending").await;
    assert_eq!(pending(to(&said, 111)).len(), 2);
    let in_group: Vec<_> = said.iter().filter(|said| said.chat == -11).map(|said| &said.message).collect();
    assert_eq!(in_group, [&Message::AnsweredInPrivate]);
    db.finish().await;
}
