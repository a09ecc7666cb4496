//! The part of `check` that asks Telegram: each bot's token, and what the bot may do in every bound chat.

use tokio::task::JoinSet;

use crate::chat::telegram::{TelegramChat, TelegramOptions};
use crate::chat::{Chat as _, GoneKind, SendError};
use crate::config::{Bot, Config, Problem};
use crate::store::chats::Chat;

/// Chats asked about at the same time.
const AT_ONCE: usize = 8;

/// Asks for every bot and every chat; `asked` hears of each chat that was asked about.
pub async fn check(config: &Config, chats: &[Chat], mut asked: impl FnMut(usize)) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut rest: Vec<&Chat> = chats.iter().collect();
    let mut count = 0;
    let mut all_known = !config.telegram.bots.is_empty();
    for bot in &config.telegram.bots {
        let chat = match connect(config, bot).await {
            Ok(chat) => chat,
            Err(error) => {
                problems.push(of_token(config, bot, &error));
                all_known = false;
                continue;
            }
        };
        let (own, others): (Vec<&Chat>, Vec<&Chat>) = rest.iter().partition(|known| known.bot == chat.id());
        rest = others;
        for some in own.chunks(AT_ONCE) {
            problems.extend(of_chats(config, &chat, some).await);
            count += some.len();
            asked(count);
        }
    }
    if all_known {
        problems.extend(rest.into_iter().map(|chat| nobody_s(config, chat)));
    }
    problems
}

async fn connect(config: &Config, bot: &Bot) -> Result<TelegramChat, SendError> {
    let chat = TelegramChat::new(&config.telegram.api_url, &bot.token, TelegramOptions::default())?;
    chat.me().await?;
    Ok(chat)
}

fn of_token(config: &Config, bot: &Bot, error: &SendError) -> Problem {
    let (key, mend) = match error {
        SendError::Unauthorized => ("telegram.token", "take the current token from @BotFather"),
        _ => ("telegram.api_url", "mend the address or the way to it, and check again"),
    };
    Problem {
        file: config.file.clone(),
        key: key.to_owned(),
        reason: format!("the bot {} cannot be asked who it is: {error}", bot.name),
        mend: mend.to_owned(),
    }
}

async fn of_chats(config: &Config, bot: &TelegramChat, chats: &[&Chat]) -> Vec<Problem> {
    let mut asking = JoinSet::new();
    for id in chats.iter().map(|chat| chat.chat) {
        let bot = bot.clone();
        asking.spawn(async move { (id, bot.ask_chat(id).await) });
    }
    let mut problems = Vec::new();
    for (id, answer) in asking.join_all().await {
        let (reason, mend) = match answer {
            Ok(state) if state.admin => continue,
            Ok(_) => (
                "the bot is no administrator: it does not see who joins, reactions and plain answers"
                    .to_owned(),
                "make the bot an administrator of the group; it needs no further rights".to_owned(),
            ),
            Err(error) => of_error(&error),
        };
        let title = chats.iter().find(|chat| chat.chat == id).map_or("", |chat| chat.title.as_str());
        problems.push(Problem {
            file: config.file.clone(),
            key: format!("chat {id} {title:?}"),
            reason,
            mend,
        });
    }
    problems
}

fn of_error(error: &SendError) -> (String, String) {
    let mend = match error {
        SendError::Gone(GoneKind::Kicked | GoneKind::NotMember) => "add the bot to the group again",
        SendError::Gone(_) => "bind another group: tierline chats bind",
        SendError::Migrated { .. } => "start the service: it follows the group to its new id",
        _ => "check again later",
    };
    (format!("the bot cannot see the chat: {error}"), mend.to_owned())
}

fn nobody_s(config: &Config, chat: &Chat) -> Problem {
    Problem {
        file: config.file.clone(),
        key: format!("chat {} {:?}", chat.chat, chat.title),
        reason: format!("belongs to the bot {}, which has no token here", chat.bot),
        mend: "configure that bot's token, or bind the chat anew by /register".to_owned(),
    }
}
