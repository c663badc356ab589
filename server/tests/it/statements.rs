//! Every statement of the store is understood by both databases.

use crate::harness::{Database, rust_files, string_literals};
use server::db::Db;
use sqlx::{AssertSqlSafe, Executor as _, SqlSafeStr as _};

fn is_sql(literal: &str) -> bool {
    ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "]
        .iter()
        .any(|verb| literal.trim_start().starts_with(verb))
}

/// The statements in the store's files.
fn statements() -> Vec<(String, String)> {
    rust_files("server/src/store")
        .iter()
        .flat_map(|file| {
            string_literals(&file.code)
                .into_iter()
                .map(|sql| (file.path.display().to_string(), sql))
        })
        .filter(|(_, literal)| is_sql(literal))
        .collect()
}

on_both_databases! {
    /// One set of statements: a table or column that is not there, or words that one engine does not know, fail here.
    async fn each_can_be_prepared(database: Database) {
        let statements = statements();
        assert!(statements.len() > 20, "the store's statements are found: {}", statements.len());
        let mut wrong = Vec::new();
        for (file, sql) in statements {
            let prepared = match &database.db {
                Db::Sqlite { readers, .. } => readers.prepare(AssertSqlSafe(sql.clone()).into_sql_str()).await.map(drop),
                Db::Postgres(pool) => pool.prepare(AssertSqlSafe(sql.clone()).into_sql_str()).await.map(drop),
            };
            if let Err(error) = prepared {
                wrong.push(format!("{file}: {error}\n{sql}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    }
}

#[test]
fn sql_is_written_in_the_store_alone() {
    let elsewhere: Vec<_> = rust_files("server/src")
        .iter()
        .filter(|file| !file.path.starts_with("server/src/store") && !file.path.ends_with("db.rs"))
        // Whole logins, told as tests beside the module: they count rows.
        .filter(|file| !file.path.ends_with("login/journeys.rs"))
        .flat_map(|file| {
            string_literals(&file.code)
                .into_iter()
                .map(|text| (file.path.clone(), text))
        })
        .filter(|(_, literal)| is_sql(literal))
        .collect();
    assert!(elsewhere.is_empty(), "{elsewhere:#?}");
}
