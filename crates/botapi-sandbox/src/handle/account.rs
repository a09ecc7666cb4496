//! Acting as a person.

use serde_json::json;

use super::{Bot, Group, PressId, Sandbox};
use crate::acts::{Author, written};
use crate::model::{AccountData, Content, Media, MediaKind, Peer, Status};
use crate::state::State;
use crate::text::{Formatted, clean, recognise};

/// What an account is made of. Only the name is needed.
#[derive(Clone, Debug, Default)]
pub struct AccountSpec {
    /// Chosen by the sandbox if 0.
    pub id: i64,
    /// First name.
    pub name: String,
    /// Last name.
    pub last_name: Option<String>,
    /// Without `@`; unique.
    pub username: Option<String>,
    /// `language_code`, as `en` or `zh-hans`.
    pub language: Option<String>,
    /// With `+`; needed to share the contact.
    pub phone: Option<String>,
    /// What they are, in a few words: shown in the page's list of people, searched there, and told to no bot.
    pub about: Option<String>,
    /// A bot that somebody else runs.
    pub is_bot: bool,
}

/// A person (or somebody else's bot). All methods panic, with the reason, when a person could not do that.
#[derive(Clone, Debug)]
pub struct Account {
    sandbox: Sandbox,
    id: i64,
}

impl Sandbox {
    /// A new account with this first name and a language of `en`.
    #[track_caller]
    pub fn account(&self, name: &str) -> Account {
        self.account_with(AccountSpec {
            name: name.to_owned(),
            language: Some("en".to_owned()),
            ..AccountSpec::default()
        })
    }

    /// A new account.
    #[track_caller]
    pub fn account_with(&self, spec: AccountSpec) -> Account {
        let id = self.act(|state| {
            let id = if spec.id == 0 { 700_000_000 + state.fresh_id() } else { spec.id };
            state.add_account(AccountData {
                id,
                is_bot: spec.is_bot,
                first_name: spec.name,
                last_name: spec.last_name,
                username: spec.username,
                language: spec.language,
                phone: spec.phone,
                about: spec.about,
                deleted: false,
            })
        });
        Account { sandbox: self.clone(), id }
    }

    /// An account made before.
    #[track_caller]
    pub fn account_by_id(&self, id: i64) -> Account {
        assert!(self.look(|state| state.accounts.contains_key(&id)), "there is no account {id}");
        Account { sandbox: self.clone(), id }
    }
}

impl Account {
    /// The id; also the id of the private chat as the bot knows it.
    pub fn id(&self) -> i64 {
        self.id
    }

    #[track_caller]
    fn act<T>(&self, chat_id: i64, act: impl FnOnce(&mut State, Peer) -> Result<T, String>) -> T {
        self.sandbox.act(|state| {
            let peer = state.peer_for(self.id, chat_id)?;
            act(state, peer)
        })
    }

    /// Presses Start: `/start`, or `/start payload` through a link.
    #[track_caller]
    pub fn starts(&self, bot: &Bot, payload: Option<&str>) -> i64 {
        self.sandbox.act(|state| state.start(self.id, bot.id(), payload))
    }

    /// Follows a link to a bot (`https://t.me/<bot>?start=…`).
    #[track_caller]
    pub fn opens_link(&self, link: &str) -> i64 {
        self.sandbox.act(|state| state.open_link(self.id, link, None))
    }

    /// Follows a `?startgroup=` link and chooses the group: the bot joins and gets `/start@bot payload`.
    #[track_caller]
    pub fn opens_link_in(&self, link: &str, group: &Group) -> i64 {
        self.sandbox.act(|state| state.open_link(self.id, link, Some(group.id())))
    }

    /// Writes into a group, or (own id or a bot's id) to a bot. Returns the message's id.
    #[track_caller]
    pub fn writes(&self, chat_id: i64, text: &str) -> i64 {
        self.act(chat_id, |state, peer| state.write(self.id, peer, text))
    }

    /// Writes to a bot in private.
    #[track_caller]
    pub fn writes_to(&self, bot: &Bot, text: &str) -> i64 {
        self.writes(bot.id(), text)
    }

    /// Replies to a message.
    #[track_caller]
    pub fn replies(&self, chat_id: i64, message_id: i64, text: &str) -> i64 {
        self.act(chat_id, |state, peer| {
            state.say(peer, Author::Person(self.id), written(text)?, Some(message_id), None)
        })
    }

    /// Edits an own message; the bot gets `edited_message`.
    #[track_caller]
    pub fn edits(&self, chat_id: i64, message_id: i64, text: &str) {
        self.act(chat_id, |state, peer| state.rewrite(self.id, peer, message_id, text));
    }

