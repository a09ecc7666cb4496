//! teloxide as a client: its requests are accepted, its types and errors understand the answers.

use botapi_sandbox::AccountSpec;
use teloxide::payloads::{GetUpdatesSetters, SendDocumentSetters, SendMessageSetters};
use teloxide::requests::Requester;
use teloxide::types::{
    AllowedUpdate, BotCommand, ChatId, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, MessageId,
    MessageKind, ParseMode, ReplyParameters, UpdateKind, UserId,
};
use teloxide::{ApiError, Bot, RequestError};

use crate::world::World;

fn client(world: &World) -> Bot {
    let url = world.sandbox.api_url().parse().expect("a URL");
    Bot::with_client(world.bot.token(), world.client.clone()).set_api_url(url)
}

fn api_error<T: std::fmt::Debug>(result: Result<T, RequestError>) -> ApiError {
    match result {
        Err(RequestError::Api(error)) => error,
        other => panic!("no error of the API: {other:?}"),
    }
}

#[tokio::test]
async fn requests_and_types_fit() {
    let world = World::new().await;
    let bot = client(&world);
    let ada = world.sandbox.account("Ada");
    let chat = ChatId(ada.id());
    ada.starts(&world.bot, Some("x"));
    assert_eq!(bot.get_me().await.expect("me").username(), "relay_bot");
    let keyboard = InlineKeyboardMarkup::new([[InlineKeyboardButton::callback("OK", "ok")]]);
    let sent = bot
        .send_message(chat, "<b>收到?</b>")
        .parse_mode(ParseMode::Html)
        .reply_parameters(ReplyParameters::new(MessageId(1)))
        .reply_markup(keyboard)
        .await
        .expect("sent");
    assert_eq!(sent.text(), Some("收到?"));
    assert_eq!(sent.reply_to_message().and_then(|message| message.text()), Some("/start x"));
    ada.presses(ada.id(), i64::from(sent.id.0), "OK");
    let kinds = [AllowedUpdate::Message, AllowedUpdate::CallbackQuery, AllowedUpdate::MyChatMember];
    let updates = bot.get_updates().allowed_updates(kinds).await.expect("updates");
    assert!(matches!(&updates[0].kind, UpdateKind::Message(message) if message.text() == Some("/start x")));
    let UpdateKind::CallbackQuery(press) = &updates[1].kind else { panic!("no press: {:?}", updates[1]) };
    bot.answer_callback_query(press.id.clone()).await.expect("answered");
    bot.edit_message_text(chat, sent.id, "done").await.expect("edited");
    let file = InputFile::memory("a,b").file_name("list.csv");
    let document = bot.send_document(chat, file).caption("list").await.expect("uploaded");
    assert_eq!(document.document().and_then(|file| file.file_name.as_deref()), Some("list.csv"));
    bot.copy_message(chat, chat, document.id).await.expect("copied");
    bot.set_my_commands([BotCommand::new("help", "What I can do")]).await.expect("set");
    assert!(world.sandbox.violations().is_empty(), "{:?}", world.sandbox.violations());
}

#[tokio::test]
async fn groups_fit() {
    let world = World::new().await;
    let bot = client(&world);
    let ada = world.sandbox.account("Ada");
    let group = world.sandbox.supergroup("Class", &[&ada]);
    group.add_bot(&world.bot, &ada);
    group.promote(&world.bot);
    let chat = ChatId(group.id());
    let me = UserId(world.bot.id() as u64);
    assert!(bot.get_chat_member(chat, me).await.expect("a member").kind.is_administrator());
    assert_eq!(bot.get_chat_member_count(chat).await.expect("a number"), 2);
    assert_eq!(bot.get_chat(chat).await.expect("a chat").title(), Some("Class"));
    assert_eq!(bot.get_chat_administrators(chat).await.expect("a list").len(), 2);
    let updates = bot.get_updates().await.expect("updates");
    assert!(updates.iter().all(|update| !matches!(update.kind, UpdateKind::Error(_))), "{updates:?}");
    assert!(matches!(updates[0].kind, UpdateKind::MyChatMember(_)));
    assert!(bot.get_webhook_info().await.expect("an answer").url.is_none());
}

