//! Who may know of whom: domain ← store ← use case ← edge, and never upward. Read from the source.

use crate::harness::{Source, rust_files};
use std::collections::BTreeSet;

/// What each part of the server may name of the others. A part that is missing here fails the test: place it first.
const MAY_USE: &[(&str, &[&str])] = &[
    ("clock", &[]),
    ("db", &["params"]),
    ("domain", &[]),
    ("seal", &["clock", "domain"]),
    ("store", &["db", "params", "domain", "seal"]),
    ("audit", &["db", "params", "domain", "store", "seal", "house", "clock"]),
    (
        "support",
        &[
            "db",
            "params",
            "domain",
            "store",
            "seal",
            "audit",
            "house",
            "clock",
            "labour",
            "mailbox",
            "outbox",
            "record",
            "register",
            "sightings",
            "tally",
        ],
    ),
    ("shelf", &[]),
    ("copies", &["domain", "original"]),
    ("tally", &["domain"]),
    ("sightings", &["domain"]),
    ("house", &["clock", "db", "seal", "shelf", "sightings", "tally"]),
    ("extract", &[]),
    (
        "search",
        &[
            "db", "params", "domain", "extract", "store", "seal", "original", "record", "house", "clock", "config",
        ],
    ),
    (
        "sorting",
        &["db", "params", "domain", "store", "seal", "search", "house", "clock"],
    ),
    ("original", &["db", "params", "domain", "store", "seal"]),
    ("record", &["domain", "seal"]),
    ("http_client", &[]),
    ("labour", &[]),
    ("turns", &[]),
    // `config::check` asks the parts themselves whether what is set makes sense to them.
    // Some sections are defined beside what they configure.
    (
        "config",
        &["seal", "domain", "telemetry", "outbox", "login", "intake", "register"],
    ),
    ("telemetry", &["config", "clock"]),
    (
        "register",
        &[
            "db",
            "params",
            "domain",
            "store",
            "seal",
            "house",
            "clock",
            "config",
            "http_client",
        ],
    ),
    (
        "outbox",
        &[
            "db",
            "params",
            "domain",
            "store",
            "seal",
            "audit",
            "original",
            "record",
            "copies",
            "shelf",
            "sorting",
            "house",
            "clock",
            "labour",
            "config",
            "http_client",
        ],
    ),
    (
        "mailbox",
        &[
            "db", "params", "domain", "store", "seal", "original", "record", "copies", "shelf", "search", "sorting",
            "house", "clock", "labour", "outbox", "register", "config", "audit",
        ],
    ),
    (
        "login",
        &[
            "db",
            "params",
            "domain",
            "store",
            "seal",
            "house",
            "clock",
            "register",
            "mailbox",
            "support",
            "config",
            "http_client",
        ],
    ),
    (
        "intake",
        &[
            "db",
            "params",
            "domain",
            "store",
            "seal",
            "house",
            "clock",
            "register",
            "mailbox",
            "outbox",
            "turns",
            "config",
            "record",
            "sightings",
            "tally",
        ],
    ),
];

/// The edge: the parts that put the house together. They may know of everything; nothing may know of them.
const EDGE: &[&str] = &["web", "ops", "listener", "serve", "cli", "main", "lib"];

/// The part of the server that a file belongs to.
fn part_of(file: &Source) -> String {
    let inside = file.path.strip_prefix("server/src").unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

/// The parts that a piece of code names: `crate::part…`, also in `crate::{part, other::Thing}`.
fn named(code: &str) -> BTreeSet<String> {
    let word = |text: &str| {
        text.chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect::<String>()
    };
    let mut found = BTreeSet::new();
    for after in code.split("crate::").skip(1) {
        let Some(group) = after.strip_prefix('{') else {
            found.insert(word(after));
            continue;
        };
        let mut depth = 0;
        let mut begins = true;
        for (at, c) in group.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => begins = true,
                c if begins && !c.is_whitespace() => {
                    found.insert(word(&group[at..]));
                    begins = false;
                }
                _ => {}
            }
        }
    }
    found
}

#[test]
fn nothing_in_the_server_reaches_upward() {
    let parts: BTreeSet<String> = rust_files("server/src").iter().map(part_of).collect();
    let mut breaches = Vec::new();
    for file in rust_files("server/src") {
        let part = part_of(&file);
        if EDGE.contains(&part.as_str()) {
            continue;
        }
        let Some((_, may)) = MAY_USE.iter().find(|(name, _)| *name == part) else {
            breaches.push(format!(
                "{}: say in layers.rs where «{part}» belongs",
                file.path.display()
            ));
            continue;
        };
        for other in named(&file.code).intersection(&parts) {
            if *other != part && !may.contains(&other.as_str()) {
                breaches.push(format!("{}: {part} names {other}", file.path.display()));
            }
        }
    }
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

/// Whether code names a crate, as `name::` or `use name`.
fn names_crate(code: &str, name: &str) -> bool {
    code.split(&format!("{name}::")).count() > 1
        && code
            .match_indices(&format!("{name}::"))
            .any(|(at, _)| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'))
}

#[test]
fn each_crate_keeps_to_its_own() {
    let rules: &[(&str, &[&str], &str)] = &[
        (
            "app/src",
            &["sqlx", "server", "contracts", "infrastruktur", "aes_gcm", "hkdf"],
            "pages call ports and know no store or key",
        ),
        (
            "contracts/src",
            &[
                "tokio", "sqlx", "axum", "hyper", "server", "std::net", "std::fs", "std::env",
            ],
            "the contract does no I/O",
        ),
        (
            "infrastruktur/src",
            &["server", "app"],
            "what is outside the operator knows nothing of its inside",
        ),
        (
            "server/src/domain",
            &["sqlx", "tokio", "axum", "std::net", "std::fs", "std::time"],
            "rules are pure",
        ),
        (
            "server/src/store",
            &["axum", "leptos", "sqlx"],
            "the store speaks through db",
        ),
    ];
    let mut breaches = Vec::new();
    for (folder, forbidden, why) in rules {
        for file in rust_files(folder) {
            for name in forbidden.iter().filter(|name| names_crate(&file.code, name)) {
                breaches.push(format!("{} names {name}: {why}", file.path.display()));
            }
        }
    }
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn only_the_clock_asks_for_the_time_and_only_it_makes_ids() {
    let asking = [
        "now_utc()",
        "now_local()",
        "SystemTime::now",
        "Uuid::now_v7",
        "Uuid::new_v4",
        "Uuid::new_v7",
        "thread_rng",
        "rand::rng",
    ];
    let breaches: Vec<_> = rust_files("server/src")
        .iter()
        .chain(&rust_files("app/src"))
        .filter(|file| !file.path.ends_with("server/src/clock.rs"))
        .flat_map(|file| {
            let path = file.path.display().to_string();
            asking
                .iter()
                .filter(|call| file.code.contains(**call))
                .map(move |call| format!("{path}: {call}"))
        })
        .collect();
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn the_reading_of_names_is_right() {
    let code =
        "use crate::db::Db; use crate::{seal::{Keys, Place}, store, mailbox::deliver}; fn f(x: crate::web::X) {}";
    let found = named(code);
    let found: Vec<&str> = found.iter().map(String::as_str).collect();
    assert_eq!(found, ["db", "mailbox", "seal", "store", "web"]);
    assert!(names_crate("use sqlx::Row;", "sqlx"));
    assert!(!names_crate("use our_sqlx::Row;", "sqlx"));
}
