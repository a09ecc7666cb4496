//! Whatever the order and repetition of updates, the receipts are the same (R17).

use std::collections::BTreeSet;

use botapi_sandbox::Scramble;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::on_both;
use crate::world::World;

/// One act of a person on a directive of class cs1.
#[derive(Debug, Clone, Copy)]
enum Act {
    Press,
    Reply,
    React,
    Word,
    Ask,
    Deny,
}

fn acts() -> impl Strategy<Value = Vec<(usize, Act)>> {
    let act = prop_oneof![
        Just(Act::Press),
        Just(Act::Reply),
        Just(Act::React),
        Just(Act::Word),
        Just(Act::Ask),
        Just(Act::Deny),
    ];
    prop::collection::vec((0_usize..6, act), 1..24)
}

/// Students of cs1 count; the counselor, one of math and a stranger do not.
const PEOPLE: [&str; 6] = ["cs11", "cs12", "cs13", "k1", "m11", "路人"];

on_both! {
    async fn receipts_depend_on_who_acted_and_on_nothing_else(db) {
        let school = World::four_tiers(&db).await;
        school.stranger("路人");
        let (foreign, stranger) = (school.account("m11"), school.account("路人"));
        school.class("cs1").group().fill(&[&foreign, &stranger]);
        school.bot.scramble(Some(Scramble { most_repeats: 3, shuffle: true }));
        let mut runner = TestRunner::deterministic();
        for case in 0..24 {
            let text = format!("第{case}件");
            school.counselor("cs1").issues(&text).to_students().await;
            let card = school.class("cs1").card_with(&text).message;
            let acts = acts().new_tree(&mut runner).expect("acts").current();
            let mut expected = BTreeSet::new();
            for (who, act) in acts {
                let account = school.account(PEOPLE[who]);
                let (chat, message) = (card.chat_id, card.id);
                match act {
                    Act::Press => {
                        let press = account.presses(chat, message, "✅ 收到");
                        school.note_press(PEOPLE[who], press);
                    }
                    Act::Reply => drop(account.replies(chat, message, "收到！")),
                    Act::React => account.reacts(chat, message, Some("👍")),
                    Act::Word => drop(account.writes(chat, "收到")),
                    Act::Ask => drop(account.writes(chat, "收到了吗")),
                    Act::Deny => drop(account.replies(chat, message, "没收到")),
                }
                if who < 3 && !matches!(act, Act::Ask | Act::Deny) {
                    expected.insert(PEOPLE[who].to_owned());
                }
            }
            school.only_takes().await;
            if case % 8 == 3 {
                school.restarts().await;
            }
            school.settles().await;
            PEOPLE.iter().for_each(|who| drop(school.toasts(who)));
            assert_eq!(school.class("cs1").card_with(&text).count(), format!("{}/3", expected.len()), "case {case}");
            let sql = "SELECT p.code AS x FROM receipts r JOIN people p ON p.id = r.subject \
                       JOIN directives d ON d.id = r.directive WHERE d.text = $1 AND r.acked_at IS NOT NULL ORDER BY p.code";
            let acked: Vec<String> = school.asks(sql, tierline::args![&text]).await;
            assert_eq!(acked, expected.into_iter().collect::<Vec<_>>(), "case {case}");
            school.finishes(&text).await;
        }
        school.bot.scramble(None);
        school.ends().await;
    }
}
