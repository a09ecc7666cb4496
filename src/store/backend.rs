//! Everything that differs between SQLite and PostgreSQL. Statements are one text for both: `$1`
//! parameters, and rows given as JSON through `json_each($1)`, which PostgreSQL gets as a function.

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgArguments, PgConnectOptions, PgPool, PgPoolOptions, PgRow};
use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool,
    SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::{Arguments, ConnectOptions as _, Connection, Postgres, Row as _, Sqlite, Transaction};

use super::replica::{PATIENCE, Replica};

/// One consistent moment.
pub(super) const READ_ONLY: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

/// Every step of the schema. A release never changes one that an earlier release has taken.
static MIGRATIONS: Migrator = sqlx::migrate!();

/// What the store can fail with: for the operator, never for a person in a chat.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    #[error("database: {0}")]
    Migration(sqlx::migrate::MigrateError),
    #[error(
        "the database was made by a newer tierline (schema {0}): run that version, or restore the copy made before the upgrade"
    )]
    NewerSchema(i64),
    #[error("database url: {0}")]
    Url(String),
    #[error("{0}")]
    Seal(#[from] super::seal::SealError),
    #[error("the database holds something it must not: {0}")]
    Corrupt(String),
}

/// The store's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// Another process was in the way (serialisation, deadlock, lock, a lost connection): running the
    /// whole batch again may succeed.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Database(sqlx::Error::Database(error)) => matches!(
                error.code().as_deref(),
                Some(
                    "40001"
                        | "40P01"
                        | "25P03"
                        | "55P03"
                        | "57P01"
                        | "57P02"
                        | "57P03"
                        | "5"
                        | "517"
                        | "261"
                        | "6"
                        | "262"
                        | "13"
                        | "10"
                        | "778"
                )
            ),
            Self::Database(
                sqlx::Error::Io(_)
                | sqlx::Error::PoolTimedOut
                | sqlx::Error::Protocol(_)
                | sqlx::Error::WorkerCrashed,
            ) => true,
            _ => false,
        }
    }
}

/// A parameter of a statement. A missing one keeps its type: PostgreSQL asks for it.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Int(Option<i64>),
    Text(Option<String>),
    Real(Option<f64>),
    Bytes(Option<Vec<u8>>),
}

macro_rules! value_from {
    ($($from:ty => $variant:ident, $with:expr;)*) => { $(
        impl From<$from> for Value {
            fn from(value: $from) -> Self { Value::$variant(Some($with(value))) }
        }
        impl From<Option<$from>> for Value {
            fn from(value: Option<$from>) -> Self { Value::$variant(value.map($with)) }
        }
    )* };
}

value_from! {
    i64 => Int, std::convert::identity;
    i32 => Int, i64::from;
    u32 => Int, i64::from;
    bool => Int, i64::from;
    DateTime<Utc> => Int, |at: DateTime<Utc>| at.timestamp_millis();
    f64 => Real, std::convert::identity;
    String => Text, std::convert::identity;
    &str => Text, str::to_owned;
    &String => Text, String::clone;
    Vec<u8> => Bytes, std::convert::identity;
    &[u8] => Bytes, <[u8]>::to_vec;
}

impl From<usize> for Value {
    fn from(value: usize) -> Self {
        Value::Int(Some(i64::try_from(value).unwrap_or(i64::MAX)))
    }
}

/// The parameters of a statement, in order: `args![code, now, None::<i64>]`.
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::store::Value::from($value)),*] };
}

/// A row of an answer; columns are read by name.
pub enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

/// What a column can be read as.
pub trait Column: Sized {
    /// Reads the column called `name`.
    ///
    /// # Errors
    /// When there is no such column, or it holds another type.
    fn read(row: &Row, name: &str) -> Result<Self>;
}

macro_rules! column_as {
    ($($into:ty = $raw:ty, $with:expr;)*) => { $(
        impl Column for $into {
            fn read(row: &Row, name: &str) -> Result<Self> {
                let raw: $raw = match row {
                    Row::Sqlite(row) => row.try_get(name)?,
                    Row::Postgres(row) => row.try_get(name)?,
                };
                Ok($with(raw))
            }
        }
        impl Column for Option<$into> {
            fn read(row: &Row, name: &str) -> Result<Self> {
                let raw: Option<$raw> = match row {
                    Row::Sqlite(row) => row.try_get(name)?,
                    Row::Postgres(row) => row.try_get(name)?,
                };
                Ok(raw.map($with))
            }
        }
    )* };
}

