//! Inside the limits in every window, without wasting them (P1, R3).

use std::time::Duration;

use botapi_sandbox::{Call, Effect, Fault, Limits, Scope};
use chrono::TimeDelta;
use tierline::clock::Clock;
use tierline::domain::message::{Class, Repeat};

use super::post::Post;
use crate::on_both;

/// The most accepted calls in any stretch of this length.
fn most_in(calls: &[&Call], length: TimeDelta) -> usize {
    let times: Vec<_> = calls.iter().filter(|call| call.ok).map(|call| call.at).collect();
    let within = |from| times.iter().filter(|at| **at >= from && **at < from + length).count();
    times.iter().map(|from| within(*from)).max().unwrap_or(0)
}

on_both! {
    async fn the_whole_rate_and_no_more(db) {
        let mut post = Post::new(&db, Limits::strict()).await;
        let people = post.people(300);
        post.sandbox.forget_calls();
        let what: Vec<(i64, &str)> = people.iter().map(|person| (person.id(), "good morning")).collect();
        post.queue_many(&what, Class::Prompt, Repeat::Never).await;
        let begun = post.clock.now();
        post.passes(Duration::from_secs(12)).await;
        let sends = post.sends();
        assert_eq!((sends.len(), post.sandbox.too_many_requests()), (300, 0));
        let calls: Vec<&Call> = sends.iter().collect();
        assert!(most_in(&calls, TimeDelta::seconds(1)) <= 30);
        let took = sends.last().expect("calls").at - begun;
        assert!(took <= TimeDelta::milliseconds(10_200), "300 messages at 30 a second took {took}");
        assert_eq!(post.count("done").await, 300);
        assert_eq!(post.sandbox.violations(), []);
    }

    async fn a_group_gets_twenty_a_minute_and_a_person_one_a_second(db) {
        let mut post = Post::new(&db, Limits::strict()).await;
        let (group, person) = (post.group("Class 1"), &post.people(1)[0]);
        let lines: Vec<String> = (0..30).map(|n| format!("line {n}.")).collect();
        for chat in [group.id(), person.id()] {
            let what: Vec<(i64, &str)> = lines.iter().map(|line| (chat, line.as_str())).collect();
            post.queue_many(&what, Class::Directive, Repeat::Marked).await;
        }
        post.passes(Duration::from_secs(31)).await;
        assert_eq!(post.texts(person.id()).len(), 30);
        assert_eq!(post.texts(group.id()).len(), 20);
        post.passes(Duration::from_secs(50)).await;
        let texts = post.texts(group.id());
        assert_eq!(texts.len(), 30);
        assert!(texts.iter().zip(&lines).all(|(text, line)| text.contains(line.as_str())), "the order is kept");
        assert_eq!(post.sandbox.too_many_requests(), 0);
    }

    async fn a_restart_does_not_forget_what_was_sent(db) {
        let mut post = Post::new(&db, Limits::strict()).await;
        let group = post.group("Class 1");
        for n in 0..40 {
            post.queue(group.id(), Class::Directive, Repeat::Marked, &format!("line {n}")).await;
        }
        post.passes(Duration::from_secs(10)).await;
        post.courier.finish_in_hand().await.expect("stops");
        post.courier = post.another("second");
        post.passes(Duration::from_secs(100)).await;
        assert_eq!(post.texts(group.id()).len(), 40);
        assert_eq!(post.sandbox.too_many_requests(), 0);
    }

    async fn a_frozen_group_is_left_alone_and_others_go_on(db) {
        let mut post = Post::new(&db, Limits::strict()).await;
        let (frozen, people) = (post.group("Frozen"), post.people(20));
        let effect = Effect::TooManyRequests { retry_after: 300, scope: Scope::Chat };
        post.sandbox.fault(Fault::sends(effect).chats(&[frozen.id()]).first(1));
        post.queue(frozen.id(), Class::Urgent, Repeat::Marked, "to the group").await;
        let what: Vec<(i64, &str)> = people.iter().map(|person| (person.id(), "to a person")).collect();
        post.queue_many(&what, Class::Directive, Repeat::Marked).await;
        post.passes(Duration::from_secs(2)).await;
        assert!(people.iter().all(|person| post.texts(person.id()).len() == 1));
        post.passes(Duration::from_secs(297)).await;
        let calls = || post.sends().iter().filter(|call| call.chat_id == Some(frozen.id())).count();
        assert_eq!(calls(), 1, "nothing into the frozen group");
        post.passes(Duration::from_secs(3)).await;
        assert_eq!(post.texts(frozen.id()).len(), 1);
        assert_eq!(post.sandbox.too_many_requests(), 1);
    }

    async fn waits_of_all_lengths_are_kept_to_the_second(db) {
        let mut post = Post::new(&db, Limits::strict()).await;
        for wait in [1, 2, 5, 30, 90, 300, 1800, 3600] {
            // One after another: several chats refused at once would mean the whole bot.
            let person = post.people(1).remove(0).id();
            let effect = Effect::TooManyRequests { retry_after: wait, scope: Scope::Chat };
            post.sandbox.fault(Fault::sends(effect).chats(&[person]).first(1));
            post.queue(person, Class::Directive, Repeat::Marked, "to a person").await;
            post.passes(Duration::from_secs(wait.unsigned_abs() + 5)).await;
            let calls: Vec<Call> =
                post.sends().into_iter().filter(|call| call.chat_id == Some(person)).collect();
            assert_eq!(calls.iter().map(|call| call.ok).collect::<Vec<_>>(), [false, true], "{wait} s");
            let waited = calls[1].at - calls[0].at;
            let kept = TimeDelta::seconds(wait)..=TimeDelta::seconds(wait + 2);
            assert!(kept.contains(&waited), "{wait} s asked for, {waited} waited");
            assert!(post.texts(person).iter().all(|text| !text.contains("repeat")), "it never arrived before");
        }
    }

    async fn a_storm_of_429_is_waited_out(db) {
        let mut post = Post::new(&db, Limits::strict()).await;
        let people = post.people(120);
        let from = post.clock.now() + TimeDelta::seconds(1);
        let effect = Effect::TooManyRequests { retry_after: 60, scope: Scope::All };
        post.sandbox.fault(Fault::sends(effect).between(from, from + TimeDelta::seconds(60)));
        let what: Vec<(i64, &str)> = people.iter().map(|person| (person.id(), "good morning")).collect();
        post.queue_many(&what, Class::Prompt, Repeat::Never).await;
        post.passes(Duration::from_secs(61)).await;
        let refused = post.sandbox.too_many_requests();
        assert!((1..=2).contains(&refused), "{refused} calls into the storm");
        post.passes(Duration::from_secs(4)).await;
        assert_eq!(post.count("done").await, 120);
        assert!(people.iter().all(|person| post.texts(person.id()).len() == 1));
    }
}
