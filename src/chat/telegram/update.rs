//! From Telegram's raw JSON to [`Incoming`]: small types of our own that read field by field. What they do not know
//! (an entity, a button, a forward's origin) never loses a text; what is broken is told by its kind (R16).

use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::split;
use crate::domain::callback;
use crate::domain::incoming::{ChatKind, Contact, FileRef, Incoming, Media, Place, Sender, Written};

/// The account behind which administrators hide.
const ANONYMOUS_ADMIN: i64 = 1_087_968_824;
/// The account that forwards a channel's posts into its discussion group.
const CHANNEL_FORWARDER: i64 = 777_000;
/// The account behind which channels write.
const CHANNEL_WRITER: i64 = 136_817_688;
/// The longest kind that is kept; longer ones are nobody's.
const LONGEST_KIND: usize = 32;

/// A raw update, reduced.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// Telegram's number; `None` when there is none that can be read.
    pub update_id: Option<i64>,
    /// The name of what it carries: `message`, `callback_query`, or `unreadable`.
    pub kind: String,
    /// What it says; `None` when its shape is broken.
    pub incoming: Option<Incoming>,
}

/// Reads one update.
pub fn parse(raw: &[u8]) -> Parsed {
    let Ok(update) = serde_json::from_slice::<Update>(raw) else {
        return Parsed { update_id: split::update_id(raw), kind: "unreadable".to_owned(), incoming: None };
    };
    let update_id = update.update_id;
    let (kind, incoming) = update.reduce(raw);
    Parsed { update_id, kind, incoming }
}

/// Reads what fits and takes anything else as absent.
fn lenient<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Maybe<T> {
        Is(T),
        Else(IgnoredAny),
    }
    Ok(match Maybe::deserialize(from)? {
        Maybe::Is(value) => Some(value),
        Maybe::Else(_) => None,
    })
}

