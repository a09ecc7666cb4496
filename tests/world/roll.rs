//! Whom a school consists of: its units, people and chats, before anything happens.

use std::collections::{BTreeMap, BTreeSet};

use botapi_sandbox::Limits;
use tierline::domain::roster::{Follows, Person, Role, Roster, Unit};

use super::db::TestDb;
use super::school::World;

/// A chat of the school: where it stands and who is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatPlan {
    /// How stories call it: the unit's code, with `/guardians` for the guardians' chat.
    pub key: String,
    pub unit: String,
    /// The tier's name, as chats are bound with.
    pub tier: &'static str,
    pub title: String,
    /// Codes of its members; the first one created it.
    pub members: Vec<String>,
}

/// A school to be opened. Everybody is bound and has started the bot, every chat is bound, the bot is an administrator.
#[derive(Debug, Clone)]
pub struct Plan {
    pub roster: Roster,
    /// `unit/guardians` chats that exist.
    pub guardians_chats: BTreeSet<String>,
    pub without_chat: BTreeSet<String>,
    pub plain_member: BTreeSet<String>,
    pub unbound: BTreeSet<String>,
    pub never_started: BTreeSet<String>,
    /// People who use the account of another one.
    pub shared: BTreeMap<String, String>,
    /// TOML over the defaults.
    pub config: String,
    pub limits: Limits,
    pub start: &'static str,
    /// The service opens check-ins, as it does when it runs.
    pub days: bool,
    /// Names of several bots, each with the units it serves; empty: one bot.
    pub bots: Vec<(String, Vec<String>)>,
    /// The schema that the service knows; `None`: the newest.
    pub schema: Option<i64>,
}

/// Monday, 09:00 in Shanghai.
const MONDAY: &str = "2026-11-23T01:00:00Z";

impl Plan {
    /// One school, the colleges `cs` and `math`, two classes each with three students.
    ///
    /// 张父 answers for 张一 (cs11) and 李一 (cs21); 张母 for 张一, too. 孙老师 has cs1, 李老师 cs2, 周老师 both m1 and m2.
    pub fn four_tiers() -> Self {
        let mut plan = Self::empty();
        plan.unit("u", "示范大学", 0, None);
        plan.unit("cs", "计算机学院", 1, Some("u"));
        plan.unit("math", "数学学院", 1, Some("u"));
        for (code, name, college) in [
            ("cs1", "计算机1班", "cs"),
            ("cs2", "计算机2班", "cs"),
            ("m1", "数学1班", "math"),
            ("m2", "数学2班", "math"),
        ] {
            plan.unit(code, name, 2, Some(college));
        }
        plan.post("lead", "陈校长", Role::Leader, "u");
        plan.post("office", "吴主任", Role::Office, "u");
        plan.post("sec-cs", "赵书记", Role::Secretary, "cs");
        plan.post("sec-math", "钱书记", Role::Secretary, "math");
        plan.post("k1", "孙老师", Role::Counselor, "cs1");
        plan.post("k2", "李老师", Role::Counselor, "cs2");
        plan.post("km", "周老师", Role::Counselor, "m1");
        plan.post("km", "周老师", Role::Counselor, "m2");
        plan.post("tutor", "冯导师", Role::Tutor, "cs");
        plan.follows("tutor", Follows::Student("cs11".to_owned()));
        plan.post("audit", "郑审计", Role::Auditor, "u");
        plan.post("staff", "王师傅", Role::Staff, "u");
        for (class, family) in [("cs1", "张"), ("cs2", "李"), ("m1", "王"), ("m2", "刘")] {
            for (n, given) in ["一", "二", "三"].iter().enumerate() {
                plan.post(&format!("{class}{}", n + 1), &format!("{family}{given}"), Role::Student, class);
            }
        }
        plan.guardian("g-father", "张父", &[("cs11", "cs1"), ("cs21", "cs2")]);
        plan.guardian("g-mother", "张母", &[("cs11", "cs1")]);
        plan.guardian("g-cs12", "张二家长", &[("cs12", "cs1")]);
        plan.guardian("g-cs22", "李二家长", &[("cs22", "cs2")]);
        plan.guardian("g-m11", "王一家长", &[("m11", "m1")]);
        plan.guardian("g-m21", "刘一家长", &[("m21", "m2")]);
        plan.guardians_chats = ["cs1", "cs2", "math"].map(str::to_owned).into();
        plan
    }

