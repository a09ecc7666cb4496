//! Databases to measure on: one is filled, each measurement gets a copy of it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};

use crate::Failure;

/// Where databases are made.
pub struct Databases {
    /// A PostgreSQL server on which databases may be made; `None`: SQLite files in the folder.
    server: Option<String>,
    folder: PathBuf,
    made: AtomicUsize,
}

/// One of them.
#[derive(Debug, Clone)]
pub struct Database {
    /// As the configuration names it.
    pub url: String,
    name: String,
}

impl Databases {
    /// Files in this folder, or databases of the server that `url` names (`sqlite` for files).
    pub fn new(url: &str, folder: &Path) -> Self {
        let server = (url != "sqlite").then(|| url.to_owned());
        Self { server, folder: folder.to_owned(), made: AtomicUsize::new(0) }
    }

    fn name(&self, what: &str) -> String {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        format!("tierline_bench_{}_{number}_{what}", std::process::id())
    }

    /// An empty one.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn empty(&self, what: &str) -> Result<Database, Failure> {
        let name = self.name(what);
        if self.server.is_some() {
            self.order(&format!("CREATE DATABASE {name}")).await?;
        }
        Ok(self.called(name))
    }

    /// A copy of another that nobody has open.
    ///
    /// # Errors
    /// When the server refuses, or the disk is full.
    pub async fn copy(&self, of: &Database, what: &str) -> Result<Database, Failure> {
        let name = self.name(what);
        let copy = self.called(name.clone());
        if self.server.is_some() {
            self.order(&format!("CREATE DATABASE {name} TEMPLATE {}", of.name)).await?;
        } else {
            std::fs::copy(self.file(&of.name), self.file(&name))?;
        }
        Ok(copy)
    }

    /// Takes one away.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn remove(&self, database: &Database) -> Result<(), Failure> {
        if self.server.is_some() {
            return self.order(&format!("DROP DATABASE {} WITH (FORCE)", database.name)).await;
        }
        for end in ["", "-wal", "-shm"] {
            let mut file = self.file(&database.name).into_os_string();
            file.push(end);
            let file = PathBuf::from(file);
            if file.exists() {
                std::fs::remove_file(file)?;
            }
        }
        Ok(())
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.db"))
    }

    fn called(&self, name: String) -> Database {
        let url = match &self.server {
            None => format!("sqlite://{}", self.file(&name).display()),
            Some(server) => with_name(server, &name),
        };
        Database { url, name }
    }

    async fn order(&self, sql: &str) -> Result<(), Failure> {
        let server = self.server.as_deref().unwrap_or_default();
        let options: PgConnectOptions = server.parse()?;
        let mut connection: PgConnection = options.connect().await?;
        connection.execute(AssertSqlSafe(sql.to_owned())).await?;
        Ok(connection.close().await?)
    }
}

/// The server's URL with another database in it.
fn with_name(server: &str, name: &str) -> String {
    let (base, query) = server.split_once('?').map_or((server, ""), |(base, query)| (base, query));
    let begin = base.find("://").map_or(0, |at| at + 3);
    let host = base[begin..].find('/').map_or(base.len(), |at| begin + at);
    let query = if query.is_empty() { String::new() } else { format!("?{query}") };
    format!("{}/{name}{query}", &base[..host])
}

#[cfg(test)]
mod tests {
    use super::with_name;

    #[test]
    fn the_name_takes_the_place_of_the_old_one() {
        assert_eq!(with_name("postgres://t@h:1/p?host=/x/y", "n"), "postgres://t@h:1/n?host=/x/y");
        assert_eq!(with_name("postgres://h", "n"), "postgres://h/n");
    }
}
