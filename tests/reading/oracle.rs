//! S8: on random rosters and directives nobody reads a name that is not theirs to read. The oracle knows
//! nothing of the code: it is the sentence “one's own unit, and one tier down”.

use std::collections::BTreeSet;

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tierline::domain::message::{Message, Verb};

use super::school::{Said, School, name};
use crate::on_both;

/// Who is where, as drawn.
#[derive(Default)]
struct Drawn {
    /// (person, role, unit)
    posts: Vec<(i64, &'static str, i64)>,
    colleges: Vec<i64>,
    /// (class, college)
    classes: Vec<(i64, i64)>,
}

impl Drawn {
    fn members(&self, role: &'static str, unit: i64) -> impl Iterator<Item = i64> {
        self.posts.iter().filter(move |post| post.1 == role && post.2 == unit).map(|post| post.0)
    }

    /// The people of whom this person may read that they are missing.
    fn may_name(&self, person: i64) -> BTreeSet<i64> {
        let mut names = BTreeSet::new();
        for (_, role, unit) in self.posts.iter().filter(|post| post.0 == person) {
            for (class, college) in &self.classes {
                let school = matches!(*role, "leader" | "office") && *unit == 1;
                let own_college = matches!(*role, "leader" | "secretary") && unit == college;
                if school || own_college {
                    names.extend(self.members("counselor", *class));
                }
                if own_college || (*role == "counselor" && unit == class) {
                    names.extend(self.members("student", *class));
                }
            }
        }
        names
    }

    fn reads(&self, person: i64) -> bool {
        let reads = |post: &&(i64, &str, i64)| {
            post.0 == person && matches!(post.1, "leader" | "office" | "secretary" | "counselor" | "auditor")
        };
        self.posts.iter().any(|post| reads(&post))
    }
}

async fn draw(school: &mut School, rng: &mut StdRng) -> Drawn {
    let mut drawn = Drawn::default();
    school.unit(1, None).await;
    for college in 0..rng.random_range(2..4_i64) {
        let college = 10 + college;
        school.unit(college, Some(1)).await;
        drawn.colleges.push(college);
        for class in 0..rng.random_range(1..3_i64) {
            let class = college * 10 + class;
            school.unit(class, Some(college)).await;
            drawn.classes.push((class, college));
        }
    }
    let mut person = 1000;
    let mut add = |posts: &mut Vec<_>, role: &'static str, unit: i64, many: i64| {
        for _ in 0..many {
            person += 1;
            posts.push((person, role, unit));
        }
    };
    for (role, unit) in [("leader", 1), ("office", 1), ("auditor", 1)] {
        add(&mut drawn.posts, role, unit, 1);
    }
    for college in drawn.colleges.clone() {
        add(&mut drawn.posts, "secretary", college, 1);
        add(&mut drawn.posts, "leader", college, rng.random_range(0..2));
    }
    for (class, _) in drawn.classes.clone() {
        add(&mut drawn.posts, "counselor", class, rng.random_range(1..3));
        add(&mut drawn.posts, "student", class, rng.random_range(0..4));
    }
    // Some hold a second post anywhere in the tree.
    for _ in 0..3 {
        let one = drawn.posts[rng.random_range(0..drawn.posts.len())].0;
        let (class, college) = drawn.classes[rng.random_range(0..drawn.classes.len())];
        let post = if rng.random_bool(0.5) { (one, "counselor", class) } else { (one, "secretary", college) };
        if !drawn.posts.contains(&post) {
            drawn.posts.push(post);
        }
    }
    for (person, role, unit) in &drawn.posts {
        school.person(*person, role, *unit).await;
    }
    drawn
}

