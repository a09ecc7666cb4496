//! Groups: privacy, members, admins, migration, channels, topics.

use botapi_sandbox::{ANONYMOUS_ADMIN, AccountSpec, CHANNEL_FORWARDER, Status};
use chrono::TimeDelta;
use serde_json::json;

use crate::world::World;

#[tokio::test]
async fn with_privacy_a_bot_sees_commands_replies_and_services_only() {
    let world = World::new().await;
    let (ada, bob) = (world.sandbox.account("Ada"), world.sandbox.account("Bob"));
    let other = world.sandbox.add_bot("other_bot", "Other");
    let group = world.sandbox.group("Class", &[&ada, &bob]);
    group.add_bot(&world.bot, &ada);
    assert_eq!(world.kinds().await, ["my_chat_member", "message"]);
    let asked = world.send(group.id(), "Question?").await;
    ada.writes(group.id(), "chatter");
    ada.writes(group.id(), "/status");
    ada.writes(group.id(), "/status@relay_bot now");
    ada.writes(group.id(), "/status@other_bot");
    ada.replies(group.id(), asked, "Answer");
    bob.leaves(&group);
    let updates = world.updates().await;
    let texts: Vec<_> = updates.iter().map(|update| update["message"]["text"].clone()).collect();
    assert_eq!(texts, [json!("/status"), json!("/status@relay_bot now"), json!("Answer"), json!(null)]);
    assert_eq!(updates[2]["message"]["reply_to_message"]["message_id"], asked);
    assert_eq!(updates[3]["message"]["left_chat_member"]["id"], bob.id());
    group.promote(&world.bot);
    ada.writes(group.id(), "chatter");
    assert_eq!(world.kinds().await, ["my_chat_member", "message"]);
    group.demote(&world.bot);
    world.bot.reads_all(true);
    ada.writes(group.id(), "chatter");
    assert_eq!(world.kinds().await, ["my_chat_member", "message"]);
    assert_eq!(world.sandbox.pending_updates(&other), 0);
}

#[tokio::test]
async fn a_startgroup_link_adds_the_bot() {
    let world = World::new().await;
    let ada = world.sandbox.account("Ada");
    let group = world.sandbox.group("Class", &[&ada]);
    ada.opens_link_in("https://t.me/relay_bot?startgroup=abc", &group);
    let updates = world.updates().await;
    assert_eq!(updates[0]["my_chat_member"]["new_chat_member"]["status"], "member");
    assert_eq!(updates[1]["message"]["new_chat_members"][0]["id"], world.bot.id());
    assert_eq!(updates[2]["message"]["text"], "/start@relay_bot abc");
}

#[tokio::test]
async fn members_are_known_one_by_one() {
    let world = World::new().await;
    let (ada, bob) = (world.sandbox.account("Ada"), world.sandbox.account("Bob"));
    let group = world.sandbox.supergroup("Class", &[&ada, &bob]);
    group.add_bot(&world.bot, &ada);
    group.promote(&world.bot);
    world.asks_for_all_kinds().await;
    world.updates().await;
    let chat = json!({ "chat_id": group.id() });
    assert_eq!(world.ok("getChatMemberCount", chat.clone()).await, 3);
    let member = |user: i64| json!({ "chat_id": group.id(), "user_id": user });
    assert_eq!(world.ok("getChatMember", member(ada.id())).await["status"], "creator");
    assert_eq!(world.ok("getChatMember", member(bob.id())).await["status"], "member");
    assert_eq!(world.refused("getChatMember", member(99)).await, "Bad Request: user not found");
    assert_eq!(world.ok("getChatAdministrators", chat.clone()).await.as_array().expect("a list").len(), 2);
    assert_eq!(world.ok("getChat", chat).await["title"], "Class");
    bob.leaves(&group);
    assert_eq!(world.ok("getChatMember", member(bob.id())).await["status"], "left");
    let updates = world.updates().await;
    assert_eq!(updates[0]["chat_member"]["new_chat_member"]["status"], "left");
    assert_eq!(updates[1]["message"]["left_chat_member"]["id"], bob.id());
    bob.joins(&group);
    assert_eq!(world.kinds().await, ["chat_member", "message"]);
    world.ok("banChatMember", member(bob.id())).await;
    assert_eq!(bob.status_in(&group), Status::Kicked);
}