column_as! {
    i64 = i64, std::convert::identity;
    f64 = f64, std::convert::identity;
    String = String, std::convert::identity;
    Vec<u8> = Vec<u8>, std::convert::identity;
    bool = i64, |value| value != 0;
    u32 = i64, |value| u32::try_from(value).unwrap_or_default();
    usize = i64, |value| usize::try_from(value).unwrap_or_default();
    DateTime<Utc> = i64, |millis| DateTime::from_timestamp_millis(millis).unwrap_or_default();
}

impl Row {
    /// Reads the column called `name`.
    ///
    /// # Errors
    /// When there is no such column, or it holds another type.
    pub fn get<T: Column>(&self, name: &str) -> Result<T> {
        T::read(self, name)
    }
}

/// The database, whichever it is. Cheap to clone.
#[derive(Clone)]
pub enum Db {
    /// One writer and several readers of one file.
    Sqlite { writer: SqlitePool, readers: SqlitePool },
    /// One pool, and perhaps a replica from which figures are read.
    Postgres { pool: PgPool, replica: Option<Replica> },
}

impl Db {
    /// Opens the database, makes it when it is not there, and brings its schema up to date.
    ///
    /// # Errors
    /// When it cannot be reached, or was made by a newer program.
    pub async fn open(url: &str) -> Result<Self> {
        Self::open_with_reads(url, "").await
    }

    /// Like [`Db::open`]; figures are read at `read_url` unless it is empty.
    ///
    /// # Errors
    /// When it cannot be reached, or was made by a newer program.
    pub async fn open_with_reads(url: &str, read_url: &str) -> Result<Self> {
        Self::open_migrated(url, read_url, &MIGRATIONS).await
    }

    /// Like [`Db::open`], but brings the schema up to an older version only: as a program of that time found it (R20).
    ///
    /// # Errors
    /// When it cannot be reached, or its schema is newer.
    pub async fn open_at(url: &str, schema: i64) -> Result<Self> {
        let until = MIGRATIONS.iter().filter(|migration| migration.version <= schema).cloned().collect();
        Self::open_migrated(url, "", &Migrator::with_migrations(until)).await
    }

    async fn open_migrated(url: &str, read_url: &str, migrations: &Migrator) -> Result<Self> {
        if url.starts_with("sqlite:") {
            return open_sqlite(url, migrations).await;
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return open_postgres(url, read_url, migrations).await;
        }
        Err(Error::Url("it must begin with sqlite:// or postgres://".to_owned()))
    }

    /// Begins a transaction that writes. On SQLite it takes the write lock at once.
    ///
    /// # Errors
    /// When the database cannot be reached or stays locked.
    pub async fn begin(&self) -> Result<Tx> {
        Ok(match self {
            Self::Sqlite { writer, .. } => Tx::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres { pool, .. } => Tx::Postgres(pool.begin().await?),
        })
    }

    /// Begins a transaction that only reads: one consistent moment.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn read(&self) -> Result<Tx> {
        Ok(match self {
            Self::Sqlite { readers, .. } => Tx::Sqlite(readers.begin().await?),
            Self::Postgres { pool, .. } => Tx::Postgres(pool.begin_with(READ_ONLY).await?),
        })
    }

    /// Begins a transaction on the replica, for figures that may be some seconds old; `None` without a replica, and while
    /// it fails or is too far behind.
    pub async fn replica(&self) -> Option<Tx> {
        match self {
            Self::Postgres { pool, replica: Some(replica) } => replica.begin(pool).await,
            _ => None,
        }
    }

    /// What was read from the replica failed: it is left alone for a while.
    pub fn distrust_replica(&self, why: &str) {
        if let Self::Postgres { replica: Some(replica), .. } = self {
            replica.rest(why);
        }
    }

    /// Begins a transaction that only reads figures: on the replica where that can be used.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn figures(&self) -> Result<Tx> {
        match self.replica().await {
            Some(tx) => Ok(tx),
            None => self.read().await,
        }
    }

    /// Copies an SQLite database at one moment into a new file, while others read and write. The copy knows that it is
    /// one: see [`super::held`].
    ///
    /// # Errors
    /// When the file exists or cannot be written, and always on PostgreSQL, which has its own tool.
    pub async fn copy_to(&self, file: &Path, now: DateTime<Utc>) -> Result<()> {
        match self {
            // Readers may not write anything, not even another file; the copy itself locks nobody out.
            Self::Sqlite { writer, .. } => {
                let name =
                    file.to_str().ok_or_else(|| Error::Url("the copy's name must be UTF-8".to_owned()))?;
                sqlx::query("VACUUM INTO $1").bind(name).execute(writer).await?;
                let mut copy = SqliteConnectOptions::new().filename(file).connect().await?;
                sqlx::query("INSERT INTO settings (name, value) VALUES ('copied_at', $1)")
                    .bind(now.timestamp_millis().to_string())
                    .execute(&mut copy)
                    .await?;
                copy.close().await?;
                Ok(())
            }
            Self::Postgres { .. } => Err(Error::Url("PostgreSQL is copied with pg_dump".to_owned())),
        }
    }

    /// Whether this is SQLite: one file, one machine.
    pub fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite { .. })
    }

    /// Closes all connections; SQLite folds its write-ahead log into the file.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres { pool, replica } => {
                if let Some(replica) = replica {
                    replica.close().await;
                }
                pool.close().await;
            }
        }
    }
}

