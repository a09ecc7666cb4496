//! Telegram as a process of its own: a sandbox with the school's accounts and groups, told by lines of JSON on its
//! standard input what its people do, and answering on its standard output what it saw.

use std::collections::{BTreeMap, HashSet};
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use botapi_sandbox::{Account, AccountSpec, Bot, Limits, Sandbox};
use serde::{Deserialize, Serialize};
use tierline::demo;
use tierline::domain::message::Locale;
use tierline::domain::roster::{Role, Roster};

use crate::Failure;

/// What the sandbox is asked.
#[derive(Debug, Serialize, Deserialize)]
enum Ask {
    /// From now on this many calls a second in all, and into one chat what Telegram allows; `None`: no limits.
    Limit(Option<usize>),
    /// Forgets what was seen; looks out for messages that hold this text.
    Watch(String),
    /// What was seen since the last `Watch`.
    Seen,
    /// The newest message with buttons in each of these chats.
    Buttons(Vec<i64>),
    /// Presses buttons: account, chat, message, data.
    Press(Vec<(i64, i64, i64, String)>),
    /// An account writes into a chat, so many times.
    Write { account: i64, chat: i64, text: String, times: usize },
}

/// A message with what its buttons carry.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Shown {
    /// Where it is.
    pub chat: i64,
    /// Its id there.
    pub message: i64,
    /// What its buttons carry, in order.
    pub data: Vec<String>,
    /// Its text.
    pub text: String,
}

/// What the bot did.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Seen {
    /// Messages sent.
    pub sends: usize,
    /// Messages edited.
    pub edits: usize,
    /// Presses answered.
    pub answers: usize,
    /// Calls refused, those with 429 included.
    pub refused: usize,
    /// Calls refused with 429.
    pub too_many: u64,
    /// When the first and the last counted call was taken, in milliseconds since 1970.
    pub span_ms: Option<(i64, i64)>,
    /// When the first message with the watched text came.
    pub first_ms: Option<i64>,
    /// When such a message came to each group, at the latest.
    pub groups_ms: Option<i64>,
    /// To how many groups one came.
    pub groups: usize,
    /// Updates that wait to be fetched.
    pub pending: usize,
    /// Why calls were refused, of each reason one.
    pub reasons: BTreeMap<String, usize>,
}

/// Where the sandbox is, and whom it knows.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Hello {
    /// The Bot API's address.
    pub api: String,
    /// The bot's token …
    pub token: String,
    /// … and account.
    pub bot: i64,
    /// Chats by the unit's code.
    pub groups: BTreeMap<String, i64>,
}

/// The sandbox's process, as the measuring one knows it.
pub struct Telegram {
    child: Child,
    asks: ChildStdin,
    answers: BufReader<ChildStdout>,
    /// What it told about itself.
    pub hello: Hello,
}

impl Telegram {
    /// Starts a sandbox with a school of so many students.
    ///
    /// # Errors
    /// When the process cannot be started.
    pub fn start(students: usize) -> Result<Self, Failure> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["sandbox", "--students", &students.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let (Some(asks), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("the sandbox has no standard streams".into());
        };
        let mut answers = BufReader::new(answers);
        let hello = read(&mut answers)?;
        Ok(Self { child, asks, answers, hello })
    }

    /// Ends it.
    ///
    /// # Errors
    /// When it cannot be ended.
    pub fn end(mut self) -> Result<(), Failure> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Nothing else is done in this process meanwhile: whoever measures waits for the answer.
    fn ask<T: for<'t> Deserialize<'t>>(&mut self, ask: &Ask) -> Result<T, Failure> {
        let line = serde_json::to_string(ask)? + "\n";
        self.asks.write_all(line.as_bytes())?;
        read(&mut self.answers)
    }

    /// Limits all calls together to so many a second; `None`: nothing is limited.
    ///
    /// # Errors
    /// When the process has ended; so with all that follow.
    pub fn limit(&mut self, per_second: Option<usize>) -> Result<(), Failure> {
        self.ask(&Ask::Limit(per_second))
    }

    /// Begins to count anew, and looks out for messages that hold this text.
    ///
    /// # Errors
    /// When the process has ended.
    pub fn watch(&mut self, text: &str) -> Result<(), Failure> {
        self.ask(&Ask::Watch(text.to_owned()))
    }

