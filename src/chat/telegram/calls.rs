//! The calls: each a teloxide payload, sent and read by ourselves.

use std::time::Duration;

use reqwest::multipart::{Form, Part};
use serde::Deserialize;
use serde::de::IgnoredAny;
use teloxide::payloads::{
    AnswerCallbackQuery, AnswerCallbackQuerySetters, CopyMessage, DeleteMyCommands, DeleteMyCommandsSetters,
    EditMessageText, EditMessageTextSetters, GetChatMember, GetChatMemberCount, GetMe, GetUpdates,
    GetUpdatesSetters, LeaveChat, SendMessage, SendMessageSetters, SetMyCommands, SetMyCommandsSetters,
};
use teloxide::types::{
    AllowedUpdate, BotCommand, BotCommandScope, ButtonRequest, CallbackQueryId, ChatId, InlineKeyboardButton,
    InlineKeyboardMarkup, KeyboardButton, KeyboardMarkup, KeyboardRemove, LinkPreviewOptions, MessageEntity,
    MessageId, Recipient, ReplyMarkup, ReplyParameters, UserId,
};

use super::client::TelegramChat;
use super::split;
use super::update::MemberAnswer;
use crate::chat::{Calling, Chat, ChatState, Me, MemberState, MenuLine, Poll, Posting, SendError};
use crate::text::{Action, Button, Keyboard, Rendered};

/// The kinds that are asked for. `chat_member` and `message_reaction` come only when they are named.
const WANTED: [AllowedUpdate; 6] = [
    AllowedUpdate::Message,
    AllowedUpdate::EditedMessage,
    AllowedUpdate::CallbackQuery,
    AllowedUpdate::MessageReaction,
    AllowedUpdate::MyChatMember,
    AllowedUpdate::ChatMember,
];

/// How many connections Telegram may use to bring updates: as many as it allows, so that more share a transaction.
const WEBHOOK_CONNECTIONS: u8 = 100;

#[derive(Deserialize)]
struct Sent {
    message_id: i64,
}

/// Where a file lies for an hour.
#[derive(Deserialize)]
struct Found {
    file_path: String,
}

#[derive(Deserialize)]
struct WhoAmI {
    id: i64,
    #[serde(default)]
    username: String,
}

fn to(chat: i64) -> Recipient {
    Recipient::Id(ChatId(chat))
}

/// Telegram's message ids have 32 bits; another number cannot name a message.
fn message_id(id: i64) -> Result<MessageId, SendError> {
    i32::try_from(id).map(MessageId).map_err(|_| SendError::MessageGone)
}

fn user_id(account: i64) -> Result<UserId, SendError> {
    let refused = |_| SendError::Refused { description: "an account's id is not negative".to_owned() };
    u64::try_from(account).map(UserId).map_err(refused)
}

fn no_preview() -> LinkPreviewOptions {
    LinkPreviewOptions {
        is_disabled: true,
        url: None,
        prefer_small_media: false,
        prefer_large_media: false,
        show_above_text: false,
    }
}

/// Mentions by account, which need no username: `tg://user?id=` as an entity.
fn entities(words: &Rendered) -> Result<Vec<MessageEntity>, SendError> {
    let mention = |entity: &crate::text::Entity| {
        let user = teloxide::types::User {
            id: user_id(entity.account)?,
            is_bot: false,
            first_name: String::new(),
            last_name: None,
            username: None,
            language_code: None,
            is_premium: false,
            added_to_attachment_menu: false,
        };
        Ok(MessageEntity::text_mention(user, entity.offset_utf16, entity.length_utf16))
    };
    words.entities.iter().map(mention).collect()
}

fn button(button: &Button) -> Result<InlineKeyboardButton, SendError> {
    let refused = |_| SendError::Refused { description: "a button's address is no URL".to_owned() };
    Ok(match &button.action {
        Action::Data(data) => InlineKeyboardButton::callback(&button.label, data),
        Action::Url(address) => InlineKeyboardButton::url(&button.label, address.parse().map_err(refused)?),
    })
}

fn inline(rows: &[Vec<Button>]) -> Result<InlineKeyboardMarkup, SendError> {
    let rows: Result<Vec<Vec<_>>, _> = rows.iter().map(|row| row.iter().map(button).collect()).collect();
    Ok(InlineKeyboardMarkup::new(rows?))
}

fn markup(keyboard: &Keyboard) -> Result<Option<ReplyMarkup>, SendError> {
    Ok(match keyboard {
        Keyboard::None => None,
        Keyboard::Inline(rows) => Some(ReplyMarkup::InlineKeyboard(inline(rows)?)),
        Keyboard::AskContact { button } => {
            let ask = KeyboardButton::new(button).request(ButtonRequest::Contact);
            Some(ReplyMarkup::Keyboard(KeyboardMarkup::new([[ask]]).resize_keyboard().one_time_keyboard()))
        }
        Keyboard::AskLocation { button } => {
            let ask = KeyboardButton::new(button).request(ButtonRequest::Location);
            Some(ReplyMarkup::Keyboard(KeyboardMarkup::new([[ask]]).resize_keyboard().one_time_keyboard()))
        }
        Keyboard::RemoveReplyKeyboard => Some(ReplyMarkup::KeyboardRemove(KeyboardRemove::new())),
    })
}