    /// Colleges `c1`…, classes `c1-1`…, counselors `k-c1-1`…, students `c1-1-1`…; no guardians.
    pub fn big(colleges: usize, classes: usize, students: usize) -> Self {
        let mut plan = Self::empty();
        plan.unit("u", "示范大学", 0, None);
        plan.post("lead", "陈校长", Role::Leader, "u");
        plan.post("office", "吴主任", Role::Office, "u");
        for college in 1..=colleges {
            let code = format!("c{college}");
            plan.unit(&code, &format!("第{college}学院"), 1, Some("u"));
            plan.post(&format!("sec-{code}"), &format!("书记{college}"), Role::Secretary, &code);
            for class in 1..=classes {
                let class_code = format!("{code}-{class}");
                plan.unit(&class_code, &format!("{college}院{class}班"), 2, Some(&code));
                plan.post(
                    &format!("k-{class_code}"),
                    &format!("老师{college}.{class}"),
                    Role::Counselor,
                    &class_code,
                );
                for student in 1..=students {
                    let name = format!("学生{college}.{class}.{student}");
                    plan.post(&format!("{class_code}-{student}"), &name, Role::Student, &class_code);
                }
            }
        }
        plan
    }

    fn empty() -> Self {
        Self {
            roster: Roster::default(),
            guardians_chats: BTreeSet::new(),
            without_chat: BTreeSet::new(),
            plain_member: BTreeSet::new(),
            unbound: BTreeSet::new(),
            never_started: BTreeSet::new(),
            shared: BTreeMap::new(),
            config: String::new(),
            limits: Limits::strict(),
            start: MONDAY,
            days: false,
            bots: Vec::new(),
            schema: None,
        }
    }

    fn unit(&mut self, code: &str, name: &str, tier: usize, parent: Option<&str>) {
        let parent = parent.map(str::to_owned);
        self.roster
            .units
            .insert(code.to_owned(), Unit { code: code.to_owned(), name: name.to_owned(), tier, parent });
    }

    pub(super) fn post(&mut self, code: &str, name: &str, role: Role, unit: &str) {
        let phone = format!("139{:08}", self.roster.people.len() + 1);
        let person = self.roster.people.entry(code.to_owned()).or_insert_with(|| Person {
            code: code.to_owned(),
            name: name.to_owned(),
            phone,
            ..Person::default()
        });
        person.duties.insert((role, unit.to_owned()), false);
    }

    fn guardian(&mut self, code: &str, name: &str, children: &[(&str, &str)]) {
        for (child, class) in children {
            self.post(code, name, Role::Guardian, class);
            self.person_mut(code).answers_for.insert((*child).to_owned());
        }
    }

    fn follows(&mut self, code: &str, whom: Follows) {
        self.person_mut(code).follows.insert(whom);
    }

    /// A person to be changed before the school opens.
    pub fn person_mut(&mut self, code: &str) -> &mut Person {
        self.roster.people.get_mut(code).unwrap_or_else(|| panic!("there is no person {code}"))
    }

    /// This unit (or `unit/guardians`) has no chat.
    pub fn without_chat(mut self, key: &str) -> Self {
        self.without_chat.insert(key.to_owned());
        self
    }

    /// In this chat the bot is no administrator: it sees commands and replies only.
    pub fn plain_member(mut self, key: &str) -> Self {
        self.plain_member.insert(key.to_owned());
        self
    }

    /// This person has an account that is not bound.
    pub fn unbound(mut self, code: &str) -> Self {
        self.unbound.insert(code.to_owned());
        self
    }

    /// This person is bound but never pressed Start.
    pub fn never_started(mut self, code: &str) -> Self {
        self.never_started.insert(code.to_owned());
        self
    }

    /// This person uses the account of another one.
    pub fn shares_account(mut self, code: &str, with: &str) -> Self {
        self.shared.insert(code.to_owned(), with.to_owned());
        self
    }

    /// A second secretary of a college, `sec2-…`.
    pub fn with_second_secretary(mut self, college: &str) -> Self {
        self.post(&format!("sec2-{college}"), "冯书记", Role::Secretary, college);
        self
    }

    /// Somebody of the school is also guardian of this student.
    pub fn also_guardian(mut self, code: &str, student: &str, class: &str) -> Self {
        let name = self.roster.people[code].name.clone();
        self.guardian(code, &name, &[(student, class)]);
        self
    }

    /// Settings, as an operator writes them.
    pub fn config(mut self, toml: &str) -> Self {
        self.config.push_str(toml);
        self.config.push('\n');
        self
    }

    /// One more bot, which serves these units and whoever belongs to them; without units: the rest.
    pub fn bot(mut self, name: &str, units: &[&str]) -> Self {
        self.bots.push((name.to_owned(), units.iter().map(|unit| (*unit).to_owned()).collect()));
        self
    }