#[tokio::test]
async fn being_removed_has_its_words() {
    let world = World::new().await;
    let ada = world.sandbox.account("Ada");
    let group = world.sandbox.group("Class", &[&ada]);
    let message = || json!({ "chat_id": group.id(), "text": "x" });
    assert_eq!(
        world.refused("sendMessage", message()).await,
        "Forbidden: bot is not a member of the group chat"
    );
    group.add_bot(&world.bot, &ada);
    world.ok("sendMessage", message()).await;
    group.remove_bot(&world.bot, &ada);
    assert_eq!(
        world.refused("sendMessage", message()).await,
        "Forbidden: bot was kicked from the group chat"
    );
    let last = world.updates().await.pop().expect("an update");
    assert_eq!(last["my_chat_member"]["new_chat_member"]["status"], "kicked");
    let super_group = world.sandbox.supergroup("Grade", &[&ada]);
    super_group.add_bot(&world.bot, &ada);
    super_group.remove_bot(&world.bot, &ada);
    let to_super = json!({ "chat_id": super_group.id(), "text": "x" });
    assert_eq!(
        world.refused("sendMessage", to_super).await,
        "Forbidden: bot was kicked from the supergroup chat"
    );
    let left = world.sandbox.group("Left", &[&ada]);
    left.add_bot(&world.bot, &ada);
    world.ok("leaveChat", json!({ "chat_id": left.id() })).await;
    left.add_bot(&world.bot, &ada);
    left.deletes();
    let to_left = json!({ "chat_id": left.id(), "text": "x" });
    assert_eq!(world.refused("sendMessage", to_left).await, "Forbidden: the group chat was deleted");
}

#[tokio::test]
async fn a_group_becomes_a_supergroup() {
    let world = World::new().await;
    let ada = world.sandbox.account("Ada");
    let group = world.sandbox.group("Class", &[&ada]);
    group.add_bot(&world.bot, &ada);
    let markup = json!({ "inline_keyboard": [[{ "text": "OK", "callback_data": "ok" }]] });
    let asked = json!({ "chat_id": group.id(), "text": "x", "reply_markup": markup });
    let asked = world.ok("sendMessage", asked).await["message_id"].as_i64().expect("an id");
    world.updates().await;
    let upgraded = group.upgrade();
    let refusal =
        world.call("sendMessage", json!({ "chat_id": group.id(), "text": "x" })).await.expect_err("refused");
    assert_eq!(refusal.words, "Bad Request: group chat was upgraded to a supergroup chat");
    assert_eq!(refusal.parameters, json!({ "migrate_to_chat_id": upgraded.id() }));
    let updates = world.updates().await;
    assert_eq!(updates[0]["message"]["migrate_to_chat_id"], upgraded.id());
    assert_eq!(updates[1]["message"]["migrate_from_chat_id"], group.id());
    world.send(upgraded.id(), "still here").await;
    ada.presses(group.id(), asked, "OK");
    let press = &world.updates().await[0]["callback_query"];
    assert_eq!(press["message"]["chat"]["id"], group.id());
    group.announce_upgrade();
    assert_eq!(world.kinds().await, ["message", "message"]);
}

#[tokio::test]
async fn some_senders_are_not_people() {
    let world = World::new().await;
    let ada = world.sandbox.account("Ada");
    let robot = world.sandbox.account_with(AccountSpec {
        name: "Robot".to_owned(),
        is_bot: true,
        ..AccountSpec::default()
    });
    let group = world.sandbox.supergroup("Class", &[&ada, &robot]);
    let channel = world.sandbox.channel("News", &[&ada]);
    for chat in [&group, &channel] {
        chat.add_bot(&world.bot, &ada);
        chat.promote(&world.bot);
    }
    world.updates().await;
    ada.writes_as_anonymous(&group, "from the group");
    ada.writes_as_channel(&group, &channel, "from a channel");
    robot.writes(group.id(), "from a bot");
    let post = ada.writes(channel.id(), "a post");
    channel.forwards_post(post, &group);
    let updates = world.updates().await;
    assert_eq!(updates[0]["message"]["from"]["id"], ANONYMOUS_ADMIN);
    assert_eq!(updates[0]["message"]["sender_chat"]["id"], group.id());
    assert_eq!(updates[1]["message"]["sender_chat"]["id"], channel.id());
    assert_eq!(updates[2]["message"]["from"]["is_bot"], true);
    assert_eq!(updates[3]["channel_post"]["text"], "a post");
    assert_eq!(updates[4]["message"]["from"]["id"], CHANNEL_FORWARDER);
    assert_eq!(updates[4]["message"]["is_automatic_forward"], true);
    assert_eq!(updates[4]["message"]["forward_origin"]["type"], "channel");
}

