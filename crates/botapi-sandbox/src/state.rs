//! The whole state behind one lock, and what changes it: posting, editing, deleting, membership.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde::Serialize;
use serde_json::Value;
use tokio::sync::broadcast;

use crate::faults::Faults;
use crate::limits::Limits;
use crate::model::*;
use crate::sights::Onlooker;

/// Asks for the time. Limits, expiry and dates run on it.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// The account in whose name anonymous administrators write.
pub const ANONYMOUS_ADMIN: i64 = 1_087_968_824;
/// The account in whose name posts of a linked channel arrive in its group.
pub const CHANNEL_FORWARDER: i64 = 777_000;
/// The account in whose name people write as a channel.
pub const CHANNEL_BOT: i64 = 136_817_688;

/// One call a bot made, accepted or refused.
#[derive(Clone, Debug)]
pub struct Call {
    /// When, on the sandbox's clock.
    pub at: DateTime<Utc>,
    /// The bot's id.
    pub bot: i64,
    /// The method as the reference spells it.
    pub method: &'static str,
    /// The chat of the call.
    pub chat_id: Option<i64>,
    /// Whether it took effect.
    pub ok: bool,
    /// The code of the refusal.
    pub error_code: Option<u16>,
    /// The words of the refusal, or the fault that was played.
    pub description: Option<String>,
    /// The parameters.
    pub params: Arc<Value>,
    /// Id of the message sent or edited.
    pub message_id: Option<i64>,
}

/// A call that did not follow the reference.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Violation {
    /// The method as it was called.
    pub method: String,
    /// What was wrong.
    pub problem: String,
}

/// Something people could see: a new, edited or deleted message, a reaction, an answer to a press.
#[derive(Clone, Debug, Serialize)]
pub struct Event {
    /// Grows by one with each event.
    pub id: u64,
    /// `message`, `edit`, `delete`, `reaction`, `answer`, `chat`.
    pub kind: &'static str,
    /// The chat; in private the person's id.
    pub chat_id: i64,
    /// The bot of a private chat.
    pub bot: Option<i64>,
    /// The message concerned.
    pub message_id: Option<i64>,
    /// Whom an answer to a press was for.
    pub person: Option<i64>,
    /// The words of an answer to a press.
    pub text: Option<String>,
    /// Whether those words are an alert that must be closed.
    pub alert: bool,
    /// The link that the answer opens.
    pub url: Option<String>,
    /// The press that was answered, as `POST /sandbox/act` returned it.
    pub press: Option<u64>,
}

/// How many events a page can catch up with.
const KEPT_EVENTS: usize = 4096;

pub(crate) struct State {
    pub clock: Clock,
    pub rng: StdRng,
    pub limits: Limits,
    pub answer_within: TimeDelta,
    pub accounts: HashMap<i64, AccountData>,
    pub names: HashMap<String, i64>,
    pub bots: BTreeMap<i64, BotData>,
    pub tokens: HashMap<String, i64>,
    pub chats: HashMap<Peer, Chat>,
    pub files: HashMap<String, Arc<FileData>>,
    pub presses: HashMap<u64, Press>,
    pub calls: VecDeque<Call>,
    pub kept_calls: usize,
    pub too_many: u64,
    pub violations: Vec<Violation>,
    pub faults: Faults,
    pub events: VecDeque<Event>,
    pub broadcast: broadcast::Sender<Event>,
    pub featured: Vec<i64>,
    pub onlooker: Option<Onlooker>,
    next_id: i64,
    next_event: u64,
    touches: u64,
}

impl State {
    pub fn new(clock: Clock, seed: u64, limits: Limits) -> Self {
        let mut state = Self {
            clock,
            rng: StdRng::seed_from_u64(seed),
            limits,
            answer_within: TimeDelta::seconds(15),
            accounts: HashMap::new(),
            names: HashMap::new(),
            bots: BTreeMap::new(),
            tokens: HashMap::new(),
            chats: HashMap::new(),
            files: HashMap::new(),
            presses: HashMap::new(),
            calls: VecDeque::new(),
            kept_calls: 1_000_000,
            too_many: 0,
            violations: Vec::new(),
            faults: Faults::default(),
            events: VecDeque::new(),
            broadcast: broadcast::Sender::new(8192),
            featured: Vec::new(),
            onlooker: None,
            next_id: 1_000,
            next_event: 0,
            touches: 0,
        };
        state.add_builtin(ANONYMOUS_ADMIN, "Group", Some("GroupAnonymousBot"), true);
        state.add_builtin(CHANNEL_BOT, "Channel", Some("Channel_Bot"), true);
        state.add_builtin(CHANNEL_FORWARDER, "Telegram", None, false);
        state
    }

