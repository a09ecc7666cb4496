//! What people do: write, press, react, share, block, come and go. Refusals are sentences for whoever misuses
//! the sandbox; the handle panics with them, the page shows them.

use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::{Map, Value, json};

use crate::model::*;
use crate::state::{ANONYMOUS_ADMIN, CHANNEL_BOT, CHANNEL_FORWARDER, State};
use crate::text::{Formatted, clean, recognise, utf16_len};

/// What an act returns, or why it is impossible.
pub(crate) type Act<T> = Result<T, String>;

/// Emoji Telegram takes as reactions.
const REACTIONS: &str = "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡";

/// Whether Telegram takes the emoji as a reaction.
pub(crate) fn is_reaction(emoji: &str) -> bool {
    let plain = emoji.trim_end_matches('\u{fe0f}');
    REACTIONS.split(' ').any(|known| known.trim_end_matches('\u{fe0f}') == plain)
}

/// From this many presses on those older than a day are forgotten.
const MOST_PRESSES: usize = 200_000;

/// How an account is to appear as the author.
#[derive(Clone, Copy)]
pub(crate) enum Author {
    Person(i64),
    /// An administrator of the group who is hidden behind it.
    Anonymous,
    /// Somebody who writes as this channel.
    AsChannel(i64),
}

/// Content of what a person writes: cleaned, with the entities Telegram finds.
pub(crate) fn written(text: &str) -> Act<Content> {
    let mut formatted = clean(&Formatted { text: text.to_owned(), entities: Vec::new() });
    if formatted.text.is_empty() {
        return Err("a text that is empty after cleaning cannot be sent".to_owned());
    }
    if utf16_len(&formatted.text) > 4096 {
        return Err(
            "clients split texts over 4096 characters into several messages; send them as several".to_owned()
        );
    }
    recognise(&mut formatted);
    Ok(Content { text: formatted.text, entities: formatted.entities, ..Content::default() })
}

impl State {
    /// The chat a person means: a group's id, a bot's id, or their own id for the bot they last spoke with.
    pub fn peer_for(&self, person: i64, chat_id: i64) -> Act<Peer> {
        if chat_id < 0 {
            let peer = Peer::Group(chat_id);
            return self.chat(peer).map(|_| peer).ok_or_else(|| format!("there is no chat {chat_id}"));
        }
        if self.bots.contains_key(&chat_id) {
            return Ok(Peer::Private { bot: chat_id, user: person });
        }
        if chat_id != person {
            return Err(format!("account {person} has no chat {chat_id}"));
        }
        let started = self.bots.keys().map(|bot| Peer::Private { bot: *bot, user: person });
        let last = started.filter_map(|peer| self.chat(peer)).max_by_key(|chat| chat.touched);
        match (last, self.bots.keys().next()) {
            (Some(chat), _) => Ok(chat.peer),
            (None, Some(bot)) if self.bots.len() == 1 => Ok(Peer::Private { bot: *bot, user: person }),
            _ => Err(format!("account {person} has spoken with no bot yet: say with which")),
        }
    }

    /// Whether the person can write there now. Writing to a bot for the first time starts it.
    pub fn can_post(&mut self, person: i64, peer: Peer) -> Act<()> {
        let account = self.accounts.get(&person).ok_or_else(|| format!("there is no account {person}"))?;
        if account.deleted {
            return Err(format!("account {person} was deleted"));
        }
        match peer {
            Peer::Private { bot, user } => {
                self.set_blocked(bot, user, false);
                let chat = self.private_chat(bot, user);
                chat.started = true;
                Ok(())
            }
            Peer::Group(id) => {
                let chat = self.chat(peer).ok_or_else(|| format!("there is no chat {id}"))?;
                if let Some(to) = chat.migrated_to {
                    return Err(format!("group {id} became the supergroup {to}: write there"));
                }
                if !chat.status(person).is_in() {
                    return Err(format!("account {person} is not in chat {id}"));
                }
                if chat.kind == ChatKind::Channel && !chat.status(person).is_admin() {
                    return Err(format!("account {person} is no administrator of channel {id}"));
                }
                Ok(())
            }
        }
    }

