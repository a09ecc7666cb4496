//! Binding oneself: a button in the group, one's code, one's own contact, or the word of the responsible.

use tierline::domain::message::{Binding, Message, Refusal, Toast, Verb};

use super::{Said, Town};
use crate::on_both;

/// A class whose counselor (104) has posted the button; the payload of its link.
async fn invited(town: &Town) -> String {
    town.binds("k", 104).await;
    town.chat_serves(-1, "c1", "class").await;
    town.writes(104, -1, "/invite").await;
    let (chat, Binding::InviteButton { unit, payload, .. }) = town.only().await else { panic!("a button") };
    assert_eq!((chat, unit.as_str()), (-1, "1班"));
    payload
}

/// Presses the button and gives a code and one's own contact.
async fn applies(town: &Town, account: i64, code: &str, phone: &str) {
    let payload = invited(town).await;
    town.tells(account, &format!("/start {payload}")).await;
    assert_eq!(town.only().await, (account, Binding::AskCode));
    town.tells(account, code).await;
    assert!(matches!(town.only().await, (_, Binding::AskContact { .. })));
    town.shares(account, phone, Some(account)).await;
}

fn admission(heard: &[Said], chat: i64) -> i64 {
    let found = heard.iter().find(|said| {
        said.chat == chat && matches!(said.words(), Some(Message::Binding(Binding::Admission { .. })))
    });
    found.unwrap_or_else(|| panic!("{chat} was asked: {heard:#?}")).message
}