    fn add_builtin(&mut self, id: i64, first_name: &str, username: Option<&str>, is_bot: bool) {
        let account = AccountData {
            id,
            is_bot,
            first_name: first_name.to_owned(),
            last_name: None,
            username: username.map(str::to_owned),
            language: None,
            phone: None,
            about: None,
            deleted: false,
        };
        self.accounts.insert(id, account);
    }

    pub fn now(&self) -> DateTime<Utc> {
        (self.clock)()
    }

    /// A number not used before: for accounts, groups, files and presses.
    pub fn fresh_id(&mut self) -> i64 {
        self.next_id += 1;
        self.next_id
    }

    pub fn add_account(&mut self, account: AccountData) -> Result<i64, String> {
        let id = account.id;
        if let Some(username) = &account.username
            && self.names.insert(username.to_lowercase(), id).is_some()
        {
            return Err(format!("the username {username} is taken"));
        }
        match self.accounts.insert(id, account) {
            Some(_) => Err(format!("there is already an account {id}")),
            None => Ok(id),
        }
    }

    pub fn chat(&self, peer: Peer) -> Option<&Chat> {
        self.chats.get(&peer)
    }

    /// The private chat of a person with a bot, made on first use.
    pub fn private_chat(&mut self, bot: i64, user: i64) -> &mut Chat {
        self.chats.entry(Peer::Private { bot, user }).or_insert_with(|| Chat {
            peer: Peer::Private { bot, user },
            kind: ChatKind::Private,
            title: String::new(),
            username: None,
            forum: false,
            members: BTreeMap::new(),
            messages: Vec::new(),
            migrated_to: None,
            pinned: Vec::new(),
            started: false,
            blocked: false,
            gone: false,
            touched: 0,
        })
    }

    pub fn add_chat(&mut self, id: i64, kind: ChatKind, title: &str, forum: bool) -> Peer {
        let peer = Peer::Group(id);
        self.touches += 1;
        let chat = Chat {
            peer,
            kind,
            title: title.to_owned(),
            username: None,
            forum,
            members: BTreeMap::new(),
            messages: Vec::new(),
            migrated_to: None,
            pinned: Vec::new(),
            started: true,
            blocked: false,
            gone: false,
            touched: self.touches,
        };
        self.chats.insert(peer, chat);
        peer
    }

    /// The bots that are in a chat now.
    pub fn bots_in(&self, peer: Peer) -> Vec<i64> {
        match peer {
            Peer::Private { bot, .. } => vec![bot],
            Peer::Group(_) => {
                let Some(chat) = self.chat(peer) else { return Vec::new() };
                self.bots.keys().copied().filter(|bot| chat.status(*bot).is_in()).collect()
            }
        }
    }

    pub fn emit(&mut self, kind: &'static str, peer: Peer, message_id: Option<i64>) {
        let event = self.new_event(kind, peer, message_id);
        self.publish(event);
    }

    /// Shows the answer to a press to the person who pressed.
    pub fn emit_answer(&mut self, id: u64, press: &Press, answer: &PressAnswer) {
        let event = self.new_event("answer", press.peer, Some(press.message));
        let (person, text, url) = (Some(press.person), answer.text.clone(), answer.url.clone());
        self.publish(Event { person, text, url, alert: answer.show_alert, press: Some(id), ..event });
    }

    fn new_event(&mut self, kind: &'static str, peer: Peer, message_id: Option<i64>) -> Event {
        self.next_event += 1;
        let bot = match peer {
            Peer::Private { bot, .. } => Some(bot),
            Peer::Group(_) => None,
        };
        let (id, chat_id) = (self.next_event, peer.chat_id());
        Event {
            id,
            kind,
            chat_id,
            bot,
            message_id,
            person: None,
            text: None,
            alert: false,
            url: None,
            press: None,
        }
    }

    fn publish(&mut self, event: Event) {
        self.show_event(&event);
        if self.events.len() == KEPT_EVENTS {
            self.events.pop_front();
        }
        if self.broadcast.receiver_count() > 0 && self.broadcast.send(event.clone()).is_err() {
            tracing::trace!("the last page went away");
        }
        self.events.push_back(event);
    }

    /// Adds a message to a chat, tells the bots that may see it, and returns its id.
    pub fn post(&mut self, peer: Peer, draft: Draft) -> i64 {
        let date = self.now().timestamp();
        self.touches += 1;
        let touched = self.touches;
        let Some(chat) = self.chats.get_mut(&peer) else { panic!("there is no chat {peer:?}") };
        chat.touched = touched;
        let id = chat.messages.len() as i64 + 1;
        chat.messages.push(Message {
            id,
            date,
            edit_date: None,
            edits: 0,
            from: draft.from,
            sender_chat: draft.sender_chat,
            thread: draft.thread,
            automatic_forward: draft.automatic_forward,
            content: draft.content,
            reply_to: draft.reply_to,
            origin: draft.origin,
            markup: draft.markup,
            media_group: draft.media_group,
            deleted: false,
            reactions: Vec::new(),
        });
        let kind = if chat.kind == ChatKind::Channel { "channel_post" } else { "message" };
        self.emit("message", peer, Some(id));
        self.tell_bots(peer, id, kind);
        id
    }

