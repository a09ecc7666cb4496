//! What happens in the chats, told one thing after the other to whoever looks on.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use crate::handle::{Button, ShownMedia, ShownMessage, shown};
use crate::model::Peer;
use crate::state::{Event, State};

/// Something that an onlooker of all chats saw. What does not belong to its kind is left out.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Sight {
    /// When, on the sandbox's clock.
    pub at: DateTime<Utc>,
    /// `message`, `edit`, `delete`, `reaction`, `press`, `answer`, `block`, `unblock`, or `chat` for what changed about
    /// the chat itself.
    pub kind: &'static str,
    /// The chat; in private the person's id.
    pub chat_id: i64,
    /// The chat's title; in private the person's name.
    pub chat: String,
    /// Whether it is a private chat with a bot.
    pub private: bool,
    /// The message concerned, unique in its chat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_id: Option<i64>,
    /// Who wrote the message, pressed, blocked, or was answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<i64>,
    /// That person's name, as it is shown.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// The message's text as it now stands, or the words of an answer to a press.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Rows of inline buttons, as they now stand.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<Vec<Button>>,
    /// Photo or document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media: Option<ShownMedia>,
    /// Fields of contacts, locations and service messages.
    #[serde(skip_serializing_if = "is_nothing")]
    pub fields: Value,
    /// The message it replies to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_to: Option<i64>,
    /// Who reacted how.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reactions: Vec<(i64, String)>,
    /// The press, and with the same number its answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub press: Option<u64>,
    /// Words on the button that was pressed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// `callback_data` of the press.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// The answer is an alert that must be closed.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub alert: bool,
    /// The link that the answer opens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

fn is_nothing(fields: &Value) -> bool {
    fields.as_object().is_none_or(serde_json::Map::is_empty)
}

/// Who is told of everything.
pub(crate) type Onlooker = Box<dyn FnMut(&Sight) + Send>;

impl State {
    /// Tells the onlooker of an event, with the message as it now is.
    pub fn show_event(&mut self, event: &Event) {
        // Of a private chat itself only blocking is told, where it happens.
        if self.onlooker.is_none() || (event.kind == "chat" && event.bot.is_some()) {
            return;
        }
        let peer = match event.bot {
            Some(bot) => Peer::Private { bot, user: event.chat_id },
            None => Peer::Group(event.chat_id),
        };
        let mut sight = self.sight(event.kind, peer, event.person);
        sight.message_id = event.message_id;
        let message = event.message_id.and_then(|id| self.chat(peer)?.any_message(id));
        match event.kind {
            "answer" => {
                sight.text = event.text.clone().unwrap_or_default();
                (sight.press, sight.alert, sight.url) = (event.press, event.alert, event.url.clone());
            }
            _ => sight.look_at(message.map(|message| shown(self, peer, message))),
        }
        self.tell_onlooker(&sight);
    }

    /// Tells the onlooker that somebody presses a button.
    pub fn show_press(&mut self, press: u64, (person, peer, message): (i64, Peer, i64), data: &str) {
        if self.onlooker.is_none() {
            return;
        }
        let on = self.chat(peer).and_then(|chat| chat.any_message(message));
        let on = on.map(|message| shown(self, peer, message));
        let button = on.iter().flat_map(|message| message.buttons.iter().flatten());
        let label =
            button.filter(|button| button.data.as_deref() == Some(data)).map(|b| b.label.clone()).next();
        let mut sight = self.sight("press", peer, Some(person));
        (sight.press, sight.message_id) = (Some(press), Some(message));
        (sight.label, sight.data) = (label, Some(data.to_owned()));
        self.tell_onlooker(&sight);
    }

    /// Tells the onlooker that somebody blocks a bot, or comes back.
    pub fn show_block(&mut self, bot: i64, user: i64, blocked: bool) {
        let kind = if blocked { "block" } else { "unblock" };
        let sight = self.sight(kind, Peer::Private { bot, user }, Some(user));
        self.tell_onlooker(&sight);
    }

    fn sight(&self, kind: &'static str, peer: Peer, person: Option<i64>) -> Sight {
        let name =
            |id: i64| self.accounts.get(&id).map(|account| account.first_name.clone()).unwrap_or_default();
        let (chat, private) = match peer {
            Peer::Private { user, .. } => (name(user), true),
            Peer::Group(_) => (self.chat(peer).map(|chat| chat.title.clone()).unwrap_or_default(), false),
        };
        Sight {
            at: self.now(),
            kind,
            chat_id: peer.chat_id(),
            chat,
            private,
            person,
            name: person.map(name).unwrap_or_default(),
            ..Sight::default()
        }
    }

    fn tell_onlooker(&mut self, sight: &Sight) {
        if let Some(onlooker) = &mut self.onlooker {
            onlooker(sight);
        }
    }
}

impl Sight {
    fn look_at(&mut self, message: Option<ShownMessage>) {
        let Some(message) = message else { return };
        (self.person, self.name, self.text) = (message.from, message.from_name, message.text);
        (self.buttons, self.media, self.fields) = (message.buttons, message.media, message.fields);
        (self.reply_to, self.reactions) = (message.reply_to, message.reactions);
    }
}
