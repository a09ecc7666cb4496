//! What was said and looked at, heard and answered; and how a story ends.

use botapi_sandbox::{Account, Group, PressId, ShownMessage};
use tierline::args;
use tierline::domain::message::OperatorNote;
use tierline::store::Value;

use super::school::World;

impl World {
    /// The acknowledgements there are: `code way`, sorted.
    pub async fn receipts(&self) -> Vec<String> {
        let sql = "SELECT p.code || ' ' || r.way AS x FROM receipts r JOIN people p ON p.id = r.by_person \
                   WHERE r.acked_at IS NOT NULL ORDER BY p.code, r.way, r.subject";
        self.asks(sql, args![]).await
    }

    /// Whether a step looked at this message.
    pub fn is_read(&self, message: &ShownMessage) -> bool {
        self.notes().read.contains(&(message.chat_id, message.from, message.id))
    }

    /// A step looked at this message.
    pub fn read(&self, message: &ShownMessage) {
        self.notes().read.insert((message.chat_id, message.from, message.id));
    }

    /// Remembers a press, to see that it is answered and that its answer is heard.
    pub fn note_press(&self, who: &str, press: PressId) {
        self.notes().presses.push((who.to_owned(), press, false));
    }

    /// The answers to the presses of a person that nobody listened to yet, in order; from now on they are heard.
    pub fn toasts(&self, who: &str) -> Vec<String> {
        let mut notes = self.notes();
        let mut toasts = Vec::new();
        for (_, press, heard) in notes.presses.iter_mut().filter(|(of, _, heard)| of == who && !heard) {
            let Some(answer) = self.sandbox.press_answer(*press) else { continue };
            *heard = true;
            toasts.extend(answer.text);
        }
        toasts
    }

    /// Numbers or words out of the database, for what no chat shows.
    pub async fn asks<T: tierline::store::backend::Column>(
        &self,
        sql: &'static str,
        args: Vec<Value>,
    ) -> Vec<T> {
        let guard = self.app.lock().await;
        let mut tx = guard.as_ref().expect("it runs").engine.db.read().await.expect("reads");
        tx.all(sql, args, |row| row.get("x")).await.expect("answers")
    }

    /// One number out of the database.
    pub async fn count(&self, sql: &'static str) -> i64 {
        self.asks::<i64>(sql, args![]).await[0]
    }

    /// A 429 is part of this story.
    pub fn expects_429(&self) {
        self.notes().expected_429 = true;
    }

    /// How many rows the auditor missed so far; they are part of this story.
    pub async fn alarms(&self) -> i64 {
        let running = self.app.lock().await.as_ref().map_or(0, |app| app.alarms);
        let mut notes = self.notes();
        notes.expected_alarms = notes.alarms + running;
        notes.expected_alarms
    }

    /// Whether all that was due today went out, as the service saw it when it last looked; what did not is part of this
    /// story.
    pub async fn nags(&self) -> OperatorNote {
        let nags = self.app.lock().await.as_ref().expect("it runs").nags;
        self.notes().expected_unexplained = nags.unexplained;
        nags
    }

    /// All that was said and not looked at, as `who or where: words`.
    pub fn unread(&self) -> Vec<String> {
        let notes = self.notes();
        let mut places: Vec<(String, i64)> =
            notes.accounts.iter().map(|(code, account)| (code.clone(), account.id())).collect();
        places.extend(notes.groups.iter().map(|(key, group)| (key.clone(), group.id())));
        let mut unread = Vec::new();
        for (place, chat) in places {
            let new = |message: &ShownMessage| {
                self.is_ours(message)
                    && !message.deleted
                    && !notes.read.contains(&(chat, message.from, message.id))
            };
            let said = self.sandbox.messages(chat).into_iter().filter(new);
            unread.extend(said.map(|message| format!("{place}: {}", message.text)));
        }
        unread
    }

    /// How many have acknowledged in each of these chats.
    #[track_caller]
    pub fn counts(&self, keys: &[&str]) -> Vec<String> {
        keys.iter().map(|key| self.chat(key).card().count()).collect()
    }

    /// Nothing new stands in any of these chats.
    #[track_caller]
    pub fn are_quiet(&self, keys: &[&str]) {
        for key in keys {
            self.chat(key).is_quiet();
        }
    }

    /// Everybody whose presses were answered since the last look heard these words; how many presses that were.
    #[track_caller]
    pub fn all_hear(&self, words: &str) -> usize {
        let people: Vec<String> = self.notes().accounts.keys().cloned().collect();
        let mut heard = 0;
        for who in people {
            for toast in self.toasts(&who) {
                assert!(toast.contains(words), "{who} expected “{words}”, heard “{toast}”");
                heard += 1;
            }
        }
        heard
    }

    /// Whether the bot said it (and not the group's history).
    pub fn is_ours(&self, message: &ShownMessage) -> bool {
        self.bots.iter().any(|bot| message.from == Some(bot.id())) && !message.service
    }

    /// What is said from here on is of no interest to the story: everything counts as looked at.
    pub fn overlooks(&self, text: &str) {
        let mut found = 0;
        let chats: Vec<i64> = {
            let notes = self.notes();
            let people = notes.accounts.values().map(Account::id);
            people.chain(notes.groups.values().map(Group::id)).collect()
        };
        for chat in chats {
            for message in self.sandbox.messages(chat) {
                if self.is_ours(&message) && message.text.contains(text) {
                    self.notes().read.insert((chat, message.from, message.id));
                    found += 1;
                }
            }
        }
        assert!(found > 0, "nobody said anything with “{text}”");
    }

    /// Presses of before are too old to be answered by a restored copy.
    pub fn gives_up_on_presses(&self) {
        self.notes().presses.clear();
    }

    /// Collects the answers to presses that have come.
    pub(super) fn hear(&self) {
        let mut notes = self.notes();
        for (_, press, heard) in &mut notes.presses {
            let silent = self.sandbox.press_answer(*press).is_some_and(|answer| answer.text.is_none());
            *heard |= silent;
        }
    }

    /// Ends the story: nothing unread, every press answered, no call that Telegram would refuse.
    pub async fn ends(self) {
        self.settles().await;
        let nags = self.app.lock().await.as_ref().expect("it runs").nags;
        assert_eq!(nags.unexplained, self.notes().expected_unexplained, "reminders that nobody explains");
        self.stops().await;
        let unread = self.unread();
        assert!(unread.is_empty(), "nobody looked at:\n{}", unread.join("\n---\n"));
        let presses = std::mem::take(&mut self.notes().presses);
        for (who, press, heard) in presses {
            let answer = self.sandbox.press_answer(press);
            let answer = answer.unwrap_or_else(|| panic!("a press of {who} was never answered"));
            assert!(heard, "{who} was answered and did not listen: {:?}", answer.text);
        }
        assert_eq!(self.sandbox.violations(), [], "calls that do not follow the reference");
        if !self.notes().expected_429 {
            assert_eq!(self.sandbox.too_many_requests(), 0, "calls beyond the limits");
        }
        let mut notes = self.notes();
        assert_eq!(notes.alarms, notes.expected_alarms, "rows that the auditor missed");
        notes.ended = true;
    }
}
