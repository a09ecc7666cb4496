//! A school in one sandbox: many accounts and groups at once.

use botapi_sandbox::{Account, AccountSpec};
use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn a_school_of_20_000_fits() {
    let world = World::new().await;
    let people: Vec<Account> = (1..=20_000)
        .map(|n| {
            world.sandbox.account_with(AccountSpec { id: n, name: format!("P{n}"), ..AccountSpec::default() })
        })
        .collect();
    let owner = world.sandbox.account("Owner");
    let groups: Vec<_> = (0..420)
        .map(|n| {
            let group = world.sandbox.group(&format!("G{n}"), &[&owner]);
            let members: Vec<&Account> = people.iter().skip(n * 47).take(50).collect();
            group.fill(&members);
            group.add_bot(&world.bot, &owner);
            group
        })
        .collect();
    for person in &people {
        person.starts(&world.bot, None);
    }
    assert_eq!(groups[0].members().len(), 52);
    let status = world.ok("getUpdates", json!({ "limit": 1 })).await;
    assert_eq!(status.as_array().expect("a list").len(), 1);
    assert_eq!(world.sandbox.pending_updates(&world.bot), 20_000 + 2 * 420);
    let count = world.ok("getChatMemberCount", json!({ "chat_id": groups[419].id() })).await;
    assert_eq!(count, 52);
}
