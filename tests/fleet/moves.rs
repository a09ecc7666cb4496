//! Who is served by which bot, and how people and groups move from one to another.

use crate::fleet::two_bots;
use crate::on_both;
use crate::world::World;

/// Which bot said it, by the place among the school's bots.
fn said_by(school: &World, message: &botapi_sandbox::ShownMessage) -> usize {
    let from = message.from.expect("a sender");
    school.bots.iter().position(|bot| bot.id() == from).expect("one of ours")
}

on_both! {
    async fn each_college_is_served_by_its_bot(db) {
        let school = two_bots().opens(&db).await;
        school.leader().issues("开学准备").urgent().to_students().await;
        for (chat, bot) in [("u", 0), ("cs", 0), ("cs1", 0), ("cs2", 0), ("math", 1), ("m1", 1), ("m2", 1)] {
            assert_eq!(said_by(&school, &school.chat(chat).card().message), bot, "{chat}");
        }
        school.student("m1", 1).acknowledges("m1").await;
        school.student("cs1", 1).acknowledges("cs1").await;
        school.restarts().await;
        school.student("m1", 2).acknowledges("m1").await;
        assert_eq!(school.counts(&["cs1", "m1"]), ["1/3", "2/3"]);
        school.counselor("m1").writes_in("m1", "/status").await;
        assert_eq!(said_by(&school, &school.class("m1").shows("尚未回复")), 1);
        school.passes("20m").await;
        let reminded = school.student("m1", 3).is_told_by(&school.bots[1], "【");
        assert!(reminded.text.contains("开学准备"), "{}", reminded.text);
        school.overlooks("开学准备");
        school.ends().await;
    }

    async fn a_document_reaches_the_groups_of_all_bots(db) {
        let school = two_bots().opens(&db).await;
        let leader = school.leader();
        let chat = school.top().id();
        let file = leader.account().sends_document(chat, "安排.pdf", b"%PDF-1.4 plan", "请按附件落实");
        leader.account().replies(chat, file, &format!("/directive@{}", school.bots[0].username()));
        school.settles().await;
        leader.presses("到学生").await;
        leader.presses("send").await;
        leader.presses("send").await;
        leader.is_told("已发送");
        school.secretary("cs").acknowledges("u").await;
        school.secretary("math").acknowledges("u").await;
        school.passes("3m").await;
        for (chat, bot) in [("cs", 0), ("math", 1)] {
            let found = school.chat(chat).messages().into_iter().find(|message| message.media.is_some());
            let copy = found.unwrap_or_else(|| panic!("no document in {chat}"));
            assert_eq!(said_by(&school, &copy), bot);
            let media = copy.media.clone().expect("media");
            assert_eq!(school.sandbox.file(&media.file_id).expect("its bytes"), b"%PDF-1.4 plan");
            assert_eq!(media.file_name, "安排.pdf");
            school.read(&copy);
        }
        school.overlooks("请按附件落实");
        school.overlooks("预览已发到私聊");
        school.ends().await;
    }

    async fn units_that_move_keep_their_people_until_they_start_the_new_bot(db) {
        let school = two_bots().opens(&db).await;
        let (main, math) = (&school.bots[0], &school.bots[1]);
        school.reconfigures(&[("main", &["u", "math"]), ("math", &["nothing"])]);
        school.restarts().await;
        let (first, second) = (school.student("m1", 1), school.student("m1", 2));
        first.starts(math).await;
        let pointed = first.is_told_by(math, "按“开始”");
        assert!(pointed.text.contains(&format!("https://t.me/{}", main.username())), "{}", pointed.text);
        first.starts(main).await;
        first.is_told_by(main, "此前已绑定");
        first.starts(math).await;
        first.is_told_by(math, "这里也能使用");
        school.counselor("m1").issues("明天交表").urgent().to_students().await;
        school.class("m1").card();
        school.passes("20m").await;
        first.is_told_by(main, "明天交表");
        second.is_told_by(math, "明天交表");
        school.overlooks("明天交表");
        school.overlooks("王一同学，你好");
        school.ends().await;
    }

    async fn a_group_moves_to_the_bot_that_enters_and_old_cards_still_count(db) {
        let school = two_bots().opens(&db).await;
        let (main, math) = (&school.bots[0], &school.bots[1]);
        school.counselor("m1").issues("第一件").to_students().await;
        let old = school.class("m1").card().message;
        assert_eq!(said_by(&school, &old), 1);
        let group = school.class("m1").group();
        group.add_bot(main, &school.class("m1").founder());
        school.settles().await;
        school.counselor("m1").issues("第二件").to_students().await;
        assert_eq!(said_by(&school, &school.class("m1").card().message), 1, "it is not the unit's bot");
        school.reconfigures(&[("main", &["u", "math"]), ("math", &["nothing"])]);
        school.restarts().await;
        school.passes("2m").await;
        school.counselor("m1").issues("第三件").to_students().await;
        let new = school.class("m1").card_with("第三件").message;
        assert_eq!(said_by(&school, &new), 0, "now it is");
        school.student("m1", 1).taps_on(&old, "ack");
        school.settles().await;
        school.student("m1", 1).hears("已收到");
        assert_eq!(school.class("m1").card_with("第一件").count(), "1/3");
        school.student("m1", 2).replies_to_directive("m1", "收到").await;
        assert_eq!(school.class("m1").card_with("第三件").count(), "1/3");
        group.remove_bot(math, &school.class("m1").founder());
        school.settles().await;
        school.restarts().await;
        school.student("m1", 3).taps_on(&new, "ack");
        school.settles().await;
        school.student("m1", 3).hears("已收到");
        let again = school.class("m1").card_with("第一件").message;
        assert_eq!((said_by(&school, &again), school.class("m1").cards()), (0, 5), "open cards are posted anew");
        school.student("m1", 3).taps_on(&again, "ack");
        school.settles().await;
        school.student("m1", 3).hears("已收到");
        assert_eq!(school.class("m1").card_with("第一件").count(), "2/3");
        school.overlooks("第二件");
        school.ends().await;
    }

    async fn a_group_with_two_bots_is_answered_once(db) {
        let school = two_bots().opens(&db).await;
        let main = &school.bots[0];
        let group = school.class("m1").group();
        group.add_bot(main, &school.class("m1").founder());
        group.promote(main);
        school.settles().await;
        let counselor = school.counselor("m1");
        counselor.writes_in("m1", "/status").await;
        assert_eq!(said_by(&school, &school.class("m1").shows("· 状态")), 1);
        counselor.issues("交表").to_students().await;
        school.student("m1", 1).writes_in("m1", "收到").await;
        school.student("m1", 2).replies_to_directive("m1", "收到").await;
        assert_eq!(school.class("m1").card().count(), "2/3");
        school.restarts().await;
        counselor.writes_in("m1", "/status").await;
        let answers = school.class("m1").messages();
        assert_eq!(answers.iter().filter(|message| message.from == Some(main.id())).count(), 0);
        school.class("m1").shows("· 状态");
        school.ends().await;
    }

    async fn register_said_to_another_bot_moves_the_group(db) {
        let school = two_bots().opens(&db).await;
        let main = &school.bots[0];
        let group = school.class("m1").group();
        group.add_bot(main, &school.class("m1").founder());
        school.settles().await;
        let code = school.new_chat_code("m1", "class").await;
        let said = format!("/register@{} {code}", main.username());
        school.counselor("m1").writes_in("m1", &said).await;
        assert_eq!(said_by(&school, &school.class("m1").shows("已绑定")), 0);
        school.restarts().await;
        school.counselor("m1").issues("交表").to_students().await;
        assert_eq!(said_by(&school, &school.class("m1").card().message), 0);
        school.ends().await;
    }

    async fn who_blocks_one_bot_is_written_to_by_the_other(db) {
        let school = two_bots().opens(&db).await;
        let (main, math) = (&school.bots[0], &school.bots[1]);
        let student = school.student("m1", 1);
        student.starts(main).await;
        student.is_told_by(main, "这里也能使用");
        student.account().blocks(math);
        school.counselor("m1").issues("明天交表").urgent().to_students().await;
        school.restarts().await;
        school.passes("20m").await;
        student.is_told_by(main, "明天交表");
        student.account().unblocks(math);
        student.starts(math).await;
        student.is_told_by(math, "此前已绑定");
        school.passes("10m").await;
        student.is_told_by(math, "明天交表");
        school.overlooks("明天交表");
        school.overlooks("王一同学，你好");
        school.ends().await;
    }

    async fn a_refusal_while_sending_turns_the_very_message_to_the_other(db) {
        let school = two_bots().opens(&db).await;
        let (main, math) = (&school.bots[0], &school.bots[1]);
        let student = school.student("m1", 1);
        student.starts(main).await;
        student.is_told_by(main, "这里也能使用");
        school.counselor("m1").issues("明天交表").urgent().to_students().await;
        school.elapses("17m").await;
        // The bot learns of it by its send, not by an update.
        student.account().blocks(math);
        school.forgets_updates(math).await;
        school.passes("3m").await;
        student.is_told_by(main, "明天交表");
        school.overlooks("明天交表");
        school.overlooks("王一同学，你好");
        school.ends().await;
    }
}