    /// Posts as a person (or as what they hide behind).
    pub fn say(
        &mut self,
        peer: Peer,
        author: Author,
        content: Content,
        reply: Option<i64>,
        thread: Option<i64>,
    ) -> Act<i64> {
        if let Author::Person(person) = author {
            self.can_post(person, peer)?;
        }
        if let Some(id) = reply
            && self.chat(peer).and_then(|chat| chat.message(id)).is_none()
        {
            return Err(format!("there is no message {id} to reply to in {}", peer.chat_id()));
        }
        let channel = self.chat(peer).is_some_and(|chat| chat.kind == ChatKind::Channel);
        let (from, sender_chat) = match author {
            Author::Person(_) if channel => (None, Some(peer.chat_id())),
            Author::Person(person) => (Some(person), None),
            Author::Anonymous => (Some(ANONYMOUS_ADMIN), Some(peer.chat_id())),
            Author::AsChannel(channel) => (Some(CHANNEL_BOT), Some(channel)),
        };
        let content = Arc::new(content);
        Ok(self.post(peer, Draft { from, sender_chat, thread, content, reply_to: reply, ..Draft::default() }))
    }

    pub fn write(&mut self, person: i64, peer: Peer, text: &str) -> Act<i64> {
        self.say(peer, Author::Person(person), written(text)?, None, None)
    }

    /// Pressing Start: unblocks the bot if need be and sends `/start`, with the payload of the link.
    pub fn start(&mut self, person: i64, bot: i64, payload: Option<&str>) -> Act<i64> {
        if let Some(payload) = payload {
            check_payload(payload)?;
        }
        let text = payload.map_or_else(|| "/start".to_owned(), |payload| format!("/start {payload}"));
        self.write(person, Peer::Private { bot, user: person }, &text)
    }

    /// Adds a bot to a group through `?startgroup=`: it joins and gets `/start@bot payload`.
    pub fn start_in_group(&mut self, person: i64, bot: i64, group: i64, payload: Option<&str>) -> Act<i64> {
        if let Some(payload) = payload {
            check_payload(payload)?;
        }
        let peer = self.peer_for(person, group)?;
        self.can_post(person, peer)?;
        self.add_member(peer, bot, person);
        let username =
            self.accounts.get(&bot).and_then(|account| account.username.clone()).unwrap_or_default();
        let payload = payload.map(|payload| format!(" {payload}")).unwrap_or_default();
        self.write(person, peer, &format!("/start@{username}{payload}"))
    }

    /// Edits a message of one's own.
    pub fn rewrite(&mut self, person: i64, peer: Peer, id: i64, text: &str) -> Act<()> {
        let message = self.chat(peer).and_then(|chat| chat.message(id));
        let message = message.ok_or_else(|| format!("there is no message {id}"))?;
        if message.from != Some(person) {
            return Err(format!("message {id} is not by account {person}"));
        }
        let markup = message.markup.clone();
        self.revise(peer, id, Arc::new(written(text)?), markup);
        self.tell_bots(peer, id, "edited_message");
        Ok(())
    }

    /// Presses the inline button with this label or data. The press arrives even if the button is long gone.
    pub fn press(&mut self, person: i64, peer: Peer, id: i64, label_or_data: &str) -> Act<u64> {
        let message = self.chat(peer).and_then(|chat| chat.any_message(id));
        let message = message.ok_or_else(|| format!("there is no message {id} in {}", peer.chat_id()))?;
        let buttons: Vec<Value> = message
            .inline_keyboard()
            .into_iter()
            .flatten()
            .filter_map(Value::as_array)
            .flatten()
            .cloned()
            .collect();
        let named = |name: &str| buttons.iter().find(|button| button[name] == label_or_data);
        let button = named("text").or_else(|| named("callback_data")).ok_or_else(|| {
            let labels: Vec<&str> = buttons.iter().filter_map(|button| button["text"].as_str()).collect();
            format!(
                "message {id} in {} has no button \"{label_or_data}\", only {labels:?}: {}",
                peer.chat_id(),
                message.content.text
            )
        })?;
        match button["callback_data"].as_str() {
            Some(data) => self.press_data(person, peer, id, data),
            None => Err(format!("button \"{label_or_data}\" of message {id} carries no callback data")),
        }
    }

