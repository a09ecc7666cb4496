//! Every command of every role about what is not theirs, in private and in a foreign group: nothing happens, nothing is told,
//! refusals are kept (S3, S8).

use crate::on_both;
use crate::world::World;
use crate::world::person::Person;

/// All there are, with the arguments that would reach furthest.
const COMMANDS: [&str; 22] = [
    "/directive 越权通知",
    "/track",
    "/track 1",
    "/pending",
    "/status",
    "/remind",
    "/confirm",
    "/signoff",
    "/digest",
    "/export",
    "/export 2026-11-23",
    "/invite",
    "/invite cs11",
    "/register 1111-2222-3333-4444",
    "/members",
    "/contacts",
    "/contacts cs1",
    "/today",
    "/urgent",
    "/checkin",
    "/mydata",
    "/help",
];

/// What nobody who asks here may change.
const FACTS: [&str; 7] = [
    "SELECT COUNT(*) AS x FROM directives WHERE issued_at IS NOT NULL",
    "SELECT COUNT(*) AS x FROM receipts WHERE acked_at IS NOT NULL OR unreached_at IS NOT NULL",
    "SELECT COUNT(*) AS x FROM bindings",
    "SELECT COUNT(*) AS x FROM chats WHERE unit IS NOT NULL",
    "SELECT COUNT(*) AS x FROM invites",
    "SELECT COUNT(*) AS x FROM alerts",
    "SELECT COUNT(*) AS x FROM signs",
];

/// Names and numbers of the class that is asked about.
fn foreign(school: &World) -> Vec<String> {
    let people = ["cs11", "cs12", "cs13"].map(|code| &school.plan.roster.people[code]);
    people.into_iter().flat_map(|person| [person.name.clone(), person.phone.clone()]).collect()
}

async fn facts(school: &World) -> Vec<i64> {
    let mut found = Vec::new();
    for fact in FACTS {
        found.push(school.count(fact).await);
    }
    found
}

/// Gives every command, in private and in this group.
async fn tries_everything(person: &Person, group: i64) {
    for commands in COMMANDS.chunks(4) {
        for command in commands {
            person.account().writes_to(&person.world.bot, command);
            person.account().writes(group, command);
        }
        person.world.settles().await;
    }
}

on_both! {
    async fn no_command_reaches_what_is_not_ones_own(db) {
        let school = World::four_tiers(&db).await;
        school.counselor("cs1").issues("明天交表").to_students().await;
        let class = school.class("cs1");
        let card = class.card();
        let stranger = school.stranger("路人");
        let people = ["m11", "g-m11", "km", "sec-math", "staff", "audit"].map(|code| school.person(code));
        let people: Vec<Person> = people.into_iter().chain([stranger]).collect();
        let accounts: Vec<_> = people.iter().map(Person::account).collect();
        class.group().fill(&accounts.iter().collect::<Vec<_>>());
        school.settles().await;
        let (before, foreign) = (facts(&school).await, foreign(&school));
        let said = school.sandbox.messages(class.id()).len();
        for person in &people {
            tries_everything(person, class.id()).await;
            let read = person.all();
            for foreign in &foreign {
                assert!(!read.contains(foreign.as_str()), "{} reads {foreign}:\n{read}", person.code());
            }
        }
        assert_eq!(facts(&school).await, before);
        for message in school.sandbox.messages(class.id()).iter().skip(said).filter(|m| school.is_ours(m)) {
            assert!(foreign.iter().all(|foreign| !message.text.contains(foreign.as_str())), "{}", message.text);
        }
        assert_eq!(class.card().count(), card.count());
        let refused = school.count("SELECT COUNT(*) AS x FROM audit WHERE act LIKE 'refused.%'").await;
        assert!(refused > 50, "only {refused} refusals were kept");
        school.overlooks("");
        school.ends().await;
    }
}
