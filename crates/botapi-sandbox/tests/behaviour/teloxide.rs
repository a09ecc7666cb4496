//! teloxide as a client: its requests are accepted, its types and errors understand the answers.

use teloxide::payloads::{GetUpdatesSetters, SendDocumentSetters, SendMessageSetters};
use teloxide::requests::Requester;
use teloxide::types::{
    AllowedUpdate, BotCommand, ChatId, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, MessageId,
    ParseMode, ReplyParameters, UpdateKind, UserId,
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
