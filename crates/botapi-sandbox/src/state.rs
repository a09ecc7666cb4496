//! The whole state behind one lock, and what changes it: posting, editing, deleting, membership.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::broadcast;

use crate::error::ApiError;
use crate::faults::Faults;
use crate::limits::Limits;
use crate::model::*;

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
            broadcast: broadcast::Sender::new(1024),
            featured: Vec::new(),
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
        self.emit_for(kind, peer, message_id, None, None);
    }

    pub fn emit_for(
        &mut self,
        kind: &'static str,
        peer: Peer,
        message_id: Option<i64>,
        person: Option<i64>,
        text: Option<String>,
    ) {
        self.next_event += 1;
        let bot = match peer {
            Peer::Private { bot, .. } => Some(bot),
            Peer::Group(_) => None,
        };
        let event =
            Event { id: self.next_event, kind, chat_id: peer.chat_id(), bot, message_id, person, text };
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

    /// Changes the standing of an account and tells the bots (`my_chat_member`, `chat_member`).
    pub fn set_status(&mut self, peer: Peer, account: i64, by: i64, new: Status) {
        let Some(chat) = self.chats.get_mut(&peer) else { panic!("there is no chat {peer:?}") };
        let old = chat.status(account);
        if old == new {
            return;
        }
        chat.members.insert(account, new);
        self.emit("chat", peer, None);
        let body = self.member_update(peer, account, by, old, new);
        let Some(chat) = self.chat(peer) else { return };
        let admins: Vec<i64> =
            self.bots.keys().copied().filter(|bot| *bot != account && chat.status(*bot).is_admin()).collect();
        if self.bots.contains_key(&account) {
            self.push_update(account, "my_chat_member", (false, peer.chat_id()), &body);
        }
        for bot in admins {
            self.push_update(bot, "chat_member", (false, peer.chat_id()), &body);
        }
    }

    /// `my_chat_member` of a private chat: the person blocked or unblocked the bot.
    pub fn set_blocked(&mut self, bot: i64, user: i64, blocked: bool) {
        let chat = self.private_chat(bot, user);
        if chat.blocked == blocked {
            return;
        }
        chat.blocked = blocked;
        let (old, new) =
            if blocked { (Status::Member, Status::Kicked) } else { (Status::Kicked, Status::Member) };
        let body = self.member_update(Peer::Private { bot, user }, bot, user, old, new);
        self.push_update(bot, "my_chat_member", (false, user), &body);
    }

    fn member_update(&self, peer: Peer, account: i64, by: i64, old: Status, new: Status) -> Value {
        json!({
            "chat": self.chat_json(peer),
            "from": self.user_json(by),
            "date": self.now().timestamp(),
            "old_chat_member": self.member_json(account, old),
            "new_chat_member": self.member_json(account, new),
        })
    }

    /// Counts `n` sends or edits into a chat, or refuses them with 429.
    pub fn admit(&mut self, bot: i64, peer: Peer, n: usize) -> Result<(), ApiError> {
        let now = self.now().timestamp_millis();
        let Some(data) = self.bots.get_mut(&bot) else { return Err(ApiError::unauthorized()) };
        data.limiter.admit(&self.limits, peer, n, now).map_err(ApiError::too_many)
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

    /// Which chat a bot means by `chat_id`: a number, a number as text, or `@name`.
    pub fn resolve(&self, bot: i64, chat_id: &Value) -> Result<Peer, ApiError> {
        let not_found = || ApiError::bad("chat not found");
        let id = match chat_id {
            Value::String(text) => match text.strip_prefix('@') {
                Some(name) => *self.names.get(&name.to_lowercase()).ok_or_else(not_found)?,
                None if text.is_empty() => return Err(ApiError::bad("chat_id is empty")),
                None => text.parse().map_err(|_| not_found())?,
            },
            other => other.as_i64().ok_or_else(not_found)?,
        };
        let known =
            if id > 0 { self.accounts.contains_key(&id) } else { self.chats.contains_key(&Peer::Group(id)) };
        match (known, id > 0) {
            (false, _) => Err(not_found()),
            (true, true) => Ok(Peer::Private { bot, user: id }),
            (true, false) => Ok(Peer::Group(id)),
        }
    }

    /// Whether the bot may act in the chat, with Telegram's words if not.
    pub fn may_write(&self, bot: i64, peer: Peer) -> Result<(), ApiError> {
        match peer {
            Peer::Private { user, .. } => self.may_write_to(user, peer),
            Peer::Group(_) => {
                let chat = self.chat(peer).ok_or_else(|| ApiError::bad("chat not found"))?;
                self.is_in_group(bot, chat)?;
                if chat.kind == ChatKind::Channel && !chat.status(bot).is_admin() {
                    return Err(ApiError::bad("need administrator rights in the channel chat"));
                }
                Ok(())
            }
        }
    }

    fn may_write_to(&self, user: i64, peer: Peer) -> Result<(), ApiError> {
        let account = self.accounts.get(&user).ok_or_else(|| ApiError::bad("chat not found"))?;
        if account.deleted {
            return Err(ApiError::forbidden("user is deactivated"));
        }
        if account.is_bot {
            return Err(ApiError::forbidden("bot can't send messages to bots"));
        }
        match self.chat(peer) {
            Some(chat) if chat.blocked => Err(ApiError::forbidden("bot was blocked by the user")),
            Some(chat) if chat.started => Ok(()),
            _ => Err(ApiError::forbidden("bot can't initiate conversation with a user")),
        }
    }

    pub fn is_in_group(&self, bot: i64, chat: &Chat) -> Result<(), ApiError> {
        if let Some(to) = chat.migrated_to {
            return Err(ApiError::migrated(to));
        }
        let kind = chat.kind.name();
        if chat.gone {
            return Err(ApiError::forbidden(format!("the {kind} chat was deleted")));
        }
        match chat.status(bot) {
            Status::Kicked => Err(ApiError::forbidden(format!("bot was kicked from the {kind} chat"))),
            Status::Left => Err(ApiError::forbidden(format!("bot is not a member of the {kind} chat"))),
            _ => Ok(()),
        }
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

    /// `migrate_to_chat_id`/`migrate_from_chat_id` come from here; members move, messages stay behind.
    pub fn upgrade(&mut self, old: i64, announce: bool) -> Result<i64, String> {
        let number = self.fresh_id();
        let new = -1_000_000_000_000 - number;
        let Some(chat) = self.chats.get_mut(&Peer::Group(old)) else {
            return Err(format!("there is no group {old}"));
        };
        if chat.kind != ChatKind::Group || chat.migrated_to.is_some() {
            return Err(format!("{old} is no basic group"));
        }
        let (title, members) = (chat.title.clone(), chat.members.clone());
        chat.migrated_to = Some(new);
        self.add_chat(new, ChatKind::Supergroup, &title, false);
        if let Some(chat) = self.chats.get_mut(&Peer::Group(new)) {
            chat.members = members;
        }
        if announce {
            self.announce_upgrade(old);
        }
        Ok(new)
    }

    /// The two service messages of a migration, each from its side.
    pub fn announce_upgrade(&mut self, old: i64) {
        let Some(new) = self.chat(Peer::Group(old)).and_then(|chat| chat.migrated_to) else { return };
        let creator =
            |chat: &Chat| chat.members.iter().find(|(_, s)| **s == Status::Creator).map(|(id, _)| *id);
        let by = self.chat(Peer::Group(old)).and_then(creator).unwrap_or(ANONYMOUS_ADMIN);
        self.post_service(Peer::Group(old), by, json!({ "migrate_to_chat_id": new }));
        self.post_service(Peer::Group(new), by, json!({ "migrate_from_chat_id": old }));
    }
}
