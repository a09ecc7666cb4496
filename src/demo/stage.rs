//! The demo's stage: a sandbox of Telegram with the school's accounts and groups, and a database that knows them.

use std::collections::HashMap;
use std::sync::Arc;

use botapi_sandbox::{Account, AccountSpec, Bot, Group, Sandbox, StartError};
use serde_json::Value;

use super::cast::{Cast, Phrases, Player, Temper};
use super::record::Chronicle;
use super::reporter::Reporter;
use super::school::{Builder, Size};
use crate::clock::SharedClock;
use crate::domain::message::Locale;
use crate::domain::roster::{Person, Role, Roster};
use crate::store::seal::Sealer;
use crate::store::{Db, people, roster};
use crate::text::Texts;

/// The demo bot's name.
pub const BOT: &str = "tierline_demo_bot";

/// What the demo can fail with before it begins.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    #[error("the sandbox does not start: {0}")]
    Sandbox(#[from] StartError),
    #[error("{0}")]
    Store(#[from] crate::store::Error),
    #[error("the demo's roster does not fit: {0}")]
    Roster(String),
}

/// What shows the demo's page its header.
pub type Header = Arc<dyn Fn() -> Value + Send + Sync>;

/// The sandbox and everybody on it.
pub struct Stage {
    pub sandbox: Sandbox,
    pub bot: Bot,
    pub roster: Roster,
    /// Groups by unit code and tier position.
    pub groups: HashMap<(String, usize), Group>,
}

/// How a stage is set.
pub struct Setting {
    pub size: Size,
    pub locale: Locale,
    pub seed: u64,
    pub listen: String,
    pub header: Option<Header>,
    /// Writes down all that is seen in the chats.
    pub chronicle: Option<Chronicle>,
}

impl Stage {
    /// Starts the sandbox, makes the accounts and groups, and lets everybody press Start.
    ///
    /// # Errors
    /// When the address is taken.
    pub async fn set(setting: &Setting, clock: SharedClock) -> Result<Stage, StageError> {
        let roster = Builder::build(setting.size, setting.locale);
        let title = match setting.locale {
            Locale::ZhCn => "示范大学",
            Locale::En => "Model University",
        };
        let mut builder = Sandbox::builder()
            .clock(move || clock.now())
            .seed(setting.seed)
            .listen(setting.listen.clone())
            .title(title);
        if let Some(header) = &setting.header {
            builder = builder.status(header.clone());
        }
        if let Some(chronicle) = &setting.chronicle {
            builder = builder.onlooker(chronicle.onlooker());
        }
        let sandbox = builder.start().await?;
        let bot = sandbox.add_bot(BOT, "Tierline");
        let mut stage = Stage { sandbox, bot, roster, groups: HashMap::new() };
        stage.invite_everybody(&Texts::new(), setting.locale);
        stage.open_groups();
        Ok(stage)
    }

    /// Role and unit, as the page shows them beside the name.
    fn about(&self, person: &Person, texts: &Texts, locale: Locale) -> String {
        let Some((role, unit)) = person.duties.keys().next() else { return String::new() };
        let unit = self.roster.units.get(unit).map(|unit| unit.name.as_str()).unwrap_or_default();
        format!("{} · {unit}", texts.word(locale, &format!("role-{role}")))
    }

    fn invite_everybody(&self, texts: &Texts, locale: Locale) {
        for person in self.roster.people.values() {
            let Some(id) = person.telegram_id else { continue };
            let account = self.sandbox.account_with(AccountSpec {
                id,
                name: person.name.clone(),
                phone: Some(format!("+86{}", person.phone)),
                language: Some(locale.tag().to_lowercase()),
                about: Some(self.about(person, texts, locale)),
                ..AccountSpec::default()
            });
            account.starts(&self.bot, None);
        }
    }

    /// The account of a person of the roster.
    pub fn account(&self, code: &str) -> Account {
        let id = self.roster.people.get(code).and_then(|person| person.telegram_id);
        self.sandbox.account_by_id(id.expect("everybody of the demo has an account"))
    }

    /// Those who hold a role in a unit.
    pub fn holders(&self, role: Role, unit: &str) -> Vec<&Person> {
        let key = (role, unit.to_owned());
        self.roster.people.values().filter(|person| person.duties.contains_key(&key)).collect()
    }

    fn open_groups(&mut self) {
        let units: Vec<_> = self.roster.units_from_the_root().into_iter().cloned().collect();
        for unit in &units {
            let staff = [Role::Leader, Role::Office, Role::Secretary, Role::Counselor];
            let mut members: Vec<Account> = self.accounts(&staff, &unit.code);
            for child in units.iter().filter(|child| child.parent.as_deref() == Some(&unit.code)) {
                members.extend(self.accounts(&staff, &child.code));
            }
            members.extend(self.accounts(&[Role::Student], &unit.code));
            self.open_group(&unit.code, unit.tier, &unit.name, &members);
            if unit.tier == 2 {
                let mut members = self.accounts(&[Role::Counselor], &unit.code);
                members.extend(self.accounts(&[Role::Guardian], &unit.code));
                let name = format!("{} 👪", unit.name);
                self.open_group(&unit.code, 3, &name, &members);
            }
        }
    }

    fn accounts(&self, roles: &[Role], unit: &str) -> Vec<Account> {
        let held = |role: &Role| self.holders(*role, unit);
        let ids = roles.iter().flat_map(held).filter_map(|person| person.telegram_id);
        ids.map(|id| self.sandbox.account_by_id(id)).collect()
    }

    fn open_group(&mut self, unit: &str, tier: usize, title: &str, members: &[Account]) {
        let Some(first) = members.first() else { return };
        let group = self.sandbox.supergroup(title, &members.iter().collect::<Vec<_>>());
        group.add_bot(&self.bot, first);
        group.promote(&self.bot);
        self.groups.insert((unit.to_owned(), tier), group);
    }

    /// Puts the roster and the groups into the database, as an operator would with `roster import` and `chats bind`.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn enrol(
        &self,
        db: &Db,
        sealer: &Sealer,
        tiers: &[&str],
        clock: &SharedClock,
    ) -> Result<(), StageError> {
        let now = clock.now();
        let bot = self.bot.id();
        let mut tx = db.begin().await?;
        match roster::replace(&mut tx, sealer, &self.roster, &|_| bot, now).await? {
            roster::Outcome::Replaced(_) => {}
            roster::Outcome::Clashes(clashes) => return Err(StageError::Roster(format!("{clashes:?}"))),
        }
        for ((code, tier), group) in &self.groups {
            let unit = people::unit_by_code(&mut tx, code).await?;
            let unit = unit.ok_or_else(|| StageError::Roster(format!("no unit {code}")))?;
            let tier = tiers.get(*tier).copied().unwrap_or("guardians");
            crate::store::chats::bind(&mut tx, (group.id(), bot), unit.id, tier, None, now).await?;
            crate::store::chats::asked(&mut tx, group.id(), None, true).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Gives everybody a temper. The second student of the first class is silent and so is a whole household, so that
    /// there is always somebody to remind and to escalate.
    pub fn cast(&self, seed: u64, reporter: Reporter, phrases: Phrases) -> Cast {
        let mut cast = Cast::new(&self.sandbox, self.bot.id(), seed, reporter, phrases);
        for person in self.roster.people.values() {
            let (Some(account), Some((role, _))) = (person.telegram_id, person.duties.keys().next()) else {
                continue;
            };
            let temper = match role {
                Role::Leader | Role::Office | Role::Secretary => Temper::Quick,
                Role::Counselor if person.code.ends_with("02-c") => Temper::Slow,
                Role::Counselor => Temper::Quick,
                _ if person.code.ends_with("0102") || person.code.ends_with("0102-g") => Temper::Silent,
                _ => cast.temper(),
            };
            cast.add(Player { account, role: *role, temper });
        }
        for ((unit, tier), group) in &self.groups {
            let who = match tier {
                0 => Role::Secretary,
                1 => Role::Counselor,
                2 => Role::Student,
                _ => Role::Guardian,
            };
            cast.assign(group.id(), self.answering(unit, *tier, who));
        }
        cast
    }

    /// Who acknowledges in the group of a unit: holders in it, or in the units below it.
    fn answering(&self, unit: &str, tier: usize, role: Role) -> Vec<i64> {
        let below = |code: &String| self.roster.units[code].parent.as_deref() == Some(unit);
        let there = |code: &String| if tier < 2 { below(code) } else { code == unit };
        let people = self.roster.people.values();
        let holds = |person: &&Person| person.duties.keys().any(|(held, code)| *held == role && there(code));
        people.filter(holds).filter_map(|person| person.telegram_id).collect()
    }
}
