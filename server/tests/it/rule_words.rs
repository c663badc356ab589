//! Words of sorting rules: what a rule would have caught of the letters that are there, asked of the index of search, is what it catches
//! when the same letters come in; and looking at that writes nothing.

use crate::harness::{Engine, rust_files};
use crate::search::{Library, letter, pdf, with_file};
use server::domain::category::Colour;
use server::domain::rule::{Then, Within};
use server::domain::sorting::Place;
use server::labour::labour;
use server::mailbox::categories;
use server::mailbox::rules::{Applied, Attempted, Changed, Tried, Wanted, apply, attempt_wanted, make, rules};
use server::store;
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZero;
use std::sync::mpsc::channel;
use std::time::Duration;
use tokio::time::timeout;
use uuid::Uuid;

/// What rules ask for here: forms, parts, phrases, what must not be there, numbers, words of the payment and of file names, words that
/// only stand in attachments, and letters that a keyboard lacks.
const ASKED: [&str; 17] = [
    "räkning",
    "RÄKNINGARNAS",
    "rakning",
    "larm",
    "larmet avgift",
    "\"nya avgifter\"",
    "\"larm\"",
    "avgift -larm",
    "avgift -hemlighet",
    "-larm kommun",
    "hemligheter",
    "1250",
    "1 250",
    "kontaktcenter",
    "kvitto",
    "är",
    "ing",
];

fn wanted(words: &str, within: Within, then: Then) -> Wanted {
    Wanted {
        sender: None,
        words: Some(words.to_owned()),
        within,
        category: None,
        then,
    }
}

fn letters() -> Vec<contracts::delivery::Delivery> {
    let page = b"BT /F1 24 Tf 72 700 Td (En hemlighet om avgifter) Tj ET";
    vec![
        letter(
            "Räkningarna för mars",
            "Avgiften är 1 250 kronor. Betala före den 31 mars.",
        ),
        letter(
            "Beslutet om larm",
            "Du får trygghetslarm från den 1 april. Nya avgifter gäller.",
        ),
        letter("Påminnelse", "En räkning är obetald. Avgifter nya för dig."),
        letter("Bygglov", "Ditt bygglov är beviljat."),
        with_file(
            letter("Om din avgift", "Se bilagan."),
            "kvittot.pdf",
            "application/pdf",
            &pdf(page, "", ""),
        ),
        with_file(
            letter("Protokoll", "Ett larm har gått."),
            "protokoll.txt",
            "text/plain",
            "Räkningen är en hemlighet.".as_bytes(),
        ),
    ]
}

async fn tried(library: &Library, wanted: Wanted) -> Tried {
    match attempt_wanted(&library.house, &library.tolvan, wanted).await.unwrap() {
        Attempted::Tried(found) => found.1,
        other => panic!("{other:?}"),
    }
}

/// How many rows each table has that the migrations make.
async fn rows_of_all_tables(library: &Library) -> BTreeMap<String, i64> {
    let mut tables = BTreeSet::new();
    for file in rust_files("server/src/store") {
        for (at, _) in file.code.match_indices("INSERT INTO ") {
            let rest = &file.code[at + "INSERT INTO ".len()..];
            tables.insert(
                rest.split(|c: char| !c.is_alphanumeric() && c != '_')
                    .next()
                    .unwrap()
                    .to_owned(),
            );
        }
    }
    assert!(
        tables.contains("rule") && tables.contains("draft") && tables.len() > 20,
        "{tables:?}"
    );
    let mut rows = BTreeMap::new();
    for table in tables {
        let sql: &'static str =
            Box::leak(format!("SELECT CAST(COUNT(*) AS BIGINT) AS n FROM {table}").into_boxed_str());
        rows.insert(table, library.rows(sql).await);
    }
    rows
}

