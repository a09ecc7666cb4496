//! Where a day's data lie: a folder with the key, the log and the configuration, and a database.

use std::path::{Path, PathBuf};

use sqlx::Connection;
use sqlx::postgres::PgConnection;
use tierline::store::Db;

use crate::Outcome;

/// Which database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A file, in memory where the machine has room there: what is killed here is a process, not the machine.
    Sqlite,
    /// A file in this folder.
    SqliteIn(PathBuf),
    /// A new database on the server with this URL.
    Postgres(String),
}

/// A place of its own.
pub struct Place {
    /// The database as the configuration names it.
    pub url: String,
    folder: tempfile::TempDir,
    dropped: Option<(String, String)>,
}

impl Place {
    /// An empty place.
    ///
    /// # Errors
    /// When the disk or the server refuses.
    pub async fn new(kind: &Kind) -> Outcome<Self> {
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
        let folder = folder.or_else(|_| tempfile::tempdir())?;
        let file = |folder: &Path| format!("sqlite://{}/tierline.db", folder.display());
        let (url, dropped) = match kind {
            Kind::Sqlite => (file(folder.path()), None),
            Kind::SqliteIn(other) => (file(other), None),
            Kind::Postgres(server) => {
                let name = format!("tierline_faults_{:016x}", rand::random::<u64>());
                orders(server, format!("CREATE DATABASE {name}")).await?;
                let mut url = url::Url::parse(server)?;
                url.set_path(&name);
                (url.to_string(), Some((server.clone(), name)))
            }
        };
        Ok(Self { url, folder, dropped })
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The configuration's file.
    pub fn config(&self) -> PathBuf {
        self.folder().join("tierline.toml")
    }

    /// The log of all processes that ran here.
    pub fn log_file(&self) -> PathBuf {
        self.folder().join("log")
    }

    /// What the operator has read so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    /// How many lines of the log contain these words.
    pub fn told(&self, words: &str) -> usize {
        self.log().lines().filter(|line| line.contains(words)).count()
    }

    /// The database's file, where it is one.
    pub fn file(&self) -> Option<PathBuf> {
        self.url.strip_prefix("sqlite://").map(PathBuf::from)
    }

    /// The database, as another process opens it.
    ///
    /// # Errors
    /// When it does not open.
    pub async fn database(&self) -> Outcome<Db> {
        Ok(Db::open(&self.url).await?)
    }

    /// Drops what is not in the folder.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn is_left(&self) -> Outcome<()> {
        match &self.dropped {
            Some((server, name)) => orders(server, format!("DROP DATABASE {name} WITH (FORCE)")).await,
            None => Ok(()),
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // For whoever looks for a fault: the log outlives the place.
        if let (Some(folder), Some(name)) =
            (std::env::var_os("TIERLINE_FAULTS_LOGS"), self.folder().file_name())
        {
            let _ = std::fs::copy(self.log_file(), PathBuf::from(folder).join(name));
        }
    }
}

/// Has a server do something outside any transaction.
async fn orders(server: &str, sql: String) -> Outcome<()> {
    let mut connection = PgConnection::connect(server).await?;
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await?;
    Ok(connection.close().await?)
}