/// A file's bytes are not quoted in JSON: a form, as teloxide would make it.
fn document(chat: i64, name: &str, bytes: &[u8]) -> Form {
    let part = Part::bytes(bytes.to_vec()).file_name(name.to_owned());
    Form::new().text("chat_id", chat.to_string()).part("document", part)
}

/// The same for a picture, quietly: it comes with words.
fn picture(chat: i64, png: &[u8]) -> Form {
    let part = Part::bytes(png.to_vec()).file_name("chart.png");
    Form::new().text("chat_id", chat.to_string()).text("disable_notification", "true").part("photo", part)
}

impl TelegramChat {
    async fn send_words(&self, chat: i64, words: &Rendered, how: Posting) -> Result<i64, SendError> {
        let mut payload = SendMessage::new(to(chat), &words.text).link_preview_options(no_preview());
        if !words.entities.is_empty() {
            payload = payload.entities(entities(words)?);
        }
        payload.reply_markup = markup(&words.keyboard)?;
        if how.quiet {
            payload = payload.disable_notification(true);
        }
        if let Some(message) = how.reply_to {
            payload = payload
                .reply_parameters(ReplyParameters::new(message_id(message)?).allow_sending_without_reply());
        }
        let sent: Sent = self.call("sendMessage", &payload, self.options().call).await?;
        Ok(sent.message_id)
    }

    async fn edit_words(&self, chat: i64, message: i64, words: &Rendered) -> Result<(), SendError> {
        let mut payload = EditMessageText::new(to(chat), message_id(message)?, &words.text)
            .link_preview_options(no_preview());
        if !words.entities.is_empty() {
            payload = payload.entities(entities(words)?);
        }
        if let Keyboard::Inline(rows) = &words.keyboard {
            payload = payload.reply_markup(inline(rows)?);
        }
        self.call::<IgnoredAny>("editMessageText", &payload, self.options().call).await.map(drop)
    }

    async fn answer_press(&self, callback: &str, text: &str, alert: bool) -> Result<(), SendError> {
        let mut payload = AnswerCallbackQuery::new(CallbackQueryId(callback.to_owned()));
        if !text.is_empty() {
            payload = payload.text(text).show_alert(alert);
        }
        self.call::<IgnoredAny>("answerCallbackQuery", &payload, self.options().call).await.map(drop)
    }

    async fn copy_message(&self, from_chat: i64, message: i64, to_chat: i64) -> Result<i64, SendError> {
        let payload = CopyMessage::new(to(to_chat), to(from_chat), message_id(message)?);
        let sent: Sent = self.call("copyMessage", &payload, self.options().call).await?;
        Ok(sent.message_id)
    }

    async fn fetch_file(&self, file: &str) -> Result<Vec<u8>, SendError> {
        let payload = serde_json::json!({ "file_id": file });
        let found: Found = self.call("getFile", &payload, self.options().call).await?;
        self.download(&found.file_path).await
    }

    async fn menu(&self, chat: i64, menu: &[MenuLine]) -> Result<(), SendError> {
        let scope = BotCommandScope::Chat { chat_id: to(chat) };
        if menu.is_empty() {
            let payload = DeleteMyCommands::new().scope(scope);
            return self
                .call::<IgnoredAny>("deleteMyCommands", &payload, self.options().call)
                .await
                .map(drop);
        }
        let commands = menu.iter().map(|line| BotCommand::new(&line.command, &line.description));
        let payload = SetMyCommands::new(commands).scope(scope);
        self.call::<IgnoredAny>("setMyCommands", &payload, self.options().call).await.map(drop)
    }

    async fn member(&self, chat: i64, account: i64) -> Result<MemberAnswer, SendError> {
        let payload = GetChatMember::new(to(chat), user_id(account)?);
        self.call("getChatMember", &payload, self.options().call).await
    }

    async fn member_state(&self, chat: i64, account: i64) -> Result<MemberState, SendError> {
        match self.member(chat, account).await {
            Ok(member) => Ok(MemberState { name: member.name(), inside: member.is_inside() }),
            Err(SendError::Refused { description }) if is_nobody(&description) => {
                Ok(MemberState { name: String::new(), inside: false })
            }
            Err(error) => Err(error),
        }
    }

