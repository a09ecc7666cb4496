//! Groups that move and people who go away (R14, R15).

use std::time::Duration;

use botapi_sandbox::Limits;
use tierline::args;
use tierline::domain::message::{Class, Repeat};
use tierline::domain::outgoing::Op;

use super::post::{Post, letter, monday};
use crate::on_both;

/// A bound chat's row, as binding makes it.
async fn bind(post: &Post, chat: i64, unit: i64) {
    let mut tx = post.engine.db.begin().await.expect("begins");
    tx.execute(
        "INSERT INTO units (id, code, name, tier, path) VALUES ($1, 'c', 'Class', 2, '/7/')",
        args![unit],
    )
    .await
    .expect("inserts");
    tx.execute(
        "INSERT INTO chats (chat, bot, unit, tier, title, bound_at, seen_at) VALUES ($1, $2, $3, 'class', 'C', $4, $4)",
        args![chat, post.bot.id(), unit, monday()],
    )
    .await
    .expect("inserts");
    tx.commit().await.expect("commits");
}

async fn unit_of(post: &Post, chat: i64) -> (Option<i64>, Option<i64>) {
    let mut tx = post.engine.db.read().await.expect("reads");
    tx.one("SELECT unit, moved_to FROM chats WHERE chat = $1", args![chat], |row| {
        Ok((row.get("unit")?, row.get("moved_to")?))
    })
    .await
    .expect("a chat")
}

on_both! {
    async fn a_group_that_became_a_supergroup_keeps_all_that_waits(db) {
        let mut post = Post::new(&db, Limits::strict()).await;
        let group = post.group("Class 1");
        bind(&post, group.id(), 7).await;
        let first = post.queue(group.id(), Class::Directive, Repeat::Marked, "before").await;
        post.passes(Duration::from_secs(2)).await;
        let new = group.upgrade_silently();
        post.queue(group.id(), Class::Directive, Repeat::Marked, "after").await;
        post.call(group.id(), Class::Count, Some(first), Op::Edit { letter: letter("1/45") }).await;
        post.passes(Duration::from_secs(5)).await;
        let texts = post.texts(new.id());
        assert!(texts.iter().any(|text| text.contains("after")), "{texts:?}");
        let calls: Vec<_> = post.sends().into_iter().map(|call| (call.chat_id, call.ok)).collect();
        assert_eq!(calls[1..3], [(Some(group.id()), false), (Some(new.id()), true)], "the first retry goes to the new id");
        assert_eq!(unit_of(&post, new.id()).await, (Some(7), None));
        assert_eq!(unit_of(&post, group.id()).await, (None, Some(new.id())));
        assert_eq!(post.count("queued").await + post.count("flight").await, 0);
    }

    async fn who_blocked_the_bot_is_tried_once(db) {
        let mut post = Post::new(&db, Limits::strict()).await;
        let people = post.people(2);
        people[0].blocks(&post.bot);
        for n in 0..3 {
            post.queue(people[0].id(), Class::Directive, Repeat::Marked, &format!("notice {n}")).await;
        }
        post.queue(people[1].id(), Class::Directive, Repeat::Marked, "notice").await;
        post.passes(Duration::from_secs(5)).await;
        let calls = |post: &Post| post.sends().iter().filter(|call| call.chat_id == Some(people[0].id())).count();
        assert_eq!(calls(&post), 1);
        assert_eq!((post.count("failed").await, post.count("done").await), (3, 1));
        post.queue(people[0].id(), Class::Directive, Repeat::Marked, "one more").await;
        post.passes(Duration::from_secs(2)).await;
        assert_eq!(calls(&post), 1, "none until they return");
        let mut tx = post.engine.db.begin().await.expect("begins");
        let sql = "UPDATE accounts SET blocked_at = NULL WHERE account = $1 AND blocked_at IS NOT NULL";
        assert_eq!(tx.execute(sql, args![people[0].id()]).await.expect("updates"), 1);
        tx.commit().await.expect("commits");
        people[0].unblocks(&post.bot);
        post.queue(people[0].id(), Class::Directive, Repeat::Marked, "welcome back").await;
        post.passes(Duration::from_secs(2)).await;
        assert!(post.texts(people[0].id()).iter().any(|text| text.contains("welcome back")));
    }

    async fn a_group_that_removed_the_bot_is_marked(db) {
        let mut post = Post::new(&db, Limits::strict()).await;
        let group = post.group("Class 1");
        bind(&post, group.id(), 7).await;
        let founder = post.sandbox.account_by_id(group.members()[0]);
        group.remove_bot(&post.bot, &founder);
        post.queue(group.id(), Class::Directive, Repeat::Marked, "notice").await;
        post.queue(group.id(), Class::Directive, Repeat::Marked, "notice 2").await;
        post.passes(Duration::from_secs(5)).await;
        assert_eq!(post.sends().len(), 1);
        let mut tx = post.engine.db.read().await.expect("reads");
        let removed: Option<i64> = tx
            .one("SELECT removed_at FROM chats WHERE chat = $1", args![group.id()], |row| row.get("removed_at"))
            .await
            .expect("a chat");
        assert!(removed.is_some());
    }
}
