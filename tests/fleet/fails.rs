//! One bot of several fails: the others go on, its people are written to by them where there is a way.

use botapi_sandbox::{Effect, Fault, Scope};

use crate::fleet::two_bots;
use crate::on_both;

on_both! {
    async fn a_refused_token_leaves_the_other_bot_alone(db) {
        let school = two_bots().opens(&db).await;
        let (main, math) = (&school.bots[0], &school.bots[1]);
        let (first, second) = (school.student("m1", 1), school.student("m1", 2));
        first.starts(main).await;
        first.is_told_by(main, "这里也能使用");
        school.leader().issues("第一件").urgent().to_students().await;
        school.sandbox.replace_token(math, "77:somebody-elses");
        school.leader().issues("第二件").urgent().to_students().await;
        for chat in ["u", "cs", "cs1", "cs2"] {
            school.chat(chat).card_with("第二件");
        }
        assert_eq!(school.class("m1").cards(), 1, "the refused bot sends nothing");
        let told = school.office().is_told_by(main, "暂时无法发送消息");
        assert!(told.text.contains("数学学院") && told.text.contains("4 个"), "{}", told.text);
        assert!(!told.text.contains("计算机"), "{}", told.text);
        school.leader().is_told_by(main, "暂时无法发送消息");
        school.restarts().await;
        school.passes("20m").await;
        let reminded = first.is_told_by(main, "第二件");
        first.taps_on(&reminded, "ack");
        school.settles().await;
        first.hears("已收到");
        assert!(second.unread().iter().all(|message| !message.text.contains("第二件")));
        school.sandbox.replace_token(math, math.token());
        school.restarts().await;
        school.passes("2m").await;
        school.office().is_told_by(main, "已恢复发送");
        school.leader().is_told_by(main, "已恢复发送");
        school.class("m1").card_with("第二件");
        school.overlooks("第一件");
        school.overlooks("第二件");
        school.overlooks("王一同学，你好");
        school.ends().await;
    }

    async fn an_hour_of_429_for_one_bot_holds_up_only_that_one(db) {
        let school = two_bots().opens(&db).await;
        let (main, math) = (&school.bots[0], &school.bots[1]);
        school.expects_429();
        let first = school.student("m1", 1);
        first.starts(main).await;
        first.is_told_by(main, "这里也能使用");
        let effect = Effect::TooManyRequests { retry_after: 3600, scope: Scope::All };
        school.sandbox.fault(Fault::sends(effect).bot(math).first(1));
        school.leader().issues("防汛准备").urgent().to_students().await;
        for chat in ["u", "cs", "cs1", "cs2"] {
            school.chat(chat).card();
        }
        assert_eq!(school.class("m1").cards(), 0);
        school.passes("20m").await;
        first.is_told_by(main, "防汛准备");
        let calls = |bot: i64| school.sandbox.calls().iter().filter(|call| call.bot == bot && call.error_code == Some(429)).count();
        assert_eq!(calls(main.id()), 0);
        assert!(calls(math.id()) <= 3, "{} calls into the frozen bot", calls(math.id()));
        let told = school.office().is_told_by(main, "要求它暂停较长时间");
        assert!(told.text.contains("数学学院"), "{}", told.text);
        school.leader().is_told_by(main, "要求它暂停较长时间");
        school.restarts().await;
        school.passes("61m").await;
        school.class("m1").card();
        school.office().is_told_by(main, "已恢复发送");
        school.leader().is_told_by(main, "已恢复发送");
        school.overlooks("防汛准备");
        school.overlooks("王一同学，你好");
        school.ends().await;
    }

    async fn a_bot_that_was_dead_from_the_start_does_not_hold_up_the_rest(db) {
        let school = two_bots().opens(&db).await;
        let math = &school.bots[1];
        school.stops().await;
        school.sandbox.replace_token(math, "77:somebody-elses");
        school.starts().await;
        school.secretary("cs").issues("学院通知").to_students().await;
        school.college("cs").card();
        school.office().is_told_by(&school.bots[0], "暂时无法发送消息");
        school.leader().is_told_by(&school.bots[0], "暂时无法发送消息");
        school.ends().await;
    }
}