on_both! {
    async fn the_rosters_phone_binds_at_once(db) {
        let mut town = Town::new(db).await;
        let payload = invited(&town).await;
        town.tells(101, &format!("/start {payload}")).await;
        assert_eq!(town.only().await, (101, Binding::AskCode));
        town.restarts();
        town.tells(101, "１").await;
        let asked = Binding::AskContact { name: "account 101".to_owned() };
        assert_eq!(town.only().await, (101, asked), "the roster's name is not told");
        town.restarts();
        town.shares(101, "8613800000011", Some(101)).await;
        assert!(matches!(town.only().await, (101, Binding::Welcome { .. })));
        assert_eq!(town.account("1").await, Some(101));
    }

    async fn a_guardian_joins_by_the_childs_class(db) {
        let town = Town::new(db).await;
        applies(&town, 121, "g", "+86 138 0000 0021").await;
        assert!(matches!(town.only().await, (121, Binding::Welcome { .. })));
    }

    async fn somebody_elses_contact_is_not_taken(db) {
        let town = Town::new(db).await;
        let payload = invited(&town).await;
        town.tells(101, &format!("/start {payload}")).await;
        town.tells(101, "1").await;
        town.hears().await;
        for owner in [Some(555), None] {
            town.shares(101, "8613800000011", owner).await;
            assert_eq!(town.only().await, (101, Binding::NotYourContact));
        }
        assert_eq!(town.account("1").await, None);
    }

    async fn another_phone_asks_the_responsible(db) {
        let mut town = Town::new(db).await;
        applies(&town, 101, "1", "8613999999999").await;
        let heard = town.hears().await;
        let asked = admission(&heard, 104);
        assert!(heard.iter().any(|said| said.chat == 101));
        assert_eq!(town.account("1").await, None);
        town.restarts();
        assert_eq!(town.presses(104, asked, Verb::Admit, None).await, Toast::Noted);
        let said = town.said().await;
        assert!(said.iter().any(|(chat, said)| *chat == 101 && matches!(said, Binding::Welcome { .. })));
        let decided = Binding::AdmissionDecided {
            person: "张一".to_owned(),
            shown_name: "account 101".to_owned(),
            admitted: true,
            by: "孙老师".to_owned(),
        };
        assert!(said.contains(&(104, decided)), "{said:?}");
        assert_eq!(town.account("1").await, Some(101));
        assert_eq!(town.presses(104, asked, Verb::Deny, None).await, Toast::Outdated);
        assert_eq!(town.account("1").await, Some(101));
    }

    async fn the_responsible_may_say_no(db) {
        let town = Town::new(db).await;
        applies(&town, 101, "1", "8613999999999").await;
        let asked = admission(&town.hears().await, 104);
        assert_eq!(town.presses(104, asked, Verb::Deny, None).await, Toast::Noted);
        assert!(town.said().await.contains(&(101, Binding::Denied { unit: "1班".to_owned() })));
        assert_eq!(town.account("1").await, None);
    }

    async fn a_lost_account_is_replaced_by_the_responsible_only(db) {
        let mut town = Town::new(db).await;
        town.binds("1", 101).await;
        applies(&town, 201, "1", "8613800000011").await;
        let heard = town.hears().await;
        let asked = admission(&heard, 104);
        let words = heard.iter().find(|said| said.message == asked).and_then(Said::words).cloned();
        assert!(matches!(words, Some(Message::Binding(Binding::Admission { rebinding: true, .. }))));
        assert_eq!(town.account("1").await, Some(101), "the phone alone does not move a binding");
        town.restarts();
        town.presses(104, asked, Verb::Admit, None).await;
        let said = town.said().await;
        assert!(said.contains(&(101, Binding::Unbound { name: "张一".to_owned() })));
        assert_eq!(town.account("1").await, Some(201));
    }

    async fn a_counselor_is_vouched_for_by_the_secretary(db) {
        let town = Town::new(db).await;
        town.binds("s", 102).await;
        town.binds("k", 104).await;
        town.chat_serves(-2, "cs", "college").await;
        town.writes(102, -2, "/invite").await;
        let (_, Binding::InviteButton { payload, .. }) = town.only().await else { panic!("a button") };
        town.tells(204, &format!("/start {payload}")).await;
        town.tells(204, "k").await;
        town.shares(204, "8613800000004", Some(204)).await;
        let heard = town.hears().await;
        let asked = admission(&heard, 102);
        assert!(!heard.iter().any(|said| said.chat == 104), "not the account that would be replaced");
        assert_eq!(town.presses(104, asked, Verb::Admit, None).await, Toast::Outdated, "another chat's button");
        assert_eq!(town.presses(102, asked, Verb::Admit, None).await, Toast::Noted);
        assert_eq!(town.account("k").await, Some(204));
    }

    async fn without_anybody_to_ask_it_is_said(db) {
        let town = Town::new(db).await;
        town.tells(101, "/start join").await;
        town.tells(101, "1").await;
        town.hears().await;
        town.shares(101, "8613999999999", Some(101)).await;
        assert_eq!(town.only().await, (101, Binding::NobodyToAsk));
    }

    async fn codes_are_not_to_be_guessed(db) {
        let mut town = Town::new(db).await;
        let payload = invited(&town).await;
        town.tells(101, &format!("/start {payload}")).await;
        assert_eq!(town.only().await, (101, Binding::AskCode));
        // Of another class, of nobody: the same answer.
        for code in ["3", "nobody", "k2", "l", "4"] {
            town.tells(101, code).await;
            assert_eq!(town.only().await, (101, Binding::CodeUnknown), "{code}");
        }
        town.restarts();
        town.tells(101, "1").await;
        assert_eq!(town.only().await, (101, Binding::SlowDown { minutes: 1 }));
        town.passes(1).await;
        town.tells(101, "1").await;
        assert!(matches!(town.only().await, (101, Binding::AskContact { .. })));
        town.tells(101, "/cancel").await;
        assert_eq!(town.only().await, (101, Binding::Cancelled));
    }

    async fn a_claim_is_asked_once_and_floods_end(db) {
        let town = Town::new(db).await;
        applies(&town, 101, "1", "8613999999999").await;
        town.hears().await;
        town.tells(101, "/start join").await;
        town.tells(101, "1").await;
        town.hears().await;
        town.shares(101, "8613999999999", Some(101)).await;
        assert_eq!(town.only().await, (101, Binding::AskedResponsible), "and the counselor is not asked again");
    }

    async fn students_post_no_buttons(db) {
        let town = Town::new(db).await;
        town.binds("1", 101).await;
        town.chat_serves(-1, "c1", "class").await;
        town.writes(101, -1, "/invite").await;
        let heard = town.hears().await;
        assert_eq!((heard.len(), heard[0].chat), (1, 101), "refused in private");
        assert_eq!(heard[0].words(), Some(&Message::Refused(Refusal::NoRight)));
    }

    async fn a_teacher_joins_as_a_parent_too(db) {
        let town = Town::new(db).await;
        town.binds("k2", 105).await;
        let payload = invited(&town).await;
        town.tells(105, &format!("/start {payload}")).await;
        assert_eq!(town.only().await, (105, Binding::AskCode));
        town.tells(105, "g").await;
        assert!(matches!(town.only().await, (105, Binding::AskContact { .. })));
        town.shares(105, "13800000021", Some(105)).await;
        assert!(matches!(town.only().await, (105, Binding::Welcome { .. })));
        assert_eq!((town.account("g").await, town.account("k2").await), (Some(105), Some(105)));
    }
}
