//! Looking at what people see, and at what bots did.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde_json::Value;
use tokio::sync::broadcast;

use super::{Bot, Sandbox};
use crate::model::{Chat, Message, Peer, PressAnswer};
use crate::state::{Call, Event, State, Violation};
use crate::text::Entity;

/// A press, to look up its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PressId(pub(crate) u64);

/// An inline button as shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Button {
    /// Words on it.
    pub label: String,
    /// `callback_data`.
    pub data: Option<String>,
    /// Link.
    pub url: Option<String>,
}

/// A photo or document as shown.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShownMedia {
    /// `photo` or `document`.
    pub kind: &'static str,
    /// Id that bots can send it by.
    pub file_id: String,
    /// Name of the file.
    pub file_name: String,
    /// Its type.
    pub mime: String,
    /// Bytes.
    pub size: usize,
}

/// A message as people see it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShownMessage {
    /// The chat; in private the person's id.
    pub chat_id: i64,
    /// Unique in its chat.
    pub id: i64,
    /// The author's account.
    pub from: Option<i64>,
    /// The author's name: a person, a group (anonymous administrators), a channel.
    pub from_name: String,
    /// The chat in whose name it was written.
    pub sender_chat: Option<i64>,
    /// Text or caption.
    pub text: String,
    /// Formatting and recognised parts of the text.
    pub entities: Vec<Entity>,
    /// Rows of inline buttons.
    pub buttons: Vec<Vec<Button>>,
    /// A reply keyboard, its removal or a forced reply, as sent.
    pub keyboard: Option<Value>,
    /// Photo or document.
    pub media: Option<ShownMedia>,
    /// The message it replies to.
    pub reply_to: Option<i64>,
    /// Topic of a forum.
    pub thread: Option<i64>,
    /// Who wrote it first, if it was forwarded (`MessageOrigin`).
    pub origin: Option<Value>,
    /// How often it was edited.
    pub edits: u32,
    /// When it was sent.
    pub date: DateTime<Utc>,
    /// When it was edited last.
    pub edit_date: Option<DateTime<Utc>>,
    /// Nobody sees it any more.
    pub deleted: bool,
    /// Fields of contacts, locations and service messages.
    pub fields: Value,
    /// Whether it is a service message ("x joined").
    pub service: bool,
    /// Who reacted how.
    pub reactions: Vec<(i64, String)>,
}

impl ShownMessage {
    /// The button with this label.
    pub fn button(&self, label: &str) -> Option<&Button> {
        self.buttons.iter().flatten().find(|button| button.label == label)
    }
}

pub(crate) fn shown(state: &State, peer: Peer, message: &Message) -> ShownMessage {
    let name =
        |id: i64| state.accounts.get(&id).map(|account| account.first_name.clone()).unwrap_or_default();
    let title = |id: i64| state.chat(Peer::Group(id)).map(|chat| chat.title.clone()).unwrap_or_default();
    let content = &message.content;
    let inline = message.inline_keyboard();
    let time = |seconds: i64| DateTime::from_timestamp(seconds, 0).unwrap_or_default();
    ShownMessage {
        chat_id: peer.chat_id(),
        id: message.id,
        from: message.from,
        from_name: message.sender_chat.map(title).or(message.from.map(name)).unwrap_or_default(),
        sender_chat: message.sender_chat,
        text: content.text.clone(),
        entities: content.entities.clone(),
        buttons: inline
            .into_iter()
            .flatten()
            .filter_map(Value::as_array)
            .map(|row| row.iter().map(button).collect())
            .collect(),
        keyboard: message.markup.as_ref().filter(|_| inline.is_none()).map(|markup| Value::clone(markup)),
        media: content.media.as_ref().map(|media| ShownMedia {
            kind: media.name(),
            file_id: media.file.id.clone(),
            file_name: media.file.name.clone(),
            mime: media.file.mime.clone(),
            size: media.file.bytes.len(),
        }),
        reply_to: message.reply_to,
        thread: message.thread,
        origin: message.origin.as_ref().map(|origin| Value::clone(origin)),
        edits: message.edits,
        date: time(message.date),
        edit_date: message.edit_date.map(time),
        deleted: message.deleted,
        fields: Value::Object(content.fields.clone()),
        service: content.service,
        reactions: message.reactions.clone(),
    }
}

