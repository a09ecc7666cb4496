//! A school in which a story happens: sandbox, database, clock and the running service.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use botapi_sandbox::{Account, AccountSpec, Bot, Group, PressId, Sandbox};
use chrono::{DateTime, Utc};
use tierline::args;
use tierline::clock::{Clock, ManualClock};
use tierline::config::Config;
use tierline::domain::roster::Roster;
use tierline::store::people::{self, unit_by_code};
use tierline::store::roster::{Outcome, load_with_accounts, replace};
use tierline::store::seal::Sealer;
use tierline::store::{Db, Tx, chat_codes, chats};

use super::app::{Recipe, Service};
use super::db::TestDb;
use super::person::Person;
use super::roll::Plan;
use super::unit::UnitChat;

/// How long `settles` may take, on the clock.
const SETTLED_WITHIN: Duration = Duration::from_secs(1800);

/// A longer pause between polls would be an outage.
const POLLS_EVERY: Duration = Duration::from_secs(60);

/// A school, shared by all handles of a story.
#[derive(Clone)]
pub struct World(Arc<Inner>);

pub struct Inner {
    pub sandbox: Sandbox,
    /// The bot, of several the first.
    pub bot: Bot,
    pub bots: Vec<Bot>,
    pub clock: Arc<ManualClock>,
    pub plan: Plan,
    recipe: Mutex<Recipe>,
    pub(super) app: tokio::sync::Mutex<Option<Service>>,
    notes: Mutex<Notes>,
}

/// What the story knows: chats, accounts, and what it has looked at.
#[derive(Default)]
pub(super) struct Notes {
    pub accounts: BTreeMap<String, Account>,
    pub groups: BTreeMap<String, Group>,
    /// Chat, sender and id: each bot has a chat of its own with a person.
    pub read: HashSet<(i64, Option<i64>, i64)>,
    pub presses: Vec<(String, PressId, bool)>,
    pub runs: u32,
    pub ended: bool,
    pub expected_429: bool,
    pub alarms: i64,
    pub expected_alarms: i64,
    pub expected_unexplained: u32,
}

impl std::ops::Deref for World {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        let ended = self.notes.lock().is_ok_and(|notes| notes.ended);
        assert!(ended || std::thread::panicking(), "the story must close with `school.ends().await`");
    }
}

impl World {
    /// The usual school on a database; see [`Plan::four_tiers`].
    pub async fn four_tiers(db: &TestDb) -> Self {
        Plan::four_tiers().opens(db).await
    }

    pub(super) async fn open(plan: Plan, db: &TestDb) -> Self {
        // RUST_LOG=tierline=warn shows why something failed.
        let log = tracing_subscriber::fmt().with_test_writer();
        drop(log.with_env_filter(tracing_subscriber::EnvFilter::from_default_env()).try_init());
        let start: DateTime<Utc> = plan.start.parse().expect("a time");
        let clock = Arc::new(ManualClock::new(start));
        let shown = clock.clone();
        // Telegram's own clock goes on whatever is done to the machine's.
        let builder = Sandbox::builder().clock(move || start + shown.elapsed()).limits(plan.limits.clone());
        let sandbox = builder.start().await.expect("the sandbox starts");
        let mut bots = vec![sandbox.add_bot("tierline_bot", "Tierline")];
        bots.extend(plan.bots.iter().skip(1).map(|(name, _)| sandbox.add_bot(&format!("{name}_bot"), name)));
        let config = config(&plan.config, &plan.bots, &sandbox, &bots, &db.url);
        let key_file = db.folder().join("tierline.key");
        let schema = plan.schema;
        let recipe = Recipe { clock: clock.clone(), config, key_file, days: plan.days, schema };
        let (app, notes, bot) = (tokio::sync::Mutex::new(None), Mutex::default(), bots[0].clone());
        let recipe = Mutex::new(recipe);
        let world = Self(Arc::new(Inner { sandbox, bot, bots, clock, plan, recipe, app, notes }));
        world.settle_in(&db.db).await;
        world
    }