async fn open_sqlite(url: &str, migrations: &Migrator) -> Result<Db> {
    let options = SqliteConnectOptions::from_str(url)
        .map_err(|error| Error::Url(error.to_string()))?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .statement_cache_capacity(512);
    if let Some(folder) = options.get_filename().parent().filter(|folder| *folder != Path::new("")) {
        std::fs::create_dir_all(folder)
            .map_err(|error| Error::Url(format!("cannot make the folder {}: {error}", folder.display())))?;
    }
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(60))
        .test_before_acquire(false)
        .after_release(|connection, _| Box::pin(is_outside_transactions(connection)))
        .connect_with(options.clone())
        .await?;
    migrate(migrations.run(&writer).await)?;
    let readers = SqlitePoolOptions::new()
        .max_connections(4)
        .acquire_timeout(Duration::from_secs(60))
        .test_before_acquire(false)
        .connect_lazy_with(options.pragma("query_only", "ON"));
    Ok(Db::Sqlite { writer, readers })
}

/// Whether a connection may be used again. SQLite ends a transaction by itself when the disk is full; the rollback that
/// follows is refused, and the driver believes in the transaction ever after: nothing could begin on that connection.
async fn is_outside_transactions(connection: &mut SqliteConnection) -> sqlx::Result<bool> {
    if connection.is_in_transaction() {
        // The rollback may still be on its way; the answer comes after it.
        connection.ping().await?;
    }
    Ok(!connection.is_in_transaction())
}

/// Lets statements for SQLite's `json_each` run unchanged: a row per element, its JSON in `value`.
const JSON_EACH: &str = "CREATE OR REPLACE FUNCTION json_each(text) RETURNS TABLE (value jsonb) \
     LANGUAGE sql IMMUTABLE ROWS 100 AS 'SELECT jsonb_array_elements($1::jsonb)'";

/// A process that stands still in the middle of a transaction must not keep its locks: nobody could take its place.
/// Shorter than a lease lives.
const IDLE_TRANSACTION: &str = "5s";

async fn open_postgres(url: &str, read_url: &str, migrations: &Migrator) -> Result<Db> {
    let options = |url: &str| {
        PgConnectOptions::from_str(url)
            .map(|options| {
                let options = options.statement_cache_capacity(512).application_name("tierline");
                options.options([("idle_in_transaction_session_timeout", IDLE_TRANSACTION)])
            })
            .map_err(|error| Error::Url(error.to_string()))
    };
    let pools = PgPoolOptions::new().max_connections(16).acquire_timeout(Duration::from_secs(10));
    let pool = pools.clone().connect_with(options(url)?).await?;
    migrate(migrations.run(&pool).await)?;
    let mut tx = pool.begin().await?;
    sqlx::query("SELECT pg_advisory_xact_lock(7421)").execute(&mut *tx).await?;
    sqlx::query(JSON_EACH).execute(&mut *tx).await?;
    tx.commit().await?;
    let replica = match read_url {
        "" => None,
        url => Some(Replica::new(pools.acquire_timeout(PATIENCE).connect_lazy_with(options(url)?))),
    };
    Ok(Db::Postgres { pool, replica })
}

fn migrate(outcome: std::result::Result<(), sqlx::migrate::MigrateError>) -> Result<()> {
    outcome.map_err(|error| match error {
        sqlx::migrate::MigrateError::VersionMissing(version) => Error::NewerSchema(version),
        other => Error::Migration(other),
    })
}

