//! Somebody who never read a page of the manual, in the demo: a directive sent, acknowledged, and seen a tier below; a
//! morning's check-in from the link in the class to the confirmed figures.

use std::path::PathBuf;

use botapi_sandbox::Sandbox;
use tierline::demo::{self, Options};
use tierline::domain::message::Locale;
use tokio::sync::{oneshot, watch};

use super::page::in_browser;

/// What the visitor finds on the stage.
struct Found {
    sandbox: Sandbox,
    leader: i64,
    secretary: i64,
    counselor: i64,
    student: i64,
    school: i64,
    college: i64,
    class: i64,
}

fn look(stage: &demo::Stage) -> Found {
    let group = |unit: &str, tier| stage.groups[&(unit.to_owned(), tier)].id();
    Found {
        sandbox: stage.sandbox.clone(),
        leader: stage.account("leader").id(),
        secretary: stage.account("cs-sec").id(),
        counselor: stage.account("cs01-c").id(),
        student: stage.account("cs0101").id(),
        school: group("school", 0),
        college: group("cs", 1),
        class: group("cs01", 2),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_visitor_sends_a_directive_and_lives_through_a_morning() {
    let options = Options {
        listen: "127.0.0.1:0".to_owned(),
        speed: 10.0,
        students: 16,
        seed: 1,
        locale: Locale::ZhCn,
        out: PathBuf::new(),
        keep: false,
    };
    let (stop, stopped) = watch::channel(false);
    let (tell, told) = oneshot::channel();
    let served = tokio::spawn(async move {
        demo::serve(&options, stopped, |stage| {
            let _ = tell.send(look(stage));
        })
        .await
    });
    let found = told.await.expect("the demo is ready");
    let sandbox = found.sandbox.clone();
    in_browser(|page| async move {
        let words = "请各班今晚检查宿舍";
        page.open(&found.sandbox, found.leader).await;
        // What the office sends at the beginning comes first, so that the newest is the visitor's.
        page.sees_message(found.school, "核对学生联系方式").await;
        page.writes(found.leader, &format!("/directive {words}")).await;
        page.sees_message(found.leader, "预览").await;
        page.presses(found.leader, "to:").await;
        page.sees_message(found.leader, "● 到学生和家长").await;
        page.presses(found.leader, "send:").await;
        page.sees_message(found.leader, "全校").await;
        page.presses(found.leader, "send:").await;
        page.sees_message(found.school, words).await;

        page.open(&found.sandbox, found.secretary).await;
        page.sees_message(found.school, words).await;
        page.presses(found.school, "ack:").await;
        page.sees_toast(found.school, "已收到").await;
        page.presses(found.secretary, "relay:").await;
        page.sees_message(found.college, words).await;

        page.open(&found.sandbox, found.student).await;
        assert!(page.words("#guide").await.contains("早上，“张一”"), "{}", page.words("#guide").await);
        page.follows_link(found.class).await;
        page.presses(found.student, "same:").await;
        page.sees_message(found.student, "谢谢").await;
        page.open(&found.sandbox, found.counselor).await;
        page.writes(found.class, "/status").await;
        page.sees_message(found.class, "应报").await;
        page.writes(found.counselor, "/confirm").await;
        page.presses(found.counselor, "confirm:").await;
        page.sees_message(found.counselor, "仍要现在确认").await;
        page.presses(found.counselor, "confirm:").await;
        page.sees_message(found.counselor, "已确认（赵老师）").await;
    })
    .await;
    assert_eq!(sandbox.violations(), []);
    assert_eq!(sandbox.too_many_requests(), 0);
    stop.send(true).expect("the demo still runs");
    served.await.expect("no panic").expect("it ends well");
}