    /// Deletes a message; bots are not told.
    #[track_caller]
    pub fn deletes(&self, chat_id: i64, message_id: i64) {
        self.act(chat_id, |state, peer| match state.delete(peer, message_id) {
            true => Ok(()),
            false => Err(format!("there is no message {message_id}")),
        });
    }

    /// Presses the inline button with this label, or else this data.
    #[track_caller]
    pub fn presses(&self, chat_id: i64, message_id: i64, label_or_data: &str) -> PressId {
        PressId(self.act(chat_id, |state, peer| state.press(self.id, peer, message_id, label_or_data)))
    }

    /// Sends a press with any data, as a modified client can; also for messages that are gone.
    #[track_caller]
    pub fn presses_data(&self, chat_id: i64, message_id: i64, data: &str) -> PressId {
        PressId(self.act(chat_id, |state, peer| state.press_data(self.id, peer, message_id, data)))
    }

    /// Taps a button of the reply keyboard shown last: shares the contact or a location if it asks for one, else sends
    /// its words.
    #[track_caller]
    pub fn taps(&self, chat_id: i64, label: &str) -> i64 {
        self.act(chat_id, |state, peer| tap(state, self.id, peer, label))
    }

    /// Reacts with an emoji, or takes the reaction back.
    #[track_caller]
    pub fn reacts(&self, chat_id: i64, message_id: i64, emoji: Option<&str>) {
        self.act(chat_id, |state, peer| state.react(self.id, peer, message_id, emoji));
    }

    /// Shares the own contact (`contact.user_id` is the sender). The account needs a phone.
    #[track_caller]
    pub fn shares_contact(&self, bot: &Bot) -> i64 {
        self.sandbox.act(|state| state.share_contact(self.id, bot.id(), self.id))
    }

    /// Shares somebody else's contact.
    #[track_caller]
    pub fn shares_other_contact(&self, bot: &Bot, whom: &Account) -> i64 {
        self.sandbox.act(|state| state.share_contact(self.id, bot.id(), whom.id))
    }

    /// Shares a contact typed by hand: no `user_id`.
    #[track_caller]
    pub fn shares_typed_contact(&self, bot: &Bot, phone: &str, name: &str) -> i64 {
        let contact = json!({ "phone_number": phone, "first_name": name });
        self.sandbox.act(|state| state.share(self.id, bot.id(), "contact", contact))
    }

    /// Shares a location with a bot.
    #[track_caller]
    pub fn shares_location(&self, bot: &Bot, latitude: f64, longitude: f64) -> i64 {
        let location = json!({ "latitude": latitude, "longitude": longitude });
        self.sandbox.act(|state| state.share(self.id, bot.id(), "location", location))
    }

    /// Sends a voice message to a bot.
    #[track_caller]
    pub fn sends_voice(&self, bot: &Bot) -> i64 {
        let voice = json!({ "file_id": "AwACAgIAAxkDAAIB", "file_unique_id": "AgADAQ", "duration": 3 });
        self.sandbox.act(|state| state.share(self.id, bot.id(), "voice", voice))
    }

    /// Sends a sticker to a bot.
    #[track_caller]
    pub fn sends_sticker(&self, bot: &Bot) -> i64 {
        let sticker = json!({
            "file_id": "CAACAgIAAxkDAAIB", "file_unique_id": "AgADAg", "type": "regular", "width": 512, "height": 512,
            "is_animated": false, "is_video": false,
        });
        self.sandbox.act(|state| state.share(self.id, bot.id(), "sticker", sticker))
    }

    /// Sends a photo.
    #[track_caller]
    pub fn sends_photo(&self, chat_id: i64, name: &str, bytes: &[u8], caption: &str) -> i64 {
        self.sends_file(chat_id, MediaKind::Photo, name, "image/jpeg", bytes, caption)
    }

    /// Sends a document.
    #[track_caller]
    pub fn sends_document(&self, chat_id: i64, name: &str, bytes: &[u8], caption: &str) -> i64 {
        self.sends_file(chat_id, MediaKind::Document, name, mime_of(name), bytes, caption)
    }

    #[track_caller]
    fn sends_file(
        &self,
        chat_id: i64,
        kind: MediaKind,
        name: &str,
        mime: &str,
        bytes: &[u8],
        caption: &str,
    ) -> i64 {
        self.act(chat_id, |state, peer| {
            let file = state.store_file(kind, name, mime, bytes.to_vec().into());
            let mut text = clean(&Formatted { text: caption.to_owned(), entities: Vec::new() });
            recognise(&mut text);
            let media = Some(Media { kind, file });
            let content = Content { text: text.text, entities: text.entities, media, ..Content::default() };
            state.say(peer, Author::Person(self.id), content, None, None)
        })
    }

