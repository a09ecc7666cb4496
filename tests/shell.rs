//! The roster's commands as an operator runs them: files in, files out, exit codes, one problem a line.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::world::db::TestDb;

const UNITS: &str = "code,name,kind,parent\nu,示范大学,school,\ncs,计算机学院,college,u\nc1,1班,class,cs\n";
const PEOPLE: &str =
    "code,name,role,unit,telegram_id\n1,张一,student,c1,\n2,=张二,student,c1,\nk,孙老师,counselor,c1,\n";

/// A folder in which an operator works.
struct Shell {
    folder: TempDir,
    variables: Vec<(String, String)>,
}

impl Shell {
    fn new() -> Self {
        let shell = Shell { folder: tempfile::tempdir().expect("a folder"), variables: Vec::new() };
        shell.file("units.csv", UNITS);
        shell.file("people.csv", PEOPLE);
        shell
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    fn file(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).expect("written");
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn run(&self, arguments: &str) -> Output {
        Command::new(env!("CARGO_BIN_EXE_tierline"))
            .args(arguments.split(' '))
            .current_dir(self.path())
            .env_remove("TIERLINE_CONFIG")
            .env_remove("TELEGRAM_BOT_TOKEN")
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .output()
            .expect("the program starts")
    }

    /// Runs a command that must end with exit code 0; the answer is what it printed.
    fn does(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{arguments}: {errors}");
        assert_eq!(errors, "", "{arguments}");
        String::from_utf8(output.stdout).expect("text")
    }

    /// Runs a command that must end with this exit code; the answer is what it told on stderr.
    fn fails(&self, arguments: &str, code: i32) -> Vec<String> {
        let output = self.run(arguments);
        let errors = String::from_utf8(output.stderr).expect("text");
        assert_eq!(output.status.code(), Some(code), "{arguments}: {errors}");
        errors.lines().map(str::to_owned).collect()
    }
}

#[test]
fn a_roster_goes_in_and_comes_out_unchanged() {
    let shell = Shell::new();
    let dry = shell.does("roster import units.csv people.csv --dry-run");
    let counts = "units: 3 added, 0 changed, 0 removed\npeople: 3 added, 0 changed, 0 removed\n";
    assert_eq!(dry, format!("{counts}dry run: nothing was written\n"));
    assert_eq!(shell.does("roster import units.csv people.csv"), counts);
    shell.does("roster export out.xlsx");
    shell.does("roster export folder");
    let nothing = "units: 0 added, 0 changed, 0 removed\npeople: 0 added, 0 changed, 0 removed\n";
    for file in ["out.xlsx", "folder", "folder/units.csv folder/people.csv", "units.csv people.csv"] {
        assert_eq!(shell.does(&format!("roster import {file}")), nothing, "{file}");
    }
    let people = fs::read_to_string(shell.path().join("folder/people.csv")).expect("there");
    assert!(people.starts_with('\u{FEFF}') && people.contains("2,'=张二,student,c1"), "{people}");
    shell.file("people.csv", &PEOPLE.replace("1,张一,student,c1,\n", "3,张三,student,c1,\n"));
    let changed = shell.does("roster import units.csv people.csv");
    assert!(changed.contains("people: 1 added, 0 changed, 1 removed"), "{changed}");
}

#[test]
fn every_bad_row_is_named_and_nothing_is_imported() {
    let shell = Shell::new();
    shell.file("units.csv", &UNITS.replace("class,cs", "class,cx"));
    shell.file(
        "people.csv",
        &PEOPLE
            .replace("2,=张二,student", "2,=张二,studnet")
            .replace("k,孙老师,counselor,c1", "k,,counselor,c9"),
    );
    let problems = shell.fails("roster import units.csv people.csv", 1);
    let starts = [
        "people.csv:3: column role: ",
        "people.csv:4: column unit: ",
        "people.csv:4: column name: ",
        "units.csv:4: column parent: ",
    ];
    assert_eq!(problems.len(), starts.len(), "{problems:#?}");
    for (problem, start) in problems.iter().zip(starts) {
        assert!(problem.starts_with(start), "{problems:#?}");
    }
    let export = shell.fails("roster export out.xlsx", 1);
    assert!(export[0].contains("no roster yet"), "{export:?}");
}

#[test]
fn wrong_usage_ends_with_two() {
    let shell = Shell::new();
    assert!(!shell.fails("roster import", 2).is_empty());
    let missing = shell.fails("roster import nothing.csv", 1);
    assert!(missing[0].starts_with("nothing.csv: cannot be read"), "{missing:?}");
    shell.does("roster import units.csv people.csv");
    assert!(shell.fails("roster export out.csv", 2)[0].contains(".xlsx"));
    assert!(shell.fails("invites --out links.csv", 2)[0].contains("no bot has a token"));
}

#[test]
fn templates_can_be_imported_once_filled_in() {
    let shell = Shell::new();
    let told = shell.does("roster template empty");
    assert!(told.starts_with("empty: "), "{told}");
    let problems = shell.fails("roster import empty", 1);
    assert_eq!(problems.len(), 2, "{problems:#?}");
    let imported = shell.does("roster import empty/example.xlsx");
    assert!(imported.contains("units: 4 added"), "{imported}");
}

#[test]
fn accounts_already_bound_are_named_with_their_place() {
    let shell = Shell::new();
    let bound = |person: &str| PEOPLE.replace(&format!("{person},\n"), &format!("{person},77\n"));
    shell.file("people.csv", &bound("1,张一,student,c1"));
    shell.does("roster import units.csv people.csv");
    shell.file("people.csv", &bound("2,=张二,student,c1"));
    let problems = shell.fails("roster import units.csv people.csv", 1);
    assert_eq!(problems.len(), 1, "{problems:#?}");
    assert!(problems[0].starts_with("people.csv:3: column telegram_id: "), "{problems:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_name_the_bot_and_never_its_token() {
    let sandbox = botapi_sandbox::Sandbox::builder().start().await.expect("a sandbox");
    let bot = sandbox.add_bot("school_bot", "School");
    let db = TestDb::sqlite().await;
    let shell = Shell::new()
        .with("TIERLINE__DATABASE__URL", &db.url)
        .with("TELEGRAM_BOT_TOKEN", bot.token())
        .with("TIERLINE__TELEGRAM__API_URL", sandbox.api_url().as_ref());
    shell.does("roster import units.csv people.csv");
    assert!(shell.fails("invites --unit c9 --out links.csv", 1)[0].contains("c9"));
    let told = shell.does("invites --unit cs --out links.csv");
    assert_eq!(told, "links.csv: 3 links, valid for 14 days\n");
    let links = fs::read_to_string(shell.path().join("links.csv")).expect("there");
    let rows: Vec<Vec<&str>> = links.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(rows[0], ["code", "name", "unit", "link", "expires_at"]);
    assert_eq!(rows[1][..3], ["1", "张一", "c1"]);
    let token = rows[1][3].strip_prefix("https://t.me/school_bot?start=").expect("a link");
    assert_eq!(token.len(), 27);
    assert!(rows[1][4].ends_with("+08:00"), "{}", rows[1][4]);

    let lost = Shell::new()
        .with("TIERLINE__DATABASE__URL", "sqlite://other.db")
        .with("TELEGRAM_BOT_TOKEN", bot.token())
        .with("TIERLINE__TELEGRAM__API_URL", "http://127.0.0.1:9");
    lost.does("roster import units.csv people.csv");
    let problems = lost.fails("invites --out links.csv", 1);
    assert!(problems[0].contains("must be asked"), "{problems:?}");
    assert!(!problems[0].contains(bot.token()), "the token is shown");
    assert!(!lost.path().join("links.csv").exists());
    db.finish().await;
}
