//! Groups, supergroups, forums and channels.

use super::{Account, Bot, Sandbox};
use crate::model::{ChatKind, Peer, Status};

/// Somebody who can be in a group: an account or a bot.
pub trait InGroup {
    /// The account's id.
    fn account_id(&self) -> i64;
}

impl InGroup for Account {
    fn account_id(&self) -> i64 {
        self.id()
    }
}

impl InGroup for Bot {
    fn account_id(&self) -> i64 {
        self.id()
    }
}

/// A group, supergroup, forum or channel.
#[derive(Clone, Debug)]
pub struct Group {
    sandbox: Sandbox,
    id: i64,
}

impl Sandbox {
    /// A basic group (negative id); the first member created it.
    #[track_caller]
    pub fn group(&self, title: &str, members: &[&Account]) -> Group {
        self.new_chat(ChatKind::Group, title, members, false)
    }

    /// A supergroup (id below -1,000,000,000,000); the first member created it.
    #[track_caller]
    pub fn supergroup(&self, title: &str, members: &[&Account]) -> Group {
        self.new_chat(ChatKind::Supergroup, title, members, false)
    }

    /// A supergroup with topics.
    #[track_caller]
    pub fn forum(&self, title: &str, members: &[&Account]) -> Group {
        self.new_chat(ChatKind::Supergroup, title, members, true)
    }

    /// A channel; the first member created it.
    #[track_caller]
    pub fn channel(&self, title: &str, members: &[&Account]) -> Group {
        self.new_chat(ChatKind::Channel, title, members, false)
    }

    /// A group made before.
    #[track_caller]
    pub fn group_by_id(&self, id: i64) -> Group {
        assert!(self.look(|state| state.chat(Peer::Group(id)).is_some()), "there is no chat {id}");
        Group { sandbox: self.clone(), id }
    }

    #[track_caller]
    fn new_chat(&self, kind: ChatKind, title: &str, members: &[&Account], forum: bool) -> Group {
        assert!(!members.is_empty(), "a {} needs somebody who created it", kind.name());
        let id = self.change(|state| {
            let number = state.fresh_id();
            let id =
                if kind == ChatKind::Group { -4_000_000_000 - number } else { -1_000_000_000_000 - number };
            let peer = state.add_chat(id, kind, title, forum);
            if let Some(chat) = state.chats.get_mut(&peer) {
                chat.members.extend(members.iter().map(|account| (account.id(), Status::Member)));
                chat.members.insert(members[0].id(), Status::Creator);
            }
            state.emit("chat", peer, None);
            id
        });
        Group { sandbox: self.clone(), id }
    }
}

impl Group {
    /// The chat's id.
    pub fn id(&self) -> i64 {
        self.id
    }

    fn peer(&self) -> Peer {
        Peer::Group(self.id)
    }

    /// The title now.
    pub fn title(&self) -> String {
        self.sandbox.look(|state| state.chat(self.peer()).map(|chat| chat.title.clone()).unwrap_or_default())
    }

    /// Gives a supergroup or channel a public name, without `@`.
    #[track_caller]
    pub fn set_username(&self, username: &str) {
        self.sandbox.act(|state| {
            if state.names.insert(username.to_lowercase(), self.id).is_some() {
                return Err(format!("the username {username} is taken"));
            }
            if let Some(chat) = state.chats.get_mut(&self.peer()) {
                chat.username = Some(username.to_owned());
            }
            Ok(())
        });
    }

    /// Somebody adds the bot: it gets `my_chat_member` and the service message.
    pub fn add_bot(&self, bot: &Bot, by: &Account) {
        self.sandbox.change(|state| state.add_member(self.peer(), bot.id(), by.id()));
    }

    /// Somebody removes the bot: it gets `my_chat_member` and from then on 403.
    pub fn remove_bot(&self, bot: &Bot, by: &Account) {
        self.sandbox.change(|state| state.remove_member(self.peer(), bot.id(), by.id()));
    }

    /// Somebody adds a member.
    pub fn add(&self, member: &Account, by: &Account) {
        self.sandbox.change(|state| state.add_member(self.peer(), member.id(), by.id()));
    }

    /// Somebody removes a member.
    pub fn remove(&self, member: &Account, by: &Account) {
        self.sandbox.change(|state| state.remove_member(self.peer(), member.id(), by.id()));
    }

    /// Puts many members in at once, without updates or service messages, as if they had always been there.
    pub fn fill(&self, members: &[&Account]) {
        self.sandbox.change(|state| {
            if let Some(chat) = state.chats.get_mut(&self.peer()) {
                for account in members {
                    chat.members.entry(account.id()).or_insert(Status::Member);
                }
            }
        });
    }

    /// Makes a member an administrator.
    pub fn promote(&self, who: &impl InGroup) {
        self.set(who, Status::Administrator);
    }

    /// Makes an administrator an ordinary member.
    pub fn demote(&self, who: &impl InGroup) {
        self.set(who, Status::Member);
    }

    fn set(&self, who: &impl InGroup, status: Status) {
        self.sandbox.change(|state| {
            let creator = state.chat(self.peer()).and_then(|chat| {
                chat.members.iter().find(|(_, status)| **status == Status::Creator).map(|(id, _)| *id)
            });
            state.set_status(self.peer(), who.account_id(), creator.unwrap_or(who.account_id()), status);
        });
    }

    /// Becomes a supergroup, with a service message from both sides. Calls with the old id get 400 with
    /// `migrate_to_chat_id`.
    #[track_caller]
    pub fn upgrade(&self) -> Group {
        self.upgraded(true)
    }

    /// Becomes a supergroup, but the service messages wait for [`Group::announce_upgrade`].
    #[track_caller]
    pub fn upgrade_silently(&self) -> Group {
        self.upgraded(false)
    }

    #[track_caller]
    fn upgraded(&self, announce: bool) -> Group {
        let id = self.sandbox.act(|state| state.upgrade(self.id, announce));
        Group { sandbox: self.sandbox.clone(), id }
    }

    /// Sends the service messages of a migration (again).
    pub fn announce_upgrade(&self) {
        self.sandbox.change(|state| state.announce_upgrade(self.id));
    }

    /// Changes the title.
    pub fn rename(&self, title: &str, by: &Account) {
        self.sandbox.change(|state| state.rename(self.peer(), by.id(), title));
    }

    /// Opens a topic of a forum; returns its thread id.
    pub fn open_topic(&self, name: &str, by: &Account) -> i64 {
        self.sandbox.change(|state| state.open_topic(self.peer(), by.id(), name))
    }

    /// The owner deletes the chat.
    pub fn deletes(&self) {
        self.sandbox.change(|state| {
            if let Some(chat) = state.chats.get_mut(&self.peer()) {
                chat.gone = true;
            }
        });
    }

    /// A channel's post arrives in the group linked to it, in the name of account 777000.
    #[track_caller]
    pub fn forwards_post(&self, message_id: i64, group: &Group) -> i64 {
        self.sandbox.act(|state| state.forward_post(self.peer(), message_id, group.peer()))
    }

    /// Accounts in the chat now, bots included.
    pub fn members(&self) -> Vec<i64> {
        self.sandbox.look(|state| {
            let chat = state.chat(self.peer());
            chat.map_or_else(Vec::new, |chat| {
                chat.members.iter().filter(|(_, status)| status.is_in()).map(|(id, _)| *id).collect()
            })
        })
    }
}