/// Directives of whoever may issue them, arrived at random, acknowledged at random.
async fn directives(school: &School, drawn: &Drawn, rng: &mut StdRng) {
    for number in 1..4 {
        let origin = if number == 1 { 1 } else { drawn.colleges[rng.random_range(0..drawn.colleges.len())] };
        let role = if origin == 1 { "leader" } else { "secretary" };
        let issuer = drawn.members(role, origin).next().expect("somebody issues");
        let sent = school.issue(number, origin, issuer, 2).await;
        let mut legs = vec![(origin, usize::from(origin != 1))];
        legs.extend(drawn.colleges.iter().filter(|_| origin == 1).map(|college| (*college, 1)));
        let inside = |college: &i64| origin == 1 || *college == origin;
        legs.extend(
            drawn.classes.iter().filter(|(_, college)| inside(college)).map(|(class, _)| (*class, 2)),
        );
        for (place, (unit, tier)) in legs.into_iter().enumerate() {
            if place == 0 || rng.random_bool(0.8) {
                sent.arrives(unit, tier, None, None).await;
            }
        }
        for tier in 0..3 {
            let role = if tier == 1 { "counselor" } else { "student" };
            let people = drawn.posts.iter().filter(|post| post.1 == role).map(|post| post.0);
            let all: Vec<i64> = if tier == 0 { drawn.colleges.clone() } else { people.collect() };
            let some: Vec<i64> = all.into_iter().filter(|_| rng.random_bool(0.3)).collect();
            if !some.is_empty() {
                sent.acked(tier, &some).await;
            }
        }
    }
}

/// Everything this person can get to see: each answer, and all that opens from it.
async fn all_that_is_read(school: &School, person: i64) -> Vec<Said> {
    let mut read = Vec::new();
    for command in ["/track", "/track 1", "/track 2", "/track 3", "/pending", "/status"] {
        for said in school.writes(person, command).await {
            for target in targets(&said.message).into_iter().take(3) {
                let (_, opened) = school.presses(person, &said, Verb::Open, Some(target)).await;
                for deeper in
                    opened.iter().flat_map(|said| targets(&said.message)).take(1).collect::<Vec<_>>()
                {
                    read.extend(school.presses(person, &said, Verb::Open, Some(deeper)).await.1);
                }
                read.extend(opened);
            }
            read.push(said);
        }
    }
    read
}

fn targets(message: &Message) -> Vec<i64> {
    match message {
        Message::Track(track) => track.rows.iter().map(|row| row.leg).collect(),
        Message::TrackList { lines, .. } => lines.iter().map(|line| line.directive).collect(),
        Message::Pending { rows, .. } => rows.iter().map(|row| row.leg).collect(),
        _ => Vec::new(),
    }
}

async fn nobody_reads_too_much(school: &School, drawn: &Drawn) -> usize {
    let people: BTreeSet<i64> = drawn.posts.iter().map(|post| post.0).collect();
    let mut named = 0;
    for person in &people {
        let may = drawn.may_name(*person);
        let read = all_that_is_read(school, *person).await;
        let text =
            serde_json::to_string(&read.iter().map(|said| &said.message).collect::<Vec<_>>()).expect("JSON");
        for other in &people {
            let reads = text.contains(&name(*other));
            assert!(!reads || may.contains(other), "{person} reads {other} in {text}");
            named += usize::from(reads);
        }
        if !drawn.reads(*person) {
            assert!(read.iter().all(|said| matches!(said.message, Message::Refused(_))), "{person}: {text}");
        }
    }
    named
}

on_both! {
    async fn names_are_read_only_by_whom_they_concern(db) {
        let mut rng = StdRng::seed_from_u64(8);
        let mut named = 0;
        for round in 0..2 {
            let mut school = School::empty(&db);
            let drawn = draw(&mut school, &mut rng).await;
            directives(&school, &drawn, &mut rng).await;
            named += nobody_reads_too_much(&school, &drawn).await;
            for table in [
                "DELETE FROM units", "DELETE FROM people", "DELETE FROM roles", "DELETE FROM bindings",
                "DELETE FROM accounts", "DELETE FROM directives", "DELETE FROM legs", "DELETE FROM receipts",
                "DELETE FROM messages", "DELETE FROM outbox", "DELETE FROM inbox",
            ] {
                school.run(table, vec![]).await;
            }
            assert!(round > 0 || named > 0, "the first school has somebody missing whom somebody may name");
        }
        assert!(named > 20, "the oracle saw {named} names: too few to mean anything");
    }
}