fn button(button: &Value) -> Button {
    let words = |name: &str| button[name].as_str().map(str::to_owned);
    Button { label: words("text").unwrap_or_default(), data: words("callback_data"), url: words("url") }
}

/// The chats an id means to a reader: one group, or every private chat of a person or a bot's with them.
pub(crate) fn peers_of(state: &State, chat_id: i64) -> Vec<Peer> {
    if chat_id < 0 {
        return vec![Peer::Group(chat_id)];
    }
    let private = state.bots.keys().map(|bot| Peer::Private { bot: *bot, user: chat_id });
    private.filter(|peer| state.chat(*peer).is_some()).collect()
}

impl Sandbox {
    /// All messages of a chat that were ever sent, oldest first, deleted ones marked. A person's id means their
    /// private chats with all bots, in the order the bots were registered.
    pub fn messages(&self, chat_id: i64) -> Vec<ShownMessage> {
        self.look(|state| peers_of(state, chat_id).into_iter().flat_map(|peer| all(state, peer)).collect())
    }

    /// The private chat of a person with one bot.
    pub fn messages_with(&self, bot: &Bot, person: i64) -> Vec<ShownMessage> {
        self.look(|state| all(state, Peer::Private { bot: bot.id(), user: person }))
    }

    /// Messages of a chat after the one with this id; for reading on without copying everything.
    pub fn messages_after(&self, chat_id: i64, message_id: i64) -> Vec<ShownMessage> {
        let after = usize::try_from(message_id).unwrap_or(0);
        self.look(|state| {
            let chats = peers_of(state, chat_id).into_iter().filter_map(|peer| state.chat(peer));
            chats
                .flat_map(|chat| chat.messages.iter().skip(after).map(|m| shown(state, chat.peer, m)))
                .collect()
        })
    }

    /// How many messages a chat has, deleted ones included.
    pub fn message_count(&self, chat_id: i64) -> usize {
        self.look(|state| {
            peers_of(state, chat_id).iter().filter_map(|p| state.chat(*p)).map(|c| c.messages.len()).sum()
        })
    }

    /// One message.
    pub fn message(&self, chat_id: i64, message_id: i64) -> Option<ShownMessage> {
        self.look(|state| {
            let chats = peers_of(state, chat_id).into_iter().filter_map(|peer| state.chat(peer));
            let mut found =
                chats.filter_map(|chat| Some(shown(state, chat.peer, chat.any_message(message_id)?)));
            found.next()
        })
    }

    /// The newest message of a chat that was not deleted.
    pub fn last_message(&self, chat_id: i64) -> Option<ShownMessage> {
        self.look(|state| {
            let chats = peers_of(state, chat_id).into_iter().filter_map(|peer| state.chat(peer));
            let last =
                |chat: &Chat| chat.messages.iter().rev().find(|message| !message.deleted).map(|m| m.id);
            let chat = chats.max_by_key(|chat| chat.touched)?;
            Some(shown(state, chat.peer, chat.message(last(chat)?)?))
        })
    }

    /// Ids of pinned messages, newest last.
    pub fn pinned(&self, chat_id: i64) -> Vec<i64> {
        self.look(|state| {
            let chats = peers_of(state, chat_id).into_iter().filter_map(|peer| state.chat(peer));
            chats.flat_map(|chat| chat.pinned.clone()).collect()
        })
    }

    /// Bytes of a file by its id.
    pub fn file(&self, file_id: &str) -> Option<Vec<u8>> {
        self.look(|state| state.files.get(file_id).map(|file| file.bytes.to_vec()))
    }

