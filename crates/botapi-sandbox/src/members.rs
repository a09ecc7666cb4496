//! Who is in which chat, and what bots are told when that changes.

use serde_json::{Value, json};

use crate::model::*;
use crate::state::{ANONYMOUS_ADMIN, State};

impl State {
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
        self.emit("chat", Peer::Private { bot, user }, None);
        self.show_block(bot, user, blocked);
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