macro_rules! lenient_struct {
    ($(#[$meta:meta])* $vis:vis struct $name:ident { $($(#[$attr:meta])* $field:ident: $kind:ty,)* }) => {
        $(#[$meta])*
        #[derive(Deserialize, Default)]
        $vis struct $name {
            $($(#[$attr])* #[serde(default, deserialize_with = "lenient")] $field: Option<$kind>,)*
        }
    };
}

lenient_struct! {
    struct Update {
        update_id: i64,
        message: Message,
        edited_message: Message,
        callback_query: Callback,
        message_reaction: Reaction,
        my_chat_member: StateChange,
        chat_member: StateChange,
    }
}

lenient_struct! {
    struct User {
        id: i64,
        is_bot: bool,
        first_name: String,
        last_name: String,
    }
}

lenient_struct! {
    struct Chat {
        id: i64,
        #[serde(rename = "type")]
        kind: String,
        title: String,
    }
}

lenient_struct! {
    struct Message {
        message_id: i64,
        chat: Chat,
        from: User,
        sender_chat: Chat,
        text: String,
        caption: String,
        document: Value,
        photo: Value,
        video: Value,
        voice: Value,
        audio: Value,
        animation: Value,
        video_note: Value,
        sticker: IgnoredAny,
        poll: IgnoredAny,
        dice: IgnoredAny,
        game: IgnoredAny,
        story: IgnoredAny,
        reply_to_message: Box<Message>,
        reply_markup: Markup,
        via_bot: IgnoredAny,
        forward_origin: IgnoredAny,
        forward_date: IgnoredAny,
        forum_topic_created: IgnoredAny,
        contact: SharedContact,
        location: Location,
        new_chat_members: Vec<User>,
        left_chat_member: User,
        migrate_to_chat_id: i64,
        migrate_from_chat_id: i64,
    }
}

lenient_struct! {
    struct Markup {
        inline_keyboard: Vec<Vec<MarkupButton>>,
    }
}

lenient_struct! {
    struct MarkupButton {
        callback_data: String,
    }
}

lenient_struct! {
    struct SharedContact {
        phone_number: String,
        user_id: i64,
    }
}

lenient_struct! {
    struct Location {
        latitude: f64,
        longitude: f64,
    }
}

lenient_struct! {
    struct Callback {
        id: String,
        from: User,
        message: Message,
        data: String,
    }
}

lenient_struct! {
    struct Reaction {
        chat: Chat,
        message_id: i64,
        user: User,
        new_reaction: Vec<Emoji>,
    }
}

lenient_struct! {
    struct Emoji {
        emoji: String,
    }
}

lenient_struct! {
    struct StateChange {
        chat: Chat,
        from: User,
        new_chat_member: MemberAnswer,
    }
}

lenient_struct! {
    /// A `ChatMember`, also as `getChatMember` answers it.
    pub(super) struct MemberAnswer {
        status: String,
        user: User,
        is_member: bool,
    }
}

impl MemberAnswer {
    /// In the chat, restricted or not.
    pub(super) fn is_inside(&self) -> bool {
        match self.status.as_deref() {
            Some("creator" | "administrator" | "member") => true,
            Some("restricted") => self.is_member.unwrap_or(true),
            _ => false,
        }
    }

    /// An administrator, or who made the chat.
    pub(super) fn is_admin(&self) -> bool {
        matches!(self.status.as_deref(), Some("creator" | "administrator"))
    }

    /// The name that the account shows.
    pub(super) fn name(&self) -> String {
        self.user.as_ref().map(User::name).unwrap_or_default()
    }
}

impl User {
    fn name(&self) -> String {
        let parts = [self.first_name.as_deref(), self.last_name.as_deref()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ").trim().to_owned()
    }

    fn sender(&self) -> Option<Sender> {
        Some(Sender { account: self.id?, name: self.name(), is_bot: self.is_bot.unwrap_or(false) })
    }
}

impl Chat {
    fn place(&self) -> Option<Place> {
        let kind = match self.kind.as_deref()? {
            "private" => ChatKind::Private,
            "group" => ChatKind::Group,
            "supergroup" => ChatKind::Supergroup,
            "channel" => ChatKind::Channel,
            _ => return None,
        };
        Some(Place { chat: self.id?, kind, title: self.title.clone().unwrap_or_default() })
    }
}

impl Message {
    fn words(&self) -> String {
        self.text.as_ref().or(self.caption.as_ref()).cloned().unwrap_or_default()
    }

    fn media(&self) -> Option<Media> {
        let others = [&self.video, &self.voice, &self.audio, &self.animation, &self.video_note];
        let unfit = [&self.sticker, &self.poll, &self.dice, &self.game, &self.story];
        if self.photo.is_some() {
            Some(Media::Photo)
        } else if others.iter().any(|media| media.is_some()) {
            Some(Media::Other)
        } else if self.document.is_some() {
            Some(Media::Document)
        } else {
            unfit.iter().any(|media| media.is_some()).then_some(Media::Unfit)
        }
    }

    /// By what its media can be fetched; of a photo the largest size.
    fn file(&self) -> Option<FileRef> {
        let photo = self.photo.as_ref().and_then(Value::as_array).and_then(|sizes| sizes.last());
        let others = [&self.document, &self.video, &self.voice, &self.audio, &self.animation];
        let all = photo.into_iter().chain(others.into_iter().flatten()).chain(&self.video_note);
        let (at, file) = all.enumerate().find(|(_, file)| file["file_id"].is_string())?;
        let usual = if at == 0 && photo.is_some() { "photo.jpg" } else { "file" };
        let name = file["file_name"].as_str().unwrap_or(usual).to_owned();
        Some(FileRef { id: file["file_id"].as_str()?.to_owned(), name })
    }

    /// Who wrote it, if that is a person (S5). A message in a person's name that also names a chat is the chat's.
    fn sender(&self) -> Option<Sender> {
        if self.sender_chat.is_some() {
            return None;
        }
        let nobody = [ANONYMOUS_ADMIN, CHANNEL_FORWARDER, CHANNEL_WRITER];
        self.from.as_ref()?.sender().filter(|sender| !nobody.contains(&sender.account))
    }

    /// In a forum every message of a topic replies to the message that opened it: no reply that somebody meant.
    fn reply(&self) -> Option<&Message> {
        self.reply_to_message.as_deref().filter(|reply| reply.forum_topic_created.is_none())
    }

    /// Which bot wrote it, and the handle in its buttons: our own name for it. What one bot wrote through another's
    /// account says nothing.
    fn handle(&self) -> Option<(i64, i64)> {
        let bot = self.from.as_ref().filter(|from| from.is_bot == Some(true) && self.via_bot.is_none())?.id?;
        let rows = self.reply_markup.as_ref()?.inline_keyboard.as_ref()?;
        let data = rows.iter().flatten().filter_map(|button| button.callback_data.as_deref());
        let (_, handle, _) = data.filter_map(callback::parse).next()?;
        Some((bot, handle))
    }

    fn reduce(&self, edited: bool) -> Option<Incoming> {
        let place = self.chat.as_ref()?.place()?;
        if let Some(to) = self.migrate_to_chat_id {
            return Some(Incoming::Migrated { from: place.chat, to });
        }
        if let Some(from) = self.migrate_from_chat_id {
            return Some(Incoming::Migrated { from, to: place.chat });
        }
        if let Some(incoming) = self.membership(&place) {
            return Some(incoming);
        }
        let reply = self.reply();
        let point = self.location.as_ref().and_then(|point| Some((point.latitude?, point.longitude?)));
        Some(Incoming::Written(Box::new(Written {
            message: self.message_id?,
            sender: self.sender(),
            text: self.words(),
            media: self.media(),
            file: self.file(),
            reply_to: reply.and_then(|reply| reply.message_id),
            reply_text: reply.map(Message::words).unwrap_or_default(),
            reply_media: reply.and_then(Message::media),
            reply_file: reply.and_then(Message::file),
            reply_handle: reply.and_then(Message::handle),
            contact: self.contact.as_ref().and_then(|contact| {
                Some(Contact { phone: contact.phone_number.clone()?, account: contact.user_id })
            }),
            location: point,
            forwarded: self.forward_origin.is_some() || self.forward_date.is_some(),
            edited,
            place,
        })))
    }

    /// Service messages about who came and went. Of several at once the first is told; each also comes as
    /// `chat_member` where the bot is an administrator.
    fn membership(&self, place: &Place) -> Option<Incoming> {
        let came = self.new_chat_members.as_ref().and_then(|members| members.first()?.sender());
        let left = self.left_chat_member.as_ref().and_then(User::sender);
        let (member, inside) = came.map(|member| (member, true)).or(left.map(|member| (member, false)))?;
        Some(Incoming::MemberState { place: place.clone(), member, inside })
    }
}

impl Callback {
    fn reduce(self) -> Option<Incoming> {
        let message = self.message.unwrap_or_default();
        Some(Incoming::Pressed {
            callback: self.id?,
            sender: self.from?.sender()?,
            place: message.chat.as_ref().and_then(Chat::place),
            message: message.message_id.unwrap_or_default(),
            data: self.data.unwrap_or_default(),
        })
    }
}

impl Reaction {
    fn reduce(self) -> Option<Incoming> {
        let thumbs_up =
            |emoji: &Emoji| emoji.emoji.as_deref().is_some_and(|emoji| emoji.starts_with('\u{1f44d}'));
        Some(Incoming::Reacted {
            place: self.chat?.place()?,
            message: self.message_id?,
            sender: self.user.as_ref().and_then(User::sender),
            thumbs_up: self.new_reaction.unwrap_or_default().iter().any(thumbs_up),
        })
    }
}

impl StateChange {
    fn own(self) -> Option<Incoming> {
        let state = self.new_chat_member?;
        Some(Incoming::OwnState {
            place: self.chat?.place()?,
            sender: self.from?.sender()?,
            inside: state.is_inside(),
            admin: state.is_admin(),
        })
    }

    fn other(self) -> Option<Incoming> {
        let state = self.new_chat_member?;
        let member = state.user.as_ref()?.sender()?;
        Some(Incoming::MemberState { place: self.chat?.place()?, member, inside: state.is_inside() })
    }
}

impl Update {
    fn reduce(self, raw: &[u8]) -> (String, Option<Incoming>) {
        let known: (&str, Option<Incoming>) = if let Some(message) = self.message {
            ("message", message.reduce(false))
        } else if let Some(message) = self.edited_message {
            ("edited_message", message.reduce(true))
        } else if let Some(callback) = self.callback_query {
            ("callback_query", callback.reduce())
        } else if let Some(reaction) = self.message_reaction {
            ("message_reaction", reaction.reduce())
        } else if let Some(change) = self.my_chat_member {
            ("my_chat_member", change.own())
        } else if let Some(change) = self.chat_member {
            ("chat_member", change.other())
        } else {
            return other_kind(raw);
        };
        (known.0.to_owned(), known.1)
    }
}

/// A kind that is not taken apart: ignored when it is well-formed, broken when it is one of ours in a wrong shape.
fn other_kind(raw: &[u8]) -> (String, Option<Incoming>) {
    const OURS: [&str; 6] =
        ["message", "edited_message", "callback_query", "message_reaction", "my_chat_member", "chat_member"];
    let object: Option<serde_json::Map<String, Value>> = from_slice(raw);
    let kind =
        object.and_then(|object| object.into_iter().map(|(key, _)| key).find(|key| key != "update_id"));
    let is_word = |kind: &String| {
        (1..=LONGEST_KIND).contains(&kind.len())
            && kind.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    };
    match kind.filter(is_word) {
        Some(kind) if OURS.contains(&kind.as_str()) => (kind, None),
        Some(kind) => (kind, Some(Incoming::Ignored)),
        None => ("unknown".to_owned(), None),
    }
}

fn from_slice<T: DeserializeOwned>(raw: &[u8]) -> Option<T> {
    serde_json::from_slice(raw).ok()
}

#[cfg(test)]
mod tests;
