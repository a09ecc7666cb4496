//! A person of a story: acts through an account of the sandbox, sees what its chats show.

use botapi_sandbox::{Account, Bot, Group, ShownMessage};

use super::issue::Issue;
use super::school::World;

/// Somebody with an account.
#[derive(Clone)]
pub struct Person {
    pub world: World,
    code: String,
}

impl Person {
    pub(super) fn new(world: World, code: &str) -> Self {
        Self { world, code: code.to_owned() }
    }

    /// The account, to act without waiting for what follows.
    pub fn account(&self) -> Account {
        self.world.account(&self.code)
    }

    pub fn id(&self) -> i64 {
        self.account().id()
    }

    pub fn code(&self) -> &str {
        &self.code
    }

    /// The roster's name.
    pub fn name(&self) -> String {
        self.world.plan.names().remove(&self.code).unwrap_or_else(|| self.code.clone())
    }

    /// A directive with this text; how it goes out is said by what follows.
    pub fn issues(&self, text: &str) -> Issue {
        Issue::new(self.clone(), text)
    }

    /// Writes to the bot in private.
    pub async fn writes(&self, text: &str) {
        let known = self.world.plan.roster.people.contains_key(&self.code);
        let bot = if known { self.world.bot_of(&self.code) } else { &self.world.bot };
        self.writes_to(bot, text).await;
    }

    /// Writes to one of several bots in private.
    pub async fn writes_to(&self, bot: &Bot, text: &str) {
        self.account().writes_to(bot, text);
        self.world.settles().await;
    }

    /// Presses Start in one of several bots.
    pub async fn starts(&self, bot: &Bot) {
        self.account().starts(bot, None);
        self.world.settles().await;
    }

    /// The newest private message of one of several bots holds these words.
    #[track_caller]
    pub fn is_told_by(&self, bot: &Bot, words: &str) -> ShownMessage {
        let told = |message: &ShownMessage| message.from == Some(bot.id()) && message.text.contains(words);
        let found = newest(&self.world, self.id(), told);
        let found = found.unwrap_or_else(|| {
            panic!("{} was not told “{words}” by {}; sees:\n{}", self.code, bot.username(), self.all())
        });
        self.world.read(&found);
        found
    }

    /// Writes into a chat of the school.
    pub async fn writes_in(&self, key: &str, text: &str) -> i64 {
        let message = self.account().writes(self.world.group(key).id(), text);
        self.world.settles().await;
        message
    }

    /// Replies to the newest directive in a chat of the school.
    pub async fn replies_to_directive(&self, key: &str, text: &str) {
        let card = self.world.chat(key).card();
        self.account().replies(card.message.chat_id, card.message.id, text);
        self.world.settles().await;
    }

    /// Replies 收到 to a message.
    pub async fn replies_to_part(&self, message: &ShownMessage) {
        self.account().replies(message.chat_id, message.id, "收到");
        self.world.settles().await;
    }

    /// Reacts to the newest directive in a chat of the school.
    pub async fn reacts(&self, key: &str, emoji: &str) {
        let card = self.world.chat(key).card();
        self.account().reacts(card.message.chat_id, card.message.id, Some(emoji));
        self.world.settles().await;
    }

    /// Presses 收到 under the newest directive in a chat of the school, without waiting.
    #[track_caller]
    pub fn taps_ack(&self, key: &str) {
        let card = self.world.chat(key).card();
        self.taps_on(&card.message, "ack");
    }

    /// Presses 收到 under the newest directive in a chat of the school, and is thanked.
    pub async fn acknowledges(&self, key: &str) {
        self.taps_ack(key);
        self.world.settles().await;
        self.hears("已收到");
    }

    /// Presses a button of a message, found by verb, label or part of a label, without waiting.
    #[track_caller]
    pub fn taps_on(&self, message: &ShownMessage, what: &str) {
        self.taps_nth(message, what, 0);
    }

    /// The same for the nth such button, from 0.
    #[track_caller]
    pub fn taps_nth(&self, message: &ShownMessage, what: &str, nth: usize) {
        let all = message.buttons.iter().flatten();
        let button = all.filter(|button| means(button, what)).nth(nth);
        let button = button.unwrap_or_else(|| panic!("no button {what} ({nth}) under:\n{}", show(message)));
        let data = button.data.as_deref().expect("a button with data");
        // In private each bot has a chat of its own.
        let chat = message.from.filter(|_| message.chat_id > 0).unwrap_or(message.chat_id);
        let press = self.account().presses(chat, message.id, data);
        self.world.note_press(&self.code, press);
    }

    /// Presses the newest button with this label or verb in the private chat.
    pub async fn presses(&self, what: &str) {
        self.presses_nth(what, 0).await;
    }

    /// The same for the nth such button of that message, from 0.
    pub async fn presses_nth(&self, what: &str, nth: usize) {
        let message = self.newest_with(what);
        self.world.read(&message);
        self.taps_nth(&message, what, nth);
        self.world.settles().await;
    }

    /// Presses the newest button with this label or verb in a chat of the school.
    pub async fn presses_in(&self, key: &str, what: &str) {
        let chat = self.world.group(key).id();
        let message = newest(&self.world, chat, |message| has(message, what));
        let message = message.unwrap_or_else(|| panic!("no button {what} in {key}"));
        self.taps_on(&message, what);
        self.world.settles().await;
    }

