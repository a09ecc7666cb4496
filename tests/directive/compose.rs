//! Composing: depth, units, copies, due, reference, documents, and what the preview says (B5).

use crate::on_both;
use crate::world::{Plan, World};

on_both! {
    async fn a_leader_chooses_how_deep_each_time(db) {
        let school = World::four_tiers(&db).await;
        let sent = school.leader().issues("一号").to_secretaries().await;
        assert!(sent.preview.contains("将发往 1 个群、2 人"), "{}", sent.preview);
        school.top().card_with("一号");
        let sent = school.leader().issues("二号").to_counselors().await;
        assert!(sent.preview.contains("将发往 3 个群、5 人"), "{}", sent.preview);
        assert!(sent.confirmation.expect("the whole school").contains("3 个群、5 人"));
        school.top().card_with("二号");
        let sent = school.leader().issues("三号").to_students().await;
        assert!(sent.preview.contains("将发往 7 个群、17 人"), "{}", sent.preview);
        assert!(sent.report.text.contains("7 个群、17 人"), "{}", sent.report.text);
        school.top().card_with("三号");
        let sent = school.leader().issues("四号").to_guardians().await;
        assert!(sent.preview.contains("将发往 10 个群、23 人"), "{}", sent.preview);
        school.top().card_with("四号");
        assert_eq!(sent.number(), "2026年第4号");
        school.ends().await;
    }

    async fn a_directive_for_secretaries_ends_in_the_school_chat(db) {
        let school = World::four_tiers(&db).await;
        school.leader().issues("开会").to_secretaries().await;
        school.secretary("cs").acknowledges("u").await;
        let duty = school.secretary("cs").is_told("已落实");
        assert!(!duty.text.contains("传达"), "nothing goes down: {}", duty.text);
        school.restarts().await;
        school.passes("10m").await;
        assert_eq!(school.top().card().count(), "1/2");
        school.are_quiet(&["cs", "math"]);
        school.ends().await;
    }

    async fn a_secretary_sends_to_the_own_college(db) {
        let school = World::four_tiers(&db).await;
        let sent = school.secretary("cs").issues("学院通知").to_students().await;
        assert!(sent.confirmation.is_none());
        assert!(sent.preview.contains("将发往 3 个群、8 人"), "{}", sent.preview);
        assert_eq!(school.college("cs").card().count(), "0/2");
        school.are_quiet(&["u", "math"]);
        school.restarts().await;
        school.counselor("cs2").acknowledges("cs").await;
        school.counselor("cs2").is_told("传达");
        school.passes("2m").await;
        assert_eq!(school.counts(&["cs", "cs2"]), ["1/2", "0/3"]);
        school.class("cs1").is_quiet();
        school.ends().await;
    }

    async fn a_counselor_sends_to_students_and_guardians(db) {
        let school = World::four_tiers(&db).await;
        let sent = school.counselor("cs1").issues("明天交表").to_guardians().await;
        assert!(sent.preview.contains("将发往 2 个群、5 人"), "{}", sent.preview);
        assert_eq!(school.counts(&["cs1", "cs1/guardians"]), ["0/3", "0/2"]);
        school.restarts().await;
        school.student("cs1", 3).acknowledges("cs1").await;
        assert_eq!(school.class("cs1").card().count(), "1/3");
        school.ends().await;
    }

    async fn a_counselor_of_two_classes_chooses_one(db) {
        let school = World::four_tiers(&db).await;
        let counselor = school.counselor("m1");
        counselor.writes("/directive 明天班会").await;
        counselor.presses("units").await;
        counselor.presses("数学2班").await;
        counselor.presses("back").await;
        counselor.presses_nth("to", 0).await;
        assert!(counselor.is_told("【预览】").text.contains("数学2班"));
        school.restarts().await;
        counselor.presses("send").await;
        counselor.is_told("已发送，编号");
        counselor.is_told("已发出");
        assert_eq!(school.class("m2").card().count(), "0/3");
        school.class("m1").is_quiet();
        school.ends().await;
    }

    async fn depth_must_be_chosen_and_something_said(db) {
        let school = World::four_tiers(&db).await;
        let office = school.office();
        office.writes("/directive").await;
        office.is_told("请发来要下发的通知");
        school.restarts().await;
        office.writes("通知正文").await;
        office.is_told("请先在下面选择");
        office.presses("send").await;
        office.hears("请先选择传达到哪一级");
        office.presses("cancel").await;
        office.is_told("已取消，未发送");
        school.top().is_quiet();
        office.writes("/cancel").await;
        office.is_told("目前没有需要取消的操作");
        school.ends().await;
    }

    async fn who_may_not_is_refused_in_words(db) {
        let school = World::four_tiers(&db).await;
        for person in [school.student("cs1", 1), school.person("g-father"), school.person("tutor"), school.person("audit")] {
            person.writes("/directive 放假一周").await;
            person.is_told("身份不能使用这一功能");
        }
        assert_eq!(school.count("SELECT COUNT(*) AS x FROM directives").await, 0);
        assert_eq!(school.count("SELECT COUNT(*) AS x FROM audit WHERE act = 'refused.directive'").await, 4);
        school.ends().await;
    }

    async fn units_copies_reference_and_due(db) {
        let school = World::four_tiers(&db).await;
        let issue = school.leader().issues("实验室检查").copy_to("数学学院").reference("示学〔2026〕5号").due("3小时");
        let sent = issue.to_counselors().await;
        assert!(sent.confirmation.is_none(), "not to the whole school");
        assert!(sent.preview.contains("主送：1/2 个单位，抄送 1 个"), "{}", sent.preview);
        assert!(sent.preview.contains("文号：示学〔2026〕5号"), "{}", sent.preview);
        assert!(sent.preview.contains("收到后 3 小时内"), "{}", sent.preview);
        let card = school.top().card();
        assert_eq!(card.count(), "0/1");
        assert!(card.text().contains("示学〔2026〕5号") && card.text().contains("12:0"), "{}", card.text());
        let copy = school.college("math").card();
        assert!(copy.text().contains("抄送（供参考，无需回复）") && copy.message.buttons.is_empty(), "{}", copy.text());
        school.restarts().await;
        school.secretary("math").taps_ack("u");
        school.settles().await;
        school.secretary("math").hears("不需要");
        school.secretary("cs").acknowledges("u").await;
        school.secretary("cs").is_told("传达");
        school.passes("2m").await;
        assert_eq!(school.counts(&["u", "cs"]), ["1/1", "0/2"]);
        school.are_quiet(&["math", "cs1"]);
        school.ends().await;
    }

    async fn in_the_own_chat_the_preview_comes_in_private(db) {
        let school = World::four_tiers(&db).await;
        let secretary = school.secretary("cs");
        secretary.writes_in("cs", "/directive@tierline_bot 今晚值班").await;
        secretary.sees_in("cs", "预览已发到私聊");
        secretary.is_told("今晚值班");
        school.restarts().await;
        secretary.presses_nth("to", 0).await;
        secretary.presses("send").await;
        secretary.is_told("已发送");
        secretary.is_told("已发出");
        assert_eq!(school.college("cs").card().count(), "0/2");
        school.counselor("cs1").writes_in("cs", "/directive 我来发").await;
        school.counselor("cs1").is_told("本单位已绑定的群");
        school.ends().await;
    }

    async fn a_message_of_the_chat_is_sent_out_by_replying_to_it(db) {
        let school = World::four_tiers(&db).await;
        let (leader, chat) = (school.leader(), school.top().id());
        let file = leader.account().sends_document(chat, "安排.pdf", b"%PDF-1.4 plan", "请按附件落实");
        leader.account().replies(chat, file, "/directive");
        school.settles().await;
        leader.sees_in("u", "预览已发到私聊");
        assert!(leader.is_told("请按附件落实").text.contains("附件：1 件"));
        leader.presses_nth("to", 1).await;
        leader.presses("send").await;
        leader.presses("send").await;
        leader.is_told("已发送");
        leader.is_told("已发出");
        let said = school.top().messages();
        let copy = said.iter().rev().find(|message| message.media.is_some()).expect("the document");
        let card = school.top().card();
        assert!(copy.id < card.message.id && card.text().contains("附件见上，共 1 件"), "{}", card.text());
        assert_eq!(copy.media.as_ref().map(|media| media.file_name.as_str()), Some("安排.pdf"));
        school.overlooks("请按附件落实");
        school.ends().await;
    }

    async fn documents_and_photos_come_before_the_card(db) {
        let school = World::four_tiers(&db).await;
        let counselor = school.counselor("cs1");
        counselor.writes("/directive 请填表").await;
        counselor.is_told("【预览】");
        counselor.presses("attach").await;
        counselor.hears("请在私聊中输入");
        counselor.is_told("请发来文件或图片");
        counselor.account().sends_document(counselor.id(), "表.xlsx", b"PK table", "");
        school.settles().await;
        school.restarts().await;
        assert!(counselor.is_told("【预览】").text.contains("附件：1 件"));
        counselor.account().sends_photo(counselor.id(), "样例.jpg", b"\xff\xd8 photo", "样例见图");
        school.settles().await;
        school.overlooks("已取消，未发送");
        assert!(counselor.is_told("【预览】").text.contains("附件：2 件"));
        counselor.presses_nth("to", 0).await;
        counselor.presses("send").await;
        counselor.is_told("已发送");
        counselor.is_told("已发出");
        let said = school.class("cs1").messages();
        let kinds: Vec<&str> = said.iter().map(|m| m.media.as_ref().map_or("card", |media| media.kind)).collect();
        assert_eq!(kinds, ["document", "photo", "card"]);
        assert!(said[2].text.contains("附件见上，共 2 件") && said[2].text.contains("样例见图"), "{}", said[2].text);
        said.iter().for_each(|message| school.read(message));
        school.ends().await;
    }

    async fn a_forwarded_document_is_what_goes_out(db) {
        let school = World::four_tiers(&db).await;
        let counselor = school.counselor("cs1");
        let chat = school.college("cs").id();
        let file = school.secretary("cs").account().sends_document(chat, "名单.xlsx", b"PK list", "各班名单");
        school.settles().await;
        counselor.writes("/directive").await;
        counselor.is_told("请发来要下发的通知");
        counselor.account().forwards(chat, file, counselor.id());
        school.restarts().await;
        school.settles().await;
        assert!(counselor.is_told("各班名单").text.contains("附件：1 件"));
        counselor.presses_nth("to", 0).await;
        counselor.presses("send").await;
        counselor.is_told("已发送");
        counselor.is_told("已发出");
        let said = school.class("cs1").messages();
        assert_eq!(said.iter().filter(|message| message.media.is_some() && message.origin.is_none()).count(), 1);
        said.iter().for_each(|message| school.read(message));
        school.ends().await;
    }

    async fn a_photo_with_its_caption_is_a_directive(db) {
        let school = World::four_tiers(&db).await;
        let counselor = school.counselor("cs1");
        counselor.account().sends_photo(counselor.id(), "海报.jpg", b"\xff\xd8 poster", "/directive 请看海报");
        school.settles().await;
        assert!(counselor.is_told("请看海报").text.contains("附件：1 件"));
        school.restarts().await;
        counselor.presses_nth("to", 0).await;
        counselor.presses("send").await;
        counselor.is_told("已发送");
        counselor.is_told("已发出");
        let said = school.class("cs1").messages();
        assert_eq!(said.iter().filter(|message| message.media.is_some()).count(), 1);
        said.iter().for_each(|message| school.read(message));
        school.ends().await;
    }

    async fn a_unit_left_out_hears_nothing(db) {
        let school = World::four_tiers(&db).await;
        let sent = school.secretary("cs").issues("一班的事").without("计算机2班").to_students().await;
        assert!(sent.preview.contains("主送：1/2 个单位") && sent.preview.contains("2 个群、4 人"), "{}", sent.preview);
        assert_eq!(school.college("cs").card().count(), "0/1");
        school.restarts().await;
        school.counselor("cs2").taps_ack("cs");
        school.settles().await;
        school.counselor("cs2").hears("不需要");
        school.counselor("cs1").acknowledges("cs").await;
        school.counselor("cs1").is_told("传达");
        school.passes("2m").await;
        assert_eq!(school.counts(&["cs", "cs1"]), ["1/1", "0/3"]);
        school.class("cs2").is_quiet();
        school.ends().await;
    }

    async fn what_nobody_can_send_out_is_said(db) {
        let school = World::four_tiers(&db).await;
        let counselor = school.counselor("cs1");
        counselor.writes("/directive").await;
        counselor.is_told("请发来要下发的通知");
        counselor.account().shares_location(&school.bot, 31.2, 121.5);
        school.settles().await;
        counselor.is_told("只能发送文字、文件或图片");
        school.restarts().await;
        counselor.writes("还是文字").await;
        counselor.is_told("【预览】");
        counselor.presses("cancel").await;
        school.class("cs1").is_quiet();
        school.ends().await;
    }

    async fn numbers_begin_anew_every_local_year(db) {
        let school = Plan::four_tiers().starts_at("2026-12-31T15:50:00Z").opens(&db).await;
        let first = school.counselor("cs1").issues("年末").for_information().to_students().await;
        let second = school.counselor("cs2").issues("年末").for_information().to_students().await;
        assert_eq!((first.number(), second.number()), ("2026年第1号".to_owned(), "2026年第2号".to_owned()));
        school.passes("11m").await;
        school.restarts().await;
        let third = school.counselor("cs1").issues("新年").for_information().to_students().await;
        assert_eq!(third.number(), "2027年第1号");
        school.overlooks("知悉即可");
        school.ends().await;
    }
}
