//! The configuration: typed, validated whole, with secrets that cannot be printed (S2).
//!
//! Three layers: the defaults, which are compiled in from `config/tierline.toml` and are the manual as well; a file
//! over them; the environment over both. Whatever is wrong is told all at once.

pub mod form;
mod layers;
mod policies;
mod reading;
mod sections;
mod values;

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use chrono::{NaiveTime, TimeDelta};
use toml::Table;
use url::Url;

use crate::domain::calendar::{Calendar, Cron};
use crate::domain::checkin::{GuardianReports, Prompt, Upward};
use crate::domain::form::{Form, Words};
use crate::domain::policy::{DirectiveRules, GroupNames};
use layers::Layers;

/// The defaults as they are compiled in: every key with its comment.
pub const DEFAULTS: &str = include_str!("../config/tierline.toml");
/// Where the configuration is looked for when none is named.
pub const USUAL_FILE: &str = "config/tierline.toml";
/// The languages of the bot.
pub const LOCALES: [&str; 2] = ["zh-CN", "en"];

/// Something wrong with the configuration or the service's surroundings, for the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file, or `environment`.
    pub file: String,
    /// The key, the variable, or the place in the file.
    pub key: String,
    /// What is wrong.
    pub reason: String,
    /// How to mend it.
    pub mend: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, key, reason, mend } = self;
        write!(to, "{file}: {key}: {reason}; {mend}")
    }
}

/// All problems of a configuration, at least one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct Problems(pub Vec<Problem>);

/// A text that never shows: a bot's token, a webhook's secret (S2).
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Hides `text`.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one call that needs it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("***")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("***")
    }
}

/// `[school]`, but for what is in [`Calendar`].
#[derive(Debug, Clone, PartialEq)]
pub struct School {
    /// What the school is called.
    pub name: String,
    /// The school's language, one of [`LOCALES`].
    pub locale: String,
}

/// `[database]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database {
    /// `sqlite://…` or `postgres://…`. May hold a password.
    pub url: Secret,
    /// Where figures are read, if elsewhere.
    pub read_url: Option<Secret>,
}

/// `[http]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Http {
    /// `host:port` to listen on.
    pub listen: String,
    /// Pinged once a minute while reminders really go out.
    pub heartbeat_url: Option<Url>,
}

/// How updates come in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Updates {
    /// The bot asks for them.
    Polling,
    /// Telegram brings them.
    Webhook {
        /// The public address.
        url: Url,
        /// The header's secret, fixed by the operator (S1).
        secret: Secret,
    },
}

/// One bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bot {
    /// What the operator calls it; `main` for a single one.
    pub name: String,
    /// Its token.
    pub token: Secret,
    /// The codes of the units it serves, with all below them; empty for all.
    pub units: Vec<String>,
}

/// `[telegram.limits]`: the most messages and edits together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// In a second, over all chats.
    pub per_second: u32,
    /// In a second, into one private chat.
    pub per_chat_per_second: u32,
    /// In a minute, into one group.
    pub per_group_per_minute: u32,
}

/// `[telegram]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telegram {
    /// The bots; empty while no token is configured, which only commands without Telegram accept.
    pub bots: Vec<Bot>,
    /// The Bot API's address.
    pub api_url: Url,
    /// How updates come in.
    pub updates: Updates,
    /// The limits that sending stays inside.
    pub limits: Limits,
}

/// `[roster]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterRules {
    /// The tiers' names from the top: first, middle, last with members, guardians (may be absent) (A5).
    pub tiers: Vec<String>,
    /// A tier's words by locale.
    pub names: BTreeMap<String, BTreeMap<String, String>>,
    /// When a group sees names.
    pub group_names: GroupNames,
}

/// `[checkin]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Checkin {
    /// The form that a day opens with (C3).
    pub form: Form,
    /// The form's file.
    pub form_file: PathBuf,
    /// When a day opens.
    pub open: Cron,
    /// Until when it is in time (C1).
    pub deadline: NaiveTime,
    /// How people are asked.
    pub prompt: Prompt,
    /// When the group did not suffice.
    pub private_after: TimeDelta,
    /// Private reminders.
    pub remind: Vec<NaiveTime>,
    /// Reports upward.
    pub escalate: Vec<Upward>,
    /// How long "I am on it" holds the next escalation.
    pub hold: TimeDelta,
    /// Whether guardians report.
    pub guardian_reports: GuardianReports,
    /// Whether days without school are left out.
    pub calendar: bool,
}