    /// The newest private message with such a button.
    #[track_caller]
    pub fn newest_with(&self, what: &str) -> ShownMessage {
        let message = newest(&self.world, self.id(), |message| has(message, what));
        message.unwrap_or_else(|| panic!("{} has no button {what}; sees:\n{}", self.code, self.all()))
    }

    /// The answers to this person's presses hold these words.
    #[track_caller]
    pub fn hears(&self, words: &str) {
        let toasts = self.world.toasts(&self.code);
        let found = toasts.iter().any(|toast| toast.contains(words));
        assert!(found, "{} expected “{words}”, heard {toasts:?}", self.code);
    }

    /// Sees a message with these words, in private or in one of the groups; the unread first, the newest first.
    #[track_caller]
    pub fn sees(&self, words: &str) -> ShownMessage {
        let mut chats = vec![self.id()];
        chats.extend(self.world.groups_of(&self.account()));
        self.finds(&chats, words)
    }

    /// Sees it in private.
    #[track_caller]
    pub fn is_told(&self, words: &str) -> ShownMessage {
        self.finds(&[self.id()], words)
    }

    /// Sees it in this chat of the school.
    #[track_caller]
    pub fn sees_in(&self, key: &str, words: &str) -> ShownMessage {
        let group: Group = self.world.group(key);
        assert!(self.account().status_in(&group).is_in(), "{} is not in {key}", self.code);
        self.finds(&[group.id()], words)
    }

    #[track_caller]
    fn finds(&self, chats: &[i64], words: &str) -> ShownMessage {
        let matching = |fresh: bool| {
            chats.iter().find_map(|chat| {
                newest(&self.world, *chat, |message| {
                    message.text.contains(words) && (!fresh || !self.world.is_read(message))
                })
            })
        };
        let found = matching(true).or_else(|| matching(false));
        let found =
            found.unwrap_or_else(|| panic!("{} does not see “{words}”; sees:\n{}", self.code, self.all()));
        self.world.read(&found);
        found
    }

    /// Whether these words stand anywhere this person can read.
    pub fn can_read(&self, words: &str) -> bool {
        let mut chats = vec![self.id()];
        chats.extend(self.world.groups_of(&self.account()));
        chats.iter().any(|chat| newest(&self.world, *chat, |message| message.text.contains(words)).is_some())
    }

    /// Got one private reminder since the last look.
    #[track_caller]
    pub fn is_reminded(&self) -> ShownMessage {
        let new = self.unread();
        let is = |message: &&ShownMessage| {
            message.text.contains("【提醒】") || message.text.contains("家长，您好")
        };
        let reminders: Vec<&ShownMessage> = new.iter().filter(is).collect();
        assert_eq!(reminders.len(), 1, "{} has not one reminder; new:\n{}", self.code, shows(&new));
        self.world.read(reminders[0]);
        reminders[0].clone()
    }

    /// Nothing new came in private.
    #[track_caller]
    pub fn is_left_alone(&self) {
        let new = self.unread();
        assert!(new.is_empty(), "{} was not left alone:\n{}", self.code, shows(&new));
    }

    /// Private messages of the bot that no step looked at.
    pub fn unread(&self) -> Vec<ShownMessage> {
        let new = |message: &ShownMessage| self.world.is_ours(message) && !self.world.is_read(message);
        self.world.sandbox.messages(self.id()).into_iter().filter(new).collect()
    }

    /// Everything the bot ever said in private.
    pub fn all(&self) -> String {
        let ours = |message: &ShownMessage| self.world.is_ours(message);
        shows(&self.world.sandbox.messages(self.id()).into_iter().filter(ours).collect::<Vec<_>>())
    }

    /// Blocks the bot.
    pub async fn blocks_the_bot(&self) {
        self.account().blocks(self.world.bot_of(&self.code));
        self.world.settles().await;
    }

    /// Comes back by pressing Start.
    pub async fn starts_again(&self) {
        let bot = self.world.bot_of(&self.code);
        self.account().unblocks(bot);
        self.account().starts(bot, None);
        self.world.settles().await;
    }
}

/// Whether a button is meant by a verb, a label or part of a label.
fn means(button: &botapi_sandbox::Button, what: &str) -> bool {
    let verb = button.data.as_deref().and_then(|data| data.split_once(':')).map(|(verb, _)| verb);
    verb == Some(what) || button.label.contains(what)
}

fn has(message: &ShownMessage, what: &str) -> bool {
    message.buttons.iter().flatten().any(|button| means(button, what))
}

/// The newest message of the bot in a chat for which this holds.
pub fn newest(world: &World, chat: i64, holds: impl Fn(&ShownMessage) -> bool) -> Option<ShownMessage> {
    let fits = |message: &ShownMessage| world.is_ours(message) && !message.deleted && holds(message);
    let mut messages = world.sandbox.messages(chat);
    messages.sort_by_key(|message| message.date);
    messages.into_iter().rev().find(fits)
}

/// A message with its buttons, to be printed.
pub fn show(message: &ShownMessage) -> String {
    let buttons: Vec<Vec<&str>> =
        message.buttons.iter().map(|row| row.iter().map(|button| button.label.as_str()).collect()).collect();
    format!("{} {:?}", message.text, buttons)
}

fn shows(messages: &[ShownMessage]) -> String {
    messages.iter().map(show).collect::<Vec<_>>().join("\n---\n")
}
