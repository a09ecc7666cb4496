//! Links that bind: once, one person, one account (S7).

use tierline::args;
use tierline::domain::incoming::Incoming;
use tierline::domain::message::{Binding, Message, Refusal};
use tierline::domain::outgoing::Op;
use tierline::domain::roster::Role;
use tierline::engine::Update;

use super::{BOT, Town, private, written};
use crate::on_both;

/// The token of a link that `/invite CODE` made.
fn token(link: &str) -> String {
    link.strip_prefix("https://t.me/tierline_bot?start=").expect("a link to the bot").to_owned()
}

on_both! {
    async fn a_link_binds_once_and_greets_by_the_rosters_name(db) {
        let mut town = Town::new(db).await;
        let start = format!("/start {}", town.link("1").await);
        town.restarts();
        town.tells(101, &start).await;
        let heard = town.hears().await;
        let welcome = Binding::Welcome {
            name: "张一".to_owned(),
            roles: vec![Role::Student],
            units: vec!["1班".to_owned()],
        };
        assert_eq!(heard[0].words(), Some(&Message::Binding(welcome)));
        assert!(matches!(&heard[1].op, Op::Menu { roles: Some(roles), .. } if *roles == [Role::Student]));
        town.restarts();
        town.tells(102, &start).await;
        assert_eq!(town.only().await, (102, Binding::LinkUsed));
        town.tells(101, &start).await;
        assert!(matches!(town.only().await, (101, Binding::WelcomeBack { .. })));
        assert_eq!(town.account("1").await, Some(101));
        assert_eq!(town.audited("binding.bound").await, 1);
    }

    async fn a_link_expires_and_a_newer_one_voids_it(db) {
        let town = Town::new(db).await;
        let (old, new) = (town.link("1").await, town.link("1").await);
        town.tells(101, &format!("/start {old}")).await;
        assert_eq!(town.only().await, (101, Binding::LinkExpired));
        town.passes(14 * 24 * 60).await;
        town.tells(101, &format!("/start {new}")).await;
        assert_eq!(town.only().await, (101, Binding::LinkExpired));
        assert_eq!(town.account("1").await, None);
    }

    async fn guessing_links_is_slowed_down(db) {
        let mut town = Town::new(db).await;
        let good = format!("/start {}", town.link("1").await);
        for _ in 0..5 {
            town.tells(101, "/start AAAAAAAAAAAAAAAAAAAAAAAAAAA").await;
            assert_eq!(town.only().await, (101, Binding::LinkUnknown));
        }
        town.restarts();
        town.tells(101, &good).await;
        assert_eq!(town.only().await, (101, Binding::SlowDown { minutes: 1 }));
        for _ in 0..100 {
            town.tells(101, &good).await;
        }
        assert_eq!(town.said().await, [], "it is said once");
        town.passes(1).await;
        town.tells(101, "/start wrong").await;
        assert_eq!(town.only().await, (101, Binding::LinkUnknown));
        town.tells(101, &good).await;
        assert_eq!(town.only().await, (101, Binding::SlowDown { minutes: 2 }));
        town.passes(2).await;
        town.tells(101, &good).await;
        assert!(matches!(town.only().await, (101, Binding::Welcome { .. })));
    }

    async fn of_fifty_at_once_one_wins(db) {
        let town = Town::new(db).await;
        let text = format!("/start {}", town.link("1").await);
        let tries = (0..50).map(|n| {
            let (engine, text) = (town.engine.clone(), text.clone());
            tokio::spawn(async move {
                let incoming = Incoming::Written(Box::new(written(private(200 + n), 200 + n, &text)));
                let (id, raw) = (10_000 + n, n.to_string().into_bytes());
                let update = Update { bot: BOT, id, kind: "message".to_owned(), raw, incoming: Some(incoming) };
                loop {
                    match engine.take(std::slice::from_ref(&update)).await {
                        Ok(taken) => return taken.failed,
                        Err(error) => assert!(error.is_passing(), "{error}"),
                    }
                }
            })
        });
        for one in tries.collect::<Vec<_>>() {
            assert_eq!(one.await.expect("ends"), 0);
        }
        let said = town.said().await;
        let won: Vec<i64> = said.iter().filter(|(_, said)| matches!(said, Binding::Welcome { .. })).map(|(chat, _)| *chat).collect();
        assert_eq!(won.len(), 1);
        assert_eq!(said.iter().filter(|(_, said)| *said == Binding::LinkUsed).count(), 49);
        assert_eq!(town.account("1").await, Some(won[0]));
    }

    async fn an_account_never_serves_two_students_but_may_be_teacher_and_parent(db) {
        let town = Town::new(db).await;
        town.binds("1", 101).await;
        let other = format!("/start {}", town.link("2").await);
        town.tells(101, &other).await;
        assert_eq!(town.only().await, (101, Binding::AccountTaken { name: "张一".to_owned() }));
        town.tells(102, &other).await;
        assert!(matches!(town.only().await, (102, Binding::Welcome { .. })), "the link was not used up");
        town.binds("k", 104).await;
        town.binds("g", 104).await;
        assert_eq!(town.account("k").await, Some(104));
    }

    async fn a_shells_link_never_gives_a_second_account(db) {
        let town = Town::new(db).await;
        let start = format!("/start {}", town.link("1").await);
        let mut tx = town.db.begin().await.expect("begins");
        let sql = "INSERT INTO bindings (person, account, bound_at, how) VALUES ($1, 101, 0, 'roster')";
        tx.execute(sql, args![town.person("1").await]).await.expect("bound");
        tx.commit().await.expect("commits");
        town.tells(201, &start).await;
        assert_eq!(town.only().await, (201, Binding::PersonTaken));
        assert_eq!(town.account("1").await, Some(101));
    }

    async fn a_link_of_the_responsible_moves_the_binding(db) {
        let mut town = Town::new(db).await;
        town.binds("1", 101).await;
        town.binds("k", 104).await;
        town.tells(104, "/invite 1").await;
        let (_, Binding::NewLink { name, link, .. }) = town.only().await else { panic!("a link") };
        assert_eq!(name, "张一");
        town.restarts();
        town.tells(201, &format!("/start {}", token(&link))).await;
        let said = town.said().await;
        assert!(said.contains(&(101, Binding::Unbound { name: "张一".to_owned() })), "{said:?}");
        assert!(said.iter().any(|(chat, said)| *chat == 201 && matches!(said, Binding::Welcome { .. })));
        assert_eq!(town.account("1").await, Some(201));
        town.tells(101, "/today").await;
        assert_eq!(town.only().await, (101, Binding::NotBound));
    }

    async fn only_the_responsible_make_links(db) {
        let town = Town::new(db).await;
        town.binds("1", 101).await;
        town.binds("k", 104).await;
        let refused = |why| Some(Message::Refused(why));
        for (account, text, why) in [
            (104, "/invite 3", Refusal::NoSuchPerson),
            (104, "/invite nobody", Refusal::NoSuchPerson),
            (104, "/invite k", Refusal::NoSuchPerson),
            (104, "/invite", Refusal::OnlyInOwnGroup),
            (101, "/invite 2", Refusal::NoRight),
        ] {
            town.tells(account, text).await;
            let heard = town.hears().await;
            assert_eq!(heard.len(), 1);
            assert_eq!(heard[0].words().cloned(), refused(why), "{text}");
        }
        assert_eq!(town.audited("refused.invite").await, 5);
    }

    async fn a_link_seen_in_a_group_is_burnt(db) {
        let town = Town::new(db).await;
        town.chat_serves(-1, "c1", "class").await;
        let (first, second) = (town.link("1").await, town.link("2").await);
        town.writes(55, -1, &format!("/start@tierline_bot {first}")).await;
        assert_eq!(town.only().await, (-1, Binding::LinkBurnt));
        town.writes(55, -5, &format!("https://t.me/tierline_bot?start={second}")).await;
        assert_eq!(town.said().await, [], "silent where it is not bound");
        for token in [first, second] {
            town.tells(101, &format!("/start {token}")).await;
            assert_eq!(town.only().await, (101, Binding::LinkExpired));
        }
    }

    async fn a_stranger_gets_one_polite_answer_a_minute(db) {
        let town = Town::new(db).await;
        for text in ["hello", "/today", "/start", "/track 1", "1"].repeat(20) {
            town.tells(101, text).await;
        }
        assert_eq!(town.only().await, (101, Binding::NotBound));
        town.passes(1).await;
        town.tells(101, "/status").await;
        assert_eq!(town.only().await, (101, Binding::NotBound));
    }

    async fn a_pasted_link_is_followed(db) {
        let town = Town::new(db).await;
        let token = town.link("1").await;
        town.tells(101, &format!("https://t.me/tierline_bot?start={token}")).await;
        assert!(matches!(town.only().await, (101, Binding::Welcome { .. })));
    }

    async fn whom_the_roster_binds_is_greeted_when_they_first_write(db) {
        let town = Town::new(db).await;
        town.imports("code,name,role,unit,telegram_id\nk,孙老师,counselor,c1,104\n").await;
        let started = "SELECT COALESCE(started_at, 0) AS x FROM accounts WHERE account = CAST($1 AS BIGINT)";
        assert_eq!(town.number(started, "104").await, Some(0), "never started");
        town.tells(104, "/start").await;
        assert!(matches!(town.only().await, (104, Binding::Welcome { .. })));
        town.tells(104, "/start").await;
        assert!(matches!(town.only().await, (104, Binding::WelcomeBack { .. })));
        assert_ne!(town.number(started, "104").await, Some(0));
    }
}
