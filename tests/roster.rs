//! The roster comes in from files, whole or not at all, and binds accounts (A1–A5).

use std::fmt::Write as _;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use tierline::args;
use tierline::documents::roster::{export, read};
use tierline::domain::roster::{Changes, Roster, Tiers, diff};
use tierline::store::roster::{Clash, Outcome, load, load_with_accounts, replace};
use tierline::store::seal::{Sealer, hash};
use tierline::store::{Db, invites};

use crate::on_both;

const UNITS: &str = "code,name,kind,parent\nu,示范大学,school,\ncs,计算机学院,college,u\nma,数学学院,college,u\n\
                     c1,1班,class,cs\nc2,2班,class,cs\nm1,数学1班,class,ma\n";
const PEOPLE: &str = "code,name,role,unit,phone,answers_for,follows,signs,telegram_id,locale\n\
                      l,李校长,leader,u,,,cs;1,yes,,\n\
                      s,赵书记,secretary,cs,,,,,,en\n\
                      k,孙老师,counselor,c1,13800138000,,,,,\n\
                      k,,counselor,c2,,,,,,\n\
                      1,张一,student,c1,+86 13900000001,,,,,\n\
                      2,张二,student,m1,,,,,,\n\
                      g,张父,guardian,c1,,1;2,,,,\n";

/// A database with its clock and key.
struct Office {
    db: Db,
    sealer: Sealer,
    now: DateTime<Utc>,
}

impl Office {
    fn new(db: &Db) -> Self {
        let now = "2026-09-07T01:00:00Z".parse().expect("a time");
        Office { db: db.clone(), sealer: Sealer::with_key([7; 32]), now }
    }

    async fn imports(&self, units: &str, people: &str) -> Result<Changes, Vec<Clash>> {
        self.imports_roster(&parsed(units, people)).await
    }

    async fn imports_roster(&self, roster: &Roster) -> Result<Changes, Vec<Clash>> {
        let mut tx = self.db.begin().await.expect("begins");
        let bot = |unit: &str| if unit == "m1" { 2 } else { 1 };
        match replace(&mut tx, &self.sealer, roster, &bot, self.now).await.expect("replaced") {
            Outcome::Replaced(changes) => {
                tx.commit().await.expect("commits");
                Ok(changes)
            }
            Outcome::Clashes(clashes) => Err(clashes),
        }
    }

    async fn roster(&self) -> Roster {
        let mut tx = self.db.read().await.expect("reads");
        load(&mut tx, &self.sealer).await.expect("loads")
    }

    async fn number(&self, sql: &'static str, code: &str) -> Option<i64> {
        let mut tx = self.db.read().await.expect("reads");
        tx.maybe(sql, args![code], |row| row.get("x")).await.expect("answers")
    }

    async fn account(&self, code: &str) -> Option<i64> {
        let sql = "SELECT b.account AS x FROM bindings b JOIN people p ON p.id = b.person WHERE p.code = $1";
        self.number(sql, code).await
    }

    async fn id(&self, code: &str) -> Option<i64> {
        self.number("SELECT id AS x FROM people WHERE code = $1", code).await
    }

    async fn binds(&self, code: &str, account: i64) {
        let person = self.id(code).await.expect("known");
        let mut tx = self.db.begin().await.expect("begins");
        let sql = "INSERT INTO bindings (person, account, bound_at, how) VALUES ($1, $2, 0, 'link') \
                   ON CONFLICT (person) DO UPDATE SET account = excluded.account";
        tx.execute(sql, args![person, account]).await.expect("bound");
        tx.commit().await.expect("commits");
    }
}

fn parsed(units: &str, people: &str) -> Roster {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("units.csv"), units).expect("written");
    std::fs::write(folder.path().join("people.csv"), people).expect("written");
    read(&[folder.path().to_owned()], &Tiers::default()).expect("sound").roster
}

/// The people with one account filled in.
fn with_account(code: &str, account: &str) -> String {
    let line = |line: &str| {
        let mut cells: Vec<&str> = line.split(',').collect();
        if cells[0] == code {
            cells[8] = account;
        }
        cells.join(",")
    };
    PEOPLE.lines().map(line).collect::<Vec<_>>().join("\n")
}

fn without(code: &str) -> String {
    let kept = PEOPLE.lines().filter(|line| !line.starts_with(&format!("{code},")));
    kept.collect::<Vec<_>>().join("\n").replace("1;2", "1")
}