    /// Forwards a message to another chat.
    #[track_caller]
    pub fn forwards(&self, from_chat: i64, message_id: i64, to_chat: i64) -> i64 {
        self.sandbox.act(|state| {
            let (from, to) = (state.peer_for(self.id, from_chat)?, state.peer_for(self.id, to_chat)?);
            state.forward(self.id, from, message_id, to)
        })
    }

    /// Blocks a bot: it gets `my_chat_member` and from then on 403.
    pub fn blocks(&self, bot: &Bot) {
        self.sandbox.change(|state| state.set_blocked(bot.id(), self.id, true));
    }

    /// Unblocks a bot without writing to it.
    pub fn unblocks(&self, bot: &Bot) {
        self.sandbox.change(|state| state.set_blocked(bot.id(), self.id, false));
    }

    /// Deletes the account: sends to it fail with "user is deactivated". Groups keep a deleted account as member.
    pub fn deletes_account(&self) {
        self.sandbox.change(|state| {
            if let Some(account) = state.accounts.get_mut(&self.id) {
                account.deleted = true;
            }
        });
    }

    /// Joins a group.
    pub fn joins(&self, group: &Group) {
        self.sandbox.change(|state| state.add_member(Peer::Group(group.id()), self.id, self.id));
    }

    /// Leaves a group.
    pub fn leaves(&self, group: &Group) {
        self.sandbox.change(|state| state.remove_member(Peer::Group(group.id()), self.id, self.id));
    }

    /// Writes as an anonymous administrator: the message comes from `GroupAnonymousBot` and the group itself.
    #[track_caller]
    pub fn writes_as_anonymous(&self, group: &Group, text: &str) -> i64 {
        self.act(group.id(), |state, peer| {
            if !state.chat(peer).is_some_and(|chat| chat.status(self.id).is_admin()) {
                return Err(format!("account {} is no administrator of {}", self.id, group.id()));
            }
            state.say(peer, Author::Anonymous, written(text)?, None, None)
        })
    }

    /// Writes into a group as a channel.
    #[track_caller]
    pub fn writes_as_channel(&self, group: &Group, channel: &Group, text: &str) -> i64 {
        self.act(group.id(), |state, peer| {
            state.say(peer, Author::AsChannel(channel.id()), written(text)?, None, None)
        })
    }

    /// Writes into a topic of a forum.
    #[track_caller]
    pub fn writes_in_topic(&self, group: &Group, thread_id: i64, text: &str) -> i64 {
        self.act(group.id(), |state, peer| {
            state.say(peer, Author::Person(self.id), written(text)?, None, Some(thread_id))
        })
    }

    /// The standing of the account in a group.
    pub fn status_in(&self, group: &Group) -> Status {
        self.sandbox.look(|state| {
            state.chat(Peer::Group(group.id())).map_or(Status::Left, |chat| chat.status(self.id))
        })
    }
}

fn mime_of(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).as_deref() {
        Some("pdf") => "application/pdf",
        Some("txt") => "text/plain",
        Some("csv") => "text/csv",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "application/octet-stream",
    }
}

/// Where accounts are that tap a button which asks for their location.
const HERE: (f64, f64) = (30.53786, 114.36431);

pub(crate) fn tap(state: &mut State, person: i64, peer: Peer, label: &str) -> Result<i64, String> {
    let keyboard = state.chat(peer).and_then(|chat| {
        let shown = chat.messages.iter().rev().filter_map(|message| message.markup.as_ref());
        shown.filter_map(|markup| markup.get("keyboard").and_then(|rows| rows.as_array())).next().cloned()
    });
    let buttons = keyboard.into_iter().flatten().filter_map(|row| row.as_array().cloned()).flatten();
    let text = |button: &serde_json::Value| button["text"].as_str().or(button.as_str()).map(str::to_owned);
    let button = buttons.into_iter().find(|button| text(button).as_deref() == Some(label));
    let button = button.ok_or_else(|| format!("no reply keyboard with \"{label}\" is shown"))?;
    let asks = |what: &str| button[what].as_bool() == Some(true);
    match peer {
        Peer::Private { bot, .. } if asks("request_contact") => state.share_contact(person, bot, person),
        Peer::Private { bot, .. } if asks("request_location") => {
            let location = json!({ "latitude": HERE.0, "longitude": HERE.1 });
            state.share(person, bot, "location", location)
        }
        _ => state.write(person, peer, label),
    }
}
