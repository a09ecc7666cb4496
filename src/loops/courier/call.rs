//! One row of the outbox as a call, and what its result means (invariant 4).

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use rand::RngExt;

use super::limiter::Micros;
use super::paper::Desk;
use crate::chat::{Chat, MenuLine, Posting, SendError};
use crate::documents::{Words, directory, own};
use crate::domain::incoming::FileRef;
use crate::domain::message::{Locale, Time};
use crate::domain::outgoing::Op;
use crate::domain::report::{ChartData, WorkbookOrder};
use crate::engine::Learnt;
use crate::store::courier::{End, Ended, Marked, Sent};
use crate::text::{Context, Rendered, Texts};

/// The longest pause between two tries of one row.
const LONGEST_PAUSE: i64 = 60;

/// A call with everything it needs.
#[derive(Debug, Clone)]
pub enum Call {
    Send {
        words: Rendered,
        how: Posting,
    },
    Edit {
        message: i64,
        words: Rendered,
    },
    Answer {
        callback: String,
        text: String,
        alert: bool,
    },
    Copy {
        from_chat: i64,
        message: i64,
    },
    /// What another bot was shown, fetched by that one.
    Carry {
        bot: i64,
        file: FileRef,
    },
    File {
        name: String,
        bytes: Vec<u8>,
    },
    /// Made by the call itself.
    Workbook(Box<WorkbookOrder>),
    Chart {
        data: Box<ChartData>,
        locale: Locale,
    },
    Menu {
        lines: Vec<MenuLine>,
    },
    AskMember {
        account: i64,
    },
    AskChat,
    Leave,
}

/// Why a row needs no call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoCall {
    /// The message to edit was never sent.
    NeverSent,
    /// The message was sent, as an earlier try told late.
    SentAlready(i64),
    /// The file cannot be written.
    Unwritable,
    /// The message to edit stayed behind in a group that became a supergroup, or with another bot.
    Moved,
    /// Only another bot can copy it, and nothing tells by what it is fetched.
    Elsewhere,
}

/// What a call brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It was done.
    Done,
    /// A message was sent and has this id.
    Sent(i64),
    /// It told something.
    Told(Learnt),
}

/// A row that is under way.
#[derive(Debug, Clone)]
pub struct Flight {
    pub row: Marked,
    /// Limits count it.
    pub counts: bool,
    pub started: Micros,
}

/// The call of a row, by `bot`. `sent_as` tells where a message of ours is, if it was sent.
pub fn prepare(
    (bot, row): (i64, &Marked),
    op: &Op,
    sent_as: impl Fn(i64) -> Option<Sent>,
    texts: &Texts,
    context: &Context<'_>,
) -> Result<Call, NoCall> {
    let sent = row.message.and_then(&sent_as);
    Ok(match op {
        Op::Send { .. } | Op::Copy(_) if sent.is_some() => {
            return Err(NoCall::SentAlready(sent.map_or(0, |sent| sent.id)));
        }
        Op::Send { letter, reply_to, quiet } => {
            // In a group that became a supergroup, and for another bot, the old ids name other messages.
            let reply_to = reply_to.and_then(sent_as).filter(|sent| (sent.chat, sent.bot) == (row.chat, bot));
            let how = Posting { reply_to: reply_to.map(|sent| sent.id), quiet: *quiet };
            Call::Send { words: texts.render(letter, context), how }
        }
        Op::Edit { letter } => {
            let sent = sent.ok_or(NoCall::NeverSent)?;
            if (sent.chat, sent.bot) != (row.chat, bot) {
                return Err(NoCall::Moved);
            }
            Call::Edit {
                message: sent.id,
                words: texts.render(letter, &Context { repeat: false, ..*context }),
            }
        }
        Op::Answer { callback, toast, reader, locale } => {
            let (text, alert) = texts.toast(toast, *reader, *locale, context);
            Call::Answer { callback: callback.clone(), text, alert }
        }
        Op::Copy(what) if what.bot == 0 || what.bot == bot => {
            Call::Copy { from_chat: what.from_chat, message: what.message }
        }
        Op::Copy(what) => Call::Carry { bot: what.bot, file: what.file.clone().ok_or(NoCall::Elsewhere)? },
        Op::File { name, bytes } => Call::File { name: name.clone(), bytes: bytes.clone() },
        Op::Directory { unit, rows, locale } => Call::File {
            name: directory::file_name(unit, *locale),
            bytes: directory::workbook(rows, *locale).map_err(|_| NoCall::Unwritable)?,
        },
        Op::OwnData { data, locale } => {
            let words = Words { texts, locale: *locale, calendar: context.calendar, tiers: Vec::new() };
            Call::File { name: own::file_name(data, &words), bytes: own::file(data, &words) }
        }
        Op::Workbook(order) => Call::Workbook(order.clone()),
        Op::Chart { data, locale } => Call::Chart { data: data.clone(), locale: *locale },
        Op::Menu { roles, locale } => {
            let lines = texts.commands(roles.as_deref(), *locale);
            let line = |(command, description): (&str, String)| MenuLine {
                command: command.to_owned(),
                description,
            };
            Call::Menu { lines: lines.into_iter().map(line).collect() }
        }
        Op::AskMember { account } => Call::AskMember { account: *account },
        Op::AskChat => Call::AskChat,
        Op::Leave => Call::Leave,
    })
}

