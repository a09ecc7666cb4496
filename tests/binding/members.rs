//! Who is in the chats, whom the bot reaches, and the verified directory (A3, A4).

use tierline::args;
use tierline::domain::message::{Binding, Message, Refusal, Toast, Verb};
use tierline::domain::outgoing::Op;

use super::Town;
use crate::on_both;

async fn class(town: &Town) {
    town.binds("k", 104).await;
    town.binds("1", 101).await;
    town.chat_serves(-1, "c1", "class").await;
}

on_both! {
    async fn members_are_compared_with_the_roster(db) {
        let town = Town::new(db).await;
        class(&town).await;
        town.binds("2", 102).await;
        town.binds("s", 103).await;
        for account in [101, 103, 104, 555] {
            town.writes(account, -1, "好的").await;
        }
        town.hears().await;
        town.tells(104, "/members").await;
        let said = town.said().await;
        let Binding::Members { known, expected, missing, strangers, .. } = &said[0].1 else { panic!("{said:?}") };
        assert_eq!((*known, *expected), (2, 3), "张一 and the counselor, of both students and the counselor");
        assert_eq!(missing, &["张二"]);
        let accounts: Vec<_> = strangers.iter().map(|stranger| stranger.shown.account).collect();
        assert_eq!(accounts, [Some(555)], "the college's secretary is no stranger");
        let Binding::Unreachable { unbound, never_started, blocked, .. } = &said[1].1 else { panic!("{said:?}") };
        assert_eq!((unbound.as_slice(), never_started.len(), blocked.len()), (&["张父".to_owned()][..], 0, 0));
        town.tells(101, "/members").await;
        assert_eq!(town.hears().await[0].words(), Some(&Message::Refused(Refusal::NoRight)));
    }

    async fn newcomers_that_do_not_belong_are_told_of_together(db) {
        let mut town = Town::new(db).await;
        class(&town).await;
        for account in [101, 555, 556] {
            town.member_is(account, -1, true).await;
        }
        town.member_is(556, -1, false).await;
        assert_eq!(town.hears().await.len(), 0);
        town.restarts();
        town.passes(1).await;
        let (chat, Binding::NewStrangers { strangers, .. }) = town.only().await else { panic!("told") };
        let accounts: Vec<_> = strangers.iter().map(|stranger| stranger.shown.account).collect();
        assert_eq!((chat, accounts), (104, vec![Some(555)]));
        town.member_is(557, -1, true).await;
        town.passes(30).await;
        assert_eq!(town.said().await, [], "at most once an hour");
        town.passes(31).await;
        let (_, Binding::NewStrangers { strangers, .. }) = town.only().await else { panic!("told") };
        assert_eq!(strangers.len(), 1, "only who came since");
        town.passes(180).await;
        assert_eq!(town.said().await, []);
    }

    async fn a_message_costs_a_write_once_a_day(db) {
        let town = Town::new(db).await;
        class(&town).await;
        let seen = "SELECT seen_at AS x FROM chat_members WHERE account = CAST($1 AS BIGINT)";
        town.writes(101, -1, "1").await;
        let first = town.number(seen, "101").await;
        town.passes(60).await;
        town.writes(101, -1, "2").await;
        assert_eq!(town.number(seen, "101").await, first);
        town.passes(24 * 60).await;
        town.writes(101, -1, "3").await;
        assert_ne!(town.number(seen, "101").await, first);
    }

    async fn what_telegram_answers_is_kept(db) {
        let town = Town::new(db).await;
        class(&town).await;
        let mut work = town.engine.begin().await.expect("begins");
        work.member_result(-1, 101, true).await.expect("kept");
        work.member_result(-1, 102, false).await.expect("kept");
        work.chat_result(-1, Some(46), true).await.expect("kept");
        work.tx.commit().await.expect("commits");
        let members = "SELECT members AS x FROM chats WHERE chat = CAST($1 AS BIGINT) AND sees_all = 1";
        assert_eq!(town.number(members, "-1").await, Some(46));
        let inside = "SELECT COUNT(*) AS x FROM chat_members WHERE chat = CAST($1 AS BIGINT) AND inside = 1";
        assert_eq!(town.number(inside, "-1").await, Some(1));
    }

    async fn contacts_are_verified_one_by_one(db) {
        let mut town = Town::new(db).await;
        class(&town).await;
        town.tells(104, "/contacts").await;
        let heard = town.hears().await;
        let Some(Message::Binding(Binding::Contacts { rows, total, .. })) = heard[0].words() else { panic!("{heard:?}") };
        let names: Vec<_> = rows.iter().map(|(_, name, phone, _)| (name.as_str(), phone.as_deref())).collect();
        assert_eq!(names, [("张一", Some("138 0000 0011")), ("张二", Some("13800000012")), ("张父", Some("13800000021"))]);
        assert_eq!(*total, 3);
        let (list, person) = (heard[0].message, town.person("1").await);
        town.restarts();
        assert_eq!(town.presses(104, list, Verb::Verify, Some(person)).await, Toast::Noted);
        let verified = |said: &[(i64, Binding)]| match &said[0].1 {
            Binding::Contacts { verified, .. } => *verified,
            other => panic!("{other:?}"),
        };
        assert_eq!(verified(&town.said().await), 1);
        let foreign = town.person("3").await;
        let refused = town.presses(104, list, Verb::Verify, Some(foreign)).await;
        assert_eq!(refused, Toast::Refused(Refusal::Verb(Verb::Verify)));
        town.hears().await;
        // A new number must be verified anew.
        let mut tx = town.db.begin().await.expect("begins");
        tx.execute("UPDATE people SET phone_hash = 'new' WHERE id = $1", args![person]).await.expect("changed");
        tx.commit().await.expect("commits");
        assert_eq!(town.presses(104, list, Verb::Page, Some(0)).await, Toast::Quiet);
        assert_eq!(verified(&town.said().await), 0);
        assert_eq!(town.audited("contacts.read").await, 3);
    }

    async fn a_counselor_carries_the_directory_along(db) {
        let town = Town::new(db).await;
        class(&town).await;
        town.tells(104, "/contacts export").await;
        let heard = town.hears().await;
        let Op::Directory { unit, rows, .. } = &heard[0].op else { panic!("{heard:?}") };
        assert_eq!((unit.as_str(), heard[0].chat, rows.len()), ("1班", 104, 3));
        assert_eq!((rows[0].reachable, rows[2].answers_for.as_slice()), (true, &["张一".to_owned()][..]));
        assert_eq!(town.audited("contacts.export").await, 1);
        town.tells(101, "/contacts export").await;
        assert_eq!(town.hears().await[0].words(), Some(&Message::Refused(Refusal::NoRight)));
    }
}
