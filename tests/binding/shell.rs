//! `chats` as an operator types it.

use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

const UNITS: &str = "code,name,kind,parent\nu,示范大学,school,\ncs,计算机学院,college,u\nc1,1班,class,cs\n\
                     p1,1班家长,guardians,c1\n";
const PEOPLE: &str = "code,name,role,unit,answers_for,telegram_id\n1,张一,student,c1,,11\n2,张二,student,c1,,\n\
                      k,孙老师,counselor,c1,,\ng,张父,guardian,c1,1,\n";

/// A folder in which an operator works, and where its bot is served.
struct Shell {
    folder: TempDir,
    api: String,
    token: String,
}

impl Shell {
    fn new() -> Self {
        Self::with_bot("http://127.0.0.1:9", "7:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
    }

    fn with_bot(api: &str, token: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let shell = Shell { folder, api: api.to_owned(), token: token.to_owned() };
        std::fs::write(shell.path().join("units.csv"), UNITS).expect("written");
        std::fs::write(shell.path().join("people.csv"), PEOPLE).expect("written");
        shell.does("roster import units.csv people.csv");
        shell
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn run(&self, arguments: &str) -> Output {
        Command::new(env!("CARGO_BIN_EXE_tierline"))
            .args(arguments.split(' '))
            .current_dir(self.path())
            .env_remove("TIERLINE_CONFIG")
            .env("TELEGRAM_BOT_TOKEN", &self.token)
            .env("TIERLINE__TELEGRAM__API_URL", &self.api)
            .output()
            .expect("the program starts")
    }

    fn does(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{arguments}: {errors}");
        String::from_utf8(output.stdout).expect("text")
    }

    fn fails(&self, arguments: &str) -> (i32, String) {
        let output = self.run(arguments);
        let code = output.status.code().expect("it ended by itself");
        (code, String::from_utf8(output.stderr).expect("text"))
    }
}

#[test]
fn chats_are_bound_and_listed() {
    let shell = Shell::new();
    shell.does("chats bind --chat-id -100123 --unit c1 --tier class");
    shell.does("chats bind --chat-id -100124 --unit p1 --tier guardians");
    shell.does("chats bind --chat-id -100125 --unit cs --tier group");
    let list = shell.does("chats list");
    let line = |chat: &str| {
        let line = list.lines().find(|line| line.contains(chat)).unwrap_or_else(|| panic!("{list}"));
        line.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(line("-100123")[..5], ["c1", "class", "-100123", "0/3", "0/1/3"]);
    assert_eq!(line("-100124")[..5], ["c1", "guardians", "-100124", "0/2", "0/0/2"]);
    assert_eq!(line("-100125")[..5], ["cs", "group", "-100125", "0/0", "0/0/0"]);
    shell.does("chats bind --chat-id -100126 --unit c1 --tier class");
    assert!(!shell.does("chats list").contains("-100123"), "the new chat took its place");
}

#[test]
fn wrong_words_are_named() {
    let shell = Shell::new();
    let (code, error) = shell.fails("chats bind --chat-id -1 --unit c1 --tier clas");
    assert_eq!(code, 2);
    assert!(error.contains("school, college, class, guardians or group"), "{error}");
    let (code, error) = shell.fails("chats bind --chat-id -1 --unit c1 --tier college");
    assert_eq!(code, 2);
    assert!(error.contains("\"c1\" is of the tier \"class\""), "{error}");
    let (code, error) = shell.fails("chats bind --chat-id -1 --unit x --tier class");
    assert_eq!((code, error.contains("no unit has the code \"x\"")), (1, true));
    assert_eq!(shell.fails("chats bind --chat-id 5 --unit c1 --tier class").0, 2);
    let (code, error) = shell.fails("chats code --unit c1 --tier class");
    assert_eq!(code, 1, "Telegram cannot be asked for the bot's name: {error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_is_printed_as_it_is_sent() {
    let sandbox = botapi_sandbox::Sandbox::builder().start().await.expect("a sandbox");
    let bot = sandbox.add_bot("school_bot", "School");
    let shell = Shell::with_bot(sandbox.api_url().as_ref(), bot.token());
    let (first, second) =
        (shell.does("chats code --unit c1 --tier class"), shell.does("chats code --unit p1 --tier group"));
    let code = first.trim_end().strip_prefix("/register@school_bot ").expect("the whole command");
    assert_eq!((code.len(), code.split('-').count()), (19, 4));
    assert_ne!(first, second);
}
