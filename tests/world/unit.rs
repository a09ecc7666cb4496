//! A chat of the school as its members see it.

use botapi_sandbox::{Account, Group, ShownMessage};

use super::person::{newest, show};
use super::school::World;

/// A chat of a unit.
#[derive(Clone)]
pub struct UnitChat {
    world: World,
    key: String,
}

/// A directive as it stands in a chat.
pub struct Card {
    pub message: ShownMessage,
}

impl UnitChat {
    pub(super) fn new(world: World, key: &str) -> Self {
        Self { world, key: key.to_owned() }
    }

    pub fn group(&self) -> Group {
        self.world.group(&self.key)
    }

    pub fn id(&self) -> i64 {
        self.group().id()
    }

    /// The newest directive in it.
    #[track_caller]
    pub fn card(&self) -> Card {
        let message = newest(&self.world, self.id(), is_card);
        let message = message.unwrap_or_else(|| panic!("no directive in {}:\n{}", self.key, self.all()));
        self.world.read(&message);
        Card { message }
    }

    /// The newest directive with these words.
    #[track_caller]
    pub fn card_with(&self, words: &str) -> Card {
        let message =
            newest(&self.world, self.id(), |message| is_card(message) && message.text.contains(words));
        let message =
            message.unwrap_or_else(|| panic!("no directive with “{words}” in {}:\n{}", self.key, self.all()));
        self.world.read(&message);
        Card { message }
    }

    /// How many directives stand in it, old versions among them.
    pub fn cards(&self) -> usize {
        self.messages().iter().filter(|message| is_card(message)).count()
    }

    /// Nothing of the bot stands in it that no step looked at.
    #[track_caller]
    pub fn is_quiet(&self) {
        let new: Vec<String> =
            self.messages().iter().filter(|message| !self.world.is_read(message)).map(show).collect();
        assert!(new.is_empty(), "{} is not quiet:\n{}", self.key, new.join("\n---\n"));
    }

    /// The newest message with these words.
    #[track_caller]
    pub fn shows(&self, words: &str) -> ShownMessage {
        let found = newest(&self.world, self.id(), |message| message.text.contains(words));
        let found = found.unwrap_or_else(|| panic!("no “{words}” in {}:\n{}", self.key, self.all()));
        self.world.read(&found);
        found
    }

    /// What the bot said in it, oldest first.
    pub fn messages(&self) -> Vec<ShownMessage> {
        let messages = self.world.sandbox.messages(self.id()).into_iter();
        messages.filter(|message| self.world.is_ours(message) && !message.deleted).collect()
    }

    fn all(&self) -> String {
        self.messages().iter().map(show).collect::<Vec<_>>().join("\n---\n")
    }

    /// Whoever created the group.
    pub fn founder(&self) -> Account {
        let plan = self.world.plan.chats();
        let chat = plan.iter().find(|chat| chat.key == self.key).expect("a chat of the plan");
        self.world.account(&chat.members[0])
    }

    /// The group becomes a supergroup, with service messages from both sides.
    pub async fn becomes_a_supergroup(&self) {
        self.world.set_group(&self.key, self.group().upgrade());
        self.world.settles().await;
    }

    /// The same, but the bot hears of it by the error of a send only.
    pub fn becomes_a_supergroup_silently(&self) {
        self.world.set_group(&self.key, self.group().upgrade_silently());
    }

    /// Somebody removes the bot.
    pub async fn removes_the_bot(&self) {
        self.group().remove_bot(&self.world.bot, &self.founder());
        self.world.settles().await;
    }
}

impl Card {
    /// `12/45`.
    pub fn count(&self) -> String {
        let line = self.message.text.lines().rev().find(|line| line.contains("已回复"));
        let line = line.unwrap_or_else(|| panic!("no count in {}", self.message.text));
        line.chars().filter(|c| c.is_ascii_digit() || *c == '/').collect()
    }

    pub fn text(&self) -> &str {
        &self.message.text
    }
}

fn is_card(message: &ShownMessage) -> bool {
    ["【通知】", "【紧急通知】", "【已撤回】"].iter().any(|head| message.text.contains(head))
        && !message.text.contains("已发出")
}
