//! The only file that knows there are two databases.
//!
//! One set of statements, written with `$1…`, runs on SQLite (embedded) and PostgreSQL (by URL). The few places where
//! the engines differ (how a write transaction begins, how a connection is set up) are here and nowhere else.

use sqlx::postgres::{PgArguments, PgPoolOptions, PgRow};
use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, PgPool, Postgres, Row as _, Sqlite, SqlitePool, Transaction};
use std::path::Path;
use std::str::FromStr as _;
use std::time::Duration;
use uuid::Uuid;

/// What went wrong between us and the database.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The engine refused or could not be reached.
    #[error("database: {0}")]
    Engine(#[from] sqlx::Error),
    /// A migration did not apply.
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The address names neither engine.
    #[error("database.url must begin with sqlite: or postgres:, not «{0}»")]
    UnknownEngine(String),
    /// A row does not hold what the statement promised.
    #[error("column {0} holds something else than expected")]
    Column(&'static str),
}

impl DbError {
    /// Whether a unique constraint refused the row.
    pub fn is_duplicate(&self) -> bool {
        matches!(self, DbError::Engine(sqlx::Error::Database(e)) if e.is_unique_violation())
    }
}

/// The database, whichever it is. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Db {
    /// One writer, several readers.
    Sqlite {
        /// A pool of one: writers queue here and not on a lock.
        writer: SqlitePool,
        /// Readers see the last commit and never wait for the writer (WAL).
        readers: SqlitePool,
    },
    /// A pool of equals.
    Postgres(PgPool),
}

/// A value bound to a statement.
#[derive(Clone, Debug)]
pub enum Value {
    /// Bytes, ids too.
    Blob(Vec<u8>),
    /// Bytes or NULL.
    MaybeBlob(Option<Vec<u8>>),
    /// Text.
    Text(String),
    /// Text or NULL.
    MaybeText(Option<String>),
    /// Number, times too.
    Int(i64),
    /// Number or NULL.
    MaybeInt(Option<i64>),
}

macro_rules! value_from {
    ($($from:ty => |$v:ident| $to:expr),* $(,)?) => {$(
        impl From<$from> for Value { fn from($v: $from) -> Self { $to } }
    )*};
}
value_from! {
    Vec<u8> => |v| Value::Blob(v),
    &[u8] => |v| Value::Blob(v.to_vec()),
    [u8; 32] => |v| Value::Blob(v.to_vec()),
    Uuid => |v| Value::Blob(v.as_bytes().to_vec()),
    Option<Uuid> => |v| Value::MaybeBlob(v.map(|u| u.as_bytes().to_vec())),
    Option<Vec<u8>> => |v| Value::MaybeBlob(v),
    &str => |v| Value::Text(v.to_owned()),
    String => |v| Value::Text(v),
    Option<String> => |v| Value::MaybeText(v),
    i64 => |v| Value::Int(v),
    u32 => |v| Value::Int(i64::from(v)),
    Option<i64> => |v| Value::MaybeInt(v),
    time::OffsetDateTime => |v| Value::Int(micros(v)),
    Option<time::OffsetDateTime> => |v| Value::MaybeInt(v.map(micros)),
}

/// Values for `$1…`, each converted by `Into`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { vec![$($crate::db::Value::from($value)),*] };
}

/// Microseconds since 1970, as times are stored.
pub fn micros(at: time::OffsetDateTime) -> i64 {
    i64::try_from(at.unix_timestamp_nanos() / 1000).unwrap_or(i64::MAX)
}

/// A stored time. A value outside the calendar becomes 1970, which no row of ours holds.
pub fn from_micros(at: i64) -> time::OffsetDateTime {
    time::OffsetDateTime::from_unix_timestamp_nanos(i128::from(at) * 1000).unwrap_or(time::OffsetDateTime::UNIX_EPOCH)
}

