//! A fresh database for a test, SQLite and PostgreSQL alike.
//!
//! `on_both! { async fn name(db) { … } }` makes the tests `name::sqlite` and `name::postgres`. The
//! PostgreSQL half needs `TIERLINE_TEST_PG`, the URL of a server on which databases may be made; without
//! it that half says so and passes.

use std::sync::Arc;

use sqlx::Connection;
use sqlx::postgres::PgConnection;
use tierline::store::Db;

/// A folder in memory where the machine has one: a test's commits need not survive a power cut.
fn quick_folder() -> tempfile::TempDir {
    let memory = std::path::Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    folder.or_else(|_| tempfile::tempdir()).expect("a temporary folder")
}

/// A database of this test alone. Cheap to clone; PostgreSQL's is dropped by [`TestDb::finish`].
#[derive(Clone)]
pub struct TestDb {
    /// The open database.
    pub db: Db,
    /// Where it is: a second process, or the same after a restart, opens it by this.
    pub url: String,
    folder: Arc<tempfile::TempDir>,
    server: Option<(String, String)>,
}

impl TestDb {
    /// A SQLite file in a folder of its own.
    pub async fn sqlite() -> Self {
        Self::sqlite_at(i64::MAX).await
    }

    /// The same with the schema of an older version.
    pub async fn sqlite_at(schema: i64) -> Self {
        let folder = Arc::new(quick_folder());
        let url = format!("sqlite://{}/tierline.db", folder.path().display());
        let db = Db::open_at(&url, schema).await.expect("SQLite opens");
        Self { db, url, folder, server: None }
    }

    /// A new database on the server of `TIERLINE_TEST_PG`; `None` without that variable.
    pub async fn postgres() -> Option<Self> {
        Self::postgres_at(i64::MAX).await
    }

    /// The same with the schema of an older version.
    pub async fn postgres_at(schema: i64) -> Option<Self> {
        let Ok(server) = std::env::var("TIERLINE_TEST_PG") else {
            #[allow(clippy::print_stderr)] // Whoever runs the tests should know.
            {
                eprintln!("skipped: TIERLINE_TEST_PG names no PostgreSQL server");
            }
            return None;
        };
        let name = format!("tierline_test_{:016x}", rand::random::<u64>());
        let mut admin = PgConnection::connect(&server).await.expect("TIERLINE_TEST_PG answers");
        run(&mut admin, format!("CREATE DATABASE {name}")).await;
        let mut url = url::Url::parse(&server).expect("TIERLINE_TEST_PG is a URL");
        url.set_path(&name);
        let url = url.to_string();
        let db = Db::open_at(&url, schema).await.expect("PostgreSQL opens");
        let folder = Arc::new(tempfile::tempdir().expect("a temporary folder"));
        Some(Self { db, url, folder, server: Some((server, name)) })
    }

    /// Every kind that can be had here, for tests that loop by themselves.
    pub async fn databases() -> Vec<Self> {
        let mut all = vec![Self::sqlite().await];
        all.extend(Self::postgres().await);
        all
    }

    /// A folder that lives as long as the test, for key files and artefacts.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// The same database opened once more, as another process would.
    pub async fn again(&self) -> Db {
        Db::open(&self.url).await.expect("it opens a second time")
    }

    /// Another empty database of the same kind.
    pub async fn another(&self) -> Self {
        match &self.server {
            Some(_) => Self::postgres().await.expect("the server of this one"),
            None => Self::sqlite().await,
        }
    }

    /// Closes it; PostgreSQL's is dropped, whoever still uses it.
    pub async fn finish(self) {
        self.db.close().await;
        if let Some((server, name)) = self.server {
            let mut admin = PgConnection::connect(&server).await.expect("TIERLINE_TEST_PG answers");
            run(&mut admin, format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
    }
}

async fn run(admin: &mut PgConnection, sql: String) {
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(admin).await.expect("the server does it");
}

/// Makes `name::sqlite` and `name::postgres` out of one test.
#[macro_export]
macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($db:ident) $body:block)*) => { $(
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            $(#[$meta])*
            async fn story($db: $crate::world::db::TestDb) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let db = $crate::world::db::TestDb::sqlite().await;
                story(db.clone()).await;
                db.finish().await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(db) = $crate::world::db::TestDb::postgres().await {
                    story(db.clone()).await;
                    db.finish().await;
                }
            }
        }
    )* };
}