on_both! {
    async fn what_was_imported_is_kept_whole(db) {
        let office = Office::new(&db.db);
        let changes = office.imports(UNITS, PEOPLE).await.expect("no clash");
        assert_eq!(changes.units.to_string(), "6 added, 0 changed, 0 removed");
        assert_eq!(changes.people.to_string(), "6 added, 0 changed, 0 removed");
        let roster = office.roster().await;
        assert_eq!(roster, parsed(UNITS, PEOPLE));

        let file = db.folder().join("out.xlsx");
        export(&roster, &Tiers::default(), &file).expect("written");
        let again = read(&[file], &Tiers::default()).expect("sound").roster;
        assert_eq!(again, roster);
        assert!(office.imports_roster(&again).await.expect("no clash").is_empty());
    }

    async fn importing_again_changes_nothing_at_all(db) {
        let office = Office::new(&db.db);
        office.imports(UNITS, PEOPLE).await.expect("no clash");
        let audited = "SELECT COUNT(*) AS x FROM audit WHERE act = $1";
        assert_eq!(office.number(audited, "roster.import").await, Some(1));
        let changes = office.imports(UNITS, PEOPLE).await.expect("no clash");
        assert!(changes.is_empty());
        assert_eq!(office.number(audited, "roster.import").await, Some(1));
    }

    async fn removed_people_keep_their_id_and_lose_the_rest(db) {
        let office = Office::new(&db.db);
        office.imports(UNITS, &with_account("2", "22")).await.expect("no clash");
        let id = office.id("2").await;
        assert_eq!(office.account("2").await, Some(22));
        let changes = office.imports(UNITS, &without("2")).await.expect("no clash");
        assert_eq!(changes.people.removed, ["2"]);
        assert_eq!(changes.people.changed, ["g"]);
        assert_eq!(office.account("2").await, None);
        assert_eq!(office.roster().await, parsed(UNITS, &without("2")));
        let roles = "SELECT COUNT(*) AS x FROM roles r JOIN people p ON p.id = r.person WHERE p.code = $1";
        assert_eq!(office.number(roles, "2").await, Some(0));

        office.imports(UNITS, &with_account("2", "22")).await.expect("no clash");
        assert_eq!(office.id("2").await, id);
        assert_eq!(office.account("2").await, Some(22));
    }

    async fn a_moved_college_takes_its_classes_along(db) {
        let office = Office::new(&db.db);
        office.imports(UNITS, PEOPLE).await.expect("no clash");
        let path = "SELECT COUNT(*) AS x FROM units u JOIN units c ON u.path LIKE c.path || '%' WHERE c.code = $1";
        assert_eq!(office.number(path, "cs").await, Some(3));
        let moved = UNITS.replace("c2,2班,class,cs", "c2,2班,class,ma");
        let changes = office.imports(&moved, PEOPLE).await.expect("no clash");
        assert_eq!(changes.units.changed, ["c2"]);
        assert_eq!(office.number(path, "cs").await, Some(2));
        assert_eq!(office.number(path, "ma").await, Some(3));
        assert_eq!(office.number(path, "u").await, Some(6));
    }

    async fn a_telegram_id_binds_at_once_and_an_empty_one_never_unbinds(db) {
        let office = Office::new(&db.db);
        office.imports(UNITS, PEOPLE).await.expect("no clash");
        assert_eq!(office.account("1").await, None);
        let changes = office.imports(UNITS, &with_account("1", "11")).await.expect("no clash");
        assert_eq!(changes.people.changed, ["1"]);
        assert_eq!(office.account("1").await, Some(11));
        assert_eq!(office.number("SELECT bot AS x FROM accounts WHERE account = CAST($1 AS BIGINT)", "11").await, Some(1));
        assert!(office.imports(UNITS, PEOPLE).await.expect("no clash").is_empty());
        assert_eq!(office.account("1").await, Some(11));
        office.imports(UNITS, &with_account("1", "12")).await.expect("no clash");
        assert_eq!(office.account("1").await, Some(12));
    }

    async fn the_same_file_does_not_undo_a_newer_binding(db) {
        let office = Office::new(&db.db);
        office.imports(UNITS, &with_account("1", "11")).await.expect("no clash");
        office.binds("1", 99).await;
        assert!(office.imports(UNITS, &with_account("1", "11")).await.expect("no clash").is_empty());
        assert_eq!(office.account("1").await, Some(99));

        office.binds("2", 22).await;
        assert!(office.imports(UNITS, &with_account("2", "22")).await.expect("no clash").is_empty());
        office.binds("2", 23).await;
        assert!(office.imports(UNITS, &with_account("2", "22")).await.expect("no clash").is_empty());
        assert_eq!(office.account("2").await, Some(23));
    }

    async fn one_account_never_serves_two_people_of_one_role(db) {
        let office = Office::new(&db.db);
        office.imports(UNITS, PEOPLE).await.expect("no clash");
        office.binds("1", 11).await;
        let clashes = office.imports(UNITS, &with_account("2", "11")).await.expect_err("a clash");
        assert_eq!(clashes, [Clash { code: "2".to_owned(), other: "1".to_owned(), account: 11 }]);
        assert_eq!(office.account("2").await, None);
        assert_eq!(office.roster().await, parsed(UNITS, PEOPLE));
        office.imports(UNITS, &with_account("g", "11")).await.expect("another role");
        assert_eq!(office.account("g").await, Some(11));

        let both_staff = format!("{PEOPLE}1,,staff,u,,,,,,\ng,,staff,u,,,,,,\n");
        let clashes = office.imports(UNITS, &both_staff).await.expect_err("a role in common by now");
        assert_eq!(clashes, [Clash { code: "g".to_owned(), other: "1".to_owned(), account: 11 }]);
    }

    async fn an_export_carries_the_bound_accounts(db) {
        let office = Office::new(&db.db);
        office.imports(UNITS, &with_account("1", "11")).await.expect("no clash");
        office.binds("1", 12).await;
        office.binds("g", 13).await;
        let mut tx = db.db.read().await.expect("reads");
        let roster = load_with_accounts(&mut tx, &office.sealer).await.expect("loads");
        drop(tx);
        assert_eq!(roster.people["1"].telegram_id, Some(12));
        assert_eq!(roster.people["g"].telegram_id, Some(13));
        assert!(office.imports_roster(&roster).await.expect("no clash").is_empty());
    }

    async fn phones_are_sealed_and_found_by_their_digits(db) {
        let office = Office::new(&db.db);
        office.imports(UNITS, PEOPLE).await.expect("no clash");
        let sealed = "SELECT COUNT(*) AS x FROM people WHERE phone LIKE $1";
        assert_eq!(office.number(sealed, "%139%0000%").await, Some(0));
        let digits = office.sealer.keyed_hash("13900000001");
        let found = "SELECT COUNT(*) AS x FROM people WHERE phone_hash = $1";
        assert_eq!(office.number(found, &digits).await, Some(1));
    }

    async fn links_are_for_the_unbound_and_a_new_run_voids_the_earlier(db) {
        let office = Office::new(&db.db);
        office.imports(UNITS, &with_account("k", "5")).await.expect("no clash");
        let mut tx = db.db.begin().await.expect("begins");
        let all = invites::unbound(&mut tx, None).await.expect("answers");
        let codes: Vec<&str> = all.iter().map(|person| person.code.as_str()).collect();
        assert_eq!(codes, ["l", "s", "1", "g", "2"]);
        let below = invites::unbound(&mut tx, Some("cs")).await.expect("answers");
        let codes: Vec<&str> = below.iter().map(|person| person.code.as_str()).collect();
        assert_eq!(codes, ["s", "1", "g"]);

        let one = [below[1].person];
        let first = invites::issue(&mut tx, &one, None, office.now).await.expect("issued");
        let second = invites::issue(&mut tx, &one, None, office.now).await.expect("issued");
        tx.commit().await.expect("commits");
        assert_eq!(first[0].token.len(), 27);
        assert_ne!(first[0].token, second[0].token);
        let open = "SELECT COUNT(*) AS x FROM invites WHERE token_hash = $1 AND voided_at IS NULL";
        assert_eq!(office.number(open, &hash(&first[0].token)).await, Some(0));
        assert_eq!(office.number(open, &hash(&second[0].token)).await, Some(1));
        let secret = "SELECT COUNT(*) AS x FROM invites WHERE token_hash = $1";
        assert_eq!(office.number(secret, &second[0].token).await, Some(0));
    }

    async fn a_hundred_thousand_people_come_in_at_once(db) {
        let office = Office::new(&db.db);
        let (units, people) = large_school(100_000);
        let roster = parsed(&units, &people);
        let changes = office.imports_roster(&roster).await.expect("no clash");
        assert_eq!(changes.people.added.len(), 100_000);
        assert!(office.imports_roster(&roster).await.expect("no clash").is_empty());
    }
}

