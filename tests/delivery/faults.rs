//! What is sent again and what never is (R1, R4–R7, invariant 4).

use std::time::Duration;

use botapi_sandbox::{Effect, Fault, Limits};
use chrono::TimeDelta;
use tierline::clock::Clock;
use tierline::domain::message::{Class, Repeat};
use tierline::loops::courier::Step;

use super::post::Post;
use crate::on_both;

const MARK: &str = "repeat";

fn is_marked(text: &str) -> bool {
    text.to_lowercase().contains(MARK)
}

on_both! {
    async fn after_a_reset_a_directive_repeats_marked_and_a_prompt_never(db) {
        let mut post = Post::new(&db, Limits::strict()).await;
        let people = post.people(2);
        post.sandbox.fault(Fault::sends(Effect::ResetAfter).first(2));
        post.queue(people[0].id(), Class::Directive, Repeat::Marked, "a directive").await;
        post.queue(people[1].id(), Class::Prompt, Repeat::Never, "a prompt").await;
        post.passes(Duration::from_secs(30)).await;
        let directive = post.texts(people[0].id());
        assert_eq!(directive.len(), 2);
        assert!(!is_marked(&directive[0]) && is_marked(&directive[1]), "{directive:?}");
        assert_eq!(post.texts(people[1].id()).len(), 1);
        let rows = post.rows().await;
        assert!(rows.contains(&("failed".to_owned(), Some("unclear".to_owned()))), "{rows:?}");
    }

    async fn nothing_is_lost_or_repeated_while_the_server_is_away(db) {
        let mut post = Post::new(&db, Limits::strict()).await;
        let people = post.people(3);
        for person in &people {
            post.queue(person.id(), Class::Prompt, Repeat::Never, "a prompt").await;
        }
        let mut lost = post.lost("first");
        std::mem::swap(&mut post.courier, &mut lost);
        drop(lost);
        post.passes(Duration::from_secs(5)).await;
        assert_eq!(post.count("queued").await, 3);
        post.courier = post.another("second");
        post.clock.advance(Duration::from_secs(9));
        post.passes(Duration::from_secs(100)).await;
        assert!(people.iter().all(|person| post.texts(person.id()).len() == 1));
        assert!(post.texts(people[0].id()).iter().all(|text| !is_marked(text)));
    }

    async fn failures_of_the_server_are_tried_again_with_pauses(db) {
        let mut post = Post::new(&db, Limits::strict()).await;
        let people = post.people(40);
        let until = post.clock.now() + TimeDelta::minutes(5);
        post.sandbox.fault(Fault::sends(Effect::Status(502)).probability(0.15).between(post.clock.now(), until));
        post.sandbox.fault(Fault::sends(Effect::Html(500)).probability(0.15).between(post.clock.now(), until));
        let what: Vec<(i64, &str)> = people.iter().map(|person| (person.id(), "good morning")).collect();
        post.queue_many(&what, Class::Prompt, Repeat::Never).await;
        post.passes(Duration::from_secs(400)).await;
        assert!(people.iter().all(|person| post.texts(person.id()).len() == 1));
        for person in &people {
            let calls: Vec<_> =
                post.sends().into_iter().filter(|call| call.chat_id == Some(person.id())).collect();
            assert!(calls.windows(2).all(|two| two[1].at - two[0].at >= TimeDelta::seconds(1)), "{calls:?}");
        }
    }

    async fn what_a_dead_process_had_in_flight_is_judged_unclear(db) {
        let mut post = Post::new(&db, Limits::strict()).await;
        let people = post.people(2);
        let delay = Effect::Delay(Duration::from_secs(60));
        let fault = post.sandbox.fault(Fault::sends(delay));
        post.queue(people[0].id(), Class::Directive, Repeat::Marked, "a directive").await;
        post.queue(people[1].id(), Class::Prompt, Repeat::Never, "a prompt").await;
        // Two steps: the second call starts a slot later.
        let clock = post.clock.clone();
        let second = post.another("second");
        let mut dying = std::mem::replace(&mut post.courier, second);
        let dead = tokio::spawn(async move {
            loop {
                dying.step().await.expect("a step");
            }
        });
        while post.count("flight").await < 2 {
            clock.advance(Duration::from_millis(10));
            tokio::task::yield_now().await;
        }
        dead.abort();
        dead.await.expect_err("it was killed");
        post.sandbox.remove_fault(fault);
        assert!(matches!(post.courier.step().await.expect("a step"), Step::Idle { .. } | Step::Sent(_)));
        post.clock.advance(Duration::from_secs(9));
        post.passes(Duration::from_secs(5)).await;
        let directive = post.texts(people[0].id());
        assert!(directive.iter().any(|text| is_marked(text)), "{directive:?}");
        assert!(post.rows().await.contains(&("failed".to_owned(), Some("unclear".to_owned()))));
        assert_eq!(post.count("flight").await, 0);
    }

    async fn only_the_holder_of_the_lease_sends(db) {
        let mut post = Post::new(&db, Limits::strict()).await;
        let person = &post.people(1)[0];
        let mut other = post.another("second");
        post.passes(Duration::from_millis(100)).await;
        post.queue(person.id(), Class::Directive, Repeat::Marked, "once").await;
        for _ in 0..3 {
            assert!(matches!(other.step().await.expect("a step"), Step::Idle { .. }));
            assert!(!other.is_sender());
        }
        post.passes(Duration::from_secs(1)).await;
        assert_eq!(post.texts(person.id()).len(), 1);
        post.courier.finish_in_hand().await.expect("stops");
        post.clock.advance(Duration::from_secs(1));
        other.step().await.expect("a step");
        assert!(other.is_sender(), "a lease given back is taken at once");
    }

    async fn a_row_whose_time_is_over_is_not_sent(db) {
        let mut post = Post::new(&db, Limits::strict()).await;
        let person = &post.people(1)[0];
        post.queue(person.id(), Class::Prompt, Repeat::Never, "good morning").await;
        post.clock.advance(Duration::from_secs(7 * 3600));
        post.passes(Duration::from_secs(1)).await;
        assert_eq!((post.texts(person.id()).len(), post.count("stale").await), (0, 1));
    }

    async fn stopping_finishes_what_is_in_hand(db) {
        let mut post = Post::new(&db, Limits::strict()).await;
        let people = post.people(3);
        for person in &people {
            post.queue(person.id(), Class::Directive, Repeat::Marked, "a directive").await;
        }
        post.passes(Duration::from_millis(40)).await;
        post.courier.finish_in_hand().await.expect("stops");
        assert_eq!(post.count("flight").await, 0);
        post.courier = post.another("second");
        post.passes(Duration::from_secs(3)).await;
        assert!(people.iter().all(|person| post.texts(person.id()).len() == 1));
    }
}
