//! The service as people meet it: the release binary and a sandbox of Telegram, each in a process of its own.

mod asks;
mod directives;
mod presses;
mod starts;

use std::time::Duration;

use tierline::domain::callback;
use tierline::domain::message::Verb;

use crate::Failure;
use crate::database::{Database, Databases};
use crate::moment::now;
use crate::sandbox::{Seen, Shown, Telegram};
use crate::school::School;
use crate::service::{Manner, Service};
use crate::table::Table;

/// What all measurements share.
pub struct Grounds<'g> {
    /// The school.
    pub school: &'g School,
    /// Where databases are made.
    pub databases: &'g Databases,
    /// The school's database, from which each measurement has a copy.
    pub filled: &'g Database,
    /// Permitted calls a second where many are needed.
    pub rate: usize,
}

/// How long anything may take before the benchmark gives up.
const PATIENCE: Duration = Duration::from_secs(1800);
/// How often it looks.
const LOOK: Duration = Duration::from_millis(50);

/// Measures what is wanted.
///
/// # Errors
/// When a process does not start or does not answer.
pub async fn measure(
    table: &mut Table,
    grounds: &Grounds<'_>,
    wanted: &impl Fn(&[&str]) -> bool,
) -> Result<(), Failure> {
    if wanted(&["P6"]) {
        asks::groups(table, grounds).await?;
    }
    if wanted(&["P1"]) {
        asks::rate(table, grounds).await?;
    }
    if wanted(&["P2", "P10", "P11"]) {
        starts::measure(table, grounds).await?;
    }
    if wanted(&["P3"]) {
        directives::intake(table, grounds).await?;
    }
    if wanted(&["P4", "P5"]) {
        presses::measure(table, grounds).await?;
    }
    Ok(())
}

/// A service with its sandbox and database.
struct Site {
    telegram: Telegram,
    service: Service,
    database: Database,
    manner: Manner,
}

impl Site {
    /// Opens one on a copy of the school's database; the sandbox permits what the service is told, unless `permitted` says
    /// otherwise.
    async fn open(grounds: &Grounds<'_>, manner: Manner, permitted: Option<usize>) -> Result<Self, Failure> {
        let database = grounds.databases.copy(grounds.filled, "site").await?;
        let mut telegram = Telegram::start(grounds.school.students().len())?;
        if telegram.hello.bot != grounds.school.bot {
            return Err("the sandbox is another one than the school was made with".into());
        }
        telegram.limit(permitted.or(manner.per_second))?;
        telegram.watch("")?;
        let service = Service::start(&grounds.school.place(&database), manner, &telegram.hello).await?;
        Ok(Self { telegram, service, database, manner })
    }

    /// Kills the service and starts it again, as `manner` says from now on.
    async fn restart(self, grounds: &Grounds<'_>, manner: Manner) -> Result<Self, Failure> {
        let Self { telegram, service, database, .. } = self;
        service.kill()?;
        let service = Service::start(&grounds.school.place(&database), manner, &telegram.hello).await?;
        Ok(Self { telegram, service, database, manner })
    }

    /// Ends both and takes the database away.
    async fn close(self, grounds: &Grounds<'_>) -> Result<(), Failure> {
        self.service.kill()?;
        self.telegram.end()?;
        grounds.databases.remove(&self.database).await
    }

    /// Waits until what was seen fits.
    async fn until(&mut self, what: &str, fits: impl Fn(&Seen) -> bool) -> Result<Seen, Failure> {
        let begun = now();
        loop {
            let seen = self.telegram.seen()?;
            if fits(&seen) {
                return Ok(seen);
            }
            if begun.elapsed() > PATIENCE {
                return Err(format!("{what} does not happen: {seen:?}").into());
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// The newest message of a chat with a button of this verb, once it is there.
    async fn shown(&mut self, chat: i64, verb: Verb) -> Result<(Shown, String), Failure> {
        let begun = now();
        loop {
            let shown = self.telegram.buttons(vec![chat])?.pop();
            if let Some(shown) = shown
                && let Some(data) = button(&shown, verb, None)
            {
                return Ok((shown, data));
            }
            if begun.elapsed() > PATIENCE {
                return Err(format!("chat {chat} shows no button {verb:?}").into());
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// An account presses a button of the newest message of its private chat.
    async fn presses(&mut self, account: i64, verb: Verb, arg: Option<i64>) -> Result<(), Failure> {
        let (shown, any) = self.shown(account, verb).await?;
        let data = button(&shown, verb, arg).unwrap_or(any);
        self.telegram.press(vec![(account, account, shown.message, data)])
    }
}

/// What a button of this verb, and with this argument if one is given, carries.
fn button(shown: &Shown, verb: Verb, arg: Option<i64>) -> Option<String> {
    let fits = |data: &&String| {
        callback::parse(data).is_some_and(|(found, _, own)| found == verb && (arg.is_none() || own == arg))
    };
    shown.data.iter().find(fits).cloned()
}