    /// What was seen since then.
    ///
    /// # Errors
    /// When the process has ended.
    pub fn seen(&mut self) -> Result<Seen, Failure> {
        self.ask(&Ask::Seen)
    }

    /// The newest message with buttons of each chat.
    ///
    /// # Errors
    /// When the process has ended.
    pub fn buttons(&mut self, chats: Vec<i64>) -> Result<Vec<Shown>, Failure> {
        self.ask(&Ask::Buttons(chats))
    }

    /// Accounts press buttons: account, chat, message, data.
    ///
    /// # Errors
    /// When the process has ended.
    pub fn press(&mut self, presses: Vec<(i64, i64, i64, String)>) -> Result<(), Failure> {
        self.ask(&Ask::Press(presses))
    }

    /// An account writes into a chat, so many times.
    ///
    /// # Errors
    /// When the process has ended.
    pub fn write(&mut self, account: i64, chat: i64, text: &str, times: usize) -> Result<(), Failure> {
        self.ask(&Ask::Write { account, chat, text: text.to_owned(), times })
    }
}

impl Drop for Telegram {
    fn drop(&mut self) {
        // One that was ended is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The next line of an answer.
fn read<T: for<'t> Deserialize<'t>>(answers: &mut impl BufRead) -> Result<T, Failure> {
    let mut line = String::new();
    if answers.read_line(&mut line)? == 0 {
        return Err("the sandbox has ended".into());
    }
    Ok(serde_json::from_str(&line)?)
}

/// Runs as the sandbox until the standard input ends.
///
/// # Errors
/// When it cannot listen.
pub async fn serve(students: usize) -> Result<(), Failure> {
    let sandbox = Sandbox::builder().limits(Limits::off()).start().await?;
    let mut stage = Stage::set(sandbox, students).await?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", serde_json::to_string(&stage.hello())?)?;
    // Reading holds this thread; calls are served by the others.
    for line in std::io::stdin().lock().lines() {
        let ask = serde_json::from_str(&line?)?;
        writeln!(out, "{}", stage.answer(ask)?)?;
    }
    Ok(())
}

/// The sandbox, the bot and the groups.
struct Stage {
    sandbox: Sandbox,
    bot: Bot,
    groups: BTreeMap<String, i64>,
    watched: String,
    seen: Seen,
    watched_groups: HashSet<i64>,
    /// Of the calls that are kept, so many were counted.
    counted: usize,
    too_many: u64,
}

impl Stage {
    async fn set(sandbox: Sandbox, students: usize) -> Result<Self, Failure> {
        let bot = sandbox.add_bot("bench_bot", "Bench");
        let roster = demo::roster(students, Locale::ZhCn);
        let mut accounts = BTreeMap::new();
        for person in roster.people.values().filter(|person| !person.is(Role::Guardian)) {
            let Some(id) = person.telegram_id else { continue };
            let spec = AccountSpec { id, name: person.name.clone(), ..AccountSpec::default() };
            let account = sandbox.account_with(spec);
            account.starts(&bot, None);
            accounts.insert(person.code.clone(), account);
        }
        let groups = open_groups(&sandbox, &bot, &roster, &accounts);
        drop_pending(&sandbox, &bot).await?;
        let (watched, seen, watched_groups) = (String::new(), Seen::default(), HashSet::new());
        Ok(Self { sandbox, bot, groups, watched, seen, watched_groups, counted: 0, too_many: 0 })
    }

    fn hello(&self) -> Hello {
        Hello {
            api: self.sandbox.api_url(),
            token: self.bot.token().to_owned(),
            bot: self.bot.id(),
            groups: self.groups.clone(),
        }
    }

    fn answer(&mut self, ask: Ask) -> Result<String, Failure> {
        match ask {
            Ask::Limit(per_second) => {
                let strict = |per_second| Limits { per_second, ..Limits::strict() };
                self.sandbox.set_limits(per_second.map_or_else(Limits::off, strict));
            }
            Ask::Watch(text) => {
                self.sandbox.forget_calls();
                (self.watched, self.seen, self.counted) = (text, Seen::default(), 0);
                self.watched_groups.clear();
                self.too_many = self.sandbox.too_many_requests();
            }
            Ask::Seen => return Ok(serde_json::to_string(self.look())?),
            Ask::Buttons(chats) => {
                let shown: Vec<Shown> = chats.into_iter().filter_map(|chat| self.buttons(chat)).collect();
                return Ok(serde_json::to_string(&shown)?);
            }
            Ask::Press(presses) => {
                for (account, chat, message, data) in presses {
                    self.sandbox.account_by_id(account).presses_data(chat, message, &data);
                }
            }
            Ask::Write { account, chat, text, times } => {
                let account = self.sandbox.account_by_id(account);
                for _ in 0..times {
                    account.writes(chat, &text);
                }
            }
        }
        Ok("null".to_owned())
    }

    fn buttons(&self, chat: i64) -> Option<Shown> {
        let messages = self.sandbox.messages(chat);
        let message = messages.into_iter().rev().find(|message| !message.buttons.is_empty())?;
        let data = message.buttons.into_iter().flatten().filter_map(|button| button.data).collect();
        Some(Shown { chat, message: message.id, data, text: message.text })
    }

    fn look(&mut self) -> &Seen {
        let calls = self.sandbox.calls_from(self.counted);
        self.counted += calls.len();
        for call in calls {
            let at = call.at.timestamp_millis();
            if !call.ok {
                self.seen.refused += 1;
                *self.seen.reasons.entry(call.description.unwrap_or_default()).or_default() += 1;
                continue;
            }
            match call.method {
                "sendMessage" => self.seen.sends += 1,
                "editMessageText" => self.seen.edits += 1,
                "answerCallbackQuery" => {
                    self.seen.answers += 1;
                    continue;
                }
                _ => continue,
            }
            let first = self.seen.span_ms.map_or(at, |(first, _)| first);
            self.seen.span_ms = Some((first, at));
            let text = call.params["text"].as_str().unwrap_or_default();
            if call.method == "sendMessage" && !self.watched.is_empty() && text.contains(&self.watched) {
                self.seen.first_ms.get_or_insert(at);
                if call.chat_id.is_some_and(|chat| chat < 0 && self.watched_groups.insert(chat)) {
                    self.seen.groups_ms = Some(at);
                }
            }
        }
        self.seen.groups = self.watched_groups.len();
        self.seen.too_many = self.sandbox.too_many_requests() - self.too_many;
        self.seen.pending = self.sandbox.pending_updates(&self.bot);
        &self.seen
    }
}

/// A chat for each unit but the guardians', in the order of the roster: its number is the same in every run.
fn open_groups(
    sandbox: &Sandbox,
    bot: &Bot,
    roster: &Roster,
    accounts: &BTreeMap<String, Account>,
) -> BTreeMap<String, i64> {
    let mut members: BTreeMap<&str, Vec<&Account>> = BTreeMap::new();
    for person in roster.people.values() {
        let Some(account) = accounts.get(&person.code) else { continue };
        for (_, unit) in person.duties.keys() {
            members.entry(unit).or_default().push(account);
            // Who is responsible for a unit is in the chat above it, too.
            if !person.is(Role::Student)
                && let Some(parent) = roster.units.get(unit).and_then(|unit| unit.parent.as_deref())
            {
                members.entry(parent).or_default().push(account);
            }
        }
    }
    let mut groups = BTreeMap::new();
    for unit in roster.units.values() {
        let Some(inside) = members.get(unit.code.as_str()) else { continue };
        let group = sandbox.supergroup(&unit.name, inside);
        group.add_bot(bot, inside[0]);
        group.promote(bot);
        groups.insert(unit.code.clone(), group.id());
    }
    groups
}

/// What making the school brought about is no news to the bot.
async fn drop_pending(sandbox: &Sandbox, bot: &Bot) -> Result<(), Failure> {
    let path = format!("/bot{}/deleteWebhook?drop_pending_updates=true", bot.token());
    match crate::post::get(sandbox.address(), &path).await {
        Some(200) => Ok(()),
        answer => Err(format!("the sandbox does not drop its updates: {answer:?}").into()),
    }
}