    /// Accounts, groups and bindings as if they had always been there; then the service starts.
    async fn settle_in(&self, db: &Db) {
        let mut roster = self.plan.roster.clone();
        let shared = |code: &String| self.plan.shared.contains_key(code);
        for person in roster.people.values_mut().filter(|person| !shared(&person.code)) {
            let account = self.sandbox.account_with(AccountSpec {
                name: person.name.clone(),
                language: Some("zh-hans".to_owned()),
                phone: Some(format!("+86{}", person.phone)),
                ..AccountSpec::default()
            });
            if !self.plan.unbound.contains(&person.code) {
                person.telegram_id = Some(account.id());
            }
            if !self.plan.never_started.contains(&person.code) {
                account.starts(self.bot_of(&person.code), None);
            }
            self.notes().accounts.insert(person.code.clone(), account);
        }
        for (code, other) in &self.plan.shared {
            let account = self.account(other);
            roster.people.get_mut(code).expect("a person").telegram_id = Some(account.id());
            self.notes().accounts.insert(code.clone(), account);
        }
        for chat in self.plan.chats() {
            let members: Vec<Account> = chat.members.iter().map(|code| self.account(code)).collect();
            let group = self.sandbox.group(&chat.title, &members.iter().collect::<Vec<_>>());
            let bot = self.bot_of_unit(&chat.unit);
            group.add_bot(bot, &members[0]);
            if !self.plan.plain_member.contains(&chat.key) {
                group.promote(bot);
            }
            self.notes().groups.insert(chat.key, group);
        }
        let now = self.clock.now();
        let mut tx = db.begin().await.expect("begins");
        let sealer = self.sealer();
        let bot_of = |unit: &str| self.bot_of_unit(unit).id();
        let outcome = replace(&mut tx, &sealer, &roster, &bot_of, now).await.expect("the roster comes in");
        assert!(matches!(outcome, Outcome::Replaced(_)), "{outcome:?}");
        for (code, person) in &roster.people {
            if !self.plan.never_started.contains(code) && person.telegram_id.is_some() {
                let bot = self.bot_of(code).id();
                people::started(&mut tx, self.account(code).id(), bot, now).await.expect("started");
            }
        }
        self.bind_chats(&mut tx).await;
        tx.commit().await.expect("commits");
        self.forget_the_past().await;
        self.starts().await;
    }

    async fn bind_chats(&self, tx: &mut Tx) {
        let now = self.clock.now();
        for chat in self.plan.chats() {
            let group = self.group(&chat.key);
            let unit = unit_by_code(tx, &chat.unit).await.expect("reads").expect("the unit");
            let ids = (group.id(), self.bot_of_unit(&chat.unit).id());
            chats::bind(tx, ids, unit.id, chat.tier, None, now).await.expect("binds");
            let admin = !self.plan.plain_member.contains(&chat.key);
            chats::asked(tx, group.id(), None, admin).await.expect("notes");
        }
    }

    /// The roster is changed and imported, as the shell does beside the running service.
    pub async fn imports(&self, db: &TestDb, change: impl FnOnce(&mut Roster)) {
        let now = self.clock.now();
        let bot_of = |unit: &str| self.bot_of_unit(unit).id();
        let mut tx = db.db.begin().await.expect("begins");
        let mut roster = load_with_accounts(&mut tx, &self.sealer()).await.expect("loads");
        change(&mut roster);
        let outcome =
            replace(&mut tx, &self.sealer(), &roster, &bot_of, now).await.expect("the roster comes in");
        assert!(matches!(outcome, Outcome::Replaced(_)), "{outcome:?}");
        tx.commit().await.expect("commits");
    }

    fn recipe(&self) -> Recipe {
        self.0.recipe.lock().expect("no other thread failed").clone()
    }

    /// From its next start on the service is the newest.
    pub fn upgrades(&self) {
        self.0.recipe.lock().expect("no other thread failed").schema = None;
    }