/// A transaction. Dropped without [`Tx::commit`] it is rolled back.
pub enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    /// Runs a statement and returns how many rows it touched.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn execute(&mut self, sql: &'static str, args: Vec<Value>) -> Result<u64> {
        Ok(match self {
            Self::Sqlite(tx) => {
                sqlx::query_with(sql, sqlite_arguments(args)?).execute(&mut **tx).await?.rows_affected()
            }
            Self::Postgres(tx) => {
                sqlx::query_with(sql, postgres_arguments(args)?).execute(&mut **tx).await?.rows_affected()
            }
        })
    }

    /// All rows of a statement, each turned into a value by `read`.
    ///
    /// # Errors
    /// When the database refuses the statement or `read` fails.
    pub async fn all<T>(
        &mut self,
        sql: &'static str,
        args: Vec<Value>,
        read: impl Fn(&Row) -> Result<T>,
    ) -> Result<Vec<T>> {
        match self {
            Self::Sqlite(tx) => {
                let rows = sqlx::query_with(sql, sqlite_arguments(args)?).fetch_all(&mut **tx).await?;
                rows.into_iter().map(|row| read(&Row::Sqlite(row))).collect()
            }
            Self::Postgres(tx) => {
                let rows = sqlx::query_with(sql, postgres_arguments(args)?).fetch_all(&mut **tx).await?;
                rows.into_iter().map(|row| read(&Row::Postgres(row))).collect()
            }
        }
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// When the database refuses the statement or `read` fails.
    pub async fn maybe<T>(
        &mut self,
        sql: &'static str,
        args: Vec<Value>,
        read: impl Fn(&Row) -> Result<T>,
    ) -> Result<Option<T>> {
        Ok(self.all(sql, args, read).await?.into_iter().next())
    }

    /// The one row of a statement that always has one (counts, sums).
    ///
    /// # Errors
    /// When there is none, the database refuses the statement, or `read` fails.
    pub async fn one<T>(
        &mut self,
        sql: &'static str,
        args: Vec<Value>,
        read: impl Fn(&Row) -> Result<T>,
    ) -> Result<T> {
        self.maybe(sql, args, read).await?.ok_or_else(|| Error::Database(sqlx::Error::RowNotFound))
    }

    /// Lets this transaction stand still between statements for as long as the work of one command may take.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn take_time(&mut self) -> Result<()> {
        if matches!(self, Self::Postgres(_)) {
            self.execute("SET LOCAL idle_in_transaction_session_timeout = 0", args![]).await?;
        }
        Ok(())
    }

    /// Marks a point to return to when one input of a batch fails.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn savepoint(&mut self) -> Result<()> {
        self.execute("SAVEPOINT input", args![]).await.map(drop)
    }

    /// Keeps what was done since [`Tx::savepoint`].
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn keep(&mut self) -> Result<()> {
        self.execute("RELEASE SAVEPOINT input", args![]).await.map(drop)
    }

    /// Undoes what was done since [`Tx::savepoint`].
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn undo(&mut self) -> Result<()> {
        self.execute("ROLLBACK TO SAVEPOINT input", args![]).await?;
        self.keep().await
    }

    /// Makes everything durable.
    ///
    /// # Errors
    /// When the database refuses; nothing has happened then.
    pub async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(tx) => tx.commit().await?,
            Self::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }

    /// Whether the connection still answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn ping(&mut self) -> Result<()> {
        match self {
            Self::Sqlite(tx) => tx.ping().await?,
            Self::Postgres(tx) => tx.ping().await?,
        }
        Ok(())
    }

    /// `FOR UPDATE SKIP LOCKED` exists on PostgreSQL only; SQLite has one writer and needs none.
    pub fn pick(&self, sqlite: &'static str, postgres: &'static str) -> &'static str {
        match self {
            Self::Sqlite(_) => sqlite,
            Self::Postgres(_) => postgres,
        }
    }
}

fn sqlite_arguments(values: Vec<Value>) -> Result<SqliteArguments> {
    let mut arguments = SqliteArguments::default();
    for value in values {
        match value {
            Value::Int(value) => arguments.add(value),
            Value::Text(value) => arguments.add(value),
            Value::Real(value) => arguments.add(value),
            Value::Bytes(value) => arguments.add(value),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

fn postgres_arguments(values: Vec<Value>) -> Result<PgArguments> {
    let mut arguments = PgArguments::default();
    for value in values {
        match value {
            Value::Int(value) => arguments.add(value),
            Value::Text(value) => arguments.add(value),
            Value::Real(value) => arguments.add(value),
            Value::Bytes(value) => arguments.add(value),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}
