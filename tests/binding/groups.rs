//! Groups: inert until somebody entitled binds them by a one-time code (S6).

use tierline::domain::incoming::{Incoming, Place};
use tierline::domain::message::{Binding, Message, Refusal};
use tierline::domain::outgoing::Op;

use super::{Town, group, written};
use crate::on_both;

on_both! {
    async fn a_code_binds_a_chat_once(db) {
        let mut town = Town::new(db).await;
        town.binds("k", 104).await;
        town.binds("1", 101).await;
        let code = town.code("c1", "class").await;
        town.bot_is(group(-1), true, true).await;
        town.restarts();
        town.writes(104, -1, &format!("/register@tierline_bot {}", code.to_lowercase())).await;
        let heard = town.hears().await;
        let Some(Message::Binding(Binding::Registered { unit, sees_all, .. })) = heard.last().and_then(|said| said.words())
        else { panic!("{heard:#?}") };
        assert_eq!((unit.as_str(), *sees_all), ("1班", true));
        let asked: Vec<i64> = heard.iter().filter_map(|said| match said.op {
            Op::AskMember { account } => Some(account),
            _ => None,
        }).collect();
        assert_eq!(asked, [101, 104]);
        assert!(heard.iter().any(|said| said.op == Op::AskChat && said.chat == -1));
        assert_eq!(town.unit_of(-1).await.as_deref(), Some("c1"));
        // Replayed in another group.
        town.writes(104, -2, &format!("/register {code}")).await;
        assert_eq!(town.only().await, (-2, Binding::RegisterRefused(Refusal::WrongCode)));
        assert_eq!(town.unit_of(-2).await, None);
    }

    async fn only_the_responsible_registers(db) {
        let town = Town::new(db).await;
        town.binds("k2", 105).await;
        let code = town.code("c1", "class").await;
        town.writes(105, -1, &format!("/register {code}")).await;
        assert_eq!(town.only().await, (-1, Binding::RegisterRefused(Refusal::NotYourUnit)));
        for text in [format!("/register {code}"), "/register X".to_owned(), "/register".to_owned()] {
            town.writes(55, -1, &text).await;
        }
        assert_eq!(town.only().await, (-1, Binding::RegisterRefused(Refusal::NoRight)), "one polite refusal");
        assert_eq!(town.unit_of(-1).await, None);
        town.binds("k", 104).await;
        town.writes(104, -1, &format!("/register {code}")).await;
        assert!(town.said().await.iter().any(|(_, said)| matches!(said, Binding::Registered { .. })), "still good");
    }

    async fn codes_are_slowed_down_and_expire(db) {
        let mut town = Town::new(db).await;
        town.binds("k", 104).await;
        let code = town.code("c1", "class").await;
        for _ in 0..5 {
            town.writes(104, -1, "/register 2222-2222-2222-2222").await;
            assert_eq!(town.only().await, (-1, Binding::RegisterRefused(Refusal::WrongCode)));
        }
        town.restarts();
        town.writes(104, -1, &format!("/register {code}")).await;
        assert_eq!(town.only().await, (-1, Binding::RegisterRefused(Refusal::SlowDown { minutes: 1 })));
        town.writes(104, -1, &format!("/register {code}")).await;
        assert_eq!(town.said().await, []);
        town.passes(24 * 60).await;
        town.hears().await;
        town.writes(104, -1, &format!("/register {code}")).await;
        assert_eq!(town.only().await, (-1, Binding::RegisterRefused(Refusal::WrongCode)), "expired");
    }

    async fn a_bound_chat_is_not_taken_over_by_another_unit(db) {
        let town = Town::new(db).await;
        town.chat_serves(-1, "c2", "class").await;
        town.binds("k", 104).await;
        let code = town.code("c1", "class").await;
        town.writes(104, -1, &format!("/register {code}")).await;
        let taken = Refusal::ChatTaken { unit: "2班".to_owned() };
        assert_eq!(town.only().await, (-1, Binding::RegisterRefused(taken)));
        assert_eq!(town.unit_of(-1).await.as_deref(), Some("c2"));
    }

    async fn a_new_chat_takes_the_place_of_the_old_one(db) {
        let town = Town::new(db).await;
        town.chat_serves(-1, "c1", "class").await;
        town.binds("k", 104).await;
        let code = town.code("c1", "class").await;
        town.writes(104, -2, &format!("/register {code}")).await;
        let said = town.said().await;
        assert!(said.contains(&(-1, Binding::ChatReplaced { unit: "1班".to_owned() })), "{said:?}");
        assert_eq!((town.unit_of(-1).await, town.unit_of(-2).await), (None, Some("c1".to_owned())));
        // A further group stands beside it.
        let code = town.code("c1", "group").await;
        town.writes(104, -3, &format!("/register {code}")).await;
        let said = town.said().await;
        assert!(matches!(said.as_slice(), [(-3, Binding::Registered { tier: None, .. })]), "{said:?}");
        assert_eq!(town.unit_of(-2).await.as_deref(), Some("c1"));
    }

    async fn an_unknown_group_is_left_after_ten_minutes(db) {
        let mut town = Town::new(db).await;
        town.binds("k", 104).await;
        town.bot_is(group(-1), true, true).await;
        town.writes(104, -4, "hello").await;
        town.bot_is(group(-2), true, false).await;
        let code = town.code("c1", "class").await;
        town.passes(9).await;
        assert_eq!(town.hears().await.len(), 0);
        town.writes(104, -2, &format!("/register {code}")).await;
        town.hears().await;
        town.restarts();
        town.passes(1).await;
        let mut left: Vec<i64> =
            town.hears().await.into_iter().filter(|said| said.op == Op::Leave).map(|said| said.chat).collect();
        left.sort_unstable();
        assert_eq!(left, [-4, -1]);
        town.bot_is(group(-1), true, false).await;
        town.passes(10).await;
        assert_eq!(town.hears().await.len(), 1, "added again, left again");
    }

    async fn an_unbound_group_hears_nothing(db) {
        let town = Town::new(db).await;
        town.binds("k", 104).await;
        town.bot_is(Place { title: "1班".to_owned(), ..group(-1) }, true, true).await;
        let mut forwarded = written(group(-1), 104, "【通知】2026年第1号");
        forwarded.reply_to = Some(5);
        town.takes(Incoming::Written(Box::new(forwarded))).await;
        for text in ["/status", "/directive x", "/invite", "/help", "收到", "/start@tierline_bot x"] {
            town.writes(104, -1, text).await;
        }
        assert_eq!(town.hears().await.len(), 0);
    }

    async fn an_anonymous_admin_is_told_to_show_their_face(db) {
        let town = Town::new(db).await;
        for text in ["/register X", "/status", "大家好"] {
            let mut hidden = written(group(-1), 0, text);
            hidden.sender = None;
            town.takes(Incoming::Written(Box::new(hidden))).await;
        }
        let heard = town.hears().await;
        assert_eq!(heard.len(), 1, "only who wants to bind the chat hears of it");
        assert_eq!(heard[0].words(), Some(&Message::Refused(Refusal::NoFace)));
    }

    async fn removed_from_a_group_and_back(db) {
        let mut town = Town::new(db).await;
        town.binds("k", 104).await;
        town.chat_serves(-1, "c1", "class").await;
        town.bot_is(group(-1), false, false).await;
        let lost = Binding::ChatLost { title: "group -1".to_owned(), unit: "1班".to_owned() };
        assert_eq!(town.only().await, (104, lost));
        town.restarts();
        town.bot_is(group(-1), false, false).await;
        assert_eq!(town.said().await, [], "told once");
        let removed = "SELECT COALESCE(removed_at, 0) AS x FROM chats WHERE chat = CAST($1 AS BIGINT)";
        assert_ne!(town.number(removed, "-1").await, Some(0));
        town.bot_is(group(-1), true, true).await;
        assert_eq!(town.number(removed, "-1").await, Some(0));
        assert_eq!(town.unit_of(-1).await.as_deref(), Some("c1"), "it keeps its binding");
        town.passes(11).await;
        assert!(!town.hears().await.iter().any(|said| said.op == Op::Leave));
    }
}