/// Makes the call.
pub async fn make(chat: Arc<dyn Chat>, desk: Desk, to: i64, call: Call) -> Result<Answer, SendError> {
    match call {
        Call::Send { words, how } => chat.send(to, &words, how).await.map(Answer::Sent),
        Call::Edit { message, words } => chat.edit(to, message, &words).await.map(|()| Answer::Done),
        Call::Answer { callback, text, alert } => {
            chat.answer(&callback, &text, alert).await.map(|()| Answer::Done)
        }
        Call::Copy { from_chat, message } => chat.copy(from_chat, message, to).await.map(Answer::Sent),
        Call::Carry { bot, file } => {
            let bytes = desk.fetch(bot, &file.id).await?;
            chat.file(to, &file.name, &bytes).await.map(Answer::Sent)
        }
        Call::File { name, bytes } => chat.file(to, &name, &bytes).await.map(Answer::Sent),
        Call::Workbook(order) => {
            let (name, bytes) = desk.workbook(*order).await?;
            chat.file(to, &name, &bytes).await.map(Answer::Sent)
        }
        Call::Chart { data, locale } => {
            let picture = desk.chart(*data, locale).await?;
            chat.photo(to, &picture).await.map(Answer::Sent)
        }
        Call::Menu { lines } => chat.set_menu(to, &lines).await.map(|()| Answer::Done),
        Call::AskMember { account } => {
            let state = chat.ask_member(to, account).await?;
            Ok(Answer::Told(Learnt::Member { chat: to, account, inside: state.inside }))
        }
        Call::AskChat => {
            let state = chat.ask_chat(to).await?;
            Ok(Answer::Told(Learnt::Chat { chat: to, members: state.members, admin: state.admin }))
        }
        Call::Leave => chat.leave(to).await.map(|()| Answer::Done),
    }
}

/// How a row ends after its call, and what is learnt from it.
pub fn judge(row: &Marked, result: &Result<Answer, SendError>, now: Time) -> (End, Option<Learnt>) {
    let error = match result {
        Ok(Answer::Done) => return (End::Done { sent: None }, None),
        Ok(Answer::Sent(id)) => return (End::Done { sent: Some(*id) }, None),
        Ok(Answer::Told(lesson)) => return (End::Done { sent: None }, Some(lesson.clone())),
        Err(error) => error,
    };
    let failed = |why: &str| End::Failed { error: why.to_owned() };
    match error {
        SendError::NotModified | SendError::MessageGone | SendError::TooOld => {
            (End::Done { sent: None }, None)
        }
        SendError::Gone(kind) => (failed(kind.word()), Some(Learnt::Gone { chat: row.chat, kind: *kind })),
        SendError::Migrated { to } => {
            (again(now, false, error), Some(Learnt::Moved { from: row.chat, to: *to }))
        }
        SendError::Refused { description } => (failed(description), None),
        SendError::RetryAfter { seconds } => {
            let seconds = i64::try_from(*seconds).unwrap_or(i64::MAX / 1000).min(86_400);
            (again(now + TimeDelta::seconds(seconds), false, error), None)
        }
        SendError::Unclear(_) => match row.repeat.as_str() {
            "never" => (failed("unclear"), None),
            repeat => (again(now + pause(row.attempts), repeat == "marked", error), None),
        },
        // Nothing happened: the same message may be tried again.
        SendError::Before(_) | SendError::Server { .. } => {
            (again(now + pause(row.attempts), false, error), None)
        }
        SendError::Unauthorized | SendError::Conflict { .. } => {
            (again(now + TimeDelta::seconds(LONGEST_PAUSE / 2), false, error), None)
        }
    }
}

fn again(not_before: Time, repeated: bool, error: &SendError) -> End {
    End::Again { not_before, repeated, error: error.word().to_owned() }
}

/// At least a second, doubled with each try, and never the same for two rows.
fn pause(attempts: u32) -> TimeDelta {
    let seconds = (1_i64 << attempts.saturating_sub(1).min(6)).min(LONGEST_PAUSE);
    TimeDelta::milliseconds(seconds * 1000 + rand::rng().random_range(0..=seconds * 500))
}

/// How long the bot waits after so many calls in a row that found no server.
pub fn outage_pause(in_a_row: u32) -> Duration {
    Duration::from_millis(250 << in_a_row.saturating_sub(5).min(4))
}

/// A row that ends without a call.
pub fn uncalled(row: &Marked, reason: NoCall) -> Ended {
    let end = match reason {
        NoCall::NeverSent => End::Failed { error: "never_sent".to_owned() },
        NoCall::Unwritable => End::Failed { error: "unwritable".to_owned() },
        NoCall::Moved => End::Failed { error: "moved".to_owned() },
        NoCall::Elsewhere => End::Failed { error: "elsewhere".to_owned() },
        NoCall::SentAlready(id) => End::Done { sent: Some(id) },
    };
    Ended { id: row.id, message: row.message, end }
}
