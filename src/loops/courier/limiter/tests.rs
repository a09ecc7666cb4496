use super::*;

const LIMITS: Limits = Limits { per_second: 30, per_chat_per_second: 1, per_group_per_minute: 20 };
const MILLI: Micros = 1000;

/// Sends as fast as the reckoning lets it, with a server that sees each call half a round trip after its start.
/// Returns when the server saw each, and to which chat.
fn drive(limiter: &mut Limiter, chats: &[i64], round_trip: Micros, until: Micros) -> Vec<(Micros, i64)> {
    let (mut now, mut seen, mut flying) = (0, Vec::new(), Vec::<(Micros, Micros, i64)>::new());
    while now < until {
        flying.retain(|(ends, started, chat)| {
            if *ends <= now {
                limiter.end(*chat, true, true, *started, *ends);
            }
            *ends > now
        });
        if limiter.bot_ready(now) == Ready::Now
            && flying.len() < 16
            && let Some(chat) = chats.iter().find(|chat| limiter.chat_ready(**chat, now) == Ready::Now)
        {
            limiter.start(*chat, true, now);
            seen.push((now + round_trip / 2, *chat));
            flying.push((now + round_trip, now, *chat));
        }
        now += MILLI;
    }
    seen
}

fn most_in(seen: &[Micros], length: Micros) -> usize {
    seen.iter()
        .map(|from| seen.iter().filter(|at| (*from..*from + length).contains(*at)).count())
        .max()
        .unwrap_or(0)
}

#[test]
fn many_chats_share_the_whole_rate_and_no_more() {
    for round_trip in [0, 2 * MILLI, 80 * MILLI] {
        let mut limiter = Limiter::new(LIMITS);
        let chats: Vec<i64> = (1..400).collect();
        let seen = drive(&mut limiter, &chats, round_trip, 20 * SECOND);
        let times: Vec<Micros> = seen.iter().map(|(at, _)| *at).collect();
        assert!(most_in(&times, SECOND) <= 30, "round trip {round_trip}");
        assert!(seen.len() as f64 >= 0.98 * 30.0 * 20.0, "{} with round trip {round_trip}", seen.len());
    }
}

#[test]
fn one_chat_gets_one_a_second_and_a_group_twenty_a_minute() {
    for (chat, in_two_minutes) in [(7, 115..=121), (-7, 40..=41)] {
        let mut limiter = Limiter::new(LIMITS);
        let seen = drive(&mut limiter, &[chat], 4 * MILLI, 120 * SECOND);
        let times: Vec<Micros> = seen.iter().map(|(at, _)| *at).collect();
        assert_eq!(most_in(&times, SECOND), 1);
        assert!(chat > 0 || most_in(&times, MINUTE) <= 20);
        assert!(in_two_minutes.contains(&seen.len()), "{} for {chat}", seen.len());
    }
}

#[test]
fn a_restart_remembers_the_last_minute() {
    let mut limiter = Limiter::new(LIMITS);
    for n in 0..20 {
        limiter.remember(-7, -10 * SECOND + n * SECOND / 10);
    }
    assert!(matches!(limiter.chat_ready(-7, 0), Ready::At(at) if at == 50 * SECOND));
    assert_eq!(limiter.chat_ready(-8, 0), Ready::Now);
}

#[test]
fn a_frozen_chat_leaves_the_others_alone() {
    let mut limiter = Limiter::new(LIMITS);
    limiter.start(-7, true, 0);
    limiter.end(-7, true, true, 0, MILLI);
    limiter.refused(-7, 300, MILLI);
    assert_eq!(limiter.chat_ready(-7, SECOND), Ready::At(300 * SECOND + MILLI));
    assert_eq!((limiter.chat_ready(-8, SECOND), limiter.bot_ready(SECOND)), (Ready::Now, Ready::Now));
}

#[test]
fn a_second_chat_that_is_refused_freezes_the_bot_unless_others_were_heard() {
    let refused_twice = |accepted_between: bool| {
        let mut limiter = Limiter::new(LIMITS);
        limiter.refused(-7, 60, 0);
        if accepted_between {
            limiter.accepted(MILLI);
        }
        limiter.refused(-8, 30, SECOND);
        limiter.is_frozen(2 * SECOND)
    };
    assert!(refused_twice(false));
    assert!(!refused_twice(true));
}

#[test]
fn a_hidden_lower_limit_is_found_with_few_refusals() {
    for hidden in [10_usize, 20, 25] {
        let mut limiter = Limiter::new(LIMITS);
        let (mut now, mut accepted, mut refusals, mut chat) = (0, VecDeque::<Micros>::new(), 0, 0);
        let mut total = 0;
        while now < 600 * SECOND {
            if limiter.bot_ready(now) == Ready::Now {
                chat += 1;
                limiter.start(chat, true, now);
                limiter.end(chat, true, true, now, now);
                while accepted.front().is_some_and(|at| *at <= now - SECOND) {
                    accepted.pop_front();
                }
                if accepted.len() < hidden {
                    accepted.push_back(now);
                    limiter.accepted(now);
                    total += 1;
                } else {
                    refusals += 1;
                    limiter.refused(chat, 1, now);
                }
            }
            now += MILLI;
        }
        assert!(refusals <= 5, "{refusals} refusals at {hidden}");
        assert!(f64::from(total) >= 0.9 * hidden as f64 * 600.0, "{total} at {hidden}");
    }
}

#[test]
fn a_call_that_never_left_costs_nothing() {
    let mut limiter = Limiter::new(LIMITS);
    limiter.start(7, true, 0);
    assert_eq!(limiter.chat_ready(7, 0), Ready::AfterCall);
    limiter.end(7, true, false, 0, MILLI);
    assert_eq!(limiter.chat_ready(7, MILLI), Ready::Now);
}