/// A row of either engine; columns by name.
#[derive(Debug)]
pub enum Row {
    /// From SQLite.
    Sqlite(SqliteRow),
    /// From PostgreSQL.
    Postgres(PgRow),
}

macro_rules! column {
    ($(#[$doc:meta])* $name:ident -> $type:ty) => {
        $(#[$doc])*
        pub fn $name(&self, column: &'static str) -> Result<$type, DbError> {
            match self {
                Row::Sqlite(row) => row.try_get(column),
                Row::Postgres(row) => row.try_get(column),
            }
            .map_err(|_| DbError::Column(column))
        }
    };
}

impl Row {
    column! { /// Bytes.
    blob -> Vec<u8> }
    column! { /// Bytes or NULL.
    maybe_blob -> Option<Vec<u8>> }
    column! { /// Text.
    text -> String }
    column! { /// Text or NULL.
    maybe_text -> Option<String> }
    column! { /// Number.
    int -> i64 }
    column! { /// Number or NULL.
    maybe_int -> Option<i64> }

    /// An id.
    pub fn id(&self, column: &'static str) -> Result<Uuid, DbError> {
        Uuid::from_slice(&self.blob(column)?).map_err(|_| DbError::Column(column))
    }

    /// An id or NULL.
    pub fn maybe_id(&self, column: &'static str) -> Result<Option<Uuid>, DbError> {
        self.maybe_blob(column)?
            .map(|bytes| Uuid::from_slice(&bytes).map_err(|_| DbError::Column(column)))
            .transpose()
    }

    /// A time.
    pub fn time(&self, column: &'static str) -> Result<time::OffsetDateTime, DbError> {
        Ok(from_micros(self.int(column)?))
    }

    /// A time or NULL.
    pub fn maybe_time(&self, column: &'static str) -> Result<Option<time::OffsetDateTime>, DbError> {
        Ok(self.maybe_int(column)?.map(from_micros))
    }
}

/// What only one transaction at a time may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Claiming jobs.
    ClaimJobs = 1,
    /// Letting letters wait for their notice, and ending their wait.
    NoticeRounds = 2,
}

/// A transaction. Dropped without [`Tx::commit`] it is rolled back.
#[derive(Debug)]
pub enum Tx {
    /// On SQLite.
    Sqlite(Transaction<'static, Sqlite>),
    /// On PostgreSQL.
    Postgres(Transaction<'static, Postgres>),
}

/// Connections to PostgreSQL where no configuration says how many.
const COMMAND_CONNECTIONS: u32 = 20;

/// Connections to SQLite that only read.
const READERS: u32 = 8;

/// What a connection to SQLite remembers of the file at most, in kilobytes.
const WRITER_CACHE: u32 = 32 * 1024;
const READER_CACHE: u32 = 8 * 1024;

impl Db {
    /// Opens the database at `url` (`sqlite:FILE` or `postgres://…`) for a command or a test; a missing SQLite file is made.
    pub async fn open(url: &str) -> Result<Self, DbError> {
        Self::open_for(url, COMMAND_CONNECTIONS).await
    }

    /// The same with up to so many connections to PostgreSQL: for a server.
    pub async fn open_for(url: &str, connections: u32) -> Result<Self, DbError> {
        match url.split(':').next() {
            Some("sqlite") => Self::open_sqlite(url).await,
            Some("postgres" | "postgresql") => {
                let pool = PgPoolOptions::new()
                    .max_connections(connections)
                    .acquire_timeout(Duration::from_secs(10))
                    .connect(url)
                    .await?;
                Ok(Db::Postgres(pool))
            }
            other => Err(DbError::UnknownEngine(other.unwrap_or_default().to_owned())),
        }
    }

    async fn open_sqlite(url: &str) -> Result<Self, DbError> {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // No acknowledged letter is ever lost: every commit waits for the disk.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(10))
            .foreign_keys(true)
            // Every statement of ours stays prepared.
            .statement_cache_capacity(512)
            // What is deleted is overwritten, so that the file keeps no trace of it.
            .pragma("secure_delete", "on");
        keep_to_ourselves(url, options.get_filename());
        // A file does not go away between two questions, and asking it costs as much as a question.
        let pool = || {
            SqlitePoolOptions::new()
                .test_before_acquire(false)
                .idle_timeout(None)
                .max_lifetime(None)
        };
        // SQLite takes two megabytes by itself, which the index of search outgrows soon.
        let remembering = |kilobytes: u32| options.clone().pragma("cache_size", format!("-{kilobytes}"));
        let writer = pool()
            .max_connections(1)
            .connect_with(remembering(WRITER_CACHE))
            .await?;
        let readers = pool()
            .max_connections(READERS)
            .connect_with(remembering(READER_CACHE).pragma("query_only", "on"))
            .await?;
        Ok(Db::Sqlite { writer, readers })
    }

    /// Brings the tables up to date.
    pub async fn migrate(&self) -> Result<(), DbError> {
        let migrations = sqlx::migrate!("../migrations");
        match self {
            Db::Sqlite { writer, .. } => migrations.run(writer).await?,
            Db::Postgres(pool) => {
                // Lets the one set of migrations say BLOB. Two servers may start at once: the loser finds it there.
                let made = sqlx::query("CREATE DOMAIN blob AS bytea").execute(pool).await;
                if let Err(error) = made
                    && !matches!(&error, sqlx::Error::Database(e) if e.code().as_deref() == Some("42710"))
                    && !matches!(&error, sqlx::Error::Database(e) if e.is_unique_violation())
                {
                    return Err(error.into());
                }
                migrations.run(pool).await?;
            }
        }
        Ok(())
    }

    /// Whether every migration of this program has been applied.
    pub async fn is_migrated(&self) -> Result<bool, DbError> {
        let newest = sqlx::migrate!("../migrations")
            .iter()
            .map(|migration| migration.version)
            .max();
        let mut tx = self.read().await?;
        let applied = tx
            .fetch_optional(
                "SELECT CAST(MAX(version) AS BIGINT) AS newest FROM _sqlx_migrations",
                vec![],
            )
            .await;
        match applied {
            Ok(row) => Ok(row.map(|row| row.maybe_int("newest")).transpose()?.flatten() >= newest),
            // No such table: nothing was ever applied.
            Err(DbError::Engine(sqlx::Error::Database(_))) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Begins a transaction that may write.
    pub async fn begin(&self) -> Result<Tx, DbError> {
        Ok(match self {
            Db::Sqlite { writer, .. } => Tx::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?),
            Db::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// Begins a transaction that only reads, and waits for no writer.
    pub async fn read(&self) -> Result<Tx, DbError> {
        Ok(match self {
            Db::Sqlite { readers, .. } => Tx::Sqlite(readers.begin().await?),
            Db::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), DbError> {
        let mut tx = self.read().await?;
        tx.fetch_optional("SELECT 1 AS one", vec![]).await.map(drop)
    }

    /// Closes every connection, waiting for those in use.
    pub async fn close(&self) {
        match self {
            Db::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Db::Postgres(pool) => pool.close().await,
        }
    }
}

/// Makes the file, when there is none, so that nobody else of the machine may read it; SQLite gives its side files the same rights.
/// A file that cannot be made is told by the engine, when it opens it.
fn keep_to_ourselves(url: &str, file: &Path) {
    use std::os::unix::fs::OpenOptionsExt as _;
    if !url.contains(":memory:") {
        let _ = std::fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(file);
    }
}

macro_rules! bind_all {
    ($arguments:ty, $values:expr) => {{
        use sqlx::Arguments as _;
        let mut arguments = <$arguments>::default();
        for value in $values {
            match value {
                Value::Blob(v) => arguments.add(v),
                Value::MaybeBlob(v) => arguments.add(v),
                Value::Text(v) => arguments.add(v),
                Value::MaybeText(v) => arguments.add(v),
                Value::Int(v) => arguments.add(v),
                Value::MaybeInt(v) => arguments.add(v),
            }
            .map_err(sqlx::Error::Encode)?;
        }
        arguments
    }};
}

macro_rules! on_engine {
    ($self:ident, $sql:ident, $values:ident, |$query:ident, $connection:ident, $row:ident| $body:expr) => {
        match $self {
            Tx::Sqlite(tx) => {
                let $query = sqlx::query_with(AssertSqlSafe($sql), bind_all!(SqliteArguments, $values));
                let $connection = &mut **tx;
                let $row = Row::Sqlite;
                $body
            }
            Tx::Postgres(tx) => {
                let $query = sqlx::query_with(AssertSqlSafe($sql), bind_all!(PgArguments, $values));
                let $connection = &mut **tx;
                let $row = Row::Postgres;
                $body
            }
        }
    };
}

impl Tx {
    /// Runs a statement; tells how many rows it touched.
    pub async fn execute(&mut self, sql: &'static str, values: Vec<Value>) -> Result<u64, DbError> {
        match self {
            Tx::Sqlite(tx) => {
                let query = sqlx::query_with(AssertSqlSafe(sql), bind_all!(SqliteArguments, values));
                Ok(query.execute(&mut **tx).await?.rows_affected())
            }
            Tx::Postgres(tx) => {
                let query = sqlx::query_with(AssertSqlSafe(sql), bind_all!(PgArguments, values));
                Ok(query.execute(&mut **tx).await?.rows_affected())
            }
        }
    }

    /// Every row of a query.
    pub async fn fetch_all(&mut self, sql: &'static str, values: Vec<Value>) -> Result<Vec<Row>, DbError> {
        on_engine!(self, sql, values, |query, connection, row| Ok(query
            .fetch_all(connection)
            .await?
            .into_iter()
            .map(row)
            .collect()))
    }

    /// The first row of a query, if there is one.
    pub async fn fetch_optional(&mut self, sql: &'static str, values: Vec<Value>) -> Result<Option<Row>, DbError> {
        on_engine!(self, sql, values, |query, connection, row| Ok(query
            .fetch_optional(connection)
            .await?
            .map(row)))
    }

    /// Waits until no other transaction has this `turn`, and keeps it to the end of this one: for statements that lock many rows,
    /// which two at once would lock in different orders. On SQLite writers take turns anyway.
    pub async fn take_turn(&mut self, turn: Turn) -> Result<(), DbError> {
        match self {
            Tx::Sqlite(_) => Ok(()),
            Tx::Postgres(_) => self
                .fetch_optional("SELECT pg_advisory_xact_lock($1)", vec![Value::Int(turn as i64)])
                .await
                .map(drop),
        }
    }

    /// Sets a mark to go back to.
    pub async fn savepoint(&mut self) -> Result<(), DbError> {
        self.execute("SAVEPOINT mark", vec![]).await.map(drop)
    }

    /// Keeps what was done since the mark.
    pub async fn release(&mut self) -> Result<(), DbError> {
        self.execute("RELEASE SAVEPOINT mark", vec![]).await.map(drop)
    }

    /// Undoes what was done since the mark.
    pub async fn rollback_to_savepoint(&mut self) -> Result<(), DbError> {
        self.execute("ROLLBACK TO SAVEPOINT mark", vec![]).await?;
        self.release().await
    }

    /// Makes it durable.
    pub async fn commit(self) -> Result<(), DbError> {
        match self {
            Tx::Sqlite(tx) => tx.commit().await?,
            Tx::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[tokio::test]
    async fn nobody_else_of_the_machine_reads_the_files() {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&format!("sqlite:{}", folder.path().join("a.db").display()))
            .await
            .unwrap();
        db.migrate().await.unwrap();
        let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(Result::unwrap).collect();
        assert!(files.len() > 1, "the write-ahead log lies beside it");
        for file in files {
            let rights = file.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!(rights, 0o600, "{}", file.path().display());
        }
    }
}
