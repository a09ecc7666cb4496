//! Groups that become supergroups, accounts that block the bot and come back (R14, R15).

use tierline::args;
use tierline::domain::incoming::Incoming;
use tierline::domain::message::{Binding, Toast, Verb};
use tierline::store::chats;

use super::{Town, group, private};
use crate::on_both;

const OLD: i64 = -1;
const NEW: i64 = -1_000_000_000_001;

async fn moves(town: &Town) {
    town.takes(Incoming::Migrated { from: OLD, to: NEW }).await;
}

async fn stands_at_its_new_id(town: &Town) {
    assert_eq!(town.unit_of(NEW).await.as_deref(), Some("c1"));
    assert_eq!(town.unit_of(OLD).await, None);
    let mut tx = town.db.read().await.expect("reads");
    let followed = chats::get(&mut tx, OLD).await.expect("reads").expect("known");
    assert_eq!(followed.chat, NEW);
    let members: i64 = tx
        .one("SELECT COUNT(*) AS x FROM chat_members WHERE chat = $1 AND inside = 1", args![NEW], |row| {
            row.get("x")
        })
        .await
        .expect("counts");
    assert_eq!(members, 1);
}

async fn waiting_in(town: &Town, chat: i64) -> i64 {
    let mut tx = town.db.read().await.expect("reads");
    let sql = "SELECT COUNT(*) AS x FROM outbox o JOIN messages m ON m.id = o.message \
               WHERE o.chat = $1 AND m.chat = $1 AND o.state = 'queued'";
    tx.one(sql, args![chat], |row| row.get("x")).await.expect("counts")
}

on_both! {
    async fn a_group_keeps_its_binding_however_it_is_told(db) {
        let mut town = Town::new(db).await;
        town.binds("k", 104).await;
        town.chat_serves(OLD, "c1", "class").await;
        town.writes(104, OLD, "大家好").await;
        town.writes(104, OLD, "/invite").await;
        assert_eq!(waiting_in(&town, OLD).await, 1);
        moves(&town).await;
        town.restarts();
        moves(&town).await;
        stands_at_its_new_id(&town).await;
        assert_eq!((waiting_in(&town, OLD).await, waiting_in(&town, NEW).await), (0, 1), "nothing is lost");
        // What Telegram tells of the old id afterwards means nothing.
        town.bot_is(group(OLD), false, false).await;
        assert!(!town.said().await.iter().any(|(_, said)| matches!(said, Binding::ChatLost { .. })));
        stands_at_its_new_id(&town).await;
        town.passes(30).await;
        stands_at_its_new_id(&town).await;
    }

    async fn the_new_id_may_be_met_first(db) {
        let mut town = Town::new(db).await;
        town.binds("k", 104).await;
        town.chat_serves(OLD, "c1", "class").await;
        town.writes(104, OLD, "大家好").await;
        town.bot_is(group(NEW), true, true).await;
        town.writes(104, NEW, "还是这个群").await;
        town.restarts();
        moves(&town).await;
        moves(&town).await;
        stands_at_its_new_id(&town).await;
        town.hears().await;
        town.passes(11).await;
        let heard = town.hears().await;
        assert!(heard.is_empty(), "it is bound and not left: {heard:?}");
    }

    async fn who_blocks_the_bot_is_unreachable_until_they_return(db) {
        let mut town = Town::new(db).await;
        town.binds("1", 101).await;
        let out = "SELECT CASE WHEN blocked_at IS NULL THEN CAST(0 AS BIGINT) ELSE CAST(1 AS BIGINT) END AS x \
                   FROM accounts WHERE account = CAST($1 AS BIGINT)";
        town.bot_is(private(101), false, false).await;
        assert_eq!(town.number(out, "101").await, Some(1));
        town.restarts();
        town.bot_is(private(101), true, false).await;
        assert_eq!(town.number(out, "101").await, Some(0));
        town.bot_is(private(101), false, false).await;
        town.tells(101, "/start").await;
        assert_eq!(town.number(out, "101").await, Some(0), "writing is as good");
        assert!(matches!(town.only().await, (101, Binding::WelcomeBack { .. })));
    }

    async fn a_language_is_chosen_and_kept(db) {
        let mut town = Town::new(db).await;
        town.binds("1", 101).await;
        town.tells(101, "/lang").await;
        let asked = town.hears().await[0].message;
        assert_eq!(town.presses(101, asked, Verb::Lang, Some(9)).await, Toast::Outdated);
        assert_eq!(town.presses(101, asked, Verb::Lang, Some(1)).await, Toast::Quiet);
        town.hears().await;
        town.restarts();
        town.tells(101, "/lang").await;
        let (_, Binding::ChooseLanguage { now }) = town.only().await else { panic!("a choice") };
        assert_eq!(now.tag(), "en");
    }
}