/// `[report]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// When a class's figures are confirmed (D1).
    pub class_due: NaiveTime,
    /// When a college's figures are confirmed.
    pub college_due: NaiveTime,
    /// When the day is signed (D3).
    pub sign_by: NaiveTime,
    /// When it is filed with the authority, if it must be.
    pub file_by: Option<NaiveTime>,
    /// When the digest goes out (D6).
    pub digest: Vec<Cron>,
}

/// `[privacy]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Privacy {
    /// The key that seals phones, answers, locations and raw updates (S13).
    pub key_file: PathBuf,
    /// How long answers are kept (F4).
    pub answers_kept: TimeDelta,
    /// How long locations are kept.
    pub locations_kept: TimeDelta,
}

/// The whole configuration.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// The file it was read from, or where one is expected: for messages about it.
    pub file: String,
    /// `[school]`.
    pub school: School,
    /// `[calendar]` with the time zone and the quiet hours of `[school]`.
    pub calendar: Calendar,
    /// `[database]`.
    pub database: Database,
    /// `[http]`.
    pub http: Http,
    /// `[telegram]`.
    pub telegram: Telegram,
    /// `[roster]`.
    pub roster: RosterRules,
    /// `[directive]` and `[reminders]`.
    pub directive: DirectiveRules,
    /// `[checkin]`.
    pub checkin: Checkin,
    /// `[report]`.
    pub report: Report,
    /// `[privacy]`.
    pub privacy: Privacy,
    /// `help.text`: where help is (E6).
    pub help: Words,
}

impl Config {
    /// Reads the configuration: `file` if it is named, which must then exist, or the usual file of the working
    /// directory if there is one; over it `variables`, the environment.
    ///
    /// # Errors
    /// Everything that is wrong, at once.
    pub fn load(
        file: Option<&Path>,
        variables: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, Problems> {
        let path = file.unwrap_or(Path::new(USUAL_FILE));
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if file.is_none() && error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(unreadable(path, &error)),
        };
        Self::from_text(&path.display().to_string(), &text, variables)
    }

    /// Reads a configuration from the text of a file called `name`.
    ///
    /// # Errors
    /// Everything that is wrong, at once.
    pub fn from_text(
        name: &str,
        text: &str,
        variables: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, Problems> {
        let file = parse(name, text)?;
        let mut sorted: Vec<(String, String)> = variables.collect();
        // A variable for a whole section comes before those for its keys, which then win.
        sorted.sort_unstable();
        let layers = Layers::new(defaults(), (name.to_owned(), file), sorted.into_iter());
        let config = sections::whole(&layers, name);
        match layers.into_problems() {
            problems if problems.is_empty() => Ok(config),
            problems => Err(Problems(problems)),
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        Self::from_text(USUAL_FILE, "", std::iter::empty())
            .expect("the compiled-in defaults are valid: tested")
    }
}

fn defaults() -> Table {
    DEFAULTS.parse().expect("the compiled-in defaults are TOML: tested")
}

fn unreadable(path: &Path, error: &std::io::Error) -> Problems {
    Problems(vec![Problem {
        file: path.display().to_string(),
        key: "the file".to_owned(),
        reason: format!("cannot be read: {error}"),
        mend: "name a readable file with --config or TIERLINE_CONFIG".to_owned(),
    }])
}

/// The TOML of a file; its faults without the line's text, which may hold a token (S2).
fn parse(name: &str, text: &str) -> Result<Table, Problems> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.parse().map_err(|error: toml::de::Error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or("");
        Problems(vec![Problem {
            file: name.to_owned(),
            key: format!("line {}", before.matches('\n').count() + 1),
            reason: format!("is no TOML: {}", error.message().replace('\n', ", ")),
            mend: "see the comments of the defaults for the form".to_owned(),
        }])
    })
}

#[cfg(test)]
mod tests;
