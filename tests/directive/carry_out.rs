//! 落实: reported, reviewed, accepted or sent back (B6).

use crate::on_both;
use crate::world::World;

on_both! {
    async fn reported_returned_and_accepted(db) {
        let school = World::four_tiers(&db).await;
        let (secretary, counselor) = (school.secretary("cs"), school.counselor("cs1"));
        secretary.issues("宿舍安全检查").to_counselors().await;
        counselor.acknowledges("cs").await;
        counselor.is_told("落实后请点");
        counselor.presses("done").await;
        counselor.hears("请在私聊中输入");
        counselor.is_told("请反馈计算机1班落实");
        school.restarts().await;
        counselor.writes("已检查 <12> 间").await;
        counselor.is_told("等待审核");
        let review = secretary.is_told("【落实情况反馈】");
        assert!(review.text.contains("计算机1班（孙老师）反馈") && review.text.contains("已检查 <12> 间"), "{}", review.text);
        secretary.presses("return").await;
        secretary.hears("请在私聊中输入");
        secretary.is_told("请说明退回");
        school.restarts().await;
        secretary.writes("请附照片").await;
        assert!(secretary.is_told("【落实情况反馈】").text.contains("已退回补充（赵书记）：请附照片"));
        counselor.is_told("被退回补充（赵书记）：请附照片");
        counselor.presses("done").await;
        counselor.hears("请在私聊中输入");
        counselor.is_told("请反馈计算机1班落实");
        counselor.account().sends_photo(counselor.id(), "宿舍.jpg", b"\xff\xd8 photo", "");
        school.settles().await;
        counselor.is_told("等待审核");
        let fresh = secretary.unread();
        assert_eq!(fresh.iter().filter(|message| message.media.is_some()).count(), 1, "the photo");
        fresh.iter().for_each(|message| school.read(message));
        secretary.presses("accept").await;
        secretary.hears("已登记");
        counselor.is_told("✅ 落实情况已审核通过（赵书记）");
        let states = school.asks::<String>("SELECT done_state AS x FROM legs WHERE tier = 2 ORDER BY unit", vec![]).await;
        assert!(states.contains(&"accepted".to_owned()), "{states:?}");
        school.college("cs").card();
        school.ends().await;
    }

    async fn the_tier_above_reviews_and_nobody_else(db) {
        let school = World::four_tiers(&db).await;
        school.leader().issues("防火检查").to_counselors().await;
        school.secretary("cs").acknowledges("u").await;
        school.secretary("cs").is_told("传达");
        school.secretary("cs").presses("done").await;
        school.secretary("cs").hears("请在私聊中输入");
        school.secretary("cs").is_told("请反馈计算机学院落实");
        school.secretary("cs").writes("全部检查完毕").await;
        school.secretary("cs").is_told("等待审核");
        let review = school.leader().is_told("【落实情况反馈】");
        school.restarts().await;
        let data = review.buttons[0][0].data.clone().expect("accept");
        let other = school.secretary("math");
        other.writes("/help").await;
        other.is_told("/directive");
        let press = other.account().presses_data(other.id(), 1, &data);
        school.note_press(other.code(), press);
        school.settles().await;
        other.hears("已过时");
        school.leader().presses("accept").await;
        school.leader().hears("已登记");
        school.secretary("cs").is_told("已审核通过（陈校长）");
        school.top().card();
        school.ends().await;
    }

    async fn cancelled_and_withdrawn_in_between(db) {
        let school = World::four_tiers(&db).await;
        let (secretary, counselor) = (school.secretary("cs"), school.counselor("cs1"));
        secretary.issues("宿舍安全检查").to_counselors().await;
        counselor.acknowledges("cs").await;
        counselor.is_told("落实后请点");
        counselor.presses("done").await;
        counselor.hears("请在私聊中输入");
        counselor.is_told("请反馈计算机1班落实");
        counselor.writes("/cancel").await;
        counselor.is_told("已取消");
        counselor.presses("done").await;
        counselor.hears("请在私聊中输入");
        counselor.is_told("请反馈计算机1班落实");
        secretary.presses("withdraw").await;
        secretary.is_told("确定撤回");
        secretary.presses("确认撤回").await;
        secretary.hears("已撤回");
        school.restarts().await;
        counselor.writes("已检查").await;
        counselor.is_told("情况已有变化");
        school.college("cs").shows("”已撤回，无需");
        school.college("cs").card();
        school.ends().await;
    }
}
