//! The command line as an operator meets it: the real program, its exit code, what it prints.

mod check;
mod erase;
mod key;
mod plan;
mod report;

use std::path::Path;
use std::process::{Command, Output};

use tierline::store::Db;

/// Where a command runs: a folder of its own, nothing of the caller's environment.
pub struct Shell {
    folder: tempfile::TempDir,
    variables: Vec<(String, String)>,
}

/// What a command did.
pub struct Done {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Shell {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder"), variables: Vec::new() }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn set(&mut self, name: &str, value: &str) {
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.folder().join(name);
        std::fs::create_dir_all(path.parent().expect("inside the folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    }

    /// The database of the commands, for what no command can do.
    pub async fn database(&self) -> Db {
        let path = self.folder().join("data/tierline.db");
        std::fs::create_dir_all(path.parent().expect("inside the folder")).expect("a folder");
        Db::open(&format!("sqlite://{}", path.display())).await.expect("it opens")
    }

    /// Runs `tierline` with these arguments.
    pub async fn tierline(&self, arguments: &[&str]) -> Done {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tierline"));
        command.args(arguments).current_dir(self.folder()).env_clear();
        command.env("NO_PROXY", "127.0.0.1,localhost");
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        let output = tokio::task::spawn_blocking(move || command.output()).await.expect("it ran");
        Done::from(output.expect("the program starts"))
    }
}

impl From<Output> for Done {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        Self { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
    }
}
