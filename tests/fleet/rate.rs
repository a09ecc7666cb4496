//! Each bot sends at its own limit.

use std::time::Duration;

use botapi_sandbox::Limits;
use tierline::clock::Clock;
use tierline::domain::message::{Class, Repeat};
use tierline::loops::courier::Step;

use crate::delivery::post::Post;
use crate::on_both;

/// Enough for longer than the time that is measured.
const EACH: usize = 400;
const TIME: Duration = Duration::from_secs(12);

on_both! {
    async fn two_bots_send_twice_as_much_in_the_same_time(db) {
        let mut post = Post::new(&db, Limits::strict()).await;
        let second = post.sandbox.add_bot("second_bot", "Second");
        let mut couriers = [post.another("one process"), post.of_bot(&second, "one process")];
        let people = post.people(EACH);
        for person in &people {
            person.starts(&second, None);
        }
        post.sandbox.forget_calls();
        let what: Vec<(i64, &str)> = people.iter().map(|person| (person.id(), "good morning")).collect();
        for bot in [&post.bot, &second] {
            post.queue_by(bot, &what, Class::Prompt, Repeat::Never).await;
        }
        let end = post.clock.elapsed() + TIME;
        while post.clock.elapsed() < end {
            let mut next = end;
            for courier in &mut couriers {
                loop {
                    if let Step::Idle { until } = courier.step().await.expect("a step") {
                        next = next.min(until);
                        break;
                    }
                }
            }
            let wait = next.saturating_sub(post.clock.elapsed());
            post.clock.advance(wait.max(Duration::from_millis(1)));
        }
        let sends = post.sends();
        let by = |bot: i64| sends.iter().filter(|call| call.ok && call.bot == bot).count();
        let (first, second) = (by(post.bot.id()), by(second.id()));
        let one = first.max(second);
        assert!(one <= 30 * 12 + 1, "{one} by one bot in 12 seconds");
        assert!((first + second) as f64 >= 1.9 * one as f64, "{first} and {second}");
        assert!(first.min(second) as f64 >= 0.95 * 360.0, "{first} and {second} of 360 each (P12)");
        assert_eq!(post.sandbox.too_many_requests(), 0);
        post.courier.finish_in_hand().await.expect("stops");
    }
}