    /// The place among the bots of the one that serves a unit.
    pub fn bot_of_unit(&self, unit: &str) -> usize {
        let parent = |code: &&str| self.roster.units.get(*code).and_then(|unit| unit.parent.as_deref());
        let way_up = std::iter::successors(Some(unit), parent);
        let serves = tierline::domain::fleet::serving(&self.bots, |bot| &bot.1, way_up);
        let at = serves.and_then(|serves| self.bots.iter().position(|bot| bot.0 == serves.0));
        at.unwrap_or_default()
    }

    /// The place of the bot that serves a person: that of the highest of their units.
    pub fn bot_of(&self, code: &str) -> usize {
        let units = self.roster.people[code].duties.keys().map(|(_, unit)| unit);
        let first = units.min_by_key(|unit| (self.roster.units[*unit].tier, (*unit).clone()));
        first.map_or(0, |unit| self.bot_of_unit(unit))
    }

    /// Telegram's limits, if not the strict ones.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// When the story begins (RFC 3339), if not on Monday at 09:00.
    pub fn starts_at(mut self, start: &'static str) -> Self {
        self.start = start;
        self
    }

    /// Check-ins are held: without this, stories of other things have their mornings to themselves.
    pub fn checks_in(mut self) -> Self {
        self.days = true;
        self
    }

    /// Monday at 06:50 in Shanghai, ten minutes before the day opens; check-ins are held.
    pub fn in_the_morning(self) -> Self {
        self.checks_in().starts_at("2026-11-22T22:50:00Z")
    }

    /// The service is one of the time of this schema.
    pub fn of_schema(mut self, schema: i64) -> Self {
        self.schema = Some(schema);
        self
    }

    /// Opens the school on a database.
    pub async fn opens(self, db: &TestDb) -> World {
        World::open(self, db).await
    }

    fn holders(&self, role: Role, unit: impl Fn(&str) -> bool) -> Vec<String> {
        let holds = |person: &&Person| person.duties.keys().any(|(held, of)| *held == role && unit(of));
        self.roster.people.values().filter(holds).map(|person| person.code.clone()).collect()
    }

    fn below(&self, college: &str, class: &str) -> bool {
        self.roster.units[class].parent.as_deref() == Some(college)
    }

    /// Every chat of the school with its members.
    pub fn chats(&self) -> Vec<ChatPlan> {
        let mut chats = Vec::new();
        for unit in self.roster.units_from_the_root() {
            let (tier, members) = match unit.tier {
                0 => ("school", self.school_members()),
                1 => ("college", self.college_members(&unit.code)),
                _ => ("class", self.class_members(&unit.code)),
            };
            let (key, title) = (unit.code.clone(), format!("{}群", unit.name));
            chats.push(ChatPlan { key, unit: unit.code.clone(), tier, title, members });
            if self.guardians_chats.contains(&unit.code) {
                let (key, title) = (format!("{}/guardians", unit.code), format!("{}家长群", unit.name));
                let members = self.guardians_members(unit);
                chats.push(ChatPlan { key, unit: unit.code.clone(), tier: "guardians", title, members });
            }
        }
        chats.retain(|chat| !self.without_chat.contains(&chat.key));
        chats
    }

    fn school_members(&self) -> Vec<String> {
        let roles = [Role::Leader, Role::Office, Role::Secretary, Role::Staff, Role::Auditor];
        roles.iter().flat_map(|role| self.holders(*role, |_| true)).collect()
    }

    fn college_members(&self, college: &str) -> Vec<String> {
        let mut members = self.holders(Role::Secretary, |unit| unit == college);
        members.extend(self.holders(Role::Counselor, |class| self.below(college, class)));
        members.extend(self.holders(Role::Tutor, |unit| unit == college));
        members
    }

    fn class_members(&self, class: &str) -> Vec<String> {
        let mut members = self.holders(Role::Counselor, |unit| unit == class);
        members.extend(self.holders(Role::Student, |unit| unit == class));
        members
    }

    fn guardians_members(&self, unit: &Unit) -> Vec<String> {
        let inside = |class: &str| class == unit.code || (unit.tier == 1 && self.below(&unit.code, class));
        let mut members = self.holders(Role::Counselor, inside);
        members.extend(self.holders(Role::Guardian, inside));
        members
    }

    /// Names by code.
    pub fn names(&self) -> BTreeMap<String, String> {
        self.roster.people.values().map(|person| (person.code.clone(), person.name.clone())).collect()
    }
}