on_both_databases! {
    /// One category for each rule; the same letters come twice, before the rules and after.
    async fn what_a_rule_would_have_caught_is_what_it_catches(library: Library) {
        let mut before = BTreeMap::new();
        for letter in letters() {
            let subject = letter.messages[0].subject.clone();
            before.insert(library.receive(letter).await, subject);
        }
        assert_eq!(library.index().await, before.len());
        let mut made = Vec::new();
        for (n, (words, within)) in ASKED.iter().flat_map(|words| [(words, Within::Letter), (words, Within::Subject)]).enumerate() {
            let category = match categories::put(&library.house, &library.tolvan, None, &format!("Kategori {n}"), Colour::Green).await.unwrap() {
                categories::Changed::Done(id) => id,
                other => panic!("{other:?}"),
            };
            let would = tried(&library, wanted(words, within, Then::Category(category))).await;
            let subjects: BTreeSet<String> = would.some.iter().map(|letter| letter.header.subject.clone()).collect();
            assert_eq!(would.caught, subjects.len(), "all of so few are shown");
            assert!(!would.waiting);
            assert!(matches!(
                make(&library.house, &library.tolvan, wanted(words, within, Then::Category(category))).await.unwrap(),
                Changed::Done(_)
            ));
            made.push((*words, within, category, subjects));
        }
        let mut caught: BTreeMap<Uuid, BTreeSet<String>> = BTreeMap::new();
        for letter in letters() {
            let subject = letter.messages[0].subject.clone();
            let id = library.receive(letter).await;
            let mut tx = library.house.db.read().await.unwrap();
            for category in store::category::of_letter(&mut tx, library.mailbox, id).await.unwrap() {
                caught.entry(category).or_default().insert(subject.clone());
            }
        }
        for (words, within, category, would) in made {
            assert_eq!(caught.get(&category).cloned().unwrap_or_default(), would, "{words} {within:?}");
        }
        // And some of it told in full, so that both are not wrong together.
        let of = |words: &'static str, within| {
            let library = &library;
            async move {
                let found = tried(library, wanted(words, within, Then::Put(Place::Archive))).await;
                let subjects: BTreeSet<String> = found.some.iter().map(|letter| letter.header.subject.clone()).collect();
                Vec::from_iter(subjects)
            }
        };
        library.index().await;
        assert_eq!(of("räkning", Within::Letter).await, ["Påminnelse", "Räkningarna för mars"], "not the page that says Räkningen");
        assert_eq!(of("räkning", Within::Subject).await, ["Räkningarna för mars"]);
        assert_eq!(of("avgift -hemlighet", Within::Letter).await, ["Beslutet om larm", "Om din avgift", "Påminnelse", "Räkningarna för mars"]);
        assert_eq!(of("hemligheter", Within::Letter).await, Vec::<String>::new());
        assert_eq!(of("kvitto", Within::Letter).await, ["Om din avgift"], "a file's name");
        assert_eq!(of("rakning", Within::Letter).await, Vec::<String>::new());
    }

    /// No row anywhere, whatever is tried; and what is wrong with a rule is told without one too.
    async fn looking_at_what_a_rule_would_catch_writes_nothing(library: Library) {
        for letter in letters() {
            library.receive(letter).await;
        }
        library.index().await;
        let before = rows_of_all_tables(&library).await;
        for words in ASKED {
            tried(&library, wanted(words, Within::Letter, Then::Put(Place::Archive))).await;
        }
        let try_out = |wanted: Wanted| attempt_wanted(&library.house, &library.tolvan, wanted);
        let nothing = try_out(wanted(" -larm ", Within::Letter, Then::Put(Place::Archive))).await.unwrap();
        assert!(matches!(nothing, Attempted::AsksNothing), "all letters but some");
        let gone = try_out(wanted("larm", Within::Letter, Then::Put(Place::Folder(Uuid::from_u128(7))))).await.unwrap();
        assert!(matches!(gone, Attempted::NotFound));
        assert_eq!(rows_of_all_tables(&library).await, before);
        assert!(rules(&library.house, &library.tolvan).await.unwrap().is_empty());
        let agnes = attempt_wanted(&library.house, &library.agnes, wanted("larm", Within::Letter, Then::Put(Place::Archive))).await.unwrap();
        assert!(matches!(agnes, Attempted::Tried(found) if found.1.caught == 0), "another's mailbox is another's");
    }

    /// Letters that the index does not know yet are said not to be looked at; those in the bin are left alone.
    async fn what_is_not_looked_at_is_said(library: Library) {
        library.receive(letter("Ett larm", "Hej")).await;
        let larm = || wanted("larm", Within::Letter, Then::Put(Place::Archive));
        let early = tried(&library, larm()).await;
        assert_eq!((early.caught, early.waiting), (0, true));
        library.index().await;
        let then = tried(&library, larm()).await;
        assert_eq!((then.caught, then.waiting), (1, false));
        let Changed::Done(id) = make(&library.house, &library.tolvan, larm()).await.unwrap() else { panic!() };
        let Applied::Begun(_) = apply(&library.house, &library.tolvan, id).await.unwrap() else { panic!() };
        let mut tx = library.house.db.read().await.unwrap();
        let row = store::letter::by_id(&mut tx, library.mailbox, then.some[0].id).await.unwrap().unwrap();
        assert_eq!(Place::of(row.folder_id), Place::Archive);
    }
}

/// Looking for words takes a place among the work for processors, like all of it. Who has no rule with words waits for no place.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn words_are_looked_for_beside_the_threads_that_serve_everybody() {
    let library = Library::on(Engine::Sqlite).await.unwrap();
    let places = std::thread::available_parallelism().map_or(2, NonZero::get);
    let (begun, has_begun) = channel();
    let mut ends = Vec::new();
    for _ in 0..places {
        let (end, wait) = channel::<()>();
        ends.push(end);
        let begun = begun.clone();
        tokio::spawn(labour(move || {
            begun.send(()).unwrap();
            wait.recv().ok()
        }));
    }
    // Others' work may be in the places when this comes.
    let taken = tokio::task::spawn_blocking(move || has_begun.iter().take(places).count());
    assert_eq!(timeout(Duration::from_secs(30), taken).await.unwrap().unwrap(), places);

    let comes = || library.receive(letter("Ett larm", "Hej"));
    timeout(Duration::from_secs(30), comes()).await.unwrap();
    let larm = wanted("larm", Within::Letter, Then::Put(Place::Archive));
    let made = make(&library.house, &library.tolvan, larm).await.unwrap();
    assert!(matches!(made, Changed::Done(_)));
    assert!(
        timeout(Duration::from_millis(300), comes()).await.is_err(),
        "no place is free"
    );
    drop(ends);
    let letter = timeout(Duration::from_secs(30), comes()).await.unwrap();
    let mut tx = library.house.db.read().await.unwrap();
    let row = store::letter::by_id(&mut tx, library.mailbox, letter)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(Place::of(row.folder_id), Place::Archive);
}