    /// From its next start on the service has these bots for these units.
    pub fn reconfigures(&self, bots: &[(&str, &[&str])]) {
        let bots: Vec<(String, Vec<String>)> = bots
            .iter()
            .map(|(name, units)| ((*name).to_owned(), units.iter().map(|unit| (*unit).to_owned()).collect()))
            .collect();
        let mut recipe = self.0.recipe.lock().expect("no other thread failed");
        let url = recipe.config.database.url.reveal().to_owned();
        recipe.config = config(&self.plan.config, &bots, &self.sandbox, &self.bots, &url);
    }

    /// The bot that served a person's unit when the story began.
    pub fn bot_of(&self, code: &str) -> &Bot {
        &self.bots[self.plan.bot_of(code)]
    }

    /// The bot that served a unit when the story began.
    pub fn bot_of_unit(&self, unit: &str) -> &Bot {
        &self.bots[self.plan.bot_of_unit(unit)]
    }

    fn waiting_updates(&self) -> usize {
        self.bots.iter().map(|bot| self.sandbox.pending_updates(bot)).sum()
    }

    /// The keys of the service, as another process reads them.
    pub fn sealer(&self) -> Sealer {
        Sealer::open(&self.recipe().key_file).expect("the key file")
    }

    /// Somebody changes the settings; they hold from the next start on.
    pub fn settings_become(&self, toml: &str) {
        let mut recipe = self.recipe.lock().expect("no other thread failed");
        let url = recipe.config.database.url.reveal().to_owned();
        recipe.config = config(toml, &self.plan.bots, &self.sandbox, &self.bots, &url);
    }

    /// Somebody sets the machine's clock; no time passes by that.
    pub fn sets_the_clock(&self, change: chrono::TimeDelta) {
        self.clock.set(self.clock.now() + change);
    }

    /// What the clock says.
    pub fn clock_now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Drops the updates of setting up, and asks for the kinds that come only when named.
    async fn forget_the_past(&self) {
        for bot in &self.bots {
            self.forgets_updates(bot).await;
        }
        self.sandbox.forget_calls();
    }

    /// What waits for a bot is never given out.
    pub async fn forgets_updates(&self, bot: &Bot) {
        let drop = serde_json::json!({ "drop_pending_updates": true });
        let url = format!("{}/bot{}/deleteWebhook", self.sandbox.api_url(), bot.token());
        let answer = reqwest::Client::new().post(url).json(&drop).send().await.expect("answers");
        assert!(answer.status().is_success());
    }

    /// A one-time code that binds a group, as the shell makes it.
    pub async fn new_chat_code(&self, unit: &str, tier: &str) -> String {
        let guard = self.app.lock().await;
        let mut tx = guard.as_ref().expect("it runs").engine.db.begin().await.expect("begins");
        let unit = unit_by_code(&mut tx, unit).await.expect("reads").expect("the unit");
        let code = chat_codes::issue(&mut tx, unit.id, tier, self.clock.now()).await.expect("made");
        tx.commit().await.expect("commits");
        code
    }

    /// Starts the service.
    pub async fn starts(&self) {
        let run = {
            let mut notes = self.notes();
            notes.runs += 1;
            notes.runs
        };
        let mut app = Service::start(&self.recipe(), run).await;
        app.takes().await;
        *self.app.lock().await = Some(app);
    }

    /// Ends the service as a power cut does: nothing of its memory survives.
    pub async fn stops(&self) {
        let app = self.app.lock().await.take().expect("it runs");
        let db = app.engine.db.clone();
        self.notes().alarms += app.alarms;
        drop(app);
        db.close().await;
    }

    /// Ends the service at this very moment and starts it anew.
    pub async fn restarts(&self) {
        self.stops().await;
        self.starts().await;
    }

    /// The service, which stands still, comes back after this long.
    pub async fn comes_back_after(&self, time: &str) {
        self.clock.advance(duration(time));
        self.starts().await;
    }

    /// Lets the service take what waits, without sending anything: the moment after the inbox's commit.
    pub async fn only_takes(&self) {
        self.app.lock().await.as_mut().expect("it runs").takes().await;
    }