    /// Sends a press with any data, as a modified client can.
    pub fn press_data(&mut self, person: i64, peer: Peer, id: i64, data: &str) -> Act<u64> {
        if !self.accounts.contains_key(&person) {
            return Err(format!("there is no account {person}"));
        }
        let press = self.fresh_id() as u64;
        let now = self.now();
        let author = self.chat(peer).and_then(|chat| chat.any_message(id)).and_then(|message| message.from);
        let bot = match (peer, author) {
            (Peer::Private { bot, .. }, _) => bot,
            (Peer::Group(_), Some(from)) if self.bots.contains_key(&from) => from,
            _ => *self.bots_in(peer).first().ok_or_else(|| format!("message {id} was not sent by a bot"))?,
        };
        if self.presses.len() >= MOST_PRESSES {
            self.presses.retain(|_, press| now - press.at < TimeDelta::days(1));
        }
        self.presses.insert(press, Press { peer, person, message: id, bot, at: now, answer: None });
        self.show_press(press, (person, peer, id), data);
        let message = match self.chat(peer).and_then(|chat| chat.message(id)) {
            Some(message) => self.message_json(peer, message, true),
            None => json!({ "chat": self.chat_json(peer), "message_id": id, "date": 0 }),
        };
        let body = json!({
            "id": press.to_string(),
            "from": self.user_json(person),
            "message": message,
            "chat_instance": (peer.chat_id().unsigned_abs() * 7919).to_string(),
            "data": data,
        });
        self.push_update(bot, "callback_query", (true, person), &body);
        Ok(press)
    }

    /// Sets, changes or takes back a reaction; administrators among the bots hear of it if they asked to.
    pub fn set_reaction(&mut self, peer: Peer, id: i64, account: i64, emoji: Option<&str>) {
        let date = self.now().timestamp();
        let Some(message) = self.chats.get_mut(&peer).and_then(|chat| chat.message_mut(id)) else { return };
        let old = message.reactions.iter().position(|(who, _)| *who == account);
        let old = old.map(|at| message.reactions.remove(at).1);
        message.reactions.extend(emoji.map(|emoji| (account, emoji.to_owned())));
        self.emit("reaction", peer, Some(id));
        if self.bots.contains_key(&account) || old.as_deref() == emoji {
            return;
        }
        let list = |emoji: Option<&str>| match emoji {
            Some(emoji) => json!([{ "type": "emoji", "emoji": emoji }]),
            None => json!([]),
        };
        let body = json!({
            "chat": self.chat_json(peer),
            "message_id": id,
            "user": self.user_json(account),
            "date": date,
            "old_reaction": list(old.as_deref()),
            "new_reaction": list(emoji),
        });
        for bot in self.bots_in(peer) {
            let admin = self.chat(peer).is_some_and(|chat| chat.status(bot).is_admin());
            if admin || matches!(peer, Peer::Private { .. }) {
                self.push_update(bot, "message_reaction", (false, peer.chat_id()), &body);
            }
        }
    }

    pub fn react(&mut self, person: i64, peer: Peer, id: i64, emoji: Option<&str>) -> Act<()> {
        self.can_post(person, peer)?;
        if self.chat(peer).and_then(|chat| chat.message(id)).is_none() {
            return Err(format!("there is no message {id} in {}", peer.chat_id()));
        }
        if emoji.is_some_and(|emoji| !is_reaction(emoji)) {
            return Err(format!("{emoji:?} is no reaction Telegram offers"));
        }
        self.set_reaction(peer, id, person, emoji);
        Ok(())
    }

    /// Shares the contact of `whom` (oneself or another account) in the private chat with a bot.
    pub fn share_contact(&mut self, person: i64, bot: i64, whom: i64) -> Act<i64> {
        let account = self.accounts.get(&whom).ok_or_else(|| format!("there is no account {whom}"))?;
        let phone = account.phone.clone().ok_or_else(|| format!("account {whom} has no phone"))?;
        let contact = json!({ "phone_number": phone, "first_name": account.first_name, "user_id": whom });
        self.share(person, bot, "contact", contact)
    }

    /// Shares any contact, as one typed into the address book: without a user id.
    pub fn share(&mut self, person: i64, bot: i64, name: &str, value: Value) -> Act<i64> {
        let content = Content { fields: Map::from_iter([(name.to_owned(), value)]), ..Content::default() };
        self.say(Peer::Private { bot, user: person }, Author::Person(person), content, None, None)
    }

    pub fn forward(&mut self, person: i64, from: Peer, id: i64, to: Peer) -> Act<i64> {
        self.can_post(person, to)?;
        let message = self.chat(from).and_then(|chat| chat.message(id));
        let message = message.ok_or_else(|| format!("there is no message {id} in {}", from.chat_id()))?;
        let origin = Some(self.origin_of(from, message));
        let content = Arc::clone(&message.content);
        Ok(self.post(to, Draft { from: Some(person), content, origin, ..Draft::default() }))
    }