/// A school of 20 colleges and 400 classes with so many students, some of them with a phone.
fn large_school(students: usize) -> (String, String) {
    let mut units = "code,name,kind,parent\nu,示范大学,school,\n".to_owned();
    for college in 0..20 {
        writeln!(units, "k{college},学院{college},college,u").expect("written");
    }
    for class in 0..400 {
        writeln!(units, "c{class},{class}班,class,k{}", class % 20).expect("written");
    }
    let mut people = "code,name,role,unit,phone\n".to_owned();
    for student in 0..students {
        // Sealing is what takes the time in a build without optimisation.
        let phone = if student % 100 == 0 { "13000000000" } else { "" };
        writeln!(people, "{student},学生{student},student,c{},{phone}", student % 400).expect("written");
    }
    (units, people)
}

#[test]
fn a_hundred_thousand_faults_are_all_named() {
    let (units, people) = large_school(100_000);
    let people = people.replace(",student,c7,", ",student,c7777,");
    let folder = tempfile::tempdir().expect("a folder");
    let paths: Vec<PathBuf> =
        ["units.csv", "people.csv"].iter().map(|name| folder.path().join(name)).collect();
    std::fs::write(&paths[0], units).expect("written");
    std::fs::write(&paths[1], people).expect("written");
    let problems = read(&paths, &Tiers::default()).expect_err("faults");
    assert_eq!(problems.len(), 250);
    assert_eq!(problems[0].line, 9);
    assert!(problems.iter().all(|problem| problem.to_string().contains("no unit has the code \"c7777\"")));
}

#[test]
fn the_difference_of_a_roster_to_itself_is_nothing() {
    let roster = parsed(UNITS, PEOPLE);
    assert!(diff(&roster, &roster).is_empty());
}