    /// Runs until nothing moves: the clock is moved only as far as sending needs.
    pub async fn settles(&self) {
        let mut guard = self.app.lock().await;
        let app = guard.as_mut().expect("it runs");
        let end = self.clock.elapsed() + SETTLED_WITHIN;
        while self.clock.elapsed() < end {
            let until = app.turn().await;
            // After a restart another run's lease may have to end first.
            let waits = self.waiting_updates() > 0;
            if !waits && !app.has_mail().await {
                break;
            }
            self.hop(until);
        }
        drop(guard);
        self.hear();
    }

    /// Lets this much time pass (`31m`, `2h`): everything that is due meanwhile happens at its moment, and what is to
    /// be said at the end is said.
    pub async fn passes(&self, time: &str) {
        self.elapses(time).await;
        self.settles().await;
    }

    /// Lets exactly this much time pass: what is due at its end may still wait for Telegram's limits.
    pub async fn elapses(&self, time: &str) {
        let target = self.clock.elapsed() + duration(time);
        let mut guard = self.app.lock().await;
        let app = guard.as_mut().expect("it runs");
        loop {
            let until = app.turn().await;
            let now = self.clock.elapsed();
            if now >= target {
                break;
            }
            let mut next = target;
            if let Some(timer) = app.next_timer().await {
                next = next.min(now + timer);
            }
            if app.has_mail().await {
                next = next.min(until);
            }
            while next > self.clock.elapsed() + POLLS_EVERY {
                self.hop(self.clock.elapsed() + POLLS_EVERY);
                app.takes().await;
            }
            self.hop(next);
        }
        drop(guard);
        self.hear();
    }

    /// Moves the clock to this moment, at least a little.
    fn hop(&self, until: Duration) {
        let now = self.clock.elapsed();
        self.clock.advance(until.saturating_sub(now).max(Duration::from_millis(1)));
    }

    /// Binds a group to a unit, as the shell does.
    pub async fn binds(&self, group: &Group, unit: &str, tier: &str) {
        let guard = self.app.lock().await;
        let mut tx = guard.as_ref().expect("it runs").engine.db.begin().await.expect("begins");
        let unit = unit_by_code(&mut tx, unit).await.expect("reads").expect("the unit");
        let now = self.clock.now() + chrono::TimeDelta::seconds(1);
        chats::bind(&mut tx, (group.id(), self.bot.id()), unit.id, tier, None, now).await.expect("binds");
        tx.commit().await.expect("commits");
    }

    /// Whoever is left acknowledges this directive: nothing of it is open any more.
    pub async fn finishes(&self, text: &str) {
        let guard = self.app.lock().await;
        let mut tx = guard.as_ref().expect("it runs").engine.db.begin().await.expect("begins");
        let sql = "UPDATE receipts SET acked_at = 0 WHERE acked_at IS NULL \
                   AND directive IN (SELECT id FROM directives WHERE text = $1)";
        tx.execute(sql, args![text]).await.expect("updates");
        tx.commit().await.expect("commits");
    }

    /// Lets time pass until this local time of the day, today or tomorrow (`22:31`).
    pub async fn passes_until(&self, time: &str) {
        let time = chrono::NaiveTime::parse_from_str(time, "%H:%M").expect("a time of day");
        let local = self.clock.now().with_timezone(&chrono_tz::Asia::Shanghai);
        let mut wait = time - local.time();
        if wait <= chrono::TimeDelta::zero() {
            wait += chrono::TimeDelta::days(1);
        }
        self.passes(&format!("{}s", wait.num_seconds())).await;
    }