    /// A channel's post as it arrives in the group linked to it.
    pub fn forward_post(&mut self, channel: Peer, id: i64, group: Peer) -> Act<i64> {
        let message = self.chat(channel).and_then(|chat| chat.message(id));
        let message = message.ok_or_else(|| format!("there is no post {id} in {}", channel.chat_id()))?;
        let origin = Some(self.origin_of(channel, message));
        let content = Arc::clone(&message.content);
        Ok(self.post(
            group,
            Draft {
                from: Some(CHANNEL_FORWARDER),
                sender_chat: Some(channel.chat_id()),
                automatic_forward: true,
                content,
                origin,
                ..Draft::default()
            },
        ))
    }

    /// Puts an account into a group: `my_chat_member`/`chat_member`, then the service message.
    pub fn add_member(&mut self, peer: Peer, account: i64, by: i64) {
        if self.chat(peer).is_some_and(|chat| chat.status(account).is_in()) {
            return;
        }
        self.set_status(peer, account, by, Status::Member);
        if self.chat(peer).is_some_and(|chat| chat.kind != ChatKind::Channel) {
            let user = self.user_json(account);
            self.post_service(peer, by, json!({ "new_chat_members": [user] }));
        }
    }

    /// Takes an account out of a group. A bot that was removed gets the update, but no service message any more.
    pub fn remove_member(&mut self, peer: Peer, account: i64, by: i64) {
        let new = if account == by { Status::Left } else { Status::Kicked };
        self.set_status(peer, account, by, new);
        if self.chat(peer).is_some_and(|chat| chat.kind != ChatKind::Channel) {
            let user = self.user_json(account);
            self.post_service(peer, by, json!({ "left_chat_member": user }));
        }
    }

    pub fn rename(&mut self, peer: Peer, by: i64, title: &str) {
        if let Some(chat) = self.chats.get_mut(&peer) {
            chat.title = title.to_owned();
        }
        self.emit("chat", peer, None);
        self.post_service(peer, by, json!({ "new_chat_title": title }));
    }

    /// Opens a topic of a forum and returns its thread id.
    pub fn open_topic(&mut self, peer: Peer, by: i64, name: &str) -> i64 {
        let thread = self.chat(peer).map_or(1, |chat| chat.messages.len() as i64 + 1);
        let topic = json!({ "name": name, "icon_color": 7_322_096 });
        let fields = Map::from_iter([("forum_topic_created".to_owned(), topic)]);
        let content = Arc::new(Content { fields, service: true, ..Content::default() });
        self.post(peer, Draft { from: Some(by), thread: Some(thread), content, ..Draft::default() })
    }

    /// Follows a t.me or tg link to a bot. Group links need the group.
    pub fn open_link(&mut self, person: i64, link: &str, group: Option<i64>) -> Act<i64> {
        let (name, query) = link_parts(link).ok_or_else(|| format!("{link} is no link to a bot"))?;
        let bot = self.names.get(&name.to_lowercase()).copied().filter(|id| self.bots.contains_key(id));
        let bot = bot.ok_or_else(|| format!("there is no bot @{name}"))?;
        let value = |key: &str| query.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str());
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        match (value("startgroup"), group) {
            (Some(payload), Some(group)) => {
                let payload = given(payload);
                self.start_in_group(person, bot, group, payload.as_deref())
            }
            (Some(_), None) => Err("a startgroup link is opened for a group: say which".to_owned()),
            (None, _) => {
                let payload = value("start").and_then(given);
                self.start(person, bot, payload.as_deref())
            }
        }
    }
}

fn check_payload(payload: &str) -> Act<()> {
    let fits = payload.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if fits && (1..=64).contains(&payload.len()) {
        return Ok(());
    }
    Err(format!("Telegram drops the payload {payload:?}: it takes 1 to 64 of A-Z a-z 0-9 _ -"))
}

/// The name and the query of `https://t.me/<name>?…` or `tg://resolve?domain=<name>&…`.
fn link_parts(link: &str) -> Option<(String, Vec<(String, String)>)> {
    let pairs = |query: &str| -> Vec<(String, String)> {
        query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect()
    };
    if let Some(query) = link.strip_prefix("tg://resolve?") {
        let pairs = pairs(query);
        let name = pairs.iter().find(|(key, _)| key == "domain")?.1.clone();
        return Some((name, pairs));
    }
    let rest = link.strip_prefix("https://").or_else(|| link.strip_prefix("http://")).unwrap_or(link);
    let rest = rest.strip_prefix("t.me/").or_else(|| rest.strip_prefix("telegram.me/"))?;
    let (name, query) = rest.split_once('?').unwrap_or((rest, ""));
    (!name.is_empty() && !name.contains('/')).then(|| (name.to_owned(), pairs(query)))
}
