use serde::{Deserialize, Serialize};

use super::{Locale, Mention, TierName, Time, Verb};
use crate::domain::fleet::BotTrouble;
use crate::domain::roster::Role;

/// Messages around binding of people and chats, and the bot's manners.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Binding {
    /// Bound just now: greeted by the roster's name, with what one may do.
    Welcome { name: String, roles: Vec<Role>, units: Vec<String> },
    /// `/start` by who is bound already.
    WelcomeBack { name: String, roles: Vec<Role> },
    /// Nobody of the roster: how to get bound. Said at most once a minute.
    NotBound,
    /// The link was used.
    LinkUsed,
    /// The link has expired or was replaced by a newer one.
    LinkExpired,
    /// No such link.
    LinkUnknown,
    /// Too many wrong tries: wait.
    SlowDown { minutes: u32 },
    /// The account is bound to another person with a common role.
    AccountTaken { name: String },
    /// The person is bound to another account; the responsible can give a new link.
    PersonTaken,
    /// A link came into a group: it is void now.
    LinkBurnt,
    /// `/help`.
    Help { roles: Vec<Role>, private: bool },
    /// `/lang`: a choice; the present one is marked.
    ChooseLanguage { now: Locale },
    /// The language was set.
    LanguageSet,
    /// `/cancel` left a dialogue.
    Cancelled,
    /// `/cancel` with nothing to cancel.
    NothingToCancel,
    /// `/invite` in a group: a link into the private chat (`?start=PAYLOAD`), to be bound by code and own contact.
    InviteButton { unit: String, bot_username: String, payload: String },
    /// Asks for one's code (student number).
    AskCode,
    /// No such code in the unit, or bound already: the same answer to both.
    CodeUnknown,
    /// Asks for one's own contact by Telegram's button.
    AskContact { name: String },
    /// The contact was somebody else's.
    NotYourContact,
    /// The contact is not the roster's phone: the responsible was asked.
    AskedResponsible,
    /// Nobody responsible can be asked.
    NobodyToAsk,
    /// To the responsible: this account says it is this person. `admit`, `deny`.
    Admission {
        admission: i64,
        shown_name: String,
        person: String,
        code: String,
        unit: String,
        rebinding: bool,
    },
    /// The same, decided.
    AdmissionDecided { person: String, shown_name: String, admitted: bool, by: String },
    /// To the applicant.
    Denied { unit: String },
    /// To an account that was replaced by a new one.
    Unbound { name: String },
    /// `/invite CODE` in private: a new link for one person.
    NewLink { name: String, link: String, expires: Time },
    /// The chat was bound.
    Registered { unit: String, tier: Option<TierName>, sees_all: bool },
    /// To a chat whose place another one has taken: from now on the bot is silent here.
    ChatReplaced { unit: String },
    /// `/register` with a wrong, used or expired code, in one line.
    RegisterRefused(Refusal),
    /// To who starts a bot although another one serves their unit; `started`: they have started that one, too.
    OtherBot { bot_username: String, started: bool },
    /// To the office: a bot cannot send; who is reached through no other.
    BotFails { bot_username: String, why: BotTrouble, units: Vec<String>, chats: u32, people: u32 },
    /// To the office: that bot sends again.
    BotBack { bot_username: String },
    /// To the responsible: the bot was removed from a chat.
    ChatLost { title: String, unit: String },
    /// To the responsible: who of the roster was not seen in the chat, and who is in it without being on it (A3).
    Members {
        chat_title: String,
        unit: String,
        known: u32,
        expected: u32,
        missing: Vec<String>,
        strangers: Vec<StrangerRow>,
        page: usize,
        pages: usize,
    },
    /// To the responsible: these joined the chat and are not on its roster (A3).
    NewStrangers { chat_title: String, unit: String, strangers: Vec<StrangerRow> },
    /// Contacts to be verified one by one (A4), each with `verify`.
    Contacts {
        unit: String,
        rows: Vec<(i64, String, Option<String>, bool)>,
        verified: u32,
        total: u32,
        page: usize,
        pages: usize,
    },
    /// Who of a unit the bot cannot reach: not bound, never started, blocked (names for the responsible).
    Unreachable { unit: String, unbound: Vec<String>, never_started: Vec<String>, blocked: Vec<String> },
}

/// Somebody in a chat who is not on its roster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StrangerRow {
    /// The name their account shows, and the account to point at.
    pub shown: Mention,
    /// When they were last seen.
    pub seen_at: Time,
}

/// Why something is not done: a value with a sentence for the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// The person's roles do not include it.
    NoRight,
    /// It belongs into the private chat.
    OnlyInPrivate,
    /// It belongs into the person's own bound group.
    OnlyInOwnGroup,
    /// Anonymous admins and channels cannot act: write as yourself.
    NoFace,
    /// This group is not bound to a unit.
    ChatNotBound,
    /// The code is wrong, used or expired.
    WrongCode,
    /// The code belongs to a unit this person is not responsible for.
    NotYourUnit,
    /// Too many wrong tries.
    SlowDown { minutes: u32 },
    /// This chat is bound to another unit already.
    ChatTaken { unit: String },
    /// No such directive, or not one this person may see: the same answer to both.
    NoSuchDirective,
    /// No such person, or not one this person is responsible for: the same answer to both.
    NoSuchPerson,
    /// Reminded less than ten minutes ago.
    RemindedLately { minutes: u32 },
    /// Nothing is missing, so there is nobody to remind.
    NobodyMissing,
    /// A number or word was expected.
    NotUnderstood,
    /// Text is longer than can be kept.
    TooLong { most: usize },
    /// Only text, documents and photos can be sent out.
    WrongKind,
    /// A due must lie ahead and within 30 days.
    BadDue,
    /// The state does not allow it any more (withdrawn, judged, relayed).
    TooLate,
    /// Another dialogue must be ended by `/cancel` or its buttons first.
    Busy,
    /// A verb without the right.
    Verb(Verb),
}
