//! Accounts, chats and messages as the Bot API shows them.

use serde_json::{Map, Value, json};

use crate::model::*;
use crate::state::State;
use crate::text::entities_json;

impl State {
    /// A `User`.
    pub fn user_json(&self, id: i64) -> Value {
        let Some(account) = self.accounts.get(&id) else {
            return json!({ "id": id, "is_bot": false, "first_name": "" });
        };
        let mut user = json!({ "id": id, "is_bot": account.is_bot, "first_name": account.first_name });
        if account.deleted {
            user["first_name"] = json!("");
            return user;
        }
        set(&mut user, "last_name", account.last_name.as_deref());
        set(&mut user, "username", account.username.as_deref());
        set(&mut user, "language_code", account.language.as_deref());
        user
    }

    /// A `Chat`.
    pub fn chat_json(&self, peer: Peer) -> Value {
        match peer {
            Peer::Private { user, .. } => {
                let mut chat = json!({ "id": user, "type": "private" });
                if let Some(account) = self.accounts.get(&user).filter(|account| !account.deleted) {
                    chat["first_name"] = json!(account.first_name);
                    set(&mut chat, "last_name", account.last_name.as_deref());
                    set(&mut chat, "username", account.username.as_deref());
                }
                chat
            }
            Peer::Group(id) => {
                let Some(data) = self.chat(peer) else {
                    return json!({ "id": id, "type": "group", "title": "" });
                };
                let mut chat = json!({ "id": id, "type": data.kind.name(), "title": data.title });
                set(&mut chat, "username", data.username.as_deref());
                if data.forum {
                    chat["is_forum"] = json!(true);
                }
                chat
            }
        }
    }

    /// A `ChatMember`.
    pub fn member_json(&self, account: i64, status: Status) -> Value {
        let mut member = json!({ "status": status.name(), "user": self.user_json(account) });
        match status {
            Status::Creator => member["is_anonymous"] = json!(false),
            Status::Kicked => member["until_date"] = json!(0),
            Status::Administrator => {
                for right in ADMIN_RIGHTS {
                    member[right] = json!(true);
                }
                for missing in ["can_be_edited", "is_anonymous", "can_promote_members"] {
                    member[missing] = json!(false);
                }
            }
            Status::Member | Status::Left => {}
        }
        member
    }

    /// A `Message`; `deep` adds the message it replies to.
    pub fn message_json(&self, peer: Peer, message: &Message, deep: bool) -> Value {
        let mut json = Map::new();
        json.insert("message_id".into(), json!(message.id));
        if let Some(from) = message.from {
            json.insert("from".into(), self.user_json(from));
        }
        if let Some(sender) = message.sender_chat {
            json.insert("sender_chat".into(), self.chat_json(Peer::Group(sender)));
        }
        json.insert("date".into(), json!(message.date));
        json.insert("chat".into(), self.chat_json(peer));
        if let Some(at) = message.edit_date {
            json.insert("edit_date".into(), json!(at));
        }
        if let Some(thread) = message.thread {
            json.insert("message_thread_id".into(), json!(thread));
            json.insert("is_topic_message".into(), json!(true));
        }
        if message.automatic_forward {
            json.insert("is_automatic_forward".into(), json!(true));
        }
        if let Some(origin) = &message.origin {
            json.insert("forward_origin".into(), Value::clone(origin));
        }
        if let Some(group) = &message.media_group {
            json.insert("media_group_id".into(), json!(&**group));
        }
        let replied = message.reply_to.filter(|_| deep);
        if let Some(to) = replied.and_then(|id| self.chat(peer).and_then(|chat| chat.message(id))) {
            json.insert("reply_to_message".into(), self.message_json(peer, to, false));
        }
        content_json(&message.content, &mut json);
        if message.inline_keyboard().is_some()
            && let Some(markup) = &message.markup
        {
            json.insert("reply_markup".into(), Value::clone(markup));
        }
        Value::Object(json)
    }

    /// A message as a bot gets it back from a send or edit.
    pub fn sent_json(&self, peer: Peer, id: i64) -> Value {
        match self.chat(peer).and_then(|chat| chat.any_message(id)) {
            Some(message) => self.message_json(peer, message, true),
            None => Value::Null,
        }
    }
}

const ADMIN_RIGHTS: [&str; 11] = [
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
];

fn set(object: &mut Value, key: &str, value: Option<&str>) {
    if let Some(value) = value {
        object[key] = json!(value);
    }
}

fn content_json(content: &Content, json: &mut Map<String, Value>) {
    for (name, value) in &content.fields {
        json.insert(name.clone(), value.clone());
    }
    let (text, entities) = match &content.media {
        Some(media) => {
            json.insert(media.name().into(), media_json(media));
            ("caption", "caption_entities")
        }
        None => ("text", "entities"),
    };
    if !content.text.is_empty() {
        json.insert(text.into(), json!(content.text));
    }
    if !content.entities.is_empty() {
        json.insert(entities.into(), entities_json(&content.entities));
    }
}

impl Media {
    /// The field of a message that holds it.
    pub fn name(&self) -> &'static str {
        match self.kind {
            MediaKind::Photo => "photo",
            MediaKind::Document => "document",
        }
    }
}

fn media_json(media: &Media) -> Value {
    let file = &media.file;
    let (id, unique, size) = (&file.id, file.unique_id(), file.bytes.len());
    match media.kind {
        MediaKind::Photo => json!([
            { "file_id": id, "file_unique_id": unique, "file_size": size, "width": 320, "height": 240 },
            { "file_id": id, "file_unique_id": unique, "file_size": size, "width": 800, "height": 600 },
        ]),
        MediaKind::Document => json!({
            "file_id": id, "file_unique_id": unique, "file_size": size, "file_name": file.name, "mime_type": file.mime,
        }),
    }
}

impl FileData {
    /// The part of the id that is the same for every bot.
    pub fn unique_id(&self) -> String {
        format!("AQAD{}", self.id.trim_start_matches(|c: char| !c.is_ascii_digit()))
    }

    /// Where `getFile` says it can be downloaded.
    pub fn path(&self) -> String {
        let folder = if self.kind == MediaKind::Photo { "photos" } else { "documents" };
        let extension = self.name.rsplit_once('.').map_or("bin", |(_, extension)| extension);
        format!("{folder}/{}.{extension}", self.id)
    }
}