/// teloxide turns a message it does not understand into an empty one, silently.
#[tokio::test]
async fn no_message_comes_out_empty() {
    let world = World::new().await;
    let spec = |name: &str, phone: &str| AccountSpec {
        name: name.to_owned(),
        phone: Some(phone.to_owned()),
        ..AccountSpec::default()
    };
    let (ada, bob) =
        (world.sandbox.account_with(spec("Ada", "+1")), world.sandbox.account_with(spec("Bob", "+2")));
    let group = world.sandbox.group("Class", &[&ada]);
    let forum = world.sandbox.forum("Forum", &[&ada]);
    let channel = world.sandbox.channel("News", &[&ada]);
    for chat in [&group, &forum, &channel] {
        chat.add_bot(&world.bot, &ada);
        chat.promote(&world.bot);
    }
    ada.shares_contact(&world.bot);
    ada.shares_location(&world.bot, 1.0, 2.0);
    let photo = ada.sends_photo(ada.id(), "a.jpg", b"x", "/caption me@example.org #tag https://example.org");
    ada.forwards(ada.id(), photo, group.id());
    bob.joins(&group);
    bob.leaves(&group);
    group.rename("Class 2", &ada);
    ada.writes_as_anonymous(&group, "x");
    ada.writes_as_channel(&group, &channel, "x");
    let post = ada.writes(channel.id(), "x");
    channel.forwards_post(post, &group);
    let topic = forum.open_topic("Topic", &ada);
    ada.writes_in_topic(&forum, topic, "x");
    group.upgrade();
    let updates = client(&world).get_updates().await.expect("updates");
    assert_eq!(updates.len(), world.sandbox.pending_updates(&world.bot));
    for update in &updates {
        match &update.kind {
            UpdateKind::Error(value) => panic!("teloxide does not understand {value}"),
            UpdateKind::Message(message) | UpdateKind::ChannelPost(message) => {
                assert!(!matches!(message.kind, MessageKind::Empty {}), "{message:?}");
            }
            _ => {}
        }
    }
    let photo_seen =
        updates.iter().any(|update| matches!(&update.kind, UpdateKind::Message(m) if m.photo().is_some()));
    assert!(photo_seen);
}

#[tokio::test]
async fn errors_are_the_ones_it_knows() {
    let world = World::new().await;
    let bot = client(&world);
    let ada = world.sandbox.account("Ada");
    let chat = ChatId(ada.id());
    ada.starts(&world.bot, None);
    let sent = bot.send_message(chat, "x").await.expect("sent").id;
    assert_eq!(api_error(bot.edit_message_text(chat, sent, "x").await), ApiError::MessageNotModified);
    assert_eq!(
        api_error(bot.edit_message_text(chat, MessageId(9), "y").await),
        ApiError::MessageToEditNotFound
    );
    assert_eq!(
        api_error(bot.edit_message_text(chat, MessageId(1), "y").await),
        ApiError::MessageCantBeEdited
    );
    assert_eq!(
        api_error(bot.edit_message_text(chat, sent, "y".repeat(4097)).await),
        ApiError::EditedMessageIsTooLong
    );
    assert_eq!(api_error(bot.send_message(chat, "y".repeat(4097)).await), ApiError::MessageIsTooLong);
    assert_eq!(api_error(bot.send_message(chat, " ").await), ApiError::MessageTextIsEmpty);
    assert_eq!(api_error(bot.delete_message(chat, MessageId(9)).await), ApiError::MessageToDeleteNotFound);
    assert_eq!(api_error(bot.copy_message(chat, chat, MessageId(9)).await), ApiError::MessageToCopyNotFound);
    assert_eq!(api_error(bot.send_message(ChatId(1), "x").await), ApiError::ChatNotFound);
    let unclosed = bot.send_message(chat, "<b>x").parse_mode(ParseMode::Html).await;
    assert!(matches!(api_error(unclosed), ApiError::CantParseEntities(_)));
    ada.blocks(&world.bot);
    assert_eq!(api_error(bot.send_message(chat, "x").await), ApiError::BotBlocked);
    ada.deletes_account();
    assert_eq!(api_error(bot.send_message(chat, "x").await), ApiError::UserDeactivated);
    let group = world.sandbox.group("Class", &[&world.sandbox.account("Bob")]);
    group.promote(&world.bot);
    let new = group.upgrade().id();
    let moved = bot.send_message(ChatId(group.id()), "x").await;
    assert!(matches!(moved, Err(RequestError::MigrateToChatId(ChatId(id))) if id == new), "{moved:?}");
}