#[tokio::test]
async fn an_admin_bot_can_rename_invite_and_open_topics() {
    let world = World::new().await;
    let ada = world.sandbox.account("Ada");
    let forum = world.sandbox.forum("Class", &[&ada]);
    forum.set_username("class_7");
    forum.add_bot(&world.bot, &ada);
    let rename = json!({ "chat_id": "@class_7", "title": "Class 7" });
    let refusal = world.refused("setChatTitle", rename.clone()).await;
    assert_eq!(refusal, "Bad Request: not enough rights to change chat title");
    forum.promote(&world.bot);
    world.ok("setChatTitle", rename).await;
    assert_eq!(forum.title(), "Class 7");
    let link = world.ok("exportChatInviteLink", json!({ "chat_id": forum.id() })).await;
    assert!(link.as_str().expect("a link").starts_with("https://t.me/+"));
    let topic = world.ok("createForumTopic", json!({ "chat_id": forum.id(), "name": "Notices" })).await;
    let thread = topic["message_thread_id"].as_i64().expect("a thread");
    let sent = json!({ "chat_id": forum.id(), "message_thread_id": thread, "text": "x" });
    world.ok("sendMessage", sent).await;
}

#[tokio::test]
async fn topics_carry_their_thread() {
    let world = World::new().await;
    let ada = world.sandbox.account("Ada");
    let forum = world.sandbox.forum("Class", &[&ada]);
    forum.add_bot(&world.bot, &ada);
    forum.promote(&world.bot);
    let topic = forum.open_topic("Notices", &ada);
    world.updates().await;
    ada.writes_in_topic(&forum, topic, "here");
    let message = world.updates().await.remove(0);
    assert_eq!(message["message"]["message_thread_id"], topic);
    assert_eq!(message["message"]["is_topic_message"], true);
    let sent = json!({ "chat_id": forum.id(), "text": "x", "message_thread_id": topic });
    assert_eq!(world.ok("sendMessage", sent).await["message_thread_id"], topic);
    let nowhere = json!({ "chat_id": forum.id(), "text": "x", "message_thread_id": 999 });
    assert_eq!(world.refused("sendMessage", nowhere).await, "Bad Request: message thread not found");
}

#[tokio::test]
async fn reactions_reach_admins_that_asked() {
    let world = World::new().await;
    let ada = world.sandbox.account("Ada");
    let group = world.sandbox.group("Class", &[&ada]);
    group.add_bot(&world.bot, &ada);
    let id = world.send(group.id(), "x").await;
    ada.reacts(group.id(), id, Some("👍"));
    group.promote(&world.bot);
    ada.reacts(group.id(), id, Some("❤"));
    assert!(!world.kinds().await.contains(&"message_reaction".to_owned()));
    world.asks_for_all_kinds().await;
    ada.reacts(group.id(), id, None);
    let update = &world.updates().await[0]["message_reaction"];
    assert_eq!(update["old_reaction"], json!([{ "type": "emoji", "emoji": "❤" }]));
    assert_eq!(update["new_reaction"], json!([]));
    let reaction =
        json!({ "chat_id": group.id(), "message_id": id, "reaction": [{ "type": "emoji", "emoji": "👀" }] });
    world.ok("setMessageReaction", reaction).await;
    let shown = world.sandbox.message(group.id(), id).expect("shown");
    assert_eq!(shown.reactions, [(world.bot.id(), "👀".to_owned())]);
}

#[tokio::test]
async fn pins_and_deletions_need_rights() {
    let world = World::new().await;
    let ada = world.sandbox.account("Ada");
    let group = world.sandbox.group("Class", &[&ada]);
    group.add_bot(&world.bot, &ada);
    let theirs = ada.writes(group.id(), "x");
    let ours = world.send(group.id(), "y").await;
    let about = |id: i64| json!({ "chat_id": group.id(), "message_id": id });
    assert_eq!(
        world.refused("pinChatMessage", about(ours)).await,
        "Bad Request: not enough rights to manage pinned messages in the chat"
    );
    assert_eq!(world.refused("deleteMessage", about(theirs)).await, "Bad Request: message can't be deleted");
    world.passes(TimeDelta::hours(48));
    assert_eq!(world.refused("deleteMessage", about(ours)).await, "Bad Request: message can't be deleted");
    group.promote(&world.bot);
    world.ok("pinChatMessage", about(ours)).await;
    assert_eq!(world.sandbox.pinned(group.id()), [ours]);
    world.ok("deleteMessage", about(theirs)).await;
    assert!(world.sandbox.message(group.id(), theirs).expect("kept").deleted);
    assert_eq!(
        world.refused("deleteMessage", about(theirs)).await,
        "Bad Request: message to delete not found"
    );
}
