//! A fresh database for each test.

use server::db::Db;
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;

/// Which engine a story runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    /// A file in a new folder.
    Sqlite,
    /// A new database in the cluster of `BREVLADA_TEST_POSTGRES`.
    Postgres,
}

/// An empty database with today's tables.
pub(crate) struct Database {
    /// Open, migrated.
    pub db: Db,
    /// As `database.url` has it.
    pub url: String,
    /// Where a test may keep its files; gone when the test is.
    pub folder: TempDir,
}

impl Database {
    /// A new one; nothing when there is no such engine here.
    pub(crate) async fn on(engine: Engine) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let url = match engine {
            Engine::Sqlite => format!("sqlite:{}", folder.path().join("brevlada.db").display()),
            Engine::Postgres => new_postgres().await?,
        };
        let db = Db::open(&url).await.unwrap();
        db.migrate().await.unwrap();
        Some(Self { db, url, folder })
    }
}

/// Makes a database of its own in the cluster. It goes when the cluster goes.
async fn new_postgres() -> Option<String> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let cluster = std::env::var("BREVLADA_TEST_POSTGRES").ok()?;
    let name = format!("it_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let pool = sqlx::PgPool::connect(&cluster)
        .await
        .expect("the cluster of BREVLADA_TEST_POSTGRES answers");
    sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}")))
        .execute(&pool)
        .await
        .unwrap();
    pool.close().await;
    let mut url = url::Url::parse(&cluster).unwrap();
    url.set_path(&name);
    Some(url.into())
}
