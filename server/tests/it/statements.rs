//! Every statement of the store is understood by both databases.

use crate::harness::{Database, rust_files, string_literals};
use server::db::Db;
use sqlx::{AssertSqlSafe, Executor as _, Row as _, SqlSafeStr as _};

fn is_sql(literal: &str) -> bool {
    ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "]
        .iter()
        .any(|verb| literal.trim_start().starts_with(verb))
}

/// The statements in the store's files.
fn statements() -> Vec<(String, String)> {
    let files = rust_files("server/src/store");
    let macros = [("letter.rs", "select_letters"), ("consent.rs", "select_given")].map(|(file, name)| {
        let file = files.iter().find(|one| one.path.ends_with(file)).unwrap();
        (name, selecting(&file.code, name))
    });
    files
        .iter()
        .flat_map(|file| {
            let code = macros
                .iter()
                .fold(file.code.clone(), |code, (name, (definition, begin))| {
                    written_out(&code.replace(definition, ""), name, begin)
                });
            string_literals(&code)
                .into_iter()
                .map(|sql| (file.path.display().to_string(), sql))
        })
        .filter(|(_, literal)| is_sql(literal))
        .collect()
}

/// A macro that writes the beginning of statements, and what it writes: all of it, or the columns alone.
fn selecting<'c>(code: &'c str, name: &str) -> (&'c str, String) {
    let begin = code.find(&format!("macro_rules! {name} {{")).unwrap();
    let end = begin + code[begin..].find("\n}\n").unwrap();
    let definition = &code[begin..end];
    (definition, string_literals(definition).pop().unwrap())
}

/// The same code with the statements of a macro as the compiler writes them.
fn written_out(code: &str, name: &str, begin: &str) -> String {
    let call = format!("{name}!(");
    let mut calls = code.split(&call);
    let mut written = calls.next().unwrap().to_owned();
    for call in calls {
        let (also, rest) = call.split_once('"').unwrap();
        let also = also
            .split_whitespace()
            .fold(String::new(), |all, name| all + name + " ");
        let begin = if begin.starts_with("SELECT ") {
            begin.to_owned()
        } else {
            format!("SELECT {also}{begin}")
        };
        written.push_str(&format!("(\"{begin}{rest}"));
    }
    written
}

on_both_databases! {
    /// One set of statements: a table or column that is not there, or words that one engine does not know, fail here.
    async fn each_can_be_prepared(database: Database) {
        let statements = statements();
        assert!(statements.len() > 20, "the store's statements are found: {}", statements.len());
        let of_letters = statements.iter().filter(|(_, sql)| sql.contains("id, delivery_id, place, header")).count();
        assert!(of_letters >= 20, "those that are written by a macro are, too: {of_letters}");
        let given = statements.iter().filter(|(_, sql)| sql.contains("m.state <> 'destroyed' ")).count();
        assert!(given >= 2, "by every macro: {given}");
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

/// Tables that have a row a letter, or more, with the short names that statements give them.
const LARGE: [&str; 12] = [
    "letter",
    "l",
    "delivery",
    "letter_category",
    "c",
    "search_posting",
    "search_text",
    "t",
    "access_log",
    "notice",
    "notice_letter",
    "sorting_letter",
];

on_both_databases! {
    /// A mailbox may have a million letters. So no statement walks through all of them or sorts them: what SQLite plans for each is read.
    /// (PostgreSQL plans by what the tables hold, which is nothing here.)
    async fn none_walks_through_a_mailbox(database: Database) {
        let Db::Sqlite { readers, .. } = &database.db else {
            return;
        };
        let mut wrong = Vec::new();
        // A mailbox that is swept away is walked through on purpose.
        for (file, sql) in statements().into_iter().filter(|(file, _)| !file.ends_with("leaving.rs")) {
            let explained = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}")).into_sql_str();
            let rows = sqlx::query(explained).fetch_all(readers).await.unwrap();
            let plan: Vec<String> = rows.iter().map(|row| row.get("detail")).collect();
            let is_of_many = |step: &&String| step.split(' ').nth(1).is_some_and(|table| LARGE.contains(&table));
            let walks = plan.iter().filter(is_of_many).any(|step| {
                let all = step.starts_with("SCAN") && !step.contains("search_waiting");
                // What is limited may begin at an end of the mailbox, unless each row is only looked for somewhere else.
                let ends_early = sql.contains("LIMIT") && !sql.contains("JOIN");
                all || (step.ends_with("(mailbox_id=?)") && !ends_early)
            });
            let sorts = plan.iter().any(|step| is_of_many(&step)) && plan.iter().any(|step| step.contains("TEMP B-TREE FOR ORDER BY"));
            if walks || sorts {
                wrong.push(format!("{file}: {plan:?}\n{sql}"));
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

/// What a destroyed mailbox leaves nothing in: a table that is forgotten there would keep its rows for ever.
#[test]
fn every_table_of_a_mailbox_is_swept_when_it_is_destroyed() {
    let top = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let swept = std::fs::read_to_string(top.join("server/src/store/leaving.rs")).unwrap();
    let mut forgotten = Vec::new();
    let files = std::fs::read_dir(top.join("migrations")).unwrap();
    let migrations: Vec<String> = files
        .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
        .collect();
    let is_dropped = |name: &str| {
        migrations
            .iter()
            .any(|sql| sql.contains(&format!("DROP TABLE {name};")))
    };
    for sql in &migrations {
        for table in sql.split("CREATE TABLE ").skip(1) {
            let (name, columns) = table.split_once(" (").unwrap();
            let columns = columns.split("\n);").next().unwrap();
            let is_a_mailboxs = columns.contains("mailbox_id BLOB") && !is_dropped(name);
            if is_a_mailboxs && !swept.contains(&format!("DELETE FROM {name} WHERE mailbox_id")) {
                forgotten.push(name.to_owned());
            }
        }
    }
    assert!(forgotten.is_empty(), "not swept in store/leaving.rs: {forgotten:?}");
}