    /// What the person saw after a press; `None` while it was not answered.
    pub fn press_answer(&self, press: PressId) -> Option<PressAnswer> {
        self.look(|state| state.presses.get(&press.0)?.answer.clone())
    }

    /// Commands set for a scope (`default`, `all_private_chats`, `chat -5`, `chat_member -5 7`, …) and language
    /// (`""` for none), as pairs of command and description.
    pub fn commands(&self, bot: &Bot, scope: &str, language: &str) -> Vec<(String, String)> {
        let key = ("commands", scope.to_owned(), language.to_owned());
        self.look(|state| {
            let set =
                state.bots.get(&bot.id()).and_then(|data| data.settings.get(&key)).and_then(Value::as_array);
            let pair = |command: &Value| {
                let words = |name: &str| command[name].as_str().unwrap_or_default().to_owned();
                (words("command"), words("description"))
            };
            set.map_or_else(Vec::new, |set| set.iter().map(pair).collect())
        })
    }

    /// Calls that did not follow the reference. A test should end with none.
    pub fn violations(&self) -> Vec<Violation> {
        self.look(|state| state.violations.clone())
    }

    /// Calls of all bots except `getUpdates`, oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.look(|state| state.calls.iter().cloned().collect())
    }

    /// Calls from the `n`-th on.
    pub fn calls_from(&self, n: usize) -> Vec<Call> {
        self.look(|state| state.calls.iter().skip(n).cloned().collect())
    }

    /// The most calls that `counts` picks within any window of this length. Two calls exactly one window apart do
    /// not share it.
    pub fn busiest(&self, window: TimeDelta, mut counts: impl FnMut(&Call) -> bool) -> usize {
        let times: Vec<DateTime<Utc>> =
            self.look(|state| state.calls.iter().filter(|call| counts(call)).map(|call| call.at).collect());
        let mut first = 0;
        let mut most = 0;
        for (last, at) in times.iter().enumerate() {
            while *at - times[first] >= window {
                first += 1;
            }
            most = most.max(last + 1 - first);
        }
        most
    }

    /// How many calls are kept.
    pub fn call_count(&self) -> usize {
        self.look(|state| state.calls.len())
    }

    /// Forgets the calls recorded so far.
    pub fn forget_calls(&self) {
        self.change(|state| state.calls.clear());
    }

    /// How many calls were answered by 429, by the limits or by a fault.
    pub fn too_many_requests(&self) -> u64 {
        self.look(|state| state.too_many)
    }

    /// New, edited and deleted messages, reactions, answers, as they happen.
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.look(|state| state.broadcast.subscribe())
    }

    /// Chats the page shows first, in this order.
    pub fn feature(&self, chat_ids: &[i64]) {
        self.change(|state| state.featured = chat_ids.to_vec());
    }

    /// The time on the sandbox's clock.
    pub fn now(&self) -> DateTime<Utc> {
        self.look(State::now)
    }

    /// Waits until `look` finds something, looking again after every change; `None` after this real time.
    pub async fn wait_for<T>(&self, within: Duration, mut look: impl FnMut(&Self) -> Option<T>) -> Option<T> {
        let mut changes = self.shared().changed.subscribe();
        let deadline = tokio::time::sleep(within);
        tokio::pin!(deadline);
        loop {
            changes.mark_unchanged();
            if let Some(found) = look(self) {
                return Some(found);
            }
            tokio::select! {
                changed = changes.changed() => if changed.is_err() { return look(self) },
                () = &mut deadline => return look(self),
            }
        }
    }
}

fn all(state: &State, peer: Peer) -> Vec<ShownMessage> {
    let chat = state.chat(peer);
    chat.map_or_else(Vec::new, |chat| {
        chat.messages.iter().map(|message| shown(state, peer, message)).collect()
    })
}
