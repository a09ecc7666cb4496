//! One account's flood slows nobody else, and is not answered (S11).

use crate::on_both;
use crate::world::World;

const FLOOD: usize = 1000;
/// Answers that may wait for one chat.
const MOST_ANSWERED: usize = 20;

on_both! {
    async fn a_thousand_messages_of_one_account_slow_nobody(db) {
        let school = World::four_tiers(&db).await;
        let (flooder, other) = (school.student("cs1", 1), school.student("cs1", 2));
        let words = ["你好", "/today", "/mydata", "/directive x", "状态", "/help", "1", "/lang", "/checkin", "？"];
        for n in 0..FLOOD {
            flooder.account().writes_to(&school.bot, words[n % words.len()]);
        }
        other.account().writes_to(&school.bot, "/help");
        school.elapses("5s").await;
        other.is_told("/today");
        school.settles().await;
        let answers = flooder.unread().len();
        assert!((1..=MOST_ANSWERED + words.len()).contains(&answers), "{answers} answers to a flood");
        school.overlooks("");
        // Whoever stops is heard again.
        school.passes("1m").await;
        flooder.writes("/today").await;
        assert_eq!(flooder.unread().len(), 1, "{}", flooder.all());
        school.overlooks("");
        school.ends().await;
    }

    async fn what_a_flooder_acknowledges_counts(db) {
        let school = World::four_tiers(&db).await;
        let flooder = school.student("cs1", 1);
        school.counselor("cs1").issues("明天交表").to_students().await;
        let card = school.class("cs1").card();
        for _ in 0..100 {
            flooder.account().writes_to(&school.bot, "/help");
        }
        flooder.account().replies(card.message.chat_id, card.message.id, "收到");
        for _ in 0..100 {
            flooder.account().writes_to(&school.bot, "/help");
        }
        school.settles().await;
        school.overlooks("");
        assert_eq!(school.class("cs1").card().count(), "1/3");
        school.ends().await;
    }

    async fn a_flood_in_a_group_is_not_answered(db) {
        let school = World::four_tiers(&db).await;
        let (counselor, group) = (school.counselor("cs1"), school.group("cs1").id());
        for _ in 0..200 {
            counselor.account().writes(group, "/status");
        }
        school.settles().await;
        let answers = school.sandbox.messages(group).iter().filter(|message| school.is_ours(message)).count();
        assert!((1..=MOST_ANSWERED).contains(&answers), "{answers} answers to a flood");
        school.overlooks("");
        school.ends().await;
    }
}