    /// A service message, as "x joined".
    pub fn post_service(&mut self, peer: Peer, from: i64, fields: Value) -> i64 {
        let Value::Object(fields) = fields else { panic!("fields of a service message are an object") };
        let content = Arc::new(Content { fields, service: true, ..Content::default() });
        self.post(peer, Draft { from: Some(from), content, ..Draft::default() })
    }

    /// Sends the message to every bot that sees it.
    pub fn tell_bots(&mut self, peer: Peer, id: i64, kind: &'static str) {
        let bots = self.bots_in(peer);
        let seeing: Vec<i64> = bots.into_iter().filter(|bot| self.sees(*bot, peer, id)).collect();
        let Some(message) = self.chat(peer).and_then(|chat| chat.message(id)) else { return };
        if seeing.is_empty() {
            return;
        }
        let body = self.message_json(peer, message, true);
        for bot in seeing {
            self.push_update(bot, kind, (false, peer.chat_id()), &body);
        }
    }

    /// Privacy mode: what a bot that is no admin and may not read everything gets to see in a group.
    fn sees(&self, bot: i64, peer: Peer, id: i64) -> bool {
        let (Some(chat), Some(data)) = (self.chat(peer), self.bots.get(&bot)) else { return false };
        let Some(message) = chat.message(id) else { return false };
        if message.from.is_some_and(|from| self.bots.contains_key(&from)) && !message.content.service {
            return false;
        }
        if message.from == Some(bot) {
            return false;
        }
        if chat.kind == ChatKind::Private || message.content.service {
            return true;
        }
        if data.reads_all || chat.status(bot).is_admin() || chat.kind == ChatKind::Channel {
            return true;
        }
        let answers_bot =
            message.reply_to.and_then(|id| chat.message(id)).is_some_and(|to| to.from == Some(bot));
        answers_bot || self.commands_bot(bot, &message.content)
    }

    fn commands_bot(&self, bot: i64, content: &Content) -> bool {
        let starts = content.entities.iter().find(|e| e.offset == 0 && e.kind == "bot_command");
        let Some(entity) = starts else { return false };
        let command: String = content.text.chars().take(entity.length).collect();
        match command.split_once('@') {
            None => true,
            Some((_, name)) => self.names.get(&name.to_lowercase()) == Some(&bot),
        }
    }

    /// Changes content and markup of a message; counts as one edit.
    pub fn revise(&mut self, peer: Peer, id: i64, content: Arc<Content>, markup: Option<Arc<Value>>) {
        let now = self.now().timestamp();
        let Some(message) = self.chats.get_mut(&peer).and_then(|chat| chat.message_mut(id)) else { return };
        message.content = content;
        message.markup = markup;
        message.edits += 1;
        message.edit_date = Some(now);
        self.emit("edit", peer, Some(id));
    }

    pub fn delete(&mut self, peer: Peer, id: i64) -> bool {
        let Some(message) = self.chats.get_mut(&peer).and_then(|chat| chat.message_mut(id)) else {
            return false;
        };
        message.deleted = true;
        self.emit("delete", peer, Some(id));
        true
    }

    pub fn record_call(&mut self, call: Call) {
        if call.error_code == Some(429) {
            self.too_many += 1;
        }
        if self.kept_calls == 0 {
            return;
        }
        if self.calls.len() == self.kept_calls {
            self.calls.pop_front();
        }
        self.calls.push_back(call);
    }

    pub fn violation(&mut self, method: &str, problem: impl Into<String>) {
        let problem = problem.into();
        tracing::warn!(method, problem, "a call does not follow the reference");
        self.violations.push(Violation { method: method.to_owned(), problem });
    }

    /// Keeps a file and gives it an id.
    pub fn store_file(
        &mut self,
        kind: MediaKind,
        name: &str,
        mime: &str,
        bytes: axum::body::Bytes,
    ) -> Arc<FileData> {
        let number = self.fresh_id();
        let prefix = if kind == MediaKind::Photo { "AgACAgIAAxkDAAI" } else { "BQACAgIAAxkDAAI" };
        let file = Arc::new(FileData {
            id: format!("{prefix}{number:010}"),
            kind,
            name: name.to_owned(),
            mime: mime.to_owned(),
            bytes,
        });
        self.files.insert(file.id.clone(), Arc::clone(&file));
        file
    }
}