    async fn chat_state(&self, chat: i64) -> Result<ChatState, SendError> {
        let count = GetChatMemberCount::new(to(chat));
        let members = self.call("getChatMemberCount", &count, self.options().call).await?;
        let admin = self.member(chat, self.id()).await?.is_admin();
        Ok(ChatState { members, admin })
    }

    async fn poll(&self, poll: Poll) -> Result<Vec<Vec<u8>>, SendError> {
        let seconds = u32::try_from(poll.timeout.as_secs()).unwrap_or(u32::MAX);
        let mut payload = GetUpdates::new().limit(poll.limit).timeout(seconds).allowed_updates(WANTED);
        payload.offset = i32::try_from(poll.offset).ok();
        let body = self.body("getUpdates", &payload, poll.timeout + Duration::from_secs(15)).await?;
        if let Some(updates) = split::results(&body) {
            return Ok(updates);
        }
        // One update whose brackets do not close spoils the whole answer. Asked for alone, it is taken as it is.
        if poll.limit == 1 && split::update_id(&body).is_some() {
            return Ok(vec![body]);
        }
        Err(SendError::Unclear("updates that cannot be read".to_owned()))
    }

    async fn bring_to(&self, url: &url::Url, secret: &str) -> Result<(), SendError> {
        let payload = serde_json::json!({
            "url": url, "secret_token": secret, "allowed_updates": WANTED, "max_connections": WEBHOOK_CONNECTIONS,
        });
        self.call::<IgnoredAny>("setWebhook", &payload, self.options().call).await.map(drop)
    }
}

/// Telegram does not know this account, or not in this chat.
fn is_nobody(description: &str) -> bool {
    let lower = description.to_lowercase();
    ["user not found", "member not found", "participant_id_invalid", "user_id_invalid"]
        .iter()
        .any(|words| lower.contains(words))
}

impl Chat for TelegramChat {
    fn send<'a>(&'a self, chat: i64, words: &'a Rendered, how: Posting) -> Calling<'a, i64> {
        Box::pin(self.send_words(chat, words, how))
    }

    fn edit<'a>(&'a self, chat: i64, message: i64, words: &'a Rendered) -> Calling<'a, ()> {
        Box::pin(self.edit_words(chat, message, words))
    }

    fn answer<'a>(&'a self, callback: &'a str, text: &'a str, alert: bool) -> Calling<'a, ()> {
        Box::pin(self.answer_press(callback, text, alert))
    }

    fn copy<'a>(&'a self, from_chat: i64, message: i64, to_chat: i64) -> Calling<'a, i64> {
        Box::pin(self.copy_message(from_chat, message, to_chat))
    }

    fn fetch<'a>(&'a self, file: &'a str) -> Calling<'a, Vec<u8>> {
        Box::pin(self.fetch_file(file))
    }

    fn file<'a>(&'a self, chat: i64, name: &'a str, bytes: &'a [u8]) -> Calling<'a, i64> {
        Box::pin(async move {
            let sent: Sent = self.upload("sendDocument", document(chat, name, bytes)).await?;
            Ok(sent.message_id)
        })
    }

    fn photo<'a>(&'a self, chat: i64, png: &'a [u8]) -> Calling<'a, i64> {
        Box::pin(async move {
            let sent: Sent = self.upload("sendPhoto", picture(chat, png)).await?;
            Ok(sent.message_id)
        })
    }

    fn set_menu<'a>(&'a self, chat: i64, menu: &'a [MenuLine]) -> Calling<'a, ()> {
        Box::pin(self.menu(chat, menu))
    }

    fn ask_member(&self, chat: i64, account: i64) -> Calling<'_, MemberState> {
        Box::pin(self.member_state(chat, account))
    }

    fn ask_chat(&self, chat: i64) -> Calling<'_, ChatState> {
        Box::pin(self.chat_state(chat))
    }

    fn leave(&self, chat: i64) -> Calling<'_, ()> {
        Box::pin(async move {
            let payload = LeaveChat::new(to(chat));
            self.call::<IgnoredAny>("leaveChat", &payload, self.options().call).await.map(drop)
        })
    }

    fn updates(&self, poll: Poll) -> Calling<'_, Vec<Vec<u8>>> {
        Box::pin(self.poll(poll))
    }

    fn me(&self) -> Calling<'_, Me> {
        Box::pin(async move {
            let me: WhoAmI = self.call("getMe", &GetMe::new(), self.options().call).await?;
            Ok(Me { id: me.id, username: me.username })
        })
    }

    fn set_webhook<'a>(&'a self, url: &'a url::Url, secret: &'a str) -> Calling<'a, ()> {
        Box::pin(self.bring_to(url, secret))
    }

    fn delete_webhook(&self) -> Calling<'_, ()> {
        Box::pin(async move {
            let payload = serde_json::json!({});
            self.call::<IgnoredAny>("deleteWebhook", &payload, self.options().call).await.map(drop)
        })
    }
}