    pub(super) fn notes(&self) -> MutexGuard<'_, Notes> {
        self.0.notes.lock().expect("no other thread failed")
    }

    /// The account of a person.
    #[track_caller]
    pub fn account(&self, code: &str) -> Account {
        let account = self.notes().accounts.get(code).cloned();
        account.unwrap_or_else(|| panic!("nobody is called {code}"))
    }

    /// The group of a chat, as it is now.
    #[track_caller]
    pub fn group(&self, key: &str) -> Group {
        let group = self.notes().groups.get(key).cloned();
        group.unwrap_or_else(|| panic!("there is no chat {key}"))
    }

    /// Another group stands for this chat from now on: it became a supergroup, or is new.
    pub fn set_group(&self, key: &str, group: Group) {
        self.notes().groups.insert(key.to_owned(), group);
    }

    /// The groups this account is in.
    pub fn groups_of(&self, account: &Account) -> Vec<i64> {
        let groups: Vec<Group> = self.notes().groups.values().cloned().collect();
        groups.iter().filter(|group| account.status_in(group).is_in()).map(Group::id).collect()
    }

    /// The person with this code.
    #[track_caller]
    pub fn person(&self, code: &str) -> Person {
        assert!(self.plan.roster.people.contains_key(code), "there is no person {code}");
        Person::new(self.clone(), code)
    }

    pub fn leader(&self) -> Person {
        self.person("lead")
    }

    pub fn office(&self) -> Person {
        self.person("office")
    }

    #[track_caller]
    pub fn secretary(&self, college: &str) -> Person {
        self.person(&format!("sec-{college}"))
    }

    /// The counselor of a class.
    #[track_caller]
    pub fn counselor(&self, class: &str) -> Person {
        use tierline::domain::roster::Role;
        let holds = |person: &&tierline::domain::roster::Person| {
            person.duties.contains_key(&(Role::Counselor, class.to_owned()))
        };
        let found = self.plan.roster.people.values().find(holds);
        self.person(&found.unwrap_or_else(|| panic!("{class} has no counselor")).code)
    }

    /// The nth student of a class, from 1.
    #[track_caller]
    pub fn student(&self, class: &str, n: usize) -> Person {
        let dash = if class.contains('-') { "-" } else { "" };
        self.person(&format!("{class}{dash}{n}"))
    }

    /// Somebody who is not on the roster.
    pub fn stranger(&self, name: &str) -> Person {
        let account = self.sandbox.account(name);
        self.notes().accounts.insert(name.to_owned(), account);
        Person::new(self.clone(), name)
    }

    /// A chat of the school: `u`, `cs`, `cs1`, `cs1/guardians`.
    pub fn chat(&self, key: &str) -> UnitChat {
        UnitChat::new(self.clone(), key)
    }

    /// The chat of a class.
    pub fn class(&self, code: &str) -> UnitChat {
        self.chat(code)
    }

    /// The chat of a college.
    pub fn college(&self, code: &str) -> UnitChat {
        self.chat(code)
    }

    /// The chat of the school.
    pub fn top(&self) -> UnitChat {
        self.chat("u")
    }

    /// The guardians' chat of a class or college.
    pub fn guardians(&self, code: &str) -> UnitChat {
        self.chat(&format!("{code}/guardians"))
    }
}

/// What an operator would have written: one token, or a section for each bot.
fn config(toml: &str, fleet: &[(String, Vec<String>)], sandbox: &Sandbox, bots: &[Bot], url: &str) -> Config {
    let mut text = toml.to_owned();
    let mut surroundings = vec![
        ("TIERLINE__TELEGRAM__API_URL".to_owned(), sandbox.api_url()),
        ("TIERLINE__DATABASE__URL".to_owned(), url.to_owned()),
    ];
    if fleet.is_empty() {
        surroundings.push(("TIERLINE__TELEGRAM__TOKEN".to_owned(), bots[0].token().to_owned()));
    }
    for (bot, (name, units)) in bots.iter().zip(fleet) {
        let token = bot.token();
        text.push_str(&format!("[[telegram.bots]]\nname = {name:?}\ntoken = {token:?}\nunits = {units:?}\n"));
    }
    Config::from_text("story", &text, surroundings.into_iter()).expect("the story's settings")
}

/// `90s`, `31m`, `2h`, `3d`.
pub fn duration(text: &str) -> Duration {
    let (number, unit) = text.split_at(text.len() - 1);
    let number: u64 = number.parse().expect("a number");
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 86_400,
        other => panic!("no unit of time: {other}"),
    };
    Duration::from_secs(number * seconds)
}
